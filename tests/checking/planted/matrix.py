"""The planted gradients put to the checker: what it says of the right one and of the wrong one, a line each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from calcgrad import check_grad
from calcgrad.errors import CalcgradError
from calcgrad.report.claims import CheckReport
from tests.checking.planted import CASES, Planted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checker says of one planted loss."""

    case: Planted
    right: CheckReport
    wrong: CheckReport

    @property
    def passed(self) -> bool:
        """Whether the bug got through: the worst that can happen."""
        return self.wrong.verdict == "right"

    @property
    def alarmed(self) -> bool:
        """Whether the right gradient was called wrong."""
        return self.right.verdict == "wrong"

    @property
    def strays(self) -> list[str]:
        """Entries that are called wrong, and are right."""
        masks = self.case.wrong_entries()
        return [
            f"{e.argument}{list(e.index or ())}"
            for e in self.wrong.wrong
            if e.index is not None and not masks[e.argument][e.index]
        ]

    @property
    def named(self) -> bool:
        """Whether wrong entries are named, only such, and all where the report says that it has all."""
        count = sum(int(np.count_nonzero(mask)) for mask in self.case.wrong_entries().values())
        whole = (
            self.wrong.wrong_count == count if self.wrong.wrong_complete else self.wrong.wrong_count <= count
        )
        return bool(self.wrong.wrong) and not self.strays and whole

    @property
    def diagnosed(self) -> bool:
        """Whether one of the likely causes is one that names the mistake."""
        return any(likely.cause in self.case.bug.causes for likely in self.wrong.likely)


def outcomes(seed: int = 1, correct: bool = True) -> Iterator[Outcome]:
    """Every planted loss with what is said of both of its gradients."""
    for case in CASES:
        yield outcome(case, seed, correct)


def outcome(case: Planted, seed: int = 1, correct: bool = True) -> Outcome:
    """What is said of one planted loss."""
    return Outcome(
        case, _said(case, case.gradient, seed, correct), _said(case, case.bug.gradient, seed, correct)
    )


def _said(case: Planted, gradient: object, seed: int, correct: bool) -> CheckReport:
    """The report; an error of the checker's is an answer too, and an inconclusive one."""
    try:
        return check_grad(case.loss, gradient, *case.arguments, seed=seed, correct=correct)  # type: ignore[arg-type]
    except CalcgradError as error:
        return CheckReport(case.name, "error", {}, "inconclusive", "exception", notes=(str(error),))


def table(found: list[Outcome]) -> str:
    """The matrix: a line a loss, and the counts."""
    width = max(len(o.case.name) for o in found)
    lines = [f"{'planted':{width}}  right         wrong         entries  cause"]
    for o in found:
        likely = ", ".join(likely.cause for likely in o.wrong.likely) or "-"
        cause = f"{'yes' if o.diagnosed else 'no':3}  {likely}"
        entries = "named" if o.named else "NOT"
        lines.append(
            f"{o.case.name:{width}}  {o.right.verdict:12}  {o.wrong.verdict:12}  {entries:7}  {cause}"
        )
    evaluations = sum(o.right.evaluations + o.wrong.evaluations for o in found)
    total = len(found)
    lines += [
        "",
        f"bugs passed                {sum(o.passed for o in found)} of {total}",
        f"right gradients rejected   {sum(o.alarmed for o in found)} of {total}",
        f"right, inconclusive        {sum(o.right.verdict == 'inconclusive' for o in found)} of {total}",
        f"wrong entries named        {sum(o.named for o in found)} of {total}",
        f"causes named               {sum(o.diagnosed for o in found)} of {total}",
        f"evaluations                {evaluations} for {2 * total} checks",
    ]
    return "\n".join(lines)
