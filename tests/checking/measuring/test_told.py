"""What is told of calls that fail: exceptions beside the point, and claims that are called in another way."""

from __future__ import annotations

import importlib
import math

import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.errors import UsageError
from calcgrad.render import Style
from calcgrad.render.check_junit import render
from calcgrad.report.claims import Checked


def test_exceptions_beside_the_point_are_counted() -> None:
    subject = Subject(lambda w: math.log(w - 0.9), (Claim(lambda w: 1 / (w - 0.9)),), {"w": 1.0})
    report = check_subject(subject, Options(trace=False))
    assert report.verdict == "right"
    (told,) = [note for note in report.notes if "raised at" in note]
    assert "beside this one, the first time ValueError" in told


def test_no_exceptions_no_word() -> None:
    subject = Subject(lambda w: float(w * w), (Claim(lambda w: 2 * w),), {"w": 1.0})
    assert not any("raised" in note for note in check_subject(subject).notes)


@pytest.mark.parametrize(
    ("kind", "call"), [("hvp", "g(w, v_w)"), ("gradient", "g(w)"), ("vjp", "g(w, cotangent)")]
)
def test_how_a_claim_is_called_is_said(kind: str, call: str) -> None:
    wrong = Claim(lambda a, b, c, d: 0.0, kind)  # type: ignore[arg-type]
    with pytest.raises(UsageError) as caught:
        check_subject(Subject(lambda w: float(w * w), (wrong,), {"w": 1.0}))
    assert any(hint.endswith(f"is called as {call}") for hint in caught.value.diagnostic.hints)


def test_points_of_one_target_have_names_of_their_own() -> None:
    subject = Subject(lambda w: float(w * w), (Claim(lambda w: 2 * w),), {"w": 1.0})
    checked = [Checked("model.py:loss", check_subject(subject)) for _ in range(2)]
    shown = render(checked, Style(width=100))
    assert "model.py:loss, g, point 1" in shown
    assert "model.py:loss, g, point 2" in shown
    assert "point" not in render(checked[:1], Style(width=100))


def test_the_name_that_a_project_gives_is_shown_in_every_format() -> None:
    report = check_subject(
        Subject(lambda w: float(w * w), (Claim(lambda w: 3 * w),), {"w": 1.0}, "model.py:loss")
    )
    named, plain = (Checked(title, report) for title in ("the loss", "model.py:loss"))
    for format in ("check", "check_json", "check_junit", "check_markdown", "check_github", "check_sarif"):
        shown = importlib.import_module(f"calcgrad.render.{format}").render
        assert "the loss" in shown([named], Style(width=80)), format
        assert "the loss" not in shown([plain], Style(width=80)), format
