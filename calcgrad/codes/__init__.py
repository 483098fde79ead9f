"""The register of codes: every error and warning, its one meaning, why it happens, how to mend it, and an example that raises it.

Plain data, imported by ``calcgrad explain``, the page of errors and the tests only: no start and no error waits for it. A new
code is one more :class:`Code` in the file of its range (``FILES``); a test runs its example. The page is written anew by
``calcgrad explain --format markdown``.
"""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType

from calcgrad.codes.entry import Code

#: The beginnings of the codes that each file holds, in the order in which they are shown.
FILES = {
    "expressions": ("E1",),
    "shapes": ("E2",),
    "points": ("E30", "E31", "E32", "E338", "E339"),
    "differentiating": ("E33", "E34", "E35"),
    "command_line": ("E36", "E393", "E394", "E396", "E397", "E398", "E399", "E52"),
    "checking": ("E37", "E38", "E39", "E50", "E515", "E56"),
    "arguments": ("E391", "E392", "E509", "E51"),
    "numpy_functions": ("E4",),
    "explaining": ("E6",),
    "seeing": ("E62", "E63", "E64", "E65"),
    "itself": ("E7", "E9"),
    "warnings": ("W",),
}


@cache
def register() -> dict[str, Code]:
    """Every code with its entry, in the order of the groups.

    >>> register()["E107"].title
    'a bracket is not closed'
    """
    return {entry.code: entry for entries in groups().values() for entry in entries}


@cache
def groups() -> dict[str, tuple[Code, ...]]:
    """The entries by the title of their group."""
    return {module.TITLE: module.CODES for module in map(_module, FILES)}


def file_of(code: str) -> str:
    """The file in which a code is registered: that of its longest beginning.

    >>> file_of("E107"), file_of("E397"), file_of("E379")
    ('expressions', 'command_line', 'checking')
    """
    return max(
        (len(start), name) for name, starts in FILES.items() for start in starts if code.startswith(start)
    )[1]


def nearest(code: str) -> str | None:
    """The registered code that is most like this one: by its number, or, where that has not three digits, by its spelling.

    >>> nearest("E199"), nearest("107"), nearest("E1070"), nearest("bracket")
    ('E201', 'E107', 'E107', None)
    """
    letter, digits = (code[0], code[1:]) if code[:1] in ("E", "W") else ("E", code)
    if not (digits.isascii() and digits.isdigit()):
        return None
    if len(digits) != 3:
        from difflib import get_close_matches

        return next(iter(get_close_matches(code, register(), n=1)), None)
    return min(
        (known for known in register() if known[0] == letter),
        key=lambda known: (abs(int(known[1:]) - int(digits)), known),
    )


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"calcgrad.codes.{name}")


__all__ = ["FILES", "Code", "file_of", "groups", "nearest", "register"]
