"""The models of NIST's Statistical Reference Datasets (StRD), nonlinear regression.

Each is the model's sensitivity: its partial derivatives with respect to every parameter, at the certified
values of the parameters, for one value of the predictor. The formulas are ours, from the printed model.
"""

from __future__ import annotations

from typing import Any

from mpmath import atan, cos, exp, log, mpf, pi, sin

from .problem import Problem


def model(name: str, expr: str, certified: str, x: str, *formulas: Any) -> Problem:
    """A model of the predictor x (x1, x2 where there are two) with the parameters b1, b2, ..."""
    parameters = [f"b{i}={value}" for i, value in enumerate(certified.split(), start=1)]
    names = " ".join(p.partition("=")[0] for p in parameters)
    f, d = formulas
    predictors = x if "=" in x else f"x={x}"
    return Problem(name, f"NIST StRD, {name}", expr, ", ".join([*parameters, predictors]), f, d, wrt=names)


def saturation(a: Any, b: Any, x: Any) -> tuple[Any, ...]:
    return 1 - exp(-b * x), a * x * exp(-b * x)


def chwirut(a: Any, b: Any, c: Any, x: Any) -> tuple[Any, ...]:
    f = exp(-a * x) / (b + c * x)
    return -x * f, -f / (b + c * x), -x * f / (b + c * x)


def lanczos(*args: Any) -> tuple[Any, ...]:
    *b, x = args
    return tuple(g for a, k in zip(b[::2], b[1::2], strict=True) for g in (exp(-k * x), -a * x * exp(-k * x)))


def peaks(*args: Any) -> Any:
    b1, b2, b3, b4, b5, b6, b7, b8, x = args
    return b1 * exp(-b2 * x) + b3 * exp(-((x - b4) ** 2) / b5**2) + b6 * exp(-((x - b7) ** 2) / b8**2)


def peaks_gradient(*args: Any) -> tuple[Any, ...]:
    b1, b2, *pairs, x = args
    parts: list[Any] = [exp(-b2 * x), -b1 * x * exp(-b2 * x)]
    for h, c, w in (pairs[:3], pairs[3:]):
        g = exp(-((x - c) ** 2) / w**2)
        parts += [g, 2 * h * g * (x - c) / w**2, 2 * h * g * (x - c) ** 2 / w**3]
    return tuple(parts)


def rational(top: int, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Partials of a polynomial with ``top`` coefficients over 1 + a polynomial with the rest."""
    *b, x = args
    p = sum(c * x**i for i, c in enumerate(b[:top]))
    q = 1 + sum(c * x**i for i, c in enumerate(b[top:], start=1))
    return (*(x**i / q for i in range(top)), *(-p * x**i / q**2 for i in range(1, len(b) - top + 1)))


def cubic(*args: Any) -> Any:
    *b, x = args
    return sum(c * x**i for i, c in enumerate(b[:4])) / (
        1 + sum(c * x**i for i, c in enumerate(b[4:], start=1))
    )


def mgh09(a: Any, b: Any, c: Any, d: Any, x: Any) -> tuple[Any, ...]:
    p, q = x**2 + x * b, x**2 + x * c + d
    return p / q, a * x / q, -a * p * x / q**2, -a * p / q**2


def roszman(a: Any, b: Any, c: Any, d: Any, x: Any) -> tuple[Any, ...]:
    r = (x - d) ** 2 + c**2
    return mpf(1), -x, -(x - d) / (pi * r), -c / (pi * r)


def enso(*args: Any) -> Any:
    b1, b2, b3, b4, b5, b6, b7, b8, b9, x = args
    w, u, v = (2 * pi * x / t for t in (12, b4, b7))
    return b1 + b2 * cos(w) + b3 * sin(w) + b5 * cos(u) + b6 * sin(u) + b8 * cos(v) + b9 * sin(v)


def enso_gradient(*args: Any) -> tuple[Any, ...]:
    _b1, _b2, _b3, b4, b5, b6, b7, b8, b9, x = args
    w, u, v = (2 * pi * x / t for t in (12, b4, b7))
    by_b4 = 2 * pi * x / b4**2 * (b5 * sin(u) - b6 * cos(u))
    by_b7 = 2 * pi * x / b7**2 * (b8 * sin(v) - b9 * cos(v))
    return mpf(1), cos(w), sin(w), by_b4, cos(u), sin(u), by_b7, cos(v), sin(v)


def rat42(a: Any, b: Any, c: Any, x: Any) -> tuple[Any, ...]:
    t = exp(b - c * x)
    return 1 / (1 + t), -a * t / (1 + t) ** 2, a * x * t / (1 + t) ** 2


def rat43(a: Any, b: Any, c: Any, d: Any, x: Any) -> tuple[Any, ...]:
    t = exp(b - c * x)
    f = a * (1 + t) ** (-1 / d)
    return f / a, -f * t / (d * (1 + t)), f * x * t / (d * (1 + t)), f * log(1 + t) / d**2


def eckerle(a: Any, b: Any, c: Any, x: Any) -> tuple[Any, ...]:
    z = (x - c) / b
    f = a / b * exp(-(z**2) / 2)
    return f / a, f * (z**2 - 1) / b, f * z / b


def bennett(a: Any, b: Any, c: Any, x: Any) -> tuple[Any, ...]:
    p = (b + x) ** (-1 / c)
    return p, -a * p / (c * (b + x)), a * p * log(b + x) / c**2


CHWIRUT = "exp(-b1*x)/(b2 + b3*x)"
LANCZOS = "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"
GAUSS = "b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)"
CUBIC = "(b1 + b2*x + b3*x^2 + b4*x^3)/(1 + b5*x + b6*x^2 + b7*x^3)"
ENSO = (
    "b1 + b2*cos(2*pi*x/12) + b3*sin(2*pi*x/12) + b5*cos(2*pi*x/b4) + b6*sin(2*pi*x/b4)"
    " + b8*cos(2*pi*x/b7) + b9*sin(2*pi*x/b7)"
)


def chwirut_value(a: Any, b: Any, c: Any, x: Any) -> Any:
    return exp(-a * x) / (b + c * x)


def lanczos_value(*args: Any) -> Any:
    *b, x = args
    return sum(a * exp(-k * x) for a, k in zip(b[::2], b[1::2], strict=True))


REGRESSION: tuple[Problem, ...] = (
    model("Misra1a", "b1*(1-exp(-b2*x))", "238.94212918 5.5015643181e-4", "77.6",
      lambda a, b, x: a * (1 - exp(-b * x)), saturation),
    model("Chwirut1", CHWIRUT, "0.19027818370 6.1314004477e-3 1.0530908399e-2", "0.5", chwirut_value,
      chwirut),
    model("Chwirut2", CHWIRUT, "0.16657666537 5.1653291286e-3 1.2150007096e-2", "1.75", chwirut_value,
      chwirut),
    model("Lanczos1", LANCZOS,
      "9.5100000027e-2 1.0000000001 0.86070000013 3.0000000002 1.5575999998 5.0000000001", "0.05",
      lanczos_value, lanczos),
    model("Lanczos2", LANCZOS,
      "9.6251029939e-2 1.0057332849 0.86424689056 3.0078283915 1.5529016879 5.0028798100", "0.5",
      lanczos_value, lanczos),
    model("Lanczos3", LANCZOS,
      "8.6816414977e-2 0.95498101505 0.84400777463 2.9515951832 1.5825685901 4.9863565084", "1.15",
      lanczos_value, lanczos),
    model("Gauss1", GAUSS,
      "98.778210871 1.0497276517e-2 100.48990633 67.481111276 23.129773360 71.994503004"
        " 178.99805021 18.389389025", "60", peaks, peaks_gradient),
    model("Gauss2", GAUSS,
      "99.018328406 1.0994945399e-2 101.88022528 107.03095519 23.578584029 72.045589471"
        " 153.27010194 19.525972636", "130", peaks, peaks_gradient),
    model("Gauss3", GAUSS,
      "98.940368970 1.0945879335e-2 100.69553078 111.63619459 23.300500029 73.705031418"
        " 147.76164251 19.668221230", "250", peaks, peaks_gradient),
    model("DanWood", "b1*x^b2", "0.76886226176 3.8604055871", "1.309", lambda a, b, x: a * x**b,
      lambda a, b, x: (x**b, a * x**b * log(x))),
    model("Misra1b", "b1*(1-(1+b2*x/2)^(-2))", "337.99746163 3.9039091287e-4", "114.9",
      lambda a, b, x: a * (1 - (1 + b * x / 2) ** -2),
      lambda a, b, x: (1 - (1 + b * x / 2) ** -2, a * x * (1 + b * x / 2) ** -3)),
    model("Misra1c", "b1*(1-(1+2*b2*x)^(-.5))", "636.42725809 2.0813627256e-4", "239.9",
      lambda a, b, x: a * (1 - (1 + 2 * b * x) ** -0.5),
      lambda a, b, x: (1 - (1 + 2 * b * x) ** -0.5, a * x * (1 + 2 * b * x) ** -1.5)),
    model("Misra1d", "b1*b2*x*((1+b2*x)^(-1))", "437.36970754 3.0227324449e-4", "760",
      lambda a, b, x: a * b * x / (1 + b * x),
      lambda a, b, x: (b * x / (1 + b * x), a * x / (1 + b * x) ** 2)),
    model("Kirby2", "(b1 + b2*x + b3*x^2)/(1 + b4*x + b5*x^2)",
      "1.6745063063 -0.13927397867 2.5961181191e-3 -1.7241811870e-3 2.1664802578e-5", "9.65",
      lambda a, b, c, d, e, x: (a + b * x + c * x**2) / (1 + d * x + e * x**2), lambda *v: rational(3, v)),
    model("Hahn1", CUBIC,
      "1.0776351733 -0.12269296921 4.0863750610e-3 -1.4262662514e-6 -5.7609940901e-3"
        " 2.4053735503e-4 -1.2314450199e-7", "24.41", cubic, lambda *v: rational(4, v)),
    model("Nelson", "b1 - b2*x1*exp(-b3*x2)", "2.5906836021 5.6177717026e-9 -5.7701013174e-2",
      "x1=1, x2=180", lambda a, b, c, x, y: a - b * x * exp(-c * y),
      lambda a, b, c, x, y: (mpf(1), -x * exp(-c * y), b * x * y * exp(-c * y))),
    model("MGH09", "b1*(x^2+x*b2)/(x^2+x*b3+b4)", "0.19280693458 0.19128232873 0.12305650693 0.13606233068",
      "0.25", lambda a, b, c, d, x: a * (x**2 + x * b) / (x**2 + x * c + d), mgh09),
    model("MGH10", "b1*exp(b2/(x+b3))", "5.6096364710e-3 6181.3463463 345.22363462", "50",
      lambda a, b, c, x: a * exp(b / (x + c)),
      lambda a, b, c, x: (exp(b / (x + c)), a * exp(b / (x + c)) / (x + c), -a * b * exp(b / (x + c)) / (x
        + c) ** 2)),
    model("MGH17", "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
      "0.37541005211 1.9358469127 -1.4646871366 1.2867534640e-2 2.2122699662e-2", "110",
      lambda a, b, c, d, e, x: a + b * exp(-x * d) + c * exp(-x * e),
      lambda a, b, c, d, e, x: (mpf(1), exp(-x * d), exp(-x * e), -b * x * exp(-x * d), -c * x * exp(-x
        * e))),
    model("Thurber", CUBIC,
      "1288.1396800 1491.0792535 583.23836877 75.416644291 0.96629502864 0.39797285797 4.9727297349e-2",
      "-3.067", cubic, lambda *v: rational(4, v)),
    model("Rat42", "b1/(1+exp(b2-b3*x))", "72.462237576 2.6180768402 6.7359200066e-2", "42",
      lambda a, b, c, x: a / (1 + exp(b - c * x)), rat42),
    model("Rat43", "b1/((1+exp(b2-b3*x))^(1/b4))", "699.64151270 5.2771253025 0.75962938329 1.2792483859",
      "5", lambda a, b, c, d, x: a / (1 + exp(b - c * x)) ** (1 / d), rat43),
    model("Eckerle4", "(b1/b2)*exp(-0.5*((x-b3)/b2)^2)", "1.5543827178 4.0888321754 451.54121844", "450",
      lambda a, b, c, x: a / b * exp(-0.5 * ((x - c) / b) ** 2), eckerle),
    model("Roszman1", "b1 - b2*x - arctan(b3/(x-b4))/pi",
      "0.20196866396 -6.1953516256e-6 1204.4556708 -181.34269537", "-4868.68",
      lambda a, b, c, d, x: a - b * x - atan(c / (x - d)) / pi, roszman),
    model("ENSO", ENSO,
      "10.510749193 3.0762128085 0.53280138227 44.311088700 -1.6231428586 0.52554493756"
        " 26.887614440 0.21232288488 1.4966870418", "7", enso, enso_gradient),
    model("Bennett5", "b1*(b2+x)^(-1/b3)", "-2523.5058043 46.736564644 0.93218483193", "7.447168",
      lambda a, b, c, x: a * (b + x) ** (-1 / c), bennett),
    model("BoxBOD", "b1*(1-exp(-b2*x))", "213.80940889 0.54723748542", "3",
      lambda a, b, x: a * (1 - exp(-b * x)), saturation),
)  # fmt: skip
