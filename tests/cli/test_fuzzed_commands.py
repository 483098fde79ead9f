"""Command lines that a fuzzer found: each ends with a code of the contract, and is no bug of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Streams

MODEL = "def f(x):\n    return x * x\n"
#: A command line, its exit code, and a word of what it says.
FOUND = [
    (("diff", "x^3", "--at", "1e300", "--order", "2"), 3, "6e300"),
    (("diff", "sin(x^2)", "--at", "x=1e300", "--timeout", "3"), None, "f"),
    (("plot", "1/x", "--at", "x=0:2:5"), 2, "E641"),
    (("trace", "model.py:f", "--at", "x=0:2:5"), 2, "E424"),
    (("nudge", "model.py:f", "--at", "x=0:2:5"), 2, "E424"),
    (("compare-modes", "floor(x)/x", "--at", "x=0", "--json"), 0, '"nan"'),
    (("descend", "model.py:f", "--at", "x=0:2:5"), 2, "E424"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), FOUND, ids=[" ".join(a) for a, _, _ in FOUND])
def test_it_is_answered(
    arguments: tuple[str, ...],
    code: int | None,
    said: str,
    streams: Streams,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = streams.run(*arguments)
    assert "E700" not in done.out + done.err
    assert done.code == code or (code is None and done.code in (0, 1, 3, 5))
    assert said in done.out + done.err
