"""Mistakes in the posterior mean and covariance of a Gaussian mixture."""

from collections.abc import Callable
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.score.mixture import likeliest, prior_share, transposed
from refdgm.namespace import Array, namespace
from refdgm.score.components import parts
from refdgm.score.gaussian_mixture import gaussian_mixture_score
from refdgm.score.gaussian_mixture_denoiser import (
    gaussian_mixture_denoiser,
    gaussian_mixture_posterior_covariance,
    posterior_parts,
)

SCORE = gaussian_mixture_score.body
DENOISER = gaussian_mixture_denoiser.body
SPREAD = gaussian_mixture_posterior_covariance.body
Mixture = tuple[Array, Array, Array, Array, Array]  # logits, means, factors, a, sigma


# The posterior mean


def tweedie(x: Array, mixture: Mixture, weight: Callable[[Array, Array], tuple[Array, Array]]) -> Any:
    """u x + v s with (u, v) = weight(a, σ), rightly differentiated."""
    s, right = SCORE(x, *mixture)
    u, v = weight(mixture[3], mixture[4])
    return u * x + v * s, lambda bar: {"x": u * bar + right(v * bar)["x"]}


@mistake(gaussian_mixture_denoiser)
def denoised_away(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """(x − σ² s)/a: the score is taken for the noise."""
    return tweedie(x, (logits, means, factors, a, sigma), lambda a, sigma: (1 / a, -sigma * sigma / a))


@mistake(gaussian_mixture_denoiser)
def denoised_by_sigma(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """(x + σ s)/a: σ for its square; right for σ = 1."""
    return tweedie(x, (logits, means, factors, a, sigma), lambda a, sigma: (1 / a, sigma / a))


@mistake(gaussian_mixture_denoiser)
def not_rescaled(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """x + σ² s: the posterior mean of a x_0; right for a = 1."""
    return tweedie(x, (logits, means, factors, a, sigma), lambda a, sigma: (a / a, sigma * sigma))


@mistake(gaussian_mixture_denoiser)
def denoiser_of_transposed_factors(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """Σ = Fᵀ F for F Fᵀ."""
    return DENOISER(x, *transposed(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_denoiser)
def denoised_to_the_means(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """Σ r_k μ_k: the mean of the components' means; right for components that are points."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    share = xp.matrix_transpose(known.share)
    d = known.apart @ known.whitener - xp.sum(known.share[:, :, None] * (known.apart @ known.whitener), axis=0)

    def pullback(bar: Array) -> dict[str, Array]:
        along = known.share * xp.matrix_transpose(bar @ xp.matrix_transpose(means))
        return {"x": xp.sum(along[:, :, None] * d, axis=0)}

    return share @ means, pullback


@mistake(gaussian_mixture_denoiser, "value")
def data_mean_not_added(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The data are centred for the network, and their mean is not added to what it returns."""
    xp = namespace(x)
    value, right = DENOISER(x, logits, means, factors, a, sigma)
    return value - xp.matrix_transpose(prior_share(logits, logits[:, None])) @ means, right


@mistake(gaussian_mixture_denoiser, "gradient.x")
def denoiser_pulled_back_by_the_covariance(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """x_bar = Cov m_bar: without a/σ²."""
    value, right = DENOISER(x, logits, means, factors, a, sigma)
    return value, lambda bar: {"x": right(bar)["x"] * sigma * sigma / a}


@mistake(gaussian_mixture_denoiser, "gradient.x")
def denoiser_with_held_shares(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """x_bar = a Σ r_k P_k m_bar: the shares are computed without gradient."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    w, share = known.whitener, known.share[:, :, None]
    value, _ = DENOISER(x, logits, means, factors, a, sigma)

    def pullback(bar: Array) -> dict[str, Array]:
        bent = xp.sum(share * (bar @ xp.matrix_transpose(w)) @ w, axis=0)
        return {"x": (bar - sigma * sigma * bent) / a}

    return value, pullback


# The posterior covariance


@mistake(gaussian_mixture_posterior_covariance)
def covariance_not_rescaled(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The covariance of a x_0: without 1/a²."""
    return a * a * SPREAD(x, logits, means, factors, a, sigma)


@mistake(gaussian_mixture_posterior_covariance)
def covariance_rescaled_once(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """(σ²/a)(I + σ² ∇² log p)."""
    return a * SPREAD(x, logits, means, factors, a, sigma)


@mistake(gaussian_mixture_posterior_covariance)
def curvature_sign(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """(σ²/a²)(I − σ² ∇² log p)."""
    xp = namespace(x)
    noise = sigma * sigma / a / a * xp.eye(x.shape[1], dtype=x.dtype, device=x.device)
    return 2 * noise - SPREAD(x, logits, means, factors, a, sigma)


@mistake(gaussian_mixture_posterior_covariance)
def spread_of_means_forgotten(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The mean of the components' covariances alone; right for one component."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    bent = xp.matrix_transpose(known.whitener) @ known.whitener
    identity = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)
    within = sigma * sigma / a / a * (identity - sigma * sigma * bent)
    return xp.sum(known.share[:, :, None, None] * within[:, None, :, :], axis=0)


@mistake(gaussian_mixture_posterior_covariance)
def covariance_of_transposed_factors(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """Σ = Fᵀ F for F Fᵀ."""
    return SPREAD(x, *transposed(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_posterior_covariance)
def second_moment(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """E[x_0 x_0ᵀ | x]: the mean is not subtracted."""
    m, _ = DENOISER(x, logits, means, factors, a, sigma)
    return SPREAD(x, logits, means, factors, a, sigma) + m[:, :, None] * m[:, None, :]


# --- planted by people who had not seen the cases, or after public code ---------------------------

# The posterior mean


@mistake(gaussian_mixture_denoiser, blind=True)
def likeliest_component_alone(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """m_k of the component with the largest share, for their mean; right for one component."""
    xp = namespace(x)
    share, off, m, p, _ = posterior_parts(x, logits, means, factors, a, sigma)
    hot = likeliest(share)[:, :, None]
    return xp.sum(hot * (m + off), axis=0), lambda bar: {"x": a * xp.sum(hot * (bar @ p), axis=0)}


@mistake(gaussian_mixture_denoiser, blind=True)
def clipped_to_the_range_of_images(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """The denoised data are clipped to ±1, as a sampler of images does; right within that range."""
    xp = namespace(x)
    m, right = DENOISER(x, logits, means, factors, a, sigma)
    inside = xp.astype(xp.abs(m) <= 1, x.dtype)
    return xp.maximum(xp.minimum(m, 1.0), -1.0), lambda bar: right(inside * bar)


@mistake(gaussian_mixture_denoiser, blind=True)
def divided_by_scale_and_epsilon(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """(x + σ² s)/(a + 10⁻⁶): what keeps the quotient finite spoils it where little of the data is left."""
    mixture = logits, means, factors, a, sigma
    return tweedie(x, mixture, lambda a, sigma: (1 / (a + 1e-6), sigma * sigma / (a + 1e-6)))


@mistake(gaussian_mixture_denoiser, "gradient.x", blind=True)
def denoiser_gradient_without_scale(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """x_bar = Σ r_k (P_k m_bar + e_k ⟨e_k, m_bar⟩): the covariance over σ², without a; right for a = 1."""
    xp = namespace(x)
    share, off, m, p, _ = posterior_parts(x, logits, means, factors, a, sigma)
    e = xp.sqrt(share)[:, :, None] * off / sigma

    def pullback(bar: Array) -> dict[str, Array]:
        between = e * xp.vecdot(e, bar[None, :, :])[:, :, None]
        return {"x": xp.sum(share[:, :, None] * (bar @ p) + between, axis=0)}

    return m, pullback


# The posterior covariance


@mistake(gaussian_mixture_posterior_covariance, blind=True)
def within_by_sigma(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """σ P_k for σ² P_k within the components; right for σ = 1, and for components that are points."""
    xp = namespace(x)
    share, off, _, p, _ = posterior_parts(x, logits, means, factors, a, sigma)
    between = xp.sum((share[:, :, None] * off)[:, :, :, None] * off[:, :, None, :], axis=0)
    return between + xp.sum(share[:, :, None, None] * (sigma * p)[:, None, :, :], axis=0)


@mistake(gaussian_mixture_posterior_covariance, blind=True)
def spread_of_unconditional_means(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The spread of the μ_k is taken for that of the posterior means m_k; right for components that are points."""
    xp = namespace(x)
    share, _, _, _, within = posterior_parts(x, logits, means, factors, a, sigma)
    off = means[:, None, :] - xp.sum(share[:, :, None] * means[:, None, :], axis=0)
    between = xp.sum((share[:, :, None] * off)[:, :, :, None] * off[:, :, None, :], axis=0)
    return between + xp.sum(share[:, :, None, None] * within[:, None, :, :], axis=0)


@mistake(gaussian_mixture_posterior_covariance, blind=True)
def jitter_on_the_diagonal(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """10⁻⁶ I is added, as before a Cholesky factorisation, and is still there in the result."""
    xp = namespace(x)
    jitter = 1e-6 * xp.eye(x.shape[1], dtype=x.dtype, device=x.device)
    return SPREAD(x, logits, means, factors, a, sigma) + jitter
