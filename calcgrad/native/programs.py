"""The native program of a graph: its stages compiled, looked at beside NumPy, and what calls them.

Where anything fails to be right, or to be had, the program is NumPy's, with a word of why in its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy

from calcgrad.compiling.backends import Wanted, in_numpy
from calcgrad.compiling.entering import Called, Door
from calcgrad.compiling.entering import entry as way_in
from calcgrad.compiling.graph import Graph
from calcgrad.compiling.guards import Test
from calcgrad.compiling.straight import MISS, Straight, accepting, identifier, returned, with_workspace
from calcgrad.native.checking import difference, traced_values
from calcgrad.native.entry import BITS, Array, Call, Number, built_in, entry, layout, symbols
from calcgrad.native.expanding import expanded
from calcgrad.native.fitting import DOUBLE, SINGLE, TRUTH
from calcgrad.native.frame import FrameWriter
from calcgrad.native.machine import Code, machine
from calcgrad.native.nests import Core, Nests
from calcgrad.native.plans import TooManyError, plan
from calcgrad.native.stages import Stage, Staged, staged
from calcgrad.native.tapes import MANY, tape
from calcgrad.native.text import TooLongError
from calcgrad.pytrees import Structure, flatten

#: A program of more values than this is not worth the time that LLVM takes over it.
MOST = 5_000


@dataclass(frozen=True, slots=True)
class _Made:
    """A stage as a function: what it takes, and the text that LLVM was given."""

    function: Any
    tables: list[Any]
    call: Call
    given: list[int]
    code: Code

    def ready(self, *args: Any) -> Any:
        """The function for arguments that are not as it takes them: numbers of other kinds, arrays that lie otherwise."""
        made = [_as(kind, a) for kind, a in zip(self.call.given, args, strict=False)]
        return self.function(*made, *args[len(made) :])

    def results(self, *args: Any) -> Any:
        """All that the stage gives, in their order; or ``MISS``."""
        results = self.call.results
        outs = [_empty(r) for r in results if isinstance(r, Array)] if not self.call.fresh else []
        found = self.ready(*args, *outs)
        if found is MISS:
            return MISS
        back = iter(flatten(found)[0])
        arrays = iter(outs)
        return [next(back) if k in self.call.returned else next(arrays) for k in range(len(results))]


def missing() -> str:
    """Why there is no native code here; empty where there is."""
    return machine().missing or layout()


def native(wanted: Wanted) -> Straight:
    """The native program; NumPy's, where there is none."""
    return at_once(wanted) or made_native(wanted, in_numpy(wanted))


def at_once(wanted: Wanted) -> Straight | None:
    """The program of a large graph as a tape: made before NumPy's, since making that one takes longer than anything else."""
    found = _tape(wanted) if len(wanted.graph.values) >= MANY else None
    return found if isinstance(found, Straight) else None


def _tape(wanted: Wanted) -> Straight | str:
    try:
        return tape(wanted)
    except Exception as error:  # as below
        return f"it could not be made, {type(error).__name__}: {error}".splitlines()[0]


def made_native(wanted: Wanted, plain: Straight) -> Straight:
    """The native program beside NumPy's; that itself, with a word of why, where there is none."""
    try:
        return _made(wanted, plain)
    except (TooLongError, TooManyError):
        return _left(plain, "its loops would be too long to compile")
    except (
        Exception
    ) as error:  # a fault of ours, or of LLVM's, spoils no program: it is told where the program is
        return _left(plain, f"native code could not be made, {type(error).__name__}: {error}".splitlines()[0])


def _made(wanted: Wanted, plain: Straight) -> Straight:
    found = _tape(wanted)
    if isinstance(found, Straight):
        return found
    wanted = replace(wanted, graph=expanded(wanted.graph))
    if len(wanted.graph.values) > MOST:
        return _left(plain, f"it has too many operations to compile, and as a tape: {found}")
    if wanted.watched and not BITS:
        return _left(plain, "whether it loses numbers below the doubles cannot be asked of this processor")
    parts = staged(wanted.graph)
    if not parts.stages:
        return _left(plain, "nothing of it is done by native code")
    whole = _whole(wanted, parts)
    tree = _tree(wanted.structure, iter(range(len(wanted.graph.outputs)))) if whole else None
    refuses = whole and plain.zeros
    made = [_stage(wanted.graph, stage, whole, refuses, tree) for stage in parts.stages]
    wrong = _wrong(wanted, parts, made)
    if wrong:
        return _left(plain, f"native code did not give the same, {wrong}")
    if wanted.watched:
        made = [replace(m, function=built_in(m.code, m.tables, watched=True)) for m in made]
    return _direct(wanted, plain, made[0]) if whole else _framed(wanted, plain, parts, made)


def _left(plain: Straight, why: str) -> Straight:
    return replace(plain, source=f"# NumPy's: {why}\n{plain.source}")


def _wrong(wanted: Wanted, parts: Staged, made: Sequence[_Made]) -> str:
    """Where what was compiled now is not NumPy's, in words. What is right is kept; what was kept has been looked at."""
    if all(m.code.known for m in made):
        return ""
    traced = traced_values(wanted.graph, [m.given for m in made], wanted.leaves)
    for stage, m in zip(parts.stages, made, strict=True):
        wrong = difference(wanted.graph, stage, m.given, m.results, traced)
        if wrong:
            return wrong
        machine().keep(m.code)
    return ""


# --- stages ---


def _stage(graph: Graph, stage: Stage, whole: bool, refuses: bool, tree: Any) -> _Made:
    """Compile a stage; one that is the whole program takes all inputs, and makes the arrays that it gives.

    One that ``refuses`` nan leaves calls to NumPy that would give one: zeros by structure were written as numbers.
    """
    order = plan(graph.values, stage.inside, stage.stored, stage.exports)
    given = range(graph.inputs) if whole else ()
    core = Nests(graph.values, order, stage.stored, stage.exports, refuses, given).write()
    call = replace(_call(graph, core, whole), tree=tree)
    text = f"{core.text}\n\n{entry(call)}\n"
    home = machine()
    home.know(symbols())
    code = home.compiled(text, "entry", lasting=False)
    return _Made(built_in(code, core.tables), core.tables, call, core.given, code)


def _call(graph: Graph, core: Core, fresh: bool) -> Call:
    def kind(place: int) -> Array | Number:
        value = graph.values[place]
        return Array(value.shape, value.dtype) if value.shape else Number()

    return Call(
        [kind(p) for p in core.given],
        [kind(p) for p in core.exports],
        [Array(graph.values[p].shape, graph.values[p].dtype) for p in core.kept],
        len(core.tables),
        core.flags,
        fresh,
        core.work,
    )


def _as(kind: Array | Number, value: Any) -> Any:
    if isinstance(kind, Number):
        return float(value)
    return numpy.require(value, kind.dtype, ["C", "A"])


def _empty(array: Array) -> Any:
    """An array for results, with nothing in it that could pass for one."""
    return (
        numpy.zeros(array.shape, bool)
        if array.dtype == TRUTH
        else numpy.full(array.shape, numpy.nan, array.dtype)
    )


# --- programs ---


def _whole(wanted: Wanted, parts: Staged) -> bool:
    """Whether a program is one native function, which Python can call as it is; its results are then in their order."""
    graph, outputs = wanted.graph, wanted.graph.outputs
    tree = _tree(wanted.structure, iter(range(len(outputs))))
    if not parts.whole or graph.guards or tree is None:
        return False
    (stage,) = parts.stages
    inputs = [graph.values[k] for k in range(graph.inputs)]
    fits = all(p in stage.stored and (v.shape or v.scalar) for p, v in enumerate(inputs)) and _native_kinds(
        inputs
    )
    if not fits or len(set(outputs)) < len(outputs):
        return False
    others = [p for p in outputs if p not in stage.exports]
    if any(graph.values[p].shape or not graph.values[p].scalar for p in others):
        return False
    if not _native_kinds([graph.values[p] for p in outputs]):
        return False
    stage.exports = list(outputs)
    return True


def _tree(structure: Structure, numbers: Iterator[int]) -> Any:
    """A tree of tuples and lists with the numbers of results for leaves; ``None`` for any other, and for empty ones."""
    if structure.kind is None:
        return next(numbers)
    found = [_tree(branch, numbers) for branch in structure.branches]
    if structure.kind not in (tuple, list) or not found or None in found:
        return None
    return structure.kind(found)


def _native_kinds(values: Sequence[Any]) -> bool:
    """Whether all are doubles, or arrays of singles."""
    kinds = all(v.dtype == DOUBLE or (v.dtype == SINGLE and v.shape) for v in values)
    return kinds and not any(0 in v.shape for v in values)


def _direct(wanted: Wanted, plain: Straight, made: _Made) -> Straight:
    """A program that is one native function; where that loses numbers, NumPy's says whether they matter."""
    run = _either(lambda leaves: made.ready(*leaves), plain.run)
    enter = None
    if wanted.kinds is not None:

        def enter(tests: Sequence[Test], called: Called) -> Callable[..., Any]:
            def handed(*args: Any, **kwargs: Any) -> Any:
                return called(args, kwargs)

            return built_in(made.code, made.tables, tests, handed, wanted.watched)  # type: ignore[no-any-return]

    return replace(plain, run=run, enter=enter, backend="native", ir=made.code.text, source=_told("", plain))


def _framed(wanted: Wanted, plain: Straight, parts: Staged, made: Sequence[_Made]) -> Straight:
    """A program whose stages are native, and what is between them NumPy's."""
    writer = FrameWriter(wanted.graph, wanted.inputs, parts, [m.given for m in made], wanted.watched)
    for number, m in enumerate(made):
        writer.bind(number, m.function, m.ready)
    texts = writer.write()
    names = {"MISS": MISS, **writer.names}
    head = f"def {identifier(wanted.name)}(workspace, {', '.join(wanted.inputs)}):"
    buffers = ", ".join(f"b{k}" for k in range(len(writer.workspace)))
    lines = [f"{buffers}, = workspace"] if buffers else []
    lines += [*writer.lines, f"return {returned(wanted.structure, texts, names)}"]
    source = "\n    ".join([head, *lines]) + "\n"
    exec(compile(source, f"<compiled {wanted.name}>", "exec"), names)
    run = _either(with_workspace(names[identifier(wanted.name)], writer.workspace, wanted.watched), plain.run)
    ir = "\n\n".join(m.code.text for m in made)
    enter = None
    if wanted.kinds is not None:
        accepts = accepting(plain.zeros, wanted.watched)
        enter = partial(way_in, Door(wanted.inputs, wanted.kinds, {"MISS": MISS}, (), run, accepts))
    return replace(plain, run=run, enter=enter, backend="native", ir=ir, source=_told(source, plain))


def _told(frame: str, plain: Straight) -> str:
    if not frame:
        return f"# one native function; what it does, in NumPy:\n{plain.source}"
    return f"{frame}\n# what native functions do, in NumPy:\n{plain.source}"


def _either(first: Callable[..., Any], second: Callable[..., Any]) -> Callable[[Sequence[Any]], Any]:
    """Native code, and NumPy where that gives up (which may then say that a decision fell otherwise)."""

    def run(leaves: Sequence[Any]) -> Any:
        found = first(leaves)
        return second(leaves) if found is MISS else found

    return run
