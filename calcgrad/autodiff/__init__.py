"""Automatic differentiation: one tape (a Wengert list), and the sweeps that read it.

``tape`` is the record and its primal run, ``forward`` the pushforward, ``reverse`` the pullback, ``jets`` truncated Taylor
series for higher orders, and ``recorder`` writes a new tape while another one runs: derivatives of derivatives.
"""
