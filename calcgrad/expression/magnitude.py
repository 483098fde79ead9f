"""How large a constant is, estimated in floats: a tower of powers is refused before anything computes it."""

from __future__ import annotations

import math
from collections.abc import Callable

from calcgrad.errors import LimitError
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
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
    """An estimate of a constant: its value (infinite where no float holds it), and log10 of its size."""

    __slots__ = ("digits", "value")

    def __init__(self, value: float, digits: float) -> None:
        self.value = value
        self.digits = digits


def _of_value(value: float) -> Size | None:
    if math.isnan(value) or math.isinf(value):
        return None
    return Size(value, math.log10(abs(value)) if value else -math.inf)


class Magnitudes:
    """Looks at constants as they are built; sizes of powers are remembered, so that no part is seen twice."""

    __slots__ = ("_known", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[int, Size | None] = {}  # by identity: the tree being built keeps its nodes alive

    def check(self, node: Call) -> None:
        """Raise ``LimitError`` if the node, an operation that grows, is a constant that is too large."""
        op, args = node.op, node.args
        if op not in GROWING:
            return
        last = args[-1]
        size: Size | None = None
        if type(last) is not Name and not (
            type(last) is Number and type(args[0]) is Name and last.value.numerator < 1000
        ):
            exponent = self.size(last)
            if exponent is not None:
                if op == "pow" and exponent.digits > MAX_EXPONENT:
                    raise self._too_large(last, "an exponent must not pass 1.8e308, the largest double")
                base = self.size(args[0])
                size = (
                    None if base is None else _combine(op, [base, exponent] if len(args) == 2 else [exponent])
                )
        self._known[id(node)] = size
        if size is not None and size.digits > MAX_DIGITS:
            raise self._too_large(node, f"a constant may have {MAX_DIGITS:,}", size)

    def size(self, root: Node) -> Size | None:
        """The size of a constant; ``None`` where it has a variable or is not known."""
        known = self._known
        todo: list[tuple[Node, bool]] = [(root, False)]
        sizes: list[Size] = []
        while todo:
            node, visited = todo.pop()
            size: Size | None = None
            if visited:
                cut = len(sizes) - len(node.args)
                assert isinstance(node, Call)
                size = _combine(node.op, sizes[cut:])
                del sizes[cut:]
            elif id(node) in known:
                size = known[id(node)]
            elif type(node) is Number:
                size = _of_value(float(node.value))
            elif type(node) is Constant:
                size = _of_value(_CONSTANTS.get(node.name, math.inf))
            elif type(node) is Call and node.op in _RULES:
                todo.append((node, True))
                todo.extend([(arg, False) for arg in reversed(node.args)])
                continue
            if size is None:
                return None
            sizes.append(size)
        return sizes[0]

    def _too_large(self, node: Node, limit: str, size: Size | None = None) -> LimitError:
        shown = self._source.quote(*node.span)
        about = "is too large"
        if size is not None and size.digits < 1e15:
            digits = size.digits if size.digits < 1e5 else float(f"{size.digits:.2g}")
            about = f"has about {digits:,.0f} digits"
        return self._source.limit("E154", f"`{shown}` {about}; {limit}", node.span, "too large")


def _combine(op: str, sizes: list[Size]) -> Size | None:
    try:
        return _RULES[op](*sizes)
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
    if math.isnan(digits) or (a.digits == -math.inf and b.value < 0):  # 0^-2 is no large number: it is none
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
