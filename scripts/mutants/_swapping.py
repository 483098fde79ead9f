"""How a mutant gets into a running program: the code of the functions that differ is put in place, or a module is loaded anew.

Putting code in place costs nothing, and is the same program as long as nothing but the bodies of living functions has changed.
What runs while a module is being loaded (constants, decorators, defaults, class bodies) needs a load of its own.
"""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

OPTIMIZED = 0x1  # what the code of a function has, and that of a module or a class body has not


def swap(path: str, old: str, new: str) -> bool:
    """Put the changed functions of a file in place in all of the program; false, and nothing done, where that is not enough."""
    before, after = (
        compile(old, path, "exec", dont_inherit=True),
        compile(new, path, "exec", dont_inherit=True),
    )
    pairs = list(_pairs(before, after))
    if any(pair is None for pair in pairs):
        return False
    changed = [pair for pair in pairs if pair is not None and pair[0] != pair[1]]
    living = [f for f in gc.get_objects() if isinstance(f, FunctionType) and f.__code__.co_filename == path]
    places = []
    for one, other in changed:
        for k, (inner, outer) in enumerate(_nested(one, other)):
            found = [f for f in living if f.__code__ == inner]
            if (not found and k == 0) or len(inner.co_freevars) != len(outer.co_freevars):
                return False
            places += [(f, outer) for f in found]
    for function, code in places:
        function.__code__ = code
    return bool(changed)


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType] | None]:
    """The functions that a module or class body makes, before and after; None where the body itself differs."""
    inner, outer = _inside(old), _inside(new)
    if len(inner) != len(outer) or _bare(old) != _bare(new):
        yield None
        return
    for one, other in zip(inner, outer, strict=True):
        if one.co_flags & OPTIMIZED:
            yield one, other
        else:
            yield from _pairs(one, other)


def _nested(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """A function and those that it has made, which live on with code of their own: closures that stand in a table, say."""
    yield old, new
    inner, outer = _inside(old), _inside(new)
    if len(inner) == len(outer):
        for one, other in zip(inner, outer, strict=True):
            if one != other:
                yield from _nested(one, other)


def _inside(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _bare(code: CodeType) -> tuple[object, ...]:
    constants = tuple(
        (type(each), repr(each)) if not isinstance(each, CodeType) else each.co_name
        for each in code.co_consts
    )
    return code.co_code, constants, code.co_names


class Instead(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Loads one module from another text."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self.text = text
        sys.meta_path.insert(0, self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The spec of that module alone."""
        if fullname != self.name:
            return None
        package = Path(self.path).name == "__init__.py"
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=self.path, is_package=package)
        spec.has_location = True
        if package:
            spec.submodule_search_locations = [str(Path(self.path).parent)]
        return spec

    def get_code(self, fullname: str) -> CodeType:
        """The compiled text; never a .pyc."""
        return compile(self.text, self.path, "exec", dont_inherit=True)
