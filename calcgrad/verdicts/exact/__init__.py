"""Exact numbers: which constants are zero, which sign they have, and what the functions are there."""
