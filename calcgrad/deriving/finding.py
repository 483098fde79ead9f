"""Why a claimed derivative is wrong: the mistake is made on purpose, one wrong rule at one place, until the claim comes out.

Numbers only sort out what is worth a proof; a reason is given where the claim and the mistaken derivative are proved equal as
formulas, or, failing that, agree at many points by certified arithmetic, which is then said. Where two different mistakes of
the same plainness explain the claim, the first place counts; where none does, nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from calcgrad.deriving.building import each_once, put_in, rational, scheme
from calcgrad.deriving.differentiating import Application, differentiate
from calcgrad.deriving.equality import proved_equal
from calcgrad.deriving.mistakes import MISTAKES, Mistake
from calcgrad.deriving.records import NoFormulaError
from calcgrad.deriving.tidying import tidy
from calcgrad.errors import Span
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Call, Name, Node, Number
from calcgrad.operations import VOCABULARY

Known = Literal["formula", "points"]
#: Points at which certified arithmetic must agree where no proof is found.
LEAST_POINTS = 24
_MOST_NODES = 300
_CLOSE = 1e-9
#: The highest power of a variable by which a claim is said to be off.
_LARGEST_POWER = 4
_LEAST_VALUES = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a claim is wrong: the mistake's name and rule, a sentence, its place in the function's text, and how it is known."""

    mistake: str
    rule: str
    sentence: str
    place: Span | None
    known: Known
    points: int = 0


class Judge(Protocol):
    """What the finder cannot know of itself: values, and agreement at points by certified arithmetic."""

    def values(self, node: Node) -> Sequence[float]:
        """Values at the same few points for every expression; nan where there is none."""

    def agreeing(self, a: Node, b: Node) -> int:
        """At how many points the two are equal within certified bounds; 0 where they differ at one."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A derivative with a mistake in it, and what is to be said of it."""

    formula: Node
    mistake: str
    rule: str
    sentence: str
    place: Span | None


def find_mistake(function: Node, wrt: Sequence[str], claim: Node, judge: Judge) -> Reason | None:
    """The mistake that turns the derivative of ``function`` by the variables ``wrt``, one after another, into ``claim``.

    ``None`` where no single mistake does, or where the function has no formula for its derivative.
    """
    if len(each_once(function)) > _MOST_NODES or len(each_once(claim)) > _MOST_NODES:
        return None
    try:
        right = derivative(function, wrt)
    except NoFormulaError:
        return None
    seen = _Seen(judge, judge.values(claim), judge.values(right))
    if _same(seen.claim, seen.right):
        return None
    for candidates in (
        _orders(function, wrt, _of_all) if len(wrt) > 1 else iter(()),
        _mistakes(function, wrt, everywhere=False),
        _each_time(function, wrt),
        _mistakes(function, wrt, everywhere=True),
        _whole(function, wrt, right, claim, seen),
    ):
        for made in candidates:
            if (reason := seen.reason(made, claim)) is not None:
                return reason
    return None


def derivative(function: Node, wrt: Sequence[str]) -> Node:
    """The tidied derivative by several variables, one after another. Raises ``NoFormulaError``."""
    for name in wrt:
        function = tidy(differentiate(function, name).formula, function).formula
    return function


class _Seen:
    """The values of the claim and of the right derivative, and the proofs."""

    def __init__(self, judge: Judge, claim: Sequence[float], right: Sequence[float]) -> None:
        self.judge = judge
        self.claim = claim
        self.right = right

    def reason(self, made: _Made, claim: Node) -> Reason | None:
        """The reason, if the mistaken derivative is the claim."""
        values = self.judge.values(made.formula)
        if not _same(values, self.claim) or _same(values, self.right):
            return None
        if proved_equal(made.formula, claim):
            return Reason(made.mistake, made.rule, made.sentence, made.place, "formula")
        points = self.judge.agreeing(made.formula, claim)
        if points < LEAST_POINTS:
            return None
        return Reason(made.mistake, made.rule, made.sentence, made.place, "points", points)


def _same(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether values agree wherever both are there, at enough points."""
    both = [(x, y) for x, y in zip(a, b, strict=True) if math.isfinite(x) and math.isfinite(y)]
    return len(both) >= _LEAST_VALUES and all(
        abs(x - y) <= _CLOSE * max(abs(x), abs(y), 1e-3) for x, y in both
    )


def _mistakes(function: Node, wrt: Sequence[str], everywhere: bool) -> Iterator[_Made]:
    """Every derivative with one wrong rule at one place, or at all places where that rule is applied, the plainest first."""
    for mistake in MISTAKES:
        for turn in range(len(wrt)):
            before = derivative(function, wrt[:turn])
            places = applications(before, wrt[turn], mistake)
            all_of_them = [places] if len(places) > 1 else []
            for group in all_of_them if everywhere else [[place] for place in places]:
                made = _made(before, wrt, turn, mistake, group)
                if made is not None:
                    yield made


def _each_time(function: Node, wrt: Sequence[str]) -> Iterator[_Made]:
    """The same mistake everywhere and in each of several differentiations."""
    for mistake in MISTAKES if len(wrt) > 1 else ():
        formula: Node | None = function
        first: Application | None = None
        for name in wrt:
            if formula is None:
                break
            here = applications(formula, name, mistake)
            first = first or (here[0] if here else None)
            made = _made(formula, [name], 0, mistake, here) if here else None
            formula = tidy(made.formula).formula if made is not None else None
        if formula is not None and first is not None:
            sentence = f"in each differentiation, {_sentence(mistake, first, wrt[0])}"
            yield _Made(formula, mistake.name, mistake.rule, sentence, first.node.span)


def _made(
    before: Node, wrt: Sequence[str], turn: int, mistake: Mistake, group: list[Application]
) -> _Made | None:
    chosen = {id(application.node) for application in group}

    def spoil(application: Application) -> str | None:
        fits = application.rule.name == mistake.rule and id(application.node) in chosen
        return mistake.scheme if fits else None

    try:
        formula = differentiate(before, wrt[turn], spoil).formula
        for name in wrt[turn + 1 :]:
            formula = differentiate(formula, name).formula
    except NoFormulaError:
        return None
    sentence, named = _sentence(mistake, group[0], wrt[turn]), mistake.name
    if named == "inner derivative left out" and _in_degrees(group[0], wrt[turn]):
        named, sentence = (
            "degrees for radians",
            "the factor pi/180 of an angle in degrees is left out (chain rule)",
        )
    if len(group) > 1:
        sentence += f", here and in {len(group) - 1} other " + ("place" if len(group) == 2 else "places")
    if turn:
        sentence = f"in differentiation {turn + 1}: {sentence}"
    return _Made(formula, named, mistake.rule, sentence, None if turn else group[0].node.span)


def _in_degrees(application: Application, variable: str) -> bool:
    """Whether the inner derivative is pi/180."""
    inner = application.parts.get("w")
    return inner is not None and derivative(inner, [variable]) == scheme("pi/180")


def applications(function: Node, variable: str, mistake: Mistake) -> list[Application]:
    """Where the rule that a mistake spoils is applied."""
    found: list[Application] = []

    def note(application: Application) -> str | None:
        operation = application.node.op if isinstance(application.node, Call) else ""
        bare = mistake.inner and isinstance(application.parts.get("u"), Name)
        plus = mistake.negative and not _has_a_minus(application.parts.get("n"))
        if (
            application.rule.name == mistake.rule
            and mistake.operation in ("", operation)
            and not (bare or plus)
        ):
            found.append(application)
        return None

    try:
        differentiate(function, variable, note)
    except NoFormulaError:
        return []
    return found


def _has_a_minus(exponent: Node | None) -> bool:
    """Whether an exponent is written with a minus before it."""
    return exponent is not None and to_text(exponent, VOCABULARY).startswith("-")


def _sentence(mistake: Mistake, application: Application, variable: str) -> str:
    """The words of a mistake with the texts of its place."""
    words = {"y": application.node, **application.parts}
    texts = {letter: to_text(node, VOCABULARY) for letter, node in words.items()}
    for letter, node in application.parts.items():
        if "{d" + letter + "}" in mistake.words:
            texts["d" + letter] = to_text(derivative(node, [variable]), VOCABULARY)
    texts["x"] = variable
    texts["f"] = application.node.op if isinstance(application.node, Call) else ""
    return mistake.words.format(**texts)


def _of_all(formula: Node, name: str, sentence: str) -> _Made:
    """What is wrong with the whole claim, which has no place in the function."""
    return _Made(formula, name, "", sentence, None)


def _whole(function: Node, wrt: Sequence[str], right: Node, claim: Node, seen: _Seen) -> Iterator[_Made]:
    """What may be wrong with the whole: not differentiated, integrated, by another variable, a factor, a sign, a constant."""
    made = _of_all
    yield made(function, "not differentiated", "the function itself is claimed: it is not differentiated")
    yield from _orders(function, wrt, made)
    names = sorted({n.name for n in each_once(function) if isinstance(n, Name)} - set(wrt))
    for name in names if len(set(wrt)) == 1 else ():
        formula = _or_none(partial(derivative, function, [name] * len(wrt)))
        if formula is not None:
            yield made(formula, "wrong variable", f"the derivative by {name} is claimed, not by {wrt[0]}")
    if len(wrt) == 1 and names:
        parts = [
            part
            for name in (*wrt, *names)
            if (part := _or_none(partial(derivative, function, [name]))) is not None
        ]
        total = parts[0]
        for part in parts[1:]:
            total = Call("add", (total, part))
        yield made(total, "wrong variable", "the derivatives by all variables are added")
    anti = _or_none(partial(derivative, claim, wrt[:1])) if len(wrt) == 1 else None
    if (
        anti is not None
        and _same(seen.judge.values(anti), seen.judge.values(function))
        and proved_equal(anti, function)
    ):
        yield made(claim, "integrated", "the function is integrated, not differentiated")
    yield made(Call("div", (Number(1), right)), "upside down", "1 over the derivative is claimed")
    yield from _up_to(right, seen, made)


def _orders(function: Node, wrt: Sequence[str], made: Callable[[Node, str, str], _Made]) -> Iterator[_Made]:
    """Differentiated once too often, or not often enough."""
    if len(set(wrt)) == 1:
        for order, words in ((len(wrt) - 1, "once less often"), (len(wrt) + 1, "once too often")):
            formula = _or_none(partial(derivative, function, [wrt[0]] * order)) if order else None
            if formula is not None:
                yield made(formula, "wrong order", f"the function is differentiated {words}")


def _up_to(right: Node, seen: _Seen, made: Callable[[Node, str, str], _Made]) -> Iterator[_Made]:
    """The right derivative up to a sign, a factor, a constant."""
    pairs = [
        (r, c) for r, c in zip(seen.right, seen.claim, strict=True) if math.isfinite(r) and math.isfinite(c)
    ]
    if len(pairs) < _LEAST_VALUES:
        return
    yield made(Call("neg", (right,)), "sign", "the sign is wrong: the claim is minus the derivative")
    if all(r != 0 for r, _ in pairs):
        factor = _simple(pairs[0][1] / pairs[0][0])
        if factor is not None and rational(right) is None:
            text = to_text(factor, VOCABULARY)
            yield made(Call("mul", (factor, right)), "factor", f"the claim is {text} times the derivative")
    constant = _simple(pairs[0][1] - pairs[0][0])
    if constant is not None and rational(right) is None:
        text = to_text(constant, VOCABULARY)
        yield made(Call("add", (right, constant)), "constant", f"the claim is the derivative plus {text}")
    yield from _up_to_a_power(right, seen, made)


def _up_to_a_power(right: Node, seen: _Seen, made: Callable[[Node, str, str], _Made]) -> Iterator[_Made]:
    """The right derivative up to a factor that is a power of a variable."""
    quotient = [c / r for r, c in zip(seen.right, seen.claim, strict=True) if r]
    if len(quotient) < len(seen.right):
        return
    names = sorted({n.name for n in each_once(right) if isinstance(n, Name)})
    for name in names:
        sizes = seen.judge.values(Name(name))
        exponent = _exponent(sizes, quotient)
        if not exponent:
            continue
        factor = _simple(quotient[0] / sizes[0] ** exponent)
        if factor is not None:
            power = Call("pow", (Name(name), Number(abs(exponent))))
            times = tidy(Call("mul" if exponent > 0 else "div", (factor, power))).formula
            text = to_text(times, VOCABULARY)
            yield made(Call("mul", (times, right)), "factor", f"the claim is {text} times the derivative")


def _exponent(sizes: Sequence[float], quotient: Sequence[float]) -> int:
    """The whole number k, not 0, by which quotients go as size^k from point to point; 0 where there is none."""
    pairs = [(abs(s), abs(q)) for s, q in zip(sizes, quotient, strict=True) if s and math.isfinite(q) and q]
    if len(pairs) < _LEAST_VALUES:
        return 0
    (s0, q0), *others = sorted(pairs)
    slopes = [math.log(q / q0) / math.log(s / s0) for s, q in others if s / s0 > 1.01]
    k = round(slopes[-1]) if slopes and math.isfinite(slopes[-1]) else 0
    return k if abs(k) <= _LARGEST_POWER and all(abs(slope - k) < 1e-6 for slope in slopes) else 0


def _simple(value: float) -> Node | None:
    """A number that people write: a small fraction, or such times pi or a logarithm; ``None`` for others."""
    from fractions import Fraction

    for text, unit in _UNITS:
        ratio = Fraction(value / unit).limit_denominator(1000)
        if ratio and abs(ratio.numerator) < 10_000 and abs(float(ratio) * unit - value) <= 1e-12 * abs(value):
            template = (
                f"{abs(ratio.numerator)}/{ratio.denominator}*{text}"
                if text
                else f"{abs(ratio.numerator)}/{ratio.denominator}"
            )
            node = tidy(scheme(template if ratio > 0 else f"-({template})")).formula
            return put_in(node, {})
    return None


_UNITS = (
    ("", 1.0),
    ("pi", math.pi),
    ("1/pi", 1 / math.pi),
    ("ln(2)", math.log(2)),
    ("1/ln(2)", 1 / math.log(2)),
    ("ln(10)", math.log(10)),
    ("1/ln(10)", 1 / math.log(10)),
    ("e", math.e),
    ("sqrt(2)", math.sqrt(2)),
)


def _or_none(make: Callable[[], Node]) -> Node | None:
    try:
        return make()
    except NoFormulaError:
        return None
