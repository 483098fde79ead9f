"""Published problems, from tables, test sets and courses. See :mod:`.problem` for what one is.

``python -m published`` from ``tests/data`` proves them all and writes ``published.json``.
"""

from __future__ import annotations

from .courses import COURSES
from .elementary import ELEMENTARY
from .learning import LEARNING
from .optimisation import OPTIMISATION
from .problem import Problem
from .regression import REGRESSION
from .special import SPECIAL

PROBLEMS: tuple[Problem, ...] = (*ELEMENTARY, *SPECIAL, *OPTIMISATION, *REGRESSION, *COURSES, *LEARNING)
