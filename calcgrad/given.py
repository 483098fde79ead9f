"""What the functions of the library are given, held against their annotations: a wrong kind is said in our own words."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from numbers import Integral, Real
from typing import Any, TypeVar

from calcgrad.errors import UsageError

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _texts(value: Any) -> bool:
    if isinstance(value, Iterator):  # which a look would use up
        return True
    return (
        isinstance(value, Iterable)
        and not isinstance(value, bytes | Mapping)
        and all(isinstance(v, str) for v in value)
    )


#: The parts of annotations that are looked at, what they are called, and whether a value is of them.
_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "str": ("a text", lambda value: isinstance(value, str)),
    "int": ("a whole number", lambda value: isinstance(value, Integral)),
    "float": ("a number", lambda value: isinstance(value, Real)),
    "Sequence[str]": ("a sequence of texts", _texts),
    "Callable[..., Any]": ("a function", callable),
    "None": ("None", lambda value: value is None),
}


def held(function: _Function) -> _Function:
    """The function, whose arguments are looked at first. Raises ``UsageError`` E465 for one of another kind than its annotation.

    >>> @held
    ... def twice(text: str, count: int = 2) -> str:
    ...     return text * count
    >>> twice("ab")
    'abab'
    >>> twice(3)
    Traceback (most recent call last):
    ...
    calcgrad.errors.UsageError: E465: twice: text is 3, an int, where it takes a text (help(calcgrad.twice) says more)
    """
    signature = inspect.signature(function)
    kinds = {p.name: found for p in signature.parameters.values() if (found := _kinds_of(str(p.annotation)))}

    @wraps(function)
    def looked(*args: Any, **kwargs: Any) -> Any:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError:  # which Python tells itself, with the names
            return function(*args, **kwargs)
        for name, value in given.items():
            known = kinds.get(name)
            if known and not any(is_one(value) for _, is_one in known):
                raise _other(function.__name__, name, value, [called for called, _ in known])
        return function(*args, **kwargs)

    return looked  # type: ignore[return-value]


def _kinds_of(annotation: str) -> list[tuple[str, Callable[[Any], bool]]]:
    """The kinds of an annotation; none where it has a part that is not looked at."""
    parts = [part.strip() for part in re.split(r"\|", annotation)]
    return [_KINDS[part] for part in parts] if all(part in _KINDS for part in parts) else []


def _other(function: str, name: str, value: Any, kinds: list[str]) -> UsageError:
    kind = type(value).__name__
    shown = "None" if value is None else f"{value!r:.60}, {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
    return UsageError.of(
        "E465",
        f"{function}: {name} is {shown}, where it takes {' or '.join(kinds)}",
        hints=(f"help(calcgrad.{function}) says more",),
    )
