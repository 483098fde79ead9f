"""The table proves itself, and the proof is proved: partials made wrong on purpose are caught."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from calcgrad.checking.table.proofs import RowSubject, prove, prove_partial, prove_value, subjects
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.report.proofs import ProofReport
from tests.checking.table.mutating import mutate

pytestmark = pytest.mark.slow


def test_every_row_of_the_table_is_proved() -> None:
    report = ProofReport(tuple(prove(points=3, seed=7, symbolic=False)))
    assert [row for row in report.rows if row.verdict != "right"] == []
    assert {row.points for row in report.rows} == {3}
    assert len(report.rows) > 280


def test_sympy_proves_a_partial_as_a_formula() -> None:
    subject = next(s for s in subjects(2) if s.row.name == "tan")
    assert prove_partial(subject, 0, "1 + y^2", symbolic=True).proof == "symbolic"


def test_wrong_partials_are_caught() -> None:
    """Three mutants of each row, at six points; one that changes nothing at any point is no mutant."""
    random, caught, survivors = Random(5), 0, []
    for subject in subjects(6, seed=5):
        mutants = [m for m in mutate(subject) if not m.same]
        for mutant in random.sample(mutants, min(3, len(mutants))):
            caught += mutant.caught
            if not mutant.caught:
                survivors.append(mutant)
    print(f"{caught} of {caught + len(survivors)} mutants caught")
    assert survivors == []
    assert caught > 300


def _planted(name: str, **changes: object) -> RowSubject:
    subject = next(s for s in subjects(4) if s.row.name == name)
    row = subject.row
    assert isinstance(row, Elementwise)
    return RowSubject(replace(row, **changes), subject.points)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "wrong"), [("sin", "sin(a)"), ("tan", "1 - y^2"), ("exp", "2*y")])
def test_a_wrong_partial_planted_in_the_table_is_refuted(name: str, wrong: str) -> None:
    assert prove_partial(_planted(name, partials=(wrong,)), 0, wrong, symbolic=False).verdict == "wrong"


def test_a_proof_without_points_proves_nothing() -> None:
    assert isinstance(OPERATIONS["sin"], Elementwise)
    empty = RowSubject(OPERATIONS["sin"], [])
    assert prove_value(empty).verdict == "wrong"
    assert prove_partial(empty, 0, "cos(a)", symbolic=False).verdict == "wrong"


def test_a_wrong_value_planted_in_the_table_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    from calcgrad.checking.table import proofs

    class Wrong:
        @staticmethod
        def function(name: str) -> object:
            return lambda x: x

    subject = _planted("sin")
    monkeypatch.setattr(proofs, "FLOAT64", Wrong)
    assert prove_value(subject).verdict == "wrong"
