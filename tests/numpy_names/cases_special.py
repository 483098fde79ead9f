"""Functions of ``scipy.special`` that came later: distribution functions, inverses, scaled Bessel functions, small helpers."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as sp

import calcgrad.special as cs
from tests.numpy_names.measuring import Case, case

#: The parameters before the variable, and the range of the variable.
OF: dict[str, tuple[tuple[float, ...], float, float]] = {
    "stdtr": ((3.3,), -2.5, 2.5),
    "stdtrit": ((3.3,), 0.1, 0.9),
    "gammaincinv": ((2.2,), 0.1, 0.9),
    "gammainccinv": ((2.2,), 0.1, 0.9),
    "betaincinv": ((1.7, 2.4), 0.1, 0.9),
    "betaincc": ((1.7, 2.4), 0.1, 0.9),
    "chdtr": ((3.4,), 0.5, 2.5),
    "chdtrc": ((3.4,), 0.5, 2.5),
    "chdtri": ((3.4,), 0.1, 0.9),
    "pdtr": ((2.0,), 0.5, 2.5),
    "pdtrc": ((2.0,), 0.5, 2.5),
    "fdtr": ((3.2, 4.5), 0.5, 2.5),
    "fdtrc": ((3.2, 4.5), 0.5, 2.5),
    "ive": ((1.5,), 0.5, 2.5),
    "kve": ((1.5,), 0.5, 2.5),
    "i0e": ((), -2.5, 2.4),
    "i1e": ((), 0.5, 2.5),
    "k0e": ((), 0.5, 2.5),
    "k1e": ((), 0.5, 2.5),
    "ndtri_exp": ((), -2.5, -0.1),
    "wrightomega": ((), -2.0, 2.0),
    "expi": ((), 0.5, 2.5),
    "sici": ((), 0.5, 2.5),
    "exprel": ((), -1.0, 1.0),
    "cosm1": ((), -1.0, 1.0),
    "ellipkm1": ((), 0.1, 0.9),
    "eval_hermitenorm": ((3,), 0.2, 0.8),
    "eval_sh_legendre": ((3,), 0.2, 0.8),
    "eval_sh_chebyt": ((3,), 0.2, 0.8),
    "eval_sh_chebyu": ((3,), 0.2, 0.8),
}


def _of(name: str, shape: tuple[int, ...]) -> Case:
    parameters, low, high = OF[name]
    function: Any = getattr(sp, name)
    return case(
        f"scipy.special.{name}", lambda x: function(*parameters, x), shape, low=low, high=high, single=False
    )


CASES: list[Case] = [
    *[
        case(f"scipy.special.{name}", getattr(sp, name), shape, shape, low=0.1, high=0.9, single=False)
        for name in ("ellipkinc", "ellipeinc")
        for shape in ((3,), ())
    ],
    *[_of(name, shape) for name in OF for shape in ((3,), ())],
    *[
        case(f"scipy.special.{name}", getattr(sp, name), (3,), (3,), single=False)
        for name in ("poch", "owens_t", "powm1")
    ],
    *[
        case(f"scipy.special.{name}", getattr(sp, name), (3,), (3,), low=0.01, high=0.6, single=False)
        for name in ("inv_boxcox", "inv_boxcox1p")
    ],
    case("scipy.special.gdtr", lambda a, x: sp.gdtr(a, 2.2, x), (3,), (3,), single=False),
    case("scipy.special.gdtrc", lambda a, x: sp.gdtrc(a, 2.2, x), (3,), (3,), single=False),
    case("scipy.special.gammasgn", sp.gammasgn, (5,), low=-2.5, high=2.5, single=False),
    case("scipy.special.comb", cs.comb, (3,), (3,), low=2.0, high=4.0, single=False),
    *(
        [case("scipy.special.softplus", cs.softplus, (4,), low=-2.0, high=2.0, single=False)]
        if hasattr(sp, "softplus")
        else []
    ),
    case("scipy.special.inv_boxcox", lambda x: sp.inv_boxcox(x, 0.0), (3,), single=False),
    case("scipy.special.stdtr", lambda x: sp.stdtr(3.0, x * np.array([0.0, 1.0, 1e3])), (), single=False),
]
