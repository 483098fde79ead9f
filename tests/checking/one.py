"""The most common check, in one call: one gradient of one function, whose source is not run in changed forms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport


def check_gradient(
    f: Callable[..., Any], g: Callable[..., Any], arguments: Mapping[str, Any], options: Options | None = None
) -> CheckReport:
    """Whether ``g`` is the gradient of the scalar function ``f``."""
    chosen = replace(options or Options(), correct=False)
    return check_subject(Subject(f, (Claim(g, name="g"),), arguments, "f"), chosen)
