"""``scipy.optimize``: solutions of equations, and minima, by what the equation or the loss depends on.

SciPy finds the solution of the plain problem. From there Newton's steps on the traced one change nothing of the value, and have its
derivatives: one step those of the first order, each further step twice as many and one more (Griewank and Walther, Evaluating
derivatives, 2nd ed., section 15.3). Three are made, which is right up to the seventh order; a Taylor series beyond it is refused
(E428), and derivatives nested deeper bring a step more.

>>> import numpy as np
>>> import calcgrad
>>> from calcgrad.scipy import optimize
>>> calcgrad.grad(lambda a: optimize.brentq(lambda x: x**3 - a, 0.0, 3.0))(8.0)
0.08333333333333334
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from calcgrad.errors import UndefinedError
from calcgrad.scipy.following import BY_NAME, any_traced, follows, missing, public_names, scipys, unsupported
from calcgrad.scipy.values import held
from calcgrad.tracer import is_traced
from calcgrad.tracing.traced import Traced, settled
from calcgrad.transforms.gradients import grad
from calcgrad.transforms.jacobians import jacfwd

Function = Callable[..., Any]
_STEPS = 3
_ORDER = 2**_STEPS - 1


def _given(args: Any) -> tuple[Any, ...]:
    return args if isinstance(args, tuple) else (args,)


def _plain(value: Any) -> Any:
    """The value under every trace; a program depends on it from now on."""
    if isinstance(value, list | tuple):
        return np.asarray([_plain(v) for v in value])
    return settled(value)


def _asks(**given: Any) -> bool:
    """Whether the equation depends on something traced: a parameter, or what it reads from around it."""
    function = next((given[name] for name in ("fun", "func", "f") if name in given), None)
    start, args = given.get("x0", given.get("a")), _given(given.get("args", ()))
    if any_traced(start, given.get("b"), args):
        return True
    return callable(function) and any_traced(function(np.asarray(start, float)[()], *args))


def _vector(value: Any) -> Any:
    return np.stack(list(value)) if isinstance(value, list | tuple) else value


def _refined(equations: Function, solution: Any) -> Any:
    """The solution, with the derivatives of Newton's steps from it."""
    x: Any = np.asarray(solution, float)
    one = np.ndim(x) == 0
    for _ in range(_steps(equations(x))):
        slopes = jacfwd(equations)(float(x) if one and not is_traced(x) else x)
        left = equations(x)
        x = x - (left / slopes if one else np.linalg.solve(slopes, left))
    moved = float(np.max(np.abs(_bare(x) - solution), initial=0.0))
    if not moved <= 1e-3 * (1.0 + float(np.max(np.abs(solution), initial=0.0))):
        raise _unsolved("Newton's steps lead away from it: it is not exact, or the slopes vanish there")
    return solution + (x - held(x))


def _steps(traced: Any) -> int:
    """How many steps the derivatives that are being taken need; each trace is told how far its own series is right."""
    depth = 0
    while type(traced) is Traced:
        depth += 1
        traced._trace.most_order = _ORDER
        traced = traced.primal
    return max(_STEPS, depth.bit_length())


def _bare(x: Any) -> Any:
    while is_traced(x):
        x = x.primal
    return x


def _unsolved(why: Any) -> UndefinedError:
    told = " ".join(str(why).split())
    return UndefinedError.of("E427", f"scipy.optimize found no solution that has derivatives: {told}")


@follows("scipy.optimize.root", asks=_asks)
def root(fun: Function, x0: Any, args: Any = (), method: str = "hybr", tol: Any = None) -> Any:
    """A zero of a vector of functions, by what they depend on."""
    given = _given(args)
    found = scipys("scipy.optimize.root")(
        lambda x: _plain(fun(x, *given)), _plain(x0), method=method, tol=tol
    )
    if not found.success:
        raise _unsolved(found.message)
    found.x = _refined(lambda x: _vector(fun(x, *given)), found.x)
    return found


@follows("scipy.optimize.fsolve", asks=_asks)
def fsolve(func: Function, x0: Any, args: Any = (), xtol: float = 1.49012e-08) -> Any:
    """A zero of a vector of functions, by what they depend on."""
    return root(func, np.atleast_1d(_plain(x0)), args, tol=xtol).x


def _of_interval(name: str) -> Function:
    path = f"scipy.optimize.{name}"

    def solve(f: Function, a: Any, b: Any, args: Any = (), xtol: float = 2e-12, maxiter: int = 100) -> Any:
        given = _given(args)
        found = scipys(path)(
            lambda x: float(_plain(f(x, *given))), _plain(a), _plain(b), xtol=xtol, maxiter=maxiter
        )
        return _refined(lambda x: f(x, *given), found)

    solve.__doc__ = "A zero of a function between two numbers, by what the function depends on."
    return follows(path, asks=_asks)(solve)


brentq, brenth, bisect, ridder, toms748 = map(
    _of_interval, ("brentq", "brenth", "bisect", "ridder", "toms748")
)


@follows("scipy.optimize.newton", asks=_asks)
def newton(func: Function, x0: Any, fprime: Any = None, args: Any = (), tol: float = 1.48e-08) -> Any:
    """A zero of a function near a number; derivatives are not taken from ``fprime``."""
    given = _given(args)
    slope = None if fprime is None else (lambda x: float(_plain(fprime(x, *given))))
    found = scipys("scipy.optimize.newton")(
        lambda x: float(_plain(func(x, *given))), float(_plain(x0)), fprime=slope, tol=tol
    )
    return _refined(lambda x: func(x, *given), float(found))


@follows("scipy.optimize.minimize", asks=_asks)
def minimize(
    fun: Function,
    x0: Any,
    args: Any = (),
    method: Any = None,
    jac: Any = None,
    tol: Any = None,
    options: Any = None,
) -> Any:
    """A minimum without bounds, by what the loss depends on: the zero of its gradient next to the one that SciPy finds."""
    given = _given(args)
    if jac is not None and not callable(jac) and not isinstance(jac, str):
        raise unsupported("scipy.optimize.minimize", f"jac={jac!r}", "jac=None, or a function")
    slopes = (lambda x: _plain(jac(x, *given))) if callable(jac) else jac
    found = scipys("scipy.optimize.minimize")(
        lambda x: float(_plain(fun(x, *given))),
        _plain(x0),
        method=method,
        jac=slopes,
        tol=tol,
        options=options,
    )
    gradient = grad(lambda x: fun(x, *given))
    found.x = _refined(gradient, found.x)
    found.fun = fun(found.x, *given)
    return found


__all__ = public_names("scipy.optimize")  # noqa: PLE0605
globals().update({name: BY_NAME[f"scipy.optimize.{name}"] for name in __all__})


def __getattr__(name: str) -> Any:
    raise missing(__name__, name)
