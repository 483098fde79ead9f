"""Activations and losses of machine learning, with the derivatives that their papers or textbooks print.

Goodfellow is Goodfellow, Bengio, Courville, "Deep Learning" (2016); Bishop is "Pattern Recognition and
Machine Learning" (2006), by equation or section.
"""

from __future__ import annotations

from typing import Any

from mpmath import atan, cos, cosh, erf, exp, log, mpf, pi, sin, sqrt, tanh

from .problem import Problem


def s(x: Any) -> Any:
    """The logistic function."""
    return 1 / (1 + exp(-x))


def normal(x: Any) -> Any:
    """The standard normal density."""
    return exp(-(x**2) / 2) / sqrt(2 * pi)


def cdf(x: Any) -> Any:
    """The standard normal distribution."""
    return (1 + erf(x / sqrt(mpf(2)))) / 2


def softmax(*z: Any) -> tuple[Any, ...]:
    return tuple(exp(t) / sum(map(exp, z)) for t in z)


def gelu_tanh(x: Any) -> Any:
    return 0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))


def gelu_tanh_slope(x: Any) -> Any:
    t = tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t**2) * sqrt(2 / pi) * (1 + 3 * x**2 * 0.044715)


def mish_slope(x: Any) -> Any:
    t = tanh(log(1 + exp(x)))
    return t + x * (1 - t**2) * s(x)


ACTIVATIONS = (
    Problem("sigmoid", "Bishop 4.88", "sigmoid(x)", "x=0.5", s, lambda x: s(x) * (1 - s(x)), "s (1 - s)"),
    Problem("sigmoid in its tail", "Bishop 4.88", "sigmoid(x)", "x=40", s, lambda x: s(x) * s(-x),
      "s(x) s(-x)"),
    Problem("sigmoid in its lower tail", "Bishop 4.88", "sigmoid(x)", "x=-700", s, lambda x: s(x) * s(-x),
      "s(x) s(-x)"),
    Problem("sigmoid, 2nd derivative", "Bishop 4.88", "1/(1 + exp(-x))", "x=1.5", s,
      lambda x: s(x) * s(-x) * (s(-x) - s(x)), "s (1-s) (1-2s)", order=2),
    Problem("logit", "Bishop §4.2", "logit(p)", "p=0.2", lambda p: log(p / (1 - p)),
      lambda p: 1 / (p * (1 - p)), "1/(p (1-p))"),
    Problem("softplus", "Goodfellow §3.10", "softplus(x)", "x=-1.5", lambda x: log(1 + exp(x)), s,
      "sigmoid(x)"),
    Problem("softplus, large", "Goodfellow §3.10", "softplus(x)", "x=60", lambda x: log(1 + exp(x)), s,
      "sigmoid(x)"),
    Problem("softplus, by hand", "Goodfellow §3.10", "ln(1 + e^x)", "x=2.5", lambda x: log(1 + exp(x)), s,
      "sigmoid(x)"),
    Problem("relu, active", "Glorot, Bordes, Bengio (2011)", "relu(x)", "x=1.75", lambda x: max(x, 0),
      lambda x: mpf(1), "1"),
    Problem("relu, inactive", "Glorot, Bordes, Bengio (2011)", "relu(x)", "x=-1.75", lambda x: max(x, 0),
      lambda x: mpf(0), "0"),
    Problem("leaky relu", "Maas, Hannun, Ng (2013)", "leaky_relu(x)", "x=-3",
      lambda x: x if x > 0 else 0.01 * x, lambda x: mpf(0.01), "0.01"),
    Problem("elu", "Clevert, Unterthiner, Hochreiter (2016)", "elu(x)", "x=-0.75",
      lambda x: x if x > 0 else exp(x) - 1, exp, "f(x) + 1"),
    Problem("selu", "Klambauer et al. (2017)",
      "1.0507009873554805*where(x > 0, x, 1.6732632423543772*(exp(x) - 1))", "x=-1.2",
      lambda x: mpf(1.0507009873554805) * 1.6732632423543772 * (exp(x) - 1),
      lambda x: mpf(1.0507009873554805) * 1.6732632423543772 * exp(x), "scale alpha e^x"),
    Problem("gelu", "Hendrycks and Gimpel (2016)", "gelu(x)", "x=0.8", lambda x: x * cdf(x),
      lambda x: cdf(x) + x * normal(x), "Phi(x) + x phi(x)"),
    Problem("gelu, negative", "Hendrycks and Gimpel (2016)", "gelu(x)", "x=-2.5", lambda x: x * cdf(x),
      lambda x: cdf(x) + x * normal(x), "Phi(x) + x phi(x)"),
    Problem("gelu by erf", "Hendrycks and Gimpel (2016)", "x/2*(1 + erf(x/sqrt(2)))", "x=1.4",
      lambda x: x * cdf(x), lambda x: cdf(x) + x * normal(x), "Phi(x) + x phi(x)"),
    Problem("gelu by tanh", "Hendrycks and Gimpel (2016)", "0.5x*(1 + tanh(sqrt(2/pi)*(x + 0.044715x^3)))",
      "x=-0.9", gelu_tanh, gelu_tanh_slope),
    Problem("silu", "Elfwing, Uchibe, Doya (2018)", "silu(x)", "x=-1.278", lambda x: x * s(x),
      lambda x: s(x) * (1 + x * (1 - s(x))), "s (1 + x (1-s))"),
    Problem("swish", "Ramachandran, Zoph, Le (2017)", "x*sigmoid(b*x)", "x=0.9, b=1.5",
      lambda x, b: x * s(b * x),
      lambda x, b: (s(b * x) * (1 + b * x * (1 - s(b * x))), x**2 * s(b * x) * (1 - s(b * x))),
      "s (1 + bx (1-s)); x^2 s (1-s)"),
    Problem("mish", "Misra (2019)", "x*tanh(softplus(x))", "x=-0.6", lambda x: x * tanh(log(1 + exp(x))),
      mish_slope, "t + x (1-t^2) s"),
    Problem("softsign", "Glorot and Bengio (2010)", "x/(1 + |x|)", "x=-2", lambda x: x / (1 + abs(x)),
      lambda x: 1 / (1 + abs(x)) ** 2, "1/(1+|x|)^2"),
    Problem("scaled tanh", "LeCun et al. (1998), Efficient BackProp §4.4", "1.7159 tanh(2/3 x)", "x=1.1",
      lambda x: 1.7159 * tanh(2 * x / 3), lambda x: 1.7159 * (1 - tanh(2 * x / 3) ** 2) * 2 / 3,
      "1.7159 2/3 (1 - tanh^2)"),
    Problem("snake", "Ziyin, Hartwig, Ueda (2020)", "x + sin(a*x)^2/a", "x=0.7, a=3",
      lambda x, a: x + sin(a * x) ** 2 / a, lambda x, a: 1 + 2 * sin(a * x) * cos(a * x), "1 + sin(2ax)",
      wrt="x"),
)  # fmt: skip

LOSSES = (
    Problem("squared error of a line", "Bishop 3.12", "(y - (w*x + b))^2/2", "w=0.3, b=-1, x=2.5, y=1.7",
      lambda w, b, x, y: (y - (w * x + b)) ** 2 / 2,
      lambda w, b, x, y: (-(y - w * x - b) * x, -(y - w * x - b)), "-(y-wx-b) x; -(y-wx-b)", wrt="w b"),
    Problem("logistic regression", "Bishop 4.91",
      "-(t*ln(sigmoid(w*x + b)) + (1-t)*ln(1 - sigmoid(w*x + b)))", "w=0.8, b=-0.4, x=1.5, t=1",
      lambda w, b, x, t: -(t * log(s(w * x + b)) + (1 - t) * log(1 - s(w * x + b))),
      lambda w, b, x, t: ((s(w * x + b) - t) * x, s(w * x + b) - t), "(s - t) x; s - t", wrt="w b"),
    Problem("logistic loss with logits", "Goodfellow §6.2.2.2", "softplus((1 - 2t)*z)", "z=-3.5, t=0",
      lambda z, t: log(1 + exp((1 - 2 * t) * z)), lambda z, t: s(z) - t, "s(z) - t", wrt="z"),
    Problem("cross-entropy of logits", "Bishop 4.108", "ln(exp(x) + exp(y) + exp(z)) - y", "x=1, y=2, z=0.5",
      lambda x, y, z: log(exp(x) + exp(y) + exp(z)) - y,
      lambda x, y, z: (softmax(x, y, z)[0], softmax(x, y, z)[1] - 1, softmax(x, y, z)[2]), "p - t"),
    Problem("logsumexp", "Boyd and Vandenberghe, Convex Optimization, §3.1.5",
      "ln(exp(x) + exp(y) + exp(z))", "x=-1, y=3, z=2.5", lambda *z: log(sum(map(exp, z))), softmax,
      "softmax"),
    Problem("logsumexp, Hessian", "Boyd and Vandenberghe, Convex Optimization, §3.1.5",
      "ln(exp(x) + exp(y))", "x=1, y=-0.5", lambda *z: log(sum(map(exp, z))),
      lambda x, y: (s(x - y) * s(y - x), -s(x - y) * s(y - x), s(x - y) * s(y - x)), "diag(p) - p p^T",
      order=2),
    Problem("softmax", "Bishop 4.106", "exp(x)/(exp(x) + exp(y) + exp(z))", "x=0.2, y=-1, z=1.5",
      lambda *z: softmax(*z)[0],
      lambda *z: tuple(softmax(*z)[0] * ((i == 0) - p) for i, p in enumerate(softmax(*z))),
      "p_k (I_kj - p_j)"),
    Problem("Huber, inside", "Huber (1964)", "where(abs(r) <= d, r^2/2, d*(abs(r) - d/2))", "r=0.4, d=1",
      lambda r, d: r**2 / 2, lambda r, d: r, "r", wrt="r"),
    Problem("Huber, outside", "Huber (1964)", "where(abs(r) <= d, r^2/2, d*(abs(r) - d/2))",
      "r=-2.5, d=1.35", lambda r, d: d * (abs(r) - d / 2), lambda r, d: (-d, abs(r) - d),
      "d sign(r); |r| - d"),
    Problem("pseudo-Huber", "Charbonnier et al. (1997)", "d^2*(sqrt(1 + (r/d)^2) - 1)", "r=3, d=1.5",
      lambda r, d: d**2 * (sqrt(1 + (r / d) ** 2) - 1), lambda r, d: r / sqrt(1 + (r / d) ** 2),
      "r/sqrt(1 + (r/d)^2)", wrt="r"),
    Problem("log-cosh", "Hyperbolic table: DLMF §4.34", "ln(cosh(y - p))", "p=0.25, y=2",
      lambda p, y: log(cosh(y - p)), lambda p, y: -tanh(y - p), "-tanh(y - p)", wrt="p"),
    Problem("hinge, inside the margin", "Bishop §7.1.2", "max(0, 1 - t*(w*x + b))",
      "w=0.5, x=0.6, b=0.1, t=1", lambda w, x, b, t: 1 - t * (w * x + b), lambda w, x, b, t: (-t * x, -t),
      "-t x; -t", wrt="w b"),
    Problem("squared hinge", "Bishop §7.1.2", "max(0, 1 - t*y)^2", "y=-0.3, t=1",
      lambda y, t: (1 - t * y) ** 2, lambda y, t: -2 * t * (1 - t * y), "-2t (1-ty)", wrt="y"),
    Problem("focal loss", "Lin et al. (2017)", "-(1-p)^g*ln(p)", "p=0.35, g=2",
      lambda p, g: -((1 - p) ** g) * log(p), lambda p, g: g * (1 - p) ** (g - 1) * log(p) - (1 - p) ** g / p,
      "g (1-p)^(g-1) ln p - (1-p)^g/p", wrt="p"),
    Problem("binary entropy", "Cover and Thomas, Elements of Information Theory, §2.1",
      "-p*log2(p) - (1-p)*log2(1-p)", "p=0.11", lambda p: -p * log(p, 2) - (1 - p) * log(1 - p, 2),
      lambda p: log((1 - p) / p, 2), "log2((1-p)/p)"),
    Problem("KL divergence of normals", "Kingma and Welling (2014), appendix B", "-(1 + v - m^2 - exp(v))/2",
      "m=0.6, v=-0.8", lambda m, v: -(1 + v - m**2 - exp(v)) / 2, lambda m, v: (m, (exp(v) - 1) / 2),
      "m; (e^v - 1)/2"),
    Problem("normal log-likelihood", "Bishop §1.2.4", "-ln(v)/2 - ln(2pi)/2 - (x-m)^2/(2v)",
      "x=1.8, m=0.5, v=2.2", lambda x, m, v: -log(v) / 2 - log(2 * pi) / 2 - (x - m) ** 2 / (2 * v),
      lambda x, m, v: ((x - m) / v, -1 / (2 * v) + (x - m) ** 2 / (2 * v**2)),
      "(x-m)/v; -1/(2v) + (x-m)^2/(2v^2)", wrt="m v"),
    Problem("Cauchy loss", "Black and Anandan (1996)", "ln(1 + (r/c)^2/2)", "r=-4, c=2.385",
      lambda r, c: log(1 + (r / c) ** 2 / 2), lambda r, c: r / (c**2 + r**2 / 2), "r/(c^2 + r^2/2)", wrt="r"),
    Problem("Geman-McClure loss", "Geman and McClure (1985)", "r^2/(r^2 + 1)", "r=1.6",
      lambda r: r**2 / (r**2 + 1), lambda r: 2 * r / (r**2 + 1) ** 2, "2r/(r^2+1)^2"),
    Problem("two-layer network", "Bishop §5.3.2", "(v*tanh(w*x) - t)^2/2", "v=1.2, w=-0.7, x=0.9, t=0.5",
      lambda v, w, x, t: (v * tanh(w * x) - t) ** 2 / 2,
      lambda v, w, x, t: ((v * tanh(w * x) - t) * tanh(w * x), (v * tanh(w * x) - t) * v * x * (1 - tanh(w
        * x) ** 2)), "d tanh(wx); d v x (1-tanh^2)", wrt="v w"),
    Problem("arctan surrogate", "Fang et al. (2021)", "atan(pi/2*a*x)/pi + 1/2", "x=0.3, a=2",
      lambda x, a: atan(pi / 2 * a * x) / pi + mpf(1) / 2,
      lambda x, a: a / (2 * (1 + (pi / 2 * a * x) ** 2)), "a/(2 (1 + (pi a x/2)^2))", wrt="x"),
)  # fmt: skip

LEARNING: tuple[Problem, ...] = (*ACTIVATIONS, *LOSSES)
