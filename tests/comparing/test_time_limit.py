"""``--timeout``: what is known when the time is up stands, and says what it lacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from time import perf_counter
from typing import Any

import mpmath
import pytest

import calcgrad
from calcgrad import deadline
from calcgrad.cli.exit_codes import of_report
from calcgrad.comparing import compute as computing
from calcgrad.comparing import looks as looking
from calcgrad.comparing import measured as measuring
from calcgrad.comparing.symbolic_truth import Answer, no_answer
from calcgrad.errors import CalcgradError
from calcgrad.methods.adaptive import METHOD as ADAPTIVE
from calcgrad.methods.forward_ad import METHOD as FORWARD
from calcgrad.methods.reverse_ad import METHOD as REVERSE
from calcgrad.sympy_process.questions import Value
from tests.cli.running import Streams


def endless(*_: Any, **__: Any) -> Any:
    while True:
        pass


def never_asked(patch: pytest.MonkeyPatch) -> None:
    """A worker of SymPy that is ready, and is never sent the question."""
    calcgrad.diff("sin(x)", at=1)
    patch.setattr("calcgrad.sympy_process.process.Client._write_ahead", lambda self: self.start())


def test_a_method_that_does_not_end_says_so_in_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ADAPTIVE, "derivatives", endless)
    report = calcgrad.diff("sin(x)", at=1, truth="certified", timeout=1.0)
    (point,) = report.points
    rows = {row.method: row for row in point.results}
    assert (rows["adaptive"].status, rows["adaptive"].value) == ("budget", None)
    assert rows["adaptive"].note == "the time was up first (--timeout)"
    assert rows["forward-ad"].value == pytest.approx(0.5403023058681398, rel=1e-15)
    assert (point.verdict, of_report(report)) == ("agree", 0)


def test_numbers_without_a_truth_are_inconclusive(monkeypatch: pytest.MonkeyPatch) -> None:
    never_asked(monkeypatch)  # first: its own question is answered in full
    monkeypatch.setattr("calcgrad.comparing.certified_truth._proofs", endless)
    report = calcgrad.diff("sin(x)*dawson(x)", at=3, timeout=0.6)
    (point,) = report.points
    assert [row.status for row in point.truth] == ["timeout"]
    assert (point.verdict, of_report(report)) == ("inconclusive", 5)
    assert "W201" in [w.code for w in report.warnings]


def test_points_that_were_not_reached_say_so_and_the_others_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """They had their value thrown away with all that was known of the others (E902)."""
    run = measuring.run_methods

    def slow(reading: Any, flat: Any, budget: Any, limit: Any) -> Any:
        done = run(reading, flat, budget, limit)
        while limit.left:
            pass
        return done

    monkeypatch.setattr(measuring, "run_methods", slow)
    report = calcgrad.diff("x^2", at="x=1:3:3", truth="none", timeout=0.5)
    assert [point.value for point in report.points] == [1.0, 4.0, 9.0]
    first, *rest = report.points
    assert {row.value for row in first.results if row.method == "forward-ad"} == {2.0}
    for point in rest:
        assert point.verdict == "inconclusive"
        assert "was not looked at closely" in point.explanation[0]
        assert all(row.value is None for row in point.results)


def test_nothing_at_all_is_an_error_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x: float) -> float:
        while True:
            pass

    with pytest.raises(CalcgradError) as caught:
        calcgrad.diff(f, at={"x": 2.0}, timeout=0.2)
    assert (caught.value.diagnostic.code, caught.value.exit_code) == ("E902", 4)
    monkeypatch.setattr(computing, "read", endless)
    done = Streams(monkeypatch).run("diff", "x^2", "--at", "2", "--timeout", "0.2", "--json")
    assert (done.code, json.loads(done.out)["error"]["code"]) == (4, "E902")


def test_no_row_and_no_truth_is_4(monkeypatch: pytest.MonkeyPatch) -> None:
    for method in (ADAPTIVE, FORWARD, REVERSE):
        monkeypatch.setattr(method, "derivatives", endless)
    monkeypatch.setattr("calcgrad.comparing.certified_truth._proofs", endless)
    chosen = "adaptive,forward-ad,reverse-ad"
    report = calcgrad.diff("sin(x)", at=1, methods=chosen, truth="certified", timeout=0.3)
    assert {row.status for row in report.points[0].results} == {"budget"}
    assert of_report(report) == 4


def test_a_point_that_was_not_examined_is_no_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking.Examiner, "findings", endless)
    report = calcgrad.diff("abs(x)", at=0, truth="certified", timeout=0.5)
    (point,) = report.points
    assert (point.verdict, of_report(report)) == ("inconclusive", 5)
    assert "was not looked at closely" in point.explanation[0]


def test_outputs_count_as_derivatives() -> None:
    with pytest.raises(CalcgradError) as caught:
        calcgrad.diff("[" + "x," * 60_000 + "x] + [y]", at="x=1, y=2")
    assert caught.value.diagnostic.code == "E330"


def test_sympy_is_not_asked_for_what_it_cannot_do_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "MOST_NODES_ASKED", 20)
    report = calcgrad.diff("+".join(["x"] * 21), at=2)
    (point,) = report.points
    assert (point.verdict, point.truth[0].value, point.truth[0].certified) == ("agree", "21", False)
    assert "SymPy is asked for functions of at most 20 operations" in (point.truth[0].note or "")


def waits_an_hour(patch: pytest.MonkeyPatch) -> None:
    """A wait for SymPy that takes longer than any time limit, by a clock that is put forward, and ends without an answer."""

    def asked(reading: Any, *_: Any) -> Callable[..., Answer]:
        def answered(within: float | None = None) -> Answer:
            patch.setattr(deadline, "perf_counter", lambda: perf_counter() + 3600)
            return no_answer(reading, "none within an hour")

        return answered

    patch.setattr(computing, "ask", asked)


#: text, point, the derivative in mpmath, the verdict, what is said of it.
WAITED: list[tuple[str, float, Callable[[Any], Any], str, str]] = [
    ("where(x + 1e-20 > 1, x^2, 3x)", 1.0, lambda x: 2 * x, "disagree", "rounding decides the comparison of"),
    ("where(sech(x), x, 2)", 4e4, lambda x: mpmath.mpf(1), "disagree", "rounding decides what sech(x) is"),
    (
        "sqrt(exp(-x)) + x",
        800.0,
        lambda x: 1 - mpmath.exp(-x / 2) / 2,
        "overflow",
        "a number leaves the range",
    ),
    (
        "(1 - cos(x))/x^2",
        1e-4,
        lambda x: mpmath.diff(lambda t: (1 - mpmath.cos(t)) / t**2, x),
        "disagree",
        "cancel",
    ),
    ("log(exp(x) - 1)", 800.0, lambda x: 1 + 1 / mpmath.expm1(x), "overflow", "exp(x) comes out as inf"),
]


@pytest.mark.parametrize(("text", "at", "true", "verdict", "said"), WAITED)
def test_a_verdict_does_not_hang_on_how_long_sympy_takes(
    text: str, at: float, true: Any, verdict: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits_an_hour(monkeypatch)
    report = calcgrad.diff(text, at=at)
    (point,) = report.points
    (row,) = point.truth
    with mpmath.workdps(40):
        assert mpmath.almosteq(mpmath.mpf(row.value), true(mpmath.mpf(at)), 1e-15)
    assert point.verdict == verdict
    assert said in " ".join(point.explanation)
    monkeypatch.undo()
    again = calcgrad.diff(text, at=at)
    assert (again.points[0].verdict, of_report(again)) == (point.verdict, of_report(report))


def test_a_value_that_sympy_has_not_found_in_time_is_arbs(monkeypatch: pytest.MonkeyPatch) -> None:
    """(x + 1e16) - 1e16 is x, and 0 in doubles at 1."""

    def asked(reading: Any, *_: Any) -> Callable[..., Answer]:
        late = no_answer(reading, "none in time")._replace(values=[Value("timeout")])
        return lambda within=None: late

    monkeypatch.setattr(computing, "ask", asked)
    (point,) = calcgrad.diff("(x + 1e16) - 1e16", at=1, truth="both", methods="forward-ad,symbolic").points
    assert (point.value, point.value_written) == (0.0, "1")


def test_what_is_kept_of_the_time_is_not_waited_away(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[float] = []

    def asked(reading: Any, *_: Any) -> Callable[..., Answer]:
        def answered(within: float = 0.0) -> Answer:
            told.append(within)
            return no_answer(reading, "none")

        return answered

    monkeypatch.setattr(computing, "ask", asked)
    calcgrad.diff("sin(x)*dawson(x)", at=3, timeout=30.0)
    assert 20 < told[0] < 29
