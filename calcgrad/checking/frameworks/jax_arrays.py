"""jax: arrays, reverse and forward mode, and doubles only where they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from calcgrad.checking.frameworks.arrays import COARSE, Array, Run, imported


class JaxArrays:
    """The protocol of :mod:`calcgrad.checking.frameworks.arrays` for jax.

    jax computes in single precision unless it is told otherwise; its own setting is left as it is, and doubles are
    switched on for the calls that have them.
    """

    name = "jax"

    def __init__(self) -> None:
        self.jax = imported("jax")

    def is_array(self, leaf: Any) -> bool:
        return isinstance(leaf, self.jax.Array)

    def format_of(self, leaf: Any) -> str:
        return str(leaf.dtype)

    def to_numpy(self, leaf: Any) -> Any:
        import numpy

        if not hasattr(leaf.dtype, "kind"):
            return leaf  # a key of random numbers
        array = numpy.asarray(leaf)
        return (array.astype(numpy.float32) if array.dtype.name == "bfloat16" else numpy.array(array))[()]

    def make(self, value: Any, template: Any, number_format: str | None) -> Array:
        import numpy

        array = numpy.array(value)
        made = self.jax.numpy.asarray(array, dtype=number_format or array.dtype)
        return made if template is None else self.jax.device_put(made, template.sharding)

    def leaves(self, answer: Any) -> Sequence[Any]:
        found: Sequence[Any] = self.jax.tree_util.tree_leaves(answer)
        return found

    def is_real(self, leaf: Any) -> bool:
        return self.is_array(leaf) and self.jax.numpy.issubdtype(leaf.dtype, self.jax.numpy.floating)

    def weight(self, value: Any, output: Array) -> Array:
        return self.make(value, None, self.format_of(output))

    def is_chosen(self, leaf: Any) -> bool:
        return False

    def still(self, function: Any, formats: Sequence[str], lifted: str | None) -> AbstractContextManager[Any]:
        return _doubles(self.jax) if "float64" in (*formats, lifted) else nullcontext()

    def said(self) -> Sequence[str]:
        return ()

    def value(self, run: Run, leaves: Sequence[Array]) -> Sequence[Array]:
        return run(leaves)

    def pullback(self, run: Run, leaves: Sequence[Array], cotangents: Any) -> Sequence[Array]:
        outputs, back = self.jax.vjp(lambda *each: list(run(each)), *leaves)
        found: Sequence[Array] = back(list(cotangents(outputs)))
        return found

    def pushforward(self, run: Run, leaves: Sequence[Array], tangents: Sequence[Array]) -> Sequence[Array]:
        found: Sequence[Array] = self.jax.jvp(lambda *each: list(run(each)), list(leaves), list(tangents))[1]
        return found

    def coarsest(self, call: Callable[[], Any]) -> str | None:
        """From the traced program, with the programs inside it."""
        try:
            seen = set(_formats(self.jax.make_jaxpr(call)().jaxpr))
        except Exception:  # what the call raises is said where it is made in earnest
            return None
        return next((f for f in COARSE if f in seen), None)


def _doubles(jax: Any) -> AbstractContextManager[Any]:
    """The context in which jax has doubles; the name has moved."""
    home = jax if hasattr(jax, "enable_x64") else imported("jax.experimental")
    switch = home.enable_x64
    found: AbstractContextManager[Any] = switch(True)
    return found


def _formats(program: Any) -> Iterator[str]:
    for step in program.eqns:
        for variable in step.outvars:
            dtype = getattr(variable.aval, "dtype", None)
            if dtype is not None:
                yield str(dtype)
        for parameter in step.params.values():
            inner = getattr(parameter, "jaxpr", None)
            if inner is not None:
                yield from _formats(getattr(inner, "jaxpr", inner))
