"""``calcgrad`` and ``python -m calcgrad``.

The first lines only look at the arguments: where SymPy will be needed its process is started before anything
else is imported, so that the two start together; ``--version`` needs nothing at all.
"""

from __future__ import annotations

import sys
from itertools import pairwise


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
    if _needs_sympy(arguments):
        from calcgrad.sympy_process import start

        start()
    from calcgrad.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
