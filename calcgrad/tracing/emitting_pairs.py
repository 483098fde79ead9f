"""The text of pullbacks of pairs: an adjoint ``d`` and its tangent ``e``, for products with the Hessian.

The adjoint of an argument is ``p*d`` for the partial ``p``, so its tangent is ``p*e + (the tangent of p)*d``. The tangent of a
partial is written from the table too: it is a sum of the partial's own partials, each times the tangent ``ta``, ``tb``, ``tc`` or
``ty`` of what it depends on. A tangent that is ``None`` is zero by structure, and its term is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy

from calcgrad.deriving.building import each_once, joined, put_in
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.tracing import emitting

_ZERO = Number(0)


def read(partials: Sequence[str | None]) -> frozenset[str]:
    """The letters that the partials of the traced arguments depend on: those whose tangents a pair's pullback reads.

    >>> sorted(read(["-y/b", None])), sorted(read(["1", "1"]))
    (['b', 'y'], [])
    """
    found: set[str] = set()
    for text in partials:
        if text is not None:
            root = parsed(text)
            names = {node.name for node in each_once(root) if isinstance(node, Name)}
            found.update(v for v in names if derived(root, v) is not None)
    return frozenset(found)


@cache
def derived(root: Node, letter: str) -> Node | None:
    """The derivative of a partial by one of its letters; ``None`` is a zero by structure. ``KeyError`` where the table has none.

    >>> derived(parsed("cos(a)"), "a"), derived(parsed("b"), "a")
    (a sin/1 neg/1, None)
    """
    done: dict[int, Node | None] = {}
    for node in each_once(root):
        found: Node | None = None
        if isinstance(node, Name):
            found = Number(1) if node.name == letter else None
        elif isinstance(node, Call) and node.op == "where":
            found = joined("where", [node.args[0], *[done[id(a)] for a in node.args[1:]]])
        elif isinstance(node, Call):
            for j, a in enumerate(node.args):
                inner = done[id(a)]
                if inner is not None:
                    term = _times(_partial(node, j), inner)
                    found = term if found is None else joined("add", [found, term])
        done[id(node)] = found
    return done[id(root)]


def _partial(node: Call, j: int) -> Node | None:
    row = OPERATIONS[node.op]
    text = row.partials[j] if isinstance(row, Elementwise) else None
    if text is None:
        raise KeyError(node.op)
    return put_in(parsed(text), {**dict(zip(ARGUMENTS, node.args, strict=False)), "y": node})


def _times(outer: Node | None, inner: Node) -> Node | None:
    """The product, taken into the branches of a choice, and above the line of a quotient: see ``systems.base``."""
    if isinstance(outer, Call) and outer.op == "where":
        condition, *branches = outer.args
        pieces = [None if b == _ZERO else _times(b, inner) for b in branches]
        return joined("where", [condition, *pieces])
    if isinstance(outer, Call) and outer.op == "div":
        return joined("div", [_times(outer.args[0], inner), outer.args[1]])
    return joined("mul", [outer, inner])


def _second_terms(op: str, partials: Sequence[str | None], j: int) -> list[tuple[str, Node]]:
    """For each letter that has a tangent, what the adjoint is multiplied with: the partial's own partial times that tangent."""
    arguments = ARGUMENTS[: len(partials)]
    value = Call(op, tuple(map(Name, arguments)))
    found = []
    for letter in ("y", *[v for v, text in zip(arguments, partials, strict=True) if text is not None]):
        slope = derived(parsed(partials[j] or "0"), letter)
        term = None if slope is None else _times(_with_name(slope, value), Name(f"t{letter}"))
        if term is not None:
            found.append((letter, term))
    return found


def _with_name(root: Node, value: Node) -> Node:
    """The expression with ``y`` for what is the operation's own value: nothing is computed twice."""
    done: dict[int, Node] = {}
    for node in each_once(root):
        made = Call(node.op, tuple([done[id(a)] for a in node.args])) if isinstance(node, Call) else node
        done[id(node)] = Name("y") if made == value else made
    return done[id(root)]


def scalar(op: str, partials: Sequence[str | None]) -> Callable[..., None]:
    """``pull(ds, es, d, e, step, tangents, k, needed)`` over floats; adjoints are made where they are needed."""
    names: dict[str, Any] = {}
    places = ", ".join(f"i{j}" if text is not None else "_" for j, text in enumerate(partials))
    lines = [
        "def pull(ds, es, d, e, step, tangents, k, needed):",
        f" _, {places}, {', '.join(ARGUMENTS[: len(partials)])}, y = step",
    ]
    for j in _live(partials):
        for letter, term in _second_terms(op, partials, j):
            lines += [f" t{letter} = tangents[{_slot(letter)}]", f" if t{letter} is not None:"]
            lines += _added("es", j, emitting.product(term, names))
        root = parsed(partials[j] or "0")
        lines += [" if e is not None:", *_added("es", j, emitting.product(root, names, "e"))]
        lines += [f" if needed[i{j}]:", *_added("ds", j, emitting.product(root, names))]
    exec(compile("\n".join([*lines, " return"]), f"<the pullback of pairs of {op}>", "exec"), names)
    made: Callable[..., None] = names["pull"]
    return made


def _live(partials: Sequence[str | None]) -> list[int]:
    return [j for j, text in enumerate(partials) if text is not None and parsed(text) != _ZERO]


def _slot(letter: str) -> str:
    return "k" if letter == "y" else f"i{ARGUMENTS.index(letter)}"


def _added(adjoints: str, j: int, term: str) -> list[str]:
    return [
        f"  t = {term}",
        "  if t is not None:",
        f"   before = {adjoints}[i{j}]",
        f"   {adjoints}[i{j}] = t if before is None else before + t",
    ]


def entrywise(op: str, partials: Sequence[str | None]) -> Callable[..., None]:
    """``pull(ds, owned, es, owned_es, d, e, mine, mine_e, step, tangents, k, needed)`` over arrays."""
    names: dict[str, Any] = {"numpy": numpy, **emitting.HELPERS}
    places = ", ".join(f"i{j}" if text is not None else "_" for j, text in enumerate(partials))
    live = _live(partials)
    lines = [
        "def pull(ds, owned, es, owned_es, d, e, mine, mine_e, step, tangents, k, needed):",
        f" _, _, ({places},), ({', '.join(ARGUMENTS[: len(partials)])},), _, y = step",
    ]
    for j in live:
        for letter, term in _second_terms(op, partials, j):
            lines += [f" t{letter} = tangents[{_slot(letter)}]", f" if t{letter} is not None:"]
            lines += _deposited(emitting.Arrays(names).product(term, False), "es", "owned_es", j)
    alone = True  # nobody has been handed the adjoints' own buffers yet
    for j in live:
        last = alone and j == live[-1]
        shared, d, e = _products(names, parsed(partials[j] or "0"), last)
        kept = last and len(live) == 1
        lines += shared
        lines += [
            f" if needed[i{j}]:",
            *_deposited(d, "ds", "owned", j, "mine and t is d" if kept else "False"),
        ]
        lines += [
            " if e is not None:",
            *_deposited(e, "es", "owned_es", j, "mine_e and t is e" if kept else "False"),
        ]
        alone = alone and d.fresh
    exec(
        compile("\n".join([*lines, " return"]), f"<the pullback of pairs of {op} over arrays>", "exec"), names
    )
    made: Callable[..., None] = names["pull"]
    return made


def _products(
    names: dict[str, Any], root: Node, last: bool
) -> tuple[list[str], emitting.Term, emitting.Term]:
    """A partial times the adjoint and times its tangent; a factor that both need is computed before, in lines of its own."""
    writer = emitting.Arrays(names)
    if not emitting.direct(root):
        factor = writer.text(root)
        if factor.fresh:
            d = "(into(numpy.multiply, d, p) if mine else d*p)" if last else "d*p"
            return (
                [f" p = {factor.text}"],
                emitting.Term(d, True),
                emitting.Term("into(numpy.multiply, p, e)", True),
            )
    return [], writer.product(root, last), emitting.Arrays(names, "e", "mine_e").product(root, last)


def _deposited(term: emitting.Term, adjoints: str, owned: str, j: int, keep: str = "False") -> list[str]:
    return [
        f"  t = {term.text}",
        "  if t is not None:",
        f"   deposit({adjoints}, {owned}, i{j}, fit(t, {ARGUMENTS[j]}), {'True' if term.fresh else keep})",
    ]
