"""Runs the example of a code as its page says: in a folder with its files, and says which codes were raised."""

from __future__ import annotations

import contextlib
import re
import shlex
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from calcgrad.codes import Code
from tests.cli.running import Streams

_SAID = re.compile(r"\b([EW]\d{3})(?=\]: |: )")  # "error[E107]: ", or "line 5: E106: " within a sheet


def raised(entry: Code, folder: Path, patch: pytest.MonkeyPatch) -> set[str]:
    """The codes that the example of an entry raises or warns of, when it is run in an empty folder."""
    for name, text in entry.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    patch.chdir(folder)
    patch.setattr(sys, "path", list(sys.path))
    for library, there in entry.libraries.items():
        patch.setitem(sys.modules, library, stand_in(library) if there else None)  # type: ignore[arg-type]
    modules = set(sys.modules)
    try:
        return _of_command(entry, patch) if entry.command else {_of_python(entry.example)}
    finally:
        for name in set(sys.modules) - modules:
            if name in ("model", "make") or name.startswith(("model_", "make_")):
                del sys.modules[name]


def _of_command(entry: Code, patch: pytest.MonkeyPatch) -> set[str]:
    patch.delenv("CALCGRAD_DEBUG", raising=False)
    found = Streams(patch).run(*shlex.split(entry.example)[1:])
    return set(_SAID.findall(found.out + found.err))


def _of_python(example: str) -> str:
    try:
        exec(compile(example, "<example>", "exec"), {})
    except Exception as error:
        # A ShapeError has its code itself; who knows the place in the text makes a CalcgradError of it.
        return str(getattr(getattr(error, "diagnostic", error), "code", repr(error)))
    return "nothing"


def stand_in(library: str) -> types.ModuleType:
    """What an example needs of a library that the tests do not install."""
    module: Any = types.ModuleType(library)
    if library == "torch":

        class Tensor:
            """An array of torch, as far as its type is asked for."""

        class Module:
            """A base class of modules."""

        class Function:
            """A base class of custom functions."""

        for kind in (Tensor, Module, Function):
            kind.__module__ = "torch"
        module.ones = lambda *shape: Tensor()
        module.nn = types.SimpleNamespace(Module=Module)
        module.autograd = types.SimpleNamespace(Function=Function)
        module.random = types.SimpleNamespace(fork_rng=contextlib.nullcontext)
        module.manual_seed = lambda seed: None
    else:

        def client(address: str, timeout: float) -> None:
            raise OSError(f"timed out after {timeout} s")

        module.Client = client
    return module
