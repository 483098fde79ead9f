"""More points where calculus needs care: those that users of other systems stumbled over, and functions of several variables.

The functions are facts of those reports, written in our language; what is true at each is found again by limits in the tests.
"""

from __future__ import annotations

from math import exp, inf, log, pi
from typing import NamedTuple

from .special_points import Row, agree, hole, sides, undefined

_SYMPY = "https://github.com/sympy/sympy/issues/"
_TORCH = "https://github.com/pytorch/pytorch/issues/"
_JAX = "https://github.com/jax-ml/jax/issues/"
_AUTOGRAD = "https://github.com/HIPS/autograd/issues/"
_TF = "https://github.com/tensorflow/tensorflow/issues/"
_OTHER = "https://github.com/"

TRACKER_POINTS: tuple[Row, ...] = (
    # Norms, roots and spreads whose infinite slope meets a zero.
    sides("kink", "norm([x])", "0", -1, 1, origin=_TORCH + "2421"),
    sides("jump", "norm([x, 0])", "0", -1, 1, order=2, origin=_OTHER + "pytorch/functorch/issues/1097"),
    agree("norm([x])^2", "0", 0, origin=_JAX + "4177"),
    agree("exp(-norm([x, 0])^2)", "0", 0, origin=_AUTOGRAD + "183"),
    agree("max(sqrt(x^2), 1/10)", "0", 0, origin=_OTHER + "ml-explore/mlx/pull/3692"),
    agree("((x - x)^2)^0.5", "1", 0, origin=_OTHER + "stan-dev/math/issues/3031"),
    agree("abs(x - x)", "1", 0, origin=_OTHER + "stan-dev/math/issues/3031"),
    agree("sqrt(0^x)", "4", 0, origin=_OTHER + "FluxML/Zygote.jl/issues/1101"),
    sides("kink", "std([x, 1])", "1", -0.5, 0.5, origin=_JAX + "11716"),
    sides("kink", "std([x, 0, 0])", "0", -(2**0.5) / 3, 2**0.5 / 3, origin=_TORCH + "4320"),
    sides("boundary", "log(x^x)", "0", None, -inf, origin=_TORCH + "6394"),
    # Ties and conventions.
    agree("max(x, 0) + log1p(exp(-abs(x)))", "0", 0.5, origin=_OTHER + "keras-team/keras/pull/23616"),
    agree("max(x, floor(x))", "0", 1, origin="a tie of which one side is never taken"),
    sides("kink", "clip(x, 0, 1)", "0", 0, 1, origin=_TORCH + "184572"),
    sides("kink", "where(x > 0, x, 0)", "0", 0, 1, origin=_JAX + "37821"),
    sides("kink", "min(x, 1)", "1", 1, 0, origin=_OTHER + "Theano/Theano/issues/6470"),
    sides("kink", "abs(-x)", "0", -1, 1, origin=_JAX + "37820"),
    sides("kink", "acos(clip(x, -1, 1))", "1", -inf, 0, origin=_JAX + "23649"),
    sides("kink", "acos(2x/(1 + x^2))", "1", -1, 1, origin=_JAX + "15798"),
    # A value put into a hole by hand.
    agree("where(x == 0, 1, sin(pi*x)/(pi*x))", "0", 0, origin=_JAX + "5054"),
    agree("where(x == 0, 1, sin(pi*x)/(pi*x))", "0", -(pi**2) / 3, order=2, origin=_JAX + "5054"),
    agree("where(x == 0, 0, x*log(2))", "0", log(2), origin=_TORCH + "80770"),
    agree("where(x == 0, 0, x*log1p(1))", "0", log(2), origin=_TF + "56873"),
    agree(
        "where(x == 0, 1, (exp(x) - 1)/x)", "0", 1 / 3, order=2, origin=_OTHER + "chaobrain/saiunit/pull/114"
    ),
    sides("kink", "where(x > 0, -x*log(x), 0)", "0", 0, inf, origin=_OTHER + "jax-ml/jax/pull/15737"),
    hole("x^2/x", "0", 0, 1, origin=_TF + "4914"),
    # Limits that computer algebra got wrong.
    sides("jump", "sign(sin(x))", "0", -1, 1, origin=_SYMPY + "18118"),
    sides("jump", "where(x < 0, 1, -1)", "0", 1, -1, origin=_SYMPY + "27236"),
    hole("floor(-tan(x)/x)", "0", -2, 0, origin=_SYMPY + "14355"),
    hole("(1 + x)^(1/x^2)*exp(-1/x)", "0", exp(-0.5), exp(-0.5) / 3, origin=_SYMPY + "25885"),
    hole("(x^3 - sin(x^3/2))/(x^2*log(sqrt(1 + x)))", "0", 1, 0.5, origin=_SYMPY + "11073"),
    undefined("abs(log(x))", "0", _SYMPY + "18997"),
    undefined("(2x + 12)/abs(x + 6)", "-6", _SYMPY + "20482"),
    undefined("floor((x^3 + x)/(x^2 - x))", "0", _OTHER + "sympy/sympy/pull/23258"),
    undefined("ceil((cos(x) - 1)/x)", "0", _OTHER + "sympy/sympy/pull/23258"),
    undefined("x/2*floor(3/x)", "0", _SYMPY + "14478"),
    undefined("x*(1//x)", "0", _SYMPY + "21310"),
    undefined("2/sqrt(tanh(1/x)^2 - 1)", "0", _SYMPY + "10058"),
)


class Several(NamedTuple):
    """A function of several variables, a point, the coordinate that moves, and what stands there along it."""

    expr: str
    at: str
    along: str
    verdict: str
    left: float | None = None
    right: float | None = None
    limit: float | None = None
    value: float | None = None
    origin: str = ""


_TEXT = "any course in the calculus of several variables"
_SAMPLE = "Ties in the sample, as after rounding"

SEVERAL: tuple[Several, ...] = (
    Several("min(x, y)", "x=1, y=1", "x", "kink", 1, 0, origin=_TEXT),
    Several("min(x, y)", "x=1, y=1", "y", "kink", 1, 0, origin=_TEXT),
    Several("abs(x - y)", "x=2, y=2", "x", "kink", -1, 1, origin=_TEXT),
    Several("abs(x - y)", "x=2, y=2", "y", "kink", -1, 1, origin=_TEXT),
    Several("hypot(x, y)", "x=0, y=0", "y", "kink", -1, 1, origin=_AUTOGRAD + "151"),
    Several("norm([x, y])", "x=0, y=0", "x", "kink", -1, 1, origin=_AUTOGRAD + "268"),
    Several("norm([x, y])^3", "x=0, y=0", "x", "agree", value=0, origin=_AUTOGRAD + "617"),
    Several("hypot(x, y)^2", "x=0, y=0", "x", "agree", value=0, origin=_OTHER + "ekmett/ad/issues/4"),
    Several("atan2(y, x)", "x=-1, y=0", "y", "jump", -pi, pi, origin="the cut of the angle"),
    Several("atan2(y, x)", "x=0, y=0", "x", "undefined", origin=_TORCH + "98276"),
    Several("atan2(y, x)", "x=0, y=0", "y", "undefined", origin=_TORCH + "98276"),
    Several("abs(x)*y", "x=0, y=0", "x", "agree", value=0, origin=_TEXT),
    Several("abs(x)*y", "x=0, y=-3", "x", "kink", 3, -3, origin=_TEXT),
    Several("x*abs(y)", "x=0, y=0", "x", "agree", value=0, origin=_TEXT),
    Several("max(x, y)^2", "x=0, y=0", "x", "agree", value=0, origin=_TEXT),
    Several("max(x, y)^2", "x=1, y=1", "y", "kink", 0, 2, origin=_TEXT),
    Several("max(x, y, z)", "x=1, y=1, z=1", "x", "kink", 0, 1, origin=_SAMPLE),
    Several("max(x, y, z)", "x=1, y=1, z=2", "x", "agree", value=0, origin=_SAMPLE),
    Several("x*y/(x^2 + y^2)", "x=0, y=0", "x", "undefined", origin=_TEXT),
    Several("x^2*y/(x^4 + y^2)", "x=0, y=0", "x", "undefined", origin="A. Genocchi and G. Peano, 1884"),
    Several("where(x == 0 and y == 0, 0, x*y/(x^2 + y^2))", "x=0, y=0", "x", "agree", value=0, origin=_TEXT),
    Several("x^3/(x^2 + y^2)", "x=0, y=0", "x", "removable", limit=0, value=1, origin=_TEXT),
    Several("sqrt(abs(x*y))", "x=0, y=0", "x", "agree", value=0, origin=_TEXT),
    Several("sqrt(abs(x*y))", "x=0, y=1", "x", "infinite", -inf, inf, origin=_TEXT),
    Several("x^y", "x=0, y=2", "x", "agree", value=0, origin=_OTHER + "tensorflow/tfjs/issues/346"),
    Several("x^y", "x=0, y=0.5", "x", "boundary", None, inf, origin=_OTHER + "stan-dev/math/issues/3031"),
    Several("x^y", "x=0, y=1", "x", "agree", value=1, origin=_OTHER + "stan-dev/math/issues/3031"),
    Several("x % y", "x=4, y=2", "x", "jump", 2, 0, origin=_TEXT),
    Several("floor(x/y)", "x=6, y=3", "y", "jump", 2, 1, origin=_TEXT),
    Several("log(x) + y", "x=0, y=1", "y", "undefined", origin=_TEXT),
    Several("sqrt(x - y)", "x=1, y=1", "y", "boundary", -inf, None, origin=_TEXT),
    Several("where(x > y, x^2, y^2)", "x=3, y=3", "x", "kink", 0, 6, origin=_TEXT),
)
