"""Whether a function is traced as plain code, or as code that writes into arrays.

Plain tracing comes first and costs nothing more. What it refuses, and tracing of in-place code may have, is traced again in that
way; the function's code is remembered, so that this happens once. A function repeats its side effects then; so one whose own
code makes an array and writes into it is traced as in-place code at once.
"""

from __future__ import annotations

import dis
from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any, TypeVar
from weakref import ref

from calcgrad.errors import CalcgradError, UsageError
from calcgrad.numpy_names.registry import taken_apart
from calcgrad.tracer import InPlaceError
from calcgrad.tracing.inplace.entering import code_of, entered, released
from calcgrad.tracing.inplace.refusing import forgiven
from calcgrad.tracing.seeds import put_back, seeds
from calcgrad.tracing.trace import Trace

Result = TypeVar("Result")

_MAKING = frozenset(
    (
        "zeros",
        "ones",
        "empty",
        "full",
        "eye",
        "zeros_like",
        "ones_like",
        "empty_like",
        "full_like",
        "identity",
    )
)
_WRITES = frozenset(("STORE_SUBSCR", "STORE_SLICE"))

#: What is known of each code, by its identity: hashing a code takes longer than many a gradient. The reference tells
#: whether it is still that one.
_known: dict[int, tuple[ref[CodeType], bool]] = {}


def _writes(code: CodeType) -> bool:
    """Whether a function of this code is traced as in-place code at once."""
    found = _known.get(id(code))
    if found is not None and found[0]() is code:
        return found[1]
    return _note(code, _looks_in_place(code))


def _note(code: CodeType, writes: bool) -> bool:
    key = id(code)
    _known[key] = ref(code, lambda gone: _known.pop(key, None)), writes
    return writes


def traced_as_it_is(
    function: Callable[..., Any], attempt: Callable[[Callable[..., Any]], Result], libraries: bool = False
) -> Result:
    """``attempt(function)``, or the same with the function over arrays that can be written into.

    With ``libraries`` it is traced in the second way at once, and so is the code of installed packages that it calls.
    """
    if libraries:
        return attempt(entered(function, libraries=True) or function)
    code = function.__code__ if type(function) is FunctionType else code_of(function)
    if code is None:
        return attempt(function)
    start = None if id(code) in _known else seeds()
    if _writes(code):
        return attempt(entered(function) or function)
    try:
        return attempt(function)
    except InPlaceError as error:
        refusal = error
    again = entered(function)
    if again is None:
        raise refusal
    forgiven(refusal)
    if start is not None:
        put_back(start)  # the second trace draws the random numbers that the first one drew
    found = attempt(again)
    _note(code, True)
    return found


def _looks_in_place(code: CodeType) -> bool:
    """Whether a function's own code makes arrays and writes into entries of something."""
    codes = [code]
    for c in codes:
        codes.extend(inner for inner in c.co_consts if isinstance(inner, CodeType))
    if not any(_MAKING & {*c.co_names} for c in codes):
        return False
    return any(i.opname in _WRITES for c in codes for i in dis.get_instructions(c))


def run_to_end(trace: Trace, call: Callable[[], Any]) -> Any:
    """The result of a call that writes to a trace, which is closed afterwards. What it was refused on the way is raised now.

    NumPy says "setting an array element with a sequence" over our own words, and a function may catch any error.
    """
    try:
        result = released(call())
    except CalcgradError:
        raise
    except Exception as error:
        cause = error.__cause__ or error.__context__
        if isinstance(error, ValueError) and isinstance(cause, UsageError):
            raise cause.with_traceback(error.__traceback__) from None
        if isinstance(error, ValueError) and "__array__ method not producing" in str(error):
            raise UsageError.of(
                "E401",
                "an object that NumPy asked for its array gave a traced one, which it cannot take",
                hints=("give NumPy the array itself; special methods of classes are run as they are",),
            ) from error
        refusal = taken_apart(error)
        if refusal is not None:
            raise refusal from error
        raise
    finally:
        trace.close()
    if trace.refused is not None:
        raise trace.refused
    return result
