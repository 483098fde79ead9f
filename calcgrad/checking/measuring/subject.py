"""What is checked and how: a function, a claim about its derivative, the arguments as named leaves, the options."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from calcgrad.errors import UsageError
from calcgrad.phrases import size
from calcgrad.pytrees import named_leaves

#: What a claim says, and how it is called; ``xs`` are all arguments, ``vs`` and ``gs`` one part for each differentiated one:
#: ``gradient(*xs) -> gs``; ``value_and_grad(*xs) -> (value, gs)``; ``jacobian(*xs) -> js`` (of the output's shape, then the
#: argument's; or one matrix for all of them, a row for each output); ``hvp(*xs, *vs) -> gs``; ``jvp(*xs, *vs) -> tangent`` of
#: the output; ``vjp(*xs, cotangent) -> gs``.
ClaimKind = Literal["gradient", "value_and_grad", "jacobian", "hvp", "jvp", "vjp"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed derivative: a callable, the kind of derivative that it claims to be, and the name it goes by.

    ``coarsest``, called as the claim is, gives the coarsest number format of a step in it, where that can be seen.
    """

    call: Callable[..., Any]
    kind: ClaimKind = "gradient"
    name: str = "g"
    coarsest: Callable[..., str | None] | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """How a framework's function gets what NumPy cannot hold.

    ``formats`` are the leaves to differentiate in, by path, each with its number format; bfloat16 is float32 on our side.
    ``said`` tells what was kept still between the calls; ``lifted`` makes the same subject in another format.
    """

    framework: str
    formats: Mapping[str, str]
    said: Callable[[], Sequence[str]]
    lifted: Callable[[str], Subject]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One array (or number) to differentiate in: its path, and where it lies in the flat vector of all entries."""

    path: str
    shape: tuple[int, ...]
    dtype: str
    start: int
    size: int

    @property
    def stop(self) -> int:
        """The end of the leaf in the flat vector."""
        return self.start + self.size

    def index(self, flat: int) -> tuple[int, ...]:
        """The index in the leaf of an entry of the flat vector.

        >>> Leaf("w", (2, 3), "float64", 10, 6).index(14)
        (1, 1)
        """
        rest, found = flat - self.start, []
        for length in reversed(self.shape):
            rest, here = divmod(rest, length)
            found.append(here)
        return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Subject:
    """One function, the claims about it, and the point.

    ``f`` may be ``None`` where a ``value_and_grad`` claim gives the value itself. A ``jvp`` and a ``vjp`` given together are
    held against each other too. ``arguments`` are trees (dictionaries, lists, tuples, dataclasses of arrays) by the
    name of the parameter, passed by position. ``wrt`` names the arguments to differentiate in; empty, it is every leaf of
    real floating-point numbers, or, where there is none, every leaf of integers. ``sources`` says where an argument came from
    (``{"w": {"from": "w.npy", "sha256": "..."}}``) and goes into the report. ``handover`` is for functions of a framework.
    """

    f: Callable[..., Any] | None
    claims: tuple[Claim, ...]
    arguments: Mapping[str, Any]
    target: str = "f"
    wrt: tuple[str, ...] = ()
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    handover: Handover | None = None

    def __post_init__(self) -> None:
        if not self.claims:
            hints = ("--grad model.py:loss_grad, or arguments that are tensors of torch or arrays of jax",)
            raise UsageError.of("E377", "there is no claim to check", hints=hints)
        unknown = [name for name in self.wrt if name not in self.arguments]
        if unknown:
            names = ", ".join(self.arguments)
            raise UsageError.of("E383", f"there is no argument {unknown[0]}", hints=(f"there are: {names}",))

    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves that are differentiated; raises ``UsageError`` (E384) where there is none.

        >>> subject = Subject(None, (Claim(abs),), {"p": {"W": [[1.0, 2.0]], "b": 3.0}, "labels": 1})
        >>> [leaf.path for leaf in subject.leaves()]
        ['p["W"][0][0]', 'p["W"][0][1]', 'p["b"]']
        """
        import numpy

        chosen = self.wrt or tuple(self.arguments)
        found = [pair for name in chosen for pair in named_leaves(self.arguments[name], name)]
        kinds = [(path, numpy.asarray(value)) for path, value in found if is_numeric(value)]
        formats = self.handover.formats if self.handover is not None else {}
        real = [(path, array) for path, array in kinds if array.dtype.kind == "f"]
        if self.handover is not None:
            real = [(path, array) for path, array in kinds if path in formats]
        elif self.wrt or not real:
            real = [(path, array) for path, array in kinds if array.dtype.kind in "fiu"]
        if not real or not sum(array.size for _, array in real):
            raise UsageError.of("E384", "no argument holds real numbers to differentiate in")
        made, start = [], 0
        for path, array in real:
            dtype = formats.get(path) or (str(array.dtype) if array.dtype.kind == "f" else "float64")
            made.append(Leaf(path, tuple(array.shape), dtype, start, array.size))
            start += array.size
        return tuple(made)

    def at(self) -> dict[str, Any]:
        """The arguments as the report names them: the shape of each, and where it came from."""
        import numpy

        found: dict[str, Any] = {}
        for name, tree in self.arguments.items():
            for path, value in named_leaves(tree, name):
                if is_numeric(value):
                    found[path] = {"shape": list(numpy.shape(value)), **self.sources.get(name, {})}
        return found


def is_numeric(value: Any) -> bool:
    """Whether a leaf is a number or an array of numbers.

    >>> is_numeric(2.0), is_numeric("relu"), is_numeric(None), is_numeric(True)
    (True, False, False, True)
    """
    if isinstance(value, (bool, int, float, complex)):
        return True
    dtype = getattr(value, "dtype", None)
    return getattr(dtype, "kind", None) in ("f", "i", "u", "b", "c")


@dataclass(frozen=True, slots=True)
class Statement:
    """What can be said so far, for a progress line: how many directions are done, and the verdict as it stands."""

    stage: Literal["tracing", "deciding", "locating", "verifying", "diagnosing"]
    directions: int
    evaluations: int
    seconds: float
    verdict: str
    detectable: float | None = None

    def __str__(self) -> str:
        seen = "" if self.detectable is None else f", errors above {size(self.detectable)} would show"
        return f"{self.stage}: {self.verdict} so far after {self.evaluations} evaluations{seen}"


#: A worker is a process with its own memory: more of them than this is a slip of the keys.
MOST_WORKERS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard to look, in numbers: what the command line, a project's file and the library say in the same words.

    ``rtol``: differences below this share of the true entry (and of the typical entry of its leaf) are forgiven. ``seed``:
    of the random directions. ``max_evaluations`` counts calls of the function, ``max_seconds`` is wall time; ``workers``
    processes evaluate the function. ``quick``: a verdict in ten to twenty evaluations, and no more.
    ``taylor``: the table of the Taylor test beside the verdict, in nine evaluations.
    """

    rtol: float = 0.0
    seed: int = 1
    max_evaluations: int | None = None
    max_seconds: float | None = None
    workers: int = 1
    quick: bool = False
    taylor: bool = False

    def effort(self) -> dict[str, Any]:
        """The numbers alone, by name."""
        return {f.name: getattr(self, f.name) for f in fields(Effort)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(Effort):
    """How to check.

    ``trace``: may calcgrad's own reverse mode be a witness. ``seed_call`` is called with a seed before every call of the function
    and the claim, for functions that draw random numbers. ``executor`` is anything with
    ``submit``, to evaluate the function there. ``journal`` is a file to which every result is written at once; with
    ``resume`` what it holds already is not computed again. ``progress`` is called with a :class:`Statement`. ``correct``: may the
    source of a wrong claim be run in changed forms, in a process of its own, to find the mistake.
    """

    directions: int = 3
    trace: bool = True
    locate: bool = True
    diagnose: bool = True
    correct: bool = True
    seed_call: Callable[[int], Any] | None = None
    executor: Any = None
    journal: str | None = None
    resume: bool = False
    progress: Callable[[Statement], None] | None = None
