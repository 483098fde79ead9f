"""Expressions that are drawn together with a meaning of their own: text for calcgrad, and a function of mpmath's for the truth.

Nothing of calcgrad's is used here, neither its table nor its parser: a misread sign, a wrong value and a wrong rule all show.
Nearly half of the cases put the point on a kink, a pole, a hole, a step or the edge of a domain, by a factor that vanishes there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import mpmath
from mpmath import mp

#: What a part is at a point: a real number; ``OutsideError`` is raised where it has none.
Meaning = Callable[[dict[str, Any]], Any]
SPECIAL_SHARE = 0.45
#: Below the nearest distance that is looked at, and above what is rounded at 260 digits.
TINY = mpmath.mpf("1e-120")


class OutsideError(Exception):
    """The function has no real value here."""


@dataclass(frozen=True, slots=True)
class Part:
    """A text, bracketed where it must be, and what it means."""

    text: str
    value: Meaning


@dataclass(frozen=True, slots=True)
class Question:
    """A function at an exact point, and the variables by which it is to be differentiated."""

    part: Part
    at: dict[str, Fraction]
    wrt: tuple[str, ...]

    @property
    def point(self) -> str:
        """The point as ``--at`` takes it."""
        return ", ".join(f"{name}={value}" for name, value in self.at.items())

    @property
    def command(self) -> str:
        """What asks calcgrad the same."""
        wrt = ",".join(dict.fromkeys(self.wrt))
        return f'calcgrad diff "{self.part.text}" --at "{self.point}" --wrt {wrt} --order {len(self.wrt)}'


def question(seed: int, index: int) -> Question:
    """The question of this number: the same for ever for the same seed."""
    random = Random(f"independent:{seed}:{index}")
    names = ("x", "y")[: random.choice((1, 1, 2))]
    at = {name: _number(random) for name in names}
    order = random.choice((1, 1, 1, 2))
    wrt = tuple(sorted(random.choice(names) for _ in range(order)))
    smooth = _smooth(random, names, random.randint(1, 3))
    if random.random() >= SPECIAL_SHARE:
        return Question(smooth, at, wrt)
    special = _special(random, names, _vanishing(random, at, wrt[0]))
    return Question(_joined(random, smooth, special), at, wrt)


def _number(random: Random) -> Fraction:
    return Fraction(random.randint(-12, 12), random.choice((1, 1, 2, 3, 4, 5, 7, 10)))


def _constant(value: Fraction) -> Part:
    return Part(str(value) if value >= 0 and value.denominator == 1 else f"({value})", lambda _: real(value))


def real(value: Fraction) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator


def _whole(difference: Any) -> Any:
    """A difference of numbers that mpmath rounds, such as 64/9, where nothing but its rounding is left."""
    return difference if abs(difference) > TINY else mpmath.mpf(0)


def _variable(name: str) -> Part:
    return Part(name, lambda at: at[name])


def _applied(name: str, meaning: Callable[..., Any], *parts: Part) -> Part:
    text = f"{name}({', '.join(part.text for part in parts)})"
    return Part(text, lambda at: meaning(*[part.value(at) for part in parts]))


def _between(sign: str, meaning: Callable[[Any, Any], Any], a: Part, b: Part) -> Part:
    return Part(f"({a.text} {sign} {b.text})", lambda at: meaning(a.value(at), b.value(at)))


def _power(a: Part, n: int) -> Part:
    return Part(f"({a.text})^{n}", lambda at: _raised(a.value(at), n))


def _raised(a: Any, n: int) -> Any:
    if a == 0 and n < 0:
        raise OutsideError
    return a**n


def _divided(a: Any, b: Any) -> Any:
    if b == 0:
        raise OutsideError
    return a / b


def _where_positive(meaning: Callable[[Any], Any], zero_too: bool = False) -> Callable[[Any], Any]:
    def held(a: Any) -> Any:
        if a < 0 or (a == 0 and not zero_too):
            raise OutsideError
        return meaning(a)

    return held


def _within_one(meaning: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def held(a: Any) -> Any:
        if abs(a) > 1:
            raise OutsideError
        return meaning(a)

    return held


def _gamma(a: Any) -> Any:
    if a <= 0 and a == mpmath.floor(a):
        raise OutsideError
    return mp.gamma(a)


def _cbrt(a: Any) -> Any:
    return mpmath.sign(a) * mp.cbrt(abs(a))


def _tan(a: Any) -> Any:
    return _divided(mp.sin(a), mp.cos(a))


SMOOTH: dict[str, Callable[[Any], Any]] = {
    "sin": mp.sin,
    "cos": mp.cos,
    "exp": mp.exp,
    "tanh": mp.tanh,
    "atan": mp.atan,
    "asinh": mp.asinh,
    "sinh": mp.sinh,
    "cosh": mp.cosh,
    "erf": mp.erf,
    "sinc": lambda a: mp.sin(a) / a if a else mpmath.mpf(1),
    "tan": _tan,
    "log": _where_positive(mp.log),
    "sqrt": _where_positive(mp.sqrt, zero_too=True),
    "log1p": lambda a: _where_positive(mp.log)(1 + a),
    "expm1": lambda a: mp.exp(a) - 1,
    "asin": _within_one(mp.asin),
    "acos": _within_one(mp.acos),
    "gamma": _gamma,
    "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
    "softplus": lambda a: mp.log1p(mp.exp(a)),
}
#: Of a part that vanishes at the point.
BREAKING: dict[str, Callable[[Any], Any]] = {
    "abs": abs,
    "sign": mpmath.sign,
    "floor": mpmath.floor,
    "ceil": mpmath.ceil,
    "sqrt": SMOOTH["sqrt"],
    "cbrt": _cbrt,
    "log": SMOOTH["log"],
    "relu": lambda a: max(a, mpmath.mpf(0)),
    "heaviside": lambda a: mpmath.mpf(1) if a > 0 else mpmath.mpf(0) if a < 0 else mpmath.mpf(1) / 2,
    "acosh": lambda a: mp.acosh(a) if a >= 1 else _outside(),
    "gamma": _gamma,
}


def _outside() -> Any:
    raise OutsideError


def _smooth(random: Random, names: tuple[str, ...], depth: int) -> Part:
    if depth == 0 or random.random() < 0.15:
        return _variable(random.choice(names)) if random.random() < 0.75 else _constant(_number(random))
    share = random.random()
    inner = _smooth(random, names, depth - 1)
    if share < 0.4:
        name = random.choice(list(SMOOTH))
        return _applied(name, SMOOTH[name], inner)
    if share < 0.5:
        return _power(inner, random.choice((2, 3, -1, -2)))
    return _joined(random, inner, _smooth(random, names, depth - 1))


def _joined(random: Random, a: Part, b: Part) -> Part:
    if random.random() < 0.5:
        a, b = b, a
    sign, meaning = random.choice(
        (
            ("+", lambda p, q: p + q),
            ("-", lambda p, q: p - q),
            ("*", lambda p, q: p * q),
            ("*", lambda p, q: p * q),
            ("/", _divided),
        )
    )
    return _between(sign, meaning, a, b)


def _vanishing(random: Random, at: dict[str, Fraction], name: str) -> Part:
    """A part that is 0 at the point, by one of the variables asked for."""
    p, x = at[name], _variable(name)
    away = Part(f"({name} - ({p}))", lambda values: values[name] - real(p))
    kind = random.randrange(7)
    if kind == 0:
        return Part(f"({name}^2 - ({p * p}))", lambda values: _whole(values[name] ** 2 - real(p * p)))
    if kind == 1:
        return _applied("sin", mp.sin, away)
    if kind == 2:
        return _applied("expm1", SMOOTH["expm1"], away)
    if kind == 3:
        return _between("*", lambda a, b: a * b, away, _applied("exp", mp.exp, x))
    if kind == 4 and len(at) == 2:
        (other,) = set(at) - {name}
        q = at[other]
        text = f"({name}*{other} - ({p * q}))"
        return Part(text, lambda values: _whole(values[name] * values[other] - real(p * q)))
    if kind == 5:
        return _power(away, random.choice((2, 3)))
    return away


def _special(random: Random, names: tuple[str, ...], zero: Part) -> Part:
    """A part that is not smooth, or has no value, where ``zero`` vanishes."""
    kind = random.randrange(8)
    other = _smooth(random, names, 1)
    if kind <= 2:
        name = random.choice(list(BREAKING))
        shifted = _between("+", lambda a, b: a + b, _constant(Fraction(1)), zero)
        return _applied(name, BREAKING[name], shifted if name == "acosh" else zero)
    if kind == 3:
        return _between("/", _divided, _applied("sin", mp.sin, zero), zero)
    if kind == 4:
        return _between("/", _divided, other, zero)
    if kind == 5:
        name, meaning = random.choice((("max", max), ("min", min)))
        return _applied(name, meaning, other, _between("+", lambda a, b: a + b, other, _scaled(random, zero)))
    if kind == 6:
        return _between("*", lambda a, b: a * b, _applied("abs", abs, zero), _scaled(random, zero))
    relation, holds = random.choice(
        (
            ("<", lambda a: a < 0),
            (">=", lambda a: a >= 0),
            ("==", lambda a: a == 0),
        )
    )
    further = random.choice((other, _between("+", lambda a, b: a + b, other, zero)))
    return Part(
        f"where({zero.text} {relation} 0, {other.text}, {further.text})",
        lambda at: other.value(at) if holds(zero.value(at)) else further.value(at),
    )


def _scaled(random: Random, part: Part) -> Part:
    return _between(
        "*", lambda a, b: a * b, _constant(Fraction(random.choice((-3, -1, 2)), random.choice((1, 2)))), part
    )
