"""The text of a function in LLVM's IR: values by name, loops, and equal expressions written once.

What was written inside a loop is forgotten when it ends; what was written before it is known in it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: A function of more lines than this is not worth the time that LLVM takes over it.
LINES = 12_000


class TooLongError(Exception):
    """A function has become longer than is worth compiling."""


def double(value: float) -> str:
    """A double as LLVM reads it, to the bit.

    >>> double(1.0)
    '0x3FF0000000000000'
    """
    return f"0x{struct.unpack('<Q', struct.pack('<d', float(value)))[0]:016X}"


class Text:
    """A function that is being written."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.declared: set[str] = set()
        self.first: list[str] = []
        self.label = "top"
        self.flagged = False
        self._before: list[str] = self.lines
        self._known: list[dict[Any, Any]] = [{}]
        self._count = 0
        self._written = 0

    def number(self) -> int:
        """A number that nothing else in the function has."""
        self._count += 1
        return self._count

    def line(self, text: str) -> None:
        """A line that makes no value."""
        self._written += 1
        if self._written > LINES:
            raise TooLongError
        self.lines.append(f"  {text}")

    def fresh(self, text: str) -> str:
        """A value that is written again each time it is asked for: a load of what changes."""
        name = f"%t{self.number()}"
        self.line(f"{name} = {text}")
        return name

    def value(self, text: str) -> str:
        """A value; the same text is the same value."""
        found: str | None = self.recall(text)
        if found is None:
            found = self.fresh(text)
            self.know(text, found)
        return found

    def recall(self, key: Any) -> Any:
        """What is known by a key here, or outside of here."""
        for known in reversed(self._known):
            if key in known:
                return known[key]
        return None

    def know(self, key: Any, name: Any) -> None:
        """Know a value by a key until the loop ends."""
        self._known[-1][key] = name

    def alloca(self) -> str:
        """A cell for a double, made once for the whole function."""
        name = f"%a{self.number()}"
        self.first.append(f"  {name} = alloca double")
        return name

    def flag(self, condition: str) -> None:
        """Where the condition holds, the function says in the end that its results do not count."""
        if self.recall(("flag", condition)) is not None:
            return
        self.know(("flag", condition), condition)
        self.flagged = True
        bit = self.value(f"zext i1 {condition} to i64")
        raised = self.fresh("load i64, ptr %flag")
        self.line(f"store i64 {self.fresh(f'or i64 {raised}, {bit}')}, ptr %flag")

    @contextmanager
    def loop(self, low: int, high: int) -> Iterator[str]:
        """A loop over the whole numbers from ``low`` to ``high``, which is larger; the number is given."""
        n, before = self.number(), self.label
        if len(self._known) == 1:
            self._before, self.lines = self.lines, []
        counter = f"%i{n}"
        self.line(f"br label %h{n}")
        self.lines.append(f"h{n}:")
        self.line(f"{counter} = phi i64 [ {low}, %{before} ], [ %n{n}, %l{n} ]")
        self.label = f"h{n}"
        self._known.append({})
        yield counter
        self._known.pop()
        self.line(f"br label %l{n}")
        self.lines.append(f"l{n}:")
        self.line(f"%n{n} = add nuw nsw i64 {counter}, 1")
        self.line(f"%c{n} = icmp ult i64 %n{n}, {high}")
        self.line(f"br i1 %c{n}, label %h{n}, label %e{n}")
        self.lines.append(f"e{n}:")
        self.label = f"e{n}"
        if len(self._known) == 1:
            self._before.extend(self.lines)
            self.lines = self._before

    @contextmanager
    def outside(self) -> Iterator[None]:
        """What is written goes before the outermost loop, and is known from there on."""
        if len(self._known) == 1:
            yield
            return
        inside, known = self.lines, self._known
        self.lines, self._known = self._before, known[:1]
        yield
        self.lines, self._known = inside, known

    # --- arithmetic ---

    def binary(self, op: str, a: str, b: str, kind: str = "double") -> str:
        """An instruction of two values."""
        return self.value(f"{op} {kind} {a}, {b}")

    def add(self, a: str, b: str) -> str:
        return self.binary("fadd", a, b)

    def sub(self, a: str, b: str) -> str:
        return self.binary("fsub", a, b)

    def mul(self, a: str, b: str) -> str:
        return self.binary("fmul", a, b)

    def div(self, a: str, b: str) -> str:
        return self.binary("fdiv", a, b)

    def fma(self, a: str, b: str, c: str) -> str:
        """``a*b + c``, rounded once."""
        return self.intrinsic("llvm.fma.f64", a, b, c)

    def intrinsic(self, name: str, *args: str) -> str:
        """One of LLVM's own functions of doubles."""
        self.declared.add(f"declare double @{name}({', '.join(['double'] * len(args))})")
        return self.value(f"call double @{name}({', '.join(f'double {a}' for a in args)})")

    def library(self, name: str, *args: str) -> str:
        """A function of C's mathematical library; that it may set ``errno`` is of no account."""
        kinds = ", ".join(["double"] * len(args))
        self.declared.add(f"declare double @{name}({kinds}) nounwind willreturn memory(none)")
        return self.value(f"call double @{name}({', '.join(f'double {a}' for a in args)})")

    def compare(self, how: str, a: str, b: str) -> str:
        """A truth value: ``how`` is LLVM's word, ``o…`` false and ``u…`` true where one is nan."""
        return self.value(f"fcmp {how} double {a}, {b}")

    def select(self, condition: str, a: str, b: str, kind: str = "double") -> str:
        return self.value(f"select i1 {condition}, {kind} {a}, {kind} {b}")

    def single(self, a: str) -> str:
        """The nearest number of single precision, as a double."""
        return self.value(f"fpext float {self.value(f'fptrunc double {a} to float')} to double")

    def bits(self, a: str) -> str:
        """The bits of a double as a whole number."""
        return self.value(f"bitcast double {a} to i64")

    def from_bits(self, a: str) -> str:
        """The double with these bits."""
        return self.value(f"bitcast i64 {a} to double")

    def polynomial(self, x: str, coefficients: tuple[float, ...]) -> str:
        """By Horner's rule, the highest power first."""
        result = double(coefficients[0])
        for c in coefficients[1:]:
            result = self.fma(result, x, double(c))
        return result
