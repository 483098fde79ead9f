"""The page ``calcgrad/docs/scipy.md``: what of SciPy is followed, and what is refused, from the functions themselves."""

from __future__ import annotations

import importlib
from typing import Any

from calcgrad.render.layout import wrapped

TITLES = {
    "special": "ufuncs work in traced functions as they are; the Python functions are those of `calcgrad.special`",
    "stats": "distributions with SciPy's methods, also frozen",
    "linalg": "equations, factorisations, functions of matrices, matrices made of vectors",
    "integrate": "integrals of samples, and of functions with parameters and ends",
    "signal": "convolutions, correlations, linear filters",
    "interpolate": "piecewise cubics in the points, the values and the places",
    "optimize": "solutions and minima by what the equation or the loss depends on",
}
_METHODS = (
    "pdf",
    "logpdf",
    "pmf",
    "logpmf",
    "cdf",
    "sf",
    "logcdf",
    "logsf",
    "ppf",
    "isf",
    "mean",
    "var",
    "entropy",
)
ABOUT = (
    "Written from the functions themselves; a test keeps it true. `from calcgrad.scipy import stats, linalg` gives functions with "
    "SciPy's names and parameters. Plain arguments go to SciPy's own function; traced ones are followed in both modes, to higher "
    "orders and in compiled programs. A function of yours that says `from scipy import stats` is followed as it is where its source "
    "is to be had (a file, a notebook): it is run once more with these functions in the place of SciPy's. Where it is not, the "
    "refusal names the function to take instead."
)
REFUSED = (
    "By an order or a shape without a closed form: `gammainc(a, x)` by a, `betainc(a, b, x)` by a and b, Bessel functions by their "
    "order, `stdtr` by df; so `gamma.cdf` and `gamma.ppf` by a, `t.cdf` by df, and their like (E425). By the variable, loc and scale "
    "they are followed, and densities by everything.",
    "By a count: the `k` of a mass function, the `n` of `binom`, `x` and `n` of `multinomial` (E425).",
    "Methods that have no formula here: `fit`, `expect`, `moment`, `stats`, `multivariate_normal.cdf`; `rvs` by a shape (by loc and "
    "scale it is followed). Options that change what is computed and are not followed: `qr(pivoting=True)`, `quad(weight=…)`, "
    "`minimize(bounds=…)` and the like (E421).",
    "All other Python functions of SciPy's: they make plain arrays of their arguments (E420).",
)
CONVENTIONS = (
    "Outside of its support a density is 0 and its derivative too; at the edge the derivative is that of the inside. Parameters that "
    "are not valid give nan, as in SciPy.",
    "`cholesky`, `eigh`, `solve(assume_a=…)` and `multivariate_normal` read one triangle, and only that one has a derivative.",
    "`multinomial` takes the last probability for what the others leave, and so does the derivative.",
    "`quad` halves its intervals until two rules agree in the value and in the first derivatives; an integral, or a derivative, that "
    "does not converge is refused (E426). A kink or a jump of the integrand that moves with a parameter is right to the first order only.",
    "`root`, `brentq`, `newton`, `minimize` … have the value that SciPy finds and the derivatives of the exact solution, up to the "
    "seventh order. A compiled program with one of these, or with `quad`, is traced anew when its arguments change.",
    "`expm`, `logm` and `lfilter` are differentiated step by step; `sqrtm`, `lu`, Sylvester's and banded equations have rules of "
    "their own.",
)


def page() -> str:
    """The page of the documentation."""
    lines = ["# SciPy functions that calcgrad differentiates", "", *wrapped(ABOUT, 100, "", ""), ""]
    for name, title in TITLES.items():
        module = importlib.import_module(f"calcgrad.scipy.{name}")
        lines += [f"## scipy.{name}", "", *wrapped(f"{title[0].upper()}{title[1:]}.", 100, "", ""), ""]
        lines += _distributions(module) if name == "stats" else _names(module.__all__)
    for heading, texts in (("What is refused, and why", REFUSED), ("Conventions", CONVENTIONS)):
        lines += [
            f"## {heading}",
            "",
            *[line for text in texts for line in wrapped(text, 100, "- ", "  ")],
            "",
        ]
    return "\n".join(lines)


def _names(names: list[str]) -> list[str]:
    return [*wrapped(", ".join(f"`{n}`" for n in names), 100, "", ""), ""]


def _distributions(module: Any) -> list[str]:
    """A row for each distribution: the methods with a formula, and the shapes by which the tails have none."""
    lines = ["| distribution | methods that are followed | no derivative by |", "|---|---|---|"]
    for name in module.__all__:
        dist = getattr(module, name)
        lines.append(f"| `{name}` | {', '.join(_followed(dist))} | {', '.join(_constant(dist))} |")
    return [*lines, ""]


def _followed(dist: Any) -> list[str]:
    known = getattr(dist, "law", None) or getattr(dist, "mass", None)
    if known is None:
        return [m for m in _METHODS if m in dir(type(dist)) and hasattr(dist.original, m)]
    found = []
    for method in _METHODS:
        base = {
            "pdf": "logpdf",
            "pmf": "logpmf",
            "sf": "cdf",
            "logcdf": "cdf",
            "logsf": "cdf",
            "isf": "ppf",
        }.get(method, method)
        if getattr(known, base, None) is not None:
            found.append(method)
    return found


def _constant(dist: Any) -> list[str]:
    known: Any = getattr(dist, "law", None) or getattr(dist, "mass", None)
    if known is None:
        return ["x, n"] if dist.name == "multinomial" else []
    counts = ["k", *getattr(known, "counts", ())] if hasattr(known, "logpmf") else []
    return [*counts, *[f"{n} (tails, quantiles)" for n in known.constant]]
