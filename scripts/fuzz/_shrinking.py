"""Shrinking: the smallest case that still shows a find of the same class, by greedy steps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from time import process_time
from typing import NamedTuple

from _cases import Case, outcome
from _finds import finds

from calcgrad.expression.nodes import Call, Name, Node, Number, postorder

PLAIN = ("0", "1", "2", "-1", "0.5")


def shrunk(case: Case, kind: str, seconds: float = 6.0) -> Case:
    """The case made as small as it goes in so many seconds of the processor."""
    end = process_time() + seconds
    better: Case | None = case
    while better is not None:
        case, better = better, None
        for smaller in _smaller(case):
            if process_time() > end:
                return case
            if any(find.kind == kind for find in finds(smaller, outcome(smaller))):
                better = smaller
                break
    return case


class Shown(NamedTuple):
    """A case as it is shown, for a process that did not draw it."""

    text: str
    at: str
    truth: str


def as_test(case: Case | Shown, kind: str, detail: str) -> str:
    """A test of the find, ready to paste."""
    return f"    ({case.text!r}, {case.at!r}, {case.truth!r}),  # {kind}: {detail}"


def _smaller(case: Case) -> Iterator[Case]:
    for root in _trees(case.root):
        names = {node.name for node in postorder(root) if isinstance(node, Name)}
        if names:
            yield replace(case, root=root, point={n: v for n, v in case.point.items() if n in names})
    for name, value in case.point.items():
        for plain in (*PLAIN, *_shorter(value)):
            if len(plain) < len(value):
                yield replace(case, point={**case.point, name: plain})


def _shorter(value: str) -> Iterator[str]:
    """A number with fewer digits, a vector with fewer entries."""
    if value.startswith("["):
        entries = value[1:-1].split(", ")
        yield from (
            f"[{', '.join(entries[:k] + entries[k + 1 :])}]"
            for k in range(len(entries) if entries[1:] else 0)
        )
        for k, entry in enumerate(entries):
            for short in (*PLAIN, *_shorter(entry)):
                if len(short) < len(entry):
                    yield f"[{', '.join([*entries[:k], short, *entries[k + 1 :]])}]"
        return
    try:
        yield from (f"{float(value):.{digits}g}" for digits in (1, 2, 3))
    except ValueError:
        return


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
