"""Reading a text: in the language, or, where it is not in that, as a formula pasted from elsewhere."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from calcgrad.errors import CalcgradError, Diagnostic, ParseError
from calcgrad.expression import complaints
from calcgrad.expression.bars import resolve_bars
from calcgrad.expression.letters import warn_of_letters
from calcgrad.expression.nodes import Node
from calcgrad.expression.parser import Parser
from calcgrad.expression.source import Source
from calcgrad.expression.tokens import OTHER, canonical_name, tokenise
from calcgrad.expression.vocabulary import Vocabulary

if TYPE_CHECKING:
    from calcgrad.expression.pasted.statements import Statement

MAX_CHARACTERS = 1 << 20
#: Places that one fix may mend, each after the other.
MAX_FIXES = 8


class Parsed(NamedTuple):
    """A text as it was read: the tree, the warnings, the free variables in the order in which they appear.

    ``statement`` is what the text says beside the function, if it was pasted as ``f(x) = …`` or ``d/dx …``.
    """

    root: Node
    warnings: tuple[Diagnostic, ...]
    variables: tuple[str, ...]
    text: str
    statement: Statement | None = None


#: Characters from which on reading a text is worth a thought of the memory.
LONG = 20_000


def parse(
    text: str, vocabulary: Vocabulary, *, declared: Collection[str] = (), statements: bool = False
) -> Parsed:
    """Read an expression.

    A text that is not in the language may be a formula pasted from elsewhere; then it is read as that. With
    ``statements`` the text may say more than the function, ``f(x) = …`` or ``d/dx …``: see ``Parsed.statement``.
    ``declared`` are the names that are variables whatever else they might mean (``--at``, ``--wrt`` name them).
    Raises ``ParseError`` where the text is not in the language, ``LimitError`` where it is too long, too deep, or
    has a number that is too large; both carry a ``Diagnostic``.

    >>> from calcgrad.expression.vocabulary import Vocabulary
    >>> parse("2x^2 - y", Vocabulary(words={}, forms={}))[:3]
    (2 x 2 pow/2 mul/2 y sub/2, (), ('x', 'y'))
    """
    names = frozenset([canonical_name(name) for name in declared]) if declared else frozenset()
    try:
        with _uncollected(len(text) > LONG):
            return _read(text, vocabulary, names)
    except ParseError as error:
        told = error.diagnostic
    pasted = _read_pasted(text, vocabulary, names, statements)
    if isinstance(pasted, Parsed):
        return pasted
    told = pasted or told
    if told.fix is not None:
        told = told._replace(fix=_working_fix(told.fix, vocabulary, names))
    raise ParseError(told)


def _read_pasted(
    text: str, vocabulary: Vocabulary, names: frozenset[str], statements: bool
) -> Parsed | Diagnostic | None:
    """A text in another notation: as it was read, or what is to be said of it; ``None`` where it is none."""
    from calcgrad.expression.pasted import RefusalError, read_pasted

    try:
        found = read_pasted(text, vocabulary, names, statements)
        if found is None:
            return None
    except RefusalError as refusal:
        return refusal.error(text).diagnostic
    translation = found.translation
    said = found.statement
    parameters = said.parameters if said else ()
    try:
        parsed = _read(translation.text, vocabulary, names.union(parameters, said.wrt if said else ()))
    except CalcgradError as error:
        told = translation.moved(error.diagnostic, text)
        if isinstance(error, ParseError):
            return told
        raise type(error)(told) from None
    for node in _distinct(parsed.root):
        node.span = translation.original(node.span)
    warnings = (*found.warnings, *(translation.moved(warning, text) for warning in parsed.warnings))
    variables = (*parsed.variables, *(name for name in parameters if name not in parsed.variables))
    return Parsed(parsed.root, warnings, variables, text, found.statement)


def _distinct(root: Node) -> Iterator[Node]:
    """Every node of a tree once."""
    seen = set()
    todo = [root]
    while todo:
        node = todo.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            todo.extend(node.args)


@contextmanager
def _uncollected(long: bool) -> Iterator[None]:
    """Without the cycle collector while a long text is read: its walks over a million new nodes, all alive, take half the time."""
    pause = long and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


def _working_fix(fix: str | None, vocabulary: Vocabulary, declared: frozenset[str]) -> str | None:
    """A fix that can be read: the one offered, or the fix of that, and so on; ``None`` if that leads nowhere."""
    for _ in range(MAX_FIXES):
        if fix is None:
            break
        try:
            _read(fix, vocabulary, declared)
        except CalcgradError as error:
            fix = error.diagnostic.fix
        else:
            return fix
    return None


def _read(text: str, vocabulary: Vocabulary, names: frozenset[str]) -> Parsed:
    source = Source(text, vocabulary, names)
    if len(text) > MAX_CHARACTERS:
        raise source.limit(
            "E151",
            f"the text has {len(text):,} characters; calcgrad reads at most {MAX_CHARACTERS:,}",
            (MAX_CHARACTERS, MAX_CHARACTERS + 1),
            "the limit is passed here",
        )
    tokens = tokenise(text, names, vocabulary.words)
    if len(tokens) == 1:
        raise source.error("E101", "there is no expression", (0, 0), "", "type a function, such as x^2 + 1")
    if tokens[-2][0] == OTHER:
        raise complaints.bad_character(source, tokens)
    if "|" in text:
        tokens = resolve_bars(source, tokens)
    parser = Parser(source, tokens)
    root = parser.run()
    warn_of_letters(source, tokens, parser.variables, root)
    return Parsed(root, tuple(source.warnings), tuple(parser.variables), text)
