"""Arguments drawn at random: ``normal(128, 784)``, ``w=normal(3, std=0.1), b=uniform(2, low=-1, high=1)``.

A distribution takes the shape, then options: ``normal`` has ``mean`` and ``std``, ``uniform`` has ``low`` and ``high``,
``lognormal`` (for what is positive) ``mean`` and ``std`` of the logarithm, ``integers`` ``low`` and ``high``; each has
``dtype`` (``float32``). The same seed gives the same numbers, each name its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from calcgrad.inputs.grammar import TextPlace, named, split

_CALL = re.compile(r"([A-Za-z_]\w*)\s*\((.*)\)", re.DOTALL)
_OPTIONS: Mapping[str, Mapping[str, float]] = {
    "normal": {"mean": 0.0, "std": 1.0},
    "uniform": {"low": 0.0, "high": 1.0},
    "lognormal": {"mean": 0.0, "std": 1.0},
    "integers": {"low": 0.0, "high": 10.0},
}
_DTYPES = ("float64", "float32", "float16", "int64")
MOST_ENTRIES = 10**9


def draw(specs: Sequence[str], seed: int) -> dict[str | None, Any]:
    """An array for each name in the specs (``None`` for a distribution without one).

    Raises ``UsageError``: E392 for a text that is no distribution, E513 for options that do not fit it, E514 for too many numbers.

    >>> drawn = draw(["w=normal(2, 3), b=uniform(4, low=-1, dtype=float32)"], seed=1)
    >>> [(name, array.shape, str(array.dtype)) for name, array in drawn.items()]
    [('w', (2, 3), 'float64'), ('b', (4,), 'float32')]
    """
    return {name: _one(place, seed, k) for k, (name, place) in enumerate(_places(specs).items())}


def written(specs: Sequence[str]) -> dict[str | None, str]:
    """The distribution of each name, as it was written.

    >>> written(["w=normal(2, 3), uniform(4)"])
    {'w': 'normal(2, 3)', None: 'uniform(4)'}
    """
    return {name: place.text for name, place in _places(specs).items()}


def _places(specs: Sequence[str]) -> dict[str | None, TextPlace]:
    found: dict[str | None, TextPlace] = {}
    for spec in specs:
        for piece in split(TextPlace(spec, spec, 0).cut(0, len(spec)), ","):
            name, place = _name(piece)
            if name in found:
                raise piece.error("E305", f"{name or 'the first argument'} is drawn twice")
            found[name] = place
    return found


def _name(piece: TextPlace) -> tuple[str | None, TextPlace]:
    """The name before the distribution, and the distribution; an equals sign inside its brackets is none of ours."""
    return named(piece) if "=" in piece.text.partition("(")[0] else (None, piece)


def _one(place: TextPlace, seed: int, number: int) -> Any:
    import numpy

    match = _CALL.fullmatch(place.text)
    if match is None or match[1] not in _OPTIONS:
        raise place.error(
            "E392", f"{place.text or 'nothing'} is no distribution", "", f"there are: {', '.join(_OPTIONS)}",
            'write "normal(128, 784)" or "w=uniform(3, low=-1, high=1)"',
        )  # fmt: skip
    shape, options, dtype = _read(place, match)
    random = numpy.random.default_rng([seed, number])
    if match[1] == "integers":
        drawn = random.integers(int(options["low"]), int(options["high"]), size=shape)
        return drawn if dtype is None else drawn.astype(dtype)
    draws: Mapping[str, Any] = {
        "normal": random.normal,
        "lognormal": random.lognormal,
        "uniform": random.uniform,
    }
    return numpy.asarray(draws[match[1]](*options.values(), size=shape)).astype(dtype or "float64")


def _read(place: TextPlace, match: re.Match[str]) -> tuple[tuple[int, ...], dict[str, float], str | None]:
    """The shape, the options and the dtype inside the brackets."""
    options = dict(_OPTIONS[match[1]])
    shape: list[int] = []
    dtype = None
    inside = place.cut(match.start(2), match.end(2))
    for piece in split(inside, ",") if inside.text else []:
        name, value = named(piece)
        if name == "dtype" and value.text in _DTYPES:
            dtype = value.text
        elif name is None and value.text.isascii() and value.text.isdigit():
            shape.append(int(value.text))
        elif name in options and _is_number(value.text):
            options[name] = float(value.text)
            if not math.isfinite(options[name]):
                raise value.error("E513", f"{name} is a finite number, not {value.text}")
        else:
            known = ", ".join([*options, "dtype"])
            raise piece.error("E513", f"{match[1]} takes a shape and {known}", "not this", *_dtypes(name))
    size = 1
    for length in shape:
        size *= length
    if size > MOST_ENTRIES:
        raise place.error("E514", f"at most {MOST_ENTRIES} numbers are drawn", f"{size} here")
    if options.get("low", 0.0) >= options.get("high", 1.0) or options.get("std", 1.0) < 0:
        raise place.error("E513", "low is below high, and std is not negative")
    return tuple(shape), options, dtype


def _dtypes(name: str | None) -> tuple[str, ...]:
    return (f"dtype is one of {', '.join(_DTYPES)}",) if name == "dtype" else ()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
