"""Energies, forces, sensitivities of differential equations, lattices."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tests.checking.planted.planted import ALL, Bug, Planted

_random = np.random.default_rng(14)
_ATOMS = 5
_PAIRS = np.triu_indices(_ATOMS, 1)
_CHARGE = np.array([1.0, -2.0, 1.5, 0.5, -1.0])
_MASS = np.array([1.0, 4.0, 12.0, 16.0, 2.0])


def _apart(x: Any) -> tuple[Any, Any]:
    """The vectors between the atoms of each pair, and their lengths."""
    d = x[_PAIRS[0]] - x[_PAIRS[1]]
    return d, np.sqrt(np.sum(d**2, axis=1))


def _gathered(pull: Any) -> Any:
    """The sum of each pair's pull over its two atoms."""
    g = np.zeros((_ATOMS, pull.shape[1]))
    np.add.at(g, _PAIRS[0], pull)
    np.add.at(g, _PAIRS[1], -pull)
    return g


def lennard_jones(x: Any) -> Any:
    r = _apart(x)[1]
    return np.sum(4 * (r**-12 - r**-6))


def lennard_jones_gradient(x: Any, sign: float = 1.0, power: float = 12.0) -> Any:
    d, r = _apart(x)
    return sign * _gathered((4 * (-power * r**-13 + 6 * r**-7) / r)[:, None] * d)


def coulomb(x: Any) -> Any:
    return np.sum(_CHARGE[_PAIRS[0]] * _CHARGE[_PAIRS[1]] / _apart(x)[1])


def coulomb_gradient(x: Any, twice: float = 1.0, both: bool = True) -> Any:
    d, r = _apart(x)
    pull = (-_CHARGE[_PAIRS[0]] * _CHARGE[_PAIRS[1]] / r**3)[:, None] * d
    if both:
        return twice * _gathered(pull)
    g = np.zeros_like(x)
    np.add.at(g, _PAIRS[0], pull)
    return g


def gravity(x: Any) -> Any:
    return -np.sum(_MASS[_PAIRS[0]] * _MASS[_PAIRS[1]] / _apart(x)[1])


def gravity_gradient(x: Any, acceleration: bool = False) -> Any:
    d, r = _apart(x)
    g = _gathered((_MASS[_PAIRS[0]] * _MASS[_PAIRS[1]] / r**3)[:, None] * d)
    return g / _MASS[:, None] if acceleration else g


# A ring of springs and a chain with fixed ends.
def ring(x: Any) -> Any:
    return np.sum((np.roll(x, -1) - x - 1) ** 2 / 2 + 0.1 * x**4)


def ring_gradient(x: Any, closed: bool = True) -> Any:
    pull = np.roll(x, -1) - x - 1
    g = np.roll(pull, 1) - pull
    if not closed:  # the spring between the last and the first
        g[0] -= pull[-1]
        g[-1] += pull[-1]
    return g + 0.4 * x**3


_DRIVE = _random.normal(size=16)


def chain(x: Any) -> Any:
    return np.sum(np.cos(x[1:] - x[:-1])) + np.sum(_DRIVE * x**2)


def chain_gradient(x: Any, late: int = 0) -> Any:
    s = np.sin(x[1:] - x[:-1])
    g = 2 * _DRIVE * x
    g[:-1] += s
    g[1:] -= s
    return np.roll(g, late)


_NEIGHBOURS = ((0, 1), (0, -1), (1, 1), (1, -1))


def lattice(phi: Any) -> Any:
    hops = sum((phi - np.roll(phi, 1, axis)) ** 2 for axis in (0, 1))
    return np.sum(hops / 2 + 0.25 * phi**2 + 0.1 * phi**4)


def lattice_gradient(phi: Any, neighbours: Any = _NEIGHBOURS, quartic: float = 0.4) -> Any:
    around = sum(np.roll(phi, by, axis) for axis, by in neighbours)
    return len(neighbours) * phi - around + 0.5 * phi + quartic * phi**3


# Sensitivities: Lotka and Volterra's equations by Euler's steps, the loss on the last state.
_STEPS, _DT = 60, 0.02


def _path(rate: Any, start: Any) -> list[Any]:
    path = [start]
    for _ in range(_STEPS):
        a, b = path[-1]
        slope = np.array([rate[0] * a - rate[1] * a * b, rate[2] * a * b - rate[3] * b])
        path.append(path[-1] + _DT * slope)
    return path


def predators(rate: Any, start: Any) -> Any:
    end = _path(rate, start)[-1]
    return (end[0] - 1.2) ** 2 + (end[1] - 0.7) ** 2


def predators_gradient(
    rate: Any, start: Any, crossed: bool = False, begin: bool = True, step: float = _DT
) -> Any:
    path = _path(rate, start)
    adjoint = 2 * (path[-1] - np.array([1.2, 0.7]))
    drate = np.zeros(4)
    for a, b in reversed(path[:-1]):
        by_rate = np.array([[a, -a * b, 0, 0], [0, 0, a * b, -b]])
        by_state = np.array([[rate[0] - rate[1] * b, -rate[1] * a], [rate[2] * b, rate[2] * a - rate[3]]])
        drate += step * adjoint @ by_rate
        adjoint = adjoint + _DT * (by_state if crossed else by_state.T) @ adjoint
    return drate, adjoint if begin else np.zeros(2)


# A pendulum's exact adjoint through a leapfrog (symplectic) integrator.
def pendulum(angle: Any, speed: Any) -> Any:
    for _ in range(40):
        speed = speed - 0.05 * np.sin(angle)
        angle = angle + 0.05 * speed
    return angle**2 + speed**3


def pendulum_gradient(angle: Any, speed: Any, active: bool = True, sign: float = 1.0) -> Any:
    angles = []
    for _ in range(40):
        angles.append(angle)
        speed = speed - 0.05 * np.sin(angle)
        angle = angle + 0.05 * speed
    dangle, dspeed = 2 * angle, 3 * speed**2
    for a in reversed(angles):
        dspeed = dspeed + 0.05 * dangle
        dangle = dangle - 0.05 * dspeed * (np.cos(a) if active else 1)
    return dangle, sign * dspeed


# Upwind advection u' = (1 - c) u + c shifted: the adjoint shifts the other way.
_SPEED = 0.3


def advection(u: Any) -> Any:
    for _ in range(8):
        u = u - _SPEED * (u - np.roll(u, 1)) + 0.01 * u**2
    return np.sum(np.arange(len(u)) * u**2) / 10


def advection_gradient(u: Any, back: int = -1) -> Any:
    kept = []
    for _ in range(8):
        kept.append(u)
        u = u - _SPEED * (u - np.roll(u, 1)) + 0.01 * u**2
    adjoint = 2 * np.arange(len(u)) * u / 10
    for v in reversed(kept):
        adjoint = (1 - _SPEED) * adjoint + _SPEED * np.roll(adjoint, back) + 0.02 * v * adjoint
    return adjoint


def rosenbrock(x: Any) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_gradient(x: Any, last: bool = True) -> Any:
    g = np.zeros_like(x)
    g[:-1] = -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    g[1 : None if last else -1] += (200 * (x[1:] - x[:-1] ** 2))[: None if last else -1]
    return g


_PLACED = 1.3 * np.array([[0, 0, 0], [1, 0.1, 0.2], [0.2, 1, 0.1], [0.1, 0.2, 1.1], [1, 1, 0.9]])
_ATOM = {"x": _PLACED}
_RING = {"x": _random.normal(size=12)}
_PREY = {"rate": np.array([1.1, 0.5, 0.4, 0.9]), "start": np.array([1.5, 0.8])}
_SWING = {"angle": np.array(0.8), "speed": np.array(-0.3)}

CASES = (
    Planted(
        "Lennard-Jones: force for gradient", lennard_jones, lennard_jones_gradient, _ATOM,
        Bug(partial(lennard_jones_gradient, sign=-1.0), {"x": ALL}, ("sign", "factor"),
            "the force is minus the gradient"),
    ),
    Planted(
        "Lennard-Jones: exponent", lennard_jones, lennard_jones_gradient, _ATOM,
        Bug(partial(lennard_jones_gradient, power=13.0), {"x": ALL}, ("factor",), "13 where the exponent is 12"),
    ),
    Planted(
        "Coulomb: pairs counted twice", coulomb, coulomb_gradient, _ATOM,
        Bug(partial(coulomb_gradient, twice=2.0), {"x": ALL}, ("factor",), "each pair is summed in both orders"),
    ),
    Planted(
        "Coulomb: no reaction", coulomb, coulomb_gradient, _ATOM,
        Bug(partial(coulomb_gradient, both=False), {"x": slice(1, None)}, ("row", "missing-term", "stopped-path"),
            "the second atom of a pair feels nothing"),
    ),
    Planted(
        "gravity: acceleration for gradient", gravity, gravity_gradient, _ATOM,
        Bug(partial(gravity_gradient, acceleration=True), {"x": slice(1, None)}, ("row", "factor"),
            "each row is divided by its mass"),
    ),
    Planted(
        "ring: not closed", ring, ring_gradient, _RING,
        Bug(partial(ring_gradient, closed=False), {"x": [0, -1]}, ("missing-term", "stopped-path"),
            "the spring from the last to the first is forgotten"),
    ),
    Planted(
        "chain: shifted by one", chain, chain_gradient, {"x": _random.normal(size=16)},
        Bug(partial(chain_gradient, late=1), {"x": ALL}, ("shifted",), "every entry stands one place too late"),
    ),
    Planted(
        "lattice: one axis only", lattice, lattice_gradient, {"phi": _random.normal(size=(5, 5))},
        Bug(partial(lattice_gradient, neighbours=_NEIGHBOURS[:2]), {"phi": ALL}, ("missing-term", "stopped-path"),
            "the neighbours along the second axis are left out"),
    ),
    Planted(
        "lattice: quartic term", lattice, lattice_gradient, {"phi": _random.normal(size=(5, 5))},
        Bug(partial(lattice_gradient, quartic=0.1), {"phi": ALL}, ("missing-term",),
            "the 4 of the fourth power is left out"),
    ),
    Planted(
        "predators: Jacobian not transposed", predators, predators_gradient, _PREY,
        Bug(partial(predators_gradient, crossed=True), {"rate": ALL, "start": ALL}, (),
            "the adjoint equation has the transpose: every entry is off, each by its own amount"),
    ),
    Planted(
        "predators: start forgotten", predators, predators_gradient, _PREY,
        Bug(partial(predators_gradient, begin=False), {"start": ALL}, ("zero",),
            "the sensitivity to the initial state is zero"),
    ),
    Planted(
        "predators: time step", predators, predators_gradient, _PREY,
        Bug(partial(predators_gradient, step=1.0), {"rate": ALL}, ("factor",), "the step's length is left out"),
    ),
    Planted(
        "pendulum: small angles", pendulum, pendulum_gradient, _SWING,
        Bug(partial(pendulum_gradient, active=False), {"angle": ALL, "speed": ALL}, ("missing-activation",),
            "1 in place of the cosine: the linearised equation"),
    ),
    Planted(
        "pendulum: sign of the speed", pendulum, pendulum_gradient, _SWING,
        Bug(partial(pendulum_gradient, sign=-1.0), {"speed": ALL}, ("sign", "factor"), "time runs backwards"),
    ),
    Planted(
        "advection: the same wind back", advection, advection_gradient, {"u": _random.normal(size=12)},
        Bug(partial(advection_gradient, back=1), {"u": ALL}, ("shifted", "transposed"),
            "the adjoint shifts with the wind, not against it"),
    ),
    Planted(
        "Rosenbrock: last entry", rosenbrock, rosenbrock_gradient, {"x": _random.normal(size=8)},
        Bug(partial(rosenbrock_gradient, last=False), {"x": -1}, ("zero",), "the last entry is never written"),
    ),
)  # fmt: skip
