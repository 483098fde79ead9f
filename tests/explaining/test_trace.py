"""Traces: every figure is right to the digits shown, every adjoint is the sum of its terms, and what rounding costs is said."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import mpmath
import pytest

import calcgrad
from calcgrad.explaining import trace as tracing
from calcgrad.explaining.graph import TraceReport
from calcgrad.render.figures import short
from calcgrad.render.formulas import text
from tests.cli.running import Streams

SCHEMA = json.loads(
    (Path(calcgrad.__file__).parent / "schemas" / "trace-v1.json").read_text(encoding="utf-8")
)

LESSON = """\
f(x, y) = x*y + sin(x)

  x ──┬──► * ────► + ──► f
      │    ▲       ▲
  y ──┼────┘       │
      └──► sin ────┘

slot  is       value     dv/dx     dv/dy
v1    x        1         1         0
v2    y        2         0         1
v3    v1*v2    2         2         1
v4    sin(v1)  0.841471  0.540302  0
v5    v3 + v4  2.841471  2.540302  1

forward mode: 2 passes, one for each number that goes in

backward
dv5 = 1
dv4 = dv5*1 = 1*1 = 1
dv3 = dv5*1 = 1*1 = 1
dv2 = dv3*v1 = 1*1 = 1
dv1 = dv3*v2 + dv4*cos(v1) = 1*2 + 1*0.540302 = 2.540302

reverse mode: 1 pass, one for each number that comes out, for all inputs at once

local partials, one on each edge
v1 → v3  ∂v3/∂v1 = v2 = 2
v2 → v3  ∂v3/∂v2 = v1 = 1
v1 → v4  ∂v4/∂v1 = cos(v1) = 0.540302
v3 → v5  ∂v5/∂v3 = 1
v4 → v5  ∂v5/∂v4 = 1

at x = 1, y = 2
  f = 2.8414709848078967
  ∂f/∂x = 2.540302305868139717400936607442976603732
  ∂f/∂y = 1
  agree
  forward-ad and reverse-ad agree with the truth to the last digit of a double
"""

#: An expression, its point, and the derivatives by mpmath.
DERIVATIVES: dict[str, tuple[str, dict[str, str]]] = {
    "x*y + sin(x)": ("x=1, y=2", {"x": "2+cos(1)", "y": "1"}),
    "x^3*tan(x)": ("x=0.5", {"x": "3*mpf('0.25')*tan(0.5) + mpf('0.125')*(1+tan(0.5)**2)"}),
    "exp(-x^2/2)/sqrt(2*pi)": ("x=0.7", {"x": "-mpf('0.7')*exp(-mpf('0.49')/2)/sqrt(2*pi)"}),
    "max(x, 1 - x) + x^x": ("x=2", {"x": "1 + 4*(1+log(2))"}),
    "ln(x)/y": ("x=3, y=7", {"x": "mpf(1)/21", "y": "-log(3)/49"}),
    "atan2(y, x)": ("x=3, y=4", {"x": "-mpf(4)/25", "y": "mpf(3)/25"}),
    "where(x > 0, x^2, -x)": ("x=1.5", {"x": "3"}),
    "gamma(x)": ("x=3.5", {"x": "gamma(3.5)*digamma(3.5)"}),
    "[x*y, sin(x)]": ("x=1, y=2", {"x": "2", "y": "1"}),
}


def traced(expression: str, at: str, mode: str = "both") -> TraceReport:
    return calcgrad.trace(expression, at, mode=mode)


def test_the_lesson(streams: Streams) -> None:
    done = streams.run("trace", "x*y+sin(x)", "--at", "x=1, y=2")
    assert done.code == 0
    assert done.out == LESSON


@pytest.mark.parametrize("expression", DERIVATIVES)
def test_the_sweeps_end_in_the_derivatives(expression: str) -> None:
    at, truths = DERIVATIVES[expression]
    report = traced(expression, at)
    first = report.outputs[0].slot
    last = next(slot for slot in report.slots if slot.name == first)
    for k, (name, formula) in enumerate(truths.items()):
        true = eval(formula, {**vars(mpmath)})
        shown = next(slot for slot in report.slots if slot.label == name).adjoints[0].value.value
        assert shown == pytest.approx(float(true), rel=1e-14)
        assert last.tangents[k].value == pytest.approx(float(true), rel=1e-14)
        assert short(shown) == short(float(true))
    assert report.check == "right"


@pytest.mark.parametrize("expression", DERIVATIVES)
def test_each_adjoint_is_the_sum_of_what_its_edges_add(expression: str) -> None:
    report = traced(expression, DERIVATIVES[expression][0])
    seen = 0
    for slot in report.slots:
        for adjoint in slot.adjoints:
            if adjoint.terms and not adjoint.seed:
                terms = [t.adjoint.value * (t.edge.value or 0.0) for t in adjoint.terms]
                assert adjoint.value.value == pytest.approx(sum(terms), rel=1e-12)
                seen += 1
    assert seen


@pytest.mark.parametrize("expression", [e for e in DERIVATIVES if "where" not in e])
def test_the_partial_on_an_edge_is_what_its_formula_says(expression: str) -> None:
    """The formula in slots, put into another evaluation, gives the number beside it."""
    report = traced(expression, DERIVATIVES[expression][0])
    numbers = {slot.name: slot.value.value for slot in report.slots}
    for edge in report.edges:
        if edge.partial is None:
            continue
        names = [name for name in numbers if re.search(rf"\b{name}\b", text(edge.partial))]
        if not names:
            names = ["v1"]
        point = ", ".join(f"{name}={numbers[name]!r}" for name in names)
        value = (
            calcgrad.diff(text(edge.partial), at=point, truth="none", methods="forward-ad").points[0].value
        )
        assert value == pytest.approx(edge.value or 0.0, rel=1e-12, abs=1e-300)


def test_what_rounding_has_cost_is_said(streams: Streams) -> None:
    report = traced("(1-cos(x))/x^2", "1e-8")
    lost = {slot.name: slot.value.digits for slot in report.slots if slot.value.digits}
    assert lost == {"v3": "5e-17", "v5": "0.5000000"}  # 1 - cos(1e-8) = 5e-17 - 4.2e-34
    done = streams.run("trace", "(1-cos(x))/x^2", "--at", "1e-8")
    assert re.search(r"v3 +1 - v2 +~0 ", done.out)
    assert "~ v3 is 0 in doubles, and truly 5e-17: rounding" in done.out
    assert done.code == 1  # the derivative has no right digit: disagree, as diff says


def test_sin_of_pi_is_truly_zero(streams: Streams) -> None:
    done = streams.run("trace", "sin(x)", "--at", "pi")
    assert "~ v2 is 1.224647e-16 in doubles, and truly 0 (within " in done.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["abs(x)", "--at", "0"], 1, "kink"),
        (["ln(x)", "--at", "-1"], 3, "undefined"),
        (["sqrt(x)", "--at", "0"], 1, "to infinity"),
        (["x^2"], 2, "E606"),
        (["x^2", "--at", "1", "--at", "2"], 2, "E606"),
        (["x^2", "--at", "1", "--mode", "up"], 2, "--mode"),
    ],
)
def test_exit_codes_are_those_of_diff(streams: Streams, arguments: list[str], code: int, said: str) -> None:
    done = streams.run("trace", *arguments)
    assert done.code == code
    assert said in done.out + done.err


def test_a_wrong_sum_is_our_bug_and_says_so(monkeypatch: pytest.MonkeyPatch, streams: Streams) -> None:
    real = tracing.pullback

    def wrong(*args, **options):  # type: ignore[no-untyped-def]
        adjoints = real(*args, **options)
        return [adjoints[0] * 2, *adjoints[1:]]

    monkeypatch.setattr(tracing, "pullback", wrong)
    done = streams.run("trace", "x*y+sin(x)", "--at", "x=1, y=2")
    assert done.code == 70
    assert "wrong: dv1 is 5.0806046117362795 in the sweep, 2.5403023058681398 by its terms" in done.out


@pytest.mark.parametrize("expression", DERIVATIVES)
def test_json_is_by_the_schema(streams: Streams, expression: str) -> None:
    done = streams.run("trace", expression, "--at", DERIVATIVES[expression][0], "--json")
    jsonschema.validate(json.loads(done.out), SCHEMA)


def test_one_mode_alone(streams: Streams) -> None:
    forward = streams.run("trace", "x*y", "--at", "x=1, y=2", "--mode", "forward").out
    assert "dv/dx" in forward
    assert "reverse mode" not in forward
    reverse = streams.run("trace", "x*y", "--at", "x=1, y=2", "--mode", "reverse").out
    assert "dv/dx" not in reverse
    assert "dv1 = dv3*v2 = 1*2 = 2" in reverse


def test_several_outputs_take_several_passes(streams: Streams) -> None:
    out = streams.run("trace", "[x*y, sin(x)]", "--at", "x=1, y=2").out
    assert "reverse mode: 2 passes, one for each number that comes out" in out
    assert "backward from f[0]" in out
    assert "backward from f[1]" in out


def test_a_variable_may_be_called_like_a_slot(streams: Streams) -> None:
    out = streams.run("trace", "v1*v2", "--at", "v1=3, v2=5").out
    assert "s3    s1*s2  15" in out


@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("extra", [[], ["--ascii"]])
@pytest.mark.parametrize("expression", [e for e in DERIVATIVES if e != "gamma(x)"])
def test_lines_keep_to_the_width(
    streams: Streams, monkeypatch: pytest.MonkeyPatch, width: int, extra: list[str], expression: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    out = streams.run("trace", expression, "--at", DERIVATIVES[expression][0], *extra).out
    assert max(map(len, out.splitlines())) <= width
    if extra:
        assert out.isascii()


def test_a_constant_has_no_graph(streams: Streams) -> None:
    done = streams.run("trace", "7")
    assert (done.code, done.out) == (0, "f() = 7\n\na constant: there is no graph, and nothing flows\n")


def test_reports_show_themselves() -> None:
    report = traced("x*y + sin(x)", "x=1, y=2")
    assert repr(report) == "<TraceReport x*y + sin(x): 5 slots, 5 edges, agree>"
    assert str(report) + "\n" == LESSON
    assert "dv3*v2 + dv4*cos(v1)" in report._repr_html_()
    assert "2.540302" in report._repr_markdown_()


def test_what_reaches_no_input_needs_no_closed_form() -> None:
    """E_1(x)' = -exp(-x)/x; the order is a comparison, which has no slope, and by the order there is no closed form."""
    report = calcgrad.trace("expint(x<=1, x)", at=0.5)
    [adjoint] = report.slots[0].adjoints
    assert adjoint.value.value == pytest.approx(float(-mpmath.exp(-0.5) / 0.5))
    assert report.check == "right"


@pytest.mark.parametrize(
    "text",
    [
        "frac(beta_density(ellipf_derivative(0,x,x),x,ellipf_derivative(0,x,x)))",
        "beta_density(x*x, x, x*x)",
        "clip(sin(x), x/3, sin(x))",
    ],
)
def test_terms_of_one_step_are_added_in_the_order_of_the_sweep(text: str) -> None:
    for x in (0.623520231577167, 0.3, 0.77):
        assert calcgrad.trace(text, x).check == "right"
