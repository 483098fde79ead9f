"""What a check measures: the function and its claim are called, and every evaluation is counted and kept.

``subject`` is what is checked; ``oracle`` measures directional derivatives of the raw function, ``traced`` asks calcgrad's own
reverse mode, ``claimed`` calls the claim; ``executors`` spread evaluations over workers and ``journal`` writes them down.
"""
