"""Functions of linear algebra, physics, signals and numerical analysis, with gradients from formulas or other libraries."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.interpolate as si
import scipy.stats as st
import sympy

from tests.numpy_names.cases_sums import TRAPEZOID

rng = np.random.default_rng(11)
A = rng.normal(size=(3, 3)) + 3 * np.eye(3)
B = rng.normal(size=(3, 3))
S = A + A.T
V = rng.normal(size=3)
R = rng.normal(size=(5, 3)) * 2
SIGNAL = rng.normal(size=8)
W = rng.normal(size=8)
T = np.eye(6) + 0.2 * (np.eye(6, k=1) + np.eye(6, k=-1) - 2 * np.eye(6))


def by_sympy(expression: str, names: str) -> Any:
    """The gradient by SymPy, as a function of numbers."""
    symbols = sympy.symbols(names)
    root = sympy.sympify(expression)
    found = [sympy.lambdify(symbols, sympy.diff(root, s), "mpmath") for s in symbols]
    return lambda *x: [float(f(*map(float, x))) for f in found]


def pairs(r: Any) -> Any:
    return r[:, None, :] - r[None, :, :]


def lennard_jones(r: Any) -> Any:
    i, j = np.triu_indices(5, 1)
    s = np.sum((r[i] - r[j]) ** 2, axis=1)
    return np.sum(4 * (s**-6 - s**-3))


def lennard_jones_grad(r: Any) -> Any:
    out = np.zeros_like(r)
    for i in range(5):
        for j in range(5):
            if i != j:
                d = r[i] - r[j]
                s = d @ d
                out[i] += 4 * (-12 * s**-7 + 6 * s**-4) * d
    return [out]


def gravity(r: Any) -> Any:
    d2 = np.sum(pairs(r) ** 2, axis=-1) + np.eye(5)
    return -0.5 * np.sum(np.triu(1 / np.sqrt(d2), 1) * 2)


def gravity_grad(r: Any) -> Any:
    out = np.zeros_like(r)
    for i in range(5):
        for j in range(5):
            if i != j:
                d = r[i] - r[j]
                out[i] += d / np.linalg.norm(d) ** 3
    return [out]


def euler_decay(k: Any) -> Any:
    x = 2.0
    for _ in range(50):
        x = x - 0.02 * k * x
    return x


def rk4(rate: Any, x: Any) -> Any:
    """Ten steps of x' = rate x; each multiplies x by the same polynomial."""
    h = 0.1
    for _ in range(10):
        k1 = rate * x
        k2 = rate * (x + h / 2 * k1)
        k3 = rate * (x + h / 2 * k2)
        k4 = rate * (x + h * k3)
        x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
    return x


def rk4_grad(rate: Any, x: Any) -> Any:
    z = 0.1 * rate
    p = 1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24
    return 10 * p**9 * (1 + z + z**2 / 2 + z**3 / 6) * 0.1 * x, p**10


def leapfrog(start: Any) -> Any:
    q, p = start
    for _ in range(20):
        p = p - 0.05 * q
        q = q + 0.1 * p
        p = p - 0.05 * q
    return q


def leapfrog_grad(start: Any) -> Any:
    kick, drift = np.array([[1.0, 0.0], [-0.05, 1.0]]), np.array([[1.0, 0.1], [0.0, 1.0]])
    return [np.linalg.matrix_power(kick @ drift @ kick, 20)[0]]


def heat(u: Any) -> Any:
    for _ in range(10):
        u = u + 0.2 * (np.pad(u[1:], (0, 1)) + np.pad(u[:-1], (1, 0)) - 2 * u)
    return W[:6] @ u


def rosenbrock(x: Any) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_grad(x: Any) -> Any:
    out = np.zeros_like(x)
    out[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    out[1:] += 200 * (x[1:] - x[:-1] ** 2)
    return [out]


def black_scholes(spot: Any, vol: Any) -> Any:
    from scipy.special import ndtr

    d1 = (np.log(spot / 100.0) + (0.03 + vol**2 / 2) * 0.5) / (vol * np.sqrt(0.5))
    return spot * ndtr(d1) - 100.0 * np.exp(-0.015) * ndtr(d1 - vol * np.sqrt(0.5))


def black_scholes_grad(spot: Any, vol: Any) -> Any:
    d1 = (np.log(spot / 100.0) + (0.03 + vol**2 / 2) * 0.5) / (vol * np.sqrt(0.5))
    return st.norm.cdf(d1), spot * st.norm.pdf(d1) * np.sqrt(0.5)


KNOTS = np.array([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 3.0, 3.0, 3.0])


def b_spline(c: Any) -> Any:
    """De Boor's recursion at x = 1.3, in the interval from knot 4 to knot 5."""
    x, d = 1.3, [c[j + 1] for j in range(4)]
    for r in range(1, 4):
        for j in range(3, r - 1, -1):
            a = (x - KNOTS[j + 1]) / (KNOTS[j + 5 - r] - KNOTS[j + 1])
            d[j] = (1 - a) * d[j - 1] + a * d[j]
    return d[3]


def natural_spline(y: Any) -> Any:
    """At x = 1.3, from second derivatives that solve a tridiagonal system."""
    n = 5
    matrix = 4 * np.eye(n - 2) + np.eye(n - 2, k=1) + np.eye(n - 2, k=-1)
    m = np.pad(np.linalg.solve(matrix, 6 * np.diff(y, n=2)), 1)
    t = 0.3
    return (1 - t) * y[1] + t * y[2] + ((1 - t) ** 3 - (1 - t)) * m[1] / 6 + (t**3 - t) * m[2] / 6


def periodogram(x: Any) -> Any:
    return np.abs(np.fft.rfft(x)[2]) ** 2


def periodogram_grad(x: Any) -> Any:
    c, s = np.cos(2 * np.pi * 2 * np.arange(8) / 8), np.sin(2 * np.pi * 2 * np.arange(8) / 8)
    return [2 * (c @ x) * c + 2 * (s @ x) * s]


def circular(x: Any) -> Any:
    return W @ np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(SIGNAL), n=8)


def arc_length(y: Any) -> Any:
    return np.sum(np.sqrt(0.25 + np.diff(y) ** 2))


def arc_length_grad(y: Any) -> Any:
    s = np.diff(y) / np.sqrt(0.25 + np.diff(y) ** 2)
    return [np.concatenate([[0.0], s]) - np.concatenate([s, [0.0]])]


def total_variation(u: Any) -> Any:
    return np.sum(np.abs(np.diff(u, axis=0))) + np.sum(np.abs(np.diff(u, axis=1)))


def total_variation_grad(u: Any) -> Any:
    out = np.zeros_like(u)
    for axis in (0, 1):
        s = np.sign(np.diff(u, axis=axis))
        pad = [(1, 0) if i == axis else (0, 0) for i in range(2)]
        out += np.pad(s, pad) - np.pad(s, [p[::-1] for p in pad])
    return [out]


def haversine(a: Any, b: Any) -> Any:
    h = np.sin((b - 0.8) / 2) ** 2 + np.cos(0.8) * np.cos(b) * np.sin((a - 0.2) / 2) ** 2
    return 2 * np.arcsin(np.sqrt(h))


HAVERSINE = (
    "2*asin(sqrt(sin((b - Rational(4, 5))/2)**2 + cos(Rational(4, 5))*cos(b)*sin((a - Rational(1, 5))/2)**2))"
)


def polar(a: Any) -> Any:
    """The orthonormal factor of the polar decomposition."""
    u, _, v = np.linalg.svd(a, full_matrices=False)
    return u @ v


def first_pair(a: Any) -> Any:
    u, _, v = np.linalg.svd(a, full_matrices=False)
    return np.outer(u[:, 0], v[0])


def newton_root(c: Any) -> Any:
    """The root of x³ = c by eight steps of Newton's method: its derivative is that of the cube root."""
    x = c
    for _ in range(30):
        x = x - (x**3 - c) / (3 * x**2)
    return x


def agm(a: Any, b: Any) -> Any:
    """The arithmetic-geometric mean: π/2 a divided by the elliptic integral K."""
    for _ in range(8):
        a, b = (a + b) / 2, np.sqrt(a * b)
    return a


def agm_grad(a: Any, b: Any) -> Any:
    import mpmath

    return [float(mpmath.diff(mpmath.agm, (a, b), order)) for order in ((1, 0), (0, 1))]


def symmetric_part(g: Any) -> Any:
    """What the lower triangle, which is read, gets of a symmetric gradient."""
    return np.tril(g) + np.tril(g.T, -1)


def power_iteration(a: Any) -> Any:
    v = np.ones(3)
    for _ in range(200):
        v = a @ v
        v = v / np.linalg.norm(v)
    return v @ a @ v


def top_pair(a: Any) -> Any:
    values, vectors = np.linalg.eigh(a)
    k = np.argmax(np.abs(values))
    return np.outer(vectors[:, k], vectors[:, k])


CASES: list[tuple[Any, tuple[Any, ...], Any]] = [
    (lambda a, b: np.trace(a @ b), (A, B), lambda a, b: (b.T, a.T)),
    (np.linalg.det, (A,), lambda a: [np.linalg.det(a) * np.linalg.inv(a).T]),
    (lambda a: np.linalg.slogdet(a).logabsdet, (A,), lambda a: [np.linalg.inv(a).T]),
    (lambda a: np.trace(np.linalg.inv(a)), (A,), lambda a: [-np.linalg.matrix_power(np.linalg.inv(a).T, 2)]),
    (lambda x, a: x @ a @ x, (V, A), lambda x, a: ((a + a.T) @ x, np.outer(x, x))),
    (
        lambda a, b: V @ np.linalg.solve(a, b),
        (A, B[0]),
        lambda a, b: (-np.outer(np.linalg.solve(a.T, V), np.linalg.solve(a, b)), np.linalg.solve(a.T, V)),
    ),
    (lambda a: np.linalg.norm(a, "nuc"), (R,), lambda a: [polar(a)]),
    (
        lambda a: np.linalg.norm(a, 2),
        (R,),
        lambda a: [first_pair(a)],
    ),
    (lambda a: np.linalg.eigvalsh(a)[-1], (S,), lambda a: [symmetric_part(np.outer(*[np.linalg.eigh(a)[1][:, -1]] * 2))]),
    (power_iteration, (S + 9 * np.eye(3),), lambda a: [top_pair(a)]),
    (lambda a, b: np.sum((a @ b) ** 2), (A, B), lambda a, b: (2 * a @ b @ b.T, 2 * a.T @ a @ b)),
    (lambda x: (x @ S @ x) / (x @ x), (V,), lambda x: [2 * (S @ x - (x @ S @ x) / (x @ x) * x) / (x @ x)]),
    (lambda a: np.trace(np.linalg.matrix_power(a, 3)), (A,), lambda a: [3 * (a @ a).T]),
    (lambda b: V @ np.linalg.lstsq(R, b, rcond=None)[0], (W[:5],), lambda b: [np.linalg.pinv(R).T @ V]),
    (
        lambda a: np.sum(np.log(np.diagonal(np.linalg.cholesky(a)))),
        (S @ S,),
        lambda a: [0.5 * symmetric_part(np.linalg.inv(a))],
    ),
    (lambda a: np.prod(np.abs(np.diagonal(np.linalg.qr(a)[1]))), (A,),
     lambda a: [np.abs(np.linalg.det(a)) * np.linalg.inv(a).T]),
    (lennard_jones, (R,), lennard_jones_grad),
    (gravity, (R,), gravity_grad),
    (euler_decay, (0.7,), lambda k: [-2.0 * 50 * 0.02 * (1 - 0.02 * k) ** 49]),
    (rk4, (-0.8, 1.5), rk4_grad),
    (leapfrog, (np.array([1.0, 0.3]),), leapfrog_grad),
    (heat, (W[2:8],), lambda u: [np.linalg.matrix_power(T.T, 10) @ W[:6]]),
    (rosenbrock, (SIGNAL,), rosenbrock_grad),
    (lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2, (1.0, -0.5), by_sympy("(x**2+y-11)**2+(x+y**2-7)**2", "x y")),
    (
        lambda x, y: -20 * np.exp(-0.2 * np.sqrt(0.5 * (x**2 + y**2))) - np.exp(0.5 * (np.cos(2 * x) + np.cos(2 * y))),
        (0.6, -0.4),
        by_sympy("-20*exp(-sqrt((x**2+y**2)/2)/5)-exp((cos(2*x)+cos(2*y))/2)", "x y"),
    ),
    (haversine, (1.1, 0.5), by_sympy(HAVERSINE, "a b")),
    (black_scholes, (105.0, 0.25), black_scholes_grad),
    (b_spline, (np.arange(6.0) ** 2,), lambda c: [si.BSpline.design_matrix(np.array([1.3]), KNOTS, 3).toarray()[0]]),
    (
        natural_spline,
        (W[:5],),
        lambda y: [[float(si.CubicSpline(np.arange(5.0), e, bc_type="natural")(1.3)) for e in np.eye(5)]],
    ),
    (lambda x: np.interp(x, np.arange(5.0), W[:5]), (1.3,), lambda x: [W[2] - W[1]]),
    (lambda x: np.sum(np.abs(np.fft.fft(x)) ** 2), (SIGNAL,), lambda x: [2 * 8 * x]),
    (periodogram, (SIGNAL,), periodogram_grad),
    (circular, (W,), lambda x: [np.array([sum(W[(i + k) % 8] * SIGNAL[k] for k in range(8)) for i in range(8)])]),
    (lambda p: np.polyval(p, 1.7), (W[:4],), lambda p: [1.7 ** np.arange(3.0, -1.0, -1.0)]),
    (lambda x: np.polyval(W, x), (0.7,), lambda x: [np.polyval(np.polyder(W), x)]),
    (lambda y: TRAPEZOID(y**2, dx=0.5), (SIGNAL,), lambda y: [2 * y * np.array([0.25, *[0.5] * 6, 0.25])]),
    (lambda y: np.sum(np.gradient(y) * W), (SIGNAL,),
     lambda y: [np.array([np.gradient(e) @ W for e in np.eye(8)])]),
    (arc_length, (SIGNAL,), arc_length_grad),
    (total_variation, (R,), total_variation_grad),
    (newton_root, (5.0,), lambda c: [c ** (-2 / 3) / 3]),
    (agm, (1.0, 0.4), agm_grad),
    (lambda v: np.sum(np.convolve(v, SIGNAL, "valid") ** 2), (W[:3],),
     lambda v: [2 * np.correlate(SIGNAL, np.convolve(v, SIGNAL, "valid"), "valid")[::-1]]),
    (lambda a, b, c: a @ np.cross(b, c), (A[0], A[1], A[2]),
     lambda a, b, c: (np.cross(b, c), np.cross(c, a), np.cross(a, b))),
    (lambda x: np.einsum("i,ij,j->", x, A, x), (V,), lambda x: [(A + A.T) @ x]),
]  # fmt: skip
