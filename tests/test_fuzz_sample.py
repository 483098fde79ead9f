"""A seeded sample of what the fuzzer does: random expressions, every method, SymPy's truth; none may disagree."""

from collections import Counter
from random import Random

import pytest

from calcgrad.comparing.compute import Request, compute_many
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Name, postorder
from calcgrad.inputs.points import Point, data
from calcgrad.operations import VOCABULARY
from calcgrad.report.derivatives import Report
from tests.random_expressions import drawable_rows, random_expression

pytestmark = pytest.mark.slow

COUNT = 300


def asked(index: int) -> Request:
    random = Random(f"sample:{index}")
    drawn = random_expression(random, drawable_rows(), random.randint(1, 5), random.randint(1, 2), edges=0.1)
    names = {node.name for node in postorder(drawn.root) if isinstance(node, Name)}
    at = Point({name: data(drawn.point[name]) for name in sorted(names)})
    return Request(to_text(drawn.root, VOCABULARY), at=(at,), timeout=2.0)


def test_no_random_expression_disagrees() -> None:
    verdicts: Counter[str] = Counter()
    judged = 0
    for outcome in compute_many(asked(index) for index in range(COUNT)):
        assert isinstance(outcome, Report), str(outcome)
        verdicts[outcome.verdict] += 1
        assert outcome.verdict != "disagree", (
            outcome.input,
            outcome.points[0].at,
            outcome.points[0].explanation,
        )
        judged += any(row.value is not None for row in outcome.points[0].truth)
    assert verdicts["agree"] > 0.95 * COUNT
    assert judged > 0.85 * COUNT
