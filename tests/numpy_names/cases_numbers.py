"""Functions of numbers, entry by entry: NumPy's ufuncs and SciPy's special functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special as sp

import calcgrad.special as cs
from tests.numpy_names.measuring import Case, case

#: Functions of one argument that are defined from 0.5 to 2.5.
PLAIN = """
    negative positive absolute fabs sign exp exp2 log log2 log10 log1p expm1 sqrt square cbrt
    reciprocal sin cos tan arctan sinh cosh tanh arcsinh deg2rad radians rad2deg degrees floor ceil
    trunc rint sinc conjugate fix
""".split()
#: Others, with a range of their own.
RANGES = {"arcsin": (-0.9, 0.9), "arccos": (-0.9, 0.9), "arctanh": (-0.9, 0.9), "arccosh": (1.2, 3.0)}
BINARY = """
    add subtract multiply divide power float_power remainder fmod arctan2 hypot maximum minimum
    fmax fmin logaddexp logaddexp2 copysign floor_divide heaviside
""".split()
SHAPES = [((2, 3), (3,)), ((2, 1), (3,)), ((), (2,)), ((), ()), ((0,), (1,))]


def _unary() -> list[Case]:
    found = []
    for name in (*PLAIN, *RANGES):
        low, high = RANGES.get(name, (0.6, 1.4))
        for shape in [(2, 3), (), (0,), (2, 0)]:
            found.append(case(f"numpy.{name}", getattr(np, name), shape, low=low, high=high))
        if name not in ("sqrt", "log", "log2", "log10", "arccosh"):
            found.append(case(f"numpy.{name}", getattr(np, name), (4,), low=-0.9, high=-0.1))
    return found


def _binary() -> list[Case]:
    found = []
    for name in BINARY:
        second = name not in ("floor_divide", "heaviside")
        single = name != "float_power"
        for shapes in SHAPES:
            found.append(case(f"numpy.{name}", getattr(np, name), *shapes, second=second, single=single))
        function: Any = getattr(np, name)
        found.append(case(f"numpy.{name}", lambda x, f=function: f(x, 2.0), (3,), single=single))
        found.append(case(f"numpy.{name}", lambda x, f=function: f(2.0, x), (3,), single=single))
    return found


SPECIAL = """
    expit erf erfc erfcx erfi dawsn gamma gammaln loggamma rgamma psi ellipe cbrt exp2 exp10 log1p
    expm1 sindg cosdg tandg j0 j1 y0 y1 i0 i1 k0 k1 log_expit ndtr log_ndtr entr airy fresnel
""".split()
IN_UNIT = {
    "logit": (0.1, 0.9),
    "erfinv": (-0.9, 0.9),
    "erfcinv": (0.1, 1.9),
    "ndtri": (0.1, 0.9),
    "ellipk": (0.1, 0.9),
}
SPECIAL_BINARY = """
    xlogy xlog1py rel_entr kl_div huber pseudo_huber beta betaln boxcox boxcox1p
""".split()


def _special() -> list[Case]:
    found = []
    for name in (*SPECIAL, *IN_UNIT):
        low, high = IN_UNIT.get(name, (0.6, 1.4))
        high = 0.9 if name == "ellipe" else high
        for shape in [(2, 3), (), (0,)]:
            found.append(
                case(f"scipy.special.{name}", getattr(sp, name), shape, low=low, high=high, single=False)
            )
    for name in SPECIAL_BINARY:
        for shapes in SHAPES:
            found.append(case(f"scipy.special.{name}", getattr(sp, name), *shapes, single=False))
    return found


def _of_order() -> list[Case]:
    named: Any = {name: getattr(sp, name) for name in ("jv", "yv", "yn", "iv", "kv", "kn")}
    found = [
        case(f"scipy.special.{name}", lambda x, f=f: f(2, x), shape, single=False)
        for name, f in named.items()
        for shape in [(3,), ()]
    ]
    return [
        *found,
        case("scipy.special.binom", lambda x: sp.binom(x, 1.5), (3,), low=2.0, high=4.0, single=False),
        case("scipy.special.binom", sp.binom, (3,), (3,), single=False),
        case("scipy.special._riemann_zeta", cs.zeta, (3,), low=2.0, high=4.0, single=False),
        case("scipy.special._zeta", cs.zeta, (3,), (), low=2.0, high=4.0, single=False),
        case("scipy.special.polygamma", lambda x: cs.polygamma(2, x), (3,), single=False),
        case("scipy.special.lambertw", lambda x: np.real(cs.lambertw(x)), (3,), single=False),
        case("scipy.special.factorial", cs.factorial, (3,), single=False),
        case("scipy.special.radian", sp.radian, (3,), (), (3,), single=False),
        case("scipy.special.boxcox", lambda x: sp.boxcox(x, 0.0), (3,), single=False),
        case(
            "scipy.special.multigammaln", lambda a: cs.multigammaln(a, 3), (), low=2.0, high=4.0, single=False
        ),
        case("scipy.special.logsumexp", cs.logsumexp, (2, 3)),
        case("scipy.special.logsumexp", lambda x: cs.logsumexp(x, axis=1, keepdims=True), (2, 3)),
        case("scipy.special.logsumexp", lambda x, b: cs.logsumexp(x, axis=0, b=b), (2, 3), (2, 3)),
        case("scipy.special.softmax", cs.softmax, (2, 3)),
        case("scipy.special.softmax", lambda x: cs.softmax(x, axis=-1), (2, 3)),
        case("scipy.special.log_softmax", cs.log_softmax, (4,)),
        case("scipy.special.log_softmax", lambda x: cs.log_softmax(x, axis=1), (2, 3)),
    ]


def _families() -> list[Case]:
    """Functions of SciPy's with parameters before the variable."""
    of: Any = {
        "gammainc": (2.5,),
        "gammaincc": (2.5,),
        "betainc": (2.0, 0.5),
        "expn": (2,),
        "eval_legendre": (3,),
        "eval_chebyt": (3,),
        "eval_chebyu": (3,),
        "eval_hermite": (3,),
        "eval_laguerre": (3,),
        "eval_genlaguerre": (3, 0.5),
        "eval_gegenbauer": (3, 0.5),
        "eval_jacobi": (3, 0.5, 1.5),
        "hyp0f1": (1.5,),
        "hyp1f1": (0.5, 1.5),
        "hyp2f1": (0.5, 1.0, 2.5),
        "exp1": (),
        "spence": (),
        "shichi": (),
    }
    return [
        case(
            f"scipy.special.{name}",
            lambda x, name=name, p=p: getattr(sp, name)(*p, x),
            shape,
            low=0.2,
            high=0.8,
            single=False,
            second=name != "shichi",
        )
        for name, p in of.items()
        for shape in [(3,), ()]
    ]


_ODD = np.array([0.0, np.nan, np.inf, -np.inf])

CASES: list[Case] = [
    *_unary(),
    *_binary(),
    *_special(),
    *_of_order(),
    *_families(),
    case("numpy.copy", np.copy, (2, 3)),
    case("numpy.divmod", np.divmod, (3,), (3,), second=False),
    case("numpy.modf", np.modf, (4,), low=-2.5, high=2.5),
    case("numpy.round", np.round, (3,)),
    case("numpy.round", lambda x: np.round(x, 1), (3,)),
    case("numpy.around", lambda x: np.around(x, decimals=-1), (3,)),
    case("numpy.ldexp", lambda x: np.ldexp(x, 3), (3,)),
    case("numpy.ldexp", lambda x: np.ldexp(x, np.array([1, -2, 0])), (3,)),
    case("numpy.frexp", np.frexp, (3,)),
    case("numpy.heaviside", lambda x: np.heaviside(x, 0.5), (3,), low=-1.0),
    case("numpy.sinc", np.sinc, (5,), low=-2.0, high=2.0),
    case("numpy.i0", np.i0, (3,), single=False),
    case("numpy.where", lambda x, y: np.where(x > y, x, y), (2, 3), (3,)),
    case("numpy.where", lambda x: np.where(np.array([1, 0, 2]), x, 0.0), (3,)),
    case("numpy.where", lambda x: np.where(x > 1.0, x * x, 2.0), ()),
    case("numpy.where", lambda x: np.where(x > 1.0, np.log(x - 1.0), 0.0), (5,)),
    case("numpy.where", lambda x, y: np.where(np.array([[True], [False]]), x, y), (3,), ()),
    case("numpy.clip", lambda x: np.clip(x, 1.0, 2.0), (4,)),
    case("numpy.clip", lambda x: np.clip(x, None, 2.0), (4,)),
    case("numpy.clip", lambda x: x.clip(1.0, None), (4,)),
    case("numpy.clip", lambda x, low: np.clip(x, low, 2.0), (2, 3), (3,)),
    case("numpy.real", np.real, (3,)),
    case("numpy.real", lambda x: np.real(np.exp(1j * x)), (3,), single=False),
    case("numpy.imag", lambda x: np.imag(x * (1 + 2j)), (3,), single=False),
    case("numpy.angle", lambda x: np.angle(x + 1j), (3,), single=False),
    case("numpy.angle", lambda x: np.angle(x + 1j, deg=True), (3,), single=False),
    case("numpy.absolute", lambda x: np.abs(x + 1j), (3,), single=False),
    case("numpy.absolute", lambda x: abs((x + 1j) ** 2), (3,), single=False),
    case("numpy.conjugate", lambda x: np.conj(x * 1j) * (x + 2j), (3,), single=False),
    case("numpy.multiply", lambda x: (x + 1j) * (2 - x * 1j) / (x - 3j), (3,), single=False),
    case("numpy.exp", lambda x: np.exp(1j * x) + np.sin(x * 1j), (3,), single=False),
    case(
        "numpy.nan_to_num",
        lambda x: np.nan_to_num(np.where(_ODD == 0, x, _ODD), posinf=1.0, neginf=-2.0),
        (4,),
        single=False,
    ),
    case("numpy.unwrap", lambda x: np.unwrap(x * np.arange(8.0)), (), low=2.0, high=3.0),
    case("numpy.unwrap", lambda x: np.unwrap(x * 5.0, axis=0, period=4.0), (4, 2)),
    case("numpy.full_like", lambda x: np.full_like(x, 1.0) * x, (3,)),
    case("numpy.full_like", np.full_like, (2, 3), ()),
    case("numpy.linspace", lambda a, b: np.linspace(a, b, 5), (), (), single=False),
    case("numpy.linspace", lambda a, b: np.linspace(a, b, 4, endpoint=False), (2,), (), single=False),
    case("numpy.linspace", lambda a, b: np.linspace(a, b, 3, retstep=True), (), (), single=False),
    case("numpy.linspace", lambda a, b: np.linspace(a, b, 3, axis=-1), (2,), (2,), single=False),
    case("numpy.interp", lambda x: np.interp(x, [0.0, 1.0, 2.0], [1.0, 3.0, 2.0]), (5,), single=False),
    case("numpy.interp", lambda x, fp: np.interp(x, np.arange(3.0), fp), (2, 3), (3,), single=False),
    case(
        "numpy.interp",
        lambda d: np.interp(np.array([0.1, 1.3, 9.0]), np.cumsum(d), d * d),
        (4,),
        single=False,
    ),
    case(
        "numpy.interp",
        lambda x: np.interp(x, [1.0, 2.0], [3.0, 5.0], left=-1.0, right=7.0),
        (5,),
        single=False,
    ),
    case("numpy.interp", lambda x: np.interp(x, [1.0, 2.0], [3.0, 5.0]), (), single=False),
    case("numpy.polyval", np.polyval, (3,), (4,)),
    case("numpy.polyval", lambda x: np.polyval([1.0, -2.0, 0.5], x), (), single=False),
    case("numpy.vander", lambda x: np.vander(x, 4), (3,)),
    case("numpy.vander", lambda x: np.vander(x, increasing=True), (3,)),
]
