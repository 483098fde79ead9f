"""What the parser and the printer are told of the operations: names, arities, spellings. They know no operation themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Word:
    """What a function's name means when it is applied to ``arity`` arguments.

    ``leading`` are whole numbers put before the arguments (``besselj0(x)`` is ``besselj(0, x)``); with ``fold`` more
    arguments than ``arity`` (which is 2) fold to the left: ``max(a, b, c)`` is ``maximum(maximum(a, b), c)``. ``of_arrays``
    says that it works on the entries of an array together, so that some write these as its arguments: ``sum(1, 5)``.
    """

    op: str
    arity: int
    leading: tuple[int, ...] = ()
    fold: bool = False
    of_arrays: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """How an operation that is not infix is written: its name in the language, and a LaTeX template.

    The template has ``{0}``, ``{1}`` … for the arguments as they stand and nothing else: ``\\sin({0})`` is written
    with ``\\left(`` in the template itself. Where it is empty, ``\\operatorname{name}\\left(…\\right)`` is used.
    ``power`` says that ``f(x)^n`` is written ``f^{n}(x)`` in LaTeX (the trigonometric functions).
    """

    text: str
    latex: str = ""
    power: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the language, and how each operation is written back.

    ``words`` maps each name, aliases too, to its meanings, one an arity. ``forms`` maps each operation to its spelling.
    The operations behind the infix operators and other punctuation are fixed:
    ``add sub mul div mod floordiv matmul pow neg factorial abs sqrt`` and the comparisons
    ``less less_equal greater greater_equal equal not_equal``, ``logical_and logical_or logical_not``, ``where``,
    ``vector`` (``[a, b]``) and ``getitem`` (``x[0]``; the index is in ``params``).
    """

    words: Mapping[str, tuple[Word, ...]]
    forms: Mapping[str, Form]
    constants: frozenset[str] = field(default_factory=lambda: frozenset({"pi", "e", "tau", "inf"}))
