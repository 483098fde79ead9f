"""What ``calcgrad check`` does for claims: requests from the options, progress while it runs, what is left after Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calcgrad.checking.project import KINDS, CheckRequest, Settings
from calcgrad.checking.requests import carry_out, options_of
from calcgrad.cli.pace import pace_of
from calcgrad.cli.progress import PATIENCE, Line
from calcgrad.errors import CalcgradError, Diagnostic, UsageError
from calcgrad.functions.loading import is_target
from calcgrad.inputs.arguments import Places
from calcgrad.phrases import counted
from calcgrad.report.claims import Checked

if TYPE_CHECKING:
    from calcgrad.checking.measuring.subject import Options, Statement, Subject

_INTERRUPTED = 130


def requests_of(
    targets: Sequence[str],
    claims: Mapping[str, Sequence[str]],
    formulas: Sequence[str],
    wrt: tuple[str, ...],
    places: Places,
    settings: Settings,
    framework: str | None,
) -> tuple[CheckRequest, ...]:
    """A request for each target, with its claims.

    One target takes every claim; of several the first takes the first of each option, and so on. Raises ``UsageError``: E376
    (claims without a target), E377 (a target without a claim), E373 (claims that do not pair up with the targets).
    """
    alone = [*claims.get("value-and-grad", ())]
    if not targets:
        if formulas or any(values for option, values in claims.items() if option != "value-and-grad"):
            raise UsageError.of(
                "E376", "there is nothing to check the claim against", hints=("name the function first",)
            )
        return tuple(
            CheckRequest(None, (("value_and_grad", name),), (), wrt, places, settings, framework)
            for name in alone
        )
    made = []
    for number, target in enumerate(targets):
        chosen = [
            (KINDS[option], name)
            for option, values in claims.items()
            for name in _share(option, values, number, targets)
        ]
        said = tuple(_share("claim", formulas, number, targets))
        given = bool(places.at or places.args or places.random)
        is_alone = (
            is_target(target) and given and not said
        )  # a framework's function brings its own derivative
        if bool(said) == bool(chosen or framework or is_alone):
            raise _no_claim(target)
        made.append(CheckRequest(target, tuple(chosen), said, wrt, places, settings, framework))
    return tuple(made)


def of_program(
    command: str,
    grad_command: str | None,
    targets: Sequence[str],
    claims: Mapping[str, Sequence[str]],
    wrt: tuple[str, ...],
    places: Places,
    settings: Settings,
) -> CheckRequest:
    """The request of a program. Raises ``UsageError``: E562 beside a target of Python's, E377 without a claim."""
    if targets:
        raise UsageError.of("E562", f"--command is in place of {targets[0]}: give one of them")
    if not grad_command and not claims:
        hints = ('--grad-command "./adjoint {input} {output}"', "--grad adjoint.py:gradient")
        raise UsageError.of("E377", "what is claimed of the program?", hints=hints)
    chosen = tuple((KINDS[option], name) for option, names in claims.items() for name in names)
    return CheckRequest(None, chosen, (), wrt, places, settings, command=command, grad_command=grad_command)


def _share(option: str, values: Sequence[str], number: int, targets: Sequence[str]) -> Sequence[str]:
    """The values of an option that belong to one of the targets."""
    if len(targets) == 1 or not values:
        return values
    if len(values) != len(targets):
        message = f"{len(targets)} targets, and --{option} is given {len(values)} times"
        hints = (f"give --{option} once for each target, in their order",)
        raise UsageError.of("E373", message, hints=hints)
    return values[number : number + 1]


def _no_claim(target: str) -> CalcgradError:
    hints: tuple[str, ...] = (
        f'calcgrad check "{target}" --claim "..."',
        "calcgrad check model.py:loss --grad model.py:loss_grad --at w.npy",
    )
    if is_target(target):
        hints += (
            "a function of torch or jax brings its own derivative: --args model.py:args makes its tensors",
        )
    return UsageError.of("E377", "what is claimed? Give --claim or --grad, and not both", hints=hints)


class CheckRun:
    """One run: makes the checker's options, shows how far it is, and keeps what is known when it is interrupted."""

    def __init__(self, quiet: bool, journal: str | None, resume: bool, dask: str | None) -> None:
        self._on = sys.stderr.isatty() and not quiet
        self._line = Line()
        self._journal = journal
        self._resume = resume
        self._dask = dask
        self._executor: Any = None
        self._count = 0
        self._kept: list[Path] = []
        self.statement: Statement | None = None
        self.title = ""

    def checked(self, requests: Sequence[CheckRequest]) -> list[Checked]:
        """Everything that was found; after Ctrl-C what was found so far, and an error of exit code 130 in the end."""
        found: list[Checked] = []
        try:
            with contextlib.redirect_stdout(sys.stderr):  # what the user's code prints is no part of a report
                try:
                    found.extend(self._each(requests))
                finally:
                    self._line.close()
        except KeyboardInterrupt:
            found.append(Checked(self.title, None, self._interrupted(), _INTERRUPTED))
        return found

    def _each(self, requests: Sequence[CheckRequest]) -> Iterator[Checked]:
        for request in requests:
            self.title, self.statement = request.title, None
            yield from carry_out([request], self.options)
            self._done_with_journals()

    def options(self, request: CheckRequest, subject: Subject) -> Options:
        """The checker's options for one subject."""
        import dataclasses

        self.statement = None
        options = options_of(request)
        return dataclasses.replace(
            options,
            journal=self._journal_for(request, subject),
            resume=self._resume,
            executor=self._executor_for() or options.executor,
            progress=self._progress,
        )

    def _executor_for(self) -> Any:
        if self._dask is not None and self._executor is None:
            from importlib import import_module

            self._executor = import_module("calcgrad.checking.measuring.executors").dask_executor(self._dask)
        return self._executor

    def _journal_for(self, request: CheckRequest, subject: Subject) -> str | None:
        """The file that the evaluations of a subject are kept in; without ``--journal`` one of our own, or none."""
        self._count += 1
        if self._journal is not None:
            return self._journal if self._count == 1 else f"{self._journal}.{self._count}"
        folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "calcgrad" / "checks"
        claims = [claim.name for claim in subject.claims]
        key = repr((Path.cwd(), request.target, claims, subject.at(), request.settings.seed, self._count))
        path = folder / f"{sha256(key.encode()).hexdigest()[:24]}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.touch()
        except OSError:
            return None  # a place without a home: the check runs all the same
        self._kept.append(path)
        return str(path)

    def _done_with_journals(self) -> None:
        """Take our own journals of finished checks away."""
        for path in self._kept:
            path.unlink(missing_ok=True)
        self._kept.clear()

    def _progress(self, statement: Statement) -> None:
        self.statement = statement
        if self._on and statement.seconds > PATIENCE:
            from calcgrad.cli.counting import Fitting

            self._line.show(Fitting(self.told(statement)))

    def told(self, statement: Statement) -> list[str]:
        """How far a check has come, in fewer and fewer words."""
        rate = statement.evaluations / statement.seconds if statement.seconds > 0 else 0.0
        pace = f", {pace_of(rate)}" if rate else ""
        count = counted(statement.evaluations, "evaluation")
        return [
            f"{self.title}: {statement}{pace}",
            f"{self.title}: {statement}",
            f"{statement}",
            f"{statement.stage}: {statement.verdict} so far after {count}",
            f"{statement.stage}: {count}",
            count,
        ]

    def _interrupted(self) -> Diagnostic:
        said = f"interrupted: {self.statement}" if self.statement else "interrupted before anything was known"
        return Diagnostic("E390", said, hints=("the same command with --resume goes on from here",))
