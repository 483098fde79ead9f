"""Programs outside Python as functions: points are written to a file, the program is run, its values are read from another.

The command names the files by ``{input}`` and ``{output}``. In JSON: ``{"points": [point, …]}`` in, ``{"values": [value, …]}``
out, where a point is an array (or an object of arrays by name) and a value a number, an array or, for a gradient, what the
point is. With ``{input.npy}`` and ``{output.npy}`` it is one array each, a row a point. One call has many points.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

from calcgrad.checking.measuring.evaluation import Evaluation, Raised, as_array
from calcgrad.errors import UsageError
from calcgrad.pytrees import map_leaves

_PLACE = re.compile(r"\{(input|output)(\.npy)?\}")
#: So much of what a program says when it fails is shown.
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Program:
    """A command as a function of one argument, called in a folder. Raises ``UsageError`` (E561) where it does not name its files.

    >>> Program("./model {input} {output}")
    Program(command='./model {input} {output}', folder=None)
    """

    command: str
    folder: Path | None = None

    def __post_init__(self) -> None:
        if {m[1] for m in _PLACE.finditer(self.command)} != {"input", "output"}:
            hints = ('--command "./model {input} {output}"',)
            raise UsageError.of("E561", f"{self.command} does not say {{input}} and {{output}}", hints=hints)

    @property
    def arrays(self) -> bool:
        """Whether the files are arrays of NumPy's."""
        return ".npy}" in self.command

    def __call__(self, x: Any) -> Any:
        """The program's answer at one point."""
        return self.many([x])[0]

    def many(self, points: Sequence[Any]) -> list[Any]:
        """The answers at many points, in one call. Raises ``RuntimeError`` where the program fails, or does not answer each."""
        with tempfile.TemporaryDirectory(prefix="calcgrad-") as folder:
            suffix = ".npy" if self.arrays else ".json"
            files = {name: Path(folder) / (name + suffix) for name in ("input", "output")}
            self._write(files["input"], points)
            words = [_PLACE.sub(lambda m: str(files[m[1]]), word) for word in shlex.split(self.command)]
            try:
                done = subprocess.run(words, cwd=self.folder, capture_output=True, text=True, check=False)
            except OSError as error:
                raise RuntimeError(f"{words[0]} cannot be run: {error.strerror}") from error
            if done.returncode:
                said = (done.stderr or done.stdout).strip()[-_SHOWN:]
                raise RuntimeError(f"{words[0]} ended with exit code {done.returncode}: {said}")
            return self._read(files["output"], len(points))

    def _write(self, file: Path, points: Sequence[Any]) -> None:
        if self.arrays:
            numpy.save(file, numpy.stack([numpy.asarray(point) for point in points]))
            return
        plain = [map_leaves(lambda leaf: numpy.asarray(leaf).tolist(), point) for point in points]
        file.write_text(json.dumps({"points": plain}), encoding="utf-8")

    def _read(self, file: Path, count: int) -> list[Any]:
        try:
            if self.arrays:
                values = list(numpy.load(file, allow_pickle=False))
            else:
                values = [_arrays(v) for v in json.loads(file.read_text(encoding="utf-8"))["values"]]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RuntimeError(f"the program's output cannot be read: {error}") from error
        if len(values) != count:
            raise RuntimeError(f"the program gave {len(values)} values for {count} points")
        return values


def _arrays(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _arrays(v) for key, v in value.items()}
    return numpy.asarray(value, dtype=numpy.float64)


class Batches:
    """An executor whose points wait until the first answer is asked for, and are then given to the program in one call."""

    def __init__(self) -> None:
        self._waiting: list[_Answer] = []

    def submit(self, call: Callable[[Any], Any], point: Any) -> _Answer:
        """An answer to come; ``call`` is an evaluation of a :class:`Program`."""
        answer = _Answer(self, call, point)
        self._waiting.append(answer)
        return answer

    def flush(self) -> None:
        """Run the program for all that waits; where it fails for all of them, for each alone."""
        waiting, self._waiting = self._waiting, []
        evaluation = waiting[0].call
        assert isinstance(evaluation, Evaluation)
        try:
            values = evaluation.f.many([evaluation.values(each.point)[0] for each in waiting])  # type: ignore[attr-defined]
            found: list[Any] = [as_array(value) for value in values]
        except (RuntimeError, TypeError):
            found = [evaluation(each.point) for each in waiting]
        for each, value in zip(waiting, found, strict=True):
            each.value = value


class _Answer:
    """The future of one point."""

    def __init__(self, batches: Batches, call: Callable[[Any], Any], point: Any) -> None:
        self.call = call
        self.point = point
        self.value: Any = None
        self._batches = batches

    def result(self) -> Raised | Any:
        """The value there, or what the program said instead."""
        if self.value is None:
            self._batches.flush()
        return self.value
