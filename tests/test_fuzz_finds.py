"""What the fuzzer found, each find as small as it goes."""

import math
from fractions import Fraction

import mpmath
import numpy
import pytest

from calcgrad.comparing.compute import Request, compute
from calcgrad.errors import UsageError
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import read_points
from calcgrad.methods.certified import derivatives
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import PointReport, Result
from calcgrad.systems.base import system

EXPRESSIONS = [
    # forward mode enters the branch that is not taken; the rounding allowed is then that of reverse mode
    ("fresnelc(sech(erfc(where(0, besselj(x, x), x))))", "x=2.0"),
    # the complex step's truncation, 5e-101, beside a derivative of 0
    ("fresnels(x)", "x=0"),
    # the same where the third derivative is 6,800
    ("hermite(8, airybiprime(x))", "x=0"),
]


@pytest.mark.parametrize(("text", "at"), EXPRESSIONS)
def test_rounding_is_no_disagreement(text: str, at: str) -> None:
    point = compute(Request(text, at=read_points((at,), VOCABULARY))).points[0]
    assert point.truth[0].value is not None
    assert point.conditioning is not None
    assert point.verdict == "agree"


@pytest.mark.parametrize("text", ["2e>2e", "3e>2e", "1>0"])
def test_a_comparison_is_no_coordinate(text: str) -> None:
    with pytest.raises(UsageError, match="E314"):
        read_points((text,), VOCABULARY)


def test_a_step_advised_to_be_nothing_is_no_crash() -> None:
    at = read_points(("x=-1.832, z=1",), VOCABULARY)
    assert compute(Request("x > z + log(x % 0.5)", at=at, truth="none")).points


def at(text: str, point: str, truth: str = "none") -> PointReport:
    """The report of an expression at one point."""
    return compute(Request(text, at=read_points((point,), VOCABULARY), truth=truth)).points[0]


def value(report: PointReport, method: str, row: int = 0) -> Result:
    """A row of one method."""
    return [r for r in report.results if r.method == method][row]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "point", "truth"),
    [
        # the points of a stencil, or of its check, are beyond the largest double
        ("1^x", "x=-1.7976931348623157e308", "none"),
        ("y % y", "y=-1.7976931348623157e308", "none"),
        ("atand(x)", "x=1.7976931348623157e308", "none"),
        # complex functions raised at infinities and where they overflow
        ("expm1(fresnels(x))", "x=-3e210", "none"),
        ("exp2(x)", "x=9e161", "none"),
        ("sinc(x)", "x=-9e207", "none"),
        ("acosd(cosd(x))", "x=-1e256", "none"),
        ("root(rgamma_derivative(0, y), 2)", "y=-6e302", "none"),
        # a slope that grows on one side, and nothing known of the other
        ("cos(x)", "x=-6e13", "none"),
        ("lgamma(x)", "x=1e-11", "none"),
        # a truth whose exponent has more digits than decimal arithmetic takes
        ("clip(rgamma_derivative(1, y), rgamma_derivative(1, y), y)", "y=6e18", "none"),
        ("beta(y, y)", "y=2e18", "symbolic"),
        # the square of a complex step's step
        ("sqrt(x)", "x=3e247", "symbolic"),
        # sums of zeta functions with far too many terms, and a fraction of far too many bits
        ("zeta(x, 10)", "x=2.3494089006811493e94", "none"),
        ("zeta(x)", "x=-6.447093022565345e276", "none"),
        ("log2(Ei(zeta(x)))", "x=4e135", "none"),
        ("zeta_derivative(2, x)", "x=4e107", "none"),
        ("besselj(100000000, x)^besselj(100000000, x)", "x=0.1", "none"),
        # a tangent without closed form has no size; an order is compared by its real part
        ("x == bessely(x, x)", "x=0.5", "none"),
        ("besselj(x, 1) >= 0", "x=0", "none"),
        # beside a division that has no value there, and at sides that stay undecided
        ("where(y > x, x, y//x)", "x=0,y=2.94", "none"),
        ("frac(ellipe(root(x, 3)))", "x=-3e272", "none"),
        ("uppergamma(asind(frac(x)), x) % x", "x=3.6", "none"),
        # a complex power of infinity
        ("cosh(x)^x", "x=-1e15", "none"),
        ("expint(x, 0)", "x=0.5", "none"),
    ],
)
def test_no_crash_and_no_hang(text: str, point: str, truth: str) -> None:
    assert at(text, point, truth).verdict != "disagree"


@pytest.mark.parametrize("text", ["max(x, 0) + 1", "exp(relu(x))", "[sum(x), exp(max(x, 0))][1]"])
def test_a_kink_below_the_last_bit_of_the_value_is_seen(text: str) -> None:
    row = value(at(text, "x=0"), "adaptive")
    assert (row.status, row.value) != ("ok", 0.0)
    assert row.status == "kink"
    assert row.left == pytest.approx(0, abs=1e-9)
    assert row.right == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "point"),
    [("floor(x)", "x=30000000000000.3"), ("round(x)", "x=3e13"), ("y//dawson(x)", "x=2e258, y=1")],
)
def test_a_slope_across_steps_is_said_to_be_one(text: str, point: str) -> None:
    report = at(text, point)
    assert value(report, "forward-ad").value == 0
    row = value(report, "adaptive")
    assert row.status == "noisy"
    assert "steps" in (row.note or "")


def test_rounding_inside_a_function_of_arrays_widens_the_bound() -> None:
    report = at("[sum(w) - w[0], (1 - cos(w[1]))/w[1]^2]", "w=[1, 1e-4]", "symbolic")
    assert report.verdict == "disagree"  # no digit of AD's is right: it cancels them all, and that is said
    assert value(report, "adaptive", 3).status == "noisy"


@pytest.mark.parametrize(
    ("text", "point", "slopes"),
    [
        ("where(0, besselj(x, x), x)", "x=2", [1.0]),
        ("besselk(y == expm1(x), y)", "x=-1, y=2", [0.0, -0.13986588181652243]),
        ("floor(besselj(x, 2)) + x", "x=0.5", [1.0]),
    ],
)
def test_what_has_no_closed_form_matters_only_where_it_is_needed(
    text: str, point: str, slopes: list[float]
) -> None:
    report = at(text, point)
    for method in ("forward-ad", "reverse-ad"):
        assert [r.value for r in report.results if r.method == method] == pytest.approx(slopes, rel=1e-14)


@pytest.mark.parametrize("text", ["besselj(x, x)", "where(x > 0, besselj(x, 1), x)"])
def test_what_has_no_closed_form_is_said_where_it_is_needed(text: str) -> None:
    report = at(text, "x=2")
    for method in ("forward-ad", "reverse-ad"):
        assert value(report, method).status == "skipped"
        assert "no closed form" in (value(report, method).note or "")


def test_the_same_function_twice_is_no_undecided_difference() -> None:
    assert at("gamma(y) > gamma(y)", "y=log(2)").verdict == "agree"


def test_comparisons_are_numbers_to_the_certified_method() -> None:
    function = Expression(parse("ceil(y >= x) + (x or y)*x", VOCABULARY).root, ["x", "y"])
    assert [row[0].value for row in derivatives(function, [3.0, 4.0], [(0,), (1,)])] == ["1", "0"]


@pytest.mark.parametrize("point", ["-[0]", "x=sum(3)", "1e@9", "min(zeta 2)"])
def test_a_point_is_no_reduction_of_an_array(point: str) -> None:
    with pytest.raises(UsageError, match="E314"):
        read_points((point,), VOCABULARY)


def test_a_power_of_far_too_many_factors_is_no_crash() -> None:
    assert at("cosd(where(x, y, 1))^100000000", "x=0, y=0").verdict != "disagree"


def test_the_sign_of_a_power_whose_exponent_has_no_predecessor_among_doubles() -> None:
    report = at("x^(10^17)", "x=-1")
    for method in ("forward-ad", "reverse-ad"):
        assert value(report, method).value == -1e17


def test_a_zero_by_structure_times_an_overflow_is_no_term_of_a_product() -> None:
    report = at("dot(airybi(w), w)", "w=[0, 5e290]")
    for method in ("forward-ad", "reverse-ad"):
        values = [r.value for r in report.results if r.method == method]
        assert values == pytest.approx([float(mpmath.airybi(0)), math.inf], rel=1e-14)


@pytest.mark.parametrize("text", ["asech(erfc(x))", "asec(exp(x))", "acosh(exp(x))"])
def test_values_that_stand_still_at_an_edge_are_no_derivative_of_0(text: str) -> None:
    row = value(at(text, "x=0"), "adaptive")
    assert (row.status, row.value, row.left, row.right) == ("boundary", math.inf, None, math.inf)


def test_an_edge_on_the_right_with_a_plateau() -> None:
    row = value(at("acosh(exp(-x))^2", "x=0"), "adaptive")
    assert row.status == "boundary"
    assert row.left == pytest.approx(-2, abs=10 * (row.error_bound or 0))
    assert row.right is None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("log(h, h)", "h=0.3"),
        ("log(h, h)", "h=2.7"),
        ("log(hypot(dawson_derivative(3, x), 3.4), hypot(dawson_derivative(3, x), 3.4))", "x=1"),
        (
            "log(hurwitz_deflated(2, 0.88, sphericalj(1, y)), hurwitz_deflated(2, 0.88, sphericalj(1, y)))",
            "y=0.7",
        ),
    ],
)
def test_rounding_beside_a_derivative_of_0_is_no_disagreement(text: str, point: str) -> None:
    report = at(text, point, "certified")
    assert float(report.truth[0].value or "nan") == 0
    assert report.verdict == "agree"


def test_bounds_that_meet_are_a_kink_of_clip() -> None:
    report = at("clip(x, y, z)", "x=0, y=1, z=1", "symbolic")
    assert [(t.verdict, t.left, t.right) for t in report.truth] == [
        ("agree", None, None),
        ("kink", 1, 0),
        ("kink", 1, 0),
    ]


def test_halves_at_a_tie_of_clip_are_a_convention_beside_the_derivative() -> None:
    report = at("clip(y, x, y)", "x=0, y=0", "symbolic")
    assert report.verdict == "agree"
    assert [float(t.value or "nan") for t in report.truth] == [0, 1]
    for method in ("forward-ad", "reverse-ad"):
        assert value(report, method).status == "kink"


@pytest.mark.parametrize(("text", "point"), [("relu(square(y))", "y=6e-210"), ("sec(atan(y))", "y=-9e104")])
def test_a_derivative_that_left_the_doubles_is_said_where_there_is_truth(text: str, point: str) -> None:
    assert at(text, point, "certified").verdict == "disagree"


@pytest.mark.filterwarnings("error")
def test_nan_in_an_array_of_special_functions_is_an_answer_without_a_warning() -> None:
    found = system("numpy").function("airybiprime")(numpy.array([math.nan, 0.0]))
    assert math.isnan(found[0])
    assert found[1] == pytest.approx(float(mpmath.airybi(0, derivative=1)), rel=1e-15)


@pytest.mark.parametrize(
    ("text", "value"), [("factorial(1==0^9)", 1.0), ("gamma(1 + (2>1))", 1.0), ("(pi>3)*2", 2.0)]
)
def test_a_comparison_in_a_point_is_computed_with(text: str, value: float) -> None:
    ((point,),) = ([c.value for c in p.coordinates.values()] for p in read_points((text,), VOCABULARY))
    assert point == value


def test_a_high_power_of_a_sum_stays_a_power() -> None:
    """Its product with another was multiplied out by itself without end."""
    request = Request(
        text="logaddexp(x, 1)^logaddexp(x, 10)",
        at=read_points(("x=-1.7976931348623157e308",), VOCABULARY),
        truth="none",
    )
    assert compute(request).points[0].verdict in ("agree", "inconclusive")


@pytest.mark.parametrize(
    ("text", "at", "verdict"),
    [
        ("beta_density(1, x, 1)", "x=1", "jump"),  # 0^(x - 1) of complex numbers
        ("polygamma_step(asec(x) - asec(x), 1, x)", "x=2", "agree"),  # an order that is a series, and 0
    ],
)
def test_no_crash_at_an_edge(text: str, at: str, verdict: str) -> None:
    (point,) = compute(Request(text, at=read_points((at,), VOCABULARY))).points
    assert point.verdict == verdict


def test_gegenbauer_of_a_negative_whole_parameter_is_the_polynomial_of_its_recurrence() -> None:
    """C_1(x) = 2 alpha x (DLMF 18.5.10), also where a quotient of gamma functions would be 0."""
    numbers = system("mpmath")
    assert numbers.function("gegenbauer")(1, mpmath.mpf(-2), mpmath.mpf(3)) == -12


@pytest.mark.parametrize(
    ("text", "at", "verdict", "sides"),
    [
        # A definition in powers goes on where its row ends: d/dx exp(-x) at 0+, d/dx 2 (1 - x) at 0+ (DLMF 8.2.1, 8.17.1).
        ("gamma_density(1, x)", "x=0", "boundary", (None, -1.0)),
        ("beta_density(1, 2, x)", "x=0", "boundary", (None, -2.0)),
        ("beta_density(1, 1, x)", "x=1", "boundary", (0.0, None)),
        # beta_density(1, b, 1) = b*0^(b - 1): 1 at b = 1, 0 right of it, and infinite left of it.
        ("beta_density(1, x, 1)", "x=1", "jump", (None, 0.0)),
        ("beta_density(x <= x, 1, 2)", "x=1/2", "undefined", (None, None)),
        ("gamma_integrand(2, x)", "x=-1", "undefined", (None, None)),
        ("gamma_density(2, x)", "x=-1", "undefined", (None, None)),
    ],
)
def test_a_density_ends_where_its_domain_does(
    text: str, at: str, verdict: str, sides: tuple[float | None, float | None]
) -> None:
    (point,) = compute(Request(text, at=read_points((at,), VOCABULARY))).points
    (row,) = point.truth
    assert (point.verdict, (row.left, row.right)) == (verdict, sides)


@pytest.mark.parametrize("name", ["gamma_density(1, x)", "beta_density(1, 2, x)"])
def test_the_chain_rule_gives_the_slope_at_the_end_of_a_density(name: str) -> None:
    (point,) = compute(Request(name, at=read_points(("x=0",), VOCABULARY))).points
    found = {row.method: row.value for row in point.results}
    assert found["forward-ad"] == found["reverse-ad"] == point.truth[0].right


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        ("where(true, x^2, 1)", 4.0),
        ("where(x < 1 or false, x^2, 3*x)", 3.0),
        ("where(not true, x, -x)", -1.0),
    ],
)
def test_the_words_for_decided_conditions(text: str, derivative: float) -> None:
    (point,) = compute(Request(text, at=read_points(("x=2",), VOCABULARY))).points
    assert point.verdict == "agree"
    assert point.truth[0].certified
    assert {row.value for row in point.results if row.method.endswith("-ad")} == {derivative}


def test_what_the_doubles_move_is_rounding_where_nothing_else_measures_it() -> None:
    """Without a closed form there is no evaluation condition; 10.2 alone moves this one by 6, and complex steps are off by 0.3."""
    (point,) = compute(Request("tan(jacobi(6, 2, x, 10.2))", at=read_points(("x=0.5",), VOCABULARY))).points
    assert point.verdict == "agree"


@pytest.mark.parametrize(
    "text", ["gamma_density(x, 0)", "gamma_integrand(x, 0)", "beta_density(x, 2, 0)", "beta_density(2, x, 1)"]
)
def test_a_density_that_is_0_at_its_end_is_so_for_every_order_beside(text: str) -> None:
    """0^(s - 1) is 0 for every s > 1, and so is its slope by s: no 0*ln(0)."""
    (point,) = compute(Request(text, at=read_points(("x=3",), VOCABULARY), truth="certified")).points
    assert point.verdict == "agree"
    assert {row.value for row in point.results if row.method.endswith("-ad")} == {0.0}


@pytest.mark.parametrize("at", ["5/2", "3", "1.25"])
def test_the_exponential_integral_at_0_of_every_order(at: str) -> None:
    """1/(n - 1) for n > 1, DLMF 8.19.6: not of whole orders alone."""
    (point,) = compute(
        Request("expint(x, 0)", at=read_points((f"x={at}",), VOCABULARY), truth="certified")
    ).points
    n = float(Fraction(at))
    assert point.verdict == "agree"
    assert float(point.truth[0].value or "nan") == pytest.approx(-1 / (n - 1) ** 2, rel=1e-14)


def test_a_truth_of_tens_of_millions_of_digits_before_the_point_is_judged() -> None:
    """digamma'(0) stands beyond any double, and beyond the exponents that decimals have by themselves."""
    text = "digamma(where(gamma_integrand(y, 100000000), gamma_integrand(y, 100000000), 1))"
    (point,) = compute(Request(text, at=read_points(("y=0",), VOCABULARY), truth="certified")).points
    assert point.verdict == "disagree"


def test_a_bessel_function_of_a_huge_order_is_not_expanded() -> None:
    """Its factorial is beyond what Python computes, and was an internal error."""
    request = Request("besselj(x, frac(y))", at=read_points(("x=6e159, y=-1e294",), VOCABULARY), truth="none")
    point = compute(request).points[0]
    assert point.verdict == "inconclusive"
    assert any("the order of besselj is too high" in line for line in point.explanation)
