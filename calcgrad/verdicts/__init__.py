"""Verdicts: does the derivative exist at the point, and if not, what is there instead?"""

from __future__ import annotations

from calcgrad.verdicts.examining import Examiner, between, errors_of, exact_values, examine, vanishes
from calcgrad.verdicts.finding import Finding

__all__ = ["Examiner", "Finding", "between", "errors_of", "exact_values", "examine", "vanishes"]
