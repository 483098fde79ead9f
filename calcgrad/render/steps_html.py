"""A derivation as HTML: a table of steps, the formulas as MathML; a fragment for notebooks, or a page."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from calcgrad.explaining.records import CheckedLine, Derivation, StepsReport
from calcgrad.expression.nodes import Node
from calcgrad.render import Style, words
from calcgrad.render.mathml import equation, mathml
from calcgrad.render.page import page
from calcgrad.render.steps import points, title, values, verdict


def render(report: StepsReport, style: Style, unicode: bool = False) -> str:
    """The report as a page."""
    name = f"The derivative of {report.input}, step by step"
    heading = f"<h1>{escape(name)}</h1>"
    return page(name, heading + fragment(report), f'calcgrad steps "{report.input}"')


def fragment(report: StepsReport) -> str:
    """The report as a part of a page."""
    shown = [f"<p>{escape(words.function_text(report))} = {mathml(report.function)}</p>"]
    shown += [f"<p>{escape(w.code)}: {escape(w.message)}</p>" for w in report.warnings]
    for d in report.derivations:
        shown += _derivation(report, d)
    if report.points:
        shown.append(f"<pre>{escape(chr(10).join(points(report, Style(width=None))))}</pre>")
    return "\n".join(shown)


def _derivation(report: StepsReport, d: Derivation) -> Iterator[str]:
    heading = title(report, d)
    if heading:
        yield f"<h2>{escape(heading)}</h2>"
    if d.lines:
        yield '<table><thead><tr><th scope="col">step</th><th scope="col">because</th><th scope="col">so</th></tr></thead><tbody>'
        for line in d.lines:
            yield _row(report, line)
        yield "</tbody></table>"
    yield f'<p class="{"right" if d.check == "right" else "wrong"}">{escape(verdict(d))}</p>'


def _row(report: StepsReport, checked: CheckedLine) -> str:
    line = checked.line
    because = sentence(line.because) + (" *" if line.widens else "")
    for part in line.parts:
        shown = mathml(part.node)
        said = f"{escape(part.name)} = {shown}" if part.name else shown
        told = f" ({escape(part.told)})" if part.told else ""
        known = (
            ""
            if part.derivative is None or not part.name
            else f", {escape(part.name)}' = {mathml(part.derivative)}"
        )
        because += f'<div class="parts">{said}{known}{told}</div>'
    rule = f'<div class="rule">{escape(line.rule)}</div>' if line.rule and line.kind == "rule" else ""
    below = "".join(f'<div class="value">= {escape(text)}</div>' for text in values(report, checked))
    wrong = ' class="wrong"' if checked.check == "wrong" else ""
    so = equation(line.left, line.right)
    return f"<tr{wrong}><td>{line.number}</td><td>{because}</td><td>{so}{below}{rule}</td></tr>"


def sentence(pieces: tuple[str | Node, ...]) -> str:
    """A sentence with its formulas as MathML."""
    return "".join(escape(piece) if isinstance(piece, str) else mathml(piece) for piece in pieces)
