"""Operations on arrays whose values are SciPy's own: distribution functions, their inverses, and whatever has no rule at all.

They have no name in the language. Of the distributions the last argument has a derivative, by the density; by the parameters
before it no closed form is known. ``borrowed1`` and its like are any function of SciPy's, named by a parameter, whose derivative
nobody knows: a sweep that needs one is refused by that name, and none is ever lost in silence.
"""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import Row, Structured

_entrywise = partial(Structured, group="internal", shape="entrywise")


def _borrowed(count: int) -> Structured:
    """A function of so many arguments, none of which has a derivative."""
    return Structured(
        name=f"borrowed{count}",
        help="what a function of SciPy's with a name says of its arguments; a derivative of it is refused by name",
        pushforwards=tuple([f"refuse_argument_{k}" for k in range(count)]),
        shape="",
        group="internal",
    )


ROWS: tuple[Row, ...] = (
    _entrywise(
        name="stdtr",
        help="Student's distribution function of a degrees of freedom at b",
        pushforwards=("refuse_stdtr_df", "stdtr"),
    ),
    _entrywise(
        name="stdtrit",
        help="the inverse of Student's distribution function of a degrees of freedom at b",
        pushforwards=("refuse_stdtrit_df", "stdtrit"),
    ),
    _entrywise(
        name="gammaincinv",
        help="the inverse of the regularised lower incomplete gamma function of order a at b",
        pushforwards=("refuse_gammaincinv_a", "gammaincinv"),
    ),
    _entrywise(
        name="gammainccinv",
        help="the inverse of the regularised upper incomplete gamma function of order a at b",
        pushforwards=("refuse_gammainccinv_a", "gammainccinv"),
    ),
    _entrywise(
        name="betaincinv",
        help="the inverse of the regularised incomplete beta function of orders a and b at c",
        pushforwards=("refuse_betaincinv_a", "refuse_betaincinv_b", "betaincinv"),
    ),
    _entrywise(
        name="ive",
        help="the modified Bessel function of the first kind of order a at b, times exp(-|b|)",
        pushforwards=("refuse_ive_v", "ive"),
    ),
    _entrywise(
        name="kve",
        help="the modified Bessel function of the second kind of order a at b, times exp(b)",
        pushforwards=("refuse_kve_v", "kve"),
    ),
    _entrywise(
        name="ndtri_exp",
        help="the inverse of the logarithm of the normal distribution function",
        pushforwards=("ndtri_exp",),
    ),
    _entrywise(
        name="poch",
        help="the rising factorial, gamma(a + b)/gamma(a), for a > 0 and a + b > 0",
        pushforwards=("poch_first", "poch_second"),
    ),
    _entrywise(
        name="wrightomega",
        help="the solution w of w + log(w) = a",
        pushforwards=("wrightomega",),
    ),
    _entrywise(
        name="owens_t",
        help="Owen's function of a and b",
        pushforwards=("owens_t_first", "owens_t_second"),
    ),
    *[_borrowed(count) for count in range(1, 5)],
)
