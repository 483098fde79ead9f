"""The page of what was found: its programs are Python, and say `wrong` where the package is installed; its formulas hold."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import calcgrad

PAGE = (Path(calcgrad.__file__).parent / "docs" / "found.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def _package(program: str) -> str:
    modules = {
        (node.module or "").split(".")[0]
        for node in ast.walk(ast.parse(program))
        if isinstance(node, ast.ImportFrom)
    }
    (package,) = modules - {"calcgrad", "scipy"}
    return package


@pytest.mark.parametrize("program", PROGRAMS, ids=_package)
def test_a_program_says_wrong(program: str, capsys: Any) -> None:
    pytest.importorskip(_package(program))
    exec(compile(program, "found.md", "exec"), {})
    assert capsys.readouterr().out == "wrong\n"


def test_every_package_has_a_version() -> None:
    *sections, repositories = PAGE.split("\n## ")[1:]
    assert len(sections) == 8
    assert "latest commits" in repositories
    assert all(re.search(r"Versions? \d+\.\d+", section) for section in sections)


def test_the_formula_of_bray_and_curtis() -> None:
    x, y = np.array([0.9, -0.2, 0.5, -1.3, 0.8]), np.array([0.3, -0.7, 1.1, 0.4, -0.2])

    def distance(*v: Any) -> Any:
        pairs = list(zip(v, map(mp.mpf, y), strict=True))
        return sum(abs(a - b) for a, b in pairs) / sum(abs(a + b) for a, b in pairs)

    d = np.abs(x - y).sum() / np.abs(x + y).sum()
    formula = (np.sign(x - y) - d * np.sign(x + y)) / np.abs(x + y).sum()
    true = [mp.diff(distance, tuple(map(mp.mpf, x)), tuple(int(i == k) for i in range(5))) for k in range(5)]
    assert np.allclose(formula, np.array(true, dtype=float), rtol=1e-10)


def test_the_formulas_of_gelu() -> None:
    x = mp.mpf("0.5")
    c, k = mp.sqrt(2 / mp.pi), mp.mpf("0.044715")
    t = mp.tanh(c * (x + k * x**3))
    first = (1 + t) / 2 + x * (1 - t**2) * c * (1 + 3 * k * x**2) / 2
    assert abs(first - mp.diff(lambda z: z * (1 + mp.tanh(c * (z + k * z**3))) / 2, x)) < 1e-12
    assert abs(mp.npdf(x) * (2 - x**2) - mp.diff(lambda z: z * mp.ncdf(z), x, 2)) < 1e-10


def test_the_formula_of_a_calls_strike() -> None:
    s, t, r, v, q = (mp.mpf(a) for a in ("100", "0.8", "0.03", "0.25", "0.01"))

    def d1(k: Any) -> Any:
        return (mp.log(s / k) + (r - q + v**2 / 2) * t) / (v * mp.sqrt(t))

    def price(k: Any) -> Any:
        return s * mp.exp(-q * t) * mp.ncdf(d1(k)) - k * mp.exp(-r * t) * mp.ncdf(d1(k) - v * mp.sqrt(t))

    formula = -mp.exp(-r * t) * mp.ncdf(d1(mp.mpf(105)) - v * mp.sqrt(t))
    assert abs(formula - mp.diff(price, 105)) < 1e-12
    assert abs(formula + mp.mpf("0.3885925276808935")) < 1e-12


def test_the_block_of_the_zero_inflated_model() -> None:
    def log_zero(a: Any, b: Any) -> Any:
        w, mu = 1 / (1 + mp.exp(-a)), mp.exp(b)
        return mp.log(w + (1 - w) * mp.exp(-mu))

    a, b = mp.mpf("0.3"), mp.mpf("0.4")
    w, mu = 1 / (1 + mp.exp(-a)), mp.exp(b)
    formula = w * (1 - w) * mu * mp.exp(-mu) / (w + (1 - w) * mp.exp(-mu)) ** 2
    assert abs(formula - mp.diff(log_zero, (a, b), (1, 1))) < 1e-12


def test_the_logarithm_of_the_normal_distribution() -> None:
    z = mp.mpf("-1.5")
    value = mp.log(mp.ncdf(z))
    slope = mp.exp(-(z**2) / 2 - value) / mp.sqrt(2 * mp.pi)
    assert abs(slope - mp.diff(lambda t: mp.log(mp.ncdf(t)), z)) < 1e-12
    assert (round(float(value), 5), round(float(slope), 5)) == (-2.70594, 1.93868)


def test_the_dipole_has_a_curl() -> None:
    x, y, c = mp.mpf("0.7"), mp.mpf("-1.2"), mp.mpf("1.2")

    def along(x: Any, y: Any) -> Any:
        return c * x / mp.sqrt(x**2 + y**2)

    r = mp.sqrt(x**2 + y**2)
    assert abs(c * y**2 / r**3 - mp.diff(along, (x, y), (1, 0))) < 1e-12
    assert abs(-c * x * y / r**3 - mp.diff(along, (x, y), (0, 1))) < 1e-12
