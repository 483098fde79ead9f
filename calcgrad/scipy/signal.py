"""``scipy.signal``: convolutions, correlations and linear filters of traced signals.

>>> import numpy as np
>>> import calcgrad
>>> from calcgrad.scipy import signal
>>> calcgrad.grad(lambda a: signal.lfilter([1.0], [1.0, -a], np.ones(4)).sum())(0.5)
5.75
"""

from __future__ import annotations

from typing import Any

import numpy as np

from calcgrad.scipy.following import BY_NAME, array_of, follows, missing, public_names

#: A kernel of more entries than this is met by Fourier transforms.
SMALL = 64


def _whole(a: Any, b: Any) -> Any:
    """The convolution of two arrays of the same number of axes, wherever they overlap."""
    if np.size(b) > np.size(a):
        a, b = b, a
    if np.ndim(a) == 1:
        return np.convolve(a, b)
    lengths = [n + m - 1 for n, m in zip(np.shape(a), np.shape(b), strict=True)]
    if np.size(b) > SMALL:
        return _by_transforms(a, b, lengths, tuple(range(np.ndim(a))))
    total: Any = 0.0
    for place in np.ndindex(*np.shape(b)):
        around = [(k, n - m - k) for k, n, m in zip(place, lengths, np.shape(a), strict=True)]
        total = total + b[place] * np.pad(a, around)
    return total


def _by_transforms(a: Any, b: Any, lengths: Any, axes: tuple[int, ...]) -> Any:
    """The product of Fourier transforms, of the lengths along the axes."""
    if "c" in (a.dtype.kind, b.dtype.kind):
        return np.fft.ifftn(np.fft.fftn(a, lengths, axes) * np.fft.fftn(b, lengths, axes), axes=axes)
    spectrum = np.fft.rfftn(a, lengths, axes) * np.fft.rfftn(b, lengths, axes)
    return np.fft.irfftn(spectrum, lengths, axes)


def _part(whole: Any, first: Any, second: Any, mode: str, axes: Any = None) -> Any:
    """What a mode keeps of the whole convolution."""
    if mode == "full":
        return whole
    lengths, shorter = np.shape(first), np.shape(second)
    if mode == "valid":
        wanted = [abs(n - m) + 1 for n, m in zip(lengths, shorter, strict=True)]
    elif mode == "same":
        wanted = list(lengths)
    else:
        raise ValueError("acceptable mode flags are 'valid', 'same', or 'full'")
    cut = []
    for k, (n, m) in enumerate(zip(np.shape(whole), wanted, strict=True)):
        if axes is not None and k not in axes:
            cut.append(slice(None))
        else:
            start = (n - m) // 2
            cut.append(slice(start, start + m))
    return whole[tuple(cut)]


def _ordered(first: Any, second: Any, mode: str) -> None:
    if mode == "valid":
        pairs = list(zip(np.shape(first), np.shape(second), strict=True))
        if not (all(n >= m for n, m in pairs) or all(n <= m for n, m in pairs)):
            raise ValueError(
                "For 'valid' mode, one must be at least as large as the other in every dimension"
            )


@follows("scipy.signal.convolve")
def convolve(in1: Any, in2: Any, mode: str = "full") -> Any:
    """The convolution of two arrays of any number of axes."""
    a, b = array_of(in1), array_of(in2)
    _ordered(a, b, mode)
    return _part(_whole(a, b), a, b, mode)


@follows("scipy.signal.convolve2d")
def convolve2d(in1: Any, in2: Any, mode: str = "full") -> Any:
    """The convolution of two matrices, with zeros around them."""
    return convolve(in1, in2, mode)


def _turned(b: Any) -> Any:
    flipped = b[tuple([slice(None, None, -1)] * np.ndim(b))]
    return np.conjugate(flipped) if b.dtype.kind == "c" else flipped


@follows("scipy.signal.correlate")
def correlate(in1: Any, in2: Any, mode: str = "full") -> Any:
    """The correlation: the convolution with the second array turned round, and conjugated."""
    return convolve(array_of(in1), _turned(array_of(in2)), mode)


@follows("scipy.signal.correlate2d")
def correlate2d(in1: Any, in2: Any, mode: str = "full") -> Any:
    """The correlation of two matrices, with zeros around them; of a kernel with an even side, "same" has the other middle."""
    a, b = array_of(in1), array_of(in2)
    if mode != "same":
        return convolve(a, _turned(b), mode)
    whole = convolve(a, _turned(b))
    starts = [m // 2 for m in np.shape(b)]
    return whole[tuple([slice(s, s + n) for s, n in zip(starts, np.shape(a), strict=True)])]


@follows("scipy.signal.fftconvolve")
def fftconvolve(in1: Any, in2: Any, mode: str = "full", axes: Any = None) -> Any:
    """The convolution by Fourier transforms, along all axes or along some."""
    a, b = array_of(in1), array_of(in2)
    depth = np.ndim(a)
    chosen = tuple(range(depth)) if axes is None else tuple(k % depth for k in np.atleast_1d(axes))
    lengths = [np.shape(a)[k] + np.shape(b)[k] - 1 for k in chosen]
    _ordered(a, b, mode)
    whole = _by_transforms(a, b, lengths, chosen)
    return _part(whole, a, b, mode, chosen)


@follows("scipy.signal.oaconvolve")
def oaconvolve(in1: Any, in2: Any, mode: str = "full", axes: Any = None) -> Any:
    """The same value as that of ``fftconvolve``."""
    return fftconvolve(in1, in2, mode, axes)


@follows("scipy.signal.lfilter")
def lfilter(b: Any, a: Any, x: Any, axis: int = -1, zi: Any = None) -> Any:
    """A rational filter along an axis, step by step; with ``zi``, the state at the end as well.

    (The direct form II transposed: Oppenheim and Schafer, Discrete-time signal processing, section 6.3.)
    """
    b, a, x = array_of(b), array_of(a), array_of(x)
    order = max(np.size(a), np.size(b))
    b = np.concatenate([b, np.zeros(order - np.size(b))]) / a[0]
    a = np.concatenate([a, np.zeros(order - np.size(a))]) / a[0]
    signal = np.moveaxis(x, axis, 0)
    count = np.shape(signal)[0]
    state: list[Any] = [0.0 * signal[0]] * (order - 1)
    if zi is not None:
        start = np.moveaxis(array_of(zi), axis, 0)
        state = [start[k] + 0.0 * signal[0] for k in range(order - 1)]
    found = []
    for n in range(count):
        y = b[0] * signal[n] + (state[0] if state else 0.0)
        found.append(y)
        later = [*state[1:], 0.0] if state else []
        state = [b[k + 1] * signal[n] - a[k + 1] * y + later[k] for k in range(order - 1)]
    filtered = np.moveaxis(np.stack(found), 0, axis)
    if zi is None:
        return filtered
    return filtered, np.moveaxis(np.stack(state), 0, axis)


@follows("scipy.signal.detrend")
def detrend(data: Any, axis: int = -1, type: str = "linear") -> Any:
    """The data without their mean, or without the line that fits them best."""
    signal = np.moveaxis(array_of(data), axis, -1)
    count = np.shape(signal)[-1]
    if type in ("constant", "c"):
        return np.moveaxis(signal - np.mean(signal, axis=-1, keepdims=True), -1, axis)
    if type not in ("linear", "l"):
        raise ValueError("Trend type must be 'linear' or 'constant'.")
    line = np.stack([np.ones(count), np.arange(count) - 0.5 * (count - 1)])
    line = line / np.sqrt(np.sum(line**2, axis=1, keepdims=True))
    return np.moveaxis(signal - (signal @ line.T) @ line, -1, axis)


__all__ = public_names("scipy.signal")  # noqa: PLE0605
globals().update({name: BY_NAME[f"scipy.signal.{name}"] for name in __all__})


def __getattr__(name: str) -> Any:
    raise missing(__name__, name)
