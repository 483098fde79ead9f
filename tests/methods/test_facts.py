"""Every method states its facts in its own file, and they are true: each is held against what the method does."""

from __future__ import annotations

import ast
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from itertools import product
from pathlib import Path
from pkgutil import iter_modules

import mpmath
import pytest

import calcgrad
from calcgrad import methods
from calcgrad.autodiff.tape import run
from calcgrad.comparing import judge
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.methods import NAMES, OWN, facts, method
from calcgrad.methods.protocol import Facts, Problem
from calcgrad.operations import VOCABULARY
from calcgrad.render import Style, table
from calcgrad.render import json as render_json
from calcgrad.report.derivatives import Result
from calcgrad.report.estimates import Estimate
from calcgrad.systems.base import FLOAT64
from tests.render.test_render import validator

#: What is known of each method from the literature, not from its file: right to rounding, plain, with a bound, a pass.
KNOWN = {
    "forward-difference": (False, True, False, None),
    "central-difference": (False, True, False, "evaluations"),
    "adaptive": (False, False, True, None),
    "complex-step": (True, False, False, None),
    "forward-ad": (True, False, False, "sweeps"),
    "reverse-ad": (True, False, False, "sweeps"),
    "symbolic": (True, False, False, "formulas"),
}
ROOMS = ("comparing", "modes", "render", "cli")
#: Where a method is chosen to do a job, not judged by its name.
CHOSEN = {
    ("certified_truth.py", "adaptive"),
    ("nudge.py", "adaptive"),
    ("nudge_html.py", "adaptive"),
    # The stories of compare-modes are about these modes, and say how each is counted.
    *product(("hessians.py", "telling.py"), ("forward-ad", "reverse-ad", "central-difference")),
    *product(("memory.py", "passes.py", "measuring.py", "unfolding.py"), ("forward-ad", "reverse-ad")),
    *product(("unfolding.py", "stories.py"), ("symbolic",)),
}


def function_of(text: str, *variables: str) -> Expression:
    return Expression(parse(text, VOCABULARY, declared=list(variables)).root, list(variables))


def row(name: str, text: str, at: object) -> Result:
    """The method's row of a report."""
    (found,) = calcgrad.diff(text, at=at, methods=name).points[0].results
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_method_states_its_facts(name: str) -> None:
    known = facts(name)
    assert isinstance(known, Facts)
    assert (known.exact, known.plain, known.bounded, known.passes) == KNOWN[name]
    assert (known.sweeps is not None) == (known.passes == "sweeps")
    assert known.formula == (name not in OWN)
    assert known.by_chain_rule == (known.by_table or bool(known.undefined))


def test_no_method_is_forgotten() -> None:
    stated = {
        module.name
        for module in iter_modules(methods.__path__, "calcgrad.methods.")
        if hasattr(import_module(module.name), "FACTS")
    }
    assert stated == {*OWN.values(), "calcgrad.methods.symbolic"}
    assert [method(name).name for name in OWN] == list(OWN)


def strings_in(room: str) -> Iterator[tuple[str, str]]:
    for path in sorted(Path(calcgrad.__file__).parent.joinpath(room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield path.name, node.value


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_knows_a_method_by_name(room: str) -> None:
    assert {pair for pair in strings_in(room) if pair[1] in OWN} <= CHOSEN


@pytest.mark.parametrize("name", OWN)
def test_only_the_exact_are_right_to_rounding(name: str) -> None:
    with mpmath.workdps(40):
        truth = mpmath.nstr(mpmath.diff(lambda x: mpmath.exp(mpmath.sin(x)), mpmath.mpf(0.7)), 35)
    found = row(name, "exp(sin(x))", 0.7)
    assert found.value is not None
    off = judge.errors(found.value, truth).ulps
    assert off is not None
    if facts(name).exact:
        assert off <= judge.ALLOWED_ULPS
    if facts(name).plain:
        assert off > judge.ALLOWED_ULPS
    assert (found.error_bound is not None) == facts(name).bounded


#: A point without a derivative for each method that follows the chain rule, and how its word there begins.
SINGULAR = {
    "complex-step": ("sqrt(x)", "no derivative: the function is not analytic here"),
    "forward-ad": ("|x|", "a convention, not a derivative: at 0, a kink"),
    "reverse-ad": ("|x|", "a convention, not a derivative: at 0, a kink"),
    "symbolic": ("|x|", "no derivative: SymPy's formula does not hold here"),
}


@pytest.mark.parametrize("name", [n for n in NAMES if facts(n).by_chain_rule])
def test_where_there_is_no_derivative_its_number_is_called_none(name: str) -> None:
    text, said = SINGULAR[name]
    found = row(name, text, 0.0)
    assert found.status == "kink"
    assert (found.note or "").startswith(said)


@pytest.mark.parametrize("name", [n for n in OWN if facts(n).sweeps])
def test_the_sweeps_are_the_passes_of_the_method(name: str) -> None:
    function, flat = function_of("[x*y, sin(x), y/x]", "x", "y"), [0.5, 1.5]
    outcome = method(name).derivatives(Problem(function, flat, [(0,), (1,)]))
    sweeps = facts(name).sweeps
    assert isinstance(outcome, Estimate)
    assert sweeps is not None
    assert len(list(sweeps(function, run(function.tape, flat, FLOAT64), FLOAT64))) == outcome.passes


@pytest.fixture
def five_point(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One more method: its file, and its name in the list."""
    monkeypatch.setitem(methods.OWN, "five-point", "tests.methods.five_point")
    monkeypatch.setitem(methods._FILES, "five-point", "tests.methods.five_point")
    yield
    method.cache_clear()
    facts.cache_clear()


@pytest.mark.usefixtures("five_point")
def test_a_new_method_is_one_file_and_its_name_in_one_list() -> None:
    report = calcgrad.diff("exp(x)", at=1.0)
    (found,) = [r for r in report.points[0].results if r.method == "five-point"]
    assert found.value is not None
    assert 0 < abs(found.value - math.e) < 1e-11
    assert report.points[0].verdict == "agree"
    assert any(said.startswith("five-point is off by") for said in report.points[0].explanation)
    assert "five-point" in table.render(report, Style(80))
    data = json.loads(render_json.render(report, Style(80)))
    validator("report").validate(data)
    assert "five-point" in [r["method"] for r in data["points"][0]["results"]]


@pytest.mark.usefixtures("five_point")
def test_what_a_file_states_decides_the_verdict() -> None:
    """The same method, said to be exact, is found out."""
    module = import_module("tests.methods.five_point")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "FACTS", replace(module.FACTS, exact=True, plain=False))
        report = calcgrad.diff("exp(x)", at=1.0)
    assert report.points[0].verdict == "disagree"
