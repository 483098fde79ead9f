"""The processor, and LLVM for it: text in, addresses of functions out. With ``compiler`` all that knows llvmlite.

What was compiled, and then found right, is kept on disk (``store``), so that the same program is only loaded the next time.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from threading import RLock
from typing import Any

import numpy

from calcgrad.native.compiler import Compiler
from calcgrad.native.store import Store
from calcgrad.version import __version__

#: Held over every use of LLVM; by one thread more than once, where a signal's handler or a finalizer calls in between.
_LOCK = RLock()
if hasattr(os, "register_at_fork"):  # a child in which another thread holds it for ever could never go on
    os.register_at_fork(before=_LOCK.acquire, after_in_parent=_LOCK.release, after_in_child=_LOCK.release)


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled function: its address, and what it was made of; ``known`` says that it was found right before.

    The code goes with the last that has its ``owner``; where there is none, it stays as long as the process lives.
    """

    address: int
    text: str
    made: bytes
    known: bool
    owner: Any = None


#: Engines whose code stays as long as the process lives, whatever becomes of the object that made them.
_STAYING: list[Any] = []
#: Engines whose code nobody has any more.
_GONE: list[Any] = []


class _Owner:
    """What code belongs to. Garbage is found at any time, in any thread: while another one is at LLVM, this waits for the next."""

    __slots__ = ("engine",)

    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def __del__(self) -> None:
        if _LOCK is not None and _GONE is not None:  # at the very end of the process all goes anyway
            _GONE.append(self.engine)
            if _LOCK.acquire(blocking=False):
                try:
                    _close()
                finally:
                    _LOCK.release()


def _close() -> None:
    while _GONE:
        _GONE.pop().close()


def _held(engine: Any) -> Any:
    """The owner, in something that Python's search for garbage does not look into: so it goes after all that is found with it, and
    no finalizer there can call code that is gone.
    """
    found = numpy.empty(1, object)
    found[0] = _Owner(engine)
    return found


class Machine:
    """LLVM for this processor; ``missing`` says in words why there is none, and is empty where there is."""

    def __init__(self) -> None:
        self.missing = self._start()

    def _start(self) -> str:
        if sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info[:2] <= (3, 13):
            return f"this is {platform.python_implementation()} {platform.python_version()}"
        if sys.byteorder != "little" or sys.maxsize < 2**62:
            return "this machine is not a little-endian one of 64 bits"
        if not getattr(sys, "_is_gil_enabled", lambda: True)():
            return "this Python runs without its global lock"
        try:
            import llvmlite
            import llvmlite.binding as llvm

            importlib.import_module(
                "numpy.random"
            )  # what is made is tried at drawn values; not loaded half at a fork

            llvm.initialize_native_target()
            llvm.initialize_native_asmprinter()
            self.processor = llvm.get_host_cpu_name()
            features = llvm.get_host_cpu_features()
            self.features = features.flatten()
            if platform.machine().lower() in ("x86_64", "amd64") and not features.get("fma"):
                return "this processor has no fused multiply-and-add"
            self._llvm = llvm
            self._target = llvm.Target.from_default_triple()
            versions = (__version__, numpy.__version__, sys.version, llvmlite.__version__)
            self._compiler = Compiler(self.processor, self.features)
            self._store = Store(repr((*versions, llvm.llvm_version_info, self.processor, self.features)))
        except (ImportError, OSError, RuntimeError) as error:
            return f"llvmlite does not work here: {error}"
        return ""

    def know(self, symbols: Mapping[str, int]) -> None:
        """Give LLVM the addresses behind names that texts refer to."""
        with _LOCK:
            for name, address in symbols.items():
                self._llvm.add_symbol(name, address)

    def compiled(self, text: str, name: str, lasting: bool = True) -> Code:
        """A function in a text, compiled or loaded: for as long as the process lives, or as its owner does."""
        with _LOCK:
            return self._compiled(
                text, name, lasting
            )  # what it leaves behind is given up within the lock too

    def _compiled(self, text: str, name: str, lasting: bool) -> Code:
        _close()
        llvm = self._llvm
        target = self._target.create_target_machine(cpu=self.processor, features=self.features, opt=3)
        made = self._store.load(text)
        known = made is not None
        if made is None:
            made = self._compiler.compiled(text)
        engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
        engine.add_object_file(llvm.ObjectFileRef.from_data(made))
        engine.finalize_object()
        if lasting:
            _STAYING.append(engine)
        address = int(engine.get_function_address(name))
        return Code(address, text, made, known, None if lasting else _held(engine))

    def keep(self, code: Code) -> None:
        """Keep what was compiled, now that it was found right."""
        if not code.known:
            self._store.save(code.text, code.made)


def machine() -> Machine:
    """LLVM for this processor, started when first asked for, and never twice."""
    with _LOCK:
        return _machine()


@cache
def _machine() -> Machine:
    return Machine()
