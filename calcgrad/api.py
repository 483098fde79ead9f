"""The library: what ``import calcgrad`` offers to programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from calcgrad.comparing import Request, compute
from calcgrad.expression import Parsed
from calcgrad.expression import parse as _parse
from calcgrad.operations import VOCABULARY
from calcgrad.points import read_points, specs_of
from calcgrad.report import Report


def diff(
    expression: str,
    at: Any = None,
    *,
    wrt: str | Sequence[str] = (),
    order: int = 1,
    methods: str | Sequence[str] | None = None,
    truth: str = "symbolic",
    step: float | None = None,
    digits: int | None = None,
    timeout: float = 10.0,
) -> Report:
    """Differentiate an expression by every method, each judged against the truth.

    ``at`` is a point: a number (for the only variable), a text as ``--at`` takes it, a mapping of names to numbers,
    texts or arrays, an array; a list of texts and mappings is many points. ``wrt`` and ``methods`` are names, in a
    sequence or in one text with commas. ``step`` is the step of the plain differences, ``timeout`` the seconds that
    SymPy may take.

    Raises :class:`~calcgrad.CalcgradError` where the text, a point or an option cannot be read; what a method meets
    at a point is in the report's rows.

    >>> report = diff("x**3 + 2*x", at=2, truth="none")
    >>> [(r.method, r.value) for r in report.points[0].results if r.method == "reverse-ad"]
    [('reverse-ad', 14.0)]
    """
    request = Request(
        text=expression,
        at=read_points(specs_of(at), VOCABULARY),
        wrt=_names(wrt),
        order=order,
        methods=None if methods is None else _names(methods),
        truth=truth,
        step=step,
        digits=digits,
        timeout=timeout,
    )
    return compute(request)


def parse(text: str, declared: Sequence[str] = ()) -> Parsed:
    """The tree of an expression, its variables and warnings; ``declared`` are variables that are words.

    Raises :class:`~calcgrad.errors.ParseError` or :class:`~calcgrad.errors.LimitError`.

    >>> parse("2x + speed", declared=["speed"]).variables
    ('x', 'speed')
    """
    return _parse(text, VOCABULARY, declared=tuple(declared))


def _names(value: str | Sequence[str]) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    return tuple(stripped for name in names if (stripped := name.strip()))
