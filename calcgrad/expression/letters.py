"""Letters that are variables here where people mostly mean something else: ``i`` in ``e^(i*x)``, ``x`` in ``2x10^3``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from calcgrad.expression.nodes import Call, Constant, Name, Node, postorder
from calcgrad.expression.source import Source
from calcgrad.expression.tokens import NUMBER, SUPERSCRIPT, Token

#: The imaginary unit of mathematics, of engineers, and of Mathematica and SymPy.
UNITS = ("i", "j", "I")
_POWER = ("^", "**")


def warn_of_letters(source: Source, tokens: Sequence[Token], variables: Collection[str], root: Node) -> None:
    """The warnings W120 and W121 of a text that has been read; what is declared is meant."""
    if any(name in variables and name not in source.declared for name in UNITS):
        _imaginary(source, root)
    if "x10" in source.text or "X10" in source.text:
        for times in _tens(source, tokens):
            _power_of_ten(source, times)


def _imaginary(source: Source, root: Node) -> None:
    """A variable of that name in the exponent of e: no real function is written like this."""
    for exponent in _exponents(root):
        for node in postorder(exponent):
            if isinstance(node, Name) and node.name in UNITS and node.name not in source.declared:
                name = node.name
                source.warn(
                    "W121",
                    f"`{name}` is a variable here, not the imaginary unit",
                    tuple(node.span),  # type: ignore[arg-type]
                    "a real number",
                    f"calcgrad differentiates real functions: e^({name}*x) is cos(x) + {name}*sin(x), whose parts are real",
                    f"for a variable declare it: --wrt {name} or --at {name}=1",
                )
                return


def _exponents(root: Node) -> Iterator[Node]:
    """What e is raised to."""
    for node in postorder(root):
        if not isinstance(node, Call):
            continue
        if node.op == "exp":
            yield node.args[0]
        elif node.op == "pow" and isinstance(node.args[0], Constant) and node.args[0].name == "e":
            yield node.args[1]


def _tens(source: Source, tokens: Sequence[Token]) -> Iterator[Token]:
    """Every ``x10`` between a number and a power."""
    for number, times, power in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (
            number[0] == NUMBER
            and times[1] in ("x10", "X10")
            and times[1] not in source.declared
            and (power[1] in _POWER or power[0] == SUPERSCRIPT)
        ):
            yield times


def _power_of_ten(source: Source, times: Token) -> None:
    _, name, start, end = times
    source.warn(
        "W120",
        f"`{name}` is read as a variable of that name, not as times ten",
        (start, end),
        "a variable",
        f"for a number write {source.whole(start, end, '*10')}",
        f"for the variable declare it: --wrt {name} or --at {name}=1",
    )
