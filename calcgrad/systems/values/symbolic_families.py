"""Incomplete and hypergeometric functions in SymPy: its own become integrals, G-functions or 0/0, which no formula needs.

A class here is named like its row, so that a formula finds its way back into the language. Digits come from mpmath. The
derivative by an order or a parameter is refused, as the table refuses it.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy
from sympy.core.function import ArgumentIndexError

from calcgrad.systems.values import multiprecision_families as digits

Expr = Any


class _Family(sympy.Function):  # type: ignore[misc]
    """A real function whose digits are those of ``multiprecision_families`` or mpmath's own; its last argument is the variable."""

    def _eval_mpmath(self) -> tuple[Any, Any]:
        name = self.func.__name__
        return getattr(digits, name, None) or getattr(mpmath, name), self.args

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(a.is_extended_real for a in self.args) else None

    def fdiff(self, argindex: int = 1) -> Expr:
        if argindex != len(self.args):
            raise ArgumentIndexError(self, argindex)
        return self.slope(*self.args)

    @staticmethod
    def slope(*args: Expr) -> Expr:
        """The derivative by the last argument."""
        raise NotImplementedError


class normcdf(_Family):  # noqa: N801
    @staticmethod
    def slope(x: Expr) -> Expr:
        return sympy.exp(-(x**2) / 2) / sympy.sqrt(2 * sympy.pi)


class norminv(_Family):  # noqa: N801
    def _eval_mpmath(self) -> tuple[Any, Any]:
        from calcgrad.systems.values.multiprecision_special import erfcinv

        return lambda p: -mpmath.sqrt(2) * erfcinv(2 * p), self.args

    @staticmethod
    def slope(p: Expr) -> Expr:
        return sympy.sqrt(2 * sympy.pi) * sympy.exp(norminv(p) ** 2 / 2)


class lowergamma(_Family):  # noqa: N801
    @staticmethod
    def slope(s: Expr, x: Expr) -> Expr:
        return x ** (s - 1) * sympy.exp(-x)


class uppergamma(_Family):  # noqa: N801
    @staticmethod
    def slope(s: Expr, x: Expr) -> Expr:
        return -(x ** (s - 1)) * sympy.exp(-x)


class gammainc(_Family):  # noqa: N801
    @staticmethod
    def slope(s: Expr, x: Expr) -> Expr:
        return x ** (s - 1) * sympy.exp(-x) / sympy.gamma(s)


class gammaincc(_Family):  # noqa: N801
    @staticmethod
    def slope(s: Expr, x: Expr) -> Expr:
        return -(x ** (s - 1)) * sympy.exp(-x) / sympy.gamma(s)


class betainc(_Family):  # noqa: N801
    @staticmethod
    def slope(a: Expr, b: Expr, x: Expr) -> Expr:
        return x ** (a - 1) * (1 - x) ** (b - 1) / sympy.beta(a, b)


class expint(_Family):  # noqa: N801
    @classmethod
    def eval(cls, n: Expr, x: Expr) -> Expr | None:
        """Of order 0 it is elementary."""
        return sympy.exp(-x) / x if n.is_zero else None

    @staticmethod
    def slope(n: Expr, x: Expr) -> Expr:
        return -expint(n - 1, x)


class hyp0f1(_Family):  # noqa: N801
    @staticmethod
    def slope(b: Expr, x: Expr) -> Expr:
        return hyp0f1(b + 1, x) / b


class hyp1f1(_Family):  # noqa: N801
    @staticmethod
    def slope(a: Expr, b: Expr, x: Expr) -> Expr:
        return a / b * hyp1f1(a + 1, b + 1, x)


class hyp2f1(_Family):  # noqa: N801
    @staticmethod
    def slope(a: Expr, b: Expr, c: Expr, x: Expr) -> Expr:
        return a * b / c * hyp2f1(a + 1, b + 1, c + 1, x)


class polylog(_Family):  # noqa: N801
    @staticmethod
    def slope(s: Expr, x: Expr) -> Expr:
        return polylog_derivative(1, s, x)


class polylog_derivative(_Family):  # noqa: N801
    @staticmethod
    def slope(k: Expr, s: Expr, x: Expr) -> Expr:
        return polylog_derivative(k + 1, s, x)


class Shi(_Family):
    """SymPy's own derivative, sinh(x)/x, is 0/0 at 0."""

    @staticmethod
    def slope(x: Expr) -> Expr:
        return hyp0f1(sympy.Rational(3, 2), x**2 / 4)


class Chi(_Family):
    @staticmethod
    def slope(x: Expr) -> Expr:
        return sympy.cosh(x) / x


def _root(phi: Expr, m: Expr) -> Expr:
    return sympy.sqrt(1 - m * sympy.sin(phi) ** 2)


class _Elliptic(_Family):
    """An integral up to an amplitude, with a derivative by the parameter too."""

    def fdiff(self, argindex: int = 1) -> Expr:
        return (self.along_amplitude, self.slope)[argindex - 1](*self.args)

    @staticmethod
    def along_amplitude(phi: Expr, m: Expr) -> Expr:
        """The integrand."""
        raise NotImplementedError


class ellipf(_Elliptic):  # noqa: N801
    @staticmethod
    def along_amplitude(phi: Expr, m: Expr) -> Expr:
        return 1 / _root(phi, m)

    @staticmethod
    def slope(phi: Expr, m: Expr) -> Expr:
        return ellipf_derivative(1, phi, m)


class ellipeinc(_Elliptic):  # noqa: N801
    @staticmethod
    def along_amplitude(phi: Expr, m: Expr) -> Expr:
        return _root(phi, m)

    @staticmethod
    def slope(phi: Expr, m: Expr) -> Expr:
        return ellipeinc_derivative(1, phi, m)


class _EllipticDerivative(_Family):
    """The k-th derivative by the parameter, of the integral of (1 - m sin^2)^-power."""

    power = sympy.S.Half

    def fdiff(self, argindex: int = 1) -> Expr:
        k, phi, m = self.args
        if argindex == 3:
            return self.func(k + 1, phi, m)
        if argindex == 1:
            raise ArgumentIndexError(self, argindex)
        integrand = sympy.sin(phi) ** (2 * k) * (1 - m * sympy.sin(phi) ** 2) ** (-self.power - k)
        return sympy.rf(self.power, k) * integrand


class ellipf_derivative(_EllipticDerivative):  # noqa: N801
    pass


class ellipeinc_derivative(_EllipticDerivative):  # noqa: N801
    power = -sympy.S.Half


class ellippi(_Family):  # noqa: N801
    def fdiff(self, argindex: int = 1) -> Expr:
        if argindex != 2:
            raise ArgumentIndexError(self, argindex)
        n, phi, m = self.args
        return 1 / ((1 - n * sympy.sin(phi) ** 2) * _root(phi, m))
