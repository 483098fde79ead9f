"""What cannot be expanded is not guessed at: it says why, in words that name what stands in the way."""

from __future__ import annotations

import pytest

from calcgrad.verdicts.germs.germ import Gap, Germ
from calcgrad.verdicts.sides import Unknown

from .expanding import all_beside

#: An expression, a point, the sides of it on which nothing is known (``<``, ``>``, ``.`` for the point itself), and why.
LOST = """
betainc(pi, 2, x) @ 0 . > the orders of betainc are not fractions above 0
betainc(0, 2, x) @ 0 . > the orders of betainc are not fractions above 0
betainc(2, -1, x) @ 0 . > the orders of betainc are not fractions above 0
betainc(2, pi, x) @ 1 < . the orders of betainc are not fractions above 0
lowergamma(pi, x) @ 0 . > the order of lowergamma is not a fraction above 0
uppergamma(-1/2, x) @ 0 . > the order of uppergamma is not a fraction above 0
gammaincc(pi, x) @ 0 . > the order of gammaincc is not a fraction above 0
uppergamma(0, x) @ 0 . > the order of uppergamma is not a fraction above 0
expint(1/2, x) @ 0 > the order of expint is not a whole number from 1
expint(0, x) @ 0 > the order of expint is not a whole number from 1
polylog(1/2, x) @ 1 < . the order of polylog is not a whole number from 1
polylog(0, x) @ 1 < . the order of polylog is not a whole number from 1
polylog(2, 1/x) @ 0 < > the argument of polylog goes to infinity
Chi(1/x) @ 0 > the argument of Chi goes to infinity
hurwitz_zeta(2, 1/x) @ 0 < > the argument of hurwitz_zeta goes to infinity
polygamma(1/2, x) @ 0 < > the order of polygamma is not a whole number
polygamma(-1, x) @ -1 < > the order of polygamma is not a whole number
polygamma(x, x) @ 0 < > the order of polygamma is not a whole number
polygamma(1, 1/x) @ 0 < > the argument of polygamma goes to infinity
digamma(x) @ -41 < > calcgrad knows no expansion of digamma there
besselj(pi, x) @ 0 < . > the order of besselj is not a fraction
besseli(pi, x) @ 0 < . > the order of besseli is not a fraction
besseli(0, 1/x) @ 0 < > the argument of besseli goes to infinity
uppergamma(1, -log(x)) @ 0 > a logarithm goes to infinity in an incomplete integral
log(-log(x)) @ 0 > a logarithm of a logarithm goes to infinity
exp(exp(1/x)) @ 0 > an exponential of an exponential goes to infinity
exp(exp(-1/x)) @ 0 < an exponential of an exponential goes to infinity
hyp1f1(1/2, x, 3) @ 0 < > calcgrad knows no expansion of hyp1f1 there
hyp2f1(x, 2, x, 3) @ 0 < > calcgrad knows no expansion of hyp2f1 there
hyp1f1(x, 2, 1) @ 0 < > no closed form for the derivative of hyp1f1 in its argument 1
hyp1f1(1, x, 2) @ 3 < > no closed form for the derivative of hyp1f1 in its argument 2
zeta(1/x) @ 0 < > the argument of zeta goes to infinity
gamma(1/x) @ 0 < > the argument of gamma goes to infinity
beta(1/x, 2) @ 0 < > the argument of beta goes to infinity
lambertw(1/x) @ 0 < > the argument of lambertw goes to infinity
ellipe(1/x) @ 0 < the argument of ellipe goes to infinity
ellipk(-1/x) @ 0 > the argument of ellipk goes to infinity
airyai(1/x) @ 0 < > the argument of airyai goes to infinity
1/sin(1/x) @ 0 < > it keeps oscillating
sign(sin(1/x)) @ 0 < > it keeps oscillating
exp(sin(1/x)) @ 0 < > it keeps oscillating
floor(sin(1/x)) @ 0 < > it keeps oscillating
log(besselj(0, 1/x)) @ 0 < > it keeps oscillating
bessely(0, x) @ 0 < > calcgrad knows no expansion of bessely there
erfinv(x) @ 1 < > calcgrad knows no expansion of erfinv there
1/(erf(1/x) - 1) @ 0 > it is smaller than every power, and what is left is not known
"""


def _split(line: str) -> tuple[str, str, set[str], str]:
    expr, rest = line.split(" @ ")
    at, *words = rest.split(" ")
    sides = {word for word in words if word in ("<", ".", ">")}
    return expr, at, sides, " ".join(words[len(sides) :])


@pytest.mark.parametrize(("expr", "at", "sides", "why"), [_split(line) for line in LOST.strip().splitlines()])
def test_what_is_not_known_says_why(expr: str, at: str, sides: set[str], why: str) -> None:
    for mark, side in (("<", -1), (".", 0), (">", 1)):
        values, tape = all_beside(expr, at, side)
        found = values[tape.outputs[0]]
        if mark in sides:
            assert isinstance(found, Unknown)
            assert str(found.why) == why
        else:
            assert isinstance(found, Gap | Germ)
