"""Memory that is used again: arrays of a sweep come from a heap that keeps what was freed for the next one.

As a rule the C library hands a large block back to the system at once, and every page of the next one has to be fetched and
cleared again, which takes longer than to compute what is put there: of a gradient at a million places two thirds. So where
large arrays are traced, the library is asked to keep up to ``KEPT`` bytes of freed memory at the end of its heap. What nothing
refers to beyond that goes back as before. It is a setting of the whole process, made once, of GNU's C library only; where
``MALLOC_TRIM_THRESHOLD_`` or ``MALLOC_MMAP_THRESHOLD_`` is in the environment, what stands there holds.
"""

from __future__ import annotations

import os
from functools import cache

#: So many bytes of freed memory are kept, and blocks up to so many come from the heap (the most that the library allows).
KEPT, LARGEST = 256 << 20, 32 << 20
#: Arrays of fewer bytes never leave the heap.
LARGE = 1 << 16

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # their numbers in malloc.h


@cache
def keep() -> bool:
    """Have freed memory kept; whether it will be. The first call decides."""
    if {"MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"} & os.environ.keys():
        return False
    try:
        import ctypes

        library = ctypes.CDLL(None)
        library.gnu_get_libc_version  # noqa: B018 (other libraries have a mallopt that does something else, or nothing)
        return bool(
            library.mallopt(_MMAP_THRESHOLD, LARGEST) == 1 and library.mallopt(_TRIM_THRESHOLD, KEPT) == 1
        )
    except (ImportError, OSError, AttributeError, TypeError):
        return False
