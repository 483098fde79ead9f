"""A hand-written gradient of a NumPy function, entry by entry against the adaptive numerical derivative and its bound."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any

from calcgrad.checking.subject import Options, Subject
from calcgrad.errors import UndefinedError, UsageError
from calcgrad.loading import describe
from calcgrad.numerical_diff import derivative
from calcgrad.points import Point
from calcgrad.report import CheckReport, Estimate, WrongEntry

#: An entry is wrong when it is off by more than so many times the witness's own bound.
BOUNDS = 10.0
#: A bound wider than this share of the gradient's scale decides nothing.
USEFUL = 1e-3
RTOL = 1e-8
MOST_SHOWN = 100


def check_subject(subject: Subject, options: Options | None = None) -> CheckReport:
    """Whether a claim holds for a function at a point: the one entry to the checker.

    Raises ``UsageError`` (E380 an exception of the user's code, E381 not scalar) and ``UndefinedError`` (E382 a value that is
    not finite).

    >>> import numpy as np
    >>> from calcgrad.checking.subject import Claim
    >>> loss, claim = (lambda w: float(w @ w)), Claim(lambda w: 2 * w)
    >>> check_subject(Subject(loss, (claim,), {"w": np.array([1.0, 2.0])})).verdict
    'right'
    """
    claim = subject.claims[0]
    assert subject.f is not None
    assert claim.kind == "gradient"
    return check_gradient(subject.f, claim.call, subject.arguments, subject.target, claim.name)


def check_gradient(
    f: Callable[..., Any],
    g: Callable[..., Any],
    arguments: Mapping[str, Any],
    target: str = "f",
    claim: str = "g",
) -> CheckReport:
    """Whether ``g`` is the gradient of the scalar function ``f`` at the arguments, all of which are differentiated.

    ``g`` returns an array of the argument's shape, or a tuple of them, one an argument. Every entry is compared with
    :func:`calcgrad.numerical_diff.derivative` of ``f``: wrong is what differs by more than ten of its bounds. Raises ``UsageError``
    (E380 an exception of theirs, E381 not scalar) and ``UndefinedError`` (E382 a value that is not finite).

    >>> import numpy as np
    >>> check_gradient(lambda w: float(w @ w), lambda w: 2 * w, {"w": np.array([1.0, 2.0])}).verdict
    'right'
    """
    import numpy

    start = perf_counter()
    arrays = {name: numpy.array(value, dtype=float) for name, value in arguments.items()}
    before = {name: array.copy() for name, array in arrays.items()}
    loss = _Loss(f, arrays)
    loss()
    claimed = _claimed(_called(g, claim, list(arrays.values())), arrays)
    at = {name: {"shape": list(a.shape)} for name, a in arrays.items()}
    changed = [name for name in arrays if not numpy.array_equal(arrays[name], before[name])]
    if changed:
        note = f"{changed[0]} was changed by the function or its gradient"
        return CheckReport(target, claim, at, "inconclusive", "mutates-argument", notes=(note,))
    if isinstance(claimed, str):
        return CheckReport(target, claim, at, "wrong", "shape", notes=(claimed,))
    wrong, doubts = _entries(loss, claimed)
    verdict = "wrong" if wrong else "inconclusive" if doubts else "right"
    return CheckReport(
        target,
        claim,
        at,
        verdict,  # type: ignore[arg-type]
        cause=doubts[0][0] if doubts and not wrong else None,
        evaluations=loss.calls,
        seconds=perf_counter() - start,
        wrong=tuple(sorted(wrong, key=lambda e: -abs(e.claimed - e.true))[:MOST_SHOWN]),
        wrong_count=len(wrong),
        notes=tuple(dict.fromkeys(note for _, note in doubts))[:5],
    )


class _Loss:
    """The function with its arguments; ``along`` moves one entry and puts it back."""

    def __init__(self, f: Callable[..., Any], arrays: Mapping[str, Any]) -> None:
        self.f = f
        self.arrays = arrays
        self.calls = 0

    def __call__(self) -> float:
        import numpy

        self.calls += 1
        value = _called(self.f, "the function", list(self.arrays.values()))
        if numpy.ndim(value) != 0:
            raise UsageError.of(
                "E381", f"the function returns an array of shape {numpy.shape(value)}, not a number"
            )
        try:
            number = float(value)
        except (TypeError, ValueError) as error:
            raise UsageError.of("E381", f"the function returns {value!r}, not a number") from error
        if self.calls == 1 and not math.isfinite(number):
            raise UndefinedError.of("E382", f"the function is {number} at the point")
        return number

    def along(self, name: str, index: tuple[int, ...]) -> Estimate:
        """The derivative in one entry."""
        array = self.arrays[name]
        here = float(array[index])

        def moved(t: float) -> float:
            array[index] = t
            try:
                return self()
            finally:
                array[index] = here

        return derivative(moved, here, rtol=RTOL)


def _called(function: Callable[..., Any], what: str, values: Sequence[Any]) -> Any:
    try:
        return function(*values)
    except (Exception, SystemExit) as error:
        raise UsageError.of("E380", f"{what} fails: {describe(error)}") from error


def _claimed(answer: Any, arrays: Mapping[str, Any]) -> dict[str, Any] | str:
    """The claimed gradient by argument, or what is wrong with its shape."""
    import numpy

    answers = list(answer) if isinstance(answer, (tuple, list)) and len(arrays) > 1 else [answer]
    if isinstance(answer, tuple) and len(answer) == len(arrays) == 1:
        answers = [answer[0]]
    if len(answers) != len(arrays):
        parts = "1 part" if len(answers) == 1 else f"{len(answers)} parts"
        return f"the gradient has {parts} for {len(arrays)} arguments"
    found: dict[str, Any] = {}
    for (name, array), part in zip(arrays.items(), answers, strict=True):
        try:
            value = numpy.asarray(part, dtype=float)
        except (TypeError, ValueError):
            return f"the gradient in {name} is no array of real numbers"
        if value.shape != array.shape:
            return f"the gradient in {name} has shape {value.shape}, {name} has {array.shape}"
        if not numpy.isfinite(value).all():
            index = tuple(int(i) for i in numpy.argwhere(~numpy.isfinite(value))[0])
            raise UndefinedError.of("E382", f"the gradient is {value[index]} in {name}{list(index)}")
        found[name] = value
    return found


def _entries(loss: _Loss, claimed: Mapping[str, Any]) -> tuple[list[WrongEntry], list[tuple[str, str]]]:
    """The wrong entries, and (cause, note) for each entry that cannot be decided."""
    import numpy

    wrong: list[WrongEntry] = []
    doubts: list[tuple[str, str]] = []
    scale = max((float(numpy.max(numpy.abs(v), initial=0.0)) for v in claimed.values()), default=0.0)
    for name, values in claimed.items():
        for index in numpy.ndindex(values.shape):
            said = float(values[index])
            true = loss.along(name, index)
            label = name + (str(list(index)) if index else "")
            bound = true.error_bound
            if true.status not in ("ok", "noisy") or bound is None or not math.isfinite(bound):
                cause = "kink" if true.status in ("kink", "jump") else "noise"
                doubts.append((cause, f"{label}: {true.note or true.status}"))
                continue
            allowed = BOUNDS * bound + 64 * math.ulp(said)
            if abs(said - true.value) > allowed:
                wrong.append(WrongEntry(name, tuple(index), said, float(true.value), allowed))
            elif allowed > USEFUL * max(abs(said), scale, 1e-300) and said != true.value:
                doubts.append(("noise", f"{label}: the derivative is known only to ± {allowed:.1e}"))
    return wrong, doubts


def arguments_of(f: Callable[..., Any], point: Point) -> dict[str, Any]:
    """The arguments that a point gives to a function: by name, or a bare value for the first."""
    named = {name: c.value for name, c in point.coordinates.items()}
    parameters = [
        p.name
        for p in inspect.signature(f).parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    if None in named:
        return {parameters[0] if parameters else "x": named[None]}
    unknown = [name for name in named if name not in parameters]
    if unknown:
        raise UsageError.of(
            "E383", f"the function has no argument {unknown[0]}", hints=("it has: " + ", ".join(parameters),)
        )
    return {name: named[name] for name in parameters if name in named}
