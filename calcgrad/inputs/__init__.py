"""What a user gives beside the function: points, arguments, files, measured data.

``points`` are the points of ``--at``, read by ``grammar`` into exact ``values``; ``files`` reads them from files;
``constants`` are exact numbers as nodes; ``arguments`` are those of a checked Python function, ``random`` draws them.
"""
