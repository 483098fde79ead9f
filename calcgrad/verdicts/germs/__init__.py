"""Germs: one-sided expansions ``c * t^e / L^n`` of every operation of the table, with exact coefficients."""
