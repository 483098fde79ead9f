"""How large a constant is, estimated in floats: a tower of powers is refused before anything computes it exactly."""

from __future__ import annotations

import math
from collections.abc import Callable

from calcgrad.errors import LimitError
from calcgrad.expression.nodes import Call, Constant, Node, Number
from calcgrad.expression.source import Source

#: Decimal digits that a constant may have before its point.
MAX_DIGITS = 10_000
#: An exponent must fit in a double.
MAX_EXPONENT = 308.25
#: Operations that can make a small constant large.
GROWING = frozenset({"pow", "factorial", "gamma", "exp", "exp2"})
_LN10 = math.log(10)
_CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau}


class Size:
    """An estimate of a constant: its value where a float holds it (else infinite), and log10 of its absolute value."""

    __slots__ = ("digits", "value")

    def __init__(self, value: float, digits: float) -> None:
        self.value = value
        self.digits = digits


def _of_value(value: float) -> Size | None:
    if math.isnan(value) or math.isinf(value):
        return None
    return Size(value, math.log10(abs(value)) if value else -math.inf)


class Magnitudes:
    """Looks at constants as they are built. Sizes of powers are remembered, so that no part is looked at twice."""

    __slots__ = ("_known", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[int, Size | None] = {}

    def check(self, node: Call) -> None:
        """Raise ``LimitError`` if the node, an operation that grows, is a constant that is too large."""
        if node.op not in GROWING:
            return
        last = node.args[-1]
        if node.op == "pow":
            if type(last) is Number and type(node.args[0]) is not Number and last.value.numerator < 1000:
                if type(node.args[0]) is not Call:
                    return
            exponent = self.size(last)
            if exponent is not None and exponent.digits > MAX_EXPONENT:
                raise self._too_large(last, "an exponent", "1.8e308, the largest double")
        size = self._grown(node)
        self._known[id(node)] = size
        if size is not None and size.digits > MAX_DIGITS:
            raise self._too_large(node, "a constant", f"{MAX_DIGITS:,} digits")

    def size(self, root: Node) -> Size | None:
        """The size of a constant; ``None`` where it has a variable or is not known."""
        known = self._known
        todo: list[tuple[Node, bool]] = [(root, False)]
        sizes: list[Size | None] = []
        while todo:
            node, visited = todo.pop()
            if id(node) in known:
                sizes.append(known[id(node)])
            elif type(node) is Number:
                sizes.append(_of_value(float(node.value)))
            elif type(node) is Constant:
                sizes.append(_of_value(_CONSTANTS.get(node.name, math.inf)))
            elif type(node) is not Call:
                sizes.append(None)
            elif visited:
                cut = len(sizes) - len(node.args)
                args = sizes[cut:]
                del sizes[cut:]
                sizes.append(_combine(node.op, args))
            else:
                todo.append((node, True))
                todo.extend([(arg, False) for arg in reversed(node.args)])
        return sizes[0]

    def _grown(self, node: Call) -> Size | None:
        return _combine(node.op, [self.size(arg) for arg in node.args])

    def _too_large(self, node: Node, what: str, limit: str) -> LimitError:
        start, end = node.span
        return self._source.limit(
            "E154",
            f"`{self._source.quote(start, end)}` is too large for {what}: the limit is {limit}",
            start,
            end,
            "this is too large",
        )


def _combine(op: str, sizes: list[Size | None]) -> Size | None:
    rule = _RULES.get(op)
    if rule is None:
        return None
    known = [size for size in sizes if size is not None]
    if len(known) != len(sizes):
        return None
    try:
        return rule(*known)
    except (OverflowError, ValueError, ZeroDivisionError):
        return None


def _sum(a: Size, b: Size) -> Size | None:
    return _of_value(a.value + b.value) or Size(math.inf, max(a.digits, b.digits))


def _difference(a: Size, b: Size) -> Size | None:
    return _of_value(a.value - b.value) or Size(math.inf, max(a.digits, b.digits))


def _product(a: Size, b: Size) -> Size | None:
    return _of_value(a.value * b.value) or Size(math.inf, a.digits + b.digits)


def _quotient(a: Size, b: Size) -> Size | None:
    return _of_value(a.value / b.value) or Size(math.inf, a.digits - b.digits)


def _power(a: Size, b: Size) -> Size | None:
    digits = a.digits * b.value if a.digits else 0.0
    if math.isnan(digits):
        return None
    if abs(digits) < 300:
        return _of_value(abs(a.value) ** b.value) if math.isfinite(a.value) else Size(math.inf, digits)
    return Size(math.inf if digits > 0 else 0.0, digits)


def _factorial(a: Size) -> Size | None:
    return _gamma(Size(a.value + 1, a.digits))


def _gamma(a: Size) -> Size | None:
    if a.value < 1:
        return None
    if math.isinf(a.value):
        return Size(math.inf, math.inf)
    digits = math.lgamma(a.value) / _LN10
    return Size(10.0**digits if digits < 300 else math.inf, digits)


def _exponential(a: Size) -> Size | None:
    digits = a.value / _LN10
    return Size(10.0**digits if digits < 300 else math.inf, digits)


def _exponential_of_two(a: Size) -> Size | None:
    digits = a.value * math.log10(2)
    return Size(10.0**digits if digits < 300 else math.inf, digits)


def _negative(a: Size) -> Size | None:
    return Size(-a.value, a.digits)


_RULES: dict[str, Callable[..., Size | None]] = {
    "add": _sum,
    "sub": _difference,
    "mul": _product,
    "div": _quotient,
    "pow": _power,
    "neg": _negative,
    "factorial": _factorial,
    "gamma": _gamma,
    "exp": _exponential,
    "exp2": _exponential_of_two,
}
