"""The elementary operations spelled out once more, in mpmath alone: what values are measured against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
from mpmath import mpf


def real_power(a: Any, b: Any) -> Any:
    return mp.power(a, b) if a or b else mpf(1)


def real_root(a: Any, b: Any) -> Any:
    return mp.sign(a) * mp.exp(mp.log(abs(a)) / b) if a else mpf(0)


def half_even(a: Any) -> Any:
    below = mp.floor(a)
    if a - below == mpf(1) / 2:
        return below if below % 2 == 0 else below + 1
    return mp.floor(a + mpf(1) / 2)


def spherical_bessel(n: Any, x: Any) -> Any:
    if x == 0:
        return mpf(1) if n == 0 else mpf(0)
    sign = -1 if x < 0 and n % 2 else 1
    return sign * mp.sqrt(mp.pi / (2 * abs(x))) * mp.besselj(n + mpf(1) / 2, abs(x))


def degrees(a: Any) -> Any:
    return a * mp.pi / 180


TRUTH: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "neg": lambda a: -a,
    "mod": lambda a, b: a - b * mp.floor(a / b),
    "floordiv": lambda a, b: mp.floor(a / b),
    "pow": real_power,
    "sqrt": mp.sqrt,
    "cbrt": lambda a: real_root(a, 3),
    "root": real_root,
    "square": lambda a: a**2,
    "exp": mp.exp,
    "exp2": lambda a: mp.exp(a * mp.log(2)),
    "expm1": mp.expm1,
    "log": mp.log,
    "log2": lambda a: mp.log(a) / mp.log(2),
    "log10": lambda a: mp.log(a) / mp.log(10),
    "log1p": mp.log1p,
    "logb": lambda a, b: mp.log(a) / mp.log(b),
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "sec": lambda a: 1 / mp.cos(a),
    "csc": lambda a: 1 / mp.sin(a),
    "cot": lambda a: mp.cos(a) / mp.sin(a),
    "versin": lambda a: 1 - mp.cos(a),
    "coversin": lambda a: 1 - mp.sin(a),
    "haversin": lambda a: (1 - mp.cos(a)) / 2,
    "asin": mp.asin,
    "acos": mp.acos,
    "atan": mp.atan,
    "asec": lambda a: mp.acos(1 / a),
    "acsc": lambda a: mp.asin(1 / a),
    "acot": lambda a: mp.atan(1 / a),
    "atan2": lambda a, b: mp.arg(mp.mpc(b, a)),
    "hypot": lambda a, b: mp.sqrt(a * a + b * b),
    "sinc": lambda a: mp.sin(a) / a if a else mpf(1),
    "sphericalj": spherical_bessel,
    "deg2rad": degrees,
    "rad2deg": lambda a: a * 180 / mp.pi,
    "sind": lambda a: mp.sin(degrees(a)),
    "cosd": lambda a: mp.cos(degrees(a)),
    "tand": lambda a: mp.tan(degrees(a)),
    "asind": lambda a: mp.asin(a) * 180 / mp.pi,
    "acosd": lambda a: mp.acos(a) * 180 / mp.pi,
    "atand": lambda a: mp.atan(a) * 180 / mp.pi,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "tanh": mp.tanh,
    "sech": lambda a: 1 / mp.cosh(a),
    "csch": lambda a: 1 / mp.sinh(a),
    "coth": lambda a: mp.cosh(a) / mp.sinh(a),
    "asinh": lambda a: mp.sign(a) * mp.log(abs(a) + mp.sqrt(a * a + 1)),
    "acosh": lambda a: mp.log(a + mp.sqrt(a * a - 1)),
    "atanh": lambda a: mp.log((1 + a) / (1 - a)) / 2,
    "asech": lambda a: mp.log((1 + mp.sqrt(1 - a * a)) / a),
    "acsch": lambda a: mp.sign(a) * mp.log((1 + mp.sqrt(1 + a * a)) / abs(a)),
    "acoth": lambda a: mp.log((a + 1) / (a - 1)) / 2,
    "abs": abs,
    "sign": mp.sign,
    "floor": mp.floor,
    "ceil": mp.ceil,
    "round": half_even,
    "trunc": lambda a: mp.floor(a) if a > 0 else mp.ceil(a),
    "frac": lambda a: a - mp.floor(a),
    "maximum": max,
    "minimum": min,
    "clip": lambda a, b, c: min(max(a, b), c),
    "heaviside": lambda a: mpf(a > 0) if a else mpf(1) / 2,
    "relu": lambda a: max(a, mpf(0)),
    "leaky_relu": lambda a: a if a > 0 else a / 100,
    "elu": lambda a: a if a > 0 else mp.expm1(a),
    "gelu": lambda a: a * mp.erfc(-a / mp.sqrt(2)) / 2 if a > -1e6 else mpf(0),
    "silu": lambda a: a / (1 + mp.exp(-a)),
    "softplus": lambda a: mp.log1p(mp.exp(a)),
    "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
    "logaddexp": lambda a, b: mp.log(mp.exp(a) + mp.exp(b)),
    "xlogy": lambda a, b: a * mp.log(b) if a else mpf(0),
    "logit": lambda a: mp.log(a / (1 - a)),
}
