"""Jets: truncated Taylor series as a number system, for derivatives of any order.

A :class:`Series` is the stream of Taylor coefficients of one slot along one direction, computed when asked for and kept.
For an elementwise operation ``y = f(a, b)`` the chain rule ``y' = f_a a' + f_b b'`` says, coefficient by coefficient,

    y_k = [ f_a(a, b, y) · a' + f_b(a, b, y) · b' ]_{k-1} / k

so one partial from the table gives every order, and nothing is written by hand for an operation (Griewank and Walther,
Evaluating Derivatives, 2nd ed., section 13.2, Proposition 13.1, in its general form). The partial is itself evaluated on
series, and equal operations on the same series are the same series, so ``sin`` and ``cos`` feed each other and the work for
K coefficients stays of order K². The coefficients may be of any system: floats, or series in another variable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from operator import mul
from typing import Any

from calcgrad.autodiff.tape import Slot, Tape
from calcgrad.expression.nodes import Number
from calcgrad.operations import OPERATIONS, Bilinear, Linear, Structured
from calcgrad.operations.shapes import broadcast, shape_of
from calcgrad.systems.array_rules import split
from calcgrad.systems.base import System

_ONE_BY_ONE = ("add", "sub", "mul", "neg")


class Series:
    """A stream of Taylor coefficients over a base system; ``None`` stands for a zero by structure beyond the first.

    ``constant`` says that all but the first are such zeros.
    """

    __slots__ = ("_next", "coefficients", "constant", "jets")

    def __init__(
        self, jets: Jets, coefficients: list[Any], following: Callable[[int], Any] | None = None
    ) -> None:
        self.jets = jets
        self.coefficients = coefficients
        self._next = following
        self.constant = following is None and len(coefficients) == 1

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value, where the coefficients are arrays."""
        return shape_of(self.coefficient(0))

    def coefficient(self, k: int) -> Any:
        """The k-th Taylor coefficient, in the base system, or ``None``."""
        if self._next is None:
            return self.coefficients[k] if k < len(self.coefficients) else None
        while len(self.coefficients) <= k:
            self.coefficients.append(self._next(len(self.coefficients)))
        return self.coefficients[k]

    def derivative(self) -> Series:
        """The series of the derivative along the direction."""
        return self.jets.shared(("derivative", id(self)), (self,), lambda: _derivative(self))

    def __add__(self, other: Any) -> Series:
        return self.jets.combine("add", self, self.jets.lift(other))

    def __radd__(self, other: Any) -> Series:
        return self.jets.combine("add", self.jets.lift(other), self)

    def __sub__(self, other: Any) -> Series:
        return self.jets.combine("sub", self, self.jets.lift(other))

    def __rsub__(self, other: Any) -> Series:
        return self.jets.combine("sub", self.jets.lift(other), self)

    def __mul__(self, other: Any) -> Series:
        return self.jets.combine("mul", self, self.jets.lift(other))

    def __rmul__(self, other: Any) -> Series:
        return self.jets.combine("mul", self.jets.lift(other), self)

    def __neg__(self) -> Series:
        return self.jets.combine("neg", self)


def _derivative(series: Series) -> Series:
    if series.constant:
        return Series(series.jets, [None])

    def following(k: int) -> Any:
        higher = series.coefficient(k + 1)
        return None if higher is None else higher * series.jets.whole(k + 1)

    return Series(series.jets, [], following)


def _plus(a: Any, b: Any) -> Any:
    if a is None:
        return b
    return a if b is None else a + b


class Jets(System):
    """The number system of series over a base system, for one computation: it remembers what it has computed."""

    name = "jets"

    def __init__(self, base: System, order: int = 0) -> None:
        super().__init__()
        self.base = base
        self.order = order
        self.shaped = base.shaped
        self._memo: dict[Any, tuple[Series, Any]] = {}

    def constant(self, exact: Any) -> Series:
        return self.lift(self.base.constant(exact))

    def whole(self, k: int) -> Any:
        """The whole number k in the base system."""
        return self.base.constant(Number(k))

    def lift(self, value: Any) -> Series:
        """A value of the base as a constant series."""
        return value if isinstance(value, Series) and value.jets is self else Series(self, [value])

    def variable(self, value: Any, direction: Any) -> Series:
        """The series ``value + direction · t``; a ``None`` direction gives a constant."""
        return Series(self, [value] if direction is None else [value, direction])

    def quiet(self) -> AbstractContextManager[Any]:
        return self.base.quiet()

    def settle(self, value: Any) -> None:
        """Compute a series' coefficients up to the order that is wanted, at every level of nested series."""
        for k in range(self.order + 1):
            coefficient = self.lift(value).coefficient(k)
            if coefficient is not None:
                self.base.settle(coefficient)

    def truth(self, condition: Any) -> bool:
        return self.base.truth(self.lift(condition).coefficient(0))

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        first = self.lift(condition).coefficient(0)
        if not shape_of(first):
            return taken() if self.base.truth(first) else other()
        branches = [None if b is None else self.lift(b) for b in (taken(), other())]
        series = tuple(b for b in branches if b is not None)
        if not series:
            return None

        def at(k: int) -> Any:
            a, b = [None if s is None else s.coefficient(k) for s in branches]
            return None if a is None and b is None else self.base.select(first, lambda: a, lambda: b)

        return _by_coefficient(self, series, at)

    def shared(self, key: Any, alive: Any, make: Callable[[], Series]) -> Series:
        """The one series for a key made of the ids of ``alive``, which are kept so that the ids stay theirs."""
        found = self._memo.get(key)
        if found is None:
            found = self._memo[key] = (make(), alive)
        return found[0]

    def function(self, op: str) -> Callable[..., Any]:
        found = self._functions.get(op)
        if found is None:

            def apply(*values: Any) -> Series:
                args, params = split(op, values)
                return self.combine(op, *[self.lift(a) for a in args], params=params)

            found = self._functions[op] = apply
        return found

    def combine(self, op: str, *args: Series, params: tuple[Any, ...] = ()) -> Series:
        """The series of an operation on series."""
        try:
            hash(params)
            known: Any = params
        except TypeError:  # slices and arrays of an index
            known = tuple(map(id, params))
        key = (op, known, *[id(a) for a in args])
        return self.shared(key, (args, params), lambda: self._make(op, args, params))

    def _make(self, op: str, args: tuple[Series, ...], params: tuple[Any, ...]) -> Series:
        if op in _ONE_BY_ONE:
            return _BY_COEFFICIENT[op](self, *args)
        row = OPERATIONS[op]
        if isinstance(row, Linear):
            return _linear(self, op, args, params)
        if isinstance(row, Bilinear):
            times = self.base.function(op)
            return _product(self, args[0], args[1], lambda a, b: times(a, b, *params))
        if op == "div":
            return _quotient(self, *args)
        if op == "where":
            return _choice(self, *args)
        if isinstance(row, Structured) and not any(row.pushforwards):
            return _moved(self, op, args, params)
        given = [a.coefficient(0) for a in args]
        # Zero by structure where an argument is in which the operation is linear.
        first = None if any(g is None for g in given) else self.base.function(op)(*given, *params)
        if all(a.constant for a in args):
            return Series(self, [first])
        return self._by_partials(op, args, params, first)

    def _by_partials(self, op: str, args: tuple[Series, ...], params: tuple[Any, ...], first: Any) -> Series:
        terms: list[Series] | None = None

        def following(k: int) -> Any:
            nonlocal terms
            if terms is None:
                pushed = [
                    self.push(op, j)(series, *args, *params, a.derivative())
                    for j, a in enumerate(args)
                    if not a.constant
                ]
                terms = [term for term in pushed if term is not None]
            total: Any = None
            for term in terms:
                total = _plus(total, term.coefficient(k - 1))
            return total if total is None or k == 1 else self.base.function("div")(total, self.whole(k))

        series = Series(self, [first], following)
        return series


def _spread(jets: Jets, args: tuple[Series, ...]) -> list[Series]:
    """The series in the shape that they have together: a coefficient that is missing in one is then no matter."""
    if not jets.shaped:
        return list(args)
    shapes = [a.shape for a in args]
    whole = broadcast(*shapes)
    return [
        a if shape == whole else jets.combine("broadcast_to", a, params=(whole,))
        for a, shape in zip(args, shapes, strict=True)
    ]


def _sum(jets: Jets, *args: Series) -> Series:
    a, b = _spread(jets, args)
    return _by_coefficient(jets, (a, b), lambda k: _plus(a.coefficient(k), b.coefficient(k)))


def _difference(jets: Jets, *args: Series) -> Series:
    a, b = _spread(jets, args)

    def at(k: int) -> Any:
        x, y = a.coefficient(k), b.coefficient(k)
        if y is None:
            return x
        return -y if x is None else x - y

    return _by_coefficient(jets, (a, b), at)


def _opposite(jets: Jets, a: Series) -> Series:
    def at(k: int) -> Any:
        x = a.coefficient(k)
        return None if x is None else -x

    return _by_coefficient(jets, (a,), at)


def _product(jets: Jets, a: Series, b: Series, times: Callable[[Any, Any], Any] = mul) -> Series:
    def at(k: int) -> Any:
        total: Any = None
        for i in range(k + 1):
            x, y = a.coefficient(i), b.coefficient(k - i)
            if x is not None and y is not None:
                total = _plus(total, times(x, y))
        return total

    return _by_coefficient(jets, (a, b), at)


_BY_COEFFICIENT: dict[str, Callable[..., Series]] = {
    "add": _sum,
    "sub": _difference,
    "mul": _product,
    "neg": _opposite,
}


def _by_coefficient(jets: Jets, args: tuple[Series, ...], at: Callable[[int], Any]) -> Series:
    if all(a.constant for a in args):
        return Series(jets, [at(0)])
    return Series(jets, [], at)


def _linear(jets: Jets, op: str, args: tuple[Series, ...], params: tuple[Any, ...]) -> Series:
    """A linear operation, coefficient by coefficient; a list is linear in all of its entries together."""
    function = jets.base.function(op)

    def at(k: int) -> Any:
        coefficients = [a.coefficient(k) for a in args]
        if all(c is None for c in coefficients):
            return None
        if len(args) > 1:
            spread, zero = jets.base.function("broadcast_to"), jets.whole(0)
            pairs = zip(coefficients, args, strict=True)
            coefficients = [spread(zero, a.shape) if c is None else c for c, a in pairs]
        return function(*coefficients, *params)

    return _by_coefficient(jets, args, at)


def _moved(jets: Jets, op: str, args: tuple[Series, ...], params: tuple[Any, ...]) -> Series:
    """An operation that is linear in its first argument, if in any; the others (places, say) are those of the value."""
    function = jets.base.function(op)
    row = OPERATIONS[op]
    held = [a.coefficient(0) for a in args[1:]]
    if not (isinstance(row, Structured) and row.transposes):
        return Series(jets, [function(args[0].coefficient(0), *held, *params)])

    def at(k: int) -> Any:
        coefficient = args[0].coefficient(k)
        return None if coefficient is None else function(coefficient, *held, *params)

    return _by_coefficient(jets, args[:1], at)


def _choice(jets: Jets, condition: Series, taken: Series, other: Series) -> Series:
    """``where``: the condition is that of the value, and a branch of fewer axes is repeated to the shape of all."""
    if jets.shaped:
        shapes = [condition.shape, taken.shape, other.shape]
        whole = broadcast(*shapes)
        taken, other = [
            jets.combine("broadcast_to", b, params=(whole,)) if b.shape != whole else b
            for b in (taken, other)
        ]
    chosen: Series = jets.select(condition, lambda: taken, lambda: other)
    return chosen


def _quotient(jets: Jets, a: Series, b: Series) -> Series:
    """y = a/b from a = y b: y_k = (a_k - sum of b_i y_(k-i), i = 1 … k) / b_0."""

    def following(k: int) -> Any:
        total = a.coefficient(k)
        for i in range(1, k + 1):
            x, y = b.coefficient(i), series.coefficient(k - i)
            if x is not None and y is not None:
                total = -(x * y) if total is None else total - x * y
        return None if total is None else jets.base.function("div")(total, b.coefficient(0))

    start = a.coefficient(0)
    first = None if start is None else jets.base.function("div")(start, b.coefficient(0))
    if a.constant and b.constant:
        return Series(jets, [first])
    series = Series(jets, [first], following)
    return series


def run_series(tape: Tape, inputs: Sequence[Series], jets: Jets, order: int) -> list[Series]:
    """The series of every slot with coefficients up to ``order``, computed in the tape's order: no deep recursion."""
    values: list[Series] = list(inputs)
    values.extend([None] * len(tape.steps))  # type: ignore[list-item]
    values.extend([jets.constant(c) for c in reversed(tape.constants)])
    with jets.quiet():
        for place, step in enumerate(tape.steps, len(inputs)):
            series = jets.function(step.op)(*[values[i] for i in step.args], *step.params)
            series.coefficient(order)
            jets.settle(series)
            values[place] = series
    return values


def taylor(
    tape: Tape, inputs: Sequence[Any], direction: Mapping[Slot, Any], order: int, base: System
) -> list[list[Any]]:
    """Taylor coefficients 0 … order of every output along a direction, in the base system's numbers.

    ``inputs`` are base values, one an input; ``direction`` gives the inputs' tangents by slot, the rest are zero.
    The n-th directional derivative is the n-th coefficient times n!.

    >>> import math
    >>> from calcgrad.expression import parse
    >>> from calcgrad.functions.lowering import lower
    >>> from calcgrad.operations import VOCABULARY
    >>> from calcgrad.systems.base import FLOAT64
    >>> tape = lower(parse("sin(x)", VOCABULARY).root, ["x"])
    >>> [c * math.factorial(k) for k, c in enumerate(taylor(tape, [0.0], {0: 1.0}, 3, FLOAT64)[0])]
    [0.0, 1.0, -0.0, -1.0]
    """
    jets = Jets(base)
    start = [jets.variable(v, direction.get(i)) for i, v in enumerate(inputs)]
    values = run_series(tape, start, jets, order)
    outputs = [values[slot] for slot in tape.outputs]
    return [[_written_out(series, k) for k in range(order + 1)] for series in outputs]


def _written_out(series: Series, k: int) -> Any:
    """The k-th coefficient, with its zeros by structure as numbers."""
    base, coefficient = series.jets.base, series.coefficient(k)
    if coefficient is not None:
        return base.filled(coefficient)
    return base.function("broadcast_to")(0.0, series.shape) if series.shape else 0.0
