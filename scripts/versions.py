"""Run the tests against the lowest or the newest of every dependency, in an environment of its own.

    uv run python scripts/versions.py lowest
    uv run python scripts/versions.py newest --python 3.13 -- -m "not slow" -n auto

What stands after ``--`` is pytest's; without it the quick part of the suite runs. The lowest are the floors in
pyproject.toml, of the tools too; the newest are what an installation gets today. The environment is made in a temporary
folder, so that the one of the project stays as it is; the exit code is pytest's. ``uv run`` tells the script where uv is.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RESOLUTIONS = {"lowest": "lowest-direct", "newest": "highest"}
QUICK = ["-m", "not slow", "-n", "auto"]


def main(arguments: list[str]) -> int:
    """Make the environment, install, test; the exit code of the first that fails, else 0."""
    own, tests = _parted(arguments)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("which", choices=RESOLUTIONS)
    parser.add_argument("--python", default="3.11", help="the version of Python (default: the lowest, 3.11)")
    chosen = parser.parse_args(own)
    with tempfile.TemporaryDirectory(prefix="calcgrad-versions-") as folder:
        python = str(Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python")
        install = ["pip", "install", "--quiet", "--python", python, "--resolution", RESOLUTIONS[chosen.which]]
        for command in (
            ["venv", "--quiet", "--python", chosen.python, folder],
            [*install, "--upgrade", "--group", "dev", "--editable", str(ROOT)],
            ["pip", "list", "--python", python],
        ):
            code = subprocess.run([os.environ.get("UV", "uv"), *command], cwd=ROOT, check=False).returncode
            if code:
                return code
        return subprocess.run([python, "-m", "pytest", *(tests or QUICK)], cwd=ROOT, check=False).returncode


def _parted(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Our own arguments, and pytest's after ``--``."""
    if "--" not in arguments:
        return arguments, []
    place = arguments.index("--")
    return arguments[:place], arguments[place + 1 :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
