"""Problems in differentiation, drawn by topic and level. A topic is a rule; what it is made of comes from the table of operations.

Level 1 has small numbers and the functions that come first, level 5 what a good student finds hard. The same random numbers
give the same problem.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

#: Functions of one variable by the level from which they are asked for; all are rows of the table.
_FUNCTIONS: tuple[tuple[str, ...], ...] = (
    ("sin", "cos", "exp"),
    ("ln", "tan", "sqrt"),
    ("atan", "sec", "sinh"),
    ("asin", "cosh", "cot", "csc"),
    ("tanh", "acos", "asinh", "cbrt"),
)
_INVERSE = ("atan", "asin", "acos", "asinh", "atan")
_TRIGONOMETRIC = ("sin", "cos", "tan", "sec", "csc", "cot")
#: An outer and an inner function that do not undo one another.
_PAIRS = tuple(
    (outer, inner)
    for outer in ("sin", "cos", "exp", "ln", "sqrt", "atan", "tanh")
    for inner in ("sin", "cos", "tan", "exp", "cosh", "sqrt")
    if {outer, inner} not in ({"exp", "ln"}, {"sqrt"}, {"exp"}, {"atan", "tan"})
)
LEVELS = range(1, 6)

Draw = Callable[[Random, int], str]


@dataclass(frozen=True, slots=True)
class Topic:
    """A kind of problem: its name, what it is about, what every derivation of one has, and how one is drawn.

    ``needs`` are titles of rules, or beginnings of them, of which one must be among the steps.
    """

    name: str
    about: str
    needs: tuple[str, ...]
    draw: Draw


def _number(random: Random, most: int, least: int = 1) -> int:
    return random.randint(least, most)


def _times(number: int, factor: str) -> str:
    return factor if number == 1 else f"{number}*{factor}"


def _power(n: int) -> str:
    return "x" if n == 1 else f"x^{n}"


def _polynomial(random: Random, terms: int, highest: int) -> str:
    """``3*x^2 - 5*x + 1``: so many terms, the first of them not constant."""
    powers = sorted(random.sample(range(highest + 1), min(terms, highest + 1)), reverse=True)
    if powers[0] == 0:
        powers[0] = 1
    text = ""
    for k, n in enumerate(powers):
        number = _number(random, 7)
        term = str(number) if n == 0 else _times(number, _power(n))
        text += term if k == 0 else random.choice((" + ", " - ")) + term
    return text


def _linear(random: Random) -> str:
    return f"{_times(_number(random, 5, 2), 'x')} {random.choice('+-')} {_number(random, 9)}"


def _named(random: Random, level: int) -> str:
    """A function that this level knows, the newest twice as often."""
    known = [name for names in _FUNCTIONS[:level] for name in names]
    return random.choice([*known, *_FUNCTIONS[level - 1]])


def _applied(random: Random, level: int) -> str:
    return f"{_named(random, level)}(x)"


def _simple(random: Random, level: int) -> str:
    """A factor: a power, a sum, or a function of x."""
    kind = random.randrange(3)
    if kind == 0:
        return _power(_number(random, 3 + level, 1))
    if kind == 1 and level > 1:
        return f"({_polynomial(random, 2, 2)})"
    return _applied(random, level)


def _inner(random: Random, level: int) -> str:
    """What stands inside: linear, a polynomial, or a function."""
    if level <= 2:
        return _linear(random)
    return _polynomial(random, 2, 3) if random.random() < 0.6 else _applied(random, level - 1)


def power(random: Random, level: int) -> str:
    """Powers, sums of powers, then roots and powers below the line."""
    if level == 1:
        return _times(_number(random, 9), _power(_number(random, 9, 2)))
    if level == 2:
        return _polynomial(random, 3, 4)
    terms = [
        f"{_number(random, 9)}/x^{_number(random, 4, 2)}",
        _times(_number(random, 6), "sqrt(x)"),
        f"{_number(random, 7, 2)}*x^({random.choice(('3/2', '2/3', '5/3', '5/2', '1/4'))})",
        _times(_number(random, 9), _power(_number(random, 6))),
        f"{_number(random, 5)}/{_number(random, 9, 6)}*x^{_number(random, 9, 7)}",
    ]
    random.shuffle(terms)
    return terms[0] + "".join(random.choice((" + ", " - ")) + term for term in terms[1:level])


def product(random: Random, level: int) -> str:
    """A power or a sum times a function; from level 4 a third factor, or an inner function."""
    first, second = _power(_number(random, 2 + level)), _applied(random, level)
    if level >= 3:
        first = _simple(random, level)
    if level == 4:
        second = f"{_named(random, 3)}({_linear(random)})"
    if level == 5:
        second = f"{_applied(random, 3)}*{_named(random, 2)}({_linear(random)})"
    return f"{first}*{second}"


def quotient(random: Random, level: int) -> str:
    """Linear over linear, then a function above or below."""
    if level == 1:
        return f"({_linear(random)})/({_linear(random)})"
    above = _simple(random, level) if level > 2 else random.choice((_applied(random, 2), "x^2", "x"))
    below = (
        f"({_polynomial(random, 2, 2)})" if level < 5 else f"({_number(random, 4)} + {_applied(random, 2)})"
    )
    return f"{above}/{below}"


def chain(random: Random, level: int) -> str:
    """A power of a sum, a function of a sum, then functions of functions."""
    if level == 1:
        return f"({_linear(random)})^{_number(random, 7, 2)}"
    if level == 2:
        return f"{_named(random, 2)}({_linear(random)})"
    if level == 3:
        return f"{_named(random, 3)}({_polynomial(random, 2, 3)})"
    outer, middle = random.choice(_PAIRS)
    inner = _inner(random, level)
    return f"{outer}({middle}({inner}))" if level == 4 else f"{outer}({middle}({inner}))^3"


def exponential(random: Random, level: int) -> str:
    """Powers whose exponent varies."""
    base = str(_number(random, 9, 2))
    if level == 1:
        return f"{base}^x"
    if level == 2:
        return f"{base}^({_linear(random)})"
    if level == 3:
        return f"{base}^({_polynomial(random, 2, 2)})"
    if level == 4:
        return f"{base}^{_named(random, 2)}(x)"
    return f"{_power(_number(random, 3))}*{base}^({_polynomial(random, 2, 2)})"


def logarithm(random: Random, level: int) -> str:
    """Logarithms of sums and functions, with products around them."""
    inner = f"ln({_linear(random)})" if level < 3 else f"ln({_polynomial(random, 2, 2)})"
    if level == 1:
        return f"{_times(_number(random, 9), 'ln(x)')} + {_power(_number(random, 4))}"
    if level == 4:
        return f"{_power(_number(random, 3))}*{inner}"
    return inner if level < 4 else f"ln(x + {_named(random, 2)}({_linear(random)}))"


def trigonometric(random: Random, level: int) -> str:
    """The six functions: alone, of a sum, as powers and products."""
    names = _TRIGONOMETRIC[: 2 + level]
    first, second = random.choice(names), random.choice(names)
    if level == 1:
        return f"{_times(_number(random, 6), first + '(x)')} + {_times(_number(random, 6), _power(_number(random, 4)))}"
    if level == 2:
        return f"{first}({_linear(random)})"
    if level == 3:
        return f"{first}(x)^{_number(random, 4, 2)}"
    if level == 4:
        return f"{first}({_linear(random)})*{second}(x)"
    return f"{first}({_linear(random)})^{_number(random, 4, 2)}/{_power(_number(random, 3))}"


def inverse(random: Random, level: int) -> str:
    """Inverse functions."""
    name = random.choice(_INVERSE[: 1 + level])
    if level == 1:
        return f"{_times(_number(random, 5), 'atan(x)')} + {_power(_number(random, 4))}"
    if level == 2:
        return f"{name}(x/{_number(random, 6, 2)})"
    if level == 3:
        return f"{_power(_number(random, 3))}*{name}(x)"
    if level == 4:
        return f"{name}({_power(2)}/{_number(random, 9, 2)})"
    return f"{name}({random.choice(('sqrt(x)', 'exp(-x)', '1/x^2'))})*{_power(_number(random, 3))}"


def logarithmic(random: Random, level: int) -> str:
    """Powers whose base and exponent vary."""
    if level == 1:
        return _times(_number(random, 5), "x^x")
    if level == 2:
        return f"x^({_times(_number(random, 5, 2), 'x')})"
    if level == 3:
        return f"x^{_named(random, 2)}(x)"
    if level == 4:
        return f"({_power(2)} + {_number(random, 9)})^{_named(random, 1)}(x)"
    return f"{random.choice(('sin', 'cos', 'ln'))}(x)^({_power(_number(random, 2))})*{_power(_number(random, 2))}"


TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic("power", "powers and sums of powers", ("power rule",), power),
        Topic("product", "products", ("product rule",), product),
        Topic("quotient", "quotients", ("quotient rule",), quotient),
        Topic("chain", "functions of functions", ("chain rule", "power rule, chain rule"), chain),
        Topic("exponential", "a number to a power that varies", ("exponential with",), exponential),
        Topic("logarithm", "logarithms", ("derivative of ln", "chain rule"), logarithm),
        Topic("trigonometric", "sine, cosine and their kin", ("derivative of", "chain rule"), trigonometric),
        Topic(
            "inverse", "arctangent and other inverse functions", ("derivative of a", "chain rule"), inverse
        ),
        Topic("logarithmic", "base and exponent vary", ("logarithmic differentiation",), logarithmic),
    )
}
