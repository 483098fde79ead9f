"""``compile``: a function as a straight program, and what may run it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

from calcgrad.compiling.backends import Backend, Wanted, in_numpy
from calcgrad.compiling.compiled import Compiled
from calcgrad.compiling.straight import Straight
from calcgrad.errors import UsageError
from calcgrad.given import held

BACKENDS = ("auto", "numpy", "native")


@held
def compile(function: Callable[..., Any], backend: str = "auto") -> Compiled:
    """The same function, traced once for each kind of arguments and then run as straight Python over ``math`` or NumPy.

    ``function`` is any function of floats, arrays and trees of them that can be traced; the result of ``grad``, ``jacobian``,
    ``hvp`` and their like, above all. A program is made for the shapes and precisions of a call, for the values of arguments
    that are no floats or arrays, and for the outcomes of its branches. A call that differs in any of them is traced anew, and
    so is one after something that the function reads from outside has changed: numbers, strings and arrays (also written into)
    in its closure, its defaults and the names of its module, in the functions of your own that it calls, in the attributes of
    its object, and in dictionaries, lists and objects found so (2,048 values at most). What it finds in other ways
    (random generators, ``os.environ``, objects of installed packages) counts as it was when it was traced, and a function that
    changes what it reads, or reads an iterator or a file, is traced anew in every call. Data that changes is best given as an
    argument. Where adjoints underflow or overflow on the way, as those of ``y**2/exp(y)`` at 400, the function itself is run in
    that call: it sweeps with a scaled seed and keeps its digits, and takes as long as it does uncompiled. Results are new arrays;
    several threads may call at once. A function whose result has an object of another kind that it makes itself, a set or an
    instance of a class of yours, runs as it is.

    ``backend`` says what runs the program: ``"numpy"`` (and ``math``), or ``"native"``, loops that LLVM compiles, from the extra
    ``calcgrad[native]``. ``"auto"`` is NumPy for the first 49 calls of a program, and native from then on where that is installed;
    the numbers of the two differ by their rounding. What native code cannot do right is left to NumPy.

    ``source`` of the result is the text of its programs, ``ir`` what LLVM was given, ``backend`` what ran the last one,
    ``traces`` their number.

    Raises :class:`~calcgrad.CalcgradError`: E463 where native code was asked for and cannot be had, E464 for another backend.

    >>> from calcgrad import grad
    >>> import numpy as np
    >>> slope = compile(grad(lambda x: np.sin(x) * x), backend="numpy")
    >>> slope(0.0), slope(1.0) == grad(lambda x: np.sin(x) * x)(1.0), slope.traces
    (0.0, True, 1)
    >>> print(slope.source)
    def program(x):
        try:
            return (sin(x) + (x * cos(x)))
        except (ArithmeticError, ValueError):
            return careful(x)
    <BLANKLINE>
    """
    return Compiled(function, backend_of(backend))


def compiled(function: Callable[..., Any], how: bool | str) -> Callable[..., Any]:
    """The function, compiled if that is wanted: by the backend of this name, or by ``"auto"`` for ``True``."""
    return Compiled(function, backend_of(how)) if how else function


def backend_of(name: str | bool) -> Backend:
    """What makes the programs: by its name, or ``True`` for ``"auto"``. Raises as :func:`compile` does."""
    if name is True or name == "auto":
        return _automatic
    if name == "numpy":
        return in_numpy
    if name == "native":
        missing = _missing()
        if missing:
            raise UsageError.of("E463", f"native code cannot be had: {missing}", hints=_WAYS)
        return _native
    raise UsageError.of("E464", f"no backend is called {name!r}", hints=(f"there are {', '.join(BACKENDS)}",))


_WAYS = ("pip install 'calcgrad[native]'", 'backend="auto" takes NumPy instead')


def _missing() -> str:
    """Why there is no native code here; empty where there is."""
    if find_spec("llvmlite") is None:
        return "llvmlite is not installed"
    from calcgrad.native.programs import missing

    return missing()


def _native(wanted: Wanted) -> Straight:
    from calcgrad.native.programs import native

    return native(wanted)


def _automatic(wanted: Wanted) -> Straight:
    if not _installed():
        return in_numpy(wanted)
    from calcgrad.native.growing import growing

    return growing(wanted)


@cache
def _installed() -> bool:
    return find_spec("llvmlite") is not None
