"""``trace``: the tape of a function at a point, and what both sweeps let flow through it.

Every adjoint is told as the sum of what its edges add, and that sum is held against the sweep's own number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING, Any

from calcgrad.autodiff.forward import pushforward
from calcgrad.autodiff.reverse import active_slots, pullback
from calcgrad.autodiff.tape import Step, Tape, run
from calcgrad.comparing.cases import exact_point
from calcgrad.comparing.compute import compute
from calcgrad.comparing.request import Reading, Request, read
from calcgrad.errors import UsageError
from calcgrad.explaining.arrays import hashable, pullback_formula
from calcgrad.explaining.folding import boxes
from calcgrad.explaining.graph import (
    Adjoint,
    Edge,
    Figure,
    Mode,
    Output,
    Passes,
    Slot,
    Term,
    TraceReport,
)
from calcgrad.explaining.partials import label, local_value, partial_formula
from calcgrad.explaining.proving import Flow, Lost, flow, lost_digits
from calcgrad.explaining.sites import Place
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.functions.expression import Coordinate, Expression, indices
from calcgrad.operations import OPERATIONS, Elementwise
from calcgrad.operations.shapes import shape_of
from calcgrad.report.derivatives import PointReport
from calcgrad.systems.base import NoClosedForm, System

if TYPE_CHECKING:
    from calcgrad.functions.python import PythonFunction

MODES: tuple[Mode, ...] = ("both", "forward", "reverse")
#: Passes of which the figures are kept, of numbers and of arrays; entries up to which an array is kept whole.
_PASSES, _PASSES_OF_ARRAYS, _WHOLE = 16, 2, 6
#: Derivatives up to which the truth is asked for.
_JUDGED = 60


def explain(request: Request, mode: Mode = "both", depth: int | None = None) -> TraceReport:
    """The graph of a function at its one point.

    Raises ``CalcgradError`` where the request cannot be read, ``UsageError`` E606 where it has not exactly one point, and
    E607 where a Python function cannot be traced.

    >>> from calcgrad.comparing.request import asked
    >>> report = explain(asked("x*y + sin(x)", "x=1, y=2"))
    >>> [slot.value.value for slot in report.slots][2:4], report.slots[0].adjoints[0].value.value
    ([2.0, 0.8414709848078965], 2.5403023058681398)
    """
    reading = read(request, derivatives=False)
    if len(reading.points) != 1 and reading.function.variables:
        found = f"{len(reading.points)} are given" if reading.points else "none is given"
        raise UsageError.of("E606", f"a trace is of one point, and {found}", hints=("add --at, once",))
    return _Tracing(reading, mode, depth).report()


def _python(function: Expression) -> PythonFunction | None:
    """The function, if it is one of Python's; of others it is asked without importing NumPy, which only those need."""
    if type(function) is Expression:
        return None
    from calcgrad.functions.python import PythonFunction

    return function if isinstance(function, PythonFunction) else None


class _Tracing:
    """One function at one point: the tape, the sweeps, the names of the slots."""

    def __init__(self, reading: Reading, mode: Mode, depth: int | None) -> None:
        python = _python(reading.function)
        if python is not None:
            from calcgrad.explaining.located import Located

            python.kind = Located
        self.reading = reading
        self.mode = mode
        self.depth = depth
        self.function = function = reading.function
        self.tape = self._tape()
        self.inputs = len(self.tape.inputs)
        self.system: System = function.system
        letter = next(c for c in "vswz" if not any(_is_slot_name(v, c) for v in function.variables))
        self.names = [f"{letter}{k + 1}" for k in range(self.inputs + len(self.tape.steps))]
        self.given: list[Any] = [reading.points[0].coordinates[v].value for v in function.variables]
        self.values = run(self.tape, self.given, self.system)
        self.constants = [self._constant(k) for k in range(len(self.tape.constants))]
        self.active = active_slots(self.tape)
        self.faults: list[str] = []
        self.missing = ""

    def _tape(self) -> Tape:
        try:
            return self.function.tape
        except NoClosedForm as fact:
            raise UsageError.of("E607", f"{self.reading.request.text} cannot be traced: {fact}") from None

    def _constant(self, k: int) -> Node:
        """How a constant is written: itself, or a name for an array."""
        exact, value = self.tape.constants[k], self.values[-1 - k]
        if isinstance(exact, Node):
            return exact
        named = shape_of(value) or isinstance(value, complex)
        return Name(f"c{k + 1}") if named else _number(float(value))

    def node(self, slot: int) -> Node:
        """How a slot is called in formulas."""
        return Name(self.names[slot]) if slot >= 0 else self.constants[-1 - slot]

    def report(self) -> TraceReport:
        """All of it."""
        tape, reading = self.tape, self.reading
        coordinates = self.function.coordinates
        most = _PASSES_OF_ARRAYS if self.function.arrays else _PASSES
        forward = coordinates[: most if self.mode != "reverse" else 0]
        backward = self._cotangents()
        kept = backward[: most if self.mode != "forward" else 0]
        seeds = [self.function.seed(i) for i in range(len(forward))]
        tangents = self._swept(lambda: [pushforward(tape, self.values, s, self.system) for s in seeds])
        adjoints = self._swept(
            lambda: [pullback(tape, self.values, {slot: seed}, self.system) for _, slot, seed in kept]
        )
        proved = Flow()
        if not self.function.arrays:
            point: list[Any] = self.given
            if self.function.of_text and reading.points:
                point = exact_point(self.function, reading.points[0])
            proved = flow(tape, point, seeds, [slot for _, slot, _ in kept])
        edges = self._edges()
        places = self._places()
        slots = self._slots(edges, tangents, adjoints, [slot for _, slot, _ in kept], proved)
        slots = [
            replace(s, where=p.where or None) if p is not None else s
            for s, p in zip(slots, [*[None] * self.inputs, *places], strict=True)
        ]
        points = self._judged(prod([max(1, len(coordinates)), max(1, len(backward))]))
        return TraceReport(
            input=reading.request.text,
            parsed=reading.spelled,
            variables=self.function.variables,
            slots=tuple(slots),
            edges=tuple(edges),
            outputs=tuple(self._outputs()),
            forward=Passes(len(coordinates), tuple([f"d{_coordinate(c)}" for c in forward])),
            backward=Passes(len(backward), tuple([name for name, *_ in kept])),
            mode=self.mode,
            constants=tuple(
                [
                    (n.name, self._figure(self.values[-1 - k]))
                    for k, n in enumerate(self.constants)
                    if isinstance(n, Name)
                ]
            ),
            warnings=tuple(
                dict.fromkeys([*reading.parsed.warnings, *(w for p in reading.points for w in p.warnings)])
            ),
            points=points,
            boxes=boxes(slots, places, self.depth) if self.function.of_text is False else (),
            depth=self.depth,
            faults=tuple(self.faults),
            note=self.missing,
        )

    def _places(self) -> list[Place]:
        """Where in the user's code each step was made; nowhere, for an expression."""
        nowhere = Place("", "")
        python = _python(self.function)
        if python is None:
            return [nowhere] * len(self.tape.steps)
        from calcgrad.explaining.located import Located
        from calcgrad.tracing.rules import view

        program = python.program
        if not isinstance(program, Located):
            return [nowhere] * len(self.tape.steps)
        written = enumerate(map(view, program.steps[program.inputs :]), program.inputs)
        kept = [
            k for k, (_, op, *_) in written if op != "whole"
        ]  # which the tape has not: see PythonFunction
        return [program.places.get(k, nowhere) for k in kept]

    def _swept(self, sweep: Callable[[], list[Any]]) -> list[Any]:
        """The passes; none where an operation has no closed form, which is noted."""
        try:
            return sweep()
        except NoClosedForm as fact:
            self.missing = str(fact)
            return []

    def _cotangents(self) -> list[tuple[str, int, Any]]:
        """The seeds of the backward passes, one for each number of the outputs: its name, its slot, the cotangent."""
        found: list[tuple[str, int, Any]] = []
        places = self.function.output_indices
        k = 0
        for slot in self.tape.outputs:
            shape = shape_of(self.values[slot])
            for index in indices(shape):
                place = places[k] if k < len(places) else None
                k += 1
                name = self._function_name() + ("" if place is None else f"[{', '.join(map(str, place))}]")
                if slot >= 0:
                    seed = self.system.function("scatter")(1.0, index, shape) if shape else 1.0
                    found.append((name, slot, seed))
        return found

    def _function_name(self) -> str:
        return next(
            name for name in ("f", "g", "h", "F") if name not in self.function.variables or name == "F"
        )

    def _outputs(self) -> list[Output]:
        places = self.function.output_indices
        whole = len(self.tape.outputs) == 1
        name = self._function_name()
        return [
            Output(
                name if whole or place is None else f"{name}[{', '.join(map(str, place))}]",
                self.names[slot] if slot >= 0 else None,
            )
            for slot, place in zip(self.tape.outputs, places, strict=False)
        ]

    def _edges(self) -> list[Edge]:
        """Every edge, in the order of the steps; along those from what no input reaches nothing flows."""
        active = self.active
        return [
            self._edge(step, place, j, slot)
            if active[slot]
            else Edge(self.names[slot], self.names[place], j, note="does not depend on an input")
            for place, step in enumerate(self.tape.steps, self.inputs)
            for j, slot in enumerate(step.args)
            if slot >= 0
        ]

    def _edge(self, step: Step, place: int, j: int, slot: int) -> Edge:
        blank = Edge(self.names[slot], self.names[place], j)
        args = [self.node(i) for i in step.args]
        output = Name(self.names[place])
        row = OPERATIONS[step.op]
        met = [self.values[i] for i in (*step.args, place)]
        if self.system.shaped and any(shape_of(v) or isinstance(v, complex) for v in met):
            formula = pullback_formula(
                step, j, args, output, [self.values[i] for i in step.args], self.values[place], self.system
            )
            return replace(blank, pullback=formula, note="" if formula is not None else "nothing flows back")
        if not isinstance(row, Elementwise):
            return blank
        try:
            value = local_value(step, j, self.values, place)
        except NoClosedForm:
            return replace(blank, note="no closed form is known")
        values = [float(self.values[i]) for i in (*step.args, place)]
        formula = partial_formula(step, j, args, output, values, value)
        return replace(blank, partial=formula, value=value, note="zero by structure" if value is None else "")

    def _slots(
        self,
        edges: Sequence[Edge],
        tangents: Sequence[Sequence[Any]],
        adjoints: Sequence[Sequence[Any]],
        outputs: Sequence[int],
        proved: Flow,
    ) -> list[Slot]:
        out_of: dict[str, list[Edge]] = {}
        for edge in edges:
            out_of.setdefault(edge.source, []).append(edge)

        def ball(lists: Sequence[Any], k: int, place: int) -> Any:
            return lists[k][place] if k < len(lists) else None

        slots: list[Slot] = []
        for place, name in enumerate(self.names):
            step = self.tape.steps[place - self.inputs] if place >= self.inputs else None
            slots.append(
                Slot(
                    name=name,
                    kind="input" if step is None else "step",
                    label=self.tape.inputs[place] if step is None else self._label(step),
                    formula=Name(self.tape.inputs[place]) if step is None else self._formula(step),
                    value=self._figure(
                        self.values[place], ball([proved.values], 0, place) if proved.values else None
                    ),
                    tangents=tuple(
                        [
                            self._figure(t[place], ball(proved.tangents, k, place))
                            for k, t in enumerate(tangents)
                        ]
                    ),
                    adjoints=tuple(
                        [
                            self._adjoint(
                                place, a, outputs[k], out_of.get(name, ()), ball_list(proved.adjoints, k)
                            )
                            for k, a in enumerate(adjoints)
                        ]
                    ),
                )
            )
        return slots

    def _label(self, step: Step) -> str:
        if step.op == "getitem":
            return "[…]" if len(str(step.params)) > 8 else str(list(hashable(step.params)))
        return label(step, [None if i >= 0 else self.node(i) for i in step.args])

    def _formula(self, step: Step) -> Node:
        return Call(step.op, tuple([self.node(i) for i in step.args]), hashable(step.params))

    def _adjoint(
        self, place: int, adjoints: Sequence[Any], output: int, edges: Sequence[Edge], balls: Sequence[Any]
    ) -> Adjoint:
        """The adjoint of a slot, and where it comes from; the terms are added in the order of the sweep, last step first."""
        seed = place == output
        figure = self._figure(adjoints[place], balls[place] if balls else None)
        terms: list[Term] = []
        total: Any = adjoints[place] if seed and not edges else 1.0 if seed else None
        for edge in sorted(edges, key=_swept_first):
            target = int(edge.target[1:]) - 1
            incoming = adjoints[target]
            if incoming is None or not self.active[place]:
                continue
            step = self.tape.steps[target - self.inputs]
            args = [self.values[i] for i in step.args]
            with self.system.quiet():
                try:
                    pull = self.system.pull(step.op, edge.argument)
                    product = pull(self.values[target], *args, *step.params, incoming)
                except NoClosedForm:
                    continue  # it reaches no input: the sweep goes past it too
                if product is None:
                    continue
                total = product if total is None else total + product
            upstream = self._figure(incoming, balls[target] if balls else None)
            terms.append(Term(edge, upstream, self._figure(product)))
        terms.sort(key=lambda term: (int(term.edge.target[1:]), term.edge.argument))
        holds = self._same(total, adjoints[place])
        if not holds:
            self.faults.append(
                f"d{self.names[place]} is {adjoints[place]!r} in the sweep, {total!r} by its terms"
            )
        return Adjoint(figure, tuple(terms), seed, holds)

    def _same(self, total: Any, swept: Any) -> bool:
        """Whether the terms add up to the sweep's own adjoint: to the last bit, for numbers."""
        if total is None or swept is None or not self.system.shaped:
            return _same(total, swept)
        import numpy

        a, b = self.system.filled(total), self.system.filled(swept)
        return bool(numpy.shape(a) == numpy.shape(b) and numpy.allclose(a, b, 1e-9, 0.0, equal_nan=True))

    def _figure(self, value: Any, ball: Any = None) -> Figure:
        """A number or an array as it is reported."""
        if value is None:
            return Figure()
        if self.system.shaped:
            value = self.system.filled(value)
        shape = shape_of(value)
        if isinstance(value, complex):
            return Figure(norm=abs(value))
        if not shape:
            double = float(value)
            found = Lost() if ball is None else lost_digits(double, ball)
            return Figure(double, digits=found.digits, radius=found.radius, proved=found.proved)
        import numpy

        norm = float(numpy.linalg.norm(numpy.ravel(value)))
        whole = value.size <= _WHOLE and value.dtype.kind != "c"
        return Figure(value.astype(float).tolist() if whole else None, shape, norm)

    def _judged(self, derivatives: int) -> tuple[PointReport, ...]:
        """What ``diff`` says of the point; of a function with many derivatives its value alone."""
        if not self.reading.points:
            return ()
        if derivatives <= _JUDGED:
            request = replace(self.reading.request, truth="certified", methods=("forward-ad", "reverse-ad"))
            return compute(request).points
        flat = [x for slot in self.tape.outputs for x in _flat(self.values[slot])]
        finite = all(map(math.isfinite, flat))
        said = f"{derivatives:,} derivatives are not judged here: calcgrad diff judges, calcgrad check compares a gradient"
        return (
            PointReport(
                {},
                flat[0] if len(flat) == 1 else flat,
                "unjudged" if finite else "undefined",
                explanation=(said if finite else "the function is not finite here",),
            ),
        )


def ball_list(lists: Sequence[Sequence[Any]], k: int) -> Sequence[Any]:
    """The balls of one pass, where there are any."""
    return lists[k] if k < len(lists) else ()


def _is_slot_name(name: str, letter: str) -> bool:
    return name.startswith(letter) and name[1:].isdigit()


def _coordinate(c: Coordinate) -> str:
    return c.name if c.index is None else f"{c.name}[{', '.join(map(str, c.index))}]"


def _number(value: float) -> Node:
    """A double of a traced function as a node."""
    from fractions import Fraction

    if math.isnan(value):
        return Name("nan")
    if math.isinf(value):
        return Constant("inf") if value > 0 else Call("neg", (Constant("inf"),))
    size = Number(Fraction(repr(abs(value))))
    return Call("neg", (size,)) if value < 0 else size


def _same(a: Any, b: Any) -> bool:
    return a == b or (a is not None and b is not None and a != a and b != b)


def _flat(value: Any) -> list[float]:
    return [float(v) for v in value.ravel()] if shape_of(value) else [float(value)]


def _swept_first(edge: Edge) -> tuple[int, int]:
    """The order of the sweep: the last step first, and of one step the arguments as they stand."""
    return -int(edge.target[1:]), edge.argument
