"""Blocks as LaTeX; and the format ``latex`` of ``diff``. Needs no package but amsmath; ``textcomp`` is in LaTeX's kernel."""

from __future__ import annotations

import math

from calcgrad.render import Style
from calcgrad.render.document import (
    Block,
    Blocks,
    Cells,
    Formula,
    Heading,
    Inline,
    Line,
    Mixed,
    Screen,
    Table,
    Verdict,
)
from calcgrad.report.derivatives import Report

_SPECIAL = {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", "∂": r"$\partial$", "µ": r"\textmu{}", "·": r"$\cdot$", "±": r"$\pm$",
    **{c: "\\" + c for c in "&%$#_{}"},
    **{c: f"\\textsuperscript{{{k}}}" for k, c in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")},
}  # fmt: skip


def render(report: Report, style: Style) -> str:
    """The report as a fragment to be put into a document."""
    from calcgrad.render.views.diff import blocks

    return f"% {report.parsed}\n{written(blocks(report))}"


def written(blocks: Blocks) -> str:
    """The blocks as a fragment to be put into a document."""
    return "\n\n".join(map(_block, blocks)) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(said):
            return rf"\paragraph{{{text(said)}}}"
        case Formula(maths, note):
            said = f"\n({text(note)})" if note else ""
            if maths.latex is None:
                return inline(maths) + said
            return "\\begin{equation*}\n  " + maths.latex + "\n\\end{equation*}" + said
        case Line(parts, _):
            return rf"\noindent {''.join(map(inline, parts))}"
        case Table():
            return _table(block)
        case Verdict(word, _, sentences):
            return rf"\noindent \textbf{{{text(word)}}} {text('; '.join(sentences))}".rstrip()
        case Screen(said):
            return f"\\begin{{verbatim}}\n{said}\n\\end{{verbatim}}"


def _table(table: Table) -> str:
    width = len(table.headers)
    columns = "".join("r" if table.right(k) else "l" for k in range(width))
    return "\n".join(
        [
            rf"\noindent\begin{{tabular}}{{{columns}}}",
            r"\hline",
            f"{' & '.join(map(text, table.headers))} \\\\",
            r"\hline",
            *(_row(row, width) for row in table.rows),
            r"\hline",
            r"\end{tabular}",
        ]
    )


def _row(row: Cells, width: int) -> str:
    cells = [_cell(cell) for cell in row.cells]
    left = width - len(cells)
    if left:
        cells[-1] = rf"\multicolumn{{{left + 1}}}{{p{{0.7\linewidth}}}}{{{cells[-1]}}}"
    return f"{' & '.join(cells)} \\\\"


def _cell(part: Inline) -> str:
    """A cell; a number with an exponent as people write it."""
    if not isinstance(part, str):
        return inline(part)
    try:
        if not math.isfinite(float(part)):
            return text(part)
    except ValueError:
        return "--" if part == "-" else text(part)
    mantissa, _, exponent = part.partition("e")
    return rf"${mantissa} \cdot 10^{{{int(exponent)}}}$" if exponent else f"${mantissa}$"


def inline(part: Inline) -> str:
    """Words in which nothing is markup; mathematics in LaTeX where that is known."""
    if isinstance(part, str):
        return text(part)
    if isinstance(part, Mixed):
        return "".join("; " if piece == "\n" else inline(piece) for piece in part.parts)
    return f"${part.latex}$" if part.latex is not None else rf"\texttt{{{text(part.text)}}}"


def text(words: str) -> str:
    """Words in which no sign is a command."""
    return "".join(_SPECIAL.get(c, c) for c in words)
