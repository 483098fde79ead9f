"""What of SciPy's Python functions, methods, distributions and classes has a counterpart that traced values go through.

Those are in :mod:`calcgrad.scipy`, a room that stands above this one: it is asked by name, when a callee of SciPy's is first met,
and nothing here imports it.
"""

from __future__ import annotations

import importlib
from types import FunctionType, MethodType
from typing import Any


def _room(module: str) -> Any:
    """The module of calcgrad's that has the names of one of SciPy's; ``None`` where there is none."""
    parts = module.split(".")
    if parts[0] != "scipy" or len(parts) < 2:
        return None
    if parts[1] not in importlib.import_module("calcgrad.scipy").MODULES:
        return None
    importlib.import_module(f"calcgrad.scipy.{parts[1]}")
    return importlib.import_module("calcgrad.scipy.following")


def path_of(name: str) -> str:
    """Where calcgrad has something of SciPy's with a dotted name; empty where it has not.

    >>> path_of("scipy.linalg.cholesky"), path_of("scipy.stats.norm.logpdf"), path_of("scipy.linalg.schur")
    ('calcgrad.scipy.linalg.cholesky', 'calcgrad.scipy.stats.norm.logpdf', '')
    """
    room = _room(name)
    if room is None:
        return ""
    found = name in room.BY_NAME or ".".join(name.split(".")[:3]) in room.BY_NAME
    return f"calcgrad.{name}" if found else ""


def distribution_of(method_of: Any) -> str:
    """The name of a distribution of ``scipy.stats``, or of a frozen one; empty for anything else."""
    if not type(method_of).__module__.startswith("scipy.stats"):
        return ""
    found = getattr(method_of, "dist", method_of)
    name = getattr(found, "name", None) or type(found).__name__
    return str(name).removesuffix("_gen").removesuffix("_frozen")


def twin_of(callee: Any) -> Any:
    """What is called in place of something of SciPy's; ``None`` where nothing is.

    >>> import scipy.linalg
    >>> from calcgrad.scipy import linalg
    >>> twin_of(scipy.linalg.expm) is linalg.expm, twin_of(len)
    (True, None)
    """
    kind = type(callee)
    if kind is MethodType:
        return _method(callee)
    module = callee.__module__ if kind is FunctionType or isinstance(callee, type) else kind.__module__
    if type(module) is not str or not module.startswith("scipy."):
        return None
    room = _room(module)
    known = None if room is None else room.TWINS.get(id(callee))
    return None if known is None else known[1]


def _method(method: Any) -> Any:
    """The method of the same name, of the distribution that stands for a method's own."""
    owner = method.__self__
    if not type(owner).__module__.startswith("scipy.stats"):
        return None
    twin = twin_of(owner)
    if twin is None:
        twin = _frozen(owner)
    return None if twin is None else getattr(twin, method.__name__, None)


#: What frozen distributions of vectors call their parameters.
_OF_VECTORS = {"multivariate_normal": ("mean", "cov"), "dirichlet": ("alpha",), "multinomial": ("n", "p")}


def _frozen(owner: Any) -> Any:
    """A distribution that was frozen outside of the traced function."""
    room = _room("scipy.stats")
    name = distribution_of(owner)
    if name in _OF_VECTORS and all(hasattr(owner, p) for p in _OF_VECTORS[name]):
        return room.BY_NAME[f"scipy.stats.{name}"](*[getattr(owner, p) for p in _OF_VECTORS[name]])
    inner = getattr(owner, "dist", None)
    for original, twin in room.TWINS.values():
        if inner is not None and type(original) is type(inner) and hasattr(owner, "kwds"):
            return twin(*owner.args, **owner.kwds)
    return None
