"""What torch code keeps between calls, put back after each of ours: random numbers, and the buffers of modules."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator, Sequence
from typing import Any

#: Of the random numbers that a function draws.
_SEED = 20_231
#: So many helpers deep are modules looked for.
_DEPTH = 4
_LIBRARIES = ("torch", "numpy", "builtins", "math", "functools")


class Still:
    """Keeps random numbers and buffers (the running means of a batch norm) still, and knows what would have moved."""

    def __init__(self, torch: Any) -> None:
        self._torch = torch
        self._drawn = False
        self._buffers: dict[str, None] = {}
        self._known: dict[int, tuple[Any, list[Any]]] = {}

    @contextlib.contextmanager
    def during(self, function: Any, lifted: str | None) -> Iterator[None]:
        """The same seed before, and everything as it was after; modules that the function reaches are in the format ``lifted``."""
        torch = self._torch
        modules = self._modules(function)
        with _seeded(torch):
            fresh = torch.get_rng_state()
            before = [(*place, place[2].detach().clone()) for m in modules for place in _buffers(m)]
            tensors = [t for m in modules for t in (*m.parameters(), *m.buffers())]
            widened = _widened(tensors, getattr(torch, lifted)) if lifted else []
            try:
                yield
                self._drawn |= not torch.equal(torch.get_rng_state(), fresh)
            finally:
                for tensor, old in widened:
                    tensor.data = old
                for owner, name, buffer, old in before:
                    if not torch.equal(owner[name], old):
                        self._buffers[name] = None
                    owner[name] = buffer
                    with torch.no_grad():
                        buffer.copy_(old)

    def _modules(self, function: Any) -> list[Any]:
        """The modules of a function, looked for once."""
        if id(function) not in self._known:
            self._known[id(function)] = (function, modules_of(function, self._torch))
        return self._known[id(function)][1]

    def said(self) -> Sequence[str]:
        """What was kept still."""
        found = []
        if self._drawn:
            found.append("the function draws random numbers: torch is seeded alike before every call")
        if self._buffers:
            names = list(self._buffers)
            shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            found.append(f"kept still: {shown}, which every call would change, as in training")
        return found


@contextlib.contextmanager
def _seeded(torch: Any) -> Iterator[None]:
    """Random numbers from the same seed, and then where they were: of the CPU, and of CUDA where it is in use."""
    cuda = torch.cuda.is_initialized()
    before = torch.default_generator.get_state()
    others = torch.cuda.get_rng_state_all() if cuda else []
    torch.default_generator.manual_seed(_SEED)
    if cuda:
        torch.cuda.manual_seed_all(_SEED)
    try:
        yield
    finally:
        torch.default_generator.set_state(before)
        if cuda:
            torch.cuda.set_rng_state_all(others)


def _buffers(module: Any) -> list[tuple[dict[str, Any], str, Any]]:
    """Each buffer with the dictionary that holds it: code may write into it, or put another in its place."""
    return [
        (part._buffers, name, buffer)
        for part in module.modules()
        for name, buffer in part._buffers.items()
        if buffer is not None
    ]


def _widened(tensors: Sequence[Any], dtype: Any) -> list[tuple[Any, Any]]:
    """Change floating-point tensors of a smaller format in place; each with its old data."""
    found = []
    for tensor in tensors:
        if tensor.is_floating_point() and tensor.element_size() < dtype.itemsize:
            found.append((tensor, tensor.data))
            tensor.data = tensor.data.to(dtype)
    return found


def modules_of(function: Any, torch: Any) -> list[Any]:
    """The modules that a function is, is bound to, closes over, or names in its body or in those of its helpers.

    A module among them is not looked into: its buffers are those of its children too.
    """
    module = torch.nn.Module
    found: dict[int, Any] = {}
    waiting: list[tuple[Any, int]] = [(function, 0)]
    met: set[int] = set()
    while waiting:
        value, depth = waiting.pop()
        if id(value) in met:
            continue
        met.add(id(value))
        if isinstance(value, module):
            found[id(value)] = value
        elif callable(value) and depth < _DEPTH and not _is_library(value):
            waiting += [(inner, depth + 1) for inner in _reached(inspect.unwrap(value))]
    return list(found.values())


def _is_library(value: Any) -> bool:
    """What comes with the framework keeps nothing of the user's."""
    home = (getattr(value, "__module__", None) or "").partition(".")[0]
    return home in _LIBRARIES


def _reached(function: Any) -> list[Any]:
    values = [getattr(function, "__self__", None), getattr(function, "__func__", None)]
    values += [getattr(function, "func", None), *getattr(function, "args", ())]  # a partial
    code = getattr(function, "__code__", None)
    if code is None:
        return values
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # an empty cell
            values.append(cell.cell_contents)
    values += [function.__globals__[name] for name in code.co_names if name in function.__globals__]
    return [*values, *(function.__defaults__ or ())]
