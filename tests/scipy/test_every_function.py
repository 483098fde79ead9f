"""Every function of calcgrad.scipy's, with its options: one table, all of it measured by the laws of tests/numpy_names."""

from __future__ import annotations

import pytest

from tests.numpy_names.laws import Laws
from tests.numpy_names.measuring import Case
from tests.scipy import cases_functions, cases_linalg, cases_stats

CASES: list[Case] = [*cases_stats.CASES, *cases_linalg.CASES, *cases_functions.CASES]
IDS = [f"{i}-{c.name.removeprefix('scipy.')}-{c.shapes}".replace(" ", "") for i, c in enumerate(CASES)]


LAWS = Laws(value=2e-12, first=5e-8, inner=1e-11, second=5e-6, compiled=1e-10, single=5e-3, step=0.02)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", CASES, ids=IDS)
class TestFunction:
    def test_both_modes_and_differences_agree(self, case: Case) -> None:
        LAWS.both_modes_and_differences_agree(case)

    @pytest.mark.slow
    def test_second_derivatives(self, case: Case) -> None:
        LAWS.second_derivatives(case)

    @pytest.mark.slow
    def test_the_compiled_gradient_is_the_traced_one(self, case: Case) -> None:
        if case.name == "scipy.integrate.quad":
            pytest.skip("a program of many nodes takes seconds to write: see test_quad.py")
        LAWS.the_compiled_gradient_is_the_traced_one(case)


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.single], ids=[i for c, i in zip(CASES, IDS, strict=True) if c.single]
)
def test_single_precision_stays_single(case: Case) -> None:
    LAWS.single_precision_stays_single(case)


def test_every_public_name_is_in_the_table() -> None:
    """Those of ``special`` are in the table of NumPy's names; the rest are here."""
    import calcgrad.scipy
    from calcgrad.scipy.following import BY_NAME

    for module in calcgrad.scipy.MODULES:
        getattr(calcgrad.scipy, module)
    followed = {path for path in BY_NAME if not path.startswith("scipy.special.")}
    assert followed - {case.name for case in CASES} == set()
    assert {case.name for case in CASES} - followed == set()


def test_every_name_of_special_is_in_the_table_of_numpys_names() -> None:
    from calcgrad.numpy_names import NAMES
    from calcgrad.scipy import special

    known = {
        name.removeprefix("scipy.special.") for name in NAMES.values() if name.startswith("scipy.special.")
    }
    same = {"digamma": "psi", "sinc": "", "zeta": "_zeta", "jn": "jv"}
    assert {name for name in special.__all__ if same.get(name, name) not in {*known, ""}} == set()
