"""E40 to E44: NumPy functions, their derivatives, and the rules that users add."""

from __future__ import annotations

from calcgrad.codes.entry import Code

TITLE = "Derivatives of NumPy functions"
_START = "import numpy as np\n\nimport calcgrad\n\n"
_GRAD = f"{_START}calcgrad.grad"
_PYTHON = "calcgrad diff model.py:f --at 1"
CODES = (
    Code(
        "E400",
        "an argument holds whole numbers or truth values",
        "A derivative says what changes when the argument moves a little, and these cannot.",
        "Write 3.0 in place of 3, or x.astype(float).",
        f"{_GRAD}(lambda x: x**2)(3)",
    ),
    Code(
        "E401",
        "an array would take only the number, or a part, of a traced value",
        "Whole numbers, truth values and bytes have no derivative, and what is left of the value would have lost its own.",
        "Use an array of floats, or stop_gradient(x) where no derivative is wanted.",
        f"{_GRAD}(lambda x: np.array([x[0], x[1]], dtype=int).sum())(np.ones(2))",
    ),
    Code(
        "E402",
        "a traced value would become a plain number",
        "Code that is not Python's, and an array that the function did not make, take the number without its derivative.",
        "Use NumPy's functions; write into a copy of the array: buffer.copy().",
        f"{_START}buffer = np.zeros(3)\n\n\ndef f(x):\n    buffer[0] = x[0]\n    return np.sum(x)\n\n\n"
        "calcgrad.grad(f)(np.ones(3))",
    ),
    Code(
        "E403",
        "a traced value was used after its derivative was done",
        "It was kept outside the function, and what it belonged to is closed.",
        "Return it from the function; has_aux=True returns values beside the result.",
        f"{_START}kept = []\n\n\ndef f(x):\n    kept.append(x)\n    return x * x\n\n\ncalcgrad.grad(f)(1.0)\nkept[0] * 2",
    ),
    Code(
        "E404",
        "a traced value would be written into an array that the function did not make",
        "A global array, or one of an object, would hold it after the derivative is done.",
        "Write into a copy of it, buffer.copy(), or give it to the function as an argument.",
        f"{_START}buffer = np.zeros(2)\n\n\ndef f(x):\n    np.multiply(x, 2.0, out=buffer)\n    return np.sum(buffer)\n\n\n"
        "calcgrad.grad(f)(np.ones(2))",
    ),
    Code(
        "E405",
        "a method of arrays is not traced",
        "It gives out the memory of the array, or changes it, or has no derivative.",
        "Use the function of the same purpose, or stop_gradient(x) where no derivative is wanted.",
        f"{_GRAD}(lambda x: np.sum(x.view(np.int64)))(np.ones(2))",
    ),
    Code(
        "E406",
        "an argument is no float and no array of floats",
        "There is nothing in it to differentiate by.",
        "Give floats, or leave the argument out by argnums.",
        f'{_GRAD}(lambda x: x)("x")',
    ),
    Code(
        "E407",
        "a gradient needs a function of one number",
        "The function returned an array, or something else.",
        "Use jacobian for every output; has_aux=True lets values pass beside the loss.",
        f"{_GRAD}(lambda x: x)(np.ones(3))",
    ),
    Code(
        "E408",
        "argnums does not name arguments of the call",
        "It is a whole number, or a sequence of them, and counts the arguments that are given by position from 0.",
        "Choose among the positional arguments.",
        f"{_GRAD}(lambda x: x, argnums=1)(1.0)",
    ),
    Code(
        "E409",
        "with has_aux=True the function does not return a pair",
        "The first of the two is differentiated, the second passes through.",
        "Return the result and the rest.",
        f"{_GRAD}(lambda x: x, has_aux=True)(1.0)",
    ),
    Code(
        "E410",
        "tangents or cotangents are not like what they belong to",
        "Each value has a tangent of its own shape, in the same tree of tuples, lists and dictionaries.",
        "Give them the structure and the shapes of the arguments, or of the result.",
        f"{_START}calcgrad.jvp(lambda x: x, (np.ones(3),), (np.ones(2),))",
    ),
    Code(
        "E411",
        "custom_rule is given neither a jvp nor a vjp",
        "A rule says how the derivative is computed.",
        "Give one of them: the other is its transpose.",
        f"{_START}calcgrad.custom_rule(np.sin)",
    ),
    Code(
        "E412",
        'sparsity is neither "detect" nor a pattern of the Jacobian\'s shape',
        "The pattern has a row for each output and a column for each input.",
        'Give such an array, or "detect".',
        f'{_START}calcgrad.jacobian(lambda x: x, sparsity="guess")(np.ones(3))',
    ),
    Code(
        "E413",
        "a function with a rule of its own has a first derivative only here",
        "Its rule is code of the user's, of which a tape for Taylor coefficients and proofs cannot be made.",
        "Use grad of grad, which differentiates the rule itself.",
        f"{_START}sine = calcgrad.custom_rule(np.sin, jvp=lambda p, t: (np.sin(p[0]), np.cos(p[0]) * t[0]))\n"
        "calcgrad.taylor(sine, (1.0,), (1.0,), 3)",
    ),
    Code(
        "E414",
        "the parameters of a function cannot be given by position",
        "A point gives one value to each parameter, in their order.",
        "Wrap the function in one whose parameters are floats and arrays.",
        _PYTHON,
        {"model.py": "def f(*args):\n    return args[0]\n"},
    ),
    Code(
        "E415",
        "a Python function has no value at the point",
        "It raises an arithmetic error there: a logarithm of a negative number, a division by zero.",
        "Choose a point of its domain.",
        "calcgrad diff model.py:f --at -1",
        {"model.py": "import math\n\n\ndef f(x):\n    return math.log(x)\n"},
    ),
    Code(
        "E416",
        "a Python function raises an exception",
        "The exception is passed on with the lines that led to it.",
        "Mend the function, or give it the arguments that it expects.",
        _PYTHON,
        {"model.py": "def f(x):\n    return y\n"},
    ),
    Code(
        "E417",
        "a Python function returns no number and no array of numbers",
        "There is nothing to differentiate in what it returns.",
        "Return a number or an array; a missing return gives None.",
        _PYTHON,
        {"model.py": "def f(x):\n    x * x\n"},
    ),
    Code(
        "E418",
        "a Python function is differentiated at a point, and there is none",
        "Without a point it could not be run.",
        "Add --at, with a number or an array for each parameter.",
        "calcgrad diff model.py:f",
        {"model.py": "def f(x):\n    return x * x\n"},
    ),
    Code(
        "E419",
        "an array was written into after the function had used it",
        "The derivative needs the values as they were, and the array is too long to be copied at each use.",
        "Make a new array, or use a copy: buffer.copy().",
        f"{_START}buffer = np.ones(100_000)\n\n\ndef f(x):\n    y = np.sum(x * buffer)\n    buffer[:] = 2.0\n    return y\n\n\n"
        "calcgrad.grad(f)(np.ones(100_000))",
    ),
    Code(
        "E420",
        "a NumPy function has no derivative here",
        "It is not among those that are covered, or has none by its nature.",
        "Use the one that the hint names, or give a function of your own a derivative by custom_rule.",
        f"{_GRAD}(lambda x: np.sum(np.histogram(x)[0]))(np.ones(3))",
    ),
    Code(
        "E421",
        "a keyword of a NumPy function has no derivative here",
        "The function is covered, but not with this keyword.",
        "Leave it out, or use the form that the hint names.",
        f"{_GRAD}(lambda x: np.add(x, 1.0, signature=(float, float, float)).sum())(np.ones(3))",
    ),
    Code(
        "E422",
        "written out in numbers, the function grows too large",
        "Proofs and formulas are made entry by entry, and of long arrays there are too many.",
        "Take fewer entries; the numerical methods need no such form.",
        "import numpy as np\n\nfrom calcgrad.functions.python import PythonFunction\n\n"
        'PythonFunction(lambda w: np.sum(w**2), "f", ("w",), [np.ones(60_000)]).root',
    ),
    Code(
        "E423",
        "the function has no form that a formula or a proof could be made of",
        "A step of it is not written out in numbers, or has no power series.",
        "Write it with other operations; the numerical methods need no such form.",
        "import numpy as np\n\nfrom calcgrad.functions.python import PythonFunction\n\n"
        'PythonFunction(lambda a: np.linalg.det(a), "f", ("a",), [np.eye(2)]).root',
    ),
    Code(
        "E424",
        "a Python function is looked at around one point, and there are several",
        "Its tape holds for the branches that it takes at that point.",
        "Give --at once, without a range; diff takes many points, one after another.",
        "calcgrad trace model.py:f --at x=0:2:5",
        {"model.py": "def f(x):\n    return x * x\n"},
    ),
    Code(
        "E425",
        "no closed form is known for the derivative by an argument",
        "The function has a value there, and no formula of its derivative by this argument is known: an order, a shape, a count.",
        "Take the argument as a constant by stop_gradient, or measure its derivative with calcgrad.numerical_diff.",
        f"{_START}from calcgrad.scipy import stats\n\ncalcgrad.grad(lambda a: stats.gamma.cdf(1.0, a))(2.0)",
    ),
    Code(
        "E426",
        "an integral, or its derivative, does not converge",
        "The nodes were moved together until there were too many of them, and the value or a derivative was still not settled.",
        "Split the integral where the integrand is not smooth, or substitute the variable.",
        f"{_START}from calcgrad.scipy.integrate import quad\n\ncalcgrad.grad(lambda a: quad(lambda x: a / x, 0.0, 1.0)[0])(1.0)",
    ),
    Code(
        "E427",
        "an equation has no solution that was found",
        "SciPy's method did not converge, so there is nothing whose derivative could be taken.",
        "Start nearer to the solution, or choose another method.",
        f"{_START}from calcgrad.scipy.optimize import root\n\n"
        "calcgrad.grad(lambda a: root(lambda x: x**2 + a, np.ones(1)).x[0])(1.0)",
    ),
    Code(
        "E428",
        "the solution of an equation has a Taylor series of a few terms only",
        "Derivatives of a solution are those of three of Newton's steps, which have them up to the seventh order.",
        "Ask for a lower order, or nest grad, which makes as many steps as it needs.",
        f"{_START}from calcgrad.scipy import optimize\n\n"
        "calcgrad.taylor(lambda a: optimize.brentq(lambda x: x**3 - a, 0.0, 9.0), (8.0,), (1.0,), 8)",
    ),
    Code(
        "E430",
        "linear algebra refuses a matrix",
        "It is singular, or not positive definite, so that the result does not exist.",
        "Choose another point, or add a small multiple of the identity.",
        f"{_GRAD}(lambda a: np.sum(np.linalg.inv(a)))(np.zeros((2, 2)))",
    ),
    Code(
        "E431",
        "a factorisation of a matrix without full rank has no derivative",
        "Where the rank changes, the pseudo-inverse jumps and the factors of a QR decomposition are not determined.",
        "Solve (aᵀa + εI) x = aᵀb with a small ε.",
        f"{_GRAD}(lambda a: np.sum(np.linalg.pinv(a)))(np.ones((2, 2)))",
    ),
    Code(
        "E432",
        "vectors of equal eigenvalues, or of equal or vanishing singular values, have no derivative",
        "They span a plane in which no direction is singled out.",
        "The values alone have one; or write the function without the vectors.",
        f"{_GRAD}(lambda a: np.sum(np.linalg.eigh(a)[1]))(np.eye(2))",
    ),
    Code(
        "E440",
        "a checkpointed function gave another result when it was run again",
        "checkpoint keeps no values and runs the function a second time; what that one reads from outside had changed.",
        "Give it as an argument: a loop's variable, a buffer, random numbers.",
        f"{_START}noise = np.random.default_rng(1)\n"
        "f = calcgrad.checkpoint(lambda h: h * noise.normal(size=3))\n"
        "with calcgrad.trusted():\n    calcgrad.grad(lambda w: np.sum(f(w)))(np.ones(3))",
    ),
    Code(
        "E441",
        "what a custom rule returns does not fit the function",
        "A jvp returns the value and its tangent, a vjp the value and a function from cotangents to cotangents.",
        "Return the pair, with the counts and shapes of the function's results and arguments.",
        f"{_START}sine = calcgrad.custom_rule(np.sin, jvp=lambda p, t: np.cos(p[0]) * t[0])\ncalcgrad.grad(sine)(1.0)",
    ),
    Code(
        "E450",
        "an array is written into that shares its memory in a way that is not followed",
        "What is written would be seen, or not seen, where nobody looks: by code that holds the array, or by another argument.",
        "Use a copy: x.copy().",
        f"{_START}\ndef f(x):\n    z = np.zeros(2, complex)\n    part = z.real\n    part[:] = x\n    return np.sum(abs(z))\n\n\n"
        "calcgrad.grad(f)(np.ones(2))",
    ),
    Code(
        "E460",
        "a function has another value when it is traced",
        "A traced value is no numpy.ndarray and no float: a function that asks takes another way, and is another function. "
        "The first trace of a function is compared with one plain run.",
        "Ask np.ndim(x) or np.shape(x) instead of isinstance; calcgrad.trusted() takes functions on trust.",
        f"{_GRAD}(lambda x: np.sum(x * (2.0 if type(x) is np.ndarray else 1.0)))(np.ones(2))",
    ),
    Code(
        "E461",
        "a function has no derivative of complex values",
        "NumPy or SciPy has no complex value for it, or its derivative there is not known here.",
        "Take np.real(z), np.imag(z) or np.abs(z) first; or custom_rule.",
        f"{_GRAD}(lambda x: np.sum(np.floor(x * 1j).real))(np.ones(2))",
    ),
    Code(
        "E462",
        "vmap's arguments do not fit its axes",
        "Every mapped argument is cut into slices along its axis, and there must be as many of each.",
        "Give one length along every mapped axis; None for an argument that is the same in every call.",
        f"{_START}calcgrad.vmap(lambda a, b: a * b)(np.ones(2), np.ones(3))",
    ),
    Code(
        "E463",
        "compiled programs cannot be native here",
        "They are made by LLVM, which comes with an extra, and enter Python's objects as its versions 3.11 to 3.13 lay them out.",
        'Install calcgrad[native]; backend="auto" takes NumPy where native cannot be had.',
        f'{_START}calcgrad.compile(np.sin, backend="native")',
        libraries={"llvmlite": False},
    ),
    Code(
        "E464",
        "there is no such backend",
        "Programs run over NumPy, or as native code.",
        'Say "auto", "numpy" or "native".',
        f'{_START}calcgrad.compile(np.sin, backend="fortran")',
    ),
    Code(
        "E465",
        "a function of the library is given something of another kind than it takes",
        "Derivatives are those of functions, points and directions stand in tuples, texts are texts and numbers are numbers.",
        "Give what the error names; help() of the function says what each argument is.",
        f"{_START}calcgrad.jvp(np.sin, 1.0, 1.0)",
    ),
)
