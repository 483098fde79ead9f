"""The first witness: calcgrad's own reverse mode, where the loss can be traced; every entry at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.checking.calling import nudged
from calcgrad.checking.evaluation import Evaluation
from calcgrad.checking.subject import Leaf
from calcgrad.checking.trees import leaves, rebuilt
from calcgrad.errors import CalcgradError

Array = Any


@dataclass(frozen=True, slots=True)
class Gradient:
    """A gradient by reverse mode with the rounding error of each entry, as measured."""

    vector: Array
    noise: Array


def traced_gradient(evaluation: Evaluation, x: Array, value: Array) -> Gradient | str:
    """The gradient by reverse mode, in double precision; or why there is none."""
    try:
        with numpy.errstate(all="ignore"):
            found, here = _gradient(evaluation, x)
            _, moved = _gradient(evaluation, nudged(x, evaluation.leaves, 0))
    except CalcgradError as error:
        return error.diagnostic.message
    except (Exception, SystemExit, RecursionError) as error:
        return f"{type(error).__name__}: {error}".splitlines()[0][:200]
    if not numpy.isfinite(here).all() or not numpy.isfinite(moved).all():
        return "a derivative on the way is not finite"
    loose = 1e-3 if value.dtype != numpy.float64 else 1e-9
    if not abs(float(found) - float(value)) <= loose * max(abs(float(value)), abs(float(found))):
        return f"the traced function gives {float(found):.6g}, the function itself {float(value):.6g}"
    return Gradient(here, numpy.abs(moved - here) + 2.0**-50 * numpy.abs(here))


def loss_of(evaluation: Evaluation) -> Callable[..., Any]:
    """The function of the differentiated leaves alone, traced values or arrays, the other arguments as they are."""

    def loss(*parts: Any) -> Any:
        return evaluation.f(*arguments_with(evaluation, parts))

    return loss


def _gradient(evaluation: Evaluation, x: Array) -> tuple[Any, Array]:
    from calcgrad.tracing.gradients import value_and_gradients

    if evaluation.seed_call is not None:
        evaluation.seed_call(evaluation.seed)
    parts = [_part(x, leaf) for leaf in evaluation.leaves]
    value, gradients = value_and_gradients(loss_of(evaluation), *parts)
    flat = [numpy.asarray(g, dtype=numpy.float64).ravel() for g in gradients]
    return value, numpy.concatenate(flat) if flat else numpy.zeros(0)


def _part(x: Array, leaf: Leaf) -> Any:
    return float(x[leaf.start]) if not leaf.shape else x[leaf.start : leaf.stop].reshape(leaf.shape).copy()


def arguments_with(evaluation: Evaluation, parts: tuple[Any, ...]) -> list[Any]:
    """The arguments of a call with traced values in place of the differentiated leaves."""
    by_path = {leaf.path: part for leaf, part in zip(evaluation.leaves, parts, strict=True)}
    return [_with(tree, name, by_path) for name, tree in evaluation.arguments.items()]


def _with(tree: Any, name: str, by_path: dict[str, Any]) -> Any:
    order: Iterator[tuple[str, Any]] = iter(list(leaves(tree, name)))

    def replace(_: Any) -> Any:
        path, value = next(order)
        return by_path.get(path, value)

    return rebuilt(tree, replace)
