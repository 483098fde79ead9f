"""What may be left out on the way back: a value's derivative, one operand, a mask, one use of several, a share of a sum."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy

from calcgrad.checking.diagnosing.changes import (
    CONSTANT,
    OMITTED,
    Altered,
    Kind,
    Site,
    left_out,
    nothing,
    ordinal,
    replaced,
)
from calcgrad.checking.diagnosing.located import Instruction, Located, source_of
from calcgrad.checking.diagnosing.sweeps import Change, Sent, term
from calcgrad.operations import OPERATIONS, Elementwise

Array = Any
#: Operations that parameters are put through: where one stands at an argument, what is left out is that chain factor.
_LINKS = frozenset(("exp", "sigmoid", "softplus", "square", "exp2", "expm1"))


def derivative(site: Site) -> Iterator[Altered]:
    """The derivative of an elementwise operation of one variable is left out; or its factor, its weights, its mask."""
    if len(site.active) != 1 or not isinstance(OPERATIONS[site.op], Elementwise):
        return
    (j,), step = site.active, site.step
    constants = [a for k, a in enumerate(step[3]) if k != j]
    unscaled = replaced(j, partial(_unchanged, j))
    if not constants:
        linked = site.op in _LINKS and all(
            (site.found.steps[k][2][j] or 0) < site.found.inputs for k in site.steps
        )
        cause = "reparametrisation" if linked else "missing-activation"
        if site.op == "neg":
            yield site.altered(unscaled, "sign", f"the minus in {site.text}{OMITTED} on the way back")
        else:
            yield site.altered(unscaled, cause, f"the derivative of {site.text}{OMITTED}")
    elif site.op in ("mul", "div") and not any(map(numpy.iscomplexobj, constants)):
        masked = any(numpy.ndim(c) and not numpy.all(c) for c in constants)
        what = "mask" if masked else "weights" if any(map(numpy.ndim, constants)) else "factor"
        cause = "missing-mask" if what != "factor" else "factor"
        yield site.altered(unscaled, cause, f"the {what} in {site.text}{OMITTED} on the way back")
        if site.op == "mul" and masked:
            yield from _inversions(site, j)


def _inversions(site: Site, j: int) -> Iterator[Altered]:
    """A mask of zeros and one other number the wrong way round."""
    masks = [numpy.asarray(site.found.steps[k][3][1 - j], dtype=float) for k in site.steps]
    values = numpy.unique(numpy.concatenate([m.ravel() for m in masks]))
    if len(values) != 2 or values[0] != 0.0:
        return
    for scale in dict.fromkeys((1.0, float(values[1]))):
        detail = f"the mask in {site.text} is the wrong way round on the way back"
        yield site.altered(replaced(j, partial(_inverted, j, scale)), "inverted-mask", detail)


def constant(site: Site) -> Iterator[Altered]:
    """The value is taken for a constant."""
    yield site.altered(nothing, "stopped-path", f"{site.text}{CONSTANT}", path=True, constant=True)


def operand(site: Site) -> Iterator[Altered]:
    """The path through one of several operands is left out."""
    if len(site.active) < 2:
        return
    cause = "missing-term" if site.op in ("add", "sub") else "stopped-path"
    for j in site.active:
        detail = f"in {site.text} the path through the {ordinal(j)} operand{OMITTED}"
        yield site.altered(replaced(j, left_out), cause, detail, path=True)


def branch(site: Site) -> Iterator[Altered]:
    """The mask of a ``where`` is left out, or the wrong way round."""
    if site.op != "where":
        return
    for j in [j for j in site.active if j]:
        detail = f"the mask of {site.text}{OMITTED}: the {ordinal(j - 1)} branch is differentiated everywhere"
        yield site.altered(replaced(j, partial(_unchanged, j), others=False), "missing-mask", detail)
        detail = f"the mask of {site.text} is the wrong way round on the way back"
        yield site.altered(replaced(j, partial(_other_branch, j)), "inverted-mask", detail)
    if len([j for j in site.active if j]) == 2:
        yield site.altered(_both_branches, "inverted-mask", detail)


def transposition(site: Site) -> Iterator[Altered]:
    """A square matrix that is not transposed."""
    if site.op != "matmul":
        return
    for j in site.active:
        if _square(site.step[3][1 - j]):
            detail = f"the matrix in {site.text} is not transposed on the way back"
            yield site.altered(replaced(j, partial(_crossed, j)), "transposed", detail)


def share(site: Site) -> Iterator[Altered]:
    """A value that was broadcast, or taken several times, gets one share and not the sum of all."""
    if site.op == "getitem":
        last = "each gets what the last of them sends back, not the sum"
        detail = f"{site.text} takes entries more than once: {last}"
        yield site.altered(replaced(0, _last_share), "missing-term", detail)
    if site.op in ("add", "sub"):
        for j in site.active:
            if numpy.shape(site.step[3][j]) != numpy.shape(site.step[5]):
                first = "it gets the first share of what comes back, not the sum"
                detail = f"an operand of {site.text} was broadcast: {first}"
                yield site.altered(replaced(j, partial(_first_share, j)), "broadcast", detail)


def use(site: Site) -> Iterator[Altered]:
    """An operand that is used several times, of which one use counts."""
    if len(site.steps) < 2:
        return
    for j in site.active:
        for kept, which in ((min(site.steps), "first"), (max(site.steps), "last")):
            changes = {k: replaced(j, left_out) for k in site.steps if k != kept}
            detail = f"{site.text} is used {len(site.steps)} times: only the {which} use has a gradient"
            yield Altered(changes, "missing-term", detail)


def cofactor(site: Site) -> Iterator[Altered]:
    """The other factor of a product is left out, though it has a gradient of its own; or the product gets it in a wrong size.

    Where steps follow from one another a factor of each is no factor of the whole, so that it is tried and not fitted.
    """
    for j in site.active if len(site.active) > 1 and site.op in ("mul", "div", "matmul") else []:
        if site.op == "mul":
            detail = f"in {site.text} the factor of the {ordinal(j)} operand{OMITTED} on the way back"
            yield site.altered(replaced(j, partial(_unchanged, j)), "missing-mask", detail)
    for j in site.active if len(site.steps) > 1 else []:
        for factor, cause, what in _FACTORS:
            detail = f"in {site.text} what goes back through the {ordinal(j)} operand {what}"
            yield site.altered(replaced(j, partial(_times, j, factor)), cause, detail)


def conjugated(site: Site) -> Iterator[Altered]:
    """A conjugate is missing, or is there and should not be, in what goes back through complex numbers."""
    if not any(numpy.iscomplexobj(site.found.steps[k][5]) for k in site.steps):
        return
    detail = f"what goes back through {site.text} is the complex conjugate of the right one"
    for j in site.active:
        yield site.altered(replaced(j, partial(_conjugate, j)), "conjugate", detail)


def _conjugate(which: int, step: Any, d: Any) -> Any:
    return term(step, which, numpy.conj(d))


_FACTORS = ((-1.0, "sign", "has the wrong sign"), (2.0, "factor", "is doubled"), (0.5, "factor", "is halved"))

#: The plainest kinds, and those that come after the wrong forms of activations.
LEFT_OUT: tuple[Kind, ...] = (derivative, constant, share, operand, branch, transposition, use)
SCALED: tuple[Kind, ...] = (cofactor,)


def _unchanged(which: int, step: Any, d: Any) -> Any:
    """The adjoint as it came: a 1 in place of the derivative."""
    shape = numpy.shape(step[5])
    if numpy.shape(step[3][which]) != shape:
        return None
    return numpy.broadcast_to(d, shape) if shape else d


def _times(which: int, factor: float, step: Any, d: Any) -> Any:
    right = term(step, which, d)
    return None if right is None else factor * right


def _inverted(which: int, scale: float, step: Any, d: Any) -> Any:
    """What goes back where the mask is 0, and not where it is something."""
    if numpy.shape(step[3][which]) != numpy.shape(step[5]):
        return None
    return d * numpy.where(numpy.asarray(step[3][1 - which]) == 0.0, scale, 0.0)


def _other_branch(which: int, step: Any, d: Any) -> Any:
    """What goes back to a branch where the other was taken."""
    if numpy.shape(step[3][which]) != numpy.shape(step[5]):
        return None
    taken = numpy.asarray(step[3][0], dtype=bool)
    return d * numpy.where(taken if which == 2 else ~taken, 1.0, 0.0)


def _both_branches(step: Any, d: Any) -> Sent:
    for j in (1, 2):
        if step[2][j] is not None:
            yield step[2][j], _other_branch(j, step, d)


def _crossed(which: int, step: Any, d: Any) -> Any:
    a, b = step[3]
    return a @ d if which else d @ b


def _first_share(which: int, step: Any, d: Any) -> Any:
    """The share of the first of the places that a value was broadcast to, in place of the sum over all."""
    right, first = term(step, which, d), numpy.broadcast_to(d, numpy.shape(step[5]))
    shape = numpy.shape(step[3][which])
    extra = first.ndim - len(shape)
    if numpy.ndim(right) != len(shape):
        return None
    first = first[(0,) * extra]
    for axis, length in enumerate(shape):
        if length == 1:
            first = first[(slice(None),) * axis + (slice(0, 1),)]
    return -first if step[1] == "sub" and which == 1 else first


def _last_share(step: Any, d: Any) -> Any:
    """Entries that are taken several times get what the last of them sends back."""
    last = numpy.zeros(numpy.shape(step[3][0]))
    last[tuple(step[4])] = d
    return last


def masks(found: Located) -> Iterator[Altered]:
    """Two masks that complete each other, as ``y`` and ``1 - y``, each in the other's place."""
    sites = [(k, j, m) for k in range(found.inputs, len(found.steps)) for j, m in _mask(found.steps[k])]
    for n, (k, j, one) in enumerate(sites):
        for i, b, other in sites[n + 1 :]:
            if one.shape == other.shape and numpy.array_equal(one == 0.0, other != 0.0):
                changes = {a: replaced(at, partial(_swapped_mask, at)) for a, at in ((k, j), (i, b))}
                places = [source_of(found.places[a][0]) for a in (k, i) if found.places[a]]
                detail = f"the masks of {' and '.join(places)} are the wrong way round on the way back"
                yield Altered(changes, "inverted-mask", detail)


def _mask(step: Any) -> Iterator[tuple[int, Array]]:
    """The active operand of a product with a constant mask, and the mask: zeros, and one number elsewhere."""
    if step is None or step[1] != "mul" or (step[2][0] is None) == (step[2][1] is None):
        return
    j = 0 if step[2][1] is None else 1
    if numpy.iscomplexobj(step[3][1 - j]):
        return
    mask = numpy.asarray(step[3][1 - j], dtype=float)
    if mask.ndim and len(numpy.unique(mask)) == 2 and bool((mask == 0.0).any()):
        yield j, mask


def _swapped_mask(j: int, step: Any, d: Any) -> Any:
    mask = numpy.asarray(step[3][1 - j], dtype=float)
    return _inverted(j, float(mask[mask != 0.0][0]), step, d)


def calls(found: Located) -> Iterator[Altered]:
    """The derivative of a whole call of one argument (a sigmoid of the user's), left out."""
    made: dict[Instruction, list[list[int]]] = {}
    for k, place in enumerate(found.places):
        for caller in place[1:]:
            runs = made.setdefault(caller, [])
            if runs and runs[-1][-1] == k - 1:
                runs[-1].append(k)
            else:
                runs.append([k])
    for caller, runs in made.items():
        changes: dict[int, Change] = {}
        for run in runs:
            straight = _straight_through(found, run)
            if straight is None:
                break
            changes |= straight
        else:
            detail = f"the derivative of {source_of(caller)}{OMITTED}"
            yield Altered(changes, "missing-activation", detail, place=caller)


def _straight_through(found: Located, run: list[int]) -> dict[int, Change] | None:
    """The changes by which the steps of a call send its adjoint to its only argument as it is."""
    steps, inside = found.steps, set(run)
    entering = {slot for k in run for slot in steps[k][2] if slot is not None and slot not in inside}
    if len(run) < 2 or len(entering) != 1:
        return None
    (argument,) = entering
    entry = next(steps[k][3][steps[k][2].index(argument)] for k in run if argument in steps[k][2])
    if numpy.shape(entry) != numpy.shape(steps[run[-1]][5]):
        return None
    changes: dict[int, Change] = dict.fromkeys(run, nothing)
    changes[run[-1]] = lambda step, d: iter([(argument, d)])
    return changes


def _square(matrix: Any) -> bool:
    shape = numpy.shape(matrix)
    return len(shape) == 2 and shape[0] == shape[1]
