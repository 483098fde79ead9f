"""A derivation in LaTeX: a list of steps, the formulas displayed, so that long ones have the width of the page. Needs amsmath."""

from __future__ import annotations

from collections.abc import Iterator

from calcgrad.explaining.records import CheckedLine, Derivation, StepsReport
from calcgrad.expression.nodes import Node
from calcgrad.render import Style, words
from calcgrad.render.formulas import latex
from calcgrad.render.latex import text as escaped
from calcgrad.render.steps import part_values, points, title, verdict


def render(report: StepsReport, style: Style, unicode: bool = False) -> str:
    """The report as a fragment to be put into a document."""
    lines = [rf"\[ {words.function_text(report)} = {latex(report.function)} \]"]
    for d in report.derivations:
        lines += ["", *_derivation(report, d)]
    lines += [escaped(line) + r"\\" for line in points(report, Style(width=None))]
    return "\n".join(lines) + "\n"


def _derivation(report: StepsReport, d: Derivation) -> Iterator[str]:
    heading = title(report, d, ascii=True)
    if heading:
        yield rf"\paragraph{{{escaped(heading)}}}"
    if d.lines:
        yield r"\begin{description}"
        for line in d.lines:
            yield from _item(report, line)
        yield r"\end{description}"
    yield escaped(verdict(d))


def _item(report: StepsReport, checked: CheckedLine) -> Iterator[str]:
    line = checked.line
    rule = f" ({escaped(line.rule)})" if line.rule and line.kind == "rule" else ""
    said = sentence(line.because) + (" (where the line before it has a value)" if line.widens else "")
    wrong = r" \textbf{wrong}" if checked.check == "wrong" else ""
    yield rf"  \item[{line.number}] {said}{rule}{wrong}"
    for part, value in zip(line.parts, part_values(checked), strict=True):
        worth = "" if value is None else f" = {value}"
        named = f"${part.name} = {latex(part.node)}{worth}$" if part.name else f"${latex(part.node)}$"
        told = f" ({escaped(part.told)})" if part.told else ""
        known = (
            f", ${part.name}' = {latex(part.derivative)}$"
            if part.derivative is not None and part.name
            else ""
        )
        yield rf"    \\ {named}{known}{told}"
    has_value = len(report.points) == 1 and checked.values[0] is not None
    shown = f" = {checked.values[0]}" if has_value else ""
    yield rf"    \[ {latex(line.left)} = {latex(line.right)}{shown} \]"


def sentence(pieces: tuple[str | Node, ...]) -> str:
    """A sentence with its formulas as mathematics."""
    return "".join(escaped(piece) if isinstance(piece, str) else f"${latex(piece)}$" for piece in pieces)
