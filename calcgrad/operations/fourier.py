"""Fourier transforms, and the real and the imaginary part: operations on complex arrays that are linear over the reals.

The adjoint of a complex ``z = x + iy`` is ``∂L/∂x - i ∂L/∂y``: tangents and adjoints are paired by ``Re(sum(v*u))``,
without a conjugate. With it the partials of holomorphic functions, and the transposes of linear maps, are those
of real ones, and every row of the table holds as it stands. It is JAX's convention too.
"""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import Linear, Row, Structured

_linear = partial(Linear, group="internal")

ROWS: tuple[Row, ...] = (
    _linear(name="conj", help="the complex conjugate", transpose="of_conj", analytic=False, shape="same"),
    _linear(name="real", help="the real part", transpose="of_real", analytic=False, shape="same"),
    _linear(name="as_complex", help="a real array as a complex one", transpose="of_as_complex", shape="same"),
    _linear(
        name="fft", help="the discrete Fourier transform along an axis", transpose="of_fft", shape="same"
    ),
    _linear(name="ifft", help="the inverse of fft", transpose="of_ifft", shape="same"),
    Structured(
        name="rfft",
        help="the first half of the Fourier transform of a real array along an axis",
        pushforwards=("",),
        transposes=("rfft_first",),
        group="internal",
        shape="rfft",
    ),
    Structured(
        name="irfft",
        help="the real array of which rfft gives a, of a length",
        pushforwards=("",),
        transposes=("irfft_first",),
        group="internal",
        shape="irfft",
    ),
)
