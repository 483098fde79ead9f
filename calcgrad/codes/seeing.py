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
        "E630",
        "descent cannot go like this",
        "The rule is one of three, rates and --until are numbers above 0, and there is at least one step.",
        "Change the option that the message names.",
        'calcgrad descend "x^2" --at 1 --rate 0',
    ),
    Code(
        "E631",
        "there is nothing to go down on",
        "Descent goes from one point down a function with one value and at least one variable.",
        "Give one point, and an expression with one value.",
        'calcgrad descend "x^2"',
    ),
    Code(
        "E632",
        "the claims are not the gradient's parts",
        "A claimed gradient has an expression for each variable that moves, of the function's variables alone.",
        "Give one --claim for each variable, in their order.",
        'calcgrad descend "x^2" --at 1 --claim "2*x" --claim "x"',
    ),
    Code(
        "E633",
        "an argument that cannot move",
        "Only floats, and arrays of floats, are changed by small steps.",
        "Choose others with --wrt, or give the values as floats.",
        "calcgrad descend model.py:loss --args model.py:make --wrt n",
        {
            "model.py": "import numpy as np\n\n\ndef loss(n):\n    return np.sum(n * 1.0)\n\n\n"
            "def make():\n    return np.array([1, 2])\n"
        },
    ),
    Code(
        "E634",
        "the claimed gradient does not fit",
        "It raised an exception, or what it returns has other shapes than the arguments that move.",
        "Let it return one array for each argument that moves, of the same shape.",
        "calcgrad descend model.py:loss --grad model.py:loss_grad --at 'w=[1.0, 2.0]'",
        {
            "model.py": "import numpy as np\n\n\ndef loss(w):\n    return np.sum(w * w)\n\n\ndef loss_grad(w):\n    return 1.0\n"
        },
    ),
    Code(
        "E635",
        "there is no gradient",
        "An operation in the function has no derivative in the table by what moves.",
        "Choose other variables with --wrt.",
        'calcgrad descend "besselj(n, 2)" --at "n=1.5"',
    ),
    Code(
        "E636",
        "Newton's rule is for expressions",
        "It needs second derivatives, which are not made of a program with many weights.",
        "Use the rule gradient or momentum.",
        "calcgrad descend model.py:loss --rule newton --at 'w=[1.0]'",
        {"model.py": "def loss(w):\n    return w[0] ** 2\n"},
    ),
    Code(
        "E637",
        "there is no such argument to move",
        "The names of --wrt are parameters of the function that have a value.",
        "Choose among those that the message lists.",
        "calcgrad descend model.py:loss --wrt v --at 'w=[1.0]'",
        {"model.py": "def loss(w):\n    return w[0] ** 2\n"},
    ),
    Code(
        "E638",
        "a Python function descends from named arguments",
        "Its arguments are told by their names.",
        "Give a mapping of names to values.",
        "import calcgrad\n\ncalcgrad.descend(lambda w: w * w, at=1.0)",
    ),
    Code(
        "E639",
        "a claim and a function do not fit together",
        "Expressions have their gradient claimed by --claim, Python functions by --grad.",
        "Use the option for the kind of function that you have.",
        'calcgrad descend "x^2" --at 1 --grad model.py:g',
    ),
    Code(
        "E640",
        "a curve needs one variable and one value",
        "Curves have one axis for the variable and one for the value; a function of two variables has lines of equal height.",
        "Put numbers in for the other variables, or plot the entries one by one.",
        'calcgrad plot "x*y*z"',
    ),
    Code(
        "E641",
        "this is no range to plot",
        "A range goes from a number to a larger one, in each variable.",
        "Give --from below --to.",
        'calcgrad plot "x^2" --from 1 --to 1',
    ),
    Code(
        "E642",
        "too many curves for one picture",
        "A picture shows up to six functions or four derivatives, and a claim beside one function; of two variables neither.",
        "Plot fewer.",
        'calcgrad plot "x^2" --order 9',
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
