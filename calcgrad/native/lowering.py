"""Operations of the table in IR: one entry each, with its cost and how near it is to NumPy's value.

Arguments and results are names of doubles, truth values are i1. What is not here ends a stage and is NumPy's; a row that is
defined by others is written by its definition.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from calcgrad.expression.nodes import Call, Name, Node, postorder
from calcgrad.native import functions
from calcgrad.native.text import Text, double
from calcgrad.operations import OPERATIONS, Elementwise, parsed
from calcgrad.operations.row import ARGUMENTS
from calcgrad.systems.base import FLOAT64

Emit = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Lowering:
    """How an operation is written.

    ``cost`` is in additions. ``ulps`` is by how much the value may differ from NumPy's: 0 says that it is the same to the bit.
    ``truths`` are the arguments that are truth values, ``answers`` says that the result is one. ``turns`` says that the flag is
    raised for arguments far out.
    """

    emit: Emit
    cost: int = 1
    ulps: int = 0
    truths: tuple[int, ...] = ()
    answers: bool = False
    turns: bool = False


def _compare(how: str) -> Lowering:
    return Lowering(lambda t, a, b: t.compare(how, a, b), answers=True)


def _library(name: str, cost: int = 30) -> Lowering:
    return Lowering(lambda t, *args: t.library(name, *args), cost, ulps=4)


def _intrinsic(name: str, cost: int = 1) -> Lowering:
    return Lowering(lambda t, *args: t.intrinsic(name, *args), cost)


def _larger(t: Text, a: str, b: str, how: str) -> str:
    """The first where it is nan or beyond the other, which may be nan too; of two zeros the second, as NumPy's instructions do."""
    mine = t.value(f"or i1 {t.compare(how, a, b)}, {t.compare('uno', a, a)}")
    return t.select(mine, a, b)


def _sign(t: Text, a: str) -> str:
    one = t.intrinsic("llvm.copysign.f64", double(1.0), a)
    return t.select(
        t.compare("one", a, double(0.0)), one, t.select(t.compare("oeq", a, double(0.0)), double(0.0), a)
    )


def _and(t: Text, op: str, a: str, b: str) -> str:
    return t.value(f"{op} i1 {a}, {b}")


def _power(t: Text, a: str, b: str) -> str:
    return t.mul(a, a) if b == double(2.0) else t.library("pow", a, b)


LOWERED: dict[str, Lowering] = {
    "add": Lowering(Text.add),
    "sub": Lowering(Text.sub),
    "mul": Lowering(Text.mul),
    "div": Lowering(Text.div, 4),
    "neg": Lowering(lambda t, a: t.value(f"fneg double {a}")),
    "square": Lowering(lambda t, a: t.mul(a, a)),
    "sqrt": _intrinsic("llvm.sqrt.f64", 5),
    "abs": _intrinsic("llvm.fabs.f64"),
    "floor": _intrinsic("llvm.floor.f64"),
    "ceil": _intrinsic("llvm.ceil.f64"),
    "trunc": _intrinsic("llvm.trunc.f64"),
    "sign": Lowering(_sign, 3),
    "maximum": Lowering(lambda t, a, b: _larger(t, a, b, "ogt"), 2),
    "minimum": Lowering(lambda t, a, b: _larger(t, a, b, "olt"), 2),
    "less": _compare("olt"),
    "less_equal": _compare("ole"),
    "greater": _compare("ogt"),
    "greater_equal": _compare("oge"),
    "equal": _compare("oeq"),
    "not_equal": _compare("une"),
    "logical_and": Lowering(lambda t, a, b: _and(t, "and", a, b), truths=(0, 1), answers=True),
    "logical_or": Lowering(lambda t, a, b: _and(t, "or", a, b), truths=(0, 1), answers=True),
    "logical_not": Lowering(lambda t, a: t.value(f"xor i1 {a}, true"), truths=(0,), answers=True),
    "where": Lowering(Text.select, truths=(0,)),
    "exp": Lowering(functions.exp, 12, ulps=4),
    "expm1": Lowering(functions.expm1, 20, ulps=4),
    "log": Lowering(functions.log, 20, ulps=4),
    "log1p": Lowering(functions.log1p, 25, ulps=4),
    "sin": Lowering(functions.sin, 16, ulps=4, turns=True),
    "cos": Lowering(functions.cos, 16, ulps=4, turns=True),
    "tanh": Lowering(functions.tanh, 22, ulps=4),
    "tan": _library("tan"),
    "asin": _library("asin"),
    "acos": _library("acos"),
    "atan": _library("atan"),
    "atan2": _library("atan2"),
    "hypot": _library("hypot"),
    "sinh": _library("sinh"),
    "cosh": _library("cosh"),
    "asinh": _library("asinh"),
    "acosh": _library("acosh"),
    "atanh": _library("atanh"),
    "cbrt": _library("cbrt"),
    "exp2": _library("exp2"),
    "log2": _library("log2"),
    "log10": _library("log10"),
    "pow": Lowering(_power, 30, ulps=4),
    "erf": _library("erf"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value in the text: a double, or a truth value."""

    name: str
    truth: bool = False

    def number(self, text: Text) -> str:
        """As a double: 1 for true."""
        return text.value(f"uitofp i1 {self.name} to double") if self.truth else self.name

    def condition(self, text: Text) -> str:
        """As a truth value: what is not 0 is true, nan too."""
        return self.name if self.truth else text.compare("une", self.name, double(0.0))


def constant(value: float | bool) -> Value:
    """A constant of the program's."""
    if isinstance(value, bool):
        return Value("true" if value else "false", truth=True)
    return Value(double(value))


def apply(text: Text, op: str, args: Sequence[Value]) -> Value:
    """An operation on values of either kind; ``lowering`` knows it."""
    row = lowering(op)
    assert row is not None
    if op == "where" and all(a.truth for a in args[1:]):
        return Value(text.select(args[0].condition(text), args[1].name, args[2].name, "i1"), truth=True)
    names = [a.condition(text) if k in row.truths else a.number(text) for k, a in enumerate(args)]
    return Value(row.emit(text, *names), row.answers)


#: Rows whose definition has other values than NumPy's function of them: at two infinities, at a zero with a sign, far out.
_OTHERWISE = ("logaddexp", "gamma_integrand", "coversin")


@cache
def lowering(op: Any) -> Lowering | None:
    """How an operation is written; ``None`` where NumPy has to do it."""
    found = LOWERED.get(op)
    if found is not None:
        return found
    row = OPERATIONS.get(op) if isinstance(op, str) else None
    if not isinstance(row, Elementwise) or not row.definition or op in _OTHERWISE:
        return None
    return _by_definition(row)


def _by_definition(row: Elementwise) -> Lowering | None:
    root = parsed(row.definition)
    parts = [lowering(node.op) for node in postorder(root) if isinstance(node, Call)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or row.answers:
        return None
    names = ARGUMENTS[: row.arity]

    def emit(text: Text, *args: str) -> str:
        return _written(text, root, {name: Value(a) for name, a in zip(names, args, strict=True)}).number(
            text
        )

    ulps = sum(part.ulps for part in known)
    return Lowering(emit, sum(part.cost for part in known), ulps, turns=any(part.turns for part in known))


def _written(text: Text, root: Node, known: dict[str, Value]) -> Value:
    stack: list[Value] = []
    for node in postorder(root):
        if isinstance(node, Name):
            stack.append(known[node.name])
        elif isinstance(node, Call):
            cut = len(stack) - len(node.args)
            args = stack[cut:]
            del stack[cut:]
            stack.append(apply(text, node.op, args))
        else:
            stack.append(constant(float(FLOAT64.constant(node))))
    (result,) = stack
    return result
