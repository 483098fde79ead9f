"""The derivative of measured data: local polynomials with an error band.

Around each time the nearest points are fitted by a polynomial, nearer ones weighted more (W. S. Cleveland,
*Robust locally weighted regression*, JASA 74, 1979; A. Savitzky and M. J. E. Golay, Anal. Chem. 36, 1964, for
even spacing); its derivative at that time is a fixed linear combination of the values, so that the noise in
them gives its error. The width of the window is where noise and what the polynomial leaves out are least
together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from calcgrad.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

_SIGMAS = 3.0
_WINDOWS = (5, 7, 9, 13, 19, 27, 39, 55, 79)


@dataclass(frozen=True, slots=True)
class SampledDerivative:
    """The derivative of samples at their own times, in units of y per unit of t to the power ``order``.

    ``value`` and ``band`` are arrays of t's shape; the derivative is within ``value ± band`` at about 95 %.
    ``noise`` is the standard deviation of the values, given or found; ``window`` how many points each fit
    took.
    """

    t: Any
    value: Any
    band: Any
    order: int
    noise: float
    window: Any


def differentiate_samples(
    t: ArrayLike, y: ArrayLike, order: int = 1, noise: float | None = None
) -> SampledDerivative:
    """The derivative of measured, unevenly spaced data at each of its times, with an error band.

    ``t`` must increase and have at least order + 3 entries. ``noise`` is the standard deviation of the
    values, where it is known; otherwise it is found from what local cubics leave over. Raises
    :class:`~calcgrad.errors.UsageError` for data that cannot be differentiated.

    >>> import numpy as np
    >>> t = np.linspace(0, 4, 9)
    >>> d = differentiate_samples(t, t**2)
    >>> bool(np.all(np.abs(d.value - 2 * t) <= d.band))
    True
    """
    import numpy as np

    times, values = np.asarray(t, dtype=np.float64), np.asarray(y, dtype=np.float64)
    _check(times, values, order)
    n = times.size
    level = _noise_level(times, values) if noise is None else float(noise)
    level = max(level, 2.0**-50 * float(np.max(np.abs(values))))
    value, band, window = np.zeros(n), np.full(n, math.inf), np.zeros(n, dtype=int)
    for size in [w for w in _WINDOWS if order + 3 <= w <= n] or [n]:
        fits = [[_fit(times, values, i, size, order, order + k) for i in range(n)] for k in (1, 2)]
        biases = [abs(high[0] - low[0]) for low, high in zip(*fits, strict=True)]
        for i, (found, norm) in enumerate(fits[0]):
            # The change to the next degree is the bias; the largest nearby, as one alone may be small by
            # accident.
            bias = max(biases[max(i - size // 2, 0) : i + size // 2 + 1])
            total = _SIGMAS * level * norm + bias
            if total < band[i]:
                value[i], band[i], window[i] = found, total, size
    return SampledDerivative(times, value, band, order, level, window)


def _check(times: Any, values: Any, order: int) -> None:
    import numpy as np

    if order < 1:
        raise UsageError.of("E345", f"the order of a derivative cannot be {order}")
    if times.ndim != 1 or times.shape != values.shape:
        raise UsageError.of("E349", "t and y must be rows of the same length")
    if times.size < order + 3:
        raise UsageError.of(
            "E353", f"derivative {order} needs at least {order + 3} samples, not {times.size}"
        )
    if not (np.all(np.isfinite(times)) and np.all(np.isfinite(values))):
        raise UsageError.of("E354", "the samples must be finite numbers")
    if np.any(np.diff(times) <= 0):
        raise UsageError.of("E355", "the times must increase")


def _fit(times: Any, values: Any, i: int, size: int, order: int, degree: int) -> tuple[float, float]:
    """The derivative at time i from a weighted polynomial of its ``size`` nearest points, and the norm of the
    linear combination of values that it is.
    """
    import numpy as np

    first = min(max(i - size // 2, 0), times.size - size)
    near = slice(first, first + size)
    offsets = times[near] - times[i]
    reach = float(np.max(np.abs(offsets))) * 1.05
    scaled = offsets / reach
    root = np.sqrt((1.0 - np.abs(scaled) ** 3) ** 3)
    basis = np.vander(scaled, min(degree, size - 1) + 1, increasing=True)
    row = np.linalg.pinv(basis * root[:, None])[order] * root * (math.factorial(order) / reach**order)
    return float(row @ values[near]), float(np.linalg.norm(row))


def _noise_level(times: Any, values: Any) -> float:
    """The standard deviation of the noise: how far each value is from the cubic through its four neighbours."""
    import numpy as np

    if times.size < 6:
        return 0.0
    misses = []
    for i in range(2, times.size - 2):
        others = [i - 2, i - 1, i + 1, i + 2]
        weights = [
            math.prod((times[i] - times[k]) / (times[j] - times[k]) for k in others if k != j) for j in others
        ]
        miss = values[i] - float(np.dot(weights, values[others]))
        misses.append(miss / math.sqrt(1.0 + math.fsum(w * w for w in weights)))
    return float(np.median(np.abs(misses))) / 0.6745
