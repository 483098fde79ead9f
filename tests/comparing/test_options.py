"""diff's options are one list: the command line, a line of a batch, the library and the request have the same, with one default."""

from __future__ import annotations

import inspect
from dataclasses import fields

import pytest

import calcgrad
from calcgrad.checking.measuring.subject import Effort
from calcgrad.checking.project import Settings, read_config
from calcgrad.cli.commands import check, diff
from calcgrad.cli.lines import _FIELDS
from calcgrad.comparing.options import OPTIONS
from calcgrad.comparing.request import Request

#: What is no whole number in a project.
OTHER = {"rtol": 0.5, "quick": True, "taylor": True}
DEFAULTS = {field.name: field.default for field in fields(Request)}


@pytest.mark.parametrize("name", OPTIONS)
def test_an_option_is_the_same_everywhere(name: str) -> None:
    expected = DEFAULTS[name]
    typed = inspect.signature(diff.command).parameters[name].default
    given = inspect.signature(calcgrad.diff).parameters[name].default
    assert (typed or (), given or ()) == (expected or (), expected or ())
    assert _FIELDS[name][0] == name


def test_the_library_and_the_batch_know_no_other() -> None:
    keywords = [
        p.name for p in inspect.signature(calcgrad.diff).parameters.values() if p.kind == p.KEYWORD_ONLY
    ]
    assert keywords == [
        *OPTIONS,
        "derivation",
    ]  # the derivation is joined to the report; it is no part of a request
    assert set(_FIELDS) == {"id", "expr", "at", *OPTIONS}


@pytest.mark.parametrize("field", fields(Effort), ids=lambda f: f.name)
def test_how_hard_to_look_is_said_in_the_same_words(field: object) -> None:
    name, default = field.name, field.default  # type: ignore[attr-defined]
    assert inspect.signature(check.command).parameters[name].default == default
    assert inspect.signature(calcgrad.check_grad).parameters[name].default == default


def test_a_project_sets_every_one_of_them(tmp_path: object) -> None:
    path = tmp_path / "pyproject.toml"  # type: ignore[operator]
    numbers = "\n".join(f"{name.replace('_', '-')} = 3" for name in Settings().effort() if name not in OTHER)
    path.write_text(
        f'[[tool.calcgrad.targets]]\ntarget = "m.py:f"\ngrad = "m.py:g"\nrtol = 0.5\nquick = true\ntaylor = true\n{numbers}\n'
    )
    (request,) = read_config(path)
    assert request.settings.effort() == {name: OTHER.get(name, 3) for name in Settings().effort()}
