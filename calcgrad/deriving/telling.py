"""A derivative told: what each part is called, which rule it takes, what comes of it, and where the parts are put in.

``differentiate`` records the rules from the inside out; here they come in the order in which people work: a part is named, its
rule written down in letters, its own parts are taken in turn, and what they gave is put in.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from calcgrad.deriving.building import ONE, ZERO, each_once, joined, put_in, scheme, varying
from calcgrad.deriving.differentiating import Application, applied, differentiate, partial, times_piece
from calcgrad.deriving.known import UNDONE
from calcgrad.deriving.records import Derivation, NoFormulaError
from calcgrad.deriving.rules import RULE, Rule
from calcgrad.deriving.staging import stages
from calcgrad.deriving.tidying import tidy
from calcgrad.deriving.writing import flat
from calcgrad.errors import Span
from calcgrad.expression import to_text
from calcgrad.expression.nodes import NOWHERE, Call, Name, Node
from calcgrad.operations import VOCABULARY

#: A sentence with formulas in it.
Words = tuple[str | Node, ...]
Kind = Literal["rule", "put in", "tidied"]
#: Parts beyond which nobody reads a derivation: it is refused, by name.
MOST_NODES = 1_000
_LETTERS = "uvwpqrstghkmn"


@dataclass(frozen=True, slots=True)
class Part:
    """What a letter stands for; without a letter, a part that stands for itself.

    ``told`` says why no step follows for it: its derivative is known, and what it is stands in ``derivative``.
    """

    name: str
    node: Node
    told: str = ""
    derivative: Node | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a derivation: ``left = right`` follows by one ``rule`` from the lines numbered ``uses``.

    ``of`` names the part that is differentiated and ``node`` is that part, which stands at ``place`` in the function's text.
    ``right`` is written in the letters of ``parts``, and of earlier lines; ``whole`` is the derivative with all of them put in,
    where this line has it. ``widens`` says that ``right`` has values where the line before it has none.
    """

    number: int
    kind: Kind
    of: str
    because: Words
    left: Node
    right: Node
    rule: str = ""
    parts: tuple[Part, ...] = ()
    uses: tuple[int, ...] = ()
    node: Node = ZERO
    place: Span = NOWHERE
    widens: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A derivation: its lines, what each letter stands for, and the derivative of each, all of it put in."""

    function: Node
    variable: str
    name: str
    lines: tuple[Line, ...]
    letters: dict[str, Node]
    derivatives: dict[str, Node]
    formula: Node


def tell(function: Node, variable: str, name: str = "f", brief: bool = False) -> Told:
    """The derivative of an expression of numbers by one variable, told line by line; ``name`` is the function's.

    With ``brief``, parts that a beginner differentiates at sight (sums of powers, functions of the variable) have no lines of
    their own, and the tidying is one line.

    Raises ``NoFormulaError`` where the table knows no derivative, or the expression has more than ``MOST_NODES`` parts.

    >>> from calcgrad.expression import parse
    >>> told = tell(parse("x*sin(x)", VOCABULARY).root, "x")
    >>> [f"{to_text(line.left, VOCABULARY)} = {to_text(line.right, VOCABULARY)}" for line in told.lines]
    ["f' = u + x*u'", "u' = cos(x)", "f' = sin(x) + x*cos(x)"]
    >>> [to_text(line.right, VOCABULARY) for line in tell(parse("3*x^2*sin(x)", VOCABULARY).root, "x", brief=True).lines]
    ['6*x*sin(x) + 3*x^2*cos(x)']
    """
    nodes = each_once(function)
    if len(nodes) > MOST_NODES:
        raise NoFormulaError(f"it has more than {MOST_NODES:,} parts", function.span)
    taken = {node.name for node in nodes if isinstance(node, Name)} | {variable, name}
    varies = varying(nodes, variable)
    teller = _Teller(variable, varies, taken, name, _at_sight(nodes, varies) if brief else set(), brief)
    teller.tell_all(function)
    raw = teller.derivatives[name]
    teller.tidy(function, raw, brief)
    return Told(
        function,
        variable,
        name,
        tuple(teller.lines),
        teller.meanings,
        {k: ZERO if d is None else d for k, d in teller.derivatives.items()},
        teller.lines[-1].right,
    )


def step_at(function: Node, variable: str, place: Span) -> int | None:
    """The number of the step in which the part at a place of the function's text is differentiated; ``None`` for none.

    >>> from calcgrad.expression import parse
    >>> step_at(parse("sin(x^2)*exp(x)", VOCABULARY).root, "x", Span(0, 8))
    2
    """
    try:
        told = tell(function, variable)
    except NoFormulaError:
        return None
    found = [line.number for line in told.lines if line.kind == "rule" and line.place == place]
    return found[0] if found and place.end > place.start else None


def prime(name: str) -> str:
    """The name of a derivative: ``u'``, ``f''``, ``f^(4)``.

    >>> prime("u"), prime("f''"), prime("f'''")
    ("u'", "f'''", 'f^(4)')
    """
    head, order = bare(name)
    return head + "'" * (order + 1) if order < 3 else f"{head}^({order + 1})"


def bare(name: str) -> tuple[str, int]:
    """A name without its primes, and how many there were."""
    found = re.fullmatch(r"(.*)\^\((\d+)\)", name)
    if found:
        return found[1], int(found[2])
    head = name.rstrip("'")
    return head, len(name) - len(head)


class _Teller:
    """The lines so far, the letters given, and the derivatives known; a zero by structure is ``None``."""

    def __init__(
        self,
        variable: str,
        varies: set[int],
        taken: set[str],
        name: str,
        at_sight: set[int],
        brief: bool,
    ) -> None:
        self.variable = variable
        self.varies = varies
        self.at_sight = at_sight
        self.brief = brief
        self.inverted: set[str] = set()  # functions whose derivatives were found from those of their inverses
        self.name = name
        self.lines: list[Line] = []
        self.count = 0
        self.free = _letters(taken)
        self.names: dict[Node, str] = {}
        self.meanings: dict[str, Node] = {}
        self.derivatives: dict[str, Node | None] = {}
        self.ended: dict[str, int] = {}

    # -- the walk -------------------------------------------------------------------------------------------------

    def tell_all(self, function: Node) -> None:
        """Every part, the first named first; a walk without recursion, as trees are deep."""
        self.meanings[self.name] = function
        self.names[function] = self.name
        running: list[Generator[str, None, None]] = [self._part(self.name)]
        while running:
            wanted = next(running[-1], None)
            if wanted is None:
                running.pop()
            else:
                running.append(self._part(wanted))

    def _part(self, name: str) -> Generator[str, None, None]:
        """The lines of one part; yields the names of parts whose derivatives are needed first."""
        self.count += 1
        number, node = self.count, self.meanings[name]
        opened = self._opened(number, name, node)
        self.lines += opened
        line = opened[-1]
        parts = [part.name for line in opened for part in line.parts if part.name]
        needed = [part for part in parts if part not in self.derivatives]
        if self.brief and not needed and len(opened) == 1:
            self.lines[-1] = line = replace(line, right=flat(self.replaced(line.right)))
        for part in needed:
            if part not in self.derivatives:
                yield part
        self._put_in(line, name, parts)

    def _put_in(self, line: Line, name: str, named: list[str]) -> None:
        """The line again with its letters put in, unless it has none."""
        right = self.replaced(line.right)
        self.derivatives[name] = None if right == ZERO else right
        right = flat(right)
        self.ended[name] = line.number
        letters = [part for part in named if _occurs(part, line.right)]
        if letters and right != line.right:
            uses = tuple(
                sorted({self.ended[k] for k in letters if k in self.ended and _occurs(prime(k), line.right)})
            )
            because: Words = (f"with {_listed([str(k) for k in uses])}",) if uses else (_put(letters),)
            self.lines.append(
                Line(
                    line.number,
                    "put in",
                    name,
                    because,
                    Name(prime(name)),
                    right,
                    "",
                    (),
                    uses,
                    line.node,
                    line.place,
                )
            )

    def replaced(self, formula: Node) -> Node:
        """A formula with what its letters stand for; in that there are no letters."""
        letters: dict[str, Node | None] = {}
        for part in each_once(formula):
            if isinstance(part, Name):
                head, order = bare(part.name)
                if order and head in self.derivatives:
                    letters[part.name] = self.derivatives[head]
                elif part.name in self.meanings and part.name != self.name:
                    letters[part.name] = self.meanings[part.name]
        found = put_in(formula, letters) if letters else formula
        return ZERO if found is None else found

    # -- one part -------------------------------------------------------------------------------------------------

    def _opened(self, number: int, name: str, node: Node) -> list[Line]:
        """What a part is and what its derivative is in letters."""
        rule, sentence, right, parts = self._explained(name, node)
        because = tuple(sentence)
        left = Name(prime(name))
        line = Line(
            number,
            "rule",
            name,
            because,
            left,
            ZERO if right is None else flat(right),
            rule,
            tuple(parts),
            (),
            node,
            node.span,
        )
        if rule == RULE["logarithmic"].title:
            return [*self._logarithm(line)]
        inverse = isinstance(node, Call) and id(node) in self.varies and UNDONE.get(node.op) in _TAUGHT
        return [*self._inverse(line)] if inverse and not self.brief else [line]

    def _explained(self, name: str, node: Node) -> tuple[str, list[str | Node], Node | None, list[Part]]:
        if id(node) not in self.varies:
            rule = RULE["constant"]
            return rule.title, [f"{name} does not vary with {self.variable}"], None, []
        if not isinstance(node, Call):
            rule = RULE["identity"]
            return rule.title, _sentence(rule, {"f": Name(name)}), ONE, []
        if id(node) in self.at_sight and name == self.name:
            found = differentiate(node, self.variable)
            titles = dict.fromkeys(step.rule.title for step in found.steps if step.rule.name != "function")
            return ", ".join(titles) or "", [Name(name), " is differentiated at sight"], tidied(found), []
        if node.op in ("add", "sub"):
            return self._sum(name, node)
        application = applied(node, [id(arg) in self.varies for arg in node.args])
        rule = application.rule
        if rule.name == "several arguments":
            return self._several(name, application)
        parts: list[Part] = []
        shown = {k: part if k == "q" else self._shown(part, parts) for k, part in application.parts.items()}
        letters: dict[str, Node | None] = dict(shown)
        for letter, part in application.parts.items():
            letters["d" + letter] = None if letter == "q" else self._derivative(part, shown[letter])
        inside = Call(
            node.op,
            tuple([shown[_key(application, arg)] if _key(application, arg) else arg for arg in node.args]),
            node.params,
        )
        letters["y"] = inside
        words: dict[str, str | Node] = {"f": Name(name), "y": inside, "op": _spelled(inside), **shown}
        if rule.name in ("chain", "function"):
            letters["p"] = partial(inside, node.args.index(application.parts["w"]))
            right = times_piece(letters["p"], letters["dw"]) if rule.name == "chain" else letters["p"]
            return self._title(rule, node), self._named_function(rule, node, words), right, parts
        right = put_in(scheme(rule.scheme), letters)
        title = rule.title
        if rule.name == "power" and not isinstance(application.parts["u"], Name):
            title += ", chain rule"
        if rule.name == "natural exponential" and isinstance(application.parts["v"], Name):
            title = "derivative of exp"
        return title, _sentence(rule, words), right, parts

    def _title(self, rule: Rule, node: Call) -> str:
        if rule.name == "chain":
            return rule.title
        return f"derivative of {_spelled(node)}"

    def _named_function(self, rule: Rule, node: Call, words: dict[str, str | Node]) -> list[str | Node]:
        """``u is sin of w``; ``u is log(w, 2)`` where there are other arguments."""
        if len(node.args) > 1:
            return [words["f"], " is ", words["y"]]
        said = _sentence(rule, words)
        undone = UNDONE.get(node.op)
        return [*said, f", the inverse of {undone}"] if undone in _TAUGHT else said

    def _sum(self, name: str, node: Call) -> tuple[str, list[str | Node], Node | None, list[Part]]:
        """A sum with all its terms."""
        terms = _terms(node)
        parts: list[Part] = []
        form: Node | None = None
        right: Node | None = None
        for sign, term in terms:
            if id(term) in self.at_sight and not isinstance(term, Name):
                form = _signed(form, sign, term)
                right = _signed(right, sign, tidied(differentiate(term, self.variable)))
                continue
            shown = self._shown(term, parts)
            form = _signed(form, sign, shown)
            derivative = self._derivative(term, shown)
            right = right if derivative is None else _signed(right, sign, derivative)
            if derivative is None:
                parts.append(Part("", term, "a constant", ZERO))
        minus = any(sign < 0 for sign, _ in terms)
        rule = RULE["difference" if minus and len(terms) == 2 else "sum"]
        assert form is not None
        return rule.title, _sentence(rule, {"f": Name(name), "y": form}), right, parts

    def _several(
        self, name: str, application: Application
    ) -> tuple[str, list[str | Node], Node | None, list[Part]]:
        """A function of several arguments that vary: one term for each."""
        node = application.node
        assert isinstance(node, Call)
        parts: list[Part] = []
        shown = [self._shown(arg, parts) for arg in node.args]
        inside = Call(node.op, tuple(shown), node.params)
        total: Node | None = None
        for j, arg in enumerate(node.args):
            if id(arg) in self.varies:
                term = times_piece(partial(inside, j), self._derivative(arg, shown[j]))
                total = joined("add", [total, term])
        return application.rule.title, [Name(name), " is ", inside], total, parts

    def _logarithm(self, line: Line) -> Iterator[Line]:
        """Logarithmic differentiation in three lines."""
        name, node = line.of, line.node
        assert isinstance(node, Call)
        shown = [self._shown(arg, []) for arg in node.args]
        dv, du = (self._derivative(node.args[k], shown[k]) for k in (1, 0))
        letters = {"u": shown[0], "v": shown[1], "du": du, "dv": dv}
        logarithm = put_in(scheme("v*log(u)"), letters)
        sides = put_in(scheme("dv*log(u) + v*du/u"), letters)
        assert logarithm is not None
        assert sides is not None
        itself = Name(name)
        common = {"number": line.number, "of": name, "node": node, "place": line.place, "rule": line.rule}
        yield Line(
            kind="rule",
            because=line.because,
            left=Call("log", (itself,)),
            right=logarithm,
            parts=line.parts,
            **common,  # type: ignore[arg-type]
        )
        quotient = Call("div", (Name(prime(name)), itself))
        common["rule"] = "chain rule, product rule"
        yield Line(kind="rule", because=("both sides differentiated",), left=quotient, right=sides, **common)  # type: ignore[arg-type]
        common["rule"] = ""
        yield Line(
            kind="rule",
            because=("times ", itself),
            left=line.left,
            right=line.right,
            **common,  # type: ignore[arg-type]
        )

    def _inverse(self, line: Line) -> Iterator[Line]:
        """The derivative of an inverse function from that of the function, where it comes for the first time."""
        node = line.node
        assert isinstance(node, Call)
        if node.op in self.inverted:
            yield line
            return
        self.inverted.add(node.op)
        itself, inner = Name(line.of), self._shown(node.args[0], [])
        undone = Call(UNDONE[node.op], (itself,))
        slope = partial(undone, 0)
        right = self._derivative(node.args[0], inner)
        assert slope is not None
        assert right is not None

        def told(because: Words, left: Node, right: Node, rule: str, parts: tuple[Part, ...] = ()) -> Line:
            return replace(line, because=because, left=left, right=flat(right), rule=rule, parts=parts)

        yield told(line.because, undone, inner, "inverse function", line.parts)
        product = Call("mul", (slope, Name(prime(line.of))))
        yield told(("both sides differentiated",), flat(product), right, "chain rule")
        yield told(("divided by ", slope), line.left, Call("div", (right, slope)), "")
        yield told(("with ", undone, " = ", inner), line.left, line.right, f"derivative of {_spelled(node)}")

    def _shown(self, part: Node, parts: list[Part]) -> Node:
        """What stands for a part in the rule: itself if it does not vary or is the variable, otherwise its letter."""
        if id(part) not in self.varies or isinstance(part, Name):
            return part
        name = self.names.get(part)
        told = ""
        if name is None:
            name = self.names[part] = next(self.free)
            self.meanings[name] = part
            if id(part) in self.at_sight:
                self.derivatives[name] = tidied(differentiate(part, self.variable))
        elif name in self.ended:
            told = f"as in step {self.ended[name]}"
        if name not in [other.name for other in parts]:
            known = self.derivatives.get(name) if id(part) in self.at_sight else None
            parts.append(Part(name, part, told, known))
        return Name(name)

    def _derivative(self, part: Node, shown: Node) -> Node | None:
        """What stands for a part's derivative."""
        if id(part) not in self.varies:
            return None
        if shown is part:
            return ONE
        assert isinstance(shown, Name)
        return Name(prime(shown.name))

    # -- the end --------------------------------------------------------------------------------------------------

    def tidy(self, function: Node, raw: Node | None, brief: bool) -> None:
        """The lines that bring the whole into fewer characters."""
        if raw is None:
            return
        left = Name(prime(self.name))
        found = stages(raw, function)
        if brief and len(found) > 1:
            widens = any(stage.widens for stage in found)
            found = [replace(found[-1], words=("tidied",), rule="", widens=widens)]
        for stage in found:
            self.count += 1
            self.lines.append(
                Line(
                    self.count,
                    "tidied",
                    self.name,
                    stage.words,
                    left,
                    stage.formula,
                    stage.rule,
                    node=function,
                    place=function.span,
                    widens=stage.widens,
                )
            )


def tidied(found: Derivation) -> Node:
    """A derivative in few characters."""
    return tidy(found.formula, found.function).formula


#: Rules by which a beginner differentiates at sight what has no product, no quotient and no inner function.
_AT_SIGHT = frozenset(
    {"sum", "difference", "negative", "constant factor", "constant divisor", "power", "function"}
    | {"exponential", "natural exponential"}
)
#: Of these, the ones whose parts may be sums and multiples themselves.
_LINEAR = frozenset({"sum", "difference", "negative", "constant factor", "constant divisor"})


def _at_sight(nodes: list[Node], varies: set[int]) -> set[int]:
    """The ids of the parts that are differentiated at sight; ``nodes`` are in postorder."""
    found: set[int] = set()
    for node in nodes:
        if id(node) not in varies or not isinstance(node, Call):
            continue
        try:
            rule = applied(node, [id(arg) in varies for arg in node.args]).rule.name
        except NoFormulaError:
            continue
        moving = [arg for arg in node.args if id(arg) in varies]
        bare_parts = all(isinstance(arg, Name) for arg in moving)
        if rule in _AT_SIGHT and (
            bare_parts or (rule in _LINEAR and all(isinstance(a, Name) or id(a) in found for a in moving))
        ):
            found.add(id(node))
    return found


#: Functions whose inverses a course derives from them.
_TAUGHT = frozenset({"sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh"})


def _letters(taken: set[str]) -> Iterator[str]:
    """Letters that are nobody's name yet."""
    for turn in range(MOST_NODES):
        for letter in _LETTERS:
            name = letter + (str(turn) if turn else "")
            if name not in taken:
                yield name


def _terms(node: Node) -> list[tuple[int, Node]]:
    """The terms of a sum as they are written, with their signs."""
    found: list[tuple[int, Node]] = []
    while isinstance(node, Call) and node.op in ("add", "sub"):
        found.append((-1 if node.op == "sub" else 1, node.args[1]))
        node = node.args[0]
    if isinstance(node, Call) and node.op == "neg":
        found.append((-1, node.args[0]))
    else:
        found.append((1, node))
    return found[::-1]


def _signed(total: Node | None, sign: int, term: Node) -> Node:
    if total is None:
        return term if sign > 0 else Call("neg", (term,))
    return Call("add" if sign > 0 else "sub", (total, term))


def _key(application: Application, arg: Node) -> str:
    """The letter that a rule has for an argument."""
    return next((k for k, part in application.parts.items() if part is arg), "")


def _occurs(name: str, formula: Node) -> bool:
    head = name
    return any(
        (isinstance(n, Name) and bare(n.name)[0] == head) or n == Name(name) for n in each_once(formula)
    )


def _spelled(node: Node) -> str:
    """The name of a function as it is printed."""
    return to_text(node, VOCABULARY).partition("(")[0]


def _sentence(rule: Rule, words: dict[str, str | Node]) -> list[str | Node]:
    """A rule's sentence with formulas put in."""
    found: list[str | Node] = []
    for k, piece in enumerate(re.split(r"\{(\w+)\}", rule.told)):
        if k % 2:
            found.append(words[piece])
        elif piece:
            found.append(piece)
    return found


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _put(names: list[str]) -> str:
    return f"{_listed(names)} put in"
