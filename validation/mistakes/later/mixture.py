"""Mistakes in the ground truth of a noised Gaussian mixture, planted when the cases were frozen and by somebody who had
not seen them.
"""

from math import log, pi
from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.mixture import DENOISER, DENSITY, HESSIAN, SCORE, SPREAD, Mixture, prior_share, tweedie
from refdgm.namespace import Array, namespace
from refdgm.score.components import centred, parts
from refdgm.score.gaussian_mixture import gaussian_mixture_hessian, gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.score.gaussian_mixture_denoiser import (
    gaussian_mixture_denoiser,
    gaussian_mixture_posterior_covariance,
    posterior_parts,
)


def components(x: Array, mixture: Mixture, determinant: float = 1.0) -> tuple[Array, Array]:
    """log w_k − determinant · ½ log det 2π S_k − ‖u_k‖²/2, (K, B), and g_k, (K, B, D)."""
    xp = namespace(x)
    known = parts(x, *mixture)
    weight = mixture[0] - xp.max(mixture[0])
    weight = weight - xp.log(xp.sum(xp.exp(weight)))
    diagonal = xp.sum(known.whitener * xp.eye(x.shape[1], dtype=x.dtype, device=x.device), axis=2)
    constant = weight + determinant * (xp.sum(xp.log(diagonal), axis=1) - x.shape[1] * log(2 * pi) / 2)
    return constant[:, None] - xp.vecdot(known.apart, known.apart) / 2, known.apart @ known.whitener


def likeliest(share: Array) -> Array:
    """1 for the component that has most of each example, (K, B); components that tie share it."""
    xp = namespace(share)
    hot = xp.astype(share == xp.max(share, axis=0), share.dtype)
    return hot / xp.sum(hot, axis=0)


def above_a_floor(x: Array, mixture: Mixture) -> tuple[Array, Array]:
    """log(p + 10⁻¹²) and p/(p + 10⁻¹²)."""
    xp = namespace(x)
    value, _ = DENSITY(x, *mixture)
    raised = xp.logaddexp(value, xp.full_like(value, log(1e-12)))
    return raised, xp.exp(value - raised)


# The log-density


@mistake(gaussian_mixture_log_density)
def determinant_not_halved(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """log det 2π S_k is subtracted, and not half of it: the shares of wide components are too small."""
    xp = namespace(x)
    terms, g = components(x, (logits, means, factors, a, sigma), determinant=2.0)
    largest = xp.max(terms, axis=0)
    e = xp.exp(terms - largest)
    total = xp.sum(e, axis=0)
    s = xp.sum((e / total)[:, :, None] * g, axis=0)
    return largest + xp.log(total), lambda bar: {"x": bar[:, None] * s}


@mistake(gaussian_mixture_log_density)
def density_above_a_floor(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """log(p + 10⁻¹²): in the tails a constant, without gradient."""
    raised, kept = above_a_floor(x, (logits, means, factors, a, sigma))
    _, right = DENSITY(x, logits, means, factors, a, sigma)
    return raised, lambda bar: right(kept * bar)


@mistake(gaussian_mixture_log_density)
def density_of_absolute_scale(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """a is recovered as √a², and the components sit at |a| μ_k; right for a ≥ 0."""
    return DENSITY(x, logits, means, factors, namespace(a).abs(a), sigma)


@mistake(gaussian_mixture_log_density, "value")
def two_of_two_pi_forgotten(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """−(D/2) log π for −(D/2) log 2π: a constant that no gradient shows."""
    value, right = DENSITY(x, logits, means, factors, a, sigma)
    return value + x.shape[1] * log(2) / 2, right


@mistake(gaussian_mixture_log_density, "gradient.x")
def density_gradient_of_the_likeliest(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """x̄ = p̄ g_k of the likeliest component alone, as if its maximum were the sum; right for one component."""
    xp = namespace(x)
    value, _ = DENSITY(x, logits, means, factors, a, sigma)
    known = parts(x, logits, means, factors, a, sigma)
    s = xp.sum(likeliest(known.share)[:, :, None] * (known.apart @ known.whitener), axis=0)
    return value, lambda bar: {"x": bar[:, None] * s}


# The score


@mistake(gaussian_mixture_score)
def score_above_a_floor(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """∇p/(p + 10⁻¹²): what keeps the quotient finite takes the score away in the tails."""
    xp = namespace(x)
    s, right = SCORE(x, logits, means, factors, a, sigma)
    _, kept = above_a_floor(x, (logits, means, factors, a, sigma))
    kept = kept[:, None]

    def pullback(bar: Array) -> dict[str, Array]:
        return {"x": right(kept * bar)["x"] + kept * (1 - kept) * s * xp.vecdot(s, bar)[:, None]}

    return kept * s, pullback


@mistake(gaussian_mixture_score)
def prior_counted_twice(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The weights enter the shares twice, as their square; right for equal weights."""
    return SCORE(x, 2 * logits, means, factors, a, sigma)


@mistake(gaussian_mixture_score)
def determinants_not_in_shares(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The shares lack det S_k, as if it were a common factor; right for covariances of one determinant."""
    xp = namespace(x)
    whitener = parts(x, logits, means, factors, a, sigma).whitener
    diagonal = xp.sum(whitener * xp.eye(x.shape[1], dtype=x.dtype, device=x.device), axis=2)
    return SCORE(x, logits - xp.sum(xp.log(diagonal), axis=1), means, factors, a, sigma)


@mistake(gaussian_mixture_score, "gradient.x")
def precisions_of_the_other_product(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """S_k⁻¹ s̄ is taken as W Wᵀ s̄ for Wᵀ W s̄, its triangular root being on the wrong side; right for diagonal ones."""
    xp = namespace(x)
    value, right = SCORE(x, logits, means, factors, a, sigma)
    known = parts(x, logits, means, factors, a, sigma)
    w, share = known.whitener, known.share[:, :, None]
    wt = xp.matrix_transpose(w)
    return value, lambda bar: {"x": right(bar)["x"] + xp.sum(share * ((bar @ wt) @ w - (bar @ w) @ wt), axis=0)}


# The Hessian


@mistake(gaussian_mixture_hessian)
def hessian_by_prior_weights(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The components' Hessians and scores are averaged with the weights w_k, not with the shares r_k."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    weight = prior_share(logits, known.share)[:, :, None]
    g = known.apart @ known.whitener
    d = g - xp.sum(weight * g, axis=0)
    precisions = (xp.matrix_transpose(known.whitener) @ known.whitener)[:, None, :, :]
    return xp.sum(weight[:, :, :, None] * (d[:, :, :, None] * d[:, :, None, :] - precisions), axis=0)


@mistake(gaussian_mixture_hessian)
def hessian_of_absolute_scale(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """a is recovered as √a², and the components sit at |a| μ_k; right for a ≥ 0."""
    return HESSIAN(x, logits, means, factors, namespace(a).abs(a), sigma)


@mistake(gaussian_mixture_hessian)
def spread_on_the_diagonal_alone(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The scores' spread is a variance of each component, without covariances; right for one axis or one component."""
    xp = namespace(x)
    d = centred(parts(x, logits, means, factors, a, sigma))
    identity = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)
    between = xp.sum(d[:, :, :, None] * d[:, :, None, :], axis=0)
    return HESSIAN(x, logits, means, factors, a, sigma) - (1 - identity) * between


# The posterior mean


@mistake(gaussian_mixture_denoiser)
def likeliest_component_alone(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """m_k of the component with the largest share, for their mean; right for one component."""
    xp = namespace(x)
    share, off, m, p, _ = posterior_parts(x, logits, means, factors, a, sigma)
    hot = likeliest(share)[:, :, None]
    return xp.sum(hot * (m + off), axis=0), lambda bar: {"x": a * xp.sum(hot * (bar @ p), axis=0)}


@mistake(gaussian_mixture_denoiser)
def clipped_to_the_range_of_images(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """The denoised data are clipped to ±1, as a sampler of images does; right within that range."""
    xp = namespace(x)
    m, right = DENOISER(x, logits, means, factors, a, sigma)
    inside = xp.astype(xp.abs(m) <= 1, x.dtype)
    return xp.maximum(xp.minimum(m, 1.0), -1.0), lambda bar: right(inside * bar)


@mistake(gaussian_mixture_denoiser)
def divided_by_scale_and_epsilon(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """(x + σ² s)/(a + 10⁻⁶): what keeps the quotient finite spoils it where little of the data is left."""
    mixture = logits, means, factors, a, sigma
    return tweedie(x, mixture, lambda a, sigma: (1 / (a + 1e-6), sigma * sigma / (a + 1e-6)))


@mistake(gaussian_mixture_denoiser, "gradient.x")
def denoiser_gradient_without_scale(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """x̄ = Σ r_k (P_k m̄ + e_k ⟨e_k, m̄⟩): the covariance over σ², without a; right for a = 1."""
    xp = namespace(x)
    share, off, m, p, _ = posterior_parts(x, logits, means, factors, a, sigma)
    e = xp.sqrt(share)[:, :, None] * off / sigma

    def pullback(bar: Array) -> dict[str, Array]:
        between = e * xp.vecdot(e, bar[None, :, :])[:, :, None]
        return {"x": xp.sum(share[:, :, None] * (bar @ p) + between, axis=0)}

    return m, pullback


# The posterior covariance


@mistake(gaussian_mixture_posterior_covariance)
def within_by_sigma(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """σ P_k for σ² P_k within the components; right for σ = 1, and for components that are points."""
    xp = namespace(x)
    share, off, _, p, _ = posterior_parts(x, logits, means, factors, a, sigma)
    between = xp.sum((share[:, :, None] * off)[:, :, :, None] * off[:, :, None, :], axis=0)
    return between + xp.sum(share[:, :, None, None] * (sigma * p)[:, None, :, :], axis=0)


@mistake(gaussian_mixture_posterior_covariance)
def spread_of_unconditional_means(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The spread of the μ_k is taken for that of the posterior means m_k; right for components that are points."""
    xp = namespace(x)
    share, _, _, _, within = posterior_parts(x, logits, means, factors, a, sigma)
    off = means[:, None, :] - xp.sum(share[:, :, None] * means[:, None, :], axis=0)
    between = xp.sum((share[:, :, None] * off)[:, :, :, None] * off[:, :, None, :], axis=0)
    return between + xp.sum(share[:, :, None, None] * within[:, None, :, :], axis=0)


@mistake(gaussian_mixture_posterior_covariance)
def jitter_on_the_diagonal(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """10⁻⁶ I is added, as before a Cholesky factorisation, and is still there in the result."""
    xp = namespace(x)
    jitter = 1e-6 * xp.eye(x.shape[1], dtype=x.dtype, device=x.device)
    return SPREAD(x, logits, means, factors, a, sigma) + jitter
