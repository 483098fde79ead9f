"""The front room: what people paste (LaTeX, other languages' programs, spreadsheets, calculators) as a text of our own.

A text that the language can read never comes here. One that it cannot is cut into pieces, each of which knows its place
in the pasted text; every dialect rewrites the pieces that are its own, and what comes out is read like any other text. So
the parser knows none of them, and errors and warnings point into what the user sees. Only what can mean one thing is
rewritten; what is recognised and has two meanings is refused, with both. Nothing is run, nothing recurses, and every pass
goes once over the pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

from calcgrad.errors import Diagnostic, Span
from calcgrad.expression.pasted.braces import without_braces
from calcgrad.expression.pasted.capitals import (
    exponents_cut,
    joined_arcs,
    joined_functions,
    mathematica,
    small_letters,
    spreadsheet,
)
from calcgrad.expression.pasted.cases import close_cases
from calcgrad.expression.pasted.decimals import decimal_commas
from calcgrad.expression.pasted.decimals import told as told_of_commas
from calcgrad.expression.pasted.defined import known_name
from calcgrad.expression.pasted.derivatives import asks_for
from calcgrad.expression.pasted.distributions import distributions
from calcgrad.expression.pasted.latex import is_latex, read_latex
from calcgrad.expression.pasted.lines import bare_line
from calcgrad.expression.pasted.pieces import Piece, RefusalError, Translation, joined, pieces_of
from calcgrad.expression.pasted.programs import (
    foreign_numbers,
    with_words,
    without_dots,
    without_modules,
    without_questions,
)
from calcgrad.expression.pasted.signs import degrees_and_percent, fourth_roots, indexed_roots, plain_signs
from calcgrad.expression.pasted.statements import Statement, statement_of
from calcgrad.expression.pasted.wrappers import amid_words, unwrapped
from calcgrad.expression.source import BUILT_IN, is_one_letter
from calcgrad.expression.vocabulary import Vocabulary

__all__ = ["Pasted", "RefusalError", "Statement", "read_pasted"]


#: Longer texts are made by programs, in our language; LaTeX takes some thirty microseconds a character.
MAX_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Pasted:
    """A pasted text in our language, and what it says of the function beside the function itself."""

    translation: Translation
    statement: Statement | None
    warnings: tuple[Diagnostic, ...] = ()


def read_pasted(
    text: str, vocabulary: Vocabulary, declared: Collection[str] = (), statements: bool = False
) -> Pasted | None:
    """The text in our language, or ``None`` where nothing in it is of another.

    ``statements`` says that ``f(x) = …`` and ``d/dx …`` may be read; where they may not they stay, for the parser to refuse.
    Raises ``RefusalError`` where a notation is recognised and cannot be read.
    """

    def is_function(name: str) -> bool:
        return name in vocabulary.words or name in BUILT_IN

    def is_known(name: str) -> bool:
        return is_function(name) or name in declared or name in vocabulary.constants or is_one_letter(name)

    if len(text) > MAX_CHARACTERS:
        if is_latex(text):
            message = f"of LaTeX calcgrad reads at most {MAX_CHARACTERS:,} characters; this has {len(text):,}"
            label, hint = "the limit is passed here", "longer texts are read in calcgrad's own language"
            raise RefusalError("E151", message, (MAX_CHARACTERS, MAX_CHARACTERS + 1), label, hint)
        return None
    plain = unwrapped(_plain_letters(text))
    is_formula = text.lstrip().startswith("=")
    latex = is_latex(plain) and not is_formula
    before = _latex_pieces(plain, is_function, declared) if latex else pieces_of(plain)
    if not before:
        return None
    before_commas, is_line = bare_line(before, latex, is_known)
    pieces, decimals = decimal_commas(before_commas, vocabulary, declared)
    if is_formula:
        pieces = spreadsheet(pieces)
    statement: Statement | None = None
    told: tuple[Diagnostic, ...] = ()
    if statements and pieces:
        whole = pieces
        statement, pieces = statement_of(whole, declared, is_line)
        told = known_name(whole, pieces, statement, is_function, declared, text)
    pieces = plain_signs(pieces)
    pieces = without_dots(without_modules(distributions(pieces)))
    numbers = foreign_numbers(pieces, declared)
    warnings = (
        told
        + _mixed_numbers(before, text)
        + told_of_commas(decimals, text)
        + _number_warnings(pieces, numbers, text)
    )
    pieces = without_questions(with_words(numbers)) if numbers else []
    pieces = joined_arcs(small_letters(mathematica(pieces, is_function), is_function), declared, is_function)
    whole, pieces = pieces, joined_functions(pieces, declared, is_function)
    warnings += exponents_cut(whole, pieces, text, is_function)
    pieces = degrees_and_percent(fourth_roots(close_cases(indexed_roots(without_braces(pieces)))))
    changed = (
        latex
        or statement is not None
        or plain != text
        or [p.text for p in pieces] != [p.text for p in before]
    )
    return Pasted(joined(pieces), statement, warnings) if changed and pieces else None


def _latex_pieces(text: str, is_function: Callable[[str], bool], declared: Collection[str]) -> list[Piece]:
    """The pieces of a formula in LaTeX, or of a request in words with one amid them."""
    parts = amid_words(text, asks_for)
    if parts is None:
        return read_latex(text, is_function, declared)
    before, formula, after = parts
    return [*pieces_of(before), *read_latex(formula, is_function, declared), *pieces_of(after)]


def _plain_letters(text: str) -> str:
    """Mathematical and full-width letters and signs as the plain ones that Unicode says they are."""
    if text.isascii():
        return text
    return "".join(
        [_plain(c) if 0x1D400 <= ord(c) <= 0x1D7FF or 0xFF01 <= ord(c) <= 0xFF5E else c for c in text]
    )


def _plain(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def _mixed_numbers(pieces: list[Piece], text: str) -> tuple[Diagnostic, ...]:
    """``2\\frac{1}{2}`` is a product in LaTeX, and two and a half in many books: the first is told of."""
    for k, piece in enumerate(pieces[:-5]):
        opened, above, bar, below, closed = pieces[k + 1 : k + 6]
        shape = (opened.text, bar.text, closed.text) == ("(", "/", ")") and text[opened.start] == "\\"
        figures = all(one.text.isdecimal() for one in (piece, above, below))
        raised = k > 0 and pieces[k - 1].text == "^" and not text[piece.start - 1].isspace()
        if shape and figures and not raised and int(above.text[:9]) < int(below.text[:9]):
            number, part = piece.text, f"{above.text}/{below.text}"
            return (
                Diagnostic(
                    "W125",
                    f"`{text[piece.start : closed.end]}` is read as the product {number}*({part})",
                    Span(piece.start, closed.end),
                    "a product",
                    (f"for the mixed number write ({number} + {part})",),
                    None,
                    text,
                ),
            )
    return ()


def _number_warnings(before: list[Piece], after: list[Piece], text: str) -> tuple[Diagnostic, ...]:
    """The first number of Fortran's or C's is told of: with a variable of that letter it would be a product."""
    if len(before) == len(after):
        return ()
    first = next(b for a, b in zip(before, after, strict=False) if a.end != b.end)
    shown = text[first.start : first.end]
    letter = next(c for c in shown if c in "dDfF")
    return (
        Diagnostic(
            "W114",
            f"`{shown}` is read as {first.text}, a number as Fortran and C write it",
            Span(first.start, first.end),
            "one number",
            (f"for the product write {shown.replace(letter, f'*{letter}', 1)}",),
            None,
            text,
        ),
    )
