"""Gradient descent on a network of 784, 128 and 10 units, in NumPy: 101,632 weights, and one line for their gradient.

``python -m calcgrad.examples.digits`` trains it and prints the loss. Beside the loss stands a gradient written by hand;
``calcgrad check digits.py:loss --grad digits.py:loss_grad --args digits.py:make_args --wrt w1,w2`` says whether it is right.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from calcgrad import value_and_grad

Array: TypeAlias = np.ndarray[Any, Any]

#: Which of the seven strokes (top, upper left and right, middle, lower left and right, bottom) a digit has.
STROKES = (
    "1110111",
    "0010010",
    "1011101",
    "1011011",
    "0111010",
    "1101011",
    "1101111",
    "1010010",
    "1111111",
    "1111011",
)
#: Where each stroke is drawn on 28 by 28 pixels: rows, columns.
PLACES = (
    (4, 6, 9, 19),
    (5, 14, 8, 10),
    (5, 14, 18, 20),
    (13, 15, 9, 19),
    (14, 24, 8, 10),
    (14, 24, 18, 20),
    (22, 24, 9, 19),
)


def digits(count: int, seed: int) -> tuple[Array, Array]:
    """Noisy, shifted pictures of digits as on a pocket calculator, one a row, and which digits they are."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(10, size=count)
    pictures = rng.uniform(0, 0.4, (count, 28, 28))
    for picture, digit in zip(pictures, labels, strict=True):
        down, right = rng.integers(-3, 4, size=2)
        for stroke, (top, bottom, left, end) in zip(STROKES[digit], PLACES, strict=True):
            if stroke == "1":
                picture[top + down : bottom + down, left + right : end + right] += 0.6
    return pictures.reshape(count, 784) - 0.3, labels


def loss(w1: Any, w2: Any, images: Array, labels: Array) -> Any:
    """The mean cross entropy of the network's answers."""
    scores = np.tanh(images @ w1) @ w2
    chances = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return -np.mean(chances[np.arange(len(labels)), labels])


def loss_grad(w1: Array, w2: Array, images: Array, labels: Array) -> tuple[Array, Array]:
    """The gradient of ``loss`` in the weights, by hand."""
    hidden = np.tanh(images @ w1)
    scores = hidden @ w2
    error = np.exp(scores - scores.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(labels)), labels] -= 1
    error /= len(labels)
    return images.T @ ((error @ w2.T) * (1 - hidden**2)), hidden.T @ error


def weights(seed: int = 0) -> tuple[Array, Array]:
    """Where descent begins."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(784, 128)) / 28, rng.normal(size=(128, 10)) / 11


def make_args() -> tuple[Array, Array, Array, Array]:
    """The arguments of ``loss`` for a check of its gradient."""
    return (*weights(), *digits(64, seed=1))


def train(steps: int = 60, rate: float = 0.2) -> list[float]:
    """The loss at each step of gradient descent; every tenth is printed, with the share of new digits that are read right."""
    w1, w2 = weights()
    images, labels = digits(1000, seed=1)
    fresh, truth = digits(1000, seed=2)
    step = value_and_grad(loss, argnums=(0, 1))
    losses = []
    for k in range(steps + 1):
        value, (g1, g2) = step(w1, w2, images, labels)
        losses.append(float(value))
        if k % 10 == 0:
            right = np.mean(np.argmax(np.tanh(fresh @ w1) @ w2, axis=1) == truth)
            print(f"step {k:3d}   loss {value:.4f}   right on new digits {right:4.0%}")
        w1, w2 = w1 - rate * g1, w2 - rate * g2
    return losses


if __name__ == "__main__":
    print(f"{784 * 128 + 128 * 10:,} weights")
    train()
