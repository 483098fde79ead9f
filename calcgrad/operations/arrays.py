"""Operations on arrays: sums and other reductions, indexing, products of matrices.

The rows of the group ``internal`` have no name in the language: ``vector`` and ``getitem`` are written with
brackets, and the others are what pullbacks are made of. Reductions take the parameters ``axis`` (``None``, a
whole number or a tuple) and ``keepdims``; in text they reduce the whole array, and a number counts as an
array without axes: ``sum(3)`` is 3.
"""

from __future__ import annotations

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Bilinear, Composite, Linear, Row, Structured

_TIES = "entries that are equal share the derivative in equal parts"

ROWS: tuple[Row, ...] = (
    Linear(
        name="sum",
        help="the sum of all entries",
        transpose="of_sum",
        latex=r"\sum {0}",
        shape="reduced",
    ),
    Linear(
        name="transpose",
        help="the array with its axes in reverse order",
        transpose="of_transpose",
        latex=r"{{{0}}}^{{\mathsf T}}",
        moves=True,
        shape="permuted",
    ),
    Linear(
        name="vector",
        help="the list of several values",
        transpose="of_vector",
        variadic=True,
        group="internal",
        moves=True,
        shape="vector",
    ),
    Linear(
        name="getitem",
        help="an entry, or a slice",
        transpose="of_getitem",
        group="internal",
        moves=True,
        shape="indexed",
    ),
    Linear(
        name="scatter",
        help="zeros, with the argument added where the index says",
        transpose="of_scatter",
        group="internal",
        shape="scattered",
    ),
    Linear(
        name="reshape",
        help="the entries in another shape",
        transpose="of_reshape",
        group="internal",
        moves=True,
        shape="reshaped",
    ),
    Linear(
        name="broadcast_to",
        help="the entries repeated along new axes",
        transpose="of_broadcast_to",
        group="internal",
        moves=True,
        shape="given",
    ),
    Linear(
        name="sum_to",
        help="the sum over what broadcasting repeats",
        transpose="of_sum_to",
        group="internal",
        shape="given",
    ),
    Bilinear(
        name="matmul",
        help="the product of matrices, of a matrix and a vector, or of two vectors",
        transposes=("matmul_first", "matmul_second"),
        latex=r"{0} {1}",
        words=("matmul",),
        shape="matmul",
    ),
    Structured(
        name="size",
        help="the number of entries",
        pushforwards=("",),
        latex=r"\operatorname{{size}}\left({0}\right)",
        shape="number",
    ),
    Structured(
        name="prod",
        help="the product of all entries",
        pushforwards=("prod",),
        latex=r"\prod {0}",
        shape="reduced",
    ),
    Structured(
        name="amax",
        help="the largest entry",
        pushforwards=("extreme",),
        convention=_TIES,
        latex=r"\max {0}",
        words=(("max", Word("amax", 1)), ("amax", Word("amax", 1))),
        shape="extreme",
    ),
    Structured(
        name="amin",
        help="the smallest entry",
        pushforwards=("extreme",),
        convention=_TIES,
        latex=r"\min {0}",
        words=(("min", Word("amin", 1)), ("amin", Word("amin", 1))),
        shape="extreme",
    ),
    Structured(
        name="norm",
        help="the Euclidean length: the root of the sum of the squares of all entries",
        pushforwards=("norm",),
        convention="at the origin, a kink, the derivative is taken as 0",
        latex=r"\left\lVert {0} \right\rVert",
        analytic=False,
        shape="reduced",
    ),
    Structured(
        name="logsumexp",
        help="the logarithm of the sum of the exponentials of all entries",
        pushforwards=("logsumexp",),
        shape="extreme",
    ),
    Structured(
        name="softmax",
        help="the exponentials of all entries, divided by their sum",
        pushforwards=("softmax",),
        shape="same",
    ),
)

COMPOSITES: tuple[Composite, ...] = (
    Composite(
        name="mean",
        help="the arithmetic mean of all entries",
        arity=1,
        definition="sum(a)/size(a)",
    ),
    Composite(
        name="var",
        help="the variance of all entries, divided by their number",
        arity=1,
        words=("var", "pvariance"),
        definition="mean((a - mean(a))^2)",
    ),
    # By way of norm: its convention covers the kink where all entries are equal, and it does not overflow.
    Composite(
        name="std",
        help="the standard deviation of all entries: the root of the variance",
        arity=1,
        words=("std", "pstdev"),
        definition="norm(a - mean(a))/sqrt(size(a))",
    ),
    Composite(
        name="dot",
        help="the product of two vectors: the sum of the products of their entries",
        arity=2,
        definition="a @ b",
    ),
)
