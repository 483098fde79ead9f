"""Measured data: the band covers the truth, exactly and under noise of a known level."""

import numpy as np
import pytest

from calcgrad.errors import UsageError
from calcgrad.numerical_diff import differentiate_samples


def test_position_and_speed_from_a_table() -> None:
    t = np.array([0.0, 0.5, 1.1, 1.5, 2.2, 2.5, 3.0, 3.6, 4.0])
    found = differentiate_samples(t, t**2)
    np.testing.assert_allclose(found.value, 2 * t, atol=1e-9)
    assert np.all(np.abs(found.value - 2 * t) <= found.band)


@pytest.mark.parametrize("given", [None, 0.01])
def test_the_band_covers_the_truth_under_noise(given: float | None) -> None:
    source = np.random.default_rng(7)
    t = np.sort(source.uniform(0, 6, 200))
    found = differentiate_samples(t, np.sin(t) + 0.01 * source.normal(size=t.size), noise=given)
    covered = np.mean(np.abs(found.value - np.cos(t)) <= found.band)
    assert covered >= 0.85
    assert np.median(found.band) < 0.2
    assert found.noise == pytest.approx(0.01, rel=0.3)


def test_second_derivative() -> None:
    t = np.linspace(0, 2, 41)
    found = differentiate_samples(t, t**3, order=2)
    np.testing.assert_allclose(found.value, 6 * t, atol=1e-7)


@pytest.mark.parametrize(
    ("t", "y"), [([0, 1], [0, 1]), ([0, 2, 1, 3], [0] * 4), ([0, 1, 2, 3], [0, 1, 2, float("nan")])]
)
def test_what_cannot_be_differentiated(t: list[float], y: list[float]) -> None:
    with pytest.raises(UsageError):
        differentiate_samples(t, y)


@pytest.mark.parametrize("level", [1e-3, 0.1])
@pytest.mark.parametrize("even", [True, False])
def test_the_noise_of_measurements_is_found(level: float, even: bool) -> None:
    """The spread of four hundred values about any cubic, to a tenth."""
    source = np.random.default_rng(3)
    t = np.linspace(0.0, 6.0, 400) if even else np.sort(source.uniform(0.0, 6.0, 400))
    found = differentiate_samples(t, t**3 - t + level * source.normal(size=400))
    assert found.noise == pytest.approx(level, rel=0.12)
