"""How Python calls a native function: a built-in function in IR that looks at what it is given, and makes what it returns.

It takes numbers (``float``, ``numpy.float64``) and arrays of one shape and kind, whose entries lie one after the other. Anything
else it answers with ``MISS``, and so it does where the loops raised their flag, or the processor its own for numbers that left the
doubles, where a program is watched for that; one that stands for a compiled function looks at
what was captured (``pins``), and hands such calls on instead. The layout of Python's and NumPy's objects that it takes for granted
is looked at before the first program is made.
"""

from __future__ import annotations

import ctypes
import importlib
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import prod
from typing import Any

import numpy

from calcgrad.compiling.guards import Test
from calcgrad.compiling.straight import MISS
from calcgrad.native.machine import Code
from calcgrad.native.pins import ASK, ENTRY, LENGTH, WORD, rows
from calcgrad.operations.shapes import Shape
from calcgrad.tracing.scaling import processor_bits

#: Loops over fewer numbers hold Python's lock: letting it go costs more.
LONG = 50_000
#: A vector call: the arguments as a pointer and their number, and the names of those that have some.
_FASTCALL, _KEYWORDS = 0x80, 0x02
#: Where ``__self__``, a tuple, has its first entry: an array of addresses. The first four are whom calls are handed on to, the
#: rows of what was captured, their number, and which of the processor's flags mean that a call is not taken; those of the tables
#: follow.
_FIRST, _OWN = 24, 4
#: Where things lie in CPython 3.11 to 3.13 and NumPy 1.26 to 2: an object's type, a number, the parts of an array.
_TYPE, _NUMBER = 8, 16
_DATA, _AXES, _DIMENSIONS, _KIND, _FLAGS = 16, 24, 32, 56, 64
#: Entries lie one after the other, and where the processor wants them.
_READY = 0x0001 | 0x0100


@dataclass(frozen=True, slots=True)
class Array:
    """An array of doubles, singles, or truth values."""

    shape: Shape
    dtype: Any


@dataclass(frozen=True, slots=True)
class Number:
    """A double."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a native function takes and gives.

    ``given`` are the arguments. Of the ``results``, arrays are made if ``fresh``, and are further arguments if not; numbers come
    back alone, or in a tuple of all results, or as ``tree`` says: numbers of results in tuples and lists. ``kept`` are arrays for
    its own use, ``tables`` the number of constant ones.
    """

    given: Sequence[Array | Number]
    results: Sequence[Array | Number]
    kept: Sequence[Array]
    tables: int
    flags: bool
    fresh: bool
    work: int
    tree: Any = None

    @property
    def returned(self) -> list[int]:
        """The results that come back."""
        return [k for k, r in enumerate(self.results) if self.fresh or isinstance(r, Number)]


#: What an entry refers to in Python, by the name that it has in the text.
_THINGS = {
    "cg_float": float,
    "cg_double": numpy.float64,
    "cg_array": numpy.ndarray,
    "cg_doubles": numpy.dtype(numpy.float64),
    "cg_singles": numpy.dtype(numpy.float32),
    "cg_truths": numpy.dtype(bool),
    "cg_miss": MISS,
    "cg_none": None,
    "cg_true": True,
}


@cache
def layout() -> str:
    """What is not where it is expected in this Python and NumPy; empty where all is. The symbols are made known to LLVM."""
    python = ctypes.pythonapi
    try:
        number, other = 2.5, numpy.float64(3.5)
        if [ctypes.c_double.from_address(id(v) + _NUMBER).value for v in (number, other)] != [2.5, 3.5]:
            return "a float has its number elsewhere"
        array = numpy.arange(6.0).reshape(2, 3)
        truths = numpy.ones((2, 3), bool).T
        for thing in (number, other, array):
            if ctypes.c_void_p.from_address(id(thing) + _TYPE).value != id(type(thing)):
                return "an object has its type elsewhere"
        for each, flags in ((array, _READY), (truths, 0x0100)):
            here = id(each)
            shape = ctypes.c_void_p.from_address(here + _DIMENSIONS).value or 0
            found = (
                ctypes.c_void_p.from_address(here + _DATA).value,
                ctypes.c_int.from_address(here + _AXES).value,
                ctypes.c_int64.from_address(shape).value,
                ctypes.c_int64.from_address(shape + 8).value,
                ctypes.c_void_p.from_address(here + _KIND).value,
                ctypes.c_int.from_address(here + _FLAGS).value & _READY,
            )
            if found != (each.ctypes.data, 2, *each.shape, id(each.dtype), flags):
                return "an array has its parts elsewhere"
        pair = (number, other)
        if ctypes.c_void_p.from_address(id(pair) + _FIRST).value != id(number):
            return "a tuple has its entries elsewhere"
        if _THINGS["cg_doubles"] is not array.dtype or _THINGS["cg_truths"] is not truths.dtype:
            return "there are several kinds of double"
        for name in _FUNCTIONS:
            getattr(python, name)
    except (AttributeError, ValueError) as error:
        return f"Python's objects are not as expected: {error}"
    return ""


#: Python's own functions that an entry calls, as LLVM declares them; ``cg_new_array`` is NumPy's.
_FUNCTIONS = {
    "PyFloat_FromDouble": "ptr @PyFloat_FromDouble(double)",
    "PyTuple_New": "ptr @PyTuple_New(i64)",
    "PyTuple_SetItem": "i32 @PyTuple_SetItem(ptr, i64, ptr)",
    "PyList_New": "ptr @PyList_New(i64)",
    "PyList_SetItem": "i32 @PyList_SetItem(ptr, i64, ptr)",
    "Py_IncRef": "void @Py_IncRef(ptr)",
    "Py_DecRef": "void @Py_DecRef(ptr)",
    "PyErr_NoMemory": "ptr @PyErr_NoMemory()",
    "PyEval_SaveThread": "ptr @PyEval_SaveThread()",
    "PyEval_RestoreThread": "void @PyEval_RestoreThread(ptr)",
    "PyMem_RawMalloc": "ptr @PyMem_RawMalloc(i64)",
    "PyMem_RawFree": "void @PyMem_RawFree(ptr)",
    "PyDict_GetItem": "ptr @PyDict_GetItem(ptr, ptr)",
    "PyDict_Size": "i64 @PyDict_Size(ptr)",
    "PyObject_CallNoArgs": "ptr @PyObject_CallNoArgs(ptr)",
    "PyObject_Vectorcall": "ptr @PyObject_Vectorcall(ptr, ptr, i64, ptr)",
}
#: The processor's flags of overflow and underflow, and whether they stand in a register that is read and written as it is.
_SSE = platform.machine().lower() in ("x86_64", "amd64")
BITS = 0x18 if _SSE else processor_bits()
#: What clears the flags, if they are up, and what reads them; nothing where nobody knows them.
_CLEARED: list[str] = []
_RAISED = ["  %raised.bits = add i32 0, 0"]
_OF_FLAGS: list[str] = []
if _SSE:
    _CLEARED = [
        "  call void @llvm.x86.sse.stmxcsr(ptr %flags)",
        "  %flags.before = load i32, ptr %flags",
        f"  %flags.up = and i32 %flags.before, {BITS}",
        "  %flags.none = icmp eq i32 %flags.up, 0",
        "  br i1 %flags.none, label %cleared, label %clear",
        "clear:",
        "  %flags.down = xor i32 %flags.before, %flags.up",
        "  store i32 %flags.down, ptr %flags",
        "  call void @llvm.x86.sse.ldmxcsr(ptr %flags)",
        "  br label %cleared",
        "cleared:",
    ]
    _RAISED = ["  call void @llvm.x86.sse.stmxcsr(ptr %flags)", "  %raised.bits = load i32, ptr %flags"]
    _OF_FLAGS = ["declare void @llvm.x86.sse.stmxcsr(ptr)", "declare void @llvm.x86.sse.ldmxcsr(ptr)"]
elif BITS:
    _CLEARED = [f"  %cleared = call i32 @feclearexcept(i32 {BITS})"]
    _RAISED = [f"  %raised.bits = call i32 @fetestexcept(i32 {BITS})"]
    _OF_FLAGS = ["declare i32 @feclearexcept(i32)", "declare i32 @fetestexcept(i32)"]

_DECLARED = [
    *_OF_FLAGS,
    *(f"declare {signature}" for signature in _FUNCTIONS.values()),
    "declare ptr @cg_new_array(ptr, i32, ptr, i32, ptr, ptr, i32, i32, ptr)",
    *(f"@{name} = external global i8" for name in _THINGS),
]


def symbols() -> dict[str, int]:
    """The addresses behind the names of the text."""
    found = {name: id(thing) for name, thing in _THINGS.items()}
    for name in _FUNCTIONS:
        found[name] = ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value or 0
    found["cg_new_array"] = _new_array()
    return found


def _new_array() -> int:
    """NumPy's ``PyArray_New``, from the table of its functions."""
    home = "numpy._core" if numpy.lib.NumpyVersion(numpy.__version__) >= "2.0.0" else "numpy.core"
    core = importlib.import_module(f"{home}._multiarray_umath")
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    table = ctypes.cast(pointer(core._ARRAY_API, None), ctypes.POINTER(ctypes.c_void_p))
    return table[93] or 0


_MISSED = [
    "  %whom = load ptr, ptr %called",
    "  %nobody = icmp eq ptr %whom, null",
    "  br i1 %nobody, label %say, label %hand",
    "hand:",
    "  %theirs = call ptr @PyObject_Vectorcall(ptr %whom, ptr %args, i64 %n, ptr %names)",
    "  ret ptr %theirs",
    "say:",
    "  call void @Py_IncRef(ptr @cg_miss)",
    "  ret ptr @cg_miss",
]

#: Whether all rows hold: 1, 0, or -1 where the question was interrupted, which the caller has to hear of.
_SAME = f"""define internal i32 @cg_same(ptr %rows, i64 %count) {{
top:
  br label %head
head:
  %k = phi i64 [ 0, %top ], [ %more, %next ]
  %done = icmp eq i64 %k, %count
  br i1 %done, label %yes, label %row
row:
  %kinds = getelementptr [4 x i64], ptr %rows, i64 %k
  %kind = load i64, ptr %kinds
  %as = getelementptr i64, ptr %kinds, i64 1
  %a = load ptr, ptr %as
  %bs = getelementptr i64, ptr %kinds, i64 2
  %b = load i64, ptr %bs
  %wanteds = getelementptr i64, ptr %kinds, i64 3
  %wanted = load i64, ptr %wanteds
  switch i64 %kind, label %no [
    i64 {WORD}, label %word
    i64 {ENTRY}, label %entry
    i64 {LENGTH}, label %length
    i64 {ASK}, label %ask
  ]
word:
  %there = getelementptr i8, ptr %a, i64 %b
  %held = load i64, ptr %there
  br label %compare
entry:
  %key = inttoptr i64 %b to ptr
  %item = call ptr @PyDict_GetItem(ptr %a, ptr %key)
  %items = ptrtoint ptr %item to i64
  br label %compare
length:
  %size = call i64 @PyDict_Size(ptr %a)
  br label %compare
compare:
  %found = phi i64 [ %held, %word ], [ %items, %entry ], [ %size, %length ]
  %equal = icmp eq i64 %found, %wanted
  br i1 %equal, label %next, label %no
ask:
  %answer = call ptr @PyObject_CallNoArgs(ptr %a)
  %failed = icmp eq ptr %answer, null
  br i1 %failed, label %interrupted, label %answered
interrupted:
  ret i32 -1
answered:
  call void @Py_DecRef(ptr %answer)
  %agreed = icmp eq ptr %answer, @cg_true
  br i1 %agreed, label %next, label %no
next:
  %more = add i64 %k, 1
  br label %head
yes:
  ret i32 1
no:
  ret i32 0
}}"""


class _Entry:
    """Writes the text of an entry."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.lines: list[str] = []
        self.globals: list[str] = []
        self.count = 0
        self.made: list[str] = []

    def value(self, text: str) -> str:
        self.count += 1
        self.lines.append(f"  %e{self.count} = {text}")
        return f"%e{self.count}"

    def line(self, text: str) -> None:
        self.lines.append(f"  {text}")

    def need(self, condition: str, otherwise: str = "miss") -> None:
        """Go on where a condition holds."""
        self.count += 1
        self.line(f"br i1 {condition}, label %ok{self.count}, label %{otherwise}")
        self.lines.append(f"ok{self.count}:")

    def field(self, thing: str, offset: int, kind: str = "ptr") -> str:
        return self.value(f"load {kind}, ptr {self.value(f'getelementptr i8, ptr {thing}, i64 {offset}')}")

    def argument(self, k: int) -> str:
        return self.value(f"load ptr, ptr {self.value(f'getelementptr ptr, ptr %args, i64 {k}')}")

    def number(self, k: int) -> str:
        thing = self.argument(k)
        kind = self.field(thing, _TYPE)
        plain = self.value(f"icmp eq ptr {kind}, @cg_float")
        self.need(self.value(f"or i1 {plain}, {self.value(f'icmp eq ptr {kind}, @cg_double')}"))
        return f"double {self.field(thing, _NUMBER, 'double')}"

    def array(self, k: int, array: Array) -> str:
        thing = self.argument(k)
        self.need(self.value(f"icmp eq ptr {self.field(thing, _TYPE)}, @cg_array"))
        kind = next(name for name, thing in _THINGS.items() if thing is array.dtype)
        self.need(self.value(f"icmp eq ptr {self.field(thing, _KIND)}, @{kind}"))
        self.need(self.value(f"icmp eq i32 {self.field(thing, _AXES, 'i32')}, {len(array.shape)}"))
        lengths = self.field(thing, _DIMENSIONS)
        for axis, length in enumerate(array.shape):
            self.need(self.value(f"icmp eq i64 {self.field(lengths, 8 * axis, 'i64')}, {length}"))
        flags = self.value(f"and i32 {self.field(thing, _FLAGS, 'i32')}, {_READY}")
        self.need(self.value(f"icmp eq i32 {flags}, {_READY}"))
        return f"ptr {self.field(thing, _DATA)}"

    def new(self, k: int, array: Array) -> str:
        """A new array; those made before it are given up where there is no memory."""
        lengths = ", ".join(f"i64 {n}" for n in array.shape)
        self.globals.append(f"@shape{k} = private constant [{len(array.shape)} x i64] [{lengths}]")
        code = array.dtype.num
        made = self.value(
            f"call ptr @cg_new_array(ptr @cg_array, i32 {len(array.shape)}, ptr @shape{k}, i32 {code}, "
            "ptr null, ptr null, i32 0, i32 0, ptr null)"
        )
        self.line(f"store ptr {made}, ptr %made{k}")
        self.need(self.value(f"icmp ne ptr {made}, null"), "failed")
        return made

    def write(self) -> str:
        call = self.call
        given = len(call.given) + (0 if call.fresh else sum(isinstance(r, Array) for r in call.results))
        fresh = [k for k, r in enumerate(call.results) if call.fresh and isinstance(r, Array)]
        self.lines += [f"  %made{k} = alloca ptr" for k in fresh]
        self.lines += [
            f"  %cell{k} = alloca double" for k, r in enumerate(call.results) if isinstance(r, Number)
        ]
        self.lines += ["  %flags = alloca i32"] if _SSE else []
        self.lines += ["  %called = alloca ptr", "  %scratch = alloca ptr", "  store ptr null, ptr %scratch"]
        self.lines += [f"  store ptr null, ptr %made{k}" for k in fresh]
        own = self.field(self.field("%self", _FIRST), _DATA)
        self.line(f"store ptr {self.field(own, 0)}, ptr %called")
        self.need(self.value(f"icmp eq i64 %n, {given}"))
        self.need(self.value("icmp eq ptr %names, null"))
        arguments: list[str] = []
        for k, kind in enumerate(call.given):
            arguments.append(self.array(k, kind) if isinstance(kind, Array) else self.number(k))
        same = self.value(f"call i32 @cg_same(ptr {self.field(own, 8)}, i64 {self.field(own, 16, 'i64')})")
        self.need(self.value(f"icmp ne i32 {same}, -1"), "raised")
        self.need(self.value(f"icmp eq i32 {same}, 1"))
        arguments.extend([f"ptr {self.field(own, 8 * (_OWN + k))}" for k in range(call.tables)])
        arguments += self._results(len(call.given)) + self._scratch()
        self.lines += _CLEARED
        self._run(", ".join(arguments))
        self.lines += _RAISED
        left = self.value(f"and i32 %raised.bits, {self.field(own, 24, 'i32')}")
        self.need(self.value(f"icmp eq i32 {left}, 0"))
        self._give_back()
        return self._text(fresh)

    def _results(self, at: int) -> list[str]:
        found: list[str] = []
        for k, result in enumerate(self.call.results):
            if isinstance(result, Number):
                found.append(f"ptr %cell{k}")
            elif self.call.fresh:
                self.made.append(self.new(k, result))
                found.append(f"ptr {self.field(self.made[-1], _DATA)}")
            else:
                found.append(self.array(at, result))
                at += 1
        return found

    def _scratch(self) -> list[str]:
        """Memory for what is kept: one piece, with each array on a line of the cache."""
        total = 0
        starts: list[int] = []
        for array in self.call.kept:
            starts.append(total)
            total += -(-prod(array.shape) * array.dtype.itemsize // 64) * 64
        if not total:
            return []
        memory = self.value(f"call ptr @PyMem_RawMalloc(i64 {total})")
        self.line(f"store ptr {memory}, ptr %scratch")
        self.need(self.value(f"icmp ne ptr {memory}, null"), "failed")
        return [f"ptr {self.value(f'getelementptr i8, ptr {memory}, i64 {start}')}" for start in starts]

    def _run(self, arguments: str) -> None:
        long = self.call.work >= LONG
        state = self.value("call ptr @PyEval_SaveThread()") if long else ""
        raised = self.value(f"call i64 @core({arguments})")
        if long:
            self.line(f"call void @PyEval_RestoreThread(ptr {state})")
        if self.call.flags:
            self.need(self.value(f"icmp eq i64 {raised}, 0"))

    def _give_back(self) -> None:
        call = self.call
        self._free()
        made = iter(self.made)
        things: list[str] = []
        for k in call.returned:
            if isinstance(call.results[k], Number):
                number = self.value(f"load double, ptr %cell{k}")
                things.append(self.value(f"call ptr @PyFloat_FromDouble(double {number})"))
            else:
                things.append(next(made))
        if not things:
            self.line("call void @Py_IncRef(ptr @cg_none)")
            self.line("ret ptr @cg_none")
        elif call.tree is not None:
            self.line(f"ret ptr {self._tree(call.tree, things)}")
        elif len(things) == 1:
            self.line(f"ret ptr {things[0]}")
        else:
            self.line(f"ret ptr {self._tree(tuple(range(len(things))), things)}")

    def _tree(self, tree: Any, things: Sequence[str]) -> str:
        if isinstance(tree, int):
            return things[tree]
        kind = "Tuple" if isinstance(tree, tuple) else "List"
        whole = self.value(f"call ptr @Py{kind}_New(i64 {len(tree)})")
        for k, branch in enumerate(tree):
            thing = self._tree(branch, things)
            self.value(f"call i32 @Py{kind}_SetItem(ptr {whole}, i64 {k}, ptr {thing})")
        return whole

    def _free(self) -> None:
        if self.call.kept:
            self.line(f"call void @PyMem_RawFree(ptr {self.value('load ptr, ptr %scratch')})")

    def _text(self, fresh: Sequence[int]) -> str:
        endings: list[str] = []
        for label, last in (
            ("miss", _MISSED),
            ("failed", ["  %none = call ptr @PyErr_NoMemory()", "  ret ptr %none"]),
            ("raised", ["  ret ptr null"]),
        ):
            endings.append(f"{label}:")
            for k in fresh:
                endings.append(f"  %{label}{k} = load ptr, ptr %made{k}")
                endings.append(f"  call void @cg_drop(ptr %{label}{k})")
            endings.append(f"  %{label}s = load ptr, ptr %scratch")
            endings.append(f"  call void @PyMem_RawFree(ptr %{label}s)")
            endings += last
        drop = [
            "define internal void @cg_drop(ptr %thing) {",
            "  %there = icmp ne ptr %thing, null",
            "  br i1 %there, label %yes, label %no",
            "yes:",
            "  call void @Py_DecRef(ptr %thing)",
            "  br label %no",
            "no:",
            "  ret void",
            "}",
        ]
        head = "define ptr @entry(ptr %self, ptr %args, i64 %n, ptr %names) {"
        return "\n".join([*_DECLARED, *self.globals, *drop, _SAME, head, "top:", *self.lines, *endings, "}"])


def entry(call: Call) -> str:
    """The text of the entry for a call."""
    return _Entry(call).write()


class _Definition(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("function", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("doc", ctypes.c_char_p),
    )


def built_in(
    code: Code, tables: Sequence[Any], tests: Sequence[Test] = (), called: Any = None, watched: bool = False
) -> Any:
    """A built-in function of Python's that is this code; its ``__self__`` keeps what it needs, the code itself among it.

    With ``called`` it hands on to that what it does not take, and what comes while not all ``tests`` hold. One that is ``watched``
    does not take calls in which numbers left the doubles.
    """
    new = ctypes.pythonapi.PyCFunction_NewEx
    new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.py_object, ctypes.py_object]
    pinned, keep = rows(tests)
    addresses = [
        0 if called is None else id(called),
        pinned.ctypes.data,
        len(pinned),
        BITS or 0 if watched else 0,
    ]
    own = numpy.array([*addresses, *(table.ctypes.data for table in tables)], numpy.int64)
    definition = _Definition(b"native", code.address, _FASTCALL | _KEYWORDS, None)
    kept = (own, called, code.owner, definition, *tables, *keep)
    return new(ctypes.addressof(definition), kept, None)
