"""Integrals, signals, interpolants, solutions and minima."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from calcgrad.scipy import integrate, interpolate, optimize, signal
from tests.numpy_names.measuring import Case, case

X = np.array([0.0, 0.7, 1.6, 2.0, 3.1, 4.0])
PLACES = np.array([-0.5, 0.2, 1.0, 1.7, 2.5, 3.9, 4.4])


def _samples() -> list[Case]:
    found = []
    for name in ("trapezoid", "simpson", "cumulative_trapezoid"):
        f: Any = getattr(integrate, name)
        path = f"scipy.integrate.{name}"
        for n in (5, 6, 2):
            found += [
                case(path, lambda y, x, f=f: f(y, np.cumsum(x)), (3, n), (n,), single=False),
                case(path, lambda y, d, f=f: f(y, dx=d, axis=0), (n, 2), (), single=False),
                case(path, lambda y, x, f=f: f(y, np.cumsum(x, axis=1)), (2, n), (2, n), single=False),
            ]
    path = "scipy.integrate.cumulative_trapezoid"
    return [
        *found,
        case(path, lambda y: integrate.cumulative_trapezoid(y, initial=0), (2, 4), single=False),
        case("scipy.integrate.romb", integrate.romb, (2, 9), (), single=False),
        case("scipy.integrate.romb", lambda y: integrate.romb(y, axis=0), (3, 2), single=False),
    ]


def _integrals() -> list[Case]:
    inf = np.inf
    calls: list[tuple[Any, ...]] = [
        (lambda a, b: integrate.quad(lambda x: np.exp(-a * x), 0.0, b), (), ()),
        (lambda a, b: integrate.quad(lambda x, s: np.sin(s * x), a, 3.0, args=(b,)), (), ()),
        (lambda a, b: integrate.quad(lambda x: np.exp(-a * x**2), -b, inf), (), ()),
        (lambda a: integrate.quad(lambda x: np.exp(-((x - a) ** 2)), -inf, inf), ()),
        (lambda a: integrate.quad(lambda x: np.exp(a * x), -inf, 0.5), ()),
        (lambda a: integrate.quad(lambda x: x ** (0.2 * a), 0.0, 1.0), ()),
        (lambda a: integrate.quad(lambda x: np.cos(12.0 * a * x), 2.0, 0.0), ()),
        (lambda a: integrate.quad(lambda x: np.sum(a * x ** np.arange(3)), 0.0, 1.0), (3,)),
    ]
    gauss = [
        (
            lambda a, b, s: integrate.fixed_quad(lambda x, s: np.exp(-s * x), a, b, args=(s,), n=4)[0],
            (),
            (),
            (),
        ),
        (lambda s: integrate.fixed_quad(lambda x: np.exp(-s * x), 0.0, 1.0)[0], ()),
    ]
    return [
        *[case("scipy.integrate.quad", _first(call), *shapes, single=False) for call, *shapes in calls],
        *[case("scipy.integrate.fixed_quad", call, *shapes, single=False) for call, *shapes in gauss],
    ]


def _first(call: Callable[..., Any]) -> Callable[..., Any]:
    """The integral without the estimate of its error, which is no function of the parameters."""
    return lambda *args: call(*args)[0]


def _signals() -> list[Case]:
    found = []
    shapes: list[tuple[Any, ...]] = [((7,), (3,)), ((3,), (6,)), ((5, 4), (2, 3)), ((11, 11), (9, 9))]
    for first, second in shapes:
        flat = len(first) == 1
        for name in (
            "convolve",
            "correlate",
            "fftconvolve",
            "oaconvolve",
            *(() if flat else ("convolve2d", "correlate2d")),
        ):
            for mode in ("full", "same", "valid"):
                f: Any = getattr(signal, name)
                large = first[0] == 11
                if not large or (mode == "same" and name in ("convolve", "correlate")):
                    found.append(
                        case(
                            f"scipy.signal.{name}",
                            lambda a, b, f=f, m=mode: f(a, b, m),
                            first,
                            second,
                            single=False,
                        )
                    )
    s = "scipy.signal."
    return [
        *found,
        case(f"{s}convolve", lambda a, b: signal.convolve(a * (1 + 2j), b), (3,), (4,), single=False),
        case(f"{s}correlate", lambda a, b: signal.correlate(a, b * (1 + 2j)), (3,), (4,), single=False),
        case(f"{s}fftconvolve", lambda a, b: signal.fftconvolve(a, b, "same", axes=1), (3, 6), (3, 2), single=False),
        case(f"{s}fftconvolve", lambda a, b: signal.fftconvolve(a * 1j, b), (3,), (4,), single=False),
        case(f"{s}lfilter", lambda b, a, x: signal.lfilter(b, a + 3.0 * (np.arange(3) == 0), x), (2,), (3,), (8,), single=False),
        case(f"{s}lfilter", lambda b, x: signal.lfilter(b, [2.0], x), (3,), (2, 5), single=False),
        case(f"{s}lfilter", lambda x: signal.lfilter([1.0], [1.0, -0.5], x, axis=0), (5, 2), single=False),
        case(f"{s}lfilter", lambda b, x, z: signal.lfilter(b, [1.0, -0.5, 0.2], x, zi=z), (2,), (6,), (2,), single=False),
        case(f"{s}detrend", signal.detrend, (6,), single=False),
        case(f"{s}detrend", lambda x: signal.detrend(x, axis=0, type="constant"), (5, 2), single=False),
    ]  # fmt: skip


def _interpolants() -> list[Case]:
    spline, pchip = interpolate.CubicSpline, interpolate.PchipInterpolator
    s, p = "scipy.interpolate.CubicSpline", "scipy.interpolate.PchipInterpolator"
    ends: list[Any] = ["not-a-knot", "natural", "clamped", ((1, 0.5), (2, -0.3)), ((2, 0.4), (1, 0.2))]
    return [
        *[
            case(
                s,
                lambda x, y, e=e: spline(np.cumsum(x), y, bc_type=e)(PLACES + 1.5),
                (6,),
                (6,),
                single=False,
            )
            for e in ends
        ],
        case(s, lambda y, q: spline(X, y)(q), (6, 2), (4,), single=False),
        case(s, lambda y, q: spline(X, y, axis=1)(q), (2, 6), (3, 1), single=False),
        case(s, lambda y: [spline(X, y)(PLACES, k) for k in (1, 2, 3)], (6,), single=False),
        case(s, lambda y: spline(X, y).derivative()(PLACES), (6,), single=False),
        case(s, lambda y, b: spline(X, y).integrate(0.3, b), (6,), (), single=False),
        case(s, lambda y: spline(X, y, extrapolate=False)(PLACES[1:-1]), (6,), single=False),
        case(s, spline(X, np.sin(X)), (3,), single=False),
        case(s, spline(X, np.sin(X)), (), single=False),
        case(p, lambda x, y: pchip(np.cumsum(x), y)(PLACES + 1.5), (6,), (6,), single=False),
        case(p, lambda x, y: pchip(np.cumsum(x), np.cumsum(y))(PLACES + 1.5, 1), (6,), (6,), single=False),
        case(p, lambda y, q: pchip(X, y)(q), (6, 2), (4,), single=False),
        case(p, lambda y, q: pchip(X[:2], y)(q), (2,), (4,), single=False),
        case(p, pchip(X, np.cos(X), axis=0), (3,), single=False),
    ]


def _cubed(a: Any) -> Callable[[Any], Any]:
    return lambda x: x**3 - a


def _solutions() -> list[Case]:
    o = "scipy.optimize."

    def pair(x: Any, p: Any) -> Any:
        return [x[0] + 0.5 * (x[0] - x[1]) ** 3 - p[0], 0.5 * (x[1] - x[0]) ** 3 + x[1] - p[1]]

    def valley(x: Any, p: Any) -> Any:
        return (x[0] - p[0]) ** 2 + p[1] * (x[1] - x[0]) ** 2 + 0.1 * x[1] ** 4

    return [
        *[
            case(f"{o}{name}", lambda a, name=name: getattr(optimize, name)(_cubed(a), 0.1, 2.5, xtol=1e-14), (), single=False)
            for name in ("brentq", "brenth", "bisect", "ridder", "toms748")
        ],
        case(f"{o}brentq", lambda a: optimize.brentq(lambda x, s: np.cos(x) - s * x, 0.0, 2.0, args=(a,)), (), single=False),
        case(f"{o}newton", lambda a: optimize.newton(lambda x: x**3 - a, 1.0, tol=1e-14), (), single=False),
        case(f"{o}newton", lambda a: optimize.newton(lambda x, s: x**3 - s, 1.0, lambda x, s: 3 * x**2, (a,)), (), single=False),
        case(f"{o}root", lambda p: optimize.root(pair, np.zeros(2), (p,), tol=1e-11).x, (2,), single=False),
        case(f"{o}fsolve", lambda p: optimize.fsolve(lambda x: pair(x, p), np.zeros(2), xtol=1e-11), (2,), single=False),
        case(f"{o}minimize", lambda p: optimize.minimize(valley, np.ones(2), args=(p,)).fun, (2,), single=False),
    ]  # fmt: skip


CASES: list[Case] = [*_samples(), *_integrals(), *_signals(), *_interpolants(), *_solutions()]
