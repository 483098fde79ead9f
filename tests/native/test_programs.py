"""Whole programs: what native code gives is what NumPy's program gives, for all kinds of arrays and calls."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from scipy import special

from calcgrad import compile, grad, hessian, hvp, jacobian, value_and_grad
from calcgrad.pytrees import flatten

RNG = np.random.default_rng(7)
PLACES = np.array([0, 2, -1, 2])


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def network(w, b, x):
    h = np.tanh(x @ w + b)
    z = h.sum(1)[:, None] * h
    z = z - z.max(axis=1, keepdims=True)
    return -np.mean(z - np.log(np.sum(np.exp(z), axis=1, keepdims=True)))


def heat(u):
    for _ in range(3):
        u = np.concatenate([u[:1], np.sin(u[1:-1]) + 0.1 * (u[2:] - 2 * u[1:-1] + u[:-2]), u[-1:]])
    return np.sum(u**2)


def normal(*shape):
    return RNG.normal(size=shape)


#: name -> (function, arguments, whether it is one native function)
PROGRAMS = {
    "numbers": (grad(lambda x, y: x * y + np.sin(x), (0, 1)), (1.0, 2.0), True),
    "a number": (lambda x: np.exp(x) / (np.sin(x) ** 3 + np.cos(x) ** 3), (1.0,), True),
    "rosenbrock": (grad(rosenbrock), (normal(50),), True),
    "rosenbrock, long": (value_and_grad(rosenbrock), (normal(5000),), True),
    "hessian": (hessian(rosenbrock), (normal(7),), True),
    "hvp": (lambda x, v: hvp(rosenbrock, (x,), (v,)), (normal(40), normal(40)), True),
    "network": (value_and_grad(network, (0, 1)), (normal(4, 3), normal(3), normal(2, 4)), False),
    "heat": (value_and_grad(heat), (normal(40),), True),
    "product": (grad(np.prod), (normal(9),), None),
    "slices": (
        value_and_grad(
            lambda a: np.sum(np.sin(a[1:, ::2] * a[:-1, 1::2]) / (1 + a.sum(0)[1::2] ** 2)) + a.T[2, 1]
        ),
        (normal(4, 6),),
        True,
    ),
    "backwards": (value_and_grad(lambda a: np.sum(np.exp(a[::-1]) * a[::-2].sum() + a)), (normal(9),), True),
    "reshapes": (
        value_and_grad(lambda a: np.sum(np.sin(a).reshape(3, 8)[:, 1:] ** 2 * a.T.reshape(3, 8)[:, :-1])),
        (normal(4, 6),),
        True,
    ),
    "side by side": (
        value_and_grad(lambda a, b: np.sum(np.concatenate([a, b * 2, a * b])[1:] ** 2), (0, 1)),
        (normal(3), normal(3)),
        None,
    ),
    "stacked": (value_and_grad(lambda a: np.sum(np.stack([a, np.sin(a)]) ** 3)), (normal(5),), None),
    "axes": (
        value_and_grad(
            lambda a: np.sum(np.exp(a.sum(0)) / a.sum((0, 2))[:, None]) + np.max(a) + np.sum(a.min(1))
        ),
        (normal(4, 3, 5),),
        None,
    ),
    "places": (
        value_and_grad(lambda x: np.sum(np.where(x[PLACES] > 0.5, x[PLACES] ** 3, np.std(x)))),
        (normal(5),),
        False,
    ),
    "places in rows": (
        value_and_grad(lambda a: np.sum(np.sin(a)[:, PLACES] * a[PLACES].sum())),
        (normal(4, 4),),
        None,
    ),
    "broadcast": (
        value_and_grad(lambda a, b: np.sum(a[:, None] * np.exp(b) + a[:, None]), (0, 1)),
        (normal(4), normal(1, 3)),
        None,
    ),
    "truths": (lambda a: (a > 0, np.where(a > 0, a, -a), np.logical_and(a > 0, a < 1)), (normal(6),), False),
    "rows of one": (
        value_and_grad(lambda a: np.sum(np.exp(a) * a.sum(0, keepdims=True))),
        (normal(1, 4),),
        None,
    ),
    "logsumexp": (
        value_and_grad(lambda a: np.sum(special.logsumexp(a, axis=1) ** 2) + special.logsumexp(a)),
        (normal(3, 4),),
        True,
    ),
    "softmax": (
        value_and_grad(lambda a: np.sum(special.softmax(a, axis=0) * a[::-1])),
        (normal(3, 4),),
        True,
    ),
    "constants on a diagonal": (
        hessian(lambda x: np.sum(np.sin(x[1:] * x[:-1]) + x[1:] ** 2)),
        (normal(8),),
        True,
    ),
    "diagonals": (hessian(rosenbrock), (normal(30),), True),
    "diagonals of numbers": (
        hessian(lambda x: np.sum(x[1:] * x[:-1]) + np.sum(x**4)),
        (normal(9),),
        None,
    ),
    "diagonals onto a matrix": (
        jacobian(lambda x, a: np.tanh(a @ x) + x * np.sin(x)),
        (normal(9), normal(9, 9)),
        False,
    ),
    "diagonals off a matrix": (
        jacobian(lambda x, a: np.exp(x) - np.sin(x @ a) + x[::-1] * 2.0),
        (normal(9), normal(9, 9)),
        False,
    ),
    "diagonals beside one another": (
        jacobian(lambda x: np.concatenate([np.diff(x) * x[1:], x[:1] ** 2, np.sin(x[2:]) * x[:-2]])),
        (normal(12),),
        None,
    ),
    "diagonals read again": (
        lambda x: np.sum(jacobian(lambda y: np.sin(y) * y)(x) ** 2, axis=0) @ hessian(rosenbrock)(x),
        (normal(11),),
        None,
    ),
    "the argument itself": (lambda x: (x, x * 2.0, x), (normal(4),), False),
}


#: name -> (function, arguments, the loops of its one nest)
MERGED = {
    "all axes": (lambda a, b: np.sin(a) * b, (normal(3, 4, 5), normal(3, 4, 5)), 1),
    "the last two": (lambda a, b: a[:, 1:] * b, (normal(3, 4, 5), normal(3, 5)), 2),
    "the first two": (lambda a, b: a * b[..., None], (normal(3, 4, 5), normal(3, 4)), 2),
    "a row for all": (lambda a, b: a + b, (normal(3, 4, 5), normal(4, 5)), 2),
    "none": (lambda a, b: a + b[:, None, :], (normal(3, 4, 5), normal(3, 5)), 3),
    "crosswise": (lambda a, b: a + b.T, (normal(3, 4), normal(4, 3)), 2),
    "the same row": (lambda a: a - a[:, :1] * a[:1], (normal(3, 4),), 2),
    "reshaped": (lambda a, b: a.reshape(6, 4) * b, (normal(3, 8), normal(6, 4)), 1),
    "a total": (lambda a: np.sum(np.exp(a) * 2.0), (normal(3, 4),), 1),
    "a long total": (lambda a: np.sum(a * a), (normal(60, 70),), None),
    "sums of columns": (lambda a: np.sum(np.sin(a), axis=0), (normal(3, 4, 5),), None),
    "sums of the last": (lambda a: np.sum(a * a, axis=(1, 2)), (normal(3, 4, 5),), 3),
    "sums between": (lambda a: np.sum(a * a, axis=1), (normal(3, 4, 5),), None),
    "largest": (lambda a: np.max(a * 2.0, axis=(0, 1)), (normal(3, 4, 5),), None),
    "decided by an axis": (
        lambda a: np.concatenate([a[:, :2], a[:, 1:] * 2.0], axis=1),
        (normal(3, 4),),
        None,
    ),
    "by tables": (lambda a: a[PLACES] * np.sin(a), (normal(4, 5),), 2),
    "numbers on a diagonal": (lambda a: a * np.eye(4), (normal(4, 4),), None),
    "numbers off a diagonal": (lambda a: a[:2] * np.eye(4, k=1)[2:], (normal(4, 4),), None),
}


@pytest.mark.parametrize("name", MERGED)
def test_axes_that_lie_side_by_side_are_one_loop(name):
    function, args, loops = MERGED[name]
    wanted, first, _, program = both(function, *args)
    agree(wanted, first)
    assert program.backend == "native"
    if loops is not None:
        assert program.ir.count(" = phi i64 [ 0, %") - 1 == loops  # one is over what was captured


def test_products_are_written_in_the_order_in_which_they_are_read():
    def f(a, b):
        return np.sum(np.sin((a @ b).transpose(2, 0, 1)) * np.arange(3.0), axis=0), (a[0] @ b[0]).T * 2.0

    args = normal(4, 3, 5), normal(4, 5, 6)
    wanted, first, second, program = both(f, *args)
    agree(wanted, first)
    agree(wanted, second)
    assert ".transpose((1, 2, 0))" in program.source.split("# what native")[0]


def both(function, *args):
    a, b = compile(function, backend="numpy"), compile(function, backend="native")
    return flatten(a(*args))[0], flatten(b(*args))[0], flatten(b(*args))[0], b


def agree(wanted, found):
    for p, q in zip(wanted, found, strict=True):
        assert type(p) is type(q)
        assert np.shape(p) == np.shape(q)
        assert getattr(p, "dtype", None) == getattr(q, "dtype", None)
        if np.asarray(p).dtype.kind == "b":
            np.testing.assert_array_equal(p, q)
        else:
            np.testing.assert_allclose(q, p, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_give_what_numpy_gives(name):
    function, args, whole = PROGRAMS[name]
    wanted, first, second, program = both(function, *args)
    agree(wanted, first)
    agree(wanted, second)
    assert program.backend == "native", program.source
    if whole is not None:
        assert program.source.startswith("# one native function") is whole
    assert "define" in program.ir


def test_results_are_new_arrays_and_arguments_stay():
    program = compile(grad(rosenbrock), backend="native")
    x = normal(20)
    before = x.copy()
    first = program(x)
    kept = first.copy()
    second = program(x + 1)
    assert not np.shares_memory(first, second)
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(x, before)


def _readonly(x):
    x = x.copy()
    x.flags.writeable = False
    return x


def _unaligned(x):
    room = np.zeros(x.nbytes + 1, np.uint8)
    made = room[1:].view(np.float64).reshape(x.shape)
    made[...] = x
    return made


LAYOUTS = {
    "backwards": lambda x: x[::-1].copy()[::-1],
    "every second": lambda x: np.repeat(x, 2, axis=0)[::2],
    "columns first": np.asfortranarray,
    "one row many times": lambda x: np.broadcast_to(x[:1], x.shape),
    "read only": _readonly,
    "not aligned": _unaligned,
    "other byte order, made ours": lambda x: x.astype(">f8").astype(float),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_arrays_may_lie_as_they_like(layout):
    function = value_and_grad(lambda a: np.sum(np.exp(a) * a[::-1] - a.T[0, 0]))
    program = compile(function, backend="native")
    x = normal(4, 3)
    program(x)
    other = LAYOUTS[layout](x)
    agree(flatten(function(other))[0], flatten(program(other))[0])
    assert program.backend == "native"
    assert program.traces == 1


def test_arguments_may_overlap():
    function = lambda a, b: (a * b, a + np.sin(b))  # noqa: E731
    program = compile(function, backend="native")
    x = normal(11)
    program(x[:10].copy(), x[1:].copy())
    agree(flatten(function(x[:10], x[1:]))[0], flatten(program(x[:10], x[1:]))[0])
    agree(flatten(function(x[:10], x[:10]))[0], flatten(program(x[:10], x[:10]))[0])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -0.0, 5e-324, 1e300, 1e17, -1e10])
def test_odd_numbers_and_arguments_far_out(value):
    """Where a function of ours has no value, the call is NumPy's."""
    function = lambda x: (np.sin(x) * x, np.exp(-x) + np.cos(x), np.sum(x))  # noqa: E731
    plain, program = compile(function, backend="numpy"), compile(function, backend="native")
    x = normal(9)
    plain(x)
    program(x)
    x[4] = value
    for p, q in zip(plain(x), program(x), strict=True):
        np.testing.assert_allclose(q, p, rtol=1e-14, atol=0)
    assert program.traces == 1


@pytest.mark.parametrize("x", [np.zeros(0), np.zeros((3, 0)), np.array(2.0), np.float64(2.0), 2.0])
def test_empty_arrays_and_numbers(x):
    function = lambda x: np.sum(np.exp(x) * 3.0)  # noqa: E731
    agree([compile(function, backend="numpy")(x)], [compile(function, backend="native")(x)])


def test_logsumexp_of_infinities():
    function = lambda a: (special.logsumexp(a, axis=1), special.softmax(a, axis=1))  # noqa: E731
    rows = [[1.0, np.inf], [-np.inf, -np.inf], [np.nan, 1.0], [-np.inf, 3.0], [800.0, 799.0]]
    plain, program = compile(function, backend="numpy"), compile(function, backend="native")
    a = normal(5, 2)
    plain(a)
    program(a)
    for p, q in zip(plain(np.array(rows)), program(np.array(rows)), strict=True):
        np.testing.assert_allclose(q, p, rtol=1e-15)
    assert program.backend == "native"


def test_other_kinds_of_number_are_numpys():
    function = lambda x: np.sum(np.exp(x) * x)  # noqa: E731
    for kind in (np.complex128, np.float16):
        program = compile(function, backend="native")
        x = np.arange(3).astype(kind)
        assert program(x) == compile(function, backend="numpy")(x)
        assert program.backend == "numpy"
        assert "nothing of it" in program.source


def test_a_branch_that_turns_is_another_program():
    def function(x):
        return np.sum(np.sin(x)) if np.sum(x) > 0 else np.sum(np.cos(x) * x)

    program = compile(function, backend="native")
    x = np.abs(normal(8))
    for sign in (1, -1, 1, -1):
        np.testing.assert_allclose(program(sign * x), function(sign * x), rtol=1e-13)
    assert program.traces == 2


def test_several_threads_at_once():
    program = compile(value_and_grad(heat), backend="native")
    starts = [normal(40) for _ in range(8)]
    wanted = [program(x) for x in starts]
    wrong = []

    def work(k):
        for _ in range(50):
            value, slope = program(starts[k])
            if value != wanted[k][0] or not np.array_equal(slope, wanted[k][1]):
                wrong.append(k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_captured_values_are_watched():
    scale = np.array([1.0, 2.0])
    program = compile(lambda x: np.sum(x * scale), backend="native")
    assert program(np.ones(2)) == 3.0
    scale[0] = 5.0
    assert program(np.ones(2)) == 7.0
    assert program.traces == 2


def test_a_zero_by_structure_that_meets_an_infinite_slope_is_a_zero():
    slope = grad(lambda x: np.sum(np.where(x > 0.5, np.sqrt(x), 0.0) ** 2 + np.sqrt(x[1:].sum())))
    program = compile(slope, backend="native")
    x = np.array([0.7, 0.0, 4.0])
    for point in (x, x, x, np.array([0.7, 0.3, 4.0]), x):
        np.testing.assert_allclose(program(point), slope(point), rtol=1e-14)
    assert program.backend == "native"


def test_calls_by_name_and_of_other_kinds_are_handed_on():
    program = compile(lambda x, y: x * y + np.sin(x), backend="native")
    for _ in range(4):
        assert program(1.0, 2.0) == 2.0 + np.sin(1.0)
    assert program(1.0, y=2.0) == program(np.float64(1.0), 2.0) == program(1, 2.0) == 2.0 + np.sin(1.0)
    assert program(np.ones(2), 2.0).tolist() == [2.0 + np.sin(1.0)] * 2
    with pytest.raises(TypeError):
        program(1.0)
    with pytest.raises(TypeError):
        program(1.0, 2.0, 3.0)


@pytest.mark.parametrize("odd", [np.inf, np.nan])
def test_a_matrix_that_is_not_finite_is_multiplied_as_numpy_does(odd):
    slope = jacobian(lambda x, a: np.tanh(a @ x) + x * np.sin(x))
    x, a = normal(9), normal(9, 9)
    program, plain = compile(slope, backend="native"), compile(slope, backend="numpy")
    agree([plain(x, a)], [program(x, a)])
    assert program.backend == "native"
    a[2, 3] = odd
    wanted = plain(x, a)
    assert np.isnan(wanted[2, 3])
    agree([wanted], [program(x, a)])


def test_an_infinite_slope_beside_the_zeros_of_a_matrix():
    slope = jacobian(lambda x: np.sqrt(x) * x[::-1])
    x = np.arange(1.0, 13.0)
    program = compile(slope, backend="native")
    np.testing.assert_allclose(program(x), slope(x), rtol=1e-14)
    x[3] = 0.0
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(program(x), slope(x))
    assert np.isinf(program(x)[3, 3])
    assert not np.isnan(program(x)).any()


def test_zeros_of_a_diagonal_keep_their_sign():
    program = compile(jacobian(lambda x: x * 0.0 * x), backend="native")
    found = program(np.full(9, -2.0))
    assert program.backend == "native"
    assert np.signbit(np.diagonal(found)).all()
