"""Points: where a function is differentiated, read exactly from ``--at`` texts, files, JSON or Python data.

A text is a list of items with commas between them (commas inside brackets do not split)::

    point = item {"," item}
    item  = [name "="] value
    value = constant expression           2, 0.1, pi/2, sqrt(2)
          | "[" value {"," value} "]"     a vector; nested, an array
          | start ":" stop ":" count      evenly spaced, ends included; several ranges make their product
          | path                          ending in .npy .npz .json .csv .tsv .txt

A value without a name is for the only variable; several of them, ``1, 2`` or ``(1, 2)``, are for the variables in the
order in which f(x, y) is shown. Numbers are exact: 0.1 is one tenth, and ``pi/2`` stays an expression; beside each stands the
nearest double. A Python float is the double that it is, and so are the entries of a .npy file: decimals are exact where they
are written, in texts, tables and JSON.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from calcgrad.errors import CalcgradError, Diagnostic, UsageError
from calcgrad.expression.nodes import Node
from calcgrad.inputs.constants import rational
from calcgrad.inputs.grammar import MOST_POINTS, Reader
from calcgrad.inputs.values import PointValue, coordinate, data
from calcgrad.phrases import listed

if TYPE_CHECKING:
    from calcgrad.expression.vocabulary import Vocabulary

Item = TypeVar("Item")

__all__ = ["Point", "PointValue", "bind", "coordinate", "data", "read_points", "specs_of"]


@dataclass(frozen=True, slots=True)
class Point:
    """A value for each variable, by name; the key ``None`` is a value for the only variable, numbers are for all in order.

    ``warnings`` are what the parser has to say of the point's own text.
    """

    coordinates: Mapping[str | int | None, PointValue]
    warnings: tuple[Diagnostic, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that the point names; they count as declared."""
        return tuple(name for name in self.coordinates if isinstance(name, str))

    def at(self) -> dict[str, Any]:
        """The doubles, by name, as JSON can hold them: floats and nested lists."""
        return {
            str(name or ""): c.value if isinstance(c.value, float) else c.value.tolist()
            for name, c in self.coordinates.items()
        }

    def at_exact(self) -> dict[str, str] | None:
        """The exact text of each coordinate that is not a double itself; ``None`` if there is none."""
        texts = {str(name or ""): _text(c.exact) for name, c in self.coordinates.items() if _differs(c)}
        return texts or None


def read_points(specs: Sequence[Any], vocabulary: Vocabulary) -> tuple[Point, ...]:
    """The points of ``--at`` texts, mappings, numbers and arrays; each spec adds its points.

    Raises :class:`UsageError` (E310 to E329), with the place in the text, where a point cannot be read.
    """
    points: list[Point] = []
    for spec in specs:
        if isinstance(spec, Point):
            points.append(spec)
            continue
        reader = Reader(vocabulary)
        choices = reader.spec(spec)
        points.extend(Point(choice, tuple(reader.warnings)) for choice in choices)
        if len(points) > MOST_POINTS:
            raise UsageError.of("E318", f"at most {MOST_POINTS} points can be given at once")
    return tuple(points)


def specs_of(at: Any) -> tuple[Any, ...]:
    """The specs of a Python or JSON ``at``: a list of texts and mappings is many points, all else is one.

    >>> specs_of(None), specs_of(2), specs_of([1, 2]), specs_of(["x=1", {"x": 2}])
    ((), (2,), ([1, 2],), ('x=1', {'x': 2}))
    """
    if at is None:
        return ()
    if isinstance(at, list | tuple) and at and all(isinstance(a, str | Mapping | Point) for a in at):
        return tuple(at)
    return (at,)


def only_one(points: Iterable[Item], name: str) -> Item:
    """The one point around which a Python function is traced. Raises ``UsageError`` E424 where there are several.

    >>> only_one([2.0], "f")
    2.0
    """
    first, *more = islice(points, 2)
    if more:
        hints = ("give --at once, without a range; diff takes many points",)
        raise UsageError.of("E424", f"{name} is looked at around one point, not several", hints=hints)
    return first


def bind(point: Point, variables: Sequence[str]) -> Point:
    """The point with a name for each coordinate, in the order of the function's variables.

    Raises :class:`UsageError` where a variable has no value (E301), a name is not one of the function's
    (E302), or bare values meet another number of variables (E303) or none (E304).

    >>> list(bind(Point({None: data(2)}), ["x"]).coordinates)
    ['x']
    """
    given = dict(point.coordinates)
    if None in given:
        if len(variables) != 1:
            raise _bare(variables, given[None])
        return Point({variables[0]: given[None]}, point.warnings)
    if 0 in given:
        if len(given) != len(variables):
            raise _too_many_or_few(len(given), variables)
        return Point(dict(zip(variables, given.values(), strict=True)), point.warnings)
    missing = [v for v in variables if v not in given]
    unknown = [str(name) for name in given if name not in variables]
    if unknown:
        raise _unknown(unknown[0], variables, missing)
    if missing:
        values = ", ".join(f"{v}=…" for v in missing)
        message = f"{listed(missing)} {'has' if len(missing) == 1 else 'have'} no value at the point"
        left_out = [w.message for w in point.warnings if w.code == "W205"]
        raise UsageError.of("E301", message, hints=(*left_out, f"add {values} to the point"))
    return Point({v: given[v] for v in variables}, point.warnings)


def _differs(c: PointValue) -> bool:
    if c.exact is None or not isinstance(c.value, float):
        return False
    return rational(c.exact) != Fraction(c.value)


def _text(exact: Node | None) -> str:
    from calcgrad.expression import to_text
    from calcgrad.operations import VOCABULARY

    assert exact is not None
    return to_text(exact, VOCABULARY)


def _bare(variables: Sequence[str], given: PointValue | None = None) -> CalcgradError:
    if not variables:
        return UsageError.of(
            "E304", "the function has no variable to give the value to", hints=("name it: --at x=2",)
        )
    names = ", ".join(f"{v}=…" for v in variables)
    message = f"the function has {len(variables)} variables, {listed(variables)}: a value needs a name"
    hints = [f"--at {names!r}"]
    if given is not None and not isinstance(given.value, float):
        shape = " x ".join(map(str, given.value.shape))
        hints.append(
            f"{shape} numbers were given; in a file the line `{','.join(variables)}` above them names its columns"
        )
    return UsageError.of("E303", message, hints=tuple(hints))


def _too_many_or_few(count: int, variables: Sequence[str]) -> CalcgradError:
    if not variables:
        return _bare(variables)
    if len(variables) == 1:
        hints = (
            f"one value: --at {variables[0]}=1.5, with a point in the number",
            "several points: --at 1 --at 2",
        )
        return UsageError.of("E303", f"{count} values for one variable, {variables[0]}", hints=hints)
    message = (
        f"the function has {len(variables)} variables, {listed(variables)}, and the point has {count} values"
    )
    return UsageError.of("E303", message, hints=("--at " + repr(", ".join(f"{v}=…" for v in variables)),))


def _unknown(name: str, variables: Sequence[str], missing: Sequence[str]) -> CalcgradError:
    from difflib import get_close_matches

    close = get_close_matches(name, variables, n=1)
    hints = [f"did you mean {close[0]}?"] if close else []
    if len(missing) == 1 and not close:
        hints.append(f"did you mean {missing[0]}?")
    if not hints and variables:
        hints.append(f"its variables are {listed(variables)}")
    return UsageError.of("E302", f"the function has no variable {name}", hints=tuple(hints))
