"""The Typer application: finds the commands, orders the arguments for it, says its errors our way."""

from __future__ import annotations

import importlib
import itertools
import os
import re
from pathlib import Path
from typing import Any

import typer

from calcgrad.cli.helping import Command, Commands
from calcgrad.cli.misnamed import CALLED, OPTIONS, VALUES, meant_by
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.phrases import listed

COMMANDS = Path(__file__).parent / "commands"
_ABOUT = """Derivatives by every method there is, side by side, each judged against the truth.

calcgrad diff "x**3+2*x" --at 2
calcgrad check model.py:loss --grad model.py:loss_grad --at w.npy
calcgrad help diff

No command has a short option: an argument that begins with one minus sign is an expression."""
_HELP = {"help_option_names": ["--help", "-h"], "max_content_width": 100}
_COMPLETING = "_CALCGRAD_COMPLETE"  # the variable by which Typer's scripts for the shells ask
_FOR_SHELLS = ("--install-completion", "--show-completion")
_SHELLS = ("bash", "zsh", "fish", "powershell")
#: Arguments that ask for the list of commands and nothing else.
_LISTING = (["--help"], ["-h"])
#: Options whose value is a list with commas: given twice, the lists are joined.
_LISTS = ("--wrt", "--methods")
_KINDS = {"integer": "a whole number", "int": "a whole number", "float": "a number"}
#: What is no expression but the name of a file, and what looks like a short option.
_FILE = re.compile(r".*\.(?:csv|dot|html?|json|jsonl|md|pdf|png|svg|tex|txt|xml)", re.IGNORECASE)
_SHORT = re.compile(r"(?<!\S)-[A-Za-z](?!\S)")
_USAGE_ERROR: Any = typer.BadParameter.__base__  # Typer carries its own Click and does not name this one
_CLICK_ERROR: Any = _USAGE_ERROR.__base__


def invoke(arguments: list[str]) -> int:
    """Run the command that the arguments name; its exit code.

    Raises :class:`UsageError` (E360 to E368, E521) where the arguments make no sense.
    """
    if os.environ.get(_COMPLETING):
        return _complete()
    if len(arguments) == 2 and arguments[0] in _FOR_SHELLS:
        return _for_shell(*arguments)
    arguments = arguments or ["--help"]
    command = _application(arguments)
    # Not command.main(): that one has its own way with interrupts and broken pipes. Click empties the list that it is given.
    try:
        with command.make_context("calcgrad", list(_in_order(arguments, command))) as context:
            code = command.invoke(context)
    except _CLICK_ERROR as error:
        raise _ours(error, command, arguments) from None
    except typer.Exit as done:
        code = done.exit_code
    except SystemExit as done:  # Typer's options for completion end the program themselves
        code = done.code
    if code and arguments[0] in _FOR_SHELLS:
        raise _no_such_shell(arguments[0])
    return int(code or 0)


def _for_shell(option: str, shell: str) -> int:
    """Install or show completion for a shell that is named; Typer's own options guess it."""
    import typer.completion

    from calcgrad.cli.output import write_to_standard_output

    typers: Any = typer.completion  # whose functions are not declared as exported

    if shell not in _SHELLS:
        raise _no_such_shell(option)
    if option == "--show-completion":
        script = typers.get_completion_script(prog_name="calcgrad", complete_var=_COMPLETING, shell=shell)
        write_to_standard_output(f"{script}\n")
        return 0
    _, file = typers.install(shell, "calcgrad", _COMPLETING)
    write_to_standard_output(f"completion for {shell} stands in {file}; a new terminal has it\n")
    return 0


def _no_such_shell(option: str) -> CalcgradError:
    known = ", ".join(_SHELLS[:-1])
    return UsageError.of(
        "E529", f"{option} is for {known} and {_SHELLS[-1]}", hints=(f"calcgrad {option} bash",)
    )


def _complete() -> int:
    """What a shell asks when Tab is pressed, answered by Typer; the exit code."""
    try:
        _application([])._main_shell_completion({}, "calcgrad", _COMPLETING)
    except SystemExit as done:
        return int(done.code or 0)
    return 0


def names() -> list[str]:
    """The names of the commands: one a file."""
    files = sorted(f.stem for f in COMMANDS.glob("*.py") if not f.stem.startswith("_"))
    return [name.replace("_", "-") for name in files]


def _application(arguments: list[str]) -> Any:
    """Typer's command: with the one command that is called, or with all of them."""
    all_of_them = not (arguments and _is_command(arguments[0]))
    app = typer.Typer(
        cls=Commands,
        add_completion=all_of_them,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_HELP,
        help=_ABOUT,
    )
    app.callback()(_options)
    only_listed = arguments in _LISTING
    for name in names() if all_of_them else arguments[:1]:
        module = importlib.import_module(f"calcgrad.cli.commands.{name.replace('-', '_')}")
        command = _listed(module.command) if only_listed else module.command
        app.command(name, cls=Command, context_settings=_HELP)(command)
    return typer.main.get_command(app)


def _listed(command: Any) -> Any:
    """What stands for a command in the list of all: its text, without options, which Typer is slow to read."""

    def nothing() -> None:
        raise AssertionError("a command that is only listed is not run")

    nothing.__doc__ = command.__doc__
    return nothing


def _is_command(word: str) -> bool:
    return word in names()


def _show_version(asked: bool) -> None:
    if asked:
        from calcgrad.cli.output import write_to_standard_output
        from calcgrad.version import __version__

        write_to_standard_output(f"calcgrad {__version__}\n")
        raise typer.Exit


def _options(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version."
    ),
) -> None:
    pass


def _in_order(arguments: list[str], command: Any) -> list[str]:
    """The arguments with all that are no option after ``--``, so that ``-x^2`` can be an expression.

    A token that begins with one minus sign is an expression, unless an option takes it as its value.
    """
    called = command.commands.get(arguments[0])
    if called is None:
        return arguments
    valued = {name: p for p in called.params for name in p.opts if not getattr(p, "is_flag", True)}
    options: list[str] = []
    values: dict[str, str] = {}
    others: list[str] = []
    rest = iter(arguments[1:])
    for token in rest:
        if token == "--":
            others.extend(rest)
        elif token.startswith("--") or token == "-h":
            option, equals, value = token.partition("=")
            if option not in valued:
                options.append(token)
                continue
            if not equals:
                value = _next_value(option, rest)
            if valued[option].multiple:
                options += [option, value]
            else:
                values[option] = _once(option, values.get(option), value)
        else:
            others.append(token)
    if (named := _named_short(others, called)) is not None:
        raise _no_short_ones(named, called)
    single = [token for pair in values.items() for token in pair]
    return [arguments[0], *options, *single, "--", *others]


def _named_short(others: list[str], command: Any) -> str | None:
    """``-o`` before the name of a file, which is no expression: the option that is meant has two minus signs."""
    for token, after in itertools.pairwise(others):
        if token == "-o" and "--output" in _options_of(command) and _FILE.fullmatch(after):
            return token
    return None


def _no_short_ones(token: str, command: Any) -> CalcgradError:
    """That a minus sign and a letter is no option, with those that begin with the letter."""
    meant = [name for name in _options_of(command) if name.startswith(f"-{token}")]
    if token == "-o":
        meant = [name for name in meant if name == "--output"] or meant
    told = f": {listed(meant, 'or')}" if meant else ""
    return UsageError.of(
        "E360",
        f"there is no option {token}",
        hints=(
            f"options are written out, after two minus signs{told}",
            "one minus sign begins an expression",
        ),
    )


def _next_value(option: str, rest: Any) -> str:
    value: str | None = next(rest, None)
    if value is None:
        example = VALUES.get(option, f"{option} VALUE")
        raise UsageError.of("E368", f"{option} needs a value after it", hints=(f"write {example}",))
    return value


def _once(option: str, before: str | None, value: str) -> str:
    """The value of an option that holds one: lists are joined, and of two other values none is dropped in silence."""
    if before is None:
        return value
    if option in _LISTS:
        return f"{before},{value}"
    raise UsageError.of(
        "E528", f"{option} is given twice, {before} and {value}", hints=(f"give {option} once",)
    )


def _ours(error: Any, command: Any, arguments: list[str]) -> CalcgradError:
    """Click's complaint as a diagnostic."""
    unknown = getattr(error, "option_name", None)
    if unknown is not None and "no such option" in error.format_message().lower():
        return _unknown_option(unknown, command, arguments)
    if arguments[0] not in command.commands and not arguments[0].startswith("--"):
        return _unknown_command(arguments)
    short = _SHORT.search(_too_many(error) or "")
    if short is not None and arguments[0] in command.commands:
        return _no_short_ones(short[0], command.commands[arguments[0]])
    message = _wrong_kind(error) or _too_many(error) or error.format_message().rstrip(".")
    message = message[:1].lower() + message[1:]
    code = "E362" if isinstance(error, typer.BadParameter) else "E521"
    extra = (_too_many(error) or "").partition(": ")[2].split()
    meant = meant_by(extra, _options_of(command.commands[arguments[0]])) if extra else None
    hints = (_see_help(command, arguments),) if meant is None else (meant, _see_help(command, arguments))
    return UsageError.of(code, message, hints=hints)


def _wrong_kind(error: Any) -> str | None:
    """Our words for a value that is no number; Click's own differ from version to version."""
    parameter = getattr(error, "param", None)
    kind = _KINDS.get(getattr(getattr(parameter, "type", None), "name", ""))
    quoted = error.message.split("'")
    if kind is None or parameter is None or len(quoted) < 3:
        return None
    return f"{parameter.opts[0]} takes {kind}, not '{quoted[1]}'"


def _too_many(error: Any) -> str | None:
    """Our words for arguments that a command has no place for."""
    said, opened, rest = error.message.partition("(s) (")
    if not (opened and said.endswith("extra argument")):
        return None
    return f"there is no place for a further argument: {rest.removesuffix(')')}"


def _see_help(command: Any, arguments: list[str]) -> str:
    called = f"{arguments[0]} " if arguments[0] in command.commands else ""
    return f"calcgrad {called}--help shows what there is"


def _unknown_option(unknown: str, command: Any, arguments: list[str]) -> CalcgradError:
    from difflib import get_close_matches

    called = command.commands.get(arguments[0], command)
    known = [name for p in called.params for name in p.opts if name.startswith("--")]
    known.append("--help")
    bare = unknown.lstrip("-").lower()
    same = [name for name in known if name == OPTIONS.get(bare)]
    begun = [name for name in known if bare and name.startswith(f"--{bare}")]
    close = same or begun or get_close_matches(unknown, known, n=1)
    if called is command and any(unknown in _options_of(command.commands[name]) for name in command.commands):
        hints = [f'options come after the command: calcgrad diff "x^2" {unknown}']
    else:
        hints = (
            [f"did you mean {close[0]}?"] if close else [*_elsewhere(unknown), _see_help(command, arguments)]
        )
    if called is not command and bare in names():
        hints.insert(0, f"{bare} is a command: calcgrad {bare} EXPRESSION")
    elif called is not command:
        hints.append("an expression that begins with two minus signs goes after --")
    return UsageError.of("E360", f"there is no option {unknown}", hints=tuple(hints))


def _elsewhere(unknown: str) -> list[str]:
    """That another command has the option."""
    commands = _application([]).commands
    found = [name for name, command in commands.items() if unknown in _options_of(command)]
    return (
        [f"{unknown} is an option of {listed([f'calcgrad {name}' for name in found], 'or')}"] if found else []
    )


def _options_of(command: Any) -> list[str]:
    return [name for p in command.params for name in p.opts]


def _unknown_command(arguments: list[str]) -> CalcgradError:
    from difflib import get_close_matches

    word = arguments[0]
    same = CALLED.get(word.lower())
    close = [same] if same else get_close_matches(word, names(), n=1)
    if close:
        hint = f"did you mean {close[0]}?"
    elif word.isalpha() and len(word) > 1:  # a word, not a formula
        hint = "calcgrad --help lists the commands"
    else:
        hint = f'to differentiate: calcgrad diff "{word}"'
    return UsageError.of("E361", f"there is no command {word}", hints=(hint,))
