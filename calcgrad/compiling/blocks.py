"""Entrywise operations over long arrays as one loop over blocks that stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from calcgrad.compiling.graph import GraphValue
from calcgrad.compiling.sheet import Sheet
from calcgrad.compiling.tasks import Group, Task
from calcgrad.operations.shapes import Shape

#: The numbers in a block, and the fewest numbers for which a loop is worth its overhead.
BLOCK = 16_384
LONG = 4 * BLOCK


class Loop:
    """A group as a loop over blocks of its first axis; ``tiles`` are the buffers of a block's length, by value."""

    def __init__(self, sheet: Sheet, group: Group) -> None:
        assert group.shape is not None
        self.sheet = sheet
        self.memory = sheet.memory
        self.group = group
        self.shape: Shape = group.shape
        self.rows = max(1, min(self.shape[0], BLOCK // max(1, prod(self.shape[1:]))))
        self.made = {task.place for task in group.tasks if task.kind == "entry"}
        self.texts: dict[int, str] = {}
        self.tiles: dict[int, int] = {}
        self.free: list[int] = []
        self.blocks: set[str] = set()

    def write(self) -> None:
        """The lines before, in and after the loop."""
        sheet, length = self.sheet, self.shape[0]
        leaving = sorted(p for p in self.made if not self.memory.dies(p))
        for place in leaving:
            sheet.out(place)
        totals = [task.place for task in self.group.tasks if task.kind == "total"]
        for place in totals:
            sheet.lines.append(f"v{place} = 0.0")
            sheet.texts[place] = f"v{place}"
        self._parts()
        inside = self._inside(leaving)
        sheet.lines.append(f"for start in range(0, {length}, {self.rows}):")
        sheet.lines.append(f"    stop = min(start + {self.rows}, {length})")
        sheet.lines.extend("    " + line for line in inside)
        for place in totals:
            sheet.lines.append(f"v{place} = float(v{place})")
        self.memory.free.extend(set(self.tiles.values()) | set(self.free))

    def _inside(self, leaving: Sequence[int]) -> list[str]:
        """The lines for one block."""
        outside, self.sheet.lines = self.sheet.lines, []
        self._slices(leaving)
        for k, task in enumerate(self.group.tasks):
            self._task(task, {a for t in self.group.tasks[k + 1 :] for a in t.args})
        inside, self.sheet.lines = self.sheet.lines, outside
        return inside

    def _parts(self) -> None:
        """The parts that are added into are made before the loop."""
        for task in self.group.tasks:
            if task.kind == "add":
                self.sheet.part(task)
                self.sheet.zeroed.discard(task.place)

    def _slices(self, leaving: Sequence[int]) -> None:
        """The part of each array of full length that a block is about."""
        for task in self.group.tasks:
            for a in task.args:
                if a not in self.made and a not in self.texts:
                    shape = self.sheet.graph.values[a].shape
                    long = len(shape) == len(self.shape) and shape[0] == self.shape[0]
                    self.texts[a] = self._slice(a) if long else self.sheet.text(a)
        for place in leaving:
            self.texts[place] = self._slice(place)

    def _slice(self, place: int) -> str:
        self.sheet.lines.append(f"x{place} = {self.sheet.text(place)}[start:stop]")
        return f"x{place}"

    def _task(self, task: Task, later: set[int]) -> None:
        """One task for one block; ``later`` are the values that tasks after it read."""
        args = [self.texts[a] for a in task.args]
        add = self.sheet.ufunc("add") if task.kind in ("total", "add") else ""
        if task.kind == "total":
            self.sheet.lines.append(f"v{task.place} += {add}.reduce({args[0]}, None)")
        elif task.kind == "add":
            block = self._block(self.sheet.part(task))
            self.sheet.lines.append(f"{add}({block}, {args[0]}, {block})")
        else:
            self._entry(self.sheet.graph.values[task.place], args, later)
        for a in [a for a in self.tiles if a not in later]:
            self.free.append(self.tiles.pop(a))

    def _block(self, part: str) -> str:
        """The block of a part that is added into."""
        block = f"x{part}"
        if block not in self.blocks:
            self.blocks.add(block)
            self.sheet.lines.append(f"{block} = {part}[start:stop]")
        return block

    def _entry(self, value: GraphValue, args: Sequence[str], later: set[int]) -> None:
        """An entrywise operation; its result goes over an argument that no task reads later, where there is one."""
        if value.place not in self.texts:
            dying = [a for a in value.args if a in self.tiles and a not in later]
            dying = [a for a in dying if self.memory.alike(a, value)]
            if dying:
                self.tiles[value.place] = self.tiles.pop(dying[0])
                self.texts[value.place] = self.texts[dying[0]]
            else:
                self.tiles[value.place] = self._tile(value)
        self.sheet.statement(value, args, self.texts[value.place])

    def _tile(self, value: GraphValue) -> int:
        wanted = ((self.rows, *self.shape[1:]), value.dtype)
        number = self.memory.take(wanted, self.free, self.memory.free)
        self.sheet.lines.append(f"y{value.place} = b{number}[: stop - start]")
        self.texts[value.place] = f"y{value.place}"
        return number
