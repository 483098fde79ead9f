"""SymPy in a child process of ours, limited in time and memory: the process here, what it is asked in
``questions``.

``start()`` is for the first line of a program: the worker imports SymPy while the program imports the rest
of itself. The modules ``worker``, ``building``, ``spelling``, ``differentiating`` … run in the child alone
and import SymPy.
"""

from calcgrad.sympy_process.process import Client, shared, start

__all__ = ["Client", "shared", "start"]
