"""What is written on a page can be read: contrasts by the formula of WCAG 2.2 (relative luminance, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re

import pytest

from calcgrad.render import html, svg
from calcgrad.render.page_style import PAGE
from calcgrad.render.theme import BADGES, CURVES, DRAWN, MARK, POINT, SHADES, WRITTEN, Shade

TEXT, SIGN = 4.5, 3.0


def channels(color: str) -> list[float]:
    return [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]


def luminance(found: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in found]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(ink: list[float], ground: list[float]) -> float:
    high, low = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_formula_knows_the_published_values() -> None:
    assert contrast(channels("#000000"), channels("#ffffff")) == 21
    assert (
        round(contrast(channels("#777777"), channels("#ffffff")), 2) == 4.48
    )  # the well-known grey that just fails


@pytest.mark.parametrize("side", Shade._fields)
@pytest.mark.parametrize(("ink", "ground"), WRITTEN)
def test_words_are_legible(ink: str, ground: str, side: str) -> None:
    found = [channels(getattr(SHADES[name], side)) for name in (ink, ground)]
    assert contrast(*found) >= TEXT


@pytest.mark.parametrize("side", Shade._fields)
@pytest.mark.parametrize(("ink", "ground"), DRAWN)
def test_lines_are_seen(ink: str, ground: str, side: str) -> None:
    found = [channels(getattr(SHADES[name], side)) for name in (ink, ground)]
    assert contrast(*found) >= SIGN


@pytest.mark.parametrize("color", [*CURVES, MARK, POINT])
@pytest.mark.parametrize("side", Shade._fields)
def test_curves_and_marks_are_seen_on_both_grounds(color: str, side: str) -> None:
    assert contrast(channels(color), channels(getattr(SHADES["ground"], side))) >= SIGN


@pytest.mark.parametrize("name", BADGES)
def test_a_verdict_is_legible(name: str) -> None:
    assert contrast(channels("#ffffff"), channels(BADGES[name])) >= TEXT


@pytest.mark.parametrize("side", Shade._fields)
def test_what_is_made_fainter_stays_legible(side: str) -> None:
    """Pieces of a notebook are in the notebook's colours, some of them less opaque: reckoned in a page's."""
    ink, ground = (channels(getattr(SHADES[name], side)) for name in ("text", "ground"))
    opacities = [float(found) for found in re.findall(r"opacity: ?([.\d]+)", html.STYLE)]
    assert opacities
    for share in opacities:
        mixed = [share * a + (1 - share) * b for a, b in zip(ink, ground, strict=True)]
        assert contrast(mixed, ground) >= TEXT


def test_every_colour_of_a_page_is_one_of_the_theme() -> None:
    """Nothing is drawn in a colour that no test has seen; white is the word on a badge and the rim of the point."""
    known = {color for shade in SHADES.values() for color in shade} | {*BADGES.values(), MARK, POINT, "#fff"}
    for style in (PAGE, html.STYLE, svg.STYLE):
        used = set(re.findall(r"(?<!&)#[0-9a-f]{3,6}\b", style)) - {"#c98500"}  # a stroke beside a warning
        assert used <= known
    named = set(re.findall(r"var\(--([a-z-]+)\)", PAGE + svg.STYLE))
    assert named <= set(SHADES)
