"""jax's own functions: custom rules right and wrong, trees of parameters, doubles only where they are asked for."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

jax = pytest.importorskip("jax")

import jax.numpy as jnp  # noqa: E402

import calcgrad  # noqa: E402
from calcgrad.checking.frameworks import Asked, check, subjects  # noqa: E402
from calcgrad.checking.measuring.subject import Options  # noqa: E402
from calcgrad.report.claims import CheckReport  # noqa: E402

pytestmark = pytest.mark.slow


def _layer(scale: float = 1.0) -> Any:
    @jax.custom_vjp
    def layer(x: Any, w: Any) -> Any:
        return jnp.tanh(x @ w)

    def forward(x: Any, w: Any) -> Any:
        y = layer(x, w)
        return y, (x, w, y)

    def backward(kept: Any, g: Any) -> Any:
        x, w, y = kept
        d = g * (1 - y * y)
        return d @ w.T, scale * (x.T @ d)

    layer.defvjp(forward, backward)
    return layer


def _wave(wrong: bool) -> Any:
    @jax.custom_jvp
    def wave(x: Any) -> Any:
        return x * jnp.sin(x)

    @wave.defjvp
    def rule(point: Any, move: Any) -> Any:
        (x,), (v,) = point, move
        slope = x * jnp.cos(x) + (0 if wrong else jnp.sin(x))
        return wave(x), slope * v

    return wave


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def clipped(limit: float, x: Any) -> Any:
    return jnp.clip(x, -limit, limit)


clipped.defvjp(lambda limit, x: (clipped(limit, x), x), lambda limit, x, g: (g * (jnp.abs(x) < limit),))


def _drawn(*shapes: tuple[int, ...], number_format: str = "float32") -> list[Any]:
    random = np.random.default_rng(3)
    return [jnp.asarray(random.normal(size=shape), number_format) for shape in shapes]


def _reports(target: Any, arguments: dict[str, Any], **options: Any) -> list[CheckReport]:
    return [check(subject) for subject in subjects("jax", Asked(target, arguments, **options))]


@pytest.mark.parametrize("number_format", ["float32", "bfloat16", "float16"])
@pytest.mark.parametrize(("scale", "verdict"), [(1.0, "right"), (1.01, "wrong")])
def test_a_custom_vjp_in_every_format(number_format: str, scale: float, verdict: str) -> None:
    x, w = _drawn((3, 4), (4, 2), number_format=number_format)
    (report,) = _reports(_layer(scale), {"x": x, "w": w})
    assert report.verdict == verdict
    if verdict == "right":
        assert report.notes[0].startswith(f"in {number_format} the claim is within ")
        assert report.notes[0].endswith("in double it is right")
    else:
        assert report.wrong_count == 8
        assert "1.01 · true" in report.likely[0].detail


def test_the_setting_of_jax_stays() -> None:
    before = jax.config.jax_enable_x64
    (report,) = _reports(_layer(), dict(zip("xw", _drawn((3, 4), (4, 2)), strict=True)))
    assert report.verdict == "right"
    assert jax.config.jax_enable_x64 == before


@pytest.mark.parametrize(("wrong", "verdict"), [(False, "right"), (True, "wrong")])
def test_a_custom_jvp_is_checked_in_both_modes(wrong: bool, verdict: str) -> None:
    (report,) = _reports(_wave(wrong), {"x": _drawn((5,))[0]})
    assert (report.verdict, report.claim) == (verdict, "its custom jvp, jax's autograd")


def test_arguments_that_are_not_differentiated() -> None:
    (report,) = _reports(clipped, {"limit": 0.7, "x": _drawn((3, 4))[0]})
    assert (report.verdict, report.entries) == ("right", 12)


def test_trees_of_parameters() -> None:
    kernel, x = _drawn((3, 2), (4, 3))
    parameters = {"params": {"Dense_0": {"kernel": kernel, "bias": jnp.ones(2)}}}

    def model(p: Any, x: Any) -> Any:
        dense = p["params"]["Dense_0"]
        return {"out": jnp.tanh(x @ dense["kernel"] + dense["bias"]), "count": 3}

    (report,) = _reports(model, {"p": parameters, "x": x}, wrt=("p",))
    assert report.verdict == "right"
    assert 'p["params"]["Dense_0"]["kernel"]' in report.at
    assert report.entries == 8


def test_keys_of_random_numbers_are_handed_over() -> None:
    def loss(key: Any, x: Any) -> Any:
        return jnp.sum(x * jax.random.normal(key, x.shape, x.dtype))

    for key in (jax.random.PRNGKey(1), jax.random.key(1)):
        (report,) = _reports(loss, {"key": key, "x": _drawn((5,))[0]})
        assert report.verdict == "right"


def test_workers_are_not_forked_from_jax() -> None:
    (subject,) = subjects("jax", Asked(_layer(), dict(zip("xw", _drawn((3, 4), (4, 2)), strict=True))))
    report = check(subject, Options(workers=2))
    assert report.verdict == "right"
    assert report.notes[-1].startswith("jax does not work in forked processes")


def test_a_double_backward() -> None:
    x, w = _drawn((2, 3), (3, 2))
    (report,) = _reports(_layer(), {"x": x, "w": w}, order=2)
    assert (report.verdict, report.claim) == ("right", "the double backward")


def test_the_library_takes_them() -> None:
    x, w = _drawn((3, 4), (4, 2))
    assert calcgrad.assert_grad(_layer(), "autograd", x, w).verdict == "right"
    assert calcgrad.check_grad(_layer(2.0), "autograd", x, w).wrong_count == 8
