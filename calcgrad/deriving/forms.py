"""The algebra behind the tidying: sums of terms, in which like terms and like factors are one by construction.

A ``Form`` is a sum of terms, a term a rational coefficient and a monomial: kernels with their exponents. A ``Kernel`` is what
is raised to powers: a name, a constant, a function of forms, or a sum that is a factor. Both are made once for each
content, so that being the same is being the same object. Nothing is multiplied out on the way: ``x*(x + 1)`` is one term.

What is merged keeps its value wherever it had one: ``x^a*x^b`` is ``x^(a + b)``, ``(x^a)^n`` is ``x^(a*n)`` for a whole n, never
``(x^2)^(1/2)`` is ``x``. ``x/x`` is 1, also at 0 where the quotient had no value: the algebra notes that in ``widened``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from calcgrad.deriving.building import exact
from calcgrad.expression.nodes import Constant, Node, Number

ONE = Fraction(1)
_MOST_BITS = 2000
_LARGE_WHOLE = 1000
_LARGE_ROOT = 10**12


class Kernel:
    """What is raised to powers: a leaf (``leaf``), a function (``op``, ``params``, ``args``), or a sum (``base``)."""

    __slots__ = ("args", "base", "index", "leaf", "node", "op", "params", "shape")

    def __init__(
        self,
        index: int,
        leaf: Node | None = None,
        base: Form | None = None,
        op: str = "",
        params: tuple[Any, ...] = (),
        args: tuple[Form, ...] = (),
    ) -> None:
        self.index = index
        self.leaf = leaf
        self.base = base
        self.op = op
        self.params = params
        self.args = args
        self.node: Node | None = None
        self.shape: int | None = None


class Form:
    """A sum of terms, in the order of their first appearance; the empty one is 0."""

    __slots__ = ("index", "node", "terms")

    def __init__(self, index: int, terms: tuple[Term, ...]) -> None:
        self.index = index
        self.terms = terms
        self.node: Node | None = None

    @property
    def number(self) -> Fraction | None:
        """The value of a form without kernels."""
        if not self.terms:
            return Fraction(0)
        (mono, coefficient), *others = self.terms
        return coefficient if not mono and not others else None


Exponent = Any  # a Fraction, or a Form that is no number
Mono = tuple[tuple[Kernel, Exponent], ...]
Term = tuple[Mono, Fraction]


class Algebra:
    """Makes forms and kernels, each content once."""

    def __init__(self) -> None:
        self._kernels: dict[Any, Kernel] = {}
        self._forms: dict[frozenset[Term], Form] = {}
        self._shapes: dict[frozenset[Term], int] = {}
        self.widened = False
        self.work = 0  # products made so far: what the tidying's budget is counted in
        self.zero = self.form({})
        self.one = self.of_number(1)
        self.e = self.leaf(Constant("e"))

    # -- making ---------------------------------------------------------------------------------------------------

    def form(self, terms: Mapping[Mono, Fraction]) -> Form:
        """The form of collected terms; those with the coefficient 0 are dropped."""
        kept = tuple([(mono, c) for mono, c in terms.items() if c])
        if len(kept) == 1:
            mono, coefficient = kept[0]
            if coefficient == 1 and len(mono) == 1 and mono[0][1] == 1 and mono[0][0].base is not None:
                return mono[0][0].base
        key = frozenset(kept)
        found = self._forms.get(key)
        if found is None:
            found = self._forms[key] = Form(len(self._forms), kept)
        return found

    def of_number(self, value: Fraction | int) -> Form:
        """A rational number."""
        return self.form({(): Fraction(value)})

    def leaf(self, node: Node) -> Kernel:
        """The kernel of a name, a constant or a number."""
        key = ("leaf", node)
        found = self._kernels.get(key)
        if found is None:
            found = self._kernels[key] = Kernel(len(self._kernels), leaf=node)
        return found

    def call(self, op: str, args: tuple[Form, ...], params: tuple[Any, ...] = ()) -> Kernel:
        """The kernel of a function of forms."""
        key = (op, params, args)
        found = self._kernels.get(key)
        if found is None:
            found = self._kernels[key] = Kernel(len(self._kernels), op=op, params=params, args=args)
        return found

    def base(self, form: Form) -> Kernel:
        """A form as what is raised to a power."""
        if len(form.terms) == 1:
            mono, coefficient = form.terms[0]
            if coefficient == 1 and len(mono) == 1 and mono[0][1] == 1:
                return mono[0][0]
            if not mono:
                return self.leaf(Number(coefficient))
        key = ("sum", form)
        found = self._kernels.get(key)
        if found is None:
            found = self._kernels[key] = Kernel(len(self._kernels), base=form)
        return found

    def of_kernel(self, kernel: Kernel) -> Form:
        """A kernel as a form."""
        return self.form({((kernel, ONE),): ONE})

    # -- arithmetic -----------------------------------------------------------------------------------------------

    def add(self, parts: Iterable[tuple[Fraction, Form]]) -> Form:
        """The sum of forms, each with a factor; like terms are collected."""
        terms: dict[Mono, Fraction] = {}
        for factor, form in parts:
            for mono, coefficient in form.terms:
                terms[mono] = terms.get(mono, Fraction(0)) + factor * coefficient
        return self.form(self._spliced(terms))

    def _spliced(self, terms: dict[Mono, Fraction]) -> Mapping[Mono, Fraction]:
        """With sums that became terms of their own put in: ``(x + 1)^1`` among others is two terms."""
        while loose := [
            m for m, c in terms.items() if len(m) == 1 and m[0][1] == 1 and m[0][0].base and abs(c) == 1
        ]:
            for mono in loose:
                factor = terms.pop(mono)
                base = mono[0][0].base
                assert base is not None
                for inner, coefficient in base.terms:
                    terms[inner] = terms.get(inner, Fraction(0)) + factor * coefficient
        return terms

    def term(self, form: Form) -> Term:
        """A form as one term: a sum becomes a factor, its content and a minus of all its terms go out."""
        if not form.terms:
            return (), Fraction(0)
        if len(form.terms) == 1:
            return form.terms[0]
        content = content_of([c for _, c in form.terms])
        if content.denominator > 1 and max(abs(c / content) for _, c in form.terms) > _LARGE_WHOLE:
            content = ONE  # 1 + 0.044715*x is no 5e-6*(200000 + 8943*x)
        if all(c < 0 for _, c in form.terms):
            content = -content
        rest = form if content == 1 else self.form(self._spliced({m: c / content for m, c in form.terms}))
        return ((self.base(rest), ONE),), content

    def multiply(self, parts: Iterable[tuple[Form, Exponent]]) -> Form:
        """The product of forms with exponents; like factors are collected."""
        terms = []
        for form, exponent in parts:
            term = self.term(form) if exponent == 1 else self.power_term(form, exponent)
            if not term[1]:
                return self.zero
            terms.append(term)
        mono, coefficient = self.joined(terms)
        return self.form({mono: coefficient}) if coefficient else self.zero

    def joined(self, terms: Iterable[Term]) -> Term:
        """The product of terms."""
        coefficient = ONE
        exponents: dict[Kernel, Exponent] = {}
        self.work += 1
        for mono, factor in terms:
            self.work += len(mono)
            coefficient *= factor
            for kernel, exponent in mono:
                before = exponents.get(kernel)
                exponents[kernel] = exponent if before is None else self.exponent_sum(before, exponent)
        return self._settled(exponents, coefficient)

    def _settled(self, exponents: dict[Kernel, Exponent], coefficient: Fraction) -> Term:
        """A product whose exponents were added up: zeros are dropped, numbers folded, |x| and sign(x) brought together."""
        for kernel in list(exponents):
            exponent = exponents[kernel]
            if exponent == 0:
                del exponents[kernel]
                self.widened = True
            elif isinstance(kernel.leaf, Number) and isinstance(exponent, Fraction):
                whole = (
                    exact("pow", [kernel.leaf.value, Fraction(int(exponent))]) if abs(exponent) >= 1 else None
                )
                if whole is not None:
                    coefficient *= whole
                    exponents[kernel] = exponent - int(exponent)
                    if exponents[kernel] == 0:
                        del exponents[kernel]
            elif (
                kernel.op == "abs"
                and isinstance(exponent, Fraction)
                and exponent.denominator == 1
                and exponent % 2 == 0
            ):
                del exponents[kernel]
                mono, factor = self.power_term(kernel.args[0], exponent)
                return self.joined([(tuple(exponents.items()), coefficient), (mono, factor)])
        if len(exponents) > 1:
            signs = next((k for k in exponents if k.op == "sign" and exponents[k] == 1), None)
            if signs is not None:
                merged = self._with_sign(signs, exponents)
                if merged is not None:
                    return self._settled(merged, coefficient)
            opposite = self._opposites(exponents)
            if opposite is not None:
                kernel, other = opposite
                power = exponents.pop(kernel)
                sign = -1 if power.numerator % 2 else 1
                exponents[other] = self.exponent_sum(exponents[other], power)
                return self._settled(exponents, coefficient * sign)
        return tuple(sorted(exponents.items(), key=lambda pair: pair[0].index)), coefficient

    def _with_sign(self, sign: Kernel, exponents: dict[Kernel, Exponent]) -> dict[Kernel, Exponent] | None:
        """``u*sign(u)`` is ``|u|`` and ``|u|*sign(u)`` is ``u``."""
        inner = sign.args[0]
        absolute, base = self.call("abs", (inner,)), self.base(inner)
        for old, new in ((base, absolute), (absolute, base)):
            power = exponents.get(old)
            if isinstance(power, Fraction) and power.denominator == 1 and power > 0:
                found = {k: e for k, e in exponents.items() if k is not sign}
                found[old] = power - 1
                if found[old] == 0:
                    del found[old]
                found[new] = self.exponent_sum(found.get(new, Fraction(0)), ONE)
                return found
        return None

    def _opposites(self, exponents: dict[Kernel, Exponent]) -> tuple[Kernel, Kernel] | None:
        """Two factors that are each other's opposites, the first with a whole exponent: ``1 - x`` and ``x - 1``."""
        sums = [k for k in exponents if k.base is not None and 1 < len(k.base.terms) < 40]
        if len(sums) < 2:
            return None
        seen: dict[int, Kernel] = {}
        for kernel in sums:
            other = seen.setdefault(self._up_to_sign(kernel), kernel)
            if other is not kernel:
                for a, b in ((kernel, other), (other, kernel)):
                    if isinstance(exponents[a], Fraction) and exponents[a].denominator == 1:
                        return a, b
        return None

    def _up_to_sign(self, kernel: Kernel) -> int:
        """A number that a sum shares with its opposite alone."""
        if kernel.shape is None:
            assert kernel.base is not None
            terms = kernel.base.terms
            first = min(
                terms,
                key=lambda term: [
                    (k.index, str(e) if isinstance(e, Fraction) else str(e.index)) for k, e in term[0]
                ],
            )
            same = frozenset((m, c if first[1] > 0 else -c) for m, c in terms)
            kernel.shape = self._shapes.setdefault(same, len(self._shapes))
        return kernel.shape

    def exponent_sum(self, a: Exponent, b: Exponent) -> Exponent:
        """The sum of two exponents."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return a + b
        total = self.add([(ONE, self.as_form(a)), (ONE, self.as_form(b))])
        return self.as_exponent(total)

    def exponent_times(self, a: Exponent, b: Exponent) -> Exponent:
        """The product of two exponents."""
        if isinstance(a, Fraction) and isinstance(b, Fraction):
            return a * b
        if isinstance(b, Fraction):
            a, b = b, a
        if isinstance(a, Fraction):
            return self.as_exponent(self.add([(a, b)]))
        return self.as_exponent(self.multiply([(a, ONE), (b, ONE)]))

    def as_form(self, exponent: Exponent) -> Form:
        """An exponent as a form."""
        return self.of_number(exponent) if isinstance(exponent, Fraction) else exponent

    @staticmethod
    def as_exponent(form: Form) -> Exponent:
        """A form as an exponent."""
        value = form.number
        return form if value is None else value

    def power(self, form: Form, exponent: Exponent) -> Form:
        """A form to a power."""
        if exponent == 1:
            return form
        mono, coefficient = self.power_term(form, exponent)
        return self.form({mono: coefficient})

    def power_term(self, form: Form, exponent: Exponent) -> Term:
        """A form to a power, as a term."""
        if exponent == 0:
            return (), ONE
        if not isinstance(exponent, Fraction):
            return self._symbolic(form, exponent)
        if exponent.denominator == 1:
            mono, coefficient = self.term(form)
            scaled = _power_of(coefficient, exponent)
            if scaled is None:  # a division by zero, or too large a number
                return ((self.base(form), exponent),), ONE
            if any(e != 1 for _, e in mono) and exponent != 1:
                raised = [(k, self.exponent_times(e, exponent)) for k, e in mono]
                self.widened |= any(
                    isinstance(e, Fraction) and e.denominator != 1 and (e * exponent).denominator == 1
                    for _, e in mono
                )
                return self._settled(dict(raised), scaled)
            return self._settled({k: self.exponent_times(e, exponent) for k, e in mono}, scaled)
        return self._root(form, exponent)

    def _root(self, form: Form, exponent: Fraction) -> Term:
        """A power that is not whole: only what is a square, a cube … goes out of a positive factor."""
        if len(form.terms) != 1:
            return ((self.base(form), exponent),), ONE
        mono, coefficient = form.terms[0]
        if not mono:
            if coefficient > 0:
                root = _power_of(coefficient, exponent)
                return (
                    ((), root) if root is not None else (((self.leaf(Number(coefficient)), exponent),), ONE)
                )
            return ((self.base(form), exponent),), ONE
        outside = _power_of(coefficient, exponent) if coefficient > 0 else None
        if outside is not None and coefficient != 1:
            form = self.form({mono: ONE})
        if (outside is not None or coefficient == 1) and len(mono) == 1:
            kernel, power = mono[0]
            if kernel is self.e or (
                isinstance(power, Fraction) and (power.denominator > 1 or _odd_root(power, exponent))
            ):
                return self._settled({kernel: self.exponent_times(power, exponent)}, outside or ONE)
        return ((self.base(form), exponent),), outside or ONE

    def _symbolic(self, form: Form, exponent: Form) -> Term:
        """A power whose exponent is no number."""
        if len(form.terms) == 1:
            mono, coefficient = form.terms[0]
            if coefficient == 1 and not mono:
                return (), ONE
            if coefficient == 1 and len(mono) == 1 and mono[0][0] is self.e:
                return ((self.e, self.exponent_times(mono[0][1], exponent)),), ONE
        return ((self.base(form), exponent),), ONE


def _odd_root(power: Fraction, exponent: Fraction) -> bool:
    """Whether ``(x^power)^exponent`` is a power of x: an odd power has the sign of x, and only a square root is taken."""
    return power.denominator == 1 and power % 2 == 1 and exponent.denominator == 2


def _power_of(value: Fraction, exponent: Fraction) -> Fraction | None:
    """A number to a rational power where that is rational and not too large."""
    if value == 1:
        return value
    if exponent.denominator == 1:
        return exact("pow", [value, exponent])
    if value <= 0 or max(value.numerator, value.denominator) > _LARGE_ROOT:
        return None
    roots = [_whole_root(n, exponent.denominator) for n in (value.numerator, value.denominator)]
    if None in roots:
        return None
    above, below = roots
    assert above is not None
    assert below is not None
    return exact("pow", [Fraction(above, below), Fraction(exponent.numerator)])


def _whole_root(n: int, k: int) -> int | None:
    guess = round(n ** (1 / k))
    return next((r for r in (guess - 1, guess, guess + 1) if r >= 0 and r**k == n), None)


def content_of(coefficients: list[Fraction]) -> Fraction:
    """The greatest number by which all are whole multiples: the content of a sum.

    >>> content_of([Fraction(2, 3), Fraction(4)])
    Fraction(2, 3)
    """
    from math import gcd, lcm

    return Fraction(gcd(*[c.numerator for c in coefficients]), lcm(*[c.denominator for c in coefficients]))
