"""Derivatives by every method there is, side by side, each judged against the truth.

>>> import calcgrad
>>> calcgrad.diff("x**3 + 2*x", at=2, truth="none").points[0].value
12.0

Names are imported when they are first used (PEP 562), so that ``import calcgrad`` costs next to nothing.
"""

from __future__ import annotations

from calcgrad.version import __version__

TYPE_CHECKING = (
    False  # as typing's, without the time that importing typing takes before SymPy's process starts
)
if TYPE_CHECKING:
    from typing import Any

    from calcgrad import numerical_diff
    from calcgrad.api import (
        check,
        check_grad,
        compare_modes,
        descend,
        diff,
        nudge,
        parse,
        plot,
        practice,
        steps,
        trace,
    )
    from calcgrad.errors import ArgumentWrittenWarning, CalcgradError, DecisionWarning
    from calcgrad.report.derivatives import Report
    from calcgrad.report.estimates import Estimate
    from calcgrad.testing import assert_grad
    from calcgrad.tracing.agreement import trusted
    from calcgrad.tracing.mapping import vectorize, vmap
    from calcgrad.transforms.compilation import compile
    from calcgrad.transforms.custom import checkpoint, custom_rule, stop_gradient
    from calcgrad.transforms.gradients import grad, value_and_grad
    from calcgrad.transforms.jacobians import hessian, jacfwd, jacobian, jacrev
    from calcgrad.transforms.products import hvp, jvp, linearize, vjp
    from calcgrad.transforms.series import taylor

__all__ = [
    "ArgumentWrittenWarning",
    "CalcgradError",
    "DecisionWarning",
    "Estimate",
    "Report",
    "__version__",
    "assert_grad",
    "check",
    "check_grad",
    "checkpoint",
    "compare_modes",
    "compile",
    "custom_rule",
    "descend",
    "diff",
    "grad",
    "hessian",
    "hvp",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jvp",
    "linearize",
    "nudge",
    "numerical_diff",
    "parse",
    "plot",
    "practice",
    "steps",
    "stop_gradient",
    "taylor",
    "trace",
    "trusted",
    "value_and_grad",
    "vectorize",
    "vjp",
    "vmap",
]

_HOMES = {
    "ArgumentWrittenWarning": "calcgrad.errors",
    "CalcgradError": "calcgrad.errors",
    "DecisionWarning": "calcgrad.errors",
    "Estimate": "calcgrad.report.estimates",
    "Report": "calcgrad.report.derivatives",
    "assert_grad": "calcgrad.testing",
    "check": "calcgrad.api",
    "check_grad": "calcgrad.api",
    "compare_modes": "calcgrad.api",
    "descend": "calcgrad.api",
    "diff": "calcgrad.api",
    "nudge": "calcgrad.api",
    "parse": "calcgrad.api",
    "plot": "calcgrad.api",
    "practice": "calcgrad.api",
    "steps": "calcgrad.api",
    "trace": "calcgrad.api",
    "checkpoint": "calcgrad.transforms.custom",
    "compile": "calcgrad.transforms.compilation",
    "custom_rule": "calcgrad.transforms.custom",
    "trusted": "calcgrad.tracing.agreement",
    "vectorize": "calcgrad.tracing.mapping",
    "vmap": "calcgrad.tracing.mapping",
    "stop_gradient": "calcgrad.transforms.custom",
    "taylor": "calcgrad.transforms.series",
    "grad": "calcgrad.transforms.gradients",
    "value_and_grad": "calcgrad.transforms.gradients",
    "hessian": "calcgrad.transforms.jacobians",
    "jacfwd": "calcgrad.transforms.jacobians",
    "jacobian": "calcgrad.transforms.jacobians",
    "jacrev": "calcgrad.transforms.jacobians",
    "hvp": "calcgrad.transforms.products",
    "jvp": "calcgrad.transforms.products",
    "linearize": "calcgrad.transforms.products",
    "vjp": "calcgrad.transforms.products",
}


def __getattr__(name: str) -> Any:
    if name == "numerical_diff":
        from importlib import import_module

        return import_module("calcgrad.numerical_diff")
    if name not in _HOMES:
        raise AttributeError(f"module 'calcgrad' has no attribute {name!r}")
    from importlib import import_module

    from calcgrad.errors import draw_at_the_prompt

    draw_at_the_prompt()
    found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
