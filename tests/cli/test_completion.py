"""What the shells are told when Tab is pressed, in the words in which Typer's scripts ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from calcgrad.cli import app
from calcgrad.cli.choices import CHECK_FORMATS, COLORS
from calcgrad.methods import NAMES
from calcgrad.render import FORMATS
from tests.cli.running import Streams

CASES = [
    (("",), app.names()),
    (("co",), ["compare-modes"]),
    (("diff", "--met"), ["--methods"]),
    (("diff", "--format", ""), list(FORMATS)),
    (("check", "--format", ""), list(CHECK_FORMATS)),
    (("diff", "--color", ""), list(COLORS)),
    (("diff", "--methods", ""), list(NAMES)),
    (("diff", "--methods", "forward-ad,rev"), ["forward-ad,reverse-ad"]),
    (("diff", "--truth", "cer"), ["certified"]),
    (("diff", "arct"), ["arctan", "arctan2", "arctanh", "arctg"]),
    (("diff", "x*sinc"), ["x*sinc"]),
    (("functions", "erfc"), ["erfc", "erfcinv", "erfcx", "erfcx_derivative"]),
    (("explain", "E10"), [f"E10{k}" for k in range(1, 10)]),
    (("help", "st"), ["stencil", "steps"]),
]


@pytest.mark.parametrize(("typed", "offered"), CASES, ids=[" ".join(typed) for typed, _ in CASES])
def test_bash_is_offered(
    streams: Streams, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], offered: list[str]
) -> None:
    monkeypatch.setenv("_CALCGRAD_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", " ".join(("calcgrad", *typed)))
    monkeypatch.setenv("COMP_CWORD", str(len(typed)))
    found = streams.run()
    assert found.code == 0
    assert found.out.split() == offered


def test_zsh_and_fish_are_offered_the_same(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "calcgrad functions arctan")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    for shell in ("zsh", "fish"):
        monkeypatch.setenv("_CALCGRAD_COMPLETE", f"complete_{shell}")
        out = streams.run().out
        assert all(name in out for name in ("arctan", "arctan2", "arctanh"))
        assert "arcsin" not in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(streams: Streams, shell: str) -> None:
    found = streams.run("--show-completion", shell)
    assert found.code == 0
    assert f"_CALCGRAD_COMPLETE=complete_{shell}" in found.out


def test_a_shell_without_a_script(streams: Streams) -> None:
    found = streams.run("--show-completion", "tcsh")
    assert found.code == 2
    assert "error[E529]" in found.err


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_itself_completes(tmp_path: Path) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = (
        'eval "$(calcgrad --show-completion bash)"; COMP_WORDS=(calcgrad diff --format js); COMP_CWORD=3; '
        '_calcgrad_completion calcgrad; echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        env={**os.environ, "PATH": path, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["json", "jsonl"]
