"""Trees of values: mappings, lists, tuples, named tuples and dataclasses, nested as one likes, as one flat list of leaves.

What is none of these is a leaf; ``None`` is an empty tree. A leaf is named by its path: ``params["W1"]``, ``layers[0].bias``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    """The keys or field names (none in a list) and the values below a node; ``None`` at a leaf."""
    if isinstance(tree, list | tuple):
        return getattr(tree, "_fields", ()), tree
    if isinstance(tree, Mapping):
        return tuple(tree), [tree[key] for key in tree]
    if tree is None:
        return (), ()
    if is_dataclass(tree) and not isinstance(tree, type):
        names = tuple([field.name for field in fields(tree)])
        return names, [getattr(tree, name) for name in names]
    return None


def children(tree: Any) -> list[tuple[str, Any]] | None:
    """The steps into a node and what is there; ``None`` for a leaf.

    >>> children((1.0, 2.0)), children({"W": 0.5}), children(3.0)
    ([('[0]', 1.0), ('[1]', 2.0)], [('["W"]', 0.5)], None)
    """
    found = _children(tree)
    if found is None:
        return None
    keys, values = found
    if isinstance(tree, Mapping):
        steps = [f'["{key}"]' if isinstance(key, str) else f"[{key!r}]" for key in keys]
    elif keys:
        steps = [f".{key}" for key in keys]
    else:
        steps = [f"[{i}]" for i in range(len(values))]
    return list(zip(steps, values, strict=True))


def named_leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every leaf of a tree with its path, in the order of :func:`flatten`.

    >>> [path for path, _ in named_leaves({"W1": 1.0, "b": [2.0, 3.0]}, "params")]
    ['params["W1"]', 'params["b"][0]', 'params["b"][1]']
    """
    inner = children(tree)
    if inner is None:
        yield path, tree
        return
    for step, child in inner:
        yield from named_leaves(child, path + step)


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
    if issubclass(kind, Mapping):
        pairs = zip(structure.keys, values, strict=True)
        return dict(pairs) if kind is dict else _filled(kind, pairs)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return kind(*values)
    if issubclass(kind, list | tuple):
        return kind(values)
    return _dataclass(kind, dict(zip(structure.keys, values, strict=True)))


def _filled(kind: Any, pairs: Any) -> Any:
    entries = dict(pairs)
    try:
        return kind(entries)
    except TypeError:  # a defaultdict, whose constructor takes the default first
        return entries


def _dataclass(kind: Any, values: dict[str, Any]) -> Any:
    """An instance with these fields, frozen or not; fields that its constructor does not take are set afterwards."""
    made = kind(**{field.name: values[field.name] for field in fields(kind) if field.init})
    for field in fields(kind):
        if not field.init:
            object.__setattr__(made, field.name, values[field.name])
    return made


def map_node(function: Callable[[Any], Any], tree: Any) -> Any:
    """The tree with the function applied to what is directly below its first node; a leaf as it is.

    >>> map_node(str, {"a": 1, "b": (2, 3)})
    {'a': '1', 'b': '(2, 3)'}
    """
    found = _children(tree)
    if found is None:
        return tree
    keys, values = found
    structure = Structure(type(tree), keys, (LEAF,) * len(values), len(values))
    return unflatten(structure, [function(value) for value in values])


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """The tree with the function applied to every leaf.

    >>> map_leaves(lambda x: 2 * x, {"a": 1, "b": (2, 3)})
    {'a': 2, 'b': (4, 6)}
    """
    leaves, structure = flatten(tree)
    return unflatten(structure, [function(leaf) for leaf in leaves])
