"""The text of a routine on arrays of whole numbers in LLVM's IR: variables, loops and conditions, as one writes them in C."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager


class Routine:
    """A function of numbers ``i64`` and of arrays of 32-bit numbers, which is being written; its variables are cells of ``i64``."""

    def __init__(self, name: str, numbers: Sequence[str], arrays: Sequence[str]) -> None:
        given = [*(f"i64 %{n}" for n in numbers), *(f"ptr noalias %{a}" for a in arrays)]
        self.head = f"define i64 @{name}({', '.join(given)}) {{"
        self.cells: list[str] = []
        self.lines: list[str] = []
        self._count = 0

    def value(self, text: str) -> str:
        """A value of an instruction."""
        self._count += 1
        self.lines.append(f"  %t{self._count} = {text}")
        return f"%t{self._count}"

    def line(self, text: str) -> None:
        """An instruction that makes no value."""
        self.lines.append(f"  {text}")

    def cell(self, start: str = "0") -> str:
        """A new variable."""
        self._count += 1
        self.cells.append(f"  %c{self._count} = alloca i64")
        self.set(f"%c{self._count}", start)
        return f"%c{self._count}"

    def get(self, cell: str) -> str:
        return self.value(f"load i64, ptr {cell}")

    def set(self, cell: str, value: str) -> None:
        self.line(f"store i64 {value}, ptr {cell}")

    def add(self, a: str, b: str) -> str:
        return self.value(f"add i64 {a}, {b}")

    def sub(self, a: str, b: str) -> str:
        return self.value(f"sub i64 {a}, {b}")

    def compare(self, how: str, a: str, b: str) -> str:
        """A truth value: ``how`` is ``eq``, ``ne``, ``slt``, ``sge`` …"""
        return self.value(f"icmp {how} i64 {a}, {b}")

    def load(self, array: str, at: str) -> str:
        """An entry of an array."""
        narrow = self.value(f"load i32, ptr {self.value(f'getelementptr i32, ptr %{array}, i64 {at}')}")
        return self.value(f"sext i32 {narrow} to i64")

    def store(self, array: str, at: str, value: str) -> None:
        """Write an entry of an array."""
        narrow = self.value(f"trunc i64 {value} to i32")
        self.line(f"store i32 {narrow}, ptr {self.value(f'getelementptr i32, ptr %{array}, i64 {at}')}")

    def change(self, array: str, at: str, by: str) -> str:
        """Add to an entry of an array: what it is then."""
        after = self.add(self.load(array, at), by)
        self.store(array, at, after)
        return after

    @contextmanager
    def loop(self, condition: Callable[[], str]) -> Iterator[None]:
        """As long as a condition holds, which is written where it is asked."""
        self._count += 1
        n = self._count
        self.line(f"br label %h{n}")
        self.lines.append(f"h{n}:")
        self.line(f"br i1 {condition()}, label %b{n}, label %e{n}")
        self.lines.append(f"b{n}:")
        yield
        self.line(f"br label %h{n}")
        self.lines.append(f"e{n}:")

    @contextmanager
    def each(self, low: str, high: str) -> Iterator[str]:
        """The whole numbers from one up to another, one after the other."""
        at = self.cell(low)
        with self.loop(lambda: self.compare("slt", self.get(at), high)):
            number = self.get(at)
            yield number
            self.set(at, self.add(number, "1"))

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Only where a condition holds."""
        self._count += 1
        n = self._count
        self.line(f"br i1 {condition}, label %b{n}, label %e{n}")
        self.lines.append(f"b{n}:")
        yield
        self.line(f"br label %e{n}")
        self.lines.append(f"e{n}:")

    def text(self, result: str) -> str:
        """The whole function, which gives a value."""
        return "\n".join([self.head, "top:", *self.cells, *self.lines, f"  ret i64 {result}", "}", ""])
