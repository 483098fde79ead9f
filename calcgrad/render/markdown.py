"""Blocks as Markdown, as GitHub draws it; and the format ``markdown`` of ``diff``."""

from __future__ import annotations

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


def render(report: Report, style: Style) -> str:
    """The report in Markdown; a bar inside a cell is escaped."""
    from calcgrad.render.views.diff import blocks

    return written(blocks(report))


def written(blocks: Blocks) -> str:
    """The blocks in Markdown; formulas that follow each other are one list."""
    parts: list[str] = []
    for before, block in zip([None, *blocks], blocks, strict=False):
        joined = parts and _is_listed(block) and _is_listed(before) and type(before) is type(block)
        parts.append(("\n" if joined else "\n\n" if parts else "") + _block(block))
    return "".join(parts) + "\n"


def _is_listed(block: Block | None) -> bool:
    return isinstance(block, Formula) or (isinstance(block, Line) and block.kind == "truth")


def _block(block: Block) -> str:
    match block:
        case Heading(said):
            return f"#### {text(said)}"
        case Formula(maths, note):
            return f"- {code(maths.text)}" + (f" ({text(note)})" if note else "")
        case Line(parts, "warning"):
            return f"> {''.join(map(inline, parts))}"
        case Line(parts, "truth"):
            return f"- {''.join(map(inline, parts))}"
        case Line(parts, _):
            return "".join(map(inline, parts))
        case Table():
            return _table(block)
        case Verdict(word, _, sentences):
            return f"**{text(word)}** {text('; '.join(sentences))}".rstrip()
        case Screen(said):
            fence = "`" * max(3, longest_run(said) + 1)
            return f"{fence}text\n{said}\n{fence}"


def _table(table: Table) -> str:
    width = len(table.headers)
    under = tuple("---:" if table.right(k) else "---" for k in range(width))
    return "\n".join([_line(table.headers), _line(under), *(_row(row, width) for row in table.rows)])


def _row(row: Cells, width: int) -> str:
    """The cells, bars in them escaped; what runs over many columns stands in the first of them."""
    cells = [inline(cell).replace("\\|", "|").replace("|", "\\|") for cell in row.cells]
    return _line((*cells, *("" for _ in range(width - len(cells)))))


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def inline(part: Inline) -> str:
    """Words in which nothing is markup; mathematics as code, as it can be typed back."""
    if isinstance(part, Mixed):
        return "".join("<br>" if piece == "\n" else inline(piece) for piece in part.parts)
    return text(part) if isinstance(part, str) else code(part.text)


def text(words: str) -> str:
    """Words in which no sign is markup."""
    return "".join("\\" + c if c in "\\`*_<[]|" else c for c in words).replace("\n", " ")


def code(words: str) -> str:
    """A span of code, fenced by more backticks than it holds."""
    fence = "`" * (longest_run(words) + 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}".replace("\n", " ")


def code_cell(words: str) -> str:
    """A span of code in a table, where a bar would end the cell."""
    return code(words).replace("|", "\\|")


def longest_run(words: str) -> int:
    """The most backticks that stand side by side."""
    longest = run = 0
    for character in words:
        run = run + 1 if character == "`" else 0
        longest = max(longest, run)
    return longest
