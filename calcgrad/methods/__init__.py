"""The methods: one small file for each way to a derivative, in the order in which a report shows them."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from calcgrad.methods.protocol import Facts, Method

#: calcgrad's own methods: name -> the module that has it, as ``METHOD``, and what is known of it, as ``FACTS``.
OWN = {
    "forward-difference": "calcgrad.methods.forward_difference",
    "central-difference": "calcgrad.methods.central_difference",
    "adaptive": "calcgrad.methods.adaptive",
    "complex-step": "calcgrad.methods.complex_step",
    "forward-ad": "calcgrad.methods.forward_ad",
    "reverse-ad": "calcgrad.methods.reverse_ad",
}
#: The same for every name that a report may have as a row; ``symbolic`` is SymPy's answer, and has facts alone.
_FILES = {**OWN, "symbolic": "calcgrad.methods.symbolic"}
NAMES = tuple(_FILES)


@cache
def method(name: str) -> Method:
    """The method of a name; its module is imported when first asked for.

    >>> method("reverse-ad").name
    'reverse-ad'
    """
    found: Method = import_module(OWN[name]).METHOD
    return found


@cache
def facts(name: str) -> Facts:
    """What is known of the method of a name, from its own file, which is imported when first asked for.

    >>> facts("reverse-ad").exact, facts("central-difference").exact
    (True, False)
    """
    found: Facts = import_module(_FILES[name]).FACTS
    return found
