"""The machine of tapes: an interpreter in IR, compiled once, that runs one operation over many places before it reads the next.

A tape is a row of whole numbers: for each run its code, how many results it has, how many numbers follow, and then the places of
all first arguments, of all second ones, of all third ones. Results go to the places behind those of the run before. Arithmetic
stands in the interpreter itself and goes entry by entry, so that an entry may read what the one before it has made; every other
operation is a function of its own, made when a tape first has it: it gathers its arguments and then works on many at once.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from functools import cache
from threading import RLock
from typing import Any

import numpy

from calcgrad.native.lowering import Value, apply, lowering
from calcgrad.native.machine import machine
from calcgrad.native.tapes_trying import kernel_differs
from calcgrad.native.text import Text

#: What stands in the interpreter: how it is written, and of how many arguments. A code is a place here, from 1.
CHAINED = {
    "add": ("fadd double {a}, {b}", 2),
    "sub": ("fsub double {a}, {b}", 2),
    "mul": ("fmul double {a}, {b}", 2),
    "div": ("fdiv double {a}, {b}", 2),
    "neg": ("fneg double {a}", 1),
}
#: The code after the last run.
END = 0
#: Whole numbers before the places of a run.
HEAD = 3
#: There are at most so many operations.
_CODES = 512
#: So many arguments are gathered at once: they stay in the nearest cache.
_BLOCK = 256


@dataclass(slots=True)
class _Kernels:
    """The functions of operations by their codes, as far as any tape had them; no code at all for what is not right."""

    codes: dict[str, int] = field(default_factory=lambda: {op: k for k, op in enumerate(CHAINED, 1)})
    table: Any = field(default_factory=lambda: numpy.zeros(_CODES, numpy.int64))
    refused: set[str] = field(default_factory=set)


_KERNELS = _Kernels()
_LOCK = RLock()


def code_of(op: str, arity: int) -> int | None:
    """The code of an operation, made where it is new; ``None`` where it has none, or where it was not right."""
    known = _KERNELS.codes.get(op)
    if known is not None or op in _KERNELS.refused:
        return known
    with _LOCK:
        if op not in _KERNELS.codes and op not in _KERNELS.refused:
            _make(op, arity)
        return _KERNELS.codes.get(op)


def _make(op: str, arity: int) -> None:
    number = len(_KERNELS.codes) + 1
    if lowering(op) is None or number >= _CODES:
        _KERNELS.refused.add(op)
        return
    code = machine().compiled(_kernel(op, arity), "kernel")
    if not code.known:
        if kernel_differs(op, arity, code.address):
            _KERNELS.refused.add(op)
            return
        machine().keep(code)
    _KERNELS.table[number] = code.address
    _KERNELS.codes[op] = number


def interpreter() -> tuple[Any, Any]:
    """The interpreter ``run(tape, values, first result, table)`` twice: holding Python's lock, and letting other threads go on.

    It gives 0, or something else where an argument was out of the range of a function.
    """
    with _LOCK:
        return _interpreter()


@cache
def _interpreter() -> tuple[Any, Any]:
    code = machine().compiled(_TEXT, "tape")
    machine().keep(code)  # what it does is looked at for every tape
    kinds = [ctypes.c_void_p] * 4
    holding, letting_go = ctypes.PYFUNCTYPE(ctypes.c_int64, *kinds), ctypes.CFUNCTYPE(ctypes.c_int64, *kinds)
    return holding(code.address), letting_go(code.address)


def table() -> int:
    """Where the functions of operations stand."""
    return int(_KERNELS.table.ctypes.data)


# --- texts ---


def _read(name: str, argument: str, places: str) -> str:
    """An argument of the entry that a loop is at."""
    n = f"{name}.{argument}"
    return f"""  %{n}.at = getelementptr i32, ptr {places}, i64 %{name}.j
  %{n}.place = load i32, ptr %{n}.at
  %{n}.wide = zext i32 %{n}.place to i64
  %{n}.cell = getelementptr double, ptr %v, i64 %{n}.wide
  %{n} = load double, ptr %{n}.cell
"""


def _case(name: str, how: str, arity: int) -> str:
    """The loop of an operation that stands in the interpreter."""
    reads = _read(name, "a", "%given") + (_read(name, "b", f"%{name}.second") if arity == 2 else "")
    return f"""{name}:
  %{name}.second = getelementptr i32, ptr %given, i64 %n
  br label %{name}.loop
{name}.loop:
  %{name}.j = phi i64 [ 0, %{name} ], [ %{name}.next, %{name}.loop ]
{reads}  %{name}.y = {how.format(a=f"%{name}.a", b=f"%{name}.b")}
  %{name}.to = getelementptr double, ptr %out, i64 %{name}.j
  store double %{name}.y, ptr %{name}.to
  %{name}.next = add nuw nsw i64 %{name}.j, 1
  %{name}.more = icmp ult i64 %{name}.next, %n
  br i1 %{name}.more, label %{name}.loop, label %after
"""


_TEXT = f"""define i64 @tape(ptr noalias readonly %tape, ptr %v, ptr %first, ptr noalias readonly %table) {{
top:
  %flag = alloca i64
  store i64 0, ptr %flag
  br label %head
head:
  %at = phi ptr [ %tape, %top ], [ %further, %after ]
  %out = phi ptr [ %first, %top ], [ %beyond, %after ]
  %code = load i32, ptr %at
  %at1 = getelementptr i32, ptr %at, i64 1
  %count = load i32, ptr %at1
  %n = zext i32 %count to i64
  %at2 = getelementptr i32, ptr %at, i64 2
  %many = load i32, ptr %at2
  %words = zext i32 %many to i64
  %given = getelementptr i32, ptr %at, i64 {HEAD}
  switch i32 %code, label %other [
    i32 {END}, label %end
{"".join(f"    i32 {k}, label %{op}{chr(10)}" for k, op in enumerate(CHAINED, 1))}  ]
{"".join(_case(op, how, arity) for op, (how, arity) in CHAINED.items())}other:
  %number = zext i32 %code to i64
  %slot = getelementptr ptr, ptr %table, i64 %number
  %function = load ptr, ptr %slot
  %raised = call i64 %function(i64 %n, ptr %given, ptr %v, ptr %out)
  %before = load i64, ptr %flag
  %both = or i64 %before, %raised
  store i64 %both, ptr %flag
  br label %after
after:
  %further = getelementptr i32, ptr %given, i64 %words
  %beyond = getelementptr double, ptr %out, i64 %n
  br label %head
end:
  %found = load i64, ptr %flag
  ret i64 %found
}}
"""


def _gather(k: int) -> str:
    """The loop that brings the arguments number ``k`` of a block together."""
    name = f"g{k}"
    return f"""  %{name}.skip = mul i64 %n, {k}
  %{name}.start = add i64 %{name}.skip, %start
  %{name}.places = getelementptr i32, ptr %given, i64 %{name}.start
  br label %{name}.loop
{name}.loop:
  %{name}.j = phi i64 [ 0, %{f"g{k - 1}.end" if k else "block"} ], [ %{name}.next, %{name}.loop ]
{_read(name, "a", f"%{name}.places")}  %{name}.to = getelementptr double, ptr %s{k}, i64 %{name}.j
  store double %{name}.a, ptr %{name}.to
  %{name}.next = add nuw nsw i64 %{name}.j, 1
  %{name}.more = icmp ult i64 %{name}.next, %m
  br i1 %{name}.more, label %{name}.loop, label %{name}.end
{name}.end:
"""


def _kernel(op: str, arity: int) -> str:
    """An operation as a function ``kernel(n, places, values, results)``, which gives 0 or its flag."""
    text = Text()
    cells = [f"%s{k}" for k in range(arity)]
    args = [
        Value(text.value(f"load double, ptr {text.value(f'getelementptr double, ptr {cell}, i64 %j')}"))
        for cell in cells
    ]
    y = apply(text, op, args).number(text)
    text.line(f"store double {y}, ptr {text.value('getelementptr double, ptr %to, i64 %j')}")
    scratch = "\n".join(f"  {cell} = alloca [{_BLOCK} x double], align 64" for cell in cells)
    return f"""define i64 @kernel(i64 %n, ptr noalias readonly %given, ptr %v, ptr %out) {{
top:
  %flag = alloca i64
{scratch}
{"".join(f"{line}{chr(10)}" for line in text.first)}  store i64 0, ptr %flag
  br label %block
block:
  %start = phi i64 [ 0, %top ], [ %stop, %done ]
  %left = sub i64 %n, %start
  %whole = icmp ugt i64 %left, {_BLOCK}
  %m = select i1 %whole, i64 {_BLOCK}, i64 %left
  %to = getelementptr double, ptr %out, i64 %start
{"".join(_gather(k) for k in range(arity))}  br label %work
work:
  %j = phi i64 [ 0, %g{arity - 1}.end ], [ %next, %work ]
{chr(10).join(text.lines)}
  %next = add nuw nsw i64 %j, 1
  %more = icmp ult i64 %next, %m
  br i1 %more, label %work, label %done
done:
  %stop = add i64 %start, %m
  %further = icmp ult i64 %stop, %n
  br i1 %further, label %block, label %end
end:
  %raised = load i64, ptr %flag
  ret i64 %raised
}}
{chr(10).join(sorted(text.declared))}
"""
