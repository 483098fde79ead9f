"""Where boxes and arrows of a graph go: Sugiyama's layers, by igraph, or by graphviz where that is what there is."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from calcgrad.errors import UsageError
from calcgrad.render.graphs import Drawing, Node

_LETTER, _SMALL, _LINE, _PAD = 7.9, 6.7, 15.0, 10.0
#: Between layers and between the boxes of one, and around the picture; pixels an inch of graphviz.
_ACROSS, _DOWN, _EDGE, _INCH = 74.0, 22.0, 16.0, 72.0

Point = tuple[float, float]


class Placed(NamedTuple):
    """A box: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float


class Laid(NamedTuple):
    """The picture's size, the boxes by name, the points of each arrow; ``bent`` where these are corners to be rounded."""

    width: float
    height: float
    boxes: dict[str, Placed]
    routes: tuple[tuple[Point, ...], ...]
    bent: bool


def laid_out(drawing: Drawing) -> Laid:
    """The places of everything, from left to right. Raises ``UsageError`` (E609) where nothing is installed that finds them."""
    try:
        import igraph
    except ImportError:
        if shutil.which("dot") is None:
            hints = ("pip install 'calcgrad[plots]' brings igraph", "--format dot and mermaid need neither")
            raise UsageError.of("E609", "a drawn graph needs igraph or graphviz", hints=hints) from None
        return _by_graphviz(drawing)
    return _by_igraph(drawing, igraph)


def size(node: Node) -> tuple[float, float]:
    """Width and height of a box that its text fits into."""
    widths = [len(node.title) * _LETTER, *[len(line) * _SMALL for line in node.lines]]
    return max(widths) + 2 * _PAD, (1 + len(node.lines)) * _LINE + _PAD


def layers(drawing: Drawing) -> list[int]:
    """The layer of each node: one behind the last of those that it uses; inputs stand right before what uses them first."""
    place = {node.name: k for k, node in enumerate(drawing.nodes)}
    found = [0] * len(place)
    for k, node in enumerate(drawing.nodes):
        found[k] = max(
            [found[place[a.source]] + 1 for a in drawing.arrows if a.target == node.name], default=0
        )
    for k, node in enumerate(drawing.nodes):
        if node.kind == "input":
            users = [found[place[a.target]] for a in drawing.arrows if a.source == node.name]
            found[k] = min(users, default=1) - 1
    return found


def _by_igraph(drawing: Drawing, igraph: Any) -> Laid:
    """An arrow over several layers goes through a point of each layer between, which igraph places like a box."""
    chosen = layers(drawing)
    place = {node.name: k for k, node in enumerate(drawing.nodes)}
    ends: list[tuple[int, int]] = []
    layer_of = list(chosen)
    through: list[list[int]] = []
    for arrow in drawing.arrows:
        a, b = place[arrow.source], place[arrow.target]
        between = list(range(len(layer_of), len(layer_of) + chosen[b] - chosen[a] - 1))
        layer_of += range(chosen[a] + 1, chosen[b])
        ends += pairwise([a, *between, b])
        through.append(between)
    found = igraph.Graph(n=len(layer_of), edges=ends, directed=True).layout_sugiyama(
        layers=layer_of, hgap=1, vgap=1, maxiter=200
    )
    across = [float(x) for x, _ in (found[0] if isinstance(found, tuple) else found)[: len(layer_of)]]
    return _in_columns(drawing, chosen, layer_of, across, through)


def _in_columns(
    drawing: Drawing, chosen: list[int], layer_of: list[int], across: list[float], through: list[list[int]]
) -> Laid:
    """Layers as columns, each as wide as its widest box; ``across`` is where in its layer everything stands."""
    sizes = [size(node) for node in drawing.nodes]
    wide = [0.0] * (max(chosen) + 1)
    for (w, _), layer in zip(sizes, chosen, strict=True):
        wide[layer] = max(wide[layer], w)
    labels = [len(arrow.label) * _SMALL for arrow in drawing.arrows]
    gap = max(_ACROSS, max(labels, default=0.0) + _ACROSS / 2)
    left = [_EDGE]
    for w in wide:
        left.append(left[-1] + w + gap)
    unit = max(h for _, h in sizes) + _DOWN
    low = min(across)

    def down(k: int) -> float:
        return _EDGE + (across[k] - low + 0.5) * unit

    boxes: dict[str, Placed] = {}
    for k, node in enumerate(drawing.nodes):
        w, h = sizes[k]
        boxes[node.name] = Placed(left[chosen[k]] + (wide[chosen[k]] - w) / 2, down(k) - h / 2, w, h)
    routes: list[tuple[Point, ...]] = []
    for arrow, between in zip(drawing.arrows, through, strict=True):
        a, b = boxes[arrow.source], boxes[arrow.target]
        points: list[Point] = []
        for k in between:
            at = layer_of[k]
            points += [(left[at], down(k)), (left[at] + wide[at], down(k))]
        routes.append(((a.x + a.width, a.y + a.height / 2), *points, (b.x, b.y + b.height / 2)))
    high = max(down(k) for k in range(len(across))) + unit / 2
    return Laid(left[-1] - gap + _EDGE, high + _EDGE, boxes, tuple(routes), True)


def _by_graphviz(drawing: Drawing) -> Laid:
    names = {node.name: f"n{k}" for k, node in enumerate(drawing.nodes)}
    lines = ["digraph g {", "rankdir=LR; nodesep=0.3; ranksep=0.9; node [shape=box, fixedsize=true];"]
    for node in drawing.nodes:
        w, h = size(node)
        lines.append(f"{names[node.name]} [width={w / _INCH:.3f}, height={h / _INCH:.3f}];")
    lines += [f"{names[a.source]} -> {names[a.target]};" for a in drawing.arrows]
    done = subprocess.run(
        ["dot", "-Tplain"],
        input="\n".join([*lines, "}"]),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise UsageError.of("E609", f"graphviz failed: {done.stderr.strip()[:200]}")
    return _read(done.stdout, {short: name for name, short in names.items()}, drawing)


def _read(plain: str, names: dict[str, str], drawing: Drawing) -> Laid:
    """Graphviz's plain format: inches, counted from below."""
    width = height = 0.0
    boxes: dict[str, Placed] = {}
    routes: dict[tuple[str, str], list[tuple[Point, ...]]] = {}
    for words in map(str.split, plain.splitlines()):
        if words[0] == "graph":
            width, height = float(words[2]), float(words[3])
        elif words[0] == "node":
            x, y, w, h = map(float, words[2:6])
            left, top = (x - w / 2) * _INCH + _EDGE, (height - y - h / 2) * _INCH + _EDGE
            boxes[names[words[1]]] = Placed(left, top, w * _INCH, h * _INCH)
        elif words[0] == "edge":
            numbers = list(map(float, words[4 : 4 + 2 * int(words[3])]))
            points = [(x * _INCH + _EDGE, (height - y) * _INCH + _EDGE) for x, y in _pairs(numbers)]
            routes.setdefault((names[words[1]], names[words[2]]), []).append(tuple(points))
    ordered = tuple([routes[a.source, a.target].pop(0) for a in drawing.arrows])
    return Laid(width * _INCH + 2 * _EDGE, height * _INCH + 2 * _EDGE, boxes, ordered, False)


def _pairs(numbers: Sequence[float]) -> list[Point]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))
