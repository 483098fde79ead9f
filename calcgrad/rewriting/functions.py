"""A function made anew from its rewritten source, with the real globals and the real cells of its closure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from copy import copy, deepcopy
from threading import Lock
from types import CellType, CodeType, FunctionType
from typing import Any
from weakref import WeakKeyDictionary

from calcgrad.rewriting.calls import HAND, NEW, Calls
from calcgrad.rewriting.sources import FUTURES, Definition, Found, NoSourceError, definition_of

__all__ = ["NoSourceError", "is_rewritten", "made_of", "recompiled", "rewritten"]

_made: WeakKeyDictionary[CodeType, CodeType | NoSourceError] = WeakKeyDictionary()
_lock = Lock()


def is_rewritten(function: FunctionType) -> bool:
    """Whether a function is one that was made here, or was defined in one."""
    free = function.__code__.co_freevars
    return HAND in free or NEW in free


def rewritten(function: FunctionType, hand: Callable[[Any], Any], new: Callable[[Any], Any]) -> FunctionType:
    """The function with every callee handed to ``hand`` first, and what operators made to ``new``.

    Raises ``NoSourceError`` where its source is not to be had.
    """
    return made_of(function, _code_of(function.__code__), {HAND: CellType(hand), NEW: CellType(new)})


def _code_of(code: CodeType) -> CodeType:
    with _lock:  # also while it is made: Python 3.11 counts the depth of trees for all threads together
        known = _made.get(code)
        if known is None:
            known = _made[code] = _made_anew(code)
    if isinstance(known, NoSourceError):
        raise known
    return known


def _made_anew(code: CodeType) -> CodeType | NoSourceError:
    """The rewritten code, or why there is none; tried again where another thread's own trees upset the count."""
    for last in (False, False, True):
        try:
            return _compiled(code, definition_of(code))
        except NoSourceError as error:
            return error
        except SystemError:
            if last:
                raise
    raise AssertionError("unreachable")


def _compiled(code: CodeType, found: Found) -> CodeType:
    return recompiled(code, found, lambda part: Calls().visit(deepcopy(part)), (HAND, NEW))


def recompiled(
    code: CodeType, found: Found, change: Callable[[Any], Any], names: tuple[str, ...]
) -> CodeType:
    """The code of a definition with each statement of its body (a lambda's expression) changed.

    ``change`` gives the new statement, or a list of such, and leaves the old one as it is. What the new ones name beside the
    definition's own are ``names``: free variables, like those that were free before.
    """
    node: Definition = copy(found.node)
    if isinstance(node, ast.Lambda):
        node.body = change(node.body)
        body: list[ast.stmt] = [ast.copy_location(ast.Expr(node), node)]
    else:
        node.decorator_list = []
        statements: list[ast.stmt] = []
        for statement in node.body:
            changed = change(statement)
            statements.extend(changed if isinstance(changed, list) else [changed])
        node.body = statements
        body = [node]
    if found.owner is not None:
        owner = ast.parse(f"class {found.owner}: pass").body[0]
        assert isinstance(owner, ast.ClassDef)
        owner.body, body = body, [owner]
    free = [name for name in code.co_freevars if name != "__class__"]
    outer = ast.parse(f"def __calcgrad_scope__({', '.join([*free, *names])}): pass").body[0]
    assert isinstance(outer, ast.FunctionDef)
    outer.body = [*_globals(body[0], code), *body]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    whole = compile(module, code.co_filename, "exec", code.co_flags & FUTURES, dont_inherit=True)
    return next(c for c in _inner(whole) if (c.co_name, c.co_argcount) == (code.co_name, code.co_argcount))


def made_of(function: FunctionType, code: CodeType, more: Mapping[str, CellType]) -> FunctionType:
    """The function with another code: its own globals, defaults and cells, and ``more`` cells by name."""
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)) | dict(more)
    closure = tuple([cells[name] for name in code.co_freevars])
    made = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, closure)
    made.__kwdefaults__ = function.__kwdefaults__
    made.__qualname__ = function.__qualname__
    made.__dict__.update(function.__dict__)
    return made


def _globals(defined: ast.stmt, code: CodeType) -> list[ast.stmt]:
    """The declaration that the name of what is defined is the user's own: a function may call itself, a method name its class."""
    name = getattr(defined, "name", None)
    return [] if name is None or name in code.co_freevars else [ast.Global([name])]


def _inner(code: CodeType) -> list[CodeType]:
    """The codes within, the outermost first."""
    found = [c for c in code.co_consts if isinstance(c, CodeType)]
    return [*found, *[deeper for c in found for deeper in _inner(c)]]
