"""How many coefficients flint keeps of its power series: a count of its context, which all who set it put back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flint import ctx


@contextmanager
def keeping(count: int) -> Iterator[None]:
    """Keep so many coefficients for a while, whatever others keep of theirs."""
    before = ctx.cap
    ctx.cap = count
    try:
        yield
    finally:
        ctx.cap = before


@contextmanager
def longer(extra: int) -> Iterator[None]:
    """Keep more coefficients for a while: what is differentiated loses one each time."""
    with keeping(ctx.cap + extra):
        yield
