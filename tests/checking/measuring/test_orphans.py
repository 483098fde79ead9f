"""Workers end when the process that started them does, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import os, time
import numpy as np
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject

def slow(w):
    open(os.path.join({folder!r}, str(os.getpid())), "w").close()
    time.sleep(0.2)
    return float(w @ w)

x = np.arange(1.0, 31.0)
check_subject(Subject(slow, (Claim(lambda w: 2 * w),), {{"w": x}}), Options(trace=False, workers=2))
"""


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.slow
def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    pids, temporary = tmp_path / "pids", tmp_path / "temporary"
    pids.mkdir()
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", PROGRAM.format(folder=str(pids))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as parent:
        deadline = time.monotonic() + 60.0
        while len(list(pids.iterdir())) < 3 and time.monotonic() < deadline:
            assert parent.poll() is None
            time.sleep(0.05)
        workers = {int(path.name) for path in pids.iterdir()} - {parent.pid}
        assert len(workers) == 2
        parent.send_signal(signal.SIGKILL)
        parent.communicate(timeout=20)  # ends only when nobody holds its standard output any longer
    deadline = time.monotonic() + 20.0
    while any(map(_alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(_alive, workers))
    assert not list(temporary.iterdir())
