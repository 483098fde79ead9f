"""The letters that parts of a function are called by, and what is known of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from calcgrad.deriving.building import ONE, ZERO, each_once, put_in, varying
from calcgrad.deriving.differentiating import differentiate
from calcgrad.deriving.lines import Part
from calcgrad.deriving.sight import at_sight, tidied
from calcgrad.expression.nodes import Name, Node

_LETTERS = "uvwpqrstghkmn"


class Letters:
    """What each letter means, and its derivative where that is told; a zero by structure is ``None``.

    ``name`` is the whole function's. ``varies`` are the ids of the parts with the variable in them, ``at_sight`` of those whose
    derivative needs no line; ``ended`` has the number of the line that gave a letter's derivative.
    """

    def __init__(self, nodes: list[Node], variable: str, name: str, brief: bool) -> None:
        taken = {node.name for node in nodes if isinstance(node, Name)} | {variable, name}
        self.variable = variable
        self.name = name
        self.varies = varying(nodes, variable)
        self.at_sight = at_sight(nodes, self.varies) if brief else set()
        self.names: dict[Node, str] = {nodes[-1]: name}
        self.meanings: dict[str, Node] = {name: nodes[-1]}
        self.derivatives: dict[str, Node | None] = {}
        self.ended: dict[str, int] = {}
        self._free = _free(taken)

    def shown(self, part: Node, parts: list[Part]) -> Node:
        """What stands for a part in the rule: itself if it does not vary or is the variable, otherwise its letter."""
        if id(part) not in self.varies or isinstance(part, Name):
            return part
        name = self.names.get(part)
        told = ""
        if name is None:
            name = self.names[part] = next(self._free)
            self.meanings[name] = part
            if id(part) in self.at_sight:
                self.derivatives[name] = tidied(differentiate(part, self.variable))
        elif name in self.ended:
            told = f"as in step {self.ended[name]}"
        if name not in [other.name for other in parts]:
            known = self.derivatives.get(name) if id(part) in self.at_sight else None
            parts.append(Part(name, part, told, known))
        return Name(name)

    def derivative(self, part: Node, shown: Node) -> Node | None:
        """What stands for a part's derivative."""
        if id(part) not in self.varies:
            return None
        if shown is part:
            return ONE
        assert isinstance(shown, Name)
        return Name(prime(shown.name))

    def replaced(self, formula: Node) -> Node:
        """A formula with what its letters stand for; in that there are no letters."""
        letters: dict[str, Node | None] = {}
        for part in each_once(formula):
            if isinstance(part, Name):
                head, order = bare(part.name)
                if order and head in self.derivatives:
                    letters[part.name] = self.derivatives[head]
                elif part.name in self.meanings and part.name != self.name:
                    letters[part.name] = self.meanings[part.name]
        found = put_in(formula, letters) if letters else formula
        return ZERO if found is None else found


def prime(name: str) -> str:
    """The name of a derivative: ``u'``, ``f''``, ``f^(4)``.

    >>> prime("u"), prime("f''"), prime("f'''")
    ("u'", "f'''", 'f^(4)')
    """
    head, order = bare(name)
    return head + "'" * (order + 1) if order < 3 else f"{head}^({order + 1})"


def bare(name: str) -> tuple[str, int]:
    """A name without its primes, and how many there were."""
    found = re.fullmatch(r"(.*)\^\((\d+)\)", name)
    if found:
        return found[1], int(found[2])
    head = name.rstrip("'")
    return head, len(name) - len(head)


def occurs(name: str, formula: Node) -> bool:
    """Whether a letter, or a derivative of it, stands in a formula.

    >>> occurs("u", Name("u'")), occurs("v'", Name("v"))
    (True, False)
    """
    return any(
        (isinstance(n, Name) and bare(n.name)[0] == name) or n == Name(name) for n in each_once(formula)
    )


def _free(taken: set[str]) -> Iterator[str]:
    """Letters that are nobody's name yet."""
    for turn in count():
        for letter in _LETTERS:
            name = letter + (str(turn) if turn else "")
            if name not in taken:
                yield name
