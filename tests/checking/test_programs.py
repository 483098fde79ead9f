"""Programs outside Python: many points a call, in JSON or as arrays; what they say when they fail."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from calcgrad.checking.programs import Program
from calcgrad.checking.project import read_config
from calcgrad.checking.requests import carry_out
from calcgrad.errors import UsageError
from tests.cli.running import Streams

MODEL = """import json, math, sys
points = json.load(open(sys.argv[1]))["points"]
open("calls.txt", "a").write(f"{len(points)}\\n")
json.dump({"values": [sum(math.sin(v) * v for v in p) for p in points]}, open(sys.argv[2], "w"))
"""
ADJOINT = """import json, math, sys
factor = float(sys.argv[3])
points = json.load(open(sys.argv[1]))["points"]
values = [[factor * (math.sin(v) + v * math.cos(v)) for v in p] for p in points]
json.dump({"values": values}, open(sys.argv[2], "w"))
"""
ARRAYS = """import sys
import numpy as np
np.save(sys.argv[2], (np.load(sys.argv[1]) ** 2).sum(axis=1))
"""
PYTHON = f'"{sys.executable}"'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in (("model.py", MODEL), ("adjoint.py", ADJOINT), ("arrays.py", ARRAYS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_arrays_go_through_files(folder: Path) -> None:
    program = Program(f"{PYTHON} arrays.py {{input.npy}} {{output.npy}}")
    assert [float(v) for v in program.many([np.array([1.0, 2.0]), np.array([3.0, 0.5])])] == [5.0, 9.25]


@pytest.mark.slow
@pytest.mark.parametrize(("factor", "verdict", "code"), [("1", "right", 0), ("2", "wrong", 1)])
def test_a_model_with_its_adjoint(
    folder: Path, monkeypatch: pytest.MonkeyPatch, factor: str, verdict: str, code: int
) -> None:
    found = Streams(monkeypatch).run(
        "check",
        "--command",
        f"{PYTHON} model.py {{input}} {{output}}",
        "--grad-command",
        f"{PYTHON} adjoint.py {{input}} {{output}} {factor}",
        "--at",
        "x=[0.5, 1.5, -0.7, 0.3]",
        "--json",
    )
    report = json.loads(found.out)
    assert (report["verdict"], found.code) == (verdict, code)
    assert all("reverse mode" not in witness["note"] for witness in report["witnesses"])
    calls = [int(n) for n in (folder / "calls.txt").read_text(encoding="utf-8").split()]
    assert max(calls) >= 4  # a grid goes in one run of the program
    assert len(calls) < 0.6 * report["evaluations"]
    if verdict == "wrong":
        assert report["likely"][0]["cause"] == "factor"


def test_what_a_program_says_when_it_fails(folder: Path) -> None:
    (folder / "broken.py").write_text("raise SystemExit('no licence')", encoding="utf-8")
    with pytest.raises(RuntimeError, match="exit code 1: no licence"):
        Program(f"{PYTHON} broken.py {{input}} {{output}}")(np.ones(2))
    (folder / "silent.py").write_text("", encoding="utf-8")
    with pytest.raises(RuntimeError, match="output cannot be read"):
        Program(f"{PYTHON} silent.py {{input}} {{output}}")(np.ones(2))
    with pytest.raises(RuntimeError, match="cannot be run"):
        Program("./nowhere {input} {output}")(np.ones(2))
    with pytest.raises(UsageError, match="E561"):
        Program("./model")


@pytest.mark.slow
def test_a_project_lists_programs(folder: Path) -> None:
    settings = (
        "[[tool.calcgrad.targets]]\n"
        f"command = '{PYTHON} model.py {{input}} {{output}}'\n"
        f"grad-command = '{PYTHON} adjoint.py {{input}} {{output}} 1'\n"
        'at = "x=[0.5, 1.5]"\n'
    )
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    (checked,) = carry_out(read_config(folder / "pyproject.toml"))
    assert checked.report is not None
    assert checked.report.verdict == "right"
