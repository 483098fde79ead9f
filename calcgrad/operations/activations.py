"""The activation functions of neural networks."""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import OWN_SIDE, Elementwise, Range, Row, Singular

_row = partial(Elementwise, group="activations", sample=(Range(-8.0, 8.0),))

ROWS: tuple[Row, ...] = (
    _row(
        name="relu",
        partials=("where(a > 0, 1, 0)",),
        help="the rectified linear unit, max(a, 0)",
        ulps=0.0,
        convention="at 0, a kink, the derivative is taken as 0",
        singular=(Singular("kink", "a"),),
        definition="max(a, 0)",
        analytic=False,
    ),
    _row(
        name="leaky_relu",
        partials=("where(a > 0, 1, 0.01)",),
        help="a for positive numbers, a/100 for negative ones",
        ulps=0.7,
        convention="the slope of the negative side is 0.01, and is taken at 0, a kink",
        singular=(Singular("kink", "a"),),
        definition="where(a > 0, a, 0.01*a)",
        analytic=False,
    ),
    _row(
        name="elu",
        partials=("where(a > 0, 1, exp(a))",),
        help="the exponential linear unit: a for positive numbers, exp(a) - 1 for negative ones",
        ulps=0.8,
        convention="alpha = 1, so that the first derivative has no jump",
        definition="where(a > 0, a, expm1(a))",
        analytic=False,
        later=(Singular("kink", "a"),),
        tie=OWN_SIDE,
    ),
    _row(
        name="gelu",
        partials=("erfc(-a/sqrt(2))/2 + a*exp(-a^2/2)/sqrt(2*pi)",),
        help="the Gaussian error linear unit",
        ulps=2.6,
        convention="exact, a*(1 + erf(a/sqrt(2)))/2, not the approximation by tanh",
        definition="a*erfc(-a/sqrt(2))/2",
    ),
    _row(
        name="silu",
        written=("y + sigmoid(a)*(1 - y)",),
        partials=("sigmoid(a)*(1 + a*sigmoid(-a))",),
        help="the sigmoid linear unit, a*sigmoid(a)",
        ulps=2.1,
        definition="a*sigmoid(a)",
        formula="a/(1 + exp(-a))",
        words=("silu", "swish"),
    ),
    _row(
        name="softplus",
        partials=("sigmoid(a)",),
        help="log(1 + exp(a)), without overflow",
        ulps=1.3,
        definition="max(a, 0) + log1p(exp(-abs(a)))",
        formula="log(1 + exp(a))",
    ),
    _row(
        name="sigmoid",
        written=("y*(1 - y)",),
        # y*(1 - y) would lose its digits where y is near 1.
        partials=("y*sigmoid(-a)",),
        help="the logistic function 1/(1 + exp(-a))",
        ulps=1.5,
        definition="exp(min(a, 0))/(1 + exp(-abs(a)))",
        formula="1/(1 + exp(-a))",
        words=("sigmoid", "expit", "logistic"),
        scipy=("expit",),
    ),
    _row(
        name="logit",
        partials=("1/(a*(1 - a))",),
        help="the inverse of the logistic function, log(a/(1 - a))",
        ulps=1.2,
        domain="a > 0 and a < 1",
        singular=(Singular("pole", "a*(1 - a)"),),
        definition="log(a/(1 - a))",
        sample=(Range(0.02, 0.98),),
        scipy=("logit",),
    ),
)
