"""A graph as one Python function: its text, compiled, with the buffers that it works in."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy

from calcgrad.compiling import arrays, scalars
from calcgrad.compiling.banding import banded
from calcgrad.compiling.boxes import box
from calcgrad.compiling.captured import Captured
from calcgrad.compiling.entering import Called, Door, entry
from calcgrad.compiling.graph import Graph
from calcgrad.compiling.guards import Test
from calcgrad.compiling.losing import LOST, LossError, unwatch, watch, watched
from calcgrad.compiling.simplifying import simplified, spoiled
from calcgrad.compiling.turning import turned
from calcgrad.operations import OPERATIONS
from calcgrad.pytrees import Structure, flatten, unflatten
from calcgrad.systems.values.silence import restore, silence
from calcgrad.tracing.scaling import flagged


class _Miss:
    """What a program returns when a decision falls otherwise than when it was traced."""

    def __repr__(self) -> str:
        return "MISS"


MISS = _Miss()


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """One straight program: ``run(leaves)`` gives the result, or ``MISS``; ``LOST`` where a sweep lost numbers.

    ``enter(tests, called)`` makes a quick way into it (:mod:`calcgrad.compiling.entering`), where every argument is a leaf; the one
    made last is in ``entered``, by the guard that it holds for. ``zeros`` says that zeros by structure were written as numbers.
    ``ir``: what LLVM was given. ``grow(leaves)``, asked at each thorough call, may give a program in place of this one.
    """

    source: str
    run: Callable[[Sequence[Any]], Any]
    operations: int
    captured: Captured
    zeros: bool
    enter: Callable[[Sequence[Test], Called], Callable[..., Any]] | None = None
    entered: dict[Any, Callable[..., Any]] = field(default_factory=dict)
    backend: str = "numpy"
    ir: str = ""
    grow: Callable[[Sequence[Any]], Straight | None] | None = None

    def way(self, called: Called) -> Callable[..., Any] | None:
        """The quick way for what is captured now; ``called`` is the thorough one."""
        if self.enter is None:
            return None
        holds, tests = self.captured.same, self.captured.tests
        found = self.entered.get(holds)
        if found is None:
            self.entered.clear()
            found = self.entered[holds] = self.enter(tests, called)
        return found


def holds_nan(found: Any) -> bool:
    """Whether a result has a nan in one of its leaves."""
    return any(map(_is_nan, flatten(found)[0]))


def _is_nan(leaf: Any) -> bool:
    if type(leaf) is float:
        return leaf != leaf
    if type(leaf) is numpy.ndarray and leaf.dtype.kind in "fc" and leaf.size:
        least = numpy.minimum.reduce(
            leaf, None
        )  # one pass, nothing is made, and no threads of a library are woken
        return bool(least != least)
    return False


def straight(
    name: str,
    graph: Graph,
    inputs: Sequence[str],
    structure: Structure,
    captured: Captured,
    kinds: Sequence[Any] | None = None,
    loses: bool = False,
) -> Straight:
    """Write a program, and make it a function; ``kinds`` are those of the arguments, where each is a leaf.

    With ``loses`` it is watched for numbers of a sweep that leave the doubles.
    """
    matrices = banded(graph)
    graph = turned(graph if matrices is graph else simplified(matrices))
    floats = scalars.applies(graph)
    source, names, workspace = (_of_floats if floats else _of_arrays)(name, graph, inputs, structure, loses)
    exec(compile(source, f"<compiled {name}>", "exec"), names)
    program = names[identifier(name)]
    operations = sum(value.op not in ("input", "constant") for value in graph.values)
    of_floats = watched if loses else _runner
    run = of_floats(program) if workspace is None else with_workspace(program, workspace, loses)
    zeros = not floats and spoiled(graph)
    made = Straight(source, run, operations, captured, zeros)
    if kinds is None:
        return made
    body = source.split("\n    ")[1:] if floats and len(source) < _LONG else ()
    safe = box(graph, inputs) if body and loses else ""
    if safe is None:  # nothing is known of the sizes of its numbers
        body, safe = (), ""
    as_given = (
        scalars.only_in_math(graph, inputs) if body and not safe else frozenset()
    )  # NumPy compares slowly
    door = Door(inputs, kinds, names, body, run, accepting(zeros, loses), as_given, safe)
    return replace(made, enter=partial(entry, door))


#: Texts longer than this are compiled once only: what a call costs is then no matter.
_LONG = 50_000


def _runner(program: Callable[..., Any]) -> Callable[[Sequence[Any]], Any]:
    return lambda leaves: program(*leaves)


def accepting(zeros: bool, loses: bool) -> Callable[[Any], bool] | None:
    """What a quick way asks of a result before it gives it: see ``Straight.zeros``, and ``LOST``."""
    if zeros:
        return lambda found: found is not LOST and not holds_nan(found)
    return (lambda found: found is not LOST) if loses else None


def with_workspace(
    program: Callable[..., Any], kinds: Sequence[Any], loses: bool = False
) -> Callable[[Sequence[Any]], Any]:
    """Calls at the same time, from several threads, have buffers of their own. With ``loses`` it says ``LOST`` (``losing``)."""
    free: list[list[Any]] = []
    enter, leave = (watch, unwatch) if loses else (silence, restore)

    def run(leaves: Sequence[Any]) -> Any:
        try:
            workspace = free.pop()
        except IndexError:
            workspace = [numpy.empty(shape, dtype) for shape, dtype in kinds]
        if loses:
            flagged()
        token = enter()
        try:
            found = program(workspace, *leaves)
        except LossError:
            found = LOST
        finally:
            leave(token)
            free.append(workspace)
        return LOST if loses and flagged() else found

    return run


def _of_floats(
    name: str, graph: Graph, inputs: Sequence[str], structure: Structure, loses: bool
) -> tuple[str, dict[str, Any], None]:
    writer = scalars.ScalarWriter(graph, inputs, careful=False, loses=loses)
    results = writer.write()
    names: dict[str, Any] = {"MISS": MISS, **writer.names}
    head = f"def {identifier(name)}({', '.join(inputs)}):"
    body = [*writer.lines, f"return {returned(structure, results, names)}"]
    raises = any(scalars.raises(key) for key in names) or any(" / " in line for line in body)
    if not raises:
        return "\n    ".join([head, *body]) + "\n", names, None
    names["careful"] = _when_called(partial(_careful, graph, inputs, structure, loses))
    lines = [head, "    try:", *(f"        {line}" for line in body)]
    lines += ["    except (ArithmeticError, ValueError):", f"        return careful({', '.join(inputs)})"]
    return "\n".join(lines) + "\n", names, None


def _careful(graph: Graph, inputs: Sequence[str], structure: Structure, loses: bool) -> Callable[..., Any]:
    """The program with the table's own functions, which give inf or nan where those of ``math`` raise."""
    writer = scalars.ScalarWriter(graph, inputs, careful=True, loses=loses)
    results = writer.write()
    names: dict[str, Any] = {"MISS": MISS, **writer.names}
    lines = [
        f"def careful({', '.join(inputs)}):",
        *writer.lines,
        f"return {returned(structure, results, names)}",
    ]
    exec(compile("\n    ".join(lines) + "\n", "<compiled, careful>", "exec"), names)
    made: Callable[..., Any] = names["careful"]
    return made


def _when_called(make: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
    """A function of floats that is made when it is first called."""
    found: list[Callable[..., Any]] = []

    def called(*args: Any) -> Any:
        if not found:
            found.append(make())
        return found[0](*map(float, args))

    return called


def _of_arrays(
    name: str, graph: Graph, inputs: Sequence[str], structure: Structure, loses: bool
) -> tuple[str, dict[str, Any], Sequence[Any]]:
    writer = arrays.ArrayWriter(graph, inputs, loses)
    texts = writer.write()
    names = {"MISS": MISS, **writer.names}
    head = f"def {identifier(name)}(workspace, {', '.join(inputs)}):"
    buffers = ", ".join(f"b{k}" for k in range(len(writer.workspace)))
    lines = [f"{buffers}, = workspace"] if buffers else []
    lines += [*writer.lines, f"return {returned(structure, texts, names)}"]
    return "\n    ".join([head, *lines]) + "\n", names, writer.workspace


def returned(structure: Structure, texts: Sequence[str], names: dict[str, Any]) -> str:
    """The tree of the result as an expression."""
    return _spelled(structure, iter(texts), names)


def _spelled(structure: Structure, texts: Any, names: dict[str, Any]) -> str:
    kind = structure.kind
    if kind is None:
        return str(next(texts))
    if kind in (tuple, list):
        inner = ", ".join(_spelled(b, texts, names) for b in structure.branches)
        return f"[{inner}]" if kind is list else f"({inner}{',' * (len(structure.branches) == 1)})"
    if kind is dict and all(isinstance(k, str | int) for k in structure.keys):
        pairs = zip(structure.keys, structure.branches, strict=True)
        return "{" + ", ".join(f"{k!r}: {_spelled(b, texts, names)}" for k, b in pairs) + "}"
    leaves = ", ".join(str(next(texts)) for _ in range(structure.leaves))
    maker = f"make{sum(key.startswith('make') for key in names)}"
    names[maker] = lambda found: unflatten(structure, found)
    return f"{maker}([{leaves}])"


#: The names that programs use besides those of operations, of NumPy's functions and of Python's built-ins.
_OWN_NAMES = frozenset(
    (
        *("MISS", "careful", "workspace", "start", "stop", "r", "minus_inf", "ask"),
        *("same", "dict_keys", "dict_values", "is_", "slot"),
    )
)
#: The same of those that are counted, and of those that are made of the name of an operation or of a kind of numbers.
_COUNTED = re.compile(r"[abceglpstvwxyf][\d_]*\d[\d_]*|xw\d[\d_]*|(?:make|native|ready)\d+")
_MADE_OF = re.compile(r"[fstu]_(\w+)")


def identifier(name: str) -> str:
    """A name that is not taken by the program's own words: no word of its own ends in an underscore.

    >>> [identifier(name) for name in ("radius", "r", "x1", "s_sin", "s_max", "x_in", "lambda")]
    ['radius', 'r_', 'x1_', 's_sin_', 's_max_', 'x_in', 'lambda_']
    """
    name = name if name.isidentifier() else "program"
    made_of = _MADE_OF.fullmatch(name)
    taken = name in _OWN_NAMES or _COUNTED.fullmatch(name) or (made_of and _is_word(made_of[1]))
    return f"{name}_" if taken or _is_word(name) else name


def _is_word(name: str) -> bool:
    """Whether a name is a word of Python's, of NumPy's or of the table's."""
    return keyword.iskeyword(name) or name in OPERATIONS or name in _NUMPYS or hasattr(builtins, name)


#: Not asked for one by one: some of NumPy 1 warn of themselves.
_NUMPYS = frozenset(dir(numpy))
