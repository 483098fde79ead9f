"""Expressions put together: walks over shared nodes, exact numbers, and the schemes of rules with their letters put in."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from operator import attrgetter

from calcgrad.expression import parse
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.operations import VOCABULARY

#: The letters of schemes, and those of the table's own expressions.
LETTERS = ("u", "v", "w", "du", "dv", "dw", "c", "n", "q", "p", "f", "g", "h", "k", "y", "a", "b", "x", "t")
ZERO, ONE = Number(0), Number(1)
_LARGEST_POWER = 1000


@cache
def scheme(text: str) -> Node:
    """A rule's scheme, or an expression of the table, as a tree; parsed when first used."""
    return parse(text, VOCABULARY, declared=LETTERS).root


def each_once(root: Node, children: Callable[[Node], tuple[Node, ...]] = attrgetter("args")) -> list[Node]:
    """The nodes of an expression, children before parents, a shared node once: its size, not that of the tree written out."""
    seen: set[int] = set()
    order: list[Node] = []
    todo: list[Node | None] = [root]  # a node before None is one whose children came after it, and are done
    while todo:
        node = todo.pop()
        if node is None:
            done = todo.pop()
            assert done is not None
            order.append(done)
        elif id(node) not in seen:
            seen.add(id(node))
            below = children(node)
            if below:
                todo += (node, None)
                todo += below[::-1]
            else:
                order.append(node)
    return order


def has_more_than(most: int, roots: Iterable[Node]) -> bool:
    """Whether expressions have more nodes than so many, those that are shared within one counted once: it stops at the first more.

    >>> [has_more_than(most, [scheme("2*(x + x)")]) for most in (4, 5)]
    [True, False]
    """
    count = 0
    for root in roots:
        seen: set[int] = set()
        todo = [root]
        while todo:
            node = todo.pop()
            if id(node) not in seen:
                seen.add(id(node))
                if count + len(seen) > most:
                    return True
                todo += node.args
        count += len(seen)
    return False


def varying(nodes: list[Node], variable: str) -> set[int]:
    """The ids of the nodes in which the variable occurs; ``nodes`` are in postorder."""
    found: set[int] = set()
    for node in nodes:
        if isinstance(node, Name):
            if node.name == variable:
                found.add(id(node))
        elif any(id(arg) in found for arg in node.args):
            found.add(id(node))
    return found


def number(value: Fraction | int) -> Node:
    """The node of an exact number: a fraction is a quotient, a negative an opposite.

    >>> number(Fraction(-1, 3))
    1 3 div/2 neg/1
    """
    value = Fraction(value)
    if value < 0:
        return Call("neg", (number(-value),))
    if value.denominator == 1:
        return Number(value)
    return Call("div", (Number(value.numerator), Number(value.denominator)))


def rational(node: Node) -> Fraction | None:
    """The exact value of an expression of numbers alone; ``None`` for any other, or where it is large or undefined.

    >>> rational(scheme("-1/3")), rational(scheme("2^(1/2)"))
    (Fraction(-1, 3), None)
    """
    stack: list[Fraction] = []
    for part in _short_postorder(node):
        if isinstance(part, Number):
            stack.append(part.value)
            continue
        if not isinstance(part, Call) or part.op not in _EXACT:
            return None
        cut = len(stack) - len(part.args)
        value = exact(part.op, stack[cut:])
        if value is None:
            return None
        stack[cut:] = [value]
    return stack[-1] if stack else None


def _short_postorder(node: Node) -> Iterator[Node]:
    """The nodes of a constant; none at all where the tree is long, or has a leaf that is no number."""
    found: list[Node] = []
    todo = [node]
    while todo:
        part = todo.pop()
        if len(found) > 40 or not (
            isinstance(part, Number) or (isinstance(part, Call) and part.op in _EXACT)
        ):
            return iter(())
        found.append(part)
        todo.extend(part.args)
    return reversed(found)


_EXACT = frozenset({"add", "sub", "mul", "div", "neg", "pow"})


def exact(op: str, values: list[Fraction]) -> Fraction | None:
    """Arithmetic on exact numbers; ``None`` for a division by zero, and for a power that is not rational or is large."""
    if op == "neg":
        return -values[0]
    a, b = values
    if op == "add":
        return a + b
    if op == "sub":
        return a - b
    if op == "mul":
        return a * b
    if op == "div":
        return a / b if b else None
    if b.denominator != 1 or abs(b) > _LARGEST_POWER or (a == 0 and b < 0):
        return None
    bits = max(a.numerator.bit_length(), a.denominator.bit_length()) * abs(b.numerator)
    return a ** int(b) if bits < 4000 else None


def put_in(template: Node, letters: Mapping[str, Node | None]) -> Node | None:
    """A scheme with nodes for its letters; ``None``, for a letter or as the answer, is a zero by structure.

    Products with such a zero vanish whatever the other factor is, and with ``1`` they are the other factor: the rules
    read so, nothing else is tidied here.

    >>> put_in(scheme("du*v + u*dv"), {"u": Name("k"), "v": Name("x"), "du": None, "dv": Number(1)})
    k
    """
    done: dict[int, Node | None] = {}
    for part in each_once(template):
        if isinstance(part, Name):
            done[id(part)] = letters.get(part.name, part)
        elif isinstance(part, Call):
            done[id(part)] = joined(part.op, [done[id(arg)] for arg in part.args])
        else:
            done[id(part)] = None if part == ZERO else part
    return done[id(template)]


def joined(op: str, args: list[Node | None]) -> Node | None:
    """One operation on nodes of which some may be zeros by structure."""
    if op in _JOINING:
        a = args[0]
        b = args[1] if len(args) > 1 else None
        if op in ("add", "sub"):
            if a is None or b is None:
                return a if b is None else (b if op == "add" else joined("neg", [b]))
        elif op == "mul":
            if a is None or b is None:
                return None
            if ONE in (a, b):
                return b if a == ONE else a
        elif op in ("div", "neg") and a is None:
            return None
        elif op == "div" and b == ONE:
            return a
        if op == "sub" and isinstance(a, Call | Number) and isinstance(b, Number):
            value = rational(a)
            if value is not None:
                return number(value - b.value)
        if op == "pow" and b == ONE:
            return a
        if op == "where":
            u, v = args[1:]
            known = _decided(a)
            if known is not None:
                return u if known else v
            return None if u is None and v is None else Call(op, (_whole(a), _whole(u), _whole(v)))
    return Call(op, tuple([_whole(arg) for arg in args]))


_COMPARED: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "equal": operator.eq,
    "not_equal": operator.ne,
    "less": operator.lt,
    "less_equal": operator.le,
    "greater": operator.gt,
    "greater_equal": operator.ge,
}


def _decided(condition: Node | None) -> bool | None:
    """Whether a comparison of exact numbers holds: the degree of a polynomial, put in for a letter; ``None`` of any other."""
    if not isinstance(condition, Call) or condition.op not in _COMPARED:
        return None
    left, right = (rational(side) for side in condition.args)
    return None if left is None or right is None else _COMPARED[condition.op](left, right)


_JOINING = frozenset({"add", "sub", "mul", "div", "neg", "pow", "where"})


def _whole(node: Node | None) -> Node:
    return ZERO if node is None else node
