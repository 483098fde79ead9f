"""What SymPy's process answers: formulas in the language, digits against mpmath, proofs, limits."""

from __future__ import annotations

from collections.abc import Iterator

import mpmath
import pytest
from mpmath import mp, mpf

from calcgrad.expression import parse, to_text
from calcgrad.expression.nodes import Node
from calcgrad.operations import VOCABULARY
from calcgrad.sympy_process import Client
from calcgrad.sympy_process.questions import (
    Coordinate,
    Question,
    SymbolicAnswer,
    Value,
    begin,
    differentiate,
    limit,
    prove_equal,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client() as client:
        yield client


def read(text: str) -> Node:
    return parse(text, VOCABULARY, declared=tuple("xyzEISNQ")).root


def ask(client: Client, text: str, *wrt: str, tidy: float = 0.3, **at: str) -> SymbolicAnswer:
    """Derivatives by each of ``wrt`` (``"xx"`` is the second one) at a point of decimal numbers."""
    point = {name: Coordinate(float(decimal), read(decimal)) for name, decimal in at.items()}
    orders = [tuple(w) for w in wrt or ("x",)]
    return differentiate(read(text), orders, [point] if point else [], tidy=tidy, client=client)


def shown(answer: SymbolicAnswer) -> list[str | None]:
    return [to_text(f.root, VOCABULARY) if f.root else None for f in answer.formulas]


def derivative(client: Client, text: str, **at: str) -> Value:
    return ask(client, text, **at).points[0].derivatives[0]


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("x**3 + 2*x", "3*x^2 + 2"),
        ("sin(x^2)", "2*x*cos(x^2)"),
        ("x*y + sin(x)", "y + cos(x)"),
        ("1/x", "-1/x^2"),
        ("sqrt(x)", "1/(2*sqrt(x))"),
        ("x^0.5/3", "1/(6*sqrt(x))"),
        ("0.1*x", "1/10"),
        ("-3*x^2/7", "-6*x/7"),
        ("2^x", "2^x*log(2)"),
        ("x^y", "x^y*y/x"),
        ("(x+1)^100", "100*(x + 1)^99"),
        ("x**100000", "100000*x^99999"),
        ("abs(x)", "sign(x)"),
        ("abs(log(x))", "sign(log(x))/x"),
        ("max(x, y, 3)", "heaviside(x - max(3, y))"),
        ("floor(x^2)", "0"),
        ("round(x)*x", "round(x)"),
        ("x % 3", "1"),
        ("frac(x)", "1"),
        ("gamma(x)", "gamma(x)*digamma(x)"),
        ("besselj(0, x)", "-besselj(1, x)"),
        ("zeta(x)", "zeta_derivative(1, x)"),
        ("x if x > 0 else x^2", "where(x > 0, 1, 2*x)"),
        ("E*x + I*x^2 + S*N*Q", "E + 2*I*x"),
    ],
)
def test_formulas(client: Client, text: str, formula: str) -> None:
    answer = ask(client, text)
    assert (answer.status, answer.note) == ("ok", None)
    (root,) = [f.root for f in answer.formulas]
    assert root is not None
    assert to_text(root, VOCABULARY) == to_text(read(formula), VOCABULARY)


def test_a_long_formula_is_shortened_only_when_there_is_time(client: Client) -> None:
    text = "exp(x)/(sin(x)^3 + cos(x)^3)"
    (quick,) = shown(ask(client, text, tidy=0.0))
    (tidied,) = shown(ask(client, text, tidy=5.0))
    assert quick is not None
    assert tidied is not None
    assert len(tidied) < len(quick)
    assert prove_equal(read(quick), read(tidied), client=client).verdict != "different"


def test_all_orders_of_two_variables(client: Client) -> None:
    answer = ask(client, "x^2*y^3", "xx", "xy", "yy", x="2", y="3")
    assert shown(answer) == ["2*y^3", "6*x*y^2", "6*x^2*y"]
    assert [float(v.text or "nan") for v in answer.points[0].derivatives] == [54.0, 108.0, 72.0]


def test_a_vector_has_a_formula_for_each_output(client: Client) -> None:
    answer = ask(client, "[x*y, sin(x)]", "x", "y", x="0", y="2")
    assert [(f.output, f.wrt) for f in answer.formulas] == [
        (0, ("x",)),
        (0, ("y",)),
        (1, ("x",)),
        (1, ("y",)),
    ]
    assert shown(answer) == ["y", "x", "cos(x)", "0"]
    assert [float(v.text or "nan") for v in answer.points[0].values] == [0.0, 0.0]
    assert [float(v.text or "nan") for v in answer.points[0].derivatives] == [2.0, 0.0, 1.0, 0.0]


def test_order_ten(client: Client) -> None:
    (value,) = ask(client, "exp(sin(x^2))", "x" * 10, x="0.7").points[0].derivatives
    with mp.workdps(80):
        taylor = mpmath.taylor(lambda t: mpmath.exp(mpmath.sin(t**2)), mpf("0.7"), 10)
        expected = taylor[10] * mpmath.factorial(10)
        assert abs(mpf(value.text) / expected - 1) < 1e-35


#: The derivatives, of the point and of what reads a decimal of the text.
DIGITS = {
    "sin(x)*exp(x^2)": lambda x, _: mpmath.exp(x**2) * (mpmath.cos(x) + 2 * x * mpmath.sin(x)),
    "tanh(x)^3": lambda x, _: 3 * mpmath.tanh(x) ** 2 * mpmath.sech(x) ** 2,
    "x^0.3": lambda x, n: n("0.3") * x ** (n("0.3") - 1),
    "0.1*x^2 + 1.3": lambda x, n: 2 * n("0.1") * x,
    "log(x)/x": lambda x, _: (1 - mpmath.log(x)) / x**2,
    "gamma(x)": lambda x, _: mpmath.gamma(x) * mpmath.digamma(x),
    "erf(x)": lambda x, _: 2 * mpmath.exp(-(x**2)) / mpmath.sqrt(mpmath.pi),
    "cbrt(x)": lambda x, _: 1 / (3 * mpmath.cbrt(x) ** 2),
    "lambertw(x)": lambda x, _: mpmath.lambertw(x) / (x * (1 + mpmath.lambertw(x))),
    "(1-cos(x))/x^2": lambda x, _: (x * mpmath.sin(x) - 2 * (1 - mpmath.cos(x))) / x**3,
}


@pytest.mark.parametrize("text", DIGITS)
@pytest.mark.parametrize("at", ["0.7", "3.1", "1e-9"])
def test_forty_digits_as_written_and_at_the_doubles(client: Client, text: str, at: str) -> None:
    question = Question(read(text), [["x"]], [{"x": Coordinate(float(at), read(at))}], doubles=[True])
    (found,) = begin(question, client=client)().points
    assert found.doubles is not None
    for (value,), number in ((found.derivatives, mpf), (found.doubles, lambda text: mpf(float(text)))):
        assert value.status == "ok"
        with mp.workdps(120):
            expected = DIGITS[text](number(at), number)
            assert abs(mpf(value.text) / expected - 1) < mpf("1e-38")


def test_a_loss_of_digits_inside_a_function_is_seen(client: Client) -> None:
    value = derivative(client, "erf(1-cos(x))", x="1e-200")
    with mp.workdps(1000):
        x = mpf("1e-200")
        expected = 2 * mpmath.exp(-((1 - mpmath.cos(x)) ** 2)) / mpmath.sqrt(mpmath.pi) * mpmath.sin(x)
        assert abs(mpf(value.text) / expected - 1) < mpf("1e-38")


def test_a_high_power_is_neither_written_out_nor_rounded(client: Client) -> None:
    value = derivative(client, "x**100000", x="1.0001")
    with mp.workdps(60):
        assert abs(mpf(value.text) / (100000 * mpf("1.0001") ** 99999) - 1) < mpf("1e-38")


def test_zero_is_said_to_be_zero_within_a_bound(client: Client) -> None:
    value = ask(client, "sin(x)^2 + cos(x)^2 - 1", x="1").points[0].values[0]
    assert (value.status, value.text) == ("zero", "0")
    assert value.bound is not None
    assert float(value.bound) < 1e-300
    assert derivative(client, "x^3", x="0") == Value("ok", "0")


@pytest.mark.parametrize(
    ("text", "at", "exact"),
    [
        ("x*2 + sin(x)", "1", "cos(1) + 2"),
        ("sin(x)", "pi/2", "0"),
        ("x^3 + 2*x", "0.1", "203/100"),
        ("x^2", "1/3", "2/3"),
        ("sqrt(x)", "2", "sqrt(2)/4"),
        ("x**100000", "1/3", None),
        ("abs(x)", "0", None),
        ("log(x)", "0", None),
    ],
)
def test_exact_values(client: Client, text: str, at: str, exact: str | None) -> None:
    coordinate = Coordinate(float(mpmath.mpf(eval_point(at))), read(at))
    answer = differentiate(read(text), [["x"]], [{"x": coordinate}], client=client)
    (found,) = answer.points[0].exact
    assert (to_text(found, VOCABULARY) if found else None) == exact


def eval_point(text: str) -> str:
    return {"pi/2": str(mpmath.pi / 2), "1/3": str(mpf(1) / 3)}.get(text, text)


@pytest.mark.parametrize(
    ("text", "at", "operation"),
    [
        ("abs(x)", "0", "abs"),
        ("x*abs(x)", "0", "abs"),
        ("max(x, 0)", "0", "max"),
        ("min(x, 2, 5)", "2", "min"),
        ("floor(2*x)", "1.5", "floor"),
        ("round(x)", "2.5", "round"),
        ("x % 2", "4", "mod"),
        ("x if x > 1 else x^2", "1", "a condition"),
        ("abs(sin(pi*x))", "3", "abs"),
    ],
)
def test_a_value_from_an_unsmooth_place_is_said_to_be(
    client: Client, text: str, at: str, operation: str
) -> None:
    value = derivative(client, text, x=at)
    assert (value.status, value.note) == ("singular", f"{operation} is not smooth here")


@pytest.mark.parametrize(
    ("text", "at"),
    [("abs(x)", "1e-300"), ("max(x, 0, 9)", "0"), ("floor(x)", "2.5"), ("round(x)", "2"), ("x % 2", "3")],
)
def test_a_value_from_a_smooth_place_is_not(client: Client, text: str, at: str) -> None:
    assert derivative(client, text, x=at).status == "ok"


@pytest.mark.parametrize(
    ("text", "at", "status"),
    [
        ("1/x", "0", "infinite"),
        ("sqrt(x)", "0", "infinite"),
        ("sqrt(x)", "-1", "complex"),
        ("x^x", "-0.5", "complex"),
        ("sin(x)/x", "0", "infinite"),
        ("sin(x)", "inf", "none"),
        ("sin(x)", "nan", "none"),
    ],
)
def test_there_is_no_value(client: Client, text: str, at: str, status: str) -> None:
    root = read(text)
    answer = differentiate(root, [["x"]], [{"x": Coordinate(float(at))}], client=client)
    value = answer.points[0].derivatives[0]
    assert value.status == status
    assert value.text is None
    assert value.note


def test_no_closed_form_is_said(client: Client) -> None:
    answer = ask(client, "besselj(x, 2)", x="1.5")
    assert answer.formulas[0].status == "none"
    assert answer.formulas[0].note is not None
    assert answer.formulas[0].note.startswith("SymPy has no closed form of this derivative")
    assert answer.points[0].values[0].status == "ok"
    assert answer.points[0].derivatives[0].status == "none"


@pytest.mark.parametrize("name", ["E", "I", "S", "N", "Q", "x[0]", "pi", "lambda", "__import__('os')", "Ж"])
def test_a_variable_may_have_any_name(client: Client, name: str) -> None:
    from calcgrad.expression.nodes import Call, Name

    x = Name(name)
    answer = differentiate(
        Call("mul", (x, Call("sin", (x,)))), [[name]], [{name: Coordinate(2.0)}], client=client
    )
    with mp.workdps(50):
        expected = mpmath.sin(2) + 2 * mpmath.cos(2)
        assert abs(mpf(answer.points[0].derivatives[0].text) - expected) < mpf("1e-38")


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        ("2*x*sin(x) + x^2*cos(x)", "x*(2*sin(x) + x*cos(x))", "equal"),
        ("sin(x)^2", "1 - cos(x)^2", "equal"),
        ("0.1*x", "x/10", "equal"),
        ("sin(x)^2", "cos(x)^2", "different"),
        ("sqrt(x^2)", "x", "different"),
        ("sin(x) + 1e-30", "sin(x)", "different"),
        ("3*x^2 + 2", "3*x^2 + 2.0000001", "different"),
        ("[x, y]", "[x, 2*y]", "different"),
        ("[x, y]", "[x, y, x]", "different"),
        ("log(x*y)", "log(x) + log(y)", "unknown"),
    ],
)
def test_equality(client: Client, a: str, b: str, verdict: str) -> None:
    proof = prove_equal(read(a), read(b), client=client)
    assert proof.verdict == verdict
    assert proof.note
    if verdict == "different" and len(a) != len("[x, y]"):
        assert proof.point is not None
        assert proof.left is not None
        assert proof.right is not None


def test_a_point_that_is_given_is_tried(client: Client) -> None:
    spike = "x if x != 0.25 else 7"
    assert prove_equal(read(spike), read("x"), client=client).verdict != "equal"
    proof = prove_equal(read(spike), read("x"), points=[{"x": 0.25}], client=client)
    assert (proof.verdict, proof.point) == ("different", {"x": 0.25})
    assert (float(proof.left or 0), float(proof.right or 0)) == (7.0, 0.25)


@pytest.mark.parametrize(
    ("text", "point", "side", "found"),
    [
        ("sin(x)/x", "0", "+-", "1"),
        ("(1 - cos(x))/x^2", "0", "+-", "1/2"),
        ("1/x", "0", "-", "-inf"),
        ("abs(x)/x", "0", "-", "-1"),
        ("x*log(x)", "0", "+", "0"),
        ("(1 + 1/x)^x", "inf", "-", "e"),
        ("floor(x)", "2", "-", "1"),
    ],
)
def test_limits(client: Client, text: str, point: str, side: str, found: str) -> None:
    answer = limit(read(text), "x", read(point), side, client=client)  # type: ignore[arg-type]
    assert answer.root is not None
    assert to_text(answer.root, VOCABULARY) == found
    assert answer.checked


@pytest.mark.parametrize(("text", "side"), [("abs(x)/x", "+-"), ("sin(1/x)", "+")])
def test_there_is_no_limit(client: Client, text: str, side: str) -> None:
    answer = limit(read(text), "x", read("0"), side, client=client)  # type: ignore[arg-type]
    assert answer.root is None
    assert answer.value.status == "none"
    assert answer.value.note
