"""The gradient checker, and the proofs of calcgrad's own table. ``check_subject`` is the one entry to the checker."""
