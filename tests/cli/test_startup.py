"""What is imported, and when: start-up is a feature."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

HEAVY = {"numpy", "scipy", "sympy", "mpmath", "flint", "rich", "matplotlib", "pydantic"}
PROGRAM = """
import sys
sys.argv = ["calcgrad", *sys.argv[1:]]
from calcgrad.__main__ import main
code = main()
packages = {name.partition(".")[0] for name in sys.modules}
print(code, *packages, *(name for name in sys.modules if name.startswith("calcgrad.")), file=sys.stderr)
"""


def imported(*arguments: str) -> tuple[int, set[str]]:
    """The exit code, and the packages that one run of the command line imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    code, *names = done.stderr.splitlines()[-1].split()
    return int(code), set(names)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["diff", "--help"],
        ["diff", "x**3+2*x"],
        ["diff", "x**3+2*x", "--at", "2", "--truth", "none", "--json"],
        ["diff", "x**3+2*x", "--at", "2", "--truth", "symbolic", "--format", "csv"],
        ["diff", "sin(x)*exp(x)", "--json"],
        ["diff", "x^", "--at", "2", "--json"],
        ["steps", "--help"],
        ["trace", "--help"],
        ["practice", "--help"],
    ],
)
def test_nothing_heavy_is_imported(arguments: list[str]) -> None:
    code, names = imported(*arguments)
    assert code == (2 if "x^" in arguments else 0)
    assert "typer" in names
    assert not names & HEAVY
    assert "calcgrad.codes" not in names


@pytest.mark.parametrize(
    "arguments",
    [
        ["x**3+2*x", "--at", "2"],
        ["sin(x)*exp(x)", "--at", "x=pi/2", "--json"],
        ["x*y", "--at", "x=1, y=1/3", "--color", "always"],
        ["x^2", "--at", "3", "--truth", "certified"],
    ],
)
def test_certifying_a_number_needs_flint_and_no_more(arguments: list[str]) -> None:
    code, names = imported("diff", *arguments)
    assert code == 0
    drawn = set() if "--json" in arguments else {"rich"}
    assert names & HEAVY == {"flint"} | drawn


def test_the_first_lines_on_a_terminal_stand_before_rich_is_imported() -> None:
    program = """
import os, sys
os.environ["TERM"] = "xterm"
sys.stdout.isatty = lambda: True
from calcgrad.cli import live, run
show, seen = live.Screen.show, []
def watching(screen, text, status=""):
    seen.append("rich" in sys.modules)
    show(screen, text, status)
    seen.append("rich" in sys.modules)
live.Screen.show = watching
code = run(["diff", "x**3+2*x", "--at", "2", "--truth", "certified"])
print(code, *seen[:2], seen[-1], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.split() == ["0", "False", "False", "True"]
    assert "f'(x) = 3*x^2 + 2" in done.stdout


def test_help_imports_no_report_and_no_table() -> None:
    _, names = imported("--help")
    assert not names & {"calcgrad.operations", "calcgrad.comparing.compute"}
    assert not [name for name in names if name.startswith("calcgrad.report.")]


def test_version_needs_not_even_typer() -> None:
    code, names = imported("--version")
    assert code == 0
    assert not names & (HEAVY | {"typer", "json", "dataclasses"})


def test_import_calcgrad_is_light() -> None:
    program = "import sys, calcgrad; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {name.partition(".")[0] for name in done.stdout.split()} & (HEAVY | {"typer"})
    assert "calcgrad.api" not in done.stdout.split()


def test_the_public_names() -> None:
    import calcgrad

    assert set(calcgrad.__all__) <= set(dir(calcgrad))
    for name in calcgrad.__all__:
        assert getattr(calcgrad, name) is not None
    with pytest.raises(AttributeError):
        calcgrad.no_such_name


def test_the_program_as_it_is_installed() -> None:
    for command in ([sys.executable, "-m", "calcgrad"], [sys.executable.replace("python", "calcgrad")]):
        done = subprocess.run(
            [*command, "diff", "x^2", "--at", "3", "--truth", "none", "--methods", "reverse-ad"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0
        assert "reverse-ad  6" in done.stdout


def test_a_reader_that_leaves_is_no_error() -> None:
    many = "\n".join(["x^2"] * 3000)
    command = f"{sys.executable} -m calcgrad diff --input - --at 2 --truth none --format jsonl | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], input=many, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    assert done.returncode == 0


def test_steps_need_arb_alone() -> None:
    code, names = imported("steps", "sin(x^2)*exp(x)", "--at", "2")
    assert code == 0
    assert names & HEAVY == {"flint"}


def test_a_trace_of_numbers_needs_arb_and_no_more_than_what_draws_it() -> None:
    code, names = imported("trace", "x*y + sin(x)", "--at", "x=1, y=2")
    assert code == 0
    assert names & HEAVY - {"rich"} == {"flint"}
