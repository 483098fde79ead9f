"""The whole story: the lesson's function, inputs, outputs, a million parameters, a network, memory, a formula that explodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any

from calcgrad.expression import parse
from calcgrad.functions.expression import Expression
from calcgrad.functions.python import PythonFunction
from calcgrad.modes.counting import modes
from calcgrad.modes.fitting import growths
from calcgrad.modes.measuring import Measured, measured, timed
from calcgrad.modes.memory import memory_story
from calcgrad.modes.slots import trace
from calcgrad.modes.telling import words
from calcgrad.modes.unfolding import explosion_story
from calcgrad.operations import VOCABULARY
from calcgrad.progress import tell
from calcgrad.report.modes import ModesReport, Story

INPUTS = (2, 8, 32, 128)
OUTPUTS = (2, 8, 32, 128)
PARAMETERS = (100, 1_000, 10_000, 100_000, 1_000_000)
#: The network of the lesson: units of its layers, and how many weights stand between them.
LAYERS = (784, 128, 10)
WEIGHTS = LAYERS[0] * LAYERS[1] + LAYERS[1] * LAYERS[2]
#: Seconds of the rounds of one story.
BUDGET = 0.5
Each = Callable[[], None]


def _quiet() -> None:
    """Nobody looks on."""


def text_function(text: str, shapes: dict[str, tuple[int, ...]], names: Sequence[str] = ()) -> Expression:
    """A function of the language over variables of these shapes."""
    return Expression(parse(text, VOCABULARY, declared=names).root, tuple(names) or tuple(shapes), shapes)


def seed_story(each: Each = _quiet) -> Story:
    """The lesson's own function, f(x1, x2) = x1·x2 + sin(x1): two forward passes against one backward pass."""
    function = text_function("x1*x2 + sin(x1)", {}, ("x1", "x2"))
    point = [1.0, 2.0]
    rows = timed(measured(function, point, each), BUDGET)
    name = "f(x1, x2) = x1*x2 + sin(x1) at x1 = 1, x2 = 2"
    return Story(name, tuple(rows), trace=trace(function, point), words=words(rows))


def inputs_story(sizes: Sequence[int] = INPUTS, each: Each = _quiet) -> Story:
    """One output of n inputs, x1·x2·…·xn + sin(x1): forward mode pays n passes, reverse mode one."""
    found: list[Measured] = []
    for n in sizes:
        names = [f"x{i}" for i in range(1, n + 1)]
        function = text_function("*".join(names) + " + sin(x1)", {}, names)
        found += measured(function, [1.0 + 0.1 * (-1) ** i for i in range(n)], each)
    return _grown("one output of n inputs: x1*x2*...*xn + sin(x1)", found, "inputs")


def outputs_story(sizes: Sequence[int] = OUTPUTS, each: Each = _quiet) -> Story:
    """m outputs of one input, sin(x), sin(2x), …: forward mode pays one pass, reverse mode m."""
    found: list[Measured] = []
    for m in sizes:
        text = "[" + ", ".join(f"sin({k}*x)" for k in range(1, m + 1)) + "]"
        found += measured(text_function(text, {}, ("x",)), [0.7], each)
    return _grown("m outputs of one input: sin(x), sin(2x), ...", found, "outputs")


def parameters_story(sizes: Sequence[int] = PARAMETERS, each: Each = _quiet) -> Story:
    """One output of an array of n parameters: what forward mode would take is reckoned where it is not bearable."""
    import numpy

    found: list[Measured] = []
    for n in sizes:
        function = text_function("sum(w*sin(w))", {"w": (n,)})
        found += measured(function, numpy.linspace(0.5, 1.5, n), each, skipped=("symbolic",))
    return _grown("one output of n parameters, an array w: sum(w*sin(w))", found, "inputs")


def network_story(each: Each = _quiet) -> Story:
    """The network of the lesson on one picture: its loss by each of its 101,632 weights."""
    import numpy

    pixels, hidden, classes = LAYERS
    rng = numpy.random.default_rng(1)
    picture = rng.uniform(0, 1, pixels)

    def loss(w: Any, v: Any) -> Any:
        scores = numpy.tanh(picture @ w) @ v
        return numpy.logaddexp.reduce(scores) - scores[3]

    start = [rng.normal(size=(pixels, hidden)) / 28, rng.normal(size=(hidden, classes)) / 11]
    function = PythonFunction(loss, "loss", ("w", "v"), start)
    flat = numpy.concatenate([array.ravel() for array in start])
    rows = timed(measured(function, flat, each, skipped=("symbolic",)), BUDGET)
    name = f"a network of {'-'.join(map(str, LAYERS))} units, one picture: its loss by {WEIGHTS:,} weights"
    counted = f"{LAYERS[0]}*{LAYERS[1]} + {LAYERS[1]}*{LAYERS[2]} = {WEIGHTS:,} weights"
    return Story(name, tuple(rows), words=(counted, *words(rows)))


def _grown(name: str, found: Sequence[Measured], with_what: str) -> Story:
    rows = timed(found, BUDGET)
    times = {(m.row.mode, getattr(m.row, with_what)): m.times for m in found if m.times}
    largest = max(getattr(row, with_what) for row in rows)
    last = [row for row in rows if getattr(row, with_what) == largest]
    grows = "inputs" if with_what == "inputs" else "outputs"
    return Story(name, tuple(rows), growths(rows, with_what, times), grows=grows, words=words(last))  # type: ignore[arg-type]


_MAKERS: tuple[tuple[Callable[[Each], Story], int], ...] = (
    (seed_story, len(modes())),
    (lambda each: inputs_story(each=each), len(modes()) * len(INPUTS)),
    (lambda each: outputs_story(each=each), len(modes()) * len(OUTPUTS)),
    (lambda each: parameters_story(each=each), (len(modes()) - 1) * len(PARAMETERS)),
    (network_story, len(modes()) - 1),
    (memory_story, 1),
    (explosion_story, 1),
)
#: How many stories the whole has.
STORIES = len(_MAKERS)


def stories() -> Iterator[Story]:
    """The stories of the whole, each as soon as it is measured; every measurement is told."""
    total = sum(weight for _, weight in _MAKERS)
    done = count(1)

    def each() -> None:
        tell("measurements", next(done), total)

    for make, _ in _MAKERS:
        yield make(each)


def compare_modes() -> ModesReport:
    """All stories."""
    return ModesReport(tuple(stories()))
