"""Reports of ``compare-modes``: what each mode costs, as tables."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from calcgrad.modes.telling import long_time
from calcgrad.phrases import counted, figure, size
from calcgrad.render import Style
from calcgrad.render.json import plain
from calcgrad.render.layout import Row, grid, wrapped
from calcgrad.render.styles import HEADING, paint
from calcgrad.report.modes import Growth, ModeRow, ModesReport, Story, TraceRow


def render(report: ModesReport, style: Style) -> str:
    """Every story, for people."""
    return "\n".join("\n".join(_story(story, style)) + "\n" for story in report.stories)


def _story(story: Story, style: Style) -> list[str]:
    lines = [paint(line, HEADING, style.color) for line in wrapped(_ascii(story.name, style), style.width)]
    if story.trace:
        lines += ["", *trace(story.trace, style)]
    lines += ["", *_costs(story, style)]
    if story.growth:
        lines += ["", *growth(story, style)]
    said = [*story.words, *notes(story)]
    return (
        lines
        + ([""] if said else [])
        + [w for note in said for w in wrapped(_ascii(note, style), style.width, "", "  ")]
    )


def _ascii(text: str, style: Style) -> str:
    return text.replace("µs", "us") if style.ascii else text


def notes(story: Story) -> list[str]:
    """What the modes have to add, each once; of what differs only from size to size, the last."""
    by_kind = {
        (row.mode, row.note.partition(" ")[0]): f"{row.mode}: {row.note}" for row in story.rows if row.note
    }
    marked = "~ before a figure: extrapolated, with its 95 % interval in the sentence or in --json"
    return ([marked] if any(row.extrapolated for row in story.rows) else []) + list(by_kind.values())


def trace(rows: tuple[TraceRow, ...], style: Style) -> list[str]:
    """The computation slot by slot, and how to read it."""
    headers, cells = trace_table(rows)
    table = grid(headers, cells, style.width, style.color, points=False)
    lines = table or [
        f"{r.slot} = {r.expression}: value {_short(r.value)}, adjoint {_short(r.adjoint)}" for r in rows
    ]
    return [*lines, "", *wrapped(trace_words(rows), style.width)]


def trace_table(rows: tuple[TraceRow, ...]) -> tuple[tuple[str, ...], list[Row]]:
    """The computation slot by slot: headers, and a row a slot."""
    headers = ("slot", "is", "value", *[f"pass {k + 1}" for k in range(len(rows[0].tangents))], "adjoint")
    cells = [
        Row((r.slot, r.expression, _short(r.value), *map(_short, r.tangents), _short(r.adjoint)))
        for r in rows
    ]
    return headers, cells


def trace_words(rows: tuple[TraceRow, ...]) -> str:
    """How to read the computation."""
    seeds = len(rows[0].tangents)
    return (
        "Forward mode fills the value and one tangent column a pass, downward: "
        f"{counted(seeds, 'pass', 'passes')} for {counted(seeds, 'input')}. "
        "Reverse mode fills the adjoint column, upward: one pass, and the inputs' adjoints are the whole gradient."
    )


def _short(value: float) -> str:
    return figure(value)


_HEADERS = ("mode", "passes", "operations", "time", "memory", "rel. error")


def costs(story: Story, style: Style) -> tuple[tuple[str, ...], list[Row]]:
    """The headers and a row a mode; in a story that grows, the size stands at the first mode of it.

    A column in which nothing was measured is left out.
    """
    size = sizes(story)
    heads = ["" if k and size[k] == size[k - 1] else size[k] for k in range(len(size))]
    cells = [(row.mode, *_figures(row, style)) for row in story.rows]
    kept = [k for k in range(len(_HEADERS)) if k < 4 or any(line[k] != "-" for line in cells)]
    headers = (story.called or story.grows or "", *[_HEADERS[k] for k in kept])
    return headers, [Row((h, *[line[k] for k in kept])) for h, line in zip(heads, cells, strict=True)]


def sizes(story: Story) -> list[str]:
    """The size of each row in a story that grows."""
    return [f"{getattr(r, story.grows):,}" if story.grows else "" for r in story.rows]


def _costs(story: Story, style: Style) -> list[str]:
    """A line a mode; in a story that grows, a block a size, the size at its head."""
    growing = story.grows is not None
    size = sizes(story)
    firsts = [k for k in range(len(size)) if k and size[k] != size[k - 1]]
    headers, rows = costs(story, style)
    table = grid(headers, rows, style.width, style.color, points=False)
    if table is None:
        named = [Row((s, *row.cells[1:])) for s, row in zip(size, rows, strict=True)]
        return [line for row in named for line in _in_words(headers, row.cells, style)]
    lines = table[1:] if growing else [line.removeprefix("  ") for line in table[1:]]
    head = table[0] if growing else table[0].replace("  mode", "mode", 1)
    return [head, *[text for k, line in enumerate(lines) for text in ([""] if k in firsts else []) + [line]]]


def _in_words(headers: tuple[str, ...], cells: tuple[str, ...], style: Style) -> list[str]:
    """A line of the table as words, where the table does not fit."""
    first = f"{cells[1]}, {cells[0]} {headers[0]}: " if cells[0] else f"{cells[1]}: "
    told = ", ".join(
        f"{name} {cell}" for name, cell in zip(headers[2:], cells[2:], strict=True) if cell != "-"
    )
    return wrapped(first + (told or "left out"), style.width, "", "  ")


def _figures(row: ModeRow, style: Style) -> tuple[str, ...]:
    about = "~" if row.extrapolated else ""
    time = "-" if row.seconds is None else about + long_time(row.seconds, style.ascii)
    return (
        "-" if row.passes is None else str(row.passes),
        "-" if row.operations is None else _operations(row.operations, about),
        time,
        "-" if row.bytes is None else _size(row.bytes),
        "-" if row.max_rel_error is None else size(row.max_rel_error, 1) if row.max_rel_error else "0",
    )


def _operations(number: int, about: str) -> str:
    """All digits up to ten million, two beyond.

    >>> _operations(131843, ""), _operations(6_000_003_000_000, "~")
    ('131843', '~6.0e12')
    """
    if number < 10_000_000:
        return about + str(number)
    return about + size(number)


def _size(count: int) -> str:
    return (
        f"{count} B"
        if count < 10_000
        else f"{count / 1024:.0f} KiB"
        if count < 10_240_000
        else f"{count / 2**20:.0f} MiB"
    )


def growth(story: Story, style: Style) -> list[str]:
    """How each mode's costs grow, a line a mode."""
    lines = wrapped(
        f"how the cost grows with n {story.called or story.grows} (and its 95 % interval):", style.width
    )
    for mode in dict.fromkeys(g.mode for g in story.growth):
        parts = [f"{g.of} ~ n^{g.exponent:.1f}{_interval(g)}" for g in story.growth if g.mode == mode]
        lines += wrapped(f"{mode}: " + ", ".join(parts), style.width, "  ", "    ")
    return lines


def _interval(growth: Growth) -> str:
    low, high = growth.interval
    return "" if high - low < 0.05 else f" ({low:.1f} to {high:.1f})"


def contract(report: ModesReport) -> dict[str, Any]:
    """The report as the plain data of the JSON contract."""
    stories = []
    for story in report.stories:
        data: dict[str, Any] = {"name": story.name, "rows": [asdict(row) for row in story.rows]}
        data["growth"] = [
            {
                "mode": g.mode,
                "of": g.of,
                "with": g.with_what,
                "exponent": g.exponent,
                "interval": list(g.interval),
            }
            for g in story.growth
        ]
        data |= {"grows": story.grows, "called": story.called, "words": list(story.words)}
        if story.trace:
            data["trace"] = [asdict(row) for row in story.trace]
        stories.append(data)
    return {"schema": 1, "command": report.command, "stories": plain(stories)}
