"""From NumPy's functions to the table: ``handler(apply, *args, **kwargs)`` for each function that traced values go through.

``apply(op, *args, params=())`` evaluates one operation of the table on the arguments' primals, and writes a step where one of
them is traced; what it gives back goes through NumPy's names and Python's operators like any value. A handler says with it
what the function means, for plain and for traced arguments alike. It never reads a traced value's number: what has to be
decided by values is compared with ``apply`` (``less``, ``equal`` …, ``decided``), so that a compiled program knows what it
depends on. Handlers do by hand what NumPy's signatures say, since binding a signature takes longer than most operations.
"""

from __future__ import annotations

from calcgrad.numpy_names import (
    curves,
    deciding,
    differences,
    einsum,
    fft,
    joining,
    linalg,
    methods,
    nonsymmetric,
    padding,
    polynomials,
    products,
    reductions,
    selecting,
    sets,
    shaping,
    special,
    special_more,
    statistics,
    ufuncs,
)
from calcgrad.numpy_names.methods import of_chosen
from calcgrad.numpy_names.registry import (
    HANDLERS,
    METHODS,
    NAMES,
    Handler,
    handler_of,
    load_special,
    method_of,
    name_of,
)

#: The files of the table, by theme.
THEMES = {
    "ufuncs": (ufuncs,),
    "reductions": (reductions, methods),
    "statistics": (statistics,),
    "shaping": (shaping, joining, padding),
    "selecting": (selecting, sets, deciding),
    "curves": (curves, differences, polynomials),
    "products": (products, einsum),
    "linalg": (linalg, nonsymmetric),
    "fft": (fft,),
    "special": (special, special_more),
}

__all__ = [
    "HANDLERS",
    "METHODS",
    "NAMES",
    "THEMES",
    "Handler",
    "handler_of",
    "load_special",
    "method_of",
    "name_of",
    "of_chosen",
]
