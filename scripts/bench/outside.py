"""``scripts/bench outside [--second | --third] [--only WORD] [--out FILE]``: inputs from outside, as their authors typed them.

Each is one run of ``calcgrad diff TEXT --at POINT --json`` with a limit on its time, held against the truth of what is written
(``tests/data/outside_inputs.md``). A word is a warning, or a verdict that doubts the figure.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

LIST = Path(__file__).parents[2] / "tests" / "data" / "outside_inputs.json"
SECOND = LIST.with_name("outside_inputs_second.json")
THIRD = LIST.with_name("outside_inputs_third.json")
#: Seconds for one input; past it the run counts as undecided.
LIMIT = 60.0
#: Digits of the truth that have to be right, and those that a double has.
DIGITS, DOUBLE = 28, 14

RIGHT, WARNED = "right", "right with a warning"
SILENT, WORDED = "wrong without a word", "wrong with a word"
HELPED, BARE = "refused with help", "refused without help"
UNDECIDED, CRASHED = "undecided", "crashed"
CLASSES = (RIGHT, WARNED, SILENT, WORDED, HELPED, BARE, UNDECIDED, CRASHED)

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came out for one input: its class, and a line for those who look."""

    name: str
    detail: str


def run(entry: Entry) -> tuple[int, str, str]:
    """The exit code and both streams of the command line; code -1 when time runs out."""
    command = [sys.executable, "-m", "calcgrad", "diff", entry["text"], "--at", entry["at"], "--json"]
    if "wrt" in entry:
        command += ["--wrt", entry["wrt"]]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return -1, "", ""
    return done.returncode, done.stdout, done.stderr


def same(given: Any, truth: str, digits: int = DIGITS) -> bool:
    """Whether a figure of the report is the truth to so many digits."""
    if given is None or given == "nan":
        return False
    if "inf" in (str(given).lstrip("-"), truth.lstrip("-")):
        return str(given) == truth
    value, expected = Fraction(str(given)), Fraction(truth)
    return abs(value - expected) <= Fraction(1, 10**digits) * (abs(expected) or 1)


def classify(entry: Entry, code: int, out: str, err: str) -> Outcome:
    """The class of one run."""
    if code == -1:
        return Outcome(UNDECIDED, f"no answer in {LIMIT:.0f} s")
    try:
        report = json.loads(out)
    except json.JSONDecodeError:
        return Outcome(CRASHED, (err or out).strip()[-200:])
    if "error" in report:
        error = report["error"]
        hints = error.get("hints") or []
        text = f"{error['code']} {error['message']}" + "".join(f" [{hint}]" for hint in hints)
        return Outcome(CRASHED if code == 70 else HELPED if hints else BARE, text)
    return judge(entry, report)


def judge(entry: Entry, report: dict[str, Any]) -> Outcome:
    """The class of a report."""
    point = report["points"][0]
    row = (point.get("truth") or [{}])[0]
    warnings = [warning["message"] for warning in report["warnings"]]
    verdict = point["verdict"]
    detail = f"{verdict}, read {report['parsed']!r}: {row.get('value') or row.get('note')}"
    detail += "".join(f" [{warning}]" for warning in warnings)
    spoken = bool(warnings) or verdict in ("disagree", "inconclusive")
    expect = entry["expect"]
    if expect["is"] == "readings":
        met = any(same(row.get("value"), reading["value"]) for reading in expect["readings"])
        return Outcome((WARNED if met else WORDED) if warnings else SILENT, detail)
    if expect["is"] != "refuse" and verdict == "inconclusive" and row.get("value") is None:
        return Outcome(UNDECIDED, detail)
    if expect["is"] != "refuse" and meets(expect, verdict, row):
        return Outcome(WARNED if spoken else RIGHT, detail)
    if expect["is"] == "value" and same(row.get("value"), expect["value"], DOUBLE):
        detail = f"right as a double, not to {DIGITS} digits: {detail}"
    return Outcome(WORDED if spoken else SILENT, detail)


def meets(expect: dict[str, Any], verdict: str, row: dict[str, Any]) -> bool:
    """Whether verdict and figures are those expected; sides are doubles in the report."""
    kind = expect["is"]
    if kind == "value":
        return verdict in ("agree", "disagree", "overflow") and same(row.get("value"), expect["value"])
    if verdict != kind and verdict not in expect.get("also", ()):
        return False
    if kind in ("kink", "jump"):
        return all(same(row.get(side), expect[side], DOUBLE) for side in ("left", "right"))
    if kind == "boundary":
        return same(row.get(expect["side"]), expect["value"], DOUBLE)
    return kind != "removable" or same(row.get("value"), expect["value"], DOUBLE)


def good(entry: Entry, name: str) -> bool:
    """Whether a class is what is wanted of an entry: a refusal with help is, where there is nothing certain to say."""
    return name in (RIGHT, WARNED) or (
        name == HELPED and entry["expect"]["is"] in ("readings", "refuse", "undefined")
    )


def table(entries: list[Entry], outcomes: list[Outcome]) -> str:
    """Entries by kind and class, and the sum."""
    counts = Counter((e["kind"], o.name) for e, o in zip(entries, outcomes, strict=True))
    kinds = list(dict.fromkeys(entry["kind"] for entry in entries))
    wanted = Counter(e["kind"] for e, o in zip(entries, outcomes, strict=True) if good(e, o.name))
    lines = [f"{'':24s}" + "".join(f"{kind:>12s}" for kind in kinds) + f"{'all':>8s}"]
    for name in CLASSES:
        row = [counts[kind, name] for kind in kinds]
        lines.append(f"{name:24s}" + "".join(f"{n or '·':>12}" for n in row) + f"{sum(row) or '·':>8}")
    total = Counter(entry["kind"] for entry in entries)
    lines.append(
        f"{'as wanted':24s}"
        + "".join(f"{f'{wanted[kind]}/{total[kind]}':>12s}" for kind in kinds)
        + f"{sum(wanted.values()):>4d}/{len(entries)}"
    )
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    """Print the table and what is not as wanted; 1 when a wrong figure comes without a word, or a run crashes."""
    parser = argparse.ArgumentParser(prog="scripts/bench outside", description=__doc__)
    parser.add_argument("--only", default="", help="ids that contain this word")
    parser.add_argument(
        "--second", action="store_true", help="the second list, collected later, in place of the first"
    )
    parser.add_argument("--third", action="store_true", help="the third list: what people type and paste")
    parser.add_argument("--out", type=Path, help="write the outcome of every input here too")
    options = parser.parse_args(argv)
    entries = [
        e
        for e in json.loads(
            (SECOND if options.second else THIRD if options.third else LIST).read_text(encoding="utf-8")
        )
        if options.only in e["id"]
    ]
    outcomes = []
    for entry in entries:
        outcomes.append(classify(entry, *run(entry)))
        print(f"\r{len(outcomes)}/{len(entries)}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    lines = [table(entries, outcomes), ""]
    pairs = list(zip(entries, outcomes, strict=True))
    for name in CLASSES:
        missed = [
            (entry, outcome) for entry, outcome in pairs if outcome.name == name and not good(entry, name)
        ]
        lines += [f"{name}: {len(missed)}"] if missed else []
        lines += [f"  {e['id']}  {e['text']!r} at {e['at']}\n      {o.detail}" for e, o in missed]
    print("\n".join(lines))
    if options.out:
        everything = [f"{e['id']}\t{o.name}\t{e['text']!r}\t{o.detail}" for e, o in pairs]
        options.out.write_text("\n".join([*lines, "", *everything]) + "\n", encoding="utf-8")
    return 1 if any(outcome.name in (SILENT, CRASHED) for outcome in outcomes) else 0
