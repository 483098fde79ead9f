"""Whether a traced function has the value that it has without tracing: asked once of each code, precision and shape.

Python can ask a value what it is: ``isinstance(x, np.ndarray)``, ``np.isscalar(x)``, an alias that one assignment changes and
another does not. A traced value may answer otherwise than an array, the function then takes another way, and what is
differentiated is another function. So the first trace of a function is followed by one plain run on copies of its arguments;
where the values differ beyond rounding, no derivative is given (E460).

A function that differs between two plain runs is one of chance or of state: it is noted as such, and taken. NumPy's and Python's
own generators, where the traced run drew from them, are set back for the plain run, and left as the traced run left them.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from types import CodeType, MethodType
from typing import Any, NamedTuple

import numpy

from calcgrad.errors import UsageError
from calcgrad.phrases import figure
from calcgrad.pytrees import flatten
from calcgrad.tracer import is_traced
from calcgrad.tracing.duplicates import Duplicates, plain_leaf
from calcgrad.tracing.quiet import quiet
from calcgrad.tracing.seeds import seeds, sown
from calcgrad.tracing.traced import primal_of
from calcgrad.tracing.whereabouts import level

Array = numpy.ndarray

#: Values of a whole that differ by more than this, relative to the largest, are looked at again.
LOOSE = 1e-9
#: Arguments of more bytes than this are not copied: the function is then taken on trust.
LARGEST = 2**28
#: So many kinds of calls are remembered.
MANY = 10_000

_TRUSTED: ContextVar[bool] = ContextVar(
    "_TRUSTED", default=os.environ.get("CALCGRAD_TRUST", "0") not in ("", "0")
)
_OURS = str(Path(__file__).parents[1]) + os.sep
#: The code objects met, by identity (kept alive with it), and the kinds of arguments that each agreed for.
_AGREED: dict[int, tuple[Any, set[Any] | None]] = {}


class RandomFunctionWarning(UserWarning):
    """A function has another value each time that it is run: its derivative is that of one run."""


@contextmanager
def trusted() -> Iterator[None]:
    """Within this, functions are taken on trust: their traced values are not compared with a plain run.

    The comparison is made once for each function and shapes; it costs one call of the function without tracing. The environment
    variable ``CALCGRAD_TRUST=1`` says the same of a whole process.

    >>> from calcgrad import grad
    >>> with trusted():
    ...     grad(lambda x: x**2)(3.0)
    6.0
    """
    token = _TRUSTED.set(True)
    try:
        yield
    finally:
        _TRUSTED.reset(token)


class Question(NamedTuple):
    """A call whose value is to be compared: copies of its arguments, and the generators' states before it."""

    function: Callable[..., Any]
    args: Sequence[Any]
    kwargs: dict[str, Any]
    kinds: tuple[Any, ...]
    seeds: tuple[Any, Any]

    def plain(self, bend: Callable[[Any], Any] | None = None) -> tuple[list[Any], Any] | None:
        """The leaves and the structure of a plain run; ``None`` where it raises, or gives something traced."""
        args, kwargs = Duplicates(bend).of((tuple(self.args), self.kwargs))
        try:
            with sown(self.seeds), quiet(), numpy.errstate(all="ignore"):
                leaves, structure = flatten(self.function(*args, **kwargs))
        except Exception:  # what does not run without tracing has no value to differ from
            return None
        return None if any(map(is_traced, leaves)) else (leaves, structure)


def question(
    function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any], primals: Sequence[Any]
) -> Question | None:
    """What is to be asked of a call, before it is traced; ``None`` where the answer is known, or not wanted."""
    code = _code_of(function)
    kinds = tuple([_kind(p) for p in primals])
    if len(args) > 1 and len({id(a) for a in args}) < len(args):
        kinds += ("shared",)  # one object in two places: writing into it may mean something else
    known = _AGREED.get(id(code))
    if known is not None and known[0] is code:
        if known[1] is None or kinds in known[1]:
            return None
    elif code is None or code.co_filename.startswith(_OURS):
        _AGREED[id(code)] = (code, None)
        return None
    return None if _TRUSTED.get() else asked_always(function, args, kwargs, kinds, primals)


def asked_always(
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: dict[str, Any],
    kinds: tuple[Any, ...] = (),
    primals: Sequence[Any] = (),
) -> Question | None:
    """The same, whether or not the function was met before; ``None`` where its arguments are too large to copy.

    ``primals`` are what the trace takes as inputs, each a value of its own even where the caller gave one array twice.
    """
    leaves = flatten((tuple(args), kwargs))[0]
    if sum(getattr(leaf, "nbytes", 0) for leaf in leaves) > LARGEST:
        return None
    copied, named = Duplicates(apart={id(p) for p in primals}).of((tuple(args), kwargs))
    return Question(function, copied, named, kinds, seeds())


def answer(asked: Question, found: Sequence[Any], structure: Any, aux: bool = False) -> None:
    """Compare what the traced call gave. Raises ``UsageError`` E460 where a plain run has another value."""
    run = _first(asked.plain(), aux)
    if run is None or _same(found, structure, run):
        return _agreed(asked)
    again = _first(asked.plain(), aux)
    if again is None or not _same(run[0], run[1], again, exact=True):
        _agreed(asked)
        warnings.warn(
            f"{_name(asked.function)} has another value each time it is run: the derivative is that of one run",
            RandomFunctionWarning,
            stacklevel=level(),
        )
        return None
    if _within_rounding(asked, found, structure, run, aux):
        return _agreed(asked)
    raise _refusal(asked, found, run[0])


def _first(run: tuple[list[Any], Any] | None, aux: bool) -> tuple[list[Any], Any] | None:
    """The result alone, where a pair of it and of other values was returned."""
    if run is None or not aux:
        return run
    leaves, structure = run
    if len(structure.branches) != 2:
        return None
    return leaves[: structure.branches[0].leaves], structure.branches[0]


def _same(
    found: Sequence[Any], structure: Any, run: tuple[list[Any], Any], exact: bool = False, allowed: Any = None
) -> bool:
    """Whether two results are trees of one form whose entries agree, relative to the largest of each leaf."""
    leaves, form = run
    if structure != form or len(found) != len(leaves):
        return False
    extra = [0.0] * len(leaves) if allowed is None else allowed
    return all(
        _close(primal_of(a), b, 0.0 if exact else LOOSE, more)
        for a, b, more in zip(found, leaves, extra, strict=True)
    )


def _close(found: Any, plain: Any, loose: float, more: Any) -> bool:
    if found is plain or numpy.shape(found) != numpy.shape(plain):
        return bool(numpy.shape(found) == numpy.shape(plain))
    a, b = numpy.asarray(found), numpy.asarray(plain)
    if a.dtype.kind not in "fcbiu" or b.dtype.kind not in "fcbiu":
        return True
    if a.dtype.kind == b.dtype.kind == "b":
        return numpy.array_equal(a, b)
    if "c" in (a.dtype.kind, b.dtype.kind) and a.dtype.kind != b.dtype.kind:
        return False
    finite = numpy.abs(b)[numpy.isfinite(b)] if b.size else b
    unit = max([float(numpy.finfo(k).eps) if k.kind in "fc" else 0.0 for k in (a.dtype, b.dtype)])
    scale = (loose and max(loose, 1e3 * unit)) * (float(finite.max()) if finite.size else 0.0)
    with numpy.errstate(all="ignore"):
        return bool(numpy.all((a == b) | ((a != a) & (b != b)) | (numpy.abs(a - b) <= scale + more)))


def _within_rounding(
    asked: Question, found: Sequence[Any], structure: Any, run: tuple[list[Any], Any], aux: bool
) -> bool:
    """Whether the values differ by no more than what a few units in the last place of the arguments change."""
    moved = [
        _first(asked.plain(lambda leaf, k=k: _bent(leaf, k)), aux)  # type: ignore[misc]
        for k in range(3)
    ]
    sound = [m for m in moved if m is not None and m[1] == run[1]]
    if not sound:
        return False
    allowed: list[Any] = []
    for k, leaf in enumerate(run[0]):
        spread = [
            numpy.abs(numpy.asarray(m[0][k]) - leaf)
            for m in sound
            if numpy.shape(m[0][k]) == numpy.shape(leaf)
            and not isinstance(leaf, str | bool)
            and getattr(leaf, "dtype", None) != numpy.bool_
        ]
        allowed.append(100 * float(numpy.max(spread)) if spread and numpy.size(spread) else 0.0)
    return _same(found, structure, run, allowed=allowed)


def _bent(leaf: Any, k: int) -> Any:
    """An argument moved by some units in the last place, up and down."""
    if (
        not isinstance(leaf, float | Array | numpy.floating)
        or getattr(leaf, "dtype", numpy.dtype(float)).kind != "f"
    ):
        return plain_leaf(leaf)
    value = numpy.asarray(leaf)
    signs = numpy.random.RandomState(k).choice([-1, 1], size=value.shape)
    bent = value * (1 + 4 * signs * numpy.finfo(value.dtype).eps)
    return bent.astype(value.dtype) if isinstance(leaf, Array) else type(leaf)(bent)


def _kind(primal: Any) -> Any:
    if type(primal) is float:
        return float
    primal = primal_of(primal)
    return (primal.shape, primal.dtype) if type(primal) is Array else type(primal)


def _agreed(asked: Question) -> None:
    code = _code_of(asked.function)
    if len(_AGREED) > MANY:
        _AGREED.clear()
    known = _AGREED.setdefault(id(code), (code, set()))
    if known[0] is not code:
        known = _AGREED[id(code)] = (code, set())
    if known[1] is not None and len(known[1]) < MANY:
        known[1].add(asked.kinds)


def _code_of(function: Any) -> Any:
    """The code of a method, of a partial call, of an object that can be called; ``None`` of what is no Python code."""
    while isinstance(function, partial):
        function = function.func
    found = function.__func__ if isinstance(function, MethodType | staticmethod) else function
    code = getattr(found, "__code__", None)
    if isinstance(code, CodeType):  # an object may answer to any name
        return code
    called = next((vars(base)["__call__"] for base in type(found).__mro__ if "__call__" in vars(base)), None)
    return getattr(called, "__code__", None)


def _name(function: Any) -> str:
    return str(getattr(function, "__name__", None) or type(function).__name__)


def _refusal(asked: Question, found: Sequence[Any], plain: Sequence[Any]) -> UsageError:
    from calcgrad.tracing.parting import parting

    place = parting(asked, found)
    return UsageError.of(
        "E460",
        f"{_name(asked.function)} has another value when it is traced: {_told(found)}, without tracing {_told(plain)}",
        hints=(
            *([place] if place else []),
            "a traced value is no numpy.ndarray and no float: ask np.ndim(x) or np.shape(x) instead of isinstance",
            "calcgrad.trusted() takes functions on trust",
        ),
    )


def _told(leaves: Sequence[Any]) -> str:
    """The first entries of a result."""
    values = [primal_of(leaf) for leaf in leaves]
    if not values:
        return "nothing"
    text = ", ".join(
        figure(v)
        if isinstance(v, float)
        else f"an array of shape {v.shape}"
        if v.size > 6
        else str(v.tolist())
        if isinstance(v, Array)
        else str(v)
        for v in values[:3]
    )
    return text + (", …" if len(values) > 3 else "")
