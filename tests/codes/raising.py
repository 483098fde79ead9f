"""Where the sources raise each code: every text that is a code, however it comes to the error, but for comparisons with one."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import calcgrad

PACKAGE = Path(calcgrad.__file__).parent
_CODE = re.compile(r"[EW]\d{3}")


@cache
def sources() -> dict[str, str]:
    """The text of each source file that may raise, by its path inside the package."""
    paths = {str(path.relative_to(PACKAGE)): path for path in sorted(PACKAGE.rglob("*.py"))}
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items() if name[:6] != "codes/"}


@cache
def sites() -> dict[str, dict[str, list[int]]]:
    """For each code the lines that raise it, by file."""
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for name, text in sources().items():
        for code, line in codes_in(text):
            found[code][name].append(line)
    return found


def codes_in(source: str) -> Iterator[tuple[str, int]]:
    """The codes that a source raises, with their lines.

    >>> list(codes_in('raise UsageError.of("E107" if a else "E108", "E109 is no code of its own") if c != "E102" else None'))
    [('E107', 1), ('E108', 1)]
    """
    tree = ast.parse(source)
    compared = {part for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in ast.walk(node)}
    texts = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    for node in texts:
        if node not in compared and _CODE.fullmatch(str(node.value)):
            yield str(node.value), node.lineno
