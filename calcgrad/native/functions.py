"""Our own functions of doubles in IR: without branches, so that loops over them become vector instructions.

Each is right to about one and a half units in the last place over all doubles, nan, infinities and subnormal numbers among
them; ``tests/native/test_functions.py`` measures it against mpmath. Sine and cosine alone end at ``FAR``: beyond it they raise the
nest's flag, and the call goes to NumPy. All stand on fused multiply-and-add.
"""

from __future__ import annotations

import math

from calcgrad.native.text import Text, double

#: Beyond this, the reduction of an argument of sine and cosine has not been shown to hold.
FAR = 1e9
#: Added to a whole number of moderate size, it leaves that number in the lowest bits: 1.5 * 2^52.
MAGIC = 6755399441055744.0

# ln 2 and pi/2 in parts: a whole multiple of a first part is exact, of the rest the rounding no longer matters.
_LN2 = (6.93147180369123816490e-01, 1.90821492927058770002e-10)
_HALF_PI = (1.57079632679489655800, 6.12323399573676603587e-17, -1.49738490485919835e-33)

_SIN = (
    1.58969099521155010221e-10,
    -2.50507602534068634195e-08,
    2.75573137070700676789e-06,
    -1.98412698298579493134e-04,
    8.33333333332248946124e-03,
    -1.66666666666666324348e-01,
)
_COS = (
    -1.13596475577881948265e-11,
    2.08757232129817482790e-09,
    -2.75573143513906633035e-07,
    2.48015872894767294178e-05,
    -1.38888888888741095749e-03,
    4.16666666666666019037e-02,
)
#: The logarithm of (1 + s)/(1 - s), less 2s, over s: even powers from the highest.
_LOG = (
    1.479819860511658591e-01,
    1.531383769920937332e-01,
    1.818357216161805012e-01,
    2.222219843214978396e-01,
    2.857142874366239149e-01,
    3.999999999940941908e-01,
    6.666666666666735130e-01,
)
#: tanh(x)/x - 1 over x^2, a quotient of polynomials in x^2 for |x| < 0.625.
_TANH = (
    (-9.64399179425052238628e-1, -9.92877231001918586564e1, -1.61468768441708447952e3),
    (1.0, 1.12811678491632931402e2, 2.23548839060100448583e3, 4.84406305325125486048e3),
)
_EXP = tuple(1 / math.factorial(k) for k in range(13, 1, -1))


def magnitude(t: Text, x: str) -> str:
    return t.intrinsic("llvm.fabs.f64", x)


def _whole(t: Text, n: str) -> str:
    """The bits of a whole number plus ``MAGIC``: the number stands in the lowest of them."""
    return t.bits(t.add(n, double(MAGIC)))


def _power_of_two(t: Text, n: str) -> str:
    """2^n for a whole number between -1022 and 1023."""
    return t.from_bits(_whole_numbers(t, "shl", _whole_numbers(t, "add", _whole(t, n), 1023), 52))


def _whole_numbers(t: Text, op: str, a: str, b: str | int) -> str:
    return t.binary(op, a, str(b), "i64")


def exp(t: Text, x: str) -> str:
    """2^n e^r with r within ln 2 / 2; 2^n in two factors, so that also a subnormal result is rounded once.

    Far out it is 0 without an underflow: that is looked for in programs whose sweeps may lose numbers.
    """
    far = t.compare("olt", x, double(-746.0))
    x = t.select(t.compare("ogt", x, double(710.0)), double(710.0), x)
    x = t.select(far, double(0.0), x)
    n, r = _by_ln2(t, x)
    y = t.add(double(1.0), t.fma(t.mul(r, r), t.polynomial(r, _EXP), r))
    half = t.intrinsic("llvm.rint.f64", t.mul(n, double(0.5)))
    y = t.mul(t.mul(y, _power_of_two(t, half)), _power_of_two(t, t.sub(n, half)))
    return t.select(far, double(0.0), y)


def _by_ln2(t: Text, x: str) -> tuple[str, str]:
    n = t.intrinsic("llvm.rint.f64", t.mul(x, double(1 / math.log(2))))
    minus = t.value(f"fneg double {n}")
    r = t.fma(minus, double(_LN2[0]), x)
    return n, t.fma(minus, double(_LN2[1]), r)


def expm1(t: Text, x: str) -> str:
    """2^n (e^r - 1) + (2^n - 1) where neither loses; e^x - 1 beyond, where the 1 hardly counts."""
    inner = t.select(t.compare("ogt", x, double(40.0)), double(40.0), x)
    inner = t.select(t.compare("olt", inner, double(-60.0)), double(-60.0), inner)
    n, r = _by_ln2(t, inner)
    y = t.fma(t.mul(r, r), t.polynomial(r, _EXP), r)
    scale = _power_of_two(t, n)
    near = t.fma(scale, y, t.sub(scale, double(1.0)))
    near = t.select(t.compare("oeq", n, double(0.0)), y, near)
    zero = t.compare("oeq", x, double(0.0))
    return t.select(zero, x, t.select(t.compare("ogt", x, double(40.0)), exp(t, x), near))


def log(t: Text, x: str) -> str:
    """k ln 2 + log(m) with m between the roots of 1/2 and 2."""
    small = t.compare("olt", x, double(2.0**-1022))
    scaled = t.select(small, t.mul(x, double(2.0**54)), x)
    bits = t.bits(scaled)
    # Whole steps from the root of 1/2 are k; what is left of the bits is m.
    up = _whole_numbers(t, "sub", bits, _ROOT_OF_HALF - (1024 << 52))
    k = _whole_numbers(t, "lshr", up, 52)
    steps = _whole_numbers(t, "shl", _whole_numbers(t, "sub", k, 1024), 52)
    m = t.from_bits(_whole_numbers(t, "sub", bits, steps))
    exponent = t.sub(t.from_bits(_whole_numbers(t, "or", k, _BITS_OF_2_52)), double(2.0**52 + 1024))
    exponent = t.sub(exponent, t.select(small, double(54.0), double(0.0)))
    f = t.sub(m, double(1.0))
    s = t.div(f, t.add(double(2.0), f))
    z = t.mul(s, s)
    rest = t.mul(z, t.polynomial(z, _LOG))
    half = t.mul(double(0.5), t.mul(f, f))
    inner = t.fma(s, t.add(half, rest), t.mul(exponent, double(_LN2[1])))
    y = t.fma(exponent, double(_LN2[0]), t.sub(f, t.sub(half, inner)))
    y = t.select(t.compare("oeq", x, double(math.inf)), x, y)
    y = t.select(t.compare("oeq", x, double(0.0)), double(-math.inf), y)
    return t.select(t.compare("ult", x, double(0.0)), double(math.nan), y)


_ROOT_OF_HALF = 0x3FE6A09E667F3BCD
_BITS_OF_2_52 = 0x4330000000000000


def log1p(t: Text, x: str) -> str:
    """The logarithm of the rounded 1 + x, mended by what the rounding lost."""
    u = t.add(double(1.0), x)
    # What 1 + x lost in rounding, exactly, whichever of the two is the larger.
    back = t.sub(u, double(1.0))
    lost = t.add(t.sub(double(1.0), t.sub(u, back)), t.sub(x, back))
    y = t.add(log(t, u), t.div(lost, u))
    # Where 1 + x is 1 or infinite, x itself and the plain logarithm.
    y = t.select(t.compare("oeq", u, double(1.0)), x, y)
    return t.select(
        t.compare("oeq", x, double(math.inf)),
        x,
        t.select(t.compare("oeq", u, double(0.0)), double(-math.inf), y),
    )


def _sine_and_cosine(t: Text, x: str) -> tuple[str, str, str]:
    """Of the rest of x by pi/2, with the bits of the quarter turns. Far out the flag is raised."""
    t.flag(t.compare("ogt", magnitude(t, x), double(FAR)))
    n = t.intrinsic("llvm.rint.f64", t.mul(x, double(2 / math.pi)))
    minus = t.value(f"fneg double {n}")
    # The first step is exact: it is a multiple of the last bit of pi/2, and not larger than 1.
    r = t.fma(minus, double(_HALF_PI[0]), x)
    r = t.fma(minus, double(_HALF_PI[1]), r)
    r = t.fma(minus, double(_HALF_PI[2]), r)
    z = t.mul(r, r)
    sine = t.fma(t.mul(t.polynomial(z, _SIN), z), r, r)
    half = t.mul(z, double(0.5))
    w = t.sub(double(1.0), half)
    lost = t.sub(t.sub(double(1.0), w), half)
    cosine = t.add(w, t.fma(t.mul(z, z), t.polynomial(z, _COS), lost))
    return sine, cosine, _whole(t, n)


def sin(t: Text, x: str) -> str:
    """By the quarter turn: sine or cosine of the rest, with its sign. -0.0 stays."""
    return t.select(t.compare("oeq", x, double(0.0)), x, _turned(t, x, 0))


def cos(t: Text, x: str) -> str:
    """The sine a quarter turn on."""
    return _turned(t, x, 1)


def _turned(t: Text, x: str, quarters: int) -> str:
    sine, cosine, turns = _sine_and_cosine(t, x)
    if quarters:
        turns = _whole_numbers(t, "add", turns, quarters)
    odd = t.value(f"icmp ne i64 {_whole_numbers(t, 'and', turns, 1)}, 0")
    sign = _whole_numbers(t, "shl", _whole_numbers(t, "and", turns, 2), 62)
    return t.from_bits(_whole_numbers(t, "xor", sign, t.bits(t.select(odd, cosine, sine))))


def tanh(t: Text, x: str) -> str:
    """A quotient of polynomials near 0, 1 - 2/(e^2x + 1) further out."""
    a = magnitude(t, x)
    z = t.mul(a, a)
    near = t.fma(t.mul(a, z), t.div(t.polynomial(z, _TANH[0]), t.polynomial(z, _TANH[1])), a)
    inner = t.select(t.compare("ogt", a, double(20.0)), double(20.0), a)
    far = t.sub(double(1.0), t.div(double(2.0), t.add(exp(t, t.add(inner, inner)), double(1.0))))
    y = t.select(t.compare("olt", a, double(0.625)), near, far)
    return t.intrinsic("llvm.copysign.f64", y, x)
