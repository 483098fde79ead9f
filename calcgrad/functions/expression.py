"""What a method sees of a function: values, complex values, a tape. Names and shapes <-> one flat vector of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import prod
from typing import Any

from calcgrad.autodiff.tape import Tape
from calcgrad.expression.nodes import Call, Name, Node, postorder
from calcgrad.functions.lowering import entries, lower
from calcgrad.functions.shapes import infer
from calcgrad.operations import COMPOSITES, OPERATIONS, Elementwise, parsed
from calcgrad.operations.shapes import shape_of
from calcgrad.systems.base import System, system


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One number among the arguments: a variable, and its index if that variable is an array."""

    name: str
    index: tuple[int, ...] | None = None


class Expression:
    """A function given as text: its tree, its variables in order, and the shapes that a point gives them.

    >>> from calcgrad.expression import parse
    >>> from calcgrad.operations import VOCABULARY
    >>> f = Expression(parse("x*y + sin(x)", VOCABULARY).root, ["x", "y"])
    >>> f.values([0.0, 2.0]), f.coordinates
    ([0.0], [Coordinate(name='x', index=None), Coordinate(name='y', index=None)])
    """

    #: Whether the function is an expression, and not Python code that was traced.
    of_text = True
    #: The walk of a function of numbers alone, with nothing to be put together or taken apart around it.
    _plain: Callable[[Sequence[float]], float] | None = None

    def __init__(
        self, root: Node, variables: Sequence[str], shapes: Mapping[str, tuple[int, ...]] | None = None
    ) -> None:
        self.root = root
        self.variables = tuple(variables)
        self.shapes = dict(shapes or {})
        self._programs: dict[str, list[Callable[[Sequence[Any]], Any]]] = {}

    @cached_property
    def coordinates(self) -> list[Coordinate]:
        """The flat vector's places: each variable's entries in row-major order."""
        flat: list[Coordinate] = []
        for name in self.variables:
            shape = self.shapes.get(name)
            if shape is None:
                flat.append(Coordinate(name))
            else:
                flat.extend(Coordinate(name, index) for index in indices(shape))
        return flat

    @cached_property
    def arrays(self) -> bool:
        """Whether any value in the function is an array."""
        if self.shapes:
            return True
        return any(
            isinstance(node, Call) and _of_arrays(node.op)
            for entry in entries(self.root)
            for node in postorder(entry)
        )

    @cached_property
    def in_numbers(self) -> Expression:
        """The same function of numbers alone, without composites, a variable for each coordinate; itself where it is one already.

        Raises ``LimitError`` where that grows too large, and ``UsageError`` where shapes do not fit.
        """
        if not self.arrays and not any(
            isinstance(n, Call) and n.op in COMPOSITES for n in postorder(self.root)
        ):
            return self
        from calcgrad.functions.scalars import scalar_name, scalarise

        names = [c.name if c.index is None else scalar_name(c.name, c.index) for c in self.coordinates]
        return Expression(scalarise(self.root, self.shapes), names)

    @property
    def system(self) -> System:
        """The system of floats that the function's values live in."""
        return system("numpy" if self.arrays else "float64")

    @cached_property
    def tape(self) -> Tape:
        """The expression, lowered. Raises ``UsageError`` where shapes do not fit (see ``shape_checks.infer``)."""
        assert self.shape is not None
        return lower(self.root, self.variables)

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """The shape of the value, ``()`` for a number. Raises ``UsageError`` where shapes do not fit."""
        if not self.arrays and not (isinstance(self.root, Call) and self.root.op == "vector"):
            return ()
        return infer(self.root, self.shapes)

    @cached_property
    def output_indices(self) -> list[tuple[int, ...] | None]:
        """The index of each output, in row-major order; ``[None]`` for a number."""
        return [*indices(self.shape)] if self.shape else [None]

    def unflatten(self, flat: Sequence[Any]) -> list[Any]:
        """One value a variable, arrays where the shapes say so."""
        if not self.shapes:
            return list(flat)
        import numpy

        inputs: list[Any] = []
        place = 0
        for name in self.variables:
            shape = self.shapes.get(name)
            size = 1 if shape is None else prod(shape)
            part = flat[place : place + size]
            inputs.append(part[0] if shape is None else numpy.array(part).reshape(shape))
            place += size
        return inputs

    def seed(self, i: int) -> list[Any]:
        """The inputs' tangents that move coordinate ``i`` alone: 1 there, zero by structure everywhere else."""
        if not self.shapes:
            return [1.0 if k == i else None for k in range(len(self.variables))]
        place = self.coordinates[i]
        name, index = place.name, place.index
        seed: list[Any] = [None] * len(self.variables)
        one = 1.0 if index is None else self.system.function("scatter")(1.0, index, self.shapes[name])
        seed[self.variables.index(name)] = one
        return seed

    def values(self, flat: Sequence[Any], number_system: str | None = None) -> list[Any]:
        """The raw function: every output's value, by a plain walk of the tree, with nothing shared or lowered.

        ``flat`` has a number for each coordinate, of the system asked for (floats, when none is named).
        """
        if number_system is None and self._plain is not None:
            return [self._plain(flat)]
        assert self.shape is not None
        name = number_system or self.system.name
        chosen = system(name)
        if name not in self._programs:
            programs = [_walker(entry, self.variables, chosen) for entry in entries(self.root)]
            self._programs[name] = programs
            if number_system is None and not chosen.shaped and not self.shape:
                (self._plain,) = programs
        inputs = self.unflatten(flat)
        outputs: list[Any] = []
        with chosen.quiet():
            for walk in self._programs[name]:
                value = walk(inputs)
                outputs.extend(value.ravel().tolist() if hasattr(value, "ravel") else [value])
        return outputs


def indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Every index of an array of this shape, in row-major order.

    >>> indices((2, 2))
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    found: list[tuple[int, ...]] = [()]
    for length in shape:
        found = [(*head, i) for head in found for i in range(length)]
    return found


def flatten(value: Any, shape: tuple[int, ...]) -> list[float]:
    """A tangent or an adjoint of this shape as a list of floats; a zero by structure (``None``) is written out.

    >>> flatten(None, (2,)), flatten(3.0, ())
    ([0.0, 0.0], [3.0])
    """
    if value is None:
        return [0.0] * prod(shape)
    return list(map(float, value.ravel())) if shape_of(value) else [float(value)]


def _walker(root: Node, variables: Sequence[str], chosen: System) -> Callable[[Sequence[Any]], Any]:
    """A function that walks the tree in postorder on a stack.

    The walk is written down as (function, count of arguments, parameters) once; a count of -1 pushes a constant and -2 an input.
    """
    program: list[tuple[Any, int, tuple[Any, ...]]] = []
    places = {name: place for place, name in enumerate(variables)}
    for node in postorder(root):
        if isinstance(node, Call):
            program.append((chosen.function(node.op), len(node.args), node.params))
        elif isinstance(node, Name):
            program.append((places[node.name], -2, ()))
        else:
            program.append((chosen.constant(node), -1, ()))

    def walk(inputs: Sequence[Any]) -> Any:
        stack: list[Any] = []
        push, pop = stack.append, stack.pop
        for what, count, params in program:
            if count == 2:
                b = pop()
                push(what(pop(), b, *params))
            elif count == 1:
                push(what(pop(), *params))
            elif count == -1:
                push(what)
            elif count == -2:
                push(inputs[what])
            else:
                args = stack[-count:]
                del stack[-count:]
                push(what(*args, *params))
        return pop()

    return walk


@cache
def _of_arrays(op: str) -> bool:
    """Whether an operation is one on arrays; a composite is what it is written out in."""
    composite = COMPOSITES.get(op)
    if composite is None:
        return not isinstance(OPERATIONS.get(op), Elementwise)
    return any(isinstance(n, Call) and _of_arrays(n.op) for n in postorder(parsed(composite.definition)))
