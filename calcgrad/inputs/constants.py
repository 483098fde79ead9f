"""What a constant expression is worth: its exact fraction where it has one, and the double nearest to it.

Rational numbers are evaluated as fractions. Sums of rational multiples of 1, pi and e (``pi/2``,
``2*pi + 1``) are evaluated with 60 digits of pi and e. All else is enclosed by Arb's balls, with more bits
until both ends of the enclosure round to the same double.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from calcgrad.expression.nodes import Call, Constant, Node, Number, postorder

if TYPE_CHECKING:
    from calcgrad.systems.base import System

_PI = Fraction("3.14159265358979323846264338327950288419716939937510582097494")
_E = Fraction("2.71828182845904523536028747135266249775724709369995957496697")
_LOST = Fraction(1, 10**35)
_MAX_BITS = 100_000
_PRECISIONS = (80, 160, 640)

#: ``r + p·pi + q·e``.
_Linear = tuple[Fraction, Fraction, Fraction]
_ZERO = Fraction(0)
_CONSTANTS: dict[str, _Linear] = {
    "pi": (_ZERO, Fraction(1), _ZERO),
    "tau": (_ZERO, Fraction(2), _ZERO),
    "e": (_ZERO, _ZERO, Fraction(1)),
}


def rational(node: Node) -> Fraction | None:
    """The exact fraction of a constant expression, or ``None`` where it is none or would be too long.

    >>> rational(Call("div", (Number(1), Number(3))))
    Fraction(1, 3)
    """
    linear = _linear(node)
    return linear[0] if linear is not None and not linear[1] and not linear[2] else None


def fraction_node(value: Fraction) -> Node:
    """The expression of a fraction: a decimal where its expansion ends, a quotient otherwise.

    >>> fraction_node(Fraction(1, 4)), fraction_node(Fraction(-1, 3))
    (0.25, 1 3 div/2 neg/1)
    """
    size = abs(value)
    odd = size.denominator
    for prime in (2, 5):
        while odd % prime == 0:
            odd //= prime
    node: Node = Number(size)
    if odd != 1:
        node = Call("div", (Number(size.numerator), Number(size.denominator)))
    return Call("neg", (node,)) if value < 0 else node


def between(start: Node, stop: Node, share: Fraction) -> Node:
    """The exact constant that is ``share`` of the way from start to stop, in its plainest form: ``pi/2``, not ``0.5*pi``.

    >>> from calcgrad.expression import to_text
    >>> from calcgrad.operations import VOCABULARY
    >>> pi = Constant("pi")
    >>> minus = Call("neg", (pi,))
    >>> [to_text(between(minus, pi, Fraction(k, 8)), VOCABULARY) for k in range(9)]
    ['-pi', '-3*pi/4', '-pi/2', '-pi/4', '0', 'pi/4', 'pi/2', '3*pi/4', 'pi']
    """
    if share in {0, 1}:
        return stop if share else start
    first, last = _linear(start), _linear(stop)
    if first is None or last is None:
        along = Call("mul", (fraction_node(share), Call("sub", (stop, start))))
        return Call("add", (start, along))
    r, p, q = [a + (b - a) * share for a, b in zip(first, last, strict=True)]
    total: Node | None = None
    for coefficient, name in ((p, "pi"), (q, "e"), (r, "")):
        if coefficient:
            total = _with_term(total, coefficient, name)
    return total or Number(0)


def _with_term(total: Node | None, coefficient: Fraction, name: str) -> Node:
    """A sum with one term more: a multiple of a constant, or a fraction where it has no name."""
    negative = coefficient < 0
    term = _multiple(abs(coefficient), name, total is None and negative)
    if total is None:
        return term
    return Call("sub" if negative else "add", (total, term))


def _multiple(size: Fraction, name: str, negative: bool) -> Node:
    """A positive multiple of a constant, or the fraction itself; a minus stands before the first factor."""
    if not name:
        return fraction_node(-size if negative else size)
    first: Node = Constant(name) if size.numerator == 1 else Number(size.numerator)
    first = Call("neg", (first,)) if negative else first
    above = first if size.numerator == 1 else Call("mul", (first, Constant(name)))
    return above if size.denominator == 1 else Call("div", (above, Number(size.denominator)))


def nearest(node: Node) -> float:
    """The double nearest to a constant expression; inf beyond the doubles, nan where it has no real value.

    >>> import math
    >>> nearest(Call("div", (Constant("pi"), Number(2)))) == math.pi / 2
    True
    """
    linear = _linear(node)
    if linear is not None:
        r, p, q = linear
        exact = r + p * _PI + q * _E
        if (not p and not q) or abs(exact) > _LOST * (abs(r) + abs(p) + abs(q)):
            return _to_float(exact)
    return _enclosed(node)


def _to_float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _linear(root: Node) -> _Linear | None:
    stack: list[_Linear] = []
    for node in postorder(root):
        if isinstance(node, Number):
            value: _Linear | None = (node.value, _ZERO, _ZERO)
        elif isinstance(node, Constant):
            value = _CONSTANTS.get(node.name)
        elif isinstance(node, Call):
            cut = len(stack) - len(node.args)
            value = _apply(node.op, stack[cut:])
            del stack[cut:]
        else:
            value = None
        if value is None:
            return None
        stack.append(value)
    return stack[0]


def _apply(op: str, args: list[_Linear]) -> _Linear | None:
    a = args[0]
    if op == "neg":
        return _scaled(a, Fraction(-1))
    if len(args) != 2:
        return None
    b = args[1]
    if op in {"add", "sub"}:
        sign = 1 if op == "add" else -1
        return a[0] + sign * b[0], a[1] + sign * b[1], a[2] + sign * b[2]
    if b[1] or b[2]:
        return _scaled(b, a[0]) if op == "mul" and not a[1] and not a[2] else None
    if op == "mul":
        return _scaled(a, b[0])
    if op == "div":
        return _scaled(a, 1 / b[0]) if b[0] else None
    if op == "pow" and not a[1] and not a[2]:
        return _power(a[0], b[0])
    return None


def _scaled(a: _Linear, by: Fraction) -> _Linear:
    return a[0] * by, a[1] * by, a[2] * by


def _power(base: Fraction, exponent: Fraction) -> _Linear | None:
    if exponent.denominator != 1 or (base == 0 and exponent < 0):
        return None
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if bits * abs(exponent.numerator) > _MAX_BITS:
        return None
    return base**exponent.numerator, _ZERO, _ZERO


def _enclosed(root: Node) -> float:
    from flint import ctx

    from calcgrad.systems.base import FLOAT64
    from calcgrad.systems.series import constant_ball

    low = high = math.nan
    for bits in _PRECISIONS:
        with ctx.workprec(bits):
            try:
                ball = constant_ball(root)
            except (KeyError, NotImplementedError):  # an operation that has no enclosure
                break
            if ball is None or isinstance(ball, bool):  # a comparison is no number
                return math.nan
            if ball.is_finite():
                low, high = float(ball.lower()), float(ball.upper())
        if low == high:
            return low
    return low + (high - low) / 2 if math.isfinite(low) else float(_walk(root, FLOAT64))


def _walk(root: Node, system: System) -> Any:
    stack: list[Any] = []
    for node in postorder(root):
        if isinstance(node, Call):
            cut = len(stack) - len(node.args)
            stack[cut:] = [system.function(node.op)(*stack[cut:], *node.params)]
        else:
            stack.append(system.constant(node))
    return stack[0]
