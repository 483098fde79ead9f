"""A graph as one Python function: its text, compiled, with the buffers that it works in."""

from __future__ import annotations

import keyword
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy

from calcgrad.compiling import arrays, scalars
from calcgrad.compiling.captured import Captured
from calcgrad.compiling.graph import Graph
from calcgrad.operations import OPERATIONS
from calcgrad.pytrees import Structure, unflatten


class _Miss:
    """What a program returns when a decision falls otherwise than when it was traced."""

    def __repr__(self) -> str:
        return "MISS"


MISS = _Miss()


@dataclass(frozen=True, slots=True)
class Straight:
    """One straight program: ``run(leaves)`` gives the leaves of the result, or ``MISS``."""

    source: str
    run: Callable[[Sequence[Any]], Any]
    operations: int
    captured: Captured
    zeros: bool


def straight(
    name: str,
    graph: Graph,
    inputs: Sequence[str],
    structure: Structure,
    captured: Captured,
) -> Straight:
    """Write a program, and make it a function."""
    floats = scalars.applies(graph)
    source, names, workspace = (_of_floats if floats else _of_arrays)(name, graph, inputs, structure)
    exec(compile(source, f"<compiled {name}>", "exec"), names)
    program = names[identifier(name)]
    operations = sum(value.op not in ("input", "constant") for value in graph.values)
    run = _runner(program) if workspace is None else _with_workspace(program, workspace)
    zeros = not floats and any(value.op in ("where", "scatter") for value in graph.values)
    return Straight(source, run, operations, captured, zeros)


def _runner(program: Callable[..., Any]) -> Callable[[Sequence[Any]], Any]:
    return lambda leaves: program(*leaves)


def _with_workspace(program: Callable[..., Any], kinds: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
    """Calls at the same time, from several threads, have buffers of their own."""
    free: list[list[Any]] = []

    def run(leaves: Sequence[Any]) -> Any:
        try:
            workspace = free.pop()
        except IndexError:
            workspace = [numpy.empty(shape, dtype) for shape, dtype in kinds]
        try:
            with numpy.errstate(all="ignore"):
                return program(workspace, *leaves)
        finally:
            free.append(workspace)

    return run


def _of_floats(
    name: str, graph: Graph, inputs: Sequence[str], structure: Structure
) -> tuple[str, dict[str, Any], None]:
    fast, slow = (scalars.Writer(graph, inputs, careful) for careful in (False, True))
    results = [fast.write(), slow.write()]
    names: dict[str, Any] = {"MISS": MISS}
    for key, value in slow.names.items():
        names[f"careful_{key}"] = value
    names |= fast.names
    head = f"def {identifier(name)}({', '.join(inputs)}):"
    body = [*fast.lines, f"return {_returned(structure, results[0], names)}"]
    careful = [*slow.lines, f"return {_returned(structure, results[1], names)}"]
    raises = any(key in scalars.RAISING for key in fast.names) or any(" / " in line for line in body)
    if not raises:
        return "\n    ".join([head, *body]) + "\n", names, None
    other: dict[str, Any] = {
        "MISS": MISS,
        **{k: v for k, v in names.items() if k.startswith("make")},
        **slow.names,
    }
    text = "\n    ".join([f"def careful({', '.join(inputs)}):", *careful]) + "\n"
    exec(compile(text, f"<compiled {name}, carefully>", "exec"), other)
    names["careful"] = other["careful"]
    lines = [head, "    try:", *(f"        {line}" for line in body)]
    lines += ["    except (ArithmeticError, ValueError):", f"        return careful({', '.join(inputs)})"]
    return "\n".join(lines) + "\n", names, None


def _of_arrays(
    name: str, graph: Graph, inputs: Sequence[str], structure: Structure
) -> tuple[str, dict[str, Any], Sequence[Any]]:
    writer = arrays.Writer(graph, inputs)
    texts = writer.write()
    names = {"MISS": MISS, **writer.names}
    head = f"def {identifier(name)}(workspace, {', '.join(inputs)}):"
    buffers = ", ".join(f"b{k}" for k in range(len(writer.workspace)))
    lines = [f"{buffers}, = workspace"] if buffers else []
    lines += [*writer.lines, f"return {_returned(structure, texts, names)}"]
    return "\n    ".join([head, *lines]) + "\n", names, writer.workspace


def _returned(structure: Structure, texts: Sequence[str], names: dict[str, Any]) -> str:
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


def identifier(name: str) -> str:
    """A name that is not taken by the program's own words."""
    name = name if name.isidentifier() else "program"
    taken = (
        keyword.iskeyword(name)
        or name in OPERATIONS
        or name
        in (
            "MISS",
            "careful",
            "workspace",
            "start",
            "stop",
            "min",
            "range",
            "float",
            "empty",
            "zeros",
            "copyto",
            "where",
            "same",
            "matmul",
        )
    )
    plain = name[:1] in "abcgpstvxyf" and name[1:].isdigit()
    return f"{name}_" if taken or plain or hasattr(numpy, name) else name
