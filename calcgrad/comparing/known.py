"""What is known of one number, by one source or by two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Known:
    """A number in decimals, and how it is known.

    It lies within ``radius`` of ``value``, of which ``digits`` digits are proved. ``method`` says whose digits they are, and
    ``certified`` whether both sources agree; ``other`` is the other source's value where they do not. Without a value ``note``
    says why, and ``status`` whether it was for want of time. ``exact`` is a short closed form.
    """

    value: str | None = None
    radius: str | None = None
    digits: int | None = None
    certified: bool = False
    method: Literal["certified", "symbolic"] | None = None
    status: Literal["ok", "timeout", "none"] = "ok"
    note: str | None = None
    exact: str | None = None
    other: str | None = None

    @property
    def disputed(self) -> bool:
        """Whether two sources contradict each other."""
        return self.other is not None
