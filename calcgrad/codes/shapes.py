"""E2: the shapes of arrays do not fit an operation."""

from __future__ import annotations

from calcgrad.codes.entry import Code

TITLE = "Shapes of arrays"
CODES = (
    Code(
        "E201",
        "the shapes do not fit entry by entry",
        "Arrays are matched from the last axis, and each axis has one length, or is 1 and repeated.",
        "Give the values the same shape, or choose entries of the longer one.",
        'calcgrad diff "sum(x*y)" --at "x=[1, 2, 3], y=[1, 2]"',
    ),
    Code(
        "E202",
        "an array does not have as many entries as its new shape",
        "A reshape keeps every entry.",
        "Choose a shape whose lengths multiply to the number of entries.",
        'from calcgrad.operations.shape_rules import result_shape\n\nresult_shape("reshape", [(2, 3)], ((4,),))',
    ),
    Code(
        "E203",
        "an index points to an entry that is not there",
        "Indices run from 0, one for each axis; a number has no entries at all.",
        "Choose an entry within the shape; a point such as --at x=[1,2,3] makes a vector of x.",
        'calcgrad diff "2*x[3]" --at "x=[1, 2, 3]"',
    ),
    Code(
        "E204",
        "there is no such axis",
        "Axes are counted from 0, or from the last by negative numbers.",
        "Choose an axis that the array has.",
        'from calcgrad.operations.shape_rules import result_shape\n\nresult_shape("sum", [(2, 3)], (2,))',
    ),
    Code(
        "E205",
        "an index holds more than one list of places",
        "Lists of places on several axes have two readings: pairs of places, or all combinations.",
        "Index one axis after the other.",
        'from calcgrad.operations.shape_rules import result_shape\n\nresult_shape("getitem", [(2, 3)], ((0, 1), (0, 1)))',
    ),
    Code(
        "E206",
        "the step of a slice is 0",
        "A slice goes on by its step, and by 0 it would never end.",
        "Write a step such as 1, 2 or -1.",
        'calcgrad diff "sum(x[::0])" --at "x=[1, 2, 3]"',
    ),
    Code(
        "E207",
        "@ multiplies arrays, and one side is a number",
        "The matrix product needs an axis on both sides.",
        "Write * for the product with a number.",
        'calcgrad diff "sum(z @ x)" --at "z=2, x=[1, 2, 3]"',
    ),
    Code(
        "E208",
        "the rows of the first factor do not fit the columns of the second",
        "A matrix product sums over the last axis of the first factor and the first of the second: they have one length.",
        "Transpose or shorten one of them.",
        'calcgrad diff "dot(x, y)" --at "x=[1, 2, 3], y=[1, 2]"',
    ),
    Code(
        "E209",
        "a matrix is not square",
        "Inverse, determinant, trace and eigenvalues belong to square matrices.",
        "Give a matrix with as many rows as columns.",
        'from calcgrad.operations.shape_rules import result_shape\n\nresult_shape("det", [(2, 3)])',
    ),
    Code(
        "E210",
        "the entries of a list have different shapes",
        "A list becomes an array, whose entries have one shape.",
        "Give every entry the same shape.",
        'calcgrad diff "[x, z]" --at "x=[1, 2, 3], z=1"',
    ),
    Code(
        "E211",
        "an array without entries has no largest and no smallest entry",
        "A maximum is one of the entries, and there is none.",
        "Choose a part of the array that is not empty.",
        'calcgrad diff "max(x[3:])" --at "x=[1, 2, 3]"',
    ),
)
