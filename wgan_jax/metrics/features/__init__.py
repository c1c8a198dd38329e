"""Feature networks: what images are turned into before distances between them are taken."""
