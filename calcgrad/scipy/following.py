"""How a function of SciPy's is followed: plain arguments go to SciPy's own, traced ones to the function written here.

A function written here is plain NumPy over traced values, so both modes, every order and compiled programs follow from it. It has
SciPy's parameters by SciPy's names; those that it leaves out are options of storage and speed, or are refused by name when given.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.tracer import is_traced

Function = Callable[..., Any]

#: What is followed, by SciPy's dotted names.
BY_NAME: dict[str, Any] = {}
#: The same by the identity of SciPy's own function, distribution or class, which is kept with it.
TWINS: dict[int, tuple[Any, Any]] = {}
#: The functions as they are written here, without the way to SciPy's own: for the page that lists what is refused.
WRITTEN: dict[str, Function] = {}

#: Options that say nothing of the value.
_SILENT = frozenset(
    (
        *("overwrite_a", "overwrite_b", "overwrite_ab", "overwrite_data", "check_finite", "lapack_driver"),
        *("lwork", "driver", "workers", "disp", "blocksize", "method"),
    )
)


def any_traced(*values: Any) -> bool:
    """Whether a value is traced, or an entry of a list, a tuple or a dictionary.

    >>> any_traced(1.0, [2.0], {"a": 3.0})
    False
    """
    for value in values:
        if is_traced(value):
            return True
        if type(value) in (list, tuple) and any_traced(*value):
            return True
        if type(value) is dict and any_traced(*value.values()):
            return True
    return False


def scipys(path: str) -> Any:
    """SciPy's own function of a dotted name; ``None`` where the installed SciPy has none."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name, None)


def register(path: str, original: Any, twin: Any) -> None:
    """Note what takes the place of something of SciPy's."""
    BY_NAME[path] = twin
    TWINS[id(original)] = original, twin


def follows(path: str, asks: Callable[..., bool] | None = None) -> Callable[[Function], Function]:
    """The decorator of a function that is SciPy's for traced arguments. ``asks`` says of the arguments, by name, if they are."""

    def decorate(written: Function) -> Function:
        original = scipys(path)
        if original is None:  # an older SciPy
            return written
        signature = inspect.signature(original)
        known = frozenset(inspect.signature(written).parameters)
        several = any(p.kind is p.VAR_POSITIONAL for p in signature.parameters.values())

        @wraps(original)
        def either(*args: Any, **keywords: Any) -> Any:
            if asks is None and not any_traced(*args, *keywords.values()):
                return original(*args, **keywords)
            if several:
                return written(*args)
            given = signature.bind(*args, **keywords)
            if asks is not None and not asks(**given.arguments):
                return original(*args, **keywords)
            return written(**_accepted(path, signature, known, given))

        either.__module__ = written.__module__
        either.__doc__ = _document(path, written)
        either.__signature__ = signature  # type: ignore[attr-defined]
        WRITTEN[path] = written
        register(path, original, either)
        return either

    return decorate


def _accepted(path: str, signature: inspect.Signature, known: frozenset[str], given: Any) -> dict[str, Any]:
    """The arguments that the function written here takes. Raises ``UsageError`` E421 for an option that it does not have."""
    found: dict[str, Any] = {}
    for name, value in given.arguments.items():
        kind = signature.parameters[name].kind
        if kind is inspect.Parameter.VAR_KEYWORD:
            found.update(value)
        elif name in known:
            found[name] = value
        elif name not in _SILENT and value is not signature.parameters[name].default:
            raise unsupported(path, f"{name}={value!r}" if isinstance(value, str | bool) else f"{name}=")
    return found


def unsupported(path: str, option: str, fix: str = "leave it out") -> UsageError:
    """The error for an option that has no derivative here."""
    return UsageError.of("E421", f"{path} with {option} has no derivative here", hints=(fix,))


def _document(path: str, written: Function) -> str:
    first = (written.__doc__ or "").strip()
    return f"{first}\n\n``{path}`` for traced arguments; of plain ones, that function itself."


def public_names(module: str) -> list[str]:
    """The names of a module of SciPy's that are followed."""
    return sorted(
        path.removeprefix(f"{module}.")
        for path in BY_NAME
        if path.startswith(f"{module}.") and "." not in path.removeprefix(f"{module}.")
    )


def missing(module: str, name: str) -> AttributeError:
    """The error for a name that a module here does not have."""
    theirs = importlib.import_module(module.removeprefix("calcgrad."))
    if not hasattr(theirs, name):
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    told = f"{theirs.__name__}.{name} has no derivative here, and takes plain values only"
    return AttributeError(f"module {module!r} has no attribute {name!r}: {told}")


def array_of(x: Any) -> Any:
    """A list or a tuple as an array, also of traced values; everything else as it is."""
    if not isinstance(x, list | tuple):
        return x
    return numpy.stack([array_of(e) for e in x]) if any_traced(x) else numpy.asarray(x)


def in_double(x: Any) -> Any:
    """An argument as SciPy takes it where it computes in double precision."""
    x = array_of(x)
    if is_traced(x):
        return x if x.dtype.kind == "c" or x.dtype == numpy.float64 else x.astype(numpy.float64)
    return x if isinstance(x, float) else numpy.asarray(x, float)[()]


def everywhere(mask: Any) -> bool:
    """Whether a condition is known to hold for every entry: then nothing has to be chosen by it."""
    return not is_traced(mask) and bool(numpy.all(mask))
