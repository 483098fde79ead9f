"""pytest, loaded once, and a fork of it for each mutant.

Everything heavy is imported before the first fork. A *clean* run tells which test reaches which line and how long it takes. Then
the tests of a room are collected once, and each mutant of a function's body is put in place in a fork of that process, which runs
only the tests that reach the line, the fastest first, until one fails. A mutant of what runs while a module is loaded gets a fork
from before calcgrad was loaded.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from pathlib import Path
from time import process_time
from typing import Any

import coverage
import pytest
from _forking import forked
from _mutating import Mutant
from _swapping import Instead, swap

#: A test run may take so many times as long as the clean one, and so many seconds more.
TIMES, MORE = 3, 3
#: The clean run measures, and may take this long at most.
LONGEST = 1200

Say = Callable[[dict[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Clean:
    """The clean run: seconds of each test, and which tests reach each line of each file; -1 stands for loading."""

    seconds: dict[str, float]
    reached: dict[str, dict[str, list[int]]]
    most: float = math.inf

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that reach a mutant, the fastest first; all that reach its file where its line runs while it is loaded.

        ``most`` seconds of them are taken, and one at least; a mutant that is alive after those counts as alive.
        """
        names = list(self.seconds)
        here = self._here(mutant)
        if here == {-1} or (-1 in here and not mutant.function):
            here = {i for those in self.reached[mutant.file].values() for i in those}
            if here == {-1}:  # nothing but declarations: whoever uses them is not known
                here = set(range(len(names)))
        found = sorted((names[i] for i in here if i >= 0), key=lambda name: self.seconds[name])
        spent = accumulate(self.seconds[name] for name in found)
        return [
            name
            for k, (name, sum_) in enumerate(zip(found, spent, strict=True))
            if sum_ <= self.most or not k
        ]

    def loads(self, mutant: Mutant) -> bool:
        """Whether its line runs while modules are loaded and never again: the head of a function that makes closures, say."""
        return self._here(mutant) == {-1}

    def _here(self, mutant: Mutant) -> set[int]:
        lines = self.reached.get(mutant.file, {})
        return {i for line in range(mutant.first, mutant.last + 1) for i in lines.get(str(line), ())}

    def limit(self, tests: list[str]) -> float:
        """The seconds of the processor that these may take."""
        return TIMES * sum(self.seconds[name] for name in tests) + MORE


class Runs:
    """Runs of a room's tests in a copy of the tree, which is the current folder."""

    def __init__(self, tree: Path, selection: list[str], kept: Path) -> None:
        self.tree, self.selection, self.kept = tree, selection, kept
        self.log = kept / "last.log"

    def clean(self, files: list[str], most: float) -> Clean:
        """The clean run, as it was kept if nothing has changed since."""
        place = self.kept / f"clean-{self._state()}.json"
        if not place.exists():
            answer = forked(lambda say: self._measure(files, say), LONGEST, self.log)
            if answer is None or not answer or "seconds" not in answer[-1]:
                raise SystemExit(f"the clean run failed; what it printed is in {self.log}")
            place.write_text(json.dumps(answer[-1]), encoding="utf-8")
        return Clean(**json.loads(place.read_text(encoding="utf-8")), most=most)

    def _state(self) -> str:
        """A fingerprint of all code and tests."""
        digest = hashlib.sha256(repr(self.selection).encode())
        for path in sorted([*self.tree.glob("calcgrad/**/*.py"), *self.tree.glob("tests/**/*.py")]):
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]

    def _measure(self, files: list[str], say: Say) -> None:
        measured = coverage.Coverage(
            data_file=None, include=[str(self.tree / file) for file in files], config_file=False
        )
        measured.start()
        plugin = _Measuring(measured)
        code = self._pytest([*self.selection, "-x"], plugin)
        measured.stop()
        if code != 0:
            return
        names = {name: i for i, name in enumerate(plugin.seconds)}
        reached = {}
        for file in files:
            contexts = measured.get_data().contexts_by_lineno(str(self.tree / file))
            reached[file] = {
                str(line): sorted({names.get(c, -1) for c in those}) for line, those in contexts.items()
            }
        say({"seconds": plugin.seconds, "reached": reached})

    def _pytest(self, arguments: list[str], plugin: object) -> int:
        # Without this pytest loads all of calcgrad, which belongs to a plugin, by a loader of its own that rewrites assertions.
        plain = ["--assert=plain", "--tb=short", "--hypothesis-seed=0"]
        plain += [word for name in ("cacheprovider", "xdist") for word in ("-p", f"no:{name}")]
        return int(pytest.main([*plain, *arguments], plugins=[plugin]))

    def run(
        self, mutants: list[Mutant], clean: Clean, record: Callable[[Mutant, dict[str, Any]], None]
    ) -> None:
        """Record what becomes of each: ``killed`` by a test, ``slow``, ``survived``, or ``unreached`` where no test comes by."""
        reached = []
        for mutant in mutants:
            if clean.tests(mutant):
                reached.append(mutant)
            else:
                record(mutant, {"outcome": "unreached"})
        answer = forked(
            lambda say: self._serve(reached, clean, record, say), LONGEST, self.kept / "server.log"
        )
        if answer is None or not answer or "cold" not in answer[-1]:
            raise SystemExit(f"the server ended: {answer}; what it printed is in {self.kept / 'server.log'}")
        cold = answer[-1]["cold"]
        if (
            cold
            and self._cold(replace(reached[cold[0]], code="raise ImportError\n"), clean)["outcome"]
            != "killed"
        ):
            raise SystemExit(
                "a module that cannot be loaded was not noticed: changes do not get into the program"
            )
        for index in cold:
            record(reached[index], self._cold(reached[index], clean))

    def _serve(
        self, mutants: list[Mutant], clean: Clean, record: Callable[[Mutant, dict[str, Any]], None], say: Say
    ) -> None:
        parent = os.getppid()

        def serve(session: pytest.Session) -> None:
            items = {item.nodeid: item for item in session.items}
            everything = [items[name] for name in sorted(clean.seconds, key=clean.seconds.__getitem__)]
            control = forked(lambda say: _until_one_fails(session, everything, say), LONGEST, self.log)
            if _read(control, 0)["outcome"] != "survived":
                say({"control": control})
                return
            cold = []
            for index, mutant in enumerate(mutants):
                if os.getppid() != parent:
                    return
                if clean.loads(mutant):
                    cold.append(index)
                    continue
                tests = clean.tests(mutant)
                work = partial(self._one, session, mutant, [items[name] for name in tests])
                answer = _read(forked(work, clean.limit(tests), self.log), len(tests))
                if answer["outcome"] == "cold":
                    cold.append(index)
                else:
                    record(mutant, answer)
            say({"cold": cold})

        self._pytest(self.selection, _Serving(serve))

    def _one(self, session: pytest.Session, mutant: Mutant, items: list[pytest.Item], say: Say) -> None:
        old = (self.tree / mutant.file).read_text(encoding="utf-8")
        if not swap(str(self.tree / mutant.file), old, mutant.code):
            say({"outcome": "cold"})
            return
        _until_one_fails(session, items, say)

    def _cold(self, mutant: Mutant, clean: Clean) -> dict[str, Any]:
        tests = clean.tests(mutant)
        files = sorted({name.partition("::")[0] for name in tests})

        def work(say: Say) -> None:
            name = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            Instead(name, str(self.tree / mutant.file), mutant.code)

            def run(session: pytest.Session) -> None:
                items = {item.nodeid: item for item in session.items}
                missing = [name for name in tests if name not in items]
                if missing:  # a list of cases comes from the code itself
                    say({"outcome": "killed", "by": f"{missing[0]} is no longer there"})
                else:
                    _until_one_fails(session, [items[name] for name in tests], say)

            code = self._pytest(files, _Serving(run))
            if code not in (0, 1):
                say({"outcome": "killed", "by": "cannot be loaded"})

        return _read(forked(work, clean.limit(tests) + 30, self.log), len(tests))


def _read(answer: list[dict[str, Any]] | None, tests: int) -> dict[str, Any]:
    if answer is None:
        return {"outcome": "slow"}
    for record in answer:
        if "outcome" in record:
            return {**record, "tests": tests}
    return {"outcome": "killed", "by": f"the process died: {answer}"}


def _until_one_fails(session: pytest.Session, items: list[pytest.Item], say: Say) -> None:
    start = process_time()
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            say({"outcome": "killed", "by": item.nodeid, "seconds": round(process_time() - start, 2)})
            return
    say({"outcome": "survived", "seconds": round(process_time() - start, 2)})


class _Measuring:
    """Tells coverage which test runs, and times it."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.measured.switch_context(item.nodeid)
        start = process_time()
        try:
            return (yield)  # type: ignore[return-value]
        finally:
            self.seconds[item.nodeid] = round(process_time() - start, 4)
            self.measured.switch_context("")


class _Serving:
    """Does something with what was collected, in place of running it all."""

    def __init__(self, serve: Callable[[pytest.Session], None]) -> None:
        self.serve = serve

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed and not session.config.option.continue_on_collection_errors:
            raise session.Interrupted("cannot be collected")
        self.serve(session)
        return True
