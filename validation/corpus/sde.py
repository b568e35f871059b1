"""Forms of Langevin steps and chains, and of the probability-flow drift."""

import autograd.numpy as anp
import numpy as np
import torch

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)


@form("langevin_step", "energy-based models")
def ula_step(x, score, eps, step):
    return x + 0.5 * step * score + torch.sqrt(step) * eps


@form("langevin_step", "the samplers of NCSN", convention="x + ε s + √(2ε) z")
def ncsn_step(x, score, eps, step):
    noise = eps * torch.sqrt(step * 2)
    return x + step * score + noise


@form("langevin_step", "a general Euler–Maruyama step of dx = ½ s dt + dw")
def euler_maruyama_step(x, score, eps, step):
    drift, dispersion = score / 2, 1.0
    return x + drift * step + dispersion * step.sqrt() * eps


@form("langevin_step", "a NumPy step with its backward", framework="numpy")
def step_by_hand(x, score, eps, step):
    root = np.sqrt(step)

    def pullback(bar):
        return {"x": bar, "score": bar * step / 2, "step": np.sum(bar * (score / 2 + eps / (2 * root)))}

    return x + step / 2 * score + root * eps, pullback


@form("langevin_chain", "a loop over steps")
def ula_chain(x, eps, step, theta, score):
    for t in range(eps.shape[1]):
        x = x + step / 2 * score(x, theta) + step**0.5 * eps[:, t]
    return x


@form("langevin_chain", "a loop with twice the diffusion", convention="x + ε s + √(2ε) z")
def ncsn_chain(x, eps, step, theta, score):
    for z in eps.unbind(1):
        x = torch.add(x, step * score(x, theta)) + (2 * step).sqrt() * z
    return x


@form("langevin_chain", "autograd", framework="autograd")
def chain_in_autograd(x, eps, step, theta, score):
    for t in range(eps.shape[1]):
        x = x + 0.5 * step * score(x, theta) + anp.sqrt(step) * eps[:, t]
    return x


@form("langevin_chain", "a chain kept for its backward", framework="numpy")
def chain_by_hand(x, eps, step, theta, score):
    states = [x]
    for t in range(eps.shape[1]):
        states.append(states[-1] + step / 2 * score(states[-1], theta) + np.sqrt(step) * eps[:, t])

    def pullback(bar):
        total, step_bar = {name: np.zeros_like(p) for name, p in theta.items()}, np.zeros_like(step)
        for t in reversed(range(eps.shape[1])):
            s, back = score.vjp(states[t], theta)
            found = back(step / 2 * bar, wrt=("x", "theta"))
            step_bar = step_bar + np.sum(bar * (s / 2 + eps[:, t] / (2 * np.sqrt(step))))
            bar = bar + found["x"]
            total = {name: total[name] + found["theta"][name] for name in theta}
        return {"x": bar, "step": step_bar, "theta": total}

    return states[-1], pullback


@form("annealed_langevin", "algorithm 1 of NCSN, as in the paper")
def ald_of_the_paper(x, eps, sigmas, base_step, theta, score):
    for i, sigma in enumerate(sigmas):
        alpha = base_step * (sigma / sigmas[-1]) ** 2
        for t in range(eps.shape[2]):
            x = x + alpha / 2 * score(x, sigma, theta) + torch.sqrt(alpha) * eps[:, i, t]
    return x


@form("annealed_langevin", "its published sampler", convention="x + α s + √(2α) z")
def ald_of_the_code(x, eps, sigmas, base_step, theta, score):
    for c, sigma in enumerate(sigmas):
        step_size = base_step * (sigma / sigmas[-1]) ** 2
        for s in range(eps.shape[2]):
            grad = score(x, sigma, theta)
            noise = eps[:, c, s] * torch.sqrt(step_size * 2)
            x = x + step_size * grad + noise
    return x


@form("annealed_langevin", "autograd", framework="autograd")
def ald_in_autograd(x, eps, sigmas, base_step, theta, score):
    levels, steps = eps.shape[1:3]
    for i in range(levels):
        alpha = base_step * sigmas[i] ** 2 / sigmas[levels - 1] ** 2
        for t in range(steps):
            x = x + 0.5 * alpha * score(x, sigmas[i], theta) + anp.sqrt(alpha) * eps[:, i, t]
    return x


@form("probability_flow_drift", "score SDEs: a drift with half the score")
def rsde_drift(drift, score, diffusion):
    g = diffusion[(...,) + (None,) * (drift.ndim - 1)]
    return drift - g**2 * score * 0.5


@form("probability_flow_drift", "views and products")
def drift_by_view(drift, score, diffusion):
    g2 = torch.square(diffusion).view(-1, *([1] * (score.dim() - 1)))
    return torch.addcmul(drift, g2, score, value=-0.5)


@form("probability_flow_drift", "a NumPy drift with its backward", framework="numpy")
def drift_by_hand(drift, score, diffusion):
    g = diffusion.reshape((-1,) + (1,) * (score.ndim - 1))

    def pullback(bar):
        return {
            "drift": bar,
            "score": -0.5 * g**2 * bar,
            "diffusion": -diffusion * (bar * score).reshape(len(bar), -1).sum(1),
        }

    return drift - 0.5 * g**2 * score, pullback


@form("sde_coefficients", "the classes of a library of score-based models, one for each process")
def coefficients_of_processes(t, low, high, process):
    if process == "ve":
        sigma = low * (high / low) ** t
        return torch.zeros_like(t), sigma * torch.sqrt(2 * (torch.log(high) - torch.log(low)))
    beta = low + t * (high - low)
    if process == "vp":
        return -0.5 * beta, torch.sqrt(beta)
    discount = 1 - torch.exp(-2 * low * t - (high - low) * t**2)
    return -0.5 * beta, torch.sqrt(beta * discount)
