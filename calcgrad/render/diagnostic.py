"""A diagnostic as text: what is wrong, the line with a caret under the place, and what to do.

The shape is that of rustc's and ruff's messages. Columns are counted in cells of a terminal: wide characters take two,
combining ones none (Unicode Standard Annex 11), and what cannot be shown is escaped.
"""

from __future__ import annotations

from typing import NamedTuple

from calcgrad.errors import Diagnostic
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import ADVICE, ERROR, HEADING, PLACE, WARNING, highlighted, paint
from calcgrad.report.places import SourceRange

#: Cells of a source line that are shown when nobody says how wide the screen is.
DEFAULT_WIDTH = 120
#: A longer fix is not shown: nobody copies it by eye.
MAX_FIX = 400
_TAB = 4
_MARK = "..."


def draw(
    diagnostic: Diagnostic,
    *,
    color: bool = False,
    width: int | None = None,
    ascii: bool = False,
    origin: str = "expression",
) -> str:
    """The diagnostic, drawn; lines are joined by newlines, without one at the end.

    ``width`` is that of the screen, in cells; ``ascii`` escapes all that is not ASCII; ``origin`` names the text.

    >>> from calcgrad.errors import Span
    >>> print(draw(Diagnostic("E102", "`sen` is no known function", Span(2, 5), "unknown", ("did you mean `sin`?",),
    ...                       "2*sin(x)", "2*sen(x)")))
    error[E102]: `sen` is no known function
     --> expression:1:3
      |
    1 | 2*sen(x)
      |   ^^^ unknown
      |
      = hint: did you mean `sin`?
      = fix: 2*sin(x)
    """
    is_warning = diagnostic.code.startswith("W")
    severity = WARNING if is_warning else ERROR
    head = f"{severity}[{diagnostic.code}]"
    message = _wrapped(visible(diagnostic.message, ascii), width, len(head) + 2, 2)
    lines = [
        paint(head, severity, color) + paint(f": {message[0]}", HEADING, color),
        *["  " + paint(m, HEADING, color) for m in message[1:]],
    ]
    gutter = " "
    if diagnostic.span is not None and diagnostic.source is not None:
        place = _locate(diagnostic.source, diagnostic.span.start, diagnostic.span.end)
        gutter = " " * len(str(place.line))
        lines.extend(
            _excerpt(
                diagnostic.source,
                place,
                origin,
                visible(diagnostic.label, ascii),
                severity,
                color,
                width,
                ascii,
            )
        )
        if diagnostic.hints or diagnostic.fix:
            lines.append(paint(f"{gutter} |", PLACE, color))
    for kind, text in _advice(diagnostic):
        title = f"{gutter} = {kind}: "
        shown_text = visible(text, ascii)
        parts = _wrapped(shown_text, width if kind == "hint" else None, len(title), len(title))
        start = f"{paint(f'{gutter} =', PLACE, color)} {paint(f'{kind}:', ADVICE, color)} "
        lines.append(start + parts[0])
        lines.extend(" " * len(title) + part for part in parts[1:])
    return "\n".join(lines)


def excerpt(where: SourceRange, style: str, color: bool, width: int | None, ascii: bool) -> list[str]:
    """A piece of a source file with its line, underlined; nothing where its line or its columns are not known.

    >>> print(*excerpt(SourceRange("loss.py", 12, 5, 12, 9, "y = tanh(x)"), "error", False, 60, False), sep="\\n")
      --> loss.py:12:5
       |
    12 | y = tanh(x)
       |     ^^^^
    """
    if where.text is None or where.column is None or where.end_column is None:
        return []
    end = where.end_column - 1 if where.end_line == where.line else len(where.text)
    place = _Place(where.line, where.column, 0, len(where.text), where.column - 1, end)
    return _excerpt(where.text, place, where.file, "", style, color, width, ascii, code=True)


def _excerpt(
    source: str,
    place: _Place,
    origin: str,
    label: str,
    style: str,
    color: bool,
    width: int | None,
    ascii: bool,
    code: bool = False,
) -> list[str]:
    """Where it is, the line, and the carets under it; the words of ``code`` in colours, as an editor has them."""
    gutter = " " * len(str(place.line))
    room = max(20, (width or DEFAULT_WIDTH) - len(gutter) - 3)
    bar = paint(f"{gutter} |", PLACE, color)
    shown = _window(source, place, room, ascii)
    text = highlighted(shown.text) if code and color else shown.text
    return [
        paint(f"{gutter}-->", PLACE, color) + f" {origin}:{place.line}:{place.column}",
        bar,
        (paint(f"{place.line} |", PLACE, color) + f" {text}").rstrip(),
        *[f"{bar} {paint(under, style, color)}" for under in _underline(shown, label, room)],
    ]


def _advice(diagnostic: Diagnostic) -> list[tuple[str, str]]:
    hints = [("hint", hint) for hint in diagnostic.hints]
    if diagnostic.fix is None or len(diagnostic.fix) > MAX_FIX:
        return hints
    return [*hints, ("fix", " ".join(diagnostic.fix.splitlines()).strip())]


class _Place(NamedTuple):
    """A range within one line of the source; ``line`` and ``column`` count from 1."""

    line: int
    column: int
    line_start: int
    line_end: int
    start: int
    end: int


class _Shown(NamedTuple):
    """A line as it is shown, and the cells to underline."""

    text: str
    start: int
    length: int


def _locate(source: str, start: int, end: int) -> _Place:
    start = min(start, len(source))
    line_start = source.rfind("\n", 0, start) + 1
    line_end = source.find("\n", start)
    line_end = len(source) if line_end < 0 else line_end
    if line_end > line_start and source[line_end - 1] == "\r":
        line_end = max(line_end - 1, start)
    end = min(max(end, start), line_end)
    return _Place(source.count("\n", 0, start) + 1, start - line_start + 1, line_start, line_end, start, end)


def _window(source: str, place: _Place, room: int, ascii: bool) -> _Shown:
    """The part of the line that has room, with the place in it."""
    before = _cells(source[max(place.line_start, place.start - 2 * room) : place.start], ascii)
    within = _cells(
        source[place.start : min(place.end, place.start + room)], ascii, sum(w for _, w in before)
    )
    after = _cells(source[place.end : min(place.line_end, place.end + room)], ascii)
    marked = min(sum(w for _, w in within), room)
    cut_front = cut_back = False
    if place.line_end - place.line_start > room or sum(w for _, w in before + within + after) > room:
        space = max(room - marked - 2 * len(_MARK), 0)
        front = _last(before, max(space * 2 // 3, space - sum(w for _, w in after)))
        back = _first(after, space - sum(w for _, w in front))
        within = _first(within, room - 2 * len(_MARK))
        cut_front = len(front) < len(before) or place.start - 2 * room > place.line_start
        cut_back = (
            len(back) < len(after) or place.end + room < place.line_end or place.end > place.start + room
        )
        before, after = front, back
    text = "".join(s for s, _ in before + within + after)
    start = sum(w for _, w in before)
    length = sum(w for _, w in within)
    if length == 0 and within and before:
        # Nothing but combining marks: point at the letter that carries them.
        length = next((w for _, w in reversed(before) if w), 1)
        start -= length
    lead = _MARK if cut_front else ""
    return _Shown(lead + text + (_MARK if cut_back else ""), start + len(lead), max(length, 1))


def _first(cells: list[tuple[str, int]], room: int) -> list[tuple[str, int]]:
    total = 0
    for k, (_, width) in enumerate(cells):
        total += width
        if total > room:
            return cells[:k]
    return cells


def _last(cells: list[tuple[str, int]], room: int) -> list[tuple[str, int]]:
    return _first(cells[::-1], room)[::-1]


def _underline(shown: _Shown, label: str, room: int) -> list[str]:
    """The carets, and the label beside them, or below where there is no room beside."""
    carets = " " * shown.start + "^" * shown.length
    if not label:
        return [carets]
    if len(carets) + 1 + text_width(label) <= room:
        return [f"{carets} {label}"]
    indent = max(0, min(shown.start, room - text_width(label)))
    return [carets, *[" " * indent + part for part in _wrapped(label, room, indent, indent)]]


def _cells(text: str, ascii: bool, column: int = 0) -> list[tuple[str, int]]:
    """Each character as it is shown, with the cells that it takes."""
    cells = []
    for character in text:
        if character == "\t":
            width = _TAB - column % _TAB
            cells.append((" " * width, width))
        else:
            width = _width(character)
            if width < 0 or (ascii and not character.isascii()):
                escaped = _escaped(character)
                width = len(escaped)
                cells.append((escaped, width))
            else:
                cells.append((" " * width if character.isspace() else character, width))
        column += width
    return cells


def visible(text: str, ascii: bool = False) -> str:
    r"""The text with everything escaped that cannot be seen, or that changes how its neighbours are shown.

    >>> print(visible("a\x00b\u202ec"))
    a\x00b\u202ec
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(shown for shown, _ in _cells(text, ascii))


def text_width(text: str) -> int:
    """The cells that a text takes; what cannot be shown counts as nothing.

    >>> text_width("xé漢")
    4
    """
    return len(text) if text.isascii() else sum(max(_width(character), 0) for character in text)


def _width(character: str) -> int:
    """The cells of one character: 0, 1 or 2; -1 if it is to be escaped."""
    if " " <= character <= "~":
        return 1
    import unicodedata

    category = unicodedata.category(character)
    if category in ("Mn", "Me"):
        return 0
    if category[0] == "C" or category in ("Zl", "Zp"):
        return -1
    if "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _wrapped(text: str, width: int | None, first: int, rest: int) -> list[str]:
    """The text in lines that fit after ``first`` cells of the first line, and ``rest`` of the others."""
    begun, *others = wrapped(text, width, " " * first, " " * rest)
    return [begun[first:], *[line[rest:] for line in others]]
