"""Inputs that trackers and textbooks tell of: overflow, underflow and cancellation on the way, exact kinks. Truth is mpmath's.

The derivatives were computed once, by differences of the same functions in mpmath at 700 digits.
"""

from __future__ import annotations

import mpmath
import pytest

import calcgrad
from calcgrad.report.derivatives import Report

pytestmark = pytest.mark.slow

#: An expression, a point as written, its derivative there to 30 digits.
VALUES = [
    ("log(exp(5*x)+1)/5", "20", "1.0"),
    ("log(exp(5*x)+1)/5", "300", "1.0"),
    ("log(1+exp(x))", "-800", "3.66787458417768721345549565426e-348"),
    ("softplus(x)", "-740", "4.18873988004804893945754000158e-322"),
    ("1/(1+exp(-x))", "-200", "1.38389652673673753064868145698e-87"),
    ("1/(1+exp(-x))", "-700", "9.85967654375977085670537294785e-305"),
    ("1/(1+exp(-x))", "-720", "2.03223080242429315286663376641e-313"),
    ("1/(1+exp(-x))", "800", "3.66787458417768721345549565426e-348"),
    ("max(x,0)+log1p(exp(-abs(x)))", "0", "0.5"),
    ("max(x,0)+log1p(exp(-abs(x)))", "700", "1.0"),
    ("logsumexp([x, 1000])", "998", "0.119202922022117555940270858698"),
    ("logsumexp([x, 1000])", "300", "9.85967654375977085670537294785e-305"),
    ("log(exp(x)+exp(1000))", "998", "0.119202922022117555940270858698"),
    ("softmax([x,-1047,1891])[0]", "1200", "7.98937865328318115826450732141e-301"),
    ("-log(softmax([x, 279, 427])[0])", "-431", "-1.0"),
    ("sqrt(x^2)^2", "0", "0.0"),
    ("exp(-norm([x, x])^2)", "0", "0.0"),
    ("(1+norm([x,x])^2)^(-1/2)", "0", "0.0"),
    ("x*abs(x)", "0", "0.0"),
    ("besseli(1,x)", "713", "6.69573075377031448147015695179e+307"),
    ("besseli(0,x)", "713", "6.70042455918640250179569375505e+307"),
    ("hyp2f1(100,100,300,x)", "-0.5", "0.0000103827182189476849291032761278"),
    ("hyp1f1(0.01,150,x)", "-4", "0.0000649289694488165934041499708519"),
    ("hyp1f1(9,8.5,x)", "-355", "-1.17012136539126242509417743941e-21"),
    ("hyp1f1(0.5,1.5,x)", "-709.78", "0.0000234330763958420246110141143467"),
    ("hyp1f1(50,100,x)", "0.01", "0.502531199171638193949084769141"),
    ("besselj(0,x)", "1e-200", "-5.0e-201"),
    ("bessely(0,x)", "1e-200", "6.3661977236758134307553505349e+199"),
    ("sphericalj(2,x)", "10000", "0.0000952033036812226936572500054287"),
    ("log1p(x)", "1.3e-45", "1.0"),
    ("log(1+x)", "1.3e-45", "1.0"),
    ("20+log(1+x)-20", "1e-10", "0.999999999900000000009999999999"),
    ("1-sinh(log(x+sqrt(2)))^2", "1", "-1.17157287525380990239662255158"),
    ("sqrt(x+1)-sqrt(x)", "1e15", "-7.90569415042094240072662104538e-24"),
    ("sqrt(x+1)-sqrt(x)", "1e35", "-7.90569415042094832999723386108e-54"),
    ("sqrt(x*x+1e300)", "1e160", "0.999999999999999999995"),
    ("sqrt(x*x+2)", "1e150", "1.0"),
    ("x/(1+sqrt(x+1))", "1e300", "5.0e-151"),
    ("1/(x+1)-1/x", "1e10", "1.99999999970000000003999999999e-30"),
    ("1/(x+1)-2/x+1/(x-1)", "1e6", "-6.000000000010000000000014e-24"),
    ("(1-cos(x))/sin(x)", "1e-9", "0.500000000000000000125"),
    ("log(x+1)-log(x)", "1e12", "-9.99999999999000000000001e-25"),
    ("cbrt(x+1)-cbrt(x)", "1e15", "-2.22222222222222037037037037037e-26"),
    ("exp(x)-2+exp(-x)", "1e-6", "0.00000200000000000033333333333335"),
    ("(exp(x)-1)/x", "1e-12", "0.500000000000333333333333458333"),
    ("log((1-x)/(1+x))", "1e-20", "-2.0"),
    ("sqrt((exp(2*x)-1)/(exp(x)-1))", "1e-10", "0.353553390619790266495691111259"),
    ("(x-sin(x))/(x-tan(x))", "1e-4", "0.0000449999999614285714430357142838"),
    ("log(x+sqrt(x^2+1))", "-1e10", "9.99999999999999999995e-11"),
    ("x-sqrt(x^2-1)", "1e12", "-5.00000000000000000000000375e-25"),
    ("tan(x+1e-9)-tan(x)", "1.2", "0.0000000391788283033912314547071627313"),
    ("sin(x+1e-12)-sin(x)", "2", "-9.09297426825473621977746143169e-13"),
    ("erf(sqrt(2)*x/2)/2+1/2", "-6", "0.00000000607588284982328548699630774068"),
    ("erf(sqrt(2)*x/2)/2+1/2", "-38", "1.09722105200759295800510152146e-314"),
    ("log(normcdf(x))", "-40", "40.0249688472072637232448709954"),
    ("log(erfc(x))", "30", "-60.0332963987562284056755372632"),
    ("erfc(x)*exp(x^2)", "30", "-0.000625835410507484068639160157173"),
    ("erfc(x)*exp(x^2)", "20", "-0.00140521745345980115019272174271"),
    ("gamma(x+1)/gamma(x)", "170", "1.0"),
    ("gamma(x)^2/gamma(2*x)", "100", "-3.07306390667529202853923125057e-61"),
    ("exp(lgamma(x)-lgamma(x-1))", "1e10", "1.0"),
    ("x^1000/(1+x^1000)", "1.5", "5.40318310435171111365617724219e-174"),
    ("x^1000/(1+x^1000)", "0.5", "1.86652723700643775798017908945e-298"),
    ("sin(1/x)*x^2", "1e-160", "0.807794193994499430215982464791"),
    ("x^2*exp(-x^2)", "25", "-1.14842702669816178808721252021e-267"),
    ("exp(-1/x^2)", "0.0375", "5.58862046592329483886370292274e-305"),
    ("tanh(x)", "25", "7.71499939185567113206639520533e-22"),
    ("1-tanh(x)^2", "300", "-2.12031724240344865307094355782e-260"),
    ("atan2(1e-300*x, 1e300)", "1e300", "1.0e-600"),
    ("hypot(x,1e200)", "1e200", "0.707106781186547524400844362105"),
    ("x*log(x)", "1e-320", "-735.827229758094618885757265499"),
    ("(x-1/3)*abs(x-1/3)", "1/3", "0.0"),
    ("abs(3*x-1)^3", "1/3", "0.0"),
]
#: An expression, a point, the verdict, and what stands there: two slopes of a kink, one of an end, the filled-in one of a hole.
SHAPES = [
    ("1/(1/x)", "0", "removable", (1.0,)),
    ("sqrt(x)^2", "0", "boundary", (1.0,)),
    ("norm([x,x])", "0", "kink", (-1.4142135623730951, 1.4142135623730951)),
    ("sqrt((x-1)^2)", "1", "kink", (-1.0, 1.0)),
    ("(x^2-1)/(x-1)", "1", "removable", (1.0,)),
    ("abs(x-0.1)", "0.1", "kink", (-1.0, 1.0)),
    ("max(x, 0.3)", "0.3", "kink", (0.0, 1.0)),
    ("clip(x,0.1,0.7)", "0.7", "kink", (1.0, 0.0)),
    ("floor(10*x)*(x-0.3)", "0.3", "kink", (2.0, 3.0)),
]


def _told(report: Report) -> bool:
    """Whether anything is said of what was lost: by the verdict, a warning, or a sentence about digits."""
    (point,) = report.points
    said = any("digits" in line or "half an ulp" in line for line in point.explanation)
    return (
        point.verdict not in ("agree", "removable", "boundary")
        or said
        or any(w.code > "W2" for w in report.warnings)
    )


@pytest.mark.parametrize(("text", "at", "true"), VALUES)
def test_the_truth_is_right_and_a_wrong_row_is_told(text: str, at: str, true: str) -> None:
    report = calcgrad.diff(text, at=[at], timeout=60)
    (point,) = report.points
    (truth,) = point.truth
    with mpmath.workdps(40):
        if truth.value is None:
            assert point.verdict == "inconclusive"
            return
        assert _close(truth.value, true, 1e-12)
        rows = [
            row
            for row in point.results
            if row.method in ("forward-ad", "reverse-ad") and row.value is not None
        ]
        for row in rows:
            near = _close(row.value, true, 1e-6) or _close(row.value, truth.at_double or true, 1e-6)
            assert near or row.status != "ok" or _told(report)


def _close(value: object, true: str, share: float) -> bool:
    found, exact = mpmath.mpf(value), mpmath.mpf(true)
    return bool(abs(found - exact) <= share * abs(exact) + mpmath.mpf("5e-324"))


@pytest.mark.parametrize(("text", "at", "verdict", "numbers"), SHAPES)
def test_what_stands_there_is_named(text: str, at: str, verdict: str, numbers: tuple[float, ...]) -> None:
    report = calcgrad.diff(text, at=[at], timeout=60)
    (point,) = report.points
    (truth,) = point.truth
    if verdict == "value":
        assert float(truth.value or "nan") == numbers[0]
        return
    assert point.verdict == verdict
    if verdict == "kink":
        assert (truth.left, truth.right) == pytest.approx(numbers)
    elif verdict == "boundary":
        assert (truth.right if truth.right is not None else truth.left) == pytest.approx(numbers[0])
    else:
        assert float(truth.value or "nan") == pytest.approx(numbers[0])
