"""The gradient checkers that the bench compares, all with one signature: loss, gradient, point -> whether it accepts.

Losses and gradients are NumPy functions of one flat vector; each library gets them the way it takes functions of the user's, and
is asked with its defaults. A checker that raises rejects.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

Loss = Callable[[Any], Any]
Checker = Callable[[Loss, Loss, Any], bool]

#: SciPy returns the norm of the error and leaves the verdict to its user; this is what people compare it with.
SCIPY_TOLERANCE = 1e-5


def calcgrad(loss: Loss, gradient: Loss, x: Any) -> bool:
    from calcgrad import check_grad

    return check_grad(loss, gradient, x).verdict == "right"


def scipy(loss: Loss, gradient: Loss, x: Any) -> bool:
    from scipy.optimize import check_grad

    return bool(check_grad(loss, gradient, x) <= SCIPY_TOLERANCE)


def autograd(loss: Loss, gradient: Loss, x: Any) -> bool:
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    function = primitive(lambda v: np.asarray(loss(np.asarray(v)))[()])
    defvjp(function, lambda y, v: lambda g: g * np.asarray(gradient(np.asarray(v))))
    check_grads(function, modes=["rev"], order=1)(x)
    return True


def torch_slow(loss: Loss, gradient: Loss, x: Any) -> bool:
    return _torch(loss, gradient, x, fast=False)


def torch_fast(loss: Loss, gradient: Loss, x: Any) -> bool:
    return _torch(loss, gradient, x, fast=True)


def _torch(loss: Loss, gradient: Loss, x: Any, fast: bool) -> bool:
    import torch

    class Function(torch.autograd.Function):
        @staticmethod
        def forward(context: Any, v: Any) -> Any:
            context.save_for_backward(v)
            return torch.as_tensor(np.asarray(loss(v.detach().numpy())))

        @staticmethod
        def backward(context: Any, g: Any) -> Any:
            (v,) = context.saved_tensors
            return g * torch.as_tensor(np.array(gradient(v.detach().numpy())))

    tensor = torch.tensor(x, requires_grad=True)
    return bool(torch.autograd.gradcheck(Function.apply, (tensor,), fast_mode=fast, raise_exception=False))


def jax(loss: Loss, gradient: Loss, x: Any) -> bool:
    import jax as library
    from jax.test_util import check_grads

    library.config.update("jax_enable_x64", True)
    value_of = library.ShapeDtypeStruct((), x.dtype)
    gradient_of = library.ShapeDtypeStruct(x.shape, x.dtype)

    @library.custom_vjp
    def function(v: Any) -> Any:
        return library.pure_callback(lambda u: np.asarray(loss(np.asarray(u)), x.dtype), value_of, v)

    def backward(v: Any, g: Any) -> Any:
        found = library.pure_callback(lambda u: np.asarray(gradient(np.asarray(u)), x.dtype), gradient_of, v)
        return (g * found,)

    function.defvjp(lambda v: (function(v), v), backward)
    check_grads(function, (x,), order=1, modes=["rev"])
    return True


CHECKERS: dict[str, tuple[str, Checker]] = {
    "calcgrad check_grad": ("calcgrad", calcgrad),
    "torch gradcheck": ("torch", torch_slow),
    "torch gradcheck, fast": ("torch", torch_fast),
    "jax check_grads": ("jax", jax),
    "scipy check_grad": ("scipy", scipy),
    "autograd check_grads": ("autograd", autograd),
}


def accepts(checker: Checker, loss: Loss, gradient: Loss, x: Any) -> bool:
    """Whether a checker accepts the gradient."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return checker(loss, gradient, x)
        except Exception:  # most say "wrong" by an error
            return False
