"""Pasted formulas against mpmath: what is read has the value that the formula has where it was pasted from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from mpmath import mp, mpf

from calcgrad.comparing.compute import Request, compute
from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY

CASES = r"\begin{cases}\arctan\dfrac1x,&x>0,\\ax+b,&x\leqslant0\end{cases}"

FORMULAS: list[tuple[str, dict[str, float], Callable[..., Any]]] = [
    # Normal density, as lecture notes, a Java program and a worksheet have it.
    (
        r"\frac{1}{\sigma\sqrt{2\pi}} e^{-\frac{1}{2}\left(\frac{x-\mu}{\sigma}\right)^2}",
        {"sigma": 1.5, "mu": 0.25, "x": 2.0},
        lambda sigma, mu, x: mp.npdf(x, mu, sigma),
    ),
    (
        "(1.0 / (s * Math.sqrt(2 * Math.PI))) * Math.exp(-Math.pow(v - m, 2) / (2 * Math.pow(s, 2)))",
        {"s": 1.5, "m": 0.25, "v": 2.0},
        lambda s, m, v: mp.npdf(v, m, s),
    ),
    ("=EXP(-(A1^2)/2)/SQRT(2*PI())", {"A1": 0.75}, lambda A1: mp.npdf(A1, 0, 1)),
    # A spreadsheet's normal distribution: the last argument chooses the function.
    ("=NORM.S.DIST((B1-100)/10,TRUE)", {"B1": 115.0}, lambda B1: mp.ncdf((B1 - 100) / 10)),
    ("=NORM.S.DIST(A2, FALSE)", {"A2": -2.5}, lambda A2: mp.exp(-(A2**2) / 2) / mp.sqrt(2 * mp.pi)),
    ("=NORM.DIST(A2,A3,A4,TRUE)", {"A2": 20.0, "A3": 15.0, "A4": 1.5}, lambda A2, A3, A4: mp.ncdf((A2 - A3) / A4)),
    ("=NORMDIST(x,0,1,0)", {"x": 0.3}, lambda x: mp.exp(-(x**2) / 2) / mp.sqrt(2 * mp.pi)),
    # MATLAB's line that goes on, and its remark after a statement; Typst's fraction of two arguments.
    ("f = @(x) x.^2 + 2.*x + 3; % f(x) = x^2 + 2x + 3", {"x": 5.0}, lambda x: x**2 + 2 * x + 3),
    ("@(x) 2.0 * x ...\n  - 50.0*cos(5.0*x);", {"x": 0.5}, lambda x: 2 * x - 50 * mp.cos(5 * x)),
    ("y = frac(sin x - cos x, sin x + cos x)", {"x": 0.6}, lambda x: -mp.cot(x + mp.pi / 4)),
    # Physics.
    (
        r"\frac{1}{2} \rho \left(v_x^2 + v_y^2\right) + \frac{B_x^2}{2\mu_0}",
        {"rho": 1.25, "v_x": 2.0, "v_y": -3.0, "B_x": 0.5, "mu_0": 4.0},
        lambda rho, v_x, v_y, B_x, mu_0: rho / 2 * (v_x**2 + v_y**2) + B_x**2 / (2 * mu_0),
    ),
    (
        r"\frac{2hc^2}{\lambda^5}\frac{1}{e^{\frac{hc}{\lambda k T}}-1}",
        {"h": 2.0, "c": 3.0, "lambda": 1.5, "k": 0.5, "T": 8.0},
        lambda h, c, k, T, **more: 2 * h * c**2 / more["lambda"] ** 5 / mp.expm1(h * c / (more["lambda"] * k * T)),
    ),
    (r"T = 2\pi\sqrt{\frac{L}{g}}", {"L": 1.5, "g": 9.75}, lambda L, g: 2 * mp.pi * mp.sqrt(L / g)),
    (
        r"P\times\left(\frac{J}{1-\left(1+\frac{J}{100}\right)^{-n}}\right)",
        {"P": 100.0, "J": 5.0, "n": 12.0},
        lambda P, J, n: P * J / (1 - (1 + J / 100) ** -n),
    ),
    # Fractions in fractions, roots, logarithms.
    (r"\frac{\frac{a^3+b}{c}}{\frac{1}{c^2}}", {"a": 2.0, "b": 3.0, "c": 5.0}, lambda a, b, c: (a**3 + b) * c),
    (r"\log_2{4x} / (x + 1)", {"x": 3.0}, lambda x: mp.log(4 * x, 2) / (x + 1)),
    (r"\log_{a^2} x", {"a": 3.0, "x": 5.0}, lambda a, x: mp.log(x, a**2)),
    ("log_2.5(x)", {"x": 5.0}, lambda x: mp.log(x, mpf("2.5"))),
    ("log_b(x)", {"x": 5.0, "b": 3.0}, mp.log),
    ("log_(b+1) x", {"x": 5.0, "b": 3.0}, lambda x, b: mp.log(x, b + 1)),
    (r"\sqrt[3]{x+1} + \sqrt[n]{x}", {"x": 7.0, "n": 5.0}, lambda x, n: mp.root(x + 1, 3) + mp.root(x, 5)),
    (r"\sin{-x}\cos\frac{x}{2}", {"x": 0.75}, lambda x: mp.sin(-x) * mp.cos(x / 2)),
    (r"\sin \cos x", {"x": 0.75}, lambda x: 0 + mp.sin(mp.cos(x))),
    (r"\frac{\sin 2x}{1+\cos^2 3x}", {"x": 1.0}, lambda x: mp.sin(2 * x) / (1 + mp.cos(3 * x) ** 2)),
    (r"\tan^{-1}(x) + \sin^2 x", {"x": 0.75}, lambda x: mp.atan(x) + mp.sin(x) ** 2),
    (r"\operatorname{arsinh} x - \ln|x|", {"x": -0.75}, lambda x: mp.asinh(x) - mp.log(abs(x))),
    (r"x^{\sin x}", {"x": 1.75}, lambda x: x ** mp.sin(x)),
    (r"2^{2^x}", {"x": 1.25}, lambda x: mpf(2) ** (mpf(2) ** x)),
    (r"x^4 \sin{\left(2 x \right)}", {"x": 1.25}, lambda x: x**4 * mp.sin(2 * x)),
    (r"\frac{nx}{1 + n^2 x^2}", {"n": 3.0, "x": 0.25}, lambda n, x: n * x / (1 + n**2 * x**2)),
    (CASES, {"x": 2.0, "a": 1.0, "b": 1.0}, lambda x, a, b: mp.atan(1 / x)),
    (CASES, {"x": -2.0, "a": 3.0, "b": 1.0}, lambda x, a, b: a * x + b),
    (r"\begin{cases} -1 & x<-1 \\ x & -1 \le x \le 1 \\ 1 & x > 1 \end{cases}", {"x": 0.5}, lambda x: x),
    (r"\begin{cases} -1 & x<-1 \\ x & -1 \le x \le 1 \\ 1 & x > 1 \end{cases}", {"x": 5.0}, lambda x: mpf(1)),
    # Programs.
    ("30 * Math.Exp(-Math.Pow(((h - 275) / 25), 2))", {"h": 270.0}, lambda h: 30 * mp.exp(-(((h - 275) / 25) ** 2))),
    ("1.0 / (1.0 + np.exp(-np.clip(x, -10, 10)))", {"x": 0.5}, lambda x: 1 / (1 + mp.exp(-x))),
    ("np.where(x > 0, x, a * (np.exp(x) - 1))", {"x": -0.5, "a": 2.0}, lambda x, a: a * mp.expm1(x)),
    ("f =@(x) (2.*x)./((x.^2+1).^2+1);", {"x": 0.5}, lambda x: 2 * x / ((x**2 + 1) ** 2 + 1)),
    ("-1.0d0*min(abs(x - 0.25d0), 2.5d-1)", {"x": 0.375}, lambda x: -mpf("0.125")),
    ("0.5D0*m*v**2.0d0", {"m": 3.0, "v": 4.0}, lambda m, v: m * v**2 / 2),
    ("x < 0 ? -x : x > 1 ? x*x : x", {"x": 3.0}, lambda x: x * x),
    ("x < 0 ? (x < -1 ? 2 : 3)*x : x", {"x": -0.5}, lambda x: 3 * x),
    ("exp(x)**2.0", {"x": 0.5}, lambda x: mp.exp(2 * x)),
    # Computer algebra and calculators.
    ("ArcSin[(2x+9(4-x)^2)/100]/x", {"x": 3.0}, lambda x: mp.asin((2 * x + 9 * (4 - x) ** 2) / 100) / x),
    ("Sin[x]^2Cos[y]^2", {"x": 0.5, "y": 0.25}, lambda x, y: mp.sin(x) ** 2 * mp.cos(y) ** 2),
    ("Exp[Sqrt[x] Log[2, 8]]", {"x": 0.25}, lambda x: mp.exp(3 * mp.sqrt(x))),
    ("t0 + (t1 - t0) / (1 + e^(-t2 * (x - t3)))^(1 / t4)", {"t0": 1.0, "t1": 2.0, "t2": 0.5, "t3": 0.25, "t4": 2.0, "x": 1.0},
     lambda t0, t1, t2, t3, t4, x: t0 + (t1 - t0) / mp.sqrt(1 + mp.exp(-t2 * (x - t3)))),
    ("nthRoot(6x, 3)", {"x": 2.25}, lambda x: mp.root(6 * x, 3)),
    (r"y=\left|x-2\right|+\left\{x<0:-x,x\right\}", {"x": -1.5}, lambda x: abs(x - 2) + abs(x)),
    ("sin(30°) + cos(x°)", {"x": 60.0}, lambda x: mp.sin(mp.pi / 6) + mp.cos(x * mp.pi / 180)),
    ("2½x + 5%", {"x": 2.0}, lambda x: mpf("2.5") * x + mpf("0.05")),
    ("∛x + ∜(x+8)", {"x": 8.0}, lambda x: mpf(2) + mpf(2)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "at", "truth"), FORMULAS, ids=[text for text, _, _ in FORMULAS])
def test_the_value_is_the_formulas(text: str, at: dict[str, float], truth: Callable[..., Any]) -> None:
    parsed = parse(text, VOCABULARY, statements=True, declared=tuple(at))
    function = Expression(parsed.root, tuple(at))
    with mp.workdps(40):
        expected = truth(**{name: mpf(value) for name, value in at.items()})
    assert function.values(list(at.values()))[0] == pytest.approx(float(expected), rel=1e-13)


@pytest.mark.parametrize(
    ("text", "at", "truth"),
    [
        (r"\frac{d}{dx} x^{4} \sin{\left(2 x \right)}", "x=1.25", lambda x: mp.diff(lambda t: t**4 * mp.sin(2 * t), x)),
        (r"\frac{d^2}{dx^2} \left( x^{\sin x} \right)", "x=1.25", lambda x: mp.diff(lambda t: t ** mp.sin(t), x, 2)),
        (r"\frac{d}{dt}\left[ e^{-kt} \right]", "t=1.25, k=3", lambda x: mp.diff(lambda t: mp.exp(-3 * t), x)),
        ("D[Log[x^2 + 1], x]", "1.25", lambda x: mp.diff(lambda t: mp.log(t**2 + 1), x)),
        ("f(x) = ln(x)/x^2; f''(x)", "1.25", lambda x: mp.diff(lambda t: mp.log(t) / t**2, x, 2)),
    ],
)  # fmt: skip
def test_the_derivative_that_is_asked_for(text: str, at: str, truth: Callable[..., Any]) -> None:
    report = compute(Request(text, at=read_points([at], VOCABULARY), methods=("forward-ad",)))
    with mp.workdps(40):
        expected = truth(mpf("1.25"))
    assert len(report.points[0].truth) == 1
    assert float(str(report.points[0].truth[0].value)) == pytest.approx(float(expected), rel=1e-14)
    assert report.points[0].verdict == "agree"
