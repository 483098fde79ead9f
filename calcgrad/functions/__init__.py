"""What a method sees of a function: values, complex values, a tape, an expression, as far as there is one.

``expression`` is a function typed as text, ``python`` a NumPy function; ``lowering`` turns text into a tape, ``scalars`` and
``scalars_of_tape`` write functions of arrays out entry by entry, ``shapes`` infers shapes, ``loading`` imports a user's file;
``exact`` is a function at a point with every number exact: what a truth is the truth of.
"""
