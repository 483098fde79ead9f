"""The quick way into a program: one generated function that looks at its arguments and at what was captured, and runs.

It takes whatever a call gives. Where the arguments are of the kinds that the program was made for, and everything captured is
the same by identity (``guards``), it computes at once: a program of floats stands in it line by line. Otherwise, and where a
decision falls otherwise, it hands the call on to the thorough way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import CellType
from typing import Any

import numpy

from calcgrad.compiling.guards import ABSENT, Test, condition, within

#: ``called(args, kwargs)``: the thorough way.
Called = Callable[[tuple[Any, ...], dict[str, Any]], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Door:
    """What a quick way is made of: the names and kinds of the arguments, and the program.

    ``body`` is the program's text over ``names``, each of whose paths returns (``return MISS`` where a decision falls
    otherwise); where it is empty, ``run(leaves)`` is called instead. ``accepts`` is asked about a result before it is given;
    NumPy's doubles need not be made Python's for the inputs ``as_given``. Where ``safe``, a condition on the arguments, does not
    hold, ``run`` is called instead of the text.
    """

    inputs: Sequence[str]
    kinds: Sequence[Any]
    names: dict[str, Any]
    body: Sequence[str]
    run: Callable[[Sequence[Any]], Any]
    accepts: Callable[[Any], bool] | None = None
    as_given: frozenset[str] = frozenset()
    safe: str = ""


def entry(door: Door, tests: Sequence[Test], called: Called) -> Callable[..., Any]:
    """The function that is called in place of the thorough way while these tests of what was captured hold."""
    names: dict[str, Any] = {**door.names, "_absent": ABSENT, "_run": door.run, "_accepts": door.accepts}
    names["_called"] = lambda args, kwargs: called(tuple([a for a in args if a is not ABSENT]), kwargs)
    given = [f"_g{k}" if _number(kind) else name for k, (name, kind) in enumerate(_pairs(door))]
    parameters = "".join(f"{name}=_absent, " for name in given) + ("/, " if given else "")
    handed_on = f"_called(({''.join(f'{name}, ' for name in given)}*_more), _named)"
    of_kind = " and ".join([*_of_kinds(door, given, names), "not _more", "not _named"])
    cells: dict[str, CellType] = {}
    unchanged = condition(tests, names, cells)
    # A double of NumPy's is a float; as one of Python's it is an order of magnitude faster to compute with.
    body = [
        f"{name} = {_as_float(f'_g{k}', kind, name in door.as_given)}"
        for k, (name, kind) in enumerate(_pairs(door))
        if _number(kind)
    ]
    lines = [f"def _entry({parameters}*_more, **_named):"]
    if door.body:  # arithmetic: what is raised there is raised again the thorough way
        if door.safe:
            body += [f"if not ({door.safe}):", *_indented([*_running(door), "break"], 4)]
        body += [new for line in door.body if line for new in _entered(line)]
        lines += ["    while True:", "        try:", f"            if {of_kind} and {unchanged}:"]
        lines += [*_indented(body, 16), "        except Exception:", "            pass", "        break"]
    else:
        lines += [f"    if {of_kind}:", "        try:", f"            _same = {unchanged}"]
        lines += ["        except Exception:", "            _same = False"]
        lines += ["        if _same:", *_indented([*body, *_running(door)], 12)]
    lines.append(f"    return {handed_on}")
    made: Callable[..., Any] = within("_entry", lines, names, cells, "<a call of a compiled function>")
    return made


def _indented(lines: Sequence[str], depth: int) -> list[str]:
    return [" " * depth + line for line in lines]


def _entered(line: str) -> list[str]:
    """A line of a program as it stands in the loop of an entry, which is left where a decision falls otherwise."""
    before, careful, arguments = line.partition("return careful(")
    if not careful:
        return [line.replace("return MISS", "break")]
    return [
        f"{before}_found = careful({arguments}",
        f"{before}if _found is MISS: break",
        f"{before}return _found",
    ]


def _pairs(door: Door) -> list[tuple[str, Any]]:
    return list(zip(door.inputs, door.kinds, strict=True))


def _number(kind: Any) -> bool:
    """Whether arguments of this kind are handed to programs as floats: NumPy's doubles, and arrays without axes."""
    return kind is numpy.float64 or (type(kind) is tuple and kind[0] == ())


def is_single(dtype: Any) -> bool:
    """Whether numbers of a kind have a precision that is not that of Python's: they keep it."""
    return bool(dtype.kind == "f" and dtype.type is not numpy.float64)


def _as_float(given: str, kind: Any, as_given: bool) -> str:
    if kind is not numpy.float64:
        return f"{given}[()]" if is_single(kind[1]) else f"{given}.item()"
    return given if as_given else f"float({given})"


def _of_kinds(door: Door, given: Sequence[str], names: dict[str, Any]) -> list[str]:
    """The conditions that arguments are of their kinds; another ``dtype`` object of the same precision takes the thorough way."""
    found: list[str] = []
    names["_ndarray"] = numpy.ndarray
    for k, (name, kind) in enumerate(zip(given, door.kinds, strict=True)):
        if isinstance(kind, type):
            names[f"_type{k}"] = kind
            found.append(f"type({name}) is " + ("float" if kind is float else f"_type{k}"))
        else:
            shape, names[f"_dtype{k}"] = kind
            found.append(
                f"type({name}) is _ndarray and {name}.dtype is _dtype{k} and {name}.shape == {shape!r}"
            )
    return found


def _running(door: Door) -> list[str]:
    wanted = "_found is not MISS" + (" and _accepts(_found)" if door.accepts else "")
    given = "".join(f"{name}, " for name in door.inputs)
    return [f"_found = _run(({given}))", f"if {wanted}:", "    return _found"]
