"""What is known of one code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Code:
    """A code of an error (``E…``) or a warning (``W…``), and its one meaning.

    ``title`` is the meaning in a line, ``why`` how it comes about, ``mend`` what to do. ``example`` raises it when it is run in
    a folder with these ``files`` (text by name): a command line, or else Python. ``libraries`` says of a library that the
    example turns on whether it must be installed; a test puts a stand-in there, or hides it.
    """

    code: str
    title: str
    why: str
    mend: str
    example: str
    files: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, bool] = field(default_factory=dict)

    @property
    def command(self) -> bool:
        """Whether the example is a command line.

        >>> Code("E999", "a title", "why", "mend", "calcgrad diff x").command
        True
        """
        return self.example.startswith("calcgrad ")

    @property
    def warning(self) -> bool:
        """Whether it is a warning, after which calcgrad goes on."""
        return self.code.startswith("W")
