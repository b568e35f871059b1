"""Forms of energies with their scores, and of probability flows, as the code of score SDEs and tutorials have them."""

import math
from itertools import pairwise
from types import SimpleNamespace

import autograd
import autograd.numpy as anp
import torch
import torch.nn.functional as F
from torch import distributions as D

from validation.corpus.form import Form, into

FORMS: list[Form] = []
form = into(FORMS)
NEGATED = "a network of −E, which is the energy's minus"
NLL = "negative log-likelihood"
ACT = {"tanh": torch.tanh, "softplus": lambda a: F.softplus(a, threshold=40), "silu": F.silu}


def tracked(x):
    return x if x.requires_grad else x.detach().requires_grad_(True)


def energy(x, theta, activation):
    """A perceptron with one output, (B,)."""
    depth = len(theta) // 2
    for n in range(1, depth + 1):
        x = F.linear(x, theta[f"W{n}"], theta[f"b{n}"])
        x = ACT[activation](x) if n < depth else x
    return x.squeeze(-1)


@form("energy_score", "energy-based models whose sampler differentiates the sum")
def ebm_by_grad(x, theta, activation):
    x = tracked(x)
    e = energy(x, theta, activation)
    return e, -torch.autograd.grad(e.sum(), x, create_graph=True)[0]


@form("energy_score", "a gradient of each point, vmapped")
def ebm_by_func(x, theta, activation):
    e_and_grad = torch.func.grad_and_value(lambda one: energy(one[None], theta, activation)[0])
    gradient, value = torch.func.vmap(e_and_grad)(x)
    return value, gradient.neg()


@form("energy_score", "unnormalised log-densities", convention=NEGATED)
def ebm_negated(x, theta, activation):
    x = tracked(x)
    logits = energy(x, theta, activation)
    (grad,) = torch.autograd.grad(logits, x, grad_outputs=torch.ones_like(logits), create_graph=True, retain_graph=True)
    return {"energy": -logits, "score": grad}


@form("energy_score", "a backward pass written out, layer by layer")
def ebm_by_layers(x, theta, activation):
    depth, h, slopes = len(theta) // 2, x, []
    for n in range(1, depth):
        a = h @ theta[f"W{n}"].T + theta[f"b{n}"]
        h, sigmoid = ACT[activation](a), torch.sigmoid(a)
        slopes.append({"tanh": 1 - h * h, "softplus": sigmoid, "silu": sigmoid + h * (1 - sigmoid)}[activation])
    e = h @ theta[f"W{depth}"].T + theta[f"b{depth}"]
    delta = torch.ones_like(e) @ theta[f"W{depth}"]
    for n in range(depth - 1, 0, -1):
        delta = (delta * slopes[n - 1]) @ theta[f"W{n}"]
    return e[:, 0], -delta


@form("energy_score", "autograd", framework="autograd")
def ebm_in_autograd(x, theta, activation):
    act = {
        "tanh": anp.tanh,
        "softplus": lambda a: anp.logaddexp(a, 0.0),
        "silu": lambda a: a * 0.5 * (1 + anp.tanh(a / 2)),
    }[activation]
    depth = len(theta) // 2

    def network(h):
        for n in range(1, depth):
            h = act(anp.dot(h, theta[f"W{n}"].T) + theta[f"b{n}"])
        return (anp.dot(h, theta[f"W{depth}"].T) + theta[f"b{depth}"])[:, 0]

    return network(x), -autograd.elementwise_grad(network)(x)


class VPSDE:
    """dx = −½ β x dt + √β dw."""

    def __init__(self, beta_min, beta_max):
        self.beta_0, self.beta_1 = beta_min, beta_max
        self.scale = 1.0

    def beta(self, t):
        return self.beta_0 + t * (self.beta_1 - self.beta_0)

    def sde(self, x, t):
        return -0.5 * self.beta(t) * x, torch.sqrt(self.beta(t))


class SubVPSDE(VPSDE):
    """Its drift with less diffusion."""

    def sde(self, x, t):
        discount = 1.0 - torch.exp(-2 * self.beta_0 * t - (self.beta_1 - self.beta_0) * t**2)
        return -0.5 * self.beta(t) * x, torch.sqrt(self.beta(t) * discount)


class VESDE:
    """dx = σ √(2 log(σ_max/σ_min)) dw."""

    def __init__(self, sigma_min, sigma_max):
        self.sigma_min, self.sigma_max = sigma_min, sigma_max
        self.scale = sigma_max

    def sde(self, x, t):
        sigma = self.sigma_min * (self.sigma_max / self.sigma_min) ** t
        rate = torch.log(self.sigma_max) - torch.log(self.sigma_min)
        return torch.zeros_like(x), sigma * torch.sqrt(2 * rate)


PROCESSES = {"vp": VPSDE, "sub_vp": SubVPSDE, "ve": VESDE}


def reverse_drift(process, x, t, score):
    """The drift of the reversed process with half the score, which is the flow's."""
    drift, diffusion = process.sde(x, t)
    return drift - diffusion**2 * score(x, t) * 0.5


def plain_drift(process, low, high):
    """a and ½ g² without a root."""
    if process == "ve":
        ratio = high / low
        return lambda t: (0.0 * t, (low * ratio**t) ** 2 * torch.log(ratio))
    beta = lambda t: torch.lerp(low, high, t)
    if process == "vp":
        return lambda t: (-0.5 * beta(t), 0.5 * beta(t))
    gone = lambda t: -torch.expm1(-2 * t * (low + 0.5 * t * (high - low)))
    return lambda t: (-0.5 * beta(t), 0.5 * beta(t) * gone(t))


def third(f, t, y, h):
    """Kutta's 3/8 rule."""
    k1 = f(t, y)
    k2 = f(t + h / 3, y + h * k1 / 3)
    k3 = f(t + 2 * h / 3, y + h * (k2 - k1 / 3))
    k4 = f(t + h, y + h * (k1 - k2 + k3))
    return (k1 + 3 * (k2 + k3) + k4) / 8


TABLEAUS = {
    "euler": ([], [1.0]),
    "midpoint": ([0.5], [0.0, 1.0]),
    "heun": ([1.0], [0.5, 0.5]),
    "rk4": ([0.5, 0.5, 1.0], [1 / 6, 1 / 3, 1 / 3, 1 / 6]),
}


def slope_of(method, f, t, y, h):
    """The increment over h, of a method whose stages look at the one before."""
    nodes, weights = TABLEAUS[method]
    stages = [f(t, y)]
    for c in nodes:
        stages.append(f(t + c * h, y + c * h * stages[-1]))
    return sum(w * k for w, k in zip(weights, stages, strict=True) if w)


def integrate(f, y, t0, t1, steps, method):
    """Along a grid of equal steps."""
    grid = [t0 + (t1 - t0) * n / steps for n in range(steps + 1)]
    for t, after in pairwise(grid):
        y = y + (after - t) * slope_of(method, f, t, y, after - t)
    return y


@form("probability_flow", "the classes of score SDEs and a fixed-step solver")
def flow_of_classes(x, t0, t1, low, high, theta, score, process, method, steps):
    sde = PROCESSES[process](low, high)
    network = lambda x, t: score(x, t, theta)
    return integrate(lambda t, y: reverse_drift(sde, y, t, network), x, t0, t1, steps, method)


@form("probability_flow", "coefficients without roots, a step of one size")
def flow_of_coefficients(x, t0, t1, low, high, theta, score, process, method, steps):
    coefficients, dt, t = plain_drift(process, low, high), (t1 - t0) / steps, t0

    def velocity(t, y):
        a, q = coefficients(t)
        return a * y - q * score(y, t, theta)

    for _ in range(steps):
        x = x + dt * slope_of(method, velocity, t, x, dt)
        t = t + dt
    return x


@form("probability_flow", "a solver whose rk4 is the 3/8 rule", convention="rk4 is the 3/8 rule")
def flow_of_thirds(x, t0, t1, low, high, theta, score, process, method, steps):
    sde, h = PROCESSES[process](low, high), (t1 - t0) / steps
    f = lambda t, y: reverse_drift(sde, y, t, lambda x, t: score(x, t, theta))
    for n in range(steps):
        increment = third(f, t0 + n * h, x, h) if method == "rk4" else slope_of(method, f, t0 + n * h, x, h)
        x = x + h * increment
    return x


def prior_logp(z, scale):
    """log N(z; 0, scale² I)."""
    dim = z.shape[1]
    return -dim / 2.0 * torch.log(2 * math.pi * scale**2) - torch.sum(z**2, dim=1) / (2 * scale**2)


def with_divergence(drift, divergence, x, t0, t1, steps, method):
    """x and the integral of the divergence, in one state whose last column it is."""
    def ode_func(t, state):
        y = state[:, :-1]
        return torch.cat([drift(y, t), divergence(y, t)[:, None]], dim=1)

    state = integrate(ode_func, torch.cat([x, torch.zeros_like(x[:, :1])], dim=1), t0, t1, steps, method)
    return SimpleNamespace(z=state[:, :-1], delta_logp=state[:, -1])


def exact_div(fn):
    """A gradient of every component."""
    def divergence(x, t):
        with torch.enable_grad():
            x = x if x.requires_grad else x.detach().requires_grad_(True)
            values = fn(x, t)
            along = lambda i: torch.autograd.grad(values[:, i].sum(), x, create_graph=True)[0][:, i]
            return sum(along(i) for i in range(x.shape[1]))

    return divergence


def hutchinson_div(fn, probe):
    """vᵀ ∇(vᵀ f), a mean of the probes."""
    def divergence(x, t):
        x = x if x.requires_grad else x.detach().requires_grad_(True)
        total, values = 0.0, fn(x, t)
        for epsilon in probe.unbind(1):
            grad = torch.autograd.grad(torch.sum(values * epsilon), x, create_graph=True)[0]
            total = total + torch.sum(grad * epsilon, dim=1)
        return total / probe.shape[1]

    return divergence


def flow_drift(process, low, high, theta, score):
    sde = PROCESSES[process](low, high)
    drift = lambda x, t: reverse_drift(sde, x, t, lambda x, t: score(x, t, theta))
    return drift, torch.as_tensor(sde.scale, dtype=low.dtype)


@form("probability_flow_log_density", "the likelihood of score SDEs with the trace in full")
def likelihood_exact(x, t0, t1, low, high, theta, score, process, method, steps):
    drift, scale = flow_drift(process, low, high, theta, score)
    end = with_divergence(drift, exact_div(drift), x, t0, t1, steps, method)
    return prior_logp(end.z, scale) + end.delta_logp


@form("probability_flow_log_density", "forward-mode Jacobians and a library's normal prior", convention=NLL)
def likelihood_by_jacfwd(x, t0, t1, low, high, theta, score, process, method, steps):
    coefficients = plain_drift(process, low, high)

    def drift(y, t):
        a, q = coefficients(t)
        return a * y - q * score(y, t, theta)

    def divergence(y, t):
        jacobian = torch.func.vmap(torch.func.jacfwd(lambda one: drift(one[None], t)[0]))(y)
        return torch.einsum("bii->b", jacobian)

    end = with_divergence(drift, divergence, x, t0, t1, steps, method)
    deviation = high if process == "ve" else torch.ones_like(high)
    prior = D.Independent(D.Normal(torch.zeros_like(end.z), deviation.expand_as(end.z), validate_args=False), 1)
    return -(prior.log_prob(end.z) + end.delta_logp)


@form("probability_flow_log_density_estimate", "the likelihood of score SDEs, Skilling and Hutchinson's trace")
def likelihood_estimated(x, probe, t0, t1, low, high, theta, score, process, method, steps):
    drift, scale = flow_drift(process, low, high, theta, score)
    end = with_divergence(drift, hutchinson_div(drift, probe), x, t0, t1, steps, method)
    return prior_logp(end.z, scale) + end.delta_logp


@form("probability_flow_log_density_estimate", "image models: bits of bytes in [−1, 1]",
      convention="bits per dimension of bytes, which were divided by 128 and shifted to [−1, 1]")
def likelihood_bpd(x, probe, t0, t1, low, high, theta, score, process, method, steps):
    drift, scale = flow_drift(process, low, high, theta, score)
    end = with_divergence(drift, hutchinson_div(drift, probe), x, t0, t1, steps, method)
    bpd = -(prior_logp(end.z, scale) + end.delta_logp) / math.log(2)
    return bpd / x.shape[1] + 7.0
