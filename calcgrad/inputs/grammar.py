"""Points as texts, mappings and files: the grammar of ``--at``, with the place of each error.

See :mod:`calcgrad.inputs.points` for what points are.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from calcgrad.errors import CalcgradError, Diagnostic, Span, UsageError
from calcgrad.expression.nodes import Call, Name, Node, postorder
from calcgrad.expression.tokens import canonical_name
from calcgrad.inputs.constants import between, fraction_node, nearest, rational
from calcgrad.inputs.tables import Cell
from calcgrad.inputs.values import PointValue, coordinate, data

if TYPE_CHECKING:
    from calcgrad.expression.vocabulary import Vocabulary

MOST_POINTS = 100_000
MOST_AXES = 32
FILE_SUFFIXES = (".npy", ".npz", ".json", ".csv", ".tsv", ".txt")
_DECIMAL = re.compile(r"[+-]?(\d{1,400}\.?\d{0,400}|\.\d{1,400})([eE][+-]?\d{1,4})?", re.ASCII)
_DEGREES = re.compile(r"(-?[0-9.]+)\s*(?:deg|degs|degree|degrees)")
_MADE_OF = "a value is a number, or made of constants: 2, 1/3, pi/2, 45°"
_OPEN, _CLOSE = "([{", ")]}"

FORMS = "a point is written 2, or x=1, y=pi/2, or 1, 2, or w=[1, 2, 3], or x=0:2:41, or is a file"
#: A value for each name; the name is ``None`` for a value alone, and a number for one of several without names.
Choice: TypeAlias = dict[str | int | None, PointValue]


@dataclass(frozen=True, slots=True)
class TextPlace:
    """A piece of a text, with the whole text and where the piece begins in it, so that errors can point."""

    text: str
    whole: str
    start: int

    def cut(self, start: int, end: int) -> TextPlace:
        """The piece from start to end, without the blanks around it."""
        piece = self.text[start:end]
        stripped = piece.strip()
        lead = len(piece) - len(piece.lstrip()) if stripped else 0
        return TextPlace(stripped, self.whole, self.start + start + lead)

    def error(self, code: str, message: str, label: str = "", *hints: str) -> CalcgradError:
        span = Span(self.start, self.start + max(len(self.text), 1))
        return UsageError.of(code, message, span, label, hints, source=self.whole)


class Reader:
    """Reads values; collects the warnings met on the way."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.warnings: list[Diagnostic] = []

    def spec(self, spec: Any) -> list[Choice]:
        """All the points of one spec: a text, a mapping, or a bare value."""
        if isinstance(spec, str):
            return self.text(TextPlace(spec, spec, 0).cut(0, len(spec)))
        if isinstance(spec, Mapping):
            return self.mapping(spec)
        return [{None: c} for c in self.value(spec)]

    def mapping(self, spec: Mapping[Any, Any]) -> list[Choice]:
        columns: list[list[Choice]] = []
        for name, value in spec.items():
            if not isinstance(name, str) or not canonical_name(name).isidentifier():
                raise UsageError.of("E312", f"{name!r} is not the name of a variable")
            columns.append([{canonical_name(name): c} for c in self.value(value)])
        return _multiplied(columns)

    def value(self, value: Any) -> list[PointValue]:
        """The alternatives of a value given as Python or JSON data; more than one only for a range."""
        if not isinstance(value, str):
            return [data(value)]
        try:
            return self.written(TextPlace(value, value, 0).cut(0, len(value)))
        except CalcgradError as error:
            if not isinstance(value, Cell):
                raise
            raise value.error(
                error.diagnostic.code, error.diagnostic.message, *error.diagnostic.hints
            ) from None

    def text(self, place: TextPlace) -> list[Choice]:
        if place.text.endswith(FILE_SUFFIXES) and "=" not in place.text:
            return self.file(place)
        columns: list[list[Choice]] = []
        seen: set[str | None] = set()
        pieces = split(_unbracketed(place), ",")
        for position, piece in enumerate(pieces):
            name, value = named(piece)
            if not value.text:
                raise piece.error("E310", "a value is missing in the point", "nothing here", FORMS)
            if (name is not None and name in seen) or (seen and (name is None) != (None in seen)):
                raise _unclear(piece, name, seen)
            seen.add(name)
            key = position if name is None and len(pieces) > 1 else name
            columns.append([{key: c} for c in self.written(value)])
        return _multiplied(columns, place)

    def written(self, place: TextPlace) -> list[PointValue]:
        """The alternatives of a written value: one, or as many as its range counts."""
        if place.text.endswith(FILE_SUFFIXES):
            choices = self.file(place)
            if len(choices) != 1 or list(choices[0]) != [None]:
                hint = f"a file of named values stands alone: --at {place.text}"
                raise place.error("E329", "the file holds named values, not one value", "", hint)
            return [choices[0][None]]
        if place.text.startswith("["):
            return [self.array(place)]
        parts = split(place, ":")
        if len(parts) == 1:
            return [self.scalar(place)]
        if len(parts) != 3:
            name = parts[0].text
            hint = (
                f"write {name}={parts[1].text}"
                if len(parts) == 2 and name.isidentifier()
                else "such as 0:2:41"
            )
            label = f"{len(parts)} parts here"
            raise place.error("E316", "a range has three parts: start:stop:count", label, hint)
        return self.range(*parts)

    def range(self, first: TextPlace, last: TextPlace, count: TextPlace) -> list[PointValue]:
        start, stop = (self.scalar(end).exact or self.constant(end) for end in (first, last))
        number = rational(self.constant(count))
        if number is None or number.denominator != 1 or number < 2:
            raise count.error(
                "E317", "the count of a range is a whole number, 2 or more", "start:stop:count, ends included"
            )
        if number > MOST_POINTS:
            raise count.error("E318", f"a range has at most {MOST_POINTS} points")
        steps = number.numerator - 1
        return [coordinate(between(start, stop, Fraction(i, steps))) for i in range(steps + 1)]

    def array(self, place: TextPlace) -> PointValue:
        import numpy

        shape, entries = self.entries(place)
        values = numpy.array([c.value for c in entries], dtype=float).reshape(shape)
        return PointValue(values, entries=tuple([c.exact for c in entries if c.exact is not None]))

    def entries(self, place: TextPlace) -> tuple[tuple[int, ...], list[PointValue]]:
        """The shape and the entries of nested lists, walked with a stack of (place, depth)."""
        shape: list[int] = []
        leaf_depth: int | None = None
        entries: list[PointValue] = []
        todo = [(place, 0)]
        while todo:
            piece, depth = todo.pop()
            leaf = not piece.text.startswith("[")
            if leaf_depth is None and leaf:
                leaf_depth = depth
            if leaf_depth is not None and leaf != (depth == leaf_depth):
                raise piece.error("E321", "the rows of an array have the same shape", "another depth here")
            if leaf:
                entries.append(self.scalar(piece))
                continue
            if not piece.text.endswith("]"):
                raise piece.error("E320", "the list is not closed", "opened here")
            parts = split(piece.cut(1, len(piece.text) - 1), ",")
            if depth == MOST_AXES:
                raise piece.error("E322", f"an array has at most {MOST_AXES} axes", "one level too deep")
            if depth == len(shape):
                shape.append(len(parts))
            elif len(parts) != shape[depth]:
                label = f"{len(parts)} here, {shape[depth]} before"
                raise piece.error("E321", "the rows of an array have the same shape", label)
            todo.extend((part, depth + 1) for part in reversed(parts))
        return tuple(shape), entries

    def scalar(self, place: TextPlace) -> PointValue:
        exact = self.constant(place)
        value = nearest(exact)
        if math.isfinite(value):
            return PointValue(value, exact)
        if math.isnan(value) or rational(exact) is None:
            hint = "write a number, or an expression that has a finite value"
            raise place.error("E314", f"{place.text} is not a finite real number", "a point needs one", hint)
        raise place.error("E315", f"{place.text} is beyond the range of double precision", "above 1.8e308")

    def constant(self, place: TextPlace) -> Node:
        """The constant expression that is written there."""
        if _DECIMAL.fullmatch(place.text):
            return fraction_node(Fraction(place.text))
        if not place.text:
            raise place.error("E310", "a value is missing in the point", "nothing here", FORMS)
        from calcgrad.expression import parse
        from calcgrad.operations import OPERATIONS, Elementwise

        try:
            parsed = parse(place.text, self.vocabulary)
        except CalcgradError as error:
            raise type(error)(_moved(_for_a_point(error.diagnostic, place), place)) from None
        self.warnings.extend(_moved(w, place) for w in parsed.warnings)
        for node in postorder(parsed.root):
            if isinstance(node, Name):
                spot = TextPlace(node.name, place.whole, place.start + node.span.start)
                raise spot.error(
                    "E313",
                    "a point is made of constants",
                    f"{node.name} is a variable",
                    *(_apart(place.text) or (_MADE_OF,)),
                )
            if isinstance(node, Call) and not isinstance(OPERATIONS.get(node.op), Elementwise):
                raise place.error("E314", f"{place.text} is not a finite real number", "it works on arrays")
        return parsed.root

    def file(self, place: TextPlace) -> list[Choice]:
        from calcgrad.inputs.files import read_file

        try:
            choices = read_file(place.text, self.warnings)
        except CalcgradError as error:
            d = error.diagnostic
            raise place.error(d.code, d.message, d.label, *d.hints) from error
        return [point for choice in choices for point in self.spec(choice)]


def _unbracketed(place: TextPlace) -> TextPlace:
    """``(1, 2)`` without its brackets: several values in the order of the variables."""
    if not (place.text.startswith("(") and place.text.endswith(")")):
        return place
    inner = place.cut(1, len(place.text) - 1)
    depth = 0
    for character in inner.text:
        depth += (character in _OPEN) - (character in _CLOSE)
        if depth < 0:
            return place
    return inner if len(split(inner, ",")) > 1 else place


def _multiplied(columns: Iterable[list[Choice]], place: TextPlace | None = None) -> list[Choice]:
    """Every combination of one choice from each column."""
    columns = list(columns)
    if math.prod(len(c) for c in columns) > MOST_POINTS:
        message = f"the ranges make more than {MOST_POINTS} points"
        raise place.error("E318", message) if place else UsageError.of("E318", message)
    return [{k: v for choice in choices for k, v in choice.items()} for choices in product(*columns)]


def split(place: TextPlace, separator: str) -> list[TextPlace]:
    """The pieces between separators that stand outside all brackets."""
    pieces: list[TextPlace] = []
    depth = start = 0
    for i, character in enumerate(place.text):
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
        elif character == separator and depth <= 0:
            pieces.append(place.cut(start, i))
            start = i + 1
    pieces.append(place.cut(start, len(place.text)))
    return pieces


def named(piece: TextPlace) -> tuple[str | None, TextPlace]:
    """The name and the value of ``name = value``; the name is ``None`` where there is no lone equals sign."""
    match = re.search(r"(?<![=<>!])=(?!=)", piece.text)
    if match is None:
        return None, piece
    name = piece.cut(0, match.start())
    if not canonical_name(name.text).isidentifier():
        raise name.error("E312", f"{name.text!r} is not the name of a variable", "before the =", FORMS)
    return canonical_name(name.text), piece.cut(match.end(), len(piece.text))


def _unclear(piece: TextPlace, name: str | None, seen: set[str | None]) -> CalcgradError:
    if name in seen:
        return piece.error("E305", f"{name} is given twice")
    return piece.error("E311", "several values, and not every one has a name", "whose value?", FORMS)


def _for_a_point(d: Diagnostic, place: TextPlace) -> Diagnostic:
    """The parser's words on what is written as a value, without its advice on functions: a point has no variables."""
    if d.code in ("E112", "E120") and ("=" in place.text or ";" in place.text):
        return d._replace(hints=_apart(place.whole) or d.hints, fix=None)
    if d.code != "E102":
        return d
    degrees = _DEGREES.fullmatch(place.text)
    if degrees is not None:
        return d._replace(hints=(f"write {degrees[1]}°, or {degrees[1]}*pi/180",), fix=None)
    near = tuple(h for h in d.hints if h.startswith("did you mean"))
    return d._replace(hints=near or (_MADE_OF,), fix=None)


def _apart(text: str) -> tuple[str, ...]:
    """How values are told apart: ``x=1 y=2`` and ``x=1; y=2`` with a comma, ``x==2`` with one sign."""
    if re.fullmatch(r"\w+\s*==[^=]+", text):
        return (f"write {text.replace('==', '=')}",)
    parts = [part.strip() for part in re.split(r"[;\s]+(?=[^\W\d]\w*\s*=)|;", text) if part.strip()]
    return (f"commas part the values: {', '.join(parts)}",) if len(parts) > 1 else ()


def _moved(d: Diagnostic, place: TextPlace) -> Diagnostic:
    """A diagnostic of the piece as one of the whole text."""
    span = Span(d.span.start + place.start, d.span.end + place.start) if d.span else None
    end = place.start + len(place.text)
    fix = place.whole[: place.start] + d.fix + place.whole[end:] if d.fix is not None else None
    return d._replace(span=span, fix=fix, source=place.whole)
