"""A form as an expression again, in the order in which people write: numbers, powers, functions, sums; positive terms first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from calcgrad.deriving.building import each_once
from calcgrad.deriving.forms import Exponent, Form, Kernel, Mono
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number

_HALF = Fraction(1, 2)
_ONE = Number(1)


@dataclass(frozen=True, slots=True)
class Style:
    """How the function that was given is written: ``e^x`` or ``exp(x)``, decimals or fractions; and the order of its names."""

    powers_of_e: bool = False
    decimals: bool = False
    order: Mapping[str, int] = field(default_factory=dict)


class Writer:
    """Writes each form and each kernel once; the parts of what is written were written before, so nothing recurses deeply."""

    def __init__(self, style: Style) -> None:
        self.style = style

    def node(self, form: Form) -> Node:
        """The expression of a form."""
        if form.node is None:
            form.node = self._sum(form)
        return form.node

    def _sum(self, form: Form) -> Node:
        if not form.terms:
            return Number(0)
        terms = list(form.terms)
        first = next((k for k, (_, c) in enumerate(terms) if c > 0), 0)
        if first:
            terms.insert(0, terms.pop(first))
        total: Node | None = None
        for mono, coefficient in terms:
            if total is None:
                total = self.term(mono, coefficient)
            elif coefficient < 0:
                total = Call("sub", (total, self.term(mono, -coefficient)))
            else:
                total = Call("add", (total, self.term(mono, coefficient)))
        assert total is not None
        return total

    def term(self, mono: Mono, coefficient: Fraction) -> Node:
        """A coefficient and its factors: those with negative exponents below the line."""
        size = abs(coefficient)
        above: list[Node] = []
        below: list[Node] = []
        pairs = sorted(mono, key=self._place) if len(mono) > 1 else mono
        negative = coefficient < 0
        if negative and (flipped := self._flipped(pairs)) is not None:
            pairs, negative = flipped, False
        for kernel, exponent in pairs:
            if isinstance(exponent, Fraction) and exponent < 0:
                below.append(self.power(kernel, -exponent))
            else:
                above.append(self.power(kernel, exponent))
        if self.style.decimals and size.denominator != 1 and _ends(size):
            numerator, denominator = size, 1
        else:
            numerator, denominator = Fraction(size.numerator), size.denominator
        if numerator != 1 or not above:
            above.insert(0, Number(numerator))
        if denominator != 1:
            below.insert(0, Number(denominator))
        if negative:
            above[0] = Call("neg", (above[0],))
        top = _product(above)
        return Call("div", (top, _product(below))) if below else top

    def _flipped(self, pairs: object) -> list[tuple[Kernel, Exponent]] | None:
        """The factors with one difference turned round, which takes a minus: ``-(1 - x)*y`` is ``(x - 1)*y``."""
        assert isinstance(pairs, list | tuple)
        for k, (kernel, exponent) in enumerate(pairs):
            if kernel.base is None or exponent not in (1, -1) or len(kernel.base.terms) != 2:
                continue
            (m1, c1), (m2, c2) = kernel.base.terms
            if (c1 < 0) != (c2 < 0):
                turned = Form(-1, ((m1, -c1), (m2, -c2)))
                other = Kernel(kernel.index, base=turned)
                return [*pairs[:k], (other, exponent), *pairs[k + 1 :]]
        return None

    def _place(self, pair: tuple[Kernel, Exponent]) -> tuple[int, int, int]:
        """Where a factor stands in a product."""
        kernel, exponent = pair
        leaf = kernel.leaf
        if isinstance(leaf, Number):
            return 0, 0, kernel.index
        if isinstance(leaf, Constant) and kernel.leaf is not None and isinstance(exponent, Fraction):
            return 1, 0, kernel.index
        if isinstance(leaf, Name):
            rooted = isinstance(exponent, Fraction) and exponent.denominator != 1
            symbolic = not isinstance(exponent, Fraction)
            return 2 + rooted + 2 * symbolic, self.style.order.get(leaf.name, 0), kernel.index
        if leaf is not None:
            return 5, 0, kernel.index
        if kernel.base is not None:
            return 7, 0, kernel.index
        return (8 if kernel.op == "where" else 6), 0, kernel.index

    def power(self, kernel: Kernel, exponent: Exponent) -> Node:
        """A kernel to a power: roots by their names, ``exp`` as the function was written."""
        if (
            isinstance(kernel.leaf, Constant)
            and kernel.leaf.name == "e"
            and not self.style.powers_of_e
            and exponent != 1
        ):
            return Call("exp", (self._exponent(exponent),))
        base = self.kernel(kernel)
        if exponent == 1:
            return base
        if exponent == _HALF:
            return Call("sqrt", (base,))
        return Call("pow", (base, self._exponent(exponent)))

    def _exponent(self, exponent: Exponent) -> Node:
        if isinstance(exponent, Form):
            return self.node(exponent)
        return self.term((), exponent)

    def kernel(self, kernel: Kernel) -> Node:
        """A kernel by itself."""
        if kernel.node is None:
            if kernel.leaf is not None:
                kernel.node = self._leaf(kernel.leaf)
            elif kernel.base is not None:
                kernel.node = self.node(kernel.base)
            else:
                args = tuple([self.node(arg) for arg in kernel.args])
                kernel.node = Call(kernel.op, args, kernel.params)
        return kernel.node

    def _leaf(self, leaf: Node) -> Node:
        if isinstance(leaf, Number) and (leaf.value < 0 or leaf.value.denominator != 1):
            return self.term((), leaf.value)
        return leaf


def _product(factors: list[Node]) -> Node:
    product = factors[0] if factors else _ONE
    for factor in factors[1:]:
        product = Call("mul", (product, factor))
    return product


def flat(root: Node) -> Node:
    """The same expression as people write it down: no brackets in products of products and sums of sums, and ``c/b`` for
    ``1/b*c``; a minus goes before a quotient's numerator.

    >>> from calcgrad.expression import parse, to_text
    >>> from calcgrad.operations import VOCABULARY
    >>> to_text(flat(parse("a*(b*(c/d)) + (x - -(y/z)) + 1/b*c", VOCABULARY).root), VOCABULARY)
    'a*b*c/d + x - -y/z + c/b'
    """
    done: dict[int, Node] = {}
    for node in each_once(root):
        if not isinstance(node, Call):
            done[id(node)] = node
            continue
        args = tuple([done[id(arg)] for arg in node.args])
        same = all(a is b for a, b in zip(args, node.args, strict=True))
        done[id(node)] = _flat(node if same else Call(node.op, args, node.params, node.span))
    return done[id(root)]


_CHAINS = {"mul": ("mul", "div"), "add": ("add", "sub")}


def _flat(node: Call) -> Node:
    """One operation whose operands are flat."""
    if node.op == "neg" and isinstance(node.args[0], Call) and node.args[0].op == "div":
        above, below = node.args[0].args
        return Call("div", (Call("neg", (above,)), below))
    inner = _CHAINS.get(node.op)
    if inner is None:
        return node
    left, right = node.args
    if node.op == "mul":
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Call) and one.op == "div" and one.args[0] == _ONE:
                return Call("div", (other, one.args[1]))
    todo: list[tuple[str, Node]] = []
    while isinstance(right, Call) and right.op in inner:
        todo.append((right.op, right.args[1]))
        right = right.args[0]
    if not todo or sum(op == "div" for op, _ in todo) > 1:
        return node
    left = Call(node.op, (left, right))
    for op, operand in reversed(todo):
        left = Call(op, (left, operand))
    return left


def without_minus(node: Node) -> Node | None:
    """What begins with a minus, without it: ``2*x/y`` of ``-2*x/y``; ``None`` of anything else."""
    factors: list[tuple[str, Node]] = []
    while isinstance(node, Call) and node.op in ("mul", "div"):
        factors.append((node.op, node.args[1]))
        node = node.args[0]
    if not (isinstance(node, Call) and node.op == "neg"):
        return None
    positive = node.args[0]
    for op, factor in reversed(factors):
        positive = Call(op, (positive, factor))
    return positive


_TURNED = {"add": "sub", "sub": "add"}


def signed(root: Node) -> Node:
    """A flat expression with one sign between two terms: ``a - b`` for ``a + (-b)``.

    >>> from calcgrad.expression import parse, to_text
    >>> from calcgrad.operations import VOCABULARY
    >>> to_text(signed(parse("a + -2*b - -c/d", VOCABULARY).root), VOCABULARY)
    'a - 2*b + c/d'
    """
    done: dict[int, Node] = {}
    for node in each_once(root):
        if not isinstance(node, Call):
            done[id(node)] = node
            continue
        args = tuple([done[id(arg)] for arg in node.args])
        op = node.op
        if op in ("add", "sub", "neg") and (positive := without_minus(args[-1])) is not None:
            if op == "neg":
                done[id(node)] = positive
                continue
            op, args = _TURNED[op], (args[0], positive)
        same = op == node.op and all(a is b for a, b in zip(args, node.args, strict=True))
        done[id(node)] = node if same else Call(op, args, node.params, node.span)
    return done[id(root)]


def _ends(value: Fraction) -> bool:
    """Whether the decimal expansion ends, soon enough to be read."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1 and value.denominator < 10**8


#: How tightly what is printed holds together: 0 an atom, 1 a power, 2 a product, 3 a sum, 4 looser.
_LOOSENESS = {"pow": 1, "mul": 2, "div": 2, "neg": 2, "add": 3, "sub": 3}


class Sizes:
    """How many characters expressions take in print, each looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int, Node]] = {}

    def of(self, root: Node) -> int:
        """The characters of an expression, or very nearly."""
        todo = [root]
        known = self._known
        while todo:
            node = todo[-1]
            if id(node) in known:
                todo.pop()
                continue
            missing = [arg for arg in node.args if id(arg) not in known]
            if missing:
                todo.extend(missing)
                continue
            todo.pop()
            known[id(node)] = (*self._measured(node), node)
        return known[id(root)][0]

    def _measured(self, node: Node) -> tuple[int, int]:
        if isinstance(node, Number):
            text = str(node.value) if node.value.denominator == 1 else f"{float(node.value):g}"
            return len(text), 0
        if not isinstance(node, Call):
            assert isinstance(node, Name | Constant)
            return len(node.name), 0
        sizes = [self._known[id(arg)] for arg in node.args]
        level = _LOOSENESS.get(node.op)
        if level is None:
            name = len("ln") if node.op == "log" else len(node.op)
            return name + 2 * len(sizes) + sum(size for size, _, _ in sizes), 4 if len(sizes) == 2 and _infix(
                node.op
            ) else 0
        if level == 1:
            base, exponent = sizes
            return base[0] + 2 * (base[1] > 0) + exponent[0] + 2 * (exponent[1] > 1) + 1, 1
        if len(sizes) == 1:
            return 1 + sizes[0][0] + 2 * (sizes[0][1] > 2), 2
        (first, loose, _), (second, loose_too, _) = sizes
        brackets = 2 * (loose > level) + 2 * (
            loose_too > level or (loose_too == level and node.op in ("sub", "div", "mul"))
        )
        return first + second + brackets + (3 if level == 3 else 1), level


def _infix(op: str) -> bool:
    return op in (
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "equal",
        "not_equal",
        "logical_and",
        "logical_or",
        "mod",
    )
