"""A derivation as text: the step, because of what, so what, by which rule; in columns where they fit, or one below the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from calcgrad.deriving.lines import Part
from calcgrad.explaining.records import CheckedLine, Derivation, StepsReport
from calcgrad.expression.nodes import Node
from calcgrad.render import Style, words
from calcgrad.render.diagnostic import draw
from calcgrad.render.formulas import sentence
from calcgrad.render.formulas import text as formula
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import BAD, GOOD, HEADING, MUTED, NAME, paint
from calcgrad.report.derivatives import PointReport

#: Columns of the step's number, between columns, and the least that a column of words or formulas may have.
_STEP, _GAP, _LEAST = 6, 2, 24


class _Row(NamedTuple):
    """A line: the step's number, the words and what is below them, ``left = right``, the rule, what is below that."""

    step: str
    because: tuple[str, ...]
    so: str
    rule: str = ""
    below: tuple[str, ...] = ()


def render(report: StepsReport, style: Style, unicode: bool = False) -> str:
    """The report as text, in lines no longer than the style's width where words and formulas allow."""
    lines: list[str] = []
    for warning in report.warnings:
        origin = "expression" if warning.source in {None, report.input} else "point"
        drawn = draw(warning, color=style.color, width=style.width, ascii=style.ascii, origin=origin)
        lines += [*drawn.rstrip("\n").split("\n"), ""]
    first = f"{words.function_text(report)} = "
    said = wrapped(formula(report.function, unicode), style.width, first, " " * len(first))
    lines += [paint(first, NAME, style.color) + said[0][len(first) :], *said[1:]]
    lines += derivations(report, style, unicode)
    for point in report.points:
        lines += ["", *points(report, style)] if point is report.points[0] else []
    return "\n".join(lines) + "\n"


def derivations(report: StepsReport, style: Style, unicode: bool = False) -> list[str]:
    """The derivations alone, each after an empty line."""
    return [line for d in report.derivations for line in ("", *_derivation(report, d, style, unicode))]


def title(report: StepsReport, d: Derivation, ascii: bool = False) -> str:
    """What a derivation is of, where there is more than one kind of it; empty otherwise.

    ``∂f/∂x: f by x, y is held constant``.
    """
    if len(report.derivations) == 1 and len(report.variables) == 1:
        return ""
    name = words.derivative_name(report, d.wrt, d.output, d.index, ascii)
    held = [v for v in report.variables if v != d.wrt[-1]]
    rest = "" if not held else f", {', '.join(held)} held constant"
    entry = f"[{', '.join(map(str, d.output))}]" if d.output else ""
    return f"{name}: {d.name}{entry} by {d.variable}{rest}"


def verdict(d: Derivation) -> str:
    """Whether the lines hold, in words."""
    if d.reason is not None:
        return f"no formula: {d.reason}"
    if d.failed or d.check == "wrong":
        named = ", ".join(dict.fromkeys(str(line.line.number) for line in d.failed)) or "the result"
        return (
            f"wrong: {named} does not hold. This is a bug of calcgrad: please report it with the expression"
        )
    proof = "".join(f"; {said}" for said in (d.proof, d.holds and f"the result {d.holds}") if said)
    open_lines = [line.line.number for line in d.lines if line.check == "open"]
    if open_lines or d.check == "open":
        named = ", ".join(str(n) for n in dict.fromkeys(open_lines)) or "the result"
        return f"not all checked: no point was found that decides {named}{proof}"
    least = min([d.points, *[line.points for line in d.lines]])
    counted = f"{least} points" if least != 1 else "1 point"
    return f"right: each step and the result agree at {counted}, certified{proof}"


def _derivation(report: StepsReport, d: Derivation, style: Style, unicode: bool) -> Iterator[str]:
    heading = title(report, d, style.ascii)
    if heading:
        function = f"{d.name} = {formula(d.function, unicode)}" if len(d.wrt) > 1 or d.output else ""
        yield from [paint(text, HEADING, style.color) for text in wrapped(heading, style.width, hanging="  ")]
        yield from wrapped(function, style.width, "  ", "    ") if function else []
        yield ""
    if d.lines:
        yield from _table(list(_rows(report, d, unicode)), style)
        yield ""
    if any(line.line.widens for line in d.lines):
        yield from wrapped("* where the line before it has a value", style.width, hanging="  ")
    color = BAD if d.check == "wrong" or d.failed else GOOD if d.check == "right" else MUTED
    yield from [paint(text, color, style.color) for text in wrapped(verdict(d), style.width, hanging="  ")]


def _rows(report: StepsReport, d: Derivation, unicode: bool) -> Iterator[_Row]:
    def equation(left: Node, right: Node) -> str:
        return f"{formula(left, unicode)} = {formula(right, unicode)}"

    for checked in d.lines:
        line = checked.line
        mark = "  WRONG" if checked.check == "wrong" else ""
        said = sentence(line.because, unicode) + (" *" if line.widens else "")
        below = tuple(values(report, checked))
        rule = line.rule if line.kind == "rule" else ""
        parts = [
            _part(part, value, unicode) for part, value in zip(line.parts, part_values(checked), strict=True)
        ]
        right = equation(line.left, line.right) + mark
        if any(known for _, known in parts):
            yield _Row(str(line.number), (said,), right, rule, below)
            for named, known in parts:
                yield _Row("", (f"  {named}",), known)
        else:
            yield _Row(str(line.number), (said, *[f"  {named}" for named, _ in parts]), right, rule, below)


def part_values(checked: CheckedLine) -> list[str | None]:
    """The value of each part, where there is one point alone: of several points the lines have the values."""
    return [values[0] if len(values) == 1 else None for values in checked.parts]


def _part(part: Part, value: str | None, unicode: bool) -> tuple[str, str]:
    """What a letter stands for, its value, and its derivative where that is known without a step."""
    shown = formula(part.node, unicode)
    if not part.name:
        return f"{shown} is {part.told}", ""
    known = "" if part.derivative is None else f"{part.name}' = {formula(part.derivative, unicode)}"
    is_value = "" if value is None else f" = {value}"
    return f"{part.name} = {shown}{is_value}" + (f" ({part.told})" if part.told else ""), known


def values(report: StepsReport, checked: CheckedLine) -> Iterator[str]:
    """The value of a line at each point, with the sign that stands before it."""
    for point, value in zip(report.points, checked.values, strict=True):
        at = (
            f"at {words.point_name(point)}: " if len(report.points) > 1 else "= " if value is not None else ""
        )
        yield f"{at}{value if value is not None else 'no value there'}"


class HasPoints(words.HasVariables, Protocol):
    """A report of a function at points."""

    @property
    def points(self) -> tuple[PointReport, ...]:
        """What is true at each."""


def _table(rows: Sequence[_Row], style: Style) -> list[str]:
    width = style.width
    because = max(len(text) for row in rows for text in row.because)
    so = max(len(row.so) for row in rows)
    rule = max(len(row.rule) for row in rows)
    if width is not None and _STEP + because + so + rule + 2 * _GAP > width:
        because = min(because, max(_LEAST, int(width * 0.42)))
        so = width - _STEP - because - _GAP
        if so < _LEAST:
            return _stacked(rows, style)
        rule_at = max([len(r.so) for r in rows if r.rule and len(r.so) + _GAP + len(r.rule) <= so], default=0)
        if any(rule_at + _GAP + len(r.rule) > so for r in rows if len(r.so) <= rule_at):
            rule_at = 0
    else:
        rule_at = so
    lines = [paint(f"{'step':<{_STEP}}{'because':<{because}}{'':{_GAP}}so", HEADING, style.color)]
    for row in rows:
        lines += _laid(row, _Columns(because, so, rule_at, width))
    return lines


class _Columns(NamedTuple):
    """How wide the words and the formulas may be, where the rules begin after these, and the width of all."""

    because: int
    so: int
    rule_at: int
    width: int | None


def _laid(row: _Row, columns: _Columns) -> list[str]:
    """A row in columns; a formula that is too long for its column stands below, in the width of all."""
    left = [line for text in row.because for line in _indented(text, columns.because)]
    right: list[str] = []
    beneath: list[str] = []
    equals = row.so.find("=")
    if len(row.so) <= columns.so:
        beside = row.rule and _beside(row, columns)
        right = [f"{row.so:<{columns.rule_at}}{'':{_GAP}}{row.rule}" if beside else row.so]
        right += [f"{'':{equals}}{value}" for value in row.below]
        if row.rule and not beside:
            right += wrapped(f"({row.rule})", columns.so, hanging=" ")
    else:
        indent = " " * (_STEP + 2)
        within = None if columns.width is None else columns.width - len(indent)
        broken = broken_formula(row.so, within, " " * (equals + 2))
        broken += [f"{'':{equals}}{value}" for value in row.below]
        beneath = [indent + text for text in broken]
        right = [f"({row.rule})"] if row.rule else []
    lines = []
    for k in range(max(len(left), len(right))):
        step = row.step if k == 0 else ""
        said = left[k] if k < len(left) else ""
        so = right[k] if k < len(right) else ""
        if len(said) > columns.because and so:
            lines.append(f"{step:<{_STEP}}{said}")
            step, said = "", ""
        lines.append(f"{step:<{_STEP}}{said:<{columns.because}}{'':{_GAP}}{so}".rstrip())
    return [*lines, *beneath]


def _beside(row: _Row, columns: _Columns) -> bool:
    """Whether the rule has its place beside the formula."""
    if len(row.so) > columns.rule_at:
        return False
    end = _STEP + columns.because + 2 * _GAP + columns.rule_at + len(row.rule)
    return columns.width is None or end <= columns.width


def _indented(text: str, width: int) -> list[str]:
    """Words in a column, what goes on a little to the right of where they begin."""
    indent = text[: len(text) - len(text.lstrip())]
    return wrapped(text.lstrip(), width, indent, indent + "  ")


def broken_formula(text: str, width: int | None, hanging: str) -> list[str]:
    """A formula in lines, broken before a sign that stands in as few brackets as may be.

    >>> broken_formula("f' = (a + b)*c + (d - e)*g", 20, "     ")
    ["f' = (a + b)*c", '     + (d - e)*g']
    """
    lines: list[str] = []
    while width is not None and len(text) > width:
        depth, best = 0, (99, 0)
        for k, sign in enumerate(text[: width + 1]):
            depth += (sign in "([") - (sign in ")]")
            if sign == " " and k > len(hanging) and text[k + 1 : k + 2] in "+-−<>=" and depth <= best[0]:
                best = (depth, k)
        if not best[1]:
            break
        lines.append(text[: best[1]])
        text = hanging + text[best[1] + 1 :]
    return [*lines, text]


def _stacked(rows: Sequence[_Row], style: Style) -> list[str]:
    """One below the other, for narrow places."""
    lines: list[str] = []
    indent = " " * _STEP
    for row in rows:
        rule = f" ({row.rule})" if row.rule else ""
        for k, text in enumerate(row.because):
            step = row.step if k == 0 else ""
            lines += wrapped(text + (rule if k == 0 else ""), style.width, f"{step:<{_STEP}}", indent + "  ")
        equals = row.so.find("=")
        within = None if style.width is None else style.width - _STEP
        lines += [indent + text for text in broken_formula(row.so, within, " " * (equals + 2)) if row.so]
        lines += [f"{indent}{'':{equals}}{value}" for value in row.below]
    return lines


def points(report: HasPoints, style: Style) -> list[str]:
    """What is true at each point: the value, the derivatives, the verdict."""
    lines: list[str] = []
    for point in report.points:
        lines += wrapped(f"at {words.point_name(point)}", style.width, hanging="   ")
        written, *_ = words.value_said(words.function_name(report), point)  # no step works at doubles
        lines += wrapped(written, style.width, "  ", "      ")
        for t in point.truth:
            named = words.derivative_name(report, t.wrt, t.output, t.index, style.ascii)
            absence = words.absence(t)
            value = t.value if t.value is not None else "no value"
            said = f"{named} = {value}" if t.value is not None else f"{named}: {absence or value}"
            lines += wrapped(said, style.width, "  ", "      ")
            for side, text in words.sides(t):
                lines += wrapped(f"{side}: {text}", style.width, "    ", "      ")
        lines += wrapped(f"{point.verdict}", style.width, "  ", "    ")
    return lines
