"""What ``CALCGRAD_DEBUG`` asks to see, on standard error: ``1`` (our own stack), ``tape``, ``verdict``; several with commas."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable


def debugging(topic: str) -> bool:
    """Whether a topic is asked for."""
    return topic in os.environ.get("CALCGRAD_DEBUG", "").split(",")


def tell(topic: str, text: Callable[[], object]) -> None:
    """Say on standard error what a topic has to say, if it is asked for; ``text`` is made only then."""
    if debugging(topic):
        print(f"[{topic}]", text(), file=sys.stderr)
