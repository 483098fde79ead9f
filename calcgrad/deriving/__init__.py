"""Symbolic derivatives from the table of operations: each rule by name at a place, a safe tidying, and the finder of mistakes."""

from calcgrad.deriving.differentiating import differentiate
from calcgrad.deriving.records import Derivation, NoFormulaError, Seam, Step, Tidying
from calcgrad.deriving.rules import RULE, RULES, Rule
from calcgrad.deriving.tidying import Tidied, tidy

__all__ = [
    "RULE",
    "RULES",
    "Derivation",
    "NoFormulaError",
    "Rule",
    "Seam",
    "Step",
    "Tidied",
    "Tidying",
    "differentiate",
    "tidy",
]
