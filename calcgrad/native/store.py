"""What LLVM compiled and was found right, on disk: a file a text, by the text, the processor and the versions of all that counts.

A file is code that will be run: it is taken only from a folder that nobody else may write to, and only whole.
"""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path

#: Where this names a folder it is used; where it is empty, nothing is kept.
VARIABLE = "CALCGRAD_CACHE"
#: When there are more files than this, the half that was not used for longest is removed.
MOST = 2_000
_CHECK = 32


class Store:
    """The kept objects of one processor and one set of versions: ``kind`` is a text of all of them."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def load(self, text: str) -> bytes | None:
        """What was compiled of a text, or ``None``."""
        try:
            folder = _folder()
            if folder is None or not _mine(folder):
                return None
            path = folder / self._name(text)
            whole = path.read_bytes()
            if whole[:_CHECK] != sha256(whole[_CHECK:]).digest():
                return None
            os.utime(path)
        except OSError:
            return None
        return whole[_CHECK:]

    def save(self, text: str, made: bytes) -> None:
        """Keep what was compiled of a text; a disk that is full or closed is no matter."""
        try:
            folder = _folder()
            if folder is None:
                return
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _mine(folder):
                return
            path = folder / self._name(text)
            part = path.with_suffix(f".{os.getpid()}")
            part.write_bytes(sha256(made).digest() + made)
            part.replace(path)
            _thin(folder)
        except OSError:
            return

    def _name(self, text: str) -> str:
        return sha256(f"{self.kind}\n{text}".encode()).hexdigest()[:40] + ".o"


def _folder() -> Path | None:
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) / "native" if named else None
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(base):  # such a one is to be passed over
        base = os.path.join(os.path.expanduser("~"), ".cache")
    # Who has no home gets no folder beside what they work on.
    return Path(base) / "calcgrad" / "native" if os.path.isabs(base) else None


def _mine(folder: Path) -> bool:
    """Whether a folder is ours, and closed to the writing of others."""
    if not hasattr(os, "getuid"):
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _thin(folder: Path) -> None:
    files = list(folder.glob("*.o"))
    if len(files) > MOST:
        for path in sorted(files, key=lambda p: p.stat().st_mtime)[: len(files) // 2]:
            path.unlink(missing_ok=True)
