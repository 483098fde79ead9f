"""What holds for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from calcgrad.deadline import Deadline
from calcgrad.sympy_process.process import Pending

#: The seconds of an answer where nobody asked for others, and those that it has here.
USUAL, PATIENT = 10.0, 120.0


@pytest.fixture(scope="session", autouse=True)
def _nothing_kept() -> Iterator[None]:
    """No native object of a test is left in the folder of whoever runs it, or comes from there."""
    before = os.environ.get("CALCGRAD_CACHE")
    os.environ["CALCGRAD_CACHE"] = ""
    yield
    os.environ.pop("CALCGRAD_CACHE")
    if before is not None:
        os.environ["CALCGRAD_CACHE"] = before


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """On a machine full of other tests an answer may take longer than the usual time, which its rows would then tell of. The time
    that a test asks for itself is as it is, but counts from when SymPy's process is ready.
    """
    begin, result = Deadline.__init__, Pending.result

    def patient(deadline: Deadline, seconds: float) -> None:
        begin(deadline, PATIENT if seconds == USUAL else seconds)
        if deadline.seconds == PATIENT:
            deadline.seconds = seconds

    def from_its_start(pending: Pending, within: float | None = None) -> dict[str, Any]:
        worker = pending._client._worker
        return result(pending, within if worker is not None and worker.ready else None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Deadline, "__init__", patient)
        patch.setattr(Pending, "result", from_its_start)
        yield
