"""Shrinking: the smallest case that still shows a find of the same class, by greedy steps."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

from _cases import Case, alone, finds

from calcgrad.expression.nodes import Call, Name, Node, Number, postorder

PLAIN = (0.0, 1.0, 2.0, -1.0, 0.5)


def shrunk(case: Case, kind: str, seconds: float = 20.0) -> Case:
    """The case made as small as it goes in the time given."""
    end = monotonic() + seconds
    better: Case | None = case
    while better is not None:
        case, better = better, None
        for smaller in _smaller(case):
            if monotonic() > end:
                return case
            if any(find.kind == kind for find in finds(smaller, alone(smaller))):
                better = smaller
                break
    return case


def as_test(case: Case, kind: str, detail: str) -> str:
    """A test of the find, ready to paste."""
    at = ", ".join(f"{name}={value!r}" for name, value in case.point.items())
    return f"    ({case.text!r}, {at!r}, {case.truth!r}),  # {kind}: {detail}"


def _smaller(case: Case) -> Iterator[Case]:
    for root in _trees(case.root):
        names = {node.name for node in postorder(root) if isinstance(node, Name)}
        if names:
            yield Case(root, {n: v for n, v in case.point.items() if n in names}, case.truth)
    for name, value in case.point.items():
        for plain in (*PLAIN, round(value, 1), round(value, 3)):
            if len(repr(plain)) < len(repr(value)):
                yield Case(case.root, {**case.point, name: plain}, case.truth)


def _trees(node: Node) -> Iterator[Node]:
    """Trees a step smaller than this one: an operand in the place of its operation, a simple leaf for a large one."""
    if isinstance(node, Number) and node.value not in (0, 1, 2):
        yield from (Number(k) for k in (1, 2))
    if not isinstance(node, Call):
        return
    yield from node.args
    for place, arg in enumerate(node.args):
        for smaller in _trees(arg):
            args = (*node.args[:place], smaller, *node.args[place + 1 :])
            yield Call(node.op, args, node.params)
