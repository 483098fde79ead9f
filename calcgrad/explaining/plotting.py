"""What ``plot`` draws: curves of functions of one variable, or the lines of equal height of a function of two."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.comparing.request import Request, read
from calcgrad.errors import UsageError
from calcgrad.explaining.contours import ContoursReport, contours
from calcgrad.explaining.plot import PlotReport, plot
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY


def plotted(
    texts: Sequence[str],
    low: str | float | None = None,
    high: str | float | None = None,
    at: str | float | None = None,
    *,
    order: int = 1,
    claim: str | None = None,
) -> PlotReport | ContoursReport:
    """The picture of one expression, or of several of one variable.

    Raises what :func:`~calcgrad.explaining.plot.plot` and :func:`~calcgrad.explaining.contours.contours` raise, and E642 where
    curves' options are given for a function of two variables.

    >>> type(plotted(["x^2"])).__name__, type(plotted(["x*y"])).__name__
    ('PlotReport', 'ContoursReport')
    """
    if len(texts) == 1:
        named = [point for point in (read_points([at], VOCABULARY) if at is not None else []) if point.names]
        reading = read(Request(texts[0], at=tuple(named)), derivatives=False)
        function = reading.function
        if len(function.variables) == 2 and not function.arrays and reading.output_indices == [None]:
            if claim is not None or order != 1:
                hints = (
                    "a function of two variables has lines of equal height, without --order and --claim",
                )
                raise UsageError.of("E642", "these are no curves for one picture", hints=hints)
            return contours(reading, low, high, at)
    return plot(texts, low, high, at, order=order, claim=claim)
