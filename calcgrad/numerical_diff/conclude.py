"""From a finished search to an :class:`~calcgrad.report.estimates.Estimate`: the status, and the sentence that goes
with it.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from calcgrad.numerical_diff.adaptive import Search
from calcgrad.numerical_diff.breaks import Break
from calcgrad.numerical_diff.sampling import Samples
from calcgrad.numerical_diff.shot import NOISY, Shot, scaled
from calcgrad.phrases import figure, size
from calcgrad.report.estimates import Estimate

#: With more noise than rounding and a bound above this share of the value, the level is worth a word.
_WORTH_A_WORD = 1e-9
#: A bound above this share of the value says that nothing is left of the derivative.
_LOST = 0.01
#: With this much more noise than rounding explains, the level is worth a word whatever the bound.
_FAR = 300.0
_SINGLE = 2.0**-24
#: The smallest double, and the smallest with all its bits.
_SMALLEST, _NORMAL = 5e-324, 2.0**-1022


def conclude(search: Search) -> Estimate:
    """Say what the search found."""
    found = _of_slope(search) or _of_finding(search, search.finding) or _of_shot(search)
    raised = search.samples.line.function.raised
    if raised and found.note is not None:
        error = search.samples.line.function.first_error
        found = replace(
            found,
            note=f"{found.note}; f raised {type(error).__name__} at {raised} point{'s' if raised > 1 else ''}",
        )
    evaluations = search.samples.line.function.evaluations
    return replace(found, error_bound=_at_least(search, found), evaluations=evaluations)


def _at_least(search: Search, found: Estimate) -> Any:
    """The bound, or what differences by this step cannot tell from 0: values end at 5e-324, which over a tiny step is no tiny
    derivative. By an ordinary step it is, and is left out.
    """
    if not found.step or not isinstance(found.error_bound, float):
        return found.error_bound
    unseen = scaled(_SMALLEST, 0, found.step, search.order)
    return max(found.error_bound, unseen) if unseen >= _NORMAL else found.error_bound


def _of_slope(search: Search) -> Estimate | None:
    """Two sides that touch have one derivative."""
    slope = search.slope
    return Estimate(slope.value, slope.bound, step=slope.width) if slope is not None else None


def _of_finding(search: Search, finding: Break | None) -> Estimate | None:
    if finding is None:
        return None
    kinds = {
        "jump": _jump,
        "kink": _kink,
        "infinite": _infinite,
        "boundary": _boundary,
        "undefined": _undefined,
    }
    if finding.kind in kinds:
        return kinds[finding.kind](search, finding)
    return _both_sides(search, finding) if finding.kind == "smooth" else None


def _jump(search: Search, finding: Break) -> Estimate:
    left, right = finding.left, finding.right
    assert left is not None
    assert right is not None
    bound = max(left.bounds[0], right.bounds[0])
    here = search.samples.one(0.0)
    if abs(right.value - left.value) <= 4.0 * (left.bounds[0] + right.bounds[0]):
        note = f"jump: f tends to {figure(left.value)} from both sides but is {figure(here)} at the point"
    else:
        note = f"jump: f tends to {figure(left.value)} from the left and {figure(right.value)} from the right"
    return Estimate(math.nan, bound, status="jump", left=left.value, right=right.value, note=note)


def _kink(search: Search, finding: Break) -> Estimate:
    left, right, k = finding.left, finding.right, search.order
    assert left is not None
    assert right is not None
    bound = max(left.bounds[k], right.bounds[k])
    a, b = left.derivatives[k], right.derivatives[k]
    what = "slope" if k == 1 else f"derivative {k}"
    broken = next(i for i in range(1, k + 1) if finding.apart(i))
    note = f"kink: the {what} is {figure(a)} on the left and {figure(b)} on the right, each ± {size(bound)}"
    if broken < k:
        note += f"; already derivative {broken} breaks"
    return Estimate(math.nan, bound, status="kink", left=a, right=b, note=note)


def _infinite(search: Search, finding: Break) -> Estimate:
    a, b = finding.tangents
    if a == b:
        note = "vertical tangent: the slope grows without end toward the point"
        return Estimate(a, math.inf, status="undefined", left=a, right=b, note=note)
    left, right = (
        tangent or (side.derivatives[1] if side else math.nan)
        for tangent, side in ((a, finding.left), (b, finding.right))
    )
    note = f"kink: the slope is {figure(left)} on the left and {figure(right)} on the right"
    return Estimate(math.nan, math.inf, status="kink", left=left, right=right, note=note)


def _boundary(search: Search, finding: Break) -> Estimate:
    """One side only: its derivative, which may be infinite."""
    side = finding.left or finding.right
    lonely, word = (finding.left is None, "right") if side else (finding.tangents[0] == 0.0, "left")
    word = "right" if lonely else "left"
    tangent = finding.tangents[1] if lonely else finding.tangents[0]
    value = tangent or (side.derivatives[search.order] if side else math.nan)
    bound = math.inf if tangent or not side else side.bounds[search.order]
    note = f"boundary: f has values only on the {word}; this is the derivative from there"
    if tangent:
        note += ", where it grows without end"
    return Estimate(
        value,
        bound,
        noise=side.noise if side else None,
        status="boundary",
        left=None if lonely else value,
        right=value if lonely else None,
        note=note,
    )


def _undefined(search: Search, finding: Break) -> Estimate:
    left, right, k = finding.left, finding.right, search.order
    error = search.samples.line.function.first_error
    here = search.samples.line.answers.get(0.0)
    finite = here is not None and all(map(math.isfinite, here))
    note = "f has no finite value " + ("beside the point" if finite else "at the point")
    if error is not None and here is None:
        note += f" ({type(error).__name__}: {error})"
    if left is None or right is None or any(finding.apart(i) for i in range(k + 1)):
        return Estimate(math.nan, math.inf, status="undefined", note=note)
    side = min((left, right), key=lambda s: s.bounds[k])
    note += "; this is the derivative of its continuous extension"
    return Estimate(
        side.derivatives[k],
        max(left.bounds[k], right.bounds[k]) + 0.5 * abs(left.derivatives[k] - right.derivatives[k]),
        noise=side.noise,
        status="undefined",
        left=left.derivatives[k],
        right=right.derivatives[k],
        note=note,
    )


def _both_sides(search: Search, finding: Break) -> Estimate | None:
    """The sides agree: the better one, with the worse one's bound, where that is better than any shot."""
    k = search.order
    sides = [s for s in (finding.left, finding.right) if s is not None]
    if not sides:
        return None
    side = min(sides, key=lambda s: s.bounds[k])
    bound = max(s.bounds[k] for s in sides)
    bound += max(abs(s.derivatives[k] - side.derivatives[k]) for s in sides)
    best = search.best
    if (best is not None and best.bound <= bound) or (search.budget_spent and not search.doubted):
        return None
    value = side.derivatives[k]
    if bound > _LOST * abs(value) and bound > _WORTH_A_WORD * _steepness(search.samples, search.width, k):
        note = f"the two sides agree, but say no more than ± {size(bound)}"
        return Estimate(value, bound, noise=side.noise, step=side.width, status="noisy", note=note)
    return Estimate(value, bound, noise=side.noise, step=side.width)


def _steepness(samples: Samples, width: float, order: int) -> float:
    """The mean slope, to the order of the derivative, over this width on either side that has values."""
    here = samples.one(0.0)
    changes = [abs(v - here) for v in samples.at([t for t in samples.line.answers if abs(t) <= width])]
    finite = [c for c in changes if not math.isnan(c)]
    return scaled(max(finite, default=0.0), 0, width, order)


def _of_shot(search: Search) -> Estimate:
    walked = search.budget_spent and not search.doubted
    shot = search.best or (search.rough if walked else None)
    if shot is None:
        if walked:
            spent = search.samples.line.function.evaluations
            return Estimate(
                math.nan, math.inf, status="budget", note=f"no estimate within {spent} evaluations"
            )
        return Estimate(
            math.nan, math.inf, status="failed", note="no grid resolves f here: no step gives a derivative"
        )
    if search.grain:
        return Estimate(
            shot.value,
            shot.bound,
            noise=search.grain,
            step=shot.step,
            status="noisy",
            note=_grain_note(search),
        )
    estimate = Estimate(shot.value, shot.bound, noise=shot.noise, step=shot.step)
    if search.budget_spent and (search.doubted or not search.content):
        note = f"the best within {search.samples.line.function.evaluations} evaluations"
        bound = max(shot.bound, _contradicted(search, shot))
        return replace(estimate, error_bound=bound, status="budget", note=note)
    excess = max((_excess(search, s) for s in search.shots), default=0.0)
    vague = shot.bound > _WORTH_A_WORD * abs(shot.value) and not search.content
    if search.noisy and (excess > _FAR or (shot.noise > NOISY * shot.floor and vague)):
        return replace(estimate, status="noisy", note=_noise_note(search, shot))
    if search.content:
        return estimate
    if shot.bound > _LOST * abs(shot.value) and shot.bound > _WORTH_A_WORD * shot.slope:
        note = f"rounding hides the derivative: it is within ± {size(shot.bound)} of this"
        return replace(estimate, status="noisy", note=note)
    return estimate


def _contradicted(search: Search, shot: Shot) -> float:
    """How far coarser grids are from this answer, where there was no room left to find out who is right."""
    if not search.doubted:
        return 0.0
    coarser = [each.value for each in search.suspects if each.step > shot.step and math.isfinite(each.value)]
    return max((abs(value - shot.value) for value in coarser), default=0.0)


def _excess(search: Search, shot: Shot) -> float:
    """How many times more noise there is than rounding explains, that of x included, which is conditioning."""
    explained = shot.floor + math.ulp(search.samples.x) * shot.slope_of_values
    return shot.noise / explained if explained else 0.0


def _noise_note(search: Search, shot: Shot) -> str:
    note = f"f carries noise of about {size(shot.noise)}; this is the derivative of its smooth part"
    return note + _precision(search, shot.noise)


def _grain_note(search: Search) -> str:
    note = f"f leaps by about {size(search.grain)} all over, as if a part of it is rounded; this is the derivative of its trend"
    return note + _precision(search, search.grain)


def _precision(search: Search, level: float) -> str:
    """What is said of values that are exactly numbers of 24 bits, with noise that goes with them."""
    values = [answer[search.samples.component] for answer in search.samples.line.answers.values() if answer]
    finite = [v for v in values if math.isfinite(v)]
    size = max(map(abs, finite), default=0.0)
    single = size and _SINGLE / 16 < level / size < _SINGLE * 16
    if single and all((math.frexp(v)[0] * 2.0**24).is_integer() for v in finite):
        return " (its values are single precision)"
    return ""
