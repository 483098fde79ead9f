"""Checking: the table's own proofs, claims about expressions, and people's own gradients."""
