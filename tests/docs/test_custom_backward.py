"""The page on custom backward passes: its file runs, its commands say what it shows, its tests pass."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest

import calcgrad
from calcgrad.checking.project import read_config
from tests.cli.running import Streams

PAGE = (Path(calcgrad.__file__).parent / "docs" / "custom_backward.md").read_text(encoding="utf-8")
_FIGURE = re.compile(r"[-+]?\d[\d.,]*(e[-+]?\d+)?")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def told(text: str) -> list[str]:
    """The words of a report; figures are those of one machine, and so is how they are set."""
    return _FIGURE.sub("#", text.partition("how sure")[0]).split()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    pytest.importorskip("torch").set_num_threads(1)
    (tmp_path / "norm.py").write_text(blocks("python")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "norm", raising=False)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("shown", blocks("console"))
def test_a_command_says_what_the_page_shows(
    shown: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, _, expected = shown.partition("\n")
    found = Streams(monkeypatch).run(*shlex.split(command)[2:])
    assert told(found.out) == told(expected)
    for line in (
        "in float32 the claim is within",
        "in bfloat16 the claim is within",
        "in double it is right",
    ):
        assert (line in " ".join(found.out.split())) == (line in " ".join(expected.split()))


@pytest.mark.slow
def test_its_tests_pass(folder: Path) -> None:
    names: dict[str, object] = {}
    exec(compile(blocks("python")[1], "test_norm.py", "exec"), names)
    tests = [test for name, test in names.items() if name.startswith("test_")]
    assert len(tests) == 1
    for test in tests:
        test()  # type: ignore[operator]


def test_its_settings_are_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(blocks("toml")[0], encoding="utf-8")
    (request,) = read_config(tmp_path / "pyproject.toml")
    assert (request.framework, request.claims, request.formulas) == ("torch", (), ())
