r"""LaTeX of each form, and that its braces and its ``\left`` ``\right`` pair up for every operation."""

import re

import pytest

from calcgrad.expression import parse, to_latex
from calcgrad.expression.nodes import Call, Name, Node
from calcgrad.operations import VOCABULARY

WRITTEN = [
    ("x^3 + 2x", "x^{3} + 2 x"),
    ("2*3*x", r"2 \cdot 3 x"),
    ("x/(y+1)", r"\frac{x}{y + 1}"),
    ("(a/b)^2", r"\left(\frac{a}{b}\right)^{2}"),
    ("-(x+1)*y", r"-\left(x + 1\right) y"),
    ("x*-y", r"x \left(-y\right)"),
    ("x-(y-z)", r"x - \left(y - z\right)"),
    ("(x^2)^3", r"\left(x^{2}\right)^{3}"),
    ("sin(x)^2", r"\sin^{2}\left(x\right)"),
    ("exp(-x^2)", r"\exp\left(-x^{2}\right)"),
    ("sqrt(x+1)", r"\sqrt{x + 1}"),
    ("|x|", r"\left|x\right|"),
    ("(x+1)!", r"\left(x + 1\right)!"),
    ("pi*alpha_1 + x_max + x12", r"\pi \alpha_{1} + x_{\mathrm{max}} + x_{12}"),
    ("1e300", "10^{300}"),
    ("1.5e-7^2", r"\left(1.5 \cdot 10^{-7}\right)^{2}"),
    ("x <= 1 and y != 2", r"x \le 1 \land y \ne 2"),
    ("a if x<0 else b if x<1 else c",
     r"\begin{cases}a & \text{if } x < 0 \\ b & \text{if } x < 1 \\ c & \text{otherwise}\end{cases}"),
    ("[x, y]", r"\begin{bmatrix}x \\ y\end{bmatrix}"),
    ("x[0, 1:]", r"x_{\left[0, 1{:}\right]}"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "latex"), WRITTEN)
def test_is_written_as(text: str, latex: str) -> None:
    assert to_latex(parse(text, VOCABULARY).root, VOCABULARY) == latex


def test_a_long_name_is_upright() -> None:
    assert to_latex(Name("speed"), VOCABULARY) == r"\mathrm{speed}"


OPERATIONS = sorted(
    {(word.op, word.arity + len(word.leading)) for words in VOCABULARY.words.values() for word in words}
)


@pytest.mark.parametrize(("op", "count"), OPERATIONS)
def test_braces_pair_up_for_every_operation(op: str, count: int) -> None:
    arg: Node = Call("add", (Name("x"), Name("y")))
    call = Call(op, (arg,) * count)
    for node in (call, Call("pow", (call, call)), Call("mul", (call, call)), Call("neg", (call,))):
        latex = to_latex(node, VOCABULARY)
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") - latex.count(r"\leftarrow") == latex.count(r"\right")
        assert not re.search(r"\{[0-9]\}\{\{|\{\{\{", latex)
        assert "x + y" in latex
