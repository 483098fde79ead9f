"""Proves every published problem and writes ``published.json``, an entry a line. About a minute."""

from __future__ import annotations

import json
from pathlib import Path

from . import PROBLEMS
from .problem import entry

lines = [json.dumps(entry(problem), ensure_ascii=False) for problem in PROBLEMS]
Path(__file__).parent.with_suffix(".json").write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
print(f"{len(lines)} problems proved")
