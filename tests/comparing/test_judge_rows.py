"""The judge on rows made by hand: where agreement ends is worked out from its own statement, 64 ulps and ten bounds."""

from __future__ import annotations

import math
from typing import Any

import pytest

from calcgrad.comparing.judge import Errors, Goal, errors, judge, right, right_digits
from calcgrad.comparing.rounding import Rounding
from calcgrad.comparing.words import wrong_row
from calcgrad.report.derivatives import Result, Tie, Truth

ULP = 2.0**-52
PLAIN = Rounding(1.0, ULP, 0.0, None, 1.0)


def row(method: str, value: float | None, **more: Any) -> Result:
    return Result(method, ("x",), value, **more)


def judged(
    rows: list[Result],
    truth: str | None = "1",
    rounding: Rounding | None = PLAIN,
    target: str | None = "as the truth",
    in_reverse: Rounding | None = None,
    **known: Any,
) -> tuple[tuple[Result, ...], Truth]:
    """The rows of one derivative, and the truth with its verdict."""
    goal = truth if target == "as the truth" else target
    given = Truth(("x",), **{"value": truth, "method": "certified", **known})
    results, (verdict,) = judge(rows, [given], [goal], lambda k: rounding, lambda k: in_reverse)
    return results, verdict


def verdict(*args: Any, **options: Any) -> str:
    return judged(*args, **options)[1].verdict


class TestExactRows:
    @pytest.mark.parametrize("method", ["forward-ad", "reverse-ad", "complex-step"])
    @pytest.mark.parametrize("sign", [1, -1])
    def test_64_ulps_times_the_condition(self, method: str, sign: int) -> None:
        for condition in (1.0, 1e4):
            rounding = PLAIN._replace(unit=condition * ULP)
            for ulps, expected in ((63.9, "agree"), (65.0, "disagree")):
                value = 1.0 + sign * math.ceil(ulps * condition) * ULP
                assert verdict([row(method, value)], rounding=rounding) == expected

    def test_what_may_be_zero_is_held_against_its_bound(self) -> None:
        for method in ("forward-ad", "adaptive"):
            bound = {"error_bound": 0.0} if method == "adaptive" else {}
            tiny = [row(method, 1e-90, **bound)]
            rounding = PLAIN._replace(unit=0.0)
            assert verdict(tiny, "0", rounding, radius="1e-80", digits=0) == "agree"
            assert verdict(tiny, "0", rounding, radius="1e-95", digits=0) == "disagree"

    def test_without_a_condition_a_thousandfold_is_allowed(self) -> None:
        assert verdict([row("forward-ad", 1.0 + 63_000 * ULP)], rounding=None) == "agree"
        assert verdict([row("forward-ad", 1.0 + 65_000 * ULP)], rounding=None) == "disagree"
        assert right(1.0 + 63_000 * ULP, "1", None)
        assert not right(1.0 + 65_000 * ULP, "1", None)

    def test_a_condition_that_is_not_finite_measures_nothing(self) -> None:
        for unit in (math.inf, math.nan):
            assert right(1.0 + 63_000 * ULP, "1", PLAIN._replace(unit=unit))
            assert not right(1.0 + 65_000 * ULP, "1", PLAIN._replace(unit=unit))

    def test_a_derivative_of_0_is_made_of_terms_of_size_1(self) -> None:
        assert right(63 * ULP, "0", None)
        assert not right(65 * ULP, "0", None)
        assert right(63e3 * ULP, "0", PLAIN._replace(unit=1e3 * ULP))

    def test_one_row_among_many_is_enough(self) -> None:
        rows = [row("reverse-ad", 1.0), row("complex-step", 1.0)]
        assert verdict([row("forward-ad", 1.1), *rows]) == "disagree"
        assert verdict([*rows, row("forward-ad", 1.1)]) == "disagree"
        assert verdict([*rows, row("forward-ad", None)]) == "agree"

    def test_a_plain_difference_never_makes_a_disagreement(self) -> None:
        for method in ("forward-difference", "central-difference"):
            assert verdict([row(method, 7.0), row("forward-ad", 1.0)]) == "agree"

    def test_the_formula_is_held_against_the_proof_elsewhere(self) -> None:
        assert verdict([row("symbolic", 7.0)]) == "agree"

    def test_a_complex_step_truncates(self) -> None:
        """Its error is f'''h^2/6; at a truth of 0 that is all there is."""
        step = 1e-6
        for error, expected in ((9e5 * step**2, "agree"), (1.1e6 * step**2, "disagree")):
            assert verdict([row("complex-step", error, step=step)], truth="0") == expected
        assert verdict([row("forward-ad", 9e5 * step**2, step=step)], truth="0") == "disagree"
        assert verdict([row("complex-step", 9e5 * step**2)], truth="0") == "disagree"

    def test_a_row_within_its_bounds_is_not_the_wrong_one(self) -> None:
        rows = [row("adaptive", 9.8e-12, error_bound=4.1e-11), row("complex-step", 1e-13, step=1e-50)]
        held, known = judged(rows, "0", PLAIN._replace(unit=0.0))
        assert known.verdict == "disagree"
        assert wrong_row(known, held).startswith("complex-step gives 1e-13")

    def test_a_value_that_is_not_finite_where_its_rounding_is_not_either_has_left_the_doubles(self) -> None:
        lost = PLAIN._replace(unit=math.inf)
        for value in (math.nan, math.inf):
            assert verdict([row("forward-ad", value)], rounding=lost) == "overflow"
            assert verdict([row("forward-ad", value)]) == "disagree"
        assert verdict([row("forward-ad", 7.0)], rounding=lost) == "disagree"

    def test_a_truth_beyond_the_doubles_is_an_overflow(self) -> None:
        for sign, expected in (("", "overflow"), ("-", "disagree")):
            assert verdict([row("forward-ad", math.inf)], truth=f"{sign}1e400") == expected
        assert verdict([], truth="-1e400") == "overflow"
        assert verdict([], truth="1e300") == "agree"


class TestNoDigit:
    TINY = PLAIN._replace(unit=1.0, largest=1e300)

    def test_a_row_without_one_right_digit_disagrees_whatever_the_condition(self) -> None:
        _, truth = judged([row("forward-ad", 3.0)], rounding=self.TINY)
        assert truth.verdict == "disagree"
        assert truth.note == (
            "no digit of forward-ad's 3.0 is right, the truth is 1.0: its terms cancel (cancellation)"
        )
        assert verdict([row("forward-ad", 1.05)], rounding=self.TINY) == "agree"

    @pytest.mark.parametrize(
        ("left", "words"),
        [
            ("overflow", "too large for the doubles (overflow)"),
            ("underflow", "too small for the doubles (underflow)"),
        ],
    )
    def test_what_left_the_doubles_is_the_reason(self, left: str, words: str) -> None:
        _, truth = judged([row("forward-ad", 3.0)], rounding=self.TINY._replace(left=left))
        assert truth.verdict == "disagree"
        assert (truth.note or "").endswith(words)
        _, truth = judged([row("forward-ad", 1e9)], rounding=PLAIN._replace(left=left))
        assert (truth.note or "").endswith(words)

    @pytest.mark.parametrize(
        ("truth", "reason"), [("1e-7", "(cancellation)"), ("1e-9", "(underflow)"), ("-1e-9", "(underflow)")]
    )
    def test_what_is_left_of_large_terms_may_be_too_small(self, truth: str, reason: str) -> None:
        """Beside terms of 1e300 the smallest double with all its bits is 2e-308 of them: 2e-8."""
        rounding = PLAIN._replace(unit=abs(float(truth)), largest=1e300)
        _, told = judged([row("forward-ad", 5 * float(truth))], truth=truth, rounding=rounding)
        assert told.verdict == "disagree"
        assert reason in (told.note or "")

    def test_the_smallest_doubles_have_no_digits_to_lose(self) -> None:
        assert verdict([row("forward-ad", 5e-324)], truth="1e-325") == "agree"

    def test_digits_that_rounding_of_the_point_takes_are_no_disagreement(self) -> None:
        """At the doubles the truth is 3, as written it is 1: what rows give of the first means nothing."""
        rows = [row("forward-ad", 1.0)]
        assert verdict(rows, truth="1", target="3") == "agree"
        assert verdict([row("forward-ad", 3.0)], truth="1", target="3") == "agree"
        assert verdict([row("forward-ad", 2.0)], truth="1", target="3") == "disagree"
        assert verdict([row("forward-ad", 1.0)], truth="1", target="1.05") == "disagree"

    def test_how_many_digits_are_right(self) -> None:
        assert right_digits(Errors(1e-3, 1e-3, 1.0)) == pytest.approx(3.0)
        assert right_digits(Errors(0.0, 0.0, 0.0)) == 17.0
        assert right_digits(Errors(1e-30, 1e-30, 0.0)) == 17.0
        assert right_digits(Errors(1e-3, None, 1.0)) == 0.0
        assert right_digits(Errors(5.0, 5.0, 1.0)) == 0.0

    @pytest.mark.parametrize(
        ("given", "written", "lost"),
        [
            ("1", "1", False),
            ("1.05", "1", False),
            ("1.2", "1", True),
            ("-1", "1", True),
            ("1e-400", "2e-400", True),
        ],
    )
    def test_a_goal_that_rounding_has_lost(self, given: str, written: str, lost: bool) -> None:
        assert Goal(given, written).lost is lost


class TestBounds:
    def test_ten_bounds_and_64_ulps(self) -> None:
        for error, expected in ((9.9e-6, "agree"), (10.1e-6, "disagree")):
            for sign in (1, -1):
                assert verdict([row("adaptive", 1.0 + sign * error, error_bound=1e-6)]) == expected
        assert verdict([row("adaptive", 1.0 + 60 * ULP, error_bound=0.0)]) == "agree"
        assert verdict([row("adaptive", 1.0 + 70 * ULP, error_bound=0.0)]) == "disagree"

    def test_only_who_claims_a_bound_is_held_to_it(self) -> None:
        assert verdict([row("adaptive", 5.0)]) == "agree"
        for status, expected in (
            ("ok", "disagree"),
            ("noisy", "disagree"),
            ("kink", "agree"),
            ("budget", "agree"),
        ):
            assert verdict([row("adaptive", 5.0, error_bound=1e-6, status=status)]) == expected

    def test_what_a_step_cannot_resolve(self) -> None:
        """Values end at 5e-324: over a step of 1e-10 a quotient of them at 5e-314."""
        near = row("adaptive", 100 * 5e-314, error_bound=0.0, step=1e-10)
        assert verdict([near], truth="1e-320", rounding=None) == "disagree"
        assert (
            verdict(
                [row("adaptive", 50 * 5e-314, error_bound=0.0, step=1e-10)], truth="1e-320", rounding=None
            )
            == "agree"
        )
        assert (
            verdict([row("adaptive", 50 * 5e-314, error_bound=0.0)], truth="1e-320", rounding=None)
            == "disagree"
        )


class TestAmongThemselves:
    """Where there is no truth: methods beside each other."""

    def of(self, *rows: Result, rounding: Rounding | None = None) -> str:
        return verdict(list(rows), truth=None, rounding=rounding, method=None)

    def test_two_that_agree_and_one_that_is_alone(self) -> None:
        two = [row("forward-ad", 1.0), row("reverse-ad", 1.0)]
        assert self.of(*two) == "agree"
        assert self.of(two[0]) == "unjudged"
        assert self.of() == "unjudged"
        assert self.of(row("central-difference", 1.0), two[0]) == "unjudged"
        assert (
            self.of(row("adaptive", 1.0, error_bound=1e-9), row("adaptive", 1.0, error_bound=1e-9))
            == "unjudged"
        )

    def test_rounding_apart(self) -> None:
        for ulps, rounding, expected in (
            (4, None, "agree"),
            (200_000, None, "agree"),
            (300_000, None, "inconclusive"),
            (60, PLAIN, "agree"),
            (70, PLAIN, "inconclusive"),
        ):
            rows = [row("forward-ad", 1.0), row("reverse-ad", 1.0 + ulps * ULP)]
            assert self.of(*rows, rounding=rounding) == expected
            assert self.of(*reversed(rows), rounding=rounding) == expected

    def test_one_beside_a_bound(self) -> None:
        for error, expected in ((9e-6, "agree"), (11e-6, "inconclusive")):
            for sign in (1, -1):
                beside = row("adaptive", 1.0 + sign * error, error_bound=1e-6)
                assert self.of(row("forward-ad", 1.0), beside) == expected
        assert (
            self.of(row("forward-ad", 1.0), row("adaptive", 1.0, error_bound=1e-6, status="noisy"))
            == "unjudged"
        )

    def test_what_is_no_number_or_no_derivative_decides_nothing(self) -> None:
        assert self.of(row("forward-ad", math.nan), row("reverse-ad", 1.0)) == "inconclusive"
        for status in ("kink", "jump"):
            assert self.of(row("forward-ad", 1.0, status=status), row("reverse-ad", 1.0)) == "inconclusive"


class TestConventions:
    TIE = Tie("abs(x)", "0 is taken")

    def kinked(self, value: float, method: str = "forward-ad", **more: Any) -> Result:
        known = {"verdict": "kink", "left": -1.0, "right": 1.0, "sides": "slope", "tie": self.TIE, **more}
        (result,), _ = judged([row(method, value)], truth=known.pop("value", None), target=None, **known)
        return result

    def test_a_number_at_a_kink_is_a_convention(self) -> None:
        assert (self.kinked(0.0).status, self.kinked(0.0).note) == (
            "kink",
            "a convention, not a derivative: 0 is taken",
        )
        assert self.kinked(0.0, verdict="jump", sides="value").status == "jump"
        assert self.kinked(0.0, verdict="jump", sides="slope").status == "kink"
        assert self.kinked(0.0, "complex-step").note == "no derivative: the function is not analytic here"
        assert self.kinked(0.0, "central-difference").status == "ok"
        assert self.kinked(0.0, tie=None).status == "ok"

    def test_what_is_no_number_there_is_undefined(self) -> None:
        for value in (math.nan, math.inf):
            assert self.kinked(value).status == "undefined"
            assert self.kinked(value).note == "the chain rule gives no number through abs(x) here"
        for kind in ("infinite", "boundary"):
            assert self.kinked(math.inf, verdict=kind).status == "ok"
            assert self.kinked(math.nan, verdict=kind).status == "undefined"

    def test_the_one_sided_slope_at_an_end_is_the_derivative(self) -> None:
        assert self.kinked(1.0, verdict="boundary", left=None).status == "ok"
        assert self.kinked(-1.0, verdict="boundary", left=-1.0, right=None).status == "ok"
        assert self.kinked(0.5, verdict="boundary", left=None).status == "kink"
        assert self.kinked(1.0).status == "kink"

    def test_a_bound_around_a_slope_that_is_infinite_is_taken_back(self) -> None:
        def told(value: float, **more: Any) -> Result:
            known = {"verdict": "infinite", "left": -math.inf, "right": math.inf, "sides": "slope", **more}
            (result,), _ = judged(
                [row("adaptive", value, error_bound=1e-6)], truth=None, target=None, **known
            )
            return result

        assert told(-40.0).error_bound is None
        assert "grows too slowly" in (told(-40.0).note or "")
        assert told(-40.0, verdict="boundary", left=None).error_bound is None
        for kept in (
            told(math.inf),
            told(-40.0, verdict="kink"),
            told(-40.0, right=2.0),
            told(-40.0, left=None, right=None),
            told(-40.0, sides="value"),
        ):
            assert kept.error_bound == 1e-6

    def test_forward_and_reverse_mode_have_the_same_convention(self) -> None:
        """At abs(x)*y, say: where they differ by more than rounding one of them is wrong."""

        def of(first: float, second: float) -> str:
            rows = [row("forward-ad", first, status="kink"), row("reverse-ad", second, status="kink")]
            return verdict(rows)

        assert of(0.0, 0.0) == "agree"
        assert of(0.0, 0.5) == "disagree"
        assert of(0.5, 0.0) == "disagree"
        assert of(0.5, 0.5 + 63 * ULP) == "agree"
        assert of(0.5, 0.5 + 65 * ULP) == "disagree"

    @pytest.mark.parametrize("rounding", [PLAIN, None])
    def test_the_same_convention_is_the_same_to_64_ulps_of_it(self, rounding: Rounding | None) -> None:
        for ulps, expected in ((63, "agree"), (65, "disagree")):
            for statuses in (("kink", "kink"), ("kink", "ok"), ("ok", "kink")):
                rows = [
                    row("forward-ad", 1.0, status=statuses[0]),
                    row("reverse-ad", 1.0 + ulps * ULP, status=statuses[1]),
                ]
                assert verdict(rows, rounding=rounding) == expected

    def test_only_the_rows_of_the_table_have_conventions(self) -> None:
        first = row("forward-ad", 0.0, status="kink")
        for other in (
            row("complex-step", 0.5, status="kink"),
            row("adaptive", 0.5, status="kink"),
            row("reverse-ad", None, status="kink"),
            row("reverse-ad", 0.5, status="undefined"),
        ):
            assert verdict([first, other]) == "agree"

    def test_two_derivatives_on_either_side_of_the_truth_are_no_conventions(self) -> None:
        rows = [row("forward-ad", 1.0 - 50 * ULP), row("reverse-ad", 1.0 + 50 * ULP)]
        assert verdict(rows) == "agree"

    @pytest.mark.parametrize("value", ["2", None])
    def test_the_derivative_itself_is_no_convention(self, value: str | None) -> None:
        """Where the derivative exists at a kink of some operation: rows that have it, and others, by the truth or the target."""
        found, _ = judged(
            [row("forward-ad", 2.0), row("reverse-ad", 1.0)], truth=value, target="2", tie=self.TIE
        )
        assert [each.status for each in found] == ["ok", "kink"]
        which = "a derivative" if value is None else "the derivative"
        assert found[1].note == f"a convention, not {which}: 0 is taken"
        found, _ = judged([row("forward-ad", 2.0), row("reverse-ad", 1.0)], "2", target=None, tie=self.TIE)
        assert [each.status for each in found] == ["ok", "kink"]


class TestReasons:
    """Why no digit is right: only where something took them all away is it said."""

    WIDE = PLAIN._replace(unit=1.0)

    @pytest.mark.parametrize("truth", ["1", "-1"])
    def test_one_bit_that_moves_it_by_all_of_it(self, truth: str) -> None:
        rounding = self.WIDE._replace(unit=0.5, cancels=False)
        _, told = judged([row("forward-ad", 3.0 * float(truth))], truth, rounding)
        assert told.note == (
            f"no digit of forward-ad's {3 * float(truth)!r} is right, the truth is {float(truth)!r}: "
            "one last bit of the numbers on the way moves it by 0.5"
        )

    @pytest.mark.parametrize(("truth", "shown"), [("1e-400", "1e-400"), ("-2.5e-420", "-2.5e-420")])
    def test_a_truth_that_is_no_double_has_its_own_digits(self, truth: str, shown: str) -> None:
        _, told = judged([row("forward-ad", 1.0)], truth, PLAIN._replace(left="underflow"))
        assert told.verdict == "disagree"
        assert f"the truth is {shown}: a number on the way is too small" in (told.note or "")

    @pytest.mark.parametrize("method", ["forward-ad", "adaptive"])
    def test_what_has_right_digits_has_lost_none(self, method: str) -> None:
        bound = {"error_bound": 1e-9} if method == "adaptive" else {}
        for value, left, said in (
            (1.001, "underflow", False),
            (3.0, None, False),
            (3.0, "underflow", True),
            (3.0, "overflow", True),
        ):
            _, told = judged([row(method, value, **bound)], rounding=PLAIN._replace(left=left))
            assert told.verdict == "disagree"
            assert (told.note is not None) is said

    def test_a_row_beyond_the_doubles_because_a_number_on_the_way_is(self) -> None:
        for method in ("forward-ad", "reverse-ad", "complex-step"):
            assert verdict([row(method, math.inf)], rounding=PLAIN._replace(left="overflow")) == "overflow"
            assert verdict([row(method, math.inf)], rounding=PLAIN._replace(left="underflow")) == "disagree"
            assert verdict([row(method, math.inf)], rounding=None) == "disagree"

    def test_reverse_mode_is_right_by_its_own_sums(self) -> None:
        own = PLAIN._replace(unit=1e-3)
        for method, expected in (
            ("reverse-ad", "agree"),
            ("forward-ad", "disagree"),
            ("complex-step", "disagree"),
        ):
            assert verdict([row(method, 1.06)], in_reverse=own) == expected
        assert verdict([row("reverse-ad", 1.07)], in_reverse=own) == "disagree"
        assert verdict([row("reverse-ad", math.inf)], in_reverse=own) == "disagree"
        assert verdict([row("reverse-ad", 1.06)]) == "disagree"
        beside = [row("forward-ad", 1.0), row("reverse-ad", 1.06)]
        for rows in (beside, beside[::-1]):
            assert verdict(rows, truth=None, in_reverse=own, method=None) == "agree"
            assert verdict(rows, truth=None, method=None) == "inconclusive"
        apart = [row("forward-ad", 1.0), row("reverse-ad", 1.07)]
        assert verdict(apart, truth=None, in_reverse=own, method=None) == "inconclusive"
        others = [row("forward-ad", 1.0), row("complex-step", 1.06)]
        assert verdict(others, truth=None, in_reverse=own, method=None) == "inconclusive"

    def test_what_rounding_of_the_point_explains_where_nothing_else_is_known(self) -> None:
        """The truths at the doubles and as written lie 0.01 apart."""
        for value, expected in ((1.009, "agree"), (0.991, "agree"), (1.011, "disagree"), (0.98, "disagree")):
            assert verdict([row("forward-ad", value)], "1.01", None, target="1") == expected
        assert verdict([row("forward-ad", 1.009)], "1.01", target="1") == "disagree"


class TestComplexStep:
    """A derivative that is lost is no disagreement: its product with the step is no double, or the step leaves out as much."""

    BELOW = "so small a derivative is lost: its product with the step is below the smallest doubles"
    BESIDE = "so small a derivative is lost beside what the step itself leaves out"

    @pytest.mark.parametrize(
        ("value", "truth", "step", "note"),
        [
            (0.0, "3e-292", 1e-30, BELOW),  # 64 times 5e-324/1e-30 is 3.2e-292
            (0.0, "-3e-292", 1e-30, BELOW),
            (0.0, "3.3e-292", 1e-30, BESIDE),
            (-3e-292, "3e-300", 1e-30, BELOW),
            (0.0, "0.9e-6", 1e-6, BESIDE),  # a millionfold of the step's square
            (0.0, "1.1e-6", 1e-6, None),
            (0.0, "1e-120", 1e-200, None),  # the square of the step is no double
            (0.0, "1e-122", 1e-200, BELOW),
            (8e-7, "7.9e-7", 1e-6, None),  # a digit is right
            (0.0, "1e-290", None, None),
            (0.0, "0", 1e-6, None),
        ],
    )
    def test_what_is_lost(self, value: float, truth: str, step: float | None, note: str | None) -> None:
        (found,), _ = judged([row("complex-step", value, step=step)], truth, PLAIN._replace(unit=0.0))
        assert (found.status, found.note) == (("ok", None) if note is None else ("noisy", note))

    def test_no_other_row_is_excused(self) -> None:
        for method, more in (
            ("forward-ad", {}),
            ("central-difference", {}),
            ("complex-step", {"status": "failed", "note": "a word of its own"}),
        ):
            given = row(method, 0.0, step=1e-30, **more)
            (found,), _ = judged([given], "3e-292")
            assert (found.status, found.note) == (given.status, given.note)

    def test_of_a_second_derivative_the_step_counts_twice(self) -> None:
        """64 times 5e-324/1e-60 is 3.2e-262."""
        for truth, note in (("3e-262", self.BELOW), ("3.3e-262", self.BESIDE)):
            given = Truth(("x", "x"), value=truth, method="certified")
            lost = Result("complex-step", ("x", "x"), 0.0, step=-1e-30)
            (found,), _ = judge([lost], [given], [truth], lambda k: PLAIN)
            assert found.note == note


def test_errors_of_a_truth_of_forty_digits_end_where_it_does() -> None:
    third = "0." + "3" * 40
    nearest = 1.0 / 3.0
    found = errors(nearest, third)
    assert found.absolute == pytest.approx(abs(nearest - 1 / 3), abs=2e-17)
    assert found.ulps == pytest.approx(found.absolute / 2.0**-54)
    exact = errors(0.5, "0.5" + "0" * 38 + "1")
    assert exact.absolute == 0.0  # below the last two digits of the truth nothing is known
    assert errors(0.5, "0.5" + "0" * 20 + "1").absolute == pytest.approx(1e-22)
    assert errors(1.0, "1e400").ulps is None


def test_rows_keep_their_own_derivative() -> None:
    """Two outputs, two methods: rows in the order of methods, truths in that of outputs."""
    rows = [row("forward-ad", 1.0), row("forward-ad", 5.0), row("reverse-ad", 1.0), row("reverse-ad", 2.0)]
    truths = [Truth(("x",), value="1", method="certified"), Truth(("x",), value="2", method="certified")]
    found, verdicts = judge(rows, truths, ["1", "2"], lambda k: PLAIN)
    assert [each.verdict for each in verdicts] == ["agree", "disagree"]
    assert [each.abs_error for each in found] == [0.0, 3.0, 0.0, 0.0]
    kept = [Truth(("x",), value="1", verdict="kink"), truths[1]]
    assert [each.verdict for each in judge(rows, kept, ["1", "2"], lambda k: PLAIN)[1]] == [
        "kink",
        "disagree",
    ]


def test_errors_are_taken_of_what_each_row_got() -> None:
    """Methods get the doubles, a formula is of what was written; it is no error of its own where it is the truth."""
    rows = [row("forward-ad", 3.0), row("symbolic", 3.0)]
    (ad, formula), _ = judged(rows, truth="1", target="3")
    assert (ad.abs_error, formula.abs_error) == (0.0, 2.0)
    (_, formula), _ = judged(rows, truth="1", target="3", method="symbolic")
    assert formula.abs_error is None
    for kind, told in (("agree", 2.0), ("overflow", 2.0), ("kink", None), ("undefined", None)):
        (found,), _ = judged([row("forward-ad", 3.0)], verdict=kind)
        assert found.abs_error == told
