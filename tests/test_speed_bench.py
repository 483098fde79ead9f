"""The tables of ``scripts/bench speed``: ratios, marks, medians and spread are those of the seconds that were measured."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

BENCH = str(Path(__file__).resolve().parents[1] / "scripts" / "bench")


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(BENCH)
    yield
    for name in ("_speed_table", "_workloads", "baseline"):
        sys.modules.pop(name, None)


def _table(seconds):
    from _speed_table import Row, Table
    from _workloads import WORKLOADS

    rows = [Row(WORKLOADS[0], {"hand": 1e-6, **s}, dict.fromkeys(("traced", "compiled"))) for s in seconds]
    return Table(("compiled", "native"), ("jax", "numba")), rows


def test_a_row_marks_bars_missed_and_rivals_ahead(bench, capsys):
    table, (row,) = _table([{"compiled": 1.4e-6, "native": 0.8e-6, "jax": 0.7e-6, "numba": 0.1e-6}])
    table.print_row(row)
    assert capsys.readouterr().out.split()[-10:-2] == [
        "us",
        "1.40*",
        "1.3",
        "0.80<",
        "0.81",
        "0.70",
        "0.10",
        "-",
    ]


def test_numba_is_written_by_hand_and_no_rival(bench, capsys):
    table, (row,) = _table([{"native": 0.5e-6, "numba": 0.1e-6}])
    table.print_row(row)
    assert "<" not in capsys.readouterr().out


def test_medians_and_spread_of_three_runs(bench, capsys):
    table, rows = _table([{"native": s} for s in (0.5e-6, 0.3e-6, 0.4e-6)])
    table.print_medians([[row] for row in rows])
    out = capsys.readouterr().out
    assert "0.40" in out.splitlines()[3]
    assert out.splitlines()[-2].split()[-4:] == ["-", "67", "-", "-"]
    assert out.splitlines()[-1].split() == ["worst", "0", "67", "0", "0"]
