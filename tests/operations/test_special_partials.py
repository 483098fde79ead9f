"""The partials of the special rows: against mpmath's slope, SymPy's derivative, in tails and to higher orders."""

from __future__ import annotations

import math

import mpmath
import pytest
import sympy
from mpmath import mpf

from calcgrad.autodiff.jets import taylor
from calcgrad.expression.nodes import Call, Name
from calcgrad.functions.lowering import lower
from calcgrad.operations import special_bessel
from calcgrad.operations.row import ARGUMENTS, Elementwise
from calcgrad.systems.base import FLOAT64, NoClosedForm, system

from .measuring import ordinary, ulps
from .special_truth import TRUTH
from .test_special_values import ROWS

# The digits of a slope are lost with those of its own argument: this much of the condition, and a little room.
ROOM = 4
TAILS = {
    "erf": [(1e-300,), (1e-9,), (20.0,)],
    "erfc": [(26.0,), (-8.0,)],
    "erfcx": [(1e-9,), (30.0,), (1e5,), (-20.0,)],
    "erfi": [(26.0,)],
    "erfinv": [(1 - 1e-10,), (1e-12,)],
    "dawson": [(1e5,), (1e-9,), (50.0,)],
    "gamma": [(1e-9,), (170.0,), (-3.0000001,), (-150.5,)],
    "lgamma": [(1e9,), (1e-9,), (-100.3,), (1.00000001,), (1e300,)],
    "digamma": [(1e10,), (-50.3,), (1e-8,)],
    "factorial": [(1e-9,), (169.0,)],
    "beta": [(1e10, 2.0), (1e-9, 5.0), (200.0, 300.0), (1e6, 1e-6)],
    "lbeta": [(1e10, 2.0), (1e10, 1e10), (1e-9, 1e-8)],
    "binomial": [(1e10, 3.0), (20.5, 10.2), (5.0, 2.0), (-2.5, 3.0)],
    "zeta": [(1.0000001,), (50.0,), (-9.9999,), (-100.5,), (1e-9,)],
    "hurwitz_zeta": [(1e-3, 2.0), (2.0, 1e-3), (0.49999, 0.3)],
    "lambertw": [(-0.3678,), (1e-9,), (50.0,), (-0.36787944117,)],
    "normcdf": [(-38.0,), (1e-9,), (9.0,)],
    "normpdf": [(1e-9,), (37.0,)],
    "norminv": [(1e-300,), (1e-9,), (0.5,), (1 - 1e-9,)],
    "lowergamma": [(2.5, 1e-9), (150.0, 200.0), (1e-3, 1.0), (60.0, 59.0)],
    "uppergamma": [(-2.0, 1e-3), (150.0, 200.0), (2.0, 500.0)],
    "gammainc": [(500.0, 505.0), (1e-3, 1e-3), (2.5, 1e-9)],
    "gammaincc": [(500.0, 505.0), (2.5, 600.0)],
    "gamma_density": [(500.0, 505.0), (1e-3, 1e-3)],
    "betainc": [(300.0, 200.0, 0.6), (0.5, 0.5, 1e-9), (2.0, 3.0, 1 - 1e-9), (1e-3, 5.0, 0.5)],
    "expint": [(1.0, 1e-9), (2.5, 600.0), (0.0, 1e-3), (-3.0, 2.0), (50.0, 0.5)],
    "legendre": [(1.0, 0.3), (3.0, 1.0), (60.0, 0.3), (5.0, 1e5)],
    "chebyt": [(1.0, 5.0), (100.0, 0.7), (4.0, -1.0)],
    "chebyu": [(1.0, 5.0), (60.0, 0.7), (4.0, 1.0)],
    "hermite": [(30.0, 2.0), (3.0, 1e-9)],
    "laguerre": [(40.0, 10.0), (3.0, 1e-9)],
    "gegenbauer": [(30.0, 0.1, 0.5), (3.0, 2.0, 1.0)],
    "jacobi": [(30.0, 0.1, 2.5, 0.5), (3.0, 2.0, -0.5, 1.0)],
    "hyp0f1": [(0.5, -500.0), (2.0, 1e4), (-0.5, 1e-9)],
    "hyp1f1": [(2.0, 3.0, -100.0), (-2.5, 1.5, 50.0), (0.5, 1.5, 1e-9)],
    "hyp2f1": [(0.5, 1.0, 1.5, -1e4), (0.5, 0.25, 2.0, 0.999), (1.0, 2.0, 3.0, 1e-9)],
    "polylog": [(2.0, 1e-9), (2.0, 0.0), (3.0, -0.5)],
    "Shi": [(1e-9,), (0.0,), (600.0,)],
    "Chi": [(1e-9,), (600.0,)],
    "besselj": [(0.0, 1e-9), (0.0, 1e4), (2.5, 1e-3), (10.0, 1.0), (50.0, 30.0)],
    "bessely": [(0.3, 1e-9), (10.5, 0.1)],
    "besseli": [(0.0, 1e-9), (3.0, 600.0), (2.0, 1e-5)],
    "besselk": [(0.3, 1e-9), (0.3, 600.0), (5.5, 1e-3)],
    "airyai": [(50.0,), (-500.0,), (1e-9,)],
    "airybi": [(50.0,), (-500.0,)],
    "Si": [(1e-9,), (1e6,)],
    "Ci": [(1e-9,), (1e6,)],
    "Ei": [(1e-9,), (700.0,), (-50.0,)],
    "li": [(1.0000001,), (1e-10,), (1e300,)],
    "fresnels": [(1e-5,), (10.3,)],
    "ellipk": [(1e-9,), (0.49999,), (0.50001,), (1 - 1e-9,), (-1e10,), (-0.50001,)],
    "ellipe": [(1e-9,), (0.50001,), (1 - 1e-9,), (-1e10,)],
}


def partial(name: str, j: int, p: tuple[float, ...]) -> float:
    result = FLOAT64.push(name, j)(FLOAT64.function(name)(*p), *p, 1.0)
    return 0.0 if result is None else result


def slope(name: str, j: int, args: list[mpf]) -> mpf:
    """mpmath's derivative in argument ``j``, by differences with digits to spare."""

    def along(t: mpf) -> mpf:
        return mpmath.re(TRUTH[name](*args[:j], t, *args[j + 1 :]))

    with mpmath.workdps(120):
        return +mpmath.diff(along, args[j], h=(abs(args[j]) or 1) * mpf(10) ** -40)


def held(name: str, j: int, p: tuple[float, ...]) -> None:
    with mpmath.workdps(50):
        args, nudge = [mpf(a) for a in p], mpf(10) ** -12
        true = slope(name, j, args)
        if true == 0:  # of a polynomial of degree 0
            assert partial(name, j, p) == 0
            return
        condition = mpf(1)
        for i, text in enumerate(ROWS[name].partials):
            if text is not None:
                moved = [a * (1 + nudge) if i == k else a for k, a in enumerate(args)]
                condition += abs((slope(name, j, moved) - true) / true / nudge)
        # The double nearest to binomial's n - k + 1 may be as far from it as it is from a pole.
        room = 5 * ROOM if name == "binomial" else ROOM
        assert ulps(partial(name, j, p), true, condition) <= room, (p, j, true)


# A k-th derivative's partial is the next one, which the walk over orders below reaches.
CLOSED = [name for name in ROWS if not name.endswith("_derivative") and name != "hurwitz_deflated"]


@pytest.mark.slow
@pytest.mark.parametrize("name", CLOSED)
def test_partials_are_right_to_the_condition(name: str) -> None:
    row = ROWS[name]
    for p in ordinary(row, 2):
        for j, text in enumerate(row.partials):
            if text is not None:
                held(name, j, p)


@pytest.mark.slow
@pytest.mark.parametrize("name", TAILS)
def test_partials_keep_their_digits_in_the_tails(name: str) -> None:
    for p in TAILS[name]:
        for j, text in enumerate(ROWS[name].partials):
            if text is not None:
                held(name, j, p)


@pytest.mark.slow
@pytest.mark.parametrize("name", CLOSED)
def test_every_row_closes_under_differentiation(name: str) -> None:
    """Three orders in each argument through the table's own rows, against mpmath's."""
    row = ROWS[name]
    names = list(ARGUMENTS[: row.arity])
    tape = lower(Call(name, tuple(Name(n) for n in names)), names)
    p = next(iter(ordinary(row, 1)))
    for j, text in enumerate(row.partials):
        if text is None:
            continue
        with mpmath.workdps(50):
            args = [mpf(a) for a in p]

            def along(t: mpf, j: int = j, args: list[mpf] = args) -> mpf:
                return mpmath.re(TRUTH[name](*args[:j], t, *args[j + 1 :]))

            true = [float(mpmath.diff(along, args[j], k)) for k in range(4)]
        series = taylor(tape, list(p), {j: 1.0}, 3, FLOAT64)[0]
        found = [c * math.factorial(k) for k, c in enumerate(series)]
        assert found == pytest.approx(true, rel=1e-9), (p, j)


@pytest.mark.parametrize("row", special_bessel.ROWS[:4], ids=lambda row: row.name)
def test_an_order_has_no_partial(row: Elementwise) -> None:
    with pytest.raises(NoClosedForm):
        FLOAT64.push(row.name, 0)


REAL = [sympy.Symbol(n, real=True) for n in "xyz"]
SYMPY = {
    "erf": sympy.erf,
    "erfc": sympy.erfc,
    "erfi": sympy.erfi,
    "erfinv": sympy.erfinv,
    "gamma": sympy.gamma,
    "lgamma": sympy.loggamma,
    "factorial": sympy.factorial,
    "digamma": sympy.digamma,
    "beta": sympy.beta,
    "binomial": sympy.binomial,
    "lambertw": sympy.LambertW,
    "airyai": sympy.airyai,
    "airyaiprime": sympy.airyaiprime,
    "airybi": sympy.airybi,
    "airybiprime": sympy.airybiprime,
    "Si": sympy.Si,
    "Ci": sympy.Ci,
    "Ei": sympy.Ei,
    "li": sympy.li,
    "fresnels": sympy.fresnels,
    "fresnelc": sympy.fresnelc,
    "ellipk": sympy.elliptic_k,
    "ellipe": sympy.elliptic_e,
}


@pytest.mark.parametrize("name", SYMPY)
def test_partials_agree_with_sympys_own_derivatives(name: str) -> None:
    row = ROWS[name]
    symbols = REAL[: row.arity]
    for drawn in ordinary(row, 2):
        p = drawn if min(drawn) > 0 else tuple(abs(a) % 0.9 + 0.05 for a in drawn)
        for j, x in enumerate(symbols):
            true = SYMPY[name](*symbols).diff(x).subs(dict(zip(symbols, map(sympy.Float, p), strict=True)))
            assert partial(name, j, p) == pytest.approx(float(true.evalf(25)), rel=1e-11), (p, j)


def test_holes_of_the_textbook_formulas() -> None:
    """Where a formula is 0/0 or 0 times infinity, and the derivative is an ordinary number."""
    assert partial("ellipk", 0, (0.0,)) == pytest.approx(math.pi / 8, rel=1e-15)
    assert partial("ellipe", 0, (0.0,)) == pytest.approx(-math.pi / 8, rel=1e-15)
    assert partial("lambertw", 0, (0.0,)) == 1.0
    assert partial("Si", 0, (0.0,)) == 1.0
    assert partial("rgamma", 0, (0.0,)) == 1.0
    assert partial("rgamma", 0, (-3.0,)) == -6.0
    assert partial("hurwitz_zeta", 1, (0.0, 2.5)) == -1.0
    # binomial(x, 3) is x (x - 1) (x - 2)/6, of slope (3 x^2 - 6 x + 2)/6.
    for x in (-4.0, -2.0, -1.0, -0.5, 0.0, 1.0, 2.0, 3.0, 7.0):
        assert partial("binomial", 0, (x, 3.0)) == pytest.approx((3 * x * x - 6 * x + 2) / 6, rel=1e-14), x
    assert partial("binomial", 1, (2.0, 3.0)) == pytest.approx(-1 / 3, rel=1e-14)
    assert partial("binomial", 1, (2.0, -1.0)) == pytest.approx(1 / 3, rel=1e-14)


def test_sympys_side_has_no_holes_either() -> None:
    x, y = REAL[:2]
    symbolic = system("sympy").function
    assert symbolic("lambertw")(x).diff(x).subs(x, 0) == 1
    assert symbolic("Si")(x).diff(x).subs(x, 0) == 1
    assert symbolic("binomial")(x, sympy.Integer(3)).diff(x).subs(x, 2) == sympy.Rational(1, 3)
    assert symbolic("zeta")(sympy.Integer(2)) == sympy.pi**2 / 6
    assert symbolic("hurwitz_zeta")(x, y).diff(y) == -x * symbolic("hurwitz_zeta")(x + 1, y)
