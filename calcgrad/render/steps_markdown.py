"""A derivation in Markdown: a table whose formulas are mathematics, as GitHub and notebooks draw them."""

from __future__ import annotations

from collections.abc import Iterator

from calcgrad.explaining.records import CheckedLine, Derivation, StepsReport
from calcgrad.expression.nodes import Node
from calcgrad.render import Style, words
from calcgrad.render.formulas import latex
from calcgrad.render.steps import points, title, values, verdict


def render(report: StepsReport, style: Style, unicode: bool = False) -> str:
    """The report in Markdown."""
    blocks = [f"{math(words.function_text(report))} = {_formula(report.function)}"]
    blocks += [f"> **{w.code}** {_text(w.message)}" for w in report.warnings]
    for d in report.derivations:
        heading = title(report, d, style.ascii)
        blocks += [f"### {_text(heading)}"] if heading else []
        blocks += ["\n".join(_table(report, d))] if d.lines else []
        blocks.append(_text(verdict(d)))
    if report.points:
        blocks.append("\n".join(["```", *points(report, style), "```"]))
    return "\n\n".join(blocks) + "\n"


def _table(report: StepsReport, d: Derivation) -> Iterator[str]:
    yield "| step | because | so | rule |"
    yield "|---|---|---|---|"
    for line in d.lines:
        yield _row(report, line)


def _row(report: StepsReport, checked: CheckedLine) -> str:
    line = checked.line
    because = sentence(line.because) + (" *" if line.widens else "")
    for part in line.parts:
        named = f"{math(part.name)} = {_formula(part.node)}" if part.name else f"{_formula(part.node)}"
        told = f" ({_text(part.told)})" if part.told else ""
        known = (
            f", {math(part.name + chr(39))} = {_formula(part.derivative)}"
            if part.derivative is not None and part.name
            else ""
        )
        because += f"; {named}{known}{told}"
    so = f"${_bars(latex(line.left))} = {_bars(latex(line.right))}$"
    so += "".join(f"<br>= {_text(text)}" for text in values(report, checked))
    rule = line.rule if line.kind == "rule" else ""
    wrong = "**wrong** " if checked.check == "wrong" else ""
    return f"| {line.number} | {because} | {wrong}{so} | {rule} |"


def sentence(pieces: tuple[str | Node, ...]) -> str:
    """A sentence with its formulas as mathematics."""
    return "".join(_text(piece) if isinstance(piece, str) else _formula(piece) for piece in pieces)


def math(formula: str) -> str:
    """A formula in LaTeX between its signs."""
    return f"${formula}$"


def _formula(node: Node) -> str:
    return math(_bars(latex(node)))


def _bars(formula: str) -> str:
    """A bar would end the cell of the table."""
    return formula.replace("|", r"\vert ")


def _text(text: str) -> str:
    return "".join("\\" + c if c in "\\`*_[]<>|$" else c for c in text)
