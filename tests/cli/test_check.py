"""``calcgrad check``: screens, JSON, exit codes, and files that cannot be loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import Streams
from tests.goldens import same_as_golden
from tests.render.test_render import validator

MODEL = """import numpy as np


def loss(w):
    return np.sum(w**2) + w[0] * w[1]


def loss_grad(w):
    g = 2 * w
    g[0] += w[1]
    return g


def right(w):
    return 2 * w + np.array([w[1], w[0], 0.0])


def broken(w):
    return w[7]


number = 3
"""
SCREENS = {
    "claim-right": ["x^2*sin(x)", "--claim", "2*x*sin(x)+x^2*cos(x)"],
    "claim-wrong": ["x^2*sin(x)", "--claim", "2*x*sin(x)-x^2*cos(x)"],
    "gradient-wrong": ["model.py:loss", "--grad", "model.py:loss_grad", "--at", "w=[1,2,3]"],
    "gradient-right": ["model.py:loss", "--grad", "model.py:right", "--at", "w=[1,2,3]"],
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.py").write_text(MODEL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("name", SCREENS)
def test_screens(streams: Streams, monkeypatch: pytest.MonkeyPatch, name: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run("check", *SCREENS[name])
    assert found.err == ""
    assert max(map(len, found.out.splitlines())) <= width
    same_as_golden(f"screens/check-{name}.{width}.txt", f"{found.out}[exit {found.code}]\n")


@pytest.mark.parametrize("name", SCREENS)
def test_json_obeys_the_schema(streams: Streams, name: str) -> None:
    found = streams.run("check", *SCREENS[name], "--json")
    data = json.loads(found.out)
    validator("check").validate(data)
    assert data["verdict"] == name.split("-")[1]
    assert found.code == (0 if data["verdict"] == "right" else 1)


def test_the_proof_of_the_table_as_json(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    from calcgrad.checking.table import proofs

    few = [s for s in proofs.subjects(2) if s.row.name in ("tan", "atan2")]
    monkeypatch.setattr(proofs, "subjects", lambda points, seed: few)
    found = streams.run("check", "--points", "2", "--json")
    data = json.loads(found.out)
    validator("check").validate(data)
    assert (found.code, data["verdict"], len(data["rows"])) == (0, "right", 5)


@pytest.mark.parametrize(
    ("target", "code", "exit_code"),
    [
        ("model.py:lose", "E372", 2),
        ("model.py:number", "E372", 2),
        ("nowhere.py:loss", "E370", 2),
        ("no.such.module:loss", "E370", 2),
        ("fails.py:loss", "E371", 2),
        ("leaves.py:loss", "E371", 2),
        ("model.py:broken", "E380", 2),
        ("model.py:right", "E381", 2),
    ],
)
def test_targets_that_are_no_loss(
    streams: Streams, tmp_path: Path, target: str, code: str, exit_code: int
) -> None:
    (tmp_path / "fails.py").write_text("1 / 0\n", encoding="utf-8")
    (tmp_path / "leaves.py").write_text("raise SystemExit(0)\n", encoding="utf-8")
    found = streams.run("check", target, "--grad", "model.py:right", "--at", "w=[1,2,3]", "--json")
    error = json.loads(found.out)["error"]
    assert (error["code"], found.code) == (code, exit_code)


def test_an_argument_that_the_function_has_not(streams: Streams) -> None:
    found = streams.run("check", "model.py:loss", "--grad", "model.py:right", "--at", "v=[1,2,3]", "--json")
    assert json.loads(found.out)["error"]["code"] == "E383"


def _project(extra: str = "") -> None:
    Path("pyproject.toml").write_text(
        f'[tool.calcgrad]\n{extra}\n[[tool.calcgrad.targets]]\ntarget = "model.py:loss"\n'
        'grad = "model.py:right"\nrandom = "w=normal(3)"\n',
        encoding="utf-8",
    )


@pytest.mark.parametrize("asked", [("--quick",), ("--max-evaluations", "12")])
def test_what_is_said_of_a_project_counts_for_its_targets(streams: Streams, asked: tuple[str, ...]) -> None:
    _project()
    whole, less = (json.loads(streams.run("check", *more, "--json").out) for more in ((), asked))
    assert less["evaluations"] < whole["evaluations"]


def test_points_and_seeds_are_said_of_a_project_too(streams: Streams) -> None:
    _project("seed = 5")
    found = json.loads(streams.run("check", "--points", "2", "--seed", "1", "--json").out)["checks"]
    assert [check["at"]["w"]["from"].rpartition(" ")[2] for check in found] == ["1", "2"]


@pytest.mark.parametrize("option", [("--at", "2"), ("--wrt", "w"), ("--numeric",)])
def test_what_is_for_one_target_is_refused_for_a_project(streams: Streams, option: tuple[str, ...]) -> None:
    _project()
    found = streams.run("check", *option)
    assert found.code == 2
    assert f"E563]: {option[0]} is not for all targets" in found.err
