"""A trace as text: the picture, the values with their tangents, the adjoints with where they come from, the local partials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from calcgrad.explaining.graph import Adjoint, Edge, Figure, Slot, Term, TraceReport
from calcgrad.expression.nodes import Call, Name
from calcgrad.render import Style, steps, words
from calcgrad.render.diagnostic import draw
from calcgrad.render.figures import LOST, figure, shape, short
from calcgrad.render.formulas import text as formula
from calcgrad.render.lanes import Knot
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import BAD, HEADING, MUTED, NAME, paint
from calcgrad.render.wires import drawn

#: Slots up to which the picture is drawn, and the columns of a formula before it is wrapped.
MOST_DRAWN, _GAP, _LABEL = 15, 2, 16
#: Slots up to which each has a row of its own where steps are folded into boxes.
_MOST_ROWS = 40
#: Terms of an adjoint up to which all of them are written out.
_MOST_TERMS = 8
#: Sentences on what rounding has cost.
_MOST_LOST = 6


def render(report: TraceReport, style: Style, unicode: bool = False) -> str:
    """The report as text, in lines no longer than the style's width where formulas allow."""
    lines: list[str] = []
    for warning in report.warnings:
        origin = "expression" if warning.source in {None, report.input} else "point"
        found = draw(warning, color=style.color, width=style.width, ascii=style.ascii, origin=origin)
        lines += [*found.rstrip("\n").split("\n"), ""]
    first = f"{words.function_text(report)} = " if of_text(report) else ""
    said = wrapped(report.parsed, style.width, first, " " * len(first))
    lines += [paint(first, NAME, style.color) + said[0][len(first) :], *said[1:]]
    if not report.slots:
        return "\n".join([*lines, "", "a constant: there is no graph, and nothing flows"]) + "\n"
    for section in (picture, values, adjoints, partials, end):
        found_lines = section(report, style)
        lines += ["", *found_lines] if found_lines else []
    return "\n".join(lines) + "\n"


def of_text(report: TraceReport) -> bool:
    """Whether the function is an expression; a Python function is shown by its name."""
    return not report.parsed.startswith(report.input + "(")


def knots(report: TraceReport) -> list[Knot]:
    """The graph as the drawing wants it: inputs, steps, outputs."""
    place = {slot.name: k for k, slot in enumerate(report.slots)}
    uses: dict[str, list[tuple[int, int]]] = {}
    for edge in report.edges:
        uses.setdefault(edge.target, []).append((edge.argument, place[edge.source]))
    if report.boxes:
        home = {name: k for k, box in enumerate(report.boxes) for name in box.slots}
        pairs = dict.fromkeys((home[e.target], home[e.source]) for e in report.edges)
        folded = [
            Knot(_short(box.title), tuple([b for a, b in pairs if a == k and b != k]))
            for k, box in enumerate(report.boxes)
        ]
        return [*folded, *[Knot(o.name, (home[o.slot],)) for o in report.outputs if o.slot is not None]]
    found = [Knot(s.label, tuple([u for _, u in sorted(uses.get(s.name, []))])) for s in report.slots]
    return [*found, *[Knot(o.name, (place[o.slot],)) for o in report.outputs if o.slot is not None]]


def _short(title: str) -> str:
    """The title of a box in a picture of characters."""
    said = title.partition(" of ")[0] if title.startswith("turn ") else title
    return said if len(said) <= _LABEL else said[: _LABEL - 2] + ".."


def picture(report: TraceReport, style: Style) -> list[str]:
    """The graph, where it is small enough; nothing otherwise."""
    if len(report.boxes or report.slots) > MOST_DRAWN:
        return []
    width = None if style.width is None else style.width - 2
    found = drawn(knots(report), width, style.ascii)
    return [] if found is None else ["  " + line for line in found]


def values(report: TraceReport, style: Style) -> list[str]:
    """The values, and the tangents pass by pass, as many passes side by side as there is room for."""
    headers, rows = table(report)
    fixed = len(headers) - (
        len(report.forward.shown) if _with_tangents(report) and not _by_boxes(report) else 0
    )
    widths = [max(len(row[k]) for row in [headers, *rows]) for k in range(len(headers))]
    limit = 10**6 if style.width is None else style.width
    if fixed and sum(widths[:fixed]) + _GAP * (fixed - 1) > limit:
        return _stacked(headers, rows, style)
    lines: list[str] = []
    k = fixed
    while True:
        chosen = [*range(fixed)]
        while k < len(headers) and (
            len(chosen) == fixed or sum(widths[i] + _GAP for i in [*chosen, k]) - _GAP <= limit
        ):
            chosen.append(k)
            k += 1
        if sum(widths[i] + _GAP for i in chosen) - _GAP > limit:
            return _stacked(headers, rows, style)
        lines += [""] if lines else []
        for n, row in enumerate([headers, *rows]):
            text = (" " * _GAP).join(row[i].ljust(widths[i]) for i in chosen).rstrip()
            lines.append(paint(text, HEADING, style.color) if n == 0 else text)
        if k >= len(headers):
            break
    if report.mode != "reverse":
        lines += ["", *wrapped(forward_words(report), style.width)]
    return lines


def table(report: TraceReport) -> tuple[list[str], list[list[str]]]:
    """The table of slots: its headers and its rows."""
    if _by_boxes(report):
        return _boxes(report)
    arrays = report.arrays
    sources = any(slot.where for slot in report.slots)
    tangents = report.forward.shown if _with_tangents(report) else ()
    headers = ["slot", "is", *(["shape"] if arrays else []), "value", *(["line"] if sources else [])]
    headers += [f"dv/{seed}" for seed in tangents]
    rows = [
        [
            slot.name,
            formula(slot.formula),
            *([shape(slot.value)] if arrays else []),
            figure(slot.value),
            *([slot.where or ""] if sources else []),
            *[figure(t) for t in slot.tangents if tangents],
        ]
        for slot in report.slots
    ]
    constants = [
        [name, "a constant", shape(found), figure(found), *([""] * (len(headers) - 4))]
        for name, found in report.constants
    ]
    return headers, [*constants, *rows]


def _with_tangents(report: TraceReport) -> bool:
    """Whether the tangents have columns: of arrays, where forward mode is all that is asked for."""
    shown = report.mode == "forward" or (report.mode == "both" and not report.arrays)
    return shown and bool(report.slots and report.slots[0].tangents)


def _by_boxes(report: TraceReport) -> bool:
    """Whether the table has a row a box, and not a row a slot."""
    return bool(report.boxes) and len(report.slots) > _MOST_ROWS


def _boxes(report: TraceReport) -> tuple[list[str], list[list[str]]]:
    """The table of boxes."""
    slots = {slot.name: slot for slot in report.slots}
    rows = [
        [
            box.name,
            box.title,
            str(len(box.slots)),
            shape(slots[box.name].value),
            figure(slots[box.name].value),
            box.where or "",
        ]
        for box in report.boxes
    ]
    return ["slot", "is", "steps", "shape", "value", "line"], rows


def _stacked(headers: Sequence[str], rows: Sequence[Sequence[str]], style: Style) -> list[str]:
    """One fact a line, for narrow places."""
    lines: list[str] = []
    for row in rows:
        lines += wrapped(f"{row[0]} = {row[1]}", style.width, "", "    ")
        for header, cell in zip(headers[2:], row[2:], strict=True):
            lines += wrapped(f"{header} = {cell}", style.width, "    ", "      ") if cell else []
    return lines


def forward_words(report: TraceReport) -> str:
    """How many forward passes it takes, in words."""
    needed, shown = report.forward.needed, len(report.forward.shown)
    said = f"forward mode: {_passes(needed)}, one for each number that goes in"
    if not _with_tangents(report):
        hint = "" if report.note or not shown else "; --mode forward shows the first"
        return said + (f"; not shown: {report.note}" if report.note else hint)
    return said + (f"; the first {shown} are shown" if shown < needed else "")


def backward_words(report: TraceReport) -> str:
    """How many backward passes it takes, in words."""
    needed, shown = report.backward.needed, len(report.backward.shown)
    said = f"reverse mode: {_passes(needed)}, one for each number that comes out"
    said += ", for all inputs at once" if report.forward.needed > 1 else ""
    return said + (f"; the first {shown} {'is' if shown == 1 else 'are'} shown" if shown < needed else "")


def _passes(count: int) -> str:
    return f"{count:,} pass{'' if count == 1 else 'es'}"


def adjoints(report: TraceReport, style: Style) -> list[str]:
    """Each adjoint as the sum of what its edges add, from the output back to the inputs, pass by pass."""
    if report.mode == "forward" or not report.slots:
        return []
    lines: list[str] = []
    for k, name in enumerate(report.backward.shown):
        if k >= len(report.slots[0].adjoints):
            break
        if report.backward.needed > 1:
            lines += [*([""] if lines else []), paint(f"backward from {name}", HEADING, style.color)]
        else:
            lines.append(paint("backward", HEADING, style.color))
        told = report.slots if not _by_boxes(report) else [s for s in report.slots if s.kind == "input"]
        for slot in reversed(told):
            adjoint = slot.adjoints[k]
            if not adjoint.value.structural_zero:
                lines += _wrapped_sum(adjoint_words(slot, adjoint), style.width)
    missing = f"; not shown: {report.note}" if report.note and not lines else ""
    return [*lines, *([""] if lines else []), *wrapped(backward_words(report) + missing, style.width)]


def adjoint_words(slot: Slot, adjoint: Adjoint) -> tuple[str, ...]:
    """``dv1``, ``dv3*v2 + dv4*cos(v1)``, ``1*2 + 1*0.540302``, ``2.540302``: what is equal."""
    own = f"d{slot.name}"
    if not adjoint.terms:
        return own, figure(adjoint.value)
    pieces = ["1"] if adjoint.seed else []
    letters = " + ".join([*pieces, *[_letters(term) for term in adjoint.terms]])
    if len(adjoint.terms) > _MOST_TERMS:
        rest = len(adjoint.terms) - _MOST_TERMS
        letters = " + ".join([*pieces, *[_letters(term) for term in adjoint.terms[:_MOST_TERMS]]])
        return own, f"{letters} + {rest} more", figure(adjoint.value)
    if adjoint.value.shape or any(t.edge.pullback is not None for t in adjoint.terms):
        return own, letters, figure(adjoint.value)
    numbers = " + ".join([*pieces, *[_numbers(term) for term in adjoint.terms]])
    return (*dict.fromkeys([own, letters, numbers]), figure(adjoint.value))


def _letters(term: Term) -> str:
    edge = term.edge
    if edge.pullback is not None:
        return formula(edge.pullback)
    if edge.partial is None:
        return f"d{edge.target}*{short(edge.value or 0.0)}"
    return formula(Call("mul", (Name(f"d{edge.target}"), edge.partial)))


def _numbers(term: Term) -> str:
    value = short(term.edge.value or 0.0)
    return f"{figure(term.adjoint)}*{f'({value})' if value.startswith('-') else value}"


def _wrapped_sum(parts: Sequence[str], width: int | None) -> list[str]:
    """An equation in one line, or a line for each of its sides."""
    whole = " = ".join(parts)
    if width is None or len(whole) <= width:
        return [whole]
    first, *rest = parts
    lines: list[str] = []
    for k, part in enumerate(rest):
        lead = f"{first if k == 0 else ' ' * len(first)} = "
        lines += steps.broken_formula(lead + part, width, " " * (len(first) + 3))
    return lines


class Partial(NamedTuple):
    """A line of the table of edges."""

    edge: str
    name: str
    formula: str
    value: str


def partials(report: TraceReport, style: Style) -> list[str]:
    """The local partial on each edge."""
    found = [local(edge, style.ascii) for edge in report.edges if edge.pullback is None]
    if not found or report.arrays or _by_boxes(report):
        return []
    widths = [max(len(row[k]) for row in found) for k in range(2)]
    lines = [paint("local partials, one on each edge", HEADING, style.color)]
    for row in found:
        head = f"{row.edge:<{widths[0]}}  {row.name:<{widths[1]}} = "
        parts = list(dict.fromkeys([part for part in (row.formula, row.value) if part]))
        whole = head + " = ".join(parts)
        if style.width is None or len(whole) <= style.width:
            lines.append(whole)
        else:
            lines.append(head + parts[0])
            lines += [" " * (len(head) - 2) + "= " + part for part in parts[1:]]
    return lines


def local(edge: Edge, ascii: bool = False) -> Partial:
    """The edge, the name of its partial, the formula and the value."""
    arrow, d = ("->", "d") if ascii else ("→", "∂")
    name = f"{d}{edge.target}/{d}{edge.source}"
    said = "" if edge.partial is None else formula(edge.partial)
    value = edge.note if edge.value is None and edge.note else short(edge.value or 0.0)
    if edge.value is None and said == "0":
        said = ""
    return Partial(f"{edge.source} {arrow} {edge.target}", name, said, value)


def end(report: TraceReport, style: Style) -> list[str]:
    """What rounding has cost, our own faults, and what is true at the point."""
    costs = list(lost(report))
    more = [f"{LOST} and {len(costs) - _MOST_LOST} more"] if len(costs) > _MOST_LOST else []
    lines = [line for said in [*costs[:_MOST_LOST], *more] for line in wrapped(said, style.width, "", "  ")]
    for fault in report.faults:
        said = f"wrong: {fault}. This is a bug of calcgrad: please report it with the expression"
        lines += [paint(text, BAD, style.color) for text in wrapped(said, style.width, "", "  ")]
    found = truths(report, style)
    return [*lines, *([""] if lines and found else []), *found]


def truths(report: TraceReport, style: Style) -> list[str]:
    """What is true at the point."""
    lines: list[str] = []
    for point in report.points:
        known = any(t.value is not None or t.verdict != "agree" for t in point.truth)
        if point.at and known and not report.arrays:
            lines += steps.points(report, style)
            lines += [t for said in point.explanation for t in wrapped(said, style.width, "  ", "    ")]
        else:
            for said in words.value_said(words.function_name(report), point):
                lines += wrapped(said, style.width)
            lines += [str(point.verdict)] if point.at else []
            why = [text for sentence in point.explanation for text in wrapped(sentence, style.width)]
            lines += [paint(text, MUTED, style.color) for text in why]
    return lines


def lost(report: TraceReport) -> Iterator[str]:
    """What rounding has cost, a sentence a figure."""
    for name, found in _figures(report):
        if found.digits is not None:
            within = f" (within {found.radius})" if found.radius else ""
            yield f"{LOST} {name} is {short(found.value)} in doubles, and truly {found.digits}{within}: rounding"


def _figures(report: TraceReport) -> Iterator[tuple[str, Figure]]:
    for slot in report.slots:
        yield slot.name, slot.value
        for seed, found in zip(report.forward.shown, slot.tangents, strict=False):
            yield f"d{slot.name}/{seed}", found
        for name, adjoint in zip(report.backward.shown, slot.adjoints, strict=False):
            yield f"d{name}/d{slot.name}", adjoint.value
