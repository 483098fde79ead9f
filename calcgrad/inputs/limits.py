"""What of a file is looked at before it is loaded: that it is a regular one, and that its numbers fit into memory.

A file's size says little of what it unpacks to: a .npz is compressed, and the header of a .npy says how many numbers follow,
which may be a lie. So the headers are read first.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import IO, Any

from calcgrad.errors import CalcgradError, LimitError, UsageError

MOST_BYTES = 1 << 30
#: Text takes about ten times its size once it is read.
MOST_TEXT_BYTES = 1 << 26
_ARRAYS = (".npy", ".npz")


def require_readable(file: Path) -> None:
    """Raise ``UsageError`` where the file is no regular one (E307), ``LimitError`` where it holds too much (E306).

    Of arrays, also where a header says more than the file holds (``ValueError``). Raises ``OSError`` where there is no file.
    """
    if not file.is_file() and file.exists():
        hint = "copy what it gives into a file first"
        raise UsageError.of("E307", f"{file} is {_kind(file)}, not a file of numbers", hints=(hint,))
    size = file.stat().st_size
    most = MOST_BYTES if file.suffix in _ARRAYS else MOST_TEXT_BYTES
    if size > most:
        raise _too_large(file, size, most)
    if file.suffix == ".npy":
        with file.open("rb") as stream:
            _require_honest(stream, size)
    elif file.suffix == ".npz":
        _require_small_archive(file)


def _kind(file: Path) -> str:
    return "a folder" if file.is_dir() else "a device or a pipe"


def _too_large(file: Path, size: int, most: int) -> CalcgradError:
    message = f"{file} holds {size / 2**20:,.0f} MiB, and at most {most / 2**20:,.0f} are read"
    return LimitError.of("E306", message, hints=("give a part of it, or hand arrays over in Python",))


def _require_small_archive(file: Path) -> None:
    import zlib
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if size > MOST_BYTES:
                raise _too_large(file, size, MOST_BYTES)
            for member in members:
                with archive.open(member) as stream:
                    _require_honest(stream, member.file_size)
    except (BadZipFile, zlib.error, RuntimeError) as error:
        # RuntimeError: a password, and not implemented: another compression, a later version of the format
        raise ValueError(str(error)) from error


def _require_honest(stream: IO[bytes], size: int) -> None:
    """Raise ``ValueError`` where the header of an array says more than ``size`` bytes hold."""
    from tokenize import TokenError

    from numpy.lib import format

    version = format.read_magic(stream)
    header: Any = format.read_array_header_1_0 if version == (1, 0) else format.read_array_header_2_0
    try:
        shape, _, dtype = header(stream)
    except (
        SyntaxError,
        TokenError,
    ) as error:  # NumPy takes a header that is no literal through Python's tokenizer
        raise ValueError(f"its header cannot be read: {error}") from error
    claimed = math.prod(shape) * dtype.itemsize
    if claimed > size:
        raise ValueError(f"its header claims {math.prod(shape):,} numbers, and the file ends before")
