"""Random programs that write into arrays: views of views, overlaps, masks, aliases, operators and functions that write.

Each is the text of a function of a vector of six numbers, analytic in it, so that a complex step of plain NumPy is its truth.
"""

from __future__ import annotations

import random

_SIZES = ((6,), (2, 3), (3, 2), (4, 3))


class Writer:
    """Writes a program line by line; it knows the shape of every name."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.shapes: dict[str, tuple[int, ...]] = {"x": (6,)}
        self.lines: list[str] = []
        self.count = 0

    def program(self, length: int = 14) -> str:
        """The text of the function ``f``."""
        for _ in range(3):
            self.new()
        for _ in range(length):
            self.random.choice(
                (self.view, self.view, self.write, self.write, self.augment, self.call, self.new)
            )()
        total = " + ".join(f"np.sum(np.sin({name}) * {k + 1.3})" for k, name in enumerate(self.shapes))
        return "\n    ".join(["def f(x):", *self.lines, f"return {total}"]) + "\n"

    def fresh(self, shape: tuple[int, ...]) -> str:
        self.count += 1
        name = f"a{self.count}"
        self.shapes[name] = shape
        return name

    def any(self) -> str:
        return self.random.choice(list(self.shapes))

    def index(self, shape: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        """An index of slices and numbers, and the shape of what is there."""
        parts, left = [], []
        for n in shape:
            kind = self.random.randrange(4)
            if kind == 0 and n and len(shape) > len(parts) and (left or len(parts) < len(shape) - 1):
                parts.append(str(self.random.randrange(-n, n)))
            elif kind == 1:
                parts.append("::-1")
                left.append(n)
            elif kind == 2 and n > 1:
                start = self.random.randrange(n - 1)
                parts.append(f"{start}:")
                left.append(n - start)
            else:
                parts.append(":")
                left.append(n)
        return ", ".join(parts), tuple(left)

    def expression(self, shape: tuple[int, ...]) -> str:
        """A value that can be written to this shape."""
        same = [name for name, s in self.shapes.items() if s == shape]
        kind = self.random.randrange(5)
        if same and kind < 3:
            a, b = self.random.choice(same), self.random.choice(same)
            return self.random.choice((a, f"{a} * {b}", f"0.5 * {a} + np.cos({b})", f"-{a}", f"{a} - {b}"))
        name = self.any()
        number = f"{name}[{', '.join(str(self.random.randrange(n)) for n in self.shapes[name])}]"
        return self.random.choice((number, f"0.7 * {number}", "0.25", f"np.sin({number})"))

    def new(self) -> None:
        shape = self.random.choice(_SIZES)
        kind = self.random.randrange(5)
        if kind == 0:
            self.lines.append(f"{self.fresh(shape)} = np.zeros({shape}, x.dtype)")
        elif kind == 1:
            self.lines.append(f"{self.fresh(shape)} = np.full({shape}, x[{self.random.randrange(6)}])")
        elif kind == 2:
            name = self.any()
            self.lines.append(f"{self.fresh(self.shapes[name])} = {name}.copy()")
        elif kind == 3:
            name = self.any()
            self.lines.append(f"{self.fresh(self.shapes[name])} = {name} * 1.5")
        else:
            i, j = self.random.randrange(6), self.random.randrange(6)
            self.lines.append(f"{self.fresh((2, 2))} = np.array([[x[{i}], 1.0], [x[{j}] * x[0], -x[{i}]]])")

    def view(self) -> None:
        name = self.any()
        shape = self.shapes[name]
        kind = self.random.randrange(6)
        if kind < 3:
            index, left = self.index(shape)
            if left:
                self.lines.append(f"{self.fresh(left)} = {name}[{index}]")
        elif kind == 3:
            self.lines.append(f"{self.fresh(shape[::-1])} = {name}.T")
        elif kind == 4:
            size = shape[0] if len(shape) == 1 else shape[0] * shape[1]
            made = self.random.choice(
                (f"{name}.reshape(-1)", f"{name}.ravel()", f"np.reshape({name}, {size})")
            )
            self.lines.append(f"{self.fresh((size,))} = {made}")
        else:
            self.lines.append(f"{self.fresh(shape)} = {name}")

    def write(self) -> None:
        name = self.any()
        index, left = self.index(self.shapes[name])
        kind = self.random.randrange(4)
        if kind == 0:
            mask = f"np.real({name}) > 0.3"
            self.lines.append(f"{name}[{mask}] = {self.expression(())}")
        elif kind == 1 and len(self.shapes[name]) == 1:
            n = self.shapes[name][0]
            chosen = [self.random.randrange(n) for _ in range(2)]
            self.lines.append(
                f"{name}[{chosen}] {self.random.choice(('=', '+=', '*='))} {self.expression((2,))}"
            )
        else:
            self.lines.append(f"{name}[{index or ':'}] = {self.expression(left)}")

    def augment(self) -> None:
        name = self.any()
        operator = self.random.choice(("+=", "-=", "*="))
        if self.random.randrange(2):
            self.lines.append(f"{name} {operator} {self.expression(self.shapes[name])}")
        else:
            index, left = self.index(self.shapes[name])
            self.lines.append(f"{name}[{index or ':'}] {operator} {self.expression(left)}")

    def call(self) -> None:
        name = self.any()
        shape = self.shapes[name]
        value = self.expression(shape)
        n = shape[0]
        self.lines.append(
            self.random.choice(
                (
                    f"np.multiply({name}, {value}, out={name})",
                    f"np.add({name}, 0.5, {name})",
                    f"np.add.at({name}, [0, {self.random.randrange(n)}, 0], {self.expression(())})",
                    f"np.put({name}, [0, {self.random.randrange(n)}], {self.expression(())})",
                    f"np.copyto({name}, {value}, where=np.real({name}) < 0.2)",
                    f"np.putmask({name}, np.real({name}) > 0.9, {self.expression(())})",
                    f"{name}.fill({self.expression(())})",
                    f"{name}[...] = {name}[::-1] * 0.9",
                )
            )
        )
