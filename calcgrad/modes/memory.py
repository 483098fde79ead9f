"""What the tape costs in memory, and what checkpoints save: a long loop over an array, by reverse mode with and without them.

With n steps cut into pieces of about the square root of n, only the arguments of the pieces and the tape of one piece are kept, for
one more evaluation (Griewank and Walther, Evaluating Derivatives, 2nd ed., chapter 12).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isqrt
from typing import Any

from calcgrad.modes import timing
from calcgrad.modes.fitting import growths
from calcgrad.modes.measuring import Measured, timed
from calcgrad.modes.reference import largest_error
from calcgrad.phrases import size
from calcgrad.report.modes import ModeRow, Story
from calcgrad.transforms.custom import checkpoint
from calcgrad.transforms.gradients import grad
from calcgrad.transforms.products import jvp

STEPS = (16, 64, 256)
WIDTH = 10_000
_PLAIN, _CHECKED, _FORWARD = "reverse-ad", "with checkpoints", "forward-ad"


def memory_story(each: Callable[[], None] = lambda: None, sizes: Sequence[int] = STEPS) -> Story:
    """The loop at each size, by reverse mode with the whole tape, by reverse mode with checkpoints, by one forward pass."""
    import numpy

    x = numpy.linspace(0.1, 1.0, WIDTH)
    found = [m for n in sizes for m in _measured(n, x)]
    rows = timed(found, 0.5)
    each()
    times = {(m.row.mode, m.row.size or 0): m.times for m in found}
    name = f"memory: n steps of w = sin(w) + w/2 on {WIDTH:,} numbers, then the sum"
    return Story(
        name,
        tuple(rows),
        growths(rows, "size", times),
        grows="size",
        called="steps",
        words=_words(rows, max(sizes)),
    )


def _measured(n: int, x: Any) -> list[Measured]:
    slope = grad(_loop(n, 1))
    saving = grad(_loop(n, isqrt(n)))
    ones = x * 0 + 1.0
    off = largest_error(saving(x).tolist(), slope(x).tolist())
    near = f" to {size(off, 1)}" if off else ", exactly"
    works: tuple[tuple[str, Callable[[], Any], str | None, int], ...] = (
        (_PLAIN, lambda: slope(x), None, 1),
        (_CHECKED, lambda: saving(x), f"its gradient is that of reverse-ad{near}", 1),
        (
            _FORWARD,
            lambda: jvp(_loop(n, 1), (x,), (ones,)),
            f"{WIDTH:,} such passes make the gradient; each runs along the same tape",
            1,
        ),
    )
    return [
        Measured(ModeRow(mode, WIDTH, 1, passes=passes, bytes=timing.peak(work), note=note, size=n), work)
        for mode, work, note, passes in works
    ]


def _loop(n: int, piece: int) -> Callable[[Any], Any]:
    """The sum after n steps; from two steps a piece on, each piece is a checkpoint."""
    import numpy

    def some(w: Any, count: int) -> Any:
        for _ in range(count):
            w = numpy.sin(w) + w / 2
        return w

    def whole(w: Any) -> Any:
        if piece == 1:
            return numpy.sum(some(w, n))
        for start in range(0, n, piece):
            count = min(piece, n - start)
            w = checkpoint(lambda v, count=count: some(v, count))(w)
        return numpy.sum(w)

    return whole


def _words(rows: Sequence[ModeRow], largest: int) -> tuple[str, ...]:
    last = {row.mode: row for row in rows if row.size == largest}
    plain, saving = last[_PLAIN], last[_CHECKED]
    if not (plain.bytes and saving.bytes and plain.seconds and saving.seconds):
        return ()
    return (
        f"at {largest} steps the whole tape holds {plain.bytes / 2**20:.1f} MiB, with a checkpoint every {isqrt(largest)} steps "
        f"{saving.bytes / 2**20:.1f} MiB: {plain.bytes / saving.bytes:.1f} times less, for {saving.seconds / plain.seconds:.1f} "
        "times the time",
    )
