"""From a framework's function and its arguments to what the checker takes: a subject in NumPy's arrays for each claim."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy

from calcgrad.checking.frameworks.adapting import Adapted, chosen_leaves, paired
from calcgrad.checking.frameworks.recognised import arrays_of
from calcgrad.checking.measuring.subject import Claim, Handover, Subject

#: What a jax function must have for its forward mode to be the user's own work.
_CUSTOM_JVP = "custom_jvp"


@dataclass(frozen=True, slots=True)
class Asked:
    """A target of a framework, its arguments by name, and what is claimed of it: the kind, the name, the callable.

    ``own``: the framework's own derivative is a claim too. ``order`` 2 asks for the derivative of the backward pass.
    """

    target: Any
    arguments: Mapping[str, Any]
    claims: Sequence[tuple[str, str, Callable[..., Any]]] = ()
    wrt: tuple[str, ...] = ()
    title: str = "f"
    sources: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    own: bool = True
    order: int = 1


@dataclass(frozen=True, slots=True)
class _Stated:
    """One claim as it is made for any number format: from the adapted function its kind, its name and its callable."""

    kind: str
    name: str
    of: Callable[[Adapted], Callable[..., Any]]


def subjects(framework: str, asked: Asked) -> Iterator[Subject]:
    """A subject for each claim; a jvp and a vjp of one function are one subject.

    ``target`` may be ``None`` where a ``value_and_grad`` claim gives the value.
    Raises what the framework's targets raise.
    """
    arrays = arrays_of(framework)
    if framework == "torch":
        from calcgrad.checking.frameworks import torch_targets

        target = torch_targets.opened(asked.target)
        call, state, more, custom = target.call, target.state, target.more, target.custom
    else:
        call, state, more, custom = asked.target, asked.target, {}, None
    if call is None:
        call = state = _first(asked.claims[0][2])
    templates = {**more, **asked.arguments}
    chosen = chosen_leaves(arrays, templates, asked.wrt, tuple(more))
    adapted = Adapted(arrays, call, templates, chosen, state)
    if custom is not None:
        adapted = replace(adapted, kept=_kept(adapted))
    for group in _given(asked):
        yield _subject(asked, adapted, group)
    if not asked.own:
        return
    if asked.order == 2:
        adapted = paired(adapted, _cotangents(adapted))
    yield _subject(asked, adapted, _own(adapted, framework, asked, custom))
    if custom is not None and asked.order == 1:
        from calcgrad.checking.frameworks.torch_uses import uses

        for name, part, of in uses(adapted, custom):
            yield _subject(asked, part, [_Stated("vjp", name, of)])


def _first(claim: Callable[..., Any]) -> Callable[..., Any]:
    """The value of a claim that gives it with the gradient."""

    def value(*arguments: Any) -> Any:
        answer = claim(*arguments)
        if not isinstance(answer, (tuple, list)) or len(answer) != 2:
            raise TypeError("a value and a gradient were expected, a pair")
        return answer[0]

    value.__wrapped__ = claim  # type: ignore[attr-defined]
    return value


def _given(asked: Asked) -> list[list[_Stated]]:
    """The user's claims, each alone; a jvp and a vjp together."""
    stated = [
        _Stated(kind, name, lambda adapted, claim=claim: adapted.of_numpy(claim))  # type: ignore[misc]
        for kind, name, claim in asked.claims
    ]
    both = [claim for claim in stated if claim.kind in ("jvp", "vjp")]
    return [*([claim] for claim in stated if claim not in both), *([both] if both else [])]


def _own(adapted: Adapted, framework: str, asked: Asked, custom: Any) -> list[_Stated]:
    """The framework's own derivative: a gradient for one number, a vjp for other outputs; a jvp where one was written by hand."""
    name = f"{framework}'s autograd" if custom is None else f"{custom.__name__}.backward"
    if asked.order == 2:
        name = "the double backward"
    forward = _forward_name(asked.target, custom)
    if _is_number(adapted) and forward is None:
        return [_Stated("gradient", name, lambda it: it.gradient)]
    reverse = _Stated("vjp", name, lambda it: it.vjp)
    if forward is None or asked.order == 2:
        return [reverse]
    return [_Stated("jvp", forward, lambda it: it.jvp), reverse]


def _forward_name(target: Any, custom: Any) -> str | None:
    """The name of a forward mode that was written by hand."""
    if custom is not None:
        base = next(kind for kind in custom.__mro__ if kind.__module__.startswith("torch."))
        return f"{custom.__name__}.jvp" if custom.jvp is not base.jvp else None
    return "its custom jvp" if type(target).__name__ == _CUSTOM_JVP else None


def _is_number(adapted: Adapted) -> bool:
    """Whether the function has one value; one that raises is asked again by the checker, which says so."""
    try:
        return bool(numpy.shape(adapted.value(*adapted.in_numpy().values())) == ())
    except Exception:
        return True


def _kept(adapted: Adapted) -> tuple[bool, ...] | None:
    """Which outputs have a derivative: not those that the function marks as having none."""
    found: list[bool] = []

    def look(outputs: Sequence[Any]) -> Sequence[Any]:
        found.extend(bool(output.requires_grad) for output in outputs)
        return [output.detach() for output in outputs]

    values = tuple(adapted.in_numpy().values())
    try:
        adapted.vjp_with(lambda _, outputs: look(outputs))(*values, 1.0)
    except Exception:  # said by the checker, which calls it again
        return None
    return tuple(found) if not all(found) else None


def _cotangents(adapted: Adapted) -> dict[str, Any]:
    """Random weights of the outputs as arguments: a double backward depends on them too."""
    with adapted._still():
        run, leaves = adapted._prepared(tuple(adapted.in_numpy().values()))
        outputs = adapted.arrays.value(run, leaves)
        random = numpy.random.default_rng(7)
        weights = [
            adapted.arrays.weight(random.uniform(0.5, 1.5, tuple(output.shape)), output) for output in outputs
        ]
    names = ["cotangent"] if len(weights) == 1 else [f"cotangent {i + 1}" for i in range(len(weights))]
    return dict(zip(names, weights, strict=True))


def _subject(asked: Asked, adapted: Adapted, stated: Sequence[_Stated]) -> Subject:
    """The subject in the formats that the arguments have; its handover makes it in others."""

    def lifted(number_format: str) -> Subject:
        return _subject(asked, replace(adapted, lifted=number_format), stated)

    formats = adapted.formats()
    claims = [
        Claim(call, each.kind, each.name, _coarsest(adapted, call))  # type: ignore[arg-type]
        for each in stated
        for call in [each.of(adapted)]
    ]
    handover = Handover(adapted.arrays.name, formats, adapted.arrays.said, lifted)
    arguments = adapted.in_numpy()
    if adapted.lifted:
        arguments = {name: _widened(tree, name, formats) for name, tree in arguments.items()}
    return Subject(_named(adapted), tuple(claims), arguments, asked.title, (), asked.sources, handover)


def _named(adapted: Adapted) -> Callable[..., Any]:
    """The value as a function with the source of the user's own."""

    def value(*values: Any) -> Any:
        return adapted.value(*values)

    value.__wrapped__ = adapted.call  # type: ignore[attr-defined]
    return value


def _coarsest(adapted: Adapted, call: Callable[..., Any]) -> Callable[..., str | None]:
    return lambda *given: adapted.coarsest(call, *given)


def _widened(tree: Any, name: str, formats: Mapping[str, str]) -> Any:
    from calcgrad.pytrees import map_leaves, named_leaves

    paths = iter([path for path, _ in named_leaves(tree, name)])

    def wide(leaf: Any) -> Any:
        path = next(paths)
        return numpy.asarray(leaf).astype(formats[path])[()] if path in formats else leaf

    return map_leaves(wide, tree)
