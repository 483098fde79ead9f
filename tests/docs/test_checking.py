"""The page on checking: its settings are read, its options exist, its sheet is marked, its test passes."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import numpy as np
import pytest

import calcgrad
from calcgrad.checking.project import read_config
from calcgrad.checking.sheets import mark
from tests.cli.running import Streams

PAGE = (Path(calcgrad.__file__).parent / "docs" / "checking.md").read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_settings_are_read(tmp_path: Path) -> None:
    settings, pytest_settings = blocks("toml")
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    first, second = read_config(tmp_path / "pyproject.toml")
    assert (first.target, first.settings.max_seconds) == ("model.py:loss", 60)
    assert (second.title, second.places.points, second.wrt) == (
        "the layer at random points",
        3,
        ("x", "gamma"),
    )
    assert tomllib.loads(pytest_settings)["tool"]["pytest"]["ini_options"]["testpaths"] == [
        "tests",
        "pyproject.toml",
    ]


def test_every_option_exists() -> None:
    import inspect

    from calcgrad.cli.commands.check import command

    known = {f"--{name.replace('_', '-')}" for name in inspect.signature(command).parameters}
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE)) <= known


def test_the_sheet_is_marked() -> None:
    (sheet,) = blocks("text")
    assert [c.report and c.report.verdict for c in mark(sheet)] == ["right"] * 5


def test_the_examples_give_what_they_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for program in blocks("python"):
        if program.startswith("# "):
            name = program.partition("\n")[0][2:]
            (tmp_path / name).write_text(program, encoding="utf-8")
    commands = re.findall(r"^\$ calcgrad (check .*)\n(right: .*)$", PAGE, re.MULTILINE)
    assert len(commands) == 4
    for command, shown in commands:
        assert Streams(monkeypatch).run(*shlex.split(command)).out.partition("\n")[0] == shown
        report = json.loads(Streams(monkeypatch).run(*shlex.split(command), "--json").out)
        seen = [w["says"] for w in report["witnesses"] if w["name"] == "reverse-ad"]
        assert seen == ([] if "--vjp" in command else ["right"])


def test_the_test_passes() -> None:
    (test,) = [block for block in blocks("python") if not block.startswith("# ")]
    assert "assert_grad(loss, loss_grad, np.array(" in test
    calcgrad.assert_grad(lambda w: np.sum(w**2), lambda w: 2 * w, np.array([0.5, -1.0, 2.0]))
