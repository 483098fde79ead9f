"""``calcgrad check`` without a target: the proof of every row of the table of operations, and its test by mutation."""
