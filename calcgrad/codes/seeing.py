"""E62 to E65: what is asked of nudge, descend and plot, and of pictures."""

from __future__ import annotations

from calcgrad.codes.entry import Code

TITLE = "What is asked of the commands that draw"
CODES = (
    Code(
        "E620",
        "nudge moves one number at one point",
        "A step is made in one direction, and the slope is that of one value.",
        "Give one point, and choose the variable with --wrt.",
        'calcgrad nudge "x*y" --at "x=1, y=2"',
    ),
    Code(
        "E621",
        "these are no steps",
        "Steps go by powers of ten from the first to the second; both are numbers above 0, and there are at most 60.",
        "Write them as in --step 1e-1:1e-16.",
        'calcgrad nudge "x^2" --at 3 --step 0:1',
    ),
    Code(
        "E622",
        "there is no such method to nudge with",
        "Only methods that take a step have one to shrink.",
        "Choose among those that the message lists.",
        'calcgrad nudge "x^2" --at 3 --methods reverse-ad',
    ),
    Code(
        "E623",
        "a command that draws needs a function",
        "There is nothing to draw without a function.",
        "Give an expression, or - to read it from standard input.",
        "calcgrad nudge",
    ),
    Code(
        "E650",
        "pictures need matplotlib",
        "Picture files are drawn by matplotlib, which comes with the extra plots.",
        "Install calcgrad[plots], or leave out --output to see the chart in the terminal.",
        'calcgrad nudge "x^2" --at 3 --output curve.png',
        libraries={"matplotlib": False},
    ),
)
