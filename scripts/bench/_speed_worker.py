"""One library in a process of its own: takes a workload's number a line, checks it once, times it, answers in JSON.

Run as ``_speed_worker.py LIBRARY CLOCK``, the clock ``wall`` or ``cpu``. Every answer holds the best seconds of one call, those
of a first call with all that is made for it, or why there is none.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from _workloads import WORKLOADS, Workload

Call = Callable[[], Any]


#: What a descent does: so many steps of this length.
STEPS, RATE = 200, 0.1


def descent(value_and_grad: Callable[..., Any], w: Workload, args: tuple[Any, ...]) -> Call:
    """The steps of a descent over the differentiated arguments, which stand first; gives the last value and the parameters."""

    def run() -> Any:
        parameters, rest = list(args[: len(w.argnums)]), args[len(w.argnums) :]
        for _ in range(STEPS):
            value, slopes = value_and_grad(*parameters, *rest)
            parameters = [p - RATE * g for p, g in zip(parameters, slopes, strict=True)]
        return value, tuple(parameters)

    return run


def hand(w: Workload, args: tuple[Any, ...]) -> Call:
    return descent(w.hand, w, args) if w.what == "descent" else partial(w.hand, *args)


def by_numba(w: Workload, args: tuple[Any, ...]) -> Call:
    import _by_numba

    return partial(_by_numba.of(w), *args)


def ours(w: Workload, args: tuple[Any, ...], how: Callable[..., Any] | None = None) -> Call:
    import calcgrad

    f = partial(w.function, np)
    argnums: Any = w.argnums[0] if len(w.argnums) == 1 else w.argnums
    if w.what == "hvp":
        g: Any = lambda x, v: calcgrad.hvp(f, (x,), (v,))  # noqa: E731
    else:
        g = getattr(calcgrad, "value_and_grad" if w.what == "descent" else w.what)(f, argnums)
    g = g if how is None else how(g)
    return descent(g, w, args) if w.what == "descent" else partial(g, *args)


def compiled(w: Workload, args: tuple[Any, ...], **options: Any) -> Call:
    import calcgrad

    return ours(w, args, partial(calcgrad.compile, **options))


def autograd(w: Workload, args: tuple[Any, ...]) -> Call:
    import autograd as ag
    import autograd.numpy as anp

    f = partial(w.function, anp)
    if w.what == "hvp":
        return partial(ag.hessian_vector_product(f), *args)
    if w.what in ("jacobian", "hessian"):
        return partial(getattr(ag, w.what)(f, 0), *args)
    both = ag.value_and_grad(f, w.argnums if len(w.argnums) > 1 else 0)
    return descent(both, w, args) if w.what == "descent" else partial(both, *args)


def jax(w: Workload, args: tuple[Any, ...]) -> Call:
    import jax as j

    j.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    if w.function.__name__ in ("graph", "wide", "product"):
        raise RuntimeError(
            "so many unrolled operations do not compile in reasonable time"
        )  # 216 s were not enough for 1,000
    f = partial(w.function, jnp)
    if w.what == "hvp":
        g: Any = lambda x, v: j.jvp(j.grad(f), (x,), (v,))[1]  # noqa: E731
    elif w.what == "jacobian":
        g = j.jacfwd(f)
    elif w.what == "hessian":
        g = j.hessian(f)
    else:
        g = j.value_and_grad(f, w.argnums if len(w.argnums) > 1 else 0)
    given = [jnp.asarray(a) for a in args]
    run = j.jit(g)
    if w.what == "descent":
        steps = descent(run, w, tuple(given))
        return lambda: j.block_until_ready(steps())
    return lambda: j.block_until_ready(run(*given))


def torch(w: Workload, args: tuple[Any, ...]) -> Call:
    import torch as t

    t.set_num_threads(1)
    given = [t.tensor(a, dtype=t.int64 if np.asarray(a).dtype.kind == "i" else t.float64) for a in args]
    f = partial(w.function, t)
    if w.what == "jacobian":
        return lambda: t.autograd.functional.jacobian(lambda x: f(x, *given[1:]), given[0]).numpy()
    if w.what == "hessian":
        return lambda: t.autograd.functional.hessian(f, given[0]).numpy()
    if w.what == "hvp":
        product = t.autograd.functional.vhp

        def along() -> Any:
            _, found = product(f, given[0], given[1])
            return found.numpy()

        return along

    def both(*tensors: Any) -> Any:
        leaves = [a.detach().requires_grad_(k in w.argnums) for k, a in enumerate(tensors)]
        value = f(*leaves)
        return value.detach(), t.autograd.grad(value, [leaves[k] for k in w.argnums])

    if w.what == "descent":
        return descent(both, w, tuple(given))

    def run() -> Any:
        value, grads = both(*given)
        return value.item(), tuple(g.numpy() for g in grads) if len(grads) > 1 else grads[0].numpy()

    return run


def casadi(w: Workload, args: tuple[Any, ...]) -> Call:
    """Through a buffer, its fastest way: arguments and results stay where they are in memory, no object is made."""
    import casadi as ca

    if w.what == "descent" or w.function.__name__ in ("network", "mixture"):
        raise RuntimeError("a graph of scalars: not for large arrays")
    large = w.function.__name__ != "product" and np.size(args[0]) > 1000
    symbol = (ca.MX if large else ca.SX).sym
    xs = [symbol(f"x{k}", np.size(a)) if k in w.argnums else ca.DM(a) for k, a in enumerate(args)]
    wanted = [xs[k] for k in w.argnums]
    if w.what == "hvp":
        wanted.append(symbol("v", np.size(args[1])))
        outs = [ca.jtimes(ca.gradient(_casadi_function(ca, w, xs[:1]), xs[0]), xs[0], wanted[1])]
    else:
        y = _casadi_function(ca, w, xs)
        if w.what == "hessian":
            outs = [ca.hessian(y, wanted[0])[0]]
        elif w.what == "jacobian":
            outs = [ca.jacobian(y, wanted[0])]
        else:
            outs = [y, *[ca.gradient(y, x) for x in wanted]]
    given = [np.array(args[k], float).reshape(-1) for k in (w.argnums if w.what != "hvp" else (0, 1))]
    found = [np.zeros(out.shape, order="F") for out in outs]
    buffer, trigger = ca.Function("f", wanted, [ca.densify(out) for out in outs]).buffer()
    for k, a in enumerate(given):
        buffer.set_arg(k, memoryview(a))
    for k, a in enumerate(found):
        buffer.set_res(k, memoryview(a.reshape(-1, order="A")))

    def call(_: Any = (buffer, given)) -> Any:
        trigger()
        return found

    return call


def _casadi_function(ca: Any, w: Workload, xs: list[Any]) -> Any:
    class Names:
        __name__ = "casadi"
        sin, cos, exp, tanh, sum = ca.sin, ca.cos, ca.exp, ca.tanh, ca.sum1

    if w.function.__name__ == "product":
        p = 1.0
        for i in range(xs[0].shape[0]):
            p = p * xs[0][i]
        return p
    if w.function.__name__ == "rosenbrock":  # of a column, [:-1] is all of it
        x, n = xs[0], xs[0].shape[0]
        return ca.sumsqr(10.0 * (x[1:n] - x[: n - 1] ** 2)) + ca.sumsqr(1 - x[: n - 1])
    return w.function(Names, *xs)


LIBRARIES: dict[str, Callable[[Workload, tuple[Any, ...]], Call]] = {
    "hand": hand,
    "traced": ours,
    "compiled": partial(compiled, backend="numpy"),
    "native": partial(compiled, backend="native"),
    "numba": by_numba,
    "autograd": autograd,
    "jax": jax,
    "torch": torch,
    "casadi": casadi,
}


def flat(result: Any) -> Any:
    """All numbers of a result in a row."""
    if isinstance(result, tuple | list):
        return np.concatenate([flat(r) for r in result])
    return np.asarray(result, dtype=float).reshape(-1)


def checked(call: Call, w: Workload, args: tuple[Any, ...]) -> None:
    """Raise where the derivative is not the hand-written one."""
    found, known = flat(call()), flat(hand(w, args)())
    scale = np.max(np.abs(known))
    worst = np.max(np.abs(found - known)) / scale if found.shape == known.shape else np.inf
    if not worst < 1e-8:
        raise RuntimeError(f"WRONG: differs from the hand-written derivative by {worst:.1e}")


#: The clocks that a time may be of.
CLOCKS: dict[str, Callable[[], float]] = {"wall": time.perf_counter, "cpu": time.process_time}


def seconds(call: Call, budget: float, clock: Callable[[], float]) -> float:
    """The best time of one call, over samples that together take about ``budget`` seconds."""
    start = clock()
    call()
    once = max(clock() - start, 1e-7)
    number = max(1, int(0.01 / once))
    samples = max(3, min(50, int(budget / (once * number))))
    best = float("inf")
    gc.collect()
    for _ in range(samples):
        start = clock()
        for _ in range(number):
            call()
        best = min(best, (clock() - start) / number)
    return best


def first(make: Callable[..., Call], w: Workload, clock: Callable[[], float]) -> dict[str, float]:
    """Seconds from the function to its first result; and the same again, where native code is kept on disk."""
    args, answer = w.arguments(), {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["CALCGRAD_CACHE"] = folder
        for name in ("first", "again"):
            start = clock()
            make(w, args)()
            answer[name] = clock() - start
    return answer


def memory(call: Call) -> int:
    """The peak of bytes that one call has above what was there before."""
    call()
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - before


def main() -> None:
    make, clock = LIBRARIES[sys.argv[1]], CLOCKS[sys.argv[2]]
    calls: dict[int, Call] = {}
    for line in sys.stdin:
        number, what, budget = json.loads(line)
        w = WORKLOADS[number]
        answer: dict[str, Any] = {}
        try:
            if what == "function":
                args = w.arguments()
                answer["bytes"] = memory(partial(w.function, np, *args[: len(args) - (w.what == "hvp")]))
            elif what == "first":
                answer |= first(make, w, clock)
            else:
                if number not in calls:
                    args = w.arguments()
                    call = make(w, args)
                    checked(call, w, args)
                    calls[number] = call
                if what == "bytes":
                    answer["bytes"] = memory(calls[number])
                elif what == "seconds":
                    answer["seconds"] = seconds(calls[number], budget, clock)
        except ModuleNotFoundError as error:
            answer["why"] = f"{error.name} is not installed"
        except Exception as error:
            answer["why"] = f"{type(error).__name__}: {error}"[:200]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
