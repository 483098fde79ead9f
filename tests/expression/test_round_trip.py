"""What is printed reads back as the same tree, for random trees of every form that the parser builds."""

import pickle
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calcgrad.errors import CalcgradError, LimitError, ParseError
from calcgrad.expression import parse, to_latex, to_text, to_unicode
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.expression.numerals import read_number, write_number
from calcgrad.operations import VOCABULARY
from calcgrad.render.diagnostic import draw

INFIX = ["add", "sub", "mul", "div", "mod", "floordiv", "matmul", "pow"]
LOGIC = ["less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "logical_and", "logical_or"]
UNARY = ["neg", "factorial", "sqrt", "abs", "logical_not"]
#: Every operation that the vocabulary can write by name, with its number of arguments.
NAMED = sorted(
    {(word.op, word.arity) for words in VOCABULARY.words.values() for word in words if not word.leading}
)
NAMES = ["x", "y", "x_1", "x12", "w_max", "alpha", "beta", "Omega", "alpha_2", "speed", "n", "E", "e1", "b1"]
INDICES: list[tuple[object, ...]] = [
    (0,),
    (-1,),
    (0, 1),
    (("slice", 1, None, None),),
    (("slice", None, 3, 2), -2),
]
numbers = st.one_of(
    st.integers(0, 12).map(Fraction),
    st.builds(
        lambda digits, power: digits * Fraction(10) ** power, st.integers(0, 10**6), st.integers(-12, 12)
    ),
    st.sampled_from([Fraction(10**300), Fraction(1, 10**300), Fraction(1, 2**60)]),
)
leaves = st.one_of(
    numbers.map(Number),
    st.sampled_from(NAMES).map(Name),
    st.sampled_from(["pi", "e", "tau", "inf", "true"]).map(Constant),
)
steps = st.one_of(
    st.sampled_from(INFIX + LOGIC).map(lambda op: (op, 2, ())),
    st.sampled_from(INFIX + LOGIC).map(lambda op: (op, 2, ())),
    st.sampled_from(UNARY).map(lambda op: (op, 1, ())),
    st.sampled_from(INDICES).map(lambda index: ("getitem", 1, index)),
    st.sampled_from([("where", 3, ()), ("vector", 1, ()), ("vector", 3, ())]),
    st.sampled_from(NAMED).map(lambda named: (*named, ())),
    leaves,
    leaves,
)


def built(program: list[object]) -> Node:
    """The tree of a program in postfix order; a missing operand is ``x``."""
    stack: list[Node] = []
    for step in program:
        if isinstance(step, Node):
            stack.append(step)
        else:
            assert isinstance(step, tuple)
            op, count, params = step
            while len(stack) < count:
                stack.append(Name("x"))
            args = tuple(stack[-count:])
            del stack[-count:]
            stack.append(Call(op, args, params))
    return stack[-1] if stack else Name("x")


@pytest.mark.slow
@settings(derandomize=True, max_examples=600, deadline=None)
@given(st.lists(steps, min_size=1, max_size=30))
def test_a_random_tree_is_read_back(program: list[object]) -> None:
    root = built(program)
    to_latex(root, VOCABULARY)
    for write in (to_text, to_unicode):
        text = write(root, VOCABULARY)
        try:
            again = parse(text, VOCABULARY, declared=NAMES)
        except LimitError:
            continue
        assert again.root == root, text
        assert hash(again.root) == hash(root)
    assert to_text(root, VOCABULARY).isascii()


ATOMS = ["x", "y", "2", "0.5", "e", "pi", "(", ")", "[", "]", "|", "!", "²", "⁻¹", "^", "**", "*", "/", "%", "+", "-", " ",
         "√", "sin", "sin ", "log(", "max(", ",", "<", "==", " and ", "not ", " if ", " else ", "α", "where(", "="]  # fmt: skip


@pytest.mark.slow
@settings(derandomize=True, max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(ATOMS), max_size=14).map("".join))
def test_any_text_is_read_or_refused_and_what_is_read_is_read_back(text: str) -> None:
    try:
        parsed = parse(text, VOCABULARY)
    except (ParseError, LimitError):
        return
    for write in (to_text, to_unicode):
        again = parse(write(parsed.root, VOCABULARY), VOCABULARY, declared=parsed.variables)
        assert again.root == parsed.root
    for warning in parsed.warnings:
        assert draw(warning)
        if warning.fix is not None:
            parse(warning.fix, VOCABULARY)


@pytest.mark.slow
@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.text(max_size=20))
def test_no_text_makes_anything_but_a_tree_or_a_diagnostic(text: str) -> None:
    try:
        parse(text, VOCABULARY)
    except CalcgradError as error:
        diagnostic = error.diagnostic
    else:
        return
    drawn = draw(diagnostic)
    assert drawn.startswith("error[E1")
    assert all(line.isprintable() for line in drawn.split("\n"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1e300", "1e300"), ("0.1", "0.1"), ("1000000", "1000000"), ("1e16", "1e16"), ("0.0001", "0.0001"),
        ("0.00001", "1e-5"), ("1.50", "1.5"), ("123.456e2", "12345.6"), ("00.10", "0.1"), ("1.25e-20", "1.25e-20"),
        ("0", "0"), ("0.0", "0"), ("12345678901234567", "12345678901234567"), ("1230e20", "1.23e23"),
    ],
)  # fmt: skip
def test_a_number_is_written_in_its_shortest_way(text: str, written: str) -> None:
    value = read_number(text)
    assert value == Fraction(text)
    assert write_number(value) == written
    assert read_number(written) == value


def test_a_tree_survives_pickling() -> None:
    root = parse("sin(x)^2/3 - x[0, 1:]", VOCABULARY).root
    assert pickle.loads(pickle.dumps(root)) == root
