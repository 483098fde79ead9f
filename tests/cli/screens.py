"""What a terminal shows after a text with the few control codes that calcgrad and rich write."""

from __future__ import annotations

import io
import re

from rich.console import Console, RenderableType

_CODE = re.compile(r"\x1b\[(\??\d*)(?:;\d+)*([A-Za-z])")
_CURSOR = {"?25": "lh"}  # hidden and shown


def screen(text: str) -> str:
    """The lines that stand on the screen in the end, without colours: CR, LF, up (A), erase to the end (J), and to the end of
    a line or all of it (K, 2K).

    >>> screen("one\\ntwo\\n... wait\\r\\x1b[1A\\x1b[JTWO\\nthree\\n")
    'one\\nTWO\\nthree\\n'
    """
    lines, row, column, at = [""], 0, 0, 0
    while at < len(text):
        code = _CODE.match(text, at)
        if code:
            at, name = code.end(), code[2]
            if name in _CURSOR.get(code[1], ""):
                continue
            count = int(code[1] or 1)
            if name == "A":
                assert count <= row, "the cursor would leave the screen"
                row -= count
            elif name in "JK":
                lines[row] = "" if code[1] == "2" else lines[row][:column]
                if name == "J":
                    del lines[row + 1 :]
            else:
                assert name == "m", f"an unknown code, {code[0]!r}"
            continue
        character = text[at]
        at += 1
        if character == "\r":
            column = 0
        elif character == "\n":
            row, column = row + 1, 0
            if row == len(lines):
                lines.append("")
        else:
            line = lines[row].ljust(column)
            lines[row] = line[:column] + character + line[column + 1 :]
            column += 1
    return "\n".join(line.rstrip() for line in lines)


def drawn(told: RenderableType, width: int) -> str:
    """What rich draws of something in one line of a terminal."""
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    with console.capture() as captured:
        console.print(told, end="")
    return captured.get().removesuffix("\n")
