"""What a compiled function imports when it runs may change between two calls."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

import calcgrad
from calcgrad.compiling.importing import imported_by

_TEXT = """
def f(x):
    from ..settings import rate
    from .. import settings
    from . import other
    import shop_of_rates.inner.other as same
    def inner():
        import math, shop_of_rates.settings
        return math.tau
    return x * rate * settings.rate * other.factor + same.factor
"""


@pytest.fixture
def f(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function in a package of its own, which it imports from when it runs."""
    inner = tmp_path / "shop_of_rates" / "inner"
    inner.mkdir(parents=True)
    for path, text in (
        (inner.parent / "__init__.py", ""),
        (inner.parent / "settings.py", "rate = 2.0"),
        (inner / "__init__.py", ""),
        (inner / "other.py", "factor = 3.0"),
        (inner / "code.py", _TEXT),
    ):
        path.write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    from importlib import import_module

    yield import_module("shop_of_rates.inner.code").f
    for name in [n for n in sys.modules if n.startswith("shop_of_rates")]:
        del sys.modules[name]


def test_what_is_imported_within_is_found(f: Any) -> None:
    found = imported_by(f)
    assert found == [
        *(
            "math",
            "shop_of_rates",
            "shop_of_rates.inner",
            "shop_of_rates.inner.other",
            "shop_of_rates.settings",
        )
    ]


@pytest.mark.parametrize("backend", ["numpy", "native", None])
def test_a_module_that_is_imported_within_is_watched(f: Any, backend: str | None) -> None:
    g = calcgrad.compile(f, backend=backend) if backend else calcgrad.compile(f)
    assert [g(1.5) for _ in range(60)] == [f(1.5)] * 60
    assert g.traces == 2  # the modules are not there before the first
    for name, part in (("settings", "rate"), ("inner.other", "factor")):
        module: Any = sys.modules[f"shop_of_rates.{name}"]
        for value in (5.0, 6.0):
            setattr(module, part, value)
            assert [g(1.5) for _ in range(5)] == [f(1.5)] * 5
    sys.modules["shop_of_rates.inner.other"] = type(sys)("shop_of_rates.inner.other")
    vars(sys.modules["shop_of_rates.inner.other"])["factor"] = 11.0
    assert g(1.5) == f(1.5)
