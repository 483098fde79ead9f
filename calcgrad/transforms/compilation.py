"""``compile``: a function as a straight program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calcgrad.compiling.compiled import Compiled


def compile(function: Callable[..., Any]) -> Compiled:
    """The same function, traced once for each kind of arguments and then run as straight Python over ``math`` or NumPy.

    ``function`` is any function of floats, arrays and trees of them that can be traced; the result of ``grad``, ``jacobian``,
    ``hvp`` and their like, above all. A program is made for the shapes and precisions of a call, for the values of arguments
    that are no floats or arrays, and for the outcomes of its branches. A call that differs in any of them is traced anew, and
    so is one after something that the function reads from outside has changed: numbers, strings and arrays (also written into)
    in its closure, its defaults and the names of its module, in the functions of your own that it calls, in the attributes of
    its object, and in dictionaries, lists and objects found so (256 values at most). What it finds in other ways
    (random generators, files, installed packages) counts as it was when it was traced, and a function that changes what it
    reads is traced anew in every call. Data that changes is best given as an argument. Results are new arrays; several threads
    may call at once.

    ``source`` of the result is the text of its programs, ``traces`` their number.

    >>> from calcgrad import grad
    >>> import numpy as np
    >>> slope = compile(grad(lambda x: np.sin(x) * x))
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
    return Compiled(function)
