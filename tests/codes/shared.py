"""Codes that are raised in several files, and why they have one cause and one remedy there all the same.

The files of ``expression/`` count as one: they read one text, and ``tests/errors/expression`` holds what they say, case by case.
"""

from __future__ import annotations


def place(file: str) -> str:
    """The file, or the room where that is read as a whole."""
    return "expression" if file.startswith("expression/") else file


#: The code -> the places that raise it, and the reason.
SHARED: dict[str, tuple[set[str], str]] = {
    "E126": (
        {"expression", "comparing/stated.py"},
        "a stated derivative, seen while it is read or where a function is needed",
    ),
    "E301": (
        {"functions/lowering.py", "inputs/points.py"},
        "a variable without a value, found first or while lowering",
    ),
    "E302": (
        {"comparing/request.py", "explaining/held.py", "inputs/points.py", "modes/own.py"},
        "a name that the function has not, of a Python function or of a text",
    ),
    "E305": (
        {"inputs/arguments.py", "inputs/grammar.py", "inputs/random.py"},
        "one name with two values, wherever the values come from",
    ),
    "E308": (
        {"inputs/files.py", "inputs/tables.py"},
        "one name with two values in a file, of either kind",
    ),
    "E310": (
        {"inputs/grammar.py", "inputs/values.py"},
        "no value, typed as nothing or given as an empty array",
    ),
    "E314": (
        {"checking/gradients.py", "inputs/grammar.py", "inputs/values.py"},
        "a point that is not finite, typed, given in Python, or made of arguments",
    ),
    "E318": ({"inputs/grammar.py", "inputs/points.py"}, "one limit on the points, of one text and of all"),
    "E326": (
        {"cli/commands/check.py", "inputs/files.py", "inputs/sampled_data.py"},
        "a file that the system does not open: a sheet, a point, measured data",
    ),
    "E327": (
        {"inputs/arguments.py", "inputs/files.py", "inputs/tables.py"},
        "a file that is not of its kind: JSON of arguments, arrays, tables",
    ),
    "E328": (
        {"cli/commands/check.py", "inputs/files.py", "inputs/sampled_data.py"},
        "a file without content: a sheet, a point, measured data",
    ),
    "E329": (
        {"inputs/arguments.py", "inputs/grammar.py"},
        "a file of named values for one value, of an argument or of a variable",
    ),
    "E338": (
        {"inputs/sampled_data.py", "inputs/tables.py"},
        "a cell without a number, in either kind of table",
    ),
    "E345": (
        {"numerical_diff/arrays.py", "numerical_diff/sampled.py", "numerical_diff/scalar.py"},
        "the orders that each numerical derivative has",
    ),
    "E346": ({"numerical_diff/field.py", "numerical_diff/scalar.py"}, "a point of arrays, or a number"),
    "E347": ({"numerical_diff/field.py", "numerical_diff/scalar.py"}, "bounds of arrays, or of a number"),
    "E351": ({"cli/output.py", "cli/pictures.py"}, "a file of --output, of text or a picture"),
    "E363": (
        {"cli/choices.py", "cli/commands/check.py", "cli/showing.py"},
        "a choice that is none, of every option, of the proof's formats, and of a file's ending",
    ),
    "E365": (
        {"cli/commands/diff.py", "cli/commands/steps.py", "cli/commands/trace.py"},
        "a command that takes an expression, without one",
    ),
    "E366": (
        {"cli/commands/check.py", "cli/commands/diff.py"},
        "expressions beside a file of expressions: --claims, --input",
    ),
    "E369": (
        {"cli/commands/compare_modes.py", "modes/own.py"},
        "modes without a point, on the command line or of a function in Python",
    ),
    "E373": (
        {"checking/claims.py", "cli/checks.py"},
        "claims that do not pair up, with derivatives or with targets",
    ),
    "E376": (
        {"checking/gradients.py", "cli/checks.py"},
        "a claim without its function, in Python or as a command",
    ),
    "E515": (
        {"checking/requests.py", "cli/commands/check.py"},
        "an option about formulas without a formula, seen at once or when the function is known",
    ),
    "E377": (
        {"checking/measuring/subject.py", "cli/checks.py"},
        "nothing is claimed, in Python or as a command",
    ),
    "E378": (
        {
            "checking/gradients.py",
            "checking/measuring/executors.py",
            "cli/commands/check.py",
            "cli/commands/diff.py",
        },
        "a setting out of its range, in Python or as an option",
    ),
    "E380": (
        {"checking/measuring/evaluation.py", "checking/measuring/executors.py"},
        "a call that fails, in this process or in a worker",
    ),
    "E382": (
        {"checking/measuring/baseline.py", "checking/measuring/calling.py"},
        "a value that is not finite, of the function or of the claim",
    ),
    "E383": (
        {"checking/measuring/subject.py", "inputs/arguments.py"},
        "a parameter that is none, named by wrt or by the point",
    ),
    "E401": (
        {"tracing/inplace/choosing.py", "tracing/inplace/refusing.py", "tracing/traced.py"},
        "a traced value on its way into a plain array",
    ),
    "E404": (
        {"tracing/inplace/refusing.py", "tracing/refusals.py", "tracing/traced.py"},
        "a write that is not followed, whichever way it is written",
    ),
    "E405": (
        {"tracing/inplace/array.py", "tracing/traced.py"},
        "a missing attribute, of either kind of traced array",
    ),
    "E406": (
        {
            *("tracing/gradients.py", "transforms/gradients.py"),
            *("transforms/jacobians.py", "transforms/sparse.py"),
        },
        "an argument that is no number of the kind that is differentiated by, or a result by it",
    ),
    "E465": (
        {"given.py", "transforms/calls.py", "transforms/series.py"},
        "an argument of another kind than a function of the library takes, wherever that is looked at",
    ),
    "E420": (
        {
            *("numpy_names/registry.py", "numpy_names/sets.py", "tracing/inplace/sparse.py"),
            *("tracing/levels.py", "tracing/refusals.py", "tracing/traced.py"),
        },
        "a function, an argument of one, a set of equal numbers, or what is done with a sparse array, that is not covered",
    ),
    "E421": (
        {"numpy_names/common.py", "numpy_names/registry.py", "scipy/following.py"},
        "a keyword that is not covered",
    ),
    "E633": (
        {"explaining/held.py", "explaining/losses.py"},
        "an argument that holds no floats is asked to move",
    ),
    "E641": (
        {"explaining/contours.py", "explaining/plot.py"},
        "ends that make no range, of one variable or of two",
    ),
    "E642": (
        {"explaining/plot.py", "explaining/plotting.py"},
        "options of curves that one picture cannot show together",
    ),
    "E430": (
        {"systems/values/arrays_borrowed.py", "systems/values/arrays_products.py"},
        "a matrix that a function of NumPy's, or of SciPy's, has no value for",
    ),
    "E461": (
        {"numpy_names/common.py", "numpy_names/registry.py", "systems/values/arrays_special.py"},
        "complex values, of a function, of a precision, of a derivative",
    ),
    "E422": (
        {"functions/scalars.py", "functions/scalars_of_tape.py"},
        "one limit on what is written out, of a text and of a tape",
    ),
    "E423": (
        {"functions/python.py", "functions/scalars_of_tape.py", "methods/certified.py"},
        "a step that has no form to write out or to prove with",
    ),
    "E364": (
        {"comparing/options.py", "comparing/request.py"},
        "an option of a request out of its range; that of time is every command's",
    ),
    "E670": (
        {"cli/commands/compare_modes.py", "modes/own.py"},
        "the modes are compared at one point, on the command line and in the library",
    ),
    "E902": (
        {"comparing/options.py", "comparing/rows.py"},
        "one limit of time, of the whole answer or seen in a method's row",
    ),
}

#: How many times a code is raised, where that is more than once: a new site is a new chance for a second meaning.
SITES = {
    "E350": 2,
    "E351": 2,
    "E527": 2,
    "E609": 2,
    "E621": 2,
    "E632": 2,
    "E640": 3,
    "E633": 4,
    "E641": 4,
    "E642": 2,
    "E634": 2,
    "E401": 3,
    "E404": 3,
    "E405": 3,
    "E407": 2,
    "E420": 9,
    "E365": 3,
    "E461": 3,
    "E421": 3,
    "E430": 2,
    "E126": 2,
    "E203": 4,
    "E301": 2,
    "E302": 4,
    "E369": 2,
    "E303": 3,
    "E305": 4,
    "E308": 2,
    "E310": 3,
    "E312": 2,
    "E314": 5,
    "E318": 4,
    "E319": 3,
    "E321": 2,
    "E326": 3,
    "E327": 3,
    "E328": 3,
    "E329": 2,
    "E338": 3,
    "E339": 4,
    "E341": 2,
    "E345": 3,
    "E346": 2,
    "E347": 2,
    "E348": 2,
    "E360": 2,
    "E363": 3,
    "E364": 2,
    "E366": 3,
    "E370": 2,
    "E372": 2,
    "E373": 2,
    "E376": 2,
    "E377": 3,
    "E515": 2,
    "E378": 7,
    "E380": 3,
    "E381": 2,
    "E382": 3,
    "E383": 2,
    "E389": 2,
    "E391": 2,
    "E406": 7,
    "E408": 3,
    "E410": 5,
    "E412": 2,
    "E414": 2,
    "E422": 3,
    "E423": 3,
    "E431": 2,
    "E432": 2,
    "E441": 4,
    "E465": 4,
    "E503": 2,
    "E513": 3,
    "W201": 2,
    "W203": 2,
    "E670": 2,
    "E902": 2,
}
