"""The text of fast pullbacks, written from the partials of the table.

The partials are trees of calcgrad's own language, never a user's text. Small whole powers become products, and a ``where``
is decided before either branch is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.operations import parsed
from calcgrad.systems import FLOAT64

_INFIX = {"add": "+", "sub": "-", "mul": "*"}


def scalar(op: str, partials: Sequence[str | None]) -> Callable[..., None]:
    """The pullback over floats; a partial that is ``None`` belongs to an argument that is not traced."""
    names: dict[str, Any] = {}
    places = [f"i{j}" if text is not None else "_" for j, text in enumerate(partials)]
    primals = ["a", "b", "c"][: len(partials)]
    lines = [
        "def pull(adjoints, owned, d, step):",
        f" _, _, ({', '.join(places)},), ({', '.join(primals)},), _, y = step",
    ]
    for j, text in enumerate(partials):
        if text is None:
            continue
        term = product(parsed(text), names)
        if term == "None":
            continue
        body = [f"before = adjoints[i{j}]", f"adjoints[i{j}] = t if before is None else before + t"]
        lines.append(f" t = {term}")
        if "None" in term:
            lines.append(" if t is not None:")
            lines.extend(f"  {line}" for line in body)
        else:
            lines.extend(f" {line}" for line in body)
    if len(lines) == 2:
        lines.append(" pass")
    exec(compile("\n".join(lines), f"<the pullback of {op}>", "exec"), names)
    made: Callable[..., None] = names["pull"]
    return made


def product(root: Node, names: dict[str, Any]) -> str:
    """The text of a partial times the adjoint ``d``; a structural zero is ``None``."""
    if root == Number(0):
        return "None"
    if root == Number(1):
        return "d"
    if root == Call("neg", (Number(1),)):
        return "-d"
    if isinstance(root, Call) and root.op == "where":
        condition, taken, other = root.args
        return f"({product(taken, names)} if {text(condition, names)} else {product(other, names)})"
    return f"{text(root, names)}*d"


def text(root: Node, names: dict[str, Any]) -> str:
    """The text of an expression over floats; functions and constants are put into ``names``."""
    if isinstance(root, Name):
        return root.name
    if isinstance(root, Number | Constant):
        return _named(names, "k", FLOAT64.constant(root))
    assert isinstance(root, Call)
    if root.op == "where":
        condition, taken, other = [text(a, names) for a in root.args]
        return f"({taken} if {condition} else {other})"
    if root.op == "pow" and isinstance(root.args[0], Name) and root.args[1] in (Number(2), Number(3)):
        base = root.args[0].name
        return f"({'*'.join([base] * (2 if root.args[1] == Number(2) else 3))})"
    args = [text(a, names) for a in root.args]
    if root.op in _INFIX:
        return f"({args[0]}{_INFIX[root.op]}{args[1]})"
    if root.op == "neg":
        return f"(-{args[0]})"
    return f"{_named(names, f'f_{root.op}', FLOAT64.function(root.op))}({', '.join(args)})"


def _named(names: dict[str, Any], prefix: str, value: Any) -> str:
    for name, known in names.items():
        if known is value and name.startswith(prefix):
            return name
    name = prefix if prefix not in names and prefix != "k" else f"{prefix}{len(names)}"
    names[name] = value
    return name
