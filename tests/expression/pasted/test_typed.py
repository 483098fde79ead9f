"""The third list of inputs from outside: each is read as its author meant it, told of, or refused with a way out."""

from __future__ import annotations

import pytest

from calcgrad.comparing.compute import Request, compute
from calcgrad.errors import CalcgradError
from calcgrad.expression import parse, to_text
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from tests.data import outside_inputs

ENTRIES = outside_inputs.load(outside_inputs.THIRD)
#: What stays refused although its author meant one thing: a letter of another alphabet, several sides, brackets of another kind.
REFUSED = {
    "third-homework-03", "third-homework-08", "third-homework-74", "third-homework-83", "third-learning-07", "third-learning-09",
    "third-learning-10", "third-physics-11", "third-calculator-06", "third-calculator-12",
}  # fmt: skip
#: Of two readings neither is taken.
READINGS_REFUSED = {"third-homework-13", "third-homework-36", "third-homework-64"}
#: Read otherwise than meant, and told: ``e^-0,5x`` is (e^-0.5)*x here, as everywhere.
TOLD = {"third-homework-04": "W105"}


def request(entry: outside_inputs.Entry) -> Request:
    wrt = (entry["wrt"],) if "wrt" in entry else ()
    points = read_points([entry["at"]], VOCABULARY)
    return Request(entry["text"], at=points, wrt=wrt, truth="none", methods=("forward-ad",))


def is_right(entry: outside_inputs.Entry, value: object) -> bool:
    found = [one["value"] for one in entry["expect"].get("readings", [entry["expect"]])]
    return any(value == pytest.approx(float(one), rel=1e-12, abs=1e-300) for one in found)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_it_is_read_as_meant(entry: outside_inputs.Entry) -> None:
    kind = entry["expect"]["is"]
    if kind == "refuse" or entry["id"] in REFUSED | READINGS_REFUSED:
        with pytest.raises(CalcgradError) as caught:
            compute(request(entry))
        assert caught.value.diagnostic.hints
        return
    report = compute(request(entry))
    codes = {warning.code for warning in report.warnings} - {"W201"}
    right = is_right(entry, report.points[0].results[0].value)
    assert right or TOLD[entry["id"]] in codes
    assert kind != "readings" or codes


#: What is told of a formula by itself is told of it in every dress.
DOUBTFUL = [
    "1/2x", "e^2x", "e^-2x", "e^-0.5x", "√2x", "√2(x+1)", "sin^-1 x", "log(x)", "γ(x)", "t/τ", "sinc(x)", "2x10^3", "e^(i*x)",
    "ln (x+1)^2", "x^1/2", "(1-x^2)^1/2", "3^2d", "1/x(x+1)", "x/2π", "1/√2x", "e^-x^2/2", "2^1/2x",
]  # fmt: skip


@pytest.mark.parametrize(
    "dress", ["q = {}", "f(x) = {}", "{};", "d/dx ({})", "derivative of {}", "`{}`", "{} # so"]
)
@pytest.mark.parametrize("text", DOUBTFUL)
def test_a_doubt_is_told_in_every_dress(text: str, dress: str) -> None:
    bare = {warning.code for warning in parse(text, VOCABULARY).warnings}
    assert bare
    dressed = parse(dress.format(text), VOCABULARY, statements=True)
    assert bare <= {warning.code for warning in dressed.warnings}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("e^(-0,5x)", "e^(-0.5*x)"),
        ("0,03x^3 + 0,5x^2 - 2,5x", "0.03*x^3 + 0.5*x^2 - 2.5*x"),
        ("sin(0,5x)", "sin(0.5*x)"),
        ("(x+1,5)(x-2)", "(x + 1.5)*(x - 2)"),
        (r"\frac{1,5x}{2}", "1.5*x/2"),
        ("=MAX(A1;0,5)*2,5", "max(A1, 0.5)*2.5"),
        ("0,500x", "0.5*x"),
    ],
)
def test_a_decimal_comma_is_read_where_it_can_part_nothing(text: str, meant: str) -> None:
    parsed = parse(text, VOCABULARY)
    assert to_text(parsed.root, VOCABULARY) == to_text(parse(meant, VOCABULARY).root, VOCABULARY)
    (told,) = [warning for warning in parsed.warnings if warning.code == "W124"]
    assert told.span is not None
    assert "," in text[slice(*told.span)]


@pytest.mark.parametrize(
    "text",
    [
        "1,000x",
        "x^2,3x",
        "2,5,3x",
        "x(1,5)",
        "0,5x, 3x",
        "0,5*max(1,5x)",
        "0,5+[1,5x]",
        "1.000,5x",
        r"0,5\max(\sqrt{x}+1,5x)",
    ],
)
def test_a_comma_that_may_part_is_refused(text: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        parse(text, VOCABULARY)
    assert caught.value.diagnostic.code == "E115"
    assert caught.value.diagnostic.hints


@pytest.mark.parametrize("text", ["max(1,5x)", "log(2,5)", "[1,5x]"])
def test_a_comma_between_arguments_parts_them(text: str) -> None:
    assert not [warning for warning in parse(text, VOCABULARY).warnings if warning.code == "W124"]
    assert ", 5" in to_text(parse(text, VOCABULARY).root, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("xsinx", "x*sin(x)"),
        ("sinxcosx", "sin(x)*cos(x)"),
        ("2xlnx", "2*x*ln(x)"),
        ("ysin(2x)", "y*sin(2*x)"),
        ("arc tg x", "atan(x)"),
        ("root(5)(x+1)", "root(x + 1, 5)"),
        ("root(5)(1 + root(3)(x))", "root(1 + root(x, 3), 5)"),
        ("root[3](x)", "root(x, 3)"),
        ("sqrt[3](x+1)", "root(x + 1, 3)"),
        ("x<sup>2</sup> &minus; 3", "x^2 - 3"),
        ("[tex]x^2[/tex]", "x^2"),
        (r"\mathrm{d}", "d"),
    ],
)
def test_small_notations(text: str, meant: str) -> None:
    assert to_text(parse(text, VOCABULARY).root, VOCABULARY) == to_text(
        parse(meant, VOCABULARY).root, VOCABULARY
    )


@pytest.mark.parametrize("text", ["tsinx", "asin(x)", "dsin(x)", "xlogy(x, y)"])
def test_a_declared_word_or_a_function_stays_one(text: str) -> None:
    name = text.split("(", maxsplit=1)[0]
    parsed = parse(text, VOCABULARY, declared=(name, "x", "y") if "(" not in text else ("x", "y"))
    assert "t*sin" not in to_text(parsed.root, VOCABULARY)
    assert "x*log" not in to_text(parsed.root, VOCABULARY)


@pytest.mark.parametrize(
    ("text", "wrt", "order"),
    [
        ("find f''(x) if f(x) = x^5", (), 2),
        ("Given f(x) = x^5, find f'(x).", (), 1),
        ("If y = x^5, find d^2y/dx^2", ("x", "x"), 0),
        ("y = x^5; dy = diff(y, x, 2)", ("x", "x"), 0),
        ("Derivative(x^5, 3)", (), 3),
        ("u = x^5 ; u' = ?", (), 1),
        ("diff(x^5, x$3)", ("x", "x", "x"), 0),
        ('D(D(quote(x^5), "x"), "x")', ("x", "x"), 0),
        (r"\frac{d x^5}{d x}", ("x",), 0),
        ("d x^5 / dx", ("x",), 0),
    ],
)
def test_what_is_asked(text: str, wrt: tuple[str, ...], order: int) -> None:
    parsed = parse(text, VOCABULARY, statements=True)
    assert to_text(parsed.root, VOCABULARY) == "x^5"
    assert parsed.statement is not None
    assert (parsed.statement.wrt, parsed.statement.order) == (wrt, order)


@pytest.mark.parametrize(
    "text", ["find g'(x) if f(x) = x^5", "If y = x^5, find dz/dx", "find f'(3) if f(x) = x^2"]
)
def test_another_name_is_not_taken_for_it(text: str) -> None:
    with pytest.raises(CalcgradError):
        parse(text, VOCABULARY, statements=True)


def test_a_remark_that_cuts_a_formula_of_latex_is_refused() -> None:
    with pytest.raises(CalcgradError) as caught:
        parse("$50% x$", VOCABULARY)
    assert caught.value.diagnostic.code == "E122"
    assert to_text(parse("x^{2} % the square", VOCABULARY).root, VOCABULARY) == "x^2"


@pytest.mark.parametrize("text", [r"2\frac{1}{2}x", r"x^{2\frac12}", r"1\frac{1}{3}\sqrt[3] x"])
def test_a_mixed_number_of_latex_is_told_of(text: str) -> None:
    """Two and a half on a Dutch page; LaTeX itself writes a product so."""
    assert [w.code for w in parse(text, VOCABULARY).warnings] == ["W125"]


@pytest.mark.parametrize(
    "text", [r"2\cdot\frac{1}{2}x", r"2\frac{x}{3}", r"3\frac{4}{3}x", r"x^2\frac{1}{2}", r"(2)\frac{1}{2}"]
)
def test_other_products_with_fractions_are_not(text: str) -> None:
    assert not parse(text, VOCABULARY).warnings


@pytest.mark.parametrize("text", ["log2x", "y = log10x", "xlog2x", "sinxlog5x"])
def test_figures_after_log_have_two_readings(text: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        parse(text, VOCABULARY, statements=True)
    assert caught.value.diagnostic.code == "E123"
    assert len(caught.value.diagnostic.hints) == 1


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("Given y=cos^3x. Find dy/dx if x= π /6", "π/6"),
        ("find f'(x) if f(x) = x^2 at x = 3", "3"),
        ("If y = x^2, find dy/dx at x = 1", "1"),
    ],
)
def test_a_point_in_a_question_is_not_lost(text: str, at: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        parse(text, VOCABULARY, statements=True)
    assert caught.value.diagnostic.hints == (f"give the point by itself: --at {at}",)


def test_where_a_bare_quotient_ends_is_asked() -> None:
    with pytest.raises(CalcgradError) as caught:
        parse("d x^2 + x / dx", VOCABULARY, statements=True)
    assert caught.value.diagnostic.code == "E125"
    assert to_text(parse(r"\frac{d x^2 + x}{dx}", VOCABULARY, statements=True).root, VOCABULARY) == "x^2 + x"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("e^xln(2)", "`e^xln` is read as (e^x)*ln"),
        ("x^xlnx", "`x^xlnx` is read as (x^x)*lnx"),
        ("(x+1)^-xsinx", "`...^-xsinx` is read as (...^-x)*sinx"),
        ("e^sinxcosx", "`e^sinxcosx` is read as (e^sinx)*cosx"),
        ("√xsinx", "`√xsinx` is read as (√x)*sinx"),
        ("2∛xln(x)", "`∛xln` is read as (∛x)*ln"),
    ],
)
def test_an_exponent_that_ends_within_a_joined_word_is_told_of(text: str, said: str) -> None:
    (told,) = parse(text, VOCABULARY).warnings
    assert (told.code, told.message) == ("W115" if "√" in text or "∛" in text else "W105", said)


@pytest.mark.parametrize(
    "text",
    [
        "e^sinx",
        "√sinx",
        "sin^xcosx",
        "x^2sinx",
        "xsinx^2",
        r"x^{\sin x}",
        "e^x sinx",
        r"e^x\sin x",
        "xsinx - e^x",
    ],
)
def test_other_exponents_are_not_told_of_for_a_joined_word(text: str) -> None:
    assert not parse(text, VOCABULARY).warnings


@pytest.mark.parametrize(
    ("text", "hint"),
    [("xlog1p(x)", "write x*log1p(...)"), ("log2fc", "write log2(f*c)"), ("log2xy", "write log2(x*y)")],
)
def test_a_word_that_only_begins_with_figures_after_log_is_not_read_as_such(text: str, hint: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        parse(text, VOCABULARY)
    assert (caught.value.diagnostic.code, caught.value.diagnostic.hints[0]) == ("E102", hint)


def test_a_value_asked_for_by_a_letter_is_not_lost() -> None:
    with pytest.raises(CalcgradError):
        parse("find f'(a) if f(x) = a x^2", VOCABULARY, statements=True)
    assert parse("find f'(x) if f(x) = a x^2", VOCABULARY, statements=True).statement is not None


@pytest.mark.parametrize("name", ["sum", "prod", "mean", "var", "norm", "softmax", "logsumexp"])
def test_a_comma_in_a_function_of_lists_is_no_decimal_comma(name: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        parse(f"{name}(1,5)", VOCABULARY)
    assert caught.value.diagnostic.code == "E109"
