"""What is shown: a derivation told step by step, what flows through the graph, what a step does; drawn by ``render/``.

Each command has a module that computes its report and a record of it in :mod:`calcgrad.explaining.records`; nothing here knows a
screen, and nothing in ``render/`` computes.
"""
