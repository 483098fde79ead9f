"""What the expression fuzzer draws: expressions and points of several flavours, the same for ever for a seed and a number.

``plain`` stays within the table's ranges; ``special`` does so at the points where textbooks look; ``sized`` draws huge and
tiny numbers and heeds only the domains; ``lawless`` heeds nothing; ``arrays`` reduces functions of a vector.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import NamedTuple

from calcgrad.expression import parse
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.functions.exact import mapped
from calcgrad.inputs.constants import nearest
from calcgrad.operations import VOCABULARY, parsed
from calcgrad.operations.row import ARGUMENTS, Elementwise
from calcgrad.systems.base import FLOAT64
from tests.random_expressions import TRIES, VARIABLES, drawable_rows, random_expression

ROWS = drawable_rows()
FLAT_TOO = drawable_rows(flat=True)
COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
SPECIAL = (
    *("0", "0", "0", "1", "-1", "2", "-2", "3", "1/2", "-1/2", "1/3", "0.1", "-0.3", "10", "-10", "1e-3"),
    *("pi", "pi/2", "-pi/2", "pi/4", "pi/6", "e", "1/e", "-1/e", "sqrt(2)", "log(2)", "2^-52", "1 + 2^-52"),
)
ENDS = (
    "5e-324",
    "2.2250738585072014e-308",
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "9007199254740992.0",
    "-0.0",
)
NUMBERS = ("0", "1", "2", "3", "0.5", "10", "0.1", "1e-8", "1e8")
UNARY = [row for row in ROWS if row.arity == 1]
REDUCTIONS = (
    "sum",
    "prod",
    "norm",
    "logsumexp",
    "mean",
    "var",
    "std",
    "amax",
    "amin",
    "dot",
    "softmax",
    "first",
)


class Drawing(NamedTuple):
    """An expression, and for each of its variables the text of its value."""

    root: Node
    point: dict[str, str]


class _Valued(NamedTuple):
    node: Node
    value: float


def draw(random: Random) -> Drawing:
    """An expression and a point of a flavour drawn by its share."""
    share = random.random()
    for flavour, most in FLAVOURS:
        if share < most:
            return flavour(random)
    raise AssertionError(share)


def draw_written(random: Random) -> Drawing:
    """An expression whose numbers are decimals, at a point of decimals and other exact numbers: what no double holds."""
    texts = {name: _exact(random) for name in VARIABLES[: random.randint(1, 2)]}
    point = {name: double(text) for name, text in texts.items()}
    if random.random() < 0.5:
        root = random_expression(random, FLAT_TOO, random.randint(1, 6), edges=0.3, point=point).root
    else:
        root = _wild(random, point, random.randint(1, 6), lawful=True, huge=0.0)
    return Drawing(mapped(root, lambda number: _decimal(random, number)), texts)


def _exact(random: Random) -> str:
    """A number as people type it: mostly a short decimal, or a place where textbooks look."""
    if random.random() < 0.3:
        return random.choice(SPECIAL)
    return f"{random.uniform(-5, 5):.{random.choice((1, 1, 2, 3, 5))}f}"


def _decimal(random: Random, number: Number) -> Number:
    """A number of the text, often with a decimal in its place that is near to it; an exponent or an order stays whole."""
    if number.value.denominator == 1 and (number.value > 10 or random.random() < 0.6):
        return number
    return Number(abs(Fraction(f"{float(number.value) + random.choice((0.1, 0.2, 0.3, 0.25)):.3g}")))


def _plain(random: Random) -> Drawing:
    rows = FLAT_TOO if random.random() < 0.1 else ROWS
    drawn = random_expression(random, rows, random.randint(1, 8), random.randint(1, 3), edges=0.15)
    return Drawing(drawn.root, {name: repr(value) for name, value in drawn.point.items()})


def _special(random: Random) -> Drawing:
    texts = {name: random.choice(SPECIAL) for name in VARIABLES[: random.randint(1, 2)]}
    point = {name: double(text) for name, text in texts.items()}
    if random.random() < 0.5:
        drawn = random_expression(random, FLAT_TOO, random.randint(1, 6), edges=0.4, point=point)
        return Drawing(drawn.root, texts)
    return Drawing(_wild(random, point, random.randint(1, 6), lawful=True, huge=0.0), texts)


def _sized(random: Random) -> Drawing:
    texts = {name: _size(random) for name in VARIABLES[: random.randint(1, 2)]}
    point = {name: double(text) for name, text in texts.items()}
    return Drawing(_wild(random, point, random.randint(1, 6), lawful=True, huge=0.2), texts)


def _lawless(random: Random) -> Drawing:
    texts = {
        name: random.choice((random.choice(SPECIAL), _size(random), repr(round(random.uniform(-5, 5), 2))))
        for name in VARIABLES[: random.randint(1, 2)]
    }
    point = {name: double(text) for name, text in texts.items()}
    return Drawing(_wild(random, point, random.randint(1, 5), lawful=False, huge=0.1), texts)


def _arrays(random: Random) -> Drawing:
    """A reduction of a function of a vector, and perhaps more on top of it."""
    length = random.randint(1, 4)
    entries = [random.choice(NUMBERS) if random.random() < 0.3 else _ordinary(random) for _ in range(length)]
    if random.random() < 0.1:
        entries[-1] = _size(random)
    inner: Node = Name("w")
    texts = {"w": f"[{', '.join(entries)}]"}
    if random.random() < 0.4:
        texts["x"] = _ordinary(random)
        inner = Call(random.choice(("add", "mul", "sub", "div")), (inner, Name("x")))
    for _ in range(random.randint(0, 2)):
        inner = Call(random.choice(UNARY).name, (inner,))
    root = _reduced(random, inner)
    for _ in range(random.randint(0, 2)):
        root = Call(random.choice(UNARY).name, (root,))
    if random.random() < 0.3:
        root = Call(random.choice(("add", "mul", "sub", "div")), (root, _reduced(random, Name("w"))))
    return Drawing(root, texts)


def _reduced(random: Random, inner: Node) -> Node:
    kind = random.choice(REDUCTIONS)
    if kind == "dot":
        return Call("dot", (inner, Name("w")))
    if kind == "first":
        return Call("getitem", (inner,), parse("w[0]", VOCABULARY, declared=("w",)).root.params)  # type: ignore[union-attr]
    if kind == "softmax":
        return Call("amax", (Call("softmax", (inner,)),))
    return Call(kind, (inner,))


FLAVOURS: tuple[tuple[Callable[[Random], Drawing], float], ...] = (
    (_plain, 0.5),
    (_special, 0.7),
    (_sized, 0.85),
    (_lawless, 0.95),
    (_arrays, 1.0),
)


def double(text: str) -> float:
    """The double nearest to a constant expression."""
    return float(nearest(parse(text, VOCABULARY).root))


def _ordinary(random: Random) -> str:
    return repr(round(random.uniform(-3.0, 3.0), random.choice((1, 3, 15))))


def _size(random: Random) -> str:
    """A number of any size that a double has, often huge or tiny, sometimes at an end of the doubles."""
    if random.random() < 0.1:
        return random.choice(ENDS)
    exponent = random.choice((random.uniform(-308, 308), random.uniform(-20, 20), random.gauss(0, 3)))
    return repr(random.choice((1, 1, -1)) * float(f"{10**exponent:.{random.choice((1, 3, 17))}g}"))


def _wild(random: Random, point: dict[str, float], operations: int, lawful: bool, huge: float) -> Node:
    """An expression that heeds no ranges; a ``lawful`` one heeds the domains at its point, and stays finite."""
    pool = [_Valued(Name(name), value) for name, value in point.items()]
    for _ in range(operations):
        for _ in range(TRIES):
            grown = _choice(random, pool) if random.random() < 0.08 else _call(random, pool, lawful, huge)
            if grown is not None and (not lawful or math.isfinite(grown.value)):
                pool.append(grown)
                break
    return pool[-1].node


def _call(random: Random, pool: Sequence[_Valued], lawful: bool, huge: float) -> _Valued | None:
    row = random.choice(FLAT_TOO)
    args: list[_Valued] = []
    for j in range(row.arity):
        arg = _argument(random, pool, row, j, huge)
        twin = any(arg is other for other in args)
        args.append(_argument(random, pool, row, j, huge) if twin and random.random() < 0.8 else arg)
    if all(isinstance(a.node, Number) for a in args):
        return None
    values = [a.value for a in args]
    if lawful and row.domain and not FLOAT64.expression(parsed(row.domain), ARGUMENTS[: row.arity])(*values):
        return None
    return _Valued(Call(row.name, tuple(a.node for a in args)), float(FLOAT64.function(row.name)(*values)))


def _argument(random: Random, pool: Sequence[_Valued], row: Elementwise, j: int, huge: float) -> _Valued:
    where = row.sample[j]
    if where.whole and random.random() < 0.95:
        return _number(str(random.randint(int(where.low), int(where.high))))
    if random.random() < 0.85:
        return pool[-1] if random.random() < 0.6 else random.choice(pool)
    return _number(_size(random) if random.random() < huge else random.choice(NUMBERS))


def _number(text: str) -> _Valued:
    value = float(text)
    number = Number(abs(Fraction(text)))
    return _Valued(Call("neg", (number,)) if value < 0 else number, value)


def _choice(random: Random, pool: Sequence[_Valued]) -> _Valued:
    """A ``where`` of what there is; its branches are two of the pool, or a number."""
    a, b = random.choice(pool), random.choice((*pool, _number(random.choice(NUMBERS))))
    taken, other = random.choice(pool), random.choice((*pool, _number(random.choice(NUMBERS))))
    op = random.choice(COMPARISONS)
    held = bool(FLOAT64.function(op)(a.value, b.value))
    node = Call("where", (Call(op, (a.node, b.node)), taken.node, other.node))
    return _Valued(node, taken.value if held else other.value)
