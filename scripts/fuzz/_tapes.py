"""Random loops over numbers and small arrays, run as tapes beside NumPy's programs: to the bit where all is arithmetic.

A program is drawn as text: a body of a few lines that is run again and again, so that its graph is long. It is looked at as it is
and with its gradient, at the point that it is traced at, at others, and at odd ones.
"""

from __future__ import annotations

import warnings
from collections import Counter
from typing import Any

import numpy as np
from _programs import Drawn, Outcome, _point, judged

#: Numbers from numbers.
NUMBERS = (
    "{s} + {t}",
    "{s} - 0.5 * {t}",
    "{s} * {t}",
    "{s} / (1.5 + {t} * {t})",
    "-{s}",
    "{s} * {s}",
    "{s} + {s}",
    "np.sqrt({s} * {s} + 0.25)",
    "abs({s})",
    "np.maximum({s}, {t})",
    "np.minimum({s}, 0.7)",
    "np.where({s} > {t}, {s}, 0.5 * {t})",
    "{c!r}",
    "{s} * 0.0 + {c!r}",
    "({s} if {s} > {t} else {t} - {s})",
    "{u}[0] * {s}",
    "{u}[{k}]",
    "np.sum({u}) * 0.3",
    "np.max({u})",
    "{u}[1:][0] - {w}[-1]",
)
FUNCTIONS = (
    "np.sin({s})",
    "np.cos({s}) * {t}",
    "np.exp(-abs({s}))",
    "np.log(1.5 + {s} * {s})",
    "np.tanh({s} + {t})",
    "np.arctan({s})",
    "np.hypot({s}, {t} + 1.0)",
    "np.power(abs({s}) + 0.5, 0.3)",
)
#: Arrays of three entries from such, and from numbers.
ARRAYS = (
    "{u} + {w}",
    "{u} * {w}",
    "{s} * {u}",
    "{u}[::-1] - 0.1 * {w}",
    "np.stack([{s}, {t}, {s}])",
    "np.concatenate([{u}[1:], {w}[:1]])",
    "np.where({u} > {w}, {u}, {w} * 0.5)",
    "{u}[np.array([2, 0, 1])]",
    "{u} / (1.0 + np.sum({u} * {u}))",
    "(np.outer({u}, {w}) * 0.3).sum(axis=0)",
    "np.array([{s}, 0.5, {t}])",
    "np.maximum({u}, {s})",
    "np.reshape(np.stack([{u}, {w}]), -1)[1:4]",
)


def draw(seed: int, index: int) -> Drawn:
    """The program of a number."""
    rng = np.random.default_rng((seed, index, 3))
    shapes = ((), (), (3,)) if rng.random() < 0.7 else ((3,), (6,))
    lines = ["s0, t0 = " + ("x0, x1" if shapes[1] == () else "x0[0], x1[5]")]
    lines.append("u0, w0 = " + ("x2, x2 * 0.5" if len(shapes) == 3 else "x0, x1[:3]"))
    exact = rng.random() < 0.5
    numbers, arrays = ["s0", "t0"], ["u0", "w0"]
    body: list[str] = []
    for k in range(int(rng.integers(3, 9))):
        made = rng.random()
        s, t = rng.choice(numbers, 2)
        u, w = rng.choice(arrays, 2)
        words = {
            "s": s,
            "t": t,
            "u": u,
            "w": w,
            "k": int(rng.integers(-3, 3)),
            "c": float(rng.choice((0.5, -2.0, 0.1))),
        }
        kinds: Any = NUMBERS if exact or made < 0.45 else FUNCTIONS
        if made > 0.7:
            body.append(f"a{k} = {ARRAYS[rng.integers(len(ARRAYS))].format(**words)}")
            arrays.append(f"a{k}")
        else:
            body.append(f"n{k} = {kinds[rng.integers(len(kinds))].format(**words)}")
            numbers.append(f"n{k}")
    # What was made last goes in again, held within bounds by exact operations.
    body.append(f"s0, t0 = t0 * 0.5 + np.minimum(np.maximum({numbers[-1]}, -1.5), 1.5), s0 * 0.9")
    body.append(f"u0, w0 = w0 * 0.25 + np.minimum(np.maximum({arrays[-1]}, -2.0), 2.0), u0")
    arguments = ", ".join(f"x{k}" for k in range(len(shapes)))
    inside = "".join(f"        {line}\n" for line in body)
    start = "".join(f"    {line}\n" for line in lines)
    turns = int(rng.integers(40, 120))
    return Drawn(
        f"def f({arguments}):\n{start}    for _ in range({turns}):\n{inside}"
        f"    return (s0, t0, u0, {numbers[-1]}, x0)\n",
        shapes,
    )


def examine(drawn: Drawn, seed: int, index: int) -> Outcome:
    """A program and its gradient as tapes, beside NumPy's programs of the same graphs."""
    from calcgrad import grad

    f = drawn.function()
    counts: Counter[str] = Counter()
    total = lambda *xs: sum(np.sum(part) for part in f(*xs))  # noqa: E731
    rng = np.random.default_rng((seed, index, 4))
    points = [_point(rng, drawn, odd, float) for odd in (False, False, True, True)]
    kinds = [("function", f), ("gradient", grad(total, tuple(range(len(drawn.shapes)))))]
    return judged(drawn, kinds, lambda _, function: _compared(function, points, counts), counts)


def _compared(function: Any, points: list[list[Any]], counts: Counter[str]) -> str:
    from calcgrad.compiling.backends import in_numpy
    from calcgrad.compiling.compiled import Compiled
    from calcgrad.compiling.losing import LOST
    from calcgrad.compiling.straight import MISS, Straight
    from calcgrad.native.checking import apart
    from calcgrad.native.lowering import lowering
    from calcgrad.native.tapes import tape
    from calcgrad.pytrees import flatten

    made: list[Any] = []

    def watched(wanted: Any) -> Any:
        made.append((wanted, tape(wanted), in_numpy(wanted)))
        return made[-1][2]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Compiled(function, watched)(*points[0])
        if not made:
            counts["not traced"] += 1
            return ""
        wanted, found, plain = made[0]
        if isinstance(found, str):
            counts[f"no tape: {found[:40]}"] += 1
            return found if "same" in found else ""
        counts["tapes"] += 1
        graph = wanted.graph
        rows = [lowering(v.op) for v in graph.values]
        # Sums of arrays are made in another order, and the sign of -0.0 is another in an array.
        exact = all(
            v.op in ("input", "constant")
            or (v.op not in ("sum", "sum_to", "sign") and (row is None or not row.ulps))
            for v, row in zip(graph.values, rows, strict=True)
        )
        counts["to the bit"] += exact
        for point in points:
            mine, right = found.run(point), plain.run(point)
            if mine is LOST or right is LOST:  # the function itself is asked then
                counts["left the doubles"] += 1
                continue
            if (mine is MISS) != (right is MISS) and exact:
                return f"it decides otherwise at {point}"
            if mine is MISS or right is MISS:
                counts["decided otherwise"] += 1
                continue
            assert isinstance(found, Straight)
            counts["points"] += 1
            mine = flatten(mine)[0]
            if exact and not all(_same(a, b) for a, b in zip(mine, flatten(right)[0], strict=True)):
                return f"not the same to the bit at {point}: {mine} in place of {flatten(right)[0]}"
            wrong = "" if exact else apart(graph, point, mine)
            if wrong:
                return f"{wrong} at {point}"
    return ""


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and np.array_equal(a, b, equal_nan=True)
