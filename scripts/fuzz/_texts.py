"""Mutated and hostile texts for the parser, and what is wrong with its answer."""

from __future__ import annotations

from random import Random
from time import process_time

from _cases import Find, HangError, limited

from calcgrad.errors import CalcgradError
from calcgrad.expression import parse, to_latex, to_text, to_unicode
from calcgrad.inputs.points import read_points
from calcgrad.operations import VOCABULARY
from calcgrad.render.diagnostic import draw
from tests.random_expressions import drawable_rows, random_expression

SECONDS = 5.0
SEEDS = (
    "1/2x", "sin^-1 x", "|x|y|", "x if x>0 else -x", "where(0<x<1, x, 1)", "[x*y, sin(x)]", "x[0]", "x[1:]", "A@x",
    "x²!", "2e3", "2e", "√2x", "9**9**9**9", "factorial(10**9)", "x^(10^400)", "log(x,2)", "not x==1 and y", "π·τ",
)  # fmt: skip
PIECES = (
    *"()[]|,.:;!^*/%@+-<>=_ \t\n0159exyπ√²⁻·×÷−≤≠х\0\u202e\u200b\ud800\u0301全'\"\\`#$&?{}~", "**", "//", "e+", "..",
    " if ", " else ", " and ", " not ", "sin", "gamma", "where(", "1e999", "lambda", "__import__('os')", "import",
)  # fmt: skip


def text_of(seed: int, index: int) -> str:
    """The text of this number."""
    random = Random(f"{seed}:{index}")
    if random.random() < 0.3:
        text = random.choice(SEEDS)
    else:
        drawn = random_expression(random, drawable_rows(flat=True), random.randint(1, 6))
        text = random.choice((to_text, to_unicode))(drawn.root, VOCABULARY)
    for _ in range(random.randint(0, 5)):
        text = _mutated(random, text)
    return text


def _mutated(random: Random, text: str) -> str:
    i, j = sorted(random.randint(0, len(text)) for _ in range(2))
    kind = random.randrange(6)
    if kind == 0:
        return text[:i] + text[j:]
    if kind == 1:
        return text[:j] + text[i:]
    if kind == 2:
        return text[:i] + text[i:j][::-1] + text[j:]
    if kind == 3 and random.random() < 0.05:
        return text[:i] + random.choice(PIECES) * random.choice((100, 3000, 20000)) + text[i:]
    return text[:i] + random.choice(PIECES) + text[i + (kind == 4) :]


def wrong(text: str) -> tuple[str, list[Find]]:
    """How the text was answered (``read`` or the code of its error), and what is wrong with that."""
    start = process_time()
    try:
        with limited(2 * SECONDS):
            answer, found = _answer(text)
    except HangError:
        return "hang", [Find("hang", f"more than {2 * SECONDS:g} s")]
    except Exception as error:  # a crash is a find, and is printed
        return "crash", [Find("crash", f"{type(error).__name__}: {error}")]
    took = process_time() - start
    return answer, [*found, Find("slow", f"{took:.1f} s")] if took > SECONDS else found


def _answer(text: str) -> tuple[str, list[Find]]:
    try:
        read_points((text,), VOCABULARY)
    except CalcgradError as error:
        draw(error.diagnostic)
    try:
        parsed = parse(text, VOCABULARY)
    except CalcgradError as error:
        draw(error.diagnostic._replace(source=text))
        return error.diagnostic.code, []
    found = []
    for write in (to_text, to_unicode):
        printed = write(parsed.root, VOCABULARY)
        again = parse(printed, VOCABULARY, declared=parsed.variables).root
        if again != parsed.root:
            found.append(Find("misread", f"printed as {printed[:200]}"))
    to_latex(parsed.root, VOCABULARY)
    return "read", found
