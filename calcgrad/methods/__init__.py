"""The methods: one small file for each way to a derivative, in the order in which a report shows them."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from calcgrad.methods.protocol import Method

#: calcgrad's own methods: name -> the module that has it, as ``METHOD``.
OWN = {
    "forward-difference": "calcgrad.methods.forward_difference",
    "central-difference": "calcgrad.methods.central_difference",
    "adaptive": "calcgrad.methods.adaptive",
    "complex-step": "calcgrad.methods.complex_step",
    "forward-ad": "calcgrad.methods.forward_ad",
    "reverse-ad": "calcgrad.methods.reverse_ad",
}
#: Every name that a report may have as a row; ``symbolic`` is SymPy's answer (``calcgrad.comparing.symbolic_truth``).
NAMES = (*OWN, "symbolic")


@cache
def method(name: str) -> Method:
    """The method of a name; its module is imported when first asked for.

    >>> method("reverse-ad").name
    'reverse-ad'
    """
    found: Method = import_module(OWN[name]).METHOD
    return found
