"""The list of inputs from outside is what its proofs find, without calcgrad."""

from __future__ import annotations

import copy

import pytest

from tests.data import outside_inputs

ENTRIES = outside_inputs.load()
SECOND = outside_inputs.load(outside_inputs.SECOND)
THIRD = outside_inputs.load(outside_inputs.THIRD)


def test_the_list_is_whole() -> None:
    """Two hundred entries, each with its own name and an origin."""
    assert len({entry["id"] for entry in ENTRIES}) == len(ENTRIES) == 200
    assert all(entry["origin"] and entry["text"] and entry["at"] for entry in (*ENTRIES, *SECOND, *THIRD))
    assert len({entry["id"] for entry in (*ENTRIES, *SECOND, *THIRD)}) == len(ENTRIES) + len(SECOND) + len(
        THIRD
    )


@pytest.mark.parametrize("entry", [*ENTRIES, *SECOND, *THIRD], ids=lambda entry: entry["id"])
def test_its_truth_is_proved(entry: outside_inputs.Entry) -> None:
    """SymPy and mpmath find again what is written."""
    assert outside_inputs.proved(entry) == entry


def test_a_wrong_figure_is_noticed() -> None:
    """A proof that could not fail would prove nothing."""
    planted = copy.deepcopy(next(entry for entry in ENTRIES if entry["expect"]["is"] == "kink"))
    planted["expect"]["left"] = "1.0"
    assert outside_inputs.proved(planted) != planted
