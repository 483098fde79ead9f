"""An expression of arrays written out in numbers: ``norm(x)`` becomes ``sqrt(x[0]^2 + x[1]^2)``.

Every entry of an array variable becomes a variable with a name of its own, ``x[0]`` or ``A[1,2]``, and every
operation on arrays the operations on numbers that define it, so that a system of formulas, which knows no
arrays, can read it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from calcgrad.errors import LimitError, Span
from calcgrad.expression.nodes import NOWHERE, Call, Name, Node, Number, postorder
from calcgrad.functions.shapes import infer
from calcgrad.operations import COMPOSITES, OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.operations.shape_rules import result_shape
from calcgrad.operations.shapes import Shape, broadcast, shape_of

#: Nodes of the written-out expression, counted as a tree.
MOST_NODES = 10_000

#: A node, or a NumPy array of nodes.
Entries: TypeAlias = Any


def scalar_name(name: str, index: tuple[int, ...]) -> str:
    """The name of one entry of an array variable.

    >>> scalar_name("A", (1, 2))
    'A[1,2]'
    """
    return f"{name}[{','.join(map(str, index))}]"


def scalarise(root: Node, shapes: Mapping[str, Shape]) -> Node:
    """The expression in numbers alone; a value that is an array becomes a ``vector``, of vectors where it has
    more axes.

    ``shapes`` are those of the array variables. Raises ``LimitError`` (E422) where more than ``MOST_NODES``
    nodes are needed, and ``UsageError`` where shapes do not fit.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> scalarise(parse("norm(x)", VOCABULARY).root, {"x": (2,)})
    x[0] 2 pow/2 x[1] 2 pow/2 add/2 sqrt/1
    """
    infer(root, shapes)
    writer = EntryWriter()
    variables = {name: _variable(name, shape) for name, shape in shapes.items()}
    return writer.listed(writer.written_out(root, variables))


def _variable(name: str, shape: Shape) -> Entries:
    import numpy

    entries = numpy.empty(shape, object)
    for index in numpy.ndindex(shape):
        entries[index] = Name(scalar_name(name, index))
    return entries


class EntryWriter:
    """Makes nodes and counts them; ``_sizes`` is the size of each node as a tree, by its id."""

    def __init__(self) -> None:
        self._sizes: dict[int, int] = {}
        self._made: list[Node] = []
        self._where = NOWHERE

    def written_out(self, root: Node, names: Mapping[str, Entries], where: Span | None = None) -> Entries:
        """The entries of an expression, given those of its variables; ``where`` is the place of a
        composite.
        """
        stack: list[Entries] = []
        for node in postorder(root):
            if isinstance(node, Call):
                cut = len(stack) - len(node.args)
                args = stack[cut:]
                del stack[cut:]
                stack.append(self._applied(node, args, where or node.span))
            else:
                stack.append(names.get(node.name, node) if isinstance(node, Name) else node)
        return stack[-1]

    def _applied(self, node: Call, args: list[Entries], where: Span) -> Entries:
        composite = COMPOSITES.get(node.op)
        if composite is not None:
            return self.written_out(
                parsed(composite.definition), dict(zip(ARGUMENTS, args, strict=False)), where
            )
        self._where = where
        if isinstance(OPERATIONS[node.op], Elementwise):
            return self.entrywise(node.op, args, node.params)
        return RULES[node.op](self, *args, *node.params)

    def call(self, op: str, *args: Node, params: tuple[Any, ...] = ()) -> Node:
        """One operation on numbers. Raises ``LimitError`` where the tree, or the count of trees, grows
        too large.
        """
        node = Call(op, args, params, self._where)
        size = 1 + sum(self._sizes.get(id(a), 1) for a in args)
        self._sizes[id(node)] = size
        self._made.append(node)
        if max(size, len(self._made)) > MOST_NODES:
            raise LimitError.of(
                "E422",
                f"written out in numbers, the expression has more than {MOST_NODES} nodes",
                self._where,
                "this one grows too large",
                ("take fewer entries",),
            )
        return node

    def entrywise(self, op: str, args: list[Entries], params: tuple[Any, ...] = ()) -> Entries:
        """An elementwise operation."""
        shape = broadcast(*map(shape_of, args))
        if not shape:
            return self.call(op, *map(_node, args), params=params)
        import numpy

        spread: list[Any] = [numpy.broadcast_to(_boxed(a), shape) for a in args]
        out = numpy.empty(shape, object)
        for index in numpy.ndindex(shape):
            out[index] = self.call(op, *[a[index] for a in spread], params=params)
        return out

    def folded(self, op: str, entries: list[Node], empty: int = 0) -> Node:
        """The entries joined by an operation of two, from the left."""
        if not entries:
            return Number(empty)
        total = entries[0]
        for entry in entries[1:]:
            total = self.call(op, total, entry)
        return total

    def listed(self, entries: Entries) -> Node:
        """An array as a ``vector`` of vectors; a node as it is."""
        shape = shape_of(entries)
        if not shape:
            return _node(entries)
        rows: list[Node] = entries.ravel().tolist()
        for axis in range(len(shape) - 1, -1, -1):
            width, count = shape[axis], _product(shape[:axis])
            rows = [self.call("vector", *rows[i * width : (i + 1) * width]) for i in range(count)]
        return rows[0]


def _product(shape: Shape) -> int:
    count = 1
    for n in shape:
        count *= n
    return count


def _node(entries: Entries) -> Node:
    node: Node = entries.item() if hasattr(entries, "item") else entries
    return node


def _boxed(entries: Entries) -> Any:
    """A node as an array without axes."""
    if shape_of(entries):
        return entries
    import numpy

    box = numpy.empty((), object)
    box[()] = _node(entries)
    return box


def _flat(entries: Entries) -> list[Node]:
    nodes: list[Node] = _boxed(entries).ravel().tolist()
    return nodes


def _sum(writer: EntryWriter, a: Entries) -> Node:
    return writer.folded("add", _flat(a))


def _prod(writer: EntryWriter, a: Entries) -> Node:
    return writer.folded("mul", _flat(a), empty=1)


def _norm(writer: EntryWriter, a: Entries) -> Node:
    entries = _flat(a)
    if len(entries) == 1:
        return writer.call("abs", entries[0])
    squares = [writer.call("pow", e, Number(2)) for e in entries]
    return writer.call("sqrt", writer.folded("add", squares))


def _exponentials(writer: EntryWriter, a: Entries) -> Node:
    return writer.folded("add", [writer.call("exp", e) for e in _flat(a)])


def _logsumexp(writer: EntryWriter, a: Entries) -> Node:
    return writer.call("log", _exponentials(writer, a))


def _softmax(writer: EntryWriter, a: Entries) -> Entries:
    return writer.entrywise("div", [writer.entrywise("exp", [a]), _exponentials(writer, a)])


def _vector(writer: EntryWriter, *rows: Entries) -> Entries:
    import numpy

    out = numpy.empty((len(rows), *shape_of(rows[0])), object)
    for i, row in enumerate(rows):
        out[i] = row
    return out


def _getitem(writer: EntryWriter, a: Entries, *index: Any) -> Entries:
    return a[tuple(e if isinstance(e, int) else slice(*e[1:]) for e in index)]


def _matmul(writer: EntryWriter, a: Entries, b: Entries) -> Entries:
    import numpy

    rows = a.reshape(1, -1) if a.ndim == 1 else a
    columns = b.reshape(-1, 1) if b.ndim == 1 else b
    batch = broadcast(rows.shape[:-2], columns.shape[:-2])
    rows = numpy.broadcast_to(rows, (*batch, *rows.shape[-2:]))
    columns = numpy.broadcast_to(columns, (*batch, *columns.shape[-2:]))
    out = numpy.empty((*batch, rows.shape[-2], columns.shape[-1]), object)
    for *head, i, k in numpy.ndindex(out.shape):
        pairs = zip(rows[(*head, i)], columns[(*head, slice(None), k)], strict=True)
        out[(*head, i, k)] = writer.folded("add", [writer.call("mul", x, y) for x, y in pairs])
    shape = result_shape("matmul", [a.shape, b.shape])
    return out.reshape(shape) if shape else out.item()


#: How each operation on arrays is written out.
RULES: dict[str, Callable[..., Entries]] = {
    "sum": _sum,
    "prod": _prod,
    "amax": lambda writer, a: writer.folded("maximum", _flat(a)),
    "amin": lambda writer, a: writer.folded("minimum", _flat(a)),
    "norm": _norm,
    "logsumexp": _logsumexp,
    "softmax": _softmax,
    "size": lambda writer, a: Number(len(_flat(a))),
    "vector": _vector,
    "getitem": _getitem,
    "matmul": _matmul,
    "transpose": lambda writer, a: a.T if shape_of(a) else a,
}


def written_out(op: str) -> bool:
    """Whether an operation on arrays can be written out in numbers.

    >>> written_out("logsumexp"), written_out("fft")
    (True, False)
    """
    return op in RULES
