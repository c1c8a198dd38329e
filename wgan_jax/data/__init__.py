"""Data: the batch of step t is a pure function of (seed, t)."""
