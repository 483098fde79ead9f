"""Gradients that are right, and the same with bugs that have really happened; each loss a small honest function."""

from __future__ import annotations

from tests.checking.planted import layers, numerics, physics, sequences, statistics
from tests.checking.planted.planted import Bug, Planted, parts

CASES: tuple[Planted, ...] = (
    *layers.CASES, *sequences.CASES, *statistics.CASES, *physics.CASES, *numerics.CASES,
)  # fmt: skip

__all__ = ["CASES", "Bug", "Planted", "parts"]
