"""Where text goes: standard output or a file, with what the place can show."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import pairwise
from typing import BinaryIO, TextIO

from calcgrad.errors import CalcgradError, Diagnostic, UsageError
from calcgrad.render import Style

_BEYOND_ASCII = "∂²µ±─"
DEFAULT_WIDTH = 80
#: A full disk, a closed stream, and the like.
_OF_STREAMS = frozenset({errno.ENOSPC, errno.EBADF, errno.EIO, errno.EFBIG, errno.EDQUOT})
#: The arguments of the command that runs: they stand at the foot of the page that it makes.
typed: ContextVar[tuple[str, ...]] = ContextVar("typed", default=())
#: The files of the command that runs, as long as nothing is written into them, and whether they were made for it.
_blank: ContextVar[dict[str, tuple[TextIO, bool]] | None] = ContextVar("blank", default=None)


@contextmanager
def no_empty_files() -> Iterator[None]:
    """Leave each file that an :class:`Output` opened inside and never wrote as it was before: the command failed on the way."""
    blank: dict[str, tuple[TextIO, bool]] = {}
    token = _blank.set(blank)
    try:
        yield
    finally:
        _blank.reset(token)
        for path, (file, made) in blank.items():
            with suppress(OSError):
                file.close()
                if made:
                    os.unlink(path)


def prepare_streams() -> None:
    """Let no character of the user's stop an output: what the encoding lacks is written as its escape.

    A stream that was closed before we began is one that cannot be read or written, and says so when it is used.
    """
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115 (nobody listens: silence is all that is left)
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(errors="surrogateescape")


def style_of(stream: TextIO, color: str = "auto") -> Style:
    """The stream's width, whether it shows colours, and whether it is limited to ASCII.

    Colours: ``always``, ``never``, or on a terminal without ``NO_COLOR``. Width: ``COLUMNS``, or else the
    terminal's, or else 80.
    """
    terminal = stream.isatty()
    allowed = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    colored = color == "always" or (color == "auto" and terminal and allowed)
    return Style(_width(stream, terminal), colored, _only_ascii(stream), typed=typed.get())


def _width(stream: TextIO, terminal: bool) -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns) > 0:
        return int(columns)
    if terminal:
        try:
            return os.get_terminal_size(stream.fileno()).columns or DEFAULT_WIDTH
        except OSError:
            pass
    return DEFAULT_WIDTH


def _only_ascii(stream: TextIO) -> bool:
    try:
        _BEYOND_ASCII.encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


class Output:
    """Standard output, or the file of ``--output``; with ``quiet`` nothing is written but that file."""

    def __init__(self, path: str | None = None, color: str = "auto", quiet: bool = False) -> None:
        self._file: TextIO | None = None
        self._name = path or "standard output"
        self._lost: CalcgradError | None = None
        self._old = False
        self._silent = quiet and path is None
        if path is not None:
            there = os.path.lexists(path)
            try:
                # Opened now, so that a place that cannot be written is told before the work; emptied when there is something new.
                self._file = open(path, "a", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
                self._old = stat.S_ISREG(os.fstat(self._file.fileno()).st_mode)
            except OSError as error:
                raise UsageError.of("E351", f"{path} cannot be written: {_reason(error)}") from error
            blank = _blank.get()
            if blank is not None:
                blank[path] = (self._file, not there)
        self.style = style_of(self.stream, color)

    @property
    def stream(self) -> TextIO:
        """Where text goes."""
        return self._file if self._file is not None else sys.stdout

    def write(self, text: str) -> None:
        """Write, and flush, so that a reader sees each result when it is there.

        Where nothing can be written (a full disk), the text, and all that follows it, goes to the next place that is left:
        from a file to standard output, from there to standard error. :meth:`close` says so.
        """
        if self._silent:
            return
        try:
            self._empty()
            self.stream.write(text)
            self.stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            self._elsewhere(text, error)

    def _empty(self) -> None:
        """Remove what stood in the file before, which is then no longer left as it was."""
        (_blank.get() or {}).pop(self._name, None)
        if self._old and self._file is not None:
            self._old = False
            self._file.truncate(0)

    def _elsewhere(self, text: str, error: OSError) -> None:
        from_file, self._file = self._file, None
        place = "output" if from_file is not None else "error"
        self._lose(error, f"what could not be written stands on standard {place}")
        if from_file is not None:
            with suppress(OSError):
                from_file.close()
            self.write(text)
            return
        give_up_standard_output()
        sys.stdout = sys.stderr
        with suppress(OSError):  # the last place: where it fails too, the exit code is all that is left
            sys.stderr.write(text)
            sys.stderr.flush()

    def _lose(self, error: OSError, *hints: str) -> None:
        if self._lost is None:
            self._lost = UsageError.of(
                "E350", f"{self._name} cannot be written: {_reason(error)}", hints=hints
            )

    def close(self) -> None:
        """Close the file, if it is one; raises ``UsageError`` (E350) where something could not be written."""
        try:
            if self._file is not None:
                self._empty()
                self._file.close()
        except OSError as error:
            self._lose(error)
        if self._lost is not None:
            raise self._lost


def write_to_standard_output(text: str) -> None:
    """Write the one text of a command; raises ``UsageError`` (E350) where it cannot be written."""
    place = Output()
    place.write(text)
    place.close()


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def lost(error: Exception) -> Diagnostic | None:
    """What is said where text written straight to standard output (Typer's help) is lost; ``None`` for any other error."""
    if not isinstance(error, OSError) or error.filename is not None or error.errno not in _OF_STREAMS:
        return None
    give_up_standard_output()
    return UsageError.of("E350", f"standard output cannot be written: {_reason(error)}").diagnostic


def give_up_standard_output() -> None:
    """Let what standard output still holds go nowhere, so that Python does not fail over it at its end."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def standard_input() -> BinaryIO:
    """Standard input as bytes; raises ``UsageError`` (E357) where it is closed."""
    return text_stream().buffer


def text_stream() -> TextIO:
    """Standard input, to be read line by line; raises ``UsageError`` (E357) where it is closed."""
    if sys.stdin is None:
        raise UsageError.of("E357", "standard input is closed", hints=("give a file, or pipe the text in",))
    return sys.stdin


def text_of_standard_input() -> str:
    """Standard input as text, whatever its bytes are."""
    return standard_input().read().decode("utf-8-sig", "surrogateescape")


def wants_json(arguments: list[str]) -> bool:
    """Whether the arguments, right or wrong, ask for JSON."""
    return "--json" in arguments or any(f in {"json", "jsonl"} for f in _values("--format", arguments))


def asked_color(arguments: list[str]) -> str:
    """The ``--color`` of the arguments, right or wrong."""
    colors = _values("--color", arguments)
    return colors[-1] if colors and colors[-1] in {"always", "never"} else "auto"


def _values(option: str, arguments: list[str]) -> list[str]:
    after = [b for a, b in pairwise(arguments) if a == option]
    return after + [a.partition("=")[2] for a in arguments if a.startswith(f"{option}=")]


def write_error_object(diagnostic: Diagnostic) -> None:
    """The error as one JSON object on standard output."""
    from calcgrad.render.json import error_object, line

    sys.stdout.write(line(error_object(diagnostic), _only_ascii(sys.stdout)) + "\n")


def origin_of(diagnostic: Diagnostic, arguments: list[str]) -> str:
    """What the text that the diagnostic points into is called."""
    for option, name in (("--at", "point"), ("--random", "distribution")):
        if diagnostic.source in _values(option, arguments):
            return name
    return "expression"


def draw_error(
    diagnostic: Diagnostic, color: str = "auto", before: str = "", origin: str = "expression"
) -> None:
    """The error with its place and hints, on standard error."""
    from calcgrad.render.diagnostic import draw

    style = style_of(sys.stderr, color)
    drawn = draw(diagnostic, color=style.color, width=style.width, ascii=style.ascii, origin=origin)
    sys.stderr.write(before + drawn.rstrip("\n") + "\n")
    sys.stderr.flush()
