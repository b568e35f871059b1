"""Forms of what keeps a law, and of what a law must obey."""

import math

import autograd.numpy as anp
import numpy as np
import torch
from torch import distributions as D

from validation.corpus.form import Form, into
from validation.corpus.processes import (
    anp_each,
    anp_sum,
    batch_mul,
    sum_except_batch,
)

FORMS: list[Form] = []
form = into(FORMS)
ALL = ["x", "y", "score_x", "score_y", "log_density_x", "log_density_y", "step"]
LESS_RATE = "the other side less ∂_t log p"


@form("mala_log_ratio", "two proposals of torch.distributions", gradients=ALL)
def ratio_of_distributions(x, y, score_x, score_y, log_density_x, log_density_y, step):
    q = lambda a, s: D.Normal(a + step / 2 * s, step.sqrt(), validate_args=False)
    forward = sum_except_batch(q(x, score_x).log_prob(y))
    backward = sum_except_batch(q(y, score_y).log_prob(x))
    return log_density_y + backward - log_density_x - forward


@form("mala_log_ratio", "squared norms over twice the step", gradients=ALL)
def ratio_of_norms(x, y, score_x, score_y, log_density_x, log_density_y, step):
    log_q_xy = -sum_except_batch((x - y - 0.5 * step * score_y) ** 2) / (2 * step)
    log_q_yx = -sum_except_batch((y - x - 0.5 * step * score_x) ** 2) / (2 * step)
    return (log_density_y + log_q_xy) - (log_density_x + log_q_yx)


@form("mala_log_ratio", "norms over four times the paper's ε", convention="x + ε s + √(2ε) z")
def ratio_of_epsilon(x, y, score_x, score_y, log_density_x, log_density_y, step):
    def log_transition(to, start, score):
        return -torch.norm((to - start - step * score).reshape(len(to), -1), dim=1) ** 2 / (4 * step)

    back, forth = log_transition(x, y, score_y), log_transition(y, x, score_x)
    return log_density_y - log_density_x + back - forth


@form("mala_log_ratio", "one leapfrog step and its energies", gradients=ALL)
def ratio_of_energies(x, y, score_x, score_y, log_density_x, log_density_y, step):
    eps = step.sqrt()
    start = (y - x) / eps - eps / 2 * score_x
    momentum = start + eps / 2 * score_x
    momentum = momentum + eps / 2 * score_y
    current = -log_density_x + 0.5 * sum_except_batch(start**2)
    proposed = -log_density_y + 0.5 * sum_except_batch(momentum**2)
    return current - proposed


@form("mala_log_ratio", "the difference of the proposals in closed form, autograd", framework="autograd")
def ratio_in_autograd(x, y, score_x, score_y, log_density_x, log_density_y, step):
    crossed = anp_sum((y - x) * (score_x + score_y)) / 2
    lengths = step / 8 * (anp_sum(score_x**2) - anp_sum(score_y**2))
    return log_density_y - log_density_x - crossed + lengths


@form("mala_log_ratio", "normal densities of autograd's users, constants and all", framework="autograd")
def ratio_with_constants(x, y, score_x, score_y, log_density_x, log_density_y, step):
    def log_normal(value, mean):
        return -0.5 * anp_sum((value - mean) ** 2 / step + anp.log(2 * math.pi * step))

    there, back = log_normal(y, x + step / 2 * score_x), log_normal(x, y + step / 2 * score_y)
    return log_density_y - log_density_x + back - there


@form("fokker_planck_residual", "the equation, term by term")
def residual_of_terms(rate, drift, divergence, score, score_divergence, diffusion):
    diffused = 0.5 * diffusion**2 * (score_divergence + sum_except_batch(score**2))
    return rate + divergence + sum_except_batch(drift * score) - diffused


@form("fokker_planck_residual", "score FPE: ½g²(div s + ‖s‖²) − ⟨f, s⟩ − div f, less the rate", convention=LESS_RATE)
def fpe_of_the_paper(rate, drift, divergence, score, score_divergence, diffusion):
    s, f = score.reshape(len(score), -1), drift.reshape(len(drift), -1)
    rhs = diffusion**2 / 2 * (score_divergence + s.norm(dim=-1) ** 2) - torch.einsum("bd,bd->b", f, s) - divergence
    return rhs - rate


@form("fokker_planck_residual", "the continuity equation of the flow")
def residual_of_flow(rate, drift, divergence, score, score_divergence, diffusion):
    velocity = drift - batch_mul(0.5 * diffusion**2, score)
    velocity_divergence = divergence - 0.5 * diffusion**2 * score_divergence
    return rate + velocity_divergence + sum_except_batch(velocity * score)


@form("fokker_planck_residual", "a penalty for each dimension", convention=f"mean over components, {LESS_RATE}")
def fpe_averaged(rate, drift, divergence, score, score_divergence, diffusion):
    energy = sum_except_batch(score.square())
    rhs = 0.5 * diffusion.square() * (score_divergence + energy) - sum_except_batch(drift * score) - divergence
    return (rhs - rate) / math.prod(score.shape[1:])


@form("fokker_planck_residual", "NumPy with its backward", framework="numpy")
def residual_by_gradients(rate, drift, divergence, score, score_divergence, diffusion):
    total = lambda a: a.reshape(len(a), -1).sum(1)
    g2, wide = diffusion**2, (-1,) + (1,) * (score.ndim - 1)
    spread = score_divergence + total(score**2)

    def pullback(bar):
        b = bar.reshape(wide)
        return {
            "rate": bar,
            "divergence": bar,
            "drift": b * score,
            "score": b * (drift - g2.reshape(wide) * score),
            "score_divergence": -0.5 * g2 * bar,
            "diffusion": -diffusion * spread * bar,
        }

    return rate + divergence + total(drift * score) - 0.5 * g2 * spread, pullback


@form("fokker_planck_residual", "autograd", framework="autograd")
def residual_of_dots(rate, drift, divergence, score, score_divergence, diffusion):
    advected = divergence + anp_sum(drift * score)
    noisy = anp_each(diffusion, score) * score
    return rate + advected - diffusion**2 / 2 * score_divergence - anp_sum(noisy**2) / 2


@form("mala_log_ratio", "multivariate normal proposals of potentials U = −log p")
def ratio_of_potentials(x, y, score_x, score_y, log_density_x, log_density_y, step):
    flat = lambda a: a.reshape(len(a), -1)
    U_x, U_y, grad_U_x, grad_U_y = -log_density_x, -log_density_y, -flat(score_x), -flat(score_y)
    covariance = step * torch.eye(flat(x).shape[1], dtype=x.dtype)
    move = lambda a, grad: D.MultivariateNormal(a - step / 2 * grad, covariance, validate_args=False)
    log_alpha = U_x - U_y + move(flat(y), grad_U_y).log_prob(flat(x)) - move(flat(x), grad_U_x).log_prob(flat(y))
    return log_alpha


@form("mala_log_ratio", "NumPy with its backward", framework="numpy")
def ratio_by_hand(x, y, score_x, score_y, log_density_x, log_density_y, step):
    total = lambda a: a.reshape(len(a), -1).sum(1)
    back, there = x - y - step / 2 * score_y, y - x - step / 2 * score_x
    ratio = log_density_y - log_density_x + (total(there**2) - total(back**2)) / (2 * step)

    def pullback(bar):
        b = bar.reshape((-1,) + (1,) * (x.ndim - 1))
        by_step = (total(back**2) - total(there**2)) / (2 * step**2)
        by_step = by_step + (total(back * score_y) - total(there * score_x)) / (2 * step)
        return {
            "x": -b * (there + back) / step,
            "y": b * (there + back) / step,
            "score_x": -b * there / 2,
            "score_y": b * back / 2,
            "log_density_x": -bar,
            "log_density_y": bar,
            "step": np.sum(bar * by_step),
        }

    return ratio, pullback
