"""Metrics: features -> statistics -> number, always in the order (real, fake)."""
