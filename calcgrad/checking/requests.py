"""From what is asked for to reports: load the functions, read the arguments, hand each subject to the checker."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from calcgrad.checking.claims import check_claim
from calcgrad.checking.frameworks import FRAMEWORKS, adapted, own_gradient
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.checking.project import CheckRequest
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.functions.loading import load
from calcgrad.inputs.arguments import Arguments, arguments_for, require
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.report import EXIT_CODES, Checked, CheckReport

#: Makes the options of a subject from the settings of its request.
MakeOptions = Callable[[CheckRequest, Subject], Options]


def carry_out(requests: Sequence[CheckRequest], make_options: MakeOptions | None = None) -> Iterator[Checked]:
    """What was found for each claim at each point of each request, in their order, as soon as it is known.

    What cannot be read, loaded or evaluated is an error in its place, and the next one follows.

    >>> requests = [CheckRequest("x^2", formulas=("2*x",)), CheckRequest("x^2", formulas=("2*t",))]
    >>> [c.report.verdict if c.report else c.error.code for c in carry_out(requests)]
    ['right', 'E374']
    """
    for request in requests:
        try:
            if request.formulas:
                yield _of_report(request, _formulas(request), None)
                continue
            for subject in subjects(request):
                yield _checked(request, subject, make_options or options_of)
        except CalcgradError as error:
            yield Checked(request.title, None, error.diagnostic, error.exit_code)


def _formulas(request: CheckRequest) -> CheckReport:
    settings = request.settings
    points = read_points(request.places.at, VOCABULARY)
    assert request.target is not None
    return check_claim(
        request.target,
        request.formulas,
        request.wrt,
        points,
        settings.timeout,
        settings.seed,
        request.order,
        request.show_answer,
    )


def _checked(request: CheckRequest, subject: Subject, make_options: MakeOptions) -> Checked:
    call = subject.claims[0].call
    try:
        return _of_report(request, check_subject(subject, make_options(request, subject)), call)
    except CalcgradError as error:
        return Checked(request.title, None, error.diagnostic, error.exit_code, *_place(call))


def _of_report(request: CheckRequest, report: CheckReport, call: Callable[..., Any] | None) -> Checked:
    code = 3 if report.cause == "not-finite" else EXIT_CODES[report.verdict]
    return Checked(request.title, report, None, code, *_place(call))


def _place(call: Callable[..., Any] | None) -> tuple[str | None, int | None]:
    """The file, relative to the working folder where it lies in it, and the first line of a function."""
    try:
        file = inspect.getsourcefile(inspect.unwrap(call)) if call else None
        line = inspect.getsourcelines(inspect.unwrap(call))[1] if call else None
    except (TypeError, OSError):
        return None, None
    if file is None:
        return None, None
    path, here = Path(file), Path.cwd()
    return (str(path.relative_to(here)) if path.is_relative_to(here) else file), line


def options_of(request: CheckRequest, subject: Subject | None = None) -> Options:
    """The checker's options for a request; raises what loading its ``seed_call`` raises."""
    settings = request.settings
    seed_call = load(settings.seed_call, request.folder) if settings.seed_call else None
    return Options(**settings.effort(), seed_call=seed_call)


def subjects(request: CheckRequest) -> Iterator[Subject]:
    """What there is to check: every claim of a request at every point; a jvp and a vjp are one subject."""
    require(request.places)
    function = load(request.target, request.folder) if request.target else None
    loaded = [(kind, name, load(name, request.folder)) for kind, name in request.claims]
    shown = function or loaded[0][2]
    for arguments in arguments_for(shown, request.places, request.folder):
        for f, claims in _groups(request, function, loaded, arguments):
            yield Subject(
                f,
                tuple(claims),
                arguments.values,
                request.target or claims[0].name,
                request.wrt,
                arguments.sources,
            )


def _groups(
    request: CheckRequest,
    function: Callable[..., Any] | None,
    loaded: Sequence[tuple[str, str, Callable[..., Any]]],
    arguments: Arguments,
) -> Iterator[tuple[Callable[..., Any] | None, list[Claim]]]:
    """The function and the claims of each subject."""
    framework = request.framework
    if framework is not None and framework not in FRAMEWORKS:
        raise UsageError.of("E388", f"there is no framework {framework}: {' or '.join(FRAMEWORKS)}")
    f = adapted(function, framework) if framework and function else function
    both: list[Claim] = []
    for kind, name, call in loaded:
        claim = Claim(adapted(call, framework) if framework else call, kind, name)  # type: ignore[arg-type]
        if kind in ("jvp", "vjp"):
            both.append(claim)
        else:
            yield f, [claim]
    if both:
        yield f, both
    if framework and function:
        names = list(arguments.values)
        chosen = [names.index(name) for name in request.wrt if name in names] or None
        yield f, [Claim(own_gradient(function, framework, chosen), "gradient", f"{framework}'s autograd")]
