"""``calcgrad`` and ``python -m calcgrad``.

The first lines only look at the arguments: where SymPy will be needed its process is started before anything
else is imported, so that the two start together; ``--version`` needs nothing at all.
"""

from __future__ import annotations

import gc
import sys
from itertools import pairwise

#: How many new objects there must be before Python looks for cycles among them. A long text makes hundreds of thousands that live
#: until its answer stands: by Python's own count of 700, a fifth of the time goes by in looking at them again and again.
_NEW_OBJECTS = 100_000


def _needs_sympy(arguments: list[str]) -> bool:
    """Whether a ``diff`` that asks SymPy seems to be coming; a wrong guess costs nothing but time."""
    if not arguments or arguments[0] != "diff" or len(arguments) == 1:
        return False
    if any(a in {"--help", "-h", "--truth=none", "--truth=certified"} for a in arguments):
        return False
    if any(a == "--truth" and b in {"none", "certified"} for a, b in pairwise(arguments)):
        return False
    return any(a.startswith(("--at", "--input", "--truth")) for a in arguments)  # a formula alone is our own


def main() -> int:
    """Run the command line and return the exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from calcgrad.version import __version__

        print(f"calcgrad {__version__}")
        return 0
    gc.set_threshold(_NEW_OBJECTS)
    if _needs_sympy(arguments):
        from calcgrad.sympy_process import start

        start()
    from calcgrad.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
