"""Number systems: what the operations of the table mean on floats, complex numbers, arrays, mpmath, SymPy and Arb.

``base`` binds the table to a system, ``array_rules`` gives the rules of operations on arrays, ``series`` the power series over
Arb, ``decimals`` turns balls into proved digits; ``values`` holds the functions that a library lacks.
"""
