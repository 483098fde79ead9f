"""Which framework a function or an argument belongs to, found without importing any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from calcgrad.checking.frameworks.arrays import Arrays
from calcgrad.errors import UsageError
from calcgrad.pytrees import named_leaves

FRAMEWORKS = ("torch", "jax")
_HOMES = {"torch": "torch", "jax": "jax", "jaxlib": "jax"}


def framework_of(arguments: Sequence[Any]) -> str | None:
    """The framework whose arrays are among the arguments; it is not imported to find out.

    >>> framework_of([1.0, {"w": [2.0]}]) is None
    True
    """
    found = (_HOMES.get(_library(type(leaf))) for tree in arguments for _, leaf in named_leaves(tree, ""))
    return next((name for name in found if name), None)


def home_of(target: Any) -> str | None:
    """The framework that a target is an object of: a ``Function``, a module, a ``custom_vjp``.

    >>> home_of(lambda w: w) is None
    True
    """
    kinds = target.__mro__ if isinstance(target, type) else type(target).__mro__
    return next((_HOMES[_library(kind)] for kind in kinds if _library(kind) in _HOMES), None)


def _library(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def arrays_of(framework: str) -> Arrays:
    """What is known of a framework. Raises ``UsageError``: E388 for an unknown name, E504 where it is not installed."""
    if framework == "torch":
        from calcgrad.checking.frameworks.torch_arrays import TorchArrays

        return TorchArrays()
    if framework == "jax":
        from calcgrad.checking.frameworks.jax_arrays import JaxArrays

        return JaxArrays()
    raise UsageError.of("E388", f"there is no framework {framework}: {' or '.join(FRAMEWORKS)}")


def as_called(target: Any) -> Callable[..., Any]:
    """A target with the parameters that it is called with: those of a ``Function``'s or a module's forward."""
    if home_of(target) != "torch":
        return target  # type: ignore[no-any-return]
    from calcgrad.checking.frameworks.torch_targets import opened

    return opened(target).call
