"""Which function has which handler, and what is said of one that has none.

Handlers are registered under the dotted names that people write (``numpy.linalg.solve``); a name that the installed NumPy
does not have is left out. Those of SciPy are looked up when the first function of SciPy's is met.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any, NoReturn, TypeAlias

import numpy

from calcgrad.errors import UsageError
from calcgrad.numpy_names.scipys import distribution_of, path_of
from calcgrad.operations.transposes import Apply
from calcgrad.tracer import InPlaceError, is_traced

Handler: TypeAlias = Callable[..., Any]

#: The handler of each function, by the function itself, and the name that it was registered under.
HANDLERS: dict[Any, Handler] = {}
NAMES: dict[Any, str] = {}
#: Handlers of ``add.reduce`` and its like, by the ufunc and the method.
METHODS: dict[tuple[Any, str], Handler] = {}
#: How a method goes entry after entry, by its name, where a ufunc has no handler of its own for it.
FOLDING: dict[str, Callable[[Any], Handler]] = {}
#: The handlers of SciPy's functions, by their names, until the first of them is met.
WAITING: dict[str, Handler] = {}

#: Not those whose reductions NumPy gets wrong: of power and arctan2 it takes the first and the last entry alone (2.4).
_FOLDED = frozenset(
    getattr(numpy, name)
    for name in (
        "divide",
        "floor_divide",
        "remainder",
        "fmod",
        "copysign",
        "logaddexp",
        "logaddexp2",
        "fmin",
        "fmax",
    )
) | {numpy.hypot}

#: What to write instead of a function that is not covered.
INSTEAD = {
    "numpy.frompyfunc": "numpy.vectorize",
    "numpy.histogram": "counts have no derivative; sums of smooth kernels (exp, sigmoid) do",
    "numpy.put": "numpy.where, or numpy.concatenate of the parts",
    "numpy.place": "numpy.where(mask, new, x)",
    "numpy.putmask": "numpy.where(mask, new, x)",
    "numpy.copyto": "numpy.where(mask, new, x), or value * numpy.ones_like(x) in place of numpy.full_like",
    "numpy.put_along_axis": "numpy.where(mask, new, x)",
    "numpy.fill_diagonal": "numpy.where(numpy.eye(n, dtype=bool), value, x)",
    "numpy.nextafter": "it has no derivative",
    "numpy.spacing": "it has no derivative",
    "numpy.row_stack": "numpy.vstack",
    "numpy.lexsort": "numpy.argsort of one key",
    "numpy.array2string": "print the value after the derivative is done, or of has_aux",
    "scipy.special.hyperu": "the table has hyp0f1, hyp1f1 and hyp2f1",
    "numpy.save": "save the value after the derivative is done",
}


#: The same for all functions of a module.
BEGINNINGS = {
    "scipy.sparse": "a @ x for a sparse matrix a; diags, and csr_matrix and its like, take traced entries",
    "scipy.linalg": "calcgrad.scipy.linalg lists what is followed, and numpy.linalg works as it is",
    "scipy.stats": "calcgrad.scipy.stats lists what is followed",
}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under NumPy's dotted names, without the ``numpy.`` that they begin with."""

    def register(handler: Handler) -> Handler:
        for name in names:
            function = _found(name)
            if function is not None:
                HANDLERS[function] = of_reals(function, f"numpy.{name}", handler)
                NAMES.setdefault(function, f"numpy.{name}")
        return handler

    return register


def of_reals(function: Any, name: str, handler: Handler) -> Handler:
    """The handler, which refuses complex arguments where NumPy's or SciPy's own function has no value for them."""
    if not isinstance(function, numpy.ufunc) or any("D" in kinds for kinds in function.types):
        return handler

    @wraps(handler)
    def guarded(apply: Apply, *args: Any, **keywords: Any) -> Any:
        refuse_complex(name, *args)
        return handler(apply, *args, **keywords)

    return guarded


def refuse_complex(name: str, *args: Any) -> None:
    """Raises ``UsageError`` E461 where an argument is complex."""
    for a in args:
        if getattr(getattr(a, "dtype", None), "kind", "f") == "c" or type(a) is complex:
            hint = "np.real(z), np.imag(z) and np.abs(z) are real"
            raise UsageError.of("E461", f"{name} has no derivative of complex values here", hints=(hint,))


def handles_method(method: str, *names: str) -> Callable[[Handler], Handler]:
    """Register a handler of a method of NumPy's ufuncs: ``reduce`` of ``add``."""

    def register(handler: Handler) -> Handler:
        for name in names:
            METHODS[getattr(numpy, name), method] = handler
        return handler

    return register


def handles_special(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under names of ``scipy.special``."""

    def register(handler: Handler) -> Handler:
        WAITING.update(dict.fromkeys(names, handler))
        return handler

    return register


def _found(name: str) -> Any:
    found: Any = numpy
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def load_special() -> None:
    """Find SciPy's functions; done when the first of them is met."""
    homes = [importlib.import_module(f"scipy.special{part}") for part in ("", "._ufuncs")]
    for name, handler in WAITING.items():
        function = next((f for home in homes if (f := getattr(home, name, None)) is not None), None)
        if function is not None and function not in HANDLERS:
            HANDLERS[function] = of_reals(function, f"scipy.special.{name}", handler)
            NAMES[function] = f"scipy.special.{name}"
    WAITING.clear()


def handler_of(function: Any) -> Handler:
    """The handler of a NumPy function. Raises ``UsageError`` (E420), with its name, where there is none."""
    found = HANDLERS.get(function)
    if found is None and WAITING:
        load_special()
        found = HANDLERS.get(function)
    if found is None:
        raise refusal(name_of(function))
    return found


def method_of(ufunc: Any, method: str) -> Handler:
    """The handler of ``add.reduce`` and its like. Raises ``UsageError`` (E420) where there is none."""
    found = METHODS.get((ufunc, method))
    if found is not None:
        return found
    if method == "outer":
        handler = handler_of(ufunc)
        return lambda apply, a, b, **keywords: _outer(apply, handler, a, b, **keywords)
    if method in FOLDING and ufunc in _FOLDED:
        return FOLDING[method](ufunc)
    raise refusal(f"{name_of(ufunc)}.{method}")


def _outer(apply: Apply, handler: Handler, a: Any, b: Any, **keywords: Any) -> Any:
    """Every entry of ``a`` with every entry of ``b``."""
    rows = (*numpy.shape(a), *[1] * numpy.ndim(b))
    return handler(apply, apply("reshape", a, params=(rows,)), b, **keywords)


def name_of(function: Any) -> str:
    """The dotted name of a function of NumPy's or SciPy's."""
    if function in NAMES:
        return NAMES[function]
    name = getattr(function, "__name__", str(function))
    if isinstance(function, numpy.ufunc):
        if name.endswith(" (vectorized)"):
            return f"numpy.frompyfunc of {name.removesuffix(' (vectorized)')}"
        return f"numpy.{name}" if hasattr(numpy, name) else f"scipy.special.{name}"
    return f"{getattr(function, '__module__', None) or 'numpy'}.{name}"


#: Functions that write: tracing of in-place code has them.
WRITING = frozenset(
    (
        "numpy.put",
        "numpy.place",
        "numpy.putmask",
        "numpy.copyto",
        "numpy.put_along_axis",
        "numpy.fill_diagonal",
    )
)


#: Python code that tracing of in-place code follows; sparse matrices and distances, of which it has its own.
_FOLLOWED = (
    *("numpy.polynomial", "scipy.sparse", "numpy.diag_indices_from"),
    *("scipy.spatial.distance.pdist", "scipy.spatial.distance.cdist", "scipy.spatial.distance.squareform"),
)


def refusal(name: str, why: str = "") -> UsageError:
    """The error that says a function is not covered, and what to do about it."""
    instead = INSTEAD.get(name.partition(" of ")[0]) or next(
        (fix for start, fix in BEGINNINGS.items() if name.startswith(start)), None
    )
    hints = ((f"instead: {instead}",) if instead else ()) + (
        "custom_rule gives a function of your own a derivative; stop_gradient takes its value as a constant",
    )
    writes = name in WRITING or name.endswith(".at") or name.startswith(_FOLLOWED)
    return _error(f"{name} has no derivative here{why}", *hints, writes=writes)


def asked_by_a_sparse_matrix() -> bool:
    """Whether a product of SciPy's sparse matrices asks for an array, and can be told that this is none."""
    frame = sys._getframe(1)
    for _ in range(3):
        if frame.f_back is None:
            return False
        frame = frame.f_back
        if frame.f_globals.get("__name__", "").startswith("scipy.sparse"):
            return frame.f_code.co_name in ("_matmul_dispatch", "_mul_dispatch")
    return False


def asked_by_scipy() -> UsageError | None:
    """The error for a Python function of SciPy's, or of ``numpy.polynomial``, that makes plain arrays of its arguments.

    The function is named as the user called it, by the outermost frame. ``None`` where none is asking.
    """
    frame = sys._getframe(1)
    name = ""
    for _ in range(20):
        if frame.f_back is None:
            break
        frame = frame.f_back
        name = _public_name(frame) or name
    return _refused_or_followed(name) if name else None


def _refused_or_followed(name: str, why: str = "") -> UsageError:
    """The error for a function of SciPy's: of one that calcgrad.scipy has, the source of the caller may be followed."""
    path = path_of(name)
    if not path:
        return refusal(name, why)
    words = f"{name} makes plain arrays of its arguments"
    return _error(words, f"{path} is the same for traced ones", writes=True)


#: Decorators of SciPy's stand between a function and its caller under names of their own.
_DECORATORS = frozenset(("wrapper", "wrapped", "inner", "new_f", "func"))


def _public_name(frame: Any) -> str:
    """The name under which a function of SciPy's or of ``numpy.polynomial`` is public; empty for any other frame."""
    module, called = frame.f_globals.get("__name__", ""), frame.f_code.co_name
    if not module.startswith(("scipy.", "numpy.polynomial")):
        return ""
    if called.startswith("__"):
        cls = type(frame.f_locals.get("self"))
        called = cls.__name__ if cls.__module__.startswith(("numpy.polynomial", "scipy.interpolate")) else "_"
        module = cls.__module__ if called != "_" else module
        module = "numpy.polynomial" if module.startswith("numpy.polynomial") else module
    if called in _DECORATORS:  # what it decorates is a free variable of it
        inner = [
            v
            for v in frame.f_locals.values()
            if isinstance(v, FunctionType) and str(v.__module__).startswith("scipy")
        ]
        called, module = (inner[0].__name__, inner[0].__module__) if inner else ("_", module)
    if called.startswith(("_", "<")):
        return ""
    public = ".".join(part for part in module.split(".") if not part.startswith("_"))
    if public == "scipy.stats":
        named = distribution_of(frame.f_locals.get("self"))
        public = f"{public}.{named}" if named else public
    return f"{public}.{called}"


def taken_apart(error: Exception) -> UsageError | None:
    """The error for a function of SciPy's that took a traced value for something else, and raised an error of its own."""
    link, name = error.__traceback__, ""
    while link is not None:
        frame = link.tb_frame
        found = _public_name(frame)
        if found and not name and any(map(_holds_traced, frame.f_locals.values())):
            name = found
        link = link.tb_next
    if not name:
        return None
    return _error(
        f"{name} has no derivative here: it raised {type(error).__name__} ({error})",
        *refusal(name).diagnostic.hints,
        writes=name.startswith(_FOLLOWED),
    )


def _holds_traced(value: Any) -> bool:
    return is_traced(value) or (isinstance(value, list | tuple) and any(map(is_traced, value[:100])))


def _error(message: str, *hints: str, writes: bool = False) -> UsageError:
    return (InPlaceError if writes else UsageError).of("E420", message, hints=hints)


def refuse(name: str, fix: str = "", **given: Any) -> None:
    """Refuse keywords that have no meaning here, by name, unless they are what NumPy takes without them."""
    for keyword, value in given.items():
        if value is None or value is True or value is numpy._NoValue or keyword in _NO_MATTER:
            continue
        _refused(name, keyword, fix)


#: How results are laid out and which casts are allowed does not change their values.
_NO_MATTER = frozenset(("casting", "order", "subok"))

_FIXES = {
    "out": "write x = numpy.f(...): nothing is written into a traced array; a += b writes too, a = a + b does not",
    "where": "numpy.where(mask, value, other) chooses after the fact",
    "dtype": "x.astype(dtype) says the precision",
}


def _refused(name: str, keyword: str, fix: str) -> NoReturn:
    hint = fix or _FIXES.get(keyword, "leave it out")
    kind = InPlaceError if keyword == "out" else UsageError
    raise kind.of("E421", f"{name} with {keyword}= has no derivative here", hints=(hint,))
