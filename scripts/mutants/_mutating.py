"""The ways to change one place of a file (mutmut's), and a draw of them by a seed.

A place is drawn first and one of its changes after it: a call with four arguments can be changed in eight ways, and would
otherwise be drawn eight times as often as a comparison.
"""

from __future__ import annotations

import ast
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from random import Random

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string


@dataclass(frozen=True, slots=True)
class Mutant:
    """A file with one place changed; ``before`` and ``after`` are the lines that differ, from line ``first`` to ``last``."""

    file: str
    function: str
    first: int
    last: int
    operator: str
    before: str
    after: str
    code: str

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What it is, however the lines above it grow."""
        return self.file, self.function, self.before, self.after


@dataclass(frozen=True, slots=True)
class _Place:
    file: str
    function: str
    key: str
    node: cst.CSTNode
    where: CodeRange
    operator: str
    changes: tuple[cst.CSTNode, ...]


def draw(root: Path, files: list[str], count: int, seed: int) -> list[Mutant]:
    """At most ``count`` mutants of the files, no two of one place; changes of words, types and the like are not drawn.

    The order comes from a hash of what stands at a place, so that most of a draw stays when lines are added elsewhere.
    """
    modules = {file: cst.parse_module((root / file).read_text(encoding="utf-8")) for file in files}
    places = [place for file, module in modules.items() for place in _places(file, module)]
    places.sort(key=lambda place: hashlib.sha256(f"{seed}:{place.key}".encode()).digest())
    drawn: list[Mutant] = []
    for place in places:
        if len(drawn) == count:
            break
        mutant = _mutant(modules[place.file], place, Random(f"{seed}:{place.key}"))
        if mutant is not None:
            drawn.append(mutant)
    return drawn


class _Visitor(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self, file: str, lines: list[str]) -> None:
        super().__init__()
        self.file = file
        self.lines = lines
        self.inside: list[str] = []
        self.seen: Counter[str] = Counter()
        self.found: list[_Place] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.inside.append(node.name.value)
        for kind, operator in mutation_operators:
            if not isinstance(node, kind):
                continue
            changes = tuple(_changes(node, operator))
            if changes:
                where, name = self.get_metadata(PositionProvider, node), operator.__name__
                function = ".".join(self.inside)
                key = f"{self.file}:{function}:{name}:{self.lines[where.start.line - 1].strip()}"
                self.seen[key] += 1
                key = f"{key}:{self.seen[key]}"
                self.found.append(_Place(self.file, function, key, node, where, name, changes))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self.inside.pop()


def _changes(node: cst.CSTNode, operator: object) -> Iterator[cst.CSTNode]:
    """A name in quotes is changed in one way; sentences are held by tests of what is shown, and not drawn here."""
    if operator is operator_string:
        if isinstance(node, cst.SimpleString) and " " not in node.value:
            yield from list(operator_string(node))[:1]
        return
    yield from operator(node)  # type: ignore[operator]


def _places(file: str, module: cst.Module) -> list[_Place]:
    visitor = _Visitor(file, module.code.splitlines())
    MetadataWrapper(module, unsafe_skip_copy=True).visit(visitor)
    return visitor.found


@lru_cache(64)
def _code(module: cst.Module) -> str:
    return module.code


def _mutant(module: cst.Module, place: _Place, random: Random) -> Mutant | None:
    """One of the changes that compile and mean something else, or none."""
    source = _code(module)
    meaning = _meaning(source)
    for change in random.sample(place.changes, len(place.changes)):
        code = module.deep_replace(place.node, change).code  # type: ignore[arg-type]
        try:
            compile(code, place.file, "exec")
            if _meaning(code) == meaning:
                continue
        except (SyntaxError, ValueError):
            continue
        first, last = _statement(source, place.where.start.line)
        before, after = _difference(source.splitlines(), code.splitlines())
        return Mutant(place.file, place.function, first, last, place.operator, before, after, code)
    return None


class _Bare(ast.NodeTransformer):
    """What a program means, without the parts that nothing runs: annotations, docstrings, types, and what is exported."""

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias":
            return None
        node.annotation = ast.Constant(None)
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id in (
            "Literal",
            "Callable",
            "Mapping",
            "Sequence",
        ):
            return ast.Constant(None)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id in ("cast", "TypeVar"):
            return node.args[-1]
        return self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return (
            None
            if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
            else self.generic_visit(node)
        )

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        target, value = node.targets[0], node.value
        a_type = isinstance(value, ast.Name) and value.id == "Any"
        return (
            None
            if a_type or (isinstance(target, ast.Name) and target.id == "__all__")
            else self.generic_visit(node)
        )


@lru_cache(64)
def _statements(source: str) -> list[ast.stmt]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]


@lru_cache(64)
def _meaning(source: str) -> str:
    return ast.dump(_Bare().visit(ast.parse(source)))


def _statement(source: str, line: int) -> tuple[int, int]:
    """First and last line of the innermost statement around a line; of one with a body, its head."""
    best = (line, line)
    width = 10**9
    for node in _statements(source):
        body = getattr(node, "body", None)
        last = body[0].lineno - 1 if body else (node.end_lineno or node.lineno)
        last = max(last, node.lineno)
        if node.lineno <= line <= last and last - node.lineno < width:
            best, width = (node.lineno, last), last - node.lineno
    return best


def _difference(old: list[str], new: list[str]) -> tuple[str, str]:
    start = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return tuple("\n".join(line.strip() for line in lines[start : len(lines) - end]) for lines in (old, new))  # type: ignore[return-value]
