"""Shapes that do not fit: found before anything is computed, with the place in the text."""

from __future__ import annotations

import math
from functools import partial

import pytest

from calcgrad.errors import UsageError
from tests.arrays.cases import derivative, function, value

AT = {"x": [1.0, 2.0, 3.0], "y": [1.0, 2.0], "A": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "z": 2.0}

#: Text, code, the part that is blamed, message.
WRONG = [
    ("z + x*y", "E201", "x*y", "a vector of 3 and a vector of 2 do not fit entry by entry"),
    ("where(x > 0, x, y)", "E201", "where(x > 0, x, y)", "a vector of 3 and a vector of 2 do not fit entry by entry"),
    ("sin(A + y)", "E201", "A + y", "an array of 2×3 and a vector of 2 do not fit entry by entry"),
    ("2*x[3]", "E203", "x[3]", "index 3 is out of range for a vector of 3"),
    ("x[-4] + 1", "E203", "x[-4]", "index -4 is out of range for a vector of 3"),
    ("A[1, 3]", "E203", "A[1, 3]", "index 3 is out of range for axis 1 of an array of 2×3"),
    ("x[0, 1]", "E203", "x[0, 1]", "a vector of 3 has 1 axis, the index has 2"),
    ("z[0]", "E203", "z[0]", "a number has no entries"),
    ("x[::0]", "E206", "x[::0]", "the step of a slice cannot be 0"),
    ("x[3:][0]", "E203", "x[3:][0]", "index 0 is out of range for a vector of 0"),
    ("A @ y", "E208", "A @ y", "an array of 2×3 @ a vector of 2: a row of 3 meets a column of 2"),
    ("dot(x, y)", "E208", "dot(x, y)", "a vector of 3 @ a vector of 2: a row of 3 meets a column of 2"),
    ("z @ x", "E207", "z @ x", "@ multiplies arrays, not numbers"),
    ("[x, z]", "E210", "[x, z]", "the entries of a list have the same shape, these are a vector of 3 and a number"),
    ("[[1, z], [3]]", "E210", "[[1, z], [3]]",
     "the entries of a list have the same shape, these are a vector of 2 and a vector of 1"),
    ("max(x[3:])", "E211", "max(x[3:])", "an array without entries has no largest and no smallest entry"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "blamed", "message"), WRONG)
@pytest.mark.parametrize("asked", ["value", "central-difference", "forward-ad", "reverse-ad"])
def test_a_wrong_shape_has_a_place(text: str, code: str, blamed: str, message: str, asked: str) -> None:
    ask = value if asked == "value" else partial(derivative, asked)
    with pytest.raises(UsageError) as caught:
        ask(text, **AT)
    found = caught.value.diagnostic
    assert (found.code, found.message) == (code, message)
    assert found.span is not None
    assert text[found.span.start : found.span.end] == blamed


def test_scalar_functions_are_not_looked_through() -> None:
    assert function("x*y", x=1.0, y=2.0)[0].shape == ()


def test_what_numpy_has_to_say_of_infinite_entries_is_not_printed() -> None:
    """The mean of gamma's values at a pole and beside it is infinite; a warning is an error in tests."""
    shaped, _ = function("var(gamma(w))", w=[1e8, -0.9, -0.469])
    assert math.isnan(shaped.values([1e8, -0.9, -0.469])[0])
