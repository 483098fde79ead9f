"""The pages of nudge, descend, plot and steps: what they draw and tell is what is true, held against mpmath and by hand."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import mpmath
import pytest

import calcgrad
from calcgrad.comparing.request import asked
from calcgrad.explaining.descend import Going, descend
from calcgrad.render import Style, contours_html, descend_html, nudge_html, plot_html, steps_html
from calcgrad.render.nudge_html import chart


def samples(page: str) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/json" id="samples">(.*?)</script>', page)
    assert found
    return list(json.loads(found[1]))


def cells(page: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page)
    return [[unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def test_nudge_has_each_slope_the_fits_and_the_best_steps() -> None:
    """(3 + h)^2 by its difference quotient is 6 + h."""
    report = calcgrad.nudge("t^2", at=3)
    page = nudge_html.render(report, Style())
    rows = {row[0]: row for row in reversed(cells(page)) if len(row) == 4}  # the first table's
    for k in (1, 2, 3):
        assert float(rows[f"1e-{k}"][2]) == pytest.approx(6 + 10.0**-k, abs=1e-9)
    drawn = chart(report)
    fitted = re.fullmatch(r"forward: falls as h\^(\S+), rises as h\^(\S+)", drawn.series[0].name)
    assert fitted
    assert [float(power) for power in fitted.groups()] == pytest.approx([1, -1], abs=0.4)
    best = {(n.best.step, n.best.error) for n in report.methods if n.best and n.best.error}
    assert {(m.x, m.y) for m in drawn.marks if m.name == "least error of each"} == best
    assert "the slope of a chord from the point to a place a little further on" in page
    assert "noise / h" in page


def test_nudge_where_there_is_no_slope_still_has_a_page() -> None:
    page = nudge_html.render(calcgrad.nudge("abs(x)", at=0), Style())
    assert ">kink</b>" in page
    assert "The slope of each method" in page


@pytest.mark.parametrize(
    ("text", "f", "low", "high"),
    [
        ("x^2*sin(x)", lambda x: x**2 * mpmath.sin(x), -3, 3),
        ("exp(-x^2)", lambda x: mpmath.exp(-(x**2)), -2, 5),
        ("1/x", lambda x: 1 / x, -1, 1),
    ],
)
def test_the_slopes_of_a_plot_are_mpmaths(text: str, f: Any, low: float, high: float) -> None:
    page = plot_html.render(calcgrad.plot(text, low, high), Style())
    told = [re.fullmatch(r"x = (\S+): f = (\S+), f' = (\S+)", s["said"]) for s in samples(page)]
    known = [found for found in told if found]
    assert len(known) >= len(told) - 1 >= 39
    for found in known:
        x, value, slope = map(mpmath.mpf, found.groups())
        assert mpmath.almosteq(f(x), value, 1e-11, 1e-11)
        assert mpmath.almosteq(mpmath.diff(f, x), slope, 1e-10, 1e-10)


def test_a_plot_marks_its_places_and_is_not_drawn_across_a_pole() -> None:
    page = plot_html.render(calcgrad.plot("abs(x - 1)/x", -3, 5, at=2), Style())
    for name in ("kink", "pole, or no value", "at x = 2", "tangent"):
        assert f"<title>{name}</title>" in page or f">{name}</text>" in page
    assert "f has no value, no slope is proved here: undefined" in [
        s["said"].split(": ", 1)[1] for s in samples(page) if s["said"].startswith("x = 0:")
    ]
    across = [
        points for points in re.findall(r'<polyline[^>]* points="([^"]*)"', page) if "stroke=" not in points
    ]
    pole = float(re.findall(r'class="mark across" d="M([\d.]+)', page)[0])
    for points in across:
        xs = [float(pair.split(",")[0]) for pair in points.split()]
        ys = [float(pair.split(",")[1]) for pair in points.split()]
        if xs[0] < pole < xs[-1]:
            assert max(ys) - min(ys) < 200, "only the tangent goes on below the pole"
    assert "no slope is proved here: kink" in page


def test_several_functions_have_a_table_each() -> None:
    page = plot_html.render(calcgrad.plot(["sin(x)", "x^2/4"]), Style())
    assert page.count("Values and proved slopes of") == 2
    assert 'id="samples"' not in page


def test_a_descent_has_its_path_its_loss_and_its_words() -> None:
    """By hand: w - 3.5 shrinks by 0.8 a step, the loss by 0.64."""
    page = descend_html.render(calcgrad.descend("(w - 3.5)^2", at=1.5, rate=0.1), Style())
    rows = [row for row in cells(page) if len(row) == 5]
    assert [float(row[1]) for row in rows[:3]] == pytest.approx([1.5, 1.9, 2.22])
    assert [float(row[2]) for row in rows[:3]] == pytest.approx([4, 2.56, 1.6384])
    assert rows[0][4] == "f falls with w: w goes up"
    assert "a rate above 2/f&#x27;&#x27; = 1 diverges" in page
    two = asked("x^2 + 3*y^2", "x=2, y=1")
    page = descend_html.render(descend(two, Going("gradient", 0.1, 20, None)), Style())
    assert page.count('class="height"') > 4
    assert "The way, over lines of equal height" in page
    assert len(page.encode()) < 300_000


def test_by_your_gradient_and_by_the_true_one() -> None:
    page = descend_html.render(calcgrad.descend("(w - 3.5)^2", at=1.5, rate=0.1, claim="w - 3.5"), Style())
    assert "The steps by your gradient" in page
    assert "The steps by the true gradient" in page
    assert "by your gradient: f = " in page


def test_a_long_descent_says_what_it_leaves_out() -> None:
    page = descend_html.render(calcgrad.descend("w^2", at=1.0, rate=1e-4, steps=1000), Style())
    rows = [row for row in cells(page) if len(row) == 5]
    left = re.search(r"([\d,]+) steps between are left out", page)
    assert left
    assert int(left[1].replace(",", "")) + len(rows) == 1001


@pytest.mark.parametrize("text", ["sin(x^2)*exp(x)/(1 + x)", "x^x", "3*x", "abs(x)*x", "log(sin(x))^3"])
def test_every_step_stands_once_and_in_its_order(text: str) -> None:
    report = calcgrad.steps(text, at=2)
    page = steps_html.render(report, Style())
    numbers = [int(n) for n in re.findall(r'<span class="step"><b>(\d+)</b>', page)]
    assert numbers == [line.line.number for d in report.derivations for line in d.lines]
    assert page.count("<details") == page.count("</details>")
    assert page.count("<li>") == page.count("</li>")


def test_a_step_holds_those_that_it_needs() -> None:
    """f = u*v with u = sin(w), w = x^2: 3 within 2 within 1, and the factor is taken out after all of them."""
    page = steps_html.render(calcgrad.steps("sin(x^2)*exp(x)", at=2), Style())
    depth, found = 0, []
    for tag, number in re.findall(r"(<ol|</ol>)|<span class=\"step\"><b>(\d+)</b>", page):
        depth += (tag == "<ol") - (tag == "</ol>")
        found += [(int(number), depth)] if number else []
    assert found == [(1, 1), (2, 2), (3, 3), (2, 2), (4, 2), (1, 1), (5, 1)]
    assert "= -24.91129363" in page  # 2*x*cos(x^2)*e^x + sin(x^2)*e^x at 2, as in the truth below it
    assert float(mpmath.diff(lambda x: mpmath.sin(x**2) * mpmath.exp(x), 2)) == pytest.approx(-24.91129363)


def test_two_variables_have_lines_of_equal_height_and_arrows() -> None:
    page = contours_html.render(calcgrad.plot("x*y + sin(x)", -3, 3, at="x=1, y=2"), Style())
    assert page.count('class="height"') > 5
    assert page.count('class="arrow strong"') == 1
    (x, y, u, v), *_ = [
        tuple(map(float, found))
        for found in re.findall(r'class="arrow strong" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)', page)
    ]
    # both axes have 6 units, over 564 and 300 pixels of the picture; by hand: (y + cos x, x) = (2.5403023, 1)
    assert (u - x) / (564 / 6) / ((y - v) / (300 / 6)) == pytest.approx(2.5403023, rel=0.02)
