"""``calcgrad diff``: from a request to a report.

``request`` says what was asked, ``compute`` answers it; the truth comes from ``certified_truth`` (Arb) and ``symbolic_truth``
(SymPy); ``rows`` are the methods' answers, ``judge`` sets them against the truth by the measure of ``rounding``, and ``words``
says the outcome.
"""
