"""The library: what ``import calcgrad`` offers to programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from calcgrad.comparing.compute import compute
from calcgrad.comparing.options import split_names
from calcgrad.comparing.request import asked
from calcgrad.errors import UsageError
from calcgrad.expression import Parsed
from calcgrad.expression import parse as _parse
from calcgrad.given import held
from calcgrad.inputs.points import read_points, specs_of
from calcgrad.operations import VOCABULARY

if TYPE_CHECKING:
    from calcgrad.checking.measuring.subject import ClaimKind
    from calcgrad.explaining.contours import ContoursReport
    from calcgrad.explaining.descend import DescendReport
    from calcgrad.explaining.graph import TraceReport
    from calcgrad.explaining.nudge import NudgeReport
    from calcgrad.explaining.plot import PlotReport
    from calcgrad.explaining.practice import PracticeReport
    from calcgrad.explaining.records import StepsReport
    from calcgrad.report.claims import CheckReport
    from calcgrad.report.derivatives import Report
    from calcgrad.report.modes import ModesReport


@held
def diff(
    expression: str | Callable[..., Any],
    at: Any = None,
    *,
    wrt: str | Sequence[str] = (),
    order: int = 1,
    methods: str | Sequence[str] | None = None,
    truth: str = "both",
    step: float | None = None,
    digits: int | None = None,
    timeout: float = 10.0,
    derivation: bool = False,
) -> Report:
    """Differentiate an expression, or a Python function, by every method, each judged against the truth.

    A Python function is one of floats and arrays with NumPy's functions, given itself or as ``"model.py:f"``; its parameters
    are the variables. What cannot be traced has the methods that need values alone.

    ``at`` is a point: a number (for the only variable), a text as ``--at`` takes it, a mapping of names to numbers,
    texts or arrays, an array; a list of texts and mappings is many points. ``wrt`` and ``methods`` are names, in a
    sequence or in one text with commas. ``truth`` is ``both`` (Arb's proved digits beside SymPy's formula), ``certified`` or
    ``symbolic`` (one of them alone), or ``none``. ``step`` is the step of the plain differences, ``timeout`` the seconds that
    the whole answer may take. ``derivation`` adds that of :func:`steps`, as ``report.derivation``.

    Raises :class:`~calcgrad.CalcgradError` where the text, a point or an option cannot be read, or the time was up before
    anything was known; what a method meets at a point is in the report's rows.

    >>> report = diff("x**3 + 2*x", at=2, truth="none")
    >>> [(r.method, r.value) for r in report.points[0].results if r.method == "reverse-ad"]
    [('reverse-ad', 14.0)]
    >>> import numpy as np
    >>> [r.value for r in diff(lambda x: x * np.exp(x), at=0.0, truth="none").points[0].results if r.method == "forward-ad"]
    [1.0]
    """
    request = asked(
        expression,
        at,
        wrt=wrt,
        order=order,
        methods=methods,
        truth=truth,
        step=None if step is None else float(step),
        digits=digits,
        timeout=timeout,
    )
    report = compute(request)
    if not derivation:
        return report
    from calcgrad.explaining.steps import explain

    return replace(report, derivation=explain(request, judged=report.points))


@held
def steps(
    expression: str,
    at: Any = None,
    *,
    wrt: str | Sequence[str] = (),
    order: int = 1,
    detail: Literal["brief", "full"] = "full",
    prove: bool = False,
    timeout: float = 10.0,
) -> StepsReport:
    """The derivation of an expression rule by rule, each line checked by certified arithmetic.

    ``at``, ``wrt``, ``order`` and ``timeout`` are those of :func:`diff`; at a point each line has its value, in proved digits.
    ``detail`` is ``full``, or ``brief`` without what a beginner differentiates at sight; ``prove`` has SymPy prove the results as
    formulas. A list is told entry by entry, several variables come one after the other, an order goes on from the one below.

    Raises :class:`~calcgrad.CalcgradError` where the text, a point or an option cannot be read. Where the table knows no
    derivative, the derivation says so (``reason``).

    >>> report = steps("x^2*sin(x)", at=0)
    >>> [(line.line.rule, line.values[0]) for line in report.derivations[0].lines if line.line.kind == "rule"]
    [('product rule', '0'), ('power rule', '0'), ('derivative of sin', '1')]
    >>> report.check
    'right'
    """
    from calcgrad.explaining.steps import DETAILS, explain

    if detail not in DETAILS:
        raise UsageError.of("E601", f"detail is brief or full, not {detail!r}")
    return explain(asked(expression, at, wrt=wrt, order=order, timeout=timeout), detail, prove)


@held
def trace(
    target: str | Callable[..., Any],
    at: Any = None,
    *,
    mode: str = "both",
    depth: int | None = None,
    wrt: str | Sequence[str] = (),
    timeout: float = 10.0,
) -> TraceReport:
    """The computation graph of a function at a point, and what flows through it: values, tangents, adjoints.

    ``target`` is an expression, ``model.py:f`` or a Python function of floats and arrays; ``at`` is one point, as in
    :func:`diff`. Of a Python function with several arguments those named by ``wrt`` are the inputs, and the others stand still;
    ``at`` gives a value for each. ``mode`` is ``both``, ``forward`` or ``reverse``. ``depth`` says how far the loops and calls
    of a Python function are opened in its picture. Every adjoint is told as the sum of what its edges add; of a function of
    numbers, digits that rounding has cost are shown beside the doubles.

    Raises :class:`~calcgrad.CalcgradError` where the text or the point cannot be read (E606: there is not exactly one point), or a
    Python function cannot be traced (E607).

    >>> report = trace("x*y + sin(x)", at="x=1, y=2")
    >>> [(slot.name, slot.label, slot.value.value) for slot in report.slots[2:4]]
    [('v3', '*', 2.0), ('v4', 'sin', 0.8414709848078965)]
    >>> [term.product.value for term in report.slots[0].adjoints[0].terms]
    [2.0, 0.5403023058681398]
    """
    from calcgrad.explaining.trace import MODES, explain

    if mode not in MODES:
        raise UsageError.of("E608", f"the mode is both, forward or reverse, not {mode!r}")
    chosen = MODES[[str(m) for m in MODES].index(mode)]
    if split_names(wrt):
        from calcgrad.explaining.held import held

        return explain(held(target, at, split_names(wrt)), chosen, depth)
    return explain(asked(target, at, timeout=timeout), chosen, depth)


@held
def descend(
    function: str | Callable[..., Any],
    at: Any = None,
    *,
    wrt: str | Sequence[str] = (),
    rate: float | None = None,
    steps: int = 20,
    until: float | None = None,
    rule: Literal["gradient", "newton", "momentum"] = "gradient",
    claim: str | Sequence[str] | Callable[..., Any] = (),
) -> DescendReport:
    """Gradient descent step by step: values, slopes, how it ends, and what the second derivative says about the rate.

    ``function`` is an expression at the point ``at``, or a Python function of arrays, whose arguments ``at`` are a mapping of names
    to values; those named by ``wrt`` move (of a Python function the first that holds floats, without it). ``rule`` is
    ``gradient``, ``momentum`` (of 0.9) or ``newton``; ``rate`` is 0.1, of Newton's rule 1. ``until`` is a length of the gradient at
    which to stop. ``claim`` (an expression for each variable, or a Python function) descends by that gradient beside the true one.

    Raises :class:`~calcgrad.CalcgradError` where the function, the point or an option cannot be read.

    >>> report = descend("(w - 3.5)^2", at=1.5, rate=0.5)
    >>> report.path.ending.kind, report.path.stations[1].at, report.curvature.limit
    ('minimum', (3.5,), 1.0)
    """
    from calcgrad.explaining.descend import Going, descend_program
    from calcgrad.explaining.descend import descend as descended

    going = Going(rule, rate, steps, until)
    if callable(function):
        if not isinstance(at, Mapping):
            raise UsageError.of(
                "E638", "a Python function descends from a mapping of its arguments' names to values"
            )
        name = getattr(function, "__name__", "f")
        claimed = (getattr(claim, "__name__", "claim"), claim) if callable(claim) else None
        return descend_program(name, function, at, going, split_names(wrt), claimed)
    claims = [claim] if isinstance(claim, str) else [] if callable(claim) else list(claim)
    return descended(asked(function, at, wrt=wrt), going, claims)


@held
def nudge(
    expression: str | Callable[..., Any],
    at: Any = None,
    *,
    wrt: str | Sequence[str] = (),
    step: str = "1e-1:1e-16",
    methods: str | Sequence[str] = (),
) -> NudgeReport:
    """The slope of a small step as the step shrinks, its error against the proved derivative, and why that error turns.

    ``at`` and ``wrt`` are those of :func:`diff`, for one point and one number that moves. ``step`` goes from the first to the
    second by powers of ten. ``methods`` are ``forward-difference``, ``central-difference``, ``five-point``, ``seven-point``,
    ``complex-step`` and ``adaptive``; the first has its truncation and its rounding told step by step.

    Raises :class:`~calcgrad.CalcgradError` where the text, a point or an option cannot be read.

    >>> report = nudge("t^2", at=3, step="1e-1:1e-3")
    >>> [round(row.slope, 9) for row in report.methods[0].rows]
    [6.1, 6.01, 6.001]
    """
    from calcgrad.explaining.nudge import nudge as nudged

    return nudged(asked(expression, at, wrt=wrt), step, split_names(methods))


@held
def plot(
    expression: str | Sequence[str],
    low: str | float | None = None,
    high: str | float | None = None,
    at: str | float | None = None,
    *,
    order: int = 1,
    claim: str | None = None,
) -> PlotReport | ContoursReport:
    """Curves of an expression of one variable and its derivatives up to ``order``, and what is special on the way.

    The range is from ``low`` to ``high``, or five on either side of the point ``at``; at the point there is a tangent. Kinks,
    jumps, poles, holes and edges of the domain are marked by the verdicts of :func:`diff`; no curve goes across a break. Several
    expressions share one picture. ``claim`` is drawn beside the derivative, with the difference.

    An expression of two variables has lines of equal height and its gradient; ``low`` and ``high`` are then corners, each a number
    or ``"x=-2, y=0"``.

    Raises :class:`~calcgrad.CalcgradError` where a text or a number cannot be read, or there are more than two variables.

    >>> [(spot.exact, spot.kind) for spot in plot("abs(x - 1)/x").functions[0].spots]
    [('0', 'undefined'), ('1', 'kink')]
    """
    from calcgrad.explaining.plotting import plotted

    texts = [expression] if isinstance(expression, str) else list(expression)
    return plotted(texts, low, high, at, order=order, claim=claim)


@held
def practice(
    topic: str = "mixed", *, level: int = 1, seed: int = 1, count: int = 1, answers: Sequence[str] = ()
) -> PracticeReport:
    """Problems in differentiation with proved answers; ``answers`` to the first of them are judged, with reasons.

    ``topic`` is a rule (power, product, quotient, chain, exponential, logarithm, trigonometric, inverse, logarithmic) or ``mixed``,
    ``level`` is 1 to 5; the same ``seed`` gives the same problems. Each has its derivation in ``steps``.

    Raises :class:`~calcgrad.CalcgradError` for a topic, a level or a number of problems that there is not.

    >>> report = practice("chain", level=2, seed=4, answers=["cos(x)"])
    >>> report.problems[0].text, report.judged[0].verdict
    ('exp(5*x + 4)', 'wrong')
    """
    from calcgrad.explaining.practice import practise

    return practise(topic, level, seed, count, answers)


@held
def check(
    target: str,
    claim: str | Sequence[str],
    *,
    wrt: str | Sequence[str] = (),
    at: Any = None,
    order: int = 1,
    show_answer: bool = False,
) -> CheckReport:
    """Whether a claimed derivative of an expression is right; several variables take a claim each, in their order.

    A wrong claim comes with the mistake that explains it, where one does (``mistakes``); ``show_answer`` adds the right formulas
    (``answers``). ``order`` is that of the derivative: 2 is one claim for each pair of variables in their order.

    >>> check("x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)").verdict
    'right'
    """
    from calcgrad.checking.claims import check_claim

    claims = [claim] if isinstance(claim, str) else list(claim)
    points = read_points(specs_of(at), VOCABULARY)
    return check_claim(target, claims, split_names(wrt), points, order=order, show_answer=show_answer)


@held
def check_grad(
    f: Callable[..., Any] | None,
    g: Callable[..., Any] | str,
    *arguments: Any,
    kind: ClaimKind = "gradient",
    wrt: str | Sequence[str] = (),
    order: int = 1,
    rtol: float = 0.0,
    seed: int = 1,
    max_evaluations: int | None = None,
    max_seconds: float | None = None,
    seed_call: Callable[[int], Any] | None = None,
    workers: int = 1,
    executor: Any = None,
    quick: bool = False,
    taylor: bool = False,
    correct: bool = True,
) -> CheckReport:
    """Whether ``g`` is the derivative of the function ``f`` at the arguments; where it is wrong, which entries and why.

    ``f`` returns a number; ``g`` an array of its argument's shape, or a tuple with one for each argument. Arguments may be
    dictionaries, lists, tuples and dataclasses of arrays, then so are the parts of the gradient. ``kind`` is what ``g`` claims to
    be: ``gradient(*xs)``, ``value_and_grad(*xs)`` (``f`` may be ``None``), ``jacobian(*xs)``, ``hvp(*xs, *vs)``,
    ``jvp(*xs, *vs)`` or ``vjp(*xs, cotangent)``. ``wrt`` names the parameters that it is for.
    ``rtol`` forgives differences below that share of the true entry. ``seed_call`` is called with a seed before every
    evaluation of a function that draws random numbers. ``executor`` is anything with ``submit``.
    ``quick`` gives the verdict alone, in ten to twenty evaluations; ``taylor`` adds the table of the Taylor test. ``correct``: may
    the source of a wrong ``g`` be run in changed forms, in a process of its own, to find the mistake and its correction.

    Arguments that are tensors of torch or arrays of jax are handed over as such; ``g`` may then be the word ``"autograd"``, for
    the framework's own derivative. ``f`` may then be a ``torch.autograd.Function``, a module, a ``jax.custom_vjp``, with outputs of
    any shape; ``order=2`` checks the derivative of its backward pass.

    Raises :class:`~calcgrad.CalcgradError` where the functions raise (E380), ``f`` is not scalar (E381) or a value is not
    finite (E382).

    >>> import numpy as np
    >>> check_grad(lambda w: float(np.sum(w**3)), lambda w: 2 * w**2, np.array([1.0, 2.0])).wrong_count
    2
    """
    from calcgrad.checking.gradients import check_subject
    from calcgrad.checking.measuring.subject import Claim, Options, Subject

    options = Options(
        rtol=rtol,
        seed=seed,
        max_evaluations=max_evaluations,
        max_seconds=max_seconds,
        seed_call=seed_call,
        workers=workers,
        executor=executor,
        quick=quick,
        taylor=taylor,
        correct=correct,
    )
    chosen, title, claimed = split_names(wrt), _title(f, "f"), _title(g, "g")
    framework = _framework(f, g, arguments)
    if framework is not None:
        named = _named(f if f is not None else g, arguments, framework)
        return _in_framework(framework, f, g, named, (kind, claimed, title, chosen, order), options)
    assert callable(g)
    named = _named(f if f is not None else g, arguments)
    return check_subject(Subject(f, (Claim(g, kind, claimed),), named, title, chosen), options)


def _title(function: Any, otherwise: str) -> str:
    function = getattr(function, "func", function)  # of a partial
    name = function if isinstance(function, str) else getattr(function, "__name__", otherwise)
    return otherwise if name == "<lambda>" else str(name)


def _named(function: Any, arguments: Sequence[Any], framework: str | None = None) -> dict[str, Any]:
    """The arguments by the names of the function's parameters, as far as it tells them."""
    from calcgrad.checking import frameworks
    from calcgrad.inputs.arguments import parameters_of

    function = frameworks.as_called(function) if framework else function
    names = list(parameters_of(function)) if callable(function) else []
    known = names if len(names) >= len(arguments) else []
    chosen = known[: len(arguments)] or [f"argument {i + 1}" for i in range(len(arguments))]
    return dict(zip(chosen, arguments, strict=True))


def _framework(f: Any, g: Any, arguments: Sequence[Any]) -> str | None:
    """The framework that the arguments or the function are of; raises (E505, E506) for a word that is no gradient of it."""
    from calcgrad.checking import frameworks

    name = frameworks.framework_of(arguments) or (frameworks.home_of(f) if f is not None else None)
    if isinstance(g, str) and (name is None or f is None):
        hints = ("give the arguments as tensors of torch or arrays of jax",)
        raise UsageError.of("E505", f"{g!r} is the gradient of no framework here", hints=hints)
    if isinstance(g, str) and g not in ("autograd", name):
        hints = ('write "autograd", or give a function',)
        raise UsageError.of("E506", f"{g!r} is no gradient", hints=hints)
    return name


def _in_framework(
    framework: str, f: Any, g: Any, named: dict[str, Any], how: tuple[Any, ...], options: Any
) -> CheckReport:
    """The report of a framework's function; of several uses of its backward pass the first that is not right."""
    from calcgrad.checking import frameworks

    kind, claimed, title, chosen, order = how
    claims = () if isinstance(g, str) else ((kind, claimed, g),)
    asked = frameworks.Asked(f, named, claims, chosen, title, own=isinstance(g, str), order=order)
    reports = []
    for subject in frameworks.subjects(framework, asked):
        reports.append(frameworks.check(subject, options))
        if reports[-1].verdict != "right":
            return reports[-1]
    return reports[0]


@held
def compare_modes(
    expression: str | Callable[..., Any] | None = None, at: Any = None, wrt: str | Sequence[str] = ()
) -> ModesReport:
    """What each mode of differentiation costs: for an expression or a NumPy function at a point, or the whole story without one.

    For a NumPy function, ``at`` has a value for each parameter: a dictionary by name, or a list in their order; the derivative is
    by ``wrt``, or by all that is made of floats.

    >>> rows = compare_modes("x*y + sin(x)", at={"x": 1, "y": 2}).stories[0].rows
    >>> [(row.mode, row.passes) for row in rows[:2]]
    [('forward-ad', 2), ('reverse-ad', 1)]
    """
    from calcgrad.modes import own, stories

    if expression is None:
        return stories.compare_modes()
    if callable(expression):
        from calcgrad.comparing.options import split_names

        names = split_names(wrt) if isinstance(wrt, str) else tuple(wrt)
        return own.compare_modes_of_call(expression, *own.given(expression, at), names)
    return own.compare_modes_of_text(expression, at)


@held
def parse(text: str, declared: Sequence[str] = ()) -> Parsed:
    """The tree of an expression, its variables and warnings; ``declared`` are variables that are words.

    Raises :class:`~calcgrad.errors.ParseError` or :class:`~calcgrad.errors.LimitError`.

    >>> parse("2x + speed", declared=["speed"]).variables
    ('x', 'speed')
    """
    return _parse(text, VOCABULARY, declared=tuple(declared))
