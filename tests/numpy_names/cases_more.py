"""Borders, ``where=`` and ``dtype=`` in reductions, ``reduceat``, eigenvalues of any matrix, polynomials, even ratios."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.numpy_names.cases_linalg import regular
from tests.numpy_names.measuring import NUMPY_1, Case, case

MASK = np.array([[True, False, True, True], [False, True, True, False]])


def _borders() -> list[Case]:
    found = [
        case("numpy.pad", lambda x: np.pad(x, (2, 3), "linear_ramp"), (3,)),
        case("numpy.pad", lambda x: np.pad(x, 2, "linear_ramp", end_values=(1.0, -2.0)), (3,)),
        case("numpy.pad", lambda x: np.pad(x, ((1, 2), (0, 3)), "linear_ramp"), (2, 3)),
        case("numpy.pad", lambda x: np.pad(x, (2, 1), "empty")[2:-1], (3,)),
        case("numpy.pad", lambda x: np.pad(x, 1, "mean", stat_length=((2, 3),)), (4,)),
    ]
    for mode in ("maximum", "minimum", "mean", "median"):
        found += [
            case("numpy.pad", lambda x, m=mode: np.pad(x, (2, 1), m), (4,)),
            case("numpy.pad", lambda x, m=mode: np.pad(x, ((1, 2), (0, 3)), m), (2, 3)),
            case("numpy.pad", lambda x, m=mode: np.pad(x, 2, m, stat_length=2), (5,)),
        ]
    for mode in ("reflect", "symmetric"):
        found += [
            case("numpy.pad", lambda x, m=mode: np.pad(x, (2, 1), m, reflect_type="odd"), (4,)),
            case("numpy.pad", lambda x, m=mode: np.pad(x, ((1, 2), (0, 3)), m, reflect_type="odd"), (3, 4)),
            case("numpy.pad", lambda x, m=mode: np.pad(x, (7, 5), m, reflect_type="odd"), (3,)),
        ]
    return found


def _left_out() -> list[Case]:
    found = []
    for name in ("sum", "prod", "mean", "var", "std"):
        f: Any = getattr(np, name)
        found += [
            case(f"numpy.{name}", lambda x, f=f: f(x, where=MASK), (2, 4)),
            case(f"numpy.{name}", lambda x, f=f: f(x, axis=1, where=MASK), (2, 4)),
            case(f"numpy.{name}", lambda x, f=f: f(x, axis=0, where=x[:1] > 0.1, keepdims=True), (3, 2)),
            case(f"numpy.{name}", lambda x, f=f: f(x, dtype=np.float64), (2, 3), single=False),
        ]
    for name in ("max", "min"):
        f = getattr(np, name)
        found.append(case(f"numpy.{name}", lambda x, f=f: f(x, axis=1, where=MASK, initial=1.2), (2, 4)))
    return [
        *found,
        case("numpy.var", lambda x: np.var(x, axis=1, ddof=1, where=MASK), (2, 4)),
        case("numpy.sum", lambda x: np.sum(x, where=MASK, initial=2.0), (2, 4)),
        case("numpy.sum", lambda x: x.sum(axis=0, where=x > 1.0), (3, 2)),
        case("numpy.sum", lambda x: np.add.reduce(x, axis=1, where=MASK), (2, 4)),
        case("numpy.cumsum", lambda x: np.cumsum(x, dtype=np.float64), (4,), single=False),
        case("numpy.add", lambda x: np.add(x, x, dtype=np.float64) * x, (4,), single=False),
        case("numpy.nancumsum", lambda x: np.nancumsum(np.where(x > 1.5, x, np.nan)), (5,)),
        case("numpy.nancumsum", lambda x: np.nancumsum(x, axis=1), (2, 3)),
        case("numpy.nancumprod", lambda x: np.nancumprod(np.where(x > 1.5, x, np.nan)), (5,)),
        case("numpy.subtract", lambda x: np.subtract.reduce(x), (5,)),
        case("numpy.subtract", lambda x: np.subtract.reduce(x, axis=1, keepdims=True), (2, 3)),
        case("numpy.subtract", lambda x: np.subtract.accumulate(x), (5,)),
        case("numpy.subtract", lambda x: np.subtract.accumulate(x, axis=1), (2, 3)),
    ]


def _from_place_to_place() -> list[Case]:
    found = []
    for name in ("add", "multiply", "maximum", "minimum"):
        f: Any = getattr(np, name)
        found += [
            case(f"numpy.{name}", lambda x, f=f: f.reduceat(x, [0, 2, 3]), (5,)),
            case(f"numpy.{name}", lambda x, f=f: f.reduceat(x, [1, 3]), (5,)),
            case(f"numpy.{name}", lambda x, f=f: f.reduceat(x, [0, 3, 1, 4, 4]), (5,)),
            case(f"numpy.{name}", lambda x, f=f: f.reduceat(x, [0, 2], axis=1), (2, 4)),
        ]
    return found


TURN = np.array([[0.0, 2.0, 0.1], [-2.0, 0.3, 0.0], [0.0, 0.2, 4.0]])

CASES: list[Case] = [
    *_borders(),
    *_left_out(),
    *_from_place_to_place(),
    case("numpy.linalg.eig", lambda a: np.linalg.eig(regular(a)), (3, 3)),
    case("numpy.linalg.eig", lambda a: np.linalg.eig(0.1 * a + TURN.astype(a.dtype)), (3, 3)),
    case("numpy.linalg.eig", lambda a: np.linalg.eig(regular(a)), (2, 3, 3)),
    case("numpy.linalg.eigvals", lambda a: np.linalg.eigvals(regular(a)), (4, 4)),
    case("numpy.linalg.eigvals", lambda a: np.linalg.eigvals(0.1 * a + TURN.astype(a.dtype)), (3, 3)),
    case("numpy.linalg.eigvals", lambda a: np.abs(np.linalg.eigvals(a + 1j * a.T)) ** 2, (3, 3)),
    case("numpy.roots", lambda p: np.roots(p * np.array([1.0, 6.0, 11.0, 6.0], p.dtype)), (4,), single=False),
    case("numpy.roots", lambda p: np.roots(p), (4,), single=False),
    case(
        "numpy.roots", lambda p: np.roots(np.concatenate([np.zeros(2), p, np.zeros(1)])), (3,), single=False
    ),
    case("numpy.poly", np.poly, (4,)),
    case("numpy.polyfit", lambda x, y: np.polyfit(x, y, 2), (6,), (6,), single=False),
    case("numpy.polyfit", lambda y: np.polyfit(np.arange(5.0), y, 1), (5, 2), single=False),
    case("numpy.polyfit", lambda y, w: np.polyfit(np.arange(5.0), y, 2, w=w), (5,), (5,), single=False),
    case("numpy.logspace", lambda a, b: np.logspace(a, b, 5), (), (), single=False),
    case("numpy.logspace", lambda a: np.logspace(0.0, a, 4, endpoint=False, base=2.0), (3,), single=False),
    case("numpy.geomspace", lambda a, b: np.geomspace(a, b, 5), (), (), single=False),
    case("numpy.geomspace", lambda a: np.geomspace(a, 8.0, 4, axis=1), (3,), single=False),
    *(
        []  # which raises, for signs of arrays
        if NUMPY_1
        else [
            case("numpy.geomspace", lambda a: np.geomspace(-a, -8.0, 3, endpoint=False), (2,), single=False)
        ]
    ),
    case("numpy.real_if_close", lambda x: np.real_if_close(x * (1 + 0j)), (3,)),
    case("numpy.real_if_close", lambda x: np.real_if_close(x), (3,)),
    case("numpy.real_if_close", lambda x: np.real_if_close(x * (1 + 1j)), (3,)),
    case("numpy.repeat", lambda x: np.repeat(x, 3, axis=0), ()),
    case("numpy.transpose", lambda x: np.transpose(x, 0) * x, (4,)),
    case("numpy.power", lambda x: np.array([1.5, 2.0], x.dtype) ** x, (2,)),
    case("numpy.power", lambda x: np.float64(1.5) ** x, (), single=False),
    case("numpy.power", lambda x: np.power([1.5, 2.0], x), (2,), single=False),
]
