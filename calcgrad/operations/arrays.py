"""Operations on arrays."""

from __future__ import annotations

from calcgrad.operations.row import Composite, Row

ROWS: tuple[Row, ...] = ()
COMPOSITES: tuple[Composite, ...] = ()
