"""The nodes of an expression: ``Number``, ``Constant``, ``Name`` and ``Call``.

Nodes are immutable values. Two are equal when they have the same shape and leaves; the place they came from (``span``)
does not count. A tree may be 100,000 levels deep, so nothing here recurses: hashes are made bottom up when a node is
made, equality, printing and pickling walk with a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeAlias

from calcgrad.errors import Span

NOWHERE = Span(0, 0)


class Node:
    """The base of the four kinds of node; ``args`` is empty for a leaf."""

    __slots__ = ("_hash", "span")
    _hash: int
    span: Span
    args: tuple[Node, ...] = ()

    def leaf_key(self) -> tuple[Any, ...]:
        """What distinguishes this node from others with the same children."""
        raise TypeError("Node is abstract")

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Node):
            return NotImplemented
        if self._hash != other._hash:
            return False
        pairs: list[tuple[Node, Node]] = [(self, other)]
        while pairs:
            a, b = pairs.pop()
            if a is b:
                continue
            if a._hash != b._hash or a.leaf_key() != b.leaf_key() or len(a.args) != len(b.args):
                return False
            pairs.extend(zip(a.args, b.args, strict=True))
        return True

    def __repr__(self) -> str:
        return " ".join(_spell(node) for node in postorder(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return from_postorder, (to_postorder(self),)


class Number(Node):
    """A number as it was written: an exact fraction whose decimal expansion ends.

    >>> Number(Fraction(1, 10)), Number(2) == Number(Fraction(2))
    (0.1, True)
    """

    __slots__ = ("value",)

    def __init__(self, value: Fraction | int, span: Span = NOWHERE) -> None:
        self.value = Fraction(value)
        self.span = span
        self._hash = hash((Number, self.value))

    def leaf_key(self) -> tuple[Any, ...]:
        return (Number, self.value)


class Constant(Node):
    """A constant with a name: ``pi``, ``e``, ``tau``, ``inf`` (or ``true``, ``false`` of a comparison)."""

    __slots__ = ("name",)

    def __init__(self, name: str, span: Span = NOWHERE) -> None:
        self.name = name
        self.span = span
        self._hash = hash((Constant, name))

    def leaf_key(self) -> tuple[Any, ...]:
        return (Constant, self.name)


class Name(Node):
    """A variable."""

    __slots__ = ("name",)

    def __init__(self, name: str, span: Span = NOWHERE) -> None:
        self.name = name
        self.span = span
        self._hash = hash((Name, name))

    def leaf_key(self) -> tuple[Any, ...]:
        return (Name, self.name)


class Call(Node):
    """An operation of the table applied to arguments; infix operators too (``x + y`` is ``add``).

    ``params`` are fixed when the call is made and never differentiated: an index, say, which is a tuple whose elements
    are whole numbers or slices ``("slice", start, stop, step)`` with ``None`` where nothing was written.

    >>> Call("add", (Name("x"), Number(1)))
    x 1 add/2
    """

    __slots__ = ("args", "op", "params")
    args: tuple[Node, ...]

    def __init__(
        self, op: str, args: tuple[Node, ...], params: tuple[Any, ...] = (), span: Span = NOWHERE
    ) -> None:
        self.op = op
        self.args = args
        self.params = params
        self.span = span
        if len(args) == 2:
            self._hash = hash((op, params, args[0]._hash, args[1]._hash))
        elif len(args) == 1:
            self._hash = hash((op, params, args[0]._hash))
        else:
            self._hash = hash((op, params, *[a._hash for a in args]))

    def leaf_key(self) -> tuple[Any, ...]:
        return (Call, self.op, self.params)


def _spell(node: Node) -> str:
    if isinstance(node, Number):
        return str(float(node.value)) if node.value.denominator != 1 else str(node.value)
    if isinstance(node, Call):
        return f"{node.op}/{len(node.args)}" + (str(list(node.params)) if node.params else "")
    assert isinstance(node, Name | Constant)
    return node.name


def postorder(root: Node) -> Iterator[Node]:
    """Every node of the tree, children before parents, left to right; a shared node comes each time it is used.

    >>> [n.op if isinstance(n, Call) else n.name for n in postorder(Call("mul", (Name("x"), Name("y"))))]
    ['x', 'y', 'mul']
    """
    backwards: list[Node] = []
    todo = [root]
    while todo:
        node = todo.pop()
        backwards.append(node)
        todo.extend(node.args)
    return reversed(backwards)


Flat: TypeAlias = list[tuple[Any, ...]]


def to_postorder(root: Node) -> Flat:
    """The tree as a flat list: ``("number", p, q)``, ``("constant", name)``, ``("name", name)``, ``("call", op, count, params)``.

    The form that pickles and that crosses to another process as JSON (numbers are strings there: p and q may be
    long).

    >>> to_postorder(Call("sin", (Name("x"),)))
    [('name', 'x'), ('call', 'sin', 1, ())]
    """
    flat: Flat = []
    for node in postorder(root):
        if isinstance(node, Number):
            flat.append(("number", str(node.value.numerator), str(node.value.denominator)))
        elif isinstance(node, Call):
            flat.append(("call", node.op, len(node.args), node.params))
        elif isinstance(node, Name):
            flat.append(("name", node.name))
        else:
            assert isinstance(node, Constant)
            flat.append(("constant", node.name))
    return flat


def _tuples(value: Any) -> Any:
    """JSON's lists as the tuples that they were."""
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value


def from_postorder(flat: Flat) -> Node:
    """The tree of a flat list; the inverse of :func:`to_postorder`, up to spans.

    >>> from_postorder([("name", "x"), ("call", "sin", 1, ())])
    x sin/1
    """
    stack: list[Node] = []
    for entry in flat:
        kind = entry[0]
        if kind == "number":
            stack.append(Number(Fraction(int(entry[1]), int(entry[2]))))
        elif kind == "constant":
            stack.append(Constant(entry[1]))
        elif kind == "name":
            stack.append(Name(entry[1]))
        else:
            cut = len(stack) - entry[2]
            args = tuple(stack[cut:])
            del stack[cut:]
            stack.append(Call(entry[1], args, _tuples(entry[3])))
    (root,) = stack
    return root
