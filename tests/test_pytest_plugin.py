"""The plugin for pytest: items for a project's targets, the marker, assert_grad's message, and what it costs when unused."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

pytest_plugins = ["pytester"]

MODEL = """
import numpy as np


def loss(w):
    return np.sum(w**3)


def good(w):
    return 3 * w**2


def bad(w):
    g = 3 * w**2
    g[1] = 0
    return g
"""
PROJECT = """
[[tool.calcgrad.targets]]
target = "planted_model.py:loss"
grad = "planted_model.py:good"
random = "normal(4)"

[[tool.calcgrad.targets]]
name = "the bad one"
target = "planted_model.py:loss"
grad = "planted_model.py:bad"
random = "normal(4)"
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(planted_model=MODEL)
    pytester.makefile(".toml", pyproject=PROJECT)
    return pytester


OWN = """
import numpy as np
import pytest
from calcgrad.pytest_plugin import assert_grad
from planted_model import bad, good, loss


@pytest.mark.calcgrad
def test_good():
    assert assert_grad(loss, good, np.ones(3)).verdict == "right"


def test_bad():
    assert_grad(loss, bad, np.ones(3))
"""


def test_targets_are_items_and_failures_read_like_the_report(project: pytest.Pytester) -> None:
    project.makepyfile(test_own=OWN)
    result = project.runpytest_subprocess("-v", "--strict-markers", "pyproject.toml", "test_own.py")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*pyproject.toml::loss PASSED*",
            "*pyproject.toml::the bad one FAILED*",
            "*test_own.py::test_good PASSED*",
            "*test_own.py::test_bad FAILED*",
            "wrong: 1 wrong entry of 4",
            "  function  planted_model.py:loss",
            "  claim     planted_model.py:bad",
            "*w[[]1]*",
            "E *AssertionError: wrong: 1 wrong entry of 3",
            "E *w[[]1]*",
            "test_own.py:13: AssertionError",
        ]
    )
    shown = result.stdout.str()
    assert "Traceback" not in shown
    assert "asserting.py" not in shown


def test_the_marker_chooses(project: pytest.Pytester) -> None:
    project.makepyfile(test_own="import pytest\n\ndef test_other():\n    pass\n")
    marked = project.runpytest_subprocess("--collect-only", "-q", "-m", "calcgrad", ".")
    marked.stdout.fnmatch_lines(
        ["pyproject.toml::loss", "pyproject.toml::the bad one", "2/3 tests collected*"]
    )
    others = project.runpytest_subprocess("--collect-only", "-q", "-m", "not calcgrad", ".")
    others.stdout.fnmatch_lines(["test_own.py::test_other", "1/3 tests collected*"])


def test_a_config_that_cannot_be_read_is_an_error_of_collection(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", pyproject="[[tool.calcgrad.targets]]\ntarget = 'x'\n")
    result = pytester.runpytest_subprocess("pyproject.toml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*E389: pyproject.toml: target 1 is to be a target with a claim*"])


def test_unused_it_imports_nothing(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", pyproject="[project]\nname = 'thing'\n")
    pytester.makepyfile(
        test_nothing="""
        import sys

        def test_what_is_imported():
            own = sorted(name for name in sys.modules if name.startswith("calcgrad"))
            assert own == ["calcgrad", "calcgrad.pytest_plugin", "calcgrad.version"]
            assert "numpy" not in sys.modules
        """
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:hypothesispytest", str(pytester.path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
