"""LaTeX: the formulas as equations, and a small tabular for each point. Needs no package but amsmath."""

from __future__ import annotations

from calcgrad.expression.tokens import SPELLED
from calcgrad.render import Style, words
from calcgrad.report import PointReport, Report, Result, Truth

_SPECIAL = {
    "\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "∂": r"$\partial$", "µ": r"\textmu{}", "·": r"$\cdot$", "±": r"$\pm$",
    **{c: "\\" + c for c in "&%$#_{}"},
}  # fmt: skip


def render(report: Report, style: Style) -> str:
    """The report as a fragment to be put into a document."""
    lines = [rf"% {report.parsed}"]
    for d in report.derivatives:
        if d.latex:
            lines += [r"\begin{equation*}", f"  {_operator(report, d.wrt, d.output, d.index)} = {d.latex}"]
            lines.append(r"\end{equation*}")
    for point in report.points:
        lines += ["", *_tabular(report, point)]
    return "\n".join(lines) + "\n"


def _operator(
    report: Report, wrt: tuple[str, ...], output: tuple[int, ...] | None, index: tuple[int, ...] | None
) -> str:
    """``f'``, or ``\\frac{\\partial^2 f}{\\partial x\\,\\partial y}``."""
    f = words.function_name(report) + _subscript(output)
    if len(report.variables) == 1 and len(wrt) <= 3 and not index:
        return f"{f}{chr(39) * len(wrt)}({_name(report.variables[0])})"
    d = "d" if len(report.variables) == 1 else r"\partial"
    power = f"^{{{len(wrt)}}}" if len(wrt) > 1 else ""
    below = []
    for name in dict.fromkeys(wrt):
        count = wrt.count(name)
        below.append(rf"{d} {_name(name)}{_subscript(index)}" + (f"^{{{count}}}" if count > 1 else ""))
    under = r"\,".join(below)
    return rf"\frac{{{d}{power} {f}}}{{{under}}}"


def _name(name: str) -> str:
    letter, _, small = name.partition("_")
    shown = f"\\{letter}" if letter in SPELLED else letter if len(letter) == 1 else rf"\mathrm{{{letter}}}"
    return f"{shown}_{{{small}}}" if small else shown


def _subscript(place: tuple[int, ...] | None) -> str:
    return f"_{{{','.join(map(str, place))}}}" if place else ""


def _tabular(report: Report, point: PointReport) -> list[str]:
    lines = [r"\begin{tabular}{llrrr}", r"\hline"]
    lines += [rf"\multicolumn{{5}}{{l}}{{{escaped('at ' + words.at_text(point))}}} \\"]
    lines.append(rf"\multicolumn{{5}}{{l}}{{{escaped(f'verdict: {point.verdict}')}}} \\")
    lines += [_instead(report, t) for t in point.truth if words.absence(t)]
    lines.append(r"\hline")
    lines += [r"method & derivative & value & error & relative \\", r"\hline"]
    lines += [_row(report, r) for r in point.results]
    return [*lines, r"\hline", r"\end{tabular}"]


def _instead(report: Report, t: Truth) -> str:
    """What stands in place of an ordinary derivative, on a line over all columns."""
    name = f"${_operator(report, t.wrt, t.output, t.index)}$"
    said = "; ".join(filter(None, [t.value, words.absence(t), words.sides_text(t)]))
    return rf"\multicolumn{{5}}{{l}}{{{name}: {escaped(said)}}} \\"


def _row(report: Report, r: Result) -> str:
    name = f"${_operator(report, r.wrt, r.output, r.index)}$"
    if r.value is None:
        said = r.status + (f": {r.note}" if r.note else "")
        return rf"{r.method} & {name} & \multicolumn{{3}}{{l}}{{{escaped(said)}}} \\"
    numbers = (words.number(r.value), words.size(r.abs_error), words.size(r.rel_error))
    return rf"{r.method} & {name} & {' & '.join(_number(n) for n in numbers)} \\"


def _number(text: str) -> str:
    if text == "-":
        return "--"
    mantissa, _, exponent = text.partition("e")
    return rf"${mantissa} \cdot 10^{{{int(exponent)}}}$" if exponent else f"${mantissa}$"


def escaped(text: str) -> str:
    """A text with the signs that LaTeX reads escaped."""
    return "".join(_SPECIAL.get(c, c) for c in text)
