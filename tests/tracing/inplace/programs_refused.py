"""Programs in which a simple mechanism would lose the derivative without a word. The line where it would is marked."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

_BUFFER = np.zeros(6)


class _Holder:
    def __init__(self) -> None:
        self.values = np.zeros(6)


_HOLDER = _Holder()


def global_buffer(x: Any) -> Any:
    _BUFFER[0] = x[0]  # here
    return np.sum(_BUFFER * x)


def view_of_a_global_buffer(x: Any) -> Any:
    part = _BUFFER[1:]
    part[:] = x[1:]  # here
    return np.sum(_BUFFER)


def augmented_global_buffer(x: Any) -> Any:
    part = np.asarray(_BUFFER)
    part += x  # here
    return np.sum(_BUFFER)


def buffer_of_an_outer_object(x: Any) -> Any:
    _HOLDER.values[:] = x  # here
    return np.sum(_HOLDER.values)


def result_in_a_global_buffer(x: Any) -> Any:
    np.multiply(x, x, out=_BUFFER)  # here
    return np.sum(_BUFFER)


def added_at_a_global_buffer(x: Any) -> Any:
    np.add.at(_BUFFER, [0, 1], x[:2])  # here
    return np.sum(_BUFFER)


def copied_to_a_global_buffer(x: Any) -> Any:
    np.copyto(_BUFFER, x)  # here
    return np.sum(_BUFFER)


def complex_parts_of_one_array(x: Any) -> Any:
    z = np.zeros(6, complex)
    part = z.real
    part[:] = x  # here
    return np.sum(np.abs(z) ** 2)


def row_of_whole_numbers(x: Any) -> Any:
    y = np.zeros(6, dtype=int)
    y[:] = x  # here
    return np.sum(y * x)


def cast_to_whole_numbers(x: Any) -> Any:
    y = np.array([x[0], x[1]], dtype=int)  # here
    return np.sum(y * x[:2])


def bytes_of_an_array(x: Any) -> Any:
    y = np.zeros(6)
    seen = np.frombuffer(y)  # here
    y[0] = x[0]
    return np.sum(seen)


def memory_of_an_array(x: Any) -> Any:
    y = np.zeros(6)
    ctypes.memset(y.ctypes.data, 0, 8)  # here
    y[0] = x[0]
    return np.sum(y)


def a_text_of_a_number(x: Any) -> Any:
    return np.sum(x) * float(f"{x[0]:.1f}")  # here


PROGRAMS = [
    global_buffer,
    view_of_a_global_buffer,
    augmented_global_buffer,
    buffer_of_an_outer_object,
    result_in_a_global_buffer,
    added_at_a_global_buffer,
    copied_to_a_global_buffer,
    complex_parts_of_one_array,
    row_of_whole_numbers,
    cast_to_whole_numbers,
    bytes_of_an_array,
    memory_of_an_array,
    a_text_of_a_number,
]
