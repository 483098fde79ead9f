"""A notebook that shows reports is run, and looked at in a browser, on light and on dark ground."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import calcgrad
from calcgrad.errors import ParseError

CELLS = (
    'import calcgrad; import numpy as np; calcgrad.diff("max(x, floor(x))", 0, truth="certified")',
    "calcgrad.check_grad(lambda w: float(np.sum(w**3)), lambda w: 2 * w**2, np.array([1.0, 2.0]))",
    'calcgrad.compare_modes("x*y + sin(x)", "x=1, y=2")',
    'calcgrad.diff("2*sni(x)", 1)',
)
#: The contrast that the Web Content Accessibility Guidelines 2.2 ask of text (1.4.3): 4.5, and 3 of what is bold and large.
CONTRAST = 4.5
#: Measures the contrast of each text against the ground it stands on, and leaves the least of them in the title.
MEASURE = """
const parts = s => s.match(/[0-9.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
const ground = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor);
  if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
const faint = e => { let o = 1; for (; e; e = e.parentElement) o *= getComputedStyle(e).opacity; return o; };
let least = 99, where = "";
for (const e of document.querySelectorAll(".calcgrad *")) {
  if (e.tagName === "STYLE" || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
  const back = ground(e), o = faint(e), ink = parts(getComputedStyle(e).color).slice(0, 3).map((v, k) => o * v + (1 - o) * back[k]);
  const [a, b] = [light(ink), light(back)].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
  if (ratio < least) { least = ratio; where = e.outerHTML.slice(0, 80); }
}
document.title = least.toFixed(2) + " " + where;
"""


def outputs() -> list[Any]:
    """What the cells put out, a list a cell."""
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient").NotebookClient
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client(notebook, timeout=60, kernel_name="python3", allow_errors=True).execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the kernel's own
def test_a_notebook_shows_reports_and_draws_errors() -> None:
    report, check, modes, error = outputs()
    for (shown,) in (report, check, modes):
        assert {"text/html", "text/plain", "text/markdown", "text/latex"} <= set(shown.data)
    assert "a convention, not the derivative" in report[0].data["text/html"]
    assert check[0].data["text/plain"].startswith("wrong: all 2 entries")
    drawn = "\n".join(error[0].traceback)
    assert "  |   ^^^" in drawn
    assert "calcgrad/" not in drawn


@pytest.mark.slow
@pytest.mark.parametrize("ground", ["background:#fff;color:#000", "background:#111;color:#e0e0e0"])
def test_a_report_is_legible_on_light_and_on_dark_ground(tmp_path: Path, ground: str) -> None:
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("there is no Chromium")
    parts = [
        calcgrad.diff(text, at, truth="certified") for text, at in (("x*y", "1, 2"), ("abs(x)", 0), ("2x", 1))
    ]
    parts += [calcgrad.diff("x^2", 1, truth="none", methods="forward-ad")]
    body = "".join(part._repr_html_() for part in parts)
    page = tmp_path / "page.html"
    page.write_text(
        f"<meta charset=utf8><body style='{ground}'>{body}<script>{MEASURE}</script>", encoding="utf-8"
    )
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", page.as_uri()]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    title = found.partition("<title>")[2].partition("</title>")[0]
    assert float(title.split()[0]) >= CONTRAST, title


def test_an_error_draws_its_place() -> None:
    with pytest.raises(ParseError) as caught:
        calcgrad.diff("2*sni(x)", 1)
    drawn = caught.value._render_traceback_()
    assert "1 | 2*sni(x)" in drawn
    assert any("^^^" in line for line in drawn)


def test_the_prompt_draws_errors_and_leaves_other_hooks_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from calcgrad.errors import draw_at_the_prompt

    before = sys.excepthook
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    draw_at_the_prompt()
    assert sys.excepthook is sys.__excepthook__  # no prompt
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    draw_at_the_prompt()
    with pytest.raises(ParseError) as caught:
        calcgrad.diff("2*sni(x)", 1)
    sys.excepthook(ParseError, caught.value, caught.tb)
    drawn = capsys.readouterr().err
    assert "^^^" in drawn
    assert "Traceback" not in drawn
    sys.excepthook(ValueError, ValueError("not ours"), None)
    assert "ValueError: not ours" in capsys.readouterr().err
    monkeypatch.setattr(sys, "excepthook", before)
