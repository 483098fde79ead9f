"""Functions that another library has by the name of one of ours, with another meaning: its module before the name tells.

``np.sinc`` has π within, ``torch.std`` divides by n - 1: read by the name alone they would give another number without a word.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from calcgrad.expression.pasted.pieces import Piece, RefusalError


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """``name`` behind one of the ``modules``: what it is there, and how that is written here.

    Where ``times_pi`` the argument is multiplied by π, and that is all: such a name is read; the others are refused.
    """

    name: str
    modules: frozenset[str]
    meaning: str
    write: str
    times_pi: bool = False


ELSEWHERE = (
    Elsewhere(
        "sinc",
        frozenset({"np", "numpy", "jnp", "torch", "special", "scipy"}),
        "is sin(pi*x)/(pi*x) there, and sin(x)/x here",
        "write sinc(pi*x)",
        times_pi=True,
    ),
    Elsewhere(
        "std", frozenset({"torch"}), "divides by n - 1 there, and by n here", "write std(x)*sqrt(n/(n - 1))"
    ),
    Elsewhere("var", frozenset({"torch"}), "divides by n - 1 there, and by n here", "write var(x)*n/(n - 1)"),
    Elsewhere(
        "gelu",
        frozenset({"jax"}),
        "is an approximation by tanh there, unless approximate=False is said",
        "write gelu(x) for the exact one, x/2*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3))) for the other",
    ),
    Elsewhere(
        "leaky_relu",
        frozenset({"tf"}),
        "has the slope 0.2 there, and 0.01 here",
        "write where(x > 0, x, 0.2*x)",
    ),
    Elsewhere(
        "frac",
        frozenset({"torch"}),
        "has the sign of x there, and is x - floor(x) here",
        "write x - trunc(x)",
    ),
    Elsewhere("expint", frozenset({"std"}), "is Ei there, and E1 here", "write Ei(x)"),
    *(
        Elsewhere(
            name,
            frozenset({"mpmath", "mp"}),
            "is not divided by the complete integral there, and here it is",
            "write it with lowergamma, uppergamma, gamma and beta",
        )
        for name in ("gammainc", "betainc")
    ),
    Elsewhere(
        "round",
        frozenset({"Math"}),
        "takes halves up there, and to the even number here",
        "write floor(x + 1/2)",
    ),
    Elsewhere(
        "round",
        frozenset({"std"}),
        "takes halves away from 0 there, and to the even number here",
        "write sign(x)*floor(abs(x) + 1/2)",
    ),
)


def another_meaning(modules: Collection[str], name: str) -> Elsewhere | None:
    """What the name means behind these modules, where that is not what it means here."""
    return next((e for e in ELSEWHERE if e.name == name and not e.modules.isdisjoint(modules)), None)


def refusal(found: Elsewhere, shown: str, place: tuple[int, int]) -> RefusalError:
    """The error for a name that is refused."""
    return RefusalError("E123", f"`{shown}` {found.meaning}", place, "another function", found.write)


def refuse_remainder(pieces: Sequence[Piece], language: str) -> None:
    """``%`` has the sign of what is divided in C and JavaScript, of the divisor here. Raises ``RefusalError`` at one."""
    for piece in pieces:
        if piece.text == "%":
            raise RefusalError(
                "E123", f"`%` has the sign of what is divided in {language}, and of the divisor here",
                (piece.start, piece.end), "two readings", "write a - b*trunc(a/b), or a % b where both are positive",
            )  # fmt: skip
