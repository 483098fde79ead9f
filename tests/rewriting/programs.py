"""Functions to be rewritten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def straight(a: float, b: float = 2.0, *rest: float, c: float = 3.0, **more: float) -> float:
    return max(a, b) + sum(rest) * c - len(more)


class Base:
    __secret = 5

    def value(self, x: float) -> float:
        return x + self.__secret

    @staticmethod
    def plain(x: float) -> float:
        return abs(x) * 2


class Derived(Base):
    def value(self, x: float) -> float:
        return super().value(x) * 2


def counter() -> Callable[[int], int]:
    total = 0

    def add(n: int) -> int:
        nonlocal total
        total += n
        return total

    return add


TWO = (lambda x: abs(x) + 1, lambda x: abs(x) + 2)


def numbers(n: int) -> Iterator[Any]:
    for i in range(n):
        try:
            yield [j**2 for j in range(i)], {k: -k for k in (i,)}
        finally:
            n = -i


def nested(x: float) -> float:
    def twice(f: Callable[[float], float]) -> Callable[[float], float]:
        return lambda y: f(f(y))

    @twice
    def step(y: float) -> float:
        y *= 2
        return y + 1

    return step(x)
