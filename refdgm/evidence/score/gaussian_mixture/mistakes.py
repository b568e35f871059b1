"""Mistakes in a Gaussian mixture: its log-density, score and Hessian."""

from math import log, pi
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.score.mixture import likeliest, prior_share, transposed
from refdgm.namespace import Array, namespace
from refdgm.score.components import centred, parts
from refdgm.score.gaussian_mixture import gaussian_mixture_hessian, gaussian_mixture_log_density, gaussian_mixture_score

DENSITY = gaussian_mixture_log_density.body
SCORE = gaussian_mixture_score.body
HESSIAN = gaussian_mixture_hessian.body
Mixture = tuple[Array, Array, Array, Array, Array]  # logits, means, factors, a, sigma


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
    """x_bar = −p_bar s: the gradient of the energy."""
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
    """x_bar = −Σ r_k S_k⁻¹ s_bar: that the shares move with x is forgotten; right for one component."""
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


# --- planted by people who had not seen the cases, or after public code ---------------------------


def components(x: Array, mixture: Mixture, determinant: float = 1.0) -> tuple[Array, Array]:
    """log w_k − determinant · ½ log det 2π S_k − ‖u_k‖²/2, (K, B), and g_k, (K, B, D)."""
    xp = namespace(x)
    known = parts(x, *mixture)
    weight = mixture[0] - xp.max(mixture[0])
    weight = weight - xp.log(xp.sum(xp.exp(weight)))
    diagonal = xp.sum(known.whitener * xp.eye(x.shape[1], dtype=x.dtype, device=x.device), axis=2)
    constant = weight + determinant * (xp.sum(xp.log(diagonal), axis=1) - x.shape[1] * log(2 * pi) / 2)
    return constant[:, None] - xp.vecdot(known.apart, known.apart) / 2, known.apart @ known.whitener


def above_a_floor(x: Array, mixture: Mixture) -> tuple[Array, Array]:
    """log(p + 10⁻¹²) and p/(p + 10⁻¹²)."""
    xp = namespace(x)
    value, _ = DENSITY(x, *mixture)
    raised = xp.logaddexp(value, xp.full_like(value, log(1e-12)))
    return raised, xp.exp(value - raised)


# The log-density


@mistake(gaussian_mixture_log_density, blind=True)
def determinant_not_halved(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """log det 2π S_k is subtracted, and not half of it: the shares of wide components are too small."""
    xp = namespace(x)
    terms, g = components(x, (logits, means, factors, a, sigma), determinant=2.0)
    largest = xp.max(terms, axis=0)
    e = xp.exp(terms - largest)
    total = xp.sum(e, axis=0)
    s = xp.sum((e / total)[:, :, None] * g, axis=0)
    return largest + xp.log(total), lambda bar: {"x": bar[:, None] * s}


@mistake(gaussian_mixture_log_density, blind=True)
def density_above_a_floor(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """log(p + 10⁻¹²): in the tails a constant, without gradient."""
    raised, kept = above_a_floor(x, (logits, means, factors, a, sigma))
    _, right = DENSITY(x, logits, means, factors, a, sigma)
    return raised, lambda bar: right(kept * bar)


@mistake(gaussian_mixture_log_density, blind=True)
def density_of_absolute_scale(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """a is recovered as √a², and the components sit at |a| μ_k; right for a ≥ 0."""
    return DENSITY(x, logits, means, factors, namespace(a).abs(a), sigma)


@mistake(gaussian_mixture_log_density, "value", blind=True)
def two_of_two_pi_forgotten(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """−(D/2) log π for −(D/2) log 2π: a constant that no gradient shows."""
    value, right = DENSITY(x, logits, means, factors, a, sigma)
    return value + x.shape[1] * log(2) / 2, right


@mistake(gaussian_mixture_log_density, "gradient.x", blind=True)
def density_gradient_of_the_likeliest(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """x_bar = p_bar g_k of the likeliest component alone, as if its maximum were the sum; right for one component."""
    xp = namespace(x)
    value, _ = DENSITY(x, logits, means, factors, a, sigma)
    known = parts(x, logits, means, factors, a, sigma)
    s = xp.sum(likeliest(known.share)[:, :, None] * (known.apart @ known.whitener), axis=0)
    return value, lambda bar: {"x": bar[:, None] * s}


# The score


@mistake(gaussian_mixture_score, blind=True)
def score_above_a_floor(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """∇p/(p + 10⁻¹²): what keeps the quotient finite takes the score away in the tails."""
    xp = namespace(x)
    s, right = SCORE(x, logits, means, factors, a, sigma)
    _, kept = above_a_floor(x, (logits, means, factors, a, sigma))
    kept = kept[:, None]

    def pullback(bar: Array) -> dict[str, Array]:
        return {"x": right(kept * bar)["x"] + kept * (1 - kept) * s * xp.vecdot(s, bar)[:, None]}

    return kept * s, pullback


@mistake(gaussian_mixture_score, blind=True)
def prior_counted_twice(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The weights enter the shares twice, as their square; right for equal weights."""
    return SCORE(x, 2 * logits, means, factors, a, sigma)


@mistake(gaussian_mixture_score, blind=True)
def determinants_not_in_shares(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The shares lack det S_k, as if it were a common factor; right for covariances of one determinant."""
    xp = namespace(x)
    whitener = parts(x, logits, means, factors, a, sigma).whitener
    diagonal = xp.sum(whitener * xp.eye(x.shape[1], dtype=x.dtype, device=x.device), axis=2)
    return SCORE(x, logits - xp.sum(xp.log(diagonal), axis=1), means, factors, a, sigma)


@mistake(gaussian_mixture_score, "gradient.x", blind=True)
def precisions_of_the_other_product(
    x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array
) -> Any:
    """S_k⁻¹ s_bar is taken as W Wᵀ s_bar for Wᵀ W s_bar, its triangular root being on the wrong side; right for
    diagonal ones."""
    xp = namespace(x)
    value, right = SCORE(x, logits, means, factors, a, sigma)
    known = parts(x, logits, means, factors, a, sigma)
    w, share = known.whitener, known.share[:, :, None]
    wt = xp.matrix_transpose(w)
    return value, lambda bar: {"x": right(bar)["x"] + xp.sum(share * ((bar @ wt) @ w - (bar @ w) @ wt), axis=0)}


# The Hessian


@mistake(gaussian_mixture_hessian, blind=True)
def hessian_by_prior_weights(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The components' Hessians and scores are averaged with the weights w_k, not with the shares r_k."""
    xp = namespace(x)
    known = parts(x, logits, means, factors, a, sigma)
    weight = prior_share(logits, known.share)[:, :, None]
    g = known.apart @ known.whitener
    d = g - xp.sum(weight * g, axis=0)
    precisions = (xp.matrix_transpose(known.whitener) @ known.whitener)[:, None, :, :]
    return xp.sum(weight[:, :, :, None] * (d[:, :, :, None] * d[:, :, None, :] - precisions), axis=0)


@mistake(gaussian_mixture_hessian, blind=True)
def hessian_of_absolute_scale(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """a is recovered as √a², and the components sit at |a| μ_k; right for a ≥ 0."""
    return HESSIAN(x, logits, means, factors, namespace(a).abs(a), sigma)


@mistake(gaussian_mixture_hessian, blind=True)
def spread_on_the_diagonal_alone(x: Array, logits: Array, means: Array, factors: Array, a: Array, sigma: Array) -> Any:
    """The scores' spread is a variance of each component, without covariances; right for one axis or one component."""
    xp = namespace(x)
    d = centred(parts(x, logits, means, factors, a, sigma))
    identity = xp.eye(x.shape[1], dtype=x.dtype, device=x.device)
    between = xp.sum(d[:, :, :, None] * d[:, :, None, :], axis=0)
    return HESSIAN(x, logits, means, factors, a, sigma) - (1 - identity) * between
