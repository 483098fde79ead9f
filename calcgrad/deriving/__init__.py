"""Symbolic derivatives from the table of operations: each rule by name at a place, a safe tidying, and the finder of mistakes."""
