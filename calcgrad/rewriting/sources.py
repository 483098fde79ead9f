"""The part of a file's syntax tree that a function was compiled from."""

from __future__ import annotations

import ast
import linecache
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from types import CodeType
from typing import NamedTuple, TypeAlias

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda

#: Where the standard library, installed packages and calcgrad itself lie.
LIBRARIES = (
    *{sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")},
    str(Path(__file__).parents[1]),
)


_PACKAGES = tuple({sysconfig.get_path(name) for name in ("purelib", "platlib")})
#: Packages whose functions are handled by name, or have arrays of their own.
_COMPILED = frozenset(
    [
        "calcgrad",
        "numpy",
        "scipy",
        "torch",
        "jax",
        "jaxlib",
        "tensorflow",
        "cupy",
        "numba",
        "pandas",
        "sympy",
        "mpmath",
    ]
)


class NoSourceError(Exception):
    """The text that a function was compiled from is not to be had."""


class Found(NamedTuple):
    """A definition, and the name of the class around it (private names and ``super()`` need it)."""

    node: Definition
    owner: str | None


class _File(NamedTuple):
    text: str
    definitions: dict[tuple[str, int], list[Found]]
    codes: dict[tuple[str, int], list[CodeType]]


#: The flags of ``from __future__ import …`` that a code bears; one that was run by ``exec`` has those of its caller.
FUTURES = 0x1000000 | 0x800000

_files: dict[tuple[str, int], _File] = {}
_lock = Lock()


def installed(file: str) -> bool:
    """Whether a file belongs to the standard library, an installed package or calcgrad."""
    return file.startswith((*LIBRARIES, "<frozen"))


def is_generated(file: str) -> bool:
    """Whether the name of a file stands for code whose text is not to be had, as ``<string>`` does; a notebook's cell has its text.

    >>> is_generated("<string>"), is_generated(__file__)
    (True, False)
    """
    return file.startswith("<") and not linecache.getlines(file)


@cache
def is_of_package(file: str) -> bool:
    """Whether a file belongs to an installed package whose functions may be NumPy code: one that stands on NumPy."""
    for place in _PACKAGES:
        if file.startswith(place):
            return Path(file).relative_to(place).parts[0] not in _COMPILED
    return False


def definition_of(code: CodeType) -> Found:
    """The definition that this code was compiled from. Raises ``NoSourceError`` where no text compiles to it."""
    file = _file(code.co_filename, code.co_flags & FUTURES)
    key = code.co_name, code.co_firstlineno
    if code not in file.codes.get(key, ()):
        raise NoSourceError(f"the source of {code.co_name} in {code.co_filename} is not what runs")
    found = file.definitions.get(key, [])
    if len(found) > 1:  # several lambdas in one line
        found = [f for f in found if _within(code, f.node)]
    if len(found) != 1:
        raise NoSourceError(f"{code.co_name} in {code.co_filename} cannot be told from another one")
    return found[0]


def _file(name: str, flags: int) -> _File:
    text = "".join(linecache.getlines(name))
    known = _files.get((name, flags))
    if known is not None and known.text == text:
        return known
    if not text:
        raise NoSourceError(f"there is no source in {name}")
    try:
        tree = ast.parse(text)
        whole = compile(tree, name, "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise NoSourceError(f"{name} does not compile: {error}") from None
    made = _File(text, {}, {})
    for found in _definitions(tree, None):
        made.definitions.setdefault(_key(found.node), []).append(found)
    for code in (*_codes(whole), *_apart(tree, name, flags)):
        made.codes.setdefault((code.co_name, code.co_firstlineno), []).append(code)
    with _lock:
        _files[name, flags] = made
    return made


def _apart(tree: ast.Module, name: str, flags: int) -> Iterator[CodeType]:
    """The codes of a notebook's cell, whose statements are compiled one by one: calls of what it imports come out otherwise."""
    if not Path(name).exists():
        for statement in tree.body:
            yield from _codes(compile(ast.Module([statement], []), name, "exec", flags, dont_inherit=True))


def _definitions(tree: ast.AST, owner: str | None) -> Iterator[Found]:
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, Definition):
            yield Found(child, owner)
            yield from _definitions(child, None)
        else:
            yield from _definitions(child, child.name if isinstance(child, ast.ClassDef) else owner)


def _key(node: Definition) -> tuple[str, int]:
    if isinstance(node, ast.Lambda):
        return "<lambda>", node.lineno
    return node.name, min([node.lineno, *[d.lineno for d in node.decorator_list]])


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _within(code: CodeType, node: Definition) -> bool:
    """Whether all instructions of a lambda's code come from this one's body."""
    assert isinstance(node, ast.Lambda)
    body = node.body
    start, end = (body.lineno, body.col_offset), (body.end_lineno or 0, body.end_col_offset or 0)
    places = [p for p in code.co_positions() if None not in p and p[2:] != (0, 0)]
    first = min(((line, column) for line, _, column, _ in places), default=None)
    last = max(((line, column) for _, line, _, column in places), default=None)
    return first == start and last == end
