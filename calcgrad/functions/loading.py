"""``model.py:loss`` or ``package.module:loss`` -> the function, or an error that says what went wrong.

The project's own folders are searched after the standard library and before installed packages, except for the names
of the libraries that calcgrad stands on: a ``numpy.py`` beside the model never takes the place of NumPy.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Callable
from hashlib import sha256
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from calcgrad.errors import UsageError
from calcgrad.functions.running import running_users_code

#: What a file of the project may not stand in for.
INSTALLED = frozenset(
    "calcgrad click dask distributed flint jax jaxlib matplotlib mpmath numpy pytest rich scipy sympy torch typer".split()  # noqa: SIM905
)
_OWN = Path(__file__).parents[1]
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_SHOWN_FRAMES = 3


def is_target(text: str) -> bool:
    """Whether a text names a function in a module rather than an expression.

    >>> is_target("model.py:loss"), is_target("pkg.model:Net.loss"), is_target("x^2"), is_target("model.loss")
    (True, True, False, False)
    """
    where, colon, name = text.rpartition(":")
    return bool(colon) and _dotted(name) and (where.endswith(".py") or _dotted(where))


def _dotted(text: str) -> bool:
    return _DOTTED.fullmatch(text) is not None


def load(target: str, folder: Path | None = None) -> Callable[..., Any]:
    """The callable that a target names: ``file.py:name``, ``package.module:name``, or ``package.module.name``.

    Paths are relative to ``folder`` (the working folder), which is on the path, as is the file's own. ``name`` may have dots
    (``Net.loss``). Raises ``UsageError``: E395 (it names no function in a module), E370 (no such
    file or module), E371 (it fails on import, with the cause), E372 (no such function there).
    """
    where, colon, name = target.rpartition(":")
    if not colon and _dotted(target) and "." in target:
        where, _, name = target.rpartition(".")
    if not _dotted(name) or not (where.endswith(".py") or _dotted(where)):
        hints = ("write model.py:loss, or package.module:loss",)
        raise UsageError.of("E395", f"{target} does not name a function in a module", hints=hints)
    found: Any = _module(where, folder or Path.cwd())
    for part in name.split("."):
        inside, found = found, getattr(found, part, None)
        if found is None:
            raise _no_such(where, name, part, inside)
    if not callable(found):
        raise UsageError.of("E372", f"{name} in {where} is not a function")
    return found  # type: ignore[no-any-return]


def _no_such(where: str, name: str, part: str, inside: Any) -> Exception:
    from difflib import get_close_matches

    known = [n for n in dir(inside) if not n.startswith("_") and callable(getattr(inside, n))]
    close = get_close_matches(part, known, n=1)
    before = name[: name.rfind(part)]
    hints = (f"did you mean {where}:{before}{close[0]}?",) if close else ()
    return UsageError.of("E372", f"{where} has no function {name}", hints=hints)


def _module(where: str, folder: Path) -> ModuleType:
    """The module of a file or a dotted name; whatever stops its import is said with its cause."""
    path = folder / where
    if where.endswith(".py") and not path.is_file():
        raise _no_file(where, path)
    _search(folder)
    try:
        with running_users_code():
            return _from_file(path.resolve()) if where.endswith(".py") else importlib.import_module(where)
    except ModuleNotFoundError as error:
        if not where.endswith(".py") and error.name and (where + ".").startswith(error.name + "."):
            raise UsageError.of("E370", f"there is no module {where}{_inside(where, error.name)}") from error
        raise _failed(where, "cannot be imported", error) from error
    except (Exception, SystemExit) as error:
        raise _failed(where, "fails on import", error) from error


def _inside(where: str, missing: str) -> str:
    return "" if missing == where else f": there is no {missing}"


def _no_file(where: str, path: Path) -> Exception:
    from difflib import get_close_matches

    names = [f.name for f in path.parent.glob("*.py")] if path.parent.is_dir() else []
    close = get_close_matches(path.name, names, n=1)
    hints = (f"did you mean {Path(where).parent / close[0]}?",) if close else ()
    return UsageError.of("E370", f"there is no file {where}", hints=hints)


def _failed(where: str, how: str, error: BaseException) -> Exception:
    return UsageError.of("E371", f"{where} {how}: {describe(error)}", hints=own_frames(error))


def _search(folder: Path) -> None:
    """Put a folder on the path: behind the standard library, before what is installed."""
    text = str(folder.resolve())
    _Guard.install()
    _Guard.folders.add(text)
    if text in sys.path:
        return
    places = [i for i, p in enumerate(sys.path) if "-packages" in p]
    sys.path.insert(places[0] if places else len(sys.path), text)


class _Guard:
    """Finds the libraries of ``INSTALLED`` where they are installed, whatever lies in the project's folders."""

    folders: ClassVar[set[str]] = set()

    @classmethod
    def install(cls) -> None:
        if cls not in sys.meta_path:
            sys.meta_path.insert(0, cls)

    @classmethod
    def find_spec(cls, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if path is not None or name not in INSTALLED:
            return None
        return PathFinder.find_spec(name, [p for p in sys.path if p not in cls.folders and p])


def _from_file(path: Path) -> ModuleType:
    """The module of a file: of its package, where its folder is one, so that its relative imports work."""
    root, parts = path.parent, [path.stem]
    while (root / "__init__.py").is_file() and root.name.isidentifier():
        parts.insert(0, root.name)
        root = root.parent
    _search(root)
    name = ".".join(parts if path.stem != "__init__" else parts[:-1])
    if len(parts) > 1:
        module = importlib.import_module(name)
        if _is(module, path):
            return module
    return _alone(_free_name(path), path)


def _alone(name: str, path: Path) -> ModuleType:
    """The module of a file that belongs to no package."""
    loaded = sys.modules.get(name)
    if loaded is not None:
        return loaded
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # before it runs, as dataclasses and pickles ask for
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _free_name(path: Path) -> str:
    """The file's own name, unless that is a library's or another file's: then one of its own."""
    name = path.stem
    loaded = sys.modules.get(name)
    taken = name in INSTALLED or name in sys.stdlib_module_names or not name.isidentifier()
    if not taken and (loaded is None or _is(loaded, path)):
        return name
    return f"{name}_{sha256(str(path).encode()).hexdigest()[:8]}"


def _is(module: ModuleType, path: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).resolve() == path


def describe(error: BaseException) -> str:
    """An exception of the user's code in a line: its type, its message, and the last place in their own files."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{type(error).__name__}: {error.msg} ({Path(error.filename).name}, line {error.lineno})"
    frames = _frames(error)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    said = str(error)
    return f"{type(error).__name__}{': ' if said else ''}{said}{place}"


def own_frames(error: BaseException) -> tuple[str, ...]:
    """The user's own lines that led to an exception, outermost first, the last few of them; and what it was raised from.

    >>> own_frames(ValueError("no frame"))
    ()
    """
    shown = [f"{Path(f.filename).name}, line {f.lineno}: {f.line}" for f in _frames(error) if f.line]
    if isinstance(error, SyntaxError) and error.text:
        shown.append(f"{Path(error.filename or '?').name}, line {error.lineno}: {error.text.strip()}")
    cause = error.__cause__
    raised = (f"it was raised from {describe(cause)}",) if cause is not None else ()
    return (*shown[-_SHOWN_FRAMES:], *raised)


def failed(name: str, error: BaseException) -> UsageError:
    """The error for a user's function that fails: what it raises, and where."""
    return UsageError.of("E416", f"{name} raises {describe(error)}", hints=own_frames(error))


def _frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames in the user's own files: not calcgrad's, not the import system's, no installed package's."""
    frames = traceback.extract_tb(error.__traceback__)
    users = [
        f for f in frames if _OWN not in Path(f.filename).parents and not f.filename.startswith("<frozen")
    ]
    return [f for f in users if "-packages" not in f.filename and "importlib" not in f.filename] or users
