"""Tracing: a computation is written down as a tape while it runs.

``recorder`` writes down a sweep over any number system. ``traced`` is the value that goes through a NumPy function in place
of an array or a float; ``sweeps`` carries tangents and cotangents along what it wrote; ``gradients`` puts the two together.
"""
