"""The arguments that a Python function is checked at: from files, texts, JSON, a function of the user's, or drawn at random.

Unlike a point of an expression, an argument keeps its type: an array of float32 stays one, and a dictionary, list or
dataclass of arrays is handed over as it is.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from calcgrad.errors import CalcgradError, UsageError
from calcgrad.functions.loading import describe, is_target, load, own_frames
from calcgrad.inputs.files import each_once, read_file, too_deep
from calcgrad.inputs.grammar import FILE_SUFFIXES, Reader, TextPlace, named, split
from calcgrad.inputs.limits import require_readable
from calcgrad.inputs.random import draw, written
from calcgrad.operations import VOCABULARY

_HOW = (
    'from a file or typed: --at w.npy, --at "w=[1, 2, 3]"',
    'drawn at random: --random "normal(3)"',
    "made by a function of yours: --args model.py:make_args",
)


@dataclass(frozen=True, slots=True)
class Given:
    """Values for parameters, by name (the name ``None`` is for the first), and where each came from.

    ``typed`` names were written on the command line for the parameters, so that they are no keys of a dictionary.
    """

    values: Mapping[str | int | None, Any]
    sources: Mapping[str | int | None, Mapping[str, Any]] = field(default_factory=dict)
    typed: bool = False

    def __or__(self, other: Given) -> Given:
        twice = [name for name in other.values if name in self.values]
        if twice:
            raise UsageError.of("E305", f"{twice[0] or 'the first argument'} is given twice")
        typed = self.typed or other.typed
        return Given({**self.values, **other.values}, {**self.sources, **other.sources}, typed)


@dataclass(frozen=True, slots=True)
class Arguments:
    """A value for each parameter of a function, in their order, and where each came from."""

    values: Mapping[str, Any]
    sources: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Places:
    """Where arguments come from: the texts of ``--at``, ``--args`` and ``--random``, the seed, how many are drawn."""

    at: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    random: tuple[str, ...] = ()
    seed: int = 1
    points: int = 1


def arguments_for(
    function: Callable[..., Any], places: Places, folder: Path | None = None
) -> Iterator[Arguments]:
    """The arguments of each point that ``places`` names, for one function.

    Each ``--at`` is a point of its own; what is drawn, or made by a function that takes a ``seed``, gives ``points`` of them.
    Raises ``UsageError``: E379 (nothing is given), E305 (a parameter is given twice), E383 (no such parameter), E385 (a parameter
    has no value), E391 and E509 to E512 (``--args`` gives no arguments), and the errors of distributions, points and loading.

    >>> def loss(w, b=0.5): ...
    >>> [dict(a.values) for a in arguments_for(loss, Places(at=("2", "w=3, b=1")))]
    [{'w': 2.0}, {'w': 3.0, 'b': 1.0}]
    """
    folder = folder or Path()
    parameters = parameters_of(function)
    require(places)
    fixed = [given for text in places.at for given in _written(text, folder)] or [Given({})]
    drawn = bool(places.random) or any(_takes_seed(text, folder) for text in places.args)
    for number in range(places.points if drawn else 1):
        seed = places.seed + number
        more = Given({})
        for text in places.args:
            more |= _made(text, folder, parameters, seed)
        texts = written(places.random)
        sources: dict[str | int | None, Mapping[str, Any]] = {
            name: {"from": f"{text}, seed {seed}"} for name, text in texts.items()
        }
        more |= Given(dict(draw(places.random, seed).items()), sources)
        for given in fixed:
            yield bound(function, given | more)


def require(places: Places) -> None:
    """Raise (E379) where no arguments are named at all."""
    if not (places.at or places.args or places.random):
        raise UsageError.of("E379", "a gradient is checked at a point", hints=_HOW)


def parameters_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The names of a function's parameters by position, with their defaults (``inspect.Parameter.empty`` without one).

    >>> list(parameters_of(lambda w, b=1.0, *, scale=2.0: w))
    ['w', 'b']
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return {"x": inspect.Parameter.empty}
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    found = {p.name: p.default for p in signature.parameters.values() if p.kind in kinds}
    return found or {"x": inspect.Parameter.empty}


def bound(function: Callable[..., Any], given: Given) -> Arguments:
    """What is given as one value for each parameter up to the last that has one.

    Names that are none of the parameters, where the function has one parameter only, are the keys of that one.
    """
    parameters = parameters_of(function)
    values, sources = dict(given.values), dict(given.sources)
    first = next(iter(parameters))
    if None in values:
        if first in values:
            raise UsageError.of("E305", f"{first} is given twice: by its name and without")
        values[first], sources[first] = values.pop(None), sources.pop(None, {})
    values = _by_position(values, list(parameters))
    unknown = [str(name) for name in values if name not in parameters]
    needed = _needed(parameters)
    if unknown and len(unknown) == len(values) and len(needed) <= 1 and not given.typed:
        source = next(iter(sources.values()), {})
        return Arguments({first: {str(k): v for k, v in values.items()}}, {first: source})
    if unknown:
        hints = ("it has: " + ", ".join(parameters),)
        raise UsageError.of("E383", f"the function has no argument {unknown[0]}", hints=hints)
    missing = [name for name in needed if name not in values]
    if missing:
        message = f"the function's argument {missing[0]} has no value"
        raise UsageError.of("E385", message, hints=("it needs: " + ", ".join(needed),))
    last = max(i for i, name in enumerate(parameters) if name in values)
    names = list(parameters)[: last + 1]
    return Arguments(
        {name: values.get(name, parameters[name]) for name in names},
        {str(name): source for name, source in sources.items() if source},
    )


def _by_position(values: dict[str | int | None, Any], names: list[str]) -> dict[str | int | None, Any]:
    """Values without names, ``1, 2``, under the names of the first parameters."""
    count = sum(isinstance(name, int) for name in values)
    if count > len(names):
        message = f"there are {count} arguments for a function that takes {len(names)}"
        raise UsageError.of("E391", message, hints=("it takes: " + ", ".join(names),))
    return {names[name] if isinstance(name, int) else name: value for name, value in values.items()}


def _written(text: str, folder: Path) -> list[Given]:
    """The points of one ``--at`` text: a file, or values with names, each of which may be a file."""
    whole = TextPlace(text, text, 0).cut(0, len(text))
    if whole.text.endswith(FILE_SUFFIXES) and "=" not in whole.text:
        return _of_file(whole.text, folder, whole)
    files = Given({})
    inline = []
    for piece in split(whole, ","):
        name, value = named(piece)
        if value.text.endswith(FILE_SUFFIXES):
            (file, *others) = _of_file(value.text, folder, value)
            if others or set(file.values) != {None}:
                hint = f"a file of named values stands alone: --at {value.text}"
                raise value.error("E329", "the file holds named values, not one value", "", hint)
            files |= Given({name: file.values[None]}, {name: file.sources[None]}, typed=True)
        else:
            inline.append(piece.text)
    if not inline:
        return [files]
    rest = ", ".join(inline)
    choices = Reader(VOCABULARY).text(TextPlace(rest, rest, 0) if files.values else whole)
    return [files | Given({n: c.value for n, c in choice.items()}, typed=True) for choice in choices]


def _of_file(text: str, folder: Path, place: TextPlace | None = None) -> list[Given]:
    """What a file holds: one value, values by name, or several points of them."""
    path = folder / text
    try:
        specs = [_json_of(path)] if path.suffix == ".json" and path.is_file() else read_file(str(path))
    except CalcgradError as error:
        d = error.diagnostic
        raise (place.error(d.code, d.message, d.label, *d.hints) if place else error) from error
    if len(specs) == 1 and isinstance(specs[0], list) and _objects(specs[0]):
        specs = specs[0]
    source = {"from": text, "sha256": sha256(path.read_bytes()).hexdigest()}
    found = []
    for spec in specs:
        values = spec if isinstance(spec, Mapping) else {None: spec}
        trees = {name: _tree(_number(value), folder) for name, value in values.items()}
        found.append(Given(trees, dict.fromkeys(trees, source)))
    return found


def _json_of(path: Path) -> Any:
    require_readable(path)
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=each_once)
    except RecursionError:
        raise too_deep(str(path)) from None
    except ValueError as error:
        raise UsageError.of(
            "E327", f"{path} is not a .json file of numbers", label=str(error)[:200]
        ) from error


def _objects(value: list[Any]) -> bool:
    return bool(value) and all(isinstance(v, Mapping) for v in value)


def _number(value: Any) -> Any:
    """A cell of a CSV file as the number that it is."""
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value


def _takes_seed(text: str, folder: Path) -> bool:
    return is_target(text) and "seed" in parameters_of(load(text, folder))


def _made(text: str, folder: Path, parameters: Mapping[str, Any], seed: int) -> Given:
    """The arguments of one ``--args``: JSON, a file, or what a function of the user's returns."""
    if is_target(text):
        return _returned(text, folder, parameters, seed)
    if text.endswith(FILE_SUFFIXES):
        (given, *others) = _of_file(text, folder)
        if others:
            raise UsageError.of("E509", f"{text} holds {1 + len(others)} points: give it with --at")
        return given
    try:
        data = json.loads(text, object_pairs_hook=each_once)
    except RecursionError:
        raise too_deep("--args") from None
    except ValueError as error:
        hints = ("--args '{\"x\": [1.0, 2.0]}'", "--args model.py:make_args")
        raise UsageError.of("E391", f"--args is no JSON and no function: {error}", hints=hints) from error
    if isinstance(data, list) and len(data) > 1 and len(data) == len(_needed(parameters)):
        return _by_name(tuple([_tree(value, folder) for value in data]), parameters, {})
    return _by_name(_tree(data, folder), parameters, {})


def _needed(parameters: Mapping[str, Any]) -> list[str]:
    return [name for name, default in parameters.items() if default is inspect.Parameter.empty]


def _returned(text: str, folder: Path, parameters: Mapping[str, Any], seed: int) -> Given:
    function = load(text, folder)
    try:
        made = function(seed=seed) if "seed" in parameters_of(function) else function()
    except (Exception, SystemExit) as error:
        raise UsageError.of("E510", f"{text} fails: {describe(error)}", hints=own_frames(error)) from error
    if isinstance(made, Iterator):
        raise UsageError.of("E511", f"{text} returns a generator; return a tuple of arguments")
    return _by_name(made, parameters, {"from": text})


def _by_name(made: Any, parameters: Mapping[str, Any], source: Mapping[str, Any]) -> Given:
    """A tuple is all arguments in their order; a dictionary of parameters is them by name; all else is the first."""
    names = list(parameters)
    if isinstance(made, tuple) and not hasattr(made, "_fields"):
        if len(made) > len(names):
            message = f"there are {len(made)} arguments for a function that takes {len(names)}"
            raise UsageError.of("E512", message, hints=("it takes: " + ", ".join(names),))
        values: dict[str | int | None, Any] = dict(zip(names, made, strict=False))
    elif isinstance(made, Mapping) and made and set(made) <= set(names):
        values = dict(made)
    elif isinstance(made, Mapping) and all(isinstance(key, str) for key in made) and len(names) > 1:
        values = dict(made)  # a name that is no parameter is said by bound()
    else:
        values = {None: made}
    return Given(values, dict.fromkeys(values, source) if source else {})


def _tree(value: Any, folder: Path) -> Any:
    """JSON as arguments: a list of numbers is an array, the name of an array's file its content, a number a float."""
    if isinstance(value, Mapping):
        return {key: _tree(v, folder) for key, v in value.items()}
    if isinstance(value, str) and value.endswith(FILE_SUFFIXES) and (folder / value).is_file():
        return _of_file(value, folder)[0].values.get(None)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, list):
        array = _array(value)
        return [_tree(v, folder) for v in value] if array is None else array
    return value


def _array(value: Sequence[Any]) -> Any:
    """A list of numbers, or of lists of them of one length, as an array; ``None`` for any other list."""
    import numpy

    try:
        array = numpy.array(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "fiu" and array.size else None
