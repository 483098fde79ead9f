"""Pullbacks over arrays of the linear operations, with buffers that are used again."""
