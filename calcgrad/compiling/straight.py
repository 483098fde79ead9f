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


def _never(*leaves: Any) -> Any:
    return MISS


@dataclass(frozen=True, slots=True, eq=False)
class Straight:
    """One straight program: ``run(leaves)`` gives the result, or ``MISS``.

    ``direct`` takes the leaves as arguments, after a look at what they are; it is made where every argument is a leaf,
    ``count`` of them (else -1). ``zeros`` says that zeros by structure were written as numbers. ``ir``: what LLVM was given.
    """

    source: str
    run: Callable[[Sequence[Any]], Any]
    operations: int
    captured: Captured
    zeros: bool
    direct: Callable[..., Any] = _never
    count: int = -1
    backend: str = "numpy"
    ir: str = ""


def straight(
    name: str,
    graph: Graph,
    inputs: Sequence[str],
    structure: Structure,
    captured: Captured,
    kinds: Sequence[Any] | None = None,
) -> Straight:
    """Write a program, and make it a function; ``kinds`` are those of the arguments, where each is a leaf."""
    floats = scalars.applies(graph)
    source, names, workspace = (_of_floats if floats else _of_arrays)(name, graph, inputs, structure)
    exec(compile(source, f"<compiled {name}>", "exec"), names)
    program = names[identifier(name)]
    operations = sum(value.op not in ("input", "constant") for value in graph.values)
    run = _runner(program) if workspace is None else with_workspace(program, workspace)
    zeros = not floats and any(value.op in ("where", "scatter") for value in graph.values)
    direct: Callable[..., Any] = _never
    if kinds is not None and len(source) < _LONG:
        direct = _direct(name, source, names, inputs, kinds) if floats else direct_arrays(run, inputs, kinds)
    return Straight(source, run, operations, captured, zeros, direct, -1 if direct is _never else len(inputs))


#: Texts longer than this are compiled once only: what a call costs is then no matter.
_LONG = 50_000


def _test(inputs: Sequence[str], kinds: Sequence[Any], names: dict[str, Any]) -> str:
    """The condition that arguments are of these kinds."""
    parts: list[str] = []
    for k, (name, kind) in enumerate(zip(inputs, kinds, strict=True)):
        if kind is float:
            parts.append(f"type({name}) is float")
        else:
            names[f"kind{k}"], names["ndarray"] = kind, numpy.ndarray
            parts.append(f"type({name}) is ndarray and ({name}.shape, {name}.dtype) == kind{k}")
    return " and ".join(parts) or "True"


def _direct(
    name: str, source: str, names: dict[str, Any], inputs: Sequence[str], kinds: Sequence[Any]
) -> Callable[..., Any]:
    """The program of floats itself, with a look at its arguments first."""
    head, body = source.split("\n", 1)
    namespace = dict(names)
    text = f"{head}\n    if not ({_test(inputs, kinds, namespace)}): return MISS\n{body}"
    exec(compile(text, f"<compiled {name}>", "exec"), namespace)
    made: Callable[..., Any] = namespace[identifier(name)]
    return made


def direct_arrays(
    run: Callable[[Sequence[Any]], Any], inputs: Sequence[str], kinds: Sequence[Any]
) -> Callable[..., Any]:
    namespace: dict[str, Any] = {"MISS": MISS, "run": run}
    given = ", ".join(inputs)
    text = f"def direct({given}):\n return run(({given},)) if {_test(inputs, kinds, namespace)} else MISS"
    exec(compile(text, "<a call of a compiled function>", "exec"), namespace)
    made: Callable[..., Any] = namespace["direct"]
    return made


def _runner(program: Callable[..., Any]) -> Callable[[Sequence[Any]], Any]:
    return lambda leaves: program(*leaves)


def with_workspace(program: Callable[..., Any], kinds: Sequence[Any]) -> Callable[[Sequence[Any]], Any]:
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
    fast, slow = (scalars.ScalarWriter(graph, inputs, careful) for careful in (False, True))
    results = [fast.write(), slow.write()]
    names: dict[str, Any] = {"MISS": MISS}
    for key, value in slow.names.items():
        names[f"careful_{key}"] = value
    names |= fast.names
    head = f"def {identifier(name)}({', '.join(inputs)}):"
    body = [*fast.lines, f"return {returned(structure, results[0], names)}"]
    careful = [*slow.lines, f"return {returned(structure, results[1], names)}"]
    raises = any(scalars.raises(key) for key in fast.names) or any(" / " in line for line in body)
    if not raises:
        return "\n    ".join([head, *body]) + "\n", names, None
    other: dict[str, Any] = {
        "MISS": MISS,
        **{k: v for k, v in names.items() if k.startswith("make")},
        **slow.names,
    }
    text = "\n    ".join([f"def careful({', '.join(inputs)}):", *careful]) + "\n"
    names["careful"] = _when_called("careful", text, other)
    lines = [head, "    try:", *(f"        {line}" for line in body)]
    lines += ["    except (ArithmeticError, ValueError):", f"        return careful({', '.join(inputs)})"]
    return "\n".join(lines) + "\n", names, None


def _when_called(name: str, text: str, names: dict[str, Any]) -> Callable[..., Any]:
    """A function that is compiled when it is first called."""

    def called(*args: Any) -> Any:
        if name not in names:
            exec(compile(text, f"<compiled, {name}>", "exec"), names)
        return names[name](*args)

    return called


def _of_arrays(
    name: str, graph: Graph, inputs: Sequence[str], structure: Structure
) -> tuple[str, dict[str, Any], Sequence[Any]]:
    writer = arrays.ArrayWriter(graph, inputs)
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
