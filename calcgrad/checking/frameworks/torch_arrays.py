"""torch: tensors, reverse and forward mode, and its state kept still."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from calcgrad.checking.frameworks.arrays import COARSE, Array, Run, imported
from calcgrad.checking.frameworks.torch_state import Still

#: Formats that NumPy has not.
_WIDENED = ("bfloat16", "float8_e4m3fn", "float8_e5m2")


class TorchArrays:
    """The protocol of :mod:`calcgrad.checking.frameworks.arrays` for torch."""

    name = "torch"

    def __init__(self) -> None:
        self.torch = imported("torch")
        self._still = Still(self.torch)
        self._heard = True

    def is_array(self, leaf: Any) -> bool:
        return isinstance(leaf, self.torch.Tensor)

    def format_of(self, leaf: Any) -> str:
        return str(leaf.dtype).removeprefix("torch.")

    @contextmanager
    def _unheard(self) -> Iterator[None]:
        """Our own handing over and back is no step of the call that is watched."""
        before, self._heard = self._heard, False
        try:
            yield
        finally:
            self._heard = before

    def to_numpy(self, leaf: Any) -> Any:
        with self._unheard():
            return self._in_numpy(leaf)

    def _in_numpy(self, leaf: Any) -> Any:
        tensor = leaf.detach().cpu().resolve_conj().resolve_neg()
        if tensor.layout != self.torch.strided:
            tensor = tensor.to_dense()
        if self.format_of(tensor) in _WIDENED:
            tensor = tensor.float()
        return tensor.numpy()[()]

    def make(self, value: Any, template: Any, number_format: str | None) -> Array:
        with self._unheard():
            return self._made(value, template, number_format)

    def _made(self, value: Any, template: Any, number_format: str | None) -> Array:
        import numpy

        plain = self.torch.from_numpy(numpy.array(value))
        wanted = getattr(self.torch, number_format) if number_format else plain.dtype
        if template is None:
            return plain.to(wanted)
        made = self.torch.empty_like(
            template.detach(), dtype=wanted, memory_format=self.torch.preserve_format
        )
        made.copy_(plain)
        return made.requires_grad_() if template.requires_grad else made

    def leaves(self, answer: Any) -> Sequence[Any]:
        found: Sequence[Any] = imported("torch.utils._pytree").tree_leaves(answer)
        return found

    def is_real(self, leaf: Any) -> bool:
        return self.is_array(leaf) and leaf.is_floating_point()

    def weight(self, value: Any, output: Array) -> Array:
        return self.make(value, output.detach(), self.format_of(output))

    def is_chosen(self, leaf: Any) -> bool:
        return bool(leaf.requires_grad)

    @contextmanager
    def still(self, function: Any, formats: Sequence[str], lifted: str | None) -> Iterator[None]:
        surrounding = ExitStack()
        with self._unheard():
            surrounding.enter_context(self._still.during(function, lifted))
        try:
            yield
        finally:
            with self._unheard():
                surrounding.close()

    def said(self) -> Sequence[str]:
        return self._still.said()

    def value(self, run: Run, leaves: Sequence[Array]) -> Sequence[Array]:
        with self.torch.enable_grad():
            return run(leaves)

    def pullback(self, run: Run, leaves: Sequence[Array], cotangents: Any) -> Sequence[Array]:
        torch = self.torch
        with torch.enable_grad():
            leaves = [leaf if leaf.requires_grad else leaf.detach().requires_grad_() for leaf in leaves]
            outputs = run(leaves)
            pairs = [(o, c) for o, c in zip(outputs, cotangents(outputs), strict=True) if o.requires_grad]
            if not pairs:
                return [torch.zeros_like(leaf) for leaf in leaves]
            heads, weights = [o for o, _ in pairs], [c for _, c in pairs]
            found = torch.autograd.grad(heads, leaves, weights, allow_unused=True, create_graph=True)
        return [torch.zeros_like(leaf) if g is None else g for leaf, g in zip(leaves, found, strict=True)]

    def pushforward(self, run: Run, leaves: Sequence[Array], tangents: Sequence[Array]) -> Sequence[Array]:
        forward = self.torch.autograd.forward_ad
        with forward.dual_level():
            duals = [
                forward.make_dual(leaf.detach(), t.detach()) for leaf, t in zip(leaves, tangents, strict=True)
            ]
            outputs = [forward.unpack_dual(o) for o in run(duals)]
            return [self.torch.zeros_like(o.primal) if o.tangent is None else o.tangent for o in outputs]

    def coarsest(self, call: Callable[[], Any]) -> str | None:
        """By a mode that sees every operation on tensors, in the backward pass too; what a kernel of its own does it cannot see."""
        dispatch = imported("torch.utils._python_dispatch")
        seen: set[str] = set()
        arrays = self

        class Watch(dispatch.TorchDispatchMode):  # type: ignore[misc, name-defined]
            def __torch_dispatch__(
                self, function: Any, types: Any, args: Any = (), kwargs: Any = None
            ) -> Any:
                answer = function(*args, **(kwargs or {}))
                if arrays._heard:
                    seen.update(
                        arrays.format_of(leaf) for leaf in filter(arrays.is_real, arrays.leaves(answer))
                    )
                return answer

        try:
            with Watch():
                call()
        except Exception:  # what the call raises is said where it is made in earnest
            return None
        return next((f for f in (*reversed(_WIDENED), *COARSE) if f in seen), None)
