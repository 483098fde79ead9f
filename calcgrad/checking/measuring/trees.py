"""Arguments as trees: dictionaries, lists, tuples and dataclasses of arrays, taken apart into leaves with paths."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

#: What a leaf is put back with: the tree, with each differentiable leaf replaced by the next value.
Rebuild = Callable[[Iterator[Any]], Any]


def leaves(tree: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every leaf of a tree with its path, in order: keys in the order of the dictionary, fields as declared.

    >>> [path for path, _ in leaves({"W1": 1.0, "b": [2.0, 3.0]}, "params")]
    ['params["W1"]', 'params["b"][0]', 'params["b"][1]']
    """
    inner = children(tree)
    if inner is None:
        yield path, tree
        return
    for step, child in inner:
        yield from leaves(child, path + step)


def children(tree: Any) -> list[tuple[str, Any]] | None:
    """The steps into a node and what is there; ``None`` for a leaf.

    >>> children((1.0, 2.0)), children(3.0)
    ([('[0]', 1.0), ('[1]', 2.0)], None)
    """
    if isinstance(tree, Mapping):
        return [(f'["{key}"]' if isinstance(key, str) else f"[{key!r}]", tree[key]) for key in tree]
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return [(f".{name}", getattr(tree, name)) for name in tree._fields]
    if isinstance(tree, (list, tuple)):
        return [(f"[{i}]", child) for i, child in enumerate(tree)]
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        return [(f".{field.name}", getattr(tree, field.name)) for field in dataclasses.fields(tree)]
    return None


def rebuilt(tree: Any, replace: Callable[[Any], Any]) -> Any:
    """A tree of the same form, each leaf replaced; the nodes are new, so that nobody's list is changed.

    >>> rebuilt({"a": [1, 2]}, lambda leaf: -leaf)
    {'a': [-1, -2]}
    """
    if isinstance(tree, Mapping):
        made = {key: rebuilt(tree[key], replace) for key in tree}
        return made if type(tree) is dict else type(tree)(made)  # type: ignore[call-arg]
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*[rebuilt(child, replace) for child in tree])
    if isinstance(tree, (list, tuple)):
        return type(tree)([rebuilt(child, replace) for child in tree])
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        names = [field.name for field in dataclasses.fields(tree)]
        return dataclasses.replace(tree, **{name: rebuilt(getattr(tree, name), replace) for name in names})
    return replace(tree)
