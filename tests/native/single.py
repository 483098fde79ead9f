"""One operation as native code, over arrays of one length."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from calcgrad.native.lowering import lowering
from calcgrad.native.machine import machine
from calcgrad.native.text import Text


def alone(op: str, arity: int, length: int) -> Any:
    """A function of arrays of a length: the values of an operation, and whether the flag was raised."""
    row, text = lowering(op), Text()
    assert row is not None
    with text.loop(0, length) as counter:
        cells = [text.value(f"getelementptr double, ptr %x{k}, i64 {counter}") for k in range(arity)]
        args = [text.value(f"load double, ptr {cell}") for cell in cells]
        args = [text.compare("une", a, "0.0") if k in row.truths else a for k, a in enumerate(args)]
        y = row.emit(text, *args)
        y = text.value(f"uitofp i1 {y} to double") if row.answers else y
        text.line(f"store double {y}, ptr {text.value(f'getelementptr double, ptr %y, i64 {counter}')}")
    pointers = ", ".join([*(f"ptr noalias %x{k}" for k in range(arity)), "ptr noalias %y"])
    lines = ["  %flag = alloca i64", *text.first, "  store i64 0, ptr %flag", *text.lines]
    ending = ["  %raised = load i64, ptr %flag", "  ret i64 %raised", "}", *sorted(text.declared)]
    whole = "\n".join([f"define i64 @alone({pointers}) {{", "top:", *lines, *ending])
    kinds = [ctypes.c_void_p] * (arity + 1)
    function = ctypes.CFUNCTYPE(ctypes.c_int64, *kinds)(machine().compiled(whole, "alone").address)

    def call(*xs: Any) -> tuple[Any, bool]:
        out = np.full(length, 7.0)
        made = [np.ascontiguousarray(x, float) for x in xs]
        assert all(x.shape == (length,) for x in made)
        raised = function(*(x.ctypes.data for x in made), out.ctypes.data)
        return out, bool(raised)

    return call
