"""What the answers of a function depend on, as a digest that is the same in every run of an unchanged program.

Code, its constants, what it reads of its module and its closure, its helpers' code likewise, the arguments. Installed packages
and files are not looked into; against those some old answers are asked for again (:mod:`calcgrad.checking.measuring.journal`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import CodeType, FunctionType
from typing import Any

import numpy

from calcgrad.compiling.captured import values_read_by
from calcgrad.pytrees import named_leaves

#: So many values are looked at.
_MOST = 4096


def identity(function: Callable[..., Any], arguments: Mapping[str, Any], *more: Any) -> str:
    """The digest of a function, of its arguments and of whatever else belongs to its answers.

    >>> def of(c):
    ...     return lambda x: c * x
    >>> identity(of(2.0), {}) == identity(of(2.0), {}), identity(of(2.0), {}) == identity(of(3.0), {})
    (True, False)
    """
    digest = hashlib.blake2b(digest_size=12)
    for value in values_read_by(function, _MOST):
        for part in _described(value):
            digest.update(part)
    for name, tree in arguments.items():
        for path, leaf in named_leaves(tree, name):
            digest.update(path.encode())
            for part in _described(leaf):
                digest.update(part)
    for value in more:
        for part in _described(value):
            digest.update(part)
    return digest.hexdigest()


def _described(value: Any) -> Iterator[bytes]:
    """A value as bytes that do not depend on where it lies in memory; what it holds is described on its own."""
    yield f"{type(value).__module__}.{type(value).__qualname__}".encode()
    if isinstance(value, numpy.ndarray):
        yield repr((value.dtype.str, value.shape)).encode()
        yield numpy.ascontiguousarray(value).tobytes() if value.dtype != object else b""
    elif isinstance(value, (bool, int, float, complex, str, bytes, numpy.generic)) or value is None:
        yield repr(value).encode()
    elif isinstance(value, CodeType):
        yield from _of_code(value)
    elif isinstance(value, FunctionType):
        yield from _of_code(value.__code__)
    elif isinstance(value, dict):
        yield repr([key if isinstance(key, (str, int, float)) else type(key) for key in value]).encode()
    elif isinstance(value, (set, frozenset)):
        yield repr(sorted(map(repr, value))).encode()
    elif isinstance(value, (list, tuple)):
        yield str(len(value)).encode()
    elif isinstance(value, partial):
        yield str(len(value.args)).encode()
    elif callable(value):
        yield f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}".encode()


def _of_code(code: CodeType) -> Iterator[bytes]:
    """What a code does, wherever its lines stand."""
    yield code.co_code
    yield repr((code.co_name, code.co_names, code.co_varnames, code.co_freevars)).encode()
    for constant in code.co_consts:
        yield from _described(constant)
        if isinstance(constant, tuple):
            yield repr(constant).encode()
