"""A function of a free parameter: the derivatives that the table has stand beside those that it lacks."""

from __future__ import annotations

import mpmath
import pytest

import calcgrad
from calcgrad.expression.nodes import Call, Name
from calcgrad.functions.expression import Expression
from calcgrad.methods import method
from calcgrad.methods.protocol import Problem
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.report.estimates import Estimate
from calcgrad.systems.base import system

PARTLY = [
    row
    for row in OPERATIONS.values()
    if isinstance(row, Elementwise) and any(row.partials) and None in row.partials and row.sample
]


def middle(row: Elementwise) -> list[float]:
    """A point inside the domain: not the middle itself, where a polynomial may have its symmetry."""
    return [
        float(round(r.low + 0.6 * (r.high - r.low))) if r.whole else r.low + 0.6 * (r.high - r.low)
        for r in row.sample
    ]


def test_there_are_such_rows() -> None:
    assert {"lowergamma", "polylog", "legendre", "besselj"} <= {row.name for row in PARTLY}


@pytest.mark.parametrize("mode", ["forward-ad", "reverse-ad"])
@pytest.mark.parametrize("row", PARTLY, ids=lambda row: row.name)
def test_what_the_table_has_stands(row: Elementwise, mode: str) -> None:
    names = tuple("pqrs"[: row.arity])
    point = middle(row)
    function = Expression(Call(row.name, tuple(map(Name, names))), names)
    found = method(mode).derivatives(Problem(function, point, [(i,) for i in range(row.arity)]))
    assert isinstance(found, Estimate)
    value = system("mpmath").function(row.name)
    for i, partial in enumerate(row.partials):
        if partial is None:
            assert found.value[i] == [None]
            assert found.status[i] == ["skipped"]
            assert f"derivative of {row.name} in its argument {i + 1}" in found.note[i][0]
            continue
        with mpmath.workdps(40):
            exact = [mpmath.mpf(v) for v in point]
            truth = mpmath.diff(lambda t, i=i, exact=exact: value(*exact[:i], t, *exact[i + 1 :]), exact[i])
        assert found.value[i][0] == pytest.approx(float(truth), rel=1e-11)


def test_second_orders_too() -> None:
    report = calcgrad.diff("besselj(a, x)", at={"a": 2, "x": 1}, order=2)
    (point,) = report.points
    by = {(r.method, r.wrt): r for r in point.results}
    with mpmath.workdps(30):
        truth = float(mpmath.besselj(2, 1, 2))
    assert by["forward-ad", ("x", "x")].value == pytest.approx(truth, rel=1e-14)
    assert by["reverse-ad", ("x", "x")].value == pytest.approx(truth, rel=1e-14)
    assert by["reverse-ad", ("a", "x")].status == "skipped"


@pytest.mark.parametrize(
    ("text", "at", "parameter"),
    [
        ("lowergamma(a, x)", {"a": 2, "x": 1}, "a"),
        ("polylog(s, x)", {"s": 2, "x": 0.5}, "s"),
        ("hyp1f1(a, 2, x)", {"a": 1.5, "x": 0.5}, "a"),
    ],
)
def test_a_parameter_without_truth_is_told(text: str, at: dict[str, float], parameter: str) -> None:
    report = calcgrad.diff(text, at=at)
    (point,) = report.points
    (warning,) = [w for w in report.warnings if w.code == "W201"]
    assert f"d/d{parameter}" in warning.message
    assert any(line.startswith(f"d/d{parameter}: ") and "no truth" in line for line in point.explanation)


def test_a_free_degree_has_no_derivative() -> None:
    """Between whole numbers there is no polynomial: the derivative by the degree is no number, and is not passed off as right."""
    report = calcgrad.diff("legendre(n, x)", at={"n": 3, "x": 0.5})
    by = {row.wrt: row for row in report.points[0].truth}
    assert (by["n",].value, by["n",].verdict) == (None, "inconclusive")
    assert (by["x",].value, by["x",].verdict) == ("0.375", "agree")
