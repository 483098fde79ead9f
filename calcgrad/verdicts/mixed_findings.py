"""What a mixed partial comes to, as a finding in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from calcgrad.verdicts import notes, ties
from calcgrad.verdicts.concluding import to_digits, to_float
from calcgrad.verdicts.finding import Finding
from calcgrad.verdicts.mixed import Broken, Groups, Outcome, Partial, agreeing, furthest

#: A spot whose moving coordinate is the one that is asked for.
Spots = Callable[[int], notes.Spot]


def settle(
    outcomes: Sequence[Outcome], wrt: Sequence[int], spots: Spots, flat: Sequence[float]
) -> Finding | None:
    """The finding for the outcomes of both orders; ``None`` where the function has no value, nor a limit in its place."""
    found = [o for o in outcomes if isinstance(o, Partial)]
    broken = furthest(outcomes)
    if len(found) == 2 and not agreeing(*found):
        return _unequal(found, wrt, spots, flat)
    if found:
        first = found[0]
        return _exists(first, outcomes[0] is not first, broken, wrt, spots, flat)
    return _broken(broken, wrt, spots, flat) if broken is not None else None


def _exists(
    found: Partial,
    reversed_: bool,
    broken: Broken | None,
    wrt: Sequence[int],
    spots: Spots,
    flat: Sequence[float],
) -> Finding:
    spot = spots(wrt[0])
    value, text = to_digits(found.value), ""
    if broken is not None:
        order = _groups(wrt, reversed_)
        text = f"this is {_chain(order, spots)}; the other way round there is none: {_why(broken, spots)}"
    if found.limit is not None:
        start = f"{spot.function} has no value at {spot.here}, but goes to {notes.number(found.limit)} along the axes; "
        filled = f"with that value filled in, its mixed derivative there is {notes.number(found.value)}"
        limit = to_float(found.limit)
        said = "; ".join(filter(None, [start + filled, text]))
        return Finding("removable", said, limit=limit, value=value, hole=True)
    if found.one_sided:
        only = f"{spot.function} ends at {spot.here}: its mixed derivative there, {notes.number(found.value)}, is one-sided"
        right = to_float(found.value)
        return Finding("boundary", only, None, right, sides="mixed derivative", tie=ties.tie(spot, flat))
    return Finding("agree", text, value=value, tie=ties.tie(spot, flat))


def _unequal(found: Sequence[Partial], wrt: Sequence[int], spots: Spots, flat: Sequence[float]) -> Finding:
    spot = spots(wrt[0])
    ways = [f"{_chain(_groups(wrt, k == 1), spots)} is {notes.number(f.value)}" for k, f in enumerate(found)]
    start = f"{spot.function} has mixed derivatives at {spot.here} that depend on the order: "
    text = f"{start}{ways[0]}, but {ways[1]}, so no one number is the mixed derivative there"
    return Finding("kink", text, tie=ties.tie(spot, flat))


def _broken(broken: Broken, wrt: Sequence[int], spots: Spots, flat: Sequence[float]) -> Finding:
    found = broken.found
    verdict: Any = "undefined" if found.kind == "isolated" else found.kind
    text = f"{_why(broken, spots)}, so it has no mixed derivative there"
    tie = ties.tie(spots(wrt[0]), flat)
    if broken.beside:
        return Finding(verdict, text, tie=tie)
    *inner, (coordinate, order) = broken.groups
    what = notes.derivative(found.order)
    if inner:
        whole = found.order == order and len(broken.groups) == len(set(wrt))
        what = (
            "mixed derivative"
            if whole
            else f"{what} along {spots(coordinate).name} of {_chain(inner, spots)}"
        )
    left, right = to_float(found.left), to_float(found.right)
    return Finding(verdict, text, left, right, sides=what, tie=tie)


def _why(broken: Broken, spots: Spots) -> str:
    """How a partial breaks."""
    *inner, (coordinate, _) = broken.groups
    spot = spots(coordinate)
    if broken.beside:
        return f"{_chain(broken.groups, spots)} of {spot.function} does not exist at the points beside {spot.here}"
    name = f"{_chain(inner, spots)} of {spot.function}" if inner else spot.function
    return notes.sentence(name, spot, broken.found)


def _chain(groups: Groups, spots: Spots) -> str:
    """``the slope along y of the slope along x``: the last group first, as it is said."""
    parts = [f"the {notes.derivative(order)} along {spots(coordinate).name}" for coordinate, order in groups]
    return " of ".join(reversed(parts))


def _groups(wrt: Sequence[int], reversed_: bool) -> Groups:
    found = [(coordinate, list(wrt).count(coordinate)) for coordinate in dict.fromkeys(wrt)]
    return found[::-1] if reversed_ else found
