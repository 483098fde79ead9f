"""Names of functions and derivatives as mathematics: as they are typed, and in LaTeX."""

from __future__ import annotations

from calcgrad.expression.tokens import SPELLED
from calcgrad.render import words
from calcgrad.render.document import Maths
from calcgrad.report.derivatives import Report

Place = tuple[int, ...] | None


def definition(report: Report) -> Maths:
    """``f(x) = …``."""
    names = ", ".join(map(variable, report.variables))
    latex = None if report.latex is None else f"{words.function_name(report)}({names}) = {report.latex}"
    return Maths(f"{words.function_text(report)} = {report.parsed}", latex)


def derivative(report: Report, wrt: tuple[str, ...], output: Place, index: Place) -> Maths:
    """``f'`` or ``∂f/∂x`` alone."""
    return Maths(words.derivative_name(report, wrt, output, index), operator(report, wrt, output, index))


def operator(report: Report, wrt: tuple[str, ...], output: Place, index: Place) -> str:
    """``f'``, or ``\\frac{\\partial^2 f}{\\partial x\\,\\partial y}``, in LaTeX."""
    f = words.function_name(report) + _subscript(output)
    alone = len(report.variables) == 1
    if alone and len(wrt) <= 3 and not index and not output:
        return f"{f}{chr(39) * len(wrt)}"
    d = "d" if alone else r"\partial "
    power = f"^{{{len(wrt)}}}" if len(wrt) > 1 else ""
    places = index if index and isinstance(index[0], tuple) else (index,) * len(wrt)
    named = [variable(name) + _subscript(place) for name, place in zip(wrt, places, strict=False)]
    below = []
    for name in dict.fromkeys(named):
        count = named.count(name)
        below.append(f"{d}{name}" + (f"^{{{count}}}" if count > 1 else ""))
    under = r"\,".join(below)
    return rf"\frac{{{d}{power}{f}}}{{{under}}}"


def variable(name: str) -> str:
    """A variable in LaTeX: ``\\alpha``, ``x_{1}``, ``\\mathrm{speed}``."""
    letter, _, small = name.partition("_")
    shown = f"\\{letter}" if letter in SPELLED else letter if len(letter) == 1 else rf"\mathrm{{{letter}}}"
    return f"{shown}_{{{small}}}" if small else shown


def _subscript(place: Place) -> str:
    return f"_{{{','.join(map(str, place))}}}" if place else ""
