"""An expression read into forms: like terms and like factors collected, numbers folded, known values and symmetries used.

Sums and products are gathered whole, however they were nested, so that a hundred thousand terms are collected once. Every
collection that changed something is a record.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from calcgrad.deriving.building import each_once
from calcgrad.deriving.forms import Algebra, Exponent, Form, Mono
from calcgrad.deriving.known import EVEN, ODD, ONE_AT_ZERO, REFLECTED, UNDONE, ZERO_AT_ZERO
from calcgrad.deriving.records import Tidying
from calcgrad.deriving.writing import Writer
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number

_ADDITIVE = frozenset({"add", "sub", "neg"})
_PRODUCTS = frozenset({"mul", "div"})
_COMPARED: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "less": Fraction.__lt__,
    "less_equal": Fraction.__le__,
    "greater": Fraction.__gt__,
    "greater_equal": Fraction.__ge__,
    "equal": Fraction.__eq__,
    "not_equal": lambda a, b: a != b,
}
_TRUE, _FALSE = Constant("true"), Constant("false")
_JOINED = ("logical_and", "logical_or", "logical_not")

#: What may still be done to the form of a part that stands open in the formula (see ``tidying``).
Improve = Callable[[Form], Form]
#: Who looks on: a part of the formula was read, or improved, and has this form now.
Watch = Callable[[Node, Form], None]


class Reader:
    """Reads one expression; ``records`` fills with what was done on the way."""

    def __init__(self, algebra: Algebra, writer: Writer, records: list[Tidying]) -> None:
        self.algebra = algebra
        self.writer = writer
        self.records = records
        self.forms: dict[int, Form] = {}
        self.products: set[int] = set()

    def read(
        self,
        root: Node,
        improve: Improve | None = None,
        given: frozenset[int] = frozenset(),
        watch: Watch | None = None,
    ) -> Form:
        """The form of an expression.

        ``improve`` is applied to sums and products that stand open in it (not within a function, a power, or a part whose
        id is among ``given``: what the user wrote stays as it is written).
        """
        nodes = each_once(root)
        inner, self.products = _chains(nodes)
        open_nodes = _standing_open(nodes, given) if improve is not None else set()
        for node in nodes:
            if id(node) in inner:
                continue
            form = self._form(node)
            if watch is not None:
                watch(node, form)
            if improve is not None and id(node) in open_nodes:
                form = improve(form)
                if watch is not None:
                    watch(node, form)
            self.forms[id(node)] = form
            self.writer.node(form)  # written now, when all its parts are: no walk is ever deep
        return self.forms[id(root)]

    def _form(self, node: Node) -> Form:
        algebra = self.algebra
        if isinstance(node, Number):
            return algebra.of_number(node.value)
        if not isinstance(node, Call):
            return algebra.of_kernel(algebra.leaf(node))
        if id(node) in self.products:
            return self._product(node)
        if node.op in _ADDITIVE:
            return self._sum(node)
        return self._function(node, tuple([self.forms[id(arg)] for arg in node.args]))

    def _sum(self, root: Call) -> Form:
        """A sum with all the sums in it."""
        parts: list[tuple[Fraction, Form]] = []
        todo: list[tuple[Node, int]] = [(root, 1)]
        while todo:
            node, sign = todo.pop()
            form = self.forms.get(id(node))
            if form is not None:
                parts.append((Fraction(sign), form))
                continue
            assert isinstance(node, Call)
            last = -sign if node.op in ("sub", "neg") else sign
            todo.append((node.args[-1], last))
            if len(node.args) == 2:
                todo.append((node.args[0], sign))
        return self.collected(parts)

    def collected(self, parts: list[tuple[Fraction, Form]]) -> Form:
        """The sum of forms, recorded where like terms came together."""
        total = self._choices_joined(self.algebra.add(parts))
        parts = [(c, f) for c, f in parts if f.terms]
        if len(total.terms) < sum(len(form.terms) for _, form in parts) and len(parts) > 1:
            self.record("like terms", self._joined(parts), total)
        return total

    def _choices_joined(self, form: Form) -> Form:
        """Choices on the same condition as one: ``where(c, a, b) + where(c, d, e)`` is ``where(c, a + d, b + e)``."""
        algebra = self.algebra
        choices: dict[Form, list[tuple[Mono, Fraction]]] = {}
        for mono, coefficient in form.terms:
            if len(mono) == 1 and mono[0][0].op == "where" and mono[0][1] == 1:
                choices.setdefault(mono[0][0].args[0], []).append((mono, coefficient))
        joined = {condition: found for condition, found in choices.items() if len(found) > 1}
        if not joined:
            return form
        gone = {mono for found in joined.values() for mono, _ in found}
        parts = [(Fraction(1), algebra.form({m: c})) for m, c in form.terms if m not in gone]
        for condition, found in joined.items():
            pieces = [algebra.add([(c, mono[0][0].args[k]) for mono, c in found]) for k in (1, 2)]
            choice = pieces[0] if pieces[0] is pieces[1] else None
            parts.append(
                (Fraction(1), choice or algebra.of_kernel(algebra.call("where", (condition, *pieces))))
            )
        return algebra.add(parts)

    def _joined(self, parts: list[tuple[Fraction, Form]]) -> Node:
        """A sum as it stood before it was collected."""
        written = self.writer.node
        total: Node | None = None
        for factor, form in parts:
            term = written(form)
            if total is None:
                total = term if factor > 0 else Call("neg", (term,))
            else:
                total = Call("add" if factor > 0 else "sub", (total, term))
        assert total is not None
        return total

    def record(self, name: str, before: Node, after: Form, widens: bool = False) -> None:
        """Note a change, unless it is none to the eye."""
        node = self.writer.node(after)
        if hash(node) != hash(before):  # equality would walk what is shared again and again
            self.records.append(Tidying(name, before, node, widens))

    def _product(self, root: Call) -> Form:
        """A product or quotient with all those in it."""
        parts: list[tuple[Form, Exponent]] = []
        negative = False
        todo: list[tuple[Node, int]] = [(root, 1)]
        while todo:
            node, sign = todo.pop()
            form = self.forms.get(id(node))
            if form is not None:
                parts.append((form, Fraction(sign)))
                continue
            assert isinstance(node, Call)
            if node.op == "neg":
                negative = not negative
            else:
                todo.append((node.args[1], -sign if node.op == "div" else sign))
            todo.append((node.args[0], sign))
        if negative:
            parts.insert(0, (self.algebra.of_number(-1), Fraction(1)))
        return self.multiplied(parts)

    def multiplied(self, parts: list[tuple[Form, Exponent]]) -> Form:
        """The product of forms, recorded where like factors or several numbers came together."""
        algebra = self.algebra
        algebra.widened = False
        if any(
            f.number == 0 and e < 0 for f, e in parts
        ):  # division by zero: nowhere defined, left as it stands
            quotient = algebra.call("div", (algebra.multiply([p for p in parts if p[1] > 0]), algebra.zero))
            return algebra.of_kernel(quotient)
        product = algebra.multiply(parts)
        numbers = [f for f, _ in parts if f.number is None or f.number != 1]
        factors = sum(len(f.terms[0][0]) if len(f.terms) == 1 else 1 for f in numbers if f.number is None)
        merged = len(product.terms) != 1 or len(product.terms[0][0]) < factors
        if len(numbers) > 1 and (merged or sum(f.number is not None for f in numbers) > 1):
            self.record(
                "like factors" if merged else "numbers", self._multiplied(parts), product, algebra.widened
            )
        return product

    def _multiplied(self, parts: list[tuple[Form, Exponent]]) -> Node:
        """A product as it stood before it was collected."""
        total: Node | None = None
        for form, exponent in parts:
            factor = self.writer.node(form)
            if total is None:
                total = factor if exponent > 0 else Call("div", (Number(1), factor))
            else:
                total = Call("mul" if exponent > 0 else "div", (total, factor))
        assert total is not None
        return total

    def _function(self, node: Call, args: tuple[Form, ...]) -> Form:
        """A power, a root, or a function of the table."""
        algebra, op = self.algebra, node.op
        if op == "pow":
            return self._power(args[0], args[1])
        if op == "sqrt":
            return algebra.power(args[0], Fraction(1, 2))
        if op == "square":
            return algebra.power(args[0], Fraction(2))
        if op == "exp":
            return algebra.form(
                {((algebra.e, algebra.as_exponent(args[0])),) if args[0].terms else (): Fraction(1)}
            )
        if op == "where":
            return self._choice(node, args)
        found = self.simplified(op, args, node.params)
        if found is not algebra.of_kernel(algebra.call(op, args, node.params)):
            before = Call(op, tuple([self.writer.node(arg) for arg in args]), node.params)
            undone = len(args) == 1 and _undone(op, args[0]) is not None
            self.record("inverse functions" if undone else "known value", before, found, undone)
        return found

    def _power(self, base: Form, exponent: Form) -> Form:
        algebra = self.algebra
        value = algebra.as_exponent(exponent)
        if base.number == 0:
            if isinstance(value, Fraction) and value > 0:
                return base
            if value == 0:
                return algebra.one
            return algebra.of_kernel(algebra.call("pow", (base, exponent)))
        if base.number == 1:
            return base
        return algebra.power(base, value)

    def _choice(self, node: Call, args: tuple[Form, ...]) -> Form:
        """``where`` with a condition that is decided, or with two branches that are the same."""
        condition, taken, other = args
        decided = self._decided(condition)
        if decided is not None:
            return taken if decided else other
        if taken is other:
            return taken
        return self.algebra.of_kernel(self.algebra.call("where", args, node.params))

    def _decided(self, condition: Form) -> bool | None:
        if condition.number is not None:
            return condition.number != 0
        (mono, _), *_ = condition.terms
        leaf = mono[0][0].leaf
        return leaf == _TRUE if leaf in (_TRUE, _FALSE) else None

    def _logic(self, op: str, args: tuple[Form, ...], params: tuple[object, ...]) -> Form:
        """Logic of conditions of which one is decided: ``false and c`` is false, and what is left of ``true and c`` is c."""
        algebra = self.algebra
        decided = [self._decided(arg) for arg in args]
        if op == "logical_not" and decided[0] is not None:
            return algebra.of_kernel(algebra.leaf(_FALSE if decided[0] else _TRUE))
        settles = op == "logical_or"  # the value that one side alone settles the whole with
        if op != "logical_not":
            if settles in decided:
                return algebra.of_kernel(algebra.leaf(_TRUE if settles else _FALSE))
            left = [arg for arg, known in zip(args, decided, strict=True) if known is None]
            if not left:
                return algebra.of_kernel(algebra.leaf(_FALSE if settles else _TRUE))
            if len(left) == 1 and self._is_condition(left[0]):
                return left[0]
        return algebra.of_kernel(algebra.call(op, args, params))

    def _is_condition(self, form: Form) -> bool:
        """Whether a form is one comparison, or logic of them: 0 or 1 and nothing else."""
        if len(form.terms) != 1:
            return False
        (mono, coefficient) = form.terms[0]
        return (
            coefficient == 1
            and len(mono) == 1
            and mono[0][1] == 1
            and mono[0][0].op in (*_COMPARED, *_JOINED)
        )

    def simplified(self, op: str, args: tuple[Form, ...], params: tuple[object, ...]) -> Form:
        """A function's known value or symmetry, where there is one."""
        algebra = self.algebra
        values = [arg.number for arg in args]
        first = values[0] if values else None
        if op in _COMPARED and None not in values:
            a, b = values
            assert a is not None
            assert b is not None
            return algebra.of_kernel(algebra.leaf(_TRUE if _COMPARED[op](a, b) else _FALSE))
        if op in _JOINED:
            return self._logic(op, args, params)
        if op == "log":
            if (known := self._logarithm(args[0])) is not None:
                return known
        elif first is not None and len(args) == 1:
            if first == 0 and op in ZERO_AT_ZERO:
                return algebra.zero
            if first == 0 and op in ONE_AT_ZERO:
                return algebra.one
            if op in ("abs", "sign"):
                return algebra.of_number(abs(first) if op == "abs" else (first > 0) - (first < 0))
        elif op in ("maximum", "minimum") and args[0] is args[1]:
            return args[0]
        elif op in REFLECTED and first is not None and first < 0 and first.denominator == 1:
            order = algebra.of_number(-first)
            sign = REFLECTED[op] ** int(-first)
            return algebra.add(
                [(Fraction(sign), algebra.of_kernel(algebra.call(op, (order, *args[1:]), params)))]
            )
        if len(args) == 1 and (inner := _undone(op, args[0])) is not None:
            return inner
        if (
            len(args) == 1
            and (op in ODD or op in EVEN)
            and args[0].terms
            and all(c < 0 for _, c in args[0].terms)
        ):
            opposite = algebra.add([(Fraction(-1), args[0])])
            sign = -1 if op in ODD else 1
            return algebra.add([(Fraction(sign), algebra.of_kernel(algebra.call(op, (opposite,), params)))])
        return algebra.of_kernel(algebra.call(op, args, params))

    def _logarithm(self, arg: Form) -> Form | None:
        """``ln(1)`` is 0 and ``ln(e^u)`` is u."""
        algebra = self.algebra
        if arg is algebra.one:
            return algebra.zero
        if len(arg.terms) == 1:
            mono, coefficient = arg.terms[0]
            if coefficient == 1 and len(mono) == 1 and mono[0][0] is algebra.e:
                return algebra.as_form(mono[0][1])
        return None


def _undone(op: str, arg: Form) -> Form | None:
    """The x of ``sin(asin(x))`` and the like."""
    if len(arg.terms) == 1:
        mono, coefficient = arg.terms[0]
        if coefficient == 1 and len(mono) == 1 and mono[0][1] == 1 and UNDONE.get(mono[0][0].op) == op:
            return mono[0][0].args[0]
    return None


def _chains(nodes: list[Node]) -> tuple[set[int], set[int]]:
    """The ids of sums within sums and products within products that stand nowhere else, which are gathered, not read; and of
    all products.

    A minus belongs to the sum or product that it stands in, or else to the product that it stands before.
    """
    uses: dict[int, int] = {}
    for node in nodes:
        for arg in node.args:
            uses[id(arg)] = uses.get(id(arg), 0) + 1
    inside: set[int] = set()
    products: set[int] = set()
    kinds: dict[int, str] = {}  # of what a node stands in
    for node in reversed(nodes):
        around, kind = kinds.get(id(node), ""), _kind(node)
        if kind == "either":
            kind = around or (_kind(node.args[0]) if uses.get(id(node.args[0])) == 1 else "sum")
            kind = "sum" if kind in ("", "either") else kind
        if kind and kind == around and uses.get(id(node)) == 1:
            inside.add(id(node))
        if kind == "product":
            products.add(id(node))
        for arg in node.args:
            kinds[id(arg)] = kind
    return inside, products


def _kind(node: Node) -> str:
    if not isinstance(node, Call):
        return ""
    if node.op == "neg":
        return "either"
    return "sum" if node.op in _ADDITIVE else "product" if node.op in _PRODUCTS else ""


def _standing_open(nodes: list[Node], given: frozenset[int]) -> set[int]:
    """The ids of sums and products that are reached from the root through sums, products and pieces alone."""
    found: set[int] = set()
    reached = {id(nodes[-1])}
    for node in reversed(nodes):
        if id(node) not in reached or not isinstance(node, Call) or id(node) in given:
            continue
        if _kind(node) or node.op in ("where", "vector"):
            reached.update(id(arg) for arg in (node.args[1:] if node.op == "where" else node.args))
        if _kind(node):
            found.add(id(node))
    return found


def style_names(nodes: list[Node]) -> dict[str, int]:
    """The names of an expression in the order of the alphabet, for the order of factors."""
    return {name: k for k, name in enumerate(sorted({n.name for n in nodes if isinstance(n, Name)}))}
