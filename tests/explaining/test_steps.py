"""Derivations told: every line holds, mistakes planted in the rules are seen, and the result is SymPy's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import mpmath
import pytest
import sympy

import calcgrad
from calcgrad.comparing.request import asked
from calcgrad.deriving import one_rule
from calcgrad.deriving.rules import RULE
from calcgrad.explaining.records import StepsReport
from calcgrad.explaining.steps import explain
from calcgrad.expression import to_text
from calcgrad.operations import VOCABULARY
from tests.cli.running import Streams

SCHEMA = json.loads(
    (Path(calcgrad.__file__).parent / "schemas" / "steps-v1.json").read_text(encoding="utf-8")
)
#: An expression -> the rules of its derivation in their order.
RULES: dict[str, list[str]] = {
    "7": ["derivative of a constant"],
    "x": ["derivative of the variable"],
    "x^3 + 2*x + 5": ["sum rule", "power rule", "constant factor"],
    "sin(x^2)*exp(x)": ["product rule", "chain rule", "power rule", "derivative of exp"],
    "x/(x^2 + 1)": ["quotient rule", "sum rule", "power rule"],
    "(2*x + 1)^5": ["power rule, chain rule", "sum rule", "constant factor"],
    "2^x": ["exponential with a variable exponent"],
    "e^(-x)": ["chain rule", "constant factor"],
    "x^x": ["logarithmic differentiation", "chain rule, product rule"],
    "asin(x)": ["inverse function", "chain rule", "derivative of asin"],
    "atan(x)*atan(2*x)": [
        "product rule",
        "inverse function",
        "chain rule",
        "derivative of atan",
        "chain rule",
        "constant factor",
    ],
    "where(x > 0, x^2, -x)": ["piece by piece", "power rule", "constant factor"],
    "max(x, 1 - x)": ["chain rule, one term for each argument", "sum rule"],
    "floor(x)*x": ["product rule", "constant between its steps"],
    "x/3 - ln(x)": ["sum rule", "constant factor", "derivative of ln"],
}


def told(text: str, **options: object) -> StepsReport:
    return explain(asked(text, options.pop("at", None), **options))


@pytest.mark.parametrize("text", RULES)
def test_each_line_takes_one_rule_and_holds(text: str) -> None:
    report = told(text, wrt="x")
    [derivation] = report.derivations
    rules = [line.line.rule for line in derivation.lines if line.line.kind == "rule" and line.line.rule]
    assert rules == RULES[text]
    assert report.check == "right"
    assert {line.check for line in derivation.lines} == {"right"}
    assert min(line.points for line in derivation.lines) == 24


@pytest.mark.parametrize(
    ("text", "order", "truth"),
    [
        ("x^2*sin(x)", 2, "2*sin(x) + 4*x*cos(x) - x**2*sin(x)"),
        ("exp(-x^2)", 3, "(12*x - 8*x**3)*exp(-x**2)"),
        ("x^x", 1, "x**x*(log(x) + 1)"),
    ],
)
def test_the_result_is_that_of_sympy(text: str, order: int, truth: str) -> None:
    report = told(text, order=order)
    formula = report.derivations[-1].formula
    assert formula is not None
    ours = sympy.sympify(to_text(formula, VOCABULARY).replace("^", "**").replace("ln", "log"))
    x = sympy.Symbol("x", positive=True)
    assert sympy.simplify((ours - sympy.sympify(truth)).subs("x", x)) == 0


def test_numbers_beside_the_steps_are_proved_digits() -> None:
    report = told("sin(x^2)*exp(x)", at="x=2")
    values = {to_text(c.line.right, VOCABULARY): c.values for c in report.derivations[0].lines}
    assert values["cos(w)*w'"] == ("-2.614574483",)  # 4*cos(4)
    assert values["u'*v + u*v'"] == ("-24.91129363",)  # mpmath: diff(lambda x: sin(x*x)*exp(x), 2)
    assert report.points[0].verdict == "agree"


def test_a_wrong_rule_is_seen_where_it_is_applied(monkeypatch: pytest.MonkeyPatch, streams: Streams) -> None:
    wrong = replace(RULE["product"], scheme="du*v - u*dv")
    real = one_rule.applied

    def applied(node, varies):  # type: ignore[no-untyped-def]
        found = real(node, varies)
        return found._replace(rule=wrong) if found.rule.name == "product" else found

    monkeypatch.setattr(one_rule, "applied", applied)
    report = told("sin(x^2)*exp(x)")
    failed = {(line.line.number, line.line.kind) for line in report.derivations[0].failed}
    assert {(1, "rule"), (1, "put in")} <= failed
    assert {number for number, _ in failed}.isdisjoint({2, 3, 4})
    done = streams.run("steps", "sin(x^2)*exp(x)")
    assert done.code == 70
    assert "wrong: 1" in done.out
    assert "bug of calcgrad" in done.out


def test_a_second_order_goes_on_from_the_first() -> None:
    first, second = told("x^3*y", order=2, wrt="x").derivations
    assert second.function == first.formula
    assert (first.name, second.name, second.wrt) == ("f", "f'", ("x", "x"))


def test_several_variables_come_one_after_the_other() -> None:
    found = told("x^y*sin(x)").derivations
    assert [d.wrt for d in found] == [("x",), ("y",)]
    assert [d.check for d in found] == ["right", "right"]


def test_vectors_are_told_by_entries() -> None:
    found = told("[x*y, sin(x)]").derivations
    assert [(d.output, d.wrt) for d in found] == [
        ((0,), ("x",)),
        ((0,), ("y",)),
        ((1,), ("x",)),
        ((1,), ("y",)),
    ]
    assert {d.check for d in found} == {"right"}


def test_entries_of_array_variables() -> None:
    found = told("sum(x^2)", at="x=[1,2]").derivations
    assert [(d.variable, d.index, d.lines[-1].values) for d in found] == [
        ("x[0]", (0,), ("2",)),
        ("x[1]", (1,), ("4",)),
    ]


def test_brief_leaves_out_what_one_does_at_sight() -> None:
    full, brief = (explain(asked("sin(x^2)*exp(x)"), kind) for kind in ("full", "brief"))
    assert len(brief.derivations[0].lines) < len(full.derivations[0].lines)
    assert brief.check == "right"
    assert brief.derivations[0].formula == full.derivations[0].formula


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["sin(x)"], 0),
        (["sin(x)", "--at", "2"], 0),
        (["abs(x)", "--at", "0"], 1),
        (["ln(x)", "--at", "-1"], 3),
        (["besselj(x, 2)"], 5),
        (["sin("], 2),
        (["sin(x)", "--detail", "long"], 2),
        ([], 2),
    ],
)
def test_exit_codes(streams: Streams, arguments: list[str], code: int) -> None:
    assert streams.run("steps", *arguments).code == code


@pytest.mark.parametrize(
    "arguments",
    [
        ["x^x"],
        ["x*y", "--at", "x=1,y=2"],
        ["[x, x^2]", "--order", "2"],
        ["besselj(x, 2)"],
        ["1/x", "--detail", "brief"],
    ],
)
def test_json_fits_its_schema(streams: Streams, arguments: list[str]) -> None:
    found = json.loads(streams.run("steps", *arguments, "--json").out)
    jsonschema.validate(found, SCHEMA)
    assert found["derivations"]


@pytest.mark.parametrize("columns", [60, 80, 100])
@pytest.mark.parametrize("text", ["sin(x^2)*exp(x)", "x/sqrt(1+x^2)", "x^x", "ln(x + sqrt(x^2 + 1))"])
def test_no_line_is_wider_than_the_screen(
    streams: Streams, monkeypatch: pytest.MonkeyPatch, text: str, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for dress in ([], ["--unicode"], ["--ascii"]):
        out = streams.run("steps", text, "--at", "2", *dress).out
        assert max(map(len, out.splitlines())) <= columns
        assert out.isascii() or dress == ["--unicode"]


def test_each_format_has_every_line(streams: Streams) -> None:
    count = len(told("abs(x)^x").derivations[0].lines)
    markdown, latex, html = (
        streams.run("steps", "abs(x)^x", "--format", name).out for name in ("markdown", "latex", "html")
    )
    assert sum(line.startswith("| ") for line in markdown.splitlines()) == count + 2
    assert {line.count("|") for line in markdown.splitlines() if line.startswith("|")} == {5}
    assert latex.count(r"\item[") == count
    assert latex.count("{") == latex.count("}")
    assert html.count('<span class="step">') == count
    assert html.count("<math ") == html.count("</math>") > count


def test_a_page_escapes_what_the_user_wrote(streams: Streams) -> None:
    html = streams.run("steps", 'x + 1 if x<2 else "</script>"', "--format", "html")
    assert html.code == 2
    html = streams.run("steps", "where(x < 2, x, 1)", "--format", "html")
    assert "x < 2" not in html.out
    assert "x &lt; 2" in html.out


def test_a_report_shows_itself() -> None:
    report = calcgrad.steps("x^x")
    assert "logarithmic differentiation" in str(report)
    assert "<math" in report._repr_html_()
    assert repr(report) == "<StepsReport x^x: 1 derivation, right>"


@pytest.mark.slow
def test_results_are_proved_by_sympy() -> None:
    found = [told_proved(text) for text in ("x^2*sin(x)", "exp(-x^2)/x")]
    assert found == ["proved as a formula"] * 2


def told_proved(text: str) -> str | None:
    return calcgrad.steps(text, prove=True).derivations[0].proof


def test_diff_adds_the_derivation(streams: Streams) -> None:
    found = json.loads(
        streams.run("diff", "x*sin(x)", "--at", "2", "--truth", "none", "--derivation", "--json").out
    )
    assert [line["rule"] for line in found["derivation"][0]["lines"]] == [
        "product rule",
        "derivative of sin",
        None,
    ]
    text = streams.run("diff", "x*sin(x)", "--at", "2", "--truth", "none", "--derivation").out
    assert "product rule" in text
    assert text.index("method") < text.index("because")
    report = calcgrad.diff("x*sin(x)", at=2, truth="none", derivation=True)
    assert report.derivation is not None
    assert report.derivation.points == report.points
    assert streams.run("diff", "--input", "-", "--derivation", stdin="x").code == 2


@pytest.mark.slow
def test_the_reason_of_a_wrong_claim_points_to_its_step() -> None:
    function, claim = "sin(x^2)*exp(x)", "cos(x^2)*exp(x) + sin(x^2)*exp(x)"
    [mistake] = calcgrad.check(function, claim).mistakes
    numbers = {
        line.line.number for line in told(function).derivations[0].lines if line.line.rule == "chain rule"
    }
    assert {mistake.step} == numbers


@pytest.mark.parametrize("text", ["where(0, x, x^2)", "where(2, x, x^2)", "x*where(x - x, 1, x)"])
def test_a_number_is_a_condition(text: str) -> None:
    assert told(text).check == "right"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("abs(x)", "x != 0"),
        ("x % 3", "x/3 is not a whole number"),
        ("floor(x)", "x is not a whole number"),
        ("max(x, x^2)", "x != x^2"),
        ("sin(x)", None),
    ],
)
def test_where_a_result_holds_is_said_in_every_format(streams: Streams, text: str, where: str | None) -> None:
    [asked_of_diff] = json.loads(streams.run("diff", text, "--json").out)["derivatives"]
    [derivation] = json.loads(streams.run("steps", text, "--json").out)["derivations"]
    assert derivation["note"] == (where and f"holds where {where}") == asked_of_diff.get("note")
    for form in ("text", "markdown", "latex", "html"):
        out = " ".join(streams.run("steps", text, "--format", form).out.split())
        assert ("holds where" in out) is (where is not None), form


@pytest.mark.parametrize(
    ("text", "at"), [("abs(x)", "0"), ("x^2 + abs(x - 1)", "1"), ("max(x, 2*x)", "0"), ("floor(x)*x", "2")]
)
def test_no_number_stands_where_there_is_no_derivative(text: str, at: str) -> None:
    report = told(text, at=at)
    assert report.points[0].verdict in ("kink", "jump")
    assert [c.values for c in report.derivations[0].lines if c.line.of == "f"][-1] == (None,)


def test_a_degree_that_is_a_number_needs_no_case(streams: Streams) -> None:
    """P_3' = gegenbauer(2, 3/2, x) and P_0' = 0 (DLMF 18.9.19)."""
    out = streams.run("steps", "legendre(3, x)").out
    assert "where" not in out
    assert "f' = gegenbauer(2, 3/2, x)" in out
    assert "f' = 0" in streams.run("steps", "legendre(0, x)").out


def test_the_parts_have_their_values_too() -> None:
    [derivation] = calcgrad.steps("sin(x^2)*exp(x)", at=1).derivations
    values = {
        part.name: value
        for line in derivation.lines
        for part, [value] in zip(line.line.parts, line.parts, strict=True)
    }
    true = {"u": mpmath.sin(1), "v": mpmath.e, "w": mpmath.mpf(1)}
    assert set(values) == set(true)
    for name, value in true.items():
        assert value == pytest.approx(float(values[name] or "nan"), rel=1e-9)


def test_second_derivatives_by_entries_name_both(streams: Streams) -> None:
    found = streams.run("steps", "norm(w)", "--at", "w=[3, 4]", "--order", "2")
    for name in ("d²f/dw[0]²: f' by w[0]", "d²f/dw[0]dw[1]: f' by w[1]", "d²f/dw[1]²: f' by w[1]"):
        assert name in found.out
    report = json.loads(streams.run("steps", "norm(w)", "--at", "w=[3, 4]", "--order", "2", "--json").out)
    jsonschema.validate(report, SCHEMA)
    assert [d["index"] for d in report["derivations"]] == [[0], [1], [[0], [0]], [[0], [1]], [[1], [1]]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("sin(x^2)", "--claim", "cos(x^2)"), 'step 1 of calcgrad steps "sin(x^2)"\n'),
        (("sin(x*y)", "--claim", "cos(x*y)", "--wrt", "y"), 'step 1 of calcgrad steps "sin(x*y)" --wrt y\n'),
    ],
)
def test_a_wrong_claim_points_to_its_step(streams: Streams, arguments: tuple[str, ...], said: str) -> None:
    found = streams.run("check", *arguments)
    assert found.code == 1
    assert said in found.out
