"""One line of ``--input``: an expression, or an object with ``expr`` and what differs from the options."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from json import JSONDecodeError
from typing import TYPE_CHECKING, Any

from calcgrad.comparing.options import OPTIONS, split_names
from calcgrad.errors import CalcgradError, Span, UsageError

if TYPE_CHECKING:
    from calcgrad.comparing.compute import Request


def object_of(line: str) -> dict[str, Any]:
    """The object that the line is, or ``{"expr": line}``; :class:`UsageError` (E396) where it is not JSON."""
    if not line.startswith("{"):
        return {"expr": line}
    from calcgrad.inputs.files import exact_json

    try:
        found: dict[str, Any] = exact_json(line)
    except (ValueError, RecursionError) as error:
        where = Span(error.pos, error.pos + 1) if isinstance(error, JSONDecodeError) else None
        said = error.msg if isinstance(error, JSONDecodeError) else error
        raise UsageError.of(
            "E396", f"the line is not a JSON object: {said}", where, "here", source=line
        ) from error
    return found


def request_of(found: dict[str, Any], base: Request) -> Request:
    """The request of a line's object; what it does not say is as in ``base``.

    Raises :class:`UsageError` where it lacks its ``expr`` (E397), has a key that means nothing (E398), or a
    value of the wrong kind (E399).
    """
    if "expr" not in found:
        raise UsageError.of("E397", 'the object has no "expr"', hints=('{"expr": "x^2", "at": {"x": 1}}',))
    changes = {_FIELDS[key][0]: _FIELDS[key][1](key, value) for key, value in found.items() if _known(key)}
    return replace(base, **changes)


def _known(key: str) -> bool:
    if key in _FIELDS:
        return True
    from difflib import get_close_matches

    close = get_close_matches(key, _FIELDS, n=1)
    hint = f'did you mean "{close[0]}"?' if close else f"known are {', '.join(_FIELDS)}"
    raise UsageError.of("E398", f'"{key}" means nothing here', hints=(hint,))


def _wrong(key: str, wanted: str) -> CalcgradError:
    return UsageError.of("E399", f'"{key}" is {wanted}')


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong(key, "a text")
    return value


def _names(key: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return split_names(value)
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise _wrong(key, "a list of names")
    return tuple(value)


def _whole(key: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _wrong(key, "a whole number, 1 or more")
    return value


def _positive(key: str, value: Any) -> float:
    try:
        number = float(value) if not isinstance(value, bool) else 0.0
    except (TypeError, ValueError, OverflowError):
        number = 0.0
    if not 0 < number < float("inf"):
        raise _wrong(key, "a number above 0")
    return number


def _points(key: str, value: Any) -> Any:
    from calcgrad.inputs.points import read_points, specs_of
    from calcgrad.operations import VOCABULARY

    return read_points(specs_of(value), VOCABULARY)


def _word(key: str, value: Any) -> str:
    choices = OPTIONS[key].choices
    if value not in choices:
        raise _wrong(key, "one of " + ", ".join(f'"{kind}"' for kind in choices))
    return str(value)


def _as_it_is(key: str, value: Any) -> Any:
    return value


_READERS = {"names": _names, "whole": _whole, "number": _positive, "word": _word}
#: Key -> the request's field, and what reads the value.
_FIELDS: dict[str, tuple[str, Callable[[str, Any], Any]]] = {
    "id": ("id", _as_it_is),
    "expr": ("text", _text),
    "at": ("at", _points),
    **{name: (name, _READERS[option.kind]) for name, option in OPTIONS.items()},
}
