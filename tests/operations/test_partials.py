"""The partials of every elementary row: against the slope of mpmath's value, SymPy's derivative, and to higher orders."""

from __future__ import annotations

import math

import mpmath
import pytest
import sympy

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.jets import taylor
from calcgrad.autodiff.tape import run
from calcgrad.expression.nodes import Call, Name
from calcgrad.functions.lowering import lower
from calcgrad.operations.row import ARGUMENTS
from calcgrad.sympy_process import rules
from calcgrad.systems.base import FLOAT64, system

from .measuring import condition, decided, digits_for, exact, far, ordinary, slope, ulps
from .test_values import ROWS, every_row
from .truth import TRUTH

INF = math.inf
SMOOTH = [name for name, row in ROWS.items() if row.analytic and name not in ("root", "sphericalj")]


@pytest.fixture
def real_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """SymPy's rules as the worker changes them, for one test."""
    for owner, name in (
        *((c, "fdiff") for c in (sympy.floor, sympy.ceiling, sympy.Heaviside, sympy.frac, sympy.Mod)),
        *((c, "_eval_derivative") for c in (sympy.sign, sympy.Abs)),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name), raising=False)
    rules.install()


def partial(name: str, j: int, p: tuple[float, ...]) -> float:
    """The partial in argument ``j`` as a sweep over floats computes it."""
    result = FLOAT64.push(name, j)(FLOAT64.function(name)(*p), *p, 1.0)
    return 0.0 if result is None else result


@pytest.mark.slow
@every_row
def test_partials_are_within_4_ulps_times_their_condition_also_in_the_tails(name: str) -> None:
    row, truth = ROWS[name], TRUTH[name]
    for p in [*ordinary(row, 10), *far(row)]:
        if not decided(row, p):
            continue
        for j in range(row.arity):
            if row.partials[j] is None or (name == "root" and j == 1 and p[0] < 0):
                continue
            with mpmath.workdps(max(200, digits_for(p))):
                derivative = exact(slope(truth, j), p)
                if isinstance(derivative, mpmath.mpc):  # a power of a negative base, in its exponent
                    continue
                if abs(derivative) < mpmath.mpf(10) ** -330:
                    derivative = mpmath.mpf(0)
                allowed = condition(slope(truth, j), p, derivative)
                assert ulps(partial(name, j, p), derivative, allowed) <= 4, (p, j)


@every_row
def test_partials_are_those_of_sympy(name: str, real_rules: None) -> None:
    row = ROWS[name]
    symbols = sympy.symbols("a b c", real=True)[: row.arity]
    formula = system("sympy").function(name)(*symbols)
    for j in range(row.arity):
        if row.partials[j] is None:
            continue
        derivative = formula.diff(symbols[j])
        assert not derivative.has(sympy.DiracDelta, sympy.Derivative, sympy.Subs)
        for p in ordinary(row, 3):
            at = dict(zip(symbols, [sympy.Float(a, precision=53) for a in p], strict=True))
            found = float(derivative.evalf(30, subs=at))
            assert partial(name, j, p) == pytest.approx(found, rel=1e-12, abs=1e-300), (p, j)


@pytest.mark.parametrize("name", SMOOTH)
def test_partials_are_differentiated_again_up_to_the_third_order(name: str) -> None:
    row, truth = ROWS[name], TRUTH[name]
    names = list(ARGUMENTS[: row.arity])
    tape = lower(Call(name, tuple(Name(n) for n in names)), names)
    for p in ordinary(row, 2):
        for j in range(row.arity):
            with mpmath.workdps(60):

                def along(t: mpmath.mpf, j: int = j, p: tuple[float, ...] = p) -> mpmath.mpf:
                    return truth(*[t if i == j else mpmath.mpf(a) for i, a in enumerate(p)])

                true = [float(mpmath.diff(along, mpmath.mpf(p[j]), k)) for k in range(4)]
            series = taylor(tape, list(p), {j: 1.0}, 3, FLOAT64)[0]
            found = [c * math.factorial(k) for k, c in enumerate(series)]
            assert found == pytest.approx(true, rel=1e-9, abs=1e-11), (p, j)


@pytest.mark.parametrize(("n", "x"), [(0, 0.0), (0, 1e-9), (0, 0.3), (0, 7.0), (2, 0.4), (4, -3.0)])
def test_sinc_and_spherical_bessel_functions_keep_their_digits_through_four_orders(n: int, x: float) -> None:
    tape = lower(Call("sphericalj", (Name("a"), Name("b"))), ["a", "b"])
    series = taylor(tape, [float(n), x], {1: 1.0}, 4, FLOAT64)[0]
    with mpmath.workdps(60):
        # DLMF 10.53.1: the power series, whose coefficients are exact at 0 and can be moved to x.
        def value(t: mpmath.mpf) -> mpmath.mpf:
            return t**n / mpmath.fac2(2 * n + 1) * mpmath.hyp0f1(n + mpmath.mpf(3) / 2, -t * t / 4)

        true = [float(c) for c in mpmath.taylor(value, mpmath.mpf(x), 4)]
    assert series == pytest.approx(true, rel=1e-13, abs=1e-16)


def test_a_structural_zero_meets_no_infinity() -> None:
    tape = lower(Call("pow", (Name("a"), Name("b"))), ["a", "b"])
    for point, seed in (((0.0, 0.0), (INF, None)), ((0.0, 2.0), (None, INF))):
        tangents = pushforward(tape, run(tape, list(point), FLOAT64), list(seed), FLOAT64)
        assert tangents[tape.outputs[0]] is None
