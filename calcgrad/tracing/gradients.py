"""A NumPy function, traced at a point, and all its gradients: what the library's ``grad`` and the gradient checker stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy

from calcgrad.errors import UsageError
from calcgrad.tracing.inplace.choosing import run_to_end, traced_as_it_is
from calcgrad.tracing.refusals import is_foreign
from calcgrad.tracing.sweeps import pull_back
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced, primal_of


class Recorded(NamedTuple):
    """A function at a point: what it wrote down, and what it returned (traced where it depends on an input)."""

    trace: Trace
    inputs: list[Traced]
    output: Any


#: Whole numbers from here on are doubles only by chance, and are not written out.
_FAR = 10**300
_COMPLEX = "grad, vjp and jvp take complex arguments; or split it into its real and its imaginary part"


def primal_input(value: Any, name: object = "the argument", complex_too: bool = False) -> Any:
    """A differentiated argument as a primal: a float, a NumPy scalar of another precision, an array, or a traced value.

    Raises ``UsageError``: E400 for whole numbers and truth values, E406 for what is no number at all, for masked arrays and
    matrices, and for complex numbers unless they may be complex too.
    """
    kind = type(value)
    if kind is float:
        return value
    if kind is Traced:  # for a program, too, which is traced with whatever it is called with
        bare = primal_of(value)
        if type(bare) is not float:
            primal_input(bare, name, True)
        return value
    if kind is numpy.float64:
        return float(value)  # many times faster than item()
    if kind is complex:
        value = numpy.complex128(value)
    if isinstance(value, int):  # a truth value too
        fix = f"write {float(value)!r}" if abs(value) < _FAR else "it is beyond the range of doubles"
        raise _whole(name, f"the {kind.__name__} {_short(value)}", fix)
    if not isinstance(value, numpy.ndarray | numpy.generic):
        raise UsageError.of("E406", f"{name} is {_article(kind.__name__)}, not a float or an array of floats")
    if is_foreign(value):
        matrix = isinstance(value, numpy.matrix)
        what, fix = (
            ("a numpy.matrix", "np.asarray(x)")
            if matrix
            else ("a masked array", "np.where(x.mask, 0.0, x.data)")
        )
        raise UsageError.of(
            "E406", f"{name} is {what}, not an array of floats", hints=(f"convert it: {fix}",)
        )
    letter = value.dtype.kind
    if letter in "iub":
        raise _whole(name, f"an array of {value.dtype}", "convert it: x.astype(float)")
    if letter != "f" and not (letter == "c" and complex_too):
        hint = (_COMPLEX,) if letter == "c" else ()
        raise UsageError.of("E406", f"{name} holds {value.dtype}, not floats", hints=hint)
    if kind is numpy.memmap:
        return value.view(numpy.ndarray)  # the file's own pages: what is computed from them is in memory
    if value.shape:
        return value
    return value.item() if value.dtype == numpy.float64 else value.dtype.type(value)


def _short(value: int) -> str:
    return str(value) if abs(value) < _FAR else "of so many digits"


def _whole(name: object, what: str, fix: str) -> UsageError:
    return UsageError.of("E400", f"{name} is {what}: a derivative needs floats", hints=(fix,))


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def record(
    function: Callable[..., Any],
    primals: Sequence[Any],
    call: Callable[..., Any] | None = None,
    libraries: bool = False,
) -> Recorded:
    """Run the function on traced inputs; ``call(function, *inputs)`` says how, where it is called otherwise.

    Code that writes into arrays is traced as such (:mod:`calcgrad.tracing.inplace`), with ``libraries`` that of installed
    packages too. Whatever happens, the trace is closed afterwards.
    """

    def attempt(run: Callable[..., Any]) -> Recorded:
        trace = Trace()
        inputs = [trace.input(p) for p in primals]
        return Recorded(trace, inputs, run_to_end(trace, lambda: _called(call, run, inputs)))

    return traced_as_it_is(function, attempt, libraries)


def _called(call: Callable[..., Any] | None, run: Callable[..., Any], inputs: Sequence[Any]) -> Any:
    return run(*inputs) if call is None else call(run, *inputs)


def gradients_of(made: Recorded, primals: Sequence[Any]) -> tuple[float, list[Any]]:
    """The value and the gradients of a loss that was recorded. Raises ``UsageError``: E407 where it is not one number."""
    value, output = scalar_of(made)
    adjoints: Sequence[Any] = (
        [None] * len(primals) if output is None else pull_back(made.trace, {output: unit(value)})
    )
    return float(value), filled_all(adjoints, primals)


def scalar_of(made: Recorded, holomorphic: bool = False) -> tuple[Any, int | None]:
    """The value of a loss and its slot, ``None`` where it depends on no input; that of a holomorphic function is complex."""
    output = made.output
    slot = None
    if type(output) is Traced and output._trace is made.trace:
        slot, output = output.slot, output.primal
    shape = getattr(output, "shape", ())
    if isinstance(output, tuple | list | dict) or output is None:
        raise _not_scalar(f"{_article(type(output).__name__)}" if output is not None else "nothing")
    if shape:
        raise _not_scalar(f"an array of shape {shape}")
    if getattr(output, "dtype", numpy.dtype(type(output))).kind == "c":
        if holomorphic:
            return output, slot
        raise _not_scalar("a complex number", "a holomorphic function of complex arguments: holomorphic=True")
    if holomorphic:
        raise _not_scalar("a real number, which no holomorphic one returns")
    if not isinstance(output, float | numpy.floating | Traced):
        raise _not_a_float(output)
    return output, slot


def _not_scalar(what: str, *hints: str) -> UsageError:
    return UsageError.of(
        "E407",
        f"a gradient needs a function of one number, this one returned {what}",
        hints=(*hints, "jacobian differentiates every output; has_aux=True lets values pass beside the loss"),
    )


def _not_a_float(output: Any) -> UsageError:
    """The error for a whole number, a truth value, a text: what takes steps has no slope to follow."""
    what = getattr(output, "dtype", type(output).__name__)
    return UsageError.of(
        "E407",
        f"a gradient needs a function of one number with a derivative, this one returned {output!r} ({what})",
        hints=("whole numbers and truth values change by jumps only; write a constant as a float: 3.0",),
    )


def unit(value: Any) -> Any:
    """One, in the precision of a value."""
    kind = getattr(value, "dtype", None)
    return 1.0 if kind is None or kind == numpy.float64 else kind.type(1)


def filled_all(adjoints: Sequence[Any], primals: Sequence[Any], taken: Sequence[Any] = ()) -> list[Any]:
    """Each adjoint as :func:`filled` gives it, and the caller's own: it can be written into, and changes no other one.

    ``taken`` are arrays of the caller's, whose memory belongs to no result.
    """
    owners = {id(_owner(t)) for t in taken if type(t) is numpy.ndarray}
    found: list[Any] = []
    for adjoint, primal in zip(adjoints, primals, strict=True):
        value = filled(adjoint, primal)
        if type(value) is numpy.ndarray:
            owner = id(_owner(value))
            if owner in owners or not value.flags.writeable:
                value = value.copy()
            owners.add(owner)
        found.append(value)
    return found


def _owner(array: numpy.ndarray) -> numpy.ndarray:
    while type(array.base) is numpy.ndarray:
        array = array.base
    return array


def filled(adjoint: Any, primal: Any) -> Any:
    """An adjoint of its primal's shape and precision; a zero by structure is written out."""
    if type(primal) is float:
        return 0.0 if adjoint is None else adjoint
    if adjoint is None:
        shape, kind = getattr(primal, "shape", ()), getattr(primal, "dtype", numpy.dtype(float))
        return numpy.zeros(shape, kind) if shape else (0.0 if kind == numpy.float64 else kind.type(0))
    return adjoint
