"""The page's way to answer a million expressions runs: in threads, and over a Dask cluster where there is one."""

from __future__ import annotations

import json
import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import calcgrad

PAGE = (Path(calcgrad.__file__).parent / "docs" / "diff.md").read_text(encoding="utf-8")
SPREAD, USED = re.findall(
    r"^```python\n(.*?)^```$", PAGE[PAGE.index("## A million") :], re.DOTALL | re.MULTILINE
)
LINES = [f"x^{k}*sin(x)" for k in range(2, 8)] + ["x +* 1", "abs(x - 7/10)"]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "spreading_of_the_page.py").write_text(SPREAD, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "spreading_of_the_page", raising=False)
    return import_module("spreading_of_the_page")


@pytest.mark.slow
def test_the_example_answers_every_line_in_order(
    page: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("expressions.txt").write_text("\n".join(LINES) + "\n", encoding="utf-8")
    monkeypatch.setattr(page.spread, "__defaults__", ((), 3, 2))
    exec(compile(USED, "diff.md", "exec"), {"spread": page.spread})
    check([json.loads(line) for line in Path("answers.jsonl").read_text(encoding="utf-8").splitlines()])


def check(answers: list[dict[str, Any]]) -> None:
    assert len(answers) == len(LINES)
    assert answers[6]["error"]["code"].startswith("E1")
    assert [a["input"] for a in answers if "input" in a] == [line for line in LINES if line != "x +* 1"]
    assert answers[7]["points"][0]["verdict"] == "kink"


@pytest.mark.slow
def test_over_a_dask_cluster(page: ModuleType) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    from calcgrad.checking.measuring.executors import dask_executor

    with distributed.LocalCluster(n_workers=1, processes=True, dashboard_address=None) as cluster:
        executor = dask_executor(cluster.scheduler_address)
        try:
            options = ("--at", "0.7", "--methods", "forward-ad,reverse-ad")
            check([json.loads(line) for line in page.spread(LINES, executor, options, 3, 2)])
        finally:
            executor.close()
