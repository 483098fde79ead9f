"""Many directions a sweep: blocks of tangents pushed forward, blocks of cotangents pulled back."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy

from calcgrad.operations.shapes import Shape
from calcgrad.systems.values.masked import sparse
from calcgrad.tracing.sweeps import has_nan, pull_back, pull_back_block, push_forward, push_forward_block
from calcgrad.tracing.traced import apply
from calcgrad.transforms.calls import Outputs

#: At most so many numbers lie in one block of tangents or adjoints, unless a single seed has more.
BLOCK = 2**20


def sizes(leaves: Sequence[Any]) -> list[int]:
    """How many numbers each leaf holds."""
    return [prod(getattr(leaf, "shape", ())) for leaf in leaves]


def by_columns(primals: Sequence[Any], out: Outputs) -> list[list[Any]]:
    """For each output leaf, and in it for each input leaf, the derivative: by blocks of unit tangents."""
    table: list[list[Any]] = [[] for _ in out.slots]
    for i, primal in enumerate(primals):
        shape, parts = getattr(primal, "shape", ()), []
        largest = max(sizes(out.primals) + sizes(primals), default=1)
        for seed in _seeds(primal, largest):
            tangents: list[Any] = [None] * len(primals)
            tangents[i] = seed
            parts.append(_forward_block(out, tangents, i, len(seed)))
        for o, leaf in enumerate(out.primals):
            rows = _joined([part[o] for part in parts])  # (inputs, *output)
            last = apply("transpose", rows, params=((*range(1, len(rows.shape)), 0),))
            table[o].append(_number(_shaped(last, (*getattr(leaf, "shape", ()), *shape))))
    return table


def _forward_block(out: Outputs, tangents: list[Any], i: int, width: int) -> list[Any]:
    """The block of tangents of each output leaf, zeros written out; with a nan, seed by seed instead."""
    blocks = push_forward_block(out.trace, tangents, out.slots)
    if any(block is not None and has_nan(block) for block in blocks):
        seeds = [list(tangents) for _ in range(width)]
        for k, seed in enumerate(seeds):
            seed[i] = tangents[i][k]
        single = [push_forward(out.trace, [_structural(t) for t in seed], out.slots) for seed in seeds]
        blocks = [
            _stacked(column, leaf)
            for column, leaf in zip(zip(*single, strict=True), out.primals, strict=True)
        ]
    return [
        _zeros(width, leaf) if block is None else block
        for block, leaf in zip(blocks, out.primals, strict=True)
    ]


def by_rows(primals: Sequence[Any], out: Outputs) -> list[list[Any]]:
    """The same by blocks of unit cotangents; complex results of real arguments take a second one for the imaginary part."""
    table: list[list[Any]] = []
    largest = max(sizes(primals) + sizes(out.primals), default=1)
    for slot, leaf in zip(out.slots, out.primals, strict=True):
        parts = [_both_parts(out, slot, seed, primals) for seed in _seeds(leaf, largest)]
        shape = getattr(leaf, "shape", ())
        row: list[Any] = []
        for i, primal in enumerate(primals):
            joined = _joined([part[i] for part in parts])
            row.append(_number(_shaped(joined, (*shape, *getattr(primal, "shape", ())))))
        table.append(row)
    return table


def _both_parts(out: Outputs, slot: int | None, seed: Any, primals: Sequence[Any]) -> list[Any]:
    found = _reverse_block(out, slot, seed, primals)
    if seed.dtype.kind != "c" or all(_kind(p) == "c" for p in primals):
        return found
    turned = _reverse_block(out, slot, -1j * seed, primals)
    return [
        a if _kind(p) == "c" else apply("add", a, apply("mul", b, 1j))
        for a, b, p in zip(found, turned, primals, strict=True)
    ]


def _kind(primal: Any) -> str:
    kind: str = getattr(getattr(primal, "dtype", None), "kind", "f")
    return kind


def _reverse_block(out: Outputs, slot: int | None, seed: Any, primals: Sequence[Any]) -> list[Any]:
    found: list[Any] = [None] * len(primals)
    if slot is not None:
        found = pull_back_block(out.trace, {slot: seed})
        if any(block is not None and has_nan(block) for block in found):
            single = [pull_back(out.trace, {slot: _structural(row)}) for row in seed]
            found = [_stacked([s[i] for s in single], primal) for i, primal in enumerate(primals)]
    return [_zeros(len(seed), p) if block is None else block for block, p in zip(found, primals, strict=True)]


def block_forward(primals: Sequence[Any], out: Outputs, seeds: Any) -> Any:
    """Directions (seeds, inputs) of all inputs together, pushed forward: (seeds, results), all flat."""
    tangents: list[Any] = []
    start = 0
    for primal, size in zip(primals, sizes(primals), strict=True):
        part = seeds[:, start : start + size].astype(getattr(primal, "dtype", float))
        tangents.append(part.reshape((len(seeds), *getattr(primal, "shape", ()))))
        start += size
    return _flat(push_forward_block(out.trace, tangents, out.slots), out.primals, len(seeds))


def block_back(primals: Sequence[Any], out: Outputs, seeds: Any) -> Any:
    """Directions (seeds, results) of all results together, pulled back: (seeds, inputs), all flat."""
    cotangents: dict[int, Any] = {}
    start = 0
    for slot, leaf, size in zip(out.slots, out.primals, sizes(out.primals), strict=True):
        if slot is not None:
            part = seeds[:, start : start + size].reshape((len(seeds), *getattr(leaf, "shape", ())))
            cotangents[slot] = part if slot not in cotangents else cotangents[slot] + part
        start += size
    return _flat(pull_back_block(out.trace, cotangents), primals, len(seeds))


def _flat(blocks: Sequence[Any], leaves: Sequence[Any], width: int) -> Any:
    parts = [_zeros(width, leaf) if b is None else b for b, leaf in zip(blocks, leaves, strict=True)]
    return _joined([part.reshape(width, -1) for part in parts], axis=1)


def _seeds(leaf: Any, largest: int) -> list[Any]:
    """Unit directions of a leaf, in blocks along a first axis."""
    shape, kind = getattr(leaf, "shape", ()), getattr(leaf, "dtype", numpy.float64)
    n = prod(shape)
    width = max(1, min(n, BLOCK // max(largest, 1)))
    made = []
    for start in range(0, n, width):
        count = min(width, n - start)
        block = numpy.zeros((count, n), kind)
        block[numpy.arange(count), numpy.arange(start, start + count)] = 1
        made.append(block.reshape((count, *shape)))
    return made or [numpy.zeros((0, *shape), kind)]


def _structural(row: Any) -> Any:
    """A unit direction whose zeros are zeros by structure."""
    if row is None or not getattr(row, "shape", ()):
        return row if row is None else float(row) if row.dtype == numpy.float64 else row
    return sparse(row, row != 0)


def _stacked(values: Sequence[Any], leaf: Any) -> Any:
    shape, kind = getattr(leaf, "shape", ()), getattr(leaf, "dtype", numpy.float64)
    return numpy.stack([numpy.zeros(shape, kind) if v is None else v for v in values])


def _zeros(width: int, leaf: Any) -> Any:
    return numpy.zeros((width, *getattr(leaf, "shape", ())), getattr(leaf, "dtype", numpy.float64))


def _joined(parts: Sequence[Any], axis: int = 0) -> Any:
    return parts[0] if len(parts) == 1 else numpy.concatenate(parts, axis)


def _shaped(value: Any, shape: Shape) -> Any:
    return apply("reshape", value, params=(shape,))


def _number(value: Any) -> Any:
    """A derivative without axes is a float, as its function's value and argument are."""
    if getattr(value, "shape", ()) or type(value) is not numpy.ndarray:
        return value
    return value.item() if value.dtype == numpy.float64 else value[()]
