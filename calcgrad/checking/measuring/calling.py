"""Calling the claim, and measuring its rounding: by how much it changes when its arguments move by a unit in the last place."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy

from calcgrad.checking.measuring.claimed import MismatchError, as_matrix, flat_claim
from calcgrad.checking.measuring.deadline import interruptible
from calcgrad.checking.measuring.evaluation import Evaluation, as_array, failure, frames_of
from calcgrad.checking.measuring.subject import Claim, Leaf, Subject
from calcgrad.errors import UndefinedError
from calcgrad.functions.loading import describe

Array = Any
#: How often the arguments are moved by a unit in the last place.
_SAMPLES = 2
EPS = {
    "float64": 2.0**-52,
    "float32": 2.0**-23,
    "float16": 2.0**-10,
    "bfloat16": 2.0**-7,
    "longdouble": 2.0**-52,
}


class Caller:
    """The claim as a function of the flat point and, for the kinds that take one, a direction.

    An answer is a flat vector of entries (for a Jacobian with the output's axes before; for a jvp an array of the output's shape).
    Raises ``UsageError`` (E380) where the claim raises, :class:`~calcgrad.checking.measuring.claimed.MismatchError` for an
    answer of another form, and ``UndefinedError`` (E382) for one that is not finite.

    A pullback that takes a cotangent alone, and a gradient that takes nothing, are backward passes of what the function's last
    call kept: the function is called before each of them.
    """

    def __init__(
        self, subject: Subject, claim: Claim, evaluation: Evaluation, x: Array, shape: tuple[int, ...]
    ) -> None:
        self.subject = subject
        self.claim = claim
        self.evaluation = replace(evaluation, f=claim.call, promoted=False)
        self._forward = evaluation.f if _stands_on_last_call(claim) else None
        self.x = x
        self.output_shape = shape
        self.calls = 0
        self.value: Any = None
        self._roundings: Sequence[Leaf] | None = None

    @property
    def leaves(self) -> Sequence[Leaf]:
        """The differentiated leaves."""
        return self.evaluation.leaves

    def raw(self, flat: Array, direction: Array | None = None) -> Any:
        """The claim's own answer at a point."""
        self.calls += 1
        extra = self._extra(direction)
        self.evaluation.seeded()
        try:
            with interruptible(), numpy.errstate(all="ignore"):
                values = self.evaluation.values(flat.copy())
                if self._forward is not None:
                    self._forward(*values)
                    return self.claim.call(*extra)
                return self.claim.call(*values, *extra)
        except (Exception, SystemExit) as error:
            frames = frames_of(error)
            if isinstance(error, TypeError) and not frames:
                frames = (self._how_called(),)
            raise failure(self.claim.name, describe(error), frames) from error

    def instead(self, call: Callable[..., Any], flat: Array) -> Array:
        """Another callable in place of the claim, at a point; of a pair ``value`` is then the value. What it raises is raised."""
        self.evaluation.seeded()
        with interruptible(), numpy.errstate(all="ignore"):
            values = self.evaluation.values(flat.copy())
            if self._forward is not None:
                self._forward(*values)
                return self.read(call())
            answer = call(*values)
            if self.claim.kind == "value_and_grad" and isinstance(answer, (tuple, list)) and answer:
                self.value = answer[0]
            return self.read(answer)

    @property
    def roots(self) -> list[Any]:
        """What a call of the claim is given or stands on beside the point."""
        return [*self.evaluation.arguments.values(), self._forward]

    def _extra(self, direction: Array | None) -> list[Any]:
        """What a claim of this kind takes beside the arguments: tangents, or a cotangent."""
        if self.claim.kind in ("jvp", "hvp"):
            return self.evaluation.parts(numpy.array(direction))
        if self.claim.kind == "vjp":
            whole = numpy.array(direction)
            return [whole if self.output_shape else float(numpy.sum(whole))]
        return []

    def _how_called(self) -> str:
        """How a claim of this kind is called: for one that takes other arguments."""
        names = list(self.subject.arguments)
        chosen = [name for name in names if name in (self.subject.wrt or names)]
        extra = {"jvp": [f"v_{n}" for n in chosen], "hvp": [f"v_{n}" for n in chosen], "vjp": ["cotangent"]}
        call = ", ".join([*names, *extra.get(self.claim.kind, [])])
        return f"{_WHAT[self.claim.kind]} is called as {self.claim.name}({call})"

    def read(self, answer: Any) -> Array:
        """An answer in the form that its kind has."""
        kind = self.claim.kind
        if kind == "jvp":
            return self._tangent(answer)
        if kind == "value_and_grad":
            if not isinstance(answer, (tuple, list)) or len(answer) != 2:
                raise MismatchError("shape", f"{self.claim.name} returns no pair of a value and a gradient")
            answer = answer[1]
        lead = self.output_shape if kind == "jacobian" else ()
        whole = as_matrix(answer, self.leaves, lead) if kind == "jacobian" else None
        found = flat_claim(answer, self.subject, self.leaves, lead, _WHAT[kind]) if whole is None else whole
        if not numpy.isfinite(found).all():
            raise self._not_finite(found)
        return found

    def __call__(self, flat: Array, direction: Array | None = None) -> Array:
        """The claim at a point as numbers."""
        return self.read(self.raw(flat, direction))

    def sampled(self, direction: Array | None = None) -> tuple[Array, Array]:
        """The claim at the point, and the rounding error of each number."""
        here = self(self.x, direction)
        if self._roundings is None:
            self._roundings = self._rounded(direction)
        noise = self._floor(here)
        for k in range(_SAMPLES):
            try:
                there = self(nudged(self.x, self._roundings, k), direction)
            except UndefinedError:
                continue
            noise = numpy.maximum(noise, numpy.abs(there - here) + self._floor(here))
        return here, noise

    def _rounded(self, direction: Array | None) -> Sequence[Leaf]:
        """The leaves in the format that the claim rounds to: their own, or that of a coarser step on its way."""
        found = None
        if self.claim.coarsest is not None:
            given = [*self.evaluation.values(self.x.copy()), *self._extra(direction)]
            found = self.claim.coarsest(*given)
        if found is None:
            return self.leaves
        return [
            leaf if EPS[leaf.dtype] >= EPS.get(found, 0.0) else replace(leaf, dtype=found)
            for leaf in self.leaves
        ]

    def _floor(self, here: Array) -> Array:
        leaves = self._roundings or self.leaves
        if self.claim.kind == "jvp":
            return 4.0 * max(EPS[leaf.dtype] for leaf in leaves) * numpy.abs(here)
        return 4.0 * units(leaves) * numpy.abs(here)

    def _tangent(self, answer: Any) -> Array:
        try:
            found = as_array(answer)
        except (TypeError, ValueError) as error:
            raise MismatchError("dtype", "the tangent is no array of real numbers") from error
        if found.dtype.kind != "f":
            raise MismatchError("dtype", f"the tangent holds {found.dtype}, not real numbers")
        if found.shape != self.output_shape:
            raise MismatchError(
                "shape", f"the tangent has shape {found.shape}, the output has {self.output_shape}"
            )
        if not numpy.isfinite(found).all():
            index = tuple(int(i) for i in numpy.argwhere(~numpy.isfinite(found))[0])
            raise UndefinedError.of("E382", f"the tangent is {found[index]} in output {list(index)}")
        return found.astype(numpy.float64)

    def _not_finite(self, found: Array) -> UndefinedError:
        bad = numpy.argwhere(~numpy.isfinite(found))
        *lead, flat = (int(i) for i in bad[0])
        leaf = next(leaf for leaf in self.leaves if leaf.start <= flat < leaf.stop)
        index = [*lead, *leaf.index(flat)]
        place = leaf.path + (str(index) if index else "")
        more = f", and in {len(bad) - 1} more" if len(bad) > 1 else ""
        value = found[tuple(bad[0])]
        error = UndefinedError.of("E382", f"{_WHAT[self.claim.kind]} is {value} in {place}{more}")
        assert isinstance(error, UndefinedError)
        return error


_WHAT = {
    "gradient": "the gradient",
    "value_and_grad": "the gradient",
    "jacobian": "the Jacobian",
    "hvp": "the Hessian-vector product",
    "vjp": "the pullback",
    "jvp": "the tangent",
}


def _stands_on_last_call(claim: Claim) -> bool:
    """Whether a claim takes none of the function's arguments: it is the backward pass of what the last call of it kept."""
    wanted = {"vjp": 1, "gradient": 0}.get(claim.kind)
    if wanted is None:
        return False
    try:
        parameters = inspect.signature(claim.call).parameters.values()
    except (TypeError, ValueError):
        return False
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return False
    return sum(p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD) for p in parameters) == wanted


def units(leaves: Sequence[Leaf]) -> Array:
    """The unit roundoff of each entry's own number format."""
    return numpy.concatenate([numpy.full(leaf.size, EPS.get(leaf.dtype, 2.0**-52)) for leaf in leaves])


def nudged(x: Array, leaves: Sequence[Leaf], k: int) -> Array:
    """The point with each entry moved by a unit in its last place, up or down at random; zeros stay.

    >>> float(nudged(numpy.array([1.0, 0.0]), [Leaf("w", (2,), "float64", 0, 2)], 0)[1])
    0.0
    """
    rng = numpy.random.default_rng([101, k])
    signs = rng.integers(0, 2, len(x)) * 2.0 - 1.0
    return x * (1.0 + signs * units(leaves))
