"""Workers, executors, the journal: nothing is lost, and the verdict is the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.executors import dask_executor
from calcgrad.checking.measuring.subject import Claim, Options, Statement, Subject
from calcgrad.errors import UsageError
from calcgrad.report.claims import CheckReport

POINT = np.linspace(-1.0, 2.0, 40)


def loss(w: Any) -> float:
    return float(np.sum(np.exp(0.5 * w) + w**3))


def right(w: Any) -> Any:
    return 0.5 * np.exp(0.5 * w) + 3 * w**2


def wrong(w: Any) -> Any:
    g = right(w)
    g[17] *= 1.001
    return g


def wrong_at_2(w: Any) -> Any:
    g = right(w)
    g[2] *= 1.001
    return g


def _check(claim: Any, options: Options, f: Any = loss) -> CheckReport:
    return check_subject(Subject(f, (Claim(claim),), {"w": POINT}), options)


def _said(report: CheckReport) -> Any:
    return report.verdict, [(e.index, e.claimed, e.true) for e in report.wrong], report.evaluations


@pytest.mark.parametrize("claim", [right, wrong])
@pytest.mark.parametrize("how", ["threads", "processes"])
def test_another_executor_says_the_same(claim: Any, how: str) -> None:
    alone = _check(claim, Options(trace=False))
    if how == "processes":
        other = _check(claim, Options(trace=False, workers=2))
    else:
        with ThreadPoolExecutor(3) as pool:
            other = _check(claim, Options(trace=False, executor=pool))
    assert _said(other) == _said(alone)
    assert alone.verdict == ("right" if claim is right else "wrong")


def test_a_closure_reaches_the_workers() -> None:
    weight = 2.0
    report = _check(lambda w: weight * right(w), Options(trace=False, workers=2), lambda w: weight * loss(w))
    assert report.verdict == "right"


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    flag = tmp_path / "died"

    def dies_once(w: Any) -> float:
        if not np.array_equal(w, POINT) and not flag.exists():
            flag.touch()
            os._exit(9)
        return loss(w)

    report = _check(right, Options(trace=False, workers=2), dies_once)
    assert flag.exists()
    assert report.verdict == "right"


def test_a_worker_that_always_dies_is_an_error(tmp_path: Path) -> None:
    home = os.getpid()

    def dies(w: Any) -> float:
        if os.getpid() != home:
            os._exit(9)
        return loss(w)

    with pytest.raises(UsageError) as caught:
        _check(right, Options(trace=False, workers=2), dies)
    assert caught.value.diagnostic.code == "E380"


def test_what_a_journal_holds_is_not_computed_again(tmp_path: Path) -> None:
    journal = str(tmp_path / "check.jsonl")
    first = _check(wrong, Options(trace=False, journal=journal))
    lines = Path(journal).read_text().splitlines()
    assert len(lines) == first.evaluations
    assert {"subject", "line", "t", "value"} == set(json.loads(lines[0]))
    again = _check(wrong, Options(trace=False, journal=journal, resume=True))
    assert again.evaluations + again.reused == first.evaluations
    assert 3 <= again.evaluations <= 8  # a few are made again
    assert _said(again)[:2] == _said(first)[:2]


def test_another_function_or_point_does_not_take_from_the_journal(tmp_path: Path) -> None:
    journal = str(tmp_path / "check.jsonl")
    _check(right, Options(trace=False, journal=journal))
    other = check_subject(
        Subject(lambda w: loss(w) + 1.0, (Claim(right),), {"w": POINT}),
        Options(trace=False, journal=journal, resume=True),
    )
    assert other.reused == 0


def test_an_interrupted_check_goes_on(tmp_path: Path) -> None:
    journal = str(tmp_path / "check.jsonl")
    whole = _check(right, Options(trace=False))
    flag = tmp_path / "interrupted"

    def interrupted(w: Any) -> float:
        written = Path(journal)
        if not flag.exists() and written.exists() and len(written.read_text().splitlines()) == 50:
            flag.touch()
            raise KeyboardInterrupt
        return loss(w)

    with pytest.raises(KeyboardInterrupt):
        _check(right, Options(trace=False, journal=journal), interrupted)
    done = len(Path(journal).read_text().splitlines())
    assert done > 40
    resumed = _check(right, Options(trace=False, journal=journal, resume=True), interrupted)
    assert done - 8 <= resumed.reused <= done - 3
    assert resumed.reused + resumed.evaluations == whole.evaluations
    assert resumed.verdict == "right"


PROGRAM = """
import sys, time
import numpy as np
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
def loss(w):
    time.sleep(0.01)
    return float(np.sum(np.exp(0.5 * w) + w**3))
def right(w):
    return 0.5 * np.exp(0.5 * w) + 3 * w**2
r = check_subject(Subject(loss, (Claim(right),), {"w": np.linspace(-1.0, 2.0, 40)}),
                  Options(trace=False, journal=sys.argv[1], resume=True))
print(r.verdict, r.reused, r.evaluations)
"""


@pytest.mark.slow
def test_a_killed_check_goes_on(tmp_path: Path) -> None:
    journal, program = tmp_path / "check.jsonl", tmp_path / "program.py"
    program.write_text(PROGRAM)
    process = subprocess.Popen([sys.executable, str(program), str(journal)], stdout=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and (
        not journal.exists() or len(journal.read_bytes().splitlines()) < 12
    ):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    journal.write_bytes(journal.read_bytes()[:-7])  # what a kill in the middle of a line leaves
    kept = len(journal.read_bytes().splitlines()) - 1
    second = subprocess.run(
        [sys.executable, str(program), str(journal)], capture_output=True, text=True, check=True
    )
    verdict, reused, evaluations = second.stdout.split()
    assert verdict == "right"
    assert kept - 8 <= int(reused) <= kept - 3  # a few are made again
    assert kept >= 11
    assert int(evaluations) > 0


def test_a_journal_that_cannot_be_written() -> None:
    with pytest.raises(UsageError) as caught:
        _check(right, Options(journal="/nowhere/at/all.jsonl"))
    assert caught.value.diagnostic.code == "E387"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is Linux's")
def test_a_journal_on_a_full_disk_ends_and_the_check_does_not() -> None:
    report = _check(wrong, Options(trace=False, journal="/dev/full"))
    assert _said(report) == _said(_check(wrong, Options(trace=False)))
    assert [n for n in report.notes if "journal" in n] == [
        "the journal /dev/full ends here: No space left on device"
    ]


def _other_shape(entry: Any) -> str:
    entry["value"] |= {"shape": [2], "numbers": entry["value"]["numbers"] * 2}
    return json.dumps(entry)


@pytest.mark.parametrize(
    "spoiled",
    [
        _other_shape,
        lambda e: json.dumps(e | {"value": e["value"] | {"dtype": "O"}}),
        lambda e: json.dumps(e | {"value": e["value"] | {"shape": [7]}}),
        lambda e: json.dumps(e | {"value": e["value"] | {"numbers": ["0x1p99999"]}}),
        lambda e: json.dumps(e | {"value": []}),
        lambda e: json.dumps(e | {"value": 1.0, "line": []}),
        lambda _: "[" * 200_000,
        lambda _: "[1, 2]",
    ],
)
def test_lines_of_a_journal_that_are_no_answers_are_passed_over(tmp_path: Path, spoiled: Any) -> None:
    journal = tmp_path / "check.jsonl"
    first = _check(right, Options(trace=False, journal=str(journal)))
    lines = [spoiled(json.loads(line)) for line in journal.read_text().splitlines()]
    journal.write_text("\n".join(lines) + "\n")
    again = _check(right, Options(trace=False, journal=str(journal), resume=True))
    assert (again.verdict, again.reused, again.evaluations) == ("right", 0, first.evaluations)


@pytest.mark.parametrize("seed_call", [lambda: None, lambda seed, more: None, lambda seed: 1 / 0])
@pytest.mark.parametrize("kind", ["gradient", "jvp"])
def test_what_seeds_the_function_fails_by_name(seed_call: Any, kind: str) -> None:
    claim = Claim(right if kind == "gradient" else lambda w, u: right(w) @ u, kind=kind)
    with pytest.raises(UsageError, match="the call with a seed fails") as caught:
        check_subject(Subject(loss, (claim,), {"w": POINT}), Options(seed_call=seed_call))
    assert caught.value.diagnostic.code == "E380"


def test_too_many_workers_are_refused_before_one_is_started() -> None:
    with pytest.raises(UsageError, match="workers are at most 256, not 1000") as caught:
        _check(right, Options(workers=1000))
    assert caught.value.diagnostic.code == "E378"


@pytest.mark.parametrize("most", [1, 5, 12])
def test_a_budget_of_evaluations_is_kept(most: int) -> None:
    report = _check(right, Options(trace=False, max_evaluations=most))
    assert report.evaluations <= most
    assert (report.verdict, report.cause) == ("inconclusive", "budget")
    assert f"the budget ran out after {report.evaluations} evaluation" in report.notes[-1]


def test_a_budget_does_not_hide_what_was_found() -> None:
    off = np.random.default_rng(1).standard_normal(POINT.size)
    report = _check(lambda w: right(w) + off, Options(trace=False, max_evaluations=100))
    assert report.verdict == "wrong"
    assert report.wrong_count >= 2
    assert not report.wrong_complete


def test_a_budget_of_seconds() -> None:
    def slow(w: Any) -> float:
        time.sleep(0.01)
        return loss(w)

    report = _check(right, Options(trace=False, max_seconds=0.05), slow)
    assert (report.verdict, report.cause) == ("inconclusive", "budget")
    assert report.evaluations < 30


def test_progress_tells_the_statement_so_far() -> None:
    told: list[Statement] = []
    _check(right, Options(trace=False, progress=told.append))
    assert [s.directions for s in told] == [1, 2, 3]
    assert told[-1].detectable is not None
    assert str(told[-1]).startswith("deciding: nothing wrong so far after")


def test_dask_that_does_not_answer() -> None:
    pytest.importorskip("distributed", reason="Dask is not installed")
    with pytest.raises(UsageError) as caught:
        dask_executor("tcp://127.0.0.1:9", timeout=1)
    assert caught.value.diagnostic.code == "E503"


def test_a_dask_cluster_that_loses_a_worker(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    flag = tmp_path / "killed"

    def kills_its_worker(w: Any) -> float:
        moved = not np.array_equal(w, POINT[:4])
        if moved and not flag.exists():
            flag.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return float(np.sum(np.exp(0.5 * w) + w**3))

    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        executor = dask_executor(cluster.scheduler_address)
        subject = Subject(kills_its_worker, (Claim(wrong_at_2),), {"w": POINT[:4]})
        report = check_subject(subject, Options(trace=False, executor=executor))
        executor.close()
    assert flag.exists()
    assert report.verdict == "wrong"
    assert _said(report) == _said(check_subject(subject, Options(trace=False)))


class _Lost:
    """An executor whose cluster is gone, or whose workers miss a module."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def submit(self, call: Any, *args: Any) -> Any:
        return self

    def result(self) -> Any:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (OSError("Timed out trying to connect to tcp://127.0.0.1:9"), "E503", "the workers were lost: OSError"),
        (ModuleNotFoundError("No module named 'model'"), "E380", "cannot be loaded on a worker: ModuleNotFoundError"),
    ],
)  # fmt: skip
def test_an_executor_that_brings_no_answer(error: Exception, code: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        _check(right, Options(trace=False, executor=_Lost(error)))
    assert caught.value.diagnostic.code == code
    assert words in caught.value.diagnostic.message


@pytest.mark.slow
def test_a_dask_cluster_that_is_gone() -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    calls = 0

    class Ending:
        """Ends the cluster after some calls."""

        def submit(self, call: Any, *args: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == 5:
                cluster.close()
            return executor.submit(call, *args)

    with distributed.LocalCluster(n_workers=1, processes=True, dashboard_address=None) as cluster:
        executor = dask_executor(cluster.scheduler_address)
        with pytest.raises(UsageError) as caught:
            check_subject(
                Subject(loss, (Claim(right),), {"w": POINT}), Options(trace=False, executor=Ending())
            )
    assert caught.value.diagnostic.code == "E503"
