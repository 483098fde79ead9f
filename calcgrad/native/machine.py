"""The processor, and LLVM for it: text in, addresses of functions out. The one file that knows llvmlite.

What LLVM compiled is kept on disk by the text and the processor, so that the same program is only loaded the next time.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

#: Beyond so many files the oldest are removed.
KEPT = 4_096


class Machine:
    """LLVM for this processor; ``missing`` says in words why there is none, and is empty where there is."""

    def __init__(self) -> None:
        self.missing = self._start()
        self._lock = Lock()
        self._engines: list[
            Any
        ] = []  # they own the code, which programs may run as long as the process lives

    def _start(self) -> str:
        if sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info[:2] <= (3, 13):
            return f"this is {platform.python_implementation()} {platform.python_version()}"
        if sys.byteorder != "little" or sys.maxsize < 2**62:
            return "this machine is not a little-endian one of 64 bits"
        if not getattr(sys, "_is_gil_enabled", lambda: True)():
            return "this Python runs without its global lock"
        try:
            import llvmlite.binding as llvm

            llvm.initialize_native_target()
            llvm.initialize_native_asmprinter()
            self.processor = llvm.get_host_cpu_name()
            features = llvm.get_host_cpu_features()
            self.features = features.flatten()
            if platform.machine().lower() in ("x86_64", "amd64") and not features.get("fma"):
                return "this processor has no fused multiply-and-add"
            self._llvm = llvm
            self._target = llvm.Target.from_default_triple()
            self._triple = llvm.get_process_triple()
        except (ImportError, OSError, RuntimeError) as error:
            return f"llvmlite does not work here: {error}"
        return ""

    def know(self, symbols: Mapping[str, int]) -> None:
        """Give LLVM the addresses behind names that texts refer to."""
        for name, address in symbols.items():
            self._llvm.add_symbol(name, address)

    def compiled(self, text: str, name: str) -> int:
        """The address of a function in a text."""
        with self._lock:
            llvm = self._llvm
            target = self._target.create_target_machine(cpu=self.processor, features=self.features, opt=3)
            kept = self._kept(text)
            module = llvm.parse_assembly(text)
            if kept is None:
                module.verify()
                self._optimise(module, target)
                made = target.emit_object(module)
                self._keep(text, made)
            else:
                made = kept
            engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target)
            engine.add_object_file(llvm.ObjectFileRef.from_data(made))
            engine.finalize_object()
            self._engines.append(engine)
            return int(engine.get_function_address(name))

    def _optimise(self, module: Any, target: Any) -> None:
        llvm = self._llvm
        options = llvm.create_pipeline_tuning_options(speed_level=3)
        options.loop_vectorization = True
        options.slp_vectorization = True
        options.loop_interleaving = True
        options.loop_unrolling = True
        llvm.create_pass_builder(target, options).getModulePassManager().run(
            module, llvm.create_pass_builder(target, options)
        )

    # --- what is kept on disk ---

    def known(self, text: str) -> bool:
        """Whether a text was compiled, and found right, before."""
        path = self._path(text)
        return path is not None and path.exists()

    def _kept(self, text: str) -> bytes | None:
        path = self._path(text)
        try:
            return None if path is None else path.read_bytes()
        except OSError:
            return None

    def _keep(self, text: str, made: bytes) -> None:
        return None

    def _path(self, text: str) -> Path | None:
        return None


@cache
def machine() -> Machine:
    """LLVM for this processor, started when first asked for."""
    return Machine()
