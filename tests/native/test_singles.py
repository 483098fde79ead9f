"""Single precision: what native code gives is what NumPy gives, to the bit where nothing but + - * / sqrt and moves are done."""

from __future__ import annotations

import numpy as np
import pytest

from calcgrad import compile, grad, jacobian, value_and_grad
from calcgrad.compiling.graph import GraphBuilder
from calcgrad.native.checking import difference
from calcgrad.native.fitting import SINGLE
from calcgrad.native.lowering import LOWERED
from calcgrad.native.programs import _stage
from calcgrad.native.stages import staged
from calcgrad.operations import OPERATIONS
from calcgrad.pytrees import flatten
from calcgrad.tracing.values import value_of_operation
from tests.native.test_programs import MERGED, PROGRAMS

RNG = np.random.default_rng(3)


def single(*shape):
    return RNG.normal(size=shape).astype(np.float32)


def short(x):
    return x.astype(np.float32) if isinstance(x, np.ndarray) else x


@pytest.mark.parametrize("name", [*PROGRAMS, *MERGED])
def test_programs_of_singles(name):
    function, args, *_ = (PROGRAMS | MERGED)[name]
    args = [short(a) for a in args]
    plain, program = compile(function, backend="numpy"), compile(function, backend="native")
    wanted = flatten(plain(*args))[0]
    for found in (flatten(program(*args))[0], flatten(program(*args))[0]):
        for a, b in zip(wanted, found, strict=True):
            assert type(a) is type(b)
            assert getattr(a, "dtype", None) == getattr(b, "dtype", None)
            np.testing.assert_allclose(b, a, rtol=1e-4, atol=1e-5)
    assert "did not give the same" not in program.source
    assert "could not be made" not in program.source


#: Programs whose every value is NumPy's to the bit, with whether all of it is native.
EXACT = {
    "arithmetic": lambda a, b: (a + b) * a - b / (a * a + 1.0),
    "numbers without precision": lambda a, b: 0.1 * a + b / 3.0 - 1e-3,
    "a double beside singles": lambda a, b: a * np.float64(0.1) + b,
    "roots": lambda a, b: np.sqrt(np.abs(a)) + b,
    "choices": lambda a, b: np.where(a > 0.1, np.maximum(a, b), np.minimum(a, 0.3)),
    "comparisons": lambda a, b: (a < 0.1, b >= a, np.logical_or(a > 0.1, b > 0.25)),
    "moves": lambda a, b: np.concatenate([a[::-1], b.T.reshape(a.shape)[1:]]) * 0.7,
    "a truth as a number": lambda a, b: (a > b) * a + 0.1,
    "whole numbers": lambda a, b: a * 2 + np.floor(b) * 3,
    "doubles of singles": lambda a, b: a.astype(np.float64) * 0.1 + b.astype(np.float64),
    "singles of doubles": lambda a, b: (a.astype(np.float64) / 3.0).astype(np.float32) * b,
    "largest": lambda a, b: np.max(a * 0.1, axis=0) + np.min(b),
    "rows added below one another": lambda a, b: np.sum(a * 0.1, axis=0) + b,
}


@pytest.mark.parametrize("name", EXACT)
def test_exact_operations_are_the_same_to_the_bit(name):
    f = EXACT[name]
    args = single(4, 5), single(4, 5)
    plain, program = compile(f, backend="numpy"), compile(f, backend="native")
    for scale in (1.0, 1e-20, 1e-40, 1e20, 3e38):
        with np.errstate(all="ignore"):
            here = [a * np.float32(scale) for a in args]
            wanted, found = flatten(plain(*here))[0], flatten(program(*here))[0]
            for p, q in zip(wanted, found, strict=True):
                assert p.dtype == q.dtype
                if "added" in name:
                    np.testing.assert_allclose(q, p, rtol=1e-6)
                else:
                    np.testing.assert_array_equal(p, q)
    assert program.backend == "native", program.source


def test_numbers_beside_singles_are_rounded_first():
    a = np.full(3, 0.1, np.float32)
    program = compile(lambda x: (x == 0.1, x - 0.1), backend="native")
    same, rest = program(a)
    assert program.backend == "native"
    assert same.all()
    assert (rest == 0).all()
    assert rest.dtype == np.float32


def test_totals_are_numbers_of_numpys():
    f = value_and_grad(lambda a: np.sum(np.sin(a) ** 2) / np.max(a) + np.mean(a))
    a = single(50)
    plain, program = compile(f, backend="numpy"), compile(f, backend="native")
    wanted, found = plain(a), program(a)
    assert program.backend == "native"
    assert type(found[0]) is type(wanted[0]) is np.float32
    np.testing.assert_allclose(found[0], wanted[0], rtol=1e-6)
    np.testing.assert_allclose(found[1], wanted[1], rtol=1e-4, atol=1e-6)
    assert "add.reduce" not in program.source.split("# what native")[0]


def test_long_totals_are_not_worse_than_numpys():
    a = (RNG.random(300_000) * np.float32(1.0)).astype(np.float32)
    program = compile(lambda x: (np.sum(x * x), np.sum(x)), backend="native")
    truth = np.sum(a.astype(float) ** 2), np.sum(a.astype(float))
    for found, right in zip(program(a), truth, strict=True):
        assert abs(found - right) <= 2e-7 * right
    assert program.backend == "native"


def test_jacobians_and_other_precisions():
    f = jacobian(lambda x: np.sin(x) * x[::-1])
    a = single(12)
    plain, program = compile(f, backend="numpy"), compile(f, backend="native")
    np.testing.assert_allclose(program(a), plain(a), rtol=1e-5, atol=1e-6)
    found = program(a.astype(float))
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, f(a.astype(float)), rtol=1e-13, atol=1e-14)
    assert program(a).dtype == np.float32


def test_arrays_that_lie_otherwise():
    program = compile(grad(lambda a: np.sum(np.exp(a) * a)), backend="native")
    a = single(6, 4)
    wanted = program(a).copy()
    for same in (np.asfortranarray(a), a[:, ::-1][:, ::-1], np.repeat(a, 2, axis=0)[::2]):
        np.testing.assert_array_equal(program(same), wanted)


#: Where an argument may lie.
RANGES = {"acosh": (1.1, 3.0), "asin": (-0.9, 0.9), "acos": (-0.9, 0.9), "atanh": (-0.9, 0.9)}


@pytest.mark.parametrize(
    "op", sorted(op for op in LOWERED if not LOWERED[op].answers and not LOWERED[op].truths)
)
def test_every_operation_in_single_precision(op):
    arity = OPERATIONS[op].arity
    low, high = RANGES.get(op, (0.1, 2.0))
    args = [RNG.uniform(low, high, 500).astype(np.float32) for _ in range(arity)]
    builder = GraphBuilder()
    places = [builder.input(a) for a in args]
    out = builder.apply(op, places, (), value_of_operation(op)(*args))
    graph = builder.finished(arity, [out], [])
    (stage,) = staged(graph).stages
    made = _stage(graph, stage, False, False, None)
    found = made.results(*[args[k] for k in made.given])[0]
    assert found.dtype == SINGLE
    truth = value_of_operation(op)(*[a.astype(float) for a in args])
    assert np.all(np.abs(found - truth) <= 0.5001 * np.spacing(np.abs(found)))  # rounded once, from a double
    assert not difference(graph, stage, made.given, made.results, dict(zip(places, args, strict=True)))


@pytest.mark.parametrize("kind", [np.float32, np.complex128])
def test_long_arrays_of_repeated_entries_are_watched(kind):
    from calcgrad.tracing.keeping import fingerprint

    repeated = np.broadcast_to(np.asarray(2.0, kind), (20_000,))
    assert fingerprint(repeated) == fingerprint(np.full(20_000, 2.0, kind))
    assert fingerprint(repeated) != fingerprint(np.full(20_000, 3.0, kind))


def test_a_long_sum_of_singles():
    a = single(20_000)
    f = grad(lambda x: np.sum(x * np.sin(x)))
    np.testing.assert_allclose(compile(f, backend="native")(a), f(a), rtol=1e-4, atol=1e-6)


def test_a_gradient_of_singles_is_one_native_function():
    f = grad(lambda x: np.sum(np.sin(x[1:]) * x[:-1] + x[0]))
    a = single(40)
    program = compile(f, backend="native")
    wanted = compile(f, backend="numpy")(a)
    for _ in range(3):
        found = program(a)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)
    assert program.source.startswith("# one native function")
    assert program(a.astype(float)).dtype == np.float64


def test_nan_beside_zeros_of_singles_is_no_result():
    slope = grad(
        lambda a: np.sum(np.where(a[:, None] > 0, np.sqrt(a)[:, None] * np.arange(3.0, dtype=np.float32), 0))
    )
    a = np.array([1.0, 4.0, 0.0, 9.0], np.float32)
    program = compile(slope, backend="native")
    plain = compile(slope, backend="numpy")
    np.testing.assert_allclose(program(a[:2]), plain(a[:2]), rtol=1e-6)
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(program(a), plain(a))
        np.testing.assert_array_equal(np.isnan(program(a)), np.isnan(slope(a)))
