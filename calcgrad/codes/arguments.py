"""E391, E392, E51: the arguments that a function is checked at, made by ``--args`` or drawn by ``--random``."""

from __future__ import annotations

from calcgrad.codes.checking import CHECK, MODEL
from calcgrad.codes.entry import Code

TITLE = "Arguments that are made or drawn"
CODES = (
    Code(
        "E391",
        "--args is no JSON and no function",
        "It is an object or a list in JSON, the name of a file, or model.py:function.",
        "Correct it at the place that the error names.",
        f'{CHECK} --args "[1,"',
        MODEL,
    ),
    Code(
        "E392",
        "a distribution is not known",
        "Arguments are drawn by a distribution with a shape.",
        'Write "normal(128, 784)" or "w=uniform(3, low=-1, high=1)".',
        f'{CHECK} --random "nrml(3)"',
        MODEL,
    ),
    Code(
        "E509",
        "a file of several points is given by --args",
        "--args makes the arguments of one call.",
        "Give the file by --at.",
        f"{CHECK} --args points.json",
        {**MODEL, "points.json": '[{"w": [1, 2]}, {"w": [3, 4]}]'},
    ),
    Code(
        "E510",
        "the function that makes the arguments fails",
        "It raises an exception when it is called.",
        "Mend it at the line that the error names.",
        f"{CHECK} --args make.py:fails",
        {**MODEL, "make.py": "def fails():\n    return 1 / 0\n"},
    ),
    Code(
        "E511",
        "the function that makes the arguments returns a generator",
        "It could be run through only once, and each call needs its arguments.",
        "Return a tuple of arguments.",
        f"{CHECK} --args make.py:many",
        {**MODEL, "make.py": "def many():\n    yield 1.0\n"},
    ),
    Code(
        "E512",
        "there are more arguments than the function takes",
        "A tuple holds one value for each parameter, in their order.",
        "Return as many as it takes; one argument that is a tuple goes into a tuple of one.",
        f"{CHECK} --args make.py:two",
        {**MODEL, "make.py": "def two():\n    return 1.0, 2.0\n"},
    ),
    Code(
        "E513",
        "the options of a distribution do not fit it",
        "Each has a shape, options of its own, and dtype; low is below high, and std is not negative.",
        "Give those that the error lists.",
        f'{CHECK} --random "normal(3, low=1)"',
        MODEL,
    ),
    Code(
        "E514",
        "too many numbers would be drawn at random",
        "At most a thousand million are drawn for one argument.",
        "Choose a smaller shape.",
        f'{CHECK} --random "normal(100000, 100000)"',
        MODEL,
    ),
)
