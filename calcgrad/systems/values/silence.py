"""NumPy's warnings of inf and nan off and on again, in a fifth of the time that ``numpy.errstate`` takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy


def _quick() -> tuple[Callable[[], Any], Callable[[Any], None]]:
    """NumPy's own switch, with what it is switched to made once; the public one where this NumPy has another."""
    try:
        from numpy._core.umath import _extobj_contextvar, _make_extobj

        ignoring = _make_extobj(all="ignore")
        token = _extobj_contextvar.set(ignoring)
        silent = set(numpy.geterr().values()) == {"ignore"}
        _extobj_contextvar.reset(token)
    except (ImportError, AttributeError, TypeError, ValueError):
        silent = False
    if not silent:
        return _silenced, lambda state: state.__exit__()
    return lambda: _extobj_contextvar.set(ignoring), _extobj_contextvar.reset


def _silenced() -> Any:
    state = numpy.errstate(all="ignore")
    state.__enter__()
    return state


def telling(tell: Callable[[str, int], Any]) -> tuple[Callable[[], Any], Callable[[Any], None]]:
    """The same two for a switch with which NumPy calls ``tell`` where it underflows or overflows, and warns of nothing."""
    try:
        from numpy._core.umath import _extobj_contextvar, _make_extobj

        told = _make_extobj(divide="ignore", over="call", under="call", invalid="ignore", call=tell)
        token = _extobj_contextvar.set(told)
        as_wanted = numpy.geterr() == {
            "divide": "ignore",
            "over": "call",
            "under": "call",
            "invalid": "ignore",
        }
        as_wanted = as_wanted and numpy.geterrcall() is tell
        _extobj_contextvar.reset(token)
    except (ImportError, AttributeError, TypeError, ValueError):
        as_wanted = False
    if as_wanted:
        return lambda: _extobj_contextvar.set(told), _extobj_contextvar.reset

    def entered() -> Any:
        state = numpy.errstate(divide="ignore", over="call", under="call", invalid="ignore", call=tell)
        state.__enter__()
        return state

    return entered, lambda state: state.__exit__()


#: ``token = silence()`` turns them off in this thread, ``restore(token)`` leaves them as they were.
silence, restore = _quick()
