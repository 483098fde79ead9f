"""The table of operations as a list, and all that one row says; partials are printed in x, y, z.

The rows are plain data of the table itself: nothing is computed here but the names in a formula.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from calcgrad.expression import to_text
from calcgrad.expression.nodes import Call, Name, Node, postorder
from calcgrad.functions.scalars import written_out
from calcgrad.operations import (
    COMPOSITES,
    OPERATIONS,
    ROWS,
    VOCABULARY,
    Bilinear,
    Composite,
    Elementwise,
    Row,
    parsed,
)
from calcgrad.operations.row import ARGUMENTS
from calcgrad.phrases import figure
from calcgrad.render import Style
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import HEADING, NAME, paint
from calcgrad.systems.series import has_series

_PRINTED = {"a": "x", "b": "y", "c": "z", "h": "w"}
_KINDS = {"kink": "kink", "jump": "jump", "pole": "pole", "vertical": "vertical tangent", "edge": "edge"}
_UNKNOWN = "no closed form"
_CERTIFIED = {
    True: "of the value and of derivatives of every order, by power series over balls",
    False: "none: it has no power series here and is not written out in numbers",
}
_RULES = {
    "Linear": "linear: its derivative is itself",
    "Bilinear": "linear in each argument",
    "Structured": "differentiated by a rule of its own",
}
_SECOND = re.compile(r"\b[bc]\b")
_VARIABLES = re.compile(r"\b[abc]\b")
_OWN_NAMES = re.compile(r"\bs\b")  # zeta's s and a are not the table's
_IN_FORMULA = re.compile(
    r"(?<=[(|^*/-])a\b|\ba(?=[)|^*/])|(?<=power )a\b|(?<=above )a\b|(?<=below )a\b|\ba(?= for )"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of an operation. ``derivatives`` are pairs of an argument and its partial."""

    name: str
    group: str
    help: str
    written: str
    aliases: tuple[str, ...]
    domain: str
    derivatives: tuple[tuple[str, str], ...]
    rule: str
    singular: tuple[tuple[str, str], ...]
    definition: str
    convention: str
    analytic: bool | None
    ulps: float | None
    certified: bool


def entries() -> list[Entry]:
    """The whole table, group by group; what is only used inside other rows is left out."""
    rows = [*ROWS, *COMPOSITES.values()]
    groups = dict.fromkeys(row.group for row in rows if row.group != "internal")
    return [entry(row) for group in groups for row in rows if row.group == group]


def find(word: str) -> Entry | None:
    """The entry of an operation's name, or of any other word for it."""
    if word in OPERATIONS or word in COMPOSITES:
        return entry(OPERATIONS[word] if word in OPERATIONS else COMPOSITES[word])
    meanings = VOCABULARY.words.get(word, ())
    return next((found for meaning in meanings if (found := find(meaning.op)) is not None), None)


def entry(row: Row | Composite) -> Entry:
    """What is said of a row."""
    arity = row.arity if isinstance(row, Elementwise | Composite) else 2 if isinstance(row, Bilinear) else 1
    arguments = ARGUMENTS[:arity]
    call = Call(row.name, tuple(Name(_PRINTED[a]) for a in arguments))
    written = to_text(call, VOCABULARY)
    aliases = tuple(
        word
        for word, meanings in VOCABULARY.words.items()
        if any(m.op == row.name for m in meanings) and not written.startswith(f"{word}(") and row.words
    )
    return Entry(
        name=row.name,
        group=row.group,
        help=_in_words(row.help),
        written=written,
        aliases=aliases,
        domain=_printed(getattr(row, "domain", ""), call),
        derivatives=_derivatives(row, call),
        rule=_RULES.get(type(row).__name__, ""),
        singular=tuple(_singular(s, call) for s in getattr(row, "singular", ())),
        definition=_printed(getattr(row, "definition", ""), call),
        convention=getattr(row, "convention", ""),
        analytic=getattr(row, "analytic", None),
        ulps=getattr(row, "ulps", None),
        certified=isinstance(row, Composite) or has_series(row.name) or written_out(row.name),
    )


def _in_words(text: str) -> str:
    """The help with x, y, z for the arguments a, b, c; an article stays one.

    >>> _in_words("exp(a) - 1"), _in_words("is a less than b"), _in_words("a power")
    ('exp(x) - 1', 'is x less than y', 'a power')
    """
    if _OWN_NAMES.search(text):
        return text
    pattern = _VARIABLES if _SECOND.search(text) else _IN_FORMULA
    return pattern.sub(lambda m: _PRINTED[m[0]], text)


def _derivatives(row: Row | Composite, call: Call) -> tuple[tuple[str, str], ...]:
    if not isinstance(row, Elementwise):
        return ()
    texts = [_UNKNOWN if p is None else _printed(p, call) for p in row.partials]
    return tuple((_PRINTED[ARGUMENTS[k]], text) for k, text in enumerate(texts))


def _singular(singular: Any, call: Call) -> tuple[str, str]:
    where = f"{_printed(singular.where, call)} = 0"
    if singular.period is not None:
        times = "a whole number" if singular.period == 1 else f"a multiple of {figure(singular.period)}"
        where = f"{_printed(singular.where, call)} = {times}"
    return _KINDS[singular.kind], where


def _printed(text: str, call: Call) -> str:
    """A string of the table in the printed names; the output ``y`` is the call itself."""
    if not text:
        return ""
    names: dict[str, Node] = {"y": call} | {a: Name(x) for a, x in _PRINTED.items()}
    stack: list[Node] = []
    for node in postorder(parsed(text)):
        if isinstance(node, Call):
            cut = len(stack) - len(node.args)
            stack[cut:] = [Call(node.op, tuple(stack[cut:]), node.params)]
        else:
            stack.append(names.get(node.name, node) if isinstance(node, Name) else node)
    return to_text(stack[0], VOCABULARY)


def listing(style: Style) -> str:
    """Every operation: how it is written, its derivatives, where it is defined, where it is not smooth."""
    lines: list[str] = []
    group = ""
    for e in entries():
        if e.group != group:
            group = e.group
            lines += [*([""] if lines else []), paint(group, HEADING, style.color)]
        lines += _brief(e, style)
    proved = [e.certified for e in entries()]
    lines += ["", f"certified digits for {sum(proved)} of {len(proved)} operations", ""]
    lines += ["calcgrad functions NAME says all about one"]
    return "\n".join(lines) + "\n"


def _brief(e: Entry, style: Style) -> list[str]:
    lines = wrapped(f"{e.written}: {e.help}", style.width, "  ", "      ")
    lines[0] = "  " + paint(e.written, NAME, style.color) + lines[0][2 + len(e.written) :]
    for argument, text in e.derivatives:
        equals = ":" if text == _UNKNOWN else " ="
        lines += wrapped(f"d/d{argument}{equals} {text}", style.width, "      ", "          ")
    facts = [
        e.rule,
        f"for {e.domain}" if e.domain else "",
        *(f"{kind} at {where}" for kind, where in e.singular),
        "certified" if e.certified else "not certified",
    ]
    said = "; ".join(filter(None, facts))
    return lines + (wrapped(said, style.width, "      ", "          ") if said else [])


def page(e: Entry, style: Style) -> str:
    """All about one operation."""
    facts = [
        ("", e.help),
        ("also written", ", ".join(e.aliases)),
        ("defined for", e.domain or "every real number" if e.analytic is not None else ""),
        *((f"d/d{argument}", text) for argument, text in e.derivatives),
        ("derivative", e.rule),
        *((kind, f"at {where}") for kind, where in e.singular),
        ("definition", e.definition),
        ("convention", e.convention),
        ("complex step", "" if e.analytic is None else "applies" if e.analytic else "does not apply"),
        ("certified", _CERTIFIED[e.certified]),
        ("accuracy", "" if e.ulps is None else f"{figure(e.ulps)} ulps x max(1, condition), measured"),
    ]
    lines = [paint(e.written, NAME, style.color)]
    for name, text in facts:
        if text:
            first = f"  {name.ljust(16)}" if name else "  "
            lines += wrapped(text, style.width, first, " " * len(first))
    return "\n".join(lines) + "\n"


def data(e: Entry) -> dict[str, Any]:
    """The entry as JSON holds it."""
    return {
        "name": e.name,
        "group": e.group,
        "help": e.help,
        "written": e.written,
        "aliases": list(e.aliases),
        "domain": e.domain or None,
        "derivatives": [{"argument": a, "partial": None if t == _UNKNOWN else t} for a, t in e.derivatives],
        "rule": e.rule or None,
        "singular": [{"kind": kind, "where": where} for kind, where in e.singular],
        "definition": e.definition or None,
        "convention": e.convention or None,
        "analytic": e.analytic,
        "certified": e.certified,
        "ulps": e.ulps,
    }
