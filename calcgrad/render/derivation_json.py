"""One derivation as the plain data of the contract: in the reports of ``steps`` and of ``diff``."""

from __future__ import annotations

from typing import Any

from calcgrad.explaining.records import CheckedLine, Derivation
from calcgrad.render.formulas import latex, sentence, text


def derivation(d: Derivation) -> dict[str, Any]:
    """One derivation: what it is of, its lines, what is known of them."""
    found: dict[str, Any] = {
        "wrt": list(d.wrt),
        "name": d.name,
        "function": text(d.function),
        "formula": None if d.formula is None else text(d.formula),
        "latex": None if d.formula is None else latex(d.formula),
        "check": d.check,
        "points": d.points,
        "proof": d.proof,
        "note": d.reason or d.holds,
        "lines": [_line(line) for line in d.lines],
    }
    if d.output is not None:
        found["output"] = list(d.output)
    if d.index is not None:
        found["index"] = list(d.index)
    return found


def _line(checked: CheckedLine) -> dict[str, Any]:
    line = checked.line
    return {
        "step": line.number,
        "kind": line.kind,
        "of": line.of,
        "because": sentence(line.because),
        "rule": line.rule or None,
        "left": text(line.left),
        "right": text(line.right),
        "latex": f"{latex(line.left)} = {latex(line.right)}",
        "parts": [
            {
                "name": part.name or None,
                "formula": text(part.node),
                "derivative": None if part.derivative is None else text(part.derivative),
                "note": part.told or None,
                "values": list(values) if part.name else [],
            }
            for part, values in zip(line.parts, checked.parts, strict=True)
        ],
        "uses": list(line.uses),
        "span": [line.place.start, line.place.end] if line.place.end > line.place.start else None,
        "widens": line.widens,
        "check": checked.check,
        "points": checked.points,
        "values": list(checked.values),
    }
