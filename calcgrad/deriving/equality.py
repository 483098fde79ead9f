"""Whether two expressions are the same function, proved by bringing their difference to 0: never by values at points.

Functions are written by few (``tan`` by sine and cosine, logarithms of any base by the natural one), sums are brought over one
denominator and multiplied out, and of ``sin(u)^2 + cos(u)^2`` one square is left. What comes to 0 is 0; the rest is not decided.
"""

from __future__ import annotations

from calcgrad.deriving.building import each_once, put_in, scheme
from calcgrad.deriving.choosing import expanded, together, with_square
from calcgrad.deriving.forms import Algebra, Form
from calcgrad.deriving.reading import Reader
from calcgrad.deriving.writing import Style, Writer
from calcgrad.expression.nodes import Call, Node
from calcgrad.operations import OPERATIONS

#: How functions are written by few others, where their rows do not say it.
WRITTEN = {
    "tan": "sin(a)/cos(a)",
    "cot": "cos(a)/sin(a)",
    "sec": "1/cos(a)",
    "csc": "1/sin(a)",
    "tanh": "sinh(a)/cosh(a)",
    "coth": "cosh(a)/sinh(a)",
    "sech": "1/cosh(a)",
    "csch": "1/sinh(a)",
    "logb": "log(a)/log(b)",
}
_SQUARES = (("sin", "cos", 1, -1), ("sinh", "cosh", -1, 1))
_MOST_TERMS = 200
_MOST_NODES = 400


def proved_equal(a: Node, b: Node) -> bool:
    """Whether the difference comes to 0 by rewriting; ``False`` says nothing.

    >>> one, other, third = [scheme(t) for t in ("2*tan(x)/cos(x)^2", "2*sin(x)/cos(x)^3", "(x + 1)^2 - 2*x")]
    >>> proved_equal(one, other), proved_equal(third, scheme("x^2 + 1")), proved_equal(third, one)
    (True, True, False)
    """
    difference = written(Call("sub", (a, b)))
    if len(each_once(difference)) > _MOST_NODES:
        return False
    algebra = Algebra()
    form: Form | None = Reader(algebra, Writer(Style()), []).read(difference)
    for _ in range(6):
        if form is None or not form.terms:
            return form is not None
        before = form
        form = expanded(algebra, form, _MOST_TERMS)
        for square in _SQUARES:
            changed = with_square(algebra, form, *square) if form is not None else None
            form = changed or form
        over = together(algebra, form, _MOST_TERMS) if form is not None else None
        form = over or form
        if form is before:
            return False
    return False


def written(root: Node) -> Node:
    """An expression with its functions written by few."""
    done: dict[int, Node] = {}
    for node in each_once(root):
        if not isinstance(node, Call):
            done[id(node)] = node
            continue
        args = tuple([done[id(arg)] for arg in node.args])
        text = WRITTEN.get(node.op) or getattr(OPERATIONS.get(node.op), "formula", "")
        letters = dict(zip(("a", "b"), args, strict=False))
        new = put_in(scheme(text), letters) if text else Call(node.op, args, node.params)
        assert new is not None
        done[id(node)] = new
    return done[id(root)]
