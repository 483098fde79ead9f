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
SHOWN = (*OUTCOMES, "equivalent", "tuning", "waiting")
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
class Known:
    """The mutants that no test need find, with their reasons.

    ``equivalent`` ones mean the same as the program. Those of ``tuning`` move a number that was chosen by trial a little: what
    is promised holds with both, and only what it costs differs.
    """

    entries: tuple[dict[str, str], ...]

    @classmethod
    def read(cls) -> Known:
        """The list beside this file."""
        text = Path(__file__).with_name("equivalents.toml").read_text(encoding="utf-8")
        return cls(tuple(tomllib.loads(text).get("mutant", ())))

    def entry(self, mutant: Mutant) -> dict[str, str] | None:
        """What the list says of this one."""
        about = {name: getattr(mutant, name) for name in ("file", "function", "before", "after")}
        for entry in self.entries:
            if all(entry.get(name, value) == value for name, value in about.items()):
                return entry
        return None

    def outcome(self, mutant: Mutant, outcomes: dict[Identity, dict[str, Any]]) -> str:
        """What became of a mutant, or why that does not matter."""
        found = outcomes.get(mutant.identity, {"outcome": "waiting"})["outcome"]
        entry = self.entry(mutant) if found in (*ALIVE, "waiting") else None
        return str(found) if entry is None else entry.get("kind", "equivalent")


def table(room: str, mutants: list[Mutant], outcomes: dict[Identity, dict[str, Any]], known: Known) -> str:
    """The counts of a room: what was drawn, what of it was found, and the share of those that could be found."""
    counts = Counter(known.outcome(mutant, outcomes) for mutant in mutants)
    found = sum(counts[name] for name in OUTCOMES if name not in ALIVE)
    alive = sum(counts[name] for name in ALIVE)
    parts = [f"{counts[name]} {name}" for name in SHOWN if counts[name]]
    share = f"{found / (found + alive):.1%} of those that change something" if found + alive else "nothing"
    if counts["tuning"]:
        share += f", {found / (found + alive + counts['tuning']):.1%} with those of tuning"
    return f"{room}: {len(mutants)} mutants: {', '.join(parts)}; found: {share}"
