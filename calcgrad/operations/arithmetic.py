"""Arithmetic: what the infix operators mean, and comparisons."""

from __future__ import annotations

from calcgrad.operations.row import Elementwise, Range, Row, Singular

_ANY = Range(-10.0, 10.0)

ROWS: tuple[Row, ...] = (
    Elementwise(name="add", partials=("1", "1"), help="the sum", sample=(_ANY, _ANY), group="arithmetic"),
    Elementwise(
        name="sub", partials=("1", "-1"), help="the difference", sample=(_ANY, _ANY), group="arithmetic"
    ),
    Elementwise(
        name="mul", partials=("b", "a"), help="the product", sample=(_ANY, _ANY), group="arithmetic"
    ),
    Elementwise(
        name="div",
        partials=("1/b", "-y/b"),
        help="the quotient",
        domain="b != 0",
        singular=(Singular("pole", "b"),),
        sample=(_ANY, Range(0.1, 10.0)),
        group="arithmetic",
    ),
    Elementwise(name="neg", partials=("-1",), help="the opposite", sample=(_ANY,), group="arithmetic"),
)
