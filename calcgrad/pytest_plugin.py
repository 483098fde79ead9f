"""The plugin for pytest: a project's ``[tool.calcgrad]`` targets as test items, the marker ``calcgrad``, ``assert_grad``.

``pytest pyproject.toml``, or any run that collects the folder it is in, has one item for each target::

    pyproject.toml::loss PASSED

Nothing of calcgrad is imported before there is something to check.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from calcgrad.checking.project import CheckRequest

MARKER = "calcgrad"


def __getattr__(name: str) -> Any:
    if name == "assert_grad":
        from calcgrad.testing import assert_grad

        return assert_grad
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", f"{MARKER}: checks a gradient with calcgrad")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """A collector for a ``pyproject.toml`` that has targets."""
    if file_path.name != "pyproject.toml" or b"calcgrad" not in file_path.read_bytes():
        return None
    return ProjectFile.from_parent(parent, path=file_path)


class ProjectFile(pytest.File):
    """A ``pyproject.toml``: an item for each target of its ``[tool.calcgrad]``."""

    def collect(self) -> Iterator[pytest.Item]:
        """The items, in the order of the file; a target that comes twice has a number."""
        from calcgrad.checking.project import read_config
        from calcgrad.errors import CalcgradError

        try:
            requests = read_config(self.path)
        except CalcgradError as error:
            raise self.CollectError(str(error)) from None
        seen: dict[str, int] = {}
        for request in requests:
            name = request.name or request.title.rpartition(":")[2]
            seen[name] = count = seen.get(name, 0) + 1
            name = name if count == 1 else f"{name} ({count})"
            yield Target.from_parent(self, name=name, request=request)


class WrongError(Exception):
    """A target that is not right; the message is the report."""


class Target(pytest.Item):
    """One target: its claims at its points."""

    def __init__(self, *, request: CheckRequest, **rest: Any) -> None:
        super().__init__(**rest)
        self._request = request
        self.add_marker(MARKER)

    def runtest(self) -> None:
        """Check, and raise the report unless everything is right."""
        from calcgrad.checking.requests import carry_out

        found = list(carry_out([self._request]))
        if any(c.report is None or c.report.verdict != "right" for c in found):
            from calcgrad.render import Style
            from calcgrad.render.check import render

            raise WrongError(render(found, Style()).rstrip())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The report as ``calcgrad check`` shows it."""
        if isinstance(excinfo.value, WrongError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the target is listed, and its name."""
        return self.path, None, self.name
