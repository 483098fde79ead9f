"""What is seen in the rows of a comparison, in sentences: which mode is cheaper, from where on, what was only reckoned."""

from __future__ import annotations

from collections.abc import Sequence

from calcgrad.report.modes import ModeRow


def words(rows: Sequence[ModeRow]) -> tuple[str, ...]:
    """The sentences for the rows of one function."""
    by_mode = {row.mode: row for row in rows}
    found = [told for row in rows if row.extrapolated and (told := reckoning(row, by_mode.get("reverse-ad")))]
    forward, reverse = by_mode.get("forward-ad"), by_mode.get("reverse-ad")
    if forward is not None and reverse is not None and not (forward.extrapolated or reverse.extrapolated):
        found += crossover(forward, reverse)
    return tuple(found)


def reckoning(row: ModeRow, reverse: ModeRow | None) -> str:
    """``1,000,000 forward passes would take 5.6 hours (4.9 to 6.3 hours); one backward pass took 0.12 s``."""
    if row.seconds is None or row.seconds_interval is None:
        return ""
    low, high = row.seconds_interval
    kind = {"forward-ad": "forward passes", "reverse-ad": "backward passes"}.get(
        row.mode, f"{row.mode} passes"
    )
    kind = "evaluations for central differences" if row.mode == "central-difference" else kind
    said = (
        f"{row.passes:,} {kind} would take {long_time(row.seconds)} ({long_time(low)} to {long_time(high)})"
    )
    if reverse is None or reverse is row or reverse.seconds is None or reverse.extrapolated:
        return said
    passes = "one backward pass" if reverse.passes == 1 else f"{reverse.passes:,} backward passes"
    return f"{said}; {passes} took {long_time(reverse.seconds)}"


def crossover(forward: ModeRow, reverse: ModeRow) -> list[str]:
    """Which of the two is cheaper here, by passes and by time, and where they would cost the same.

    >>> row = lambda mode, passes, seconds: ModeRow(mode, 3, 50, passes, seconds=seconds)
    >>> print(*crossover(row("forward-ad", 3, 3e-4), row("reverse-ad", 50, 1e-2)), sep="\\n")
    with 3 inputs and 50 outputs forward mode is cheaper: 3 passes in 300 µs, reverse mode 50 in 10 ms
    a backward pass took 2.0 times a forward pass: the two would cost the same at about 2.0 inputs an output
    """
    if not (forward.passes and reverse.passes and forward.seconds and reverse.seconds):
        return []
    cheap, dear = sorted((forward, reverse), key=lambda row: row.seconds or 0.0)
    inputs, outputs = _count(forward.inputs, "input"), _count(forward.outputs, "output")
    passes = _count(cheap.passes or 0, "pass", "es")
    alike = (dear.seconds or 0.0) < _ALIKE * (cheap.seconds or 0.0)
    verdict = "the two cost about the same" if alike else f"{_name(cheap)} is cheaper"
    said = (
        f"with {inputs} and {outputs} {verdict}: {_name(cheap) + ' ' if alike else ''}{passes} in "
        f"{long_time(cheap.seconds or 0.0)}, {_name(dear)} {dear.passes:,} in {long_time(dear.seconds or 0.0)}"
    )
    if not alike and (cheap.passes or 0) > (dear.passes or 0):
        said += " (though it has more passes: each of them is cheaper)"
    ratio = (reverse.seconds / reverse.passes) / (forward.seconds / forward.passes)
    more = "the two would cost the same at about"
    per = f"{ratio:.1f} inputs an output" if ratio >= 1 else f"{1 / ratio:.1f} outputs an input"
    return [said, f"a backward pass took {ratio:.1f} times a forward pass: {more} {per}"]


def _name(row: ModeRow) -> str:
    return "forward mode" if row.mode == "forward-ad" else "reverse mode"


def _count(number: int, word: str, plural: str = "s") -> str:
    return f"{number:,} {word}{'' if number == 1 else plural}"


def long_time(seconds: float, ascii: bool = False) -> str:
    """A time to two digits in the unit that suits it, up to years.

    >>> long_time(2e-5), long_time(0.25), long_time(90), long_time(20160), long_time(2e6), long_time(1e9)
    ('20 µs', '250 ms', '90 s', '5.6 hours', '23 days', '32 years')
    """
    for unit, scale, least in _UNITS:
        if seconds >= least:
            value = seconds / scale
            name = unit.replace("µ", "u") if ascii else unit
            return f"{value:.1f} {name}" if value < 9.95 else f"{value:.0f} {name}"
    return f"{seconds * 1e9:.0f} ns"


#: Times that differ by less than this factor are not told apart.
_ALIKE = 1.3
_UNITS = (
    ("years", 365.25 * 86400.0, 2 * 365.25 * 86400.0),
    ("days", 86400.0, 2 * 86400.0),
    ("hours", 3600.0, 2 * 3600.0),
    ("min", 60.0, 120.0),
    ("s", 1.0, 0.9995),
    ("ms", 1e-3, 0.9995e-3),
    ("µs", 1e-6, 0.9995e-6),
)
