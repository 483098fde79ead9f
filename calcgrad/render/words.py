"""Numbers, names of derivatives and points, as text; what several formats share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from calcgrad import phrases
from calcgrad.phrases import plain_exponent
from calcgrad.report.derivatives import PointReport, Result, Truth

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_MOST_ENTRIES = 6
#: Digits from which on a true value is shown without its radius.
_FULL = 30


def number(value: float | None) -> str:
    """All the digits that a double needs to be read back, and no more; ``-`` for nothing.

    >>> number(14.0), number(0.1), number(1e22), number(1e-07), number(float("-inf")), number(None)
    ('14', '0.1', '1e22', '1e-7', '-inf', '-')
    """
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text[:-2] if text.endswith(".0") else plain_exponent(text)


def rounded(value: float) -> str:
    """A double in at most ten digits: a place or a height, as one reads it.

    >>> rounded(0.1 + 0.2), rounded(2.0), rounded(float("inf"))
    ('0.3', '2', 'inf')
    """
    return number(float(f"{value:.10g}"))


def size(value: float | None) -> str:
    """An error, to two digits.

    >>> size(8.94e-08), size(0.0), size(123.0), size(0.25), size(None)
    ('8.9e-8', '0', '123', '0.25', '-')
    """
    return "-" if value is None else phrases.size(value)


def duration(seconds: float | None, ascii: bool = False) -> str:
    """A time to two digits or more, with its unit.

    >>> duration(3.14e-6), duration(0.25), duration(12.3), duration(None)
    ('3.1 µs', '250 ms', '12 s', '-')
    """
    if seconds is None:
        return "-"
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("us" if ascii else "µs", 1e-6)):
        if seconds >= 0.9995 * scale:
            return f"{_two_digits(seconds / scale)} {unit}"
    return f"{_two_digits(seconds / 1e-9)} ns"


def _two_digits(value: float) -> str:
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"


def value_said(name: str, point: PointReport) -> list[str]:
    """The function's value at a point: as written, and what doubles make of it where that is another."""
    if point.value_written is None:
        return [f"{name} = {value_text(point.value)}"]
    written = plain_exponent(point.value_written)
    given = (
        "in doubles, which the methods get" if point.held else "at the nearest doubles, which the methods get"
    )
    return [f"{name} = {written}", f"{given}: {value_text(point.value)}"]


def value_text(value: Any, spelled: Callable[[Any], str] = number) -> str:
    """A value or nested lists of them; of more than a few entries the first, and how many more there are.

    >>> value_text(0.5), value_text([1.0, 2.5]), value_text([[1.0, 2.0], [3.0, 4.0]])
    ('0.5', '[1, 2.5]', '[[1, 2], [3, 4]]')
    >>> value_text([0.0] * 100)
    '[0, 0, 0, 0, 0, 0, and 94 more]'
    """
    if not isinstance(value, list):
        return spelled(value) if not isinstance(value, complex) else repr(value)
    flat = flattened(value)
    if len(flat) <= _MOST_ENTRIES or (len(flat) <= 2 * _MOST_ENTRIES and isinstance(value[0], list)):
        return f"[{', '.join(value_text(v, spelled) for v in value)}]"
    shown = ", ".join(value_text(v, spelled) for v in flat[:_MOST_ENTRIES])
    shape = "" if not isinstance(value[0], list) else f", of shape {' x '.join(map(str, shape_of(value)))}"
    return f"[{shown}, and {len(flat) - _MOST_ENTRIES} more{shape}]"


def flattened(value: Any) -> list[Any]:
    """The entries of nested lists in order."""
    flat = value if isinstance(value, list) else [value]
    while flat and isinstance(flat[0], list):
        flat = [entry for row in flat for entry in row]
    return flat


def shape_of(value: Any) -> list[int]:
    """The lengths of nested lists."""
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        value = value[0] if value else None
    return shape


class HasVariables(Protocol):
    """A report of a function: of what it is a function."""

    @property
    def variables(self) -> tuple[str, ...]:
        """The names in order."""


def function_name(report: HasVariables) -> str:
    """A name for the function that is none of its variables."""
    return next(name for name in ("f", "g", "h", "F") if name not in report.variables or name == "F")


def function_text(report: HasVariables) -> str:
    """``f(x, y)``."""
    return f"{function_name(report)}({', '.join(report.variables)})"


def derivative_name(
    report: HasVariables,
    wrt: Sequence[str],
    output: Sequence[int] | None,
    index: Sequence[int] | None,
    ascii: bool = False,
) -> str:
    """``f'``, ``f''``, ``∂f/∂x``, ``∂²f/∂x∂y``, ``∂f[0]/∂w[3]``; in ASCII ``df/dx``, ``d^2f/dx dy``."""
    name = function_name(report) + _entry(output)
    order = len(wrt)
    if len(report.variables) == 1 and order <= 3 and not output and not index:
        return name + "'" * order
    d = "d" if ascii or len(report.variables) == 1 else "∂"
    power = "" if order == 1 else f"^{order}" if ascii else str(order).translate(_SUPERSCRIPTS)
    places = index if index and isinstance(index[0], tuple) else (index,) + ((),) * (order - 1)
    named = wrt if order == 1 else [v + _entry(place) for v, place in zip(wrt, places, strict=True)]
    below = [d + part for part in _collected(named, ascii)]
    return f"{d}{power}{name}/{(' ' if ascii else '').join(below)}{_entry(index) if order == 1 else ''}"


def _entry(index: Sequence[int] | None) -> str:
    return f"[{', '.join(map(str, index))}]" if index else ""


def _collected(wrt: Sequence[str], ascii: bool) -> list[str]:
    parts = []
    for name in dict.fromkeys(wrt):
        count = list(wrt).count(name)
        power = "" if count == 1 else f"^{count}" if ascii else str(count).translate(_SUPERSCRIPTS)
        parts.append(name + power)
    return parts


def at_text(point: PointReport) -> str:
    """The point, as ``--at`` reads it: ``x = 1, y = 2.5``."""
    return ", ".join(f"{name} = {value_text(value)}" for name, value in point.at.items())


def point_name(point: PointReport) -> str:
    """The same, each coordinate called by its exact name where that is no decimal: ``x = pi/2``."""
    exact = {name: text for name, text in (point.at_exact or {}).items() if not _is_decimal(text)}
    return ", ".join(f"{name} = {exact.get(name) or value_text(value)}" for name, value in point.at.items())


def _is_decimal(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def exact_text(point: PointReport) -> str:
    """The coordinates whose exact form says more than the digits of the double: ``x = pi/2``."""
    exact = point.at_exact or {}
    return ", ".join(f"{name} = {text}" for name, text in exact.items() if text != number(point.at[name]))


def cost(result: Result) -> str:
    """Passes where there are any, evaluations otherwise."""
    for count, unit in ((result.passes, "pass"), (result.evaluations, "eval")):
        if count:
            plural = "" if count == 1 else "es" if unit == "pass" else "s"
            return f"{count} {unit}{plural}"
    return "-"


def side(value: float | None) -> str:
    """A one-sided derivative; nothing where the function is not defined on that side."""
    return "none" if value is None else number(value)


def short_of_digits(truth: Truth) -> bool:
    """Whether a true value wants its radius beside it: it may be 0, or has fewer digits than a reader expects.

    >>> short_of_digits(Truth(("x",), value="0.5", radius="1.0e-41", digits=40))
    False
    """
    if not truth.radius or truth.radius == "0":
        return False
    return truth.value == "0" or truth.digits is None or truth.digits < _FULL


#: Verdicts of a point at which there is no derivative.
WITHOUT_DERIVATIVE = frozenset({"kink", "jump", "infinite", "undefined"})


def absence(truth: Truth) -> str:
    """What stands at the point in place of an ordinary derivative; empty where there is one.

    >>> absence(Truth(("x",), verdict="kink", left=-1.0, right=1.0))
    'no derivative: a kink'
    """
    if truth.verdict == "jump" and truth.sides not in (None, "value"):
        return f"no derivative: the {truth.sides} jumps"
    return {
        "removable": "removable: of the function with its hole filled",
        "boundary": "boundary: the function ends here, one side is left",
        "kink": "no derivative: a kink",
        "jump": "no derivative: a jump",
        "infinite": "infinite: no finite derivative",
        "undefined": "no derivative: undefined",
    }.get(truth.verdict, "")


def sides(truth: Truth) -> list[tuple[str, str]]:
    """The limit and the one-sided values that a truth row has, each with its name.

    >>> sides(Truth(("x",), verdict="boundary", right=0.5, sides="slope"))
    [('slope on the left', 'none, for there are no values there'), ('slope on the right', '0.5')]
    """
    found = [] if truth.limit is None else [("limit of the function", number(truth.limit))]
    if truth.left is None and truth.right is None:
        return found
    name = truth.sides or "derivative"
    for which, value in (("left", truth.left), ("right", truth.right)):
        text = "none, for there are no values there" if value is None else number(value)
        found.append((f"{name} on the {which}", text))
    return found
