"""Derivatives that take several lines: by the logarithm of both sides, and of an inverse function by what it undoes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from calcgrad.deriving.building import put_in, scheme
from calcgrad.deriving.differentiating import partial
from calcgrad.deriving.known import UNDONE
from calcgrad.deriving.letters import Letters, prime
from calcgrad.deriving.lines import Line
from calcgrad.deriving.one_rule import spelled
from calcgrad.deriving.writing import flat
from calcgrad.expression.nodes import Call, Name


def by_logarithm(letters: Letters, line: Line) -> Iterator[Line]:
    """Logarithmic differentiation in three lines; ``line`` is the last of them."""
    node = line.node
    assert isinstance(node, Call)
    shown = [letters.shown(arg, []) for arg in node.args]
    dv, du = (letters.derivative(node.args[k], shown[k]) for k in (1, 0))
    pieces = {"u": shown[0], "v": shown[1], "du": du, "dv": dv}
    logarithm = put_in(scheme("v*log(u)"), pieces)
    sides = put_in(scheme("dv*log(u) + v*du/u"), pieces)
    assert logarithm is not None
    assert sides is not None
    itself = Name(line.of)
    yield replace(line, left=Call("log", (itself,)), right=logarithm)
    line = replace(line, parts=())
    quotient = Call("div", (Name(prime(line.of)), itself))
    because = ("both sides differentiated",)
    yield replace(line, because=because, left=quotient, right=sides, rule="chain rule, product rule")
    yield replace(line, because=("times ", itself), rule="")


def by_inverse(letters: Letters, line: Line) -> Iterator[Line]:
    """The derivative of an inverse function from that of the function; ``line`` is the last of four."""
    node = line.node
    assert isinstance(node, Call)
    itself, inner = Name(line.of), letters.shown(node.args[0], [])
    undone = Call(UNDONE[node.op], (itself,))
    slope = partial(undone, 0)
    right = letters.derivative(node.args[0], inner)
    assert slope is not None
    assert right is not None
    yield replace(line, left=undone, right=flat(inner), rule="inverse function")
    line = replace(line, parts=())
    product = flat(Call("mul", (slope, Name(prime(line.of)))))
    because = ("both sides differentiated",)
    yield replace(line, because=because, left=product, right=flat(right), rule="chain rule")
    yield replace(line, because=("divided by ", slope), right=flat(Call("div", (right, slope))), rule="")
    with_ = ("with ", undone, " = ", inner)
    yield replace(line, because=with_, right=flat(line.right), rule=f"derivative of {spelled(node)}")
