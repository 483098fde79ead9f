"""A trace as a web page: the graph played forward and backward, the tables that it is played from, the local partials."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from calcgrad.errors import UsageError
from calcgrad.explaining.graph import Slot, TraceReport
from calcgrad.explaining.paging import beside
from calcgrad.render import Style, html_play, trace
from calcgrad.render.document import Cells, Screen, Table, Verdict
from calcgrad.render.document import line as line_of
from calcgrad.render.figures import figure
from calcgrad.render.formulas import text as formula
from calcgrad.render.graphs import drawing
from calcgrad.render.html import written
from calcgrad.render.html_head import head
from calcgrad.render.page import command_of, page

#: Boxes up to which the picture is drawn in a page, and rows up to which a table is whole.
MOST_BOXES, MOST_ROWS = 120, 200
_WIDE = 2000


@dataclass(frozen=True, slots=True)
class _Places:
    """Where in the picture everything is: the box of each slot, the outputs of each slot, the edges into and out of it."""

    report: TraceReport
    home: dict[str, str]

    @classmethod
    def of(cls, report: TraceReport) -> _Places:
        boxes = {name: box.name for box in report.boxes for name in box.slots}
        return cls(report, boxes or {slot.name: slot.name for slot in report.slots})

    def arrow(self, source: str, target: str) -> str:
        """The name of an arrow, by the slots at its ends."""
        return f"{self.home[source]}-{self.home[target]}"

    def into(self, names: Sequence[str]) -> list[str]:
        """The arrows into some slots from others."""
        found = [self.arrow(e.source, e.target) for e in self.report.edges if e.target in names]
        return list(dict.fromkeys(found))

    def outputs(self, names: Sequence[str]) -> tuple[list[str], list[str]]:
        """The outputs that some slots are, and the arrows to them."""
        ends = [output for output in self.report.outputs if output.slot in names]
        return [o.name for o in ends], [f"{self.home[o.slot]}-{o.name}" for o in ends if o.slot is not None]


def render(report: TraceReport, style: Style, unicode: bool = False) -> str:
    """The page."""
    point = report.points[0] if report.points else None
    parts = [
        head(
            "The computation graph, and what flows through it forward and backward",
            beside(report.input, report.variables, point) if trace.of_text(report) else None,
            report.parsed,
            point,
        ),
        "".join(f'<p class="note">{escape(f"{w.code}: {w.message}")}</p>' for w in report.warnings),
        played(report),
        _ending(report),
    ]
    made = command_of(style.typed, report.command, report.input)
    return page(f"calcgrad trace {report.input}", "\n".join(part for part in parts if part), made)


def played(report: TraceReport) -> str:
    """The graph with its player and the tables, as a part of a page."""
    if not report.slots:
        return "<p>A constant: there is no graph, and nothing flows.</p>"
    tables = [_forward(report), *_backward(report), _partials(report)]
    return (
        f"<section><h2>The graph</h2>{_picture(report)}{html_play.controls()}</section>"
        + "\n".join(table for table in tables if table)
        + html_play.SCRIPT
    )


def _picture(report: TraceReport) -> str:
    """The drawn graph; in characters where nothing is installed that lays it out, and in words where it is too large."""
    found = drawing(report)
    if len(found.nodes) > MOST_BOXES:
        many = f"{len(found.nodes):,} boxes are too many for a page: "
        return f"<p>{many}--format svg draws them, and --depth 1 folds those of a Python function.</p>"
    from calcgrad.render.trace_svg import picture

    try:
        return f'<div class="wide" tabindex="0" role="group" aria-label="the graph">{picture(report, backdrop=False)}</div>'
    except UsageError:
        drawn = trace.picture(report, Style(_WIDE))
        return written([Screen("\n".join(drawn))]) if drawn else ""


def _forward(report: TraceReport) -> str:
    """The values and the tangents, a row a slot or a box."""
    headers, rows = trace.table(report)
    places = _Places.of(report)
    by_name = {slot.name: slot for slot in report.slots}
    members = {box.name: box.slots for box in report.boxes} if headers[2] == "steps" else {}
    made = []
    for cells in rows[:MOST_ROWS]:
        names = members.get(cells[0], (cells[0],))
        slot = by_name.get(cells[0])
        if slot is None:
            made.append(_plain(cells))
            continue
        ends, arrows = places.outputs(names)
        said = f"forward: {cells[1]}, {figure(slot.value)}" if members else f"forward: {_told(report, slot)}"
        made.append(
            html_play.row(cells, said, [places.home[cells[0]], *ends], [*places.into(names), *arrows])
        )
    passes = trace.forward_words(report) if report.mode != "reverse" else ""
    return _section(
        "Forward: each value, and what a change of an input does to it", headers, made, len(rows), passes
    )


def _told(report: TraceReport, slot: Slot) -> str:
    """``v3 = v1*v2 = 2; dv3/dx = 2, dv3/dy = 1``."""
    said = dict.fromkeys([slot.name, formula(slot.formula), figure(slot.value)])
    seeds = zip(report.forward.shown, slot.tangents, strict=False)
    tangents = ", ".join(f"d{slot.name}/{seed} = {figure(t)}" for seed, t in seeds)
    return " = ".join(said) + (f"; {tangents}" if tangents else "")


def _backward(report: TraceReport) -> Iterator[str]:
    """The adjoints of each backward pass, from the output to the inputs, each with where it comes from."""
    if report.mode == "forward":
        return
    places = _Places.of(report)
    folded = trace.table(report)[0][2] == "steps"
    told = [slot for slot in report.slots if slot.kind == "input"] if folded else report.slots
    headers = ("adjoint", "comes from", "in numbers", "is")
    for k, name in enumerate(report.backward.shown):
        if k >= len(report.slots[0].adjoints):
            break
        found = [slot for slot in reversed(told) if not slot.adjoints[k].value.structural_zero]
        rows = [_adjoint(places, slot, k) for slot in found[:MOST_ROWS]]
        several = f" from {name}" if report.backward.needed > 1 else ""
        heading = f"Backward{several}: how each value moves the output, and where that comes from"
        yield _section(heading, headers, rows, len(found), trace.backward_words(report))
    if not report.slots[0].adjoints:
        missing = f"; not shown: {report.note}" if report.note else ""
        yield f"<p>{escape(trace.backward_words(report) + missing)}</p>"


def _adjoint(places: _Places, slot: Slot, k: int) -> str:
    adjoint = slot.adjoints[k]
    own, *middle, value = trace.adjoint_words(slot, adjoint)
    letters, numbers = [*middle, "", ""][:2] if middle else ("the output by itself", "")
    arrows = [places.arrow(term.edge.source, term.edge.target) for term in adjoint.terms]
    ends, last = places.outputs([slot.name]) if adjoint.seed else ([], [])
    said = "backward: " + " = ".join([own, *middle, value])
    lit = [places.home[slot.name], *ends]
    return html_play.row([own, letters, numbers, value], said, lit, [*arrows, *last], back=True)


def _section(heading: str, headers: Sequence[str], rows: Sequence[str], count: int, passes: str) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in headers)
    left = (
        f"<p>The first {len(rows):,} of {count:,} rows; --format json has them all.</p>"
        if len(rows) < count
        else ""
    )
    words = f"<p>{escape(passes)}</p>" if passes else ""
    return (
        f'<section><h2>{escape(heading)}</h2><div class="wide"><table class="figures"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{left}{words}</section>"
    )


def _plain(cells: Sequence[str]) -> str:
    first, *rest = map(escape, cells)
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'


def _partials(report: TraceReport) -> str:
    """The local partial on each edge, folded."""
    found = [trace.local(edge) for edge in report.edges if edge.pullback is None]
    if not found or report.arrays:
        return ""
    rows = tuple([Cells(tuple(row)) for row in found[:MOST_ROWS]])
    shown = written([Table(("edge", "partial", "is", "value"), rows, numbers=4)])
    more = f"<p>and {len(found) - len(rows):,} more</p>" if len(found) > len(rows) else ""
    return f"<details><summary>The local partials, one on each edge</summary>{shown}{more}</details>"


def _ending(report: TraceReport) -> str:
    """What rounding has cost, and our own faults."""
    costs = [line_of(said, kind="note") for said in trace.lost(report)]
    faults = [
        Verdict("wrong", False, (f"{fault}. This is a bug of calcgrad: please report it",))
        for fault in report.faults
    ]
    return written([*costs[:MOST_ROWS], *faults]) if costs or faults else ""
