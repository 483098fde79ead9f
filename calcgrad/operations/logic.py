"""Comparisons, logic, and the choice between two values. Their own derivative is a structural zero."""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import OWN_BRANCH, Elementwise, Range, Row, Singular

_ANY = Range(-3.0, 3.0)
_TRUTH = Range(0.0, 1.0, whole=True)
_row = partial(Elementwise, group="comparisons and logic", ulps=0.0)
_compare = partial(
    _row,
    answers=True,
    tie=OWN_BRANCH,
    partials=("0", "0"),
    singular=(Singular("jump", "a - b"),),
    sample=(_ANY, _ANY),
)

ROWS: tuple[Row, ...] = (
    _compare(name="less", help="is a less than b", sympy="Lt", infix="<", ufuncs=("less",)),
    _compare(name="less_equal", help="is a at most b", sympy="Le", infix="<=", ufuncs=("less_equal",)),
    _compare(name="greater", help="is a greater than b", sympy="Gt", infix=">", ufuncs=("greater",)),
    _compare(name="greater_equal", help="is a at least b", sympy="Ge", infix=">=", ufuncs=("greater_equal",)),
    _compare(name="equal", help="is a equal to b", sympy="Eq", infix="==", ufuncs=("equal",)),
    _compare(name="not_equal", help="is a other than b", sympy="Ne", infix="!=", ufuncs=("not_equal",)),
    _row(
        name="logical_and",
        partials=("0", "0"),
        help="both are true",
        sympy="And",
        sample=(_TRUTH, _TRUTH),
        asks=(0, 1),
        answers=True,
        tie=OWN_BRANCH,
    ),
    _row(
        name="logical_or",
        partials=("0", "0"),
        help="one of two is true",
        sympy="Or",
        sample=(_TRUTH, _TRUTH),
        asks=(0, 1),
        answers=True,
        tie=OWN_BRANCH,
    ),
    _row(
        name="logical_not",
        partials=("0",),
        help="it is not true",
        sympy="Not",
        sample=(_TRUTH,),
        asks=(0,),
        answers=True,
        tie=OWN_BRANCH,
    ),
    _row(
        name="where",
        partials=("0", "where(a, 1, 0)", "where(a, 0, 1)"),
        help="b where the condition a holds, else c",
        convention="the branch that is not taken gives no contribution to the derivative, not even 0*inf",
        sample=(_TRUTH, _ANY, _ANY),
        tie=OWN_BRANCH,
        asks=(0,),
    ),
)
