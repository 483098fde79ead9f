"""Text to tree: a Pratt parser whose stack is a list, so that depth costs memory and nothing else.

The grammar, tight to loose. Every level is left-associative unless it says otherwise::

    atom      number | variable | constant | ( expr ) | [ expr, ... ] | |expr| | call
    call      function ( expr, ... )                  also  function^power ( expr )
    postfix   postfix !   |   postfix ²   |   postfix [ index ]
    power     postfix ^ signed | postfix ** signed    right-associative; the exponent may be signed
    unary     + unary | - unary | √ unary | ∛ unary | power        so -x^2 is -(x^2), and √2x is (√2)x
    bare      function [^power] product               `product` is one implicit product of unary and power
                                                      terms, and ends before the next function's name
    term      term (* | / | // | % | @) unary   |   term unary     the second is the implicit product
    sum       sum (+ | -) term
    compared  sum (< <= > >= == !=) sum ...           a < b < c is (a < b) and (b < c)
    negated   not negated | compared
    both      both and negated
    either    either or both
    expr      either if expr else expr | either       right-associative
    index     whole number, or start:stop:step, several separated by commas

A value stands on ``values`` when it is complete; what waits for a value to its right stands on ``stack`` with
its binding power. Brackets have power 0, so that nothing reduces past them. The technique is Pratt's ("Top down
operator precedence", 1973) with the recursion written out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from calcgrad.expression import complaints, doubtful_signs, readings, words
from calcgrad.expression.applying import BASE, POWER, Application, make_application
from calcgrad.expression.building import Builder
from calcgrad.expression.grammar import (
    BARE,
    CLOSERS,
    COMPARE,
    COMPARISONS,
    INFIX,
    INNER,
    KEYWORDS,
    MUL,
    NOT,
    OR,
    POW,
    PREFIX,
    TERNARY,
    UNARY,
    Open,
)
from calcgrad.expression.indexing import read_index
from calcgrad.expression.nodes import Call, Constant, Name, Node, Number
from calcgrad.expression.numerals import read_number
from calcgrad.expression.source import TRUTH, Source, log_base, make_span
from calcgrad.expression.tokens import (
    END,
    NAME,
    NUMBER,
    SIGN,
    SUPERSCRIPT,
    Token,
    is_greek_sign,
    plain_superscript,
    raised_tokens,
)

CLOSING = frozenset(CLOSERS.values())
BARE_SIGNS = frozenset({"√", "∛", "|("})
SIGNED = frozenset("+-")
C_CONSTANTS = {"M_PI": "pi", "M_E": "e"}
MAX_NESTING = 100_000


@lru_cache(maxsize=4096)
def _number(text: str) -> Number:
    return Number(read_number(text))


class Parser(Builder):
    """The two states of the parser: a value is due, or an operator."""

    __slots__ = ("at", "depth", "text", "tokens", "variables")

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        super().__init__(source)
        self.text = source.text
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.variables: dict[str, None] = {}

    def run(self) -> Node:
        """Read values and operators in turn, until the end."""
        tokens, stack, value, infix_of = self.tokens, self.stack, self.value, INFIX.get
        while True:
            while not value():
                pass
            while True:
                token = tokens[self.at]
                infix = infix_of(token[1])
                if infix is not None:
                    floor, power, op = infix
                    top = stack[-1][0]
                    if power == MUL and (top > MUL or op == "mod"):
                        doubtful_signs.before_operator(self.source, tokens, self.at, stack, self.values)
                    elif power == POW and tokens[self.at - 1][1] == ")":
                        doubtful_signs.before_power(self.source, token, self.values)
                    if top >= floor:
                        self.reduce(floor)
                    self.at += 1
                    stack.append((power, op, token[3] if power == POW else None))
                    break
                if token[0] == END:
                    self.reduce(TERNARY)
                    if len(stack) > 1:
                        raise complaints.unclosed(self.source, stack, tokens)
                    return self.values[0]
                if self.after_value(token):
                    break

    # Where a value is due.

    def value(self) -> bool:
        """Read a value or what comes before one; true once a value is complete."""
        token = self.tokens[self.at]
        kind, text, start, _ = token
        if kind == NUMBER:
            self.at += 1
            self.values.append(self.number(token))
            return True
        if kind == NAME:
            return self.name(token)
        if kind == SIGN:
            if text in PREFIX:
                self.at += 1
                self.stack.append((UNARY, PREFIX[text], start))
                return False
            if text in CLOSERS:
                self.at += 1
                self.open(text, Open(start))
                return False
            if text in KEYWORDS:
                return self.name(token)
        raise complaints.missing_value(self.source, self.tokens, self.at)

    def number(self, token: Token) -> Number:
        """A number, exact; its value and hash are shared with others of the same spelling."""
        _, text, start, end = token
        try:
            known = _number(text)
        except ValueError as error:
            raise complaints.bad_number(self.source, token, error) from None
        node = Number.__new__(Number)
        node.value = known.value
        node.span = make_span((start, end))
        node._hash = known._hash
        return node

    def name(self, token: Token) -> bool:
        """A variable, a constant, or the beginning of a function's application."""
        _, name, start, end = token
        self.at += 1
        applied = self.tokens[self.at][1] == "("
        if not applied and name in self.variables:
            self.values.append(Name(name, make_span((start, end))))
            return True
        source = self.source
        if applied and name in source.vocabulary.words:
            if self.text[start] > "\x7f":
                readings.greek_function(source, name, start, end)
            self.begin(make_application((name, start, end, None, 0, 0, None)))
            return False
        if name in source.declared and not (applied and source.is_function(name)):
            return self.variable(name, start, end)
        if name in source.vocabulary.constants:
            if name == "tau":
                readings.tau(source, start, end)
            self.values.append(Constant(name, make_span((start, end))))
            return True
        if len(name) == 1 and name != "_" and name not in source.vocabulary.words:
            self.variables[name] = None
            self.values.append(Name(name, make_span((start, end))))
            return True
        if name == "not":
            return self.negation(token)
        if name in KEYWORDS:
            raise complaints.missing_value(source, self.tokens, self.at - 1)
        sign = is_greek_sign(self.text[start])
        if applied and sign and name[0].isupper() and name.lower() in source.vocabulary.words:
            name = name.lower()
        if name == "log_" and applied:
            self.at += 1
            self.open(
                "(",
                Open(self.tokens[self.at - 1][2], make_application(("log", start, end, None, BASE, 0, None))),
            )
            return False
        if source.is_function(name) and (applied or not sign):
            self.application(name, start, end)
            return False
        if name in TRUTH:
            self.values.append(Constant(TRUTH[name], make_span((start, end))))
            return True
        if source.is_free(name) or sign:
            return self.variable(name, start, end)
        raise words.unknown_word(source, self.tokens, self.at - 1)

    def variable(self, name: str, start: int, end: int) -> bool:
        """A variable, which is noted when it is new; of C's headers come ``M_PI`` and ``M_E``."""
        if name not in self.variables:
            if name in C_CONSTANTS and name not in self.source.declared:
                self.values.append(Constant(C_CONSTANTS[name], make_span((start, end))))
                return True
            self.variables[name] = None
            readings.variable(self.source, name, start, end)
        self.values.append(Name(name, make_span((start, end))))
        return True

    def negation(self, token: Token) -> bool:
        if self.stack[-1][0] > NOT:
            raise complaints.misplaced_not(self.source, token)
        self.stack.append((NOT, "logical_not", token[2]))
        return False

    def open(self, bracket: str, opened: Open) -> None:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.source.limit(
                "E152",
                f"the brackets are nested more than {MAX_NESTING:,} deep",
                (opened.start, opened.start + 1),
                "this one is too deep",
            )
        self.stack.append((0, bracket, opened))

    # Applications.

    def log_base(self, name: str, start: int, end: int) -> tuple[Node, int]:
        """The base in ``log_2``, ``log_b`` or ``log_2.5``, and where it ends."""
        text = name[4:]
        if not text.isdigit():
            variable = text in self.source.declared or text not in self.source.vocabulary.constants
            if not variable:
                return Constant(text, make_span((start + 4, end))), end
            self.variable(text, start + 4, end)
            return self.values.pop(), end
        after = self.tokens[self.at]
        if after[0] == NUMBER and after[1][0] == "." and after[2] == end:
            self.at += 1
            text, end = text + after[1], after[3]
        return self.number((NUMBER, text, start + 4, end)), end

    def application(self, name: str, start: int, end: int, base: Node | None = None) -> None:
        """A function's name: its base or its power, if it has one, and then its argument."""
        if base is None and log_base(name) is not None and name not in self.source.vocabulary.words:
            base, end = self.log_base(name, start, end)
            name = self.text[start:end]
        kind, text, _, _ = self.tokens[self.at]
        power: Node | None = None
        if kind == SUPERSCRIPT:
            power = self.superscript(self.tokens[self.at])
            self.at += 1
        elif text == "^":
            self.at += 1
            sign = self.tokens[self.at]
            signed = sign[1] == "-"
            self.at += signed
            token = self.tokens[self.at]
            if token[1] == "(" and not signed:
                self.at += 1
                self.open("(", Open(token[2], Application(name, start, end, None, POWER, 0, base)))
                return
            if token[0] == NUMBER:
                power = self.number(token)
            elif token[0] == NAME and self.source.is_free(token[1]):
                self.variable(token[1], token[2], token[3])
                power = self.values.pop()
            else:
                raise words.bad_function_power(self.source, name, token)
            self.at += 1
            if signed:
                power = Call("neg", (power,), (), make_span((sign[2], token[3])))
        self.begin(Application(name, start, end, power, 0, 0, base))

    def begin(self, application: Application) -> None:
        """The argument of a function: in brackets, or bare."""
        _, text, start, _ = self.tokens[self.at]
        if text == "(":
            self.at += 1
            after = self.tokens[self.at]
            if after[1] == ")":
                raise words.no_argument(self.source, application, after[3])
            self.open("(", Open(start, application))
            return
        self.check_bare(application)
        self.stack.append((BARE, "bare", application._replace(argument=start)))

    def check_bare(self, application: Application) -> None:
        """Raise unless a bare argument can begin here, and the function takes one."""
        kind, text, _, _ = self.tokens[self.at]
        begins = (kind in (NUMBER, NAME) and text not in KEYWORDS) or text in BARE_SIGNS
        if not begins and not (text in SIGNED and self.is_signed_argument(application)):
            raise words.function_alone(self.source, application, self.tokens, self.at)
        if not application.is_unary(self.source):
            raise words.needs_brackets(self.source, application, self.tokens, self.at)

    def is_signed_argument(self, application: Application) -> bool:
        """``sin -x``: the sign stands off from the name, close to what follows; the name is no letter's."""
        sign, following = self.tokens[self.at], self.tokens[self.at + 1]
        if sign[2] == self.tokens[self.at - 1][3] or following[2] != sign[3]:
            return False
        if self.source.is_free(application.name):
            return False
        return following[0] in (NUMBER, NAME) or following[1] in ("(", "√", "|(")

    def superscript(self, token: Token) -> Node:
        """What small raised characters say, as if it stood in brackets: most often a number, perhaps negative."""
        _, text, start, end = token
        plain = plain_superscript(text)
        body = plain.removeprefix("-")
        if not body.isdigit():
            if plain[0] == "(" and (plain[1:-1].isdigit() or plain == "(n)"):
                raise complaints.order_of_derivative(self.source, token)
            inner = Parser(self.source, raised_tokens(text, start))
            inner.variables = self.variables
            return inner.run()
        node: Node = self.number((NUMBER, body, end - len(body), end))
        return Call("neg", (node,), (), make_span((start, end))) if plain[0] == "-" else node

    # Where an operator is due.

    def after_value(self, token: Token) -> bool:
        """What follows a complete value, other than an infix operator; true if another value is due."""
        kind, text, _, end = token
        if text in CLOSING:
            return self.close(token)
        if kind == SUPERSCRIPT:
            self.at += 1
            raised = self.superscript(token)
            base = self.values.pop()
            self.values.append(self.make("pow", (base, raised), base.span[0], end))
            return False
        if text == ",":
            self.comma(token)
            return True
        if text == "!":
            self.factorial(token)
            return False
        if text in COMPARISONS:
            self.comparison(COMPARISONS[text])
            return True
        if text in ("if", "else"):
            self.ternary(token)
            return True
        if text == "[" and self.tokens[self.at - 1][0] != NUMBER:
            self.index(token)
            return False
        if (kind == NAME and text != "not") or text in ("(", "[", "|(", "√", "∛"):
            self.implicit(token)
            return True
        raise complaints.no_operator(self.source, self.tokens, self.at)

    def implicit(self, token: Token) -> None:
        """A value follows a value: their product, inside a bare argument or at the level of ``*``."""
        stack, source = self.stack, self.source
        notes = readings.before_factor(source, self.tokens, self.at, stack, self.values)
        glued = self.tokens[self.at - 1][3] == token[2]
        self.reduce(UNARY)
        if stack[-1][0] in (BARE, INNER):
            ends = token[0] == NAME and token[1] not in source.declared and source.is_function(token[1])
            if not ends:
                earlier = readings.take_over(stack, "W107")
                notes = readings.continued(stack, glued) + notes
                self.reduce(INNER)
                notes += earlier or readings.inside_bare(self.tokens, self.at, stack[-1][2], self.values[-1])
                stack.append((INNER, "mul", notes or None))
                return
            self.reduce(INNER)
            readings.function_ends_bare(source, self.tokens, self.at, stack[-1][2], self.values[-1])
        self.reduce(BARE)
        notes = readings.after_division(stack, self.values, token, notes, glued)
        self.reduce(MUL)
        stack.append((MUL, "mul", notes))

    def factorial(self, token: Token) -> None:
        doubtful_signs.factorial(self.source, self.tokens, self.at)
        self.at += 1
        inner = self.values.pop()
        self.values.append(self.make("factorial", (inner,), inner.span[0], token[3]))

    def comparison(self, op: str) -> None:
        self.reduce(COMPARE + 1)
        self.at += 1
        top = self.stack[-1]
        if top[0] == COMPARE:
            top[2].append(op)
        else:
            self.stack.append((COMPARE, "chain", [op]))

    def ternary(self, token: Token) -> None:
        """``a if c else b``: ``if`` opens a bracket that ``else`` closes."""
        self.at += 1
        if token[1] == "if":
            self.reduce(OR)
            self.stack.append((0, "if", token[2]))
            return
        self.reduce(TERNARY)
        if self.stack[-1][1] != "if":
            raise complaints.else_without_if(self.source, token)
        self.stack[-1] = (TERNARY, "else", None)

    def index(self, token: Token) -> None:
        params, after = read_index(self.source, self.tokens, self.at)
        base = self.values.pop()
        end = self.tokens[after - 1][3]
        self.values.append(Call("getitem", (base,), params, make_span((base.span[0], end))))
        self.at = after

    def comma(self, token: Token) -> None:
        self.reduce(TERNARY)
        _, bracket, opened = self.stack[-1]
        if not self.lists(bracket, opened):
            raise complaints.stray_comma(self.source, self.tokens, self.at, self.stack)
        opened.count += 1
        self.at += 1

    def lists(self, bracket: str, opened: Any) -> bool:
        """Whether commas may separate values in the bracket on top of the stack."""
        if bracket == "[":
            return True
        if bracket != "(":
            return False
        if opened.application is not None:
            return not opened.application.part
        outer = self.stack[-2]
        is_piece = outer[1] == "(" and outer[2].application is not None and outer[2].application.is_piecewise
        opened.is_piece = is_piece
        return bool(is_piece)

    def close(self, token: Token) -> bool:
        """A closing bracket; true if another value is due (after the power of a function)."""
        self.reduce(TERNARY)
        _, bracket, opened = self.stack[-1]
        _, text, _, end = token
        if CLOSERS.get(bracket) != text:
            raise complaints.wrong_closer(self.source, self.tokens, self.at, self.stack)
        self.stack.pop()
        self.depth -= 1
        self.at += 1
        values = self.values
        application = opened.application
        if bracket == "(" and application is None:
            if opened.is_piece:
                self.piece(opened, end)
            else:
                values[-1].span = make_span((opened.start, end))
            return False
        if bracket == "|(":
            values.append(self.make("abs", (values.pop(),), opened.start, end))
            return False
        if application is not None and application.part == BASE:
            self.application(self.text[application.start : end], application.start, end, values.pop())
            return True
        if application is not None and application.part == POWER:
            self.begin(application._replace(power=values.pop(), part=0))
            return True
        args = tuple(values[-opened.count :])
        del values[-opened.count :]
        if application is None:
            values.append(Call("vector", args, (), make_span((opened.start, end))))
        else:
            values.append(self.applied(application, args, end))
        return False

    def piece(self, opened: Open, end: int) -> None:
        """``(value, condition)`` inside ``piecewise``, kept together until that closes."""
        following = self.tokens[self.at]
        if opened.count != 2 or following[1] not in (",", ")"):
            raise complaints.bad_piece(self.source, opened.start, end, opened.count)
        condition = self.values.pop()
        value = self.values.pop()
        self.values.append(Call("(,)", (value, condition), (), make_span((opened.start, end))))
