"""Number systems: what the operations of the table mean on floats, complex numbers, arrays, mpmath, SymPy, Arb.

A system finds the function of an operation by name (see :mod:`calcgrad.operations.row`), binds the table's partials, which are
strings in the language, to its own arithmetic, and says what a constant is. Its numbers support ``+`` and ``*`` among
themselves, which is all that a sweep needs. Libraries are imported when a system is first used.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

from calcgrad.expression.nodes import Constant, Node, Number
from calcgrad.operations import COMPOSITES, OPERATIONS, parsed
from calcgrad.operations.row import ARGUMENTS, Composite, Elementwise
from calcgrad.systems.array_rules import pull_rule, push_rule, spread_up, summed_down
from calcgrad.systems.binding import bound
from calcgrad.systems.values.float64 import times_over
from calcgrad.systems.values.handed import hand_in


class NoClosedForm(Exception):  # noqa: N818 (it is a fact about an operation, not a fault)
    """The table has no partial of an operation in one of its arguments (the order of a Bessel function, say)."""

    def __init__(self, op: str, j: int) -> None:
        super().__init__(f"no closed form for the derivative of {op} in its argument {j + 1}")
        self.op = op
        self.argument = j


class System:
    """One number system; ``name`` is the field of a row that may name its function there.

    ``modules`` are searched in order for a function: first calcgrad's own, then the library's.
    ``settled`` says that its constants are the same whenever they are asked for; those of a system with a working
    precision, which can change, are made each time that a function of the table uses them.
    ``shaped`` says that its values may be arrays.
    """

    name = ""
    modules: tuple[str, ...] = ()
    settled = True
    shaped = False
    #: ``a d/b`` where no number on the way may leave the range, in a system that has such a function.
    times_over: Callable[[Any, Any, Any], Any] | None = None

    def __init__(self) -> None:
        self._functions: dict[str, Callable[..., Any]] = {}
        self._pushes: dict[tuple[str, int], Callable[..., Any]] = {}
        self._pulls: dict[tuple[str, int], Callable[..., Any]] = {}
        self._bound: dict[Any, Callable[..., Any]] = {}

    def constant(self, exact: Any) -> Any:
        """The system's number for a ``Number`` or a ``Constant`` node; other values are returned as they are."""
        raise NotImplementedError(self.name)

    def own_constant(self, exact: Any) -> Any:
        """The same for a number in a string of the table: exact, also where those of an expression are rounded to doubles."""
        return self.constant(exact)

    def truth(self, condition: Any) -> bool:
        """Which branch of a ``where`` is taken: the condition at the primal."""
        return bool(condition)

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        """``where``, by branch: only the branch that is taken is evaluated."""
        return taken() if self.truth(condition) else other()

    def function(self, op: str) -> Callable[..., Any]:
        """The value of an operation: a function of its arguments and then its parameters."""
        found = self._functions.get(op)
        if found is None:
            found = self._functions[op] = self._find(op)
        return found

    def push(self, op: str, j: int) -> Callable[..., Any]:
        """The pushforward in argument ``j``: ``push(y, *args, *params, d)`` is the partial times the tangent ``d``.

        It returns ``None`` for a structural zero. Raises ``NoClosedForm`` where the table knows no partial.
        """
        key = (op, j)
        found = self._pushes.get(key)
        if found is None:
            found = self._pushes[key] = self._bind_push(op, j)
        return found

    def pull(self, op: str, j: int) -> Callable[..., Any]:
        """The pullback to argument ``j``: ``pull(y, *args, *params, d)`` for the adjoint ``d`` of the output.

        On numbers it is the pushforward's own function: multiplying with a partial is its own transpose.
        """
        key = (op, j)
        found = self._pulls.get(key)
        if found is None:
            found = self._pulls[key] = self._bind_pull(op, j)
        return found

    def push_together(self, op: str) -> Callable[..., Any] | None:
        """The pushforward in all arguments at once, ``push(y, args, params, tangents)``, of an operation that sets any number of
        them side by side: by one argument after another each would look at all the others. ``None`` where there is none.
        """
        return None

    def pull_apart(self, op: str) -> Callable[..., Any] | None:
        """Its pullback: ``pull(args, params, d)`` gives a function of the argument's place; ``None`` where there is none."""
        return None

    def quiet(self) -> AbstractContextManager[Any]:
        """Where a sweep runs: a library's warnings of inf and nan, which are answers here, are off."""
        return nullcontext()

    def settle(self, value: Any) -> None:
        """Compute now what a value would only compute when asked, so that a long tape makes no deep recursion."""

    def filled(self, value: Any) -> Any:
        """A tangent whose zeros by structure, entry by entry, are written out as numbers."""
        return value

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Make a library's function obey the system's rules; as it is unless a system says otherwise."""
        return function

    def expression(self, root: Node, arguments: tuple[str, ...]) -> Callable[..., Any]:
        """A function of ``arguments`` for an expression of the table's own, kept for the next time."""
        key = (root, arguments)
        if key not in self._bound:
            self._bound[key] = bound(root, arguments, self, tail="")
        return self._bound[key]

    def _find(self, op: str) -> Callable[..., Any]:
        if op in COMPOSITES:
            return self._bind_definition(COMPOSITES[op])
        row = OPERATIONS[op]
        named = getattr(row, self.name, "")
        for where in self.modules:
            module = importlib.import_module(where)
            found: Callable[..., Any] | None = getattr(module, named or op, None)
            if found is not None:
                return found if where.startswith("calcgrad.") else self.wrap(found)
        if isinstance(row, Elementwise) and row.definition:
            return self._bind_definition(row)
        raise KeyError(f"the operation {op!r} has no value in the system {self.name!r}")

    def _bind_definition(self, row: Elementwise | Composite) -> Callable[..., Any]:
        return bound(parsed(row.definition), ARGUMENTS[: row.arity], self, tail="")

    def _bind_push(self, op: str, j: int) -> Callable[..., Any]:
        row = OPERATIONS[op]
        if not isinstance(row, Elementwise):
            return push_rule(self, op, j)
        partial = self._bind_partial(row, j)
        return spread_up(self, partial, j) if self.shaped else partial

    def _bind_pull(self, op: str, j: int) -> Callable[..., Any]:
        row = OPERATIONS[op]
        if not isinstance(row, Elementwise):
            return pull_rule(self, op, j)
        return summed_down(self, self._bind_partial(row, j), j) if self.shaped else self.push(op, j)

    def _bind_partial(self, row: Elementwise, j: int) -> Callable[..., Any]:
        text = row.partials[j]
        if text is None:
            raise NoClosedForm(row.name, j)
        return bound(parsed(text), ("y", *ARGUMENTS[: row.arity], "d"), self, tail="d")


CONSTANTS = {"pi": math.pi, "e": math.e, "tau": math.tau, "inf": math.inf, "true": 1.0, "false": 0.0}


class Float64(System):
    """Python floats with IEEE's rules: overflow gives inf and a domain error nan; nothing raises.

    >>> float64 = Float64()
    >>> float64.function("log")(-1.0), float64.function("div")(1.0, 0.0), float64.function("exp")(1000.0)
    (nan, inf, inf)
    """

    name = "float64"
    times_over: Callable[[Any, Any, Any], Any] | None = staticmethod(times_over)
    modules: tuple[str, ...] = (
        "calcgrad.systems.values.float64",
        "calcgrad.systems.values.float64_piecewise",
        "calcgrad.systems.values.float64_trigonometric",
        "calcgrad.systems.values.float64_special",
        "math",
        "calcgrad.systems.values.float64_families",
    )

    def constant(self, exact: Any) -> Any:
        if isinstance(exact, Number):
            try:
                return float(exact.value)
            except OverflowError:
                return math.inf if exact.value > 0 else -math.inf
        return CONSTANTS[exact.name] if isinstance(exact, Constant) else exact

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def ieee(*args: Any) -> Any:
            try:
                return function(*args)
            except ValueError:
                return math.nan
            except OverflowError:
                return math.inf

        return ieee


class Complex128(Float64):
    """Complex numbers with the same rules, for the complex step."""

    name = "complex128"
    times_over = None
    modules = (
        "calcgrad.systems.values.complex128",
        "calcgrad.systems.values.complex128_special",
        "cmath",
    )

    def constant(self, exact: Any) -> Any:
        value = super().constant(exact)
        return complex(value) if isinstance(value, float) else value

    def truth(self, condition: Any) -> bool:
        return bool(condition.real if isinstance(condition, complex) else condition)

    def _find(self, op: str) -> Callable[..., Any]:
        """calcgrad's own functions are written with ``cmath`` and ``math``, which raise at infinities."""
        return self.wrap(super()._find(op))


class Arrays(Float64):
    """NumPy arrays of float64, and floats beside them: a scalar step stays a Python float.

    A tangent or an adjoint may be a ``Masked`` array, whose zeros by structure are known entry by entry.
    """

    name = "numpy"
    times_over = None
    modules = (
        "calcgrad.systems.values.arrays",
        "numpy",
        "calcgrad.systems.values.arrays_special",
        "calcgrad.systems.values.arrays_families",
        "scipy.special",
    )
    _own = (
        "calcgrad.systems.values.arrays_linear",
        "calcgrad.systems.values.arrays_structured",
        "calcgrad.systems.values.arrays_moving",
        "calcgrad.systems.values.arrays_products",
        "calcgrad.systems.values.arrays_borrowed",
    )
    shaped = True

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def quiet(*args: Any) -> Any:
            with self.quiet():
                return function(*args)

        return quiet

    def quiet(self) -> AbstractContextManager[Any]:
        import numpy

        return numpy.errstate(all="ignore")

    def filled(self, value: Any) -> Any:
        from calcgrad.systems.values.masked import dense

        return dense(value)

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        from calcgrad.systems.values import masked

        if not getattr(condition, "shape", ()):
            return taken() if condition else other()
        if condition.all():
            return taken()
        if not condition.any():
            return other()
        return masked.select(condition, taken(), other())

    def _find(self, op: str) -> Callable[..., Any]:
        from calcgrad.systems.values import masked

        if op in COMPOSITES:
            return super()._find(op)
        if isinstance(OPERATIONS[op], Elementwise):
            return masked.entrywise(op, FLOAT64.function, super()._find)
        for where in self._own:
            found = getattr(importlib.import_module(where), op, None)
            if found is not None:
                return masked.aware(op, self.wrap(found))
        raise KeyError(f"the operation {op!r} has no value on arrays")

    def push_together(self, op: str) -> Callable[..., Any] | None:
        from calcgrad.systems.side_by_side import push

        return push(self, op)

    def pull_apart(self, op: str) -> Callable[..., Any] | None:
        from calcgrad.systems.side_by_side import pull

        return pull(self, op)

    def _bind_push(self, op: str, j: int) -> Callable[..., Any]:
        from calcgrad.systems.values.masked import in_type_of

        push = super()._bind_push(op, j)
        return lambda y, *rest: in_type_of(y, push(y, *rest))

    def _bind_pull(self, op: str, j: int) -> Callable[..., Any]:
        from calcgrad.systems.values.masked import in_type_of

        pull = super()._bind_pull(op, j)
        return lambda y, *rest: in_type_of(rest[j], pull(y, *rest))


class Mpmath(System):
    """mpmath's numbers at the precision of its context; the truth of the proofs."""

    name = "mpmath"
    modules = (
        "calcgrad.systems.values.multiprecision",
        "calcgrad.systems.values.multiprecision_special",
        "calcgrad.systems.values.multiprecision_families",
        "mpmath",
    )
    settled = False

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """mpmath's functions as real functions: nan where the value is complex, or where they raise."""
        import mpmath

        def real(*args: Any) -> Any:
            try:
                value = function(*args)
            except (ValueError, ZeroDivisionError):
                return mpmath.nan
            return mpmath.nan if isinstance(value, mpmath.mpc) else value

        return real

    def constant(self, exact: Any) -> Any:
        import mpmath

        if isinstance(exact, Number):
            return mpmath.mpf(exact.value.numerator) / exact.value.denominator
        if isinstance(exact, Constant):
            named = {"pi": +mpmath.pi, "e": +mpmath.e, "tau": 2 * mpmath.pi, "inf": mpmath.inf}
            return {**named, "true": mpmath.mpf(1), "false": mpmath.mpf(0)}[exact.name]
        return exact


class Symbolic(System):
    """SymPy's expressions; used in the child process, and by proofs."""

    name = "sympy"
    modules = (
        "calcgrad.systems.values.symbolic",
        "calcgrad.systems.values.symbolic_special",
        "calcgrad.systems.values.symbolic_families",
        "sympy",
    )

    def constant(self, exact: Any) -> Any:
        import sympy

        if isinstance(exact, Number):
            return sympy.Rational(exact.value.numerator, exact.value.denominator)
        if isinstance(exact, Constant):
            named = {"pi": sympy.pi, "e": sympy.E, "tau": 2 * sympy.pi, "inf": sympy.oo}
            return {**named, "true": sympy.true, "false": sympy.false}[exact.name]
        return exact

    def _find(self, op: str) -> Callable[..., Any]:
        """A formula comes before SymPy's own function of that name, if there is one."""
        row = OPERATIONS.get(op)
        if isinstance(row, Elementwise) and row.formula:
            return bound(parsed(row.formula), ARGUMENTS[: row.arity], self, tail="")
        return super()._find(op)

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        import sympy

        return sympy.Piecewise((taken(), condition), (other(), True))


class Balls(System):
    """Arb's real balls (python-flint) at the precision of flint's context: every value carries its radius."""

    name = "arb"
    modules = (
        "calcgrad.systems.values.balls",
        "calcgrad.systems.values.balls_special",
        "calcgrad.systems.values.balls_families",
        "calcgrad.systems.values.balls_trigonometric",
    )
    settled = False

    def select(self, condition: Any, taken: Callable[[], Any], other: Callable[[], Any]) -> Any:
        """The branch of a decided condition; where the balls do not decide, a ball that says nothing."""
        from calcgrad.systems.values.balls import decided, unknown

        holds = decided(condition)
        return unknown() if holds is None else taken() if holds else other()

    def constant(self, exact: Any) -> Any:
        from flint import arb, fmpq

        if isinstance(exact, Number):
            return arb(fmpq(exact.value.numerator, exact.value.denominator))
        if isinstance(exact, Constant):
            return {"pi": arb.pi, "e": arb.const_e, "tau": lambda: 2 * arb.pi(), "inf": arb.pos_inf}[
                exact.name
            ]()
        return exact


FLOAT64 = Float64()


@cache
def system(name: str) -> System:
    """The one system of a name: ``float64 complex128 numpy mpmath sympy arb``.

    >>> system("float64").function("add")(1.0, 2.0)
    3.0
    """
    kinds: dict[str, type[System]] = {s.name: s for s in (Complex128, Arrays, Mpmath, Symbolic, Balls)}
    return FLOAT64 if name == "float64" else kinds[name]()


hand_in(lambda op: system("arb").function(op))
