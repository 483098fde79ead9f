"""What a claim answered, matched leaf by leaf with the arguments: one flat vector, or what is wrong with its form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy

from calcgrad.checking.measuring.subject import Leaf, Subject
from calcgrad.phrases import counted
from calcgrad.pytrees import children, named_leaves

Array = Any


class MismatchError(Exception):
    """The claim's answer has not the form of the arguments: ``cause`` is ``shape`` or ``dtype``, the text says where."""

    def __init__(self, cause: Literal["shape", "dtype"], note: str) -> None:
        super().__init__(note)
        self.cause: Literal["shape", "dtype"] = cause
        self.note = note


def differentiated(subject: Subject, named: Sequence[Leaf]) -> list[str]:
    """The arguments that hold a differentiated leaf, in their order."""
    paths = {leaf.path for leaf in named}
    return [
        name
        for name, tree in subject.arguments.items()
        if any(path in paths for path, _ in named_leaves(tree, name))
    ]


def flat_claim(
    answer: Any,
    subject: Subject,
    named: Sequence[Leaf],
    lead: tuple[int, ...] = (),
    what: str = "the gradient",
) -> Array:
    """The claimed parts as one array of shape ``lead + (entries,)``, entries in the order of the flat vector.

    ``lead`` is the shape that every part has before its own: the output's, for a Jacobian.
    Raises :class:`MismatchError`.
    """
    names = differentiated(subject, named)
    parts = _parts(answer, subject, names, what)
    by_path = {leaf.path: leaf for leaf in named}
    found = numpy.zeros((*lead, sum(leaf.size for leaf in named)))
    for name in names:
        for leaf, part in _matched(subject.arguments[name], parts[name], name, by_path, what):
            found[..., leaf.start : leaf.stop] = _numbers(part, leaf, lead, what)
    return found


def as_matrix(answer: Any, named: Sequence[Leaf], lead: tuple[int, ...]) -> Array | None:
    """A Jacobian that is given as one matrix: a row for each output, the columns of all arguments side by side.

    ``None`` for any other form; where each argument has a part of its own, of the output's shape and then its own, that is read.
    """
    if isinstance(answer, Mapping) or not hasattr(answer, "__array__"):
        return None
    given = numpy.asarray(answer)
    columns = sum(leaf.size for leaf in named)
    rows = int(numpy.prod(lead, dtype=int))
    if given.dtype.kind not in "fiub" or given.shape != (rows, columns):
        return None
    if len(named) == 1 and given.shape == (*lead, *named[0].shape):
        return None
    return given.reshape((*lead, columns)).astype(numpy.float64)


def _parts(answer: Any, subject: Subject, names: Sequence[str], what: str) -> dict[str, Any]:
    """One part for each differentiated argument: by name, by position, or the answer itself for a single one."""
    if len(names) == 1:
        tree = subject.arguments[names[0]]
        is_node = isinstance(tree, (list, tuple))
        if isinstance(answer, tuple) and len(answer) == 1 and not is_node:
            return {names[0]: answer[0]}
        if isinstance(answer, tuple) and not is_node and len(answer) == len(subject.arguments) > 1:
            return {names[0]: answer[list(subject.arguments).index(names[0])]}
        return {names[0]: answer}
    if isinstance(answer, Mapping) and all(name in answer for name in names):
        return {name: answer[name] for name in names}
    if isinstance(answer, (tuple, list)):
        for every in (names, list(subject.arguments)):
            if len(answer) == len(every):
                given = dict(zip(every, answer, strict=True))
                return {name: given[name] for name in names}
    count = len(answer) if isinstance(answer, (tuple, list)) else 1
    parts = counted(count, "part")
    raise MismatchError("shape", f"{what} has {parts} for {len(names)} arguments")


def _matched(
    tree: Any, part: Any, path: str, by_path: Mapping[str, Leaf], what: str
) -> list[tuple[Leaf, Any]]:
    """Each differentiated leaf of an argument beside the part of the claim that belongs to it."""
    inner = children(tree)
    if inner is None:
        return [(by_path[path], part)] if path in by_path else []
    found: list[tuple[Leaf, Any]] = []
    given = children(part)
    if given is None and isinstance(tree, (list, tuple)) and len(numpy.shape(part)) > 0:
        given = [(f"[{i}]", row) for i, row in enumerate(part)]
    steps = dict(given or ())
    fallback = [value for _, value in given or ()] if isinstance(tree, (list, tuple)) else []
    for place, (step, child) in enumerate(inner):
        below = path + step
        wanted = [name for name, _ in named_leaves(child, below) if name in by_path]
        if not wanted:
            continue
        if step in steps:
            found += _matched(child, steps[step], below, by_path, what)
        elif len(fallback) == len(inner):
            found += _matched(child, fallback[place], below, by_path, what)
        else:
            raise MismatchError("shape", f"{what} has no part for {wanted[0]}")
    return found


def _numbers(part: Any, leaf: Leaf, lead: tuple[int, ...], what: str) -> Array:
    if hasattr(part, "detach"):
        part = part.detach()
    try:
        raw = numpy.asarray(part)
        if raw.dtype.kind == "c" and numpy.any(raw.imag != 0.0):
            raise MismatchError("dtype", f"{what} in {leaf.path} is complex ({raw.dtype})")
        if raw.dtype.kind not in "bfiuc":
            raise MismatchError("dtype", f"{what} in {leaf.path} is no array of real numbers ({raw.dtype})")
        array = (raw.real if raw.dtype.kind == "c" else raw).astype(numpy.float64)
    except (TypeError, ValueError) as error:
        raise MismatchError("dtype", f"{what} in {leaf.path} is no array of real numbers") from error
    wanted = (*lead, *leaf.shape)
    if array.shape != wanted:
        shown = f"{leaf.path} has {leaf.shape}" + (f" and the output {lead}" if lead else "")
        raise MismatchError("shape", f"{what} in {leaf.path} has shape {array.shape}, {shown}")
    return array.reshape((*lead, leaf.size))
