"""Compiled programs as native code: fused loops in LLVM's IR, an extra (``calcgrad[native]``).

``stages`` parts a graph into what native code can do and what NumPy does in between; ``plans`` and ``nests`` make one function of
loops of a stage (``entries`` reads and stores, ``reductions`` brings entries together, ``trials`` says where loops part), with what
``indices``, ``functions`` and ``text`` know; ``entry`` lets Python call it without unpacking by hand;
``machine`` has it compiled, by a ``compiler`` in a process of its own, and loads it;
``checking`` runs it beside NumPy before anybody relies on it; ``frame`` and ``programs`` put all together.
Large graphs of numbers are ``tapes``: read (``tapes_reading``), put in order (``tapes_ordering``), run by one interpreter with
functions of its own (``tapes_machine``, ``tapes_trying``), and looked at operation by operation (``tapes_checking``).
Nothing here imports llvmlite but ``machine`` and ``compiler``.
"""
