"""Every function of NumPy's and SciPy's that is covered, with its keywords: one table, all of it measured.

Truth is NumPy's own value, and differences of it: nothing of calcgrad's is in them.
"""

from __future__ import annotations

import pytest

from calcgrad.numpy_names import NAMES, load_special
from calcgrad.numpy_names.deciding import DECIDING, DECIDING_BY_TWO
from tests.numpy_names import (
    cases_linalg,
    cases_more,
    cases_moving,
    cases_numbers,
    cases_polynomials,
    cases_special,
    cases_sums,
)
from tests.numpy_names.laws import Laws
from tests.numpy_names.measuring import NUMPY_1, Case

CASES: list[Case] = [
    *cases_numbers.CASES,
    *cases_sums.CASES,
    *cases_moving.CASES,
    *cases_linalg.CASES,
    *cases_more.CASES,
    *cases_polynomials.CASES,
    *cases_special.CASES,
]
#: Functions whose results are constants, measured in test_constants.py.
CONSTANTS = {f"numpy.{name}" for name in (*DECIDING, *DECIDING_BY_TWO, "nonzero")} | {
    *(
        "numpy.shape",
        "numpy.ndim",
        "numpy.size",
        "numpy.result_type",
        "numpy.common_type",
        "numpy.einsum_path",
        "numpy.isin",
        "numpy.linalg.matrix_rank",
    ),
    *("numpy.zeros_like", "numpy.ones_like", "numpy.empty_like"),
    *(
        "numpy.less",
        "numpy.less_equal",
        "numpy.greater",
        "numpy.greater_equal",
        "numpy.equal",
        "numpy.not_equal",
    ),
    *("numpy.logical_and", "numpy.logical_or", "numpy.logical_not", "numpy.logical_xor"),
}
DOUBLE_BEFORE_2 = {f"numpy.{name}" for name in ("cbrt", "where", "std", "nanvar", "nanstd")}
IDS = [f"{i}-{c.name.removeprefix('numpy.')}-{c.shapes}".replace(" ", "") for i, c in enumerate(CASES)]


def test_every_covered_name_is_in_the_table() -> None:
    load_special()
    there = {case.name for case in CASES}
    assert not set(NAMES.values()) - there - CONSTANTS
    assert not {name for name in there if "(" not in name} - set(NAMES.values())


LAWS = Laws(value=1e-13, first=2e-8, inner=1e-12, second=2e-6, compiled=1e-11, single=2e-3, step=0.37)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", CASES, ids=IDS)
class TestFunction:
    def test_both_modes_and_differences_agree(self, case: Case) -> None:
        LAWS.both_modes_and_differences_agree(case)

    def test_second_derivatives(self, case: Case) -> None:
        if not case.second:
            pytest.skip("of the first order only")
        LAWS.second_derivatives(case)

    @pytest.mark.slow
    def test_the_compiled_gradient_is_the_traced_one(self, case: Case) -> None:
        LAWS.the_compiled_gradient_is_the_traced_one(case)

    def test_single_precision_stays_single(self, case: Case) -> None:
        if not case.single:
            pytest.skip("NumPy or SciPy computes it in double precision")
        if NUMPY_1 and (case.name in DOUBLE_BEFORE_2 or () in case.shapes):
            pytest.skip("before NumPy 2, a number of single precision beside a float is a double")
        LAWS.single_precision_stays_single(case)
