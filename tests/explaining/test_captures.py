"""What each command that shows prints: at 60 and at 80 columns, in ASCII and with all signs, to the letter."""

from __future__ import annotations

import pytest

from tests.cli.running import Streams
from tests.goldens import same_as_golden

COMMANDS = {
    "steps": ("steps", "sin(x^2)*exp(x)", "--at", "1"),
    "steps-of-two": ("steps", "x^2*y + sin(x*y)"),
    "trace": ("trace", "x*y + sin(x)", "--at", "x=1, y=2"),
    "nudge": ("nudge", "t^2", "--at", "3", "--step", "1e-1:1e-12"),
    "descend": ("descend", "(w - 3.5)^2", "--at", "1.5", "--steps", "6"),
    "descend-of-two": ("descend", "x^2 + 3*y^2", "--at", "x=1, y=1", "--steps", "4"),
    "plot": ("plot", "abs(x - 1)/x", "--at", "2"),
    "plot-of-two": ("plot", "x*y", "--at", "x=1, y=2"),
}


@pytest.mark.parametrize("signs", ["ascii", "unicode"])
@pytest.mark.parametrize("width", [60, 80])
@pytest.mark.parametrize("name", COMMANDS)
def test_the_screen(
    streams: Streams, monkeypatch: pytest.MonkeyPatch, name: str, width: int, signs: str
) -> None:
    if signs == "unicode" and not name.startswith(("steps", "trace")):
        pytest.importorskip("plotext")
    monkeypatch.setenv("COLUMNS", str(width))
    found = streams.run(*COMMANDS[name], *(["--ascii"] if signs == "ascii" else []))
    assert found.code == 0
    assert found.err == ""
    assert max(map(len, found.out.splitlines())) <= width
    assert found.out.isascii() or signs == "unicode"
    same_as_golden(f"seeing/{name}-{width}-{signs}.txt", found.out)
