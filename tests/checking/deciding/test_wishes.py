"""How good each look is asked to be: by the number of entries, by what else is known, and by what is left to spend."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from calcgrad.checking.deciding.looking import Looking
from calcgrad.checking.deciding.scales import Scales, Weighing
from calcgrad.checking.deciding.weighing import weigh
from calcgrad.checking.measuring.functionals import Functional
from calcgrad.checking.measuring.oracle import ALL_DIGITS, Wish
from calcgrad.checking.measuring.subject import Leaf, Options
from calcgrad.checking.measuring.traced import Gradient
from calcgrad.report.estimates import Estimate

STEP = 1e-2


class Asked:
    """A weighing of a right claim of n entries, what was wished for along each line, and how often points alone were asked for."""

    def __init__(
        self,
        n: int,
        *,
        is_one: bool = True,
        traced: bool = False,
        room: float = math.inf,
        measured: Any = None,
        leaves: tuple[Leaf, ...] | None = None,
        **options: Any,
    ) -> None:
        self.wishes: list[Wish] = []
        self.quick = 0
        true = np.linspace(1.0, 2.0, n)
        estimate = {"error_bound": 1e-12, "step": STEP, "evaluations": 8} | (measured or {})

        def derivative(v: Any, reduce: Any, wish: Wish) -> Estimate:
            self.wishes.append(wish)
            return Estimate(float(np.sum(true * v)), **estimate)

        def quick(v: Any, *_: Any) -> float:
            self.quick += 1
            return float(np.sum(true * v))

        oracle: Any = SimpleNamespace(
            derivative=derivative, quick=quick, evaluations=0, seconds=0.0, room=lambda: room
        )
        functional = Functional(true, np.zeros(n), float)
        functionals: Any = SimpleNamespace(is_one=is_one, of=lambda j: functional, output=np.zeros(()))
        leaves = leaves or (Leaf("w", (n,), "float64", 0, n),)
        self.scales = Scales(oracle, functionals, leaves, np.ones(n), Options(**options))
        self.found = weigh(self.scales, Gradient(true, np.zeros(n), None) if traced else None)  # type: ignore[arg-type]

    @property
    def kinds(self) -> list[str]:
        """The wishes in words."""
        return [_kind(wish) for wish in self.wishes]


def _kind(wish: Wish) -> str:
    if wish == ALL_DIGITS:
        return "all digits"
    if wish.whole_grid:
        return "coarse, on a whole grid"
    return "coarse" if wish.step is None else f"coarse, at {wish.step / STEP:g} steps"


BEST, FIRST, NEXT = "all digits", "coarse, on a whole grid", "coarse, at 0.5 steps"


@pytest.mark.parametrize(
    ("n", "more", "kinds"),
    [
        (1, {}, [BEST]),
        (3, {}, [BEST] * 3),
        (4, {}, [FIRST, NEXT]),
        (8, {}, [FIRST, NEXT]),
        (9, {}, [BEST] * 3),
        (4, {"traced": True}, [BEST] * 2),
        (8, {"traced": True}, [BEST] * 2),
        (9, {"traced": True}, [BEST] * 2),
        (3, {"is_one": False}, [BEST] * 2),
        (8, {"is_one": False}, [BEST] * 2),
        (8, {"is_one": False, "traced": True}, [BEST] * 2),
        (8, {"directions": 1}, [FIRST]),
        (9, {"directions": 5}, [BEST] * 5),
    ],
)
def test_a_few_entries_alone_are_looked_at_coarsely(n: int, more: dict[str, Any], kinds: list[str]) -> None:
    """A second witness, or a derivative that is another one along each direction, wants all digits."""
    asked = Asked(n, **more)
    assert asked.kinds == kinds
    assert asked.found.verdict == "right"
    assert asked.quick == 0


@pytest.mark.parametrize(
    ("measured", "kinds"),
    [
        ({"status": "noisy"}, [FIRST, BEST, BEST]),  # what is doubtful is looked at again
        ({"error_bound": 1e-6}, [FIRST, BEST]),
        ({"step": None}, [FIRST, BEST]),
    ],
)
def test_the_first_ones_step_serves_the_next_where_it_was_clean(
    measured: dict[str, Any], kinds: list[str]
) -> None:
    asked = Asked(8, measured=measured)
    assert asked.kinds[: len(kinds)] == kinds
    assert NEXT not in asked.kinds


@pytest.mark.parametrize("n", [1, 8, 50])
@pytest.mark.parametrize("room", [math.inf, 20])
def test_quickly_all_are_coarse(n: int, room: float) -> None:
    asked = Asked(n, quick=True, room=room)
    assert asked.kinds == ["coarse"] * 2
    assert asked.quick == 0


@pytest.mark.parametrize("n", [4, 8, 50])
def test_with_few_evaluations_one_is_coarse_and_the_others_take_its_points(n: int) -> None:
    asked = Asked(n, room=20)
    assert asked.kinds == ["coarse"]
    assert asked.quick >= 1
    assert len(asked.found.looks) == (2 if n <= 8 else 3)
    several = Asked(n, room=20, is_one=False)
    assert several.kinds == ["coarse"] * len(several.found.looks)
    assert several.quick == 0
    one = Asked(n, room=20, traced=True)
    assert (one.kinds, one.quick, len(one.found.looks)) == (["coarse"], 0, 1)
    with_time = Asked(n, room=20, measured={"status": "noisy"})
    assert with_time.quick == 0  # a step that is none serves nobody
    assert len(with_time.kinds) == len(with_time.found.looks)


@pytest.mark.parametrize(
    ("n", "more", "plenty"),
    [
        (8, {}, 2),
        (50, {}, 3),
        (50, {"traced": True}, 2),
        (50, {"directions": 9}, 9),
        (50, {"directions": 1}, 1),
    ],
)
def test_what_counts_as_few_evaluations_grows_with_the_directions(
    n: int, more: dict[str, Any], plenty: int
) -> None:
    """Some twenty for each direction that is wanted."""
    for room, scarce in ((16 * plenty, True), (32 * plenty, False)):
        asked = Asked(n, room=room, **more)
        assert Looking(asked.scales, Weighing(traced=asked.found.traced)).is_scarce is scarce
        assert Looking(asked.scales, Weighing(traced=asked.found.traced)).wanted() == (
            1 if scarce and "traced" in more else plenty
        )


@pytest.mark.parametrize(
    ("leaves", "where"),
    [
        ((Leaf("a", (3,), "float64", 0, 3),), "a[0]"),
        ((Leaf("a", (1, 3), "float64", 0, 3),), "a[0, 0]"),
        ((Leaf("a", (), "float64", 0, 1), Leaf("b", (2,), "float64", 1, 2)), "a"),
    ],
)
def test_the_entry_that_is_too_vague_is_named(leaves: tuple[Leaf, ...], where: str) -> None:
    """Ten bounds of 0.1 hide a tenth of an entry of 1."""
    asked = Asked(3, measured={"error_bound": 0.1}, leaves=leaves)
    assert (asked.found.verdict, asked.found.cause) == ("inconclusive", "noise")
    (note,) = [note for note in asked.found.notes if "would not be seen" in note]
    assert note.startswith(f"in {where} an error below 2 ")
