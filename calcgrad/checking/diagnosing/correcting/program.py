"""The user's gradient as a program with switches: a copy of every function that it calls, each with all of its changes in it.

Nothing of the user's is touched: the copies have the real globals and cells, and are reached only through each other. A function
that does more than compute (opens files, starts processes) is run as it is.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from types import CellType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any

from calcgrad.checking.diagnosing.correcting import switches
from calcgrad.checking.diagnosing.correcting.kinds import Edit, Scope, edits_of
from calcgrad.checking.diagnosing.correcting.places import Place, places
from calcgrad.checking.diagnosing.correcting.switches import switched
from calcgrad.rewriting import NoSourceError, installed, is_of_package
from calcgrad.rewriting.functions import made_of
from calcgrad.rewriting.sources import Found, definition_of, is_generated

#: So many functions and places are looked at.
_MOST_FUNCTIONS, _MOST_SITES = 60, 2500
#: No place is switched on.
_NONE = -1
#: What computes only calls none of these, and nothing of these modules.
_ACTS = frozenset(
    ["open", "exec", "eval", "compile", "input", "exit", "quit", "save", "savez", "savetxt", "tofile", "dump"]
)
_FILES = ("os", "shutil", "pathlib", "sqlite3", "pickle", "joblib", "tempfile")
_PROCESSES = ("subprocess", "socket", "requests", "urllib", "http", "multiprocessing", "threading", "signal")
_MODULES = frozenset((*_FILES, *_PROCESSES, "ctypes", "importlib"))


@dataclass(frozen=True, slots=True)
class Site:
    """A place of one of the functions, with its changes. ``names`` are the module's, ``pool`` the values that its source names."""

    number: int
    place: Place
    edits: Sequence[Edit]
    code: CodeType
    function: str
    names: Mapping[str, Any]
    pool: Sequence[Source]


@dataclass(frozen=True, slots=True)
class Source:
    """Something that a definition reads: its text, its code, and whether it is one name, one attribute or one entry."""

    text: str
    code: CodeType
    plain: bool


class Several(frozenset[int]):
    """Numbers of places that are switched on together: to the compiled comparison, equal to each of them.

    >>> Several({2, 5}) != 5, Several({2, 5}) != 3
    (False, True)
    """

    __slots__ = ()
    __hash__ = frozenset.__hash__

    def __ne__(self, number: object) -> bool:
        return number not in self


class StoppedError(BaseException):
    """A change made a loop that does not end. Not an ``Exception``, so that nothing swallows it on the way."""


class Program:
    """A callable with switches. ``call`` is called as the user's own is.

    With ``packages`` the changes are in the files of installed packages that the user's functions call, in place of the user's own.

    ``set`` switches a change on; ``change`` is what becomes of the value of a place that is switched on without one.
    """

    def __init__(self, call: Callable[..., Any], packages: bool = False) -> None:
        self._packages = packages
        self._entered: set[str] = set()
        self.sites: list[Site] = []
        self.change: Callable[[Any, FrameType], Any] = _as_it_is
        self.until = 0.0
        self._at, self._which = CellType(_NONE), CellType(_NONE)
        self._codes: dict[CodeType, CodeType | None] = {}
        self._made: dict[int, tuple[Any, FunctionType]] = {}
        self._cells = {
            switches.HAND: CellType(self.hand),
            switches.PUT: CellType(self._put),
            switches.MORE: CellType(self._more),
            switches.AT: self._at,
            switches.WHICH: self._which,
        }
        self.call = self.hand(call)

    def set(self, site: int | Several = _NONE, which: int = _NONE) -> None:
        """Switch one change of one place on, all others off; without a change, its value goes to ``change``.

        Of several places the values go there, each with its own.
        """
        self._at.cell_contents, self._which.cell_contents = site, which

    def switched(self) -> tuple[int | Several, int]:
        """The place and the change that are on."""
        return self._at.cell_contents, self._which.cell_contents

    def originals(self) -> list[FunctionType]:
        """The user's functions that copies were made of."""
        return [function for function, _ in self._made.values()]

    def hand(self, callee: Any) -> Any:
        """What is called in place of ``callee``: the copy with switches of a function of the user's."""
        kind = type(callee)
        if kind is FunctionType:
            return self._function(callee)
        if kind is MethodType and type(callee.__func__) is FunctionType:
            return MethodType(self._function(callee.__func__), callee.__self__)
        if kind is functools.partial:
            return functools.partial(self.hand(callee.func), *callee.args, **callee.keywords)
        if kind is type or not hasattr(kind, "__dict__"):
            return callee
        plain = getattr(callee, "py_func", None)  # what a compiler such as numba's was given
        if type(plain) is FunctionType:
            return self._function(plain)
        called = kind.__dict__.get("__call__")
        return MethodType(self._function(called), callee) if type(called) is FunctionType else callee

    def _function(self, function: FunctionType) -> FunctionType:
        known = self._made.get(id(function))
        if known is not None and known[0] is function:
            return known[1]
        code = function.__code__
        if switches.HAND in code.co_freevars:
            return function
        if code not in self._codes:
            self._codes[code] = self._code_of(function) if self._is_entered(code.co_filename) else None
        own = self._codes[code]
        made = function if own is None else made_of(function, own, self._cells)
        self._made[id(function)] = function, made
        return made

    def _is_entered(self, file: str) -> bool:
        """Whether functions of a file are run as copies: the user's; and of a package's file that the user's functions call."""
        if is_generated(file):
            return False
        if not installed(file):
            return True
        if not self._packages or not is_of_package(file):
            return False
        if file not in self._entered:
            frame = sys._getframe(3)  # of what called ``hand``
            if not _is_users(frame.f_code.co_filename):
                return False
            self._entered.add(file)
        return True

    def _code_of(self, function: FunctionType) -> CodeType | None:
        """The code with switches; ``None`` for a function that is left alone."""
        code = function.__code__
        full = sum(c is not None for c in self._codes.values()) >= _MOST_FUNCTIONS
        if full or len(self.sites) > _MOST_SITES or _acts(code):
            return None
        before = len(self.sites)
        try:
            found = definition_of(code)
            own = installed(code.co_filename) == self._packages
            return switched(code, found, self._listed(function, found) if own else {})
        except NoSourceError:
            return None
        except (SyntaxError, ValueError, RecursionError):  # a change that cannot stand there
            del self.sites[before:]
            return switched(code, found, {})

    def _listed(self, function: FunctionType, found: Found) -> dict[int, tuple[int, Place, Sequence[Edit]]]:
        names = function.__globals__
        body = [found.node.body] if isinstance(found.node, ast.Lambda) else found.node.body
        scope, pool = _scope(found.node, function), _pool(body)
        listed: dict[int, tuple[int, Place, Sequence[Edit]]] = {}
        for statement in body:
            for place in places(statement, names):
                number, edits = len(self.sites), edits_of(place, scope)
                site = Site(number, place, edits, function.__code__, function.__name__, names, pool)
                self.sites.append(site)
                listed[id(place.node)] = number, place, edits
        return listed

    def _put(self, value: Any) -> Any:
        return self.change(value, sys._getframe(1))

    def _more(self) -> bool:
        if process_time() > self.until:
            raise StoppedError
        return True


def _as_it_is(value: Any, frame: FrameType) -> Any:
    return value


def _is_users(file: str) -> bool:
    return not is_generated(file) and not installed(file)


def _acts(code: CodeType) -> bool:
    """Whether a function may do more than compute."""
    return bool(_ACTS.intersection(code.co_names) or _MODULES.intersection(code.co_names))


#: A formula is so short.
_FORMULA, _DEEPEST = 120, 3
_MATHEMATICS = ("numpy", "math", "cmath", "scipy")


def is_formula(value: Any, depth: int = 0) -> bool:
    """Whether a function is short and calls nothing but mathematics, so that it may be called where it was not before."""
    if type(value) is not FunctionType or depth > _DEEPEST:
        return False
    if len(value.__code__.co_code) > 2 * _FORMULA or _acts(value.__code__):
        return False
    named = [value.__globals__[name] for name in value.__code__.co_names if name in value.__globals__]
    return all(
        (isinstance(each, ModuleType) and each.__name__.split(".")[0] in _MATHEMATICS)
        or isinstance(each, (int, float))
        or is_formula(each, depth + 1)
        for each in named
    )


def _scope(node: ast.AST, function: FunctionType) -> Scope:
    """The keys that a definition uses, the functions of its file that take as many arguments as one that it calls, its counters."""
    keys = [
        part.slice.value
        for part in ast.walk(node)
        if isinstance(part, ast.Subscript)
        and isinstance(part.slice, ast.Constant)
        and isinstance(part.slice.value, str)
    ]
    own = {
        name: value.__code__.co_argcount
        for name, value in function.__globals__.items()
        if is_formula(value) and value.__code__.co_filename == function.__code__.co_filename
    }
    called = {n.func.id for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    counts = {own[name] for name in called if name in own}
    alike = [name for name, count in own.items() if count in counts and name != function.__name__]
    loops = [n.target for n in ast.walk(node) if isinstance(n, (ast.For, ast.comprehension))]
    counters = [n.id for target in loops for n in ast.walk(target) if isinstance(n, ast.Name)]
    return Scope(tuple(dict.fromkeys(keys)), tuple(alike[:12]), tuple(dict.fromkeys(counters)))


_KEPT = (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.Call, ast.Compare)


def _pool(body: Sequence[ast.AST]) -> list[Source]:
    """What a definition reads on its way: names first, then what it makes of them, each once."""
    found: dict[str, ast.expr] = {}
    for part in body:
        for node in ast.walk(part):
            if isinstance(node, (ast.Name, ast.arg)):
                name = node.id if isinstance(node, ast.Name) else node.arg
                found.setdefault(name, ast.Name(name, ast.Load()))
    callees = {id(n.func) for part in body for n in ast.walk(part) if isinstance(n, ast.Call)}
    for part in body:
        for node in ast.walk(part):
            is_read = not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))
            if isinstance(node, _KEPT) and is_read and id(node) not in callees:
                found.setdefault(ast.unparse(node), node)
    return [
        Source(
            text,
            compile(text, "<source>", "eval"),
            isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)),
        )
        for text, node in found.items()
    ]


def place_of(site: Site) -> str:
    """Where a site is, as people say it."""
    return f"{Path(site.code.co_filename).name}, line {site.place.node.lineno}"


def alias_of(names: Mapping[str, Any], module: str) -> str | None:
    """The name that a module has among these."""
    for name, value in names.items():
        if isinstance(value, ModuleType) and value.__name__ == module:
            return name
    return None
