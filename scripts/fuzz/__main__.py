"""``uv run python scripts/fuzz``: the machine that tries to break calcgrad.

``expressions --count N | --seconds S --seed K --sympy-every M --workers W`` runs all methods on random expressions, ``written``
draws decimals and exact points and holds the truth against the values of mpmath as written, ``independent`` holds verdicts and
truths against limits from both sides that mpmath takes of functions drawn with a meaning of their own, ``parser`` feeds mutated
text, ``native`` runs random NumPy functions and their gradients as native code beside NumPy, ``tapes`` runs random loops over
numbers and small arrays as tapes, ``commands`` runs command lines with options, encodings and files of every kind and state, most
of them in this process and one in forty as its own, ``resume`` goes on
where an interrupted ``expressions`` stopped, ``--replay SEED:INDEX`` shows one case again.
"""

from __future__ import annotations

import argparse
import math
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from time import monotonic

sys.path.insert(
    1, str(Path(__file__).resolve().parents[2])
)  # the drawing of expressions is shared with the tests
from _apart import run as run_apart
from _cases import draw, outcome
from _commands import case as command_case
from _finds import finds
from _independent import compare
from _journal import Journal, table
from _programs import draw as draw_program
from _programs import examine
from _running import Campaign, run
from _tapes import draw as draw_tape
from _tapes import examine as examine_tape
from _texts import text_of, wrong

#: The journal is written every so many cases.
KEPT = 50


def main() -> int:
    """Run what was asked; 1 when something was found."""
    options = _options()
    if options.replay:
        return _replay(options)
    return _campaign(options) if options.what in CASES else _expressions(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=("expressions", "written", "independent", "parser", "native", "tapes", "commands", "resume"),
        default="expressions",
    )
    parser.add_argument("--count", type=int, default=None, help="so many cases")
    parser.add_argument("--seconds", type=float, default=None, help="as many as fit in this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sympy-every", type=int, default=20, help="ask SymPy on every so many; 0 never")
    parser.add_argument("--replay", metavar="SEED:INDEX", help="one case again, with SymPy")
    parser.add_argument(
        "--workers",
        type=int,
        default=1,
        help="so many processes, and one more for SymPy (expressions, written)",
    )
    parser.add_argument("--journal", type=Path, default=Path(".fuzz") / "journal.jsonl")
    options = parser.parse_args()
    if options.count is None and options.seconds is None:
        options.count = 1000
    return options


def _expressions(options: argparse.Namespace) -> int:
    journal = Journal(options.journal)
    last = journal.last() if options.what == "resume" else None
    seed, every = (last["seed"], last["every"]) if last else (options.seed, options.sympy_every)
    first = last["next"] if last else 0
    counts: Counter[str] = Counter(last["counts"] if last else {})
    end = monotonic() + options.seconds if options.seconds else math.inf
    stop = first + options.count if options.count else sys.maxsize
    done = None
    try:
        campaign = Campaign(seed, every, first, stop, options.what == "written")
        for done in run(campaign, options.workers):
            counts.update(done.counts)
            for kind, test in done.finds:
                if not kind.startswith("smallest"):
                    counts[f"FIND {kind}"] += 1
                print(f"{seed}:{done.index} {kind}\n{test}", flush=True)
                journal.write({"find": kind, "place": f"{seed}:{done.index}", "test": test})
            if done.index % KEPT == 0:
                journal.state(seed, every, done.index + 1, counts)
            if monotonic() > end:
                break
    except KeyboardInterrupt:
        print("interrupted: `resume` goes on from here", file=sys.stderr)
    if done is not None:
        journal.state(seed, every, done.index + 1, counts)
    print(table(counts))
    return 1 if any(name.startswith("FIND") for name in counts) else 0


def _replay(options: argparse.Namespace) -> int:
    seed, index = map(int, options.replay.split(":"))
    if options.what == "independent":
        asked, _, found = compare(seed, index)
        print(asked.command, *found, sep="\n")
        return 1 if found else 0
    if options.what == "commands":
        command, found = command_case(seed, index)
        print(command.shown, *found, sep="\n")
        return 1 if found else 0
    if options.what == "parser":
        text = text_of(seed, index)
        print(repr(text), *wrong(text), sep="\n")
        return 0
    if options.what in PROGRAMS:
        draw_one, examine_one = PROGRAMS[options.what]
        drawn = draw_one(seed, index)
        print(drawn.source)
        answer = examine_one(drawn, seed, index)
        print(dict(answer.counts), answer.find)
        return bool(answer.find)
    case = draw(seed, index, 1, options.what == "written")
    print(case.text, case.at, sep="    ")
    result = outcome(case)
    found = finds(case, result)
    print(result, *found, sep="\n")
    return 1 if found else 0


def _independent(seed: int, index: int, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    asked, counted, found = compare(seed, index)
    counts.update(counted)
    for find in found:
        yield find.kind, f"{find.kind}: {asked.command}\n    {find.detail}"


def _parser(seed: int, index: int, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    text = text_of(seed, index)
    answer, found = wrong(text)
    counts.update(("texts", answer))
    for find in found:
        yield find.kind, f"{text[:300]!r}\n    {find.kind}: {find.detail}"


def _commands(seed: int, index: int, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    command, found = command_case(seed, index)
    counts["commands"] += 1
    for what in found:
        yield what[:40], f"{command.shown[:400]}\n    {what}"


#: What draws a program, and what looks at it.
PROGRAMS = {"native": (draw_program, examine), "tapes": (draw_tape, examine_tape)}


def _programs(what: str, seed: int, index: int, counts: Counter[str]) -> Iterator[tuple[str, str]]:
    draw_one, examine_one = PROGRAMS[what]
    answer = examine_one(draw_one(seed, index), seed, index)
    counts["programs"] += 1
    counts.update(answer.counts)
    if answer.find:
        yield "", answer.find


#: Each makes the case of a number, counts what it was, and gives its finds: the kind, and what is printed of it.
CASES = {
    "independent": _independent,
    "parser": _parser,
    "commands": _commands,
    **{what: partial(_programs, what) for what in PROGRAMS},
}


def _campaign(options: argparse.Namespace) -> int:
    """One case after the other until so many, or so long; an interrupt loses nothing that was counted, a hang nothing at all."""
    counts: Counter[str] = Counter()
    end = monotonic() + options.seconds if options.seconds else math.inf
    try:
        with closing(run_apart(CASES[options.what], options.seed, options.count)) as cases:
            for case in cases:
                counts.update(case.counts)
                for kind, said in case.finds:
                    counts[f"FIND {kind}".rstrip()] += 1
                    print(f"{options.seed}:{case.index} {said}", flush=True)
                if monotonic() > end:
                    break
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    print(table(counts))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")
    return 1 if any(name.startswith("FIND") for name in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
