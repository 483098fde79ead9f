"""Functions of torch and jax as functions of NumPy arrays, and their own automatic differentiation as one more claim.

The libraries are imported here, when a function of theirs is checked, and nowhere else.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Sequence
from typing import Any

from calcgrad.errors import UsageError
from calcgrad.pytrees import map_leaves, named_leaves

FRAMEWORKS = ("torch", "jax")


def adapted(function: Callable[..., Any], framework: str) -> Callable[..., Any]:
    """The function with NumPy arrays in and out, where it takes and gives the framework's.

    Raises ``UsageError`` (E504) where the framework is not installed.
    """
    into, back = _conversions(framework)

    def call(*arguments: Any) -> Any:
        return map_leaves(back, function(*[map_leaves(into, tree) for tree in arguments]))

    return functools.update_wrapper(call, function)


def own_gradient(
    function: Callable[..., Any], framework: str, chosen: Sequence[int] | None = None
) -> Callable[..., Any]:
    """The gradient of a function of the framework's arrays by its own reverse mode, with NumPy arrays in and out.

    ``chosen`` are the positions of the arguments to differentiate in; without it, all that hold real numbers. Each part has the
    form of its argument; an entry that is no real number, or that the loss does not use, has a zero.
    """
    return _torch_gradient(function, chosen) if framework == "torch" else _jax_gradient(function, chosen)


def framework_of(arguments: Sequence[Any]) -> str | None:
    """The framework whose arrays are among the arguments; it is not imported to find out.

    >>> framework_of([1.0, {"w": [2.0]}]) is None
    True
    """
    for tree in arguments:
        for _, leaf in named_leaves(tree, ""):
            home = type(leaf).__module__.partition(".")[0]
            if home in ("torch", "jax", "jaxlib"):
                return "torch" if home == "torch" else "jax"
    return None


def as_numpy(tree: Any, framework: str) -> Any:
    """A tree of the framework's arrays with NumPy's in their place."""
    return map_leaves(_conversions(framework)[1], tree)


def _imported(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        library = name.partition(".")[0]
        hints = (f"python -m pip install {library}",)
        raise UsageError.of("E504", f"{library} is not installed: {error}", hints=hints) from error


def _real(leaf: Any) -> bool:
    """Whether a leaf holds floating-point numbers."""
    return isinstance(leaf, float) or getattr(getattr(leaf, "dtype", None), "kind", "") == "f"


def _conversions(framework: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """From a NumPy array or a number to the framework's array, and back; other leaves stay."""
    import numpy

    if framework == "torch":
        torch = _imported("torch")

        def into(leaf: Any) -> Any:
            array = isinstance(leaf, (numpy.ndarray, numpy.generic, float))
            return torch.from_numpy(numpy.array(leaf)) if array else leaf

        def back(leaf: Any) -> Any:
            return leaf.detach().cpu().numpy()[()] if isinstance(leaf, torch.Tensor) else leaf

        return into, back
    jax = _imported("jax")
    jax.config.update("jax_enable_x64", True)  # or doubles would become singles without a word

    def into_jax(leaf: Any) -> Any:
        array = isinstance(leaf, (numpy.ndarray, numpy.generic, float))
        return jax.numpy.asarray(numpy.array(leaf)) if array else leaf

    def back_from_jax(leaf: Any) -> Any:
        return numpy.array(leaf)[()] if isinstance(leaf, jax.Array) else leaf

    return into_jax, back_from_jax


def _torch_gradient(function: Callable[..., Any], chosen: Sequence[int] | None) -> Callable[..., Any]:
    torch = _imported("torch")
    into, back = _conversions("torch")

    def gradient(*arguments: Any) -> Any:
        trees = [map_leaves(into, tree) for tree in arguments]
        picked = _picked(arguments, chosen)
        inputs = [
            leaf.requires_grad_()
            for i in picked
            for _, leaf in named_leaves(trees[i], "")
            if isinstance(leaf, torch.Tensor) and leaf.is_floating_point()
        ]
        value = function(*trees)
        parts = iter(torch.autograd.grad(value, inputs, allow_unused=True))

        def part(leaf: Any) -> Any:
            if not (isinstance(leaf, torch.Tensor) and leaf.requires_grad):
                return 0.0
            found = next(parts)
            return back(torch.zeros_like(leaf) if found is None else found)

        return _as_answer([map_leaves(part, trees[i]) for i in picked])

    return gradient


def _jax_gradient(function: Callable[..., Any], chosen: Sequence[int] | None) -> Callable[..., Any]:
    jax = _imported("jax")
    into, back = _conversions("jax")

    def gradient(*arguments: Any) -> Any:
        trees = [map_leaves(into, tree) for tree in arguments]
        picked = _picked(arguments, chosen)
        real = [leaf for i in picked for _, leaf in named_leaves(arguments[i], "") if _real(leaf)]

        def loss(values: Any) -> Any:
            rest = iter(values)
            whole = list(trees)
            for i in picked:
                whole[i] = map_leaves(lambda leaf: next(rest) if _real(leaf) else into(leaf), arguments[i])
            return function(*whole)

        parts = iter(jax.grad(loss)([into(leaf) for leaf in real]))
        return _as_answer(
            [map_leaves(lambda leaf: back(next(parts)) if _real(leaf) else 0.0, arguments[i]) for i in picked]
        )

    return gradient


def _picked(arguments: Sequence[Any], chosen: Sequence[int] | None) -> list[int]:
    if chosen is not None:
        return list(chosen)
    return [i for i, tree in enumerate(arguments) if any(_real(leaf) for _, leaf in named_leaves(tree, ""))]


def _as_answer(parts: list[Any]) -> Any:
    return tuple(parts) if len(parts) > 1 else parts[0]
