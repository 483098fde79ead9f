"""``scipy.special``: the functions that traced values go through.

SciPy's ufuncs hand traced values on by themselves and are the same objects here; the Python functions are those of
:mod:`calcgrad.special`. A name that is not here has no derivative, and takes plain values only.

>>> import numpy as np
>>> import calcgrad
>>> import calcgrad.scipy.special as sp
>>> calcgrad.grad(lambda x: sp.gammaln(x) + sp.logsumexp(np.array([1.0, 2.0]) * x))(1.0)
1.153842913728472
"""

from __future__ import annotations

from typing import Any

import numpy
import scipy.special as theirs

from calcgrad import special as written
from calcgrad.numpy_names import HANDLERS, load_special
from calcgrad.scipy.following import missing, register

load_special()


def _covered() -> dict[str, Any]:
    """Everything of SciPy's module that is followed, by its name there."""
    found: dict[str, Any] = {"sinc": numpy.sinc}
    for name in dir(theirs):
        function = getattr(theirs, name)
        if isinstance(function, numpy.ufunc) and not name.startswith("_") and function in HANDLERS:
            found[name] = function
    for name in written.__all__:
        if hasattr(theirs, name):
            found[name] = getattr(written, name)
    return found


for _name, _function in _covered().items():
    globals()[_name] = _function
    register(f"scipy.special.{_name}", getattr(theirs, _name), _function)

__all__ = sorted(_covered())  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    raise missing(__name__, name)
