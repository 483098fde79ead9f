"""Pictures that ``--output`` asks for by the ending of its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from calcgrad.errors import UsageError

if TYPE_CHECKING:
    from calcgrad.render.charts import Chart


def write_picture(path: str, charts: Sequence[Chart], kind: str) -> None:
    """Write the charts as a picture. Raises ``UsageError``: E650 without matplotlib, E351 where the file cannot be written."""
    from calcgrad.render.pictures import drawn

    picture = drawn(charts, kind)
    try:
        Path(path).write_bytes(picture)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise UsageError.of("E351", f"{path} cannot be written: {reason}") from error
