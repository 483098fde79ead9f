"""From measurements to a verdict: ``weighing`` compares with error bars, ``locating`` finds the wrong entries.

``deciding`` is one look, ``looking`` takes them, ``reverse_mode`` is the other witness, ``agreeing`` and ``differing`` say what
the looks come to, and ``scales`` holds what all of them share.
"""
