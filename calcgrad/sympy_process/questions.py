"""What SymPy's process is asked, and its answers as plain immutable values: ``differentiate``,
``prove_equal``, ``limit``.

Trees of the expression language cross in their flat form, doubles as hexadecimal text. Nothing here imports
SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Literal, NamedTuple

from calcgrad.expression.nodes import Call, Node, from_postorder, to_postorder
from calcgrad.sympy_process.process import Client, shared

TIMEOUT = 10.0
DIGITS = 40
TIDY = 0.3


class Coordinate(NamedTuple):
    """A coordinate: the double that methods get, and the exact number that was written, where that is
    another.
    """

    value: float
    exact: Node | None = None


class Value(NamedTuple):
    """A value as decimal text, or why there is none.

    ``status``: ``ok``; ``zero`` (no significant digit: 0 within ``bound``); ``singular`` (``text`` is what
    SymPy's formula gives, but an operation of the function is not smooth at this point: ``note`` names it);
    ``infinite`` (``text`` is ``inf``, ``-inf``, or ``None`` for a division by zero); ``nan``; ``complex``;
    ``none``; ``timeout``.
    """

    status: str
    text: str | None = None
    bound: str | None = None
    note: str | None = None


class Formula(NamedTuple):
    """One derivative of one output (``None`` for a function of one value).

    ``root`` is the formula in the expression language; where the language lacks a function of it, ``root``
    is ``None``, ``text`` is SymPy's own spelling and ``note`` names the function. ``status`` is ``ok``,
    ``none`` or ``timeout``. ``borders`` are the pairs of sides of the function's conditions: where the two are
    equal the formula, which was found on either side of it, need not hold.
    """

    output: int | None
    wrt: tuple[str, ...]
    status: str
    root: Node | None = None
    text: str | None = None
    note: str | None = None
    borders: tuple[tuple[Node, Node], ...] = ()


class AtPoint(NamedTuple):
    """At one point as it was written: the function's value, an entry an output; and in the order of the
    formulas the derivatives' values, their exact values where those are short, and the derivatives' values
    at the doubles, where these were asked for.
    """

    values: tuple[Value, ...]
    derivatives: tuple[Value, ...]
    exact: tuple[Node | None, ...]
    doubles: tuple[Value, ...] | None = None


class SymbolicAnswer(NamedTuple):
    """The answer to ``differentiate``. ``status`` is ``ok``, ``timeout`` or ``none``; with the last two,
    ``note`` says why, and what was found stands.
    """

    status: str
    note: str | None
    formulas: tuple[Formula, ...]
    points: tuple[AtPoint, ...]
    seconds: float


class Proof(NamedTuple):
    """Whether two expressions are the same function. For ``different``: the point, and both values there."""

    verdict: Literal["equal", "different", "unknown"]
    note: str
    point: Mapping[str, float] | None = None
    left: str | None = None
    right: str | None = None


class Limit(NamedTuple):
    """A limit. ``checked`` says that values closer and closer to the point do approach it."""

    value: Value
    root: Node | None = None
    checked: bool = False


class Question(NamedTuple):
    """What ``differentiate`` is asked, for many at once.

    ``doubles`` says of each point whether values are wanted with every number at its nearest double too. A
    root that is not ``written`` stands for a function of doubles: its values are wanted there alone.
    """

    root: Node
    wrt: Sequence[Sequence[str]]
    points: Sequence[Mapping[str, Coordinate]] = ()
    digits: int = DIGITS
    tidy: float = TIDY
    doubles: Sequence[bool] = ()
    written: bool = True


def differentiate(
    root: Node,
    wrt: Sequence[Sequence[str]],
    points: Sequence[Mapping[str, Coordinate]] = (),
    *,
    digits: int = DIGITS,
    timeout: float = TIMEOUT,
    tidy: float = TIDY,
    client: Client | None = None,
) -> SymbolicAnswer:
    """SymPy's derivatives of an expression: formulas, values to ``digits`` digits at points, exact values.

    Each entry of ``wrt`` names the variables one after another, once for each differentiation. ``tidy`` is
    the time that shortening long formulas may take, in seconds; ``timeout`` limits the whole, from when the
    worker begins.

    >>> from calcgrad.expression.nodes import Name
    >>> x = Name("x")
    >>> cube = Call("mul", (x, Call("mul", (x, x))))
    >>> answer = differentiate(cube, [["x"]], [{"x": Coordinate(2.0)}], digits=30)
    >>> answer.formulas[0].root, answer.points[0].derivatives[0].text
    (3 x 2 pow/2 mul/2, '12.0000000000000000000000000000')
    """
    return begin(Question(root, wrt, points, digits, tidy), timeout, client)()


def begin(
    question: Question, timeout: float = TIMEOUT, client: Client | None = None
) -> Callable[..., SymbolicAnswer]:
    """Send a question and return at once; the function that comes back waits for the answer, so many seconds if it is told."""
    pending = (client or shared()).send(_message(question), timeout)
    return lambda within=None: _answer(question, pending.result(within))


def prove_equal(
    a: Node,
    b: Node,
    timeout: float = TIMEOUT,
    points: Sequence[Mapping[str, float]] = (),
    client: Client | None = None,
) -> Proof:
    """Whether two expressions are equal: refuted at a point, proved symbolically, or neither.

    ``points`` are tried before points of our own.

    >>> from calcgrad.expression.nodes import Name, Number
    >>> x = Name("x")
    >>> prove_equal(Call("mul", (Number(2), x)), Call("add", (x, x))).verdict
    'equal'
    """
    message = {
        "do": "prove",
        "a": to_postorder(a),
        "b": to_postorder(b),
        "points": [{name: value.hex() for name, value in p.items()} for p in points],
    }
    reply = (client or shared()).request(message, timeout)
    if reply["status"] != "ok":
        return Proof("unknown", reply["note"])
    point = reply.get("point")
    at = {name: float.fromhex(text) for name, text in point.items()} if point is not None else None
    return Proof(reply["verdict"], reply["why"], at, reply.get("left"), reply.get("right"))


def limit(
    root: Node,
    variable: str,
    point: Node,
    side: Literal["+", "-", "+-"] = "+-",
    *,
    timeout: float = TIMEOUT,
    fixed: Mapping[str, Node] | None = None,
    digits: int = DIGITS,
    client: Client | None = None,
) -> Limit:
    """The limit of an expression as ``variable`` goes to ``point`` from a side; ``fixed`` are the other
    variables' exact values.

    >>> from calcgrad.expression.nodes import Name, Number
    >>> x = Name("x")
    >>> limit(Call("div", (Call("sin", (x,)), x)), "x", Number(0)).root
    1
    """
    message = {
        "do": "limit",
        "root": to_postorder(root),
        "variable": variable,
        "point": to_postorder(point),
        "side": side,
        "fixed": {name: to_postorder(node) for name, node in (fixed or {}).items()},
        "digits": digits,
    }
    reply = (client or shared()).request(message, timeout)
    if reply["status"] != "ok":
        return Limit(Value(reply["status"], note=reply["note"]))
    return Limit(Value(*reply["value"]), _tree(reply.get("root")), reply.get("checked", False))


def _message(question: Question) -> dict[str, Any]:
    doubles = question.doubles[: len(question.points)]
    return {
        "do": "differentiate",
        "root": to_postorder(question.root),
        "wrt": [list(wrt) for wrt in question.wrt],
        "points": [_written(p) if question.written else _doubles(p) for p in question.points],
        "doubles": [_doubles(p) if wanted else None for p, wanted in zip_longest(question.points, doubles)],
        "exact": [_exact(p) for p in question.points],
        "written": question.written,
        "digits": question.digits,
        "tidy": question.tidy,
    }


def _written(point: Mapping[str, Coordinate]) -> dict[str, Any]:
    """Each coordinate as a tree, or as a double in hexadecimal."""
    return {name: c.value.hex() if c.exact is None else to_postorder(c.exact) for name, c in point.items()}


def _doubles(point: Mapping[str, Coordinate]) -> dict[str, str]:
    return {name: c.value.hex() for name, c in point.items()}


def _exact(point: Mapping[str, Coordinate]) -> dict[str, Any] | None:
    """The point for the exact values; none where a coordinate is a double that has no short fraction."""
    exact = {name: to_postorder(c.exact) for name, c in point.items() if c.exact is not None}
    return exact if len(exact) == len(point) else None


def solve(
    root: Node,
    variable: str,
    fixed: Mapping[str, Node] | None = None,
    timeout: float = TIMEOUT,
    client: Client | None = None,
) -> tuple[Node, ...] | None:
    """The real zeros of an expression in one variable, the others being ``fixed``; ``None`` where SymPy does not know them.

    >>> from calcgrad.expression.nodes import Name, Number
    >>> solve(Call("sub", (Call("mul", (Name("x"), Name("x"))), Number(4))), "x")
    (2 neg/1, 2)
    """
    message = {
        "do": "solve",
        "root": to_postorder(root),
        "variable": variable,
        "fixed": {name: to_postorder(node) for name, node in (fixed or {}).items()},
    }
    reply = (client or shared()).request(message, timeout)
    if reply["status"] != "ok" or reply.get("roots") is None:
        return None
    return tuple([from_postorder(flat) for flat in reply["roots"]])


def _pairs(found: Any) -> tuple[tuple[Node, Node], ...]:
    return tuple([(from_postorder(a), from_postorder(b)) for a, b in found or ()])


def _tree(flat: Any) -> Node | None:
    return from_postorder(flat) if flat else None


def _answer(question: Question, reply: dict[str, Any]) -> SymbolicAnswer:
    """The reply as values. What is missing, because the time was up or SymPy failed, says so in its place."""
    status, note = reply["status"], reply["note"]
    root = question.root
    vector = isinstance(root, Call) and root.op == "vector"
    outputs: list[int | None] = list(range(len(root.args))) if vector else [None]
    entries = [(output, tuple(wrt)) for output in outputs for wrt in question.wrt]
    formulas = [
        Formula(
            output,
            wrt,
            f["status"],
            _tree(f.get("root")),
            f.get("text"),
            f.get("note"),
            _pairs(f.get("borders")),
        )
        for (output, wrt), f in zip(entries, reply.get("formulas", ()), strict=False)
    ]
    formulas += [Formula(output, wrt, status, note=note) for output, wrt in entries[len(formulas) :]]
    missing = Value(status, note=note)
    points = [
        AtPoint(
            _filled(p.get("values", ()), len(outputs), missing),
            _filled(p.get("derivatives", ()), len(entries), missing),
            tuple([_tree(flat) for flat in p.get("exact") or [None] * len(entries)]),
            _filled(p["doubles"], len(entries), missing) if p.get("doubles") is not None else None,
        )
        for p in reply.get("points", ())
    ]
    nothing = AtPoint((missing,) * len(outputs), (missing,) * len(entries), (None,) * len(entries))
    points += [nothing] * (len(question.points) - len(points))
    return SymbolicAnswer(status, note, tuple(formulas), tuple(points), reply.get("seconds", 0.0))


def _filled(found: Iterable[Any], count: int, missing: Value) -> tuple[Value, ...]:
    values = [Value(*v) for v in found]
    return (*values, *[missing] * (count - len(values)))
