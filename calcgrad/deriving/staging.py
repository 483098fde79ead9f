"""A tidying told in stages: the whole formula after each change, and the words for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

from calcgrad.deriving.building import ONE, each_once
from calcgrad.deriving.choosing import Chooser
from calcgrad.deriving.forms import Algebra, Form
from calcgrad.deriving.reading import Reader
from calcgrad.deriving.records import Tidying
from calcgrad.deriving.tidying import style_of, tidy
from calcgrad.deriving.writing import Sizes, Writer, flat, signed
from calcgrad.expression.nodes import Call, Constant, Node, postorder

#: What each change of a tidying is called in a derivation.
WORDS: dict[str, str] = {
    "like terms": "like terms brought together",
    "like factors": "like factors brought together",
    "numbers": "numbers brought together",
    "known value": "known value put in",
    "inverse functions": "inverse functions undone",
    "taken out": "taken out",
    "multiplied out": "multiplied out",
    "over one denominator": "over one denominator",
    "cancelled": "common factor cancelled",
    "shortened": "written shorter",
    "powers": "powers written out",
    "fractions": "fractions brought together",
    "order": "put in order",
    "one fraction": "written as one fraction",
    "brackets": "brackets removed",
    "signs": "signs brought together",
    "factor": "common number taken out",
    "like terms and factors": "like terms and factors brought together",
}

#: Nodes that are counted at most: a tree that shares its parts may be very large written out.
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Stage:
    """The whole formula after a change: the words for it, the names of what was done, and whether it has more values."""

    words: tuple[str | Node, ...]
    formula: Node
    rule: str
    widens: bool = False


def stages(formula: Node, function: Node) -> list[Stage]:
    """The tidying of a derivative, a whole formula for each kind of change; the last is what :func:`tidy` gives, or as short.

    >>> from calcgrad.expression import parse, to_text
    >>> from calcgrad.operations import VOCABULARY
    >>> raw = parse("2*(2*x)*exp(x) + x^2*exp(x)", VOCABULARY).root
    >>> [to_text(stage.formula, VOCABULARY) for stage in stages(raw, raw)]
    ['4*x*exp(x) + x^2*exp(x)', 'x*exp(x)*(4 + x)']
    """
    shortest = tidy(formula, function).formula
    sizes = Sizes()
    for everywhere in (False, True):
        found = _Staging(formula, function).staged(everywhere)
        last = found[-1].formula if found else formula
        if sizes.of(last) <= sizes.of(shortest):
            return found
    return found


class _Staging:
    """One tidying that is looked at while it goes on."""

    def __init__(self, formula: Node, function: Node) -> None:
        nodes = each_once(function)
        self.formula = formula
        self.records: list[Tidying] = []
        self.algebra = Algebra()
        self.writer = Writer(style_of(nodes))
        self.chooser = Chooser(self.algebra, self.writer, self.records)
        self.given = frozenset(id(node) for node in nodes if isinstance(node, Call))
        self.shown: dict[int, Node] = {}
        self.told = 0
        self.last = flat(formula)
        self.stages: list[Stage] = []

    def staged(self, everywhere: bool) -> list[Stage]:
        """The stages; sums within the formula are tidied by themselves only with ``everywhere``."""
        reader = Reader(self.algebra, self.writer, self.records)
        improve = self.chooser.improve
        form = reader.read(self.formula, improve if everywhere else None, self.given, self._watch)
        if not everywhere:
            self._watch(self.formula, improve(form))
        whole = signed(flat(rebuilt(self.formula, self.shown)))
        if whole != self.last:  # two signs that became one are no change to a part
            self.stages.append(Stage((WORDS["signs"],), whole, "signs"))
        return _merged(self.stages)

    def _watch(self, node: Node, form: Form) -> None:
        """A node was read: the whole formula with it, where that changed."""
        records = self.records[self.told :]
        self.told = len(self.records)
        written = self.writer.node(form)
        if isinstance(written, Constant) and written.name in ("true", "false"):
            return  # a condition that is decided: the choice that it stands in is told
        for k, record in enumerate(records):
            self._stage(node, written if k == len(records) - 1 else record.after, record.name, record)
        if not records:
            self._stage(node, written, "", None)

    def _stage(self, node: Node, written: Node, name: str, record: Tidying | None) -> None:
        before = rebuilt(node, self.shown)
        self.shown[id(node)] = written
        if before == written or signed(flat(before)) == signed(flat(written)):
            return  # nothing that is seen: the whole need not be put together
        whole = signed(flat(rebuilt(self.formula, self.shown)))
        if whole == self.last:
            return
        name = name or _unnamed(before, written)
        self.last = whole
        what = record.what if record is not None else None
        words = (what, " taken out") if name == "taken out" and what is not None else (WORDS.get(name, name),)
        self.stages.append(Stage(words, whole, name, record is not None and record.widens))


def _unnamed(node: Node, written: Node) -> str:
    """What a change is called of which the reader keeps no record."""
    if not isinstance(node, Call):
        return "fractions"
    if node.op in ("pow", "sqrt", "square", "exp"):
        return "powers"
    if node.op in ("add", "sub", "neg"):
        return "brackets"
    leaves, minuses, fractions = _counted(node)
    leaves_after, minuses_after, fractions_after = _counted(written)
    if leaves != leaves_after:
        return "factor" if fractions == fractions_after else "fractions"
    if minuses != minuses_after:
        return "signs"
    return (
        "one fraction" if node.op == "mul" and isinstance(written, Call) and written.op == "div" else "order"
    )


def _counted(node: Node) -> tuple[Counter[Node], int, int]:
    """How often each leaf stands in an expression, but for 1; how many minuses and fraction lines there are."""
    parts = list(islice(postorder(node), _MOST))
    leaves = Counter(part for part in parts if not part.args and part != ONE)
    minuses, fractions = (sum(isinstance(p, Call) and p.op == op for p in parts) for op in ("neg", "div"))
    return leaves, minuses, fractions


def rebuilt(root: Node, shown: dict[int, Node]) -> Node:
    """An expression with some of its parts written otherwise, the outermost of them."""
    done: dict[int, Node] = {}
    for node in each_once(root):
        if id(node) in shown:
            done[id(node)] = shown[id(node)]
        elif isinstance(node, Call):
            args = tuple([done[id(arg)] for arg in node.args])
            same = all(a is b for a, b in zip(args, node.args, strict=True))
            done[id(node)] = node if same else Call(node.op, args, node.params, node.span)
        else:
            done[id(node)] = node
    return done[id(root)]


def _merged(found: list[Stage]) -> list[Stage]:
    """Changes of one kind that follow one another as one; what only puts in order goes with its neighbour."""
    merged: list[Stage] = []
    for stage in found:
        before = merged[-1] if merged else None
        if before is not None and (
            before.rule == stage.rule != "taken out" or "order" in (before.rule, stage.rule)
        ):
            named = before if stage.rule == "order" else stage
            merged[-1] = Stage(named.words, stage.formula, named.rule, before.widens or stage.widens)
        else:
            merged.append(stage)
    return merged
