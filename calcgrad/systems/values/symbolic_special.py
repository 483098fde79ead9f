"""Special functions in SymPy where SymPy has none, or one whose derivative breaks down at ordinary points.

A class here is named like its row, so that a formula finds its way back into the language. Digits come from mpmath.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy
from sympy.core.function import ArgumentIndexError

from calcgrad.systems.values import multiprecision_special as digits

Expr = Any
_LONGEST_PRODUCT = 50


class _Special(sympy.Function):  # type: ignore[misc]
    """A real function whose digits are those of ``multiprecision_special``."""

    def _eval_mpmath(self) -> tuple[Any, Any]:
        return getattr(digits, self.func.__name__), self.args

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(a.is_extended_real for a in self.args) else None


class _Derivative(_Special):
    """A k-th derivative; its own is the next one."""

    def fdiff(self, argindex: int = 1) -> Expr:
        if argindex != 2:
            raise ArgumentIndexError(self, argindex)
        k, x = self.args
        return self.func(k + 1, x)


class erfcx(_Special):  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        return erfcx_derivative(1, self.args[0])


class erfcx_derivative(_Derivative):  # noqa: N801
    pass


class dawson(_Special):  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        return dawson_derivative(1, self.args[0])


class dawson_derivative(_Derivative):  # noqa: N801
    pass


class erfcinv(_Special):  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        return -sympy.sqrt(sympy.pi) / 2 * sympy.exp(self**2)


class rgamma(_Special):  # noqa: N801
    @classmethod
    def eval(cls, x: Expr) -> Expr | None:
        if x.is_Integer:
            return sympy.S.Zero if x <= 0 else 1 / sympy.gamma(x)
        return None

    def _eval_mpmath(self) -> tuple[Any, Any]:
        return mpmath.rgamma, self.args

    def fdiff(self, argindex: int = 1) -> Expr:
        return rgamma_derivative(1, self.args[0])


class rgamma_derivative(_Derivative):  # noqa: N801
    pass


class lgamma(_Special):  # noqa: N801
    @classmethod
    def eval(cls, x: Expr) -> Expr | None:
        return sympy.loggamma(x) if x.is_Integer else None

    def fdiff(self, argindex: int = 1) -> Expr:
        return sympy.polygamma(0, self.args[0])


class lbeta(_Special):  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        a, b = self.args
        return sympy.polygamma(0, a if argindex == 1 else b) - sympy.polygamma(0, a + b)


class polygamma_step(_Special):  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        n, x, d = self.args
        if argindex == 1:
            raise ArgumentIndexError(self, argindex)
        return polygamma_step(n + 1, x, d) if argindex == 2 else sympy.polygamma(n + 1, x + d)


class binomial(sympy.binomial):  # type: ignore[misc]  # noqa: N801
    """A polynomial where k is a small number: SymPy's formula of the derivative is 0 * infinity at its roots."""

    @classmethod
    def eval(cls, n: Expr, k: Expr) -> Expr | None:
        if k.is_Integer and 0 <= k <= _LONGEST_PRODUCT:
            return sympy.prod(n - i for i in range(int(k))) / sympy.factorial(k)
        return super().eval(n, k)

    def fdiff(self, argindex: int = 1) -> Expr:
        n, k = self.args
        inner = n + 1 if argindex == 1 else k + 1
        difference = sympy.polygamma(0, inner) - sympy.polygamma(0, n - k + 1)
        return self * difference if argindex == 1 else -self * difference


class zeta(sympy.zeta):  # type: ignore[misc]  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        return zeta_derivative(1, self.args[0])


class zeta_derivative(_Derivative):  # noqa: N801
    pass


class hurwitz_zeta(_Special):  # noqa: N801
    @classmethod
    def eval(cls, s: Expr, a: Expr) -> Expr | None:
        value = sympy.zeta(s, a)
        return None if value.has(sympy.zeta) else value

    def fdiff(self, argindex: int = 1) -> Expr:
        s, a = self.args
        return hurwitz_derivative(1, s, a) if argindex == 1 else -s * hurwitz_zeta(s + 1, a)


class hurwitz_derivative(_Special):  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        k, s, a = self.args
        if argindex == 1:
            raise ArgumentIndexError(self, argindex)
        if argindex == 2:
            return self.func(k + 1, s, a)
        if s == 0:  # where the pole of zeta(s + 1, a) is taken away by the factor s
            return hurwitz_deflated(k, s, a).fdiff(3)
        return -s * hurwitz_derivative(k, s + 1, a) - k * _hurwitz_of_order(k - 1, s + 1, a)


def _hurwitz_of_order(k: Expr, s: Expr, a: Expr) -> Expr:
    return hurwitz_zeta(s, a) if k == 0 else sympy.S.Zero if k == -1 else hurwitz_derivative(k, s, a)


class hurwitz_deflated(_Special):  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        k, s, a = self.args
        if argindex == 2:
            return self.func(k + 1, s, a)
        if argindex == 1:
            raise ArgumentIndexError(self, argindex)
        before = hurwitz_deflated(k - 1, s + 1, a) if k != 0 else sympy.S.Zero
        return -s * hurwitz_deflated(k, s + 1, a) - k * before - (1 if k == 0 else 0)


class lambertw(sympy.LambertW):  # type: ignore[misc]  # noqa: N801
    """SymPy's own derivative, W/(x (1 + W)), is 0/0 at 0."""

    def fdiff(self, argindex: int = 1) -> Expr:
        return sympy.exp(-self) / (1 + self)


class Si(sympy.Si):  # type: ignore[misc]
    """SymPy's own derivative, sin(x)/x, is 0/0 at 0; its sinc is not."""

    def fdiff(self, argindex: int = 1) -> Expr:
        return sympy.sinc(self.args[0])


class ellipk_derivative(_Derivative):  # noqa: N801
    pass


class ellipe_derivative(_Derivative):  # noqa: N801
    pass
