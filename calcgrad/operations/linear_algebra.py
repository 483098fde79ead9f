"""Products and factorisations of arrays: what ``numpy.linalg``, ``einsum`` and ``convolve`` are made of.

They have no name in the language. Matrices are the last two axes, the axes before them a stack. A factorisation
(``eigh``, ``svd``, ``qr``, ``slogdet``) is computed once, its parts in one array; through that array no derivative is
taken, but each part is an operation of its own, of the matrix and of the packed parts, with a pushforward of its own.
So the eigenvalues of a matrix have derivatives also where its eigenvectors have none.
"""

from __future__ import annotations

from functools import partial

from calcgrad.operations.row import Bilinear, Row, Structured

_structured = partial(Structured, group="internal")
_REPEATED = "each of several equal values takes the derivative along the vector that LAPACK chose"

ROWS: tuple[Row, ...] = (
    Bilinear(
        name="convolve",
        help="the convolution of two vectors, whole or only where they overlap wholly",
        transposes=("convolve_first", "convolve_second"),
        group="internal",
        shape="convolve",
    ),
    Bilinear(
        name="einsum",
        help="the sum of products that a pattern of axes names",
        transposes=("einsum_first", "einsum_second"),
        group="internal",
        shape="einsum",
    ),
    _structured(
        name="solve",
        help="the solution x of a @ x = b",
        pushforwards=("solve_matrix", ""),
        transposes=("", "solve_right"),
        shape="solve",
    ),
    _structured(
        name="sylvester",
        help="the solution x of a @ x + x @ b = c",
        pushforwards=("sylvester_left", "sylvester_right", ""),
        transposes=("", "", "sylvester_constant"),
        shape="sylvester",
    ),
    _structured(
        name="square_root",
        help="the principal square root of a matrix",
        pushforwards=("square_root",),
        shape="square",
    ),
    _structured(
        name="banded_solve",
        help="the solution x of a @ x = b, of the diagonals of a as SciPy's solve_banded takes them",
        pushforwards=("banded_matrix", ""),
        transposes=("", "banded_right"),
        shape="second",
    ),
    _structured(
        name="lu",
        help="packed: the triangular factors of a matrix, without an exchange of rows",
        pushforwards=("",),
        shape="square",
    ),
    _structured(
        name="lu_lower",
        help="of a, whose lu is b: the lower factor, with ones on its diagonal",
        pushforwards=("lu_lower", ""),
        shape="second",
    ),
    _structured(
        name="lu_upper",
        help="of a, whose lu is b: the upper factor",
        pushforwards=("lu_upper", ""),
        shape="second",
    ),
    _structured(name="inv", help="the inverse of a matrix", pushforwards=("inv",), shape="square"),
    _structured(
        name="pinv",
        help="the Moore-Penrose inverse of a matrix of full rank",
        pushforwards=("pinv",),
        domain="of full rank",
        shape="pinv",
    ),
    _structured(name="det", help="the determinant", pushforwards=("det",), shape="stack"),
    _structured(
        name="cofactor",
        help="the derivative of the determinant: det(a) times the transposed inverse, for singular matrices too",
        pushforwards=("cofactor",),
        shape="square",
    ),
    _structured(
        name="cofactor_change",
        help="the derivative of the cofactors of a in the direction b",
        pushforwards=("cofactor_change", ""),
        transposes=("", "cofactor_change_direction"),
        shape="second",
    ),
    _structured(
        name="slogdet",
        help="packed: the sign of the determinant and the logarithm of its size",
        pushforwards=("",),
        shape="slogdet",
    ),
    _structured(
        name="logabsdet",
        help="of a, whose slogdet is b: the logarithm of the size of its determinant",
        pushforwards=("logabsdet", ""),
        shape="logabsdet",
    ),
    _structured(
        name="det_phase",
        help="of a complex matrix a, whose slogdet is b: the determinant divided by its size",
        pushforwards=("det_phase", ""),
        shape="det_phase",
    ),
    _structured(
        name="cholesky", help="the lower factor l of a = l @ l.T", pushforwards=("cholesky",), shape="square"
    ),
    _structured(name="eigh", help="packed: eigenvalues and eigenvectors", pushforwards=("",), shape="eigh"),
    _structured(
        name="eigenvalues",
        help="of a symmetric matrix a, whose eigh is b: its eigenvalues, ascending",
        pushforwards=("eigenvalues", ""),
        convention=_REPEATED,
        shape="eigenvalues",
    ),
    _structured(
        name="eigenvectors",
        help="of a symmetric matrix a, whose eigh is b: its eigenvectors, in columns",
        pushforwards=("eigenvectors", ""),
        domain="no two eigenvalues equal",
        shape="eigenvectors",
    ),
    _structured(
        name="svd",
        help="packed: left vectors, singular values, right vectors",
        pushforwards=("",),
        shape="svd",
    ),
    _structured(
        name="eig",
        help="packed: eigenvalues and eigenvectors of any square matrix",
        pushforwards=("",),
        shape="eig",
    ),
    _structured(
        name="any_eigenvalues",
        help="of a square matrix a, whose eig is b: its eigenvalues, complex",
        pushforwards=("any_eigenvalues", ""),
        domain="no two eigenvalues equal",
        shape="any_eigenvalues",
    ),
    _structured(
        name="any_eigenvectors",
        help="of a square matrix a, whose eig is b: its eigenvectors, complex, in columns of length 1",
        pushforwards=("any_eigenvectors", ""),
        domain="no two eigenvalues equal",
        convention="the largest entry of a vector is real, as LAPACK has it",
        shape="any_eigenvectors",
    ),
    _structured(
        name="singular_values",
        help="of a, whose svd is b: its singular values, descending",
        pushforwards=("singular_values", ""),
        convention=_REPEATED,
        shape="singular_values",
    ),
    _structured(
        name="singular_left",
        help="of a, whose svd is b: its left singular vectors, in columns",
        pushforwards=("singular_left", ""),
        domain="no two singular values equal",
        shape="singular_left",
    ),
    _structured(
        name="singular_right",
        help="of a, whose svd is b: its right singular vectors, in rows",
        pushforwards=("singular_right", ""),
        domain="no two singular values equal",
        shape="singular_right",
    ),
    _structured(name="qr", help="packed: q and r", pushforwards=("",), domain="of full rank", shape="qr"),
    _structured(
        name="qr_q",
        help="of a, whose qr is b: the orthonormal factor",
        pushforwards=("qr_q", ""),
        shape="qr_q",
    ),
    _structured(
        name="qr_r",
        help="of a, whose qr is b: the triangular factor",
        pushforwards=("qr_r", ""),
        shape="qr_r",
    ),
    _structured(
        name="inverse_gaps",
        help="1/(a[j] - a[i]), and 0 on the diagonal; an error where two entries are equal",
        pushforwards=("inverse_gaps",),
        domain="no two entries equal",
        shape="gaps",
    ),
    _structured(
        name="inverse_values",
        help="1/a; an error where an entry is zero beside the others",
        pushforwards=("inverse_values",),
        domain="no entry zero",
        shape="same",
    ),
)
