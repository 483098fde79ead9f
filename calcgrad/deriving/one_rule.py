"""One part told: the rule that it takes, in a sentence, and its derivative in letters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from calcgrad.deriving.building import ONE, ZERO, joined, put_in, scheme
from calcgrad.deriving.differentiating import Application, applied, differentiate, partial, times_piece
from calcgrad.deriving.known import UNDONE
from calcgrad.deriving.letters import Letters
from calcgrad.deriving.lines import Part, Words
from calcgrad.deriving.rules import RULE, Rule
from calcgrad.deriving.sight import tidied
from calcgrad.expression import to_text
from calcgrad.expression.nodes import Call, Name, Node
from calcgrad.operations import VOCABULARY

#: Functions whose inverses a course derives from them.
TAUGHT = frozenset({"sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh"})


@dataclass(frozen=True, slots=True)
class Explained:
    """The rule's title, why it is taken, and the derivative in the letters of ``parts``; ``None`` is zero by structure."""

    rule: str
    because: Words
    right: Node | None
    parts: tuple[Part, ...] = ()


def explained(letters: Letters, name: str, node: Node) -> Explained:
    """How the part of this name is differentiated."""
    if id(node) not in letters.varies:
        because = (f"{name} does not vary with {letters.variable}",)
        return Explained(RULE["constant"].title, because, None)
    if not isinstance(node, Call):
        rule = RULE["identity"]
        return Explained(rule.title, _sentence(rule, {"f": Name(name)}), ONE)
    if id(node) in letters.at_sight and name == letters.name:
        return _at_sight(letters, name, node)
    if node.op in ("add", "sub"):
        return _sum(letters, name, node)
    application = applied(node, [id(arg) in letters.varies for arg in node.args])
    if application.rule.name == "several arguments":
        return _several(letters, name, application)
    return _by_scheme(letters, name, application)


def spelled(node: Node) -> str:
    """The name of a function as it is printed."""
    return to_text(node, VOCABULARY).partition("(")[0]


def _at_sight(letters: Letters, name: str, node: Node) -> Explained:
    """A whole function that needs no letters."""
    found = differentiate(node, letters.variable)
    titles = dict.fromkeys(step.rule.title for step in found.steps if step.rule.name != "function")
    return Explained(", ".join(titles), (Name(name), " is differentiated at sight"), tidied(found))


def _by_scheme(letters: Letters, name: str, application: Application) -> Explained:
    """A rule with a scheme, as ``du*v + u*dv``, and letters for what stands in it."""
    node, rule = application.node, application.rule
    assert isinstance(node, Call)
    parts: list[Part] = []
    # The letter q is a number of the rule's, which is never named.
    shown = {k: part if k == "q" else letters.shown(part, parts) for k, part in application.parts.items()}
    pieces: dict[str, Node | None] = dict(shown)
    for letter, part in application.parts.items():
        pieces["d" + letter] = None if letter == "q" else letters.derivative(part, shown[letter])
    keys = [_key(application, arg) for arg in node.args]
    arguments = [shown[key] if key else arg for key, arg in zip(keys, node.args, strict=True)]
    pieces["y"] = inside = Call(node.op, tuple(arguments), node.params)
    words: dict[str, str | Node] = {"f": Name(name), "y": inside, "op": spelled(inside), **shown}
    if rule.name in ("chain", "function"):
        slope = partial(inside, node.args.index(application.parts["w"]))
        title = rule.title if rule.name == "chain" else f"derivative of {spelled(node)}"
        right = times_piece(slope, pieces["dw"]) if rule.name == "chain" else slope
        return Explained(title, _named_function(rule, node, words), right, tuple(parts))
    right = put_in(scheme(rule.scheme), pieces)
    return Explained(_title(application), _sentence(rule, words), right, tuple(parts))


def _title(application: Application) -> str:
    """A rule's title, with the chain rule where that is behind it."""
    rule, parts = application.rule, application.parts
    if rule.name == "power" and not isinstance(parts["u"], Name):
        return f"{rule.title}, chain rule"
    if rule.name == "natural exponential" and isinstance(parts["v"], Name):
        return "derivative of exp"
    return rule.title


def _named_function(rule: Rule, node: Call, words: dict[str, str | Node]) -> Words:
    """``u is sin of w``; ``u is log(w, 2)`` where there are other arguments."""
    if len(node.args) > 1:
        return (words["f"], " is ", words["y"])
    said = _sentence(rule, words)
    undone = UNDONE.get(node.op)
    return (*said, f", the inverse of {undone}") if undone in TAUGHT else said


def _sum(letters: Letters, name: str, node: Call) -> Explained:
    """A sum with all its terms."""
    terms = _terms(node)
    parts: list[Part] = []
    form: Node | None = None
    right: Node | None = None
    for sign, term in terms:
        if id(term) in letters.at_sight and not isinstance(term, Name):
            form = _signed(form, sign, term)
            right = _signed(right, sign, tidied(differentiate(term, letters.variable)))
            continue
        shown = letters.shown(term, parts)
        form = _signed(form, sign, shown)
        derivative = letters.derivative(term, shown)
        if derivative is None:
            parts.append(Part("", term, "a constant", ZERO))
        else:
            right = _signed(right, sign, derivative)
    minus = any(sign < 0 for sign, _ in terms)
    rule = RULE["difference" if minus and len(terms) == 2 else "sum"]
    assert form is not None
    return Explained(rule.title, _sentence(rule, {"f": Name(name), "y": form}), right, tuple(parts))


def _several(letters: Letters, name: str, application: Application) -> Explained:
    """A function of several arguments that vary: one term for each."""
    node = application.node
    assert isinstance(node, Call)
    parts: list[Part] = []
    shown = [letters.shown(arg, parts) for arg in node.args]
    inside = Call(node.op, tuple(shown), node.params)
    total: Node | None = None
    for j, arg in enumerate(node.args):
        if id(arg) in letters.varies:
            term = times_piece(partial(inside, j), letters.derivative(arg, shown[j]))
            total = joined("add", [total, term])
    return Explained(application.rule.title, (Name(name), " is ", inside), total, tuple(parts))


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


def _sentence(rule: Rule, words: dict[str, str | Node]) -> Words:
    """A rule's sentence with formulas put in."""
    pieces = re.split(r"\{(\w+)\}", rule.told)
    return tuple(words[piece] if k % 2 else piece for k, piece in enumerate(pieces) if k % 2 or piece)
