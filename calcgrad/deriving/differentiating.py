"""The derivative of an expression by the rules of calculus, each applied by name at a place. No recursion, linear time.

What a rule needs to know of an operation is read from its row in the table: the partials, as people write them. The result
shares the subtrees of the function, so that it is no larger than a few nodes for each of the function's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from calcgrad.deriving.building import ONE, ZERO, each_once, joined, put_in, rational, scheme, varying
from calcgrad.deriving.records import Derivation, NoFormulaError, Seam, Step
from calcgrad.deriving.rules import RULE, Rule
from calcgrad.expression.nodes import Call, Constant, Name, Node
from calcgrad.operations import OPERATIONS
from calcgrad.operations.row import ARGUMENTS, Elementwise

_E = Constant("e")
_COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"})


class Application(NamedTuple):
    """A rule and the expression to which it is applied: what its letters stand for (no derivatives yet)."""

    rule: Rule
    node: Node
    parts: Mapping[str, Node]


#: Another scheme than the rule's own, for making a mistake on purpose; ``None`` leaves the rule as it is.
Spoil = Callable[[Application], str | None]


def differentiate(root: Node, variable: str, spoil: Spoil | None = None) -> Derivation:
    """The derivative of an expression of numbers by one of its variables, with one record a step.

    Raises ``NoFormulaError`` where an operation that varies has no partial in the table (the order of a Bessel function),
    or is one on arrays: those are to be written out in numbers first.

    >>> from calcgrad.expression import parse, to_text
    >>> from calcgrad.operations import VOCABULARY
    >>> found = differentiate(parse("x^2*sin(x)", VOCABULARY).root, "x")
    >>> to_text(found.formula, VOCABULARY), [step.rule.name for step in found.steps]
    ('2*x*sin(x) + x^2*cos(x)', ['power', 'function', 'product'])
    """
    walk = _Walk(variable, varying(each_once(root), variable), spoil)
    for node in each_once(root, differentiated):
        walk.visit(node)
    formula = walk.derivatives.get(id(root))
    return Derivation(
        root, variable, ZERO if formula is None else formula, tuple(walk.steps), tuple(walk.seams)
    )


def differentiated(node: Node) -> tuple[Node, ...]:
    """The arguments through which a derivative goes: not a condition's, nor those of what is constant between its steps."""
    if not isinstance(node, Call):
        return ()
    if node.op == "where":
        return node.args[1:]
    row = OPERATIONS.get(node.op)
    stepping = isinstance(row, Elementwise) and all(text == "0" for text in row.partials)
    return () if stepping else node.args


class _Walk:
    """One pass over the nodes: the derivative of each that varies, by its id, and the number of its step."""

    def __init__(self, variable: str, varies: set[int], spoil: Spoil | None) -> None:
        self.variable = variable
        self.varies = varies
        self.spoil = spoil
        self.derivatives: dict[int, Node | None] = {}
        self.numbers: dict[int, int] = {}
        self.steps: list[Step] = []
        self.seams: list[Seam] = []

    def visit(self, node: Node) -> None:
        """The derivative of one node, whose arguments have theirs."""
        if id(node) not in self.varies:
            self.constant(node)
            return
        if not isinstance(node, Call):
            self.derivatives[id(node)] = ONE
            return
        application = applied(node, [id(arg) in self.varies for arg in node.args])
        spoiled = self.spoil(application) if self.spoil is not None else None
        self.seams += seams(node)
        if spoiled is None and application.rule.name == "entries":
            self.entries(application)
        elif spoiled is None and application.rule.name == "several arguments":
            self.several(application)
        else:
            self.by_scheme(application, spoiled)

    def constant(self, node: Node) -> None:
        """A part that does not vary: a zero by structure, unless its derivative is spoiled."""
        spoiled = self.spoil(Application(RULE["constant"], node, {"c": node})) if self.spoil else None
        if spoiled is None:
            self.derivatives[id(node)] = None
        else:
            letters = {"c": node, "k": as_if_it_varied(node) if "k" in spoiled else None}
            self.derivatives[id(node)] = put_in(scheme(spoiled), letters)

    def by_scheme(self, application: Application, spoiled: str | None) -> None:
        """The rule's scheme with everything put in."""
        rule, node, parts = application
        text = spoiled if spoiled is not None else rule.scheme
        letters: dict[str, Node | None] = {**parts, "y": node, "x": Name(self.variable)}
        for letter, part in parts.items():
            letters["d" + letter] = self.derivatives.get(id(part))
        if rule.name in ("chain", "function"):
            assert isinstance(node, Call)
            j = node.args.index(parts["w"])
            letters["p"] = partial(node, j)
            if (
                spoiled is not None
            ):  # mistakes that people make have the inner derivative put into the function
                inside = tuple([letters["dw"] or ZERO if i == j else arg for i, arg in enumerate(node.args)])
                letters["f"] = Call(node.op, inside, node.params)
                letters["g"] = partial(Call(node.op, inside, node.params), j)
                bare = tuple([letters["x"] or ZERO if i == j else arg for i, arg in enumerate(node.args)])
                letters["h"] = partial(Call(node.op, bare, node.params), j)
        after = (
            times_piece(letters["p"], letters.get("dw")) if text == "p*dw" else put_in(scheme(text), letters)
        )
        derived = {letter: self.derivatives.get(id(part)) for letter, part in parts.items()}
        self.record(application, text, derived, after)

    def several(self, application: Application) -> None:
        """A function of several arguments that vary: one term for each."""
        node = application.node
        assert isinstance(node, Call)
        total: Node | None = None
        for j, arg in enumerate(node.args):
            if id(arg) in self.varies:
                total = joined("add", [total, times_piece(partial(node, j), self.derivatives[id(arg)])])
        derived = {letter: self.derivatives.get(id(part)) for letter, part in application.parts.items()}
        self.record(application, "", derived, total)

    def entries(self, application: Application) -> None:
        """A list: the list of the derivatives."""
        node = application.node
        found = [self.derivatives.get(id(arg)) for arg in node.args]
        self.record(application, "", {}, Call("vector", tuple([ZERO if d is None else d for d in found])))

    def record(
        self, application: Application, text: str, derived: Mapping[str, Node | None], after: Node | None
    ) -> None:
        rule, node, parts = application
        self.derivatives[id(node)] = after
        uses = dict.fromkeys(self.numbers[id(arg)] for arg in node.args if id(arg) in self.numbers)
        self.numbers[id(node)] = len(self.steps)
        self.steps.append(
            Step(
                rule,
                self.variable,
                node,
                node.span,
                text,
                tuple(parts.items()),
                tuple(
                    [
                        ("d" + k, ZERO if d is None else d)
                        for k, d in derived.items()
                        if id(parts[k]) in self.varies
                    ]
                ),
                ZERO if after is None else after,
                tuple(uses),
                node.op if isinstance(node, Call) and rule.name in _NAMED else "",
            )
        )


_NAMED = frozenset({"function", "chain", "several arguments", "steps"})


def applied(node: Call, varies: list[bool]) -> Application:
    """The rule for an operation whose arguments vary as said, at least one of them; raises ``NoFormulaError``."""
    op, args = node.op, node.args
    made = _INFIX_RULES.get(op)
    if made is not None:
        name, letters = made(args, varies)
        return Application(RULE[name], node, dict(zip(letters, args, strict=False)))
    if op == "where":
        return Application(RULE["pieces"], node, dict(zip("quv", args, strict=True)))
    if op == "vector":
        return Application(RULE["entries"], node, {})
    row = OPERATIONS.get(op)
    if not isinstance(row, Elementwise):
        raise NoFormulaError(f"{op} works on arrays: write it out in numbers first", node.span)
    if op == "square":
        return Application(RULE["power"], node, {"u": args[0], "n": scheme("2")})
    if all(text == "0" for text in row.partials):
        return Application(RULE["steps"], node, {"w": args[varies.index(True)]})
    if sum(varies) > 1:
        return Application(RULE["several arguments"], node, dict(zip("uvwt", args, strict=False)))
    inner = args[varies.index(True)]
    return Application(RULE["function" if isinstance(inner, Name) else "chain"], node, {"w": inner})


def _product(args: tuple[Node, ...], varies: list[bool]) -> tuple[str, str]:
    if all(varies):
        return "product", "uv"
    return "constant factor", "cu" if varies[1] else "uc"


def _quotient(args: tuple[Node, ...], varies: list[bool]) -> tuple[str, str]:
    if all(varies):
        return "quotient", "uv"
    return ("reciprocal", "cv") if varies[1] else ("constant divisor", "uc")


def _power(args: tuple[Node, ...], varies: list[bool]) -> tuple[str, str]:
    if not varies[1]:
        return "power", "un"
    if all(varies):
        return "logarithmic", "uv"
    if args[0] == _E:
        return "natural exponential", "cv"
    base = rational(args[0])
    if base is not None and base <= 0:
        raise NoFormulaError("a power of a number that is not positive has no derivative", args[0].span)
    return "exponential", "cv"


_INFIX_RULES: dict[str, Callable[[tuple[Node, ...], list[bool]], tuple[str, str]]] = {
    "add": lambda args, varies: ("sum", "uv"),
    "sub": lambda args, varies: ("difference", "uv"),
    "neg": lambda args, varies: ("negative", "u"),
    "mul": _product,
    "div": _quotient,
    "pow": _power,
}


def partial(node: Call, j: int) -> Node | None:
    """The partial of an operation in one argument, with its arguments put in; ``None`` is a zero by structure.

    Raises ``NoFormulaError`` where the table knows none.
    """
    row = OPERATIONS[node.op]
    assert isinstance(row, Elementwise)
    text = (row.written or row.partials)[j]
    if text is None:
        raise NoFormulaError(
            f"the derivative of {node.op} in its argument {j + 1} has no known formula", node.span
        )
    return put_in(scheme(text), {**dict(zip(ARGUMENTS, node.args, strict=False)), "y": node})


def as_if_it_varied(constant: Node) -> Node | None:
    """What the rules make of a constant taken for a variable: ``2*pi`` of ``pi^2``, ``1/7`` of ``ln(7)``, ``3*a^2`` of ``a^3``."""
    names = [node.name for node in each_once(constant) if isinstance(node, Name)]
    if names:
        return differentiate(constant, names[0]).formula
    if not isinstance(constant, Call):
        return None
    if constant.op == "pow":
        return put_in(scheme("c*u^(c - 1)"), {"u": constant.args[0], "c": constant.args[1]})
    row = OPERATIONS.get(constant.op)
    known = isinstance(row, Elementwise) and row.arity == 1 and constant.op != "neg"
    return partial(constant, 0) if known else None


def times_piece(outer: Node | None, inner: Node | None) -> Node | None:
    """The product; with a choice among zeros by structure piece by piece: ``where(c, 1, 0)*d`` is ``where(c, d, 0)``."""
    if isinstance(outer, Call) and outer.op == "where" and inner is not None and ZERO in outer.args[1:]:
        condition, *pieces = outer.args
        return joined("where", [condition, *[times_piece(None if p == ZERO else p, inner) for p in pieces]])
    return joined("mul", [outer, inner])


def seams(node: Call) -> list[Seam]:
    """Where the derivative of this operation need not be what its partials say."""
    if node.op == "where":
        return [
            Seam("border", Call("sub", part.args), part.span)
            for part in each_once(node.args[0])
            if isinstance(part, Call) and part.op in _COMPARISONS
        ]
    if node.op in _COMPARISONS:  # used as a number: it jumps where its sides are equal
        return [Seam("border", Call("sub", node.args), node.span)]
    row = OPERATIONS.get(node.op)
    if not isinstance(row, Elementwise):
        return []
    letters = dict(zip(ARGUMENTS, node.args, strict=False))
    found = []
    for singular in row.singular:
        if singular.kind in ("kink", "jump", "vertical"):
            where = put_in(scheme(singular.where), letters)
            if where is not None and not isinstance(where, Constant):
                found.append(Seam(singular.kind, where, node.span, singular.period))
    return found
