"""What became of each mutant, an object a line, so that an interrupted run goes on; and the list of those that change nothing."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _mutating import Mutant

#: What can become of a mutant that was tried; the first two were found.
OUTCOMES = ("killed", "slow", "survived", "unreached")
ALIVE = OUTCOMES[2:]
Identity = tuple[str, str, str, str]


class Journal:
    """The outcomes of one draw; the last word on a mutant counts."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, mutant: Mutant, answer: dict[str, Any]) -> None:
        """Add a line."""
        about = {
            name: getattr(mutant, name)
            for name in ("file", "function", "first", "operator", "before", "after")
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**about, **answer}) + "\n")

    def outcomes(self) -> dict[Identity, dict[str, Any]]:
        """The last line about each; one that was cut off in the middle is passed over."""
        found: dict[Identity, dict[str, Any]] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else ():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            found[record["file"], record["function"], record["before"], record["after"]] = record
        return found


@dataclass(frozen=True, slots=True)
class Equivalents:
    """The mutants that mean the same as the program, with their reasons."""

    entries: tuple[dict[str, str], ...]

    @classmethod
    def read(cls) -> Equivalents:
        """The list beside this file."""
        text = Path(__file__).with_name("equivalents.toml").read_text(encoding="utf-8")
        return cls(tuple(tomllib.loads(text).get("mutant", ())))

    def reason(self, mutant: Mutant) -> str | None:
        """Why this one is equivalent, if it is."""
        for entry in self.entries:
            same = (
                entry["file"] == mutant.file
                and entry["function"] == mutant.function
                and entry["before"] == mutant.before
            )
            if same and entry.get("after", mutant.after) == mutant.after:
                return entry["reason"]
        return None


def table(
    room: str, mutants: list[Mutant], outcomes: dict[Identity, dict[str, Any]], equivalents: Equivalents
) -> str:
    """The counts of a room: what was drawn, what of it was found, and the share of those that could be found."""
    counts: Counter[str] = Counter()
    for mutant in mutants:
        outcome = outcomes[mutant.identity]["outcome"] if mutant.identity in outcomes else "waiting"
        alive = outcome in ALIVE
        counts["equivalent" if alive and equivalents.reason(mutant) else outcome] += 1
    found = counts["killed"] + counts["slow"]
    open_ones = found + counts["survived"] + counts["unreached"]
    parts = [f"{counts[name]} {name}" for name in (*OUTCOMES, "equivalent", "waiting") if counts[name]]
    share = f"{found / open_ones:.1%} of those that change something" if open_ones else "nothing to find"
    return f"{room}: {len(mutants)} mutants: {', '.join(parts)}; found: {share}"
