"""``calcgrad functions --numpy``: the functions of NumPy and SciPy that traced functions may use, from the table of names."""

from __future__ import annotations

import json

from calcgrad.render import Style
from calcgrad.render.layout import wrapped
from calcgrad.render.styles import HEADING, NAME, paint

#: What is said of each theme.
TITLES = {
    "ufuncs": "functions of numbers, entry by entry",
    "reductions": "sums, products, means and extremes, over axes or running",
    "statistics": "quantiles, covariances, integrals of samples, and what leaves nan out",
    "shaping": "shapes and order: reshaping, joining, splitting, repeating, padding, rolling",
    "selecting": "choosing entries by place, rank or condition; and what values decide, which is constant",
    "curves": "lines, interpolation, polynomials, differences, slopes",
    "products": "products of vectors, matrices and arrays",
    "linalg": "equations, inverses, factorisations, norms",
    "fft": "Fourier transforms (losses are real)",
    "special": "scipy.special; the Python functions among them are in calcgrad.special",
}
INTRODUCTION = (
    "Besides these: operators, indexing (slices, places, masks, None, ...), iteration, len, and the methods of arrays that "
    "have a function's name, ufuncs with where= and dtype=, numpy.polynomial with its classes, and scipy.sparse's diags, "
    "csr_matrix and its like of traced entries. What writes into arrays (out=, numpy.put …) is told on the page in_place.md."
)


def by_theme() -> dict[str, list[str]]:
    """The dotted names of every theme, in alphabetical order."""
    from calcgrad.numpy_names import HANDLERS, METHODS, NAMES, THEMES, load_special, name_of

    load_special()
    themes = {module.__name__: theme for theme, files in THEMES.items() for module in files}
    found: dict[str, list[str]] = {theme: [] for theme in THEMES}
    for function, handler in HANDLERS.items():
        name = NAMES[function]
        home = "special" if name.startswith("scipy.") else themes.get(handler.__module__, "ufuncs")
        if not name.rpartition(".")[2].startswith("_"):
            found[home].append(name)
    for (ufunc, method), handler in METHODS.items():
        found[themes[handler.__module__]].append(f"{name_of(ufunc)}.{method}")
    return {theme: sorted(names) for theme, names in found.items()}


def matching(word: str | None) -> dict[str, list[str]]:
    """The themes and the names in them that a word is part of; everything without a word."""
    found = by_theme()
    if word is None or word in found:
        return found if word is None else {word: found[word]}
    chosen = {theme: [n for n in names if word in n] for theme, names in found.items()}
    return {theme: names for theme, names in chosen.items() if names}


def listing(style: Style, word: str | None = None) -> str:
    """The names as text, theme by theme."""
    lines: list[str] = []
    found = matching(word)
    for theme, names in found.items():
        title = wrapped(f"{theme}: {TITLES[theme]}", style.width, "", "  ")
        listed = wrapped(", ".join(map(_short, names)), style.width, "  ", "  ")
        lines += [*([""] if lines else []), *[paint(line, HEADING, style.color) for line in title]]
        lines += [paint(line, NAME, style.color) for line in listed]
    if word is None:
        total = sum(map(len, found.values()))
        lines += ["", *wrapped(f"{total} functions. {INTRODUCTION}", style.width, "", "")]
    return "\n".join(lines) + "\n"


def _short(name: str) -> str:
    """A name as it follows ``np.`` or ``scipy.special.``."""
    return name.removeprefix("numpy.").removeprefix("scipy.special.")


def data(word: str | None = None) -> str:
    """The names as JSON."""
    found = {"schema": 1, "command": "functions", "numpy": matching(word)}
    return json.dumps(found, indent=1) + "\n"


def page() -> str:
    """The page of the documentation: ``calcgrad/docs/numpy.md`` is this text."""
    lines = ["# NumPy functions that calcgrad differentiates", "", *wrapped(_ABOUT, 100, "", ""), ""]
    for theme, names in by_theme().items():
        lines += [f"## {theme}", "", f"{TITLES[theme].capitalize()}.", ""]
        lines += [*wrapped(", ".join(f"`{n}`" for n in names), 100, "", ""), ""]
    lines += [
        "## Conventions",
        "",
        *[line for text in CONVENTIONS for line in wrapped(text, 100, "- ", "  ")],
    ]
    lines += ["", "## Refused, and what to write instead", "", *wrapped(_REFUSED, 100, "", ""), ""]
    lines += [line for name, fix in _fixes() for line in wrapped(f"`{name}`: {fix}.", 100, "- ", "  ")]
    lines += ["", *wrapped(_OF_REALS, 100, "", ""), ""]
    lines += wrapped(", ".join(f"`{n}`" for n in _of_reals()) + ".", 100, "", "")
    return "\n".join(lines) + "\n"


def _fixes() -> list[tuple[str, str]]:
    """What the messages of the refused functions advise."""
    from calcgrad.numpy_names.registry import BEGINNINGS, INSTEAD, WRITING

    single = [(name, fix) for name, fix in INSTEAD.items() if name not in WRITING]
    return sorted([*single, *[(f"{start}.…", fix) for start, fix in BEGINNINGS.items()]])


def _of_reals() -> list[str]:
    """SciPy's functions that have complex values, and a derivative of real ones alone here."""
    from calcgrad.operations import ROWS, Elementwise

    rows = [row for row in ROWS if isinstance(row, Elementwise) and row.of_reals]
    return sorted(f"scipy.special.{name}" for row in rows for name in row.scipy if not name.startswith("_"))


_REFUSED = (
    "A function that is not on this page is refused by its name (E420), a keyword by its own (E421): no derivative is left out in "
    "silence. These come with a way out; for any other, `custom_rule` gives a function of your own a derivative, and "
    "`stop_gradient` takes its value as a constant."
)
_OF_REALS = "SciPy computes these of complex numbers, too, which have no derivative here (E461):"
_ABOUT = (
    "Written by `calcgrad functions --numpy` from the table of names; a test keeps it true. In a function that is given to "
    "`grad`, `value_and_grad`, `jacobian` and the like, these functions work as they are. " + INTRODUCTION
)
CONVENTIONS = (
    "Entries that share a maximum or a minimum share its derivative in equal parts; `abs`, `sign` and norms have the derivative "
    "0 at 0, `std` where all entries are equal.",
    "`sort` and what is made of it (`median`, `quantile`) take equal entries in the order of a stable sort.",
    "`where` sends nothing into the branch that is not taken: an infinite slope there does no harm.",
    "`eigh`, `eigvalsh` and `cholesky` read one triangle of a matrix, and only that one has a derivative, as in NumPy.",
    "Equal eigenvalues share no vectors: `eigvalsh` has a derivative there (right for every symmetric function of them), "
    "the vectors of `eigh` and `svd` have none, and say so.",
    "`det` has a derivative at singular matrices too. `inv`, `solve`, `pinv`, `lstsq` and `qr` need full rank, and say so.",
    "Values inside a function, and arguments of `grad`, `vjp` and `jvp`, may be complex. The gradient of a real loss by "
    "z = x + iy is ∂L/∂x - i ∂L/∂y, as in JAX; `grad(f, holomorphic=True)` is the complex derivative, with `jacfwd`, "
    "`jacrev`, `jacobian` and `hessian` too. `abs`, `sign` and "
    "norms of complex numbers have the derivative 0 at 0.",
    "Vectors of a complex `eigh` or `svd` turn as LAPACK's do, which keeps one row of them real. What NumPy or SciPy has no "
    "complex value for has none here; `loggamma`, `rgamma`, `psi`, `zeta` and `logsumexp` of complex numbers are refused too.",
    "Casts to whole numbers and truth values (`astype(int)`, `astype(bool)`, `int(x)`) are steps, like `floor`: their slope is 0.",
    "The first time that a function is traced, its value is compared with that of one plain run on copies of its arguments (within "
    "`calcgrad.trusted()` it is not): where they differ beyond rounding, as where it asks `isinstance(x, np.ndarray)`, no "
    "derivative is given. A function that differs from run to run is noted as one of chance.",
    "`unique`, `union1d` and `setdiff1d` have a derivative where all entries differ; where two are equal their number jumps, and "
    "they say so. `nanmedian` and `nanquantile` leave out what is nan.",
    "A ufunc with `where=` and without `out=` has nan where NumPy computes nothing and leaves whatever was there.",
    "A value that is found by comparisons (bisection) has no derivative in the code: the first trace compares the derivative with "
    "differences along one direction, and brings a `calcgrad.DecisionWarning` where they part; `diff` and `check` say it, too.",
    "A sweep that loses numbers below or beyond the doubles on its way (the gradient of y**2/np.exp(y) at 400) is made again "
    "with a seed that is a power of two. A compiled gradient notices that it lost a number, "
    "and leaves that call to the function as it is uncompiled; so it is slower there. No seed mends a value of the function itself "
    "that overflows: with `x**4` infinite, the gradient of `np.log(1 + x**4)` at 1e78 is 0. `grad` and `value_and_grad` bring a "
    "`RuntimeWarning` where the value is infinite or nan and the gradient is finite; `calcgrad diff` says it, too.",
    "Single precision stays single precision; integers are constants.",
)
