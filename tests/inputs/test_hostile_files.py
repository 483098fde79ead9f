"""Files that are broken, lie about their size, or never end: refused by name, before they are loaded."""

from __future__ import annotations

import io
import os
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import calcgrad
from calcgrad.errors import CalcgradError
from calcgrad.inputs.arguments import Places, arguments_for
from calcgrad.inputs.limits import MOST_BYTES, MOST_TEXT_BYTES


def _header(count: int) -> bytes:
    """The header of a .npy file that claims ``count`` doubles (NumPy's format, version 1.0)."""
    text = repr({"descr": "<f8", "fortran_order": False, "shape": (count,)}).encode()
    text += b" " * (117 - len(text)) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text


def _zipped(member: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", member)
    return buffer.getvalue()


def _sparse(size: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as file:
            file.truncate(size)

    return write


def _bytes(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write


FILES: dict[str, tuple[str, Callable[[Path], None], str]] = {
    "an empty array file": ("x.npy", _bytes(b""), "E327"),
    "a broken archive": ("x.npz", _bytes(b"PK\x03\x04garbage"), "E327"),
    "a header that claims 10^14 numbers": ("x.npy", _bytes(_header(10**14)), "E327"),
    "a header that claims them in an archive": ("x.npz", _bytes(_zipped(_header(10**14))), "E327"),
    "half an array": ("x.npy", _bytes(_header(10) + b"\0" * 40), "E327"),
    "a large array": ("x.npy", _sparse(MOST_BYTES + 1), "E306"),
    "a large text": ("x.json", _sparse(MOST_TEXT_BYTES + 1), "E306"),
    "a large table": ("x.csv", _sparse(MOST_TEXT_BYTES + 1), "E306"),
    "a folder": ("x.json", lambda path: path.mkdir(), "E307"),
    "a device without an end": ("x.csv", lambda path: path.symlink_to("/dev/zero"), "E307"),
    "a pipe": ("x.tsv", os.mkfifo, "E307"),
    "two keys of one name": ("x.json", _bytes(b'{"x": 1, "x": 2}'), "E308"),
    "two columns of one name": ("x.csv", _bytes(b"x,x\n1,2\n"), "E308"),
    "a list 200,000 deep": ("x.json", _bytes(b"[" * 200_000 + b"]" * 200_000), "E309"),
    "an object 200,000 deep": ("x.json", _bytes(b'{"x":' * 200_000 + b"1" + b"}" * 200_000), "E309"),
}


def _loss(x: np.ndarray) -> float:
    return float(np.sum(x**2))


@pytest.mark.parametrize("kind", FILES)
def test_a_point(kind: str, tmp_path: Path) -> None:
    name, write, code = FILES[kind]
    write(tmp_path / name)
    with pytest.raises(CalcgradError) as caught:
        calcgrad.diff("sum(x)", at=str(tmp_path / name), truth="none")
    assert caught.value.diagnostic.code == code


@pytest.mark.parametrize("kind", FILES)
def test_arguments(kind: str, tmp_path: Path) -> None:
    name, write, code = FILES[kind]
    write(tmp_path / name)
    with pytest.raises(CalcgradError) as caught:
        list(arguments_for(_loss, Places(at=(name,)), tmp_path))
    assert caught.value.diagnostic.code == code


def test_an_archive_that_unpacks_to_more_than_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compressed, a million zeros take a thousandth of their size; the limit is lowered so that the test is quick."""
    monkeypatch.setattr("calcgrad.inputs.limits.MOST_BYTES", 2**20)
    np.savez_compressed(tmp_path / "x.npz", x=np.zeros(10**6))
    assert (tmp_path / "x.npz").stat().st_size < 2**15
    with pytest.raises(CalcgradError, match="holds 8 MiB, and at most 1 are read"):
        calcgrad.diff("sum(x)", at=str(tmp_path / "x.npz"), truth="none")


@pytest.mark.parametrize(
    "array", [np.zeros(0), np.array(2.0), np.ones((2, 3), np.float32), np.asfortranarray(np.eye(3))]
)
def test_honest_files_are_read(array: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", array)
    np.savez_compressed(tmp_path / "x.npz", x=array)
    for name in ("x.npy", "x.npz"):
        (given,) = arguments_for(_loss, Places(at=(name,)), tmp_path)
        np.testing.assert_array_equal(given.values["x"], array)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"x":' * 200_000])
def test_deep_json_of_args(text: str) -> None:
    with pytest.raises(CalcgradError) as caught:
        list(arguments_for(_loss, Places(args=(text,))))
    assert caught.value.diagnostic.code == "E309"
