"""Code that writes into arrays, traced as it is, with NumPy's own meaning of views and aliases.

What is written down stays a Wengert list of values that never change: a write makes no step, and no sweep knows of one.
An array that can be written into is a :class:`~calcgrad.tracing.inplace.array.Written`: a block of *places* (``memory``), and
a view of it. The memory says for each place where its number comes from: a plain number, or an entry of a traced value that
was written there. A write changes this; a read puts the pieces together to one value (``assembling``), by operations of the
table. So both modes, all orders, programs and checkpoints have it without a word, a number written and read again costs
nothing in a sweep, and nothing is ever copied that NumPy would not read. NumPy itself decides what is a view: an index, or a
function that moves entries, is applied to the array of the places, and shares its memory or does not.

Such arrays come in two ways. The arguments of the function are such arrays (``entering``); and in the function, compiled
once more from its source (:mod:`calcgrad.rewriting`), each call is handed through ``twins``: what NumPy makes there, and
what operators make of plain arrays, is such an array, if nobody else holds it. Arrays from outside stay what they are: that
a traced value is written into one is refused. ``writing`` are NumPy's functions that write; ``scalars`` are ``float`` and
``math`` for traced numbers.

A function is traced without all that first. Where it is refused for what is possible here, it is traced again in this
way, and from then on at once (``choosing``).
"""

from calcgrad.tracing.inplace import methods

__all__ = ["methods"]
