"""``[tool.calcgrad]``: what it lists becomes requests; a key or a value that makes no sense is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from calcgrad.checking.project import project_requests, read_config
from calcgrad.errors import UsageError
from calcgrad.inputs.arguments import Places

PROJECT = """
[project]
name = "thing"

[tool.calcgrad]
max-seconds = 60
seed = 3

[[tool.calcgrad.targets]]
name = "the loss"
target = "model.py:loss"
grad = "model.py:loss_grad"
hvp = "model.py:loss_hvp"
at = ["w.npy", "v.npy"]
wrt = "w, b"
rtol = 1e-6

[[tool.calcgrad.targets]]
target = "x^2"
claim = "2*x"
seed = 5

[[tool.calcgrad.targets]]
value-and-grad = "model.py:both"
random = "normal(3)"
points = 2
"""


def test_the_targets_are_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "src" / "deep").mkdir(parents=True)
    loss, square, both = project_requests(tmp_path / "src" / "deep")
    assert (loss.title, loss.target, loss.folder) == ("the loss", "model.py:loss", tmp_path)
    assert loss.claims == (("gradient", "model.py:loss_grad"), ("hvp", "model.py:loss_hvp"))
    assert loss.wrt == ("w", "b")
    assert loss.places == Places(at=("w.npy", "v.npy"), seed=3)
    assert (loss.settings.rtol, loss.settings.max_seconds, loss.settings.seed) == (1e-6, 60, 3)
    assert (square.title, square.formulas, square.settings.seed) == ("x^2", ("2*x",), 5)
    assert (both.title, both.target, both.claims) == (
        "model.py:both",
        None,
        (("value_and_grad", "model.py:both"),),
    )
    assert (both.places.random, both.places.points) == (("normal(3)",), 2)


def test_a_project_without_targets_has_none(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "thing"\n', encoding="utf-8")
    assert project_requests(tmp_path) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.calcgrad", "E507: pyproject.toml cannot be read: Expected ']' at the end of a table declaration"
         " (at end of document)"),
        ("tool.calcgrad = 3", "E389: pyproject.toml: [tool.calcgrad] is a table "
         "(each target is a table of the list [[tool.calcgrad.targets]])"),
        ("[tool.calcgrad]\ntargets = 3", "E389: pyproject.toml: targets is to be a list of tables"
         " (write [[tool.calcgrad.targets]])"),
        ('[[tool.calcgrad.targets]]\ntarget = "x"', "E389: pyproject.toml: target 1 is to be a target with a claim"
         " (add grad = ..., or claim = ...)"),
        ('[[tool.calcgrad.targets]]\ngrad = "m.py:g"', "E389: pyproject.toml: target 1 is to be a table with a target"
         ' (add target = "model.py:loss")'),
        ('[[tool.calcgrad.targets]]\ntarget = "x"\nclaim = "1"\nsede = 1',
         "E508: pyproject.toml: target 1: sede is no key of a target (did you mean seed?)"),
        ('[[tool.calcgrad.targets]]\ntarget = "x"\nclaim = "1"\nseed = "a"',
         "E389: pyproject.toml: target 1: seed is to be a whole number"),
        ('[[tool.calcgrad.targets]]\ntarget = "x"\nclaim = [1]',
         "E389: pyproject.toml: target 1: claim is to be a text or a list of texts"),
        ('[[tool.calcgrad.targets]]\ntarget = 1\nclaim = "1"', "E389: pyproject.toml: target 1: target is to be a text"),
        ('[tool.calcgrad]\nworkers = 0\n[[tool.calcgrad.targets]]\ntarget = "x"\nclaim = "1"',
         "E389: pyproject.toml: target 1: workers is to be a whole number"),
        ('[tool.calcgrad]\nrtol = true\n[[tool.calcgrad.targets]]\ntarget = "x"\nclaim = "1"',
         "E389: pyproject.toml: target 1: rtol is to be a number"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_config(file)
    assert str(caught.value) == said


def test_a_misspelt_list_of_targets_is_not_taken_for_none(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[[tool.calcgrad.target]]\ntarget = "m.py:f"\n')
    with pytest.raises(UsageError, match="target"):
        read_config(file)
    file.write_text("[tool.calcgrad]\nchecks = 3\n")
    with pytest.raises(UsageError, match=r"\[tool.calcgrad\] checks is no key"):
        read_config(file)
    file.write_text("[tool.calcgrad]\nmax-seconds = 3\n")
    assert read_config(file) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[[tool.calcgrad.check]]\ntarget = "x^2"\nclaim = "2*x"\n', "E508"),
        ('[tool.calcgrad.loss]\ntarget = "x^2"\nclaim = "2*x"\n', "E508"),
        ('[[tool.calcgrad]]\ntarget = "x^2"\nclaim = "2*x"\n', "E389"),
    ],
)
def test_targets_listed_elsewhere_are_told_where_they_belong(text: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        read_config(tmp_path / "pyproject.toml")
    assert caught.value.diagnostic.code == code
    assert caught.value.diagnostic.hints == ("each target is a table of the list [[tool.calcgrad.targets]]",)
