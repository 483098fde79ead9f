"""What is built is what is here: every file of the package is in the wheel, and all that a release needs in the sdist."""

from __future__ import annotations

import email
import importlib.util
import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

pytestmark = pytest.mark.slow


def _uv() -> list[str] | None:
    """How uv is called, where it is there."""
    found = os.environ.get("UV") or shutil.which("uv")
    if found:
        return [found]
    return [sys.executable, "-m", "uv"] if importlib.util.find_spec("uv") else None


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist; the wheel is made from the sdist, as an installation from that would."""
    uv = _uv()
    if uv is None:
        pytest.skip("uv is not installed")
    folder = tmp_path_factory.mktemp("built")
    done = subprocess.run(
        [*uv, "build", "--quiet", "--out-dir", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode and "hatchling" in done.stderr:
        pytest.skip("hatchling is neither kept nor to be had")
    assert done.returncode == 0, done.stderr
    return folder


def _wheel(built: Path) -> zipfile.ZipFile:
    (file,) = built.glob("*.whl")
    return zipfile.ZipFile(file)


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(built: Path) -> None:
    with _wheel(built) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    here = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "calcgrad").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts and file.suffix not in (".pyc", ".so")
    }
    assert names == here
    assert "calcgrad/py.typed" in names
    for folder, ending in (("schemas", ".json"), ("docs", ".md"), ("docs", ".svg"), ("examples", ".md")):
        assert any(name.startswith(f"calcgrad/{folder}/") and name.endswith(ending) for name in names)


def test_the_metadata_is_that_of_the_project(built: Path) -> None:
    with _wheel(built) as wheel:
        (place,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = email.message_from_bytes(wheel.read(place))
        entries = wheel.read(place.replace("METADATA", "entry_points.txt")).decode()
        licence = wheel.read(place.replace("METADATA", "licenses/LICENSE")).decode()
    assert metadata["Name"] == "calcgrad"
    assert metadata["License-Expression"] == PYPROJECT["license"]
    assert metadata["Requires-Python"] == PYPROJECT["requires-python"]
    assert set(metadata.get_all("Provides-Extra") or ()) == set(PYPROJECT["optional-dependencies"])
    assert "calcgrad = calcgrad.__main__:main" in entries
    assert "calcgrad = calcgrad.pytest_plugin" in entries
    assert licence == (ROOT / "LICENSE").read_text(encoding="utf-8")


def test_the_sdist_has_what_its_tests_read(built: Path) -> None:
    (file,) = built.glob("*.tar.gz")
    with tarfile.open(file) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "pyproject.toml", "action.yml"}
    needed |= {".ci/run", ".pre-commit-hooks.yaml", "tests/conftest.py", "scripts/fuzz/__main__.py"}
    assert needed <= names
    assert not any("__pycache__" in name or name.startswith(".venv") for name in names)
