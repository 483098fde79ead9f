"""Reports made by hand, so that a renderer is judged alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from calcgrad.errors import Diagnostic, Span
from calcgrad.report.derivatives import Derivative, PointReport, Report, Result, Truth

_METHODS = (
    # method, error, evaluations, passes, seconds
    ("forward-difference", 8.94e-08, 2, 0, 3.1e-06),
    ("central-difference", 2.1e-11, 2, 0, 2.2e-06),
    ("complex-step", 0.0, 1, 0, 1e-06),
    ("forward-ad", 0.0, 0, 1, 1.1e-05),
    ("reverse-ad", 0.0, 0, 1, 1.4e-05),
    ("symbolic", None, 1, 0, 0.012),
)


def results(wrt: tuple[str, ...], true: float, **where: Any) -> tuple[Result, ...]:
    """A row of each method around a true value."""
    return tuple(
        Result(
            method,
            wrt,
            true + (error or 0.0),
            error,
            error / abs(true) if error is not None and true else None,
            evaluations=evaluations,
            passes=passes,
            seconds=seconds,
            **where,
        )
        for method, error, evaluations, passes, seconds in _METHODS
    )


X = ("x",)
SCALAR = Report(
    "x**3+2*x",
    "x^3 + 2*x",
    X,
    derivatives=(Derivative(X, "3*x^2 + 2", "3 x^{2} + 2"),),
    points=(
        PointReport(
            {"x": 2.0},
            12.0,
            "agree",
            2.1,
            (Truth(X, "14", "14.000000000000000000000000000000", True, "0"),),
            results(X, 14.0),
            None,
            (
                "all methods agree to 15 digits; central difference is off by 2e-11 from its step 6e-6, "
                "as it must",
            ),
        ),
    ),
)
GRADIENT = Report(
    "x*y+sin(x)",
    "x*y + sin(x)",
    ("x", "y"),
    warnings=(Diagnostic("W199", "read as it stands", Span(0, 3), fix="(x*y)+sin(x)", source="x*y+sin(x)"),),
    derivatives=(Derivative(X, "y + cos(x)", "y + \\cos{\\left(x \\right)}"), Derivative(("y",), "x", "x")),
    points=(
        PointReport(
            {"x": 1.0, "y": 0.1},
            0.9414709848078965,
            "agree",
            1.3,
            (
                Truth(X, "cos(1) + 1/10", "0.640302305868139722951", True, "1e-21"),
                Truth(("y",), "1", "1.00000", True, "0"),
            ),
            (*results(X, 0.6403023058681397), *results(("y",), 1.0)),
            {"y": "0.1"},
            ("all methods agree to 15 digits",),
        ),
    ),
)
_KINKED = [
    replace(r, value=None, abs_error=None, status="skipped", note="abs is not analytic")
    if r.method == "complex-step"
    else replace(r, abs_error=None, note="0 by convention", status="kink", left=-1.0, right=1.0)
    if r.method.endswith("-ad")
    else replace(r, abs_error=None)
    for r in results(X, 0.0)
]
KINK = Report(
    "|x|",
    "abs(x)",
    X,
    derivatives=(Derivative(X, "sign(x)", "\\operatorname{sign}{\\left(x \\right)}"),),
    points=(
        PointReport(
            {"x": 0.0},
            0.0,
            "kink",
            None,
            (Truth(X, verdict="kink", left=-1.0, right=1.0),),
            tuple(_KINKED),
            None,
            ("abs(x) has a kink at x = 0", "forward-ad and reverse-ad answer 0 by convention"),
        ),
    ),
)
MOVED = Report(
    "cos(x)",
    "cos(x)",
    X,
    order=2,
    derivatives=(Derivative(("x", "x"), "-cos(x)", "- \\cos{\\left(x \\right)}"),),
    points=(
        PointReport(
            {"x": 1.5707963267948966},
            6.123233995736766e-17,
            "agree",
            1.0,
            (Truth(("x", "x"), "0", "0", True, "0", at_double="-6.123233995736766035868820147292e-17"),),
            results(("x", "x"), -6.123233995736766e-17),
            {"x": "pi/2"},
            ("all methods agree",),
        ),
    ),
)
UNDEFINED = Report(
    "log(x)",
    "log(x)",
    X,
    derivatives=(Derivative(X, None, None, "none within 10 s"),),
    points=(
        PointReport(
            {"x": -1.0},
            float("nan"),
            "undefined",
            None,
            (Truth(X, verdict="undefined", note="log(x) needs x > 0"),),
            (Result("forward-ad", X, float("nan"), status="undefined", note="log(x) needs x > 0"),),
            None,
            ("log(x) is not defined at x = -1",),
        ),
    ),
)
REMOVABLE = Report(
    "sin(x)/x",
    "sin(x)/x",
    X,
    derivatives=(Derivative(X, "cos(x)/x - sin(x)/x^2"),),
    points=(
        PointReport(
            {"x": 0.0},
            float("nan"),
            "removable",
            None,
            (Truth(X, "0", "0", verdict="removable", limit=1.0),),
            (
                Result(
                    "adaptive", X, 1e-17, 1e-17, None, None, 2e-15, 0.1, 40, 0, 2e-4, "noisy", "noise 1e-16"
                ),
                Result("forward-ad", X, None, status="failed", note="0/0"),
            ),
            None,
            ("the limit is 1, and the continuous extension has the derivative 0",),
        ),
    ),
)
MANY_POINTS = replace(SCALAR, points=tuple(replace(SCALAR.points[0], at={"x": k * 0.05}) for k in range(7)))
VECTOR = Report(
    "sum(w^2)",
    "sum(w^2)",
    ("w",),
    derivatives=tuple(Derivative(("w",), f"2*w[{k}]", index=(k,)) for k in range(30)),
    points=(
        PointReport(
            {"w": [float(k) for k in range(30)]},
            8555.0,
            "agree",
            1.0,
            tuple(Truth(("w",), None, str(2.0 * k), True, "0", index=(k,)) for k in range(30)),
            tuple(r for k in range(30) for r in results(("w",), 2.0 * k, index=(k,))),
            None,
            ("all methods agree",),
        ),
    ),
)
NO_POINT = replace(GRADIENT, points=(), warnings=())
TWO_OUTPUTS = Report(
    "[x*y, y]",
    "[x*y, y]",
    ("x", "y"),
    points=(
        PointReport(
            {"x": 1.0, "y": 2.0},
            [2.0, 2.0],
            "inconclusive",
            None,
            (),
            (*results(X, 2.0, output=(0,)), *results(X, 0.0, output=(1,))),
            None,
            ("no truth",),
        ),
    ),
)

REPORTS = {
    "scalar": SCALAR,
    "gradient": GRADIENT,
    "kink": KINK,
    "moved": MOVED,
    "undefined": UNDEFINED,
    "removable": REMOVABLE,
    "many-points": MANY_POINTS,
    "vector": VECTOR,
    "no-point": NO_POINT,
    "two-outputs": TWO_OUTPUTS,
}
