"""Products with the Hessian by one sweep back: as by mpmath and by hand, and as by tracing the gradient's own sweep."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import calcgrad
from calcgrad.expression.nodes import Name
from calcgrad.numpy_names.registry import HANDLERS
from calcgrad.numpy_names.ufuncs import single_operation
from calcgrad.operations import parsed
from calcgrad.tracing.emitting_pairs import derived
from calcgrad.tracing.values import inert
from calcgrad.transforms import products
from calcgrad.transforms.products import grad, jvp

X = np.array([0.5, -1.25, 0.75, 1.5, -0.25])
V = np.array([1.0, 0.5, -2.0, 0.25, 3.0])
A = np.cos(np.arange(25.0)).reshape(5, 5)


def straight(f: Any, x: Any, v: Any) -> Any:
    """The product by one sweep, which must not be left to the other way."""
    found = products._in_one_sweep(f, 0, (x,), (v,))
    assert found is not None
    return found


def nested(f: Any, x: Any, v: Any) -> Any:
    """The product by tangents through the gradient's sweep."""
    return jvp(grad(f), (x,), (v,))[1]


#: What mpmath calls NumPy's functions.
OF_MPMATH = {
    **{
        name: getattr(mpmath, name)
        for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "expm1", "log", "log1p", "sqrt")
    },
    **{f"arc{name}": getattr(mpmath, f"a{name}") for name in ("sin", "cos", "tan", "sinh", "tanh")},
    "cbrt": mpmath.cbrt,
    "reciprocal": lambda x: 1 / x,
    "square": lambda x: x * x,
    "exp2": lambda x: mpmath.power(2, x),
    "log2": lambda x: mpmath.log(x, 2),
    "log10": mpmath.log10,
}


@pytest.mark.parametrize("name", OF_MPMATH)
def test_second_derivatives_of_mpmath(name: str) -> None:
    f, truth = getattr(np, name), OF_MPMATH[name]
    with mpmath.workdps(40):
        known = [float(mpmath.diff(lambda t: truth(t) ** 2, mpmath.mpf(x), 2)) for x in (0.375, 0.625)]
    x = np.array([0.375, 0.625])
    assert straight(lambda a: np.sum(f(a) ** 2), x, np.ones(2)) == pytest.approx(known, rel=1e-13)
    of_floats = [straight(lambda a: f(a) ** 2, float(x), 1.0) for x in x]
    assert of_floats == pytest.approx(known, rel=1e-13)


SINGLE = sorted({f.__name__ for f in HANDLERS if isinstance(f, np.ufunc) and single_operation(f)})


@pytest.mark.parametrize("name", SINGLE)
def test_every_function_of_one_argument_is_as_by_tracing(name: str) -> None:
    f: Any = getattr(np, name, None)
    op = single_operation(f) if f is not None else None
    if op is None or inert(op):
        pytest.skip("of another library, or without a derivative")
    with np.errstate(all="ignore"):
        for x in (0.625, 1.75):
            for at in (np.full(2, x), np.full((2, 1), x, np.float32), x):
                g = lambda a: np.sum(f(a) * a)  # noqa: E731
                v = at * 0 + 1
                one = products._in_one_sweep(g, 0, (at,), (v,))
                if (
                    one is not None
                ):  # where the function has no value there is nan, which the other way decides
                    close = 1e-6 if getattr(at, "dtype", 0) == np.float32 else 1e-14
                    assert one == pytest.approx(nested(g, at, v), rel=close)
                    assert getattr(one, "dtype", float) == getattr(at, "dtype", float)


#: Functions whose every step this sweep knows, of all kinds of rows: moves, products, sums, structured ones, choices.
KNOWN: dict[str, Callable[[Any], Any]] = {
    "Rosenbrock": lambda x: np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
    "quotients": lambda x: np.sum(np.sin(x) * np.exp(x) / (1 + x**2)),
    "matrix times vector": lambda x: np.sum(np.tanh(A @ x) ** 2) + (A @ x) @ x,
    "matrix times matrix": lambda x: np.sum((np.outer(x, x) @ (A * np.outer(x, x * x))) ** 2),
    "logarithm of a sum": lambda x: np.log(np.sum(np.exp(x))),
    "a loop of floats": lambda x: x[0] * x[1] * x[2] * np.sin(x[3]) / x[4] + x[-1] ** 3 - x[0] ** 2.5,
    "norm": lambda x: np.linalg.norm(x) ** 3,
    "where": lambda x: np.sum(np.where(x > 0, x**3, np.sin(x))),
    "max": lambda x: np.max(x) ** 2 * np.sum(x),
    "floats among arrays": lambda x: np.sum(x * x[0]) * np.prod(x),
    "put together": lambda x: (
        np.sum(np.stack([x[0] * x[1], x[2] ** 2]) ** 3) + np.sum(np.concatenate([x, x * x]) ** 2)
    ),
    "powers": lambda x: np.sum(np.abs(x) ** 2.5 + 2.0**x),
    "einsum": lambda x: np.einsum("i,ij,j->", x, A, x * x),
    "solve": lambda x: x @ np.linalg.solve(A @ A.T + np.diag(x**2) + 9 * np.eye(5), x),
    "broadcasting": lambda x: np.mean(x.reshape(5, 1) * x, axis=0).var(),
    "places": lambda x: np.sum(x[[0, 0, 2]] * x[np.array([True, False, True, True, False])]),
    "linear": lambda x: np.sum(3 * x) - x[0],
    "constant": lambda x: 2.0,
}


@pytest.mark.parametrize("name", KNOWN)
def test_it_is_as_by_tracing_and_as_by_differences(name: str) -> None:
    f = KNOWN[name]
    found = straight(f, X, V)
    assert found == pytest.approx(nested(f, X, V), rel=1e-13, abs=1e-13)
    h = 1e-5
    steps = (calcgrad.grad(f)(X + h * V) - calcgrad.grad(f)(X - h * V)) / (2 * h)
    assert found == pytest.approx(steps, rel=1e-5, abs=1e-5)
    assert np.array_equal(calcgrad.hvp(f, (X,), (V,)), found)


def test_rosenbrocks_product_by_hand() -> None:
    x, v = np.linspace(-1.3, 1.4, 9), np.sin(np.arange(9.0))
    h = np.diag(np.r_[1200 * x[:-1] ** 2 - 400 * x[1:] + 2, 0.0] + np.r_[0.0, np.full(8, 200.0)])
    h += np.diag(-400 * x[:-1], 1) + np.diag(-400 * x[:-1], -1)
    assert straight(KNOWN["Rosenbrock"], x, v) == pytest.approx(h @ v, rel=1e-13)


def test_what_is_lost_on_the_way_to_an_adjoint_is_seen() -> None:
    """The slope of the slope is -sin(u)*1e-18, which is no double that has all digits; times 1e300 it is one."""
    f = lambda x: 1e300 * np.sin(1e-18 * x)  # noqa: E731
    g = lambda x: np.sum(np.ones(1) * x[0]) * 0.0 + f(x[0])  # noqa: E731
    x = 3e-287
    known = -1e300 * 1e-18 * (3e-305 * 1e-2) * 1e-16
    assert calcgrad.hvp(f, (x,), (1.0,)) == pytest.approx(known, rel=1e-12, abs=0)
    assert calcgrad.hvp(g, (np.array([x]),), (np.ones(1),)) == pytest.approx([known], rel=1e-12, abs=0)
    assert calcgrad.hvp(lambda x: np.sum(f(x)), (np.array([x]),), (np.ones(1),)) == pytest.approx(
        [known], rel=1e-12
    )


def test_trees_several_arguments_and_precisions() -> None:
    def f(p: Any, s: Any) -> Any:
        return np.sum(p["a"] ** 2 * s) + p["b"] * s**3

    p, s = {"a": X, "b": 2.0}, 1.5
    tangents = ({"a": V, "b": 0.5}, -1.0)
    found, of_s = calcgrad.hvp(f, (p, s), tangents)
    assert found["a"] == pytest.approx(2 * s * V - 2 * X)
    assert found["b"] == pytest.approx(-3 * s**2)
    assert of_s == pytest.approx(2 * X @ V + 3 * s**2 * 0.5 - 12.0 * s)
    single = calcgrad.hvp(lambda x: np.sum(x**4), (X.astype(np.float32),), (V.astype(np.float32),))
    assert single.dtype == np.float32
    assert single == pytest.approx(12 * X**2 * V, rel=1e-6)


def test_the_product_is_the_callers_own() -> None:
    v = V.copy()
    found = calcgrad.hvp(lambda x: 0.5 * np.sum(x * x), (X,), (v,))
    found += 1.0
    assert np.array_equal(v, V)


def _cube(x: Any) -> Any:
    return x**3


RULED = calcgrad.custom_rule(_cube, vjp=lambda x: (x**3, lambda d: (3 * x**2 * d,)))

#: Functions that are left to the other way: it is known here what comes out.
LEFT: dict[str, tuple[Callable[[Any], Any], Any]] = {
    "complex numbers inside": (lambda x: np.sum(((x + 1j) ** 2).real ** 2), None),
    "a derivative inside": (lambda x: np.sum(calcgrad.grad(lambda y: np.sum(y**3))(x)), 6 * V),
    "an infinite slope that is not taken": (
        lambda x: np.sum(np.where(x > 0, np.sqrt(np.where(x > 0, x, 0.0)), x**2)),
        np.where(X > 0, -0.25 * np.abs(X) ** -1.5, 2.0) * V,
    ),
    "a rule of its own": (lambda x: np.sum(RULED(x)), 6 * X * V),
    "numbers below the doubles": (lambda x: np.sum((x * 1e-200) ** 2 * 1e300 * 1e100), 2 * V),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_to_the_other_way_comes_out(name: str) -> None:
    f, known = LEFT[name]
    expected = nested(f, X, V) if known is None else known
    assert calcgrad.hvp(f, (X,), (V,)) == pytest.approx(expected, rel=1e-12)


def test_a_function_that_is_left_once_is_run_once_from_then_on() -> None:
    runs = []
    f = lambda x: runs.append(1) or np.sum(RULED(x))  # noqa: E731
    for _ in range(2):
        calcgrad.hvp(f, (X,), (V,))
    before = len(runs)
    calcgrad.hvp(f, (X,), (V,))
    assert len(runs) == before + 1


def test_within_other_derivatives_and_compiled() -> None:
    f = KNOWN["quotients"]
    g = lambda x: calcgrad.hvp(f, (x,), (V,)) @ V  # noqa: E731
    h = 1e-5
    steps = np.array([(g(X + h * e) - g(X - h * e)) / (2 * h) for e in np.eye(5)])
    assert calcgrad.grad(g)(X) == pytest.approx(steps, rel=1e-6, abs=1e-6)
    compiled = calcgrad.compile(lambda x, v: calcgrad.hvp(f, (x,), (v,)))
    for _ in range(2):
        assert compiled(X, V) == pytest.approx(straight(f, X, V), rel=1e-13)


def test_the_errors_are_those_of_the_other_way() -> None:
    for f, tangents, code in (
        (lambda x: x * x, (V,), "E407"),
        (np.sum, (V[:2],), "E410"),
        (np.sum, (V, V), "E410"),
    ):
        with pytest.raises(calcgrad.CalcgradError) as told:
            calcgrad.hvp(f, (X,), tangents)
        assert told.value.diagnostic.code == code
    with pytest.raises(calcgrad.CalcgradError) as told:
        calcgrad.hvp(lambda x: float(x) ** 2, (1,), (1.0,))
    assert told.value.diagnostic.code == "E400"


@pytest.mark.parametrize(
    ("partial", "letter", "found"),
    [
        ("where(a < 0, a^2, 0)", "a", "where(a < 0, 2*a, 0)"),
        ("-y/b", "y", "-1/b"),
        ("1", "a", None),
        ("cos(a)", "y", None),
    ],
)
def test_partials_of_partials(partial: str, letter: str, found: str | None) -> None:
    slope = derived(parsed(partial), letter)
    if found is None:
        assert slope is None
        return
    assert slope is not None
    for value in (-1.5, 0.5):
        names = {"a": value, "b": 3.0, "y": 0.25}
        assert _value(slope, names) == pytest.approx(_value(parsed(found), names))


def _value(root: Any, names: dict[str, float]) -> float:
    from calcgrad.expression.nodes import Number
    from calcgrad.systems.base import FLOAT64

    if isinstance(root, Name):
        return names[root.name]
    if isinstance(root, Number):
        return float(root.value)
    args = [_value(a, names) for a in root.args]
    if root.op == "where":
        return args[1] if args[0] else args[2]
    return float(FLOAT64.function(root.op)(*args))
