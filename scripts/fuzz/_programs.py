"""Random NumPy functions, run as native code beside NumPy: at the points that they are traced at, and at others.

A program is drawn as text, line by line: each line makes an array from others. It is compiled as it is and with its gradient.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from calcgrad.scipy import special

UNARY = (
    "np.sin({a})",
    "np.cos({a})",
    "np.exp(-np.abs({a}))",
    "np.exp(np.minimum({a}, 3.0))",
    "np.tanh({a})",
    "np.log(1.5 + {a} ** 2)",
    "np.log1p(np.abs({a}))",
    "np.expm1(np.clip({a}, -5, 2))",
    "np.sqrt(np.abs({a}) + 0.5)",
    "{a} ** 2",
    "{a} ** 3",
    "1.0 / (2.0 + {a} ** 2)",
    "-{a}",
    "np.abs({a})",
    "np.maximum({a}, 0.0)",
    "np.floor({a})",
    "np.sign({a})",
    "np.arctan({a})",
    "np.logaddexp({a}, 0.0)",
    "np.where({a} > 0.25, {a}, 0.5 * {a})",
    "np.where(np.logical_and({a} > 0, {a} < 1), np.sin({a}), {a} ** 2)",
    "np.where(np.where(np.sin({a}) > 0, {a} > 1, {a} < -1), {a}, 2 * {a})",
    "{a} * {c!r}",
    "{a} + {c!r}",
    "{a} / {c!r}",
    "{a} / np.sqrt(np.sum({a} ** 2) + 1.0)",
    "{a} - np.mean({a})",
)
BINARY = (
    "{a} + {b}",
    "{a} - {b}",
    "{a} * {b}",
    "{a} / (1.0 + {b} ** 2)",
    "np.maximum({a}, {b})",
    "np.minimum({a}, {b})",
    "np.where({a} > {b}, {a}, {b} * 2)",
    "np.where(({a} > 0) ^ ({b} > 0), {a} * 3, {b})",
    "np.hypot({a}, {b} + 3.0)",
    "np.arctan2({a}, {b})",
    "np.power(np.abs({a}) + 0.5, np.clip({b}, -2, 2))",
)
#: One axis is taken, ``k``, of ``n`` entries.
AXES = (
    "np.sum({a}, axis={k})",
    "np.sum({a}, axis={k}, keepdims=True)",
    "np.mean({a}, axis={k})",
    "np.max({a}, axis={k})",
    "np.min({a}, axis={k}, keepdims=True)",
    "np.prod(np.tanh({a}) + 1.0, axis={k})",
    "np.flip({a}, {k})",
    "special.logsumexp({a}, axis={k})",
    "special.logsumexp(3.0 * {a}, axis={k}, keepdims=True)",
    "special.softmax({a}, axis={k})",
    "np.roll({a}, 1, axis={k})",
    "np.cumsum({a}, axis={k})",
    "np.concatenate([{a}, {a}], axis={k})",
    "np.concatenate([np.sin({a}), {a}], axis={k})",
    "np.take({a}, {places!r}, axis={k})",
    "np.repeat({a}, 2, axis={k})",
    "np.expand_dims({a}, {k})",
    "np.diff(np.concatenate([{a}, {a}], axis={k}), axis={k})",
)
SHAPED = (
    "{a}.T",
    "{a}.ravel()",
    "np.stack([{a}, 2.0 * {a}])",
    "{a}[None]",
    "{a}[..., None]",
    "{a}[1:]",
    "{a}[:-1]",
    "{a}[::2]",
    "{a}[::-1]",
    "{a}[-1:]",
    "{a}[0]",
    "{a}[..., -1]",
    "{a}[..., 1:]",
    "{a}[..., ::-2]",
    "{a}[{places!r}]",
    "{a}.reshape(2, -1)",
    "{a}.reshape(-1, 2)",
    "{a}.swapaxes(0, -1)",
    "{a}.T.ravel()",
    "np.broadcast_to({a}, (2,) + np.shape({a}))",
    "{a} @ {a}.T",
    "np.linalg.norm({a} + 1.0)",
)
WRITES = (
    ("{n} = {a}.copy()", "{n}[1:] += {a}[:-1]"),
    ("{n} = {a}.copy()", "{n}[...] = {n} * 0.5"),
    ("{n} = np.zeros(np.shape({a}))", "{n}[:-1] = np.sin({a}[1:])", "{n}[0] += 1.5"),
    ("{n} = np.zeros(np.shape({a}))", "{n}[::2] = {a}[::2]"),
)
SHAPES = ((), (1,), (3,), (5,), (8,), (12,), (2, 3), (3, 4), (1, 4), (4, 1), (2, 3, 2), (4, 4), (2, 1, 3))
#: Of arguments of these lengths Jacobians are made too: their matrices are kept as diagonals.
BANDED = (8, 12)
#: Long enough for blocks.
LONG = ((2049,), (5003,), (3, 1500))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A program: its text, and the shapes of its arguments."""

    source: str
    shapes: tuple[tuple[int, ...], ...]

    def function(self) -> Callable[..., Any]:
        """The function itself."""
        names: dict[str, Any] = {"np": np, "special": special}
        exec(self.source, names)
        made: Callable[..., Any] = names["f"]
        return made


def draw(seed: int, index: int) -> Drawn:
    """The program of a number: lines that fail or grow are left out while it is drawn."""
    rng = np.random.default_rng((seed, index))
    shapes = LONG if rng.random() < 0.08 else SHAPES
    given = tuple(shapes[k] for k in rng.integers(len(shapes), size=rng.integers(1, 3)))
    names = [f"x{k}" for k in range(len(given))]
    known: dict[str, Any] = {"np": np, "special": special}
    known.update({n: np.asarray(rng.normal(size=s)) for n, s in zip(names, given, strict=True)})
    lines: list[str] = []
    arguments = ", ".join(names)
    for k in range(int(rng.integers(2, 11))):
        new = f"v{k}"
        for _ in range(5):
            written = _line(rng, names, new)
            if _runs(written, known, new):
                lines += written
                names.append(new)
                break
    results = [names[-1], *[n for n in names[:-1] if rng.random() < 0.25]]
    body = "".join(f"    {line}\n" for line in lines)
    return Drawn(f"def f({arguments}):\n{body}    return ({', '.join(results)},)\n", given)


def _line(rng: Any, names: list[str], new: str) -> list[str]:
    # Later values are taken more often, so that programs are deep.
    a, b = (names[-1 - min(int(rng.geometric(0.4)) - 1, len(names) - 1)] for _ in range(2))
    kinds = (UNARY, BINARY, AXES, SHAPED, WRITES)
    kind = kinds[rng.choice(5, p=(0.34, 0.22, 0.16, 0.2, 0.08))]
    chosen = kind[rng.integers(len(kind))]
    rest = {
        "a": a,
        "b": b,
        "n": new,
        "c": float(rng.choice((0.5, -1.5, 3.0, 0.1))),
        "k": int(rng.integers(-1, 2)),
    }
    rest["places"] = rng.integers(-1, 2, size=rng.integers(1, 4)).tolist()
    if isinstance(chosen, tuple):
        return [part.format(**rest) for part in chosen]
    return [f"{new} = {chosen.format(**rest)}"]


def _runs(lines: list[str], known: dict[str, Any], new: str) -> bool:
    names = dict(known)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for line in lines:
                exec(line, names)
    except Exception:
        return False
    made = np.asarray(names[new])
    if prod(made.shape) > 40_000 or made.ndim > 4 or made.dtype != float or not np.all(np.abs(made) < 1e6):
        return False
    known[new] = names[new]
    return True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one program: a word for the count, and a text where something was found."""

    counts: Counter[str]
    find: str = ""


def outcomes(seed: int, first: int, stop: int) -> Iterator[tuple[int, Outcome]]:
    """The programs of these numbers, one after the other."""
    for index in range(first, stop):
        yield index, examine(draw(seed, index), seed, index)


def examine(drawn: Drawn, seed: int, index: int) -> Outcome:
    """Compile a program and its gradient as native code, and look at it beside NumPy at several points."""
    from calcgrad import grad, jacobian

    f = drawn.function()
    counts: Counter[str] = Counter()
    total = lambda *xs: sum(np.sum(part) for part in f(*xs))  # noqa: E731
    wrt = tuple(range(len(drawn.shapes)))
    kinds = [("function", f), ("gradient", grad(total, wrt))]
    if len(drawn.shapes) == 1 and len(drawn.shapes[0]) == 1 and drawn.shapes[0][0] in BANDED:
        kinds.append(("Jacobian", jacobian(lambda x: f(x)[0])))
    if index % 3 == 0:
        kinds += [(f"{name} of singles", function) for name, function in kinds]

    def compared(name: str, function: Any) -> str:
        rng = np.random.default_rng((seed, index, 1))
        kind = np.float32 if "singles" in name else np.float64
        points = [_point(rng, drawn, odd, kind) for odd in (False, False, True)]
        return _compared(function, points, counts)

    return judged(drawn, kinds, compared, counts)


def judged(
    drawn: Drawn, kinds: list[tuple[str, Any]], compared: Callable[[str, Any], str], counts: Counter[str]
) -> Outcome:
    """The first of a program's functions at which something is found, or at which something fails."""
    for name, function in kinds:
        try:
            found = compared(name, function)
        except Exception as error:
            found = f"{type(error).__name__}: {error}"
        if found:
            return Outcome(counts, f"{name}: {found}\n{drawn.source}# shapes {drawn.shapes}")
    return Outcome(counts)


def _point(rng: Any, drawn: Drawn, odd: bool, kind: Any) -> list[Any]:
    found: list[Any] = []
    for shape in drawn.shapes:
        x = np.asarray(rng.normal(size=shape) * rng.choice((0.5, 1.0, 20.0)))
        if odd:
            specials = rng.choice((np.nan, np.inf, -np.inf, 0.0, -0.0, 1e300, 1e12, 5e-324), shape)
            x = np.where(rng.random(shape) < 0.2, specials, x)
        with np.errstate(all="ignore"):
            found.append(float(x) if not shape else x.astype(kind))
    return found


def _compared(function: Callable[..., Any], points: list[list[Any]], counts: Counter[str]) -> str:
    from calcgrad import CalcgradError, compile
    from calcgrad.compiling.banding import banded
    from calcgrad.compiling.compiled import Compiled
    from calcgrad.compiling.losing import LOST
    from calcgrad.compiling.simplifying import simplified
    from calcgrad.compiling.straight import MISS
    from calcgrad.compiling.turning import turned
    from calcgrad.native.checking import apart
    from calcgrad.native.programs import native
    from calcgrad.pytrees import flatten

    made: list[Any] = []

    def watched(wanted: Any) -> Any:
        matrices = banded(
            wanted.graph
        )  # zeros by structure are zeros also beside what is not finite, as in NumPy's program
        graph = turned(matrices if matrices is wanted.graph else simplified(matrices))
        made.append((graph, native(wanted)))
        return made[-1][1]

    program = Compiled(function, watched)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(function, backend="numpy")(*points[0])
        except Exception as error:  # NumPy has quirks that traced values have not
            code = error.diagnostic.code if isinstance(error, CalcgradError) else type(error).__name__
            counts[f"refused {code}"] += 1
            return ""
        program(*points[0])
        if not made:
            counts["not traced"] += 1
            return ""
        graph, straight = made[0]
        if "did not give the same" in straight.source or "could not be made" in straight.source:
            return str(straight.source.splitlines()[0])
        counts[straight.backend] += 1
        if straight.backend != "native":
            counts[straight.source.splitlines()[0][:60]] += 1
            return ""
        for point in points:
            found = straight.run(point)
            if found is MISS or found is LOST:
                counts["decided otherwise" if found is MISS else "left the doubles"] += 1
                continue
            wrong = apart(graph, point, flatten(found)[0])
            if wrong:
                return f"{wrong} at {point}"
    return ""
