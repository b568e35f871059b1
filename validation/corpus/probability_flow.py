"""Forms of the probability flow, and of likelihoods along it."""

import autograd.numpy as anp
import numpy as np
import torch

from validation.corpus.form import Form, into
from validation.corpus.ode import OTHER, STEPS, solve

FORMS: list[Form] = []
form = into(FORMS)


def sde(process, low, high):
    """f(x, t) and g(t) of a process, as classes of score models have them."""

    def sde_of_time(x, t):
        if process == "ve":
            sigma = low * (high / low) ** t
            return torch.zeros_like(x), sigma * torch.sqrt(2 * (torch.log(high) - torch.log(low)))
        beta_t = low + t * (high - low)
        if process == "vp":
            return -0.5 * beta_t * x, torch.sqrt(beta_t)
        discount = 1.0 - torch.exp(-2 * low * t - (high - low) * t**2)
        return -0.5 * beta_t * x, torch.sqrt(beta_t * discount)

    return sde_of_time


@form("probability_flow", "score SDEs: a reverse SDE whose probability_flow is on")
def flow_of_rsde(x, t0, t1, low, high, theta, score, process, method, steps):
    forward = sde(process, low, high)

    def rsde(t, y):
        drift, diffusion = forward(y, t)
        return drift - diffusion**2 * score(y, t, theta) * 0.5

    return solve(rsde, x, t0, t1, steps, STEPS[method])


@form("probability_flow", "a stacked time, ends in a dictionary", convention="rk4 is the 3/8 rule")
def flow_of_times(x, t0, t1, low, high, theta, score, process, method, steps):
    ends = {"min": low, "max": high}

    def ode_func(t, y):
        if process == "ve":
            rate = torch.log(ends["max"] / ends["min"])
            variance_rate = 2 * rate * ends["min"] ** 2 * torch.exp(2 * rate * t)
            return -0.5 * variance_rate * score(y, t, theta)
        beta = (1 - t) * ends["min"] + t * ends["max"]
        alpha2 = torch.exp(-(t * ends["min"] + t**2 / 2 * (ends["max"] - ends["min"])))
        g2 = beta if process == "vp" else beta * (1 - alpha2**2)
        return -0.5 * (beta * y + g2 * score(y, t, theta))

    return solve(ode_func, x, t0, t1, steps, OTHER[method])


@form("probability_flow", "autograd", framework="autograd")
def flow_in_autograd(x, t0, t1, low, high, theta, score, process, method, steps):
    def f(t, y):
        if process == "ve":
            sigma_t = low * (high / low) ** t
            return -anp.log(high / low) * sigma_t**2 * score(y, t, theta)
        b = low + (high - low) * t
        kept = 1.0 if process == "vp" else 1 - anp.exp(-2 * (low * t + 0.5 * (high - low) * t * t))
        return -0.5 * b * (y + kept * score(y, t, theta))

    return solve(f, x, t0, t1, steps, STEPS[method])


@form("probability_flow", "a NumPy sampler by Euler's method with its backward", framework="numpy",
      fixed={"method": "euler"}, gradients=["x", "theta"])
def flow_by_hand(x, t0, t1, low, high, theta, score, process, steps):
    h, kept = (t1 - t0) / steps, []
    for n in range(steps):
        t = t0 + n * h
        if process == "ve":
            a, half = 0.0, np.log(high / low) * low**2 * (high / low) ** (2 * t)
        else:
            beta = low + (high - low) * t
            a, half = -beta / 2, beta / 2
            if process == "sub_vp":
                half = half * -np.expm1(-2 * t * (low + (high - low) * t / 2))
        s, pullback = score.vjp(x, t, theta)
        kept.append((a, half, pullback))
        x = x + h * (a * x - half * s)

    def backward(bar):
        theta_bar = {name: np.zeros_like(entry) for name, entry in theta.items()}
        for a, half, pullback in reversed(kept):
            grads = pullback(-h * half * bar)
            bar = bar + h * a * bar + grads["z"]
            theta_bar = {name: entry + grads["theta"][name] for name, entry in theta_bar.items()}
        return {"x": bar, "theta": theta_bar}

    return x, backward
