"""Command lines and their files drawn at random, run in this process or as one of their own, and what must never come of them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import resource
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from _files import fill, journal_of

#: The exit codes that a command may have.
CODES = {0, 1, 2, 3, 4, 5, 130}
#: Seconds of the processor and bytes of memory that one command may take.
MOST_SECONDS, MOST_BYTES = 25.0, 1 << 30
#: One in so many is a process of its own.
PROCESS_EVERY = 40
#: What is not drawn: a prompt, and what reaches beyond this machine, or takes long by its nature.
_LEFT_OUT = {"repl"}
_NEVER = {"--dask", "--table", "--help", "--command", "--grad-command", "--framework", "--numeric"}
_TEXTS = (
    "x^2",
    "x*y + sin(x)",
    "x**3+2*x",
    "abs(x)",
    "1/x",
    "sqrt(x)*log(x)",
    "[x*y, sin(x)]",
    "sum(v^2)",
    "x[0]*x[1]",
    "where(x > 0, x, -x)",
    "model.py:loss",
    "model.py:several",
    "f(x) = x^2 + 1",
    "d/dx sin(x^2)",
    r"\frac{x^2}{1+x}",
    "gamma(x)*zeta(x)",
    "floor(x)/x",
    "3",
    "-x^2",
    "x^2; 2*x",
)
_HOSTILE = (
    "",
    " ",
    "-",
    "--",
    "0",
    "-1",
    "1e309",
    "1e-400",
    "nan",
    "inf",
    "-inf",
    "1e9",
    "10**10",
    "9" * 400,
    "x",
    "ñ",
    "🦄",
    "\ud800",
    "a" * 3000,
    "(" * 500,
    "[1,2",
    "{",
    "'",
    '"',
    "\\",
    "%s",
    "[red]",
    "\x1b[31m",
    "\t\n",
    "x=",
    "=2",
    "x=1,x=2",
    "x=0:1:0",
    "x=0:inf:3",
    "x=0:1:1e9",
    "../..",
    "model.py:",
    ":loss",
    "model.py:nowhere",
    "None",
    "True",
)
_FITTING: dict[str, tuple[str, ...]] = {
    "--at": ("2", "x=1", "x=1, y=2", "x=0:2:5", "x=pi/2", "v=[1,2,3]", "x=[1,2]", "1, 2", "x=0", "x=1e300"),
    "--wrt": ("x", "y", "x,y", "z", "v"),
    "--order": ("1", "2", "3", "7", "33"),
    "--methods": ("forward-ad", "adaptive,symbolic", "nothing"),
    "--truth": ("certified", "none", "symbolic"),
    "--step": ("0.1", "1e-8", "1,0.1,0.01"),
    "--digits": ("5", "60", "1001"),
    "--timeout": ("2", "0.01", "5"),
    "--x": ("x",),
    "--y": ("y",),
    "--grad": (
        "model.py:loss_grad",
        "model.py:wrong",
        "model.py:nothing",
        "model.py:raises",
        "model.py:leaves",
    ),
    "--value-and-grad": ("model.py:both", "model.py:loss"),
    "--jacobian": ("model.py:wide", "model.py:loss_grad"),
    "--claim": ("2*x", "x", "y", "2*x*"),
    "--args": ("[1.0, 2.0]", '{"x": 1.5}', "[[1]]", "model.py:CALLS"),
    "--random": ("normal(3)", "uniform(2, 2)", "x=uniform(3)", "normal(", "uniform(low=nan)"),
    "--points": ("2", "-1,0,1", "0,1"),
    "--seed": ("1", "7"),
    "--max-evaluations": ("20", "0"),
    "--max-seconds": ("1", "2"),
    "--workers": ("1", "2", "1000"),
    "--rtol": ("0.01",),
    "--seed-call": ("model.py:random_",),
    "--from": ("0", "-pi"),
    "--to": ("1", "pi"),
    "--rate": ("0.1", "10"),
    "--steps": ("5", "50"),
    "--until": ("1e-3",),
    "--rule": ("gradient", "newton", "momentum"),
    "--topic": ("product", "chain"),
    "--level": ("1", "2"),
    "--answer": ("2*x",),
    "--sheet": ("2",),
    "--detail": ("short", "full"),
    "--mode": ("forward", "reverse"),
    "--depth": ("1", "3"),
    "--color": ("always", "never", "auto"),
    "--format": (
        *(
            "json",
            "jsonl",
            "csv",
            "markdown",
            "latex",
            "html",
            "table",
            "plain",
            "svg",
            "dot",
            "mermaid",
            "junit",
        ),
        *("github", "sarif", "png", "pdf"),
    ),
}
_OUTPUTS = ("out.txt", "missing/out.txt", ".", "/dev/full", "/dev/null", "model.py", "out.html")


class Command(NamedTuple):
    """A command line, what its standard input holds, and the folder that it is run in."""

    arguments: tuple[str, ...]
    given: bytes
    folder: Path

    @property
    def shown(self) -> str:
        """As it would be typed."""
        return shlex.join(["calcgrad", *self.arguments])


class Ended(NamedTuple):
    """What a command did; ``code`` is ``None`` where it did not end in its time."""

    code: int | None
    out: str
    err: str
    seconds: float


@cache
def _options() -> dict[str, list[tuple[str, bool]]]:
    """The options of each command, and whether they take a value."""
    from calcgrad.cli import app

    known = app._application(["--help"]).commands
    return {
        name: [(option, not getattr(p, "is_flag", False)) for p in command.params for option in p.opts]
        for name, command in sorted(known.items())
        if name not in _LEFT_OUT
    }


def draw(seed: int, index: int, folder: Path) -> Command:
    """A command line by its number, and its files in a folder of its own."""
    chosen = random.Random(f"{seed}:{index}")
    files = fill(folder, chosen)
    name = chosen.choice(list(_options()))
    arguments = [name]
    if name in ("functions", "explain", "help"):
        arguments += chosen.choice([[], ["sin"], ["E102"], ["diff"], [chosen.choice(_HOSTILE)]])
    elif name not in ("practice", "stencil"):
        arguments.append(_expression(chosen, files))
    options = [(o, valued) for o, valued in _options()[name] if o.startswith("--") and o not in _NEVER]
    if name not in ("practice", "stencil", "functions", "explain", "help") and chosen.random() < 0.8:
        arguments += ["--at", chosen.choice((*_FITTING["--at"], *files))]
    if name == "check" and chosen.random() < 0.9:
        arguments += ["--max-seconds", "1"]
    for option, valued in chosen.sample(options, min(len(options), chosen.choice([0, 1, 1, 2, 3]))):
        arguments.append(option)
        if valued:
            arguments.append(_value(option, chosen, files, folder))
    if chosen.random() < 0.05:
        arguments.insert(chosen.randrange(len(arguments) + 1), chosen.choice(_HOSTILE))
    given = chosen.choice(
        [b"", b"x^2\n", b"x^2\nsin(x)\n" * 3, b"\xff\xfe\0", b'{"expr": "x", "at": {"x": 1}}\n']
    )
    return Command(tuple(arguments), given, folder)


def _expression(chosen: random.Random, files: Sequence[str]) -> str:
    if chosen.random() < 0.8:
        return chosen.choice(_TEXTS)
    return chosen.choice(
        (*_HOSTILE, *files, "model.py:talks", "model.py:text", "model.py:leaves", "model.py:raises")
    )


def _value(option: str, chosen: random.Random, files: Sequence[str], folder: Path) -> str:
    if option == "--output":
        return chosen.choice(_OUTPUTS)
    if option == "--journal" and chosen.random() < 0.7:
        return journal_of(folder) if chosen.random() < 0.5 else "new.jsonl"
    if option in ("--input", "--data", "--claims") and chosen.random() < 0.8:
        return chosen.choice([*files, "-"])
    if option == "--workers":
        return chosen.choice((*_FITTING[option], "-1", "0", "x"))
    if chosen.random() < 0.7 and option in _FITTING:
        return chosen.choice(_FITTING[option])
    return chosen.choice((*_HOSTILE, *files))


class _TooLong(BaseException):
    pass


def run_here(command: Command) -> Ended:
    """Run a command in this process."""
    from calcgrad.cli import run

    def expired(*_: Any) -> None:
        raise _TooLong

    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    given = io.TextIOWrapper(io.BytesIO(command.given), "utf-8")
    before, path = Path.cwd(), list(sys.path)
    start = process_time()
    code: int | None = None
    signal.signal(signal.SIGVTALRM, expired)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS, 1.0)
    try:
        os.chdir(command.folder)
        with _replaced(given, *streams):
            code = run(list(command.arguments))
    except _TooLong:
        code = None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        os.chdir(before)
        sys.path[:] = path
        sys.modules.pop("model", None)
    out, err = (stream.buffer.getvalue().decode("utf-8", "replace") for stream in streams)
    return Ended(code, out, err, process_time() - start)


@contextlib.contextmanager
def _replaced(given: Any, out: Any, err: Any) -> Iterator[None]:
    old = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = given, out, err
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = old


def run_alone(command: Command, chosen: random.Random) -> Ended:
    """Run a command as a process of its own, in some encoding, with some of its streams closed or full."""
    encoding = chosen.choice(["utf-8", "utf-8", "ascii", "latin-1"])
    streams = chosen.choice(["", "", "", "<&-", ">&-", "2>&-", ">/dev/full", "| head -c 10"])
    root = str(Path(__file__).resolve().parents[2])
    environment = {
        **os.environ,
        "PYTHONIOENCODING": encoding,
        "PYTHONPATH": root,
        "HOME": str(command.folder),
    }
    environment["COLUMNS"] = chosen.choice(["80", "20", "1", "0", "x", "400"])
    line = shlex.join([sys.executable, "-m", "calcgrad", *command.arguments])
    shell = f"ulimit -v {4 << 20}; {line} {streams}"
    try:
        shell.encode()
    except UnicodeEncodeError:
        return Ended(2, "", "", 0.0)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    child = subprocess.Popen(
        ["sh", "-c", shell],
        cwd=command.folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = child.communicate(command.given, timeout=20 * MOST_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        return Ended(None, "", streams, 20 * MOST_SECONDS)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    code = child.returncode if not streams.startswith("|") else 0
    return Ended(code, out.decode("utf-8", "replace"), err.decode("utf-8", "replace"), seconds)


def wrong(command: Command, ended: Ended, memory: int) -> list[str]:
    """What must not have happened."""
    both = ended.out + ended.err
    found = []
    if ended.code is None:
        found.append(f"no end in {MOST_SECONDS:g} s of the processor")
    elif ended.code not in CODES:
        found.append(f"exit code {ended.code}: {_told(both)}")
    elif "E700" in both and not {"explain", "help"} & set(command.arguments):
        found.append(f"E700: {_told(both)}")
    if "Traceback (most recent call last)" in both or re.search(r"Exception ignored|Fatal Python", both):
        found.append(f"a traceback: {both[-300:]}")
    if memory > MOST_BYTES:
        found.append(f"{memory / 2**20:.0f} MiB of memory")
    if _asks_for_json(command.arguments) and ended.out and (ended.code or 0) in (0, 1, 2, 3, 4, 5):
        try:
            json.loads(ended.out, parse_constant=_no_constant)
        except ValueError as error:
            found.append(f"no JSON: {error}: {ended.out[:80]!r}")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _asks_for_json(arguments: Sequence[str]) -> bool:
    plain = "--output" not in arguments and "--input" not in arguments and "-" not in arguments
    return plain and "--json" in arguments and "--quiet" not in arguments and "--format" not in arguments


def _told(text: str) -> str:
    lines = [line for line in text.splitlines() if "E700" in line or "bug" in line] or text.splitlines()[-2:]
    return " ".join(lines)[:300]


def case(seed: int, index: int) -> tuple[Command, list[str]]:
    """A command by its number, run; and what was wrong."""
    chosen = random.Random(f"how {seed}:{index}")
    with tempfile.TemporaryDirectory(prefix="calcgrad-fuzz-") as name:
        command = draw(seed, index, Path(name))
        who = resource.RUSAGE_SELF
        before = resource.getrusage(who).ru_maxrss
        if index % PROCESS_EVERY == PROCESS_EVERY - 1:
            return command, wrong(command, run_alone(command, chosen), 0)
        ended = run_here(command)
        peak = resource.getrusage(who).ru_maxrss
        return command, wrong(command, ended, peak * 1024 if peak > before else 0)
