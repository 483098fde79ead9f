"""Powers, roots, exponentials, logarithms, trigonometric and hyperbolic functions, and their inverses."""

from __future__ import annotations

from calcgrad.operations.row import Elementwise, Range, Row

ROWS: tuple[Row, ...] = (
    Elementwise(
        name="sin",
        partials=("cos(a)",),
        help="the sine of an angle in radians",
        sample=(Range(-10.0, 10.0),),
        latex=r"\sin\left({0}\right)",
        latex_power=True,
        group="trigonometric",
    ),
    Elementwise(
        name="cos",
        partials=("-sin(a)",),
        help="the cosine of an angle in radians",
        sample=(Range(-10.0, 10.0),),
        latex=r"\cos\left({0}\right)",
        latex_power=True,
        group="trigonometric",
    ),
)
