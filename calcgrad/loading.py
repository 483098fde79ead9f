"""``model.py:loss`` or ``package.module:loss`` -> the function, or an error that says what went wrong."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from calcgrad.errors import UsageError


def is_target(text: str) -> bool:
    """Whether a text names a function in a module rather than an expression.

    >>> is_target("model.py:loss"), is_target("pkg.model:loss"), is_target("x^2")
    (True, True, False)
    """
    where, colon, name = text.rpartition(":")
    return bool(colon) and name.isidentifier() and (where.endswith(".py") or _dotted(where))


def _dotted(text: str) -> bool:
    return bool(text) and all(part.isidentifier() for part in text.split("."))


def load(target: str) -> Callable[..., Any]:
    """The callable that a target names; the file's own folder, or the working folder, is on the path.

    Raises ``UsageError``: E370 (no such file or module), E371 (it fails on import, with the cause), E372 (no such name).
    """
    where, _, name = target.rpartition(":")
    module = _module(where)
    found = getattr(module, name, None)
    if callable(found):
        return found  # type: ignore[no-any-return]
    if found is not None:
        raise UsageError.of("E372", f"{name} in {where} is not a function")
    from difflib import get_close_matches

    close = get_close_matches(name, [n for n in vars(module) if callable(vars(module)[n])], n=1)
    hints = (f"did you mean {where}:{close[0]}?",) if close else ()
    raise UsageError.of("E372", f"{where} has no function {name}", hints=hints)


def _module(where: str) -> ModuleType:
    path = Path(where)
    folder = str(path.resolve().parent if where.endswith(".py") else Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        if not where.endswith(".py"):
            return importlib.import_module(where)
        if not path.is_file():
            raise UsageError.of("E370", f"there is no file {where}")
        return _from_file(path)
    except UsageError:
        raise
    except ModuleNotFoundError as error:
        if error.name == where:
            raise UsageError.of("E370", f"there is no module {where}") from error
        raise UsageError.of("E371", f"{where} cannot be imported: {error}") from error
    except (Exception, SystemExit) as error:
        raise UsageError.of("E371", f"{where} fails on import: {describe(error)}") from error


def _from_file(path: Path) -> ModuleType:
    name = path.stem
    loaded = sys.modules.get(name)
    if loaded is not None and getattr(loaded, "__file__", None) == str(path.resolve()):
        return loaded
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def describe(error: BaseException) -> str:
    """An exception of the user's code in a line: its type, its message, and the last place in their own files."""
    own = Path(__file__).parent
    frames = [f for f in traceback.extract_tb(error.__traceback__) if own not in Path(f.filename).parents]
    frames = [f for f in frames if not f.filename.startswith("<frozen")]
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}: {error}{place}"
