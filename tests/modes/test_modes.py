"""Costs of the modes: what is extrapolated says so, counts are those of the mathematics, truths come from mpmath."""

from __future__ import annotations

import json

import mpmath
import numpy
import pytest

from calcgrad.functions.expression import Expression
from calcgrad.functions.lowering import lower
from calcgrad.functions.python import PythonFunction
from calcgrad.methods.reverse_ad import sweeps
from calcgrad.modes import counting, measuring, stories, timing, unfolding
from calcgrad.modes.fitting import growths, slope
from calcgrad.modes.memory import memory_story
from calcgrad.modes.passes import forward_entries, gradient, passes
from calcgrad.render import modes
from calcgrad.report.modes import ModeRow, ModesReport
from tests.render.test_render import validator


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever takes any time at all is unbearable, and arrays of some entries are large."""
    monkeypatch.setattr(measuring, "BEARABLE", 0.0)
    monkeypatch.setattr(measuring, "LARGE", 10)


def test_what_is_not_run_is_extrapolated_and_says_so(impatient: None) -> None:
    story = stories.parameters_story((20, 50))
    validator("compare-modes").validate(json.loads(json.dumps(modes.contract(ModesReport((story,))))))
    for row in story.rows:
        if row.mode == "reverse-ad":
            assert (row.extrapolated, row.passes, row.seconds_interval) == (False, 1, None)
            continue
        assert row.extrapolated
        assert row.passes == row.inputs * (2 if row.mode == "central-difference" else 1)
        assert row.seconds is not None
        assert row.seconds_interval is not None
        assert row.seconds_interval[0] <= row.seconds <= row.seconds_interval[1]
        assert "extrapolated from" in (row.note or "")
    assert "50 forward passes would take" in story.words[0]
    assert "; one backward pass took" in story.words[0]
    assert not any(g.mode == "forward-ad" for g in story.growth)  # nothing is fitted to what a law made


def test_large_arrays_have_the_gradient_of_the_others() -> None:
    function = stories.text_function("sum(w*sin(w))", {"w": (7,)})
    flat = numpy.linspace(0.5, 1.5, 7)
    (adjoints,) = passes("reverse-ad", function, flat)()
    true = [float(mpmath.sin(w) + w * mpmath.cos(w)) for w in map(mpmath.mpf, flat)]
    assert gradient(adjoints, function) == pytest.approx(true, rel=1e-15)
    assert forward_entries(function, flat, 3) == pytest.approx(true[:3], rel=1e-15)
    differences = [entry for (entry,) in passes("central-difference", function, flat)()]
    assert differences == pytest.approx(true, rel=1e-8)


def test_a_forward_pass_through_a_matrix_counts_its_products() -> None:
    picture = numpy.arange(4.0)
    w = numpy.ones((4, 3))
    function = PythonFunction(lambda w: numpy.sum(picture @ w), "f", ("w",), [w])
    from calcgrad.modes.passes import forward_sweeps

    whole, before = counting.of_sweeps(forward_sweeps, function, [w], most=1)
    assert before == 4 * 3 + 3  # the product, and the sum of its three entries
    assert whole - before == 4 * 3 + 3


def test_a_constant_cotangent_may_meet_recorded_values() -> None:
    """An array plus a recorded array was once an array of recorded numbers, and the count of this network did not end."""

    def f(w: numpy.ndarray) -> object:
        scores = numpy.ones((3, 4)) @ w
        chances = scores - numpy.logaddexp.reduce(scores, axis=1, keepdims=True)
        return -numpy.mean(chances[numpy.arange(3), numpy.array([0, 1, 1])])

    w = numpy.ones((4, 2))
    whole, before = counting.of_sweeps(sweeps, PythonFunction(f, "f", ("w",), [w]), [w])
    assert before < whole < 400


def test_the_growth_of_the_written_out_formula_obeys_its_law() -> None:
    counts = [
        counting.calls(unfolding.differentiate(unfolding.iterated(n), "x").formula) for n in range(1, 9)
    ]
    assert [unfolding.operations_beyond(counts[:2], k) for k in range(1, 7)] == counts[2:]
    assert counting.calls(unfolding.iterated(8)) == 3 * (2**8 - 1)
    lowered = lower(unfolding.iterated(6), ["x"])
    assert [step.op for step in unfolding.iterated_tape(6).steps].count("mul") == 12
    assert len(unfolding.iterated_tape(6).steps) == len(lowered.steps) == 18


@pytest.mark.parametrize("n", [1, 3, 10])
def test_the_slope_of_the_iterated_map(n: int) -> None:
    def whole(x: mpmath.mpf) -> mpmath.mpf:
        for _ in range(n):
            x = 4 * x * (1 - x)
        return x

    with mpmath.workdps(60):
        true = float(mpmath.diff(whole, mpmath.mpf(0.3)))
    assert unfolding.slope(n) == pytest.approx(true, rel=1e-14)
    tape_row = unfolding._on_tape(n).row
    assert tape_row.max_rel_error is not None
    assert tape_row.max_rel_error < 1e-16 * 4 ** (n + 2)


def test_checkpoints_save_memory() -> None:
    story = memory_story(sizes=(16, 64))
    rows = {(row.mode, row.size): row for row in story.rows}
    assert rows["with checkpoints", 64].bytes < rows["reverse-ad", 64].bytes / 2  # type: ignore[operator]
    assert "is that of reverse-ad, exactly" in (rows["with checkpoints", 64].note or "")


def test_an_exponent_and_its_interval() -> None:
    """The slope of Anscombe's first set is 0.5001 with a standard error of 0.1179 (Anscombe, 1973); t for 9 degrees is 2.262."""
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]
    found, half = slope(list(zip(map(float, x), y, strict=True)))
    assert found == pytest.approx(0.5001, abs=1e-4)
    assert half == pytest.approx(2.262 * 0.1179, abs=3e-4)


def test_growth_is_fitted_to_all_rounds() -> None:
    rows = [ModeRow("reverse-ad", n, 1, passes=1, seconds=n * 1e-6) for n in (1, 10, 100)]
    times = {("reverse-ad", n): (n * 1e-6, n * 1.1e-6) for n in (1, 10, 100)}
    (growth,) = [g for g in growths(rows, "inputs", times) if g.of == "seconds"]
    assert growth.exponent == pytest.approx(1.0)
    assert growth.interval[0] < 1.0 < growth.interval[1]


def test_rounds_are_interleaved_and_warm() -> None:
    seen: list[str] = []
    found = timing.rounds([lambda: seen.append("a"), lambda: seen.append("b")], budget=0.0)
    assert "".join(seen) == "ab" * 4
    assert [len(times) for times in found] == [3, 3]


def test_the_network_has_the_weights_of_the_lesson() -> None:
    assert stories.WEIGHTS == 784 * 128 + 128 * 10 == 101_632


def test_a_function_of_text_and_a_function_in_python_count_alike() -> None:
    text = stories.text_function("sum(w*sin(w))", {"w": (5,)})
    w = numpy.linspace(0.5, 1.5, 5)
    python = PythonFunction(lambda w: numpy.sum(w * numpy.sin(w)), "f", ("w",), [w])
    assert isinstance(text, Expression)
    assert counting.of_sweeps(sweeps, text, [w]) == counting.of_sweeps(sweeps, python, [w])
