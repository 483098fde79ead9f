"""The worker's life: started, asked, timed out, killed, starved of memory, orphaned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.sympy_process import Client
from calcgrad.sympy_process.questions import (
    TIMEOUT,
    Coordinate,
    Question,
    SymbolicAnswer,
    begin,
    differentiate,
)

pytestmark = pytest.mark.slow

X = Name("x")


def differentiate_many(
    questions: Sequence[Question], timeout: float = TIMEOUT, client: Client | None = None
) -> list[SymbolicAnswer]:
    """The answers to questions that are all sent before the first answer is read."""
    return [answer() for answer in [begin(question, timeout, client) for question in questions]]


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client() as client:
        yield client


def tower(height: int) -> Node:
    """x^x^…: at 9 a tower of four has more digits than fit the world."""
    return X if height == 1 else Call("pow", (X, tower(height - 1)))


def slope_of_square(client: Client, timeout: float = 10.0) -> str | None:
    square = Call("pow", (X, Number(2)))
    answer = differentiate(square, [["x"]], [{"x": Coordinate(1.5)}], timeout=timeout, client=client)
    return answer.points[0].derivatives[0].text


def stuck(client: Client, timeout: float) -> SymbolicAnswer:
    return differentiate(tower(4), [["x"]], [{"x": Coordinate(9.0)}], timeout=timeout, client=client)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()


def gone_within(seconds: float, pid: int) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not alive(pid):
            return True
        time.sleep(0.02)
    return False


def test_a_worker_that_is_killed_in_the_middle_is_started_again(client: Client) -> None:
    assert slope_of_square(client) == "3.000000000000000000000000000000000000000"
    answer = begin(Question(tower(4), [["x"]], [{"x": Coordinate(9.0)}]), 2.0, client)
    assert client.pid is not None
    os.kill(client.pid, signal.SIGKILL)
    killed = client.pid
    assert answer().status == "timeout"  # asked again of a new worker, where its time is up
    assert client.pid != killed
    assert slope_of_square(client) == "3.000000000000000000000000000000000000000"


def test_a_timeout_keeps_what_was_found_and_the_worker(client: Client) -> None:
    slope_of_square(client)
    pid = client.pid
    answer = stuck(client, 0.5)
    assert (answer.status, answer.note) == ("timeout", "none within 0.5 s")
    assert answer.formulas[0].status == "ok"
    assert answer.points[0].derivatives[0].status == "timeout"
    assert client.pid == pid


def test_a_worker_that_hears_no_signal_is_killed(client: Client) -> None:
    slope_of_square(client)
    assert client.pid is not None
    stopped = client.pid
    os.kill(stopped, signal.SIGSTOP)
    answers = differentiate_many([Question(X, [["x"]])] * 3, 0.3, client)
    assert [a.status for a in answers] == ["timeout", "ok", "ok"]
    assert not alive(stopped)


def test_too_little_memory_is_said() -> None:
    third = Call("div", (X, Number(3)))
    question = Question(third, [["x"]], [{"x": Coordinate(1.0)}])
    with Client(memory=400 << 20) as client:
        assert [a.status for a in differentiate_many([question, question], client=client)] == ["ok", "ok"]
        hungry = question._replace(digits=4 * 10**9)
        answers = differentiate_many([hungry, question], client=client)
    assert [a.status for a in answers] == ["none", "ok"]
    assert answers[0].note == "SymPy needed more memory than it may have"


def test_a_worker_that_cannot_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calcgrad.sympy_process.process._WORKER", "calcgrad.no_such_module")
    with Client() as client:
        answer = client.request({"do": "echo"}, timeout=5)
    assert answer == {"status": "none", "note": "SymPy's process ended before it was ready"}


def test_a_worker_that_cannot_be_spawned_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Client() as client:
        answer = client.request({"do": "echo"}, timeout=5)
    assert answer["status"] == "none"
    assert answer["note"].startswith("SymPy's process cannot be started: ")


def test_a_start_has_a_limit_of_its_own() -> None:
    with Client(start_limit=0.0) as client:
        answer = client.request({"do": "echo"}, timeout=5)
    assert answer == {"status": "none", "note": "SymPy's process did not start within 0 s"}


def test_nobody_waits_longer_than_told_for_a_worker_that_still_starts() -> None:
    with Client() as client:
        start = time.monotonic()
        pending = client.send({"do": "echo", "text": "hello"}, 10.0)
        pending.until = start  # as result(within=…) sets it
        assert client._wait_for(pending)["status"] == "timeout"
        assert time.monotonic() - start < 5
        starting = client.pid
        assert slope_of_square(client, 60.0) == "3.000000000000000000000000000000000000000"
        assert client.pid == starting  # and it was not made to begin again


def test_nobody_waits_longer_than_told_for_an_answer(client: Client) -> None:
    slope_of_square(client)
    answer = begin(Question(tower(4), [["x"]], [{"x": Coordinate(9.0)}]), 30.0, client)(0.1)
    assert answer.status == "timeout"
    assert slope_of_square(client) == "3.000000000000000000000000000000000000000"


def test_fifty_requests_at_once(client: Client) -> None:
    questions = [
        Question(Call("pow", (X, Number(n))), [["x"]], [{"x": Coordinate(2.0)}]) for n in range(1, 51)
    ]
    answers = differentiate_many(questions, client=client)
    found = [float(a.points[0].derivatives[0].text or "nan") for a in answers]
    assert found == [float(n * 2 ** (n - 1)) for n in range(1, 51)]


def test_a_request_longer_than_a_pipe_holds(client: Client) -> None:
    total: Node = X
    for k in range(3_000):
        total = Call("add", (total, Call("mul", (Number(k), X))))
    first = begin(Question(total, [["x"]]), 20.0, client)
    second = begin(Question(total, [["x"]]), 20.0, client)
    slope = Number(1 + sum(range(3_000)))
    assert first().formulas[0].root == second().formulas[0].root == slope


def test_a_hundred_thousand_terms_end_in_an_answer(client: Client) -> None:
    total: Node = X
    for k in range(100_000):
        total = Call("add", (total, Call("sin", (Call("mul", (Number(k), X)),))))
    answer = differentiate(total, [["x"]], timeout=0.5, client=client)
    assert (answer.status, answer.formulas[0].status) == ("timeout", "timeout")
    assert slope_of_square(client) is not None


def test_an_expression_too_deep_for_sympy_ends_in_an_answer(client: Client) -> None:
    deep: Node = X
    for _ in range(9_000):
        deep = Call("sin", (deep,))
    answer = differentiate(deep, [["x"]], timeout=0.5, client=client)
    assert answer.status in {"timeout", "none"}
    assert slope_of_square(client) is not None


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
@pytest.mark.parametrize("end", ["pass", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"])
def test_no_orphan_is_left(end: str) -> None:
    """Neither when the parent ends nor when it is killed, even while the worker computes."""
    program = (
        "from calcgrad.sympy_process import shared\n"
        "from calcgrad.sympy_process.questions import *\n"
        "from calcgrad.expression.nodes import *\n"
        "x = Name('x')\n"
        "differentiate(x, [['x']])\n"
        "tower = Call('pow', (x, Call('pow', (x, Call('pow', (x, x))))))\n"
        "begin(Question(tower, [['x']], [{'x': Coordinate(9.0)}]), 600.0)\n"
        "print(shared().pid, flush=True)\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program + end], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert gone_within(10, int(done.stdout))


def test_the_first_import_is_light() -> None:
    program = (
        "import sys, calcgrad; before = set(sys.modules)\n"
        "import calcgrad.sympy_process\n"
        "print(*set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"calcgrad.sympy_process", "calcgrad.sympy_process.process"}
