"""A function at a point, with every number exact: what a truth is the truth of.

There are two readings of a text. *As written* its decimals, and those of the point, are the fractions that stand there: 0.1 is
one tenth. *At the doubles* each of them is the double nearest to it, which is what every method gets to work with. Both are
values of one type, so that whatever finds a truth, or a verdict, finds it for either in the same way. A function that is no
text has the second reading alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from calcgrad.autodiff.tape import Tape
from calcgrad.errors import CalcgradError
from calcgrad.expression.nodes import Call, Node, Number, postorder
from calcgrad.functions.expression import Expression


@dataclass(frozen=True, slots=True)
class ExactFunction:
    """A function whose numbers are exact, and a point: a constant expression, or a double, for each coordinate."""

    function: Expression
    point: tuple[float | Node, ...]

    @property
    def tape(self) -> Tape:
        """The tape of the function in numbers alone. Raises ``CalcgradError`` where it grows too large."""
        return self.function.in_numbers.tape

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The point in constant expressions alone."""
        return tuple([x if isinstance(x, Node) else double_node(x) for x in self.point])


def rounded(function: Expression) -> Expression:
    """The function with the nearest double in the place of each of its numbers; itself where that changes none.

    Of a Python function the formula in numbers is taken, whose decimals stand for its doubles; where it has none, itself.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("0.1*x + 2", VOCABULARY).root, ["x"])
    >>> [n.value for n in postorder(rounded(f).root) if isinstance(n, Number)] == [Fraction(0.1), 2]
    True
    """
    plain = function
    if not function.of_text:
        try:
            plain = function.in_numbers if function.arrays else Expression(function.root, function.variables)
        except CalcgradError:
            return function
    root = mapped(plain.root, nearest_double)
    return plain if root is plain.root else Expression(root, plain.variables, plain.shapes)


def double_node(value: float) -> Node:
    """A double as the exact number that it is."""
    size = Number(Fraction(abs(value)))
    return Call("neg", (size,)) if value < 0 else size


def nearest_double(number: Number) -> Number:
    """The double nearest to a number, exactly; a number beyond the doubles stays as it is."""
    if number.value.denominator == 1 and abs(number.value.numerator) <= _WHOLE:
        return number
    try:
        value = Fraction(float(number.value))
    except OverflowError:
        return number
    return number if value == number.value else Number(value, number.span)


def shortest(number: Number) -> Number:
    """Of a number that is a double, the shortest decimal that is read as that double: what a reader wants to see of it.

    >>> shortest(Number(Fraction(0.1))), shortest(Number(Fraction(1, 10**30)))
    (0.1, 1e-30)
    """
    value = number.value
    if value.denominator.bit_length() <= _SHORT and value.numerator.bit_length() <= _SHORT:
        return number
    try:
        double = float(value)
    except OverflowError:
        return number
    if Fraction(double) != value:
        return number
    short = Fraction(repr(double))
    return number if short == value else Number(short, number.span)


#: Whole numbers up to this are doubles.
_WHOLE = 2**53
#: Bits of a numerator and a denominator that need no shortening: such a decimal is short itself.
_SHORT = 16


def shown(root: Node) -> Node:
    """An expression with its doubles written short, to be read by people."""
    return mapped(root, shortest)


def mapped(root: Node, change: Callable[[Number], Number]) -> Node:
    """An expression with its numbers changed; the very same where none is."""
    stack: list[Node] = []
    for node in postorder(root):
        if isinstance(node, Call):
            cut = len(stack) - len(node.args)
            args = tuple(stack[cut:])
            same = all(new is old for new, old in zip(args, node.args, strict=True))
            stack[cut:] = [node if same else Call(node.op, args, node.params, node.span)]
        else:
            stack.append(change(node) if isinstance(node, Number) else node)
    return stack[0]
