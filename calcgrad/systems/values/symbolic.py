"""SymPy expressions of operations that SymPy does not have, or has with complex branches; all is real."""

from __future__ import annotations

from operator import add, mul, neg, sub
from typing import Any

import sympy
from sympy import Rational, S

from calcgrad.systems.values import multiprecision

__all__ = ["add", "mul", "neg", "sub"]

_DIGITS_OF_BIT = 0.30103


class _Real(sympy.Function):  # type: ignore[misc]  # SymPy has no types
    """A real function whose value is that of the same name in ``multiprecision``."""

    def _eval_evalf(self, prec: int) -> Any:
        import mpmath

        digits = int(prec * _DIGITS_OF_BIT) + 5
        values = [a.evalf(digits, maxn=10 * digits) for a in self.args]
        if not all(v.is_Float or v.is_Integer for v in values):
            return None
        with mpmath.workprec(prec + 10):
            value = getattr(multiprecision, type(self).__name__)(*[v._to_mpmath(prec + 10) for v in values])
            return sympy.Float(value, precision=prec) if mpmath.isfinite(value) else S.NaN

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(a.is_extended_real for a in self.args) else None


class cbrt(_Real):  # noqa: N801  the name that is printed
    """The real cube root."""

    @classmethod
    def eval(cls, a: Any) -> Any:
        """A whole or rational root where there is one; an odd function."""
        if a.is_Rational:
            return _exact_root(a, 3)
        return -cls(-a) if a.could_extract_minus_sign() else None

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivative 1/(3 y^2)."""
        return 1 / (3 * self**2)


class root(_Real):  # noqa: N801  the name that is printed
    """The real root, of an exponent that may be a variable."""

    @classmethod
    def eval(cls, a: Any, b: Any) -> Any:
        """A power where the root is even or the number positive, and a whole root where there is one."""
        if b == 3:
            return cbrt(a)
        if b.is_Integer and (b % 2 == 0 or a.is_positive):
            return a ** (1 / b)
        return _exact_root(a, int(b)) if a.is_Rational and b.is_Integer and b > 0 else None

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivatives y/(a b) and -y log(a)/b^2."""
        a, b = self.args
        return self / (a * b) if argindex == 1 else -self * sympy.log(a) / b**2


def _exact_root(a: Any, n: int) -> Any:
    top, above = sympy.integer_nthroot(abs(int(a.p)), n)
    bottom, below = sympy.integer_nthroot(int(a.q), n)
    return Rational(top if a.p >= 0 else -top, bottom) if above and below else None


class round(_Real):  # noqa: N801  the name that is printed
    """The nearest whole number, halves to the even one; flat between its jumps."""

    @classmethod
    def eval(cls, a: Any) -> Any:
        """An exact number is rounded exactly."""
        from fractions import Fraction

        return sympy.Integer(Fraction(int(a.p), int(a.q)).__round__()) if a.is_Rational else None

    def fdiff(self, argindex: int = 1) -> Any:
        """Zero."""
        return S.Zero


class sphericalj(_Real):  # noqa: N801  the name that is printed
    """The spherical Bessel function of the first kind; unlike ``sympy.jn`` it has its value at 0."""

    @classmethod
    def eval(cls, n: Any, x: Any) -> Any:
        """The values at 0."""
        return (S.One if n == 0 else S.Zero) if x.is_zero and n.is_Integer else None

    def fdiff(self, argindex: int = 1) -> Any:
        """DLMF 10.51.2; no closed form in the order."""
        n, x = self.args
        if argindex == 1:
            raise sympy.function.ArgumentIndexError(self, argindex)
        if n == 0:
            return -sphericalj(1, x)
        return (n * sphericalj(n - 1, x) - (n + 1) * sphericalj(n + 1, x)) / (2 * n + 1)


class sinc(sympy.sinc):  # type: ignore[misc]  # noqa: N801  the name that is printed
    """sin(x)/x, whose derivatives have their values at 0 too."""

    def fdiff(self, argindex: int = 1) -> Any:
        """(x cos x - sin x)/x^2, and at 0 what continues it."""
        (x,) = self.args
        away = (x * sympy.cos(x) - sympy.sin(x)) / x**2
        return sympy.Piecewise((away, sympy.Ne(x, 0)), (-sphericalj(1, x), True))


def where(a: Any, b: Any, c: Any) -> Any:
    """``b`` under the condition ``a``, else ``c``."""
    return sympy.Piecewise((b, a), (c, True))


def div(a: Any, b: Any) -> Any:
    """The quotient."""
    return a / b


def pow(a: Any, b: Any) -> Any:
    """The power."""
    return sympy.Pow(a, b)


def floordiv(a: Any, b: Any) -> Any:
    """The quotient, rounded down."""
    return sympy.floor(a / b)
