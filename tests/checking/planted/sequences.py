"""Recurrent networks and attention, their gradients written out by hand through time."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tests.checking.planted.planted import ALL, Bug, Planted

_random = np.random.default_rng(12)
_T, _D, _H = 5, 3, 4
_X = _random.normal(size=(_T, _D))
_PULL = _random.normal(size=_H)


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


# A plain recurrent network: h' = tanh(W x + U h), the loss on the last state.
def _states(w: Any, u: Any) -> list[Any]:
    states = [np.zeros(_H)]
    for x in _X:
        states.append(np.tanh(w @ x + u @ states[-1]))
    return states


def recurrent(w: Any, u: Any) -> Any:
    return _PULL @ _states(w, u)[-1]


def recurrent_gradient(w: Any, u: Any, steps: int = _T, crossed: bool = False) -> Any:
    states = _states(w, u)
    dw, du, dh = np.zeros_like(w), np.zeros_like(u), _PULL
    for t in reversed(range(_T - steps, _T)):
        dz = dh * (1 - states[t + 1] ** 2)
        dw += np.outer(dz, _X[t])
        du += np.outer(dz, states[t])
        dh = (u if crossed else u.T) @ dz
    return dw, du


# An LSTM: gates i, f, o and the candidate g are blocks of H rows.
def _lstm(w: Any, b: Any) -> list[tuple[Any, ...]]:
    h, c, kept = np.zeros(_H), np.zeros(_H), []
    for x in _X:
        v = np.concatenate([x, h])
        i, f, o, g = (w @ v + b).reshape(4, _H)
        i, f, o, g = _sigmoid(i), _sigmoid(f), _sigmoid(o), np.tanh(g)
        before, c = c, f * c + i * g
        h = o * np.tanh(c)
        kept.append((v, i, f, o, g, before, c, h))
    return kept


def lstm(w: Any, b: Any) -> Any:
    return _PULL @ _lstm(w, b)[-1][-1]


def lstm_gradient(
    w: Any, b: Any, forgetting: bool = True, output: bool = True, carry: bool = True, first: bool = False
) -> Any:
    dw, db, dh, dc = np.zeros_like(w), np.zeros_like(b), _PULL, np.zeros(_H)
    for v, i, f, o, g, before, c, _ in reversed(_lstm(w, b)):
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        do = dh * np.tanh(c) * (o * (1 - o) if output else 1)
        df = dc * before * f * (1 - f) if forgetting else np.zeros(_H)
        dz = np.concatenate([dc * g * i * (1 - i), df, do, dc * i * (1 - g**2)])
        dw += np.outer(dz, v)
        db = dz if first else db + dz
        dh, dc = w.T[_D:] @ dz, dc * f if carry else dc * 0
    return dw, db


# Scaled dot-product attention.
_TARGET = _random.normal(size=(_T, _D))


def _softmax(s: Any) -> Any:
    e = np.exp(s - s.real.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def attention(q: Any, k: Any, v: Any) -> Any:
    return np.sum(_TARGET * (_softmax(q @ k.T / np.sqrt(_D)) @ v))


def attention_gradient(
    q: Any, k: Any, v: Any, scaled: bool = True, centred: bool = True, swapped: bool = False
) -> Any:
    p = _softmax(q @ k.T / np.sqrt(_D))
    dp = _TARGET @ v.T
    ds = p * (dp - (dp * p).sum(-1, keepdims=True)) if centred else p * dp
    if scaled:
        ds = ds / np.sqrt(_D)
    dq, dk = ds @ k, ds.T @ q
    return (dk, dq, p.T @ _TARGET) if swapped else (dq, dk, p.T @ _TARGET)


_LATER = np.triu(np.ones((_T, _T)), 1)


def causal_attention(q: Any, k: Any) -> Any:
    s = q @ k.T - 1e3 * _LATER
    return np.sum(_TARGET[:, :1] * (_softmax(s) @ _TARGET) ** 2)


def causal_attention_gradient(q: Any, k: Any, masked: bool = True) -> Any:
    p = _softmax(q @ k.T - (1e3 * _LATER if masked else 0))
    dp = 2 * (_TARGET[:, :1] * (p @ _TARGET)) @ _TARGET.T
    ds = p * (dp - (dp * p).sum(-1, keepdims=True))
    return ds @ k, ds.T @ q


# A gated unit: h' = (1 - z) h + z tanh(U h), whose gate lets the old state through.
def gated(u: Any, gate: Any) -> Any:
    h = _X.ravel()[:_H]
    for _ in range(3):
        z = _sigmoid(gate * h)
        h = (1 - z) * h + z * np.tanh(u @ h)
    return _PULL @ h


def gated_gradient(u: Any, gate: Any, through: bool = True) -> Any:
    h, kept = _X.ravel()[:_H], []
    for _ in range(3):
        z, a = _sigmoid(gate * h), np.tanh(u @ h)
        kept.append((h, z, a))
        h = (1 - z) * h + z * a
    du, dgate, dh = np.zeros_like(u), np.zeros_like(gate), _PULL
    for h, z, a in reversed(kept):
        dz = dh * (a - h) * z * (1 - z)
        da = dh * z * (1 - a**2)
        du += np.outer(da, h)
        dgate += dz * h
        dh = u.T @ da + dz * gate + (dh * (1 - z) if through else 0)
    return du, dgate


def _point(**shapes: Any) -> dict[str, Any]:
    return {name: _random.normal(size=shape) * 0.6 for name, shape in shapes.items()}


_RNN = _point(w=(_H, _D), u=(_H, _H))
_LSTM = _point(w=(4 * _H, _D + _H), b=4 * _H)
_ATTENTION = _point(q=(_T, _D), k=(_T, _D), v=(_T, _D))
_FORGET = np.zeros((4 * _H, _D + _H), dtype=bool)
_FORGET[_H : 2 * _H] = True

CASES = (
    Planted(
        "recurrent: one step back only", recurrent, recurrent_gradient, _RNN,
        Bug(partial(recurrent_gradient, steps=1), {"w": ALL, "u": ALL}, ("stopped-path", "missing-term"),
            "the state before the last is taken for a constant"),
    ),
    Planted(
        "recurrent: matrix not transposed", recurrent, recurrent_gradient, _RNN,
        Bug(partial(recurrent_gradient, crossed=True), {"w": ALL, "u": ALL}, ("transposed",),
            "U in place of its transpose on the way back: every entry is off, each by its own amount"),
    ),
    Planted(
        "LSTM: forget gate without gradient", lstm, lstm_gradient, _LSTM,
        Bug(partial(lstm_gradient, forgetting=False),
            {"w": ALL, "b": ALL}, ("zero", "stopped-path", "missing-term", "row"),
            "the forget gate's block is zero, and what flows through it is missing elsewhere"),
    ),
    Planted(
        "LSTM: output gate's derivative", lstm, lstm_gradient, _LSTM,
        Bug(partial(lstm_gradient, output=False), {"w": ALL, "b": ALL}, ("missing-activation", "missing-term"),
            "the sigmoid's derivative of the output gate is left out"),
    ),
    Planted(
        "LSTM: cell not carried", lstm, lstm_gradient, _LSTM,
        Bug(partial(lstm_gradient, carry=False), {"w": ALL, "b": ALL}, ("stopped-path", "missing-term"),
            "the path through the cell's memory is cut"),
    ),
    Planted(
        "LSTM: bias of the first step", lstm, lstm_gradient, _LSTM,
        Bug(partial(lstm_gradient, first=True), {"b": ALL}, ("broadcast", "reduction", "missing-term"),
            "the bias is used at every step, its gradient is that of one"),
    ),
    Planted(
        "attention: not scaled", attention, attention_gradient, _ATTENTION,
        Bug(partial(attention_gradient, scaled=False), {"q": ALL, "k": ALL}, ("factor",),
            "1/sqrt(d) is left out of the gradients of q and k"),
    ),
    Planted(
        "attention: softmax not centred", attention, attention_gradient, _ATTENTION,
        Bug(partial(attention_gradient, centred=False), {"q": ALL, "k": ALL},
            ("missing-term", "stopped-path"), "the softmax's normalising sum is taken for a constant"),
    ),
    Planted(
        "attention: q and k swapped", attention, attention_gradient, _ATTENTION,
        Bug(partial(attention_gradient, swapped=True), {"q": ALL, "k": ALL}, ("swapped",),
            "the gradients come back in another order"),
    ),
    Planted(
        "attention: causal mask forgotten", causal_attention, causal_attention_gradient,
        _point(q=(_T, _D), k=(_T, _D)),
        Bug(partial(causal_attention_gradient, masked=False), {"q": slice(0, -1), "k": ALL},
            ("missing-mask", "missing-term"), "the backward pass lets tokens see later ones"),
    ),
    Planted(
        "gated unit: old state dropped", gated, gated_gradient, _point(u=(_H, _H), gate=_H),
        Bug(partial(gated_gradient, through=False), {"u": ALL, "gate": ALL}, ("stopped-path", "missing-term"),
            "the path (1 - z) h is cut"),
    ),
)  # fmt: skip
