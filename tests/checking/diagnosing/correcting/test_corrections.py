"""A right gradient with one edit in its text: the edit is found, undone and called by its name."""

from __future__ import annotations

import linecache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.diagnosing.correcting import can_fork
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.report.claims import CheckReport

pytestmark = pytest.mark.skipif(not can_fork(), reason="a changed source is run in a fork")

#: Two layers with a mask, a penalty on the weights and labels; a recurrence; a class that keeps what it needs.
RIGHT = """
import numpy as np

RNG = np.random.default_rng(3)
X = RNG.standard_normal((5, 3))
LABELS = np.array([0, 2, 1, 2, 0])
KEPT = (RNG.random((5, 3)) < 0.6) * 1.0
STEPS = RNG.standard_normal((4, 3))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def tanh_slope(z):
    return 1 - np.tanh(z) ** 2


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def forward(w, b, v):
    z = X @ w + b
    h = np.tanh(z) * KEPT
    return z, h, softmax(h @ v)


def loss(w, b, v):
    p = forward(w, b, v)[2]
    return float(-np.mean(np.log(p[np.arange(5), LABELS])) + 0.05 * np.sum(w**2))


def loss_grad(w, b, v):
    z, h, p = forward(w, b, v)
    d = p.copy()
    d[np.arange(5), LABELS] -= 1
    d = d / len(X)
    dv = h.T @ d
    dz = (d @ v.T) * KEPT * (1 - np.tanh(z) ** 2)
    dw = X.T @ dz + 0.1 * w
    db = dz.sum(axis=0)
    return dw, db, dv


def recurrence(w):
    h = np.zeros(3)
    for t in range(4):
        h = np.tanh(w @ h + STEPS[t])
    return float(np.sum(h**2))


def recurrence_grad(w):
    states = [np.zeros(3)]
    for t in range(4):
        states.append(np.tanh(w @ states[t] + STEPS[t]))
    dw = np.zeros_like(w)
    dh = 2 * states[4]
    for t in reversed(range(4)):
        da = dh * (1 - states[t + 1] ** 2)
        dw += np.outer(da, states[t])
        dh = w.T @ da
    return dw


def layers(w, v):
    first = sigmoid(X @ w)
    second = sigmoid(first @ v)
    return first, second


def layered(w, v):
    return float(np.sum(layers(w, v)[1] * KEPT))


def layered_grad(w, v):
    first, second = layers(w, v)
    above = KEPT * second * (1 - second)
    below = (above @ v.T) * first * (1 - first) + 0 * first
    return X.T @ below, first.T @ above


def soft(over):
    return float(np.sum(KEPT[:3] * np.log(1 + np.exp(over)) ** 2))


def soft_grad(over):
    return 2 * KEPT[:3] * np.log(1 + np.exp(over)) * (1 / (1 + np.exp(-over)))


class Gate:
    def __init__(self):
        self.slope = 0.3
        self.z = None

    def forward(self, z):
        self.z = z
        return float(np.sum(np.where(z > 0, np.tanh(z), self.slope * z)))

    def backward(self):
        return np.where(self.z > 0, tanh_slope(self.z), self.slope)


gate = Gate()
"""

#: What is edited, into what, and the causes that may be told; the correction names the line as it was.
EDITS: list[tuple[str, str, str]] = [
    ("d[np.arange(5), LABELS] -= 1", "d[np.arange(5), LABELS] += 1", "sign"),
    ("d[np.arange(5), LABELS] -= 1", "d[np.arange(5), LABELS - 1] -= 1", "off-by-one"),
    ("d = d / len(X)", "d = d", "reduction"),
    ("dv = h.T @ d", "dv = np.tanh(z).T @ d", "missing-mask"),
    ("(d @ v.T)", "(d @ v)", "transposed"),
    ("(1 - np.tanh(z) ** 2)", "(1 - np.tanh(z))", "wrong-operand"),
    ("(1 - np.tanh(z) ** 2)", "(1 - np.tanh(np.tanh(z)) ** 2)", "wrong-operand"),
    ("* KEPT * (1 - np.tanh(z) ** 2)", "* KEPT", "missing-activation"),
    ("dw = X.T @ dz + 0.1 * w", "dw = X.T @ dz", "missing-term"),
    ("db = dz.sum(axis=0)", "db = dz.mean(axis=0)", "reduction"),
    ("db = dz.sum(axis=0)", "db = dz.sum(axis=1)[:3]", "wrong-axis"),
    ("return dw, db, dv", "return dw, db, -dv", "sign"),
    ("da = dh * (1 - states[t + 1] ** 2)", "da = dh * (1 - states[t] ** 2)", "off-by-one"),
    ("dw += np.outer(da, states[t])", "dw = np.outer(da, states[t])", "accumulated"),
    ("np.outer(da, states[t])", "np.outer(states[t], da)", "transposed"),
    ("(above @ v.T) * first * (1 - first)", "(above @ v.T) * first * (1 - second)", "wrong-operand"),
    ("1 / (1 + np.exp(-over))", "1 / (1 + np.exp(over))", "sign"),
    ("* first * (1 - first) + 0 * first", "* second * (1 - second) + 0 * first", "wrong-operand"),
    ("self.z > 0, tanh_slope(self.z)", "self.z < 0, tanh_slope(self.z)", "inverted-mask"),
    ("tanh_slope(self.z), self.slope)", "sigmoid(self.z), self.slope)", "missing-activation"),
    ("tanh_slope(self.z), self.slope)", "tanh_slope(self.z), 1)", "wrong-operand"),
]  # fmt: skip


def _module(path: Path, old: str = "", new: str = "") -> ModuleType:
    """The module with an edit, in a file of its own."""
    assert not old or RIGHT.count(old) == 1
    path.write_text(RIGHT.replace(old, new))
    linecache.checkcache(str(path))
    module = ModuleType(path.stem)
    exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
    return module


def _check(module: ModuleType, edit: str, trace: bool = False) -> CheckReport:
    """The check of whichever gradient of the module the edit is in."""
    rng = np.random.default_rng(5)
    at = RIGHT.index(edit) if edit else 0
    options = Options(trace=trace)
    if at > RIGHT.index("class Gate"):
        subject = Subject(
            module.gate.forward, (Claim(module.gate.backward),), {"z": rng.standard_normal((2, 3))}
        )
    elif at > RIGHT.index("def soft(over"):
        subject = Subject(module.soft, (Claim(module.soft_grad),), {"over": rng.standard_normal((3, 3))})
    elif at > RIGHT.index("def layers"):
        point = {n: 0.7 * rng.standard_normal((3, 3)) for n in "wv"}
        subject = Subject(module.layered, (Claim(module.layered_grad),), point)
    elif at > RIGHT.index("def recurrence"):
        subject = Subject(
            module.recurrence, (Claim(module.recurrence_grad),), {"w": rng.standard_normal((3, 3))}
        )
    else:
        point = {n: 0.7 * rng.standard_normal(s) for n, s in (("w", (3, 3)), ("b", 3), ("v", (3, 3)))}
        subject = Subject(module.loss, (Claim(module.loss_grad),), point)
    return check_subject(subject, options)


#: What is missing is tried last.
SLOW = ("* KEPT", "dw = X.T @ dz", "dv = np.tanh(z).T @ d")


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [pytest.param(*edit, id=edit[1], marks=[pytest.mark.slow] * (edit[1] in SLOW)) for edit in EDITS],
)
def test_an_edit_is_undone(old: str, new: str, cause: str, tmp_path: Path) -> None:
    report = _check(_module(tmp_path / "model.py", old, new), old)
    assert report.verdict == "wrong"
    told = report.likely[0]
    assert told.cause == cause, told
    assert "should be `" in told.detail
    assert "(model.py, line" in told.detail
    assert "with this one change the claim is true in all" in told.evidence


def test_the_line_and_its_correction_are_quoted(tmp_path: Path) -> None:
    old, new = "dh = w.T @ da", "dh = w @ da"
    told = _check(_module(tmp_path / "model.py", old, new), old).likely[0]
    line = RIGHT.splitlines().index("        " + old) + 1
    assert told.detail == f"`{new}` should be `{old}` (model.py, line {line})"


def test_a_name_that_is_wrong_twice_is_told_in_its_statement(tmp_path: Path) -> None:
    old, new = "* first * (1 - first) + 0 * first", "* second * (1 - second) + 0 * first"
    told = _check(_module(tmp_path / "model.py", old, new), old).likely[0]
    wrong, right = "above @ v.T * second * (1 - second)", "above @ v.T * first * (1 - first)"
    assert told.detail.startswith(
        f"`below = {wrong} + 0 * first` should be `below = {right} + 0 * first` (model.py, "
    )


def _found(name: str, source: str, path: Path, point: dict[str, Any]) -> str:
    """The first cause of the wrong ``gradient`` of ``loss`` in a module of this source."""
    path.write_text(source)
    linecache.checkcache(str(path))
    module: dict[str, Any] = {"__name__": name}
    exec(compile(source, str(path), "exec"), module)
    subject = Subject(module["loss"], (Claim(module["gradient"]),), point)
    return check_subject(subject, Options(trace=False)).likely[0].detail


CLIPPED = """
import numpy as np

PULL = np.random.default_rng(1).standard_normal((4, 5))


def loss(x):
    return float(np.sum(PULL * np.maximum(0, x)))


def gradient(x):
    dx = PULL.copy()
    dx[x > 0] = 0
    return dx
"""


def test_a_kink_beside_the_other_point_hides_no_correction(tmp_path: Path) -> None:
    for seed in range(4):  # one of these steps over a kink
        x = np.random.default_rng(seed).standard_normal((4, 5))
        told = _found("clipped", CLIPPED, tmp_path / f"clipped{seed}.py", {"x": x})
        assert told.startswith("`dx[x > 0] = 0` should be `dx[x < 0] = 0`"), (seed, told)


PAIR = """
import numpy as np

X = np.random.default_rng(2).standard_normal((6, 4))


def fit(w, weight):
    value = np.sum((X @ w) ** 2)
    slope = 2 * X.T @ (X @ w)
    value += 0.5 * weight * np.sum(w * w)
    slope += 0.5 * weight * w
    return value, slope


def pair(w):
    return fit(w, 0.3)
"""


def test_a_correction_of_a_pair_leaves_its_value(tmp_path: Path) -> None:
    path = tmp_path / "pair.py"
    path.write_text(PAIR)
    linecache.checkcache(str(path))
    module: dict[str, Any] = {"__name__": "pair"}
    exec(compile(PAIR, str(path), "exec"), module)
    w = np.random.default_rng(3).standard_normal(4)
    claim = Claim(module["pair"], "value_and_grad")
    told = check_subject(Subject(None, (claim,), {"w": w}), Options(trace=False)).likely[0].detail
    assert "(pair.py, line 11)" in told, told  # and not `fit(w, 0.6)`, which is another function


def test_a_cell_of_a_notebook_has_its_places() -> None:
    name = "<ipython-input-1-0123456789ab>"
    source = CACHED.replace("np.tanh(z)", "np.sin(z)").replace("1 - z**2", "np.sin(z)")
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    cell: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(source, name, "exec"), cell)
    w = np.random.default_rng(3).standard_normal((4, 2))
    for trace in (True, False):
        report = check_subject(
            Subject(cell["loss"], (Claim(cell["gradient"]),), {"w": w}), Options(trace=trace)
        )
        told = report.likely[0].detail
        assert told.startswith(
            f"`return X.T @ (dt * np.sin(z))` should be `return X.T @ (dt * np.cos(z))` ({name}"
        ), told


CACHED = """
import numpy as np

X = np.random.default_rng(2).standard_normal((3, 4))


def forward(w):
    z = X @ w
    t = np.tanh(z)
    return t, (z, t)


def loss(w):
    return float(np.sum(forward(w)[0] ** 2))


def gradient(w):
    t, cache = forward(w)
    return backward(2 * t, cache)


def backward(dt, cache):
    z, t = cache
    return X.T @ (dt * (1 - z**2))
"""


BESIDE = """
import numpy as np

ROWS = np.random.default_rng(2).standard_normal((6, 4))


def both(w, label):
    e = np.exp(ROWS @ w)
    p = e / np.sum(e)
    d = p.copy()
    d[label - 1] -= 1
    return -np.log(p[label]), ROWS.T @ d


def loss(w):
    return float(both(w, 2)[0])


def gradient(w):
    return both(w, 2)[1]
"""


def test_a_plain_change_beside_the_function_comes_before_a_number_of_the_callers(tmp_path: Path) -> None:
    w = np.random.default_rng(3).standard_normal(4)
    told = _found("beside", BESIDE, tmp_path / "beside.py", {"w": w})
    assert told.startswith("`d[label - 1] -= 1` should be `d[label] -= 1`"), told


def test_the_gradients_own_code_comes_before_what_the_function_runs_too(tmp_path: Path) -> None:
    w = np.random.default_rng(3).standard_normal((4, 2))
    told = _found("cached", CACHED, tmp_path / "cached.py", {"w": w})
    assert told.startswith(
        "`return X.T @ (dt * (1 - z ** 2))` should be `return X.T @ (dt * (1 - t ** 2))`"
    ), told


def test_nothing_of_the_module_is_changed(tmp_path: Path) -> None:
    module = _module(tmp_path / "model.py", "dw += np.outer", "dw = np.outer")
    before = {
        name: (value.copy() if isinstance(value, np.ndarray) else value)
        for name, value in vars(module).items()
    }
    code = module.recurrence_grad.__code__
    _check(module, "dw += np.outer")
    assert module.recurrence_grad.__code__ is code
    for name, value in before.items():
        now = vars(module)[name]
        assert np.array_equal(now, value) if isinstance(value, np.ndarray) else now is value


def test_a_claim_that_no_one_change_makes_true_has_no_correction() -> None:
    x = np.random.default_rng(4).standard_normal(6)

    def cubes(x: Any) -> float:
        return float(np.sum(x**3))

    def off(x: Any) -> Any:
        return np.cos(3.0 * x) + x

    report = check_subject(Subject(cubes, (Claim(off),), {"x": x}), Options(trace=False))
    assert report.verdict == "wrong"
    assert not [each for each in report.likely if "should be `" in each.detail]


def test_without_leave_the_source_is_not_run_again(tmp_path: Path) -> None:
    module = _module(tmp_path / "model.py", "dh = w.T @ da", "dh = w @ da")
    subject = Subject(module.recurrence, (Claim(module.recurrence_grad),), {"w": X3})
    report = check_subject(subject, Options(trace=False, correct=False))
    assert not [each for each in report.likely if "should be `" in each.detail]


X3 = np.random.default_rng(9).standard_normal((3, 3))


SLOPE = """
import numpy as np

X = np.random.default_rng(2).standard_normal((5, 4))
PULL = np.random.default_rng(4).standard_normal(5)


def loss(w):
    return float(np.sum(PULL * np.tanh(X @ w)))


def gradient(w):
    z = X @ w
    return X.T @ (PULL * (1 - z**2))
"""


def test_a_function_of_a_value_is_put_in(tmp_path: Path) -> None:
    w = np.random.default_rng(3).standard_normal(4)
    told = _found("slope", SLOPE, tmp_path / "slope.py", {"w": w})
    assert "should be `return X.T @ (PULL * (1 - np.tanh(z) ** 2))`" in told, told


#: A Jacobian filled entry by entry, and a hinge.
FILLED = """
import numpy as np

A = np.random.default_rng(6).standard_normal((3, 4))
X = np.random.default_rng(7).standard_normal((12, 3))
SCALE = np.array([1.5, 0.5, 2.0])


def squares(w):
    return np.array([SCALE[i] * np.sum(A[i] * w) ** 2 for i in range(3)])


def filled(w):
    J = np.zeros((3, 4))
    for i in range(3):
        for j in range(4):
            J[i, j] = 2 * SCALE[i] * np.sum(A[i] * w) * A[i, j]
    return J


def hinge(w):
    return np.mean(np.maximum(0, 1 - X @ w))


def hinge_grad(w):
    below = (X @ w < 1)[:, None]
    return -np.mean(np.where(below, X, 0), axis=0)


def cubes(w):
    return np.sum(w**3) + np.sum(w)


def cubes_grad(w):
    n = len(w)
    one = np.ones(n)
    return 3 * w**2 + one
"""
#: What is written in place of what, the cause, and whether it is in the Jacobian.
IN_FILLED = [
    ("J[i, j] = 2 * SCALE[i]", "J[i, j] = SCALE[i]", "factor", True),
    ("np.sum(A[i] * w) * A[i, j]", "np.sum(A[i] * w) * A[i, i]", "wrong-operand", True),
    ("(X @ w < 1)", "(X @ w < 0)", "wrong-operand", False),
    ("3 * w**2", "2 * w**2", "factor", False),  # a three, not len(w), which happens to be one
]


@pytest.mark.parametrize(("old", "new", "cause", "matrix"), IN_FILLED, ids=[e[1] for e in IN_FILLED])
def test_an_edit_of_a_jacobian_or_of_a_bound_is_undone(
    old: str, new: str, cause: str, matrix: bool, tmp_path: Path
) -> None:
    assert FILLED.count(old) == 1
    path = tmp_path / "filled.py"
    path.write_text(FILLED.replace(old, new))
    linecache.checkcache(str(path))
    module = ModuleType("filled")
    exec(compile(path.read_text(), str(path), "exec"), module.__dict__)
    w = np.array([0.4, -0.9, 0.3, 0.8])[: 4 if matrix else 3]
    loss = "squares" if matrix else "cubes" if "w**2" in old else "hinge"
    claim = Claim(module.filled, "jacobian") if matrix else Claim(vars(module)[f"{loss}_grad"])
    subject = Subject(vars(module)[loss], (claim,), {"w": w})
    told = check_subject(subject, Options(trace=False)).likely[0]
    assert told.cause == cause, told
    assert "should be `" in told.detail
    assert old in told.detail.partition("should be ")[2] or cause == "factor"
