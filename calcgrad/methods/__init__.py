"""The methods: one small file for each way to a derivative, in the order in which a report shows them."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from calcgrad.methods.protocol import Method

#: Name of the method -> the module that has it, as ``METHOD``. ``symbolic`` has none: SymPy's answer is made in ``calcgrad.truth``.
MODULES = {
    "forward-difference": "calcgrad.methods.forward_difference",
    "central-difference": "calcgrad.methods.central_difference",
    "adaptive": "calcgrad.methods.adaptive",
    "complex-step": "calcgrad.methods.complex_step",
    "forward-ad": "calcgrad.methods.forward_ad",
    "reverse-ad": "calcgrad.methods.reverse_ad",
    "symbolic": "",
}


@cache
def method(name: str) -> Method:
    """The method of a name; its module is imported when first asked for.

    >>> method("reverse-ad").name
    'reverse-ad'
    """
    found: Method = import_module(MODULES[name]).METHOD
    return found
