"""An extension of Markdown: an example at Python's prompt, as it stands in a docstring, is shown as code."""

from __future__ import annotations

import re
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

#: A paragraph that begins with the prompt.
EXAMPLE = re.compile(r"^( *)>>> .*(?:\n(?! *```).*\S.*)*", re.MULTILINE)
FENCE = re.compile(r"(^ *```.*?^ *```)", re.DOTALL | re.MULTILINE)


class Prompts(Preprocessor):
    """Puts fences around examples that have none."""

    def run(self, lines: list[str]) -> list[str]:
        """The lines, with fences."""
        parts = FENCE.split("\n".join(lines))
        parts[::2] = [EXAMPLE.sub(r"\n\1```pycon\n\g<0>\n\1```\n", part) for part in parts[::2]]
        return "".join(parts).split("\n")


class PromptsExtension(Extension):
    """Registers it before the fences are read."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is theirs)
        """Called by Markdown."""
        md.preprocessors.register(Prompts(md), "prompts", 40)


def makeExtension(**settings: Any) -> PromptsExtension:  # noqa: N802 (the name is theirs)
    """Called by Markdown, which finds the extension by this name."""
    return PromptsExtension(**settings)
