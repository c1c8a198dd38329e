"""The games, one file each: what its paper says and nothing else."""
