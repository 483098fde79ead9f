"""A call of a function whose chosen arguments are trees: flat primals in, a recording and the tree of its outputs out."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.errors import UsageError
from calcgrad.pytrees import Structure, flatten, map_leaves, named_leaves, unflatten
from calcgrad.tracing.agreement import answer, question
from calcgrad.tracing.decisions import warn_of_decisions
from calcgrad.tracing.gradients import primal_input, record
from calcgrad.tracing.refusals import escaped, is_foreign
from calcgrad.tracing.trace import Trace
from calcgrad.tracing.traced import Traced


@dataclass(frozen=True, slots=True)
class Inputs:
    """The differentiated arguments as flat primals, and how to call the function with others in their place."""

    primals: list[Any]
    structures: list[Structure]
    places: tuple[int, ...]
    single: bool

    def rebuilt(self, leaves: Sequence[Any]) -> list[Any]:
        """One tree for each differentiated argument."""
        trees: list[Any] = []
        start = 0
        for structure in self.structures:
            trees.append(unflatten(structure, leaves[start : start + structure.leaves]))
            start += structure.leaves
        return trees

    def result(self, leaves: Sequence[Any]) -> Any:
        """What belongs to each differentiated argument: alone when ``argnums`` was one number, else in a tuple."""
        trees = self.rebuilt(leaves)
        return trees[0] if self.single else tuple(trees)


def chosen(
    function: Callable[..., Any],
    argnums: int | Sequence[int],
    args: Sequence[Any],
    complex_too: bool = False,
) -> Inputs:
    """The arguments to differentiate by. Raises ``UsageError``: E408 where there is no such argument, E465 for no function."""
    if not callable(function):
        raise UsageError.of(
            "E465",
            f"a derivative is one of a function, this is {function!r:.80}",
            hints=("calcgrad.diff takes formulas as text",),
        )
    single = isinstance(argnums, int)
    numbers = (argnums,) if isinstance(argnums, int) or not isinstance(argnums, Iterable) else tuple(argnums)
    if not all(isinstance(n, int) for n in numbers):
        raise UsageError.of(
            "E408",
            f"argnums is {argnums!r}: a whole number, or a sequence of them, counted from 0",
            hints=("arguments are told by position; argnums=0 is the first",),
        )
    places: list[int] = []
    for n in numbers:
        if not -len(args) <= n < len(args):
            raise UsageError.of(
                "E408",
                f"argnums names argument {n}, the call has {len(args)} positional argument{'s' * (len(args) != 1)}",
                hints=("arguments to differentiate by are given by position, counted from 0",),
            )
        if n % len(args) in places:
            raise UsageError.of(
                "E408",
                f"argnums names argument {n % len(args)} twice",
                hints=("each argument has one derivative: name it once",),
            )
        places.append(n % len(args))
    primals: list[Any] = []
    structures: list[Structure] = []
    for place in places:
        leaves, structure = flatten(args[place])
        for k, leaf in enumerate(leaves):
            primals.append(
                leaf
                if type(leaf) is float
                else primal_input(leaf, _Name(function, args, place, k), complex_too)
            )
        structures.append(structure)
    return Inputs(primals, structures, tuple(places), single)


class _Name:
    """What an argument's leaf is called, found out when an error needs it."""

    def __init__(self, function: Callable[..., Any], args: Sequence[Any], place: int, leaf: int) -> None:
        self.where = (function, args, place, leaf)

    def __str__(self) -> str:
        function, args, place, leaf = self.where
        return [path for path, _ in named_leaves(args[place], argument_name(function, place))][leaf]


def argument_name(function: Callable[..., Any], place: int) -> str:
    """The parameter's own name where it can be known."""
    try:
        names = [
            p.name
            for p in inspect.signature(function).parameters.values()
            if p.kind <= p.POSITIONAL_OR_KEYWORD
        ]
    except (TypeError, ValueError):
        names = []
    return names[place] if place < len(names) else f"argument {place}"


@dataclass(frozen=True, slots=True)
class Outputs:
    """What a recorded function returned: the slot of each leaf (``None`` for a constant), its primal, the tree."""

    trace: Trace
    slots: list[int | None]
    primals: list[Any]
    structure: Structure
    aux: Any = None

    def result(self, leaves: Sequence[Any]) -> Any:
        """The tree with these leaves."""
        return unflatten(self.structure, leaves)


def recorded(
    function: Callable[..., Any],
    args: Sequence[Any],
    kwargs: dict[str, Any],
    inputs: Inputs,
    has_aux: bool = False,
) -> Outputs:
    """Run the function with traced arguments in the chosen places."""

    def filled(given: Sequence[Any], leaves: Sequence[Any]) -> list[Any]:
        found = list(given)
        for place, tree in zip(inputs.places, inputs.rebuilt(leaves), strict=True):
            found[place] = tree
        return found

    def call(run: Callable[..., Any], *leaves: Any) -> Any:
        return run(*filled(args, leaves), **kwargs)

    asked = question(function, args, kwargs, inputs.primals)
    made = record(function, inputs.primals, call)
    output, aux = made.output, None
    if has_aux:
        if not (isinstance(output, tuple) and len(output) == 2):
            raise UsageError.of(
                "E409", "with has_aux=True the function returns a pair: its result and the rest"
            )
        output, aux = output[0], map_leaves(lambda leaf: _lowered(leaf, made.trace), output[1])
    leaves, structure = flatten(output)
    slots = [leaf.slot if _mine(leaf, made.trace) else None for leaf in leaves]
    primals = [_lowered(leaf, made.trace) for leaf in leaves]
    if asked is not None:
        made.trace.verify()
        answer(asked, primals, structure, has_aux)
        if not has_aux:
            warn_of_decisions(asked, lambda moved: filled(asked.args, moved), made.trace, slots, primals)
    return Outputs(made.trace, slots, primals, structure, aux)


def _mine(leaf: Any, trace: Trace) -> bool:
    """Whether a leaf was traced here. Raises ``UsageError`` E403 for one of a derivative that is done, from a cache say."""
    if type(leaf) is not Traced:
        return False
    if leaf._trace is not trace and leaf._trace.closed:
        raise escaped()
    return leaf._trace is trace


def _lowered(leaf: Any, trace: Trace) -> Any:
    return leaf.primal if _mine(leaf, trace) else leaf


def each(values: Any, what: str) -> Any:
    """Primals or tangents, one for each argument. Raises ``UsageError`` E465 for what has no entries."""
    if not isinstance(values, Iterable) or isinstance(values, str | bytes):
        raise UsageError.of(
            "E465",
            f"{what} is {values!r:.80}: a tuple with one entry for each argument",
            hints=("of one: (x,)",),
        )
    return values


def matching(
    trees: Sequence[Any], structures: Sequence[Any], primals: Sequence[Any], what: str, of: str
) -> list[Any]:
    """The leaves of tangents that fit. Raises ``UsageError`` E410 where a tree, a count or a shape does not."""
    if len(trees) != len(structures):
        raise UsageError.of("E410", f"there are {len(structures)} {of}s and {len(trees)} {what}s")
    found: list[Any] = []
    for tree, structure in zip(trees, structures, strict=True):
        leaves, given = flatten(tree)
        if given != structure:
            raise UsageError.of("E410", f"the {what} is not a tree like its {of}")
        found.extend(leaves)
    return [_fitting(leaf, primal, what, of) for leaf, primal in zip(found, primals, strict=True)]


def _fitting(leaf: Any, primal: Any, what: str, of: str) -> Any:
    """A tangent in the precision of its primal."""
    if is_foreign(leaf) or isinstance(leaf, str | bytes):
        raise UsageError.of(
            "E410", f"the {what} is a {type(leaf).__name__}, not a float or an array of floats"
        )
    wanted, given = getattr(primal, "shape", ()), getattr(leaf, "shape", ())
    if wanted != given:
        raise UsageError.of("E410", f"the {what} has the shape {given}, its {of} has {wanted}")
    if isinstance(leaf, int):
        return float(leaf)
    kind, its = getattr(primal, "dtype", None), getattr(leaf, "dtype", None)
    if type(leaf) is complex:
        leaf, its = numpy.complex128(leaf), numpy.dtype(complex)
    if its is not None and its.kind == "c" and (kind is None or kind.kind != "c"):
        raise UsageError.of("E410", f"the {what} is complex, its {of} is real")
    if its is not None and kind is not None and its != kind:
        return leaf.astype(kind)
    return (
        leaf.item()
        if its == numpy.float64 and not given and isinstance(leaf, numpy.ndarray | numpy.generic)
        else leaf
    )
