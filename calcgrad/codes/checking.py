"""E37, E38, E50: functions that are loaded, and what is claimed of them."""

from __future__ import annotations

from calcgrad.codes.entry import Code

TITLE = "Checking a claimed derivative"
MODEL = {
    "model.py": "import numpy as np\n\n\ndef loss(w):\n    return np.sum(w**2)\n\n\ndef loss_grad(w):\n    return 2 * w\n"
}
CHECK = "calcgrad check model.py:loss --grad model.py:loss_grad"
_AT = f'{CHECK} --at "w=[1, 2, 3]"'


def _loss(body: str) -> dict[str, str]:
    """A model whose loss has another body."""
    return {
        "model.py": f"import numpy as np\n\n\ndef loss(w):\n    {body}\n\n\ndef loss_grad(w):\n    return 2 * w\n"
    }


CODES = (
    Code(
        "E370",
        "there is no such Python file or module",
        "Files are relative to the folder that the command runs in; modules are searched there and where packages are installed.",
        "Correct the name.",
        "calcgrad check nowhere.py:f --grad nowhere.py:g --at 1",
    ),
    Code(
        "E371",
        "a Python file or module fails on import",
        "Its own lines raise an exception, or it imports what is not there.",
        "Mend it at the line that the error names.",
        _AT,
        {"model.py": "import no_such_library\n"},
    ),
    Code(
        "E372",
        "a module has no function of that name",
        "The name after the colon is not there, or is no function.",
        "Correct the name.",
        'calcgrad check model.py:lose --grad model.py:loss_grad --at "w=[1, 2, 3]"',
        MODEL,
    ),
    Code(
        "E373",
        "there are more or fewer claims than they are claimed for",
        "Each derivative, or each target of several, has a claim of its own, in their order.",
        "Repeat --claim for each, or choose with --wrt.",
        "calcgrad check x*y --claim y",
    ),
    Code(
        "E374",
        "a claim has a variable that the function has not",
        "A derivative depends on nothing that the function does not depend on.",
        "Correct the variable.",
        "calcgrad check x --claim t",
    ),
    Code(
        "E375",
        "a claimed formula is checked for a function of numbers with one value",
        "The function has several outputs, or array variables.",
        "Check each output by itself, or give the claim as a Python function.",
        'calcgrad check "[x, x^2]" --claim 1',
    ),
    Code(
        "E376",
        "there is no function to check the claim against",
        "A claim is right or wrong for a function.",
        "Name the function first.",
        "calcgrad check --claim x",
    ),
    Code(
        "E377",
        "a target does not have exactly one kind of claim",
        "A formula is given by --claim, a function by --grad and its like.",
        "Give one of them, and not both.",
        "calcgrad check x",
    ),
    Code(
        "E378",
        "a setting of check, or a number of workers, is out of its range",
        "Counts are 1 or more, a seed is 0 or more, --rtol is a share, and time is positive.",
        "Choose a number within the range that the error names.",
        "calcgrad check x --claim 1 --rtol 2",
    ),
    Code(
        "E379",
        "a gradient is checked at a point, and there is none",
        "The two functions are called, and need arguments.",
        "Give them by --at, --random or --args.",
        CHECK,
        MODEL,
    ),
    Code(
        "E380",
        "the function that is checked, or the claim, fails",
        "It raises an exception, or its process dies.",
        "Mend it at the line that the error names, or give it the arguments that it expects.",
        _AT,
        _loss("return w.no_such_method()"),
    ),
    Code(
        "E381",
        "the function that is checked returns no number",
        "A gradient belongs to a function of one value.",
        "Return one number; for a function with many outputs claim --jacobian, --jvp or --vjp.",
        _AT,
        _loss("return 2 * w"),
    ),
    Code(
        "E382",
        "the function that is checked, or the claim, is not finite",
        "Its value at the point is an infinity or nan.",
        "Choose a point where it is finite, or look for an overflow or a division by zero.",
        _AT,
        _loss("return np.sum(w) * np.inf"),
    ),
    Code(
        "E383",
        "the function has no argument of that name",
        "The point, or --wrt, names what is no parameter.",
        "Correct the name.",
        f'{CHECK} --at "v=1"',
        MODEL,
    ),
    Code(
        "E384",
        "no argument holds real numbers to differentiate in",
        "All arguments are texts, whole numbers or the like.",
        "Give an array of floats.",
        f'{CHECK} --args \'{{"w": "text"}}\'',
        MODEL,
    ),
    Code(
        "E385",
        "an argument of the function has no value",
        "It has no default, and the point does not give one.",
        "Add it to the point.",
        "calcgrad check model.py:loss --grad model.py:loss --at w=1",
        {"model.py": "def loss(w, data):\n    return w * data\n"},
    ),
    Code(
        "E386",
        "Dask is not installed",
        "The executor over a Dask cluster needs Dask's own library.",
        "Install it: pip install 'calcgrad[dask]'.",
        'from calcgrad.checking.measuring.executors import dask_executor\n\ndask_executor("tcp://127.0.0.1:8786")',
        libraries={"distributed": False},
    ),
    Code(
        "E387",
        "the journal cannot be written",
        "Its folder is not there, or the system refuses.",
        "Make the folder, or choose another file.",
        f"{_AT} --journal no-such-folder/journal",
        MODEL,
    ),
    Code(
        "E388",
        "there is no such framework",
        "The functions of torch and jax are understood beside NumPy's.",
        "Choose one of them.",
        f"{_AT} --framework mathematica",
        MODEL,
    ),
    Code(
        "E389",
        "a setting in pyproject.toml is of the wrong kind",
        "Each key of [tool.calcgrad] and its targets takes a text, a list, a number or a table.",
        "Give a value of the kind that the error names.",
        "calcgrad check",
        {"pyproject.toml": '[[tool.calcgrad.targets]]\ntarget = "x"\nclaim = 1\n'},
    ),
    Code(
        "E390",
        "a check was interrupted",
        "Ctrl-C, or another KeyboardInterrupt, stopped it; what was known by then is in the message.",
        "Give the same command with --resume: it goes on from here.",
        _AT,
        _loss("raise KeyboardInterrupt"),
    ),
    Code(
        "E395",
        "a text does not name a function in a module",
        "A function is named by its file or module, a colon, and its name.",
        "Write model.py:loss, or package.module:loss.",
        "calcgrad check x --grad model.py:loss_grad --at 1",
        MODEL,
    ),
    Code(
        "E501",
        "a line of a sheet is not `expression ; claim`",
        "Each answer has an expression and, after semicolons, a claim for each of its variables.",
        "Write it as in: x^2 ; 2*x.",
        "calcgrad check --claims answers.txt",
        {"answers.txt": "x^2 = 2*x\n"},
    ),
    Code(
        "E502",
        "the journal cannot be read",
        "The system refuses to open it, or it is not text in UTF-8.",
        "Look at the file; without --resume a new one is begun.",
        f"{_AT} --journal . --resume",
        MODEL,
    ),
    Code(
        "E503",
        "no Dask scheduler answers",
        "There is none at the address, or it cannot be reached.",
        "Start one, or correct the address.",
        'from calcgrad.checking.measuring.executors import dask_executor\n\ndask_executor("tcp://127.0.0.1:1", timeout=0.1)',
        libraries={"distributed": True},
    ),
    Code(
        "E504",
        "a framework is not installed",
        "The functions are said to be those of torch or jax, which are not part of calcgrad.",
        "Install it, as the hint says.",
        f"{_AT} --framework torch",
        MODEL,
        {"torch": False},
    ),
    Code(
        "E505",
        "a framework's own gradient is asked for, and the arguments are none of a framework's",
        "The gradient of torch or jax is that of a function of their arrays.",
        "Give the arguments as tensors of torch or arrays of jax.",
        "import numpy as np\n\nimport calcgrad\n\n"
        'calcgrad.check_grad(lambda w: np.sum(w**2), "autograd", np.ones(3))',
    ),
    Code(
        "E506",
        "a text in place of a gradient is not that of the framework",
        "The one gradient with a name is the framework's own.",
        'Write "autograd", or give a function.',
        "import torch\n\nimport calcgrad\n\n"
        'calcgrad.check_grad(lambda w: (w**2).sum(), "backward", torch.ones(3))',
        libraries={"torch": True},
    ),
    Code(
        "E507",
        "pyproject.toml cannot be read",
        "It is not there, or is not TOML.",
        "Correct it at the place that the error names.",
        "calcgrad check",
        {"pyproject.toml": "[tool.calcgrad\n"},
    ),
    Code(
        "E508",
        "a key in pyproject.toml is unknown",
        "A key that means nothing may be a misspelt one, whose wish would be passed over.",
        "Correct the key, or take it out.",
        "calcgrad check",
        {"pyproject.toml": '[[tool.calcgrad.targets]]\ntarget = "x"\nclaim = "1"\nsede = 1\n'},
    ),
    Code(
        "E515",
        "an option is for claimed formulas alone",
        "--order and --show-answer are about derivatives that are written as formulas; --order 2 is for torch and jax too.",
        "Leave the option out, or claim a formula.",
        f"{_AT} --order 2",
        MODEL,
    ),
    Code(
        "E560",
        "a class of modules cannot be made without arguments",
        "A target that is a class of torch's modules is made once, without arguments, to be checked.",
        "Make one in the file, net = Net(3, 4), and name it: model.py:net.",
        "calcgrad check model.py:Net --args '[1.0]'",
        {
            "model.py": "import torch\n\n\nclass Net(torch.nn.Module):\n    def __init__(self, n):\n        pass\n"
        },
        libraries={"torch": True},
    ),
    Code(
        "E561",
        "a program's command does not say where its files are",
        "A program gets the points in one file, and writes its values into another.",
        'Put {input} and {output} into the command: "./model {input} {output}".',
        "calcgrad check --command ./model --grad-command ./adjoint --at 1",
    ),
    Code(
        "E562",
        "a program and a Python function are given together",
        "--command is a function of its own.",
        "Leave one of them out.",
        f'{_AT} --command "./model {{input}} {{output}}"',
        MODEL,
    ),
    Code(
        "E563",
        "an option is not for all targets of a project at once",
        "Without a target all those in pyproject.toml are checked, each at its own point. --quick, --taylor, --workers, --seed, "
        "--points, --rtol, --timeout, --max-seconds and --max-evaluations count for all of them.",
        "Name the target too, or write the option into its table in pyproject.toml.",
        "calcgrad check --at 2",
        {"pyproject.toml": '[[tool.calcgrad.targets]]\ntarget = "x"\nclaim = "1"\n'},
    ),
)
