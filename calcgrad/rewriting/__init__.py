"""A user's function compiled once more from its source, so that others can look on: every call, and every new value.

``f(a)`` becomes ``hand(f)(a)``; the outermost operators of an expression, ``a * b + c``, become ``new(a * b + c)``. Nothing
else changes: globals and closures are the real ones, lines and columns are the user's. ``hand`` and ``new`` come in as free
variables, so that no namespace is touched and no other thread sees anything. What they do is not known here.

``sources`` finds the text that a function was compiled from, and takes it only if it compiles to the same code.
``calls`` rewrites the tree; ``functions`` makes the function.
"""

from calcgrad.rewriting.functions import NoSourceError, is_rewritten, rewritten
from calcgrad.rewriting.sources import installed, is_of_package

__all__ = ["NoSourceError", "installed", "is_of_package", "is_rewritten", "rewritten"]
