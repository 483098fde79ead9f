"""Polynomials by their coefficients, quantiles that leave nan out, sets, ufuncs with ``where=`` and entry after entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.numpy_names.measuring import Case, case

MASK = np.array([True, False, True, True])
#: Without this, NumPy 2.4 warns that it leaves some entries as it finds them.
KEPT: dict[str, Any] = {"out": None} if np.lib.NumpyVersion(np.__version__) >= "2.4.0" else {}
HOLES = np.array([[0.0, np.nan, 0.0, 0.0, 0.0], [np.nan, np.nan, 0.0, 0.0, 0.0]])


def _holes(x: Any) -> Any:
    return x + HOLES.astype(x.dtype)


def _chosen(f: Any) -> Any:
    """Only what was computed counts: NumPy leaves the rest as it finds it."""
    return lambda x: np.where(MASK, f(x), 0.5)


POLYNOMIALS: list[Case] = [
    case("numpy.polyadd", np.polyadd, (3,), (5,), single=False),
    case("numpy.polyadd", lambda p: np.polyadd(p, [1.0, 2.0]), (4,), single=False),
    case("numpy.polyadd", lambda p: np.polyadd(p[0], p) * p, (3,), single=False),
    case("numpy.polysub", np.polysub, (4,), (2,), single=False),
    case("numpy.polymul", np.polymul, (3,), (4,), single=False),
    case("numpy.polymul", lambda p: np.polymul(np.concatenate([np.zeros(2), p]), p), (3,), single=False),
    case("numpy.polyder", np.polyder, (5,), single=False),
    case("numpy.polyder", lambda p: np.polyder(p, 2) * p[1], (4,), single=False),
    case("numpy.polyint", np.polyint, (4,), single=False),
    case("numpy.polyint", lambda p, k: np.polyint(p, 2, k), (3,), (2,), single=False),
    case("numpy.polyint", lambda p: np.polyint(p, 2, 3.0), (3,), single=False),
    case("numpy.polydiv", lambda u, v: np.polydiv(u, v), (5,), (2,), single=False),
    case("numpy.polydiv", lambda u: np.polydiv(u, [1.0, 0.5, 2.0])[1], (4,), single=False),
    case("numpy.polydiv", lambda v: np.polydiv([1.0, 2.0], v), (3,), single=False),
    case("numpy.polyval", lambda p, x: np.polyval(np.poly1d(p), x), (3,), (2,), single=False),
    case("numpy.polyval", lambda p: (np.poly1d(p) * np.poly1d([1.0, -1.0]) + p[0])(0.7), (3,), single=False),
    case("numpy.polyval", lambda p: np.poly1d(p).deriv()(p), (4,), single=False),
    case("numpy.polyval", lambda p: np.poly1d(p)(np.poly1d([1.0, 2.0])).coeffs, (3,), single=False),
    case("numpy.trim_zeros", lambda x: np.trim_zeros(np.concatenate([np.zeros(2), x, np.zeros(1)])), (3,), single=False),
    case("numpy.trim_zeros", lambda x: np.trim_zeros(np.concatenate([np.zeros(2), x]), "b"), (3,), single=False),
]  # fmt: skip
QUANTILES: list[Case] = [
    case("numpy.nanmedian", np.nanmedian, (5,), single=False),
    case("numpy.nanmedian", lambda x: np.nanmedian(_holes(x), axis=1), (2, 5), single=False),
    case("numpy.nanmedian", lambda x: np.nanmedian(_holes(x), axis=0, keepdims=True)[:, 2:], (2, 5), single=False),
    case("numpy.nanmedian", lambda x: np.nanmedian(_holes(x)), (2, 5), single=False),
    case("numpy.nanquantile", lambda x: np.nanquantile(_holes(x), 0.3, axis=1), (2, 5), single=False),
    case("numpy.nanquantile", lambda x: np.nanquantile(_holes(x), [0.1, 0.9], axis=1), (2, 5), single=False),
    case("numpy.nanquantile", lambda x: np.nanquantile(x, 0.4, method="lower"), (5,), single=False),
    case("numpy.nanpercentile", lambda x: np.nanpercentile(_holes(x), [30.0, 60.0]), (2, 5), single=False),
]  # fmt: skip
SETS: list[Case] = [
    case("numpy.unique", np.unique, (5,)),
    case("numpy.unique", lambda x: np.unique(x, return_inverse=True, return_counts=True)[0], (2, 3)),
    case("numpy.unique", lambda x: x[np.unique(x, return_index=True)[1]] * np.arange(4), (4,), single=False),
    case("numpy.unique", lambda x: np.unique(x)[np.unique(x, return_inverse=True)[1]], (4,)),
    case("numpy.union1d", lambda x, y: np.union1d(x, y + 3.0), (3,), (2,)),
    case("numpy.setdiff1d", lambda x: np.setdiff1d(x, [7.0, 8.0]), (4,)),
    case("numpy.apply_over_axes", lambda x: np.apply_over_axes(np.sum, x * x, [0, 2]), (2, 3, 2)),
    case("numpy.apply_over_axes", lambda x: np.apply_over_axes(np.cumsum, x, 1), (2, 3)),
]
if hasattr(np, "unique_values"):
    # In any order, since NumPy 2.3: a set of numbers is what its sorted entries are.
    SETS.append(case("numpy.unique_values", lambda x: np.sort(np.unique_values(x)), (5,)))
WHERE: list[Case] = [
    *[
        case(f"numpy.{name}", _chosen(lambda x, f=name: getattr(np, f)(x, where=MASK, **KEPT)), (4,))
        for name in ("sin", "log", "sqrt", "absolute", "sign", "reciprocal", "square", "conjugate", "arcsinh")
    ],
    *[
        case(f"numpy.{name}", _chosen(lambda x, f=name: getattr(np, f)(x, x[::-1], where=MASK, **KEPT)), (4,))
        for name in ("add", "divide", "power", "hypot", "arctan2", "fmod", "logaddexp", "copysign", "fmax")
    ],
    case("numpy.log", lambda x: np.sum(np.where(x > 1.0, np.log(x - 1.0, where=x > 1.0, **KEPT), 0.0)), (5,)),
    case("numpy.add", lambda x: np.add(x, 1.0, casting="same_kind", order="C"), (3,)),
]
METHODS: list[Case] = [
    *[
        case(f"numpy.{name}", lambda x, f=name: getattr(np, f).reduce(x), (4,))
        for name in ("fmin", "fmax", "hypot", "logaddexp2", "fmod")
    ],
    *[
        case(f"numpy.{name}", lambda x, f=name: getattr(np, f).reduce(x, axis=1, keepdims=True), (2, 3))
        for name in ("fmin", "fmax", "hypot", "logaddexp2", "divide", "copysign")
    ],
    *[
        case(f"numpy.{name}", lambda x, f=name: getattr(np, f).accumulate(x, axis=-1), (2, 4))
        for name in ("fmin", "fmax", "hypot", "logaddexp", "logaddexp2", "divide")
    ],
    case("numpy.divide", lambda x: np.divide.reduce(x, initial=2.0), (4,), single=False),
    case("numpy.fmin", lambda x: np.fmin.reduce(_holes(x), axis=1), (2, 5)),
    case("numpy.fmax", lambda x: np.fmax.reduce(_holes(x), axis=0)[2:], (2, 5)),
    case("numpy.logaddexp", lambda x: np.logaddexp.reduce(x, where=MASK), (4,)),
    case("numpy.logaddexp", lambda x: np.logaddexp.reduce(x, axis=1, initial=0.3), (2, 3), single=False),
]
CASES: list[Case] = [*POLYNOMIALS, *QUANTILES, *SETS, *WHERE, *METHODS]
