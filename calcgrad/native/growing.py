"""Programs that begin as NumPy's and become native once they have been called so often that it will pay; large graphs of
numbers are tapes from the start, which are made sooner than NumPy's programs.

It is counted, not timed: the same calls give the same numbers every time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from calcgrad.compiling.backends import Wanted, in_numpy
from calcgrad.compiling.entering import Called
from calcgrad.compiling.guards import Test
from calcgrad.compiling.straight import Straight
from calcgrad.native.programs import at_once, made_native, missing

#: A program is made native at this call.
CALLS = 50


@dataclass(slots=True)
class _Count:
    """The calls of a program."""

    calls: int = 0

    def over(self) -> bool:
        """Whether this call, which is counted, is one too many for NumPy."""
        self.calls += 1
        return self.calls >= CALLS


def growing(wanted: Wanted) -> Straight:
    """NumPy's program, which gives way to the native one."""
    there = not missing()
    found = at_once(wanted) if there else None
    if found is not None:
        return found
    plain = in_numpy(wanted)
    if not there:
        return plain
    wanted = replace(wanted, leaves=())  # what was traced at is not kept alive
    count = _Count()
    enter = plain.enter

    def grow(leaves: Sequence[Any]) -> Straight | None:
        if not count.over():
            return None
        # With ways in of its own: those made so far count.
        return replace(made_native(replace(wanted, leaves=leaves), plain), entered={})

    def counted(tests: Sequence[Test], called: Called) -> Callable[..., Any]:
        assert enter is not None
        quick = enter(tests, called)

        def way(*args: Any, **kwargs: Any) -> Any:
            if count.calls + 1 >= CALLS:
                return called(args, kwargs)
            count.calls += 1
            return quick(*args, **kwargs)

        return way

    return replace(plain, grow=grow, enter=None if enter is None else counted)
