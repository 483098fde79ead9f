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
        word, _, said = steps.verdict(d).partition(": ")
        good = {"right": True, "wrong": False, "open": None}[d.check]
        found.append(Verdict(word, good, (said,)))
    return found


def _table(report: StepsReport, d: Derivation) -> Table:
    rows = tuple([_row(report, line) for line in d.lines])
    return Table(("step", "because", "so", "rule"), rows, numbers=4)


def _row(report: StepsReport, checked: CheckedLine) -> Cells:
    line = checked.line
    because: list[str | Maths] = [_piece(piece) for piece in line.because]
    because += [" *"] if line.widens else []
    for part in line.parts:
        because += ["\n", f"{part.name} = " if part.name else "", maths(part.node)]
        because += [f" ({part.told})"] if part.told else []
        if part.derivative is not None and part.name:
            because += [f", {part.name}' = ", maths(part.derivative)]
    left, right = typed(line.left), typed(line.right)
    so: list[str | Maths] = [Maths(f"{left} = {right}", f"{latex(line.left)} = {latex(line.right)}")]
    so += [piece for value in steps.values(report, checked) for piece in ("\n", value)]
    so += [" wrong"] if checked.check == "wrong" else []
    rule = line.rule if line.kind == "rule" else ""
    return Cells((str(line.number), Mixed(tuple(because)), Mixed(tuple(so)), rule))


def _piece(piece: str | Node) -> str | Maths:
    return piece if isinstance(piece, str) else maths(piece)


def maths(node: Node) -> Maths:
    """A formula for the writers."""
    return Maths(typed(node), latex(node))
