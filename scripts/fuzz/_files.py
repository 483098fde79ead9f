"""Files of every kind and state for the fuzzer of command lines: right ones, and those that people and disks make of them."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy

MODEL = """
import numpy as np

CALLS = [0]


def loss(x):
    return np.sum(np.asarray(x) ** 2 * np.sin(x))


def loss_grad(x):
    x = np.asarray(x)
    return 2 * x * np.sin(x) + x**2 * np.cos(x)


def wrong(x):
    return 0.5 * loss_grad(x)


def both(x):
    return loss(x), loss_grad(x)


def several(x, y):
    return x * y + np.exp(-y)


def nothing(x):
    return None


def text(x):
    return "a text"


def raises(x):
    raise RuntimeError("of the user's own")


def leaves(x):
    raise SystemExit(3)


def talks(x):
    print("a word")
    return x * x


def random_(x):
    CALLS[0] += 1
    return x * CALLS[0]


def anything(*args, **kwargs):
    return args[0]


def wide(x):
    return np.outer(x, x)


not_a_function = 3
"""
#: What a model may be, beside the right one.
MODELS = (
    "",
    "def f(x:\n",
    "import nowhere_at_all\n",
    "raise SystemExit(0)\n",
    "1/0\n",
    "\ufeffdef f(x): return x\n",
)


def _npy(array: numpy.ndarray) -> bytes:
    buffer = io.BytesIO()
    numpy.save(buffer, array, allow_pickle=array.dtype == object)
    return buffer.getvalue()


def _npz(**arrays: numpy.ndarray) -> bytes:
    buffer = io.BytesIO()
    numpy.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def _zip(**entries: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _lying(shape: str) -> bytes:
    """An .npy whose header claims another shape than what follows."""
    head = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + b"\0" * 24


def _arrays(draw: random.Random) -> numpy.ndarray:
    shape = draw.choice([(), (1,), (3,), (0,), (2, 3), (1, 1, 1, 1), (200,)])
    kind = draw.choice(["<f8", "<f8", "<f4", "<f2", "<i8", ">f8", "?", "<c16", "<U3", "O", "<M8[s]", "u1"])
    values = numpy.arange(int(numpy.prod(shape)) or 0, dtype=float).reshape(shape) / 3
    if kind == "O":
        return numpy.array([None, "a", 1.0], dtype=object)
    return numpy.full(shape, 3, dtype="<M8[s]") if kind == "<M8[s]" else values.astype(kind)


_JSON = (
    '{"x": 2, "y": [1, 2, 3]}',
    "[1, 2, 3]",
    "2.5",
    '{"x": NaN}',
    '{"x": 1e999}',
    '{"x": 1, "x": 2}',
    '{"x": null, "y": true}',
    '{"x": {"shape": [2], "data": [1]}}',
    '{"x": "pi/2"}',
    "[[1, 2], [3]]",
    "[" * 3000,
    '{"x": ' * 2000 + "1" + "}" * 2000,
    "",
    "null",
    '"x=2"',
    '{"x": 2',
    "\ufeff[1]",
    '{"": 1}',
    "1" * 5000,
)
_TABLES = (
    "x,y\n1,2\n2,5\n3,10\n4,17\n",
    "1,2\n3,4\n",
    "x;y\n1;2\n",
    "x,y\r\n1,2\r\n",
    'x,"y\n1,2\n',
    "x,x\n1,2\n",
    "x,y\n1\n2,3,4\n",
    "x,y\n1,abc\n",
    "\n\n",
    "",
    "x\n" + "1\n" * 2000,
    "x,y\n1,nan\n2,inf\n",
    ",\n,\n",
    "x\ty\n1\t2\n",
)
_LINES = (
    "x^2\nsin(x)\n",
    '{"expr": "x^2", "at": {"x": 2}, "id": 7}\n{"expr": 3}\n{"nothing": 1}\n[]\n',
    "x^2 ; 2*x\nsin(x) ; cos(x)\n",
    "x^2 ; 3*x\n; \n;;;\n",
    '{"expr": "x", "order": -1}\n{"expr": "x", "wrt": {"a": 1}}\n{"expr": "x", "at": [[[]]]}\n',
    "# a word\n\n\n",
    "x +\n)(\n",
)


def _torn(content: bytes, draw: random.Random) -> bytes:
    """A content that was cut off, or hit."""
    if not content or draw.random() < 0.7:
        return content
    at = draw.randrange(len(content))
    return (
        content[:at]
        if draw.random() < 0.5
        else content[:at] + bytes([draw.randrange(256)]) + content[at + 1 :]
    )


def _text(texts: tuple[str, ...]) -> Callable[[random.Random], bytes]:
    def made(draw: random.Random) -> bytes:
        encoding = draw.choice(["utf-8"] * 8 + ["utf-16", "latin-1"])
        return draw.choice(texts).encode(encoding, "replace")

    return made


def _raw(draw: random.Random) -> bytes:
    options = (
        _lying("(10**14,)"),
        _lying("(100000000000000,)"),
        _lying("(-1,)"),
        _lying("'x'"),
        _lying("(4,)"),
    )
    return draw.choice(
        (*options, b"\x93NUMPY", b"PK\x03\x04", b"\0" * 300, _zip(x=b"no array"), b"\x80\x04K\x01.")
    )


#: How a file of each ending is made.
KINDS: dict[str, tuple[Callable[[random.Random], bytes], ...]] = {
    "npy": (lambda draw: _npy(_arrays(draw)), lambda draw: _npy(_arrays(draw)), _raw),
    "npz": (lambda draw: _npz(x=_arrays(draw), y=_arrays(draw)), _raw),
    "json": (_text(_JSON),),
    "csv": (_text(_TABLES),),
    "tsv": (_text(_TABLES),),
    "txt": (_text((*_TABLES, *_LINES)),),
    "jsonl": (_text(_LINES),),
    "py": (_text((MODEL, MODEL, MODEL, *MODELS)),),
}


def fill(folder: Path, draw: random.Random) -> list[str]:
    """Put some files into a folder; their names, with a few that are no files, or are none yet."""
    names = ["missing.npy", ".", "/dev/null"]
    for ending in draw.sample(sorted(KINDS), 4):
        name = draw.choice(["a", "w", "punkt é", "-b", "x=2"]) + f".{ending}"
        (folder / name).write_bytes(_torn(draw.choice(KINDS[ending])(draw), draw))
        names.append(name)
    (folder / "model.py").write_text(MODEL, encoding="utf-8")
    if draw.random() < 0.2:
        (folder / "folder.json").mkdir()
        names.append("folder.json")
    if draw.random() < 0.1:
        (folder / "loop.csv").symlink_to("loop.csv")
        names.append("loop.csv")
    if draw.random() < 0.1:
        lines = draw.choice(["[tool.calcgrad]\n", "[tool.calcgrad", "[tool.calcgrad]\ncheck = 3\n", "\0"])
        (folder / "pyproject.toml").write_text(lines, encoding="utf-8")
    return names


def journal_of(folder: Path) -> str:
    """The name of a journal of a check that may be there already, torn."""
    name = "journal.jsonl"
    lines = [json.dumps({"calcgrad": 1}), '{"at": [1, 2], "value": 3}', "{", ""]
    (folder / name).write_text("\n".join(lines), encoding="utf-8")
    return name
