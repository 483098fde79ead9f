"""The single changes of a source that people's mistakes are undone by: rows of a table, each a function of a place.

``KINDS`` are asked one after the other. What a row yields is plain: an operator, a number, a name, an axis, an index in place of
another, or something left out. Values that are put in (a factor, a term) are tried elsewhere, where they are known.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from calcgrad.checking.diagnosing.correcting.places import Place

#: What took another's place, plainest first; what was added and should go; what can only be guessed.
PLAIN, NUMBER, DROPPED, FAR = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Edit:
    """A change: what stands in the place's stead (statements for a statement), the cause it undoes, how far-fetched it is."""

    new: ast.expr | ast.stmt
    cause: str
    rank: int = PLAIN


@dataclass(frozen=True, slots=True)
class Scope:
    """What a definition can name: the keys that it uses, functions of its file that are called alike, counters of its loops."""

    keys: Sequence[str] = ()
    functions: Sequence[str] = ()
    counters: Sequence[str] = ()


Kind = Callable[[Place, Scope], Iterator[Edit]]


def edits_of(place: Place, scope: Scope) -> list[Edit]:
    """Every change of a place, the plainest first; of two that read the same, the first.

    >>> node = ast.parse("a - b", mode="eval").body
    >>> [(e.cause, ast.unparse(e.new)) for e in edits_of(Place(node, node, "value"), Scope())]
    [('sign', 'a + b'), ('sign', 'b - a'), ('missing-term', 'a'), ('missing-term', '-b'), ('missing-term', 'b')]
    """
    found: dict[str, Edit] = {}
    for kind in KINDS:
        for edit in kind(place, scope):
            found.setdefault(ast.unparse(edit.new), edit)
    return sorted(found.values(), key=lambda e: e.rank)


_OPERATORS: dict[type[ast.operator], tuple[ast.operator, str]] = {
    ast.Add: (ast.Sub(), "sign"),
    ast.Sub: (ast.Add(), "sign"),
    ast.Mult: (ast.Div(), "factor"),
    ast.Div: (ast.Mult(), "factor"),
}


def operators(place: Place, scope: Scope) -> Iterator[Edit]:
    """Plus for minus, times for divided by, the operands the other way round."""
    node = place.node
    if not isinstance(node, ast.BinOp):
        return
    index = place.role == "index"
    if type(node.op) in _OPERATORS:
        op, cause = _OPERATORS[type(node.op)]
        yield Edit(ast.BinOp(node.left, op, node.right), "off-by-one" if index else cause)
    if isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult)):
        causes = {ast.Sub: "sign", ast.Div: "factor", ast.MatMult: "transposed"}
        rank = NUMBER if isinstance(node.op, ast.MatMult) else PLAIN  # a transpose says the same more clearly
        yield Edit(ast.BinOp(node.right, node.op, node.left), causes[type(node.op)], rank)
    if isinstance(node.op, ast.MatMult):
        yield Edit(ast.BinOp(_turned(node.left), node.op, node.right), "transposed")
        yield Edit(ast.BinOp(node.left, node.op, _turned(node.right)), "transposed")


def operands(place: Place, scope: Scope) -> Iterator[Edit]:
    """One of two operands alone: the other is too much."""
    node = place.node
    if not isinstance(node, ast.BinOp):
        return
    if place.role == "index":
        yield Edit(node.left, "off-by-one")
        return
    if isinstance(node.op, (ast.Add, ast.Sub)):
        yield Edit(node.left, "missing-term", FAR if isinstance(node.left, ast.Constant) else DROPPED)
        right = node.right if isinstance(node.op, ast.Add) else ast.UnaryOp(ast.USub(), node.right)
        yield Edit(right, "missing-term", DROPPED)
        yield Edit(node.right, "missing-term", FAR)
    elif isinstance(node.op, (ast.Mult, ast.Div)):
        left = node.left
        if isinstance(left, ast.BinOp) and isinstance(left.op, ast.Mult):  # two factors of three
            yield Edit(left.left, "wrong-operand", FAR)
            yield Edit(left.right, "wrong-operand", FAR)
        yield Edit(node.left, _of_factor(node.right), DROPPED)
        if isinstance(node.op, ast.Mult):
            yield Edit(node.right, _of_factor(node.left), DROPPED)
    elif isinstance(node.op, ast.Pow):
        yield Edit(node.left, "factor", DROPPED)


def _of_factor(node: ast.expr) -> str:
    """The cause where a factor is too much: a number, or an array."""
    return "factor" if isinstance(node, (ast.Constant, ast.UnaryOp)) else "wrong-operand"


def signs(place: Place, scope: Scope) -> Iterator[Edit]:
    """``-a`` for ``a``, ``~mask`` for ``mask``."""
    node = place.node
    if isinstance(node, ast.UnaryOp) and place.role == "value" and not isinstance(node.op, ast.UAdd):
        yield Edit(node.operand, "sign" if isinstance(node.op, ast.USub) else "inverted-mask")


def numbers(place: Place, scope: Scope) -> Iterator[Edit]:
    """Another number: of an index one before or after, another axis, another exponent, twice or half of a factor."""
    node = place.node
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float, bool, type(None)):
        return
    v: Any = node.value
    role = place.role
    if role == "axis":
        yield from (Edit(ast.Constant(a), "wrong-axis") for a in (0, 1, -1, None, 2) if a is not v)
    elif isinstance(v, bool):
        yield Edit(ast.Constant(not v), "wrong-axis" if place.role == "value" else "wrong-operand")
    elif v is None:
        return
    elif role == "index":
        yield from (Edit(ast.Constant(v + by), "off-by-one") for by in (-1, 1))
    else:
        others = (v + 1, v - 1, -v, 2 * v, v / 2, v + 2)
        rank = PLAIN if role == "exponent" else NUMBER
        yield from (Edit(ast.Constant(o), "factor", rank) for o in dict.fromkeys(others) if o not in (v, 0))


def indices(place: Place, scope: Scope) -> Iterator[Edit]:
    """The entry before or after; another loop's; no index at all; two indices exchanged; not the other way round."""
    node = place.node
    if place.role == "index" and isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
        for op in (ast.Sub(), ast.Add()):
            yield Edit(ast.BinOp(node, op, ast.Constant(1)), "off-by-one")
    if isinstance(node, ast.Name) and place.role == "index" and node.id in scope.counters:
        others = [name for name in scope.counters if name != node.id]
        yield from (Edit(ast.Name(name, ast.Load()), "wrong-operand") for name in others)
    if isinstance(node, ast.Subscript) and place.role == "value":
        backwards = "::-1" in ast.unparse(node.slice)
        yield (Edit(node.value, "permuted") if backwards else Edit(node.value, "wrong-operand", DROPPED))
        for slice_ in _moved(node.slice):
            yield Edit(ast.Subscript(node.value, slice_, ast.Load()), "wrong-operand")
        if isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            exchanged = ast.Tuple(node.slice.elts[::-1], ast.Load())
            yield Edit(ast.Subscript(node.value, exchanged, ast.Load()), "transposed")


def _moved(index: ast.expr) -> Iterator[ast.expr]:
    """An index in which one slice begins where it ended, or takes the other end: ``:n``, ``n:`` and ``-n:``."""
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    for k, part in enumerate(parts):
        if not isinstance(part, ast.Slice) or (part.lower is None) == (part.upper is None) or part.step:
            continue
        bound = part.lower or part.upper
        assert bound is not None
        negated = isinstance(bound, ast.UnaryOp) and isinstance(bound.op, ast.USub)
        plain = bound.operand if isinstance(bound, ast.UnaryOp) and negated else bound
        minus = ast.UnaryOp(ast.USub(), plain)
        for moved in (ast.Slice(None, plain), ast.Slice(plain), ast.Slice(minus), ast.Slice(None, minus)):
            changed = [*parts[:k], moved, *parts[k + 1 :]]
            yield ast.Tuple(changed, ast.Load()) if isinstance(index, ast.Tuple) else moved


def turned(place: Place, scope: Scope) -> Iterator[Edit]:
    """A matrix that should not be transposed, two parts of a tuple the other way round."""
    node = place.node
    if isinstance(node, ast.Attribute) and node.attr == "T":
        yield Edit(node.value, "transposed")
    if isinstance(node, ast.Tuple) and place.role == "value" and 2 <= len(node.elts) <= 6:
        for parts in _exchanged(node.elts):
            yield Edit(ast.Tuple(parts, ast.Load()), "swapped")


def _exchanged(parts: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    """The parts with two of them exchanged."""
    for i, j in combinations(range(min(len(parts), 6)), 2):
        changed = list(parts)
        changed[i], changed[j] = changed[j], changed[i]
        yield changed


_COMPARED: dict[type[ast.cmpop], ast.cmpop] = {
    ast.Lt: ast.Gt(),
    ast.Gt: ast.Lt(),
    ast.LtE: ast.GtE(),
    ast.GtE: ast.LtE(),
    ast.Eq: ast.NotEq(),
    ast.NotEq: ast.Eq(),
}


def masks(place: Place, scope: Scope) -> Iterator[Edit]:
    """The other side of a comparison or of a choice; another bound."""
    node = place.node
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _COMPARED:
        if any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in node.comparators):
            return  # a choice of what is computed, not of entries
        yield Edit(ast.Compare(node.left, [_COMPARED[type(node.ops[0])]], node.comparators), "inverted-mask")
        (bound,) = node.comparators
        if isinstance(bound, ast.Constant) and isinstance(bound.value, int | float):
            for other in (bound.value - 1, bound.value + 1):
                yield Edit(ast.Compare(node.left, node.ops, [ast.Constant(other)]), "wrong-operand")
    elif isinstance(node, ast.IfExp):
        yield Edit(ast.IfExp(node.test, node.orelse, node.body), "inverted-mask", FAR)
    elif isinstance(node, ast.Call) and _called(node) == "where" and len(node.args) == 3:
        c, a, b = node.args
        yield Edit(ast.Call(node.func, [c, b, a], node.keywords), "inverted-mask")


#: Functions that are taken for each other, and what the cause is then called.
_EXCHANGED: dict[str, tuple[tuple[str, str], ...]] = {
    "sum": (("mean", "reduction"),),
    "mean": (("sum", "reduction"),),
    "average": (("sum", "reduction"),),
    "var": (("std", "wrong-operand"),),
    "std": (("var", "wrong-operand"),),
    "log": (("log10", "log-base"), ("log2", "log-base"), ("log1p", "wrong-operand")),
    "log10": (("log", "log-base"),),
    "log2": (("log", "log-base"),),
    "log1p": (("log", "wrong-operand"),),
    "exp": (("expm1", "wrong-operand"), ("exp2", "log-base"), ("log", "wrong-operand")),
    "expm1": (("exp", "wrong-operand"),),
    "exp2": (("exp", "log-base"),),
    "sin": (("cos", "wrong-operand"),),
    "cos": (("sin", "wrong-operand"),),
    "sinh": (("cosh", "wrong-operand"),),
    "cosh": (("sinh", "wrong-operand"),),
    "tanh": (("cosh", "missing-activation"),),
    "minimum": (("maximum", "wrong-operand"),),
    "maximum": (("minimum", "wrong-operand"),),
    "sqrt": (("square", "wrong-operand"),),
    "square": (("sqrt", "wrong-operand"),),
    "abs": (("sign", "missing-activation"),),
    "sign": (("abs", "wrong-operand"),),
    "zeros_like": (("ones_like", "zero"),),
    "ones_like": (("zeros_like", "zero"),),
    "max": (("min", "wrong-operand"),),
    "min": (("max", "wrong-operand"),),
    "argmax": (("argmin", "wrong-operand"),),
    "argmin": (("argmax", "wrong-operand"),),
    "outer": (("multiply", "broadcast"),),
    "floor": (("ceil", "wrong-operand"),),
}
_SLOPES = ("slope", "deriv", "prime", "grad", "_d", "d_", "diff", "backward", "jac")


def is_slope(name: str) -> bool:
    """Whether a function's name speaks of a derivative.

    >>> is_slope("sigmoid_prime"), is_slope("sigmoid")
    (True, False)
    """
    return any(word in name.lower() for word in _SLOPES)


def functions(place: Place, scope: Scope) -> Iterator[Edit]:
    """Another function: one that is taken for this one, or another of the file."""
    node = place.node
    if place.role != "callee":
        return
    if isinstance(node, ast.Attribute):
        for name, cause in _EXCHANGED.get(node.attr, ()):
            yield Edit(ast.Attribute(node.value, name, ast.Load()), cause)
    elif isinstance(node, ast.Name):
        for name, cause in _EXCHANGED.get(node.id, ()):
            yield Edit(ast.Name(name, ast.Load()), cause)
        if node.id in scope.functions:
            for name in scope.functions:
                if name != node.id:
                    slope = is_slope(name) or is_slope(node.id)
                    yield Edit(ast.Name(name, ast.Load()), "missing-activation" if slope else "wrong-operand")


#: What is said of a function's call that should not be there.
_DROPPED_CALLS = {
    "clip": "clipped",
    "conj": "conjugate",
    "conjugate": "conjugate",
    "float32": "float32",
    "astype": "float32",
    "transpose": "transposed",
    "sum": "reduction",
    "mean": "reduction",
    "flip": "permuted",
    "roll": "shifted",
    "sort": "permuted",
    "round": "float32",
    "around": "float32",
}
_PASSED_ON = frozenset(("copy", "array", "asarray", "ravel", "float", "int", "list", "tuple"))


def called(place: Place, scope: Scope) -> Iterator[Edit]:
    """What is called with, without the call; arguments the other way round; a keyword left out."""
    node = place.node
    if not isinstance(node, ast.Call) or any(isinstance(a, ast.Starred) for a in node.args):
        return
    name = _called(node)
    cause = _DROPPED_CALLS.get(name, "missing-activation" if is_slope(name) else "wrong-operand")
    if name not in _PASSED_ON:
        rank = PLAIN if name in _DROPPED_CALLS else DROPPED
        if node.args:
            yield Edit(node.args[0], cause, rank)
        if len(node.args) > 1:
            yield Edit(node.args[1], cause, FAR)
        on_itself = not node.args or name in ("clip", "astype", "sum", "mean")
        if on_itself and isinstance(node.func, ast.Attribute):
            yield Edit(node.func.value, cause, rank)
    if len(node.args) == 1 and not isinstance(node.args[0], (ast.UnaryOp, ast.Constant)):
        yield Edit(
            ast.Call(node.func, [ast.UnaryOp(ast.USub(), node.args[0])], node.keywords), "sign", NUMBER
        )
    if name in ("transpose", "swapaxes", "moveaxis"):
        for parts in _exchanged(node.args):
            yield Edit(ast.Call(node.func, parts, node.keywords), "permuted")
    elif len(node.args) >= 2:
        a, b, *rest = node.args
        causes = {"dot": "transposed", "matmul": "transposed", "outer": "transposed", "subtract": "sign"}
        yield Edit(ast.Call(node.func, [b, a, *rest], node.keywords), causes.get(name, "wrong-operand"))
    if name in ("dot", "matmul") and len(node.args) == 2:
        a, b = node.args
        yield Edit(ast.Call(node.func, [_turned(a), b], node.keywords), "transposed")
        yield Edit(ast.Call(node.func, [a, _turned(b)], node.keywords), "transposed")
    for k, keyword in enumerate(node.keywords):
        others = [*node.keywords[:k], *node.keywords[k + 1 :]]
        cause = {"axis": "wrong-axis", "order": "permuted"}.get(keyword.arg or "", "wrong-operand")
        yield Edit(
            ast.Call(node.func, node.args, others), cause, PLAIN if cause != "wrong-operand" else DROPPED
        )
    if name in ("sum", "mean", "max") and not any(k.arg == "axis" for k in node.keywords):
        for axis in (0, 1):
            more = [*node.keywords, ast.keyword("axis", ast.Constant(axis))]
            yield Edit(ast.Call(node.func, node.args, more), "wrong-axis")


def words(place: Place, scope: Scope) -> Iterator[Edit]:
    """Another key of a dictionary, the other order of an array."""
    node = place.node
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return
    if place.role == "key":
        yield from (Edit(ast.Constant(k), "wrong-operand") for k in scope.keys if k != node.value)
    elif place.role == "order":
        yield from (Edit(ast.Constant(o), "permuted") for o in ("C", "F") if o != node.value)


def statements(place: Place, scope: Scope) -> Iterator[Edit]:
    """A statement that adds where it should set, or the other way round; one that should not be there."""
    node = place.node
    if isinstance(node, ast.AugAssign):
        if type(node.op) in _OPERATORS:
            op, cause = _OPERATORS[type(node.op)]
            yield Edit(ast.AugAssign(node.target, op, node.value), cause)
        yield Edit(ast.Assign([node.target], node.value, lineno=node.lineno), "accumulated")
        adds = isinstance(node.op, (ast.Add, ast.Sub))
        yield Edit(ast.Pass(), "missing-term" if adds else "factor", DROPPED)
    elif isinstance(node, ast.Assign) and len(node.targets) == 1:
        (target,) = node.targets
        if isinstance(target, (ast.Name, ast.Subscript, ast.Attribute)):
            yield Edit(ast.AugAssign(target, ast.Add(), node.value), "accumulated")
            yield Edit(ast.Pass(), "wrong-operand", FAR)
    elif isinstance(node, ast.Expr):
        yield Edit(ast.Pass(), "wrong-operand", FAR)


KINDS: tuple[Kind, ...] = (
    operators,
    signs,
    numbers,
    indices,
    turned,
    masks,
    functions,
    words,
    called,
    statements,
    operands,
)


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _turned(node: ast.expr) -> ast.expr:
    return ast.Attribute(node, "T", ast.Load())
