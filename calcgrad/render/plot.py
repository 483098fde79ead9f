"""Plots as text: what is special on the way, the tangent, the claim's difference, and the curves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from calcgrad.explaining.places import Spot
from calcgrad.explaining.plot import Curve, Drawn, PlotReport
from calcgrad.render import Style, words
from calcgrad.render.charts import Chart, Mark, Point, Series
from calcgrad.render.terminal import screen

_FUNCTION_SIGNS = "fghuvw"
_DERIVATIVE_SIGNS = ("f", "'", '"', "3", "4")
_KINDS = {
    "kink": ("kink", "k"),
    "jump": ("jump", "j"),
    "removable": ("hole", "o"),
    "boundary": ("edge of the domain", "e"),
    "infinite": ("vertical tangent", "v"),
    "undefined": ("pole, or no value", "|"),
    "overflow": ("beyond the doubles", "|"),
}
#: So many places of which the same was seen are told in one sentence.
_MANY = 4
_HEIGHT = 19
#: A piece that ends within this share of the range of a place without a value runs up to it.
_BESIDE = 0.01


def render(report: PlotReport, style: Style, unicode: bool = False) -> str:
    """The report for a screen."""
    return screen(heading(report), facts(report), chart(report), _HEIGHT, report.warnings, style)


def heading(report: PlotReport) -> str:
    """What is drawn, from where to where."""
    x = report.variable
    named = report.functions[0].parsed if len(report.functions) == 1 else None
    function = f"f({x}) = {named}" if named else ", ".join(drawn.parsed for drawn in report.functions)
    return f"{function}, {x} from {words.rounded(report.low)} to {words.rounded(report.high)}"


def facts(report: PlotReport) -> Iterator[str]:
    """A sentence for each place, for the point, and for the claim."""
    several = len(report.functions) > 1
    for drawn in report.functions:
        for said in places(report.variable, drawn.spots):
            yield (f"{drawn.parsed}: " if several else "") + said
        if not any(curve.pieces for curve in drawn.curves):
            yield f"{drawn.parsed}: no value at any place that was looked at"
        if drawn.more:
            yield f"{drawn.parsed}: there are more such places than these, which were not looked at"
    yield from _at_the_point(report)
    if report.difference is not None:
        d = report.difference
        where = f"at {report.variable} = {words.rounded(d.at)}"
        if d.most <= 1e-9 * max(d.scale, 1.0):
            yield "the claim: no difference from f' is to be seen here; calcgrad check proves or refutes it"
        else:
            yield f"the claim: differs from f' by up to {words.size(d.most)} among the points drawn, {where}"


def places(variable: str, spots: Sequence[Spot]) -> Iterator[str]:
    """The places in words; many of one kind, of which the same was seen, in one sentence."""
    told: set[tuple[str, str]] = set()
    for spot in spots:
        alike = [s for s in spots if s.exact is None and (s.kind, s.note) == (spot.kind, spot.note)]
        if spot.exact is not None or len(alike) < _MANY:
            yield _told(f"{variable} = {spot.exact or f'about {words.rounded(spot.x)}'}", spot)
        elif (spot.kind, spot.note) not in told:
            told.add((spot.kind, spot.note))
            first, second, *_, last = (words.rounded(s.x) for s in alike)
            yield _told(f"{variable} = about {first}, {second}, ..., {last} ({len(alike)} places)", spot)


def _told(where: str, spot: Spot) -> str:
    return f"{where}: {_kind(spot)[0]}" + (f": {spot.note}" if spot.note else "")


def _kind(spot: Spot) -> tuple[str, str]:
    """What a place is called, and its sign."""
    if spot.kind == "undefined" and spot.heights:
        return "a point alone", "*"
    return _KINDS.get(spot.kind, (spot.kind, "*"))


def _at_the_point(report: PlotReport) -> Iterator[str]:
    if report.point is None:
        return
    where, t = words.point_name(report.point), report.tangent
    if t is None:
        said = " ".join(report.point.explanation)
        yield f"at {where}: no tangent: {report.point.verdict}{': ' if said else ''}{said}"
        return
    f = "f" if len(report.functions) == 1 else report.functions[0].parsed
    rise = f"+ {words.rounded(t.slope)}" if t.slope >= 0 else f"- {words.rounded(-t.slope)}"
    shift = f"- {words.rounded(t.x)}" if t.x >= 0 else f"+ {words.rounded(-t.x)}"
    line = f"tangent y = {words.rounded(t.value)} {rise}*({report.variable} {shift})"
    proved = f"{f}' = {t.truth} (proved)" if f == "f" else f"its slope is {t.truth} (proved)"
    yield f"at {where}: {f} = {words.rounded(t.value)}, {proved}; {line}"


def chart(report: PlotReport) -> Chart:
    """The curves, the tangent, and the places."""
    low, high = report.heights
    series = [
        _series(report, curve, k)
        for k, drawn in enumerate(report.functions)
        for curve in drawn.curves
        if curve.kind != "difference"
    ]
    series += _tangent(report)
    marks = [
        mark for drawn in report.functions for spot in drawn.spots for mark in _marks(report, drawn, spot)
    ]
    if report.tangent is not None:
        marks.append(
            Mark(
                report.tangent.x,
                report.tangent.value,
                f"at {report.variable} = {words.rounded(report.tangent.x)}",
                "P",
            )
        )
    return Chart(heading(report), report.variable, "", tuple(series), tuple(marks), y_range=(low, high))


def charts(report: PlotReport) -> list[Chart]:
    """What a picture shows: the curves, and below them how far a claim is off."""
    found = [chart(report)]
    for curve in report.functions[0].curves:
        if curve.kind == "difference" and curve.pieces:
            series = Series(curve.name, curve.pieces, "d")
            found.append(Chart("claimed derivative less the true one", report.variable, "", (series,)))
    return found


def _series(report: PlotReport, curve: Curve, k: int) -> Series:
    several = len(report.functions) > 1
    sign = _FUNCTION_SIGNS[k] if several else "c" if curve.kind == "claim" else _DERIVATIVE_SIGNS[curve.order]
    clipped = tuple([piece for whole in curve.pieces for piece in _clipped(whole, report.heights)])
    return Series(curve.name, clipped, sign, dashed=curve.kind == "claim")


def _clipped(piece: Sequence[Point], heights: tuple[float, float]) -> Iterator[tuple[Point, ...]]:
    """The parts of a piece that are in the picture, or just leave it."""
    low, high = heights
    part: list[Point] = []
    for k, (x, y) in enumerate(piece):
        if low <= y <= high:
            if not part and k:
                part.append(_at_edge(piece[k - 1], (x, y), heights))
            part.append((x, y))
        elif part:
            part.append(_at_edge((x, y), part[-1], heights))
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


def _at_edge(outside: Point, inside: Point, heights: tuple[float, float]) -> Point:
    """Where the line between a point outside and one inside crosses the picture's edge."""
    edge = heights[1] if outside[1] > heights[1] else heights[0]
    share = (edge - inside[1]) / (outside[1] - inside[1])
    return inside[0] + share * (outside[0] - inside[0]), edge


def _tangent(report: PlotReport) -> list[Series]:
    t = report.tangent
    if t is None:
        return []
    steps = 100
    xs = [report.low + (report.high - report.low) * k / steps for k in range(steps + 1)]
    line = [(x, t.value + t.slope * (x - t.x)) for x in xs]
    return [Series("tangent", tuple(_clipped(line, report.heights)), ".", dashed=True)]


def _marks(report: PlotReport, drawn: Drawn, spot: Spot) -> Iterator[Mark]:
    name, sign = _kind(spot)
    for height in spot.heights:
        if report.heights[0] <= height <= report.heights[1]:
            yield Mark(spot.x, height, name, sign)
    if sign == "|" and _runs_up_to(report, drawn, spot):
        yield Mark(spot.x, None, name, sign)


def _runs_up_to(report: PlotReport, drawn: Drawn, spot: Spot) -> bool:
    near = _BESIDE * (report.high - report.low)
    ends = [piece[end][0] for curve in drawn.curves[:1] for piece in curve.pieces for end in (0, -1)]
    return any(abs(x - spot.x) <= near for x in ends)
