"""Test functions of optimisation, with gradients at their published minima and starting points.

MGH is Moré, Garbow, Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981), by problem
number; JY is Jamil and Yang, "A literature survey of benchmark functions for global optimisation problems"
(2013), by name; SB is Surjanovic and Bingham, Virtual Library of Simulation Experiments. A
minimum that the source prints in a few digits is taken as printed: the gradient there is small, not zero. The
gradients are written out by hand.
"""

from __future__ import annotations

from typing import Any

from mpmath import atan, cos, exp, log, mpf, pi, sin, sqrt

from .problem import Problem


def at_points(name: str, origin: str, expr: str, points: dict[str, str], *formulas: Any) -> list[Problem]:
    """The same function at several published points, each with a word for it."""
    return [Problem(f"{name}, {where}", origin, expr, at, *formulas) for where, at in points.items()]


def ackley(x: Any, y: Any) -> Any:
    r = sqrt(0.5 * (x**2 + y**2))
    return -20 * exp(-0.2 * r) - exp(0.5 * (cos(2 * pi * x) + cos(2 * pi * y))) + exp(1) + 20


def ackley_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    r = sqrt(0.5 * (x**2 + y**2))
    e = exp(0.5 * (cos(2 * pi * x) + cos(2 * pi * y)))
    return tuple(0.5 * t / r * 0.2 * 20 * exp(-0.2 * r) + pi * sin(2 * pi * t) * e for t in (x, y))


def beale_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    terms = [(c - x + x * y**k, k) for k, c in ((1, mpf(1.5)), (2, mpf(2.25)), (3, mpf(2.625)))]
    return (
        sum(2 * t * (y**k - 1) for t, k in terms),
        sum(2 * t * k * x * y ** (k - 1) for t, k in terms),
    )


def goldstein_price(x: Any, y: Any) -> Any:
    a = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    b = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    return a * b


def goldstein_price_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    s, p = x + y + 1, 19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2
    t, q = 2 * x - 3 * y, 18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2
    a, b = 1 + s**2 * p, 30 + t**2 * q
    a_x = a_y = 2 * s * p + s**2 * (-14 + 6 * x + 6 * y)
    b_x = 4 * t * q + t**2 * (-32 + 24 * x - 36 * y)
    b_y = -6 * t * q + t**2 * (48 - 36 * x + 54 * y)
    return a_x * b + a * b_x, a_y * b + a * b_y


def levy(x: Any, y: Any) -> Any:
    u, v = 1 + (x - 1) / 4, 1 + (y - 1) / 4
    return (
        sin(pi * u) ** 2
        + (u - 1) ** 2 * (1 + 10 * sin(pi * u + 1) ** 2)
        + (v - 1) ** 2 * (1 + sin(2 * pi * v) ** 2)
    )


def levy_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    u, v = 1 + (x - 1) / 4, 1 + (y - 1) / 4
    by_u = (
        pi * sin(2 * pi * u)
        + 2 * (u - 1) * (1 + 10 * sin(pi * u + 1) ** 2)
        + (u - 1) ** 2 * 10 * pi * sin(2 * (pi * u + 1))
    )
    by_v = 2 * (v - 1) * (1 + sin(2 * pi * v) ** 2) + (v - 1) ** 2 * 2 * pi * sin(4 * pi * v)
    return by_u / 4, by_v / 4


def schaffer2_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    s, q = sin(x**2 - y**2) ** 2 - 0.5, 1 + 0.001 * (x**2 + y**2)
    slope = 2 * sin(2 * (x**2 - y**2)) / q**2
    return x * slope - 4 * 0.001 * x * s / q**3, -y * slope - 4 * 0.001 * y * s / q**3


def branin(x: Any, y: Any) -> Any:
    return (y - 5.1 / (4 * pi**2) * x**2 + 5 / pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * pi)) * cos(x) + 10


def branin_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    t = y - 5.1 / (4 * pi**2) * x**2 + 5 / pi * x - 6
    return 2 * t * (5 / pi - 5.1 / (2 * pi**2) * x) - 10 * (1 - 1 / (8 * pi)) * sin(x), 2 * t


def bukin_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    t = y - 0.01 * x**2
    s = t / abs(t)
    root = 50 * s / sqrt(abs(t))
    return -0.02 * x * root + 0.01 * (x + 10) / abs(x + 10), root


def easom_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    e = exp(-((x - pi) ** 2) - (y - pi) ** 2)
    return (
        e * cos(y) * (sin(x) + 2 * (x - pi) * cos(x)),
        e * cos(x) * (sin(y) + 2 * (y - pi) * cos(y)),
    )


def michalewicz_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    def part(t: Any, i: int) -> Any:
        s = sin(i * t**2 / pi)
        return -cos(t) * s**20 - 40 * i * t / pi * sin(t) * s**19 * cos(i * t**2 / pi)

    return part(x, 1), part(y, 2)


def powell_gradient(a: Any, b: Any, c: Any, d: Any) -> tuple[Any, ...]:
    return (
        2 * (a + 10 * b) + 40 * (a - d) ** 3,
        20 * (a + 10 * b) + 4 * (b - 2 * c) ** 3,
        10 * (c - d) - 8 * (b - 2 * c) ** 3,
        -10 * (c - d) - 40 * (a - d) ** 3,
    )


def wood(a: Any, b: Any, c: Any, d: Any) -> Any:
    return (
        100 * (b - a**2) ** 2
        + (1 - a) ** 2
        + 90 * (d - c**2) ** 2
        + (1 - c) ** 2
        + 10 * (b + d - 2) ** 2
        + (b - d) ** 2 / 10
    )


def wood_gradient(a: Any, b: Any, c: Any, d: Any) -> tuple[Any, ...]:
    return (
        -400 * a * (b - a**2) - 2 * (1 - a),
        200 * (b - a**2) + 20 * (b + d - 2) + (b - d) / 5,
        -360 * c * (d - c**2) - 2 * (1 - c),
        180 * (d - c**2) + 20 * (b + d - 2) - (b - d) / 5,
    )


def helical(x: Any, y: Any, z: Any) -> Any:
    turn = atan(y / x) / (2 * pi) + (mpf(1) / 2 if x < 0 else 0)
    return 100 * ((z - 10 * turn) ** 2 + (sqrt(x**2 + y**2) - 1) ** 2) + z**2


def helical_gradient(x: Any, y: Any, z: Any) -> tuple[Any, ...]:
    s, r = x**2 + y**2, sqrt(x**2 + y**2)
    t = z - 10 * (atan(y / x) / (2 * pi) + (mpf(1) / 2 if x < 0 else 0))
    return (
        200 * (t * 5 * y / (pi * s) + (r - 1) * x / r),
        200 * (-t * 5 * x / (pi * s) + (r - 1) * y / r),
        200 * t + 2 * z,
    )


def freudenstein_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    a, b = -13 + x + ((5 - y) * y - 2) * y, -29 + x + ((y + 1) * y - 14) * y
    return 2 * a + 2 * b, 2 * a * (10 * y - 3 * y**2 - 2) + 2 * b * (3 * y**2 + 2 * y - 14)


def mccormick_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    return cos(x + y) + 2 * (x - y) - 1.5, cos(x + y) - 2 * (x - y) + 2.5


def griewank_gradient(x: Any, y: Any) -> tuple[Any, ...]:
    r = sqrt(mpf(2))
    return x / 2000 + sin(x) * cos(y / r), y / 2000 + cos(x) * sin(y / r) / r


def shubert_parts(t: Any) -> tuple[Any, Any]:
    return (
        sum(i * cos((i + 1) * t + i) for i in range(1, 4)),
        sum(-i * (i + 1) * sin((i + 1) * t + i) for i in range(1, 4)),
    )


def box3(x: Any, y: Any, z: Any) -> tuple[Any, Any]:
    """Box's three-dimensional function with m = 3, and its gradient."""
    f, g = mpf(0), [mpf(0)] * 3
    for i in (1, 2, 3):
        t = mpf(i) / 10
        weight = exp(-t) - exp(-10 * t)
        r = exp(-t * x) - exp(-t * y) - z * weight
        f += r**2
        g = [g[0] - 2 * r * t * exp(-t * x), g[1] + 2 * r * t * exp(-t * y), g[2] - 2 * r * weight]
    return f, tuple(g)


def gulf(x: Any, y: Any, z: Any) -> tuple[Any, Any]:
    """One term (t = 1/2) of the Gulf research function, and its gradient."""
    base = 25 + (-50 * log(mpf(1) / 2)) ** (mpf(2) / 3) - y
    p = base**z / x
    r = exp(-p) - mpf(1) / 2
    slope = -2 * r * exp(-p)
    return r**2, (-slope * p / x, -slope * z * p / base, slope * p * log(base))


TWO_VARIABLES = (
    *at_points("Rosenbrock", "MGH 1", "100*(y - x^2)^2 + (1 - x)^2",
      {"minimum": "x=1, y=1", "start": "x=-1.2, y=1", "origin": "x=0, y=0"},
      lambda x, y: 100 * (y - x**2) ** 2 + (1 - x) ** 2,
      lambda x, y: (-400 * x * (y - x**2) - 2 * (1 - x), 200 * (y - x**2)),
      "-400x (y-x^2) - 2(1-x); 200 (y-x^2)"),
    *at_points("Freudenstein-Roth", "MGH 2", "(-13 + x + ((5-y)y-2)y)^2 + (-29 + x + ((y+1)y-14)y)^2",
      {"minimum": "x=5, y=4", "start": "x=0.5, y=-2", "local minimum": "x=11.41, y=-0.8968"},
      lambda x, y: (-13 + x + ((5 - y) * y - 2) * y) ** 2 + (-29 + x + ((y + 1) * y - 14) * y) ** 2,
      freudenstein_gradient),
    *at_points("Powell badly scaled", "MGH 3", "(10^4*x*y - 1)^2 + (exp(-x) + exp(-y) - 1.0001)^2",
      {"start": "x=0, y=1", "minimum": "x=1.098e-5, y=9.106"},
      lambda x, y: (10**4 * x * y - 1) ** 2 + (exp(-x) + exp(-y) - 1.0001) ** 2,
      lambda x, y: tuple(2e4 * b * (10**4 * x * y - 1) - 2 * exp(-a) * (exp(-x) + exp(-y) - 1.0001)
        for a, b in ((x, y), (y, x)))),
    *at_points("Brown badly scaled", "MGH 4", "(x - 10^6)^2 + (y - 2*10^(-6))^2 + (x*y - 2)^2",
      {"start": "x=1, y=1", "minimum": "x=1e6, y=2e-6"},
      lambda x, y: (x - 10**6) ** 2 + (y - mpf(2) / 10**6) ** 2 + (x * y - 2) ** 2,
      lambda x, y: (2 * (x - 10**6) + 2 * y * (x * y - 2), 2 * (y - mpf(2) / 10**6) + 2 * x * (x * y - 2)),
      "2(x-10^6) + 2y(xy-2); 2(y-2e-6) + 2x(xy-2)"),
    *at_points("Beale", "MGH 5", "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
      {"minimum": "x=3, y=1/2", "start": "x=1, y=1", "saddle": "x=0, y=1"},
      lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
      beale_gradient),
    *at_points("Jennrich-Sampson, first two terms", "MGH 6",
      "(4 - (exp(x) + exp(y)))^2 + (6 - (exp(2x) + exp(2y)))^2",
      {"start": "x=0.3, y=0.4", "minimum for m = 10": "x=0.2578, y=0.2578"},
      lambda x, y: (4 - exp(x) - exp(y)) ** 2 + (6 - exp(2 * x) - exp(2 * y)) ** 2,
      lambda x, y: tuple(-2 * exp(t) * (4 - exp(x) - exp(y)) - 4 * exp(2 * t) * (6 - exp(2 * x) - exp(2
        * y)) for t in (x, y))),
    *at_points("Himmelblau", "JY, Himmelblau", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
      {"minimum": "x=3, y=2", "second minimum": "x=-2.805118, y=3.131312", "third minimum":
        "x=-3.779310, y=-3.283186", "fourth minimum": "x=3.584428, y=-1.848126", "local maximum":
        "x=-0.270845, y=-0.923039"}, lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
      lambda x, y: (4 * x * (x**2 + y - 11) + 2 * (x + y**2 - 7), 2 * (x**2 + y - 11) + 4 * y * (x + y**2
        - 7)), "4x(x^2+y-11) + 2(x+y^2-7); 2(x^2+y-11) + 4y(x+y^2-7)"),
    *at_points("Ackley", "SB, Ackley",
      "-20 exp(-0.2 sqrt(0.5 (x^2 + y^2))) - exp(0.5 (cos(2pi x) + cos(2pi y))) + e + 20",
      {"off the minimum": "x=0.3, y=-0.7", "far": "x=-15, y=20.5"}, ackley, ackley_gradient),
    *at_points("Griewank", "SB, Griewank", "(x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2)) + 1",
      {"minimum": "x=0, y=0", "far": "x=-300, y=450", "local minimum": "x=3.1400, y=4.4384"},
      lambda x, y: (x**2 + y**2) / 4000 - cos(x) * cos(y / sqrt(mpf(2))) + 1, griewank_gradient,
      "x/2000 + sin x cos(y/sqrt 2); y/2000 + cos x sin(y/sqrt 2)/sqrt 2"),
    *at_points("Rastrigin", "SB, Rastrigin", "20 + x^2 - 10cos(2pi*x) + y^2 - 10cos(2pi*y)",
      {"minimum": "x=0, y=0", "point": "x=1.5, y=-2.2", "local minimum": "x=0.9949586, y=0"},
      lambda x, y: 20 + x**2 - 10 * cos(2 * pi * x) + y**2 - 10 * cos(2 * pi * y),
      lambda x, y: tuple(2 * t + 20 * pi * sin(2 * pi * t) for t in (x, y)), "2x + 20 pi sin(2 pi x)"),
    *at_points("Booth", "SB, Booth", "(x + 2y - 7)^2 + (2x + y - 5)^2",
      {"minimum": "x=1, y=3", "origin": "x=0, y=0"},
      lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2,
      lambda x, y: (10 * x + 8 * y - 34, 8 * x + 10 * y - 38), "10x + 8y - 34; 8x + 10y - 38"),
    *at_points("Goldstein-Price", "SB, Goldstein-Price",
      "(1 + (x+y+1)^2*(19 - 14x + 3x^2 - 14y + 6x*y + 3y^2))"
        " * (30 + (2x-3y)^2*(18 - 32x + 12x^2 + 48y - 36x*y + 27y^2))",
      {"minimum": "x=0, y=-1", "local minimum": "x=-0.6, y=-0.4", "point": "x=0.5, y=0.25"}, goldstein_price,
      goldstein_price_gradient),
    *at_points("Matyas", "SB, Matyas", "0.26(x^2 + y^2) - 0.48x*y",
      {"minimum": "x=0, y=0", "point": "x=3, y=-7"}, lambda x, y: 0.26 * (x**2 + y**2) - 0.48 * x * y,
      lambda x, y: (2 * 0.26 * x - 0.48 * y, 2 * 0.26 * y - 0.48 * x), "0.52x - 0.48y; 0.52y - 0.48x"),
    *at_points("three-hump camel", "SB, three-hump camel", "2x^2 - 1.05x^4 + x^6/6 + x*y + y^2",
      {"minimum": "x=0, y=0", "local minimum": "x=1.7476, y=-0.8738", "point": "x=-2, y=1"},
      lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2,
      lambda x, y: (4 * x - 4 * 1.05 * x**3 + x**5 + y, x + 2 * y), "4x - 4.2x^3 + x^5 + y; x + 2y"),
    *at_points("six-hump camel", "SB, six-hump camel", "(4 - 2.1x^2 + x^4/3)*x^2 + x*y + (-4 + 4y^2)*y^2",
      {"minimum": "x=0.0898, y=-0.7126", "second minimum": "x=-0.0898, y=0.7126", "point": "x=1.5, y=-1"},
      lambda x, y: (4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + (-4 + 4 * y**2) * y**2,
      lambda x, y: (8 * x - 4 * 2.1 * x**3 + 2 * x**5 + y, x - 8 * y + 16 * y**3),
      "8x - 8.4x^3 + 2x^5 + y; x - 8y + 16y^3"),
    *at_points("Easom", "SB, Easom", "-cos(x)*cos(y)*exp(-(x-pi)^2 - (y-pi)^2)",
      {"minimum": "x=pi, y=pi", "point": "x=2, y=4.5"},
      lambda x, y: -cos(x) * cos(y) * exp(-((x - pi) ** 2) - (y - pi) ** 2), easom_gradient),
    *at_points("McCormick", "SB, McCormick", "sin(x + y) + (x - y)^2 - 1.5x + 2.5y + 1",
      {"minimum": "x=-0.54719, y=-1.54719", "point": "x=2, y=1"},
      lambda x, y: sin(x + y) + (x - y) ** 2 - 1.5 * x + 2.5 * y + 1, mccormick_gradient,
      "cos(x+y) + 2(x-y) - 1.5; cos(x+y) - 2(x-y) + 2.5"),
    *at_points("Styblinski-Tang", "SB, Styblinski-Tang", "(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y)/2",
      {"minimum": "x=-2.903534, y=-2.903534", "origin": "x=0, y=0"},
      lambda x, y: (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
      lambda x, y: tuple((4 * t**3 - 32 * t + 5) / 2 for t in (x, y)), "(4x^3 - 32x + 5)/2"),
    *at_points("Levy", "SB, Levy",
      "sin(pi*(1+(x-1)/4))^2 + ((x-1)/4)^2*(1 + 10 sin(pi*(1+(x-1)/4) + 1)^2)"
        " + ((y-1)/4)^2*(1 + sin(2pi*(1+(y-1)/4))^2)", {"minimum": "x=1, y=1", "point": "x=-4.5, y=7"}, levy,
      levy_gradient),
    *at_points("Schaffer 2", "SB, Schaffer N. 2", "0.5 + (sin(x^2 - y^2)^2 - 0.5)/(1 + 0.001(x^2 + y^2))^2",
      {"minimum": "x=0, y=0", "point": "x=1.5, y=-0.75"},
      lambda x, y: 0.5 + (sin(x**2 - y**2) ** 2 - 0.5) / (1 + 0.001 * (x**2 + y**2)) ** 2,
      schaffer2_gradient),
    *at_points("Branin", "SB, Branin", "(y - 5.1/(4pi^2)*x^2 + 5/pi*x - 6)^2 + 10(1 - 1/(8pi))cos(x) + 10",
      {"minimum": "x=pi, y=2.275", "second minimum": "x=-pi, y=12.275", "third minimum":
        "x=9.42478, y=2.475", "origin": "x=0, y=0"}, branin, branin_gradient),
    *at_points("Bukin 6", "SB, Bukin N. 6", "100*sqrt(abs(y - 0.01x^2)) + 0.01*abs(x + 10)",
      {"off the ridge": "x=-12, y=2", "below the ridge": "x=-8, y=-1"},
      lambda x, y: 100 * sqrt(abs(y - 0.01 * x**2)) + 0.01 * abs(x + 10), bukin_gradient),
    *at_points("Michalewicz", "SB, Michalewicz", "-sin(x)*sin(x^2/pi)^20 - sin(y)*sin(2y^2/pi)^20",
      {"minimum": "x=2.20, y=1.57", "point": "x=2, y=1.4"},
      lambda x, y: -sin(x) * sin(x**2 / pi) ** 20 - sin(y) * sin(2 * y**2 / pi) ** 20, michalewicz_gradient),
    *at_points("Dixon-Price", "SB, Dixon-Price", "(x - 1)^2 + 2(2y^2 - x)^2",
      {"minimum": "x=1, y=0.7071067811865476", "point": "x=10, y=-10"},
      lambda x, y: (x - 1) ** 2 + 2 * (2 * y**2 - x) ** 2,
      lambda x, y: (2 * (x - 1) - 4 * (2 * y**2 - x), 16 * y * (2 * y**2 - x)),
      "2(x-1) - 4(2y^2-x); 16y(2y^2-x)"),
    *at_points("sphere", "SB, sphere", "x^2 + y^2", {"minimum": "x=0, y=0", "point": "x=5.12, y=-5.12"},
      lambda x, y: x**2 + y**2, lambda x, y: (2 * x, 2 * y), "2x; 2y"),
    *at_points("Bohachevsky 1", "SB, Bohachevsky", "x^2 + 2y^2 - 0.3cos(3pi*x) - 0.4cos(4pi*y) + 0.7",
      {"minimum": "x=0, y=0", "point": "x=0.6, y=-1.3"},
      lambda x, y: x**2 + 2 * y**2 - 0.3 * cos(3 * pi * x) - 0.4 * cos(4 * pi * y) + 0.7,
      lambda x, y: (2 * x + 0.3 * (3 * pi) * sin(3 * pi * x), 4 * y + 0.4 * (4 * pi) * sin(4 * pi * y)),
      "2x + 0.9 pi sin(3 pi x); 4y + 1.6 pi sin(4 pi y)"),
    *at_points("Shubert, three terms", "SB, Shubert",
      "(cos(2x+1) + 2cos(3x+2) + 3cos(4x+3))*(cos(2y+1) + 2cos(3y+2) + 3cos(4y+3))",
      {"point": "x=-1.4, y=0.8"}, lambda x, y: shubert_parts(x)[0] * shubert_parts(y)[0],
      lambda x, y: (shubert_parts(x)[1] * shubert_parts(y)[0], shubert_parts(x)[0] * shubert_parts(y)[1])),
    *at_points("eggholder", "SB, eggholder", "-(y+47)sin(sqrt|y + x/2 + 47|) - x*sin(sqrt|x - (y+47)|)",
      {"minimum": "x=512, y=404.2319"},
      lambda x, y: -(y + 47) * sin(sqrt(abs(y + x / 2 + 47))) - x * sin(sqrt(abs(x - y - 47))),
      lambda x, y: (-(y + 47) * cos(sqrt(y + x / 2 + 47)) / (4 * sqrt(y + x / 2 + 47)) - sin(sqrt(x - y
        - 47)) - x * cos(sqrt(x - y - 47)) / (2 * sqrt(x - y - 47)), -sin(sqrt(y + x / 2 + 47)) - (y + 47)
        * cos(sqrt(y + x / 2 + 47)) / (2 * sqrt(y + x / 2 + 47)) + x * cos(sqrt(x - y - 47)) / (2 * sqrt(x
        - y - 47)))),
    *at_points("drop-wave", "SB, drop-wave", "-(1 + cos(12 hypot(x, y)))/(0.5(x^2 + y^2) + 2)",
      {"point": "x=0.4, y=-0.3"},
      lambda x, y: -(1 + cos(12 * sqrt(x**2 + y**2))) / (0.5 * (x**2 + y**2) + 2),
      lambda x, y: tuple(12 * t / sqrt(x**2 + y**2) * sin(12 * sqrt(x**2 + y**2)) / (0.5 * (x**2 + y**2)
        + 2) + t * (1 + cos(12 * sqrt(x**2 + y**2))) / (0.5 * (x**2 + y**2) + 2) ** 2 for t in (x, y))),
)  # fmt: skip

MORE_VARIABLES = (
    *at_points("helical valley", "MGH 7",
      "100((z - 10*(arctan(y/x)/(2pi) + (0.5 if x < 0 else 0)))^2 + (sqrt(x^2 + y^2) - 1)^2) + z^2",
      {"start": "x=-1, y=0, z=0", "minimum": "x=1, y=0, z=0", "point": "x=0.6, y=0.8, z=2"}, helical,
      helical_gradient),
    *at_points("Gaussian, one term", "MGH 9", "(a*exp(-b*(1 - c)^2/2) - 0.2420)^2",
      {"start": "a=0.4, b=1, c=0"}, lambda a, b, c: (a * exp(-b * (1 - c) ** 2 / 2) - 0.2420) ** 2,
      lambda a, b, c: tuple(2 * (a * exp(-b * (1 - c) ** 2 / 2) - 0.2420) * exp(-b * (1 - c) ** 2 / 2)
        * g for g in (1, -a * (1 - c) ** 2 / 2, a * b * (1 - c)))),
    *at_points("Gulf, one term", "MGH 11", "(exp(-(25 + (-50 ln(1/2))^(2/3) - y)^z/x) - 1/2)^2",
      {"minimum": "x=50, y=25, z=1.5", "start": "x=5, y=2.5, z=0.15"}, lambda *v: gulf(*v)[0],
      lambda *v: gulf(*v)[1]),
    *at_points("Box, three terms", "MGH 12",
      "(exp(-x/10) - exp(-y/10) - z*(exp(-1/10) - exp(-1)))^2"
        " + (exp(-2x/10) - exp(-2y/10) - z*(exp(-2/10) - exp(-2)))^2"
        " + (exp(-3x/10) - exp(-3y/10) - z*(exp(-3/10) - exp(-3)))^2",
      {"minimum": "x=1, y=10, z=1", "start": "x=0, y=10, z=20"}, lambda *v: box3(*v)[0],
      lambda *v: box3(*v)[1]),
    *at_points("Powell singular", "MGH 13", "(a + 10b)^2 + 5(c - d)^2 + (b - 2c)^4 + 10(a - d)^4",
      {"minimum": "a=0, b=0, c=0, d=0", "start": "a=3, b=-1, c=0, d=1"},
      lambda a, b, c, d: (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4,
      powell_gradient,
      "2(a+10b) + 40(a-d)^3; 20(a+10b) + 4(b-2c)^3; 10(c-d) - 8(b-2c)^3; -10(c-d) - 40(a-d)^3"),
    *at_points("Wood", "MGH 14",
      "100(b - a^2)^2 + (1-a)^2 + 90(d - c^2)^2 + (1-c)^2 + 10(b + d - 2)^2 + (b - d)^2/10",
      {"minimum": "a=1, b=1, c=1, d=1", "start": "a=-3, b=-1, c=-3, d=-1"}, wood, wood_gradient),
    *at_points("Bard, one term", "MGH 8", "0.14 - (x + 1/(15y + z))", {"start": "x=1, y=1, z=1"},
      lambda x, y, z: 0.14 - (x + 1 / (15 * y + z)),
      lambda x, y, z: (mpf(-1), 15 / (15 * y + z) ** 2, 1 / (15 * y + z) ** 2)),
    *at_points("Meyer, one term", "MGH 10", "x*exp(y/(50 + z)) - 34780", {"start": "x=0.02, y=4000, z=250"},
      lambda x, y, z: x * exp(y / (50 + z)) - 34780,
      lambda x, y, z: (exp(y / (50 + z)), x * exp(y / (50 + z)) / (50 + z), -x * y * exp(y / (50 + z))
        / (50 + z) ** 2)),
    *at_points("Zakharov", "SB, Zakharov", "x^2+y^2+z^2 + (0.5x + y + 1.5z)^2 + (0.5x + y + 1.5z)^4",
      {"minimum": "x=0, y=0, z=0", "point": "x=1, y=-2, z=3"},
      lambda x, y, z: x**2 + y**2 + z**2 + (0.5 * x + y + 1.5 * z) ** 2 + (0.5 * x + y + 1.5 * z) ** 4,
      lambda x, y, z: tuple(2 * t + w * (2 * (0.5 * x + y + 1.5 * z) + 4 * (0.5 * x + y + 1.5 * z) ** 3)
        for t, w in ((x, 0.5), (y, 1), (z, 1.5)))),
    *at_points("Rosenbrock in three variables", "SB, Rosenbrock",
      "100(x2 - x1^2)^2 + (1 - x1)^2 + 100(x3 - x2^2)^2 + (1 - x2)^2",
      {"minimum": "x1=1, x2=1, x3=1", "point": "x1=-1.2, x2=1, x3=-0.5"},
      lambda a, b, c: 100 * (b - a**2) ** 2 + (1 - a) ** 2 + 100 * (c - b**2) ** 2 + (1 - b) ** 2,
      lambda a, b, c: (-400 * a * (b - a**2) - 2 * (1 - a), 200 * (b - a**2) - 400 * b * (c - b**2) - 2
        * (1 - b), 200 * (c - b**2))),
    *at_points("Schwefel in three variables", "SB, Schwefel",
      "418.9829*3 - x*sin(sqrt(abs(x))) - y*sin(sqrt(abs(y))) - z*sin(sqrt(abs(z)))",
      {"minimum": "x=420.9687, y=420.9687, z=420.9687", "point": "x=100, y=-250, z=33"},
      lambda *v: 418.9829 * mpf(3) - sum(t * sin(sqrt(abs(t))) for t in v),
      lambda *v: tuple(-sin(sqrt(abs(t))) - sqrt(abs(t)) / 2 * cos(sqrt(abs(t))) for t in v),
      "-sin sqrt|x| - sqrt|x|/2 cos sqrt|x|"),
    Problem("Rosenbrock, Hessian at the minimum", "MGH 1", "100*(y - x^2)^2 + (1 - x)^2", "x=1, y=1",
      lambda x, y: 100 * (y - x**2) ** 2 + (1 - x) ** 2,
      lambda x, y: (1200 * x**2 - 400 * y + 2, -400 * x, mpf(200)), "1200x^2 - 400y + 2; -400x; 200",
      order=2),
    Problem("Himmelblau, Hessian at a minimum", "JY, Himmelblau", "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
      "x=3, y=2", lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
      lambda x, y: (12 * x**2 + 4 * y - 42, 4 * x + 4 * y, 12 * y**2 + 4 * x - 26),
      "12x^2 + 4y - 42; 4x + 4y; 12y^2 + 4x - 26", order=2),
    Problem("Booth, Hessian", "SB, Booth", "(x + 2y - 7)^2 + (2x + y - 5)^2", "x=1, y=3",
      lambda x, y: (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2, lambda x, y: (mpf(10), mpf(8), mpf(10)),
      "10; 8; 10", order=2),
)  # fmt: skip

OPTIMISATION: tuple[Problem, ...] = (*TWO_VARIABLES, *MORE_VARIABLES)
