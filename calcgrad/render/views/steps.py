"""What ``steps`` tells: the function, then for each derivative a table of its steps, and the verdict on them."""

from __future__ import annotations

from calcgrad.explaining.records import CheckedLine, Derivation, StepsReport
from calcgrad.expression.nodes import Node
from calcgrad.render import Style, steps, words
from calcgrad.render.document import Block, Cells, Formula, Heading, Maths, Mixed, Screen, Table, Verdict
from calcgrad.render.document import line as line_of
from calcgrad.render.formulas import latex
from calcgrad.render.formulas import text as typed

__all__ = ["blocks", "line", "text"]

text = steps.render


def line(report: StepsReport) -> str:
    """The function, how many derivatives there are of it, and whether their steps hold."""
    count = len(report.derivations)
    return f"{typed(report.function)}: {count} derivation{'s' if count != 1 else ''}, {report.check}"


def blocks(report: StepsReport) -> list[Block]:
    """The report as a document."""
    found: list[Block] = [line_of(f"{w.code}: {w.message}", kind="warning") for w in report.warnings]
    name = words.function_text(report)
    found.append(Formula(Maths(f"{name} = {typed(report.function)}", f"{name} = {latex(report.function)}")))
    found += told(report)
    if report.points:
        found.append(Screen("\n".join(steps.points(report, Style(width=None)))))
    return found


def told(report: StepsReport) -> list[Block]:
    """The derivations alone."""
    found: list[Block] = []
    for d in report.derivations:
        heading = steps.title(report, d)
        found += [Heading(heading)] if heading else []
        found += [_table(report, d)] if d.lines else []
        found.append(verdict(d))
    return found


def verdict(d: Derivation) -> Verdict:
    """Whether the steps of a derivation hold."""
    word, _, said = steps.verdict(d).partition(": ")
    return Verdict(word, {"right": True, "wrong": False, "open": None}[d.check], (said,))


def _table(report: StepsReport, d: Derivation) -> Table:
    rows = tuple([_row(report, line) for line in d.lines])
    return Table(("step", "because", "so", "rule"), rows, numbers=4)


def _row(report: StepsReport, checked: CheckedLine) -> Cells:
    rule = checked.line.rule if checked.line.kind == "rule" else ""
    return Cells((str(checked.line.number), because(checked), so(report, checked), rule))


def because(checked: CheckedLine) -> Mixed:
    """Why a line follows, and what its letters stand for, a letter a line."""
    line = checked.line
    found: list[str | Maths] = [_piece(piece) for piece in line.because]
    found += [" *"] if line.widens else []
    for part, value in zip(line.parts, steps.part_values(checked), strict=True):
        found += ["\n", f"{part.name} = " if part.name else "", maths(part.node)]
        found += [f" = {value}"] if value is not None else []
        found += [f" ({part.told})"] if part.told else []
        if part.derivative is not None and part.name:
            found += [f", {part.name}' = ", maths(part.derivative)]
    return Mixed(tuple(found))


def so(report: StepsReport, checked: CheckedLine) -> Mixed:
    """What follows, and its value at each point."""
    line = checked.line
    left, right = typed(line.left), typed(line.right)
    found: list[str | Maths] = [Maths(f"{left} = {right}", f"{latex(line.left)} = {latex(line.right)}")]
    found += [piece for value in steps.values(report, checked) for piece in ("\n", value)]
    found += [" wrong"] if checked.check == "wrong" else []
    return Mixed(tuple(found))


def _piece(piece: str | Node) -> str | Maths:
    return piece if isinstance(piece, str) else maths(piece)


def maths(node: Node) -> Maths:
    """A formula for the writers."""
    return Maths(typed(node), latex(node))
