"""Blocks as HTML for a notebook or a page: formulas in MathML, colours that hold on light and on dark ground, no script."""

from __future__ import annotations

import re
from html import escape

from calcgrad.render.document import (
    Block,
    Blocks,
    Cells,
    Formula,
    Heading,
    Inline,
    Line,
    Maths,
    Mixed,
    Screen,
    Table,
    Verdict,
)
from calcgrad.render.mathml import of_latex
from calcgrad.render.theme import BADGES

#: Everything is drawn in the colour of the text around it; the three colours of verdicts are of middle lightness, which is
#: legible on white and on black.
STYLE = """<style>
.calcgrad{font-size:14px;line-height:1.5;max-width:72em}
.calcgrad p{margin:.15em 0}
.calcgrad h4{margin:.9em 0 .2em;font-size:1em;font-weight:600}
.calcgrad .formula{margin:.45em 0;font-size:1.1em}
.calcgrad .truth{font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.calcgrad .note{opacity:.8;font-size:.93em}
.calcgrad .warning{border-left:3px solid #c98500;padding-left:.6em}
.calcgrad div.wide{overflow-x:auto}
.calcgrad table{border-collapse:collapse;margin:.5em 0;font-variant-numeric:tabular-nums}
.calcgrad th,.calcgrad td{padding:.15em .7em;text-align:left;border:0;background:none;color:inherit;white-space:nowrap}
.calcgrad th{font-weight:600;border-bottom:1px solid rgba(128,128,128,.6)}
.calcgrad td math,.calcgrad .formula math{math-style:normal}
.calcgrad td.words{white-space:normal;max-width:44em}
.calcgrad .number{text-align:right}
.calcgrad tr.muted td{opacity:.72}
.calcgrad .verdict{margin-top:.5em}
.calcgrad .verdict b{padding:.05em .5em;border-radius:.6em;color:#fff}
COLORS
.paper{display:none}@media print{.paper{display:inline;overflow-wrap:anywhere;white-space:pre-wrap}.screen{display:none}}
.calcgrad pre{background:none;color:inherit;margin:.3em 0;padding:0;font-size:.95em;line-height:1.35;white-space:pre-wrap}
.calcgrad code{background:none;color:inherit;padding:0}
</style>""".replace(
    "COLORS", "".join(f".calcgrad .{name} b{{background:{color}}}" for name, color in BADGES.items())
)
#: Fractions within a line are small; a formula on a line of its own has them in full size.
INLINE, DISPLAYED = 'display="inline"', 'display="inline" displaystyle="true"'
#: Letters of a formula that fit on a line of paper.
_FITS = 72
#: A piece of code in a sentence.
_CODE = re.compile(r"`([^`]+)`")
_TONES = {True: "good", False: "bad", None: "open"}


def render(blocks: Blocks) -> str:
    """The blocks as one element, with its style inside it: a piece of a notebook."""
    return f'<div class="calcgrad">{STYLE}{"".join(map(_block, blocks))}</div>'


def written(blocks: Blocks) -> str:
    """The blocks as one element of a page, which brings the style."""
    return f'<div class="calcgrad">{"".join(map(_block, blocks))}</div>'


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<h4>{escape(text)}</h4>"
        case Formula(maths, note):
            said = f' <span class="note">({escape(note)})</span>' if note else ""
            return f'<p class="formula">{displayed(maths)}{said}</p>'
        case Line(parts, kind):
            return f'<p class="{kind}">{"".join(map(inline, parts))}</p>'
        case Table():
            return _table(block)
        case Verdict(word, good, sentences):
            first, rest = (escape(sentences[0]) if sentences else ""), sentences[1:]
            lines = "".join(f'<p class="note">{escape(text)}</p>' for text in rest)
            return f'<div class="verdict {_TONES[good]}"><p><b>{escape(word)}</b> {first}</p>{lines}</div>'
        case Screen(text):
            return f"<pre>{escape(text)}</pre>"


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_right(k, table)}>{escape(h)}</th>' for k, h in enumerate(table.headers)
    )
    rows = "".join(_row(row, table) for row in table.rows)
    return f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _row(row: Cells, table: Table) -> str:
    left = len(table.headers) - len(row.cells)
    cells = [f"<td{_right(k, table)}>{inline(cell)}</td>" for k, cell in enumerate(row.cells)]
    if left:
        cells[-1] = f'<td class="words" colspan="{left + 1}">{inline(row.cells[-1])}</td>'
    return f"<tr{' class=' + chr(34) + 'muted' + chr(34) if row.muted else ''}>{''.join(cells)}</tr>"


def _right(column: int, table: Table) -> str:
    return ' class="number"' if table.right(column) else ""


def displayed(maths: Maths) -> str:
    """A formula in full size; a long one is on paper as it is typed, where mathematics would not be broken into lines."""
    drawn = inline(maths).replace(INLINE, DISPLAYED)
    if len(maths.text) <= _FITS or not drawn.startswith("<math"):
        return drawn
    return f'<span class="screen">{drawn}</span><code class="paper">{escape(maths.text)}</code>'


def coded(text: str) -> str:
    """A sentence with its pieces of code, which stand between backticks, set as code.

    >>> coded("`a < b` is left out")
    '<code>a &lt; b</code> is left out'
    """
    return _CODE.sub(r"<code>\1</code>", escape(text))


def inline(part: Inline) -> str:
    """Words escaped; mathematics in MathML where there is LaTeX that can be turned into it, as code otherwise."""
    if isinstance(part, str):
        return escape(part).replace("\n", "<br>")
    if isinstance(part, Mixed):
        return "".join(map(inline, part.parts))
    drawn = of_latex(part.latex, part.text) if part.latex else None
    return drawn if drawn is not None else f"<code>{escape(part.text)}</code>"
