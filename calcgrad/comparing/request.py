"""Reading a request: the text parsed, its points bound, the wanted derivatives chosen."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from typing import Any

from calcgrad.comparing.options import OPTIONS, TRUTHS, require_timeout, split_names
from calcgrad.comparing.stated import as_stated
from calcgrad.errors import CalcgradError, LimitError, UsageError
from calcgrad.expression import Parsed, canonical_name, parse, to_text
from calcgrad.expression.nodes import Name
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import Point, bind, only_one, read_points, specs_of
from calcgrad.methods import NAMES
from calcgrad.methods.protocol import Wrt
from calcgrad.operations import VOCABULARY

MOST_DERIVATIVES = 100_000
MOST_ORDER = 32
MOST_DIGITS = 1000


@dataclass(frozen=True, slots=True)
class Request:
    """What ``diff`` is asked: a text, points as read (not yet bound to variables), and choices.

    With a Python ``function``, ``text`` is its name.
    """

    text: str
    at: tuple[Point, ...] = ()
    wrt: tuple[str, ...] = ()
    order: int = 1
    methods: tuple[str, ...] | None = None
    truth: str = "both"
    step: float | None = None
    digits: int | None = None
    timeout: float = 10.0
    id: Any = None
    function: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A request, read: the function, its points, and which derivatives are wanted, by coordinate."""

    request: Request
    parsed: Parsed
    function: Expression
    points: tuple[Point, ...]
    wrts: tuple[Wrt, ...]
    output_indices: list[tuple[int, ...] | None]

    @property
    def spelled(self) -> str:
        """The function as it was understood."""
        if self.request.function is not None:
            return f"{self.request.text}({', '.join(self.function.variables)})"
        return to_text(self.parsed.root, VOCABULARY)


def named(target: str | Callable[..., Any]) -> tuple[str, Callable[..., Any] | None]:
    """A text, or the name of a Python function and the function: that which ``model.py:f`` names, or the one given.

    >>> named("x^2")
    ('x^2', None)
    """
    if callable(target):
        return getattr(target, "__name__", type(target).__name__), target
    if ":" not in target:  # an expression: what loads modules is not imported for it
        return target, None
    from calcgrad.functions.loading import is_target, load

    return (target, load(target)) if is_target(target) else (target, None)


def asked(target: str | Callable[..., Any], at: Any = None, **options: Any) -> Request:
    """The request that a command or a program makes: a point in any form, names in a text with commas or in a sequence.

    ``options`` are those of :data:`~calcgrad.comparing.options.OPTIONS`.

    >>> asked("x*y", at="x=1, y=2", wrt="x, y", order=2).wrt
    ('x', 'y')
    """
    text, function = named(target)
    for name, value in options.items():
        if OPTIONS[name].kind == "names" and value is not None:
            options[name] = split_names(value)
    return Request(text=text, function=function, at=read_points(specs_of(at), VOCABULARY), **options)


def read(request: Request, *, statements: bool = True, derivatives: bool = True) -> Reading:
    """Parse the text, bind the points, choose the derivatives, unless none are asked for (``derivatives``).

    With ``statements`` the text may be ``f(x) = …`` or ``d/dx …``, and then says itself what to differentiate by.

    An error that has a place in the expression carries the expression too, so that it can be drawn.
    """
    try:
        return _read(request, statements, derivatives)
    except CalcgradError as error:
        d = error.diagnostic
        if d.span is None or d.source is not None:
            raise
        raise type(error)(d._replace(source=request.text)) from None


def _read(request: Request, statements: bool, derivatives: bool) -> Reading:
    check(request)
    if request.function is not None:
        return _read_function(request, request.function, derivatives)
    if request.wrt:
        request = replace(request, wrt=_each_once(tuple(canonical_name(name) for name in request.wrt)))
    declared = tuple(dict.fromkeys([*request.wrt, *(n for p in request.at for n in p.names)]))
    parsed = parse(request.text, VOCABULARY, declared=declared, statements=statements)
    request, one = as_stated(request, parsed.statement)
    variables = _variables(parsed, request, declared)
    points = _bound(request.at, variables, parsed)
    function = Expression(parsed.root, variables, _shapes(points))
    if not derivatives:
        return Reading(request, parsed, function, points, (), function.output_indices)
    return _chosen(request, parsed, function, points, one)


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names of --wrt; one that stands twice may be meant as a second derivative, which is another question."""
    for name in names:
        if names.count(name) > 1:
            hint = f"once is enough; the second derivative by {name} is --wrt {name} --order 2"
            raise UsageError.of("E359", f"--wrt names {name} twice", hints=(hint,))
    return names


def _bound(points: Sequence[Point], variables: Sequence[str], parsed: Parsed) -> tuple[Point, ...]:
    """The points by name; where a value has none, a product that may be meant as a function (W110) is told with it."""
    try:
        return tuple(bind(point, variables) for point in points)
    except CalcgradError as error:
        d = error.diagnostic
        products = [w.message for w in parsed.warnings if w.code == "W110"]
        if d.code != "E303" or not products:
            raise
        raise type(error)(d._replace(hints=(*products, *d.hints))) from None


def _read_function(request: Request, python: Callable[..., Any], derivatives: bool) -> Reading:
    """A Python function around the one point of the request."""
    from calcgrad.functions.python import PythonFunction, parameters

    named = tuple(dict.fromkeys([*_each_once(request.wrt), *(n for p in request.at for n in p.names)]))
    variables = parameters(python, named)
    unknown = [name for name in request.wrt if name not in variables]
    if unknown:
        given = ", ".join(variables)
        raise UsageError.of(
            "E302", f"{request.text} has no parameter {unknown[0]}", hints=(f"it has {given}",)
        )
    if not request.at:
        hints = ("add --at, with a number or an array for each parameter",)
        raise UsageError.of("E418", f"{request.text} is differentiated at a point", hints=hints)
    point = bind(only_one(request.at, request.text), variables)
    values = [point.coordinates[name].value for name in variables]
    function = PythonFunction(python, request.text, variables, values)
    parsed = Parsed(Name(request.text), (), variables, request.text)
    if not derivatives:
        return Reading(request, parsed, function, (point,), (), function.output_indices)
    return _chosen(request, parsed, function, (point,))


def _chosen(
    request: Request,
    parsed: Parsed,
    function: Expression,
    points: tuple[Point, ...],
    one: tuple[str, ...] = (),
) -> Reading:
    """The derivatives that are wanted; ``one`` names the variables of a single mixed one."""
    chosen = frozenset(request.wrt or function.variables)
    places = [i for i, place in enumerate(function.coordinates) if place.name in chosen]
    count = math.comb(len(places) + request.order - 1, request.order) * len(function.output_indices)
    if count > MOST_DERIVATIVES:
        raise LimitError.of(
            "E330",
            f"{count:,} derivatives are more than calcgrad reports at once ({MOST_DERIVATIVES:,})",
            hints=("choose fewer variables with --wrt, or a lower --order",),
        )
    wrts = tuple(combinations_with_replacement(places, request.order))
    if one:
        named = sorted(function.variables.index(name) for name in one)
        of = [function.variables.index(place.name) for place in function.coordinates]
        wrts = tuple(wrt for wrt in wrts if sorted(of[i] for i in wrt) == named)
    return Reading(request, parsed, function, points, wrts, function.output_indices)


def check(request: Request) -> None:
    """Raise ``UsageError`` where a choice of the request makes no sense."""
    if not 1 <= request.order <= MOST_ORDER:
        raise UsageError.of(
            "E331", f"the order is a whole number from 1 to {MOST_ORDER}, not {request.order}"
        )
    if request.methods is not None and not request.methods:
        raise UsageError.of("E358", "no method is named", hints=("leave --methods out for all of them",))
    for name in request.methods or ():
        if name not in NAMES:
            from difflib import get_close_matches

            near = get_close_matches(name, NAMES, 1)
            hint = f"did you mean '{near[0]}'?" if near else "the methods are: " + ", ".join(NAMES)
            raise UsageError.of("E332", f"there is no method '{name}'", hints=(hint,))
    if request.truth not in TRUTHS:
        raise UsageError.of("E333", f"the truth is one of {', '.join(TRUTHS)}, not '{request.truth}'")
    if request.step is not None and not (0 < request.step < math.inf):
        raise UsageError.of("E334", f"the step is a positive number, not {request.step}")
    if request.digits is not None and not 1 <= request.digits <= MOST_DIGITS:
        raise UsageError.of("E364", f"--digits is between 1 and {MOST_DIGITS}, not {request.digits}")
    require_timeout(request.timeout)


def _variables(parsed: Parsed, request: Request, declared: tuple[str, ...]) -> tuple[str, ...]:
    """The expression's variables and those of --wrt in natural order (x2 before x10); of a constant, those declared.

    The parameters of a definition come first, in its order.
    """
    names = set(parsed.variables) | set(request.wrt)
    first = parsed.statement.parameters if parsed.statement else ()
    rest = (name for name in names or declared if name not in first)
    return (*first, *sorted(rest, key=_natural))


def _natural(name: str) -> list[Any]:
    """A key by which x2 comes before x10: numbers by their length and their digits, for Python reads no long ones."""
    parts: list[Any] = re.split(r"(\d+)", name)
    parts[1::2] = [(len(digits.lstrip("0")), digits.lstrip("0"), digits) for digits in parts[1::2]]
    return parts


def _shapes(points: Sequence[Point]) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for point in points:
        for name, coordinate in point.coordinates.items():
            shape = getattr(coordinate.value, "shape", None)
            if isinstance(name, str) and shape is not None and shapes.setdefault(name, shape) != shape:
                raise UsageError.of("E335", f"'{name}' has different shapes at different points")
    return shapes


def flat_point(function: Expression, point: Point) -> list[float]:
    """The point as one float for each of the function's coordinates."""
    flat: list[float] = []
    for name in function.variables:
        value = point.coordinates[name].value
        flat.extend([value] if isinstance(value, float) else value.ravel().tolist())
    return flat
