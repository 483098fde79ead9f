"""How many published wrong answers are explained, and how many of the reasons are not those that their sources name?

``scripts/bench mistakes [FILE]`` reads ``tests/data/wrong_answers.json`` (or FILE), asks why each claim is wrong, and prints
what was not explained, what was explained otherwise, and the counts.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Any

from calcgrad.checking.reasons import Points
from calcgrad.deriving.finding import Reason, find_mistake
from calcgrad.expression import parse
from calcgrad.operations import VOCABULARY

DATA = Path(__file__).resolve().parents[2] / "tests" / "data" / "wrong_answers.json"

#: The list's own words for what each of the finder's names may be called.
MEANS: dict[str, str] = {
    "absolute value lost": "absolute-value",
    "base of the logarithm": "log-base",
    "base taken for a constant": "exponential-of-variable-base",
    "base not kept": "power-step",
    "brackets": "brackets",
    "constant differentiated": "constant-not-zero",
    "constant divisor lost": "constant-factor-lost",
    "constant factor differentiated": "constant-factor-lost",
    "constant factor lost": "constant-factor-lost",
    "constant kept": "constant-not-zero",
    "degrees for radians": "degrees",
    "denominator left out": "quotient-square",
    "denominator not squared": "quotient-square",
    "derivative in the exponent": "chain-wrong-place",
    "derivative of the denominator alone": "exponent-arithmetic quotient-of-derivatives",
    "exponent for its derivative": "chain-wrong-place",
    "exponent not brought down": "power-factor-lost",
    "exponent of an exponential lowered": "power-of-variable-exponent",
    "exponent raised": "power-step",
    "exponent lowered twice": "power-step",
    "factor not differentiated": "not-differentiated",
    "function left as it was": "not-differentiated log-derivative function-mixed-up",
    "function of the inner derivative": "chain-wrong-place",
    "functions mixed up": "function-mixed-up",
    "inner and outer confused": "chain-wrong-place",
    "inner derivative inside": "chain-wrong-place",
    "inner derivative left out": "chain-left-out",
    "inner function for its derivative": "chain-wrong-place not-differentiated",
    "inner function not put in": "chain-wrong-place brackets linearity",
    "integrated": "integrated",
    "inverse taken for reciprocal": "function-mixed-up",
    "logarithm by mistake": "integrated log-derivative",
    "logarithm of the base left out": "exponential-base",
    "not differentiated": "not-differentiated",
    "only the inner part differentiated": "chain-wrong-place root-as-power",
    "outer function not differentiated": "not-differentiated chain-wrong-place",
    "power not lowered": "power-not-lowered",
    "power of the base lost": "power-step chain-wrong-place",
    "power of the derivative": "chain-wrong-place",
    "power rule on an exponential": "power-of-variable-exponent",
    "power rule on x^x": "power-of-variable-exponent",
    "product of derivatives": "product-of-derivatives",
    "product rule on a composition": "chain-wrong-place",
    "quotient of derivatives": "quotient-of-derivatives",
    "quotient upside down": "quotient-order sign",
    "reciprocal taken for a minus": "exponent-arithmetic",
    "root above the line": "root-as-power",
    "root lost": "root-as-power function-mixed-up",
    "root not differentiated": "root-as-power",
    "sign": "sign cos-sign",
    "sign in the power rule": "sign",
    "sign in the product rule": "sign",
    "sign in the quotient rule": "quotient-sign sign",
    "sign lost": "sign",
    "sign of a derivative": "sign cos-sign",
    "sign turned": "sign",
    "square lost": "function-mixed-up",
    "sum of derivatives": "product-as-sum",
    "term lost": "term-lost",
    "term not differentiated": "not-differentiated",
    "term of the product left out": "product-one-term",
    "term of the quotient left out": "quotient-one-term",
    "upside down": "log-derivative",
    "wrong order": "wrong-order",
    "wrong variable": "wrong-variable",
}


def main(argv: list[str]) -> int:
    """Print the figures; 1 when fewer than 85 % are named, or more than one in 120 otherwise."""
    parser = argparse.ArgumentParser(prog="scripts/bench mistakes", description=__doc__)
    parser.add_argument("file", nargs="?", default=str(DATA), help="a list of wrong answers")
    entries = json.loads(Path(parser.parse_args(argv).file).read_text(encoding="utf-8"))
    counts: Counter[str] = Counter()
    for entry in entries:
        found = explained(entry)
        kind = outcome(entry, found)
        counts[kind] += 1
        if kind != "named":
            said = found.sentence if found else "nothing"
            print(f"{kind:9}  {entry['function']} | {entry['claim']} | {entry['mistake']} | said: {said}")
    print(
        f"{len(entries)} wrong answers: {counts['named']} named, {counts['silent']} silent, {counts['otherwise']} otherwise"
    )
    return 1 if counts["named"] < 0.85 * len(entries) or counts["otherwise"] * 120 > len(entries) else 0


def explained(entry: dict[str, Any]) -> Reason | None:
    """Why calcgrad says that an answer is wrong."""
    wrt = (entry["wrt"],) * entry["order"]
    function = parse(entry["function"], VOCABULARY, declared=wrt)
    claim = parse(entry["claim"], VOCABULARY, declared=(*function.variables, *wrt))
    names = tuple(dict.fromkeys([*function.variables, *wrt, *claim.variables]))
    return find_mistake(function.root, wrt, claim.root, Points(function.root, names))


def outcome(entry: dict[str, Any], found: Reason | None) -> str:
    """``named`` where the reason is the source's, ``otherwise`` where it is another one."""
    if found is None:
        return "silent"
    words = {entry["mistake"], *entry.get("also", [])}
    return "named" if words & set(MEANS.get(found.mistake, "").split()) else "otherwise"
