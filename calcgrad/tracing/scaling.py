"""Sweeps over a trace that lose numbers below or beyond the doubles, made once more with a scaled seed.

How is it noticed that a number was lost, without a look at each? NumPy reports every operation that underflows or overflows, and
the processor keeps a flag for those of Python's own floats, which can be asked for once a sweep where the C library lets us.
The flag says no more than that *something* underflowed since it was last cleared, so the floats of the sweep are looked at
then; where there is no such flag, or NumPy may have cleared it on the way, they are looked at always.
See :mod:`calcgrad.autodiff.scaling` for what a scaled seed does.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import numpy

from calcgrad.autodiff.scaling import EXPONENTS, MOST_SLOTS, Lost, best, lost_among
from calcgrad.systems.values.masked import Masked
from calcgrad.tracing.blocks import Block
from calcgrad.tracing.constants import constants_of, kept
from calcgrad.tracing.rules import view
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced

#: The bits of ``fenv.h`` for overflow and underflow, by processor, on Linux.
_BITS = {"x86_64": 0x8 | 0x10, "aarch64": 0x4 | 0x8}


class Watch:
    """What is lost on the way of one sweep; NumPy calls it for every operation that underflows or overflows.

    Among many steps an ordinary zero is nearly always met, and sweeps are dear: there (``long``) the flags are asked for on the
    way, by ``note`` before NumPy clears them.
    """

    __slots__ = ("below", "beyond", "long", "raised")

    def __init__(self, steps: int = 0) -> None:
        self.below = 0
        self.beyond = 0
        self.raised = False
        self.long = steps > MOST_SLOTS
        if self.long:
            flagged()  # clears what came before

    def __call__(self, kind: str, _flags: int) -> None:
        if kind == "underflow":
            self.below += 1
        else:
            self.beyond += 1

    def state(self) -> numpy.errstate:
        """In which the sweep runs: its warnings are off, and what is lost is counted."""
        return numpy.errstate(over="call", under="call", divide="ignore", invalid="ignore", call=self)

    def look(self, values: Iterable[Any], mixed: bool) -> None:
        """Count what is lost among the floats of a sweep; ``mixed`` says that NumPy worked on some of its steps.

        It may do so wherever a value is traced. What a program loses is seen when it runs.
        """
        values = list(values)
        unsure = not self.long and (mixed or any(type(value) is Traced for value in values))
        if unsure or self.raised or flagged():
            lost = lost_among(_number(value) for value in values if _program_of(value) is None)
            self.below += lost.below
            self.beyond += lost.beyond

    def note(self) -> None:
        """Ask whether floats were lost, before NumPy works on a step."""
        self.raised = flagged() or self.raised

    def ask(self) -> None:
        """Count a loss where Python's floats left the doubles since this was last asked, or where that cannot be asked."""
        if flagged():
            self.below += 1

    def lost(self) -> Lost:
        """What was lost so far."""
        return Lost(self.below, self.beyond)


def _number(value: Any) -> Any:
    """The float under a traced value."""
    while type(value) is Traced:
        value = value.primal
    return value


def flagged() -> bool:
    """Whether Python's floats underflowed or overflowed since this was last asked, as far as the processor tells."""
    asked = _processor()
    return asked is None or asked()


def processor_bits() -> int | None:
    """The bits of the C library for overflow and underflow; ``None`` where they are not known."""
    return _BITS.get(platform.machine()) if sys.platform == "linux" else None


@cache
def _processor() -> Callable[[], bool] | None:
    """The question to the C library, which clears the flags if they are set; ``None`` where it cannot be asked."""
    bits = processor_bits()
    if bits is None:
        return None
    try:
        import ctypes

        library = ctypes.CDLL("libm.so.6")
        test, clear = library.fetestexcept, library.feclearexcept
    except (ImportError, OSError, AttributeError):
        return None

    def flagged() -> bool:
        if not test(bits):
            return False
        clear(bits)
        return True

    return flagged


def rescaled(
    trace: Trace,
    seeds: Sequence[Any],
    plain: list[Any],
    lost: Lost,
    sweep: Callable[[list[Any]], tuple[list[Any], Lost]],
    begun: int,
    forward: bool = False,
) -> list[Any]:
    """The results of the sweep that loses the fewest numbers: the plain one's, or those of one with scaled seeds.

    ``sweep`` makes one for seeds like ``seeds``, and gives its results and what it lost; ``begun`` is what :func:`begin` gave
    before the plain one.
    """
    values = [*seeds, *plain]
    exponents = _exponents(values)
    if exponents is None or _made_once(trace, values):
        return plain
    program = _first_program([*values, *trace.primals])
    if program is not None:
        return _written(program, seeds, plain, lost, sweep, exponents, begun)
    found, exponent = best(
        lambda k: sweep([_times(seed, k) for seed in seeds]), (plain, lost), exponents=exponents
    )
    if not exponent:
        return plain
    with numpy.errstate(over="ignore", under="ignore"):  # as in the sweeps
        scaled = [_times(value, -exponent) for value in found]
    if exponent > 0:
        return scaled
    return [_finite_first(p, s, forward) for p, s in zip(plain, scaled, strict=True)]


def _written(
    program: Trace,
    seeds: Sequence[Any],
    plain: list[Any],
    lost: Lost,
    sweep: Callable[[list[Any]], tuple[list[Any], Lost]],
    exponents: tuple[int, int, int],
    begun: int,
) -> list[Any]:
    """The results of a sweep that a program is written of, with another seed only where constants of the program were lost.

    What the program loses when it runs is seen then; a constant is what it was when the sweep was made, and nobody sees it again.
    """
    tried: dict[int, list[Any]] = {}
    results: dict[int, list[Any]] = {0: plain}

    def made(exponent: int) -> None:
        begun = len(program.steps)
        found, _ = sweep([_times(seed, exponent) for seed in seeds])
        results[exponent], tried[exponent] = found, constants_of(program, begun, found)

    if begun:
        tried[0] = constants_of(program, begun, plain)
    else:
        made(0)
    gentle, far, _ = exponents
    signs = [sign for sign, many in ((1, lost.below), (-1, lost.beyond)) if many]
    for exponent in [sign * size for size in (gentle, far) for sign in signs]:
        made(exponent)
    chosen = kept(tried)
    if chosen is None:
        program.spoilt = True
    if not chosen:
        return plain
    with numpy.errstate(over="ignore", under="ignore"):
        return [_times(value, -chosen) for value in results[chosen]]


def begin(trace: Trace) -> int:
    """How many steps are written of the program that the values of a trace are of, as far as its inputs tell; else 0."""
    program = _first_program(trace.primals)
    return 0 if program is None else len(program.steps)


def _first_program(values: Iterable[Any]) -> Trace | None:
    return next((program for value in values if (program := _program_of(value)) is not None), None)


def _finite_first(plain: Any, scaled: Any, forward: bool) -> Any:
    """What a sweep with a smaller seed has as a number and the plain one has not; all else is the plain one's.

    Where that is finite, no infinity came to it on the way, and the smaller seed may have lost something. Where both are infinite,
    a derivative of theirs may be wanted that is not: of ``x^2 asinh(x) 1e206`` at 1e107 the second one. Tangents of the plain sweep
    have it, what underflows in the other is missed there; adjoints of the plain one only meet infinities. A 0 is none of the
    smaller seed's numbers where the plain one has an infinity: it underflowed on the way.
    """
    if type(plain) is numpy.ndarray and type(scaled) is numpy.ndarray:
        return numpy.where(numpy.isfinite(plain) | (numpy.isinf(plain) & (scaled == 0)), plain, scaled)
    if _finite(plain) or (forward and not _finite(scaled)):
        return plain
    return plain if _lost_below(plain, scaled) else scaled


def _lost_below(plain: Any, scaled: Any) -> bool:
    """Whether numbers are infinite by the plain seed and 0 by a smaller one, which has lost them below."""
    plain, scaled = _number(plain), _number(scaled)
    if plain is None or scaled is None:
        return False
    return bool(numpy.all(numpy.isinf(plain) & (scaled == 0)))


def _finite(value: Any) -> bool:
    """Whether all numbers of a result are finite."""
    value = _number(value)
    if isinstance(value, float | complex | numpy.ndarray | numpy.generic):
        return bool(numpy.all(numpy.isfinite(value)))
    return False


def note_of_sweep(trace: Trace, found: Iterable[Any]) -> None:
    """Tell the program that a sweep is written into, if any, that it is one which is made again for values that it loses.

    ``found`` are its results. What a program does then is its own matter: it serves other values too.
    """
    program = _first_program(found)
    if program is not None and not _has_own_rules(trace):
        program.scalable = True


def _made_once(trace: Trace, values: Iterable[Any]) -> bool:
    """Whether these sweeps cannot be made again: they keep masks, or go through a user's own rule, which is called once."""
    return any(type(value) is Masked for value in values) or _has_own_rules(trace)


def _has_own_rules(trace: Trace) -> bool:
    return any(step is not None and type(view(step)[1]) is not str for step in trace.steps)


def _program_of(value: Any) -> Trace | None:
    """The program that a traced value is a part of."""
    while type(value) is Traced:
        trace: Trace = value._trace
        if trace.program:
            return trace
        value = value.primal
    return None


def _exponents(values: Iterable[Any]) -> tuple[int, int, int] | None:
    """The exponents that the narrowest precision among the values has room for; none in half precision."""
    kinds = {numpy.finfo(value.dtype).maxexp for value in values if hasattr(value, "dtype")}
    narrowest = min(kinds, default=1024)
    if narrowest <= 16:
        return None
    gentle, far, between = [k * narrowest // 1024 for k in EXPONENTS]
    return gentle, far, between


def _times(value: Any, exponent: int) -> Any:
    """A seed or a result times a power of two, in its own precision."""
    if value is None:
        return None
    if type(value) is Block:
        return Block(_times(value.values, exponent))
    if type(_number(value)) is float:
        return value * 2.0**exponent
    return value * value.dtype.type(2.0**exponent)
