"""Known values and symmetries of functions that the tidying uses: facts of mathematics, each holding for every real argument.

(DLMF 4.14 to 4.31 for the elementary functions, 10.4.1 and 10.27.1, 10.27.3 for Bessel functions of whole order.)
"""

from __future__ import annotations

#: f(-x) = -f(x)
ODD = frozenset(
    {
        "sin",
        "tan",
        "cot",
        "csc",
        "asin",
        "atan",
        "acot",
        "sinh",
        "tanh",
        "csch",
        "coth",
        "asinh",
        "atanh",
        "sind",
        "tand",
    }
    | {"erf", "erfi", "Si", "dawson", "sign", "cbrt", "deg2rad", "rad2deg"}
)
#: f(-x) = f(x)
EVEN = frozenset(["cos", "sec", "cosh", "sech", "abs", "sinc", "cosd"])
#: f(0) = 0 and f(0) = 1
ZERO_AT_ZERO = (ODD - frozenset({"cot", "csc", "csch", "coth", "acot"})) | {
    "log1p",
    "expm1",
    "abs",
    "floor",
    "relu",
}
ONE_AT_ZERO = frozenset(["cos", "sec", "cosh", "sech", "sinc", "exp", "exp2"])
#: f(-n, x) = s^n f(n, x) for a whole order n: the s of each.
REFLECTED = {"besselj": -1, "bessely": -1, "besseli": 1, "besselk": 1}
#: f(g(x)) = x wherever g has a value: the f of each g.
UNDONE = {
    "asin": "sin", "acos": "cos", "atan": "tan", "asec": "sec", "acsc": "csc", "acot": "cot", "asind": "sind", "acosd": "cosd",
    "atand": "tand", "asinh": "sinh", "acosh": "cosh", "atanh": "tanh", "asech": "sech", "acsch": "csch", "acoth": "coth",
    "erfinv": "erf", "erfcinv": "erfc", "logit": "sigmoid", "log2": "exp2", "expm1": "log1p", "log1p": "expm1",
}  # fmt: skip
#: Squares that are each other's up to 1: ``(f, g, s)`` says f^2 = 1 + s*g^2 … with the constant and the factor of g^2.
SQUARES = (
    ("sin", "cos", 1, -1),
    ("cos", "sin", 1, -1),
    ("tan", "sec", -1, 1),
    ("sec", "tan", 1, 1),
    ("cot", "csc", -1, 1),
    ("csc", "cot", 1, 1),
    ("sinh", "cosh", -1, 1),
    ("cosh", "sinh", 1, 1),
    ("tanh", "sech", 1, -1),
    ("sech", "tanh", 1, -1),
)
