"""The traced value: it goes through a function of NumPy arrays and floats, and what happens to it is written down.

Operators dispatch here directly; NumPy's functions come in by ``__array_ufunc__`` and ``__array_function__`` and find their
handler in :mod:`calcgrad.numpy_names`. Either way ends in :func:`apply`, which evaluates one operation of the table on the
primals and writes a step where an argument is traced.

Derivatives of derivatives: each derivative has a trace of its own, whose level is higher than that of every trace made
before. ``apply`` writes to the highest trace among its arguments; to that trace, a value of any lower one is a constant,
whose own steps are written below it. So the inner derivative of ``D(x * D(x + y))`` never takes the outer ``x`` for its own
(perturbation confusion: Siskind and Pearlmutter, IFL 2005). Levels are drawn from one counter of the process and live on the
traces themselves, so that threads share nothing, and a trace that ends, by a return or an error, is closed for good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import index
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.numpy_names import handler_of, method_of, of_chosen
from calcgrad.numpy_names.registry import asked_by_a_sparse_matrix, asked_by_scipy
from calcgrad.operations.shapes import Shape
from calcgrad.tracer import InPlaceError, NotTracedError, Tracer
from calcgrad.tracing import operators, rules
from calcgrad.tracing.refusals import OUTSIDE, asked_by_a_foreign_one, refused, written_over
from calcgrad.tracing.shorts import SHORTS, short_way
from calcgrad.tracing.values import listed, value_of_operation
from calcgrad.tracing.whereabouts import line_of_user

Array = numpy.ndarray
_PLAIN = frozenset((numpy.ndarray, float, int))


def apply(op: str, *args: Any, params: tuple[Any, ...] = ()) -> Any:
    """Evaluate an operation of the table; a step is written on the highest trace among the arguments, if there is one."""
    top: Any = None
    for a in args:
        if type(a) is Traced and (top is None or a._trace.level > top.level):
            top = a._trace
    if top is None:
        return value_of_operation(op)(*args, *params)
    return top.record(op, args, params)


def traced(primal: Any, slot: int, trace: Any) -> Traced:
    """A new traced value."""
    made = Traced()
    made.primal = primal
    made.slot = slot
    made._trace = trace
    return made


def primal_of(value: Any) -> Any:
    """The number or array under every level of tracing; for messages and shapes. What decides anything is compared."""
    while type(value) is Traced:
        value = value.primal
    return value


def settled(value: Any) -> Any:
    """A value that decides something (an index, a mask), without its traces; a program depends on it from now on."""
    if type(value) is slice:
        bounds = (value.start, value.stop, value.step)
        if any(type(b) is Traced or isinstance(b, numpy.integer) for b in bounds):
            return slice(*[None if b is None else index(settled(b)) for b in bounds])
        return value
    return value._trace.settle(value) if type(value) is Traced else value


_SQUARE, _pull_square = rules.scalar_code("square", (1,)), rules.array_pull("square", (1,))
_ENTRY = rules.ENTRY
_pull_slice = rules.array_pull("getitem", (1,))


def _operand(other: Any) -> Any:
    """The other side of an operator: lists and tuples become arrays, as NumPy does."""
    if isinstance(other, list | tuple):
        traced = any(type(v) is Traced for v in other)
        return apply("vector", *other) if traced else numpy.asarray(other)
    if _is_sparse(other):
        raise UsageError.of(
            "E420",
            "a sparse array and a traced one have no derivative entry by entry here",
            hints=("write x @ a for their product, or a.toarray()",),
        )
    return float(other) if type(other) is numpy.float64 else other


def _reflected(op: str, other: Any, x: Traced) -> Any:
    """``other op x``; of a sparse matrix, as opposed to a sparse array, ``*`` is the product."""
    return x.__rmatmul__(other) if op == "mul" and _is_sparse(other) else apply(op, _operand(other), x)


def _is_sparse(other: Any) -> bool:
    """Whether the other side is a sparse array or matrix of SciPy's."""
    return type(other).__module__.startswith("scipy.sparse") and hasattr(other, "tocsr")


def _comparison(op: str) -> Callable[[Traced, Any], Any]:
    def compare(self: Traced, other: Any) -> Any:
        if other is None or isinstance(other, str):
            return op == "not_equal"
        y = apply(op, self, _operand(other))
        return numpy.bool_(y) if type(y) is bool and self._trace.of_arrays else y

    return compare


#: Python's ``&``, ``|``, ``^`` and ``~`` on masks, which are traced while a program is.
_LOGICAL: dict[Any, Any] = {
    numpy.bitwise_and: numpy.logical_and,
    numpy.bitwise_or: numpy.logical_or,
    numpy.bitwise_xor: numpy.logical_xor,
    numpy.invert: numpy.logical_not,
}


def _of_masks(ufunc: Any, args: tuple[Any, ...]) -> Any:
    """NumPy's function of truth values in place of the one of bits, where all arguments are masks."""
    masks = all(getattr(a, "dtype", numpy.dtype(type(a))).kind == "b" for a in args)
    return _LOGICAL[ufunc] if masks else ufunc


def _bitwise(ufunc: Any) -> Callable[..., Any]:
    def method(self: Traced, *other: Any) -> Any:
        return call(_of_masks(ufunc, (self, *other)), (self, *other), {})

    return method


def _handled(name: str) -> Callable[..., Any]:
    """A method that goes to NumPy's function of that name."""

    def method(self: Traced, *args: Any, **kwargs: Any) -> Any:
        return call(getattr(numpy, name), (self, *args), kwargs)

    return method


def call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Hand a call of a NumPy function over traced values to its handler."""
    return _as_numpy(function, handler_of(function)(apply, *args, **kwargs))


def _as_numpy(function: Callable[..., Any], y: Any) -> Any:
    """A number that is not traced as NumPy's function gives it, with the methods of arrays: ``np.floor(x).astype(int)``."""
    if type(y) is float:
        return numpy.float64(y)
    return numpy.bool_(y) if type(y) is bool and type(function) is numpy.ufunc else y


class Traced(Tracer):
    """A float or an array on its way through a traced function: its primal, its slot, and the trace that it writes to.

    The primal is a Python float, a NumPy scalar of another precision, an array, or the traced value of a lower level.
    ``_trace`` has an underscore because ``x.trace()`` is NumPy's: all public names but ``primal`` and ``slot`` are an array's.
    """

    __slots__ = ("_entries", "_trace", "primal", "slot")
    __array_priority__ = 1000.0

    primal: Any
    slot: int
    _trace: Any
    _entries: Sequence[float]  #: those of a vector that is read one by one, from the first reading on

    __add__, __radd__, __iadd__ = operators.infix("add", "+", globals())
    __sub__, __rsub__, __isub__ = operators.infix("sub", "-", globals())
    __mul__, __rmul__, __imul__ = operators.infix("mul", "*", globals())
    __truediv__, __rtruediv__, __itruediv__ = operators.infix("div", "/", globals())

    def __neg__(self) -> Any:
        return apply("neg", self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return apply("abs", self) if self.dtype.kind != "c" else call(numpy.absolute, (self,), {})

    def __pow__(self, exponent: Any, modulus: None = None) -> Any:
        x, trace = self.primal, self._trace
        if type(exponent) is int and exponent == 2 and not trace.program:
            if type(x) is float:
                trace.append((_SQUARE, self.slot, x, x * x))
                return traced(x * x, len(trace.steps) - 1, trace)
            if type(x) is Array:
                y = x * x
                trace.append((_pull_square, "square", (self.slot,), (x,), (), y))
                return traced(y, len(trace.steps) - 1, trace)
        return power(self, exponent)

    def __rpow__(self, base: Any) -> Any:
        return apply("pow", _operand(base), self)

    def __mod__(self, other: Any) -> Any:
        return apply("mod", self, _operand(other))

    def __rmod__(self, other: Any) -> Any:
        return apply("mod", _operand(other), self)

    def __floordiv__(self, other: Any) -> Any:
        return apply("floordiv", self, _operand(other))

    def __rfloordiv__(self, other: Any) -> Any:
        return apply("floordiv", _operand(other), self)

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __matmul__(self, other: Any) -> Any:
        if _is_sparse(other):
            return apply("sparse_product", self.T, params=(other.T.copy(),)).T
        return apply("matmul", self, _operand(other))

    def __rmatmul__(self, other: Any) -> Any:
        if _is_sparse(other):
            if not self.shape:
                raise UsageError.of(
                    "E420",
                    "a sparse matrix times a traced number has no derivative here",
                    hints=("write s * (a @ x), or s * a.toarray()",),
                )
            return apply("sparse_product", self, params=(other.copy(),))
        return apply("matmul", _operand(other), self)

    __and__ = __rand__ = _bitwise(numpy.bitwise_and)
    __or__ = __ror__ = _bitwise(numpy.bitwise_or)
    __xor__ = __rxor__ = _bitwise(numpy.bitwise_xor)
    __invert__ = _bitwise(numpy.invert)

    __lt__ = _comparison("less")
    __le__ = _comparison("less_equal")
    __gt__ = _comparison("greater")
    __ge__ = _comparison("greater_equal")
    __eq__ = _comparison("equal")
    __ne__ = _comparison("not_equal")
    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        if self._trace.program:  # it depends on whether a number is zero, not on which one it is
            return bool(settled(self if self.dtype.kind in "biu" else apply("not_equal", self, 0.0)))
        return bool(self.primal)

    @property
    def shape(self) -> Shape:
        """The shape of the primal, ``()`` for a number."""
        found: Shape = getattr(self.primal, "shape", ())
        return found

    @shape.setter
    def shape(self, new: Any) -> None:
        """The same entries in another shape, for every name that this value goes by."""
        found = self.reshape(new)
        self.primal, self.slot, self._entries = found.primal, found.slot, ()

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of entries."""
        n = 1
        for length in self.shape:
            n *= length
        return n

    @property
    def dtype(self) -> Any:
        """The precision of the primal; a Python float is a double."""
        return getattr(self.primal, "dtype", None) or numpy.dtype(type(self.primal))

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The array with its axes in reverse order."""
        return apply("transpose", self)

    @property
    def real(self) -> Any:
        """The real part."""
        return call(numpy.real, (self,), {})

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return call(numpy.imag, (self,), {})

    @property
    def flat(self) -> Any:
        """The entries one after the other."""
        return self.reshape(-1)

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a traced number")
        return self.shape[0]

    def __getitem__(self, index: Any) -> Any:
        x, trace = self.primal, self._trace
        if type(index) is int:
            try:
                y = self._entries[index]
            except AttributeError:
                self._entries = listed(x) if not trace.program else ()
                return self[index]
            except IndexError:
                pass  # NumPy says it in its own words
            else:
                trace.append((_ENTRY, self.slot, x, index, y))
                made = Traced()
                made.primal = y
                made.slot = len(trace.steps) - 1
                made._trace = trace
                return made
        elif type(index) is slice and type(x) is Array and not trace.program:
            part = x[index]
            trace.append((_pull_slice, "getitem", (self.slot,), (x,), (index,), part))
            return traced(part, len(trace.steps) - 1, trace)
        params = index if type(index) is tuple else (index,)
        return apply("getitem", self, params=tuple([settled(e) for e in params]))

    def __iter__(self) -> Iterator[Any]:
        return iter([self[i] for i in range(len(self))])

    def reshape(self, *shape: Any, order: str = "C") -> Any:
        """The entries in another shape."""
        return call(numpy.reshape, (self, shape[0] if len(shape) == 1 else shape), {"order": order})

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order, the reverse where none is given."""
        chosen = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return call(numpy.transpose, (self, chosen), {})

    def dot(self, other: Any) -> Any:
        """The product of matrices or vectors."""
        return call(numpy.dot, (self, other), {})

    def flatten(self, order: str = "C") -> Any:
        """The entries in a row."""
        return call(numpy.ravel, (self,), {"order": order})

    def conj(self) -> Any:
        """The complex conjugate."""
        return call(numpy.conjugate, (self,), {})

    conjugate = conj

    def copy(self, order: str = "C") -> Any:
        """The value itself: nothing is ever written into a traced array."""
        return self

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        return self

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise refused(
            self,
            "E405",
            "a traced value cannot be pickled: what is loaded again would have lost its derivative",
            "stop_gradient(x) gives the plain value where no derivative is wanted",
        )

    def astype(self, dtype: Any, **options: Any) -> Any:
        """The same entries in another precision; as whole numbers or truth values they are constants."""
        from calcgrad.numpy_names.shaping import cast

        return cast(apply, self, dtype)

    def item(self, *index: Any) -> Any:
        """One entry, still traced."""
        return self.reshape(-1)[index[0] if index else 0] if self.shape else self

    def tolist(self) -> Any:
        """The entries as nested lists of traced numbers."""
        return [entry.tolist() for entry in self] if self.shape else self

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and method == "__call__":
            short = SHORTS.get(ufunc) or short_way(ufunc)
            x, trace = self.primal, self._trace
            if type(x) is float:
                if type(y := short.of_float(x)) is float:
                    trace.append((short.code, self.slot, x, y))
                    return traced(y, len(trace.steps) - 1, trace)
            elif type(x) is Array and short.pull is not None and not trace.program and x.dtype.kind == "f":
                y = short.of_array(x)
                trace.append((short.pull, short.op, (self.slot,), (x,), (), y))
                return traced(y, len(trace.steps) - 1, trace)
        if method != "__call__":
            return method_of(ufunc, method)(apply, *args, **kwargs)
        if len(kwargs) > 1 or kwargs.get("where", True) is not True:
            return of_chosen(apply, ufunc, args, kwargs)
        return call(_of_masks(ufunc, args) if ufunc in _LOGICAL else ufunc, args, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return call(function, args, kwargs)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise refused(
            self,
            "E404",
            "an entry of a traced array cannot be written",
            "make a new array instead: np.where(mask, new, x), np.concatenate or np.stack of the parts",
        )

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        if asked_by_a_sparse_matrix():
            whole = numpy.empty(
                (), object
            )  # what SciPy does not take for an array, so that __rmatmul__ is asked
            whole[()] = self
            return whole
        if asked_by_a_foreign_one():
            raise self._trace.foreign()
        refusal = asked_by_scipy()
        if refusal is not None:
            if isinstance(refusal, InPlaceError):
                self._trace.refused, refusal.marked = refusal, self._trace
            raise refusal
        if self.dtype.kind in "iub":  # what was decided, while a program is traced
            return numpy.array(settled(self), dtype)
        raise refused(
            self,
            "E401",
            "a traced value cannot become an entry of a plain array: its derivative would be lost",
            OUTSIDE,
            "stop_gradient(x) gives the plain value where no derivative is wanted",
        )

    def __float__(self) -> float:
        raise refused(
            self,
            "E402",
            "a traced value has no plain number: a plain one would lose its derivative",
            "int(x) and code that is not Python's need one: NumPy's functions do not",
            OUTSIDE,
            "stop_gradient(x) gives the plain value where no derivative is wanted",
        )

    __complex__ = __float__

    def __int__(self) -> int:
        """A step of a staircase, whose slope is 0: no derivative is lost. A program depends on which step it is."""
        if self.dtype.kind in "iub":
            return int(settled(self))
        step = int(primal_of(self))
        if self._trace.rounded is None:
            self._trace.rounded = line_of_user()
        lower, least = ("greater_equal", step) if step > 0 else ("greater", step - 1)
        upper, most = ("less_equal", step) if step < 0 else ("less", step + 1)
        for side, limit in ((lower, least), (upper, most)):
            bool(apply(side, self, float(limit)))
        return step

    def __index__(self) -> int:
        if self.dtype.kind not in "iu" and type(primal_of(self)) is not bool:
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return int(settled(self))  # the outcome of a search, say, while a program is traced

    def __round__(self, digits: Any = None) -> Any:
        return call(numpy.round, (self, digits or 0), {})

    def __repr__(self) -> str:
        return f"Traced({primal_of(self)!r})"

    def __format__(self, spec: str) -> str:
        """For people to read: ``float`` of such a text, which would have lost its derivative, is an error."""
        return f"Traced({format(primal_of(self), spec)})"


for _name in (
    *("sum", "mean", "prod", "max", "min", "var", "std", "cumsum", "cumprod", "ptp", "ravel", "swapaxes"),
    *("squeeze", "repeat", "take", "clip", "round", "trace", "diagonal", "argmax", "argmin", "argsort"),
    *("any", "all", "nonzero", "searchsorted", "compress"),
):
    setattr(Traced, _name, _handled(_name))


def _not_traced(name: str) -> property:
    """An array's attribute that traced values do not have. (``__getattr__`` would make all others slow.)"""

    def absent(self: Traced) -> Any:
        raise NotTracedError.of(
            "E405",
            f"the array's attribute {name!r} is not traced",
            hints=("calcgrad.stop_gradient(x) gives the plain array where no derivative is wanted",),
        )

    return property(absent)


for _name in dir(numpy.ndarray):
    if not _name.startswith("_") and not hasattr(Traced, _name):
        setattr(Traced, _name, _not_traced(_name))


def _augmented(name: str) -> Callable[..., Any]:
    """An augmented operator without a short way."""
    plain = getattr(Traced, f"__{name}__")

    def method(self: Traced, other: Any) -> Any:
        if self.shape:
            raise written_over(self)
        return plain(self, other)

    return method


for _name in ("pow", "mod", "floordiv", "matmul", "and", "or", "xor"):
    setattr(Traced, f"__i{_name}__", _augmented(_name))


def power(base: Any, exponent: Any) -> Any:
    """``base ** exponent``; small whole exponents are products, and 0.5 is the square root, as in NumPy."""
    if type(exponent) is int or type(exponent) is float:
        if exponent == 2:
            return apply("square", base)
        if exponent == 3:
            return apply("mul", apply("square", base), base)
        if exponent == 1:
            return base
        if exponent == 0.5:
            return apply("sqrt", base)
        if exponent == -1:
            return apply("div", 1.0, base)
        exponent = float(exponent)
    return apply("pow", base, _operand(exponent))
