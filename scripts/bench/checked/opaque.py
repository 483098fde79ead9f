"""A smooth loss of 30 variables that no tracer can follow, as its numbers leave NumPy; one entry is wrong."""

import math
import struct
from itertools import pairwise

import numpy as np


def loss(x):
    numbers = struct.unpack(f"{len(x)}d", struct.pack(f"{len(x)}d", *x))
    return math.fsum(math.exp(math.sin(a) * b) for a, b in pairwise(numbers))


def loss_grad(x):
    grown = np.exp(np.sin(x[:-1]) * x[1:])
    found = np.zeros_like(x)
    found[:-1] = grown * np.cos(x[:-1]) * x[1:]
    found[1:] += grown * np.sin(x[:-1])
    found[17] *= 1.01
    return found


def make_args():
    return (np.random.default_rng(10).normal(size=30),)
