"""The quick sweep back, written as text: the pullbacks of the commonest steps on floats stand in its own body.

A step on floats costs less than to call a function for it. So of sums, differences, products and entries of vectors nothing is
called; all other steps have a pullback (:mod:`calcgrad.tracing.rules`), as these have for other sweeps.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from calcgrad.tracing import rules
from calcgrad.tracing.buffers import Entries, pull_entry
from calcgrad.tracing.emitting import scalar_body
from calcgrad.tracing.traced import Traced

#: The operations whose pullbacks stand in the sweep, by which arguments are traced; the commonest come first.
_INLINE = (
    *(("mul", (1, 1)), ("add", (1, 1)), ("sub", (1, 1))),
    *(("mul", (0, 1)), ("mul", (1, 0)), ("add", (1, 0)), ("sub", (1, 0)), ("sub", (0, 1))),
)

_TEXT = """
def sweep(steps, inputs, adjoints, owned, by_rules, note):
    mixed = False
    for k in range(len(steps) - 1, inputs - 1, -1):
        d = adjoints[k]
        if d is None:
            continue
        step = steps[k]
        pull = step[0]
        if pull == {entry}:
            _, slot, _, place, _ = step
            before = adjoints[slot]
            if type(before) is Entries and type(d) is float:
                before.sums[place] += d
            else:
                if note is not None:
                    note()
                if pull_entry(adjoints, owned, d, step) is False:
                    by_rules(adjoints, owned, d, step)
                mixed = mixed or type(adjoints[slot]) is not Entries
{inline}
        elif type(pull) is int:
            scalars[pull].pull(adjoints, d, step)
        else:
            mixed = True
            if note is not None:
                note()
            if type(d) is not Traced and type(d) is not float:  # numbers are looked at in the end
                adjoints[k] = None
            if type(d) is Entries:
                d = d.dense()
                owned[k] = True
            if pull is None or pull(adjoints, owned, d, owned[k], step) is False:
                by_rules(adjoints, owned, d, step)
    return mixed
"""


def _written() -> Callable[..., bool]:
    names: dict[str, Any] = {
        "Entries": Entries,
        "pull_entry": pull_entry,
        "scalars": rules.SCALARS,
        "Traced": Traced,
    }
    lines: list[str] = []
    for op, active in _INLINE:
        lines.append(f"elif pull == {rules.scalar_code(op, active)}:")
        lines.extend(f"    {line}" for line in scalar_body(rules.active_partials(op, active), names))
    inline = "\n".join(f"        {line}" for line in lines)
    exec(compile(_TEXT.format(entry=rules.ENTRY, inline=inline), f"{__file__}: sweep", "exec"), names)
    made: Callable[..., bool] = names["sweep"]
    return made


#: ``sweep(steps, inputs, adjoints, owned, by_rules, note)`` says whether NumPy may have worked on some steps; ``by_rules`` has
#: those that have no quick pullback, and ``note``, where it is one, is called before each step that NumPy may work on.
sweep = _written()
