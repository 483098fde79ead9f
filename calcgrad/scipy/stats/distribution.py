"""A distribution of ``scipy.stats`` by the functions of its standard form: what loc and scale do, the support, the edges.

A :class:`Law` says what is known of the standard form; :class:`Continuous` has SciPy's methods, of the distribution and, frozen, of
one with given parameters. Plain arguments go to SciPy's own method. A derivative for which the law has no closed form (the
distribution function of gamma by its shape) is refused by name.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from calcgrad.numpy_names.registry import refusal
from calcgrad.operations.pushforwards_borrowed import unknown
from calcgrad.scipy.following import any_traced, everywhere, in_double, register, scipys
from calcgrad.scipy.values import borrowed, differentiated
from calcgrad.tracer import is_traced

Of = Callable[..., Any]


def positive(*shapes: Any) -> Any:
    """Whether shapes are above 0, as most have to be."""
    found: Any = True
    for shape in shapes:
        found = found & (shape > 0)
    return found


def whole_line(*shapes: Any) -> tuple[float, float]:
    """The support of a distribution on all numbers."""
    return -np.inf, np.inf


def half_line(*shapes: Any) -> tuple[float, float]:
    """The support of a distribution on the numbers from 0."""
    return 0.0, np.inf


def unit(*shapes: Any) -> tuple[float, float]:
    """The support of a distribution on the numbers from 0 to 1."""
    return 0.0, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The standard form of a distribution: functions of the variable and the shapes, each ``None`` where none is known.

    ``sf`` and ``isf`` are the upper tails, and ``log…`` the logarithms, where those are more than the difference from 1 and the
    logarithm of the value. ``support`` and ``valid`` are functions of the shapes; ``middle`` is a number inside of the support.
    ``open`` says that the density at the ends of the support is taken as 0. ``constant`` names the shapes by which the distribution
    function and its inverse have no derivative.
    """

    logpdf: Of
    cdf: Of | None = None
    sf: Of | None = None
    logcdf: Of | None = None
    logsf: Of | None = None
    ppf: Of | None = None
    isf: Of | None = None
    mean: Of | None = None
    var: Of | None = None
    entropy: Of | None = None
    support: Of = whole_line
    valid: Of = positive
    middle: Of = lambda *shapes: 0.5
    open: bool = False
    constant: tuple[str, ...] = ()


def fixed(value: Any, subject: str) -> Any:
    """The value itself, refused by the subject's name where it is being differentiated by."""
    if differentiated(value):
        raise unknown(subject)
    return value


def counted(value: Any, subject: str) -> Any:
    """A count: its value, through which a derivative is refused by the subject's name when a sweep comes to it."""
    return borrowed("numpy.positive", (f"{subject}, which counts",), value) if is_traced(value) else value


@dataclass(frozen=True, slots=True)
class Given:
    """The arguments of one call: the variable in its standard form, shapes, loc and scale; whether they are valid."""

    z: Any
    shapes: tuple[Any, ...]
    loc: Any
    scale: Any
    valid: Any


class OfSciPy:
    """One of SciPy's distributions: frozen by a call; what is not written here is SciPy's own, for plain arguments."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.original = scipys(f"scipy.stats.{name}")
        self.__doc__ = (
            f"``scipy.stats.{name}`` for traced arguments; of plain ones, that distribution itself."
        )
        register(f"scipy.stats.{name}", self.original, self)

    def __call__(self, *args: Any, **kwds: Any) -> Frozen:
        """The distribution with these parameters."""
        return Frozen(self, args, kwds)

    def __getattr__(self, method: str) -> Any:
        """SciPy's own attribute; a method of it refuses traced values by name."""
        if method.startswith("_"):
            raise AttributeError(method)
        found = getattr(self.original, method)
        if not callable(found):
            return found

        def plain_only(*args: Any, **kwds: Any) -> Any:
            if any_traced(*args, *kwds.values()):
                raise refusal(f"scipy.stats.{self.name}.{method}")
            return found(*args, **kwds)

        return plain_only

    def __repr__(self) -> str:
        return f"<calcgrad.scipy.stats.{self.name}>"


class Distribution(OfSciPy):
    """What continuous and discrete distributions share: arguments by SciPy's names."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.shapes: str | None = self.original.shapes
        self._names = tuple(part.strip() for part in (self.shapes or "").split(",") if part.strip())

    freeze = OfSciPy.__call__

    def subject(self, method: str, parameter: str) -> str:
        """A derivative in words."""
        return f"scipy.stats.{self.name}.{method} by {parameter}"

    def signature(self, variable: str | None, *more: str) -> inspect.Signature:
        """The parameters of a method: the variable, the shapes, then those with a default."""
        kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
        names = ([variable] if variable else []) + list(self._names)
        found = [inspect.Parameter(n, kind) for n in names]
        found += [inspect.Parameter(n, kind, default=float(n == "scale")) for n in more]
        return inspect.Signature(found)


class Continuous(Distribution):
    """A continuous distribution: density, distribution function, tails and their logarithms, quantiles, moments."""

    def __init__(self, name: str, law: Law) -> None:
        super().__init__(name)
        self.law = law
        self._of_x = self.signature("x", "loc", "scale")
        self._of_q = self.signature("q", "loc", "scale")
        self._of_none = self.signature(None, "loc", "scale")

    # --- densities ---

    def logpdf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """The logarithm of the density."""
        if not any_traced(x, *args, *kwds.values()):
            return self.original.logpdf(x, *args, **kwds)
        return self._density(self._given(x, args, kwds), logarithm=True)

    def pdf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """The density."""
        if not any_traced(x, *args, *kwds.values()):
            return self.original.pdf(x, *args, **kwds)
        return self._density(self._given(x, args, kwds), logarithm=False)

    def _density(self, given: Given, logarithm: bool) -> Any:
        low, high = self.law.support(*given.shapes)
        z = given.z
        inside = (low < z) & (z < high) if self.law.open else (low <= z) & (z <= high)
        if self.law.support is whole_line:
            inside = True

        def value(z: Any) -> Any:
            found = self.law.logpdf(z, *given.shapes)
            if logarithm:
                return found if _is(given.scale, 1.0) else found - np.log(given.scale)
            return np.exp(found) if _is(given.scale, 1.0) else np.exp(found) / given.scale

        return self._chosen(given, z, inside, -np.inf if logarithm else 0.0, value)

    # --- distribution functions ---

    def cdf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """The distribution function."""
        return self._tail("cdf", x, args, kwds)

    def sf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """The upper tail, 1 - cdf."""
        return self._tail("sf", x, args, kwds)

    def logcdf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """The logarithm of the distribution function."""
        return self._tail("logcdf", x, args, kwds)

    def logsf(self, x: Any, *args: Any, **kwds: Any) -> Any:
        """The logarithm of the upper tail."""
        return self._tail("logsf", x, args, kwds)

    def _tail(self, method: str, x: Any, args: Any, kwds: Any) -> Any:
        if not any_traced(x, *args, *kwds.values()):
            return getattr(self.original, method)(x, *args, **kwds)
        function = self._function(method)
        given = self._given(x, args, kwds, method)
        low, high = self.law.support(*given.shapes)
        z = given.z
        inside: Any = True if self.law.support is whole_line else (low < z) & (z < high)
        first, last = (0.0, 1.0) if method.endswith("cdf") else (1.0, 0.0)
        if method.startswith("log"):
            first, last = (-np.inf, 0.0) if first == 0.0 else (0.0, -np.inf)
        outside = first if inside is True else np.where(z >= high, last, first)
        return self._chosen(given, z, inside, outside, lambda z: function(z, *given.shapes))

    def _function(self, method: str) -> Of:
        """The law's function, or what is made of another one."""
        law = self.law
        found = getattr(law, method)
        if found is not None:
            return found  # type: ignore[no-any-return]
        if law.cdf is None:
            raise refusal(f"scipy.stats.{self.name}.{method}")
        if method == "sf":
            return lambda z, *shapes: 1.0 - law.cdf(z, *shapes)  # type: ignore[misc]
        inner = self._function(method.removeprefix("log"))
        return lambda z, *shapes: np.log(inner(z, *shapes))

    # --- quantiles ---

    def ppf(self, q: Any, *args: Any, **kwds: Any) -> Any:
        """The quantile: the inverse of the distribution function."""
        return self._quantile("ppf", q, args, kwds)

    def isf(self, q: Any, *args: Any, **kwds: Any) -> Any:
        """The inverse of the upper tail."""
        return self._quantile("isf", q, args, kwds)

    def _quantile(self, method: str, q: Any, args: Any, kwds: Any) -> Any:
        if not any_traced(q, *args, *kwds.values()):
            return getattr(self.original, method)(q, *args, **kwds)
        law = self.law
        if law.ppf is None:
            raise refusal(f"scipy.stats.{self.name}.{method}")
        given = self._given(q, args, kwds, method, standard=False)
        low, high = law.support(*given.shapes)
        if method == "ppf":
            function: Of = law.ppf
        else:
            low, high = high, low
            function = law.isf or (lambda q, *shapes: law.ppf(1.0 - q, *shapes))  # type: ignore[misc]
        q = given.z
        inside = (q > 0) & (q < 1)
        ends = np.where(q == 0, low, np.where(q == 1, high, np.nan))
        found = self._chosen(given, q, inside, ends, lambda q: function(q, *given.shapes), middle=0.5)
        return _placed(found, given)

    def median(self, *args: Any, **kwds: Any) -> Any:
        """The quantile of one half."""
        return self.ppf(0.5, *args, **kwds)

    def interval(self, confidence: Any, *args: Any, **kwds: Any) -> Any:
        """The quantiles that leave the same probability on both sides."""
        if not any_traced(confidence, *args, *kwds.values()):
            return self.original.interval(confidence, *args, **kwds)
        beyond = 0.5 * (1.0 - in_double(confidence))
        return self.ppf(beyond, *args, **kwds), self.ppf(1.0 - beyond, *args, **kwds)

    # --- moments ---

    def mean(self, *args: Any, **kwds: Any) -> Any:
        """The mean."""
        return self._moment("mean", args, kwds)

    def var(self, *args: Any, **kwds: Any) -> Any:
        """The variance."""
        return self._moment("var", args, kwds)

    def std(self, *args: Any, **kwds: Any) -> Any:
        """The standard deviation."""
        if not any_traced(*args, *kwds.values()):
            return self.original.std(*args, **kwds)
        return np.sqrt(self._moment("var", args, kwds))

    def entropy(self, *args: Any, **kwds: Any) -> Any:
        """The differential entropy."""
        return self._moment("entropy", args, kwds)

    def _moment(self, method: str, args: Any, kwds: Any) -> Any:
        if not any_traced(*args, *kwds.values()):
            return getattr(self.original, method)(*args, **kwds)
        function = getattr(self.law, method)
        if function is None:
            raise refusal(f"scipy.stats.{self.name}.{method}")
        given = self._given(None, args, kwds)
        found = function(*given.shapes)
        if method == "mean":
            found = _placed(found, given)
        else:
            found = found * given.scale**2 if method == "var" else found + np.log(given.scale)
        return found if everywhere(given.valid) else np.where(given.valid, found, np.nan)

    def rvs(self, *args: Any, size: Any = None, random_state: Any = None, **kwds: Any) -> Any:
        """Random numbers: loc and scale move and stretch those of the standard form; by shapes there is no derivative."""
        if not any_traced(*args, *kwds.values()):
            return self.original.rvs(*args, size=size, random_state=random_state, **kwds)
        given = self._given(None, args, kwds)
        if any_traced(*given.shapes):
            raise refusal(f"scipy.stats.{self.name}.rvs with a shape to be differentiated by")
        if size is None:
            size = np.broadcast_shapes(*map(np.shape, (given.loc, given.scale, *given.shapes)))
        drawn = self.original.rvs(*given.shapes, size=size, random_state=random_state)
        return _placed(drawn, given)

    # --- arguments and edges ---

    def _given(self, x: Any, args: Any, kwds: Any, method: str = "", standard: bool = True) -> Given:
        signature = self._of_none if x is None else self._of_x if standard else self._of_q
        bound = signature.bind(*(() if x is None else (x,)), *args, **kwds)
        bound.apply_defaults()
        *first, loc, scale = map(in_double, bound.arguments.values())
        shapes = first[1:] if x is not None else first
        if method:
            pairs = zip(self._names, shapes, strict=True)
            shapes = [fixed(s, self.subject(method, n)) if n in self.law.constant else s for n, s in pairs]
        z = None if x is None else first[0]
        if standard and z is not None:
            z = z if _is(loc, 0.0) else z - loc
            z = z if _is(scale, 1.0) else z / scale
        return Given(z, tuple(shapes), loc, scale, (scale > 0) & self.law.valid(*shapes))

    def _chosen(self, given: Given, z: Any, inside: Any, outside: Any, value: Of, middle: Any = None) -> Any:
        """The value inside, with no derivative lost or made up from what is outside of the support."""
        if not everywhere(inside):
            point = self.law.middle(*given.shapes) if middle is None else middle
            found = value(np.where(inside, z, point))
            found = np.where(inside, found, np.where(z == z, outside, np.nan))
        else:
            found = value(z)
        return found if everywhere(given.valid) else np.where(given.valid, found, np.nan)


def _placed(found: Any, given: Given) -> Any:
    """From the standard form to loc and scale."""
    found = found if _is(given.scale, 1.0) else found * given.scale
    return found if _is(given.loc, 0.0) else found + given.loc


def _is(value: Any, number: float) -> bool:
    return type(value) is float and value == number


class Frozen:
    """A distribution with given parameters: its methods take the variable alone, as SciPy's frozen distributions do."""

    def __init__(self, dist: Any, args: tuple[Any, ...], kwds: dict[str, Any]) -> None:
        self.dist = dist
        self.args = args
        self.kwds = kwds

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)
        found = getattr(self.dist, method)
        if not callable(found):
            return found

        def of_parameters(*args: Any, **kwds: Any) -> Any:
            first = 1 if method in _OF_A_VARIABLE else 0
            return found(*args[:first], *self.args, *args[first:], **self.kwds, **kwds)

        return of_parameters

    def rvs(self, size: Any = None, random_state: Any = None) -> Any:
        """Random numbers."""
        return self.dist.rvs(*self.args, **self.kwds, size=size, random_state=random_state)


_OF_A_VARIABLE = frozenset(
    (
        *("pdf", "logpdf", "pmf", "logpmf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf", "interval"),
        *("moment",),
    )
)
