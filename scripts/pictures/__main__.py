"""Pictures of real runs for README and the pages: ``uv run python scripts/pictures`` writes them to ``calcgrad/docs``.

A command is run as on a terminal 80 columns wide, and what it shows becomes an SVG, on light and on dark ground.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import DEFAULT_TERMINAL_THEME, SVG_EXPORT_THEME
from rich.text import Text

FOLDER = Path(__file__).resolve().parents[2] / "calcgrad" / "docs"
README = FOLDER.parents[1] / "README.md"
#: A program of README that begins with its file's name.
FILE = re.compile(r"```python\n# (\S+\.py)\n(.*?)```", re.DOTALL)
THEMES = {"light": DEFAULT_TERMINAL_THEME, "dark": SVG_EXPORT_THEME}
WIDTH = 80
#: The name of each picture, and the command that it shows.
RUNS = {
    "first": 'calcgrad diff "x**3+2*x" --at 2',
    "kink": 'calcgrad diff "max(x, floor(x))" --at 0',
    "blamed": 'calcgrad check fit.py:loss --grad fit.py:loss_grad --at "w=[1,2,3]"',
}


def main() -> int:
    """Write every picture."""
    for name, command in RUNS.items():
        shown = run(command)
        for theme in THEMES:
            (FOLDER / f"{name}-{theme}.svg").write_text(
                picture(command, shown, name, theme), encoding="utf-8"
            )
            print(FOLDER / f"{name}-{theme}.svg")
    return 0


def run(command: str) -> str:
    """What a command shows beside README's files, with the codes of its colours; an exit code that says no is an answer too."""
    arguments = [*shlex.split(command)[1:], "--color", "always"]
    environment = {**os.environ, "COLUMNS": str(WIDTH)}
    with tempfile.TemporaryDirectory() as folder:
        for name, program in FILE.findall(README.read_text(encoding="utf-8")):
            (Path(folder) / name).write_text(f"# {name}\n{program}", encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "calcgrad", *arguments],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
            cwd=folder,
        )
    return done.stdout


def picture(command: str, shown: str, name: str, theme: str) -> str:
    """The command and its output as SVG; no font is fetched from elsewhere."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.assemble(("$ ", "dim"), command))
    console.print(Text.from_ansi(shown.rstrip("\n")), soft_wrap=True)
    svg = console.export_svg(title=" ", theme=THEMES[theme], unique_id=f"{name}-{theme}")
    return re.sub(r"\s*@font-face \{.*?\}", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    sys.exit(main())
