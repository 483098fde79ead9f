"""The site: ``uv run --group docs python scripts/docs`` builds it into ``build/site``; ``--serve`` shows it while you write.

Its pages are README, those of ``calcgrad/docs``, and a reference that mkdocstrings makes from the docstrings. Warnings (a link
that leads nowhere) are errors.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "calcgrad" / "docs"
BUILD = ROOT / "build"
#: What the reference is made of: modules whose functions a program calls.
MODULES = (
    "calcgrad.api",
    "calcgrad.transforms",
    "calcgrad.numerical_diff",
    "calcgrad.testing",
    "calcgrad.report.estimates",
    "calcgrad.report.derivatives",
    "calcgrad.report.claims",
    "calcgrad.report.proofs",
    "calcgrad.report.modes",
)
#: Links out of the folder of the pages, which the site has not.
OUTSIDE = re.compile(r"\[([^]]+)\]\(\.\./[^)]*\)")


def main(arguments: list[str]) -> int:
    """Gather the pages, and let mkdocs build or serve them."""
    gather(BUILD / "pages")
    written = (Path(__file__).parent / "mkdocs.yml").read_text(encoding="utf-8")
    settings = BUILD / "mkdocs.yml"
    settings.write_text(
        written.replace("../../calcgrad/docs", "pages")
        .replace("../../build/site", "site")
        .replace("[../..]", "[..]"),
        encoding="utf-8",
    )
    task = "serve" if "--serve" in arguments else "build"
    command = [sys.executable, "-m", "mkdocs", task, "--strict", "--config-file", str(settings)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent), "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode


def gather(folder: Path) -> None:
    """The pages as the site has them: README is the first, and the reference the last."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(DOCS, folder)
    for page in folder.glob("*.md"):
        page.write_text(OUTSIDE.sub(r"\1", page.read_text(encoding="utf-8")), encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (folder / "index.md").write_text(readme.replace("calcgrad/docs/", ""), encoding="utf-8")
    reference = "\n\n".join(f"::: {module}" for module in MODULES)
    (folder / "reference.md").write_text(f"# Reference\n\n{reference}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
