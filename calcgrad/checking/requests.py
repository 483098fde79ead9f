"""From what is asked for to reports: load the functions, read the arguments, hand each subject to the checker."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from calcgrad.checking import frameworks
from calcgrad.checking.claims import check_claim
from calcgrad.checking.gradients import check_subject
from calcgrad.checking.measuring.subject import Claim, Options, Subject
from calcgrad.checking.programs import Batches, Program
from calcgrad.checking.project import FORMULA_SECONDS, CheckRequest
from calcgrad.errors import CalcgradError, UsageError
from calcgrad.functions.loading import load
from calcgrad.inputs.arguments import Arguments, arguments_for, require
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.report.claims import Checked, CheckReport
from calcgrad.report.exits import EXIT_CODES
from calcgrad.report.places import SourceRange

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
        FORMULA_SECONDS if settings.timeout is None else settings.timeout,
        settings.seed,
        request.order,
        request.show_answer,
    )


def _checked(request: CheckRequest, subject: Subject, make_options: MakeOptions) -> Checked:
    call = subject.claims[0].call
    try:
        check = check_subject if subject.handover is None else frameworks.check
        return _of_report(request, check(subject, make_options(request, subject)), call)
    except CalcgradError as error:
        return Checked(request.title, None, error.diagnostic, error.exit_code, _place(call))


def _of_report(request: CheckRequest, report: CheckReport, call: Callable[..., Any] | None) -> Checked:
    code = 3 if report.cause == "not-finite" else EXIT_CODES[report.verdict]
    blamed = next((likely.place for likely in report.likely if likely.place is not None), None)
    return Checked(request.title, report, None, code, _place(call), blamed)


def _place(call: Callable[..., Any] | None) -> SourceRange | None:
    """The file and the first line of a function."""
    try:
        file = inspect.getsourcefile(inspect.unwrap(call)) if call else None
        line = inspect.getsourcelines(inspect.unwrap(call))[1] if call else None
    except (TypeError, OSError):
        return None
    return None if file is None or line is None else SourceRange.of(file, line)


def options_of(request: CheckRequest, subject: Subject | None = None) -> Options:
    """The checker's options for a request; raises what loading its ``seed_call`` raises."""
    settings = request.settings
    seed_call = load(settings.seed_call, request.folder) if settings.seed_call else None
    options = Options(**settings.effort(), seed_call=seed_call)
    return replace(options, executor=Batches(), trace=False) if request.command else options


def subjects(request: CheckRequest) -> Iterator[Subject]:
    """What there is to check: every claim of a request at every point; a jvp and a vjp are one subject.

    A framework is the one that is named, that the target is an object of, or whose arrays are among the arguments.
    """
    require(request.places)
    function, loaded = _loaded(request)
    shown = function if function is not None else loaded[0][2]
    named = request.framework or frameworks.home_of(shown)
    if named is not None:
        frameworks.arrays_of(named)  # raises where there is no such framework
        shown = frameworks.as_called(shown)
    for arguments in arguments_for(shown, request.places, request.folder):
        framework = named or frameworks.framework_of(tuple(arguments.values.values()))
        if framework is not None:
            yield from _of_framework(framework, request, function, loaded, arguments)
            continue
        if request.order > 1:
            raise UsageError.of("E515", "--order is for claimed formulas, and for functions of a framework")
        for claims in _groups(loaded):
            yield Subject(
                function,
                tuple(claims),
                arguments.values,
                request.target or request.command or claims[0].name,
                request.wrt,
                arguments.sources,
            )


_Loaded = list[tuple[str, str, Callable[..., Any]]]


def _loaded(request: CheckRequest) -> tuple[Callable[..., Any] | None, _Loaded]:
    """The function, Python's or a program's, and the claims with their kinds and names."""
    loaded: _Loaded = [(kind, name, load(name, request.folder)) for kind, name in request.claims]
    if request.grad_command:
        program = Program(request.grad_command, request.folder)
        loaded.append(("gradient", request.grad_command, program))
    if request.command:
        return Program(request.command, request.folder), loaded
    return load(request.target, request.folder) if request.target else None, loaded


def _of_framework(
    framework: str,
    request: CheckRequest,
    function: Callable[..., Any] | None,
    loaded: Sequence[tuple[str, str, Callable[..., Any]]],
    arguments: Arguments,
) -> Iterator[Subject]:
    """The subjects of a framework's function; its own derivative is a claim where it is asked for, or nothing else is claimed."""
    asked = frameworks.Asked(
        function,
        arguments.values,
        loaded,
        request.wrt,
        request.target or loaded[0][1],
        arguments.sources,
        own=function is not None and (request.framework is not None or not loaded),
        order=request.order,
    )
    yield from frameworks.subjects(framework, asked)


def _groups(loaded: Sequence[tuple[str, str, Callable[..., Any]]]) -> Iterator[list[Claim]]:
    """The claims of each subject."""
    claims = [Claim(call, kind, name) for kind, name, call in loaded]  # type: ignore[arg-type]
    both = [claim for claim in claims if claim.kind in ("jvp", "vjp")]
    yield from ([claim] for claim in claims if claim not in both)
    if both or not claims:
        yield both
