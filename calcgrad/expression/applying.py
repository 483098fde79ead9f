"""Functions applied: a name, its arguments and its power become a node of the table's operations."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from calcgrad.errors import Span
from calcgrad.expression.nodes import Call, Constant, Node, Number, postorder
from calcgrad.expression.source import Source, make_span
from calcgrad.expression.vocabulary import Word

#: Functions whose arguments MATLAB has in another order than SciPy: ours, and MATLAB's.
OTHER_ORDER = {
    "gammainc": ("gammainc(a, x)", "gammainc(x, a)"),
    "betainc": ("betainc(a, b, x)", "betainc(x, a, b)"),
}

#: Functions that have another meaning elsewhere: what they are here and there, and how to say which is meant.
TWO_MEANINGS = {
    "sinc": ("sin(x)/x", "NumPy's and MATLAB's is sin(pi*x)/(pi*x): for that one write sinc(pi*x)"),
    "std": (
        "the root of the mean square deviation, over n",
        "write pstdev(x) to say so; for the sample's, over n - 1, write std(x)*sqrt(n/(n - 1))",
    ),
    "var": (
        "the mean square deviation, over n",
        "write pvariance(x) to say so; for the sample's, over n - 1, write var(x)*n/(n - 1)",
    ),
    "frac": ("x - floor(x), never negative", "for Mathematica's and PyTorch's write x - trunc(x)"),
    "acot": (
        "the one with values in (-pi/2, pi/2]",
        "for the one with values in (0, pi) write pi/2 - atan(x)",
    ),
    "gelu": (
        "x times the normal distribution, exactly",
        "for its approximation by tanh write x/2*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))",
    ),
    "leaky_relu": ("the one with slope 0.01 below 0", "for another slope a write where(x > 0, x, a*x)"),
    "expint": ("E1, MATLAB's", "for C++'s write Ei(x)"),
    **dict.fromkeys(
        ("EllipticK", "EllipticE", "EllipticF", "EllipticPi"),
        (
            "the function of the parameter m, as Mathematica's and SciPy's",
            "Maple's is of the modulus k: write k^2 for m",
        ),
    ),
}

#: Of these the meaning is clear where two arguments are given.
_CLEAR_BY_TWO = ("expint", "frac", "leaky_relu")
#: All that a word is said of.
WARNED = frozenset({*OTHER_ORDER, *TWO_MEANINGS})

#: The parts of an application that may stand in brackets before its argument.
POWER, BASE = 1, 2

#: Calls that answer true or false: what a condition of ``piecewise`` may be.
CONDITIONS = frozenset(
    [
        "less",
        "less_equal",
        "greater",
        "greater_equal",
        "equal",
        "not_equal",
        "logical_and",
        "logical_or",
        "logical_not",
    ]
)
MINUS_ONE = Call("neg", (Number(1),))


class Application(NamedTuple):
    """A function's name waiting for its argument.

    ``part`` says that its power (``POWER``) or, of a logarithm, its base (``BASE``) is what is being read; ``argument`` is
    where a bare argument begins.
    """

    name: str
    start: int
    end: int
    power: Node | None
    part: int
    argument: int = 0
    base: Node | None = None

    @property
    def is_piecewise(self) -> bool:
        """Whether pairs in brackets may be its arguments."""
        return self.name in ("piecewise", "Piecewise")

    def is_unary(self, source: Source) -> bool:
        """Whether the function may be applied to one argument."""
        words = source.vocabulary.words.get(self.name, ())
        return self.base is not None or any(word.arity == 1 for word in words)


#: ``Application(...)`` from a tuple, at half the price.
make_application = partial(tuple.__new__, Application)


def apply(source: Source, application: Application, args: tuple[Node, ...], end: int) -> Node:
    """The node of the function itself; :func:`raised_power` adds its power."""
    name = application.name
    span = make_span((application.start, end))
    found = source.vocabulary.words.get(name)
    if application.base is not None:
        return _log_of_base(source, application, args, span)
    if name == "root" and len(args) == 2 and isinstance(args[0], Number) and not isinstance(args[1], Number):
        _warn_of_index(source, span)
    if found is not None and len(found) == 1 and application.power is None and not source.declared:
        word = found[0]
        if word.arity == len(args) and not word.leading and name != "lg" and name not in WARNED:
            return Call(word.op, args, (), span)
    if name in source.declared:
        source.warn(
            "W112",
            f"`{name}(...)` is read as the function `{name}`, though `{name}` is declared as a variable",
            (application.start, application.end),
            "applied as a function",
            f"for the product write {source.whole(application.end, application.end, '*') if len(args) == 1 else f'{name}*(...)'}",
        )
    if application.power == MINUS_ONE:
        name = _inverse(source, application)
    if application.is_piecewise:
        return _piecewise(source, application, args, span)
    if name == "where" and name not in source.vocabulary.words:
        words: tuple[Word, ...] = (Word("where", 3),)
    else:
        words = source.vocabulary.words.get(name, ())
    assert words, f"not a function: {name}"
    if name in OTHER_ORDER:
        _warn_of_order(source, name, span)
    if name in TWO_MEANINGS:
        _warn_of_meaning(source, name, args, span)
    return _choose(source, name, words, args, span)


def _choose(source: Source, name: str, words: tuple[Word, ...], args: tuple[Node, ...], span: Span) -> Node:
    """The meaning of the word that takes this many arguments."""
    count = len(args)
    for word in words:
        if word.arity == count:
            leading = tuple([Number(n, span) for n in word.leading])
            if name in ("log", "lg") and count == 1:
                _warn_of_log(source, name, word.op, span)
            return Call(word.op, leading + args, (), span)
    for word in words:
        if word.fold and count > word.arity:
            node = args[0]
            for arg in args[1:]:
                node = Call(word.op, (node, arg), (), Span(span[0], arg.span[1]))
            node.span = span
            return node
    raise _wrong_count(source, name, words, count, span)


def _warn_of_log(source: Source, name: str, op: str, span: Span) -> None:
    """Once an expression: which logarithm this is."""
    if any(warning.code == "W103" for warning in source.warnings):
        return
    natural = "the natural logarithm, base e"
    read = natural if op == "log" else f"{op}, base 10" if op == "log10" else op
    fix = "ln" if op == "log" else op
    start, end = span[0], span[0] + len(name)
    source.warn(
        "W103",
        f"`{name}` is read as {read}",
        (start, end),
        read,
        f"write {fix} to say so, log10(x) or log2(x) for another base, log(x, b) for base b",
        fix=source.replaced(start, end, fix),
    )


def _warn_of_order(source: Source, name: str, span: Span) -> None:
    """``gammainc(a, x)``: MATLAB has the argument before its parameters, SciPy after them."""
    ours, theirs = OTHER_ORDER[name]
    source.warn(
        "W118",
        f"`{name}` is read with its argument last, as {ours}",
        (span[0], span[0] + len(name)),
        "SciPy's order",
        f"MATLAB's {theirs} has the argument first: turn the order round for a formula from there",
    )


def _warn_of_meaning(source: Source, name: str, args: tuple[Node, ...], span: Span) -> None:
    """Once an expression: which of two usual meanings a function has, where its arguments leave that open."""
    clear = len(args) == 2 if name in _CLEAR_BY_TWO else name == "sinc" and _has_constant(args[0])
    if clear or any(warning.code == "W119" for warning in source.warnings):
        return
    meaning, hint = TWO_MEANINGS[name]
    source.warn(
        "W119",
        f"`{name}` is read as {meaning}",
        (span[0], span[0] + len(name)),
        "one of two usual ones",
        hint,
    )


def _has_constant(node: Node) -> bool:
    """Whether π or e is in it: who writes sinc(pi*x) knows which one is meant."""
    return any(isinstance(part, Constant) for part in postorder(node))


def _warn_of_index(source: Source, span: Span) -> None:
    """``root(3, x)``: Typst has the index first, and a third root is likelier than a root of 3."""
    source.warn(
        "W118",
        "`root` is read with its index last, as root(x, n)",
        (span[0], span[0] + len("root")),
        "the root of a number",
        "Typst's root(n, x) has the index first: turn the order round for a formula from there",
    )


def _wrong_count(source: Source, name: str, words: tuple[Word, ...], count: int, span: Span) -> Exception:
    arities = sorted({word.arity for word in words})
    takes = " or ".join(str(n) for n in arities)
    more = " or more" if any(word.fold for word in words) else ""
    plural = "argument" if arities == [1] else "arguments"
    hints = [f"write {' or '.join(examples(source, name))}"]
    if name in ("sum", "prod") and count > 2:  # an expression, an index, its ends
        hints = [f"there is no index that runs: write the terms, as in {name}([x, x^2, x^3])"]
    return source.error(
        "E109",
        f"`{name}` takes {takes}{more} {plural}, not {count}",
        (span[0], span[1]),
        f"{count} given",
        *hints,
    )


def example(source: Source, name: str) -> str:
    """How the function is applied, with letters for its arguments."""
    return examples(source, name)[0]


def examples(source: Source, name: str) -> list[str]:
    """How the function is applied, with each number of arguments that it takes."""
    if name in ("piecewise", "Piecewise"):
        return [f"{name}(c1, a, c2, b, otherwise)"]
    if name == "where":
        return ["where(c, a, b)"]
    arities = sorted({word.arity for word in source.vocabulary.words.get(name, ())}) or [1]
    return [f"{name}({', '.join('xyzwv'[:arity])})" for arity in arities]


def _log_of_base(source: Source, application: Application, args: tuple[Node, ...], span: Span) -> Node:
    base, words = application.base, source.vocabulary.words
    assert base is not None
    if len(args) != 1:
        raise _wrong_count(
            source, source.quote(application.start, application.end), (Word("log", 1),), len(args), span
        )
    if application.power == MINUS_ONE:
        raise source.error(
            "E117", f"`{source.quote(application.start, application.power.span[1])}` has two readings",
            (application.start, application.power.span[1]), "two readings",
            "write 1/log(x, b) for the reciprocal, b^x for the inverse function",
        )  # fmt: skip
    if isinstance(base, Number) and f"log{base.value}" in words:
        return _choose(source, f"log{base.value}", words[f"log{base.value}"], args, span)
    return _choose(source, "log", words["log"], (*args, base), span)


def _inverse(source: Source, application: Application) -> str:
    """``sin^-1`` is arcsin, with a warning; for a function without such a name it is an error."""
    name = application.name
    words = source.vocabulary.words
    start = application.start
    for inverse in (f"a{name}", f"arc{name}", f"ar{name}"):
        if inverse in words:
            end = application.power.span[1] if application.power else application.end
            while (
                end < len(source.text)
                and source.text[end] == ")"
                and "(" in source.text[application.end : end]
            ):
                end += 1
            joint = " " if source.text[end : end + 1].isalnum() else ""
            source.warn(
                "W102",
                f"`{name}^-1` is read as the inverse function, {inverse}",
                (start, end),
                f"read as {inverse}",
                f"write {inverse} to say so, or 1/{name}(x) for the reciprocal",
                fix=source.replaced(start, end, inverse + joint),
            )
            return inverse
    raise source.error(
        "E117",
        f"`{name}^-1` could be the inverse function of `{name}`, or 1/{name}",
        (start, application.power.span[1] if application.power else application.end),
        "two readings",
        f"write 1/{name}(x) or {name}(x)^(-1) for the reciprocal",
    )


def raised_power(
    application: Application, node: Node, make: Callable[[str, tuple[Node, ...], int, int], Call]
) -> Node:
    """``sin^2 x`` is (sin x)^2."""
    power = application.power
    if power is None or power == MINUS_ONE:
        return node
    return make("pow", (node, power), node.span[0], node.span[1])


def _piecewise(source: Source, application: Application, args: tuple[Node, ...], span: Span) -> Node:
    """``piecewise(c1, a, c2, b, d)`` or ``piecewise((a, c1), (b, c2), (d, True))`` as nested ``where``."""
    pairs = [isinstance(arg, Call) and arg.op == "(,)" for arg in args]
    if all(pairs):
        pieces = [(arg.args[1], arg.args[0]) for arg in args]
        last_condition, otherwise = pieces.pop()
        if not (isinstance(last_condition, Constant) and last_condition.name == "true"):
            raise _bad_pieces(
                source,
                span,
                "the last piece has no condition that is always true",
                "end with (value, True): the value everywhere else",
            )
    elif any(pairs):
        raise _bad_pieces(
            source,
            span,
            "some pieces are pairs in brackets and some are not",
            "write piecewise(c1, a, c2, b, otherwise)",
        )
    elif len(args) > 1 and _is_condition(args[1]) and not _is_condition(args[0]):
        hint = "write piecewise(c1, a, c2, b, otherwise)"
        raise _bad_pieces(source, span, "a condition stands before its value, not after it", hint)
    elif len(args) % 2 == 0 or len(args) < 3:
        raise _bad_pieces(
            source,
            span,
            "there is no value for where no condition holds",
            "write piecewise(c1, a, c2, b, otherwise)",
        )
    else:
        pieces = [(args[k], args[k + 1]) for k in range(0, len(args) - 1, 2)]
        otherwise = args[-1]
    node = otherwise
    for condition, value in reversed(pieces):
        if not _is_condition(condition):
            raise _bad_pieces(
                source,
                condition.span,
                f"`{source.quote(*condition.span)}` is not a condition",
                "a condition compares: x < 0; write piecewise(c1, a, c2, b, otherwise)",
            )
        node = Call("where", (condition, value, node), (), span)
    return node


def _is_condition(node: Node) -> bool:
    if isinstance(node, Constant):
        return node.name in ("true", "false")
    return isinstance(node, Call) and node.op in CONDITIONS


def _bad_pieces(source: Source, span: Span, what: str, hint: str) -> Exception:
    return source.error("E118", what, (span[0], span[1]), "in this piecewise", hint)
