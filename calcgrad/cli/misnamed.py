"""What people call our commands and options, and what they write in place of an option."""

from __future__ import annotations

import re
from collections.abc import Sequence

#: Words for a command that has another name.
CALLED = {
    "derivative": "diff", "differentiate": "diff", "derive": "diff", "deriv": "diff", "grad": "diff", "gradient": "diff",
    "d": "diff", "partial": "diff", "jacobian": "diff", "hessian": "diff", "version": "--version", "graph": "plot", "draw": "plot",
    "verify": "check", "test": "check", "solution": "steps", "exercise": "practice", "quiz": "practice", "train": "practice",
    "interactive": "repl", "shell": "repl", "list": "functions", "gd": "descend", "minimize": "descend", "man": "help",
    "error": "explain",
}  # fmt: skip
#: The same for options, without their minus signs.
OPTIONS = {
    "point": "--at", "x": "--at", "value": "--at", "where": "--at", "var": "--wrt", "variable": "--wrt", "variables": "--wrt",
    "by": "--wrt", "respect": "--wrt", "n": "--order", "nth": "--order", "output-file": "--output", "file": "--input",
    "out": "--output", "method": "--methods", "lr": "--rate", "learning-rate": "--rate",
}  # fmt: skip
#: What stands after an option that needs a value.
VALUES = {
    "--at": "--at 2, or --at 'x=2, y=3'", "--wrt": "--wrt x", "--order": "--order 2", "--methods": "--methods forward-ad",
    "--claim": "--claim '2x'", "--input": "--input FILE", "--output": "--output FILE", "--format": "--format json",
}  # fmt: skip
_POINT = re.compile(r"(?:[^\W\d]\w*=)?[-+(\[]*(?:[0-9.]|pi\b|π|√|e\b)[^=]*(?:,.*)?")
_NAME = re.compile(r"[^\W\d]\w?")


def meant_by(extra: Sequence[str], options: Sequence[str]) -> str | None:
    """What arguments without a place were meant to say: ``calcgrad diff x^2 at 3``.

    >>> meant_by(["at", "3"], ["--at"]), meant_by(["x=3"], ["--at"]), meant_by(["x"], ["--wrt"])
    ('the point goes after --at: --at 3', 'the point goes after --at: --at x=3', 'the variable goes after --wrt: --wrt x')
    """
    words = [word for word in extra if word.lower() not in ("at", "when", "@", "for", "where")]
    if len(words) != 1:
        return None
    if "--at" in options and _POINT.fullmatch(words[0]):
        return f"the point goes after --at: --at {words[0]}"
    if "--wrt" in options and _NAME.fullmatch(words[0]):
        return f"the variable goes after --wrt: --wrt {words[0]}"
    return None
