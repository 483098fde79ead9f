"""The tables that ``speed`` prints: a row as it comes, then medians of several runs and how far these lie apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

#: The libraries that native code should be ahead of wherever they can run.
RIVALS = ("jax", "torch", "casadi")
_NAME = 34


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured of a workload: seconds by library, and peaks of bytes over those of the function."""

    workload: Any
    best: dict[str, float]
    memory: dict[str, float | None]

    def ratios(self) -> dict[str, float]:
        """The seconds over those of the hand-written derivative."""
        base = self.best.get("hand")
        return {} if base is None else {name: seconds / base for name, seconds in self.best.items()}


@dataclass(frozen=True, slots=True)
class Table:
    """The columns: ``ours``, each beside its bar, and the peers."""

    ours: Sequence[str]
    peers: Sequence[str]

    def print_head(self) -> None:
        """The line above a table."""
        ours = "".join(f"{name:>9}{'bar':>7}" for name in self.ours)
        peers = "".join(f"{name:>9}" for name in self.peers)
        print(f"{'workload':<{_NAME}}{'hand':>9}{ours}{peers}{'memory':>19}", flush=True)

    def print_row(self, row: Row) -> None:
        """The ratios of one run."""
        if "hand" not in row.best:
            print(f"{row.workload.name:<{_NAME}} no hand-written time", flush=True)
            return
        self._print(row.workload, row.best["hand"], row.ratios(), row.memory)

    def _print(
        self, w: Any, hand: float, ratios: dict[str, float], memory: dict[str, float | None] | None
    ) -> None:
        cells = [f"{w.name:<{_NAME}}", f"{spelled(hand):>9}"]
        for name in self.ours:
            bar = w.bar(name)
            marks = "*" if bar is not None and ratios.get(name, 0.0) > bar else ""
            if name == "native" and any(ratios[name] > ratios[r] for r in RIVALS if {r, name} <= set(ratios)):
                marks += "<"
            cells.append(f"{_number(ratios.get(name)) + marks:>9}{'-' if bar is None else f'{bar:g}':>7}")
        cells += [f"{_number(ratios.get(name)):>9}" for name in self.peers]
        peaks = (
            "" if memory is None else " / ".join("-" if m is None else f"{m:.1f}" for m in memory.values())
        )
        print("".join(cells) + f"{peaks:>19}", flush=True)

    def print_medians(self, runs: Sequence[Sequence[Row]]) -> None:
        """The medians of runs over the same workloads, and by how many per cent the largest lies above the smallest."""
        print(f"\nmedians of {len(runs)} runs", flush=True)
        self.print_head()
        rows = [row for row in zip(*runs, strict=True) if all("hand" in r.best for r in row)]
        for same in rows:
            hand = median(r.best["hand"] for r in same)
            self._print(same[0].workload, hand, _each(same, median), same[-1].memory)
        print("\nspread, in per cent: the largest over the smallest", flush=True)
        columns = (*self.ours, *self.peers)
        print(" " * _NAME + "".join(f"{name:>9}" for name in columns), flush=True)
        spreads = [_each(same, lambda found: 100 * (max(found) / min(found) - 1)) for same in rows]
        for same, spread in zip(rows, spreads, strict=True):
            cells = [f"{f'{spread[name]:.0f}' if name in spread else '-':>9}" for name in columns]
            print(f"{same[0].workload.name:<{_NAME}}" + "".join(cells), flush=True)
        worst = [max((s[name] for s in spreads if name in s), default=0.0) for name in columns]
        print(f"{'worst':<{_NAME}}" + "".join(f"{w:>9.0f}" for w in worst), flush=True)


def _each(same: Sequence[Row], of: Callable[[Sequence[float]], float]) -> dict[str, float]:
    """One number of the ratios of several runs, for each library that has one in all of them."""
    found = [row.ratios() for row in same]
    return {name: of([r[name] for r in found]) for name in found[0] if all(name in r for r in found)}


def _number(ratio: float | None) -> str:
    if ratio is None:
        return "-"
    return f"{ratio:.3f}" if ratio < 0.0995 else f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def spelled(seconds: float) -> str:
    """Seconds with a unit.

    >>> spelled(0.0021)
    '2.1 ms'
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("us", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"
