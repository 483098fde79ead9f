"""Indexing, shaping, joining, splitting, sorting, choosing."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.numpy_names.measuring import Case, case

_MASK = np.array([[True, False, True], [False, True, True]])


def _index(*index: Any) -> Any:
    return lambda x: x[index[0] if len(index) == 1 else index]


INDEXING: list[Case] = [
    case(f"index({text})", _index(*index), shape)
    for text, index, shape in [
        ("2", (2,), (4,)),
        ("-1", (-1,), (4, 2)),
        ("1:", (slice(1, None),), (4,)),
        ("::-2", (slice(None, None, -2),), (5, 2)),
        (":, 1", (slice(None), 1), (3, 2)),
        ("..., 0", (..., 0), (2, 3, 2)),
        ("None, :", (None, slice(None)), (3,)),
        (":, None", (slice(None), None), (3, 2)),
        ("places", (np.array([0, 2, 0, 0]),), (4,)),
        ("list", ([1, 1],), (3, 2)),
        ("table of places", (np.array([[0, 2], [2, 1]]),), (3, 2)),
        ("pairs of places", (np.array([0, 1, 0]), np.array([1, 1, 1])), (2, 3)),
        ("places and a slice", (np.array([0, 0]), slice(1, None)), (2, 3)),
        ("a slice and places", (slice(None), np.array([2, 0, 2])), (2, 3)),
        ("mask", (_MASK,), (2, 3)),
        ("mask of rows", (np.array([True, False, True]),), (3, 2)),
        ("no place", (np.array([], int),), (3,)),
        ("no entry", (slice(3, 3),), (4,)),
        ("()", ((),), (2,)),
        ("...", (...,), (2,)),
    ]
]

INDEXING += [
    case("index(own mask)", lambda x: x[x > 1.2], (6,)),
    case("index(iteration)", lambda x: sum(row * (i + 1.0) for i, row in enumerate(x)), (3, 2)),
    case("index(unpacking)", lambda p: p[0] * np.sin(p[1]) + [*p][2], (3,)),
    case("index(twice)", lambda x: x[1:][0] * x[2], (4,)),
    case("method(T)", lambda x: x.T, (2, 3)),
    case("method(reshape)", lambda x: x.reshape(3, -1).ravel().reshape((2, 3)), (2, 3)),
    case("method(flatten)", lambda x: x.flatten() * 2.0, (2, 3)),
    case("method(astype)", lambda x: x.astype(np.float64) * 2.0, (3,), single=False),
    *(
        [case("numpy.astype", lambda x: np.astype(x, np.float64) * x, (3,), single=False)]
        if hasattr(np, "astype")
        else []
    ),
]

SHAPING: list[Case] = [
    case("numpy.reshape", lambda x: np.reshape(x, (3, -1)), (2, 3)),
    case("numpy.reshape", lambda x: np.reshape(x, 6, order="F"), (2, 3)),
    case("numpy.reshape", lambda x: np.reshape(x, ()), (1, 1)),
    case("numpy.reshape", lambda x: np.reshape(x, (1, -1)), ()),
    case("numpy.reshape", lambda x: np.reshape(x, (0, 5)), (0, 2)),
    case("numpy.ravel", np.ravel, (2, 3)),
    case("numpy.ravel", lambda x: np.ravel(x, "F"), (2, 3)),
    case("numpy.ravel", np.ravel, (2, 0)),
    case("numpy.transpose", np.transpose, (2, 3)),
    case("numpy.transpose", np.transpose, ()),
    case("numpy.transpose", lambda x: np.transpose(x, (2, 0, -2)), (2, 3, 4)),
    case("numpy.transpose", lambda x: x.transpose(1, 0), (2, 3)),
    case("numpy.swapaxes", lambda x: np.swapaxes(x, 0, -1), (2, 3, 4)),
    case("numpy.moveaxis", lambda x: np.moveaxis(x, 0, -1), (2, 3, 4)),
    case("numpy.moveaxis", lambda x: np.moveaxis(x, [0, 2], [-1, 0]), (2, 3, 4)),
    case("numpy.rollaxis", lambda x: np.rollaxis(x, 2), (2, 3, 4)),
    case("numpy.rollaxis", lambda x: np.rollaxis(x, 0, 3), (2, 3, 4)),
    case("numpy.expand_dims", lambda x: np.expand_dims(x, 1), (2, 3)),
    case("numpy.expand_dims", lambda x: np.expand_dims(x, (0, -1)), (2, 3)),
    case("numpy.squeeze", np.squeeze, (1, 3, 1)),
    case("numpy.squeeze", lambda x: np.squeeze(x, -1), (1, 3, 1)),
    case("numpy.squeeze", np.squeeze, (1,)),
    case("numpy.atleast_1d", np.atleast_1d, ()),
    case("numpy.atleast_1d", np.atleast_1d, (2,), ()),
    case("numpy.atleast_2d", np.atleast_2d, (3,)),
    case("numpy.atleast_2d", np.atleast_2d, ()),
    case("numpy.atleast_3d", np.atleast_3d, (3,)),
    case("numpy.atleast_3d", np.atleast_3d, (2, 3)),
    case("numpy.broadcast_to", lambda x: np.broadcast_to(x, (2, 3)), (3,)),
    case("numpy.broadcast_to", lambda x: np.broadcast_to(x, (2, 3)), (2, 1)),
    case("numpy.broadcast_to", lambda x: np.broadcast_to(x, 4), ()),
    case("numpy.broadcast_to", lambda x: np.broadcast_to(x, (0, 3)), (3,)),
    case("numpy.broadcast_arrays", np.broadcast_arrays, (2, 1), (3,)),
    case("numpy.meshgrid", np.meshgrid, (2,), (3,)),
    case("numpy.meshgrid", lambda x, y: np.meshgrid(x, y, indexing="ij", sparse=True), (2,), (3,)),
    case("numpy.meshgrid", np.meshgrid, (2,), (3,), (2,)),
    case("numpy.concatenate", lambda x, y: np.concatenate([x, y]), (2,), (3,)),
    case("numpy.concatenate", lambda x, y: np.concatenate((x, y, x), axis=-1), (2, 1), (2, 3)),
    case("numpy.concatenate", lambda x, y: np.concatenate([x, y], axis=None), (2, 1), (3,)),
    case("numpy.concatenate", lambda x: np.concatenate([x, np.ones(2, x.dtype)]), (0,)),
    case("numpy.stack", lambda x, y: np.stack([x, y]), (), ()),
    case("numpy.stack", lambda x, y: np.stack([x, y], axis=-1), (2, 3), (2, 3)),
    case("numpy.stack", lambda x, y: np.stack([x, y], axis=1), (3,), (3,)),
    case("numpy.vstack", lambda x, y: np.vstack([x, y]), (3,), (2, 3)),
    case("numpy.hstack", lambda x, y: np.hstack([x, y]), (3,), (2,)),
    case("numpy.hstack", lambda x, y: np.hstack([x, y]), (2, 1), (2, 2)),
    case("numpy.dstack", lambda x, y: np.dstack([x, y]), (3,), (3,)),
    case("numpy.column_stack", lambda x, y: np.column_stack([x, y]), (3,), (3, 2)),
    case("numpy.block", lambda x, y: np.block([[x, y], [y, x]]), (2, 2), (2, 2)),
    case("numpy.block", lambda x, y: np.block([x, y]), (), (2,)),
    case("numpy.append", np.append, (2, 2), (3,)),
    case("numpy.append", lambda x, y: np.append(x, y, axis=0), (2, 3), (1, 3)),
    case("numpy.split", lambda x: np.split(x, 3), (6,)),
    case("numpy.split", lambda x: np.split(x, [1, 4], axis=1), (2, 5)),
    case("numpy.array_split", lambda x: np.array_split(x, 3), (7,)),
    case("numpy.hsplit", lambda x: np.hsplit(x, 2), (2, 4)),
    case("numpy.vsplit", lambda x: np.vsplit(x, [1]), (3, 2)),
    case("numpy.dsplit", lambda x: np.dsplit(x, 2), (1, 2, 4)),
    case("numpy.tile", lambda x: np.tile(x, 2), (3,)),
    case("numpy.tile", lambda x: np.tile(x, (2, 3)), (2,)),
    case("numpy.tile", lambda x: np.tile(x, 3), (2, 2)),
    case("numpy.tile", lambda x: np.tile(x, 2), ()),
    case("numpy.repeat", lambda x: np.repeat(x, 3), (2, 2)),
    case("numpy.repeat", lambda x: np.repeat(x, 2, axis=1), (2, 2)),
    case("numpy.repeat", lambda x: np.repeat(x, [1, 0, 3], axis=0), (3, 2)),
    case("numpy.pad", lambda x: np.pad(x, 2), (3,)),
    case("numpy.pad", lambda x: np.pad(x, ((1, 0), (2, 1)), constant_values=3.0), (2, 3)),
    case("numpy.pad", lambda x: np.pad(x, (1, 2), constant_values=((1.0, 2.0),)), (3,)),
    *[
        case("numpy.pad", lambda x, m=m: np.pad(x, ((0, 0), (2, 1)), mode=m), (2, 4))
        for m in ("edge", "reflect", "symmetric", "wrap")
    ],
    case("numpy.roll", lambda x: np.roll(x, 2), (2, 3)),
    case("numpy.roll", lambda x: np.roll(x, -1, axis=1), (2, 3)),
    case("numpy.roll", lambda x: np.roll(x, (1, 5), axis=(0, 1)), (2, 3)),
    case("numpy.roll", lambda x: np.roll(x, 1), (0,)),
    case("numpy.flip", np.flip, (2, 3)),
    case("numpy.flip", lambda x: np.flip(x, axis=-1), (2, 3)),
    case("numpy.flip", lambda x: np.flip(x, (0, 1)), (2, 3, 2)),
    case("numpy.fliplr", np.fliplr, (2, 3)),
    case("numpy.flipud", np.flipud, (2, 3)),
    *[case("numpy.rot90", lambda x, k=k: np.rot90(x, k), (2, 3)) for k in (-1, 0, 1, 2)],
    case("numpy.rot90", lambda x: np.rot90(x, axes=(1, 2)), (2, 3, 2)),
    case("numpy.resize", lambda x: np.resize(x, (2, 4)), (3,)),
    case("numpy.insert", lambda x: np.insert(x, 1, 5.0), (3,)),
    case("numpy.insert", lambda x, y: np.insert(x, [0, 2], y), (3,), (2,)),
    case("numpy.insert", lambda x, y: np.insert(x, 1, y, axis=1), (2, 3), (2,)),
    case("numpy.delete", lambda x: np.delete(x, 1), (4,)),
    case("numpy.delete", lambda x: np.delete(x, [0, 2], axis=1), (2, 4)),
    case("numpy.diff", np.diff, (5,)),
    case("numpy.diff", lambda x: np.diff(x, n=2, axis=0), (4, 2)),
    case("numpy.diff", lambda x, p: np.diff(x, prepend=p, append=2.0), (4,), ()),
    case("numpy.diff", np.diff, (1,)),
    case("numpy.ediff1d", lambda x: np.ediff1d(x, to_end=[1.0], to_begin=0.0), (2, 2), single=False),
    case("numpy.ediff1d", np.ediff1d, (4,)),
    case("numpy.gradient", np.gradient, (5,)),
    case("numpy.gradient", np.gradient, (2,)),
    case("numpy.gradient", lambda f: np.gradient(f, 0.5), (3, 4)),
    case("numpy.gradient", lambda f: np.gradient(f, 0.5, edge_order=2), (4,)),
    case(
        "numpy.gradient",
        lambda f: np.gradient(f, np.array([0.0, 1.0, 1.5, 3.0]), axis=0),
        (4, 2),
        single=False,
    ),
    case(
        "numpy.gradient",
        lambda f: np.gradient(f, np.array([0.0, 1.0, 1.5]), edge_order=2),
        (3,),
        single=False,
    ),
    case("numpy.gradient", lambda f: np.gradient(f, axis=1), (3, 4)),
]

CHOOSING: list[Case] = [
    case("numpy.take", lambda x: np.take(x, [0, 3, 3]), (2, 2)),
    case("numpy.take", lambda x: np.take(x, np.array([[1, 0], [1, 1]]), axis=1), (2, 2, 2)),
    case("numpy.take", lambda x: np.take(x, [5, -1], mode="wrap"), (3,)),
    case("numpy.take", lambda x: np.take(x, [5, -9], mode="clip"), (3,)),
    case("numpy.take", lambda x: np.take(x, -1), (3,)),
    case(
        "numpy.take_along_axis",
        lambda x: np.take_along_axis(x, np.array([[1, 0, 1], [0, 0, 0]]), axis=0),
        (2, 3),
    ),
    case("numpy.take_along_axis", lambda x: np.take_along_axis(x, np.array([[2], [0]]), axis=-1), (2, 3)),
    case("numpy.take_along_axis", lambda x: np.take_along_axis(x, np.argsort(x, axis=0), axis=0), (4, 2)),
    case("numpy.sort", np.sort, (5,)),
    case("numpy.sort", lambda x: np.sort(x, axis=0), (4, 2)),
    case("numpy.sort", lambda x: np.sort(x, axis=None), (2, 3)),
    case("numpy.sort", np.sort, (0,)),
    case("numpy.partition", lambda x: np.partition(x, 2), (6,)),
    case("numpy.partition", lambda x: np.partition(x, (0, 2), axis=0), (4, 2)),
    case("numpy.compress", lambda x: np.compress([True, False, True], x, axis=0), (3, 2)),
    case("numpy.compress", lambda x: np.compress([False, True], x), (4,)),
    case("numpy.extract", lambda x: np.extract(_MASK, x), (2, 3)),
    case(
        "numpy.select",
        lambda x: np.select([x < 1.0, x < 2.0], [x * x, 3.0 * x], default=1.0),
        (6,),
        single=False,
    ),
    case("numpy.choose", lambda x, y: np.choose([0, 1, 1], [x, y]), (3,), (3,)),
    case("numpy.choose", lambda x, y: np.choose(np.array([[0], [3]]), [x, y], mode="wrap"), (3,), ()),
    case(
        "numpy.piecewise",
        lambda x: np.piecewise(x, [x < 1.5, x >= 1.5], [lambda t: t * t, lambda t: 1.0 + t]),
        (5,),
    ),
    case("numpy.piecewise", lambda x: np.piecewise(x, [x < 1.5], [np.exp, 2.0]), (5,)),
    case("numpy.diagonal", np.diagonal, (3, 3)),
    case("numpy.diagonal", lambda x: np.diagonal(x, offset=1), (2, 4)),
    case("numpy.diagonal", lambda x: np.diagonal(x, -1, 0, 2), (3, 2, 4)),
    case("numpy.diagonal", lambda x: np.diagonal(x, 5), (3, 3)),
    case("numpy.trace", np.trace, (3, 3)),
    case("numpy.trace", lambda x: np.trace(x, offset=-1, axis1=1, axis2=2), (2, 3, 3)),
    case("numpy.diag", np.diag, (3,)),
    case("numpy.diag", lambda x: np.diag(x, -1), (2,)),
    case("numpy.diag", lambda x: np.diag(x, 2), (2,)),
    case("numpy.diag", lambda x: np.diag(x, 1), (3, 3)),
    case("numpy.diag", np.diag, (0,)),
    case("numpy.diagflat", np.diagflat, (2, 2)),
    case("numpy.triu", np.triu, (3, 3)),
    case("numpy.triu", lambda x: np.triu(x, 1), (2, 3, 4)),
    case("numpy.tril", np.tril, (3, 4)),
    case("numpy.tril", lambda x: np.tril(x, -1), (3, 3)),
    case("numpy.tril", np.tril, (3,)),
    case("numpy.apply_along_axis", lambda x: np.apply_along_axis(lambda r: np.sum(r * r), 1, x), (2, 3)),
    case("numpy.apply_along_axis", lambda x: np.apply_along_axis(lambda r: r[::-1] * r[0], 0, x), (3, 2)),
    case(
        "numpy.lib.stride_tricks.sliding_window_view",
        lambda x: np.lib.stride_tricks.sliding_window_view(x, 3),
        (5,),
    ),
    case(
        "numpy.lib.stride_tricks.sliding_window_view",
        lambda x: np.lib.stride_tricks.sliding_window_view(x, (2, 2), axis=(0, 1)),
        (3, 4),
    ),
    case("numpy.bincount", lambda w: np.bincount([0, 2, 2, 1], weights=w, minlength=5), (4,), single=False),
]
if hasattr(np, "unstack"):  # since NumPy 2.1
    SHAPING.append(case("numpy.unstack", lambda x: np.unstack(x, axis=1), (2, 3)))
if hasattr(np, "matrix_transpose"):  # since NumPy 2.0
    SHAPING += [
        case("numpy.matrix_transpose", np.matrix_transpose, (2, 3, 4)),
        case("numpy.linalg.matrix_transpose", np.linalg.matrix_transpose, (3, 4)),
        case("numpy.linalg.diagonal", np.linalg.diagonal, (2, 3, 3)),
        case("numpy.linalg.diagonal", lambda x: np.linalg.diagonal(x, offset=1), (3, 4)),
        case("numpy.linalg.trace", np.linalg.trace, (2, 3, 3)),
    ]

CASES: list[Case] = [*INDEXING, *SHAPING, *CHOOSING]
