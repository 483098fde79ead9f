"""The journal: what was found and counted so far, a JSON object a line, so that an interrupted run loses nothing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any


class Journal:
    """Finds as they come, and after each batch the number of the next case with all counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, record: dict[str, Any]) -> None:
        """Add a line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    def state(self, seed: int, every: int, following: int, counts: Counter[str]) -> None:
        """Add where the run stands: the number of the next case, and all counts so far."""
        self.write({"seed": seed, "every": every, "next": following, "counts": dict(counts)})

    def last(self) -> dict[str, Any] | None:
        """The last state written; a line that was cut off in the middle is passed over."""
        if not self.path.exists():
            return None
        state = None
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                record = json.loads(line)
            except ValueError:
                continue
            state = record if "next" in record else state
        return state


def table(counts: Counter[str]) -> str:
    """The counts, the largest first."""
    return "\n".join(f"  {count:>8,}  {name}" for name, count in counts.most_common())
