"""``calcgrad stencil``: the weights of a finite-difference formula."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer


def command(
    *,
    order: Annotated[int, typer.Option(metavar="K", help="The order of the derivative.")] = 1,
    points: Annotated[str, typer.Option(metavar="OFFSETS", help="In steps: -2..2, or 0,1,5/2.")] = "-1..1",
    json: Annotated[bool, typer.Option("--json", help="As JSON, the fractions as texts.")] = False,
) -> int:
    """The weights of a finite-difference formula, exact.

    calcgrad stencil --order 2 --points -2..2
    """
    from calcgrad.cli.output import write_to_standard_output
    from calcgrad.numerical_diff import stencil

    found = stencil(order, points)
    if not json:
        write_to_standard_output(f"{found}\n")
        return 0
    from calcgrad.render.json import spread

    facts = asdict(found) | {
        "offsets": [str(o) for o in found.offsets],
        "weights": [str(w) for w in found.weights],
        "error_coefficient": str(found.error_coefficient),
    }
    write_to_standard_output(spread({"schema": 1, "command": "stencil", **facts}) + "\n")
    return 0
