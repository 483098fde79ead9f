"""What each form of the language is read as: its tree, as the text that shows every bracket that matters."""

import pytest

from calcgrad.expression import canonical_name, parse, to_text, to_unicode
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number, postorder
from calcgrad.operations import VOCABULARY


def fully_bracketed(root: Node) -> str:
    """The tree as nested calls; written apart from the printer, so that neither can hide the other's mistake."""
    stack: list[str] = []
    for node in postorder(root):
        if isinstance(node, Call):
            cut = len(stack) - len(node.args)
            args = stack[cut:]
            del stack[cut:]
            stack.append(f"{node.op}({', '.join([*args, *map(str, node.params)])})")
        elif isinstance(node, Number):
            stack.append(str(node.value))
        else:
            assert isinstance(node, Name | Constant)
            stack.append(node.name if isinstance(node, Name) else f"<{node.name}>")
    return stack.pop()


def read(text: str, *declared: str) -> str:
    return fully_bracketed(parse(text, VOCABULARY, declared=declared).root)


TREES = [
    # Numbers.
    ("2", "2"),
    (".5", "1/2"),
    ("2.", "2"),
    ("1e-3", "1/1000"),
    ("2E3", "2000"),
    ("1_000", "1000"),
    ("0.1", "1/10"),
    ("-2", "neg(2)"),
    ("2e", "mul(2, <e>)"),
    ("2e3", "2000"),
    ("2e-x", "sub(mul(2, <e>), x)"),
    ("2.x", "mul(2, x)"),
    # Powers and signs.
    ("-x^2", "neg(pow(x, 2))"),
    ("x**2", "pow(x, 2)"),
    ("x**3**2", "pow(x, pow(3, 2))"),
    ("2**x^2", "pow(2, pow(x, 2))"),
    ("2^3**x", "pow(2, pow(3, x))"),
    ("x^y^z", "pow(x, pow(y, z))"),
    ("x^-2", "pow(x, neg(2))"),
    ("2^-x^2", "pow(2, neg(pow(x, 2)))"),
    ("x^+2", "pow(x, 2)"),
    ("+x", "x"),
    ("--x", "neg(neg(x))"),
    ("(-x)^2", "pow(neg(x), 2)"),
    ("-x*y", "mul(neg(x), y)"),
    ("x - -y", "sub(x, neg(y))"),
    ("2^x!", "pow(2, factorial(x))"),
    ("x²", "pow(x, 2)"),
    ("x²³", "pow(x, 23)"),
    ("x⁻¹", "pow(x, neg(1))"),
    ("xⁿ", "pow(x, n)"),
    ("-x²", "neg(pow(x, 2))"),
    ("2x²", "mul(2, pow(x, 2))"),
    ("x²!", "factorial(pow(x, 2))"),
    ("x!²", "pow(factorial(x), 2)"),
    ("x²^3", "pow(pow(x, 2), 3)"),
    ("2^x²", "pow(2, pow(x, 2))"),
    ("xⁿ⁻¹", "pow(x, sub(n, 1))"),
    ("x⁵⁻¹", "pow(x, sub(5, 1))"),
    ("x²⁺³", "pow(x, add(2, 3))"),
    ("e⁻²ˣ", "pow(<e>, mul(neg(2), x))"),
    ("e⁻⁽ˣ⁺¹⁾", "pow(<e>, neg(add(x, 1)))"),
    ("x¹⁄²", "pow(x, div(1, 2))"),
    ("xⁿ⁻¹^3", "pow(pow(x, sub(n, 1)), 3)"),
    ("3xⁿ⁻¹y", "mul(mul(3, pow(x, sub(n, 1))), y)"),
    ("sin²⁻¹x", "pow(sin(x), sub(2, 1))"),
    ("xᵉ", "pow(x, <e>)"),
    ("x²ᵖⁱ", "pow(x, mul(2, <pi>))"),
    # Roots by sign.
    ("√2x", "mul(sqrt(2), x)"),
    ("√x^2", "sqrt(pow(x, 2))"),
    ("√(x+1)", "sqrt(add(x, 1))"),
    ("2√x", "mul(2, sqrt(x))"),
    ("∛x", "cbrt(x)"),
    ("-√x", "neg(sqrt(x))"),
    # Products and quotients: one level, left-associative.
    ("a*b/c*d", "mul(div(mul(a, b), c), d)"),
    ("a/b/c", "div(div(a, b), c)"),
    ("a-b-c", "sub(sub(a, b), c)"),
    ("x%2", "mod(x, 2)"),
    ("x//2", "floordiv(x, 2)"),
    ("A @ x", "matmul(A, x)"),
    ("x·y", "mul(x, y)"),
    ("x × y ÷ 2", "div(mul(x, y), 2)"),
    ("x⋅y∕2", "div(mul(x, y), 2)"),
    ("x − 1", "sub(x, 1)"),
    # Implicit products.
    ("2x", "mul(2, x)"),
    ("2(x+1)", "mul(2, add(x, 1))"),
    ("(x+1)(x-1)", "mul(add(x, 1), sub(x, 1))"),
    ("x(x+1)", "mul(x, add(x, 1))"),
    ("2 sin(x)", "mul(2, sin(x))"),
    ("2pi x", "mul(mul(2, <pi>), x)"),
    ("2πx", "mul(mul(2, <pi>), x)"),
    ("x y", "mul(x, y)"),
    ("sin(x)cos(x)", "mul(sin(x), cos(x))"),
    ("1/2x", "mul(div(1, 2), x)"),
    ("1/2x y", "mul(mul(div(1, 2), x), y)"),
    ("x^2y", "mul(pow(x, 2), y)"),
    ("x!y", "mul(factorial(x), y)"),
    ("2x^3", "mul(2, pow(x, 3))"),
    ("2[x, y]", "mul(2, vector(x, y))"),
    ("αβ", "mul(alpha, beta)"),
    # Names and constants.
    ("π", "<pi>"),
    ("τ", "<tau>"),
    ("∞", "<inf>"),
    ("ℯ", "<e>"),
    ("α", "alpha"),
    ("alpha", "alpha"),
    ("Ω", "Omega"),
    ("x_1", "x_1"),
    ("x₁", "x_1"),
    ("x₁₂", "x_12"),
    ("x_max", "x_max"),
    ("x12", "x12"),
    ("E + I*S - N/Q", "sub(add(E, mul(I, S)), div(N, Q))"),
    # Functions with brackets.
    ("sin(x)^2", "pow(sin(x), 2)"),
    ("log(x, b)", "logb(x, b)"),
    ("ln(x)", "log(x)"),
    ("log(x)", "log(x)"),
    ("log2(x)", "log2(x)"),
    ("log10(x)", "log10(x)"),
    ("log_2(x)", "log2(x)"),
    ("log₁₀(x)", "log10(x)"),
    ("log_3(x)", "logb(x, 3)"),
    ("log_b x", "logb(x, b)"),
    ("beta(2, x)", "beta(2, x)"),
    ("gamma(x)", "gamma(x)"),
    ("Γ(x)", "gamma(x)"),
    ("zeta(x)", "zeta(x)"),
    ("ζ(x)", "zeta(x)"),
    ("besselj0(x)", "besselj(0, x)"),
    ("max(x, y, z)", "maximum(maximum(x, y), z)"),
    ("Abs(x)", "abs(x)"),
    ("root(x, 3)", "root(x, 3)"),
    ("pow(x, 2)", "pow(x, 2)"),
    # Functions without brackets: one implicit product with its powers, up to the next function's name.
    ("sin 2x", "sin(mul(2, x))"),
    ("sin x cos x", "mul(sin(x), cos(x))"),
    ("sin x y", "sin(mul(x, y))"),
    ("sin 2x^2 y", "sin(mul(mul(2, pow(x, 2)), y))"),
    ("sin x + 1", "add(sin(x), 1)"),
    ("sin x * y", "mul(sin(x), y)"),
    ("sin x/2", "div(sin(x), 2)"),
    ("sin cos x", "sin(cos(x))"),
    ("sin cos x tan y", "mul(sin(cos(x)), tan(y))"),
    ("sin x^2", "sin(pow(x, 2))"),
    ("sin x!", "sin(factorial(x))"),
    ("sin -x", "sin(neg(x))"),
    ("sin √2 x", "sin(mul(sqrt(2), x))"),
    ("2^sin x", "pow(2, sin(x))"),
    ("-sin x", "neg(sin(x))"),
    ("sqrt 2x", "sqrt(mul(2, x))"),
    ("sin |x|", "sin(abs(x))"),
    ("ln x ln y", "mul(log(x), log(y))"),
    # Powers of functions.
    ("sin^2 x", "pow(sin(x), 2)"),
    ("sin²x", "pow(sin(x), 2)"),
    ("sin^2(x)", "pow(sin(x), 2)"),
    ("sin^2 2x", "pow(sin(mul(2, x)), 2)"),
    ("sin^n x", "pow(sin(x), n)"),
    ("sin^(n+1) x", "pow(sin(x), add(n, 1))"),
    ("sin^2 x cos^2 x", "mul(pow(sin(x), 2), pow(cos(x), 2))"),
    ("sin^-2 x", "pow(sin(x), neg(2))"),
    ("sin^-1 x", "asin(x)"),
    ("sin⁻¹(x)", "asin(x)"),
    ("tanh^(-1) x", "atanh(x)"),
    ("sin^2(x)^3", "pow(pow(sin(x), 2), 3)"),
    # Bars.
    ("|x|", "abs(x)"),
    ("|x - |y||", "abs(sub(x, abs(y)))"),
    ("|x| + |y|", "add(abs(x), abs(y))"),
    ("2|x|", "mul(2, abs(x))"),
    ("|x||y|", "mul(abs(x), abs(y))"),
    ("|x|/|y|", "div(abs(x), abs(y))"),
    ("|-x|²", "pow(abs(neg(x)), 2)"),
    ("||x||", "abs(abs(x))"),
    ("max(|x|, |y|)", "maximum(abs(x), abs(y))"),
    # Comparisons and logic.
    ("x!=3", "not_equal(x, 3)"),
    ("x ≠ 3", "not_equal(x, 3)"),
    ("x <= y", "less_equal(x, y)"),
    ("x ≥ y", "greater_equal(x, y)"),
    ("x == y", "equal(x, y)"),
    ("0 < x < 1", "logical_and(less(0, x), less(x, 1))"),
    ("a < b <= c < d", "logical_and(logical_and(less(a, b), less_equal(b, c)), less(c, d))"),
    (
        "x<0 or x>1 and not x==2",
        "logical_or(less(x, 0), logical_and(greater(x, 1), logical_not(equal(x, 2))))",
    ),
    ("not x < 1", "logical_not(less(x, 1))"),
    ("x<1 ∧ ¬y<2", "logical_and(less(x, 1), logical_not(less(y, 2)))"),
    ("x + 1 < 2x", "less(add(x, 1), mul(2, x))"),
    # Cases.
    ("a if c else b", "where(c, a, b)"),
    ("a if x<0 else b if x<1 else c", "where(less(x, 0), a, where(less(x, 1), b, c))"),
    ("a + 1 if c else b + 1", "where(c, add(a, 1), add(b, 1))"),
    ("(a if c else b) + 1", "add(where(c, a, b), 1)"),
    ("where(x>0, x, -x)", "where(greater(x, 0), x, neg(x))"),
    ("piecewise(x<0, -x, x)", "where(less(x, 0), neg(x), x)"),
    ("piecewise(x<0, a, x<1, b, c)", "where(less(x, 0), a, where(less(x, 1), b, c))"),
    ("Piecewise((a, x<0), (b, x<1), (c, True))", "where(less(x, 0), a, where(less(x, 1), b, c))"),
    # Vectors.
    ("[x*y, sin(x)]", "vector(mul(x, y), sin(x))"),
    ("[[1, 2], [3, 4]]", "vector(vector(1, 2), vector(3, 4))"),
    ("x[0]", "getitem(x, 0)"),
    ("x[-1]", "getitem(x, -1)"),
    ("x[1:]", "getitem(x, ('slice', 1, None, None))"),
    ("x[::2]", "getitem(x, ('slice', None, None, 2))"),
    ("x[0, 1:3]", "getitem(x, 0, ('slice', 1, 3, None))"),
    ("x[:]", "getitem(x, ('slice', None, None, None))"),
    ("(A @ x)[0]^2", "pow(getitem(matmul(A, x), 0), 2)"),
    ("sum([x, y])", "sum(vector(x, y))"),
    ("norm(x - y)", "norm(sub(x, y))"),
    ("dot(x, y)", "dot(x, y)"),
]


@pytest.mark.parametrize(("text", "tree"), TREES, ids=[text for text, _ in TREES])
def test_is_read_as(text: str, tree: str) -> None:
    assert read(text) == tree


@pytest.mark.parametrize("text", [text for text, _ in TREES])
def test_is_printed_so_that_it_reads_back(text: str) -> None:
    parsed = parse(text, VOCABULARY)
    for write in (to_text, to_unicode):
        again = parse(write(parsed.root, VOCABULARY), VOCABULARY, declared=parsed.variables)
        assert again.root == parsed.root


DECLARED = [
    ("xy", ("x", "y"), "mul(x, y)"),
    ("xy", ("x", "y", "xy"), "xy"),
    ("2xy^2", ("x", "y"), "mul(mul(2, x), pow(y, 2))"),
    ("1/xy", ("x", "y"), "mul(div(1, x), y)"),
    ("ln x", ("l", "n", "x"), "log(x)"),
    ("speed", ("speed",), "speed"),
    ("2 speed^2", ("speed",), "mul(2, pow(speed, 2))"),
    ("e + pi", ("e",), "add(e, <pi>)"),
    ("π", ("π",), "pi"),
    ("gamma + 1", ("gamma",), "add(gamma, 1)"),
    ("gamma(x)", ("gamma",), "gamma(x)"),
    ("gamma x", ("gamma",), "mul(gamma, x)"),
    ("α x", ("alpha",), "mul(alpha, x)"),
    ("alpha x", ("α",), "mul(alpha, x)"),
    ("beta(2, x) + beta", ("beta",), "add(beta(2, x), beta)"),
]


@pytest.mark.parametrize(("text", "declared", "tree"), DECLARED)
def test_a_declared_name_is_a_variable(text: str, declared: tuple[str, ...], tree: str) -> None:
    assert read(text, *declared) == tree


PRINTED = [
    ("x**3+2*x", "x^3 + 2*x", "x³ + 2x"),
    ("x*y+sin(x)", "x*y + sin(x)", "x·y + sin(x)"),
    ("-x^2", "-x^2", "−x²"),
    ("(x+y)*(x-y)", "(x + y)*(x - y)", "(x + y)·(x − y)"),
    ("x-(y-z)", "x - (y - z)", "x − (y − z)"),
    ("(x-y)-z", "x - y - z", "x − y − z"),
    ("a/(b*c)", "a/(b*c)", "a/(b·c)"),
    ("(a/b)*c", "a/b*c", "a/b·c"),
    ("(a^b)^c", "(a^b)^c", "(a^b)^c"),
    ("a^(b^c)", "a^b^c", "a^b^c"),
    ("(x^2)^3", "(x^2)^3", "(x²)³"),
    ("x^(y+1)", "x^(y + 1)", "x^(y + 1)"),
    ("x^(-y)", "x^-y", "x^−y"),
    ("(2x)^2", "(2*x)^2", "(2x)²"),
    ("2^0.5", "2^0.5", "2^0.5"),
    ("-(x+1)", "-(x + 1)", "−(x + 1)"),
    ("-(-x)", "- -x", "− −x"),
    ("x*(-y)", "x*-y", "x·−y"),
    ("sqrt(x+1)/√y", "sqrt(x + 1)/sqrt(y)", "√(x + 1)/√y"),
    ("|x|+1", "abs(x) + 1", "|x| + 1"),
    ("(x!)!", "(x!)!", "(x!)!"),
    ("(x+1)!", "(x + 1)!", "(x + 1)!"),
    ("alpha_1*pi", "alpha_1*pi", "α₁·π"),
    ("2e", "2*e", "2·e"),
    ("0*x1", "0*x1", "0·x1"),
    ("x<=y and not z>1", "x <= y and not z > 1", "x ≤ y and not z > 1"),
    ("0<x<1", "0 < x < 1", "0 < x and x < 1"),
    ("(x<1)+1", "(x < 1) + 1", "(x < 1) + 1"),
    ("(x<y)<z", "(x < y) < z", "(x < y) < z"),
    ("(2)[0]", "(2)[0]", "(2)[0]"),
    ("(x+y)[0]", "(x + y)[0]", "(x + y)[0]"),
    ("1e300*x", "1e300*x", "1e300x"),
    ("0.1+1e-7+1000+12.50", "0.1 + 1e-7 + 1000 + 12.5", "0.1 + 1e-7 + 1000 + 12.5"),
    ("123456789012345678901", "123456789012345678901", "123456789012345678901"),
    ("log(x,2)", "log(x, 2)", "log(x, 2)"),
    ("max(a,b,c)", "max(max(a, b), c)", "max(max(a, b), c)"),
]


@pytest.mark.parametrize(("text", "plain", "dressed"), PRINTED)
def test_is_printed_with_as_few_brackets_as_it_needs(text: str, plain: str, dressed: str) -> None:
    root = parse(text, VOCABULARY).root
    assert to_text(root, VOCABULARY) == plain
    assert to_unicode(root, VOCABULARY) == dressed


def test_variables_come_in_the_order_in_which_they_appear() -> None:
    parsed = parse("z*x + sin(y) + x + pi", VOCABULARY)
    assert parsed.variables == ("z", "x", "y")
    assert parsed.text == "z*x + sin(y) + x + pi"


def test_spans_cover_what_was_written() -> None:
    text = "2x + sin(y)*(z - 1)!"
    spans = {text[node.span.start : node.span.end] for node in postorder(parse(text, VOCABULARY).root)}
    assert spans == {"2", "x", "2x", "y", "sin(y)", "z", "1", "(z - 1)", "(z - 1)!", "sin(y)*(z - 1)!", text}


@pytest.mark.parametrize(
    ("name", "canonical"),
    [("α", "alpha"), ("x₁", "x_1"), ("µ", "mu"), ("ϕ_2", "phi_2"), ("xₙ", "x_n"), ("x1", "x1")],
)
def test_a_name_has_one_spelling(name: str, canonical: str) -> None:
    assert canonical_name(name) == canonical
    assert parse(name, VOCABULARY).variables == (canonical,)
