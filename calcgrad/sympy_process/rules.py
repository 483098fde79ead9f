"""SymPy's rules of differentiation, changed where a real-valued calculator wants others. Runs in the worker.

SymPy leaves ``Derivative(floor(x), x)`` as it is, differentiates ``sign`` to a Dirac delta, and splits
``Abs(log(x))`` into real and imaginary parts. Here every function is real, and a step function is flat
except where it jumps; whether a point is such a place is told apart (see ``evaluating.singular_at``).
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import sympy


def _flat(self: Any, argindex: int = 1) -> Any:
    return sympy.S.Zero


def _sign(self: Any, x: Any) -> Any:
    return sympy.S.Zero


def _abs(self: Any, x: Any) -> Any:
    inner = self.args[0]
    return sympy.sign(inner) * inner.diff(x)


def _one(self: Any, argindex: int = 1) -> Any:
    return sympy.S.One


def _mod(self: Any, argindex: int = 1) -> Any:
    dividend, divisor = self.args
    return sympy.S.One if argindex == 1 else -sympy.floor(dividend / divisor)


def _leave_out_tensors() -> None:
    """The first sum that SymPy makes asks whether a term is a tensor, and imports the groups of polyhedra
    for that: 0.04 s.

    A module in that place knows the two names that a sum asks for, and that nothing is either of them.
    """
    name = "sympy.tensor.tensor"
    if name not in sys.modules:
        module = ModuleType(name)
        module.__dict__.update({kind: type(kind, (), {}) for kind in ("TensExpr", "TensAdd")})
        sys.modules[name] = module


def install() -> None:
    """Change the rules, in this process."""
    _leave_out_tensors()
    sympy.floor.fdiff = _flat
    sympy.ceiling.fdiff = _flat
    sympy.Heaviside.fdiff = _flat
    sympy.frac.fdiff = _one
    sympy.Mod.fdiff = _mod
    sympy.sign._eval_derivative = _sign
    sympy.Abs._eval_derivative = _abs
