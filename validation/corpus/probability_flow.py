"""Forms of the probability flow, and of likelihoods along it."""

import autograd.numpy as anp
import numpy as np
import torch
from autograd import elementwise_grad

from validation.corpus.flow import tracked
from validation.corpus.form import Form, into
from validation.corpus.ode import OTHER, STEPS, Several, solve

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


def prior_logp(z, sigma):
    """Of N(0, σ² I), as score SDEs have it."""
    n = z.shape[1]
    return -n / 2.0 * torch.log(2 * torch.pi * sigma**2) - torch.sum(z**2, dim=1) / (2 * sigma**2)


def drift_fn(process, low, high, score, theta):
    """The drift of the flow."""
    forward = sde(process, low, high)

    def drift(y, t):
        f, g = forward(y, t)
        return f - 0.5 * g**2 * score(y, t, theta)

    return drift


def likelihood(x, t0, t1, drift, divergence, step, steps):
    """(z, the integral of the divergence), from the data to the prior."""

    def ode_func(t, state):
        sample = tracked(state[0])
        with torch.enable_grad():
            f = drift(sample, t)
            return Several([f, divergence(f, sample)])

    return solve(ode_func, Several([x, torch.zeros_like(x[:, 0])]), t0, t1, steps, step)


def summed(f, y):
    """tr ∂f/∂y by one reverse product for every axis."""
    rows = [torch.autograd.grad(f[:, i].sum(), y, create_graph=True)[0][:, i] for i in range(y.shape[1])]
    return torch.stack(rows).sum(0)


def wide(process, high):
    return high if process == "ve" else torch.ones_like(high)


@form("probability_flow_log_density", "score SDEs' likelihood, the divergence exact")
def logp_exact(x, t0, t1, low, high, theta, score, process, method, steps):
    drift = drift_fn(process, low, high, score, theta)
    z, delta_logp = likelihood(x, t0, t1, drift, summed, STEPS[method], steps)
    return prior_logp(z, wide(process, high)) + delta_logp


@form("probability_flow_log_density", "bits per dimension of images in [−1, 1]",
      convention="bits per dimension of bytes, which were divided by 128 and shifted to [−1, 1]")
def bpd_exact(x, t0, t1, low, high, theta, score, process, method, steps):
    drift = drift_fn(process, low, high, score, theta)
    z, delta_logp = likelihood(x, t0, t1, drift, summed, STEPS[method], steps)
    bpd = -(prior_logp(z, wide(process, high)) + delta_logp) / np.log(2)
    return bpd / x.shape[1] + 7.0


@form("probability_flow_log_density", "autograd", framework="autograd")
def logp_in_autograd(x, t0, t1, low, high, theta, score, process, method, steps):
    size = x.shape[1]

    def parts(t):
        if process == "ve":
            return 0.0, anp.log(high / low) * low**2 * anp.exp(2 * t * anp.log(high / low))
        beta = low + (high - low) * t
        kept = 1.0 if process == "vp" else 1 - anp.exp(-2 * low * t - (high - low) * t**2)
        return -beta / 2, beta * kept / 2

    def rates(t, joint):
        z = joint[:, :-1]
        a, half = parts(t)
        component = lambda i: elementwise_grad(lambda y: score(y, t, theta)[:, i])(z)[:, i]
        divergence = size * a - half * sum(component(i) for i in range(size))
        return anp.concatenate([a * z - half * score(z, t, theta), anp.reshape(divergence, (-1, 1))], axis=1)

    joint = solve(rates, anp.concatenate([x, 0.0 * x[:, :1]], axis=1), t0, t1, steps, STEPS[method])
    s = high if process == "ve" else 1.0
    return -0.5 * anp.sum((joint[:, :-1] / s) ** 2 + anp.log(2 * np.pi * s**2), axis=1) + joint[:, -1]


@form("probability_flow_log_density_estimate", "score SDEs' likelihood, Skilling and Hutchinson")
def logp_of_epsilon(x, probe, t0, t1, low, high, theta, score, process, method, steps):
    def hutchinson(f, y):
        forms = [torch.autograd.grad((f * e).sum(), y, create_graph=True)[0].mul(e).sum(1) for e in probe.unbind(1)]
        return torch.stack(forms).mean(0)

    drift = drift_fn(process, low, high, score, theta)
    z, delta_logp = likelihood(x, t0, t1, drift, hutchinson, STEPS[method], steps)
    return prior_logp(z, wide(process, high)) + delta_logp


@form("probability_flow_log_density_estimate", "a negative log-likelihood by forward products",
      convention="negative log-likelihood")
def nll_of_tangents(x, probe, t0, t1, low, high, theta, score, process, method, steps):
    drift = drift_fn(process, low, high, score, theta)

    def rates(t, state):
        y = state[0]
        product = lambda v: torch.func.jvp(lambda u: drift(u, t), (y,), (v,))[1]
        along = torch.func.vmap(product, in_dims=1, out_dims=1)(probe)
        return Several([drift(y, t), (along * probe).sum(-1).mean(-1)])

    z, delta = solve(rates, Several([x, torch.zeros_like(x[:, 0])]), t0, t1, steps, STEPS[method])
    return -prior_logp(z, wide(process, high)) - delta
