"""Reductions and running sums, with their axes and keywords."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.numpy_names.measuring import Case, case

#: Its name since NumPy 2, and before.
TRAPEZOID: Any = getattr(np, "trapezoid", None) or np.trapz  # type: ignore[attr-defined]
REDUCTIONS = """
    sum prod mean var std max min amax amin ptp median nansum nanprod nanmean nanvar nanstd nanmax
    nanmin
""".split()
#: Which of them have a value without entries.
EMPTY = """
    sum prod nansum nanprod
""".split()


def _reductions() -> list[Case]:
    found = []
    for name in REDUCTIONS:
        f: Any = getattr(np, name)
        full = f"numpy.{name}"
        found += [
            case(full, f, (5,)),
            case(full, f, (2, 3)),
            case(full, lambda x, f=f: f(x, axis=0), (4, 3)),
            case(full, lambda x, f=f: f(x, axis=-1, keepdims=True), (2, 4)),
            case(full, lambda x, f=f: f(x, axis=(0, 2)), (2, 3, 2)),
            case(full, lambda x, f=f: f(x, axis=(2, 0), keepdims=True), (2, 3, 2)),
            case(full, lambda x, f=f: f(x, None, keepdims=True), (2, 3)),
        ]
        if name not in ("var", "std", "nanvar", "nanstd"):
            found.append(case(full, f, (1,)))
        if name not in ("median", "std", "nanstd", "var", "nanvar"):
            found.append(case(full, f, ()))
        if name in EMPTY:
            found += [case(full, f, (0,)), case(full, lambda x, f=f: f(x, axis=1), (2, 0))]
        else:
            found.append(case(full, lambda x, f=f: f(x, axis=1), (0, 3)))
    return found


_GAP = np.array([[0.0, np.nan, 0.0, 0.0], [0.0, 0.0, 0.0, np.nan]])


def _with_gaps() -> list[Case]:
    return [
        case(f"numpy.{name}", lambda x, n=name: getattr(np, n)(x + _GAP, axis=1), (2, 4), single=False)
        for name in REDUCTIONS
        if name.startswith("nan")
    ]


def _quantiles() -> list[Case]:
    methods = (
        "linear",
        "lower",
        "higher",
        "midpoint",
        "nearest",
        "hazen",
        "weibull",
        "median_unbiased",
        "normal_unbiased",
    )
    methods = (*methods, "interpolated_inverted_cdf")
    return [
        *[
            case(
                "numpy.quantile",
                lambda x, m=m: np.quantile(x, [0.0, 0.31, 1.0], method=m),
                (6,),
                single=False,
            )
            for m in methods
        ],
        case("numpy.quantile", lambda x: np.quantile(x, 0.3), (5,), single=False),
        case("numpy.quantile", lambda x: np.quantile(x, 0.3, axis=0, keepdims=True), (5, 2), single=False),
        case("numpy.quantile", lambda x: np.quantile(x, [[0.1, 0.9]], axis=(0, 1)), (5, 2), single=False),
        case("numpy.percentile", lambda x: np.percentile(x, 37), (5,), single=False),
        case("numpy.percentile", lambda x: np.percentile(x, [25, 50, 75], axis=1), (2, 7), single=False),
        case(
            "numpy.percentile", lambda x: np.percentile(x, 50, axis=-1, keepdims=True), (2, 4), single=False
        ),
        case("numpy.median", lambda x: np.median(x, axis=1), (2, 4)),
    ]


CASES: list[Case] = [
    *_reductions(),
    *_with_gaps(),
    *_quantiles(),
    case("numpy.sum", lambda x: x.sum(axis=1), (2, 3)),
    case("numpy.sum", lambda x: np.sum(x, 0, keepdims=True), (2, 3)),
    case("numpy.sum", lambda x: np.sum(x, initial=2.0), (3,)),
    case("numpy.prod", lambda x: np.prod(x, axis=0, initial=2.0), (3, 2)),
    case("numpy.prod", lambda x: np.prod(x * np.array([1.0, 0.0, 2.0])), (3,)),
    case("numpy.max", lambda x: np.max(x, axis=1, initial=1.5), (3, 2)),
    case("numpy.max", lambda x: np.max(x, initial=1.5) * x.sum(), (0,), single=False),
    case("numpy.min", lambda x: np.min(x, axis=0, initial=1.5), (3, 2)),
    case("numpy.min", lambda x: x.min(), (3, 2)),
    case("numpy.mean", lambda x: x.mean(axis=0), (3, 2)),
    case("numpy.var", lambda x: np.var(x, ddof=1), (5,)),
    case("numpy.var", lambda x: np.var(x, axis=1, ddof=1, keepdims=True), (2, 5)),
    case("numpy.var", lambda x: x.var(axis=0), (3, 2)),
    case("numpy.std", lambda x: np.std(x, ddof=1), (5,)),
    case("numpy.std", lambda x: np.std(x, axis=0, ddof=2), (5, 2)),
    case("numpy.nanvar", lambda x: np.nanvar(x, ddof=1), (5,)),
    case("numpy.nanstd", lambda x: np.nanstd(x, axis=0, ddof=1), (5, 2)),
    case("numpy.average", np.average, (4,)),
    case("numpy.average", lambda x: np.average(x, axis=0, keepdims=True), (3, 2)),
    case("numpy.average", lambda x, w: np.average(x, weights=w), (4,), (4,)),
    case("numpy.average", lambda x, w: np.average(x, axis=1, weights=w), (2, 3), (3,)),
    case("numpy.average", lambda x, w: np.average(x, axis=0, weights=w, returned=True), (2, 3), (2, 3)),
    case("numpy.average", lambda x: np.average(x, returned=True), (2, 3)),
    case("numpy.cumsum", np.cumsum, (4,)),
    case("numpy.cumsum", np.cumsum, (2, 3)),
    case("numpy.cumsum", np.cumsum, ()),
    case("numpy.cumsum", np.cumsum, (0,)),
    case("numpy.cumsum", lambda x: np.cumsum(x, axis=0), (3, 2)),
    case("numpy.cumsum", lambda x: x.cumsum(axis=-1), (2, 3)),
    case("numpy.cumprod", np.cumprod, (5,)),
    case("numpy.cumprod", np.cumprod, (2, 3)),
    case("numpy.cumprod", np.cumprod, (0,)),
    case("numpy.cumprod", lambda x: np.cumprod(x, axis=-1), (2, 4)),
    case("numpy.cumprod", lambda x: np.cumprod(x * np.array([1.0, 0.0, 2.0, 0.0])), (4,)),
    case(f"numpy.{TRAPEZOID.__name__}", TRAPEZOID, (5,)),
    case(f"numpy.{TRAPEZOID.__name__}", lambda y: TRAPEZOID(y, dx=0.5, axis=0), (4, 2)),
    case(f"numpy.{TRAPEZOID.__name__}", TRAPEZOID, (4,), (4,)),
    case(f"numpy.{TRAPEZOID.__name__}", lambda y, x: TRAPEZOID(y, x, axis=1), (2, 4), (4,)),
    case(f"numpy.{TRAPEZOID.__name__}", lambda y, x: TRAPEZOID(y, x, axis=0), (4, 2), (4, 2)),
    case("numpy.cov", np.cov, (2, 5)),
    case("numpy.cov", np.cov, (5,)),
    case("numpy.cov", lambda x, y: np.cov(x, y, bias=True), (5,), (5,)),
    case("numpy.cov", lambda x: np.cov(x, rowvar=False, ddof=0), (5, 2)),
    case("numpy.corrcoef", np.corrcoef, (2, 5)),
    case("numpy.corrcoef", np.corrcoef, (5,), (5,)),
    case("numpy.add", np.add.reduce, (3, 2)),
    case("numpy.add", lambda x: np.add.reduce(x, axis=None), (3, 2)),
    case("numpy.add", np.add.accumulate, (3, 2)),
    case("numpy.add", np.add.outer, (3,), (2, 2)),
    case("numpy.multiply", lambda x: np.multiply.reduce(x, axis=1, keepdims=True), (3, 2)),
    case("numpy.multiply", lambda x: np.multiply.accumulate(x, axis=1), (2, 3)),
    case("numpy.multiply", np.multiply.outer, (3,), (2,)),
    case("numpy.subtract", np.subtract.outer, (3,), (2,)),
    case("numpy.maximum", lambda x: np.maximum.reduce(x, axis=0), (3, 2)),
    case("numpy.maximum", np.maximum.accumulate, (6,)),
    case("numpy.minimum", lambda x: np.minimum.accumulate(x, axis=1), (2, 5)),
    case("numpy.minimum", lambda x: np.minimum.reduce(x, axis=None), (3, 2)),
    case("numpy.logaddexp", np.logaddexp.reduce, (4,)),
    case("numpy.logaddexp", lambda x: np.logaddexp.reduce(x, axis=1, keepdims=True), (2, 4)),
]
if hasattr(np, "cumulative_sum"):  # since NumPy 2.1
    CASES += [
        case("numpy.cumulative_sum", np.cumulative_sum, (4,)),
        case("numpy.cumulative_sum", lambda x: np.cumulative_sum(x, axis=1, include_initial=True), (2, 3)),
        case("numpy.cumulative_prod", np.cumulative_prod, (4,)),
        case("numpy.cumulative_prod", lambda x: np.cumulative_prod(x, axis=0, include_initial=True), (3, 2)),
    ]
