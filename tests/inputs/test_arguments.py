"""Arguments of Python functions: from files with their types, typed, as JSON, made by functions, drawn at random."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from calcgrad.errors import CalcgradError
from calcgrad.inputs.arguments import Arguments, Places, arguments_for
from calcgrad.inputs.random import draw

MAKERS = """
import dataclasses
import numpy as np


@dataclasses.dataclass
class Layer:
    weight: object
    bias: object


def two():
    return np.ones(2), 3.0


def by_name():
    return {"b": 2.0, "w": np.zeros(3)}


def layer():
    return Layer(np.ones((2, 2)), np.zeros(2))


def seeded(seed):
    return np.full(2, float(seed)), 0.5


def fails():
    return 1 / 0


def many():
    yield 1.0
"""


def one(params: Any) -> None: ...
def pair(w: Any, b: Any) -> None: ...
def optional(w: Any, b: float = 0.5, c: float = 0.25) -> None: ...


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "makers.py").write_text(MAKERS, encoding="utf-8")
    np.save("w.npy", np.array([0.0, 1.0, 2.0], dtype=np.float32))
    np.savez("p.npz", w=np.ones((2, 2)), b=np.zeros(2))
    Path("tree.json").write_text('{"W": [[1, 2.5]], "b": "w.npy", "name": "relu"}', encoding="utf-8")
    Path("points.json").write_text('[{"w": 1.0, "b": 2.0}, {"w": 3.0, "b": 4.0}]', encoding="utf-8")
    Path("points.csv").write_text("w,b\n1,2\n3,4\n", encoding="utf-8")
    Path("broken.json").write_text('{"w": [1,', encoding="utf-8")


def read(function: Any, **places: Any) -> list[Arguments]:
    return list(arguments_for(function, Places(**places)))


def plain(value: Any) -> Any:
    """Arrays as lists, so that arguments can be compared."""
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    return value.tolist() if hasattr(value, "tolist") else value


@pytest.mark.parametrize(
    ("function", "places", "expected"),
    [
        (one, {"at": ("w.npy",)}, [{"params": [0.0, 1.0, 2.0]}]),
        (one, {"at": ("p.npz",)}, [{"params": {"w": [[1.0, 1.0], [1.0, 1.0]], "b": [0.0, 0.0]}}]),
        (pair, {"at": ("p.npz",)}, [{"w": [[1.0, 1.0], [1.0, 1.0]], "b": [0.0, 0.0]}]),
        (one, {"at": ("tree.json",)}, [{"params": {"W": [[1.0, 2.5]], "b": [0.0, 1.0, 2.0], "name": "relu"}}]),
        (pair, {"at": ("points.json",)}, [{"w": 1.0, "b": 2.0}, {"w": 3.0, "b": 4.0}]),
        (pair, {"at": ("points.csv",)}, [{"w": 1.0, "b": 2.0}, {"w": 3.0, "b": 4.0}]),
        (pair, {"at": ("w=[1, 2], b=pi/pi",)}, [{"w": [1.0, 2.0], "b": 1.0}]),
        (pair, {"at": ("w=w.npy, b=[1, 2]",)}, [{"w": [0.0, 1.0, 2.0], "b": [1.0, 2.0]}]),
        (one, {"at": ("1", "2")}, [{"params": 1.0}, {"params": 2.0}]),
        (optional, {"at": ("w=1",)}, [{"w": 1.0}]),
        (optional, {"at": ("w=1, c=2",)}, [{"w": 1.0, "b": 0.5, "c": 2.0}]),
        (one, {"args": ('{"W": [[1.0, 2.0]], "n": {"b": 0.5}}',)}, [{"params": {"W": [[1.0, 2.0]], "n": {"b": 0.5}}}]),
        (pair, {"args": ('{"w": [1.5], "b": 2}',)}, [{"w": [1.5], "b": 2}]),
        (pair, {"args": ("[[1.0, 2.0], 3.0]",)}, [{"w": [1.0, 2.0], "b": 3.0}]),
        (one, {"args": ("[1.0, 2.0]",)}, [{"params": [1.0, 2.0]}]),
        (pair, {"args": ("makers.py:two",)}, [{"w": [1.0, 1.0], "b": 3.0}]),
        (pair, {"args": ("makers.py:by_name",)}, [{"w": [0.0, 0.0, 0.0], "b": 2.0}]),
        (pair, {"args": ("makers.py:seeded",), "seed": 4, "points": 2},
         [{"w": [4.0, 4.0], "b": 0.5}, {"w": [5.0, 5.0], "b": 0.5}]),
        (pair, {"at": ("w=1",), "args": ('{"b": 2.0}',)}, [{"w": 1.0, "b": 2.0}]),
    ],
)  # fmt: skip
def test_arguments_are_read(function: Any, places: Any, expected: Any) -> None:
    assert [plain(dict(found.values)) for found in read(function, **places)] == expected


def test_types_and_sources_are_kept() -> None:
    (found,) = read(pair, at=("w=w.npy, b=1",))
    assert found.values["w"].dtype == np.float32
    assert found.sources["w"]["from"] == "w.npy"
    assert len(found.sources["w"]["sha256"]) == 64
    assert "b" not in found.sources


def test_a_dataclass_is_handed_over_as_it_is() -> None:
    (found,) = read(one, args=("makers.py:layer",))
    assert type(found.values["params"]).__name__ == "Layer"


@pytest.mark.parametrize(
    ("function", "places", "said"),
    [
        (one, {}, 'E379: a gradient is checked at a point (from a file or typed: --at w.npy, --at "w=[1, 2, 3]";'
         ' drawn at random: --random "normal(3)"; made by a function of yours: --args model.py:make_args)'),
        (pair, {"at": ("v=1, b=2",)}, "E383: the function has no argument v (it has: w, b)"),
        (one, {"at": ("v=1",)}, "E383: the function has no argument v (it has: params)"),
        (pair, {"at": ("w=1",)}, "E385: the function's argument b has no value (it needs: w, b)"),
        (pair, {"at": ("w=1, b=1",), "args": ('{"b": 2}',)}, "E305: b is given twice"),
        (pair, {"args": ("[1,",)}, "E391: --args is no JSON and no function: Expecting value: line 1 column 4 (char 3)"
         " (--args '{\"x\": [1.0, 2.0]}'; --args model.py:make_args)"),
        (one, {"args": ("makers.py:two",)}, "E512: there are 2 arguments for a function that takes 1 (it takes: params)"),
        (one, {"args": ("makers.py:fails",)}, "E510: makers.py:fails fails: ZeroDivisionError: division by zero"
         " (makers.py, line 29) (makers.py, line 29: return 1 / 0)"),
        (one, {"args": ("makers.py:many",)}, "E511: makers.py:many returns a generator; return a tuple of arguments"),
        (one, {"args": ("points.json",)}, "E509: points.json holds 2 points: give it with --at"),
        (one, {"at": ("no.npy",)}, "E325: there is no file no.npy (did you mean w.npy?)"),
        (one, {"at": ("broken.json",)}, "E327: broken.json is not a .json file of numbers"),
        (pair, {"at": ("w=p.npz, b=1",)}, "E329: the file holds named values, not one value"
         " (a file of named values stands alone: --at p.npz)"),
        (one, {"random": ("nrml(3)",)}, "E392: nrml(3) is no distribution (there are: normal, uniform, lognormal, integers;"
         ' write "normal(128, 784)" or "w=uniform(3, low=-1, high=1)")'),
        (one, {"random": ("normal(3, mid=1)",)}, "E513: normal takes a shape and mean, std, dtype"),
        (one, {"random": ("normal(3, dtype=text)",)}, "E513: normal takes a shape and mean, std, dtype"
         " (dtype is one of float64, float32, float16, int64)"),
        (one, {"random": ("uniform(3, low=2, high=1)",)}, "E513: low is below high, and std is not negative"),
        (one, {"random": ("normal(99999, 99999)",)}, "E514: at most 1000000000 numbers are drawn"),
        (pair, {"random": ("w=normal(1), w=normal(2)",)}, "E305: w is drawn twice"),
    ],
)  # fmt: skip
def test_what_is_no_argument_is_said(function: Any, places: Any, said: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        read(function, **places)
    assert str(caught.value) == said


def test_drawn_numbers_are_the_seed_s() -> None:
    first, again, other = (draw(["w=normal(4), b=normal(4)"], seed) for seed in (1, 1, 2))
    assert np.array_equal(first["w"], again["w"])
    assert not np.array_equal(first["w"], other["w"])
    assert not np.array_equal(first["w"], first["b"])


def test_distributions_have_their_shape_type_and_range() -> None:
    found = draw(
        ["u=uniform(50, 2, low=-3, high=-2, dtype=float32)", "l=lognormal(99), k=integers(40, high=3)"], 1
    )
    assert found["u"].shape == (50, 2)
    assert found["u"].dtype == np.float32
    assert found["u"].min() >= -3
    assert found["u"].max() <= -2
    assert found["l"].min() > 0
    assert set(found["k"].tolist()) == {0, 1, 2}
    assert draw(["normal()"], 1)[None].shape == ()
