"""The order in which a tape is run: operations of one kind together, in runs as long as what they need allows.

Operations whose arguments are all there wait in a queue of their kind. The longest queue is done next, and what becomes ready by
it joins the queues. It is a routine in IR: in Python it would take longer than all else about a tape.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy

from calcgrad.native.machine import machine
from calcgrad.native.tapes_routine import Routine

_NUMBERS = ("count", "base", "kinds", "chained")
_ARRAYS = ("codes", "args", "starts", "users", "left", "after", "first", "last", "size", "order", "runs")


def ordered(codes: Any, args: Any, base: int, chained: int) -> tuple[Any, Any, Any]:
    """Codes and lengths of the runs, and all operations in their order.

    ``args`` are three rows of places: those below ``base`` are there from the start, ``base + k`` is made by operation ``k``.
    Of codes up to ``chained`` an operation may stand in the same run as what it needs, behind it.
    """
    count, kinds = len(codes), int(codes.max(initial=0)) + 1
    sizes = (count + 2, 3 * count, count, count, kinds, kinds, kinds, count, 2 * count)
    made = [numpy.zeros(size, numpy.int32) for size in sizes]
    given = [numpy.ascontiguousarray(a, numpy.int32) for a in (codes, args)]
    runs = _routine()(count, base, kinds, chained, *[a.ctypes.data for a in (*given, *made)])
    order, found = made[-2], made[-1][: 2 * runs].reshape(-1, 2)
    return found[:, 0].copy(), found[:, 1].copy(), order


@cache
def _routine() -> Any:
    code = machine().compiled(_text(), "order")
    machine().keep(code)  # what it gives is looked at for every tape
    kinds = [ctypes.c_int64] * len(_NUMBERS) + [ctypes.c_void_p] * len(_ARRAYS)
    return ctypes.CFUNCTYPE(ctypes.c_int64, *kinds)(code.address)


def _text() -> str:
    r = Routine("order", _NUMBERS, _ARRAYS)
    _users(r)
    with r.each("0", "%kinds") as kind:
        r.store("first", kind, "-1")
    with r.each("0", "%count") as k, r.when(r.compare("eq", r.load("left", k), "0")):
        _wait(r, k)
    done, runs = r.cell(), r.cell()
    with r.loop(lambda: r.compare("slt", r.get(done), "%count")):
        kind = _longest(r)
        before = r.get(done)
        # Of operations that gather first, only those that wait now: what they make is there after all of them.
        most = r.cell(r.load("size", kind))
        with r.when(r.compare("sle", kind, "%chained")):
            r.set(most, "%count")
        with r.loop(lambda: r.compare("sgt", _lesser(r, r.get(most), r.load("size", kind)), "0")):
            r.set(most, r.sub(r.get(most), "1"))
            k = r.load("first", kind)
            r.store("first", kind, r.load("after", k))
            r.change("size", kind, "-1")
            r.store("order", r.get(done), k)
            r.set(done, r.add(r.get(done), "1"))
            with r.each(r.load("starts", k), r.load("starts", r.add(k, "1"))) as at:
                user = r.load("users", at)
                with r.when(r.compare("eq", r.change("left", user, "-1"), "0")):
                    _wait(r, user)
        at = r.add(r.get(runs), r.get(runs))
        r.store("runs", at, kind)
        r.store("runs", r.add(at, "1"), r.sub(r.get(done), before))
        r.set(runs, r.add(r.get(runs), "1"))
    return r.text(r.get(runs))


def _users(r: Routine) -> None:
    """Who reads what each operation makes, side by side from ``starts[k]`` on; and how much each operation has to wait for."""
    with r.each("0", "3") as row, r.each("0", "%count") as k:
        source = _source(r, row, k)
        with r.when(r.compare("sge", source, "0")):
            r.change("starts", r.add(source, "2"), "1")
            r.change("left", k, "1")
    with r.each("0", "%count") as k:
        r.change("starts", r.add(k, "1"), r.load("starts", k))
    # starts[k + 1] is where the readers of k begin, and moves on to where they end.
    with r.each("0", "3") as row, r.each("0", "%count") as k:
        source = _source(r, row, k)
        with r.when(r.compare("sge", source, "0")):
            end = r.change("starts", r.add(source, "1"), "1")
            r.store("users", r.sub(end, "1"), k)


def _source(r: Routine, row: str, k: str) -> str:
    """The operation that makes an argument of an operation; negative where none does."""
    return r.sub(r.load("args", r.add(r.value(f"mul i64 {row}, %count"), k)), "%base")


def _wait(r: Routine, k: str) -> None:
    """An operation goes to the end of the queue of its kind."""
    kind = r.load("codes", k)
    empty = r.compare("eq", r.load("size", kind), "0")
    with r.when(empty):
        r.store("first", kind, k)
    with r.when(r.value(f"xor i1 {empty}, true")):
        r.store("after", r.load("last", kind), k)
    r.store("last", kind, k)
    r.change("size", kind, "1")


def _longest(r: Routine) -> str:
    """The kind of which most are waiting."""
    best = r.cell()
    with (
        r.each("0", "%kinds") as kind,
        r.when(r.compare("sgt", r.load("size", kind), r.load("size", r.get(best)))),
    ):
        r.set(best, kind)
    return r.get(best)


def _lesser(r: Routine, a: str, b: str) -> str:
    return r.value(f"select i1 {r.compare('slt', a, b)}, i64 {a}, i64 {b}")
