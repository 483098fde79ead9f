"""An assertion for tests: a gradient is right, or the test fails with the report that ``calcgrad check`` would show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calcgrad.api import check_grad
from calcgrad.report.claims import CheckReport


def assert_grad(
    f: Callable[..., Any] | None, g: Callable[..., Any] | str, *arguments: Any, **options: Any
) -> CheckReport:
    """Raise ``AssertionError`` unless ``g`` is the gradient of ``f``; everything is as in :func:`calcgrad.check_grad`.

    What cannot be decided fails too: a test that proves nothing is not to pass. The report is returned.

    >>> import numpy as np
    >>> assert_grad(lambda w: float(w @ w), lambda w: 2 * w, np.array([1.0, 2.0])).verdict
    'right'
    """
    __tracebackhide__ = True  # pytest shows the line of the test, not this one
    report = check_grad(f, g, *arguments, **options)
    if report.verdict != "right":
        from calcgrad.render import Style
        from calcgrad.render.check import report_text

        raise AssertionError(report_text(report, Style()).rstrip())
    return report
