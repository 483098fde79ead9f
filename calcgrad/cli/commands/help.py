"""``calcgrad help``: what ``--help`` shows, asked as a command."""

from __future__ import annotations

from typing import Annotated

import typer

from calcgrad.cli import completing


def command(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="COMMAND",
            help="A command, or the code of an error; without one, all commands.",
            autocompletion=completing.commands,
        ),
    ] = None,
) -> int:
    """What calcgrad can do, or all about one command.

    calcgrad help diff
    """
    from calcgrad.cli.app import invoke
    from calcgrad.codes import register

    if name is None:
        return invoke(["--help"])
    if name.upper() in register():
        return invoke(["explain", name])
    return invoke([name, "--help"])
