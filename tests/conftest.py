"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from calcgrad.sympy_process.process import Pending


@pytest.fixture(scope="session", autouse=True)
def _patient_with_a_start() -> Iterator[None]:
    """The time of an answer counts from when SymPy's process is ready: on a machine full of other tests its start, once for all
    of a process's tests, may take longer than an answer may.
    """
    result = Pending.result

    def patient(pending: Pending, within: float | None = None) -> dict[str, Any]:
        worker = pending._client._worker
        return result(pending, within if worker is not None and worker.ready else None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pending, "result", patient)
        yield
