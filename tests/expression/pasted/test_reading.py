"""Pasted texts: places, limits, what costs nothing, and what is never run."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest

from calcgrad.errors import CalcgradError
from calcgrad.expression import parse, to_text
from calcgrad.expression.nodes import postorder
from calcgrad.expression.pasted import read_pasted
from calcgrad.operations import VOCABULARY


def read(text: str, *declared: str) -> str:
    return to_text(parse(text, VOCABULARY, declared=declared).root, VOCABULARY)


def places(text: str) -> dict[str, str]:
    """Each node's text of ours, and the part of the pasted text that it was read from."""
    root = parse(text, VOCABULARY).root
    return {to_text(node, VOCABULARY): text[slice(*node.span)] for node in postorder(root)}


def test_every_node_points_into_the_pasted_text() -> None:
    found = places(r"2 + \frac{\sin x}{x_{12}}")
    assert found["sin(x)"] == r"\sin x"
    assert found["x_12"] == "x_{12}"
    assert found["sin(x)/x_12"] == r"\frac{\sin x}{x_{12}}"
    found = places("np.exp(-x) + Math.sqrt(y)")
    assert found["exp(-x)"] == "np.exp(-x)"
    assert found["sqrt(y)"] == "Math.sqrt(y)"
    assert places("x < 0 ? -x : ½")["-x"] == "-x"
    found = places("{x<0: -x, x^2}")
    assert found["x^2"] == "x^2"
    assert found["x < 0"] == "x<0"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (r"\frac{1}{x} + \foo", r"\foo"),
        (r"\sin x + speeed(x)", "speeed"),
        ("np.sin(x) + qwerty(x)", "qwerty"),
        ("½x + )", "+"),
        ("x.^2 + np.foo(x)", "np.foo"),
        (r"\alpha + \gamma x + \beta x + \sin", r"\sin"),
    ],
)
def test_an_error_points_into_the_pasted_text(text: str, place: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        parse(text, VOCABULARY)
    diagnostic = caught.value.diagnostic
    assert diagnostic.source == text
    assert diagnostic.span is not None
    assert text[slice(*diagnostic.span)] == place


def test_a_text_of_our_own_never_comes_to_the_front_room() -> None:
    code = (
        "import sys; from calcgrad.expression import parse; from calcgrad.operations import VOCABULARY;"
        "parse('sin(x)^2*e^(-x) + |x|', VOCABULARY); print([m for m in sys.modules if 'pasted' in m or 'pylatexenc' in m])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_latex_alone_needs_pylatexenc() -> None:
    code = (
        "import sys; from calcgrad.expression import parse; from calcgrad.operations import VOCABULARY;"
        "parse('np.sin(x)', VOCABULARY); print('pylatexenc' in sys.modules); parse('\\\\sin x', VOCABULARY);"
        "print('pylatexenc' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]


def test_what_ours_reads_is_not_read_otherwise() -> None:
    for text in ("x^2", "2x", "sin(x)", "|x|", "x!", "[x, y]", "x if x > 0 else 1", "log_2(x)"):
        assert read_pasted(text, VOCABULARY) is None


def test_a_definition_is_read_only_where_it_is_asked_for() -> None:
    for text in ("f(x) = x^2", "d/dx x^2", "y = x", "(x^2)'", "diff(x^2, x)"):
        with pytest.raises(CalcgradError):
            parse(text, VOCABULARY)
        assert parse(text, VOCABULARY, statements=True).statement is not None


def test_a_declared_name_stays_what_it_was_declared() -> None:
    assert read("1.5d0*x + d0", "d0") == "1.5*d0*x + d0"
    assert read(r"\frac{speed}{2}", "speed") == "speed/2"
    with pytest.raises(CalcgradError):  # an equation between two variables
        parse("y = x^2", VOCABULARY, declared=("x", "y"), statements=True)


N = 3000
LONG = {
    "nested fractions": r"\frac{1}{" * N + "x" + "}" * N,
    "nested roots": r"\sqrt{1+" * N + "x" + "}" * N,
    "nested groups": "{1+" * N + "x" + "}" * N,
    "nested powers": "x^{1+" * N + "x" + "}" * N,
    "a sum": r"\frac{x}{2}+" * N + "1",
    "brackets": r"\left(" * N + "x" + r"\right)" * N,
    "questions": "x>0?1:" * N + "2",
    "questions inside": "x>0?" * N + "2" + ":1" * N,
    "cases in cases": "{x>0:1," * N + "2" + "}" * N,
    "degrees": "(" * N + "x" + ")°" * N,
    "conditions": "IF(x>0,1," * N + "2" + ")" * N,
    "letters": r"\alpha x" * N,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LONG)
def test_a_long_or_deep_text_needs_no_recursion_and_no_square(name: str) -> None:
    start = time.perf_counter()
    parse(LONG[name], VOCABULARY)
    assert time.perf_counter() - start < 20  # a second on a quiet machine; quadratic would be minutes


def test_hostile_texts_end_in_an_error_of_ours() -> None:
    draw = random.Random(20_261)
    alphabet = [
        "\\frac", "{", "}", "^", "_", "$", "x", "2", ".5", "\\left", "(", ")", "[", "]", "|", "\\begin{cases}", "&", "\\\\",
        "\\end{cases}", "?", ":", ",", ";", "=", "d", "/", "dx", "Sin[", "IF(", "np.", "%", "°", "½", "∜", "⌊", "⌉", "'", "<", "-",
        " ", "\\sqrt", "\\text{if}", "\\over", "\\right.", "f(x)", "1.0d0", "{x<0:", "\\", "\\mathrm", "=-", "@(x)", "e", "\\color",
    ]  # fmt: skip
    for _ in range(3000):
        text = "".join(draw.choices(alphabet, k=draw.randint(1, 14)))
        try:
            parse(text, VOCABULARY, statements=draw.random() < 0.5)
        except CalcgradError as error:
            diagnostic = error.diagnostic
            assert diagnostic.source == text, text
            assert diagnostic.span is not None, text
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text) + 1, text


def test_the_index_of_a_root_before_its_argument_is_told_of() -> None:
    """Typst writes root(3, x)."""
    assert [w.code for w in parse("root(3, x)", VOCABULARY).warnings] == ["W118"]
    assert not parse("root(x, 3)", VOCABULARY).warnings
    assert not parse("root(8, 3)*x", VOCABULARY).warnings


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("sinc(x)", ["W119"]),
        ("sinc(2*pi*x)", []),
        ("np.sinc(x)", []),
        ("std(w) + std(w)", ["W119"]),
        ("np.var(w)", []),
        ("pstdev(w)", []),
        ("frac(x)", ["W119"]),
        ("frac(1, x)", []),
        ("acot(x)", ["W119"]),
        ("expint(x)", ["W119"]),
        ("expint(2, x)", []),
        ("EllipticK(x)", ["W119"]),
        ("EllipticK[x]", []),
        ("elliptic_k(x)", []),
        ("gelu(x) + leaky_relu(x)", ["W119"]),
    ],
)
def test_a_function_with_two_usual_meanings_is_told(text: str, codes: list[str]) -> None:
    assert [w.code for w in parse(text, VOCABULARY).warnings] == codes


def test_numpys_sinc_is_numpys() -> None:
    """π is multiplied into the whole argument, at every depth, and the value is NumPy's."""
    import numpy as np

    import calcgrad

    assert read("np.sinc(x + 1)") == "sinc(pi*(x + 1))"
    assert read("np.sinc(np.sinc(x)/2)") == "sinc(pi*(sinc(pi*x)/2))"
    for at in (0.0, 0.3, -2.5):
        (point,) = calcgrad.diff("np.sinc(x - 1)", at=at, truth="none", methods="reverse-ad").points
        assert point.value == pytest.approx(float(np.sinc(at - 1)), rel=1e-15)


@pytest.mark.parametrize("text", ["=NORM.S.DIST(A1, B1)", "=NORM.DIST(A1, 0, 1)", "v*Sqr(T)"])
def test_a_function_that_is_one_of_two_is_refused(text: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        parse(text, VOCABULARY)
    assert caught.value.diagnostic.code == "E123"
