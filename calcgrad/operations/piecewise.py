"""piecewise"""

from __future__ import annotations

from calcgrad.operations.row import Row

ROWS: tuple[Row, ...] = ()
