"""Values that may be missing at a place: what the source around it names, and what is made of that.

A candidate is an expression in which ``_`` is the value of the place, and a name for the cause. It is evaluated in the frame of the
place, so that in a loop it has the values of each turn.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import numpy

from calcgrad.checking.diagnosing.correcting.kinds import is_slope
from calcgrad.checking.diagnosing.correcting.program import Site, Source, alias_of, is_formula

#: The value of the place in the expression of a candidate.
HERE = "_"
#: So many values of the source are tried at one place, and so many forms of them.
_MOST_NAMED, _MOST_FORMS = 60, 120
_LARGEST = 100_000
_MOST_PARTS, _LONGEST_TUPLE, _MOST_PAIRED = 40, 12, 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expression in place of the value, the cause that it undoes, and its code; ``scaled`` has a place for a number."""

    text: str
    cause: str
    code: CodeType
    scaled: str = ""

    def value(self, here: Any, frame: FrameType) -> Any:
        """The value of the expression where the place has the value ``here``."""
        return eval(self.code, frame.f_globals, {**frame.f_locals, HERE: here})


def candidate(text: str, cause: str, scaled: str = "") -> Candidate:
    """A candidate from its source.

    >>> candidate("_ * 2", "factor").text
    '_ * 2'
    """
    return Candidate(text, cause, compile(text, "<candidate>", "eval"), scaled)


def is_number(value: Any) -> bool:
    """Whether a value is a real number or an array of such, of a size that is tried."""
    if isinstance(value, (float, int, numpy.floating, numpy.integer)):
        return not isinstance(value, bool)
    if not isinstance(value, numpy.ndarray):
        return False
    return value.dtype.kind in "fiu" and 0 < value.size <= _LARGEST


@dataclass(frozen=True, slots=True)
class _Named:
    """A value of the source at a place: its text, itself, and whether it is one name, one attribute or one entry."""

    text: str
    value: Any
    plain: bool


class Put:
    """What can be put in at one place, seen once, where its value was ``here``."""

    def __init__(self, site: Site, here: Any, frame: FrameType) -> None:
        self._site = site
        self._here = here
        self._shape = numpy.shape(here)
        self.named = list(self._seen(frame))

    def _seen(self, frame: FrameType) -> Iterator[_Named]:
        own, names = ast.unparse(self._site.place.node), dict(frame.f_locals)
        known: set[bytes] = set()
        count = 0
        for source in (*self._site.pool, *_parts(names)):
            try:
                value = eval(source.code, frame.f_globals, names)
            except Exception:
                continue
            if source.text == own or not (is_number(value) or _is_mask(value)) or not self._fits(value):
                continue
            key = repr(numpy.shape(value)).encode() + numpy.asarray(value, dtype=float).tobytes()
            if source.plain and not numpy.shape(value):
                key = source.text.encode()  # two numbers may be the same in the first turn of a loop alone
            if key not in known:
                known.add(key)
                yield _Named(source.text, value, source.plain)
                count += 1
                if count >= _MOST_NAMED:
                    return

    def _fits(self, value: Any) -> bool:
        """Whether a value can be a factor of the place without changing its shape."""
        try:
            return bool(numpy.broadcast_shapes(numpy.shape(value), self._shape) == self._shape)
        except ValueError:
            return False

    def replaced(self) -> Iterator[Candidate]:
        """Another value in its place."""
        node = self._site.place.node
        if not isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.Constant)):
            return
        for each in self.named:
            if numpy.shape(each.value) == self._shape and each.plain and not _is_mask(each.value):
                yield candidate(each.text, "wrong-operand")

    def factors(self) -> Iterator[Candidate]:
        """A factor or a divisor of the source's."""
        for each in self.named:
            text = each.text if each.plain else f"({each.text})"
            yield candidate(f"_ * {text}", cause_of(each.text, each.value, self._shape))
            if not _is_mask(each.value):
                scalar = not numpy.shape(each.value)
                yield candidate(f"_ / {text}", "reduction" if scalar and _is_whole(each.value) else "factor")

    def terms(self) -> Iterator[Candidate]:
        """A term of the source's, with any number before it."""
        for each in self.named:
            if not _is_mask(each.value):
                text = each.text if each.plain else f"({each.text})"
                yield candidate(f"_ + {text}", "missing-term", f"_ + {{}} * {text}")
        for each in self.named:
            if not _is_mask(each.value):
                text = each.text if each.plain else f"({each.text})"
                yield candidate(f"_ + 1 / {text}", "missing-term", f"_ + {{}} / {text}")
                yield candidate(f"_ + (1 - {text})", "missing-term", f"_ + {{}} * (1 - {text})")
                yield candidate(f"_ + {text} ** 2", "missing-term", f"_ + {{}} * {text} ** 2")

    def formed(self) -> Iterator[Candidate]:
        """A factor made of the source's values: derivatives of activations, masks, slopes of a change of variables."""
        names: Mapping[str, Any] = self._site.names
        np = alias_of(names, "numpy")
        slopes = list(_slopes(names, self._site.code.co_filename))
        count = 0
        for each in self.named:
            if _is_mask(each.value) or numpy.shape(each.value) == ():
                continue
            text = each.text if each.plain else f"({each.text})"
            forms = [
                (f"({text} * (1 - {text}))", "missing-activation"),
                (f"(1 - {text} ** 2)", "missing-activation"),
                (f"(1 - {text})", "missing-activation"),
                (f"({text} > 0)", "missing-mask"),
                (f"({text} < 0)", "missing-mask"),
                (f"{text} ** 2", "wrong-operand"),
            ]
            if np:
                forms += [
                    (f"{np}.exp({text})", "reparametrisation"),
                    (f"(1 - {np}.tanh({text}) ** 2)", "missing-activation"),
                    (f"{np}.cos({text})", "missing-activation"),
                ]
            forms += [(f"{name}({text})", "missing-activation") for name in slopes]
            if np and numpy.shape(each.value) == self._shape:
                scalars = [s.text for s in self.named if numpy.shape(s.value) == () and s.plain]
                forms += [
                    (f"{np}.where({text} {sign} 0, {scalar}, 1)", "missing-mask")
                    for scalar in scalars[:4]
                    for sign in "<>"
                ]
            for form, cause in forms:
                yield candidate(f"_ * {form}", cause)
                count += 1
            yield candidate(f"_ / {text} ** 2", "factor")
            if count > _MOST_FORMS:
                return

    def bent(self) -> Iterator[Candidate]:
        """The value in another power, or the derivative of an activation of it."""
        for power in ("2", "3", "0.5", "(-1)", "1.5", "(2 / 3)", "(1 / 3)", "(-0.5)", "(-2)"):
            yield candidate(f"_ ** {power}", "wrong-operand")
        yield candidate("1 - _", "missing-term")
        yield candidate("_ * (1 - _)", "missing-activation")
        yield candidate("1 - _ ** 2", "missing-activation")

    def wrapped(self) -> Iterator[Candidate]:
        """The value through one more function."""
        np = alias_of(self._site.names, "numpy")
        for name in ("exp", "log", "sqrt", "abs", "sign", "tanh") if np else ():
            yield candidate(f"{np}.{name}(_)", "wrong-operand")

    def paired(self) -> Iterator[Candidate]:
        """A term, or another value in some entries, made of two values of the source."""
        np = alias_of(self._site.names, "numpy")
        alike = [n for n in self.named if not _is_mask(n.value) and numpy.shape(n.value) == self._shape]
        masks = [n for n in self.named if _is_mask(n.value)]
        texts = [n.text if n.plain else f"({n.text})" for n in alike[:_MOST_PAIRED]]
        for a, b in permutations(texts, 2):
            for form in (f"{a} * {b}", f"{a} * {b} * (1 - {b})", f"{a} * (1 - {b} ** 2)", f"{a} / {b}"):
                yield candidate(f"_ + {form}", "missing-term", f"_ + {{}} * {form}")
        for mask in masks[:4] if np else ():
            for text in texts:
                yield candidate(f"{np}.where({mask.text}, _, {text})", "missing-mask")
                yield candidate(f"{np}.where({mask.text}, {text}, _)", "missing-mask")
        scalars = [n.text for n in self.named if not numpy.shape(n.value)]
        for scalar in scalars[:6] if np else ():
            yield candidate(f"{np}.clip(_, -{scalar}, {scalar})", "missing-mask")

    def turned(self) -> Iterator[Candidate]:
        """The value in another order, summed, or squared."""
        rows = len(self._shape)
        yield candidate("-_", "sign")
        if rows:
            yield candidate("_[::-1]", "permuted")
        if rows > 1:
            yield candidate("_.T", "transposed")
            yield candidate("_[:, ::-1]", "permuted")
            yield candidate("_.reshape(_.shape[::-1]).T", "permuted")
        for axis in range(rows):
            yield candidate(f"_.sum(axis={axis}, keepdims=True)", "broadcast")
            yield candidate(f"_ - _.mean(axis={axis}, keepdims=True)", "missing-term")
            yield candidate(f"_ - _.sum(axis={axis}, keepdims=True)", "missing-term")


def _parts(names: Mapping[str, Any]) -> Iterator[Source]:
    """The attributes of objects, the entries of dictionaries and of short tuples among the names of a place."""
    waiting = [(name, value, 0) for name, value in names.items() if not name.startswith("__calcgrad")]
    count = 0
    while waiting and count < _MOST_PARTS:
        text, value, depth = waiting.pop(0)
        inner: list[tuple[str, Any]] = []
        if isinstance(value, dict):
            inner = [(f"{text}[{key!r}]", v) for key, v in value.items() if isinstance(key, (str, int))]
        elif isinstance(value, (tuple, list)) and len(value) <= _LONGEST_TUPLE:
            inner = [(f"{text}[{i}]", v) for i, v in enumerate(value)]
        elif not isinstance(value, (numpy.ndarray, numpy.generic, type, ModuleType, FunctionType)):
            inner = [(f"{text}.{key}", v) for key, v in getattr(value, "__dict__", {}).items()]
        for path, part in inner[:_MOST_PARTS]:
            if is_number(part) or _is_mask(part):
                yield Source(path, compile(path, "<source>", "eval"), True)
                count += 1
            elif depth == 0:
                waiting.append((path, part, 1))


def cause_of(text: str, value: Any, shape: Sequence[int]) -> str:
    """What it is called when this factor is missing."""
    if _is_mask(value) or (numpy.shape(value) and _is_zero_or_one(value)):
        return "missing-mask"
    if not numpy.shape(value):
        return "reduction" if _is_whole(value) and value > 2 else "factor"
    if is_slope(text) or "(1 -" in text or "1 - " in text or "** 2" in text:
        return "missing-activation"
    return "missing-mask" if bool((numpy.asarray(value) == 0.0).any()) else "factor"


def _slopes(names: Mapping[str, Any], file: str) -> Iterator[str]:
    """Functions of one argument of the same file: activations and their derivatives."""
    found = [
        name
        for name, value in names.items()
        if is_formula(value) and value.__code__.co_argcount == 1 and value.__code__.co_filename == file
    ]
    yield from sorted(found, key=lambda name: not is_slope(name))[:4]


def _is_mask(value: Any) -> bool:
    return isinstance(value, numpy.ndarray) and value.dtype.kind == "b" and 0 < value.size <= _LARGEST


def _is_zero_or_one(value: Any) -> bool:
    return bool(numpy.isin(value, (0.0, 1.0)).all())


def _is_whole(value: Any) -> bool:
    return float(value) == round(float(value)) if numpy.isfinite(value) else False
