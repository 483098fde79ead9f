"""LLVM's compiler in a process of its own: a text in, an object file out. It may run for ever, or end the process that it is in.

LLVM checks itself by assertions, and one that fails calls ``abort``: there are loops over which its vectorizer does so. In the
process of whoever called, that would be the end of their program; here it is the end of one that is started again when needed.

This file is both ends: the class is the caller's, and run as a module it is the compiler. A message is its length and its bytes.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
from struct import Struct
from threading import Timer
from typing import IO, Any

from calcgrad.sympy_process.process import child_environment

#: Seconds that a text may take.
LIMIT = 60.0
_LENGTH = Struct("<Q")
_FINE, _REFUSED = b"+", b"-"
#: Whether vectors are made of straight lines too, or of loops alone.
_WIDE, _NARROW = b"w", b"n"


class NotCompiledError(Exception):
    """LLVM could not compile a text, and says why."""


class DiedError(NotCompiledError):
    """It died of it, or took too long."""


class Compiler:
    """The process, started when first needed. Threads and signals' handlers may call in between: each then has one of its own.

    >>> len(Compiler(processor="", features="").compiled("define void @f() { ret void }")) > 100
    True
    """

    def __init__(self, processor: str, features: str) -> None:
        self._arguments = [sys.executable, "-P", "-W", "ignore", "-m", __name__, processor, features]
        self._idle: list[subprocess.Popen[bytes]] = []
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def compiled(self, text: str) -> bytes:
        """The object file of a text in LLVM's language.

        Raises :class:`NotCompiledError`, and ``OSError`` where there is no process.
        """
        try:
            return self._answered(_WIDE, text)
        except DiedError:  # most of what LLVM dies of is in what makes vectors of straight lines
            return self._answered(_NARROW, text)

    def _answered(self, manner: bytes, text: str) -> bytes:
        process = self._idle.pop() if self._idle else self._started()
        try:
            found = _asked(process, manner + text.encode())
        except (
            BaseException
        ):  # also an interrupt: what comes from this process next would answer another question
            _end(process)
            raise
        self._idle.append(process)
        if found[:1] != _FINE:
            raise NotCompiledError(" ".join(found[1:].decode().split()))
        return found[1:]

    def close(self) -> None:
        """End the processes that wait."""
        while self._idle:
            _end(self._idle.pop())

    def _started(self) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        alone: Any = {"process_group": 0} if os.name == "posix" else {}  # a key pressed is for the caller
        return subprocess.Popen(
            self._arguments,
            stdin=pipe,
            stdout=pipe,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            **alone,
        )

    def _forget(self) -> None:
        """In a forked child the processes belong to the parent: close our copies of their pipes, and no more."""
        for process in self._idle:
            process.returncode = 0  # nobody here is to wait for it
            _close_pipes(process)
        self._idle.clear()


def _asked(process: subprocess.Popen[bytes], question: bytes) -> bytes:
    assert process.stdin
    assert process.stdout
    alarm = Timer(LIMIT, process.kill)
    alarm.daemon = True
    alarm.start()
    try:
        _write(process.stdin, question)
        return _read(process.stdout)
    except (OSError, EOFError):
        raise DiedError(f"LLVM died over it, or took longer than {LIMIT:g} s") from None
    finally:
        alarm.cancel()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    _close_pipes(process)


def _close_pipes(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:  # what was not written yet, to a process that is gone
                continue


def _write(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(_LENGTH.pack(len(message)) + message)
    pipe.flush()


def _read(pipe: IO[bytes]) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


# --- the other end ---


def serve(processor: str, features: str) -> None:
    """Answer each text with its object file until the asker is gone."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    target = llvm.Target.from_default_triple().create_target_machine(cpu=processor, features=features, opt=3)
    while True:
        try:
            asked = _read(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = _FINE + _emitted(llvm, target, asked[1:].decode(), asked[:1] == _WIDE)
        except RuntimeError as error:
            answer = _REFUSED + str(error).encode()
        _write(sys.stdout.buffer, answer)


def _emitted(llvm: Any, target: Any, text: str, wide: bool) -> bytes:
    module = llvm.parse_assembly(text)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=3)
    options.loop_vectorization = True
    options.slp_vectorization = wide
    options.loop_interleaving = True
    options.loop_unrolling = True
    passes = llvm.create_pass_builder(target, options)
    passes.getModulePassManager().run(module, llvm.create_pass_builder(target, options))
    return bytes(target.emit_object(module))


if __name__ == "__main__":
    serve(*sys.argv[1:])
