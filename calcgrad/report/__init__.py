"""The results: what commands compute and what renderers read. Plain frozen data; nothing here knows a screen.

Numbers are Python floats; a high-precision number is its decimal string. The shape of a report is the shape of the
JSON contract, row by row, so that a renderer only writes it down. Each command's report has a file of its own, so that a command
makes only its own.
"""
