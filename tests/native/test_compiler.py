"""LLVM in a process of its own: it may die, hang and be interrupted, and nobody's program ends with it."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest

import calcgrad
from calcgrad.native import compiler
from calcgrad.native.compiler import Compiler, DiedError, NotCompiledError
from calcgrad.native.machine import machine

TEXT = "define double @f(double %x) { %y = fadd double %x, 1.0 ret double %y }"


@pytest.fixture
def made() -> Compiler:
    """A compiler for any processor."""
    return Compiler("", "")


def running(made: Compiler, program: str) -> Compiler:
    """The compiler with another program in the place of LLVM."""
    made._arguments = [sys.executable, "-S", "-c", program]
    return made


def test_a_text_becomes_an_object_file_again_and_again(made: Compiler) -> None:
    first = made.compiled(TEXT)
    assert b"ELF" in first[:4] or len(first) > 100
    assert made.compiled(TEXT) == first
    (process,) = made._idle
    made.close()
    assert process.returncode is not None


def test_what_llvm_refuses_is_said_in_its_words_and_the_process_goes_on(made: Compiler) -> None:
    with pytest.raises(NotCompiledError, match="expected top-level entity"):
        made.compiled("efine double @f()")
    before = list(made._idle)
    assert made.compiled(TEXT)
    assert made._idle == before
    made.close()


def test_one_that_dies_is_asked_once_more_without_its_vectors_of_straight_lines(
    made: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = compiler._asked

    def dying(process: object, question: bytes) -> bytes:
        if question[:1] == b"w":
            process.kill()  # type: ignore[attr-defined]
        return asked(process, question)  # type: ignore[arg-type]

    monkeypatch.setattr(compiler, "_asked", dying)
    assert made.compiled(TEXT)
    made.close()


def test_one_that_dies_both_times_is_an_error(made: Compiler) -> None:
    with pytest.raises(DiedError, match="LLVM died over it"):
        running(made, "import os; os.abort()").compiled(TEXT)
    assert not made._idle


def test_one_that_never_ends_is_ended(made: Compiler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "LIMIT", 0.2)
    with pytest.raises(DiedError, match=r"took longer than 0\.2 s"):
        running(made, "import time; time.sleep(1000)").compiled(TEXT)
    assert not made._idle


def test_after_an_interrupt_no_answer_is_taken_for_that_of_another_question(
    made: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_pipe: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(compiler, "_read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            made.compiled(TEXT)
    assert not made._idle
    assert made.compiled(TEXT)
    made.close()


def test_threads_have_a_process_each(made: Compiler) -> None:
    texts = [TEXT.replace("1.0", f"{k}.0") for k in range(2, 5)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(made.compiled, texts))
    assert found == [made.compiled(text) for text in texts]
    made.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_leaves_the_process_to_its_parent(made: Compiler) -> None:
    first = made.compiled(TEXT)
    child = os.fork()
    if child == 0:
        os._exit(0 if not made._idle and made.compiled(TEXT) == first else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert made.compiled(TEXT) == first
    made.close()


def covariances(x: numpy.ndarray) -> numpy.ndarray:
    """A loss of covariances at several lags, over which LLVM 22's vectorizer of straight lines ends its process on Zen 4."""
    n, other = x.shape[1], numpy.cos(numpy.arange(12.0)).reshape(2, 6)
    found = numpy.empty((2, 2, 4))
    for lag in range(4):
        found[..., lag] = (x[:, None, lag:] * other[None, :, : n - lag]).sum(axis=-1) / n
    return numpy.sum(numpy.cos(0.7 * numpy.arange(16.0)).reshape(2, 2, 4) * found * found)  # type: ignore[no-any-return]


def test_a_loss_over_which_llvm_dies_has_its_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALCGRAD_CACHE", "")
    x = numpy.sin(numpy.arange(12.0)).reshape(2, 6)
    gradient = calcgrad.grad(covariances, compile="native")
    numpy.testing.assert_allclose(gradient(x), calcgrad.grad(covariances)(x), rtol=1e-14)


def test_where_there_is_no_process_the_program_is_numpys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALCGRAD_CACHE", "")
    monkeypatch.setattr(machine(), "_compiler", running(Compiler("", ""), "import os; os.abort()"))
    x = numpy.linspace(0.1, 1.0, 7)
    program = calcgrad.compile(lambda x: numpy.sum(numpy.sin(x) * x), backend="native")
    assert program(x) == pytest.approx(float(numpy.sum(numpy.sin(x) * x)), rel=1e-15)
    assert "LLVM died over it" in program.source
