"""The problems of the accuracy bench: functions, points, true derivatives, and which of them were never tuned
on.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import mpmath

from tests.data.corpus_functions import breaks, closure, compiled, corpus

DIGITS = 60


class Problem(NamedTuple):
    """One derivative to be found. ``kind`` is ``smooth``, or what the point is; ``status`` is what should be
    said.
    """

    group: str
    name: str
    kind: str
    f: Callable[[Any], Any]
    x: float
    truth: float
    status: str = "ok"
    left: float | None = None
    right: float | None = None


def held_out(name: str) -> bool:
    """Every third problem, by the hash of its name: kept out of the runs that constants were chosen on.

    Those of the corpus itself had been seen in first runs, before this rule stood; those of the table and the
    random ones had not.
    """
    return hashlib.sha256(name.encode()).digest()[0] % 3 == 0


def corpus_problems() -> list[Problem]:
    """The corpus; its kinds ``noisy`` and ``boundary`` are not smooth, nor is cancellation down to noise."""
    return [
        Problem(
            "corpus",
            p["name"],
            _kind(p["status"]),
            compiled(p["expr"]),
            p["x"],
            float(p["true"]),
            p["status"],
        )
        for p in corpus()
    ]


def _kind(status: str) -> str:
    return "smooth" if status == "ok" else status


def break_problems() -> list[Problem]:
    """The problems whose point is exactly at a break."""

    def number(value: Any) -> float | None:
        return None if value is None else float(value)

    return [
        Problem(
            "breaks",
            p["name"],
            "break",
            compiled(p["expr"]),
            p["x"],
            float(p["value"]) if p["value"] is not None else math.nan,
            p["status"],
            number(p["left"]),
            number(p["right"]),
        )
        for p in breaks()
    ]


# Random expressions

_UNARY = ("sin", "cos", "exp", "tanh", "atan", "log1p", "sqrt", "sinh", "erf", "log", "cosh", "expm1")


def random_problems(count: int, seed: int = 20) -> list[Problem]:
    """Random expressions of the corpus's own language, with the derivative by mpmath at 60 digits."""
    source = random.Random(seed)
    problems: list[Problem] = []
    while len(problems) < count:
        text = _expression(source, source.randint(2, 4))
        x = float(
            f"{source.choice((1, 1, 1, -1)) * source.uniform(0.05, 4) * source.choice((1, 1, 1, 100, 0.01)):.4g}"
        )
        truth = _truth(text, x)
        if "x" in text and truth is not None:
            problems.append(Problem("random", f"{text} @ {x}", "smooth", compiled(text), x, truth))
    return problems


def _expression(source: random.Random, depth: int) -> str:
    if depth == 0:
        return source.choice(("x", "x", "x", f"{source.uniform(0.2, 5):.3g}"))
    shape = source.random()
    if shape < 0.45:
        return f"{source.choice(_UNARY)}({_expression(source, depth - 1)})"
    if shape < 0.55:
        return f"({_expression(source, depth - 1)})**{source.choice((2, 3, 0.5, -1))}"
    left, right = _expression(source, depth - 1), _expression(source, depth - 1)
    return f"({left}{source.choice('+-*/')}{right})"


def _truth(text: str, x: float) -> float | None:
    """The derivative at 60 digits, or None where f is not real, finite and of a moderate size around x."""
    code = closure(text, {name: getattr(mpmath, name) for name in _UNARY})
    with mpmath.workdps(DIGITS):
        try:
            value, truth = code(mpmath.mpf(x)), mpmath.diff(code, mpmath.mpf(x))
        except (ArithmeticError, ValueError, TypeError):
            return None
        numbers = (value, truth)
        if any(isinstance(n, mpmath.mpc) or not mpmath.isfinite(n) or abs(n) > 1e100 for n in numbers):
            return None
        return float(truth) if truth == 0 or abs(truth) > 1e-30 else None


# The built-in table

_TABLE_POINTS = 3


def table_problems(seed: int = 4) -> Iterator[Problem]:
    """Every smooth row of one argument in the table of operations, at points of the row's own range."""
    from calcgrad.operations import ROWS
    from calcgrad.operations.row import Elementwise
    from calcgrad.systems.base import system

    source = random.Random(seed)
    for row in ROWS:
        if not isinstance(row, Elementwise) or row.arity != 1 or not row.sample or row.sample[0].whole:
            continue
        try:
            f, exact = system("float64").function(row.name), system("mpmath").function(row.name)
        except (LookupError, AttributeError):
            continue
        if all(s.kind in {"pole", "edge"} for s in row.singular):
            yield from _row_problems(row.name, f, exact, row.sample[0], source)


def _row_problems(name: str, f: Any, exact: Any, span: Any, source: random.Random) -> Iterator[Problem]:
    for _ in range(_TABLE_POINTS):
        x = float(f"{source.uniform(span.low, span.high):.6g}")
        with mpmath.workdps(DIGITS):
            try:
                truth = mpmath.diff(exact, mpmath.mpf(x))
            except (ArithmeticError, ValueError, TypeError):
                continue
            if isinstance(truth, mpmath.mpf) and mpmath.isfinite(truth):
                yield Problem("table", f"{name} @ {x}", "smooth", f, x, float(truth))
