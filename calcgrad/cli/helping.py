"""How ``--help`` looks: examples under a heading of their own, options in groups by what they are for.

A docstring's paragraphs whose lines begin with ``calcgrad`` are its examples; the group of an option is its
``rich_help_panel``, Typer's own word for it. Typer draws groups with rich only, which doubles the start-up.
"""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

_PLAIN = "Options"


class _Examples:
    """What a command does, then its examples, each on a line that is not wrapped."""

    help: str | None

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """Write it."""
        told, examples = split_examples(self.help or "")
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(told)
        if examples:
            with formatter.section("Examples"):
                for line in examples:
                    formatter.write(f"{' ' * formatter.current_indent}{line}\n")


class Commands(_Examples, TyperGroup):
    """All of the commands, each with its first sentence, whole."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """A row a command."""
        rows = [(name, first_sentence(self.commands[name].help or "")) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


class Command(_Examples, TyperCommand):
    """One of the commands."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The arguments, then a group after the other, in the order of the signature; ``--help`` comes last in it."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                group = getattr(parameter, "rich_help_panel", None)
                is_argument = parameter.param_type_name == "argument"
                groups.setdefault(group or ("Arguments" if is_argument else _PLAIN), []).append(record)
        for title, records in groups.items():
            with formatter.section(title):
                formatter.write_dl(records)


def split_examples(text: str) -> tuple[str, list[str]]:
    r"""What a docstring tells, and its examples.

    >>> split_examples("Differentiate.\n\ncalcgrad diff x --at 2\ncalcgrad diff y\n\nMore.")
    ('Differentiate.\n\nMore.', ['calcgrad diff x --at 2', 'calcgrad diff y'])
    """
    told: list[str] = []
    examples: list[str] = []
    for paragraph in text.replace("\f", "").split("\n\n"):
        lines = [line.strip() for line in paragraph.strip().splitlines()]
        if lines and all(line.startswith("calcgrad ") for line in lines):
            examples += lines
        else:
            told.append(paragraph)
    return "\n\n".join(told), examples


def first_sentence(text: str) -> str:
    r"""The first paragraph of a docstring on one line.

    >>> first_sentence("Differentiate\n  it.\n\nMore.")
    'Differentiate it.'
    """
    return " ".join(text.strip().partition("\n\n")[0].split())
