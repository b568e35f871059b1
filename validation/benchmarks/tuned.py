"""The candidate "tuned": a perceptron's gradient as one writes it for NumPy alone, with `out=` into arrays that exist.

The same formulas as ours in fewer and smaller arrays, to show what readable code leaves to be gained.
"""

import numpy as np

from .workloads import Arrays, Program, Size


def tuned(workload: str, arrays: Arrays, size: Size) -> Program:
    """Mean-square loss of an MLP with SiLU."""
    x, target, theta = arrays["x"], arrays["target"], arrays["theta"]
    depth, dtype = len(theta) // 2, x.dtype
    weights, biases = ([theta[f"{kind}{n}"] for n in range(1, depth + 1)] for kind in "Wb")
    a, h, slope = ([np.empty((size.batch, len(b)), dtype) for b in biases] for _ in range(3))
    grads = {name: np.empty_like(parameter) for name, parameter in theta.items()}
    ones, scale = np.ones(size.batch, dtype), dtype.type(2 / size.batch)

    def value():
        below = x
        for n, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            np.matmul(below, weight.T, out=a[n])
            a[n] += bias
            if n + 1 < depth:
                _silu(a[n], h[n], slope[n])
                below = h[n]
        error = a[-1]
        error -= target
        return np.vdot(error, error) / size.batch

    def gradient():
        loss, bar = value(), a[-1]
        bar *= scale
        for n in reversed(range(depth)):
            np.matmul(bar.T, h[n - 1] if n else x, out=grads[f"W{n + 1}"])
            np.matmul(ones, bar, out=grads[f"b{n + 1}"])
            if n:
                np.matmul(bar, weights[n], out=a[n - 1])
                bar = a[n - 1]
                bar *= slope[n - 1]
        return loss, grads

    return value, gradient


def _silu(a, h, slope) -> None:
    """h = a σ(a) and σ(a) (1 + a σ(−a)), of e^{−|a|}: as accurate as ours."""
    np.minimum(a, 0, out=h)
    np.exp(h, out=slope)
    np.subtract(h, a, out=h)
    np.exp(h, out=h)
    total = slope + h
    slope /= total  # σ(a)
    h /= total      # σ(−a)
    h *= a
    h += 1
    h *= slope      # the slope, for now
    slope *= a
    a[...] = slope
    slope[...] = h
    h[...] = a
