"""A framework's function as functions of NumPy arrays: its value, its derivatives by the framework's own modes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy

from calcgrad.checking.frameworks.arrays import COARSE, Array, Arrays, Run
from calcgrad.pytrees import map_leaves, named_leaves

#: What comes with a framework's function as a number or an array that is no framework's.
_PLAIN = (numpy.ndarray, numpy.generic, float)


@dataclass(frozen=True, slots=True)
class Adapted:
    """A function of a framework's arrays. Values are trees of NumPy arrays, one for each of ``templates``, in their order.

    ``templates`` are the arguments as they were given, by name: a leaf handed over has the template's format, device and
    strides. ``chosen`` are the paths of the leaves to differentiate in. ``lifted`` is the format that coarser ones are
    replaced with. ``state`` is what may keep something between calls. ``kept`` says which outputs count, where not all do.
    """

    arrays: Arrays
    call: Callable[..., Any]
    templates: Mapping[str, Any]
    chosen: tuple[str, ...]
    state: Any = None
    lifted: str | None = None
    kept: tuple[bool, ...] | None = None

    def formats(self) -> dict[str, str]:
        """The number format of each chosen leaf."""
        return {path: self._format(leaf) for path, leaf in self._named() if path in self.chosen}

    def in_numpy(self) -> dict[str, Any]:
        """The arguments with NumPy arrays in them."""
        return {name: map_leaves(self._in_numpy, tree) for name, tree in self.templates.items()}

    def value(self, *values: Any) -> Any:
        """The function's output; of several outputs all entries, one after another."""
        with self._still():
            run, leaves = self._prepared(values)
            return _one([self.arrays.to_numpy(o) for o in self.arrays.value(run, leaves)])

    def gradient(self, *values: Any) -> Any:
        """The gradient of a function with one value, by reverse mode, in the form of the arguments."""
        return self.vjp(*values, 1.0)

    def vjp(self, *values_and_cotangent: Any) -> Any:
        """The derivative of the output, weighted by the cotangent, by reverse mode, in the form of the arguments."""
        return self._vjp(values_and_cotangent, self._weights)

    def vjp_with(self, weights: Callable[[Any, Sequence[Array]], Sequence[Array]]) -> Callable[..., Any]:
        """``vjp`` with the weights of the outputs made by another function from the cotangent and the outputs."""
        return lambda *given: self._vjp(given, weights)

    def _vjp(self, given: Sequence[Any], weights: Callable[[Any, Sequence[Array]], Sequence[Array]]) -> Any:
        *values, cotangent = given
        with self._still():
            run, leaves = self._prepared(values)
            found = self.arrays.pullback(run, leaves, lambda outputs: weights(cotangent, outputs))
            return self._as_answer(values, found)

    def jvp(self, *values_and_tangents: Any) -> Any:
        """The derivative of the output along tangents, one tree for each argument with a chosen leaf, by forward mode."""
        count = len(self.templates)
        values, tangents = values_and_tangents[:count], values_and_tangents[count:]
        with self._still():
            run, leaves = self._prepared(values)
            moves = self._moves(tangents, leaves)
            return _one([self.arrays.to_numpy(o) for o in self.arrays.pushforward(run, leaves, moves)])

    def coarsest(self, derivative: Callable[..., Any], *given: Any) -> str | None:
        """The coarsest format of any step of a derivative."""
        return self.arrays.coarsest(lambda: derivative(*given))

    def of_numpy(self, claim: Callable[..., Any]) -> Callable[..., Any]:
        """A claim about this function that takes and gives the framework's arrays, with NumPy's in and out."""

        def call(*given: Any) -> Any:
            count = len(self.templates)
            with self._still():
                trees, _ = self._trees(given[:count])
                more = [map_leaves(self._extra, tree) for tree in given[count:]]
                return map_leaves(self._in_numpy, claim(*trees, *more))

        call.__wrapped__ = claim  # type: ignore[attr-defined]
        return call

    def only(self, chosen: tuple[str, ...]) -> Adapted:
        """The same function, differentiated in these leaves alone."""
        return replace(self, chosen=chosen)

    def by_path(self, answer: Any) -> dict[str, Any]:
        """The parts of an answer of :meth:`vjp` by the path of each chosen leaf."""
        names = [name for name in self.templates if any(_belongs(path, name, self) for path in self.chosen)]
        parts = answer if len(names) > 1 else {names[0]: answer}
        found = {path: leaf for name in names for path, leaf in named_leaves(parts[name], name)}
        return {path: found[path] for path in self.chosen}

    # Going in

    def _still(self) -> Any:
        formats = [self.arrays.format_of(leaf) for _, leaf in self._named() if self.arrays.is_real(leaf)]
        plain = [leaf for _, leaf in self._named() if isinstance(leaf, _PLAIN) and not formats]
        formats += [self._format(leaf) for leaf in plain]
        return self.arrays.still(self.call if self.state is None else self.state, formats, self.lifted)

    def _prepared(self, values: Sequence[Any]) -> tuple[Run, list[Array]]:
        """The function of the chosen leaves, and the leaves."""
        trees, leaves = self._trees(values)

        def run(each: Sequence[Array]) -> Sequence[Array]:
            return self._outputs(self.call(*self._with(trees, each)))

        return run, leaves

    def _trees(self, values: Sequence[Any]) -> tuple[list[Any], list[Array]]:
        """The arguments in the framework's arrays, and the chosen leaves among them."""
        trees, chosen = [], []
        for (name, template), value in zip(self.templates.items(), values, strict=True):
            pairs = iter(list(zip(named_leaves(template, name), named_leaves(value, name), strict=True)))

            def made(_: Any, pairs: Iterator[Any] = pairs) -> Any:
                (path, old), (_, new) = next(pairs)
                leaf = self._made(old, new, path in self.chosen)
                if path in self.chosen:
                    chosen.append(leaf)
                return leaf

            trees.append(map_leaves(made, template))
        return trees, chosen

    def _made(self, template: Any, value: Any, is_chosen: bool) -> Any:
        if self.arrays.is_array(template):
            if self.arrays.is_array(value):
                return value  # what NumPy cannot hold, as it is
            real = self.arrays.is_real(template)
            wanted = self._format(template) if real else self.arrays.format_of(template)
            return self.arrays.make(value, template, wanted)
        if isinstance(template, (numpy.ndarray, numpy.generic)) or (
            is_chosen and isinstance(template, float)
        ):
            kind = numpy.asarray(value).dtype.kind
            return self.arrays.make(value, None, self._format(template) if kind == "f" else None)
        return template

    def _extra(self, leaf: Any) -> Any:
        """A tangent or a cotangent of the user's claim: in the format of the arguments."""
        if not isinstance(leaf, _PLAIN):
            return leaf
        return self.arrays.make(leaf, None, min(self.formats().values(), key=_fineness))

    def _moves(self, tangents: Sequence[Any], leaves: Sequence[Array]) -> list[Array]:
        names = [name for name in self.templates if any(_belongs(path, name, self) for path in self.chosen)]
        flat = [
            leaf
            for name, tree in zip(names, tangents, strict=True)
            for path, leaf in named_leaves(tree, name)
            if path in self.chosen
        ]
        return [self.arrays.weight(move, leaf) for move, leaf in zip(flat, leaves, strict=True)]

    def _with(self, trees: Sequence[Any], leaves: Sequence[Array]) -> list[Any]:
        """The arguments with other chosen leaves."""
        rest = iter(leaves)
        found = []
        for name, tree in zip(self.templates, trees, strict=True):
            paths = iter([path for path, _ in named_leaves(tree, name)])
            found.append(
                map_leaves(
                    lambda leaf, paths=paths: next(rest) if next(paths) in self.chosen else leaf,  # type: ignore[misc]
                    tree,
                )
            )
        return found

    def _named(self) -> Iterator[tuple[str, Any]]:
        for name, tree in self.templates.items():
            yield from named_leaves(tree, name)

    def _format(self, leaf: Any) -> str:
        """The format that a real leaf is handed over in."""
        array = self.arrays.is_array(leaf)
        own = self.arrays.format_of(leaf) if array else str(numpy.asarray(leaf).dtype)
        return self.lifted if self.lifted and _fineness(own) < _fineness(self.lifted) else own

    # Coming out

    def _outputs(self, answer: Any) -> list[Array]:
        leaves = [leaf for leaf in self.arrays.leaves(answer) if self.arrays.is_array(leaf)]
        if any(self.arrays.format_of(leaf).startswith("complex") for leaf in leaves):
            raise TypeError("an output is complex: return its real and its imaginary part")
        real = [leaf for leaf in leaves if self.arrays.is_real(leaf)]
        if self.kept is not None:
            real = [leaf for leaf, kept in zip(real, self.kept, strict=True) if kept]
        if not real:
            raise TypeError("no output is an array of real floating-point numbers")
        return real

    def _weights(self, cotangent: Any, outputs: Sequence[Array]) -> list[Array]:
        """The cotangent in one part for each output."""
        flat = numpy.asarray(cotangent, dtype=numpy.float64).ravel()
        found, start = [], 0
        for output in outputs:
            size = math.prod(output.shape)
            part = flat[start : start + size].reshape(tuple(output.shape))
            found.append(self.arrays.weight(part, output))
            start += size
        return found

    def _in_numpy(self, leaf: Any) -> Any:
        return self.arrays.to_numpy(leaf) if self.arrays.is_array(leaf) else leaf

    def _as_answer(self, values: Sequence[Any], found: Sequence[Array]) -> Any:
        rest = iter([self.arrays.to_numpy(each) for each in found])
        parts: dict[str, Any] = {}
        for name, tree in zip(self.templates, values, strict=True):
            paths = [path for path, _ in named_leaves(tree, name)]
            if any(path in self.chosen for path in paths):
                order = iter(paths)
                parts[name] = map_leaves(
                    lambda _, order=order: next(rest) if next(order) in self.chosen else 0.0,  # type: ignore[misc]
                    tree,
                )
        return parts if len(parts) > 1 else next(iter(parts.values()))


def _fineness(number_format: str) -> int:
    return COARSE.index(number_format) if number_format in COARSE else len(COARSE)


def _belongs(path: str, name: str, adapted: Adapted) -> bool:
    return any(path == known for known, _ in named_leaves(adapted.templates[name], name))


def _one(outputs: Sequence[Any]) -> Any:
    """One output as it is; several in one vector, in the coarsest format among them."""
    if len(outputs) == 1:
        return outputs[0]
    coarsest = min((numpy.asarray(o).dtype for o in outputs), key=lambda dtype: dtype.itemsize)
    return numpy.concatenate([numpy.ravel(o) for o in outputs]).astype(coarsest)


def paired(adapted: Adapted, cotangents: Mapping[str, Any]) -> Adapted:
    """The pullback as a function of the arguments and of the cotangents: what a double backward differentiates."""
    count, arrays = len(adapted.templates), adapted.arrays

    def call(*trees: Any) -> Any:
        given, weights = list(trees[:count]), list(trees[count:])
        leaves = [
            leaf
            for name, tree in zip(adapted.templates, given, strict=True)
            for path, leaf in named_leaves(tree, name)
            if path in adapted.chosen
        ]

        def run(each: Sequence[Array]) -> Sequence[Array]:
            return adapted._outputs(adapted.call(*adapted._with(given, each)))

        return arrays.pullback(run, leaves, lambda _: weights)

    templates = {**adapted.templates, **cotangents}
    return replace(
        adapted, call=call, templates=templates, chosen=(*adapted.chosen, *cotangents), kept=None,
        state=adapted.call if adapted.state is None else adapted.state,
    )  # fmt: skip


def chosen_leaves(
    arrays: Arrays, templates: Mapping[str, Any], wrt: Sequence[str] = (), more: Sequence[str] = ()
) -> tuple[str, ...]:
    """The paths of the leaves to differentiate in.

    Of the arguments named by ``wrt``, or of all, the framework's real arrays; where some are marked (``requires_grad``), and
    nothing is named, these alone; where there are none, NumPy's real arrays and numbers. ``more`` are a module's parameters:
    marks among them say nothing of the other arguments.
    """
    named = [
        (path, leaf)
        for name, tree in templates.items()
        if not wrt or name in wrt
        for path, leaf in named_leaves(tree, name)
    ]
    real = [(path, leaf) for path, leaf in named if arrays.is_real(leaf)]
    marked = [path for path, leaf in real if arrays.is_chosen(leaf)]
    if real and not wrt and set(marked) - set(more):
        return tuple(marked)
    if real and not wrt and marked and more:
        return tuple([path for path, leaf in real if path in marked or path not in more])
    if real:
        return tuple([path for path, _ in real])
    return tuple([path for path, leaf in named if isinstance(leaf, float) or _is_float_array(leaf)])


def _is_float_array(leaf: Any) -> bool:
    return isinstance(leaf, (numpy.ndarray, numpy.generic)) and leaf.dtype.kind == "f"
