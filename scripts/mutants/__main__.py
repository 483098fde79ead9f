"""``uv run --group mutants python scripts/mutants ROOM --count 200 --seed 1``: are the tests of a room worth anything?

A line of the room is changed (a number, a comparison, an argument, a branch …), and the tests of that room must find it. The
rooms stand in ``rooms.toml``, changes that change nothing in ``equivalents.toml`` with their reasons. Nothing of the tree is
written: it is copied, and the changes live in memory. An interrupted run goes on where it stopped, whatever has changed since.

``--again`` runs those again that were alive, ``--list survived`` shows what became of each, ``--show N`` one as a difference.
"""

from __future__ import annotations

import argparse
import difflib
import math
import os
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from _mutating import Mutant, draw
from _outcomes import ALIVE, SHOWN, Journal, Known, table
from _serving import Runs

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main() -> int:
    """Run what was asked; 1 when something is alive that should not be."""
    options = _options()
    room = tomllib.loads((HERE / "rooms.toml").read_text(encoding="utf-8"))[options.room]
    files = sorted({str(path.relative_to(ROOT)) for pattern in room["files"] for path in ROOT.glob(pattern)})
    mutants = draw(ROOT, files, options.count, options.seed)
    kept = options.folder / options.room
    kept.mkdir(parents=True, exist_ok=True)
    journal = Journal(kept.resolve() / f"seed-{options.seed}.jsonl")
    known = Known.read()
    if options.show is not None:
        print(_shown(mutants[options.show]))
        return 0
    if not options.list:
        _run(mutants, room, files, journal, options.again, known, options.seconds)
    return _report(options, mutants, journal, known)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__)
    parser.add_argument("room", choices=tomllib.loads((HERE / "rooms.toml").read_text(encoding="utf-8")))
    parser.add_argument("--count", type=int, default=200, help="so many mutants, or all that there are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--again", action="store_true", help="those too that were alive, with the code and the tests of now"
    )
    most = "tests of at most so many seconds a mutant, the fastest first; what is alive after them counts so"
    parser.add_argument("--seconds", type=float, default=math.inf, help=most)
    wanted = (*SHOWN, "all")
    parser.add_argument("--list", choices=wanted, help="run nothing; show those of which this became")
    parser.add_argument("--show", type=int, metavar="N", help="run nothing; show one mutant as a difference")
    parser.add_argument("--folder", type=Path, default=Path(".mutants"), help="where journals are kept")
    return parser.parse_args()


def _run(
    mutants: list[Mutant],
    room: dict[str, list[str]],
    files: list[str],
    journal: Journal,
    again: bool,
    known: Known,
    most: float,
) -> None:
    before = journal.outcomes()
    waiting = [m for m in mutants if known.outcome(m, before) in ("waiting", *(ALIVE if again else ()))]
    if not waiting:
        return
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = _copied(Path(folder).resolve())
        runs = Runs(tree, room["tests"], journal.path.parent)
        runs.run(waiting, runs.clean(files, most), journal.write)
        os.chdir(ROOT)


def _copied(tree: Path) -> Path:
    """The tree, in a folder of its own, from where all is imported."""
    for name in ("calcgrad", "tests", "scripts"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tree / name)
    os.chdir(tree)
    sys.path.insert(0, str(tree))
    os.environ["PYTHONPATH"] = str(tree)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # threads do not live through a fork
        os.environ[name] = "1"
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(tree / ".hypothesis")
    import flint  # noqa: F401  what is heavy and not ours is loaded once, before the first fork
    import mpmath  # noqa: F401
    import numpy  # noqa: F401
    import scipy.special
    import scipy.stats  # noqa: F401
    import sympy  # noqa: F401

    return tree


def _report(options: argparse.Namespace, mutants: list[Mutant], journal: Journal, known: Known) -> int:
    outcomes = journal.outcomes()
    bad = 0
    for index, mutant in enumerate(mutants):
        outcome = known.outcome(mutant, outcomes)
        bad += outcome in ALIVE
        wanted = options.list or "alive"
        if wanted in (outcome, "all") or (wanted == "alive" and outcome in ALIVE):
            print(f"{index} {outcome} {mutant.file}:{mutant.first} {mutant.function} [{mutant.operator}]")
            print(_indented("- ", mutant.before), _indented("+ ", mutant.after), sep="\n")
            answer = outcomes.get(mutant.identity, {})
            tests = f"tests that reach it: {answer.get('tests', 'none')}"
            print(f"    {(known.entry(mutant) or {}).get('reason') or answer.get('by') or tests}")
    print(table(options.room, mutants, outcomes, known))
    return 1 if bad else 0


def _indented(sign: str, text: str) -> str:
    return "\n".join(f"    {sign}{line}" for line in text.splitlines())


def _shown(mutant: Mutant) -> str:
    old = (ROOT / mutant.file).read_text(encoding="utf-8").splitlines()
    return "\n".join(difflib.unified_diff(old, mutant.code.splitlines(), mutant.file, "mutant", lineterm=""))


if __name__ == "__main__":
    sys.exit(main())
