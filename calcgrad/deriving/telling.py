"""A derivative told: what each part is called, which rule it takes, what comes of it, and where the parts are put in.

``differentiate`` records the rules from the inside out; here they come in the order in which people work: a part is named, its
rule written down in letters, its own parts are taken in turn, and what they gave is put in.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from calcgrad.deriving.building import ZERO, each_once
from calcgrad.deriving.detours import by_inverse, by_logarithm
from calcgrad.deriving.known import UNDONE
from calcgrad.deriving.letters import Letters, occurs, prime
from calcgrad.deriving.lines import Line, Told, Words
from calcgrad.deriving.one_rule import TAUGHT, explained
from calcgrad.deriving.records import NoFormulaError
from calcgrad.deriving.rules import RULE
from calcgrad.deriving.staging import stages
from calcgrad.deriving.writing import flat
from calcgrad.errors import Span
from calcgrad.expression.nodes import Call, Name, Node

#: Parts beyond which nobody reads a derivation: it is refused, by name.
MOST_NODES = 1_000


def tell(function: Node, variable: str, name: str = "f", brief: bool = False) -> Told:
    """The derivative of an expression of numbers by one variable, told line by line; ``name`` is the function's.

    With ``brief``, parts that a beginner differentiates at sight (sums of powers, functions of the variable) have no lines of
    their own, and the tidying is one line.

    Raises ``NoFormulaError`` where the table knows no derivative, or the expression has more than ``MOST_NODES`` parts.

    >>> from calcgrad.expression import parse, to_text
    >>> from calcgrad.operations import VOCABULARY
    >>> told = tell(parse("x*sin(x)", VOCABULARY).root, "x")
    >>> [f"{to_text(line.left, VOCABULARY)} = {to_text(line.right, VOCABULARY)}" for line in told.lines]
    ["f' = u + x*u'", "u' = cos(x)", "f' = sin(x) + x*cos(x)"]
    >>> [to_text(line.right, VOCABULARY) for line in tell(parse("3*x^2*sin(x)", VOCABULARY).root, "x", brief=True).lines]
    ['6*x*sin(x) + 3*x^2*cos(x)']
    """
    nodes = each_once(function)
    if len(nodes) > MOST_NODES:
        raise NoFormulaError(f"it has more than {MOST_NODES:,} parts", function.span)
    letters = Letters(nodes, variable, name, brief)
    teller = _Teller(letters, brief)
    teller.tell_all()
    teller.tidy(function, letters.derivatives[name])
    return Told(
        function,
        variable,
        name,
        tuple(teller.lines),
        letters.meanings,
        {k: ZERO if d is None else d for k, d in letters.derivatives.items()},
        teller.lines[-1].right,
    )


def step_at(function: Node, variable: str, place: Span) -> int | None:
    """The number of the step in which the part at a place of the function's text is differentiated; ``None`` for none.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> step_at(parse("sin(x^2)*exp(x)", VOCABULARY).root, "x", Span(0, 8))
    2
    """
    try:
        told = tell(function, variable)
    except NoFormulaError:
        return None
    found = [line.number for line in told.lines if line.kind == "rule" and line.place == place]
    return found[0] if found and place.end > place.start else None


class _Teller:
    """The lines so far, and how many steps they are."""

    def __init__(self, letters: Letters, brief: bool) -> None:
        self.letters = letters
        self.brief = brief
        self.inverted: set[str] = set()  # functions whose derivatives were found from those of their inverses
        self.lines: list[Line] = []
        self.count = 0

    def tell_all(self) -> None:
        """Every part, the first named first; a walk without recursion, as trees are deep."""
        running: list[Generator[str, None, None]] = [self._part(self.letters.name)]
        while running:
            wanted = next(running[-1], None)
            if wanted is None:
                running.pop()
            else:
                running.append(self._part(wanted))

    def _part(self, name: str) -> Generator[str, None, None]:
        """The lines of one part; yields the names of parts whose derivatives are needed first."""
        self.count += 1
        number, node = self.count, self.letters.meanings[name]
        opened = self._opened(number, name, node)
        self.lines += opened
        line = opened[-1]
        parts = [part.name for line in opened for part in line.parts if part.name]
        needed = [part for part in parts if part not in self.letters.derivatives]
        if self.brief and not needed and len(opened) == 1:
            self.lines[-1] = line = replace(line, right=flat(self.letters.replaced(line.right)))
        for part in needed:
            if part not in self.letters.derivatives:
                yield part
        self._put_in(line, name, parts)

    def _put_in(self, line: Line, name: str, named: list[str]) -> None:
        """The line again with its letters put in, unless it has none."""
        right = self.letters.replaced(line.right)
        self.letters.derivatives[name] = None if right == ZERO else right
        right = flat(right)
        self.letters.ended[name] = line.number
        letters = [part for part in named if occurs(part, line.right)]
        if letters and right != line.right:
            uses = tuple(
                sorted(
                    {
                        self.letters.ended[k]
                        for k in letters
                        if k in self.letters.ended and occurs(prime(k), line.right)
                    }
                )
            )
            because: Words = (f"with {_listed([str(k) for k in uses])}",) if uses else (_put(letters),)
            self.lines.append(
                Line(
                    line.number,
                    "put in",
                    name,
                    because,
                    Name(prime(name)),
                    right,
                    "",
                    (),
                    uses,
                    line.node,
                    line.place,
                )
            )

    def _opened(self, number: int, name: str, node: Node) -> list[Line]:
        """What a part is and what its derivative is in letters."""
        found = explained(self.letters, name, node)
        right = ZERO if found.right is None else flat(found.right)
        line = Line(
            number,
            "rule",
            name,
            found.because,
            Name(prime(name)),
            right,
            found.rule,
            found.parts,
            (),
            node,
            node.span,
        )
        if found.rule == RULE["logarithmic"].title:
            return [*by_logarithm(self.letters, line)]
        if self._is_first_inverse(node):
            return [*by_inverse(self.letters, line)]
        return [line]

    def _is_first_inverse(self, node: Node) -> bool:
        """Whether a part is an inverse function that comes for the first time, and is to be derived."""
        if self.brief or not isinstance(node, Call) or id(node) not in self.letters.varies:
            return False
        if UNDONE.get(node.op) not in TAUGHT or node.op in self.inverted:
            return False
        self.inverted.add(node.op)
        return True

    def tidy(self, function: Node, raw: Node | None) -> None:
        """The lines that bring the whole into fewer characters."""
        if raw is None:
            return
        left = Name(prime(self.letters.name))
        found = stages(raw, function)
        if self.brief and len(found) > 1:
            widens = any(stage.widens for stage in found)
            found = [replace(found[-1], words=("tidied",), rule="", widens=widens)]
        for stage in found:
            self.count += 1
            self.lines.append(
                Line(
                    self.count,
                    "tidied",
                    self.letters.name,
                    stage.words,
                    left,
                    stage.formula,
                    stage.rule,
                    node=function,
                    place=function.span,
                    widens=stage.widens,
                )
            )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _put(names: list[str]) -> str:
    return f"{_listed(names)} put in"
