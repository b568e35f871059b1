"""Mistakes in the ground truth of a noised Gaussian mixture: its density, score, Hessian and posterior."""

from collections.abc import Callable
from typing import Any

from refdgm.mistakes.mistake import mistake
from refdgm.namespace import Array, namespace
from refdgm.score.components import parts
from refdgm.score.gaussian_mixture import gaussian_mixture_hessian, gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.score.gaussian_mixture_denoiser import gaussian_mixture_denoiser, gaussian_mixture_posterior_covariance

DENSITY, SCORE, HESSIAN = gaussian_mixture_log_density.body, gaussian_mixture_score.body, gaussian_mixture_hessian.body
DENOISER, SPREAD = gaussian_mixture_denoiser.body, gaussian_mixture_posterior_covariance.body
Mixture = tuple[Array, Array, Array, Array, Array]  # logits, means, factors, a, sigma


def transposed(logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Mixture:
    return logits, means, namespace(factors).matrix_transpose(factors), a, sigma


def root_of_sigma(logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Mixture:
    return logits, means, factors, a, namespace(sigma).sqrt(sigma)


def covariance_not_scaled(logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Mixture:
    """S = Σ + σ² I with the means scaled: Σ goes in as Σ/a²."""
    return logits, means, factors / a, a, sigma


def covariance_scaled_once(logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Mixture:
    """S = |a| Σ + σ² I."""
    xp = namespace(factors)
    return logits, means, factors / xp.sqrt(xp.abs(a)), a, sigma


def mean_not_scaled(logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Mixture:
    return logits, means / a, factors, a, sigma


def equal_weights(logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Mixture:
    return 0 * logits, means, factors, a, sigma


def diagonal(logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Mixture:
    """Only the diagonal of every Σ_k."""
    xp = namespace(factors)
    length = xp.sqrt(xp.sum(factors * factors, axis=2))
    return logits, means, length[:, :, None] * xp.eye(means.shape[1], dtype=means.dtype, device=means.device), a, sigma


def prior_share(logits: Array, like: Array) -> Array:
    """w_k for every example."""
    xp = namespace(logits)
    e = xp.exp(logits - xp.max(logits))
    return (e / xp.sum(e))[:, None] + xp.zeros_like(like)


# The log-density


@mistake(gaussian_mixture_log_density)
def density_of_transposed_factors(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """Σ = Fᵀ F for F Fᵀ."""
    return DENSITY(x, *transposed(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_log_density)
def density_with_sigma_for_its_square(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """S = a² Σ + σ I."""
    return DENSITY(x, *root_of_sigma(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_log_density)
def density_with_covariance_not_scaled(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """S = Σ + σ² I: the means are scaled by a, the covariances are not."""
    return DENSITY(x, *covariance_not_scaled(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_log_density)
def density_with_equal_weights(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The weights are left out of the sum; right for equal ones."""
    return DENSITY(x, *equal_weights(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_log_density, "value")
def weights_not_normalised(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The logits are taken for log-weights: a constant is missing, and no gradient shows it."""
    xp = namespace(x)
    top = xp.max(logits)
    value, right = DENSITY(x, logits, means, factors, a, sigma)
    return value + top + xp.log(xp.sum(xp.exp(logits - top))), right


@mistake(gaussian_mixture_log_density, "value")
def constant_of_one_dimension(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """½ log 2π once, where D of them belong."""
    xp = namespace(x)
    value, right = DENSITY(x, logits, means, factors, a, sigma)
    return value + (x.shape[1] - 1) * xp.log(xp.full_like(sigma, 2 * xp.pi)) / 2, right


@mistake(gaussian_mixture_log_density, "gradient.x")
def density_gradient_sign(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """x̄ = −p̄ s: the gradient of the energy."""
    value, right = DENSITY(x, logits, means, factors, a, sigma)
    return value, lambda bar: {"x": -right(bar)["x"]}


@mistake(gaussian_mixture_log_density, "gradient.x")
def density_gradient_by_prior(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The components' scores averaged with the weights w_k, not with the shares r_k."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    s = xp.sum(prior_share(logits, known.share)[:, :, None] * (known.apart @ known.whitener), axis=0)
    value, _ = DENSITY(x, logits, means, factors, a, sigma)
    return value, lambda bar: {"x": bar[:, None] * s}


# The score


@mistake(gaussian_mixture_score)
def score_of_transposed_factors(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """Σ = Fᵀ F for F Fᵀ."""
    return SCORE(x, *transposed(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_score)
def score_with_sigma_for_its_square(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """S = a² Σ + σ I."""
    return SCORE(x, *root_of_sigma(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_score)
def score_of_unscaled_means(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The components sit at μ_k, not at a μ_k."""
    return SCORE(x, *mean_not_scaled(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_score)
def score_of_diagonal_covariances(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """Only the variances are used, the correlations are not."""
    return SCORE(x, *diagonal(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_score)
def score_of_the_energy(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """−s: x − a μ for a μ − x."""
    value, right = SCORE(x, logits, means, factors, a, sigma)
    return -value, lambda bar: right(-bar)


@mistake(gaussian_mixture_score)
def score_by_prior_weights(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """Σ w_k g_k: weighted by the prior, where the posterior r_k belongs."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    weight, w = prior_share(logits, known.share)[:, :, None], known.whitener

    def pullback(bar: Array) -> dict[str, Array]:
        return {"x": -xp.sum(weight * (bar @ xp.matrix_transpose(w)) @ w, axis=0)}

    return xp.sum(weight * (known.apart @ w), axis=0), pullback


@mistake(gaussian_mixture_score, "value")
def sign_changed_afterwards(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """−s is reported, with the gradient of s: the sign is changed where no gradient is recorded."""
    value, right = SCORE(x, logits, means, factors, a, sigma)
    return -value, right


@mistake(gaussian_mixture_score, "gradient.x")
def shares_detached(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """x̄ = −Σ r_k S_k⁻¹ s̄: that the shares move with x is forgotten; right for one component."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    w, share = known.whitener, known.share[:, :, None]
    value, _ = SCORE(x, logits, means, factors, a, sigma)
    return value, lambda bar: {"x": -xp.sum(share * (bar @ xp.matrix_transpose(w)) @ w, axis=0)}


@mistake(gaussian_mixture_score, "gradient.x")
def shares_not_centred(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """∂r_k/∂x = r_k g_k, without the mean score: the shares' sum would change."""
    xp = namespace(x)
    value, right = SCORE(x, logits, means, factors, a, sigma)
    return value, lambda bar: {"x": right(bar)["x"] + value * xp.vecdot(value, bar)[:, None]}


# The Hessian


@mistake(gaussian_mixture_hessian)
def hessian_of_transposed_factors(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """Σ = Fᵀ F for F Fᵀ."""
    return HESSIAN(x, *transposed(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_hessian)
def hessian_with_covariance_scaled_once(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """S = |a| Σ + σ² I."""
    return HESSIAN(x, *covariance_scaled_once(logits, means, factors, a, sigma))


@mistake(gaussian_mixture_hessian)
def hessian_without_spread(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """−Σ r_k S_k⁻¹: the mean of the components' Hessians, as if the shares did not move."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    precisions = xp.matrix_transpose(known.whitener) @ known.whitener
    return -xp.sum(known.share[:, :, None, None] * precisions[:, None, :, :], axis=0)


@mistake(gaussian_mixture_hessian)
def hessian_of_the_density(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """∇²p/p, where the Hessian of log p is less by s sᵀ."""
    s, _ = SCORE(x, logits, means, factors, a, sigma)
    return HESSIAN(x, logits, means, factors, a, sigma) + s[:, :, None] * s[:, None, :]


@mistake(gaussian_mixture_hessian)
def hessian_of_the_energy(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The opposite sign: positive definite at the modes."""
    return -HESSIAN(x, logits, means, factors, a, sigma)


@mistake(gaussian_mixture_hessian)
def hessian_of_diagonal_covariances(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """Only the variances are used, the correlations are not."""
    return HESSIAN(x, *diagonal(logits, means, factors, a, sigma))


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
    """x̄ = Cov m̄: without a/σ²."""
    value, right = DENOISER(x, logits, means, factors, a, sigma)
    return value, lambda bar: {"x": right(bar)["x"] * sigma * sigma / a}


@mistake(gaussian_mixture_denoiser, "gradient.x")
def denoiser_with_held_shares(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """x̄ = a Σ r_k P_k m̄: the shares are computed without gradient."""
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
