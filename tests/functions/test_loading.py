"""Targets become functions; a project's files never take a library's place; what fails is said with its cause."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from calcgrad.errors import UsageError
from calcgrad.functions.loading import load

PACKAGE = {
    "shop/__init__.py": "",
    "shop/parts.py": "FACTOR = 3\n",
    "shop/deep/__init__.py": "",
    "shop/deep/model.py": "from ..parts import FACTOR\n\n\ndef loss(w):\n    return FACTOR * w\n\n\n"
    "class Net:\n    @staticmethod\n    def loss(w):\n        return 5 * w\n",
    "plain_model.py": "import plain_helper\n\n\ndef loss(w):\n    return plain_helper.two * w\n",
    "plain_helper.py": "two = 2\n",
    "fails.py": "def go():\n    raise ValueError('deep down') from KeyError('k')\n\n\ngo()\n",
    "misses.py": "import no_such_library\n",
    "spelt.py": "def f(:\n    pass\n",
    "leaves.py": "raise SystemExit(3)\n",
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, text in PACKAGE.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    before, path = set(sys.modules), list(sys.path)
    monkeypatch.chdir(tmp_path)
    yield
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in {"shop", "plain_model", "plain_helper", "model"}:
            del sys.modules[name]
    sys.path[:] = path


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("plain_model.py:loss", 2),
        ("plain_model:loss", 2),
        ("plain_model.loss", 2),
        ("shop/deep/model.py:loss", 3),
        ("shop.deep.model:loss", 3),
        ("shop.deep.model.loss", 3),
        ("shop.deep.model:Net.loss", 5),
        ("shop/deep/model.py:Net.loss", 5),
    ],
)
def test_every_way_to_name_a_function(target: str, value: int) -> None:
    assert load(target)(1) == value


def test_two_files_of_one_name_stay_apart(tmp_path: Path) -> None:
    for folder, value in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "model.py").write_text(f"def f():\n    return {value}\n", encoding="utf-8")
    first, second = load("a/model.py:f"), load("b/model.py:f")
    assert (first(), second()) == (1, 2)
    assert sys.modules[first.__module__] is not sys.modules[second.__module__]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("plain_modle.py:loss", "E370: there is no file plain_modle.py (did you mean plain_model.py?)"),
        ("nowhere.at.all:loss", "E370: there is no module nowhere.at.all: there is no nowhere"),
        ("shop.nothing:loss", "E370: there is no module shop.nothing"),
        ("two words", "E395: two words does not name a function in a module"
         " (write model.py:loss, or package.module:loss)"),
        ("plain_model.py:lose", "E372: plain_model.py has no function lose (did you mean plain_model.py:loss?)"),
        ("shop/deep/model.py:Net.lost", "E372: shop/deep/model.py has no function Net.lost"
         " (did you mean shop/deep/model.py:Net.loss?)"),
        ("plain_helper.py:two", "E372: two in plain_helper.py is not a function"),
        ("misses.py:f", "E371: misses.py cannot be imported: ModuleNotFoundError: No module named"
         " 'no_such_library' (misses.py, line 1) (misses.py, line 1: import no_such_library)"),
        ("spelt.py:f", "E371: spelt.py fails on import: SyntaxError: invalid syntax (spelt.py, line 1)"
         " (spelt.py, line 1: def f(:)"),
        ("leaves.py:f", "E371: leaves.py fails on import: SystemExit: 3 (leaves.py, line 1)"
         " (leaves.py, line 1: raise SystemExit(3))"),
        ("fails.py:f", "E371: fails.py fails on import: ValueError: deep down (fails.py, line 2)"
         " (fails.py, line 5: go(); fails.py, line 2: raise ValueError('deep down') from KeyError('k');"
         " it was raised from KeyError: 'k')"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded_is_said(target: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        load(target)
    assert str(caught.value) == said


@pytest.mark.slow
def test_files_of_libraries_names_do_not_shadow_them(tmp_path: Path) -> None:
    for name in ("numpy", "scipy", "random", "json"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('no library')\n", encoding="utf-8")
    model = "import json, random\nimport numpy as np\nfrom scipy import special\n\n\ndef loss(w):\n    return np.sum(w)\n"
    (tmp_path / "uses.py").write_text(model, encoding="utf-8")
    program = "from calcgrad.functions.loading import load; print(load('uses.py:loss')([1, 2]))"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_a_target_in_a_file_of_a_library_s_name_leaves_the_library_alone(tmp_path: Path) -> None:
    import numpy

    (tmp_path / "numpy.py").write_text("def loss(w):\n    return w\n", encoding="utf-8")
    assert load("numpy.py:loss")(4) == 4
    assert sys.modules["numpy"] is numpy
