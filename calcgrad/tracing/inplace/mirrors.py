"""A function whose source is not to be had: the same code, which finds the twins of what it calls under the old names."""

from __future__ import annotations

import builtins
import dis
from collections.abc import Callable
from types import CellType, CodeType, FunctionType, ModuleType
from typing import Any

_WRITES = frozenset(("STORE_GLOBAL", "DELETE_GLOBAL"))


class _Module:
    """A module whose functions are the twins of its own."""

    def __init__(self, module: ModuleType, hand: Callable[[Any], Any]) -> None:
        self._module, self._hand = module, hand

    def __getattr__(self, name: str) -> Any:
        return _mirror(getattr(self._module, name), self._hand)


def _mirror(value: Any, hand: Callable[[Any], Any]) -> Any:
    if isinstance(value, ModuleType):
        return _Module(value, hand) if value.__name__.partition(".")[0] in ("numpy", "math") else value
    if isinstance(value, type) and value is not float:
        return value  # types are asked about as often as they are called
    return hand(value) if callable(value) else value


class _Names(dict[str, Any]):
    """Global names; the real ones are read each time."""

    def __init__(self, real: dict[str, Any], hand: Callable[[Any], Any]) -> None:
        super().__init__({"__builtins__": real.get("__builtins__", builtins)})
        self.real, self.hand = real, hand

    def __missing__(self, name: str) -> Any:
        found = self.real[name] if name in self.real else getattr(builtins, name)
        return _mirror(found, self.hand)


def mirrored(function: FunctionType, hand: Callable[[Any], Any]) -> FunctionType:
    """The function over mirrored names; itself, where it writes into global ones."""
    if _writes_globals(function.__code__):
        return function
    names = _Names(function.__globals__, hand)
    cells = tuple(
        [
            CellType(_mirror(cell.cell_contents, hand)) if _filled(cell) else cell
            for cell in function.__closure__ or ()
        ]
    )
    made = FunctionType(function.__code__, names, function.__name__, function.__defaults__, cells)
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _filled(cell: CellType) -> bool:
    """Whether a cell holds something that is called or asked for functions; others are shared with the function."""
    try:
        value = cell.cell_contents
    except ValueError:
        return False
    return isinstance(value, ModuleType) or (callable(value) and not isinstance(value, type))


def _writes_globals(code: CodeType) -> bool:
    if any(instruction.opname in _WRITES for instruction in dis.get_instructions(code)):
        return True
    return any(_writes_globals(c) for c in code.co_consts if isinstance(c, CodeType))
