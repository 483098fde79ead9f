"""The page on code that writes into arrays: its examples run, and what it names is there."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import numpy as np

import calcgrad
from calcgrad.tracing.inplace.methods import WRITING
from calcgrad.tracing.inplace.writing import WRITERS

PAGE = (Path(calcgrad.__file__).parent / "docs" / "in_place.md").read_text(encoding="utf-8")


def test_the_examples_run() -> None:
    blocks = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
    test = doctest.DocTestParser().get_doctest(blocks, {}, "in_place.md", "in_place.md", 0)
    found = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(test)
    assert found.attempted > 10
    assert not found.failed


def test_all_that_writes_is_named() -> None:
    for function in WRITERS:
        assert f"`np.{function.__name__}" in PAGE
    for name in WRITING:
        assert f"`x.{name}()`" in PAGE
    assert np.add.at
