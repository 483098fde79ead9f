"""Trees of values: dicts, lists, tuples, named tuples and dataclasses, nested as one likes, as one flat list of leaves.

What is none of these is a leaf; ``None`` is an empty tree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Structure:
    """A tree without its leaves: the type of a node, its keys, its branches; ``kind`` is ``None`` for a leaf."""

    kind: Any
    keys: tuple[Any, ...] = ()
    branches: tuple[Structure, ...] = ()
    leaves: int = 1


LEAF = Structure(None)
#: Types met whose values are leaves.
_LEAVES: set[type] = {float}


def flatten(tree: Any) -> tuple[list[Any], Structure]:
    """The leaves in order, and the tree without them.

    >>> leaves, structure = flatten({"w": [1.0, 2.0], "b": (3.0,)})
    >>> leaves, unflatten(structure, [x + 1 for x in leaves])
    ([1.0, 2.0, 3.0], {'w': [2.0, 3.0], 'b': (4.0,)})
    """
    leaves: list[Any] = []
    return leaves, _walk(tree, leaves)


def _walk(tree: Any, leaves: list[Any]) -> Structure:
    if type(tree) in _LEAVES:
        leaves.append(tree)
        return LEAF
    children = _children(tree)
    if children is None:
        leaves.append(tree)
        _LEAVES.add(type(tree))
        return LEAF
    keys, values = children
    branches = tuple([_walk(value, leaves) for value in values])
    return Structure(type(tree), keys, branches, sum(b.leaves for b in branches))


def _children(tree: Any) -> tuple[tuple[Any, ...], Sequence[Any]] | None:
    """The keys and values below a node, ``None`` at a leaf."""
    if isinstance(tree, dict):
        return tuple(tree), list(tree.values())
    if isinstance(tree, list | tuple):
        return (), tree
    if tree is None:
        return (), ()
    if is_dataclass(tree) and not isinstance(tree, type):
        names = tuple([field.name for field in fields(tree)])
        return names, [getattr(tree, name) for name in names]
    return None


def unflatten(structure: Structure, leaves: Sequence[Any]) -> Any:
    """The tree with these leaves."""
    return _built(structure, iter(leaves))


def _built(structure: Structure, leaves: Any) -> Any:
    kind = structure.kind
    if kind is None:
        return next(leaves)
    values = [next(leaves) if b is LEAF else _built(b, leaves) for b in structure.branches]
    if kind is type(None):
        return None
    if issubclass(kind, dict):
        pairs = zip(structure.keys, values, strict=True)
        return dict(pairs) if kind is dict else _filled_dict(kind, pairs)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return kind(*values)
    if issubclass(kind, list | tuple):
        return kind(values)
    return _dataclass(kind, dict(zip(structure.keys, values, strict=True)))


def _filled_dict(kind: Any, pairs: Any) -> Any:
    try:
        return kind(pairs)
    except TypeError:  # a defaultdict, whose constructor takes the default first
        return dict(pairs)


def _dataclass(kind: Any, values: dict[str, Any]) -> Any:
    """An instance with these fields, frozen or not; fields that its constructor does not take are set afterwards."""
    made = kind(**{field.name: values[field.name] for field in fields(kind) if field.init})
    for field in fields(kind):
        if not field.init:
            object.__setattr__(made, field.name, values[field.name])
    return made


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """The tree with the function applied to every leaf.

    >>> map_leaves(lambda x: 2 * x, {"a": 1, "b": (2, 3)})
    {'a': 2, 'b': (4, 6)}
    """
    leaves, structure = flatten(tree)
    return unflatten(structure, [function(leaf) for leaf in leaves])


def paths(tree: Any, prefix: str = "") -> list[str]:
    """How each leaf is reached, in the order of ``flatten``.

    >>> paths({"w": [1.0, 2.0]}, "p")
    ["p['w'][0]", "p['w'][1]"]
    """
    children = _children(tree)
    if children is None:
        return [prefix]
    keys, values = children
    found: list[str] = []
    for k, value in enumerate(values):
        if isinstance(tree, dict):
            step = f"[{keys[k]!r}]"
        elif keys or hasattr(tree, "_fields"):
            step = f".{keys[k] if keys else tree._fields[k]}"
        else:
            step = f"[{k}]"
        found.extend(paths(value, prefix + step))
    return found
