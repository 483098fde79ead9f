"""Every kind of outcome once, computed: what a renderer may meet."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import calcgrad
from calcgrad.report.derivatives import Report
from tests.render.reports import REPORTS

#: A function, its point, and options. Proved digits alone are the truth, so that SymPy need not start, but where it says more.
ASKED: Mapping[str, tuple[str, Any, dict[str, Any]]] = {
    "agree": ("x^3 + 2*x", 2, {}),
    "zero": ("sin(x)^2 + cos(x)^2", 1, {}),
    "gradient": ("x*y + sin(x)", "1, 2", {}),
    "second order": ("x^2*y", "1, 2", {"order": 2}),
    "vector": ("[x*y, x + y]", "1, 2", {}),
    "array": ("sum(w^2)", "w=[1, 2, 3]", {}),
    "kink": ("abs(x)", 0, {}),
    "convention": ("max(x, floor(x))", 0, {}),
    "one of two kinks": ("abs(x) + y", "0, 1", {}),
    "a tie that does no harm": ("max(x, x)", 1, {}),
    "jump": ("floor(x)", 1, {}),
    "infinite": ("cbrt(x)", 0, {}),
    "boundary": ("x^1.5", 0, {}),
    "infinite at the boundary": ("sqrt(x)", 0, {}),
    "undefined": ("ln(x)", -1, {}),
    "removable": ("sin(x)/x", 0, {}),
    "overflow": ("exp(x)", 800, {}),
    "cancelled": ("(1 - cos(x))/x^2", "1e-6", {}),
    "moved": ("cos(x)", "pi/2", {"order": 2}),
    "a kink that rounding moves": ("abs(x - 0.3)", "0.1*3", {}),
    "no truth": ("x^2", 3, {"truth": "none"}),
    "unjudged": ("x^2", 3, {"truth": "none", "methods": "forward-ad"}),
    "bounded": ("exp(x)", 1, {"methods": "adaptive"}),
    "pasted": ("1/2x", 1, {}),
    "no method": ("besselj(x, 2)", 1, {"methods": "reverse-ad,complex-step"}),
}


@cache
def computed(name: str) -> Report:
    """The report of one outcome, made by hand or computed."""
    if name in REPORTS:
        return REPORTS[name]
    expression, at, options = ASKED[name]
    return calcgrad.diff(expression, at, **{"truth": "certified", **options})


#: The names of all; those of reports made by hand first.
NAMES = (*REPORTS, *(f"computed: {name}" for name in ASKED))


def outcome(name: str) -> Report:
    """The report that a name of :data:`NAMES` stands for."""
    return computed(name.removeprefix("computed: ")) if name.startswith("computed: ") else REPORTS[name]
