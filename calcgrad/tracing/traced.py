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
from itertools import count
from operator import add, index, mul, sub
from typing import Any, NamedTuple

import numpy

from calcgrad.autodiff.tape import Step, Tape
from calcgrad.errors import UsageError
from calcgrad.numpy_names import handler_of, method_of, of_chosen
from calcgrad.numpy_names.registry import asked_by_a_sparse_matrix, asked_by_scipy
from calcgrad.numpy_names.ufuncs import single_operation
from calcgrad.operations.shapes import Shape
from calcgrad.tracer import InPlaceError, NotTracedError, Tracer
from calcgrad.tracing import buffers, heap, keeping, rules
from calcgrad.tracing.values import array_function, inert, rounds, value_of_operation
from calcgrad.tracing.whereabouts import line_of_user

Array = numpy.ndarray
_PLAIN = frozenset((numpy.ndarray, float, int))

_levels = count(1)


class Trace:
    """What one derivative writes down (a Wengert list): a place for each input, then the steps in order.

    Slots are places in ``steps``. ``closed`` is set when the derivative is done: a value that escaped it is refused.
    """

    __slots__ = (
        *("append", "closed", "compared", "level", "of_arrays", "primals", "refused", "rounded", "steps"),
        *("most_order", "stopped", "swept", "watched"),
    )

    #: Whether what is written is a program for other values too: then every operation is a step, comparisons as well.
    program = False

    def __init__(self) -> None:
        self.level = next(_levels)
        self.steps: list[Any] = []
        self.append: Callable[[Any], None] = self.steps.append
        self.primals: list[Any] = []
        self.closed = False
        self.compared = False  # whether a traced value decided anything
        self.stopped = False  # whether a derivative was stopped on purpose
        self.swept = False  # whether an inner derivative's sweep wrote here
        self.of_arrays = (
            False  # whether all inputs are arrays: then what is decided of numbers is NumPy's, not Python's
        )
        self.refused: UsageError | None = None  # what was refused, in case the function catches the error
        self.rounded: str | None = (
            None  # the first line at which a number was rounded: its slope is taken for 0
        )
        self.most_order: int | None = (
            None  # the highest order to which the steps have the function's derivatives
        )
        self.watched: keeping.Watched = {}

    def input(self, primal: Any) -> Traced:
        """A new input; all are made before the first step."""
        if type(primal) is Array and primal.nbytes >= heap.LARGE:
            heap.keep()
        arrays = primal._trace.of_arrays if type(primal) is Traced else type(primal) is not float
        self.of_arrays = arrays and (self.of_arrays or not self.primals)
        self.steps.append(None)
        self.primals.append(primal)
        return Traced(primal, len(self.steps) - 1, self)

    def close(self) -> None:
        """Nothing more is written here."""
        self.closed = True
        self.append = _refuse

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return len(self.primals)

    def keep(self, value: Any) -> Any:
        """An argument or a parameter as a step may keep it: what its owner may write into is copied, or watched."""
        if type(value) is Array:
            return keeping.keep(self.watched, value)
        return list(value) if type(value) is list else value

    def verify(self) -> None:
        """Before a sweep: raises ``UsageError`` E419 where an array was written into after it had been used."""
        if self.watched:
            keeping.verify(self.watched)

    def settle(self, value: Traced) -> Any:
        """The value under a traced one that decides something; a program depends on it from now on."""
        return value.primal._trace.settle(value.primal) if type(value.primal) is Traced else value.primal

    def record(self, op: str, args: tuple[Any, ...], params: tuple[Any, ...]) -> Any:
        """Evaluate an operation on the primals and write the step; what never has a derivative is not written."""
        if self.closed:
            raise escaped()
        slots: list[int | None] = []
        primals: list[Any] = []
        nested = False
        for a in args:
            kind = type(a)
            if kind is Traced and a._trace is self:
                slots.append(a.slot)
                a = a.primal  # noqa: PLW2901
                kind = type(a)
            else:
                slots.append(None)
                if kind is Array or kind is list:
                    a = self.keep(a)  # noqa: PLW2901
            nested = nested or kind is Traced
            primals.append(a)
        params = tuple(map(self.keep, params)) if params else params
        y = apply(op, *primals, params=params) if nested else value_of_operation(op)(*primals, *params)
        if inert(op):
            self.compared = True
            if self.rounded is None and rounds(op):
                self.rounded = line_of_user()
            return y
        self.steps.append(rules.step_of(op, slots, primals, params, y, nested))
        return Traced(y, len(self.steps) - 1, self)

    def tape(self, slots: Sequence[int | None], primals: Sequence[Any]) -> Tape:
        """What was written, as a tape with these outputs; an output that no step made is a constant.

        Raises ``UsageError`` E413 where a step has a rule of its own, which a tape cannot hold.
        """
        self.verify()
        constants: list[Any] = []

        def place(slot: int | None, value: Any) -> int:
            if slot is not None:
                return slot
            constants.append(float(value) if type(value) is int else value)
            return -len(constants)

        written: list[Step] = []
        for _, op, args, values, params, _ in map(rules.view, self.steps[self.inputs :]):
            if type(op) is not str:
                raise UsageError.of(
                    "E413", "a function with a rule of its own has a first derivative only here"
                )
            written.append(Step(op, tuple(map(place, args, values)), params))
        names = tuple([f"input{k}" for k in range(self.inputs)])
        outputs = tuple(map(place, slots, primals))
        return Tape(names, tuple(constants), tuple(written), outputs)

    def nbytes(self) -> int:
        """The bytes of the arrays that the steps keep alive, each buffer counted once; numbers count 8 each."""
        buffers: dict[int, int] = {}
        numbers = 0
        for step in self.steps[self.inputs :]:
            _, _, _, args, _, y = rules.view(step)
            for value in map(primal_of, (*args, y)):
                if type(value) is numpy.ndarray:
                    owner = value if value.base is None else value.base
                    buffers[id(owner)] = getattr(owner, "nbytes", value.nbytes)
                else:
                    numbers += 8
        return numbers + sum(buffers.values())


def apply(op: str, *args: Any, params: tuple[Any, ...] = ()) -> Any:
    """Evaluate an operation of the table; a step is written on the highest trace among the arguments, if there is one."""
    top: Trace | None = None
    for a in args:
        if type(a) is Traced and (top is None or a._trace.level > top.level):
            top = a._trace
    if top is None:
        return value_of_operation(op)(*args, *params)
    return top.record(op, args, params)


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


def _refuse(step: Any) -> None:
    raise escaped()


def escaped() -> UsageError:
    """The error for a value of a closed trace."""
    return UsageError.of(
        "E403",
        "a traced value was used after its derivative was done",
        hints=(
            "return it from the function instead of keeping it; has_aux=True returns values beside the result",
        ),
    )


def _operator(op: str, fast: Callable[[Any, Any], Any]) -> tuple[Callable[..., Any], ...]:
    """An infix operator, its reflected and its augmented form; floats, and arrays of one trace, take a short way."""
    both, first, second = (rules.scalar_code(op, active) for active in ((1, 1), (1, 0), (0, 1)))
    two, one, other_one = (rules.array_pull(op, active) for active in ((1, 1), (1, 0), (0, 1)))
    ufunc = array_function(op)

    def left(self: Traced, other: Any) -> Any:
        x, trace = self.primal, self._trace
        kind = type(other)
        if type(x) is float:
            if kind is Traced:
                b = other.primal
                if other._trace is trace and type(b) is float:
                    y = fast(x, b)
                    trace.append((both, self.slot, other.slot, x, b, y))
                    return Traced(y, len(trace.steps) - 1, trace)
            elif kind is float or kind is int:
                y = fast(x, other)
                trace.append((first, self.slot, None, x, other, y))
                return Traced(y, len(trace.steps) - 1, trace)
        elif type(x) is Array and not trace.program:
            if kind is Traced:
                b = other.primal
                if other._trace is trace and type(b) in _PLAIN:
                    y = ufunc(x, b)
                    trace.append((two, op, (self.slot, other.slot), (x, b), (), y))
                    return Traced(y, len(trace.steps) - 1, trace)
            elif kind in _PLAIN:
                other = trace.keep(other) if kind is Array else other
                y = ufunc(x, other)
                trace.append((one, op, (self.slot, None), (x, other), (), y))
                return Traced(y, len(trace.steps) - 1, trace)
        if getattr(other, "__array_ufunc__", self) is None:
            return NotImplemented
        return apply(op, self, _operand(other))

    def right(self: Traced, other: Any) -> Any:
        x, trace = self.primal, self._trace
        if type(other) is float or type(other) is int:
            if type(x) is float:
                y = fast(other, x)
                trace.append((second, None, self.slot, other, x, y))
                return Traced(y, len(trace.steps) - 1, trace)
            if type(x) is Array and not trace.program:
                y = ufunc(other, x)
                trace.append((other_one, op, (None, self.slot), (other, x), (), y))
                return Traced(y, len(trace.steps) - 1, trace)
        if getattr(other, "__array_ufunc__", self) is None:
            return NotImplemented
        if op == "mul" and _is_sparse(
            other
        ):  # of a sparse matrix, as opposed to a sparse array, * is the product
            return self.__rmatmul__(other)
        return apply(op, _operand(other), self)

    def augmented(self: Traced, other: Any) -> Any:
        x, trace = self.primal, self._trace
        if type(x) is float:
            if type(other) is Traced and other._trace is trace and type(other.primal) is float:
                y = fast(x, other.primal)
                trace.append((both, self.slot, other.slot, x, other.primal, y))
                return Traced(y, len(trace.steps) - 1, trace)
        elif self.shape:
            raise written_over(self)
        return left(self, other)

    return left, right, augmented


def written_over(x: Traced) -> InPlaceError:
    """The error for an operator that writes over a traced array."""
    return _refused(
        x,
        "E404",
        "a traced array cannot be written over",
        "x = x + y makes a new array, x += y writes over the old one",
    )


_SQUARE, _pull_square = rules.scalar_code("square", (1,)), rules.array_pull("square", (1,))
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


class _Short(NamedTuple):
    """What the short way of a function of one argument needs; ``of_float`` gives ``None`` where there is none."""

    op: str
    code: int | None
    pull: Any
    of_float: Callable[[float], Any]
    of_array: Callable[[Any], Any]


_shorts: dict[Any, _Short] = {}


def _short_way(ufunc: Any) -> _Short:
    """The short way of a function that is one operation with a derivative; any other goes by its handler."""
    op = single_operation(ufunc)
    code = None if op is None or inert(op) else rules.scalar_code(op, (1,))
    if op is None or code is None:
        found = _Short("", None, None, lambda x: None, lambda x: None)
    else:
        value = value_of_operation(op)
        found = _Short(op, code, rules.array_pull(op, (1,)), value, value)
    _shorts[ufunc] = found
    return found


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

    __slots__ = ("_trace", "primal", "slot")
    __array_priority__ = 1000.0

    def __init__(self, primal: Any, slot: int, trace: Trace) -> None:
        self.primal = primal
        self.slot = slot
        self._trace = trace

    __add__, __radd__, __iadd__ = _operator("add", add)
    __sub__, __rsub__, __isub__ = _operator("sub", sub)
    __mul__, __rmul__, __imul__ = _operator("mul", mul)
    __truediv__, __rtruediv__, __itruediv__ = _operator("div", value_of_operation("div"))

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
                return Traced(x * x, len(trace.steps) - 1, trace)
            if type(x) is Array:
                y = x * x
                trace.append((_pull_square, "square", (self.slot,), (x,), (), y))
                return Traced(y, len(trace.steps) - 1, trace)
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
        if self._trace.program:
            return bool(self._trace.settle(self))
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
        self.primal, self.slot = found.primal, found.slot

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
        if type(x) is Array and not trace.program:
            if type(index) is int and x.ndim == 1 and x.dtype == numpy.float64:
                trace.append((buffers.pull_entry, "getitem", (self.slot,), (x,), (index,), x.item(index)))
                return Traced(trace.steps[-1][-1], len(trace.steps) - 1, trace)
            if type(index) is slice:
                trace.append((_pull_slice, "getitem", (self.slot,), (x,), (index,), x[index]))
                return Traced(trace.steps[-1][-1], len(trace.steps) - 1, trace)
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
        raise _refused(
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
            short = _shorts.get(ufunc) or _short_way(ufunc)
            x, trace = self.primal, self._trace
            if type(x) is float:
                if type(y := short.of_float(x)) is float:
                    trace.append((short.code, self.slot, x, y))
                    return Traced(y, len(trace.steps) - 1, trace)
            elif type(x) is Array and short.pull is not None and not trace.program and x.dtype.kind == "f":
                y = short.of_array(x)
                trace.append((short.pull, short.op, (self.slot,), (x,), (), y))
                return Traced(y, len(trace.steps) - 1, trace)
        if method != "__call__":
            return method_of(ufunc, method)(apply, *args, **kwargs)
        if len(kwargs) > 1 or kwargs.get("where", True) is not True:
            return of_chosen(apply, ufunc, args, kwargs)
        return call(_of_masks(ufunc, args) if ufunc in _LOGICAL else ufunc, args, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return call(function, args, kwargs)

    def __setitem__(self, index: Any, value: Any) -> None:
        raise _refused(
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
        refusal = asked_by_scipy()
        if refusal is not None:
            if isinstance(refusal, InPlaceError):
                self._trace.refused, refusal.marked = refusal, self._trace
            raise refusal
        if self.dtype.kind in "iub":  # what was decided, while a program is traced
            return numpy.array(settled(self), dtype)
        raise _refused(
            self,
            "E401",
            "a traced value cannot become an entry of a plain array: its derivative would be lost",
            _OUTSIDE,
            "stop_gradient(x) gives the plain value where no derivative is wanted",
        )

    def __float__(self) -> float:
        raise _refused(
            self,
            "E402",
            "a traced value has no plain number: a plain one would lose its derivative",
            "int(x) and code that is not Python's need one: NumPy's functions do not",
            _OUTSIDE,
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
        if self.dtype.kind not in "iu":
            raise TypeError("only integer scalar arrays can be converted to a scalar index")
        return int(settled(self))  # the outcome of a search, say, while a program is traced

    def __round__(self, digits: Any = None) -> Any:
        return call(numpy.round, (self, digits or 0), {})

    def __repr__(self) -> str:
        return f"Traced({primal_of(self)!r})"

    def __format__(self, spec: str) -> str:
        """For people to read: ``float`` of such a text, which would have lost its derivative, is an error."""
        return f"Traced({format(primal_of(self), spec)})"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or not hasattr(numpy.ndarray, name):
            raise AttributeError(f"a traced value has no attribute {name!r}")
        raise NotTracedError.of(
            "E405",
            f"the array's attribute {name!r} is not traced",
            hints=("calcgrad.stop_gradient(x) gives the plain array where no derivative is wanted",),
        )


for _name in (
    *("sum", "mean", "prod", "max", "min", "var", "std", "cumsum", "cumprod", "ptp", "ravel", "swapaxes"),
    *("squeeze", "repeat", "take", "clip", "round", "trace", "diagonal", "argmax", "argmin", "argsort"),
    *("any", "all", "nonzero", "searchsorted", "compress"),
):
    setattr(Traced, _name, _handled(_name))


_OUTSIDE = "into an array that the function did not make (a global one, say) nothing traced is written: write into buffer.copy()"


def _refused(x: Traced, code: str, message: str, *hints: str) -> InPlaceError:
    """The error for what plain tracing cannot follow; its trace raises it again, should the function catch it."""
    error = InPlaceError.of(code, message, hints=hints)
    x._trace.refused, error.marked = error, x._trace
    return error


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
