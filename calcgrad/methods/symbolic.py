"""``symbolic``: the value of the formula that SymPy finds. Its facts alone: the answer comes from another process, as truth
does, and is read by ``calcgrad.comparing.symbolic_truth``."""

from __future__ import annotations

from calcgrad.methods.protocol import Facts

FACTS = Facts(
    sentence="SymPy's formula, evaluated",
    exact=True,
    by_chain_rule=True,
    formula=True,
    undefined="no derivative: SymPy's formula does not hold here",
    passes="formulas",
)
