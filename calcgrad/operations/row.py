"""The kinds of row in the table of operations. A row is plain data: strings and numbers, no function, no import.

A value in a number system is found by name. For the system ``float64`` the row's ``float64`` (or else its ``name``) is
looked up in ``calcgrad.systems.values.float64``, then in that system's library (``math``); likewise for the other
systems. Where a system has no function of that name, the row's ``definition``, an expression in calcgrad's own
language, is evaluated there: in floats and arrays, mpmath, SymPy, balls, power series and germs alike. So one entry says all
there is to say about an operation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from calcgrad.expression.vocabulary import Word

#: The arguments in the strings of a row, in their order; ``y`` is the output.
ARGUMENTS = ("a", "b", "c", "h")

#: What AD gives where it stands exactly on a jump or a kink: see ``tie``.
FLAT = "a step counts as flat also where it jumps"
OWN_SIDE = "the slope is that of the side to which the value belongs"
OWN_BRANCH = "only the branch that is taken at the point itself is differentiated"


class Range(NamedTuple):
    """The interval from which proofs and fuzzers draw an argument; whole numbers only where ``whole`` is set."""

    low: float
    high: float
    whole: bool = False


class Singular(NamedTuple):
    """Where an elementwise operation is not smooth: the zeros of ``where``, an expression in the arguments.

    ``kind`` says what is there: a ``kink`` (two slopes), a ``jump`` (two values), a ``pole`` (no finite value), a
    ``vertical`` tangent (infinite slope inside the domain: ``cbrt`` at 0), an ``edge`` (the domain ends here and
    belongs to it: ``sqrt`` at 0). ``period`` is set where the zeros repeat: ``where`` is then a function whose zeros
    are all whole multiples (``sin(a)`` for the poles of ``cot`` needs none; ``a`` with period 1 for ``floor``).
    """

    kind: Literal["kink", "jump", "pole", "vertical", "edge"]
    where: str
    period: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Elementwise:
    """An operation on numbers, entry by entry on arrays.

    ``partials`` are expressions in the arguments ``a``, ``b``, ``c``, ``h`` and the output ``y``, one for each argument, in
    the language itself. ``None`` says that no closed form is known. A literal ``0`` in a partial, alone or as a branch
    of ``where``, is a *structural* zero: no contribution at all, whatever it is multiplied with.
    ``written`` are the same partials as people write them, where accuracy made ``partials`` another expression; they
    are for formulas, never for numbers, and may lack a value at single points where the partial has one.
    ``domain`` is a condition in the arguments under which the value is real and finite; ``""`` is everywhere.
    ``definition`` is the operation in others of the table: its value in every system that has no function of its own for it.
    ``formula`` is the same as mathematics writes it, where ``definition`` is written for the digits of floats: SymPy's.
    ``analytic`` says that the function extends to complex arguments near the real axis (the complex step applies).
    ``ulps`` is the worst error of the scalar value that was measured, in ulps, over max(1, condition).
    ``undefined`` says in words why there is no value outside the domain, where the condition itself would say it worse.
    ``later`` are places where the first derivative exists and a higher one breaks off.
    ``tie`` says what AD gives exactly at a singular place, where ``convention`` does not speak of the derivative.
    ``asks`` are the arguments that count by being 0 or not; ``answers`` says that the value is true or false.
    ``varying_domain``: which first arguments are in the domain turns on the second, so nothing is smooth at 0 if that varies.
    ``infix`` is Python's operator that computes it on floats and never raises.
    ``in_math`` says that ``math`` has it under the row's name with the same values, and whether it raises anywhere.
    ``ufuncs`` and ``scipy`` are NumPy's functions, and those of ``scipy.special``, that are this operation, argument by argument.
    ``of_reals`` says that complex arrays are refused, though SciPy's function has values for them: their derivatives are not
    known to be right.
    """

    name: str
    partials: tuple[str | None, ...]
    help: str
    written: tuple[str | None, ...] = ()
    domain: str = ""
    singular: tuple[Singular, ...] = ()
    later: tuple[Singular, ...] = ()
    sample: tuple[Range, ...] = ()
    definition: str = ""
    formula: str = ""
    convention: str = ""
    tie: str = ""
    undefined: str = ""
    analytic: bool = True
    asks: tuple[int, ...] = ()
    answers: bool = False
    varying_domain: bool = False
    ulps: float = 1.0
    infix: str = ""
    in_math: Literal["", "total", "raises"] = ""
    float64: str = ""
    complex128: str = ""
    numpy: str = ""
    mpmath: str = ""
    sympy: str = ""
    arb: str = ""
    ufuncs: tuple[str, ...] = ()
    scipy: tuple[str, ...] = ()
    of_reals: bool = False
    latex: str = ""
    latex_power: bool = False
    words: tuple[str | tuple[str, Word], ...] = ()
    group: str = ""

    @property
    def arity(self) -> int:
        """The number of arguments."""
        return len(self.partials)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """An operation on arrays, linear in its one argument; the rest are parameters.

    ``transpose`` names the function in ``calcgrad.operations.transposes`` that, given the arguments' shapes and the
    parameters, says which operation with which parameters is the transpose. A ``variadic`` operation takes any number
    of arguments and is linear in all of them together; its call ends in a fixed number of ``parameters``.
    ``shape`` names the function in ``calcgrad.operations.shape_rules`` that gives the result's shape. An operation that ``moves``
    puts entries elsewhere, leaves out or repeats some, and changes none. ``analytic`` is that of an elementwise row.
    """

    name: str
    help: str
    transpose: str
    shape: str
    variadic: bool = False
    parameters: int = 0
    moves: bool = False
    analytic: bool = True
    latex: str = ""
    words: tuple[str | tuple[str, Word], ...] = ()
    group: str = "arrays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilinear:
    """An operation on arrays, linear in each of two arguments (``matmul``).

    ``transposes`` name the functions that give the pull-back to each argument, written in table operations; ``shape`` is that
    of a linear row.
    """

    name: str
    help: str
    transposes: tuple[str, str]
    shape: str
    latex: str = ""
    words: tuple[str | tuple[str, Word], ...] = ()
    group: str = "arrays"


@dataclass(frozen=True, slots=True, kw_only=True)
class Structured:
    """An operation on arrays with a pushforward in table operations; its pullback is the transpose of that, derived.

    ``pushforwards`` name a function in ``calcgrad.operations.pushforwards`` for each argument:
    ``pushforward(apply, y, *args, d, *params)``, linear in the tangent ``d`` of that argument, built of
    ``apply(name, *args, params=…)``. An argument with ``""`` either has a name in ``transposes``: the operation is
    linear in it, with a pullback as in a ``Bilinear`` row; or it is *passive*: no derivative is taken through it.
    ``shape`` and ``analytic`` are those of a linear row.
    """

    name: str
    help: str
    pushforwards: tuple[str, ...]
    shape: str
    transposes: tuple[str, ...] = ()
    domain: str = ""
    analytic: bool = True
    latex: str = ""
    convention: str = ""
    words: tuple[str | tuple[str, Word], ...] = ()
    group: str = "arrays"

    def transpose(self, j: int) -> str:
        """The name of the pullback to argument ``j`` where the operation is linear in it, else ``""``."""
        return self.transposes[j] if self.transposes else ""


Row: TypeAlias = Elementwise | Linear | Bilinear | Structured


@dataclass(frozen=True, slots=True, kw_only=True)
class Composite:
    """A word that is written out in other operations when an expression is lowered: ``var(x)``, ``dot(a, b)``.

    ``definition`` is in the language, in the arguments ``a``, ``b``, ``c``.
    """

    name: str
    help: str
    arity: int
    definition: str
    latex: str = ""
    words: tuple[str | tuple[str, Word], ...] = field(default=())
    group: str = "arrays"
