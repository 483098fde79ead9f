"""The functions of the derivative problems, compiled from their text without ``eval``: a walk over Python's
own tree.

The spelling is NumPy's. ``f32``, ``noise`` and ``kepler`` are the corpus's own: rounding to single precision,
a hash of the bits of x, and a solver that stops at 1e-7.
"""

from __future__ import annotations

import ast
import json
import math
import operator
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from scipy import special

HERE = Path(__file__).parent


def f32(values: Any) -> Any:
    """Round to single precision and back."""
    return np.asarray(values, dtype=np.float64).astype(np.float32).astype(np.float64)[()]


def noise(x: Any) -> Any:
    """Deterministic noise, uniform in [-1, 1): a hash of the bits of x (splitmix64's mixer)."""
    bits = np.asarray(x, dtype=np.float64).view(np.uint64)
    with np.errstate(all="ignore"):
        mixed = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
    return ((mixed >> np.uint64(11)) * 2.0**-52 - 1.0)[()]


@np.vectorize
def kepler(mean_anomaly: float) -> float:
    """E with E - 0.3 sin E = M, by bisection down to 1e-7: the noise of a solver that stops."""
    low, high = mean_anomaly - 1.0, mean_anomaly + 1.0
    while high - low > 1e-7:
        middle = 0.5 * (low + high)
        if middle - 0.3 * math.sin(middle) < mean_anomaly:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        name: getattr(np, name)
        for name in [
            "sin",
            "cos",
            "tan",
            "exp",
            "log",
            "sqrt",
            "cbrt",
            "sinh",
            "cosh",
            "tanh",
            "abs",
            "sign",
            "floor",
            "ceil",
            "where",
            "maximum",
            "minimum",
            "log1p",
            "expm1",
            "round",
        ]
    },
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atanh": np.arctanh,
    "hypot": np.hypot,
    **{name: getattr(special, name) for name in ("gamma", "erf", "erfc")},
    "besselj0": special.j0,
    "f32": f32,
    "noise": noise,
    "kepler": kepler,
}
_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Mod: operator.mod,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.LtE: operator.le,
    ast.Eq: operator.eq,
    ast.USub: operator.neg,
}


def compiled(text: str) -> Callable[[Any], Any]:
    """The function of x that the text says, over floats and arrays."""
    body = closure(text, FUNCTIONS)

    def function(x: Any) -> Any:
        with np.errstate(all="ignore"):
            value = body(np.float64(x) if isinstance(x, (int, float)) else x)
        return float(value) if np.ndim(value) == 0 else value

    return function


def closure(text: str, functions: dict[str, Callable[..., Any]]) -> Callable[[Any], Any]:
    """The text as a function of x, its words taken from ``functions``; over any kind of number."""
    return _closure(ast.parse(text, mode="eval").body, functions)


def _closure(node: Any, functions: dict[str, Callable[..., Any]]) -> Callable[[Any], Any]:
    def inner(part: Any) -> Callable[[Any], Any]:
        return _closure(part, functions)

    if isinstance(node, ast.Constant):
        value = node.value
        return lambda _: value
    if isinstance(node, ast.Name):
        named = {"nan": math.nan, "inf": math.inf, "pi": math.pi}.get(node.id)
        return (lambda x: x) if named is None else lambda _: named
    if isinstance(node, ast.Call):
        function, arguments = functions[node.func.id], [inner(a) for a in node.args]
        return lambda x: function(*(a(x) for a in arguments))
    if isinstance(node, ast.UnaryOp):
        apply, operand = _OPERATORS[type(node.op)], inner(node.operand)
        return lambda x: apply(operand(x))
    if isinstance(node, ast.Compare):
        apply, left, right = _OPERATORS[type(node.ops[0])], inner(node.left), inner(node.comparators[0])
    else:
        apply, left, right = _OPERATORS[type(node.op)], inner(node.left), inner(node.right)
    return lambda x: apply(left(x), right(x))


def corpus() -> list[dict[str, Any]]:
    """The 93 problems, each with the status that is expected of it."""
    problems = json.loads((HERE / "derivative-corpus.json").read_text())
    expected = json.loads((HERE / "derivative-status.json").read_text())
    return [{**problem, "status": expected[problem["name"]]} for problem in problems]


def breaks() -> list[dict[str, Any]]:
    """Problems whose point is exactly at a break: the status, and the one-sided values or slopes by hand."""
    return json.loads((HERE / "derivative-breaks.json").read_text())
