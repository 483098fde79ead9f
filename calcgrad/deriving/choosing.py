"""The shortest of several forms of one sum: as it is, a common factor taken out, multiplied out, over one denominator.

All have the same values wherever the first one has any. Only short sums are tried, so that the whole stays linear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from calcgrad.deriving.building import number
from calcgrad.deriving.dividing import divided
from calcgrad.deriving.forms import ONE, Algebra, Exponent, Form, Kernel, Mono, Term, content_of
from calcgrad.deriving.known import SQUARES
from calcgrad.deriving.records import Tidying
from calcgrad.deriving.writing import Sizes, Writer, flat, signed
from calcgrad.expression.nodes import Call, Node, Number

#: Characters beyond which a form is left as it is, terms that multiplying out may make, and how often a choice is repeated.
_LONGEST = 600
_MOST_TERMS = 80
_DEEPEST = 6
#: Products that one choice may make, and all choices in one formula; what is beyond stays as it is.
_EACH, _ALL = 4_000, 30_000


class Change(NamedTuple):
    """One change of form: its name, the form after it, whether that has more values, and the factor that was taken out.

    Forms collect what is like of themselves; ``first`` makes the expression before that, and ``then`` names the collecting.
    """

    name: str
    form: Form
    widens: bool = False
    what: Term | None = None
    first: Callable[[], Node] | None = None
    then: str = "like terms"


#: Changes one after another.
Path = tuple[Change, ...]


class Chooser:
    """Improves forms by named steps, each recorded, as long as they get shorter."""

    def __init__(self, algebra: Algebra, writer: Writer, records: list[Tidying]) -> None:
        self.algebra = algebra
        self.writer = writer
        self.records = records
        self.sizes = Sizes()
        self.spent = 0
        self._stop = 0
        self._best: dict[int, tuple[Form, Path]] = {}

    def size(self, form: Form) -> int:
        """Characters of a form in print."""
        return self.sizes.of(self.writer.node(form))

    def improve(self, form: Form) -> Form:
        """The shortest form that the steps find; each step on the way to it is recorded."""
        if self.spent > _ALL:
            return form
        start = self.algebra.work
        self._stop = start + min(_EACH, _ALL - self.spent)
        best, path = self._shortest(form, _DEEPEST)
        self.spent += self.algebra.work - start
        before = form
        for change in path:
            self._record(before, change)
            before = change.form
        return best

    def _record(self, before: Form, change: Change) -> None:
        """Note a change, in two where its own form collected something."""
        a, b = self.writer.node(before), self.writer.node(change.form)
        if hash(a) == hash(b):
            return
        what = self.writer.term(*change.what) if change.what is not None else None
        if change.first is not None:
            between = change.first()
            if hash(flat(between)) not in (hash(flat(a)), hash(flat(b))):
                self.records.append(Tidying(change.name, a, between, False, what))
                self.records.append(Tidying(change.then, between, b, change.widens))
                return
        self.records.append(Tidying(change.name, a, b, change.widens, what))

    def _shortest(self, form: Form, depth: int) -> tuple[Form, Path]:
        known = self._best.get(form.index)
        if known is not None:
            return known
        self._best[form.index] = form, ()  # what comes back to itself is no shorter
        best: tuple[Form, Path] = form, ()
        shortest = self.size(form)
        if form.terms and depth and shortest <= _LONGEST and len(form.terms) <= _MOST_TERMS:
            for path in self._candidates(form):
                if self.algebra.work > self._stop:
                    break
                other = path[-1].form
                if other is form:
                    continue
                end, further = self._shortest(other, depth - 1)
                size = self.size(end)
                changes = len(path) + len(further)
                if (size, changes) < (shortest, len(best[1])):
                    shortest, best = size, (end, (*path, *further))
        self._best[form.index] = best
        return best

    def _candidates(self, form: Form) -> Iterator[Path]:
        """What may be tried, each as the changes that lead there."""
        algebra = self.algebra
        if len(form.terms) > 1:
            yield from self._taken_out(form)
        if len(form.terms) > 1 or not _has_sum_below(form):
            expanded = self.expanded(form)
            if expanded is not None and expanded is not form:
                yield (Change("multiplied out", expanded),)
        if len(form.terms) > 1:
            together = self._together(form)
            if together is not None:
                yield together
            yield from self._squares(form)
        elif form.terms:
            yield from self._cancelled(form)
            yield from self._one_fraction(form)
            yield from self._inner(form)
        algebra.widened = False

    def _taken_out(self, form: Form) -> Iterator[Path]:
        """Common factors before brackets, with the common number and without it."""
        algebra = self.algebra
        common = common_factors(algebra, [mono for mono, _ in form.terms])
        content = content_of([c for _, c in form.terms])
        if sum(c < 0 for _, c in form.terms) * 2 > len(form.terms):
            content = -content
        for factor in (
            {Fraction(1), content, Fraction(1, content.denominator)} if common else {content} - {ONE}
        ):
            rest = divided_by(algebra, form, common, factor)
            frame = _Frame(algebra, self.writer, algebra.form({common: factor}))
            first = Change("taken out", frame.form(rest), False, (common, factor))
            yield first, *self._within(rest, frame)

    def _within(self, inner: Form, frame: _Frame) -> Path:
        """The changes that make a part of a form shorter, as changes of the whole."""
        return frame.path(self._shortest(inner, 2)[1])

    def expanded(self, form: Form) -> Form | None:
        """Every product of sums multiplied out; ``None`` where that makes too many terms."""
        return expanded(self.algebra, form, _MOST_TERMS)

    def _together(self, form: Form) -> Path | None:
        """The sum over its common denominator, what stands above it in its shortest form."""
        algebra = self.algebra
        common = lowest_powers(form)
        if not common:
            return None
        above = expanded(algebra, divided_by(algebra, form, common, ONE), _MOST_TERMS)
        if above is None:
            return None
        frame = _Frame(algebra, self.writer, algebra.form({common: ONE}))

        def first() -> Node:
            return frame.node(self._uncollected(form, common))

        together = Change("over one denominator", frame.form(above), first=first)
        return (together, *self._within(above, frame)) if above.terms else (together,)

    def _uncollected(self, form: Form, common: Mono) -> Node:
        """The sum that stands above a common denominator, term by term."""
        algebra = self.algebra
        above: Node | None = None
        for term in form.terms:
            inner = self.writer.node(divided_by(algebra, algebra.form(dict([term])), common, ONE))
            above = inner if above is None else Call("add", (above, inner))
        assert above is not None
        return signed(flat(above))

    def _squares(self, form: Form) -> Iterator[Path]:
        """``sin(u)^2 + cos(u)^2`` is 1 and the like: one square written by the other."""
        ops = {
            kernel.op
            for mono, _ in form.terms
            for kernel, e in mono
            if isinstance(e, Fraction) and e >= 2 and kernel.op
        }
        for op, other, constant, factor in SQUARES:
            if op in ops:
                changed = with_square(self.algebra, form, op, other, constant, factor)
                if changed is not None:
                    yield (Change(f"{op}^2 and {other}^2", changed, op in ("tan", "sec", "cot", "csc")),)

    def _cancelled(self, form: Form) -> Iterator[Path]:
        """A product whose sums divide one another: ``(x^2 - 1)/(x - 1)``."""
        algebra = self.algebra
        mono, coefficient = form.terms[0]
        above = [
            (k, e)
            for k, e in mono
            if k.base is not None and isinstance(e, Fraction) and e > 0 and e.denominator == 1
        ]
        below = [(k, e) for k, e in mono if k.base is not None and isinstance(e, Fraction) and e <= -1]
        for kernel, power in above:
            for divisor, depth in below:
                assert kernel.base is not None
                assert divisor.base is not None
                quotient = divided(algebra, kernel.base, divisor.base)
                if quotient is None:
                    quotient = divided(
                        algebra, expanded(algebra, kernel.base, _MOST_TERMS) or kernel.base, divisor.base
                    )
                if quotient is None:  # what stands above may divide what stands below
                    inverse = (
                        divided(algebra, divisor.base, kernel.base) if power == 1 and depth == -1 else None
                    )
                    if inverse is not None:
                        rest = tuple((k, e) for k, e in mono if k is not kernel and k is not divisor)
                        whole = algebra.multiply([(algebra.form({rest: coefficient}), ONE), (inverse, -ONE)])
                        yield (Change("cancelled", whole, True),)
                else:
                    rest = tuple((k, e) for k, e in mono if k is not kernel and k is not divisor)
                    parts: list[tuple[Form, Exponent]] = [
                        (algebra.form({rest: coefficient}), ONE),
                        (quotient, ONE),
                    ]
                    if power != 1:
                        parts.append((kernel.base, power - 1))
                    parts.append((divisor.base, depth + 1))
                    yield (Change("cancelled", algebra.multiply(parts), True),)

    def _one_fraction(self, form: Form) -> Iterator[Path]:
        """A product in which a sum of fractions becomes one fraction."""
        algebra = self.algebra
        mono, coefficient = form.terms[0]
        for kernel, exponent in mono:
            if kernel.base is not None and isinstance(exponent, Fraction) and exponent.denominator == 1:
                path = self._together(kernel.base)
                if path is not None:
                    rest = algebra.form({tuple((k, e) for k, e in mono if k is not kernel): coefficient})
                    frame = _Frame(algebra, self.writer, rest, exponent)
                    yield tuple([c._replace(widens=c.widens or exponent < 0) for c in frame.path(path)])

    def _inner(self, form: Form) -> Iterator[Path]:
        """A product in which one sum has a shorter form."""
        algebra = self.algebra
        mono, coefficient = form.terms[0]
        for kernel, exponent in mono:
            if (
                kernel.base is not None
                and isinstance(exponent, Fraction)
                and exponent.denominator == 1
                and exponent > 0
            ):
                rest = algebra.form({tuple((k, e) for k, e in mono if k is not kernel): coefficient})
                path = self._within(kernel.base, _Frame(algebra, self.writer, rest, exponent))
                if path:
                    yield path


class _Frame(NamedTuple):
    """What stands around a part of a product: the other factors, and the part's exponent."""

    algebra: Algebra
    writer: Writer
    rest: Form
    exponent: Fraction = ONE

    def form(self, inner: Form) -> Form:
        """The product with this part."""
        return self.algebra.multiply([(self.rest, ONE), (inner, self.exponent)])

    def node(self, inner: Node) -> Node:
        """The product with this part, nothing collected."""
        if abs(self.exponent) != 1:
            inner = Call("pow", (inner, number(abs(self.exponent))))
        rest = self.writer.node(self.rest)
        if self.exponent < 0:
            return Call("div", (rest, inner))
        if rest == Number(1):
            return inner
        above, below = rest.args if isinstance(rest, Call) and rest.op == "div" else (rest, None)
        if above == Number(1):
            above = inner
        elif above == Call("neg", (Number(1),)):
            above = Call("neg", (inner,))
        else:
            above = Call("mul", (above, inner))
        return above if below is None else Call("div", (above, below))

    def path(self, changes: Path) -> Path:
        """The changes of the part as changes of the product."""
        return tuple([self._around(change) for change in changes])

    def _around(self, change: Change) -> Change:
        def first() -> Node:
            return self.node(change.first() if change.first else self.writer.node(change.form))

        then = "like terms and factors" if change.first else "like factors"
        return Change(change.name, self.form(change.form), change.widens, change.what, first, then)


def _has_sum_below(form: Form) -> bool:
    """Whether a sum stands below the line of a single term."""
    return (
        any(k.base is not None and isinstance(e, Fraction) and e < 0 for k, e in form.terms[0][0])
        if form.terms
        else False
    )


def common_factors(algebra: Algebra, monos: list[Mono]) -> Mono:
    """The kernels that stand in every term on the same side of the line, with the power that all of them have."""
    found = dict(monos[0])
    for mono in monos[1:]:
        here = dict(mono)
        for kernel in list(found):
            power = _common_power(algebra, found[kernel], here.get(kernel))
            if power is None:
                del found[kernel]
            else:
                found[kernel] = power
        if not found:
            break
    return tuple(sorted(found.items(), key=lambda pair: pair[0].index))


def _common_power(algebra: Algebra, a: Exponent, b: Exponent | None) -> Exponent | None:
    if b is None:
        return None
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        if (a > 0) != (b > 0):
            return None
        return min(a, b)
    if a is b:
        return a
    difference = algebra.as_exponent(algebra.add([(ONE, algebra.as_form(a)), (-ONE, algebra.as_form(b))]))
    if not isinstance(difference, Fraction):
        return None
    return b if difference > 0 else a


def divided_by(algebra: Algebra, form: Form, mono: Mono, factor: Fraction) -> Form:
    """Each term over a monomial and a number."""
    inverse = tuple((kernel, algebra.exponent_times(exponent, -ONE)) for kernel, exponent in mono)
    parts = []
    for inner, coefficient in form.terms:
        joined, number = algebra.joined([(inner, coefficient / factor), (inverse, ONE)])
        parts.append((ONE, algebra.form({joined: number})))
    return algebra.add(parts)


def times(algebra: Algebra, form: Form, mono: Mono, factor: Fraction) -> Form:
    """A form times a monomial and a number."""
    term: Term = algebra.term(form)
    joined, number = algebra.joined([term, (mono, factor)])
    return algebra.form({joined: number})


def lowest_powers(form: Form) -> Mono:
    """The common denominator of a sum: each kernel that stands below, to the lowest of its powers."""
    lowest: dict[Kernel, Fraction] = {}
    for mono, _ in form.terms:
        for kernel, exponent in mono:
            if isinstance(exponent, Fraction) and exponent < lowest.get(kernel, Fraction(0)):
                lowest[kernel] = exponent
    return tuple(sorted(lowest.items(), key=lambda pair: pair[0].index))


def together(algebra: Algebra, form: Form, most: int) -> Form | None:
    """A sum over its common denominator, what stands above it multiplied out; ``None`` where nothing stands below."""
    common = lowest_powers(form)
    if not common:
        return None
    above = expanded(algebra, divided_by(algebra, form, common, ONE), most)
    if above is None or not above.terms:
        return above
    return times(algebra, above, common, ONE)


def expanded(algebra: Algebra, form: Form, most: int) -> Form | None:
    """A form with its products of sums multiplied out; ``None`` where that makes more than ``most`` terms."""
    parts: list[tuple[Fraction, Form]] = []
    changed = False
    for mono, coefficient in form.terms:
        sums = [
            (k, int(e))
            for k, e in mono
            if k.base is not None and isinstance(e, Fraction) and e.denominator == 1 and e > 0
        ]
        if not sums:
            parts.append((ONE, algebra.form({mono: coefficient})))
            continue
        changed = True
        rest = tuple((k, e) for k, e in mono if (k, e) not in sums)
        product: list[Term] = [(rest, coefficient)]
        for kernel, power in sums:
            assert kernel.base is not None
            for _ in range(power):
                if len(product) * len(kernel.base.terms) > most:
                    return None
                product = _products(algebra, product, kernel.base)
        parts += [(ONE, algebra.form({m: c})) for m, c in product]
        if len(parts) > most:
            return None
    return algebra.add(parts) if changed else form


def _products(algebra: Algebra, left: list[Term], right: Form) -> list[Term]:
    collected: dict[Mono, Fraction] = {}
    for a in left:
        for b in right.terms:
            mono, coefficient = algebra.joined([a, b])
            collected[mono] = collected.get(mono, Fraction(0)) + coefficient
    return [(mono, c) for mono, c in collected.items() if c]


def with_square(algebra: Algebra, form: Form, op: str, other: str, constant: int, factor: int) -> Form | None:
    """``op(u)^2`` replaced by ``constant + factor*other(u)^2`` where it stands in a term; ``None`` where it does not."""
    parts: list[tuple[Fraction, Form]] = []
    changed = False
    for mono, coefficient in form.terms:
        pair = next(((k, e) for k, e in mono if k.op == op and isinstance(e, Fraction) and e >= 2), None)
        if pair is None:
            parts.append((ONE, algebra.form({mono: coefficient})))
            continue
        changed = True
        kernel, exponent = pair
        rest = tuple((k, e - 2 if k is kernel else e) for k, e in mono if k is not kernel or exponent != 2)
        square = ((algebra.call(other, kernel.args), Fraction(2)),)
        parts.append((ONE, algebra.form({rest: coefficient * constant})))
        joined, number = algebra.joined([(rest, coefficient * factor), (square, ONE)])
        parts.append((ONE, algebra.form({joined: number})))
    return algebra.add(parts) if changed else None
