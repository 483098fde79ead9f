"""A case of the expression fuzzer: an expression, a point and whether SymPy is asked; and what calcgrad answers to it."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from random import Random
from types import FrameType
from typing import NamedTuple

import _drawing

from calcgrad.comparing import compute as computing
from calcgrad.comparing.compute import Request, compute_many
from calcgrad.deadline import Deadline
from calcgrad.errors import CalcgradError
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Name, Node, postorder
from calcgrad.inputs.points import read_points
from calcgrad.methods import OWN
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import Report

#: The processor's time that a case may take, SymPy's apart, and the time that SymPy has for one question.
OWN_SECONDS = 5.0
#: Formulas are made on every so many cases, and wherever SymPy is asked.
FORMULAS_EVERY = 5
SYMPY_SECONDS = 2.0


@dataclass(frozen=True)
class Case:
    """An expression with the text of a value for each variable; ``truth`` says whether SymPy is asked.

    ``formulas`` are made of some alone: no find is about them but a crash, and they take a third of the time.
    """

    root: Node
    point: dict[str, str]
    truth: str = "none"
    formulas: bool = True

    @cached_property
    def text(self) -> str:
        """The expression in the language."""
        return to_text(self.root, VOCABULARY)

    @cached_property
    def at(self) -> str:
        """The point as ``--at`` takes it: the variables that the expression has."""
        names = {node.name for node in postorder(self.root) if isinstance(node, Name)}
        return ", ".join(f"{name}={value}" for name, value in self.point.items() if name in names)

    @cached_property
    def request(self) -> Request:
        """What is asked of calcgrad."""
        at = read_points((self.at,), VOCABULARY) if self.at else ()
        methods = None if self.formulas else tuple(OWN)
        return Request(self.text, at=at, truth=self.truth, timeout=SYMPY_SECONDS, methods=methods)


class Find(NamedTuple):
    """Something that must not be: its class, and what was seen."""

    kind: str
    detail: str


class HangError(Exception):
    """A case took longer than it may."""


Outcome = Report | CalcgradError | Find


def _patient(seconds: float) -> Deadline:
    """A case is limited by the processor's time: by the clock alone, a busy machine would leave rows out."""
    return Deadline(60.0)


computing.Deadline = _patient  # type: ignore[misc, assignment]


def draw(seed: int, index: int, sympy_every: int, written: bool = False) -> Case:
    """The case of this number: the same for ever for the same seed; ``written`` draws decimals, and wants a truth of each."""
    asked = bool(sympy_every) and index % sympy_every == 0
    if written:
        drawn = _drawing.draw_written(Random(f"written:{seed}:{index}"))
        return Case(drawn.root, drawn.point, "both" if asked else "certified")
    drawn = _drawing.draw(Random(f"{seed}:{index}"))
    return Case(
        drawn.root, drawn.point, "symbolic" if asked else "none", asked or index % FORMULAS_EVERY == 0
    )


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise ``HangError`` in the body when it takes more of the processor's time (a slow machine is no hang)."""

    def ring(_: int, __: FrameType | None) -> None:
        raise HangError(f"more than {seconds:g} s")

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)  # again and again: a library may swallow the exception
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def outcome(case: Case) -> Outcome:
    """What calcgrad answers."""
    try:
        with limited(OWN_SECONDS):
            (found,) = compute_many([case.request], formulas=case.formulas)
            return found
    except CalcgradError as error:
        return error
    except HangError as hang:
        return Find("hang", str(hang))
    except Exception as error:  # a crash is a find, and is printed
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Find("crash", f"{type(error).__name__}: {error} ({last.name}, line {last.lineno})")
