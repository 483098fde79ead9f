"""What was compiled is loaded the next time; what is not whole, or not ours, is compiled again."""

from __future__ import annotations

import os

import numpy as np
import pytest

from calcgrad import compile
from calcgrad.native import store
from calcgrad.native.store import Store

X = np.linspace(0.0, 1.0, 7)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(store.VARIABLE, str(tmp_path))
    return tmp_path / "native"


def _program():
    program = compile(lambda x: np.exp(x) * np.sin(x), backend="native")
    return program, program(X)


def test_a_program_is_loaded_the_second_time(folder, monkeypatch):
    first = _program()
    assert len(list(folder.glob("*.o"))) == 1
    monkeypatch.setattr(
        "calcgrad.native.compiler.Compiler.compiled", lambda *_: pytest.fail("compiled again")
    )
    monkeypatch.setattr("calcgrad.native.programs.difference", lambda *_: pytest.fail("looked at again"))
    program, found = _program()
    np.testing.assert_array_equal(found, first[1])
    assert program.backend == "native"


def test_what_was_found_wrong_is_not_kept(folder, monkeypatch):
    monkeypatch.setattr("calcgrad.native.programs.difference", lambda *_: "a planted difference")
    program, _ = _program()
    assert program.backend == "numpy"
    assert not list(folder.glob("*.o"))


def test_a_broken_file_is_compiled_again(folder):
    _, wanted = _program()
    (file,) = folder.glob("*.o")
    file.write_bytes(file.read_bytes()[:-9])
    np.testing.assert_array_equal(_program()[1], wanted)


def test_a_folder_that_others_may_write_to_is_not_used(folder):
    _program()
    os.chmod(folder, 0o777)
    assert all(Store("kind").load(text) is None for text in ("a", "b"))
    kept = Store("kind")
    kept.save("text", b"code")
    assert kept.load("text") is None
    os.chmod(folder, 0o700)
    kept.save("text", b"code")
    assert kept.load("text") == b"code"
    assert Store("another processor").load("text") is None


def test_a_folder_that_cannot_be_made_is_no_matter(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "file"))
    np.testing.assert_allclose(_program()[1], np.exp(X) * np.sin(X), rtol=1e-15)


def test_old_files_go(folder, monkeypatch):
    monkeypatch.setattr(store, "MOST", 4)
    kept = Store("kind")
    for k in range(6):
        kept.save(str(k), b"code")
        os.utime(folder / kept._name(str(k)), (k, k))
    assert kept.load("0") is None
    assert kept.load("5") == b"code"


@pytest.mark.parametrize("content", [b"", b"\0" * 40, b"whole" * 20])
def test_a_file_that_was_cut_or_overwritten_is_compiled_again(folder, content):
    _, wanted = _program()
    (file,) = folder.glob("*.o")
    file.write_bytes(content)
    program, found = _program()
    np.testing.assert_array_equal(found, wanted)
    assert program.backend == "native"


@pytest.mark.parametrize("named", ["relative", ""])
def test_who_has_no_home_gets_no_folder_where_they_work(tmp_path, monkeypatch, named):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(store.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", named)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    program, _ = _program()
    assert program.backend == "native"
    assert not list(tmp_path.iterdir())


def test_a_place_that_is_no_folder_is_no_matter(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "file"))
    program, _ = _program()
    assert program.backend == "native"
