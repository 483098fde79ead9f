"""Programs that ship with calcgrad; ``python -m calcgrad.examples.digits`` runs one."""
