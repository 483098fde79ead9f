"""Which function has which handler, and what is said of one that has none.

Handlers are registered under the dotted names that people write (``numpy.linalg.solve``); a name that the installed NumPy
does not have is left out. Those of SciPy are looked up when the first function of SciPy's is met.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeAlias

import numpy

from calcgrad.errors import UsageError
from calcgrad.operations.transposes import Apply
from calcgrad.tracer import InPlaceError

Handler: TypeAlias = Callable[..., Any]

#: The handler of each function, by the function itself, and the name that it was registered under.
HANDLERS: dict[Any, Handler] = {}
NAMES: dict[Any, str] = {}
#: Handlers of ``add.reduce`` and its like, by the ufunc and the method.
METHODS: dict[tuple[Any, str], Handler] = {}
#: The handlers of SciPy's functions, by their names, until the first of them is met.
WAITING: dict[str, Handler] = {}

#: What to write instead of a function that is not covered.
INSTEAD = {
    "numpy.linalg.eig": "numpy.linalg.eigh covers symmetric matrices",
    "numpy.linalg.eigvals": "numpy.linalg.eigvalsh covers symmetric matrices",
    "numpy.unique": "numpy.sort keeps the derivative of every entry",
    "numpy.histogram": "counts have no derivative; sums of smooth kernels (exp, sigmoid) do",
    "numpy.put": "numpy.where, or numpy.concatenate of the parts",
    "numpy.place": "numpy.where(mask, new, x)",
    "numpy.putmask": "numpy.where(mask, new, x)",
    "numpy.copyto": "numpy.where(mask, new, x), or value * numpy.ones_like(x) in place of numpy.full_like",
    "numpy.put_along_axis": "numpy.where(mask, new, x)",
    "numpy.fill_diagonal": "numpy.where(numpy.eye(n, dtype=bool), value, x)",
    "numpy.polyfit": "numpy.linalg.lstsq(numpy.vander(x, degree + 1), y)",
    "numpy.roots": "numpy.polyval and a solver of your own, by the implicit function theorem",
    "numpy.apply_over_axes": "numpy.sum and its like take several axes",
    "numpy.fmod": "numpy.remainder",
    "numpy.nextafter": "it has no derivative",
    "numpy.spacing": "it has no derivative",
    "numpy.row_stack": "numpy.vstack",
    "numpy.lexsort": "numpy.argsort of one key",
    "numpy.array2string": "print the value after the derivative is done, or of has_aux",
    "scipy.special.hyperu": "the table has hyp0f1, hyp1f1 and hyp2f1",
    "scipy.special.ellipkinc": "the table has the complete integrals, ellipk and ellipe",
    "scipy.special.ellipeinc": "the table has the complete integrals, ellipk and ellipe",
    "numpy.save": "save the value after the derivative is done",
}


def handles(*names: str) -> Callable[[Handler], Handler]:
    """Register a handler under NumPy's dotted names, without the ``numpy.`` that they begin with."""

    def register(handler: Handler) -> Handler:
        for name in names:
            function = _found(name)
            if function is not None:
                HANDLERS[function] = handler
                NAMES.setdefault(function, f"numpy.{name}")
        return handler

    return register


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
            HANDLERS[function] = handler
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


def refusal(name: str) -> UsageError:
    """The error that says a function is not covered, and what to do about it."""
    instead = INSTEAD.get(name)
    hints = ((f"instead: {instead}",) if instead else ()) + (
        "custom_rule gives a function of your own a derivative; stop_gradient takes its value as a constant",
    )
    return _error(f"{name} has no derivative here", *hints, writes=name in WRITING or name.endswith(".at"))


def asked_by_scipy() -> UsageError | None:
    """The error for a Python function of SciPy's that makes plain arrays of its arguments; ``None`` where none is asking."""
    frame = sys._getframe(1)
    name = ""
    for _ in range(20):
        if frame.f_back is None:
            break
        frame = frame.f_back
        module = frame.f_globals.get("__name__", "")
        if module.startswith("scipy.") and not frame.f_code.co_name.startswith(("_", "<")):
            public = ".".join(part for part in module.split(".") if not part.startswith("_"))
            name = f"{public}.{frame.f_code.co_name}"
    if not name:
        return None
    from calcgrad import special

    last = name.rpartition(".")[2]
    if name.startswith("scipy.special") and last in special.__all__:
        return _error(
            f"{name} makes plain arrays of its arguments",
            f"calcgrad.special.{last} is the same for traced ones",
        )
    return refusal(name)


def _error(message: str, *hints: str, writes: bool = False) -> UsageError:
    return (InPlaceError if writes else UsageError).of("E420", message, hints=hints)


def refuse(name: str, fix: str = "", **given: Any) -> None:
    """Refuse keywords that have no meaning here, by name, unless they are what NumPy takes without them."""
    for keyword, value in given.items():
        if value is None or value is True or value is numpy._NoValue:
            continue
        _refused(name, keyword, fix)


_FIXES = {
    "out": "write x = numpy.f(...): nothing is written into a traced array; a += b writes too, a = a + b does not",
    "where": "numpy.where(mask, value, other) chooses after the fact",
    "dtype": "x.astype(dtype) says the precision",
}


def _refused(name: str, keyword: str, fix: str) -> NoReturn:
    hint = fix or _FIXES.get(keyword, "leave it out")
    kind = InPlaceError if keyword == "out" else UsageError
    raise kind.of("E421", f"{name} with {keyword}= has no derivative here", hints=(hint,))
