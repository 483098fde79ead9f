"""``calcgrad compare-modes``: what each mode of differentiation costs as inputs and outputs grow."""
