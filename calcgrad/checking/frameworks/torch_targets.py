"""What of torch can be a target: a ``Function``, a module with its parameters by name, or a plain function of tensors."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from calcgrad.checking.frameworks.arrays import imported
from calcgrad.errors import UsageError


@dataclass(frozen=True, slots=True)
class Opened:
    """A target as a function of its arguments.

    ``more`` are arguments of its own that come first, by name (a module's parameters). ``state`` is what may keep something between
    calls. ``custom`` is the ``Function`` whose backward pass is the claim.
    """

    call: Callable[..., Any]
    state: Any
    more: Mapping[str, Any] = field(default_factory=dict)
    custom: Any = None


def opened(target: Any) -> Opened:
    """The target opened; raises ``UsageError`` (E560) for a class of modules that cannot be made without arguments."""
    torch = imported("torch")
    kind: Any = target
    if isinstance(target, type) and issubclass(target, torch.autograd.Function):
        return Opened(_of_function(kind), kind.forward, custom=kind)
    if isinstance(target, type) and issubclass(target, torch.nn.Module):
        target = _made(target, torch)
    if isinstance(target, torch.nn.Module):
        return _of_module(target, torch)
    return Opened(target, target)


def _of_function(function: Any) -> Callable[..., Any]:
    """``Function.apply`` with the parameters of forward; each tensor handed over as a result of something, as in a program.

    A ``Function`` may write into its inputs (``mark_dirty``), which the leaves of a graph do not allow.
    """
    torch = imported("torch")

    def call(*arguments: Any) -> Any:
        copies = [a.clone() if isinstance(a, torch.Tensor) else a for a in arguments]
        return function.apply(*copies)

    parameters = list(inspect.signature(function.forward).parameters.values())
    base = torch.autograd.Function
    combined = (
        function.setup_context is base.setup_context
    )  # forward(ctx, ...), not forward(...) and setup_context
    functools.update_wrapper(call, function.forward, updated=())
    call.__name__ = call.__qualname__ = function.__name__
    call.__signature__ = inspect.Signature(parameters[1:] if combined else parameters)  # type: ignore[attr-defined]
    return call


def _made(kind: Any, torch: Any) -> Any:
    try:
        with torch.random.fork_rng():
            torch.manual_seed(1)
            return kind()
    except TypeError as error:
        hints = (f"make one in the file, net = {kind.__name__}(...), and name it: model.py:net",)
        raise UsageError.of("E560", f"{kind.__name__} is a class of modules: {error}", hints=hints) from error


def _of_module(module: Any, torch: Any) -> Opened:
    """The module as a function of its parameters, those that are frozen left out, and of its inputs."""
    every = dict(module.named_parameters())
    parameters = {name: p for name, p in every.items() if p.requires_grad} or every
    names = list(parameters)

    def call(*arguments: Any) -> Any:
        values = dict(zip(names, arguments, strict=False))
        return torch.func.functional_call(module, values, tuple(arguments[len(names) :]))

    call.__name__ = call.__qualname__ = type(module).__name__
    own = list(inspect.signature(module.forward).parameters.values())
    call.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    call.__wrapped__ = type(module).forward  # type: ignore[attr-defined]
    return Opened(call, module, parameters)
