"""The command line: read the arguments, compute a report, render it, return the exit code.

Each file in ``commands`` is a command: its function ``command`` has the options, its docstring is the help, and it
returns the exit code. Whatever goes wrong is said once, in one place, here.
"""

from __future__ import annotations

import sys
from contextlib import suppress

from calcgrad.debug import debugging
from calcgrad.errors import CalcgradError, Diagnostic, UsageError

INTERRUPTED = 130


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing is raised."""
    from calcgrad.cli import output

    output.prepare_streams()
    output.typed.set(tuple(arguments))
    try:
        with output.no_empty_files():
            code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        output.give_up_standard_output()
        return 0
    except OSError as error:
        if not _is_lost(error, arguments):
            raise
        return UsageError.exit_code
    return code


def _is_lost(error: Exception, arguments: list[str]) -> bool:
    """Whether what was written to standard output is lost; then it is said."""
    from calcgrad.cli.output import lost

    told = lost(error)
    if told is not None:
        say(told, arguments)
    return told is not None


def _run(arguments: list[str]) -> int:
    try:
        from calcgrad.cli.app import invoke

        return invoke(arguments)
    except CalcgradError as error:
        say(error.diagnostic, arguments)
        return error.exit_code
    except KeyboardInterrupt as stopped:
        said = str(stopped) or "interrupted; nothing was written"
        sys.stderr.write(f"{said}\n")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        if _is_lost(error, arguments):
            return UsageError.exit_code
        if debugging("1"):
            raise
        diagnostic = bug(error)
        say(diagnostic, arguments)
        return 70


def bug(error: Exception) -> Diagnostic:
    """What is said of an exception that nobody expected."""
    hints = (
        "please report it to the authors, with what you typed",
        "CALCGRAD_DEBUG=1 shows where it happened",
    )
    message = f"this is a bug of calcgrad: {type(error).__name__}: {error}"
    return Diagnostic("E700", message, hints=hints)


def say(diagnostic: Diagnostic, arguments: list[str]) -> None:
    """One error: drawn on standard error, or one JSON object on standard output where JSON was asked for."""
    from calcgrad.cli import output

    if output.wants_json(arguments) and diagnostic.code != "E350":  # which is said where text can still go
        with suppress(OSError):
            output.write_error_object(diagnostic)
    else:
        origin = output.origin_of(diagnostic, arguments)
        output.draw_error(diagnostic, output.asked_color(arguments), origin=origin)
