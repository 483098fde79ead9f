"""Values that are SciPy's own, for :mod:`calcgrad.operations.borrowed` and for functions of matrices."""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

import numpy

from calcgrad.errors import UndefinedError
from calcgrad.systems.values.arrays_linear import plain

__all__ = [
    "banded_solve",
    "betaincinv",
    "borrowed1",
    "borrowed2",
    "borrowed3",
    "borrowed4",
    "gammainccinv",
    "gammaincinv",
    "ive",
    "kve",
    "lu",
    "lu_lower",
    "lu_upper",
    "ndtri_exp",
    "owens_t",
    "poch",
    "square_root",
    "stdtr",
    "stdtrit",
    "sylvester",
    "wrightomega",
]


@cache
def _found(path: str) -> Any:
    """What a dotted path names: the longest part of it that is a module, then attributes."""
    parts = path.split(".")
    for stop in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:stop]))
        except ImportError:
            continue
        for name in parts[stop:]:
            found = getattr(found, name)
        return found
    raise ImportError(path)


def _of_path(path: str, args: tuple[Any, ...], keywords: Any, part: int | None) -> Any:
    with numpy.errstate(all="ignore"):
        found = _found(path)(*args, **dict(keywords))
    return plain(found if part is None else found[part])


def borrowed1(a: Any, path: str, subjects: Any, keywords: Any = (), part: int | None = None) -> Any:
    return _of_path(path, (a,), keywords, part)


def borrowed2(a: Any, b: Any, path: str, subjects: Any, keywords: Any = (), part: int | None = None) -> Any:
    return _of_path(path, (a, b), keywords, part)


def borrowed3(
    a: Any, b: Any, c: Any, path: str, subjects: Any, keywords: Any = (), part: int | None = None
) -> Any:
    return _of_path(path, (a, b, c), keywords, part)


def borrowed4(
    a: Any, b: Any, c: Any, h: Any, path: str, subjects: Any, keywords: Any = (), part: int | None = None
) -> Any:
    return _of_path(path, (a, b, c, h), keywords, part)


def _special(name: str) -> Any:
    """A function of ``scipy.special``, whose values are doubles of Python's where they have no axes."""

    def function(*args: Any) -> Any:
        with numpy.errstate(all="ignore"):
            return plain(_found(f"scipy.special.{name}")(*args))

    return function


stdtr, stdtrit, gammaincinv, gammainccinv = map(_special, ("stdtr", "stdtrit", "gammaincinv", "gammainccinv"))
betaincinv, ive, kve, ndtri_exp = map(_special, ("betaincinv", "ive", "kve", "ndtri_exp"))
poch, wrightomega, owens_t = map(_special, ("poch", "wrightomega", "owens_t"))


def refused(name: str, why: Any) -> UndefinedError:
    """The error for a matrix that a function of ``scipy.linalg`` has no value for."""
    return UndefinedError.of("E430", f"scipy.linalg.{name}: {why}")


def _each(function: Any, *matrices: Any) -> Any:
    """A function of matrices over stacks of them; what SciPy refuses is an error with a name."""
    stack = numpy.broadcast_shapes(*[m.shape[:-2] for m in matrices])
    if not stack:
        return function(*matrices)
    spread = [numpy.broadcast_to(m, (*stack, *m.shape[-2:])).reshape(-1, *m.shape[-2:]) for m in matrices]
    found = numpy.stack([function(*parts) for parts in zip(*spread, strict=True)])
    return found.reshape(*stack, *found.shape[1:])


def sylvester(a: Any, b: Any, q: Any) -> Any:
    """The solution of ``a x + x b = q``. Raises ``UndefinedError`` (E430) where an eigenvalue of ``a`` is one of ``-b``."""

    def solved(a: Any, b: Any, q: Any) -> Any:
        try:
            x = _found("scipy.linalg.solve_sylvester")(a, b, q)
        except numpy.linalg.LinAlgError as error:
            raise refused("solve_sylvester", error) from None
        if not numpy.isfinite(x).all() and all(numpy.isfinite(m).all() for m in (a, b, q)):
            raise refused("solve_sylvester", "an eigenvalue of a is one of -b")
        return x

    return _each(solved, *map(numpy.asarray, (a, b, q)))


def banded_solve(ab: Any, b: Any, low: int, up: int) -> Any:
    """Raises ``UndefinedError`` (E430) for a singular matrix."""
    try:
        return _found("scipy.linalg.solve_banded")((low, up), ab, b, check_finite=False)
    except numpy.linalg.LinAlgError as error:
        raise refused("solve_banded", error) from None


def square_root(a: Any) -> Any:
    """The principal square root, real for a real matrix. Raises ``UndefinedError`` (E430) where it is complex."""

    def root(a: Any) -> Any:
        found = numpy.asarray(_found("scipy.linalg.sqrtm")(a))
        if found.dtype.kind == "c" and a.dtype.kind != "c":
            # Before 1.16 SciPy's root of a real matrix with complex eigenvalues keeps an imaginary part of rounding:
            # whether the root is real is told by the eigenvalues.
            eigenvalues = numpy.linalg.eigvals(a)
            if found.imag.any() and ((eigenvalues.imag == 0) & (eigenvalues.real <= 0)).any():
                why = "the principal square root of this real matrix is complex: give it as a complex matrix"
                raise refused("sqrtm", why)
            found = found.real
        return found.astype(a.dtype, copy=False)

    return _each(root, numpy.asarray(a))


def lu(a: Any) -> Any:
    """LAPACK's packed factors of a matrix that needs no exchange of rows: L below the diagonal, U above."""
    return _each(_unpivoted, numpy.asarray(a))


def _unpivoted(a: Any) -> Any:
    packed, rows = _found("scipy.linalg.lu_factor")(a, check_finite=False)
    if (rows == numpy.arange(len(rows))).all():
        return packed
    packed = numpy.array(a)  # two entries of one size, say: elimination as it stands
    for k in range(len(packed) - 1):
        packed[k + 1 :, k] /= packed[k, k]
        packed[k + 1 :, k + 1 :] -= numpy.outer(packed[k + 1 :, k], packed[k, k + 1 :])
    return packed


def lu_lower(a: Any, packed: Any) -> Any:
    return numpy.tril(packed, -1) + numpy.eye(packed.shape[-1], dtype=packed.dtype)


def lu_upper(a: Any, packed: Any) -> Any:
    return numpy.triu(packed)
