"""The formulas of the derivatives: by the table's own rules, at once; SymPy's where they were asked for, or where ours end.

A formula holds for the function as written. Where an operation has a kink or jumps, or a border lies between two pieces, the
formula need not hold, and its note says where that is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property, partial

from calcgrad.comparing.holding import Zeros, where_it_holds
from calcgrad.comparing.request import Reading
from calcgrad.comparing.rows import labels
from calcgrad.comparing.symbolic_truth import Answer, Found, coordinate_name
from calcgrad.deadline import Deadline
from calcgrad.deriving import NoFormulaError, Seam, differentiate, tidy
from calcgrad.deriving.building import each_once, has_more_than
from calcgrad.deriving.writing import Sizes
from calcgrad.errors import LimitError
from calcgrad.expression import to_latex, to_text
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.functions.lowering import entries
from calcgrad.methods.protocol import Wrt
from calcgrad.operations import VOCABULARY
from calcgrad.phrases import figure
from calcgrad.report.derivatives import Derivative
from calcgrad.systems.base import FLOAT64
from calcgrad.systems.values.remembering import remembered

#: The work that all formulas of a report may take: nodes looked at, some 15 µs each.
_MOST_WORK = 60_000
#: Derivatives of higher order grow: one of more nodes is not differentiated once more. A longer text is not shown.
_MOST_NODES = 500
_LONGEST = 4_000
#: Constants that are no numbers, and that nobody can type back.
_TRUTH = ("true", "false")
#: So many places where a formula need not hold are named.
_MOST_PLACES = 3
#: Where the zeros of a seam are poles or vertical tangents of the formula itself, it says so by having no value there.
_TOLD = frozenset({"kink", "jump", "border"})


#: Why numbers alone come without formulas.
_UNASKED = "without truth a formula comes with the row symbolic"


class Formulas:
    """The formulas of one request, each derivative made once; none where they are not ``wanted``."""

    def __init__(self, reading: Reading, deadline: Deadline | None = None, wanted: bool = True) -> None:
        self.reading = reading
        self.wanted = wanted
        self._deadline = deadline or Deadline(reading.request.timeout)
        self._zeros: Zeros = {}
        self._known: dict[tuple[int, tuple[str, ...]], tuple[Node, tuple[Seam, ...]]] = {}

    @cached_property
    def own(self) -> tuple[Derivative, ...] | None:
        """A row for each derivative and output, by our own rules; ``None`` where all of them together are too much work, or take
        a fifth of the time: a product of thousands of factors takes longer than its nodes say, and its formula is not read.
        """
        with remembered():  # many places are held against the same few points
            return self._deadline.attempt(self._made, None, self._deadline.left / 5)

    def _made(self) -> tuple[Derivative, ...] | None:
        reading = self.reading
        if not self.wanted:
            places = [(wrt, place) for wrt in reading.wrts for place in reading.output_indices]
            named = [(*labels(reading.function, wrt), place) for wrt, place in places]
            return tuple([Derivative(shown, None, None, _UNASKED, place, i) for shown, i, place in named])
        try:
            roots = entries(reading.function.in_numbers.root)
        except LimitError:
            return None
        if has_more_than(_MOST_WORK // max(len(reading.wrts) * reading.request.order, 1), roots):
            return None
        names = [coordinate_name(reading.function, i) for i in range(len(reading.function.coordinates))]
        for output, root in enumerate(roots):
            self._known[output, ()] = (root, ())
        rows: list[Derivative] = []
        for wrt in reading.wrts:
            shown, index = labels(reading.function, wrt)
            for output, place in enumerate(reading.output_indices):
                found = self._found(output, wrt, tuple([names[i] for i in wrt]))
                rows.append(Derivative(shown, *found, place, index))
        return tuple(rows)

    @property
    def complete(self) -> bool:
        """Whether there is a formula of our own for every derivative."""
        return self.own is not None and all(row.formula is not None for row in self.own)

    def _found(
        self, output: int, coordinates: Wrt, wrt: tuple[str, ...]
    ) -> tuple[str | None, str | None, str | None]:
        """Text, LaTeX and note of one derivative."""
        function = self.reading.function
        try:
            node, seams = self._derivative(output, wrt)
        except NoFormulaError as error:
            return None, None, str(error)
        if (part := valueless(node)) is not None:
            return None, None, f"{to_text(part, VOCABULARY)} has no finite value"
        size = Sizes().of(
            node
        )  # what is shared counts each time it is printed: millions, where nesting is deep
        if size > self._longest(len(wrt)):
            return None, None, f"it has some {size:,} characters"
        text = to_text(node, VOCABULARY)
        if function.of_text and not function.arrays:
            return (
                text,
                to_latex(node, VOCABULARY),
                where_it_holds(function, node, coordinates, output, self._zeros),
            )
        return text, to_latex(node, VOCABULARY), holds_where(seams)

    def _longest(self, order: int) -> int:
        """The most characters of a formula: of a first derivative some times those of the function that was typed."""
        typed = len(self.reading.request.text) if order == 1 and self.reading.function.of_text else 0
        return max(_LONGEST, 4 * typed)

    def _derivative(self, output: int, wrt: tuple[str, ...]) -> tuple[Node, tuple[Seam, ...]]:
        """A derivative from that of one order less. Raises ``NoFormulaError``."""
        start = next(k for k in range(len(wrt), -1, -1) if (output, wrt[:k]) in self._known)
        node, seams = self._known[output, wrt[:start]]
        for k in range(start, len(wrt)):
            if k and has_more_than(_MOST_NODES, [node]):
                raise NoFormulaError(
                    f"the derivative of order {k} is too long to be differentiated once more", node.span
                )
            derivation = differentiate(node, wrt[k])
            node, seams = tidy(derivation.formula, node).formula, (*seams, *derivation.seams)
            self._known[output, wrt[: k + 1]] = (node, seams)
        return node, seams


def valueless(formula: Node) -> Node | None:
    """A part without variables that is no finite number, in doubles: ``1/0``, ``ln(-1)``. With it, it is no formula.

    >>> from calcgrad.expression import parse
    >>> valueless(parse("x*ln(-1)", VOCABULARY).root), valueless(parse("x*ln(2)", VOCABULARY).root)
    (1 neg/1 log/1, None)
    """
    values: dict[int, float] = {}
    for node in each_once(formula):
        if isinstance(node, Call):
            if node.op in ("where", "vector") or not all(id(arg) in values for arg in node.args):
                continue
            value = FLOAT64.function(node.op)(*(values[id(arg)] for arg in node.args), *node.params)
            if not math.isfinite(value):
                return node
            values[id(node)] = value
        elif isinstance(node, Constant) and node.name in _TRUTH:
            return node
        elif not isinstance(node, Name):
            values[id(node)] = FLOAT64.constant(node)
    return None


def formulas(made: Formulas, answer: Answer | None, deadline: Deadline) -> tuple[Derivative, ...]:
    """The rows to show: ours, and SymPy's in place of those that we have not; SymPy's alone for ``--truth symbolic``."""
    own = made.own if made.reading.request.truth != "symbolic" else None
    if own is not None and (made.complete or answer is None):
        return own
    theirs = _sympys(made.reading, answer, deadline) if answer else ()
    if own is None:
        return theirs
    return tuple(o if o.formula is not None else t for o, t in zip(own, theirs, strict=True))


def _sympys(reading: Reading, answer: Answer, deadline: Deadline) -> tuple[Derivative, ...]:
    """A row for each formula that SymPy found."""
    rows: list[Derivative] = []
    for wrt, found in zip(reading.wrts, answer.formulas, strict=True):
        names, index = labels(reading.function, wrt)
        for o, (output, one) in enumerate(zip(reading.output_indices, found, strict=True)):
            text = to_text(one.node, VOCABULARY) if one.node else one.text
            latex = to_latex(one.node, VOCABULARY) if one.node else None
            late = f"where it holds was not looked at: {deadline.note}" if text else None
            with remembered():
                place = deadline.attempt(partial(_sympys_place, reading, one, wrt, o), late)
            note = "; ".join(filter(None, [one.note, place])) or None
            rows.append(Derivative(names, text, latex, note, output, index))
    return tuple(rows)


def _sympys_place(reading: Reading, found: Found, wrt: Wrt, output: int) -> str | None:
    """Where a formula of SymPy's holds."""
    function = reading.function
    if found.node is not None and function.of_text and not function.arrays:
        return where_it_holds(function, found.node, wrt, output)
    return _holding([f"{to_text(a, VOCABULARY)} != {to_text(b, VOCABULARY)}" for a, b in found.borders])


def holds_where(seams: Sequence[Seam]) -> str | None:
    """Where a formula holds, in words, with what can be typed back.

    >>> from calcgrad.expression import parse
    >>> found = differentiate(parse("abs(x - 1) + floor(x)", VOCABULARY).root, "x")
    >>> holds_where(found.seams)
    'holds where x != 1 and x is not a whole number'
    """
    return _holding([_holds(seam) for seam in seams if seam.kind in _TOLD and _varies(seam)])


def _varies(seam: Seam) -> bool:
    """Whether a seam is somewhere and not everywhere: what is a number, such as w - w/1, has no zeros to name."""
    return not isinstance(tidy(seam.where, seam.where).formula, Number)


def _holding(places: Sequence[str]) -> str | None:
    """The conditions in a sentence, each once, of many the first ones."""
    shown = list(dict.fromkeys(places))
    if not shown:
        return None
    more = f" and {len(shown) - _MOST_PLACES} more" if len(shown) > _MOST_PLACES else ""
    return f"holds where {' and '.join(shown[:_MOST_PLACES])}{more}"


def _holds(seam: Seam) -> str:
    where = to_text(seam.where, VOCABULARY)
    if seam.period is not None:
        return (
            f"{where} is not a whole number"
            if seam.period == 1
            else f"{where} is not a multiple of {figure(seam.period)}"
        )
    if isinstance(seam.where, Call) and seam.where.op == "sub":
        left, right = (to_text(arg, VOCABULARY) for arg in seam.where.args)
        return f"{left} != {right}"
    return f"{where} != 0"


__all__ = ["Formulas", "formulas", "holds_where"]
