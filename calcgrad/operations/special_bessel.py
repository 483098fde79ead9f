"""Bessel and Airy functions. A Bessel function's order is a parameter: no closed form is known for that partial."""

from __future__ import annotations

from functools import partial

from calcgrad.expression.vocabulary import Word
from calcgrad.operations.row import Elementwise, Range, Row, Singular

# Values are rounded from balls, so none is further off than this.
_row = partial(Elementwise, ulps=0.51)

_ORDER = Range(-2.0, 6.0)


def _words(name: str) -> tuple[str | tuple[str, Word], ...]:
    """The name, SciPy's, and those of the orders 0 and 1; of J and Y the textbook's too (I0 and K1 are names of constants)."""
    letter = name[-1]
    short = (letter.upper(),) if letter in "jy" else ()
    orders = [(f"{n}{order}", Word(name, 1, leading=(order,))) for n in (name, *short) for order in (0, 1)]
    return (name, letter + "v", *orders)


def _latex(letter: str) -> str:
    return letter + r"_{{{0}}}\left({1}\right)"


_KIND = "the order may be any real number; for a negative x it must be whole"

ROWS: tuple[Row, ...] = (
    _row(
        name="besselj",
        written=(None, "(besselj(a - 1, b) - besselj(a + 1, b))/2"),
        # Near the order 0 the rounding of a - 1 would cost digits: DLMF 10.6.2 and 10.29.2 instead of 10.6.1 and 10.29.1.
        partials=(
            None,
            "where(b != 0 and abs(a) < 1/2, a/b*y - besselj(a + 1, b), (besselj(a - 1, b) - besselj(a + 1, b))/2)",
        ),
        help="the Bessel function of the first kind, besselj(order, x)",
        convention=_KIND,
        domain="b > 0 or floor(a) == a or b == 0 and a > 0",
        singular=(Singular("edge", "where(floor(a) == a, 1, b)"),),
        sample=(_ORDER, Range(0.1, 30.0)),
        latex=_latex("J"),
        words=_words("besselj"),
        group="Bessel functions",
        scipy=("jv", "jn"),
    ),
    _row(
        name="bessely",
        partials=(None, "(bessely(a - 1, b) - bessely(a + 1, b))/2"),
        help="the Bessel function of the second kind, bessely(order, x)",
        domain="b > 0",
        singular=(Singular("pole", "b"),),
        sample=(_ORDER, Range(0.1, 30.0)),
        latex=_latex("Y"),
        words=_words("bessely"),
        group="Bessel functions",
        scipy=("yv", "yn"),
    ),
    _row(
        name="besseli",
        written=(None, "(besseli(a - 1, b) + besseli(a + 1, b))/2"),
        partials=(
            None,
            "where(b != 0 and abs(a) < 1/2, a/b*y + besseli(a + 1, b), (besseli(a - 1, b) + besseli(a + 1, b))/2)",
        ),
        help="the modified Bessel function of the first kind, besseli(order, x)",
        convention=_KIND,
        domain="b > 0 or floor(a) == a or b == 0 and a > 0",
        singular=(Singular("edge", "where(floor(a) == a, 1, b)"),),
        sample=(_ORDER, Range(0.1, 20.0)),
        latex=_latex("I"),
        words=_words("besseli"),
        group="Bessel functions",
        scipy=("iv",),
    ),
    _row(
        name="besselk",
        partials=(None, "-(besselk(a - 1, b) + besselk(a + 1, b))/2"),
        help="the modified Bessel function of the second kind, besselk(order, x)",
        domain="b > 0",
        singular=(Singular("pole", "b"),),
        sample=(_ORDER, Range(0.1, 20.0)),
        latex=_latex("K"),
        words=_words("besselk"),
        group="Bessel functions",
        scipy=("kv", "kn"),
    ),
    _row(
        name="airyai",
        partials=("airyaiprime(a)",),
        help="the Airy function Ai",
        sample=(Range(-15.0, 8.0),),
        latex=r"\operatorname{{Ai}}\left({0}\right)",
        words=("airyai", "Ai"),
        group="Airy functions",
    ),
    _row(
        name="airyaiprime",
        partials=("a*airyai(a)",),
        help="the derivative of the Airy function Ai",
        sample=(Range(-15.0, 8.0),),
        latex=r"\operatorname{{Ai}}'\left({0}\right)",
        words=("airyaiprime", "aip"),
        group="Airy functions",
    ),
    _row(
        name="airybi",
        partials=("airybiprime(a)",),
        help="the Airy function Bi",
        sample=(Range(-15.0, 8.0),),
        latex=r"\operatorname{{Bi}}\left({0}\right)",
        words=("airybi", "Bi"),
        group="Airy functions",
    ),
    _row(
        name="airybiprime",
        partials=("a*airybi(a)",),
        help="the derivative of the Airy function Bi",
        sample=(Range(-15.0, 8.0),),
        latex=r"\operatorname{{Bi}}'\left({0}\right)",
        words=("airybiprime", "bip"),
        group="Airy functions",
    ),
)
