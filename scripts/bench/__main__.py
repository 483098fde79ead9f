"""``uv run python scripts/bench NAME [ARGUMENT]…``: run one bench of this folder by the name of its file."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(argv: list[str]) -> int:
    """Find the bench, a module here with ``main(argv) -> int``, and run it."""
    names = sorted(path.stem for path in HERE.glob("[a-z]*.py"))
    if not argv or argv[0] not in names:
        print(f"usage: scripts/bench {{{','.join(names)}}} …", file=sys.stderr)
        return 2
    sys.path[:0] = [str(HERE), str(HERE.parents[1])]  # some benches share problems with the tests
    bench = importlib.import_module(argv[0])
    code: int = bench.main(argv[1:])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
