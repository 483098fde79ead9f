"""Exact division of one sum by another, as polynomials in their kernels."""

from __future__ import annotations

from fractions import Fraction

from calcgrad.deriving.forms import Algebra, Form, Kernel

_MOST = 60
Vector = tuple[int, ...]
Polynomial = dict[Vector, Fraction]


def divided(algebra: Algebra, above: Form, below: Form) -> Form | None:
    """The quotient where nothing remains, else ``None``; so too where an exponent is not a natural number."""
    if not below.terms or max(len(above.terms), len(below.terms)) > _MOST:
        return None
    kernels = sorted(
        {k for form in (above, below) for mono, _ in form.terms for k, _ in mono}, key=lambda k: k.index
    )
    if len(kernels) > 12:
        return None
    top, bottom = _polynomial(above, kernels), _polynomial(below, kernels)
    if top is None or bottom is None:
        return None
    quotient = _quotient(top, bottom)
    if quotient is None:
        return None
    terms = []
    for vector, coefficient in quotient.items():
        mono, factor = algebra.joined(
            [(tuple((k, Fraction(e)) for k, e in zip(kernels, vector, strict=True) if e), coefficient)]
        )
        terms.append((factor, algebra.form({mono: Fraction(1)})))
    return algebra.add(terms)


def _polynomial(form: Form, kernels: list[Kernel]) -> Polynomial | None:
    place = {kernel: i for i, kernel in enumerate(kernels)}
    found: Polynomial = {}
    for mono, coefficient in form.terms:
        vector = [0] * len(kernels)
        for kernel, exponent in mono:
            if not isinstance(exponent, Fraction) or exponent.denominator != 1 or exponent < 0:
                return None
            vector[place[kernel]] = int(exponent)
        found[tuple(vector)] = coefficient
    return found


def _quotient(above: Polynomial, below: Polynomial) -> Polynomial | None:
    """Division with the leading terms in the order of the vectors."""
    above = dict(above)
    lead = max(below)
    quotient: Polynomial = {}
    for _ in range(4 * _MOST):
        if not above:
            return quotient
        top = max(above)
        vector = tuple(a - b for a, b in zip(top, lead, strict=True))
        if min(vector, default=0) < 0:
            return None
        factor = above[top] / below[lead]
        quotient[vector] = factor
        for inner, coefficient in below.items():
            at = tuple(a + b for a, b in zip(inner, vector, strict=True))
            left = above.get(at, Fraction(0)) - factor * coefficient
            if left:
                above[at] = left
            else:
                above.pop(at, None)
    return None
