"""Where a formula holds: the places beside which the function is not smooth, as far as formula and function differ there.

The table names the places; which of them lie in reach is asked of the function's values. At such a place the formula is held
against the slopes on both sides: ``sign(x)`` is 0 at 0, where ``abs(x)`` has no derivative; ``5*x^4/(3*cbrt(x^5)^2)`` has no
value at 0, where ``cbrt(x^5)`` has one; ``-1/(x^2 + 1)`` has one, where ``atan(1/x)`` has not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from calcgrad.deriving.building import each_once, put_in, scheme
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.functions.expression import Expression
from calcgrad.operations import OPERATIONS, VOCABULARY
from calcgrad.operations.row import ARGUMENTS, Elementwise

#: What the other variables stand at while one moves: numbers that no place is likely to single out, and the origin.
_STANDING = ((1.37, 0.73, 2.21, 1.83, 0.57), (0.0,))
#: Where zeros are looked for: both signs, near and far, and whole numbers and their halves for the places that repeat.
_LOOKED_AT = sorted({s * v for v in (*(k / 2 for k in range(21)), 17.0, 1e2, 1e3, 1e4, 1e6) for s in (1, -1)})
_STEPS = (2.0**-20, 2.0**-24)
#: How far slopes so near a place may be from the formula's value there, as a share: they are good to the step.
_CLOSE = 1e-4
#: What is left of a distance that shrinks with the step: 1/16 for smooth slopes; at an end also 1/ln of the step, as of li(x).
_FAST, _SLOW = 0.5, 0.9
#: A value beyond this is infinite but for the rounding of the place.
_ENDLESS = 1e7
#: More places than these are not looked at, and so many are named.
_MOST, _NAMED = 12, 3

_COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
Function = Callable[[float], float]


class _Place(NamedTuple):
    """The zeros of ``where``, or its whole numbers; what is there; in words."""

    where: Node
    period: float | None
    kind: str
    condition: bool
    text: str


#: The zeros of places that were looked for: an expression, its period, where the variables stand and which one moves.
Zeros = dict[tuple[Node, float | None, tuple[float, ...], int], list[list[float]]]


def where_it_holds(
    function: Expression, formula: Node, wrt: Sequence[int], output: int, known: Zeros | None = None
) -> str | None:
    """In words where a formula of a derivative holds, ``None`` where it says so itself or holds everywhere in reach.

    ``known`` is filled with what was found on the way, for the other derivatives of the function.

    >>> from calcgrad.expression import parse
    >>> f = Expression(parse("x + trunc(x)", VOCABULARY).root, ["x"])
    >>> where_it_holds(f, Number(1), (0,), 0)
    'holds where x is not a whole number'
    """
    told: list[str] = []
    known = {} if known is None else known
    for places in (
        _places(function.in_numbers.root),
        (place for place in _places(formula) if place.kind == "pole"),
    ):
        found = (place.text for place in places if _differs(function, formula, wrt, output, place, known))
        told = told or list(dict.fromkeys(found))
    if not told:
        return None
    more = f" and {len(told) - _NAMED} more" if len(told) > _NAMED else ""
    return f"holds where {' and '.join(told[:_NAMED])}{more}"


def _places(root: Node) -> Iterator[_Place]:
    """The places that the table names in each operation of a function, and both sides of each condition."""
    found = 0
    for node in each_once(root):
        row = OPERATIONS.get(node.op) if isinstance(node, Call) else None
        if not isinstance(node, Call) or not isinstance(row, Elementwise):
            continue
        letters = dict(zip(ARGUMENTS, node.args, strict=False))
        for singular in (*row.singular, *row.later):
            where = put_in(scheme(singular.where), letters)
            if where is None or not any(isinstance(part, Name) for part in each_once(where)):
                continue
            found += 1
            if found > _MOST:
                return
            condition = node.op in _COMPARISONS
            for factor in _factors(where) if singular.period is None else [where]:
                text = _text(factor, singular.period)
                yield _Place(factor, singular.period, singular.kind, condition, text)


def _factors(where: Node) -> list[Node]:
    """The factors of a product that move: the zeros of each are zeros of the whole."""
    found, todo = [], [where]
    while todo:
        node = todo.pop()
        if isinstance(node, Call) and node.op == "mul":
            todo.extend(reversed(node.args))
        elif not _is_constant(node):
            found.append(node)
    return found


def _text(where: Node, period: float | None) -> str:
    """The place as a condition: ``x != 0`` for the zeros of -3*x^5, ``x != y`` for those of x - y."""
    bare = _bare(where, period is None)
    if period is not None:
        return f"{to_text(bare, VOCABULARY)} is not a whole number"
    if isinstance(bare, Call) and bare.op == "sub":
        left, right = bare.args
        return f"{to_text(left, VOCABULARY)} != {to_text(right, VOCABULARY)}"
    return f"{to_text(bare, VOCABULARY)} != 0"


def _bare(where: Node, of_zeros: bool) -> Node:
    """An expression with the same zeros, less what only keeps others out: the constant branches of ``where``, powers, factors."""
    while isinstance(where, Call):
        args = where.args
        if where.op == "where" and _is_constant(args[1]) != _is_constant(args[2]):
            where = args[2] if _is_constant(args[1]) else args[1]
        elif of_zeros and (where.op == "neg" or (where.op == "pow" and _is_positive(args[1]))):
            where = args[0]
        elif of_zeros and where.op == "mul" and _is_positive(args[0]):
            where = args[1]
        elif of_zeros and where.op in ("mul", "div") and _is_positive(args[1]):
            where = args[0]
        else:
            break
    return where


def _is_constant(node: Node) -> bool:
    return not any(isinstance(part, Name) for part in each_once(node))


def _is_positive(node: Node) -> bool:
    return isinstance(node, Number) and node.value > 0


def _differs(
    function: Expression, formula: Node, wrt: Sequence[int], output: int, place: _Place, known: Zeros
) -> bool:
    """Whether formula and function differ at a zero of a place, along any of the variables.

    A condition of the author's own is doubted also where no zero of it is met.
    """
    said, distance = (Expression(root, function.variables) for root in (formula, place.where))
    inside = {part.name for part in each_once(place.where) if isinstance(part, Name)}
    met = False
    for standing in _STANDING:
        base = [standing[k % len(standing)] for k in range(len(function.variables))]
        for moving, name in enumerate(function.variables):
            if name not in inside:
                continue
            key = (place.where, place.period, tuple(base), moving)
            if key not in known:
                known[key] = list(_zeros(distance, base, moving, place.period))
            for point in known[key]:
                met = True
                if _differs_at(function, said, point, wrt, output, place.kind):
                    return True
        if len(function.variables) == 1:
            break
    return place.condition and not met


def _zeros(
    distance: Expression, base: Sequence[float], moving: int, period: float | None
) -> Iterator[list[float]]:
    """Zeros of a place along one variable, or points where it is a whole number: those looked at, and one for a change of sign."""

    def at(x: float) -> list[float]:
        return [*base[:moving], x, *base[moving + 1 :]]

    if isinstance(distance.root, Name) and period is None:
        yield at(0.0)
        return
    before: tuple[float, float] | None = None
    for x in _LOOKED_AT:
        y = _number(distance, at(x))
        if math.isfinite(y) and (y == 0 or (period is not None and y % period == 0)):
            yield at(x)
        elif before is not None and period is None and y * before[1] < 0:
            zero = _bisected(lambda z: _number(distance, at(z)), before, (x, y))
            if zero is not None:
                yield at(zero)
        before = (x, y) if math.isfinite(y) else None


def _bisected(distance: Function, low: tuple[float, float], high: tuple[float, float]) -> float | None:
    """The double next to a change of sign at which the distance is least; ``None`` where it only jumps past 0."""
    (a, fa), (b, fb) = low, high
    small = _CLOSE * (abs(fa) + abs(fb))
    for _ in range(200):
        middle = a + (b - a) / 2
        if middle in (a, b):
            break
        y = distance(middle)
        if y == 0:
            return middle
        if y * fa > 0:
            a, fa = middle, y
        else:
            b, fb = middle, y
    zero, least = (a, fa) if abs(fa) <= abs(fb) else (b, fb)
    return zero if abs(least) < small else None


def _differs_at(
    function: Expression,
    said: Expression,
    point: Sequence[float],
    wrt: Sequence[int],
    output: int,
    kind: str,
) -> bool:
    """Whether a formula's value at a place is not what the function's values beside it say.

    Of higher orders values tell too little: there every finite value is doubted.
    """
    value = _number(said, point)
    if abs(value) > _ENDLESS:
        return False  # it says so itself
    if len(wrt) > 1:
        return math.isfinite(value) and kind in ("kink", "jump", "pole")
    here = _number(function, point, output)
    scale = max(1.0, abs(point[wrt[0]]))
    far, near = [
        [_slope(function, point, wrt[0], s * h * scale, here, output) for s in (1, -1)] for h in _STEPS
    ]
    if math.isnan(value):
        slopes = [*far, *near]
        return all(map(math.isfinite, slopes)) and max(slopes) - min(slopes) <= _CLOSE * max(
            1.0, abs(near[0])
        )
    if not math.isfinite(here):
        return kind != "edge"
    share = _SLOW if kind in ("edge", "pole") else _FAST
    return any(_off(value, *pair, share) for pair in zip(far, near, strict=True))


def _off(value: float, far: float, near: float, share: float) -> bool:
    """Whether the slopes at a smaller and a larger step stay away from a value."""
    if math.isnan(near) or math.isclose(near, value, rel_tol=_CLOSE, abs_tol=_CLOSE):
        return False
    return not abs(near - value) < abs(far - value) * share


def _slope(
    function: Expression, point: Sequence[float], i: int, step: float, here: float, output: int
) -> float:
    beside = [x + step * (k == i) for k, x in enumerate(point)]
    return (_number(function, beside, output) - here) / step


def _number(function: Expression, point: Sequence[float], output: int = 0) -> float:
    try:
        return float(function.values(list(point))[output])
    except (ArithmeticError, ValueError, TypeError):
        return math.nan
