"""The first calls, at the point itself: is the function one that a derivative can be checked of at all?

Everything here is not a wrong gradient: an exception, a value that is no number, answers that differ from call to call,
arguments that are changed.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.checking.measuring.calling import Caller
from calcgrad.checking.measuring.evaluation import Evaluation, Raised, failure
from calcgrad.checking.measuring.subject import Claim, Subject
from calcgrad.errors import UndefinedError, UsageError
from calcgrad.phrases import size
from calcgrad.pytrees import named_leaves

Array = Any
#: Answers that differ by less than this share (threads that add in another order) are noise, not chance.
_THREADS = 2.0**-40


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no plain answer: the cause in the words of the contract, the note, and what was found besides."""

    cause: str
    note: str
    verdict: str = "inconclusive"
    accumulated: float | None = None


def value_at(evaluation: Evaluation, x: Array) -> Array:
    """The function at the point. Raises ``UsageError`` (E380) and ``UndefinedError`` (E382)."""
    found = evaluation(x.copy())
    if isinstance(found, Raised):
        raise failure("the function", found.text, found.frames)
    if not numpy.isfinite(found).all():
        bad = [int(i) for i in numpy.argwhere(~numpy.isfinite(found))[0]]
        value = found[tuple(bad)]
        place = f" in output {bad}" if bad else ""
        raise UndefinedError.of("E382", f"the function is {value}{place} at the point")
    return found


def scalar_value(evaluation: Evaluation, x: Array) -> Array:
    """The value of a loss at the point; raises ``UsageError`` (E381) where it is no number."""
    evaluation.seeded()
    found = evaluation(x.copy())
    if isinstance(found, Raised):
        raise not_scalar(evaluation, x, found)
    if found.shape != ():
        raise UsageError.of("E381", f"the function returns an array of shape {found.shape}, not a number")
    return value_at(evaluation, x)


def not_scalar(evaluation: Evaluation, x: Array, found: Raised) -> Exception:
    """The error for a loss whose answer could not be read: is it the function that raises, or its answer that is no number?"""
    try:
        answer = evaluation.raw(x.copy())
    except (Exception, SystemExit):
        return failure("the function", found.text, found.frames)
    return UsageError.of("E381", f"the function returns {answer!r:.60}, not a number")


def repeated(evaluation: Evaluation, x: Array, first: Array) -> Trouble | str | None:
    """Whether the function says the same again: trouble where it does not, a note where it nearly does."""
    again = value_at(evaluation, x)
    if again.shape == first.shape and numpy.array_equal(again, first):
        return None
    change = float(numpy.max(numpy.abs(again - first))) if again.shape == first.shape else float("inf")
    top = float(numpy.max(numpy.abs(first)))
    note = f"the function, called twice at the same point, differs by {size(change)}"
    if change <= _THREADS * top:
        return note + ", which is taken for noise"
    hint = " although it is seeded before each call" if evaluation.seed_call else ""
    return Trouble("nondeterministic", note + hint)


def changed_argument(subject: Subject, evaluation: Evaluation, claim: Claim, x: Array) -> Trouble | None:
    """Whether the function or the claim changes its argument (on copies, so that nothing of the user's is lost)."""
    if claim.kind in ("gradient", "value_and_grad", "jacobian"):
        calls = [("the function", evaluation.f), (claim.name, claim.call)]
    else:
        calls = [("the function", evaluation.f)]
    for name, call in calls:
        handed = copy.deepcopy(evaluation.values(x.copy()))
        before = copy.deepcopy(handed)
        evaluation.seeded()
        try:
            with numpy.errstate(all="ignore"):
                call(*handed)
        except (Exception, SystemExit):
            continue
        changed = _first_difference(subject, before, handed)
        if changed is not None:
            return Trouble("mutates-argument", f"{changed} was changed by {name}")
    return None


def _first_difference(subject: Subject, before: list[Any], after: list[Any]) -> str | None:
    for name, old, new in zip(subject.arguments, before, after, strict=True):
        olds, news = list(named_leaves(old, name)), list(named_leaves(new, name))
        if [path for path, _ in olds] != [path for path, _ in news]:
            return name
        for (path, a), (_, b) in zip(olds, news, strict=True):
            if not _same(a, b):
                return path
    return None


def _same(a: Any, b: Any) -> bool:
    """Whether two leaves are equal; what NumPy cannot hold (jax's keys) nobody writes into."""
    try:
        return bool(numpy.array_equal(numpy.asarray(a), numpy.asarray(b), equal_nan=True))
    except TypeError:
        pass
    try:
        return bool(numpy.array_equal(numpy.asarray(a), numpy.asarray(b)))
    except TypeError:
        return True


def stateful(
    caller: Caller, evaluation: Evaluation, x: Array, value: Array, direction: Array | None
) -> Trouble | None:
    """Whether calls leave something behind: the claim called twice differs, or the function differs after the claim."""
    first = caller(x, direction)
    second = caller(x, direction)
    if not numpy.array_equal(first, second):
        return _claim_differs(caller, first, second)
    after = value_at(evaluation, x)
    if after.shape == value.shape and numpy.max(numpy.abs(after - value)) > _THREADS * numpy.max(
        numpy.abs(value)
    ):
        if not numpy.array_equal(value_at(evaluation, x), after):  # two equal answers before were chance
            change = float(numpy.max(numpy.abs(after - value)))
            return Trouble(
                "nondeterministic", f"the function, called again at the same point, differs by {size(change)}"
            )
        note = f"the function differs after {caller.claim.name} was called: something is left behind"
        return Trouble("state", note)
    return None


def traces_left(evaluation: Evaluation, x: Array) -> Trouble | None:
    """Whether the function still runs after it was traced; the call puts plain values where it keeps what it is given."""
    found = evaluation(x.copy())
    if not isinstance(found, Raised):
        return None
    note = f"the function keeps what it is called with, and fails when it is called again: {found.text}"
    return Trouble("state", note)


def _claim_differs(caller: Caller, first: Array, second: Array) -> Trouble | None:
    name = caller.claim.name
    top = float(numpy.max(numpy.abs(first)))
    change = float(numpy.max(numpy.abs(second - first)))
    if change <= _THREADS * top:
        return None
    third = caller(caller.x)
    steps = float(numpy.max(numpy.abs((third - second) - (second - first))))
    if steps <= 1e-9 * change:
        note = f"{name} grows by the same amount with every call: it adds to what an earlier call left"
        return Trouble("state", note, accumulated=change / top if top else None)
    return Trouble("nondeterministic", f"{name}, called twice at the same point, differs by {size(change)}")
