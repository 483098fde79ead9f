"""A traced function as a straight program: ``program`` traces it, ``graph`` makes it smaller, ``scalars`` and ``arrays`` write it
in Python (the latter on a ``sheet``, with ``memory``, ``entries`` and ``blocks``), ``compiled`` keeps the programs of a function
and decides which of them holds; ``losing`` notices numbers that a sweep loses, ``boxes`` knows where it cannot.
"""
