"""Points at which flint's own functions take minutes: a value, or none, comes at once, in every number system."""

from __future__ import annotations

import math
import resource
from collections.abc import Callable
from multiprocessing import get_context
from time import process_time
from typing import Any

import mpmath
import pytest
from flint import arb, arb_series, ctx

from calcgrad.functions.expression import Expression
from calcgrad.methods.certified import derivatives
from calcgrad.operations import parsed
from calcgrad.systems.base import FLOAT64, Complex128
from calcgrad.systems.series import ball_series

#: Seconds of the processor: those that took minutes are told from those that take a second.
MOST = 4.0


def _within(work: Callable[[], object]) -> None:
    """Do some work in a process that is ended when its time is up."""

    def limited() -> None:
        soft = int(process_time() + MOST) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, soft + 1))
        work()

    process = get_context("fork").Process(target=limited)
    process.start()
    process.join()
    assert process.exitcode == 0


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("hyp2f1", (1e-300, 3.0, 1e16, -2.5)),
        ("hyp2f1", (10.0, -1.39e16, 333.3, -3.55)),
        ("polylog", (333.0, -1864.3)),
        ("besselk", (2e5, 2e5)),
        ("ellippi", (-1000.0, 0.0, 140.0)),
        ("betainc", (1e-300, 1e12, 0.5)),
        ("betainc", (5e-324, 1e5, 1e-300)),
    ],
)
def test_a_double(name: str, args: tuple[float, ...]) -> None:
    moved = [*map(complex, args[:-1]), complex(args[-1], 1e-20)]

    def work() -> None:
        FLOAT64.function(name)(*args)
        Complex128().function(name)(*moved)

    _within(work)


@pytest.mark.parametrize("name", ["zeta", "zeta_derivative", "hurwitz_zeta"])
def test_a_zeta_function_far_from_the_real_axis(name: str) -> None:
    far = {"zeta": (0.5 + 1e60j,), "zeta_derivative": (3 + 0j, 1e60j), "hurwitz_zeta": (1e60j, 2 + 0j)}[name]
    _within(lambda: Complex128().function(name)(*far))


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("zeta_derivative", (3.0, 1e100)),
        ("hurwitz_zeta", (1.6e100, 1.2e30)),
        ("hurwitz_zeta", (-1.8e7, 1e7)),
        ("hurwitz_deflated", (199.0, 1e30, 1.28e-8)),
        ("hurwitz_derivative", (7.0, -1e4, 1.7e6)),
        ("betainc", (1e-323, 1.9e12, 1e-323)),
        ("betainc", (1906.0, 1763.0, 3.7)),
    ],
)
@pytest.mark.parametrize("bits", [165, 2640])
def test_a_power_series(name: str, args: tuple[float, ...], bits: int) -> None:
    def work() -> None:
        with ctx.workprec(bits):
            ctx.cap = 3
            ball_series().function(name)(*map(arb, args[:-1]), arb_series([arb(args[-1]), 1]))

    _within(work)


def test_the_precision_of_a_proof_is_raised_no_further_than_the_time_lasts() -> None:
    function = Expression(parsed("hyp2f1(a, 3, 10^16, b)"), ["a", "b"])
    _within(lambda: derivatives(function, [1e-300, -2.5], [(1,)], 40, 1.0))


@pytest.mark.parametrize(("n", "m"), [(-1000.0, 140.0), (0.3, 0.5), (0.3, 69792.7)])
def test_an_elliptic_integral_of_no_length_is_0(n: float, m: float) -> None:
    assert FLOAT64.function("ellippi")(n, 0.0, m) == 0
    assert Complex128().function("ellippi")(complex(n, 1e-20), 0j, complex(m)) == 0
    assert mpmath.ellippi(n, 0, 0.5) == 0


@pytest.mark.parametrize("s", [2.5e3, 1e6])
def test_zeta_far_out_keeps_its_series(s: float) -> None:
    with mpmath.workdps(30):
        true = mpmath.diff(lambda t: mpmath.mpf(2) ** -t, s)  # all other terms are below (2/3)^s of it
    with ctx.workprec(4000):
        ctx.cap = 2
        slope = ball_series().function("zeta")(arb_series([arb(s), 1]))[1]
    found: Any = mpmath.mpf(slope.mid().str(25, radius=False))
    assert math.isclose(float(found / true), 1.0, rel_tol=1e-12)


@pytest.mark.parametrize(("name", "value"), [("besselk", 0.0), ("besseli", math.inf)])
def test_modified_bessel_functions_where_a_large_order_meets_its_argument(name: str, value: float) -> None:
    n = arb(200_000)
    true = n.bessel_k(n) if name == "besselk" else n.bessel_i(n)
    assert (true < arb("1e-400")) if value == 0 else (true > arb("1e400"))
    assert FLOAT64.function(name)(2e5, 2e5) == value


def test_a_bessel_function_of_a_ball_around_0_has_no_series_for_a_broken_order() -> None:
    def work() -> None:
        ctx.cap = 2
        with ctx.workprec(1320):
            vanished = arb_series([arb(-1.79e308), 1]).exp()
            assert "nan" in str(ball_series().function("besseli")(arb(1e-7), vanished))

    _within(work)


#: exp(x²) erfc(x) and its derivatives, (2/√π) ∫ (-2t)^k exp(-t² - 2xt) dt from 0, by mpmath's quadrature at 60 digits.
SCALED_ERFC = {
    25: (
        "0.02254957243264135894360458",
        "-0.0009005454634446267159297052",
        "0.00007187169305138209072391032",
    ),
    10**8: (
        "5.641895835477562587386003e-9",
        "-5.641895835477562023196419e-17",
        "1.128379167095512235382409e-24",
    ),
}


@pytest.mark.parametrize("x", SCALED_ERFC)
def test_the_scaled_error_function_keeps_its_digits_far_out(x: int) -> None:
    """exp(x²) alone is beyond flint's numbers there, and its series were 0 ± 10^18410259."""
    order = SCALED_ERFC[x]
    for k, true in enumerate(order):
        ((found,),) = derivatives(Expression(parsed("erfcx(x)"), ["x"]), [float(x)], [(0,) * k], 25)
        assert (found.value, found.digits) == (true, 25)
        if k:
            held = Expression(parsed(f"erfcx_derivative({k - 1}, x)"), ["x"])
            ((found,),) = derivatives(held, [float(x)], [(0,)], 25)
            assert (found.value, found.digits) == (true, 25)
