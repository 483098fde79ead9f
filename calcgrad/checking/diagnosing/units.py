"""Numbers by which results in two units, or in two bases, differ: what a factor of a claim may be called.

The physical constants are CODATA's of 2018; one in a claim is often typed with fewer digits.
"""

from __future__ import annotations

import math

_EV, _BOHR, _HARTREE, _KB, _CAL = 1.602176634e-19, 0.529177210903, 27.211386245988, 1.380649e-23, 4.184
_AVOGADRO, _PLANCK, _LIGHT = 6.02214076e23, 6.62607015e-34, 299_792_458.0

#: What a factor, or one over it, may be; numbers of one digit are no units.
UNITS: tuple[tuple[float, str], ...] = (
    (math.pi / 180.0, "π/180: degrees and radians"),
    (2.0 * math.pi, "2π: cycles and radians"),
    (math.pi, "π: half turns and radians"),
    (_EV, "the electron volt in joules"),
    (_EV * _AVOGADRO / 1e3, "the electron volt in kJ/mol"),
    (_EV * _AVOGADRO / 1e3 / _CAL, "the electron volt in kcal/mol"),
    (_BOHR, "the Bohr radius in ångström"),
    (_HARTREE, "the hartree in electron volts"),
    (_HARTREE / 2.0, "the rydberg in electron volts"),
    (_HARTREE * _EV * _AVOGADRO / 1e3, "the hartree in kJ/mol"),
    (_HARTREE * _EV * _AVOGADRO / 1e3 / _CAL, "the hartree in kcal/mol"),
    (_HARTREE / _BOHR, "the hartree per Bohr radius in eV/Å"),
    (_CAL, "the calorie in joules"),
    (_KB, "Boltzmann's constant in J/K"),
    (_KB / _EV, "Boltzmann's constant in eV/K"),
    (_KB / _EV * 300.0, "kT in electron volts at 300 K"),
    (_KB / _EV * 298.15, "kT in electron volts at 298.15 K"),
    (_KB * _AVOGADRO, "the gas constant in J/(mol K)"),
    (_KB * _AVOGADRO / _CAL, "the gas constant in cal/(mol K)"),
    (_EV / (_PLANCK * _LIGHT * 100.0), "the electron volt in wave numbers (1/cm)"),
    (_PLANCK, "Planck's constant in J s"),
    (_PLANCK / (2.0 * math.pi), "Planck's constant over 2π in J s"),
    (1.66053906660e-27, "the atomic mass unit in kilograms"),
    (101_325.0, "the atmosphere in pascals"),
    (9.80665, "the acceleration of gravity"),
    (6894.757293168, "the pound per square inch in pascals"),
    (0.3048, "the foot in metres"),
    (0.0254, "the inch in metres"),
    (0.45359237, "the pound in kilograms"),
    (1609.344, "the mile in metres"),
    (3600.0, "seconds in an hour"),
    (86_400.0, "seconds in a day"),
    (4.0 * math.log(2.0) / math.pi, "4 ln 2/π: widths of a Gaussian"),
    (2.0 * math.sqrt(2.0 * math.log(2.0)), "2 √(2 ln 2): standard deviation and full width at half maximum"),
    (math.sqrt(2.0 * math.pi), "√(2π): a Gaussian's norm"),
)  # fmt: skip

#: A constant may be typed with so few digits, and then the factor is that number.
_FEWEST, _MOST = 4, 10


def unit_of(factor: float, error: float) -> str | None:
    """The unit that a factor is, or one over it, a power of ten apart for joules and their like; ``None`` where it is none.

    >>> unit_of(180 / 3.141592653589793, 1e-10)
    'one over π/180: degrees and radians'
    >>> unit_of(0.5292, 1e-9), unit_of(0.53, 1e-9), unit_of(0.5, 1e-12)
    ('the Bohr radius in ångström', None, None)
    """
    size = abs(factor)
    if not size or not math.isfinite(size) or error > 1e-5 * size:
        return None
    allowed = max(error, 1e-10 * size)
    for value, name in UNITS:
        if _is(size, value, allowed):
            return name
        if _is(1.0 / size, value, allowed / size**2):
            return f"one over {name}"
    tens = 10.0 ** round(math.log10(size / 1.602176634))
    if _is(size, 1.602176634 * tens, allowed):
        return "the electron volt's digits, 1.602176634"
    return None


def _is(size: float, value: float, allowed: float) -> bool:
    if abs(size - value) <= allowed:
        return True
    typed = (float(f"{value:.{digits}g}") for digits in range(_FEWEST, _MOST))
    return any(abs(size - each) <= min(allowed, 1e-9 * size) for each in typed)
