"""Correct code that is written otherwise: other forms, other orders of summation, another dtype.

A test that blames one of these costs its user a day. `eps` is the unit roundoff with which it computes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.domain import Array as Domain
from refdgm.mistakes.stepping import backwards, runge_kutta
from refdgm.nets.activation import ACTIVATIONS
from refdgm.ode.tableau import TABLEAUS, Tableau
from refdgm.reference import Reference

DOUBLE, SINGLE = 2.0**-52, 2.0**-23


@dataclass(frozen=True)
class Rewrite:
    name: str
    reference: str
    body: Callable[..., Any]
    what: str
    eps: float = DOUBLE


REWRITES: dict[str, Rewrite] = {}


def rewrite(reference: str, eps: float = DOUBLE) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a body as a rewrite of a reference; its docstring says how it differs."""

    def register(body: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{reference}/{body.__name__}"
        REWRITES[name] = Rewrite(name, reference, body, " ".join((body.__doc__ or "").split()), eps)
        return body

    return register


# For every reference


def of_all(x: Any, change: Callable[[Any], Any]) -> Any:
    return {name: change(entry) for name, entry in x.items()} if isinstance(x, dict) else change(x)


def in_float32(ref: Reference) -> Callable[..., Any]:
    def low(x: Any) -> Any:
        return x.astype(np.float32) if x.dtype == np.float64 else x

    def natively_in_float32(*arrays: Any, **options: Any) -> Any:
        """All arithmetic and every sum in float32."""
        found = ref.body(*(of_all(x, low) for x in arrays), **options)
        return (found[0], lambda *bars: found[1](*map(low, bars))) if ref.differentiable else found

    return natively_in_float32


def batch_reversed(ref: Reference) -> Callable[..., Any]:
    def turned(name: str, x: Any) -> Any:
        domain = ref.args[name]
        return x[::-1] if isinstance(domain, Domain) and domain.shape[:1] == ("B",) else x

    def examples_in_reverse(*arrays: Any, **options: Any) -> Any:
        """The examples in the opposite order, which is the order of every sum over the batch."""
        found = ref.body(*(turned(n, x) for n, x in zip(ref.arrays, arrays, strict=True)), **options)
        if not ref.differentiable:
            return found[::-1]
        value, right = found
        shown = tuple(y[::-1] for y in value) if len(ref.result) > 1 else value[::-1]

        def pullback(*bars: Any) -> dict[str, Any]:
            g = right(*(bar[::-1] for bar in bars))
            return {name: turned(name, g[name]) for name in ref.wrt}

        return shown, pullback

    return examples_in_reverse


for each in CATALOGUE.values():
    rewrite(each.name)(batch_reversed(each))
    if each.differentiable:
        rewrite(each.name, SINGLE)(in_float32(each))


# Latents


@rewrite("gumbel_max")
def by_sorting(logits: Any, gumbel: Any) -> Any:
    """The first of a stable descending sort."""
    return np.argsort(-(logits + gumbel), axis=-1, kind="stable")[:, 0]


@rewrite("gumbel_max")
def exponential_race(logits: Any, gumbel: Any) -> Any:
    """The first arrival of independent exponential clocks: argmin E/π with E = e^{−g}."""
    return np.argmin(np.exp(-gumbel - logits), axis=-1)


def jacobian_form(logits: Any, gumbel: Any, tau: Any) -> Any:
    z = (logits + gumbel) / tau
    y = np.exp(z - np.max(z, axis=-1, keepdims=True))
    y = y / np.sum(y, axis=-1, keepdims=True)
    jacobian = y[:, :, None] * np.eye(y.shape[1]) - y[:, :, None] * y[:, None, :]

    def pullback(bar: Any) -> dict[str, Any]:
        z_bar = np.einsum("bij,bj->bi", jacobian, bar)
        return {"logits": z_bar / tau, "tau": -np.sum(z_bar * z) / tau}

    return y, pullback


@rewrite("gumbel_softmax")
def by_the_full_jacobian(logits: Any, gumbel: Any, tau: Any) -> Any:
    """diag(y) − y yᵀ as a matrix; z not measured from its maximum in τ̄."""
    return jacobian_form(logits, gumbel, tau)


@rewrite("gumbel_softmax")
def through_log_sum_exp(logits: Any, gumbel: Any, tau: Any) -> Any:
    """y = exp(z − log Σ exp z), the sum without a shift."""
    z = (logits + gumbel) / tau
    y = np.exp(z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True)))

    def pullback(bar: Any) -> dict[str, Any]:
        z_bar = y * bar - y * np.sum(y * bar, axis=-1, keepdims=True)
        logits_bar = z_bar / tau
        return {"logits": logits_bar, "tau": -np.sum(logits_bar * (logits + gumbel)) / tau}

    return y, pullback


@rewrite("gumbel_softmax")
def shifted_logits(logits: Any, gumbel: Any, tau: Any) -> Any:
    """Logits normalised to log-probabilities first, which changes nothing."""
    normalised = logits - np.log(np.sum(np.exp(logits), axis=-1, keepdims=True))
    return CATALOGUE["gumbel_softmax"].body(normalised, gumbel, tau)


@rewrite("gumbel_softmax")
def categories_in_reverse(logits: Any, gumbel: Any, tau: Any) -> Any:
    """The opposite order of summation over the categories."""
    y, right = CATALOGUE["gumbel_softmax"].body(logits[:, ::-1], gumbel[:, ::-1], tau)
    return y[:, ::-1], lambda bar: (g := right(bar[:, ::-1])) | {"logits": g["logits"][:, ::-1]}


@rewrite("straight_through_gumbel_softmax")
def hard_minus_soft_plus_soft(logits: Any, gumbel: Any, tau: Any) -> Any:
    """(c − sg(y)) + y, as it is written with automatic differentiation: not exactly one-hot."""
    y, pullback = jacobian_form(logits, gumbel, tau)
    c = np.eye(y.shape[1])[np.argmax(y, axis=-1)]
    return (c - y) + y, pullback


@rewrite("vector_quantization")
def expanded_distance(z: Any, codebook: Any, beta: Any) -> Any:
    """‖z‖² − 2⟨z, e⟩ + ‖e‖², the sum over assigned examples by scattering."""
    apart = np.sum(z**2, axis=1)[:, None] - 2 * z @ codebook.T + np.sum(codebook**2, axis=1)
    k = np.argmin(apart, axis=1)
    q = codebook[k]
    loss = np.sum((q - z) ** 2, axis=1)

    def pullback(q_bar: Any, c_bar: Any, m_bar: Any) -> dict[str, Any]:
        codebook_bar = np.zeros_like(codebook)
        np.add.at(codebook_bar, k, 2 * c_bar[:, None] * (q - z))
        z_bar = q_bar - 2 * beta * m_bar[:, None] * (q - z)
        return {"z": z_bar, "codebook": codebook_bar, "beta": m_bar @ loss}

    return (k, z + (q - z), loss, beta * loss), pullback


@rewrite("vector_quantization")
def by_one_hot_products(z: Any, codebook: Any, beta: Any) -> Any:
    """q = onehot(k) e, ē from two matrix products, the norms by a square root and its square."""
    k = np.argmin(np.sqrt(np.sum((z[:, None] - codebook) ** 2, axis=-1)), axis=1)
    hot = np.eye(codebook.shape[0])[k]
    q = hot @ codebook
    loss = np.linalg.norm(z - q, axis=1) ** 2

    def pullback(q_bar: Any, c_bar: Any, m_bar: Any) -> dict[str, Any]:
        counts = hot.T @ c_bar
        return {
            "z": q_bar + 2 * beta * (m_bar[:, None] * z - m_bar[:, None] * q),
            "codebook": 2 * (counts[:, None] * codebook - hot.T @ (c_bar[:, None] * z)),
            "beta": np.sum(m_bar * loss),
        }

    return (k, q, loss, loss * beta), pullback


# Divergences


@rewrite("gaussian_kl")
def textbook_sum(mean: Any, logvar: Any) -> Any:
    """−½ Σ (1 + λ − μ² − e^λ), its three parts left to cancel."""
    loss = -0.5 * np.sum(1 + logvar - mean**2 - np.exp(logvar), axis=1)
    return loss, lambda bar: {
        "mean": bar[:, None] * mean,
        "logvar": 0.5 * bar[:, None] * (np.exp(logvar) - 1),
    }


@rewrite("gaussian_kl")
def by_deviations(mean: Any, logvar: Any) -> Any:
    """With σ = e^{λ/2} and log σ; the gradient passes through σ."""
    sigma = np.exp(logvar / 2)
    loss = np.sum((mean**2 + sigma**2) / 2 - np.log(sigma), axis=1) - mean.shape[1] / 2

    def pullback(bar: Any) -> dict[str, Any]:
        sigma_bar = bar[:, None] * (sigma - 1 / sigma)
        return {"mean": bar[:, None] * mean, "logvar": sigma_bar * sigma / 2}

    return loss, pullback


@rewrite("gaussian_kl")
def latents_in_reverse(mean: Any, logvar: Any) -> Any:
    """The opposite order of summation over the latents."""
    loss, right = CATALOGUE["gaussian_kl"].body(mean[:, ::-1], logvar[:, ::-1])
    return loss, lambda bar: {name: g[:, ::-1] for name, g in right(bar).items()}


@rewrite("gaussian_kl_between")
def by_variances(mean_q: Any, logvar_q: Any, mean_p: Any, logvar_p: Any) -> Any:
    """log(σ_p/σ_q) + (σ_q² + (μ_q − μ_p)²)/(2σ_p²) − ½, with variances."""
    vq, vp, apart = np.exp(logvar_q), np.exp(logvar_p), mean_q - mean_p
    loss = np.sum(0.5 * np.log(vp / vq) + (vq + apart**2) / (2 * vp) - 0.5, axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        each = bar[:, None]
        return {
            "mean_q": each * apart / vp,
            "logvar_q": each * (vq / vp - 1) / 2,
            "mean_p": -each * apart / vp,
            "logvar_p": each * (1 - (vq + apart**2) / vp) / 2,
        }

    return loss, pullback


@rewrite("gaussian_kl_between")
def as_cross_entropy_less_entropy(mean_q: Any, logvar_q: Any, mean_p: Any, logvar_p: Any) -> Any:
    """E_q[−log p] − H(q), each with its log 2πe."""
    cross = np.log(2 * np.pi) + logvar_p + (np.exp(logvar_q) + (mean_q - mean_p) ** 2) * np.exp(-logvar_p)
    entropy = np.log(2 * np.pi * np.e) + logvar_q
    right = by_variances(mean_q, logvar_q, mean_p, logvar_p)[1]
    return np.sum(cross, axis=1) / 2 - np.sum(entropy, axis=1) / 2, right


# Networks


@rewrite("mlp")
def one_example_at_a_time(x: Any, theta: Any, *, activation: str) -> Any:
    """Every example on its own; the parameters' gradients are added up in a loop."""
    single = [CATALOGUE["mlp"].body(row[None], theta, activation=activation) for row in x]

    def pullback(bar: Any) -> dict[str, Any]:
        each = [right(bar[i : i + 1]) for i, (_, right) in enumerate(single)]
        return {
            "x": np.concatenate([g["x"] for g in each]),
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta},
        }

    return np.concatenate([y for y, _ in single]), pullback


@rewrite("mlp")
def biases_as_a_column(x: Any, theta: Any, *, activation: str) -> Any:
    """[W b] [h 1]ᵀ in one product, features first."""
    depth, h, kept = len(theta) // 2, x.T, []
    for layer in range(1, depth + 1):
        full = np.concatenate([theta[f"W{layer}"], theta[f"b{layer}"][:, None]], axis=1)
        a = np.einsum("ij,jb->ib", full, np.concatenate([h, np.ones_like(h[:1])]))
        kept.append((h, a))
        h = ACTIVATIONS[activation](a, 0)[0] if layer < depth else a

    def pullback(bar: Any) -> dict[str, Any]:
        bar, grads = bar.T, {}
        for layer in range(depth, 0, -1):
            if layer < depth:
                bar = bar * ACTIVATIONS[activation](kept[layer - 1][1], 1)[1]
            inner = np.concatenate([kept[layer - 1][0], np.ones_like(bar[:1])])
            both = np.einsum("ib,jb->ij", bar, inner)
            grads |= {f"W{layer}": both[:, :-1], f"b{layer}": both[:, -1]}
            bar = np.einsum("ij,ib->jb", theta[f"W{layer}"], bar)
        return {"x": bar.T, "theta": {name: grads[name] for name in theta}}

    return h.T, pullback


@rewrite("mlp_tangent")
def one_direction_at_a_time(x: Any, x_dot: Any, theta: Any, *, activation: str) -> Any:
    """Each direction with a network evaluation of its own; the gradients are added up."""
    count = x_dot.shape[1]
    body = CATALOGUE["mlp_tangent"].body
    single = [body(x, x_dot[:, r : r + 1], theta, activation=activation) for r in range(count)]

    def pullback(y_bar: Any, y_dot_bar: Any) -> dict[str, Any]:
        each = [right(y_bar / count, y_dot_bar[:, r : r + 1]) for r, (_, right) in enumerate(single)]
        return {
            "x": sum(g["x"] for g in each),
            "x_dot": np.concatenate([g["x_dot"] for g in each], axis=1),
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta},
        }

    return (single[0][0][0], np.concatenate([outputs[1] for outputs, _ in single], axis=1)), pullback


@rewrite("implicit_score_matching")
def one_axis_at_a_time(x: Any, theta: Any, *, score: Any) -> Any:
    """The trace axis by axis, and ‖s‖² from a separate evaluation."""
    s, first = score.vjp(x, theta)
    axes = np.eye(x.shape[1])
    found = [score.jvp(x, axes[None, i : i + 1] + 0 * x[:, None, :], theta) for i in range(x.shape[1])]
    trace = sum(outputs[1][:, 0, i] for i, (outputs, _) in enumerate(found))

    def pullback(bar: Any) -> dict[str, Any]:
        each = [first(bar[:, None] * s)]
        for i, (_, right) in enumerate(found):
            each.append(right(0 * s, bar[:, None, None] * axes[None, i : i + 1]))
        return {
            "x": sum(g["x"] for g in each),
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta},
        }

    return np.sum(s**2, axis=1) / 2 + trace, pullback


# Guidance


@rewrite("classifier_free_guidance")
def as_a_weighted_sum(eps_cond: Any, eps_uncond: Any, gamma: Any) -> Any:
    """γ ε_c + (1 − γ) ε_u."""
    return gamma * eps_cond + (1 - gamma) * eps_uncond, lambda bar: {
        "eps_cond": bar * gamma,
        "eps_uncond": bar - gamma * bar,
        "gamma": np.sum(bar * eps_cond) - np.sum(bar * eps_uncond),
    }


@rewrite("classifier_free_guidance")
def in_the_other_scale(eps_cond: Any, eps_uncond: Any, gamma: Any) -> Any:
    """(1 + w) ε_c − w ε_u with w = γ − 1."""
    w = gamma - 1
    return (1 + w) * eps_cond - w * eps_uncond, lambda bar: {
        "eps_cond": (1 + w) * bar,
        "eps_uncond": -w * bar,
        "gamma": np.vdot(bar, eps_cond - eps_uncond),
    }


# Solvers


@rewrite("odeint")
def with_an_idle_stage(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The tableau with one more stage, of weight zero, and every weight written with another denominator."""
    table = TABLEAUS[method]
    idle = Tableau(
        a=(*table.a, tuple(Fraction(1, 7) for _ in table.b)),
        b=(*(Fraction(3 * b) / 3 for b in table.b), 0),
        c=(*table.c, Fraction(len(table.b), 7)),
        order=table.order,
    )
    return runge_kutta(z0, t0, t1, theta, velocity, steps, idle)


@rewrite("odeint")
def one_step_at_a_time(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """A chain of solves of one step each, on a grid (1 − n/N) t₀ + (n/N) t₁."""
    z, chain = z0, []
    share = [n / steps for n in range(steps + 1)]
    grid = [(1 - s) * t0 + s * t1 for s in share]
    for n in range(steps):
        z, right = CATALOGUE["odeint"].body(
            z, grid[n], grid[n + 1], theta, velocity=velocity, method=method, steps=1
        )
        chain.append(right)

    def pullback(bar: Any) -> dict[str, Any]:
        t0_bar, t1_bar, theta_bar = 0 * t0, 0 * t1, {name: 0 * entry for name, entry in theta.items()}
        for n in range(steps - 1, -1, -1):
            g = chain[n](bar)
            bar = g["z0"]
            t0_bar = t0_bar + (1 - share[n]) * g["t0"] + (1 - share[n + 1]) * g["t1"]
            t1_bar = t1_bar + share[n] * g["t0"] + share[n + 1] * g["t1"]
            theta_bar = {name: entry + g["theta"][name] for name, entry in theta_bar.items()}
        return {"z0": bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return z, pullback


@rewrite("odeint_adjoint")
def without_shared_code(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """The same equations in a loop of its own, all gradients always computed."""
    return backwards(z0, t0, t1, theta, velocity, method, steps)


@rewrite("odeint_adjoint")
def one_augmented_state(
    z0: Any, t0: Any, t1: Any, theta: Any, *, velocity: Any, method: str, steps: int
) -> Any:
    """State, adjoint and all parameter gradients in one flat vector, as general solvers want it, with a
    negative step."""
    z1 = CATALOGUE["odeint"].body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)[0]
    size, table = z0.size, TABLEAUS[method]

    def slope(t: Any, state: Any) -> Any:
        z, a = state[:size].reshape(z0.shape), state[size : 2 * size].reshape(z0.shape)
        f, right = velocity.vjp(z, t, theta)
        g = right(a)
        return np.concatenate([f.ravel(), -g["z"].ravel(), *(-g["theta"][name].ravel() for name in theta)])

    def pullback(bar: Any) -> dict[str, Any]:
        parameters = sum(entry.size for entry in theta.values())
        state, h = np.concatenate([z1.ravel(), bar.ravel(), np.zeros(parameters)]), (t0 - t1) / steps
        for n in range(steps):
            slopes: list[Any] = []
            for row, c in zip(table.a, table.c, strict=True):
                inner = state + sum((h * float(q) * k for q, k in zip(row, slopes, strict=True)), 0 * state)
                slopes.append(slope(t1 + (n + float(c)) * h, inner))
            state = state + h * sum(float(b) * k for b, k in zip(table.b, slopes, strict=True))
        z, a = state[:size].reshape(z0.shape), state[size : 2 * size].reshape(z0.shape)
        theta_bar, at = {}, 2 * size
        for name, entry in theta.items():
            theta_bar[name] = state[at : at + entry.size].reshape(entry.shape)
            at += entry.size
        return {
            "z0": a,
            "t0": -np.vdot(a, velocity.value(z, t0, theta)),
            "t1": np.vdot(bar, velocity.value(z1, t1, theta)),
            "theta": theta_bar,
        }

    return z1, pullback
