"""The solvers of torchdiffeq, and the probability flow of a process solved by them; its drift is written out here."""

import torch
from torchdiffeq import odeint as solve


def odeint(z0, t0, t1, theta, *, velocity, method, steps):
    times = t0 + (t1 - t0) * torch.arange(steps + 1, dtype=t0.dtype) / steps
    return solve(lambda t, z: velocity(z, t, theta), z0, times, method={"heun": "heun2"}.get(method, method))[-1]


def coefficients(t, low, high, process):
    if process == "ve":
        return 0 * t, (low * (high / low) ** t) ** 2 * torch.log(high / low)
    beta = low + t * (high - low)
    rest = 1 - torch.exp(-2 * (low * t + (high - low) * t**2 / 2)) if process == "sub_vp" else 1
    return -beta / 2, beta * rest / 2


def probability_flow(x, t0, t1, low, high, theta, *, score, process, method, steps):
    def drift(z, t, entries):
        slope, half = coefficients(t, low, high, process)
        return slope * z - half * score(z, t, entries)

    return odeint(x, t0, t1, theta, velocity=drift, method=method, steps=steps)


RULE = {"convention": "rk4 is the 3/8 rule"}
CANDIDATES = {"odeint": {"function": odeint, **RULE}, "probability_flow": {"function": probability_flow, **RULE}}
