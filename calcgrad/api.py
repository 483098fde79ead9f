"""The library: what ``import calcgrad`` offers to programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from calcgrad.comparing import Request, compute
from calcgrad.expression import Parsed
from calcgrad.expression import parse as _parse
from calcgrad.operations import VOCABULARY
from calcgrad.points import read_points, specs_of
from calcgrad.report import CheckReport, ModesReport, Report


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


def check(
    target: str, claim: str | Sequence[str], *, wrt: str | Sequence[str] = (), at: Any = None
) -> CheckReport:
    """Whether a claimed derivative of an expression is right; several variables take a claim each, in their order.

    >>> check("x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)").verdict
    'right'
    """
    from calcgrad.checking.claims import check_claim

    claims = [claim] if isinstance(claim, str) else list(claim)
    return check_claim(target, claims, _names(wrt), read_points(specs_of(at), VOCABULARY))


def check_grad(f: Callable[..., Any], g: Callable[..., Any], *arguments: Any) -> CheckReport:
    """Whether ``g`` is the gradient of the NumPy function ``f`` at the arguments, entry by entry.

    ``f`` returns a number; ``g`` an array of its argument's shape, or a tuple with one for each argument.

    >>> import numpy as np
    >>> check_grad(lambda w: float(np.sum(w**3)), lambda w: 2 * w**2, np.array([1.0, 2.0])).wrong_count
    2
    """
    from calcgrad.checking.gradients import check_gradient

    return check_gradient(f, g, {f"argument {i + 1}": a for i, a in enumerate(arguments)})


def compare_modes(expression: str | None = None, at: Any = None) -> ModesReport:
    """What each mode of differentiation costs: for an expression at a point, or the whole story without one.

    >>> rows = compare_modes("x*y + sin(x)", at={"x": 1, "y": 2}).stories[0].rows
    >>> [(row.mode, row.passes) for row in rows[:2]]
    [('forward-ad', 2), ('reverse-ad', 1)]
    """
    from calcgrad import comparing_modes

    if expression is None:
        return comparing_modes.compare_modes()
    return comparing_modes.compare_modes_of_text(expression, at)


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
