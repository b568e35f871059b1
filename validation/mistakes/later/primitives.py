"""Mistakes in the primitives, planted after the cases were frozen and without having seen them."""

from math import log
from typing import Any

from refdgm.mistakes.categorical import largest, probabilities
from refdgm.mistakes.gaussian import half_log_two_pi
from refdgm.mistakes.mistake import mistake
from refdgm.namespace import Array, namespace
from refdgm.primitives.gaussian_kl import gaussian_kl, gaussian_kl_between
from refdgm.primitives.gaussian_log_density import gaussian_log_density
from refdgm.primitives.softmax import log_softmax, log_sum_exp, softmax
from refdgm.primitives.softplus import log_sigmoid, softplus

# Log-sum-exp


@mistake(log_sum_exp)
def streamed_sum_not_rescaled(logits: Array) -> Any:
    """The running sum of a streamed log-sum-exp is not rescaled when the maximum grows, and the gradient is formed
    with the result; right where the largest logit comes first."""
    xp = namespace(logits)
    total = xp.zeros_like(logits[:, 0])
    top = total + float(xp.finfo(logits.dtype).min)
    for j in range(logits.shape[1]):
        top = xp.maximum(top, logits[:, j])
        total = total + xp.exp(logits[:, j] - top)
    value = top + xp.log(total)
    return value, lambda bar: {"logits": bar[:, None] * xp.exp(logits - value[:, None])}


@mistake(log_sum_exp)
def ties_counted_once(logits: Array) -> Any:
    """All entries equal to the maximum, not one of them, are left out of the sum under log1p; right without ties."""
    xp = namespace(logits)
    top = xp.max(logits, axis=-1, keepdims=True)
    e = xp.exp(logits - top)
    rest = xp.sum(xp.where(logits == top, 0.0, e), axis=-1)
    return top[:, 0] + xp.log1p(rest), lambda bar: {"logits": (bar / (1 + rest))[:, None] * e}


# Softmax


@mistake(softmax)
def epsilon_in_the_denominator(logits: Array) -> Any:
    """The sum of the exponentials has 10⁻⁶ added to it, though it is never below one."""
    xp = namespace(logits)
    e = xp.exp(logits - xp.max(logits, axis=-1, keepdims=True))
    y = e / (xp.sum(e, axis=-1, keepdims=True) + 1e-6)
    return y, lambda bar: {"logits": y * (bar - xp.sum(bar * y, axis=-1, keepdims=True))}


@mistake(softmax)
def masked_taken_for_zero(logits: Array) -> Any:
    """A masked category enters with the logit 0, as of a product with the mask; right where no logit is −∞."""
    xp = namespace(logits)
    masked = logits == -xp.inf
    y, right = softmax.body(xp.where(masked, 0.0, logits))
    return y, lambda bar: {"logits": xp.where(masked, 0.0, right(bar)["logits"])}


@mistake(softmax, "gradient.logits")
def inner_product_over_the_batch(logits: Array) -> Any:
    """⟨ȳ, y⟩ is a sum without its axis, over all examples; right for a batch of one."""
    xp = namespace(logits)
    y, _ = softmax.body(logits)
    return y, lambda bar: {"logits": y * (bar - xp.sum(bar * y))}


# Log-softmax


@mistake(log_softmax, "value")
def logarithm_of_the_softmax(logits: Array) -> Any:
    """The logarithm of a probability that may have underflowed, which is −∞ where the logits are far apart."""
    xp = namespace(logits)
    return xp.log(probabilities(logits)), log_softmax.body(logits)[1]


@mistake(log_softmax, "gradient.logits")
def vanished_categories_without_gradient(logits: Array) -> Any:
    """ℓ̄_j = 0 where y_j underflows, a guard against the NaN of log 0, although ℓ̄_j is s̄_j there."""
    xp = namespace(logits)
    s, right = log_softmax.body(logits)
    return s, lambda bar: {"logits": xp.where(probabilities(logits) > 0, right(bar)["logits"], 0.0)}


@mistake(log_softmax, "gradient.logits")
def winner_attracted_by_the_others(logits: Array) -> Any:
    """ℓ̄_k = y_k (r s̄_k + c) for y_k (r s̄_k − c): the winner alone has the wrong sign of what the others send."""
    xp = namespace(logits)
    s, right = log_softmax.body(logits)
    hot = largest(logits)

    def pullback(bar: Array) -> dict[str, Array]:
        others = xp.sum(bar * (1 - hot), axis=-1, keepdims=True)
        return {"logits": right(bar)["logits"] + 2 * hot * probabilities(logits) * others}

    return s, pullback


# Softplus


@mistake(softplus, seen="odie2630463/Restricted-Boltzmann-Machines-in-pytorch #1")
def clamped_against_overflow(x: Array) -> Any:
    """log(1 + e^{min(x, 88)}): what was to overflow is cut off, so that the function is constant above 88."""
    xp = namespace(x)
    y, right = softplus.body(xp.minimum(x, 88))
    return y, lambda bar: {"x": right(bar)["x"] * xp.astype(x <= 88, x.dtype)}


@mistake(softplus, "gradient.x")
def slope_of_the_absolute_value(x: Array) -> Any:
    """x̄ = ȳ t / (1 + t) with t = e^{−|x|}, which is σ(−|x|): right below zero."""
    xp = namespace(x)
    y, _ = softplus.body(x)
    t = xp.exp(-xp.abs(x))
    return y, lambda bar: {"x": bar * t / (1 + t)}


# Log-sigmoid


@mistake(log_sigmoid)
def epsilon_under_the_logarithm(x: Array) -> Any:
    """log(σ(x) + 10⁻⁸), which never falls below −18.4."""
    xp = namespace(x)
    p, rest = xp.exp(log_sigmoid.body(x)[0]), xp.exp(log_sigmoid.body(-x)[0])
    return xp.log(p + 1e-8), lambda bar: {"x": bar * (p / (p + 1e-8)) * rest}


@mistake(log_sigmoid, "gradient.x")
def output_taken_for_the_probability(x: Array) -> Any:
    """x̄ = ȳ (1 − y), where the saved output y is log σ(x) and not σ(x)."""
    y, _ = log_sigmoid.body(x)
    return y, lambda bar: {"x": bar * (1 - y)}


@mistake(log_sigmoid)
def symmetric_part_with_the_sign_of_x(x: Array) -> Any:
    """min(x, 0) − log(1 + e^{−x}): −x for −|x|, right above zero."""
    xp = namespace(x)
    y, right = log_sigmoid.body(x)
    return xp.minimum(x, 0) + y, lambda bar: {"x": bar * xp.astype(x < 0, x.dtype) + right(bar)["x"]}


# The density of a Gaussian


@mistake(gaussian_log_density)
def variance_at_least_a_millionth(x: Array, mean: Array, logvar: Array) -> Any:
    """The variance is clamped from below at 10⁻⁶, and the gradient taken there is passed through the clamp."""
    return gaussian_log_density.body(x, mean, namespace(x).maximum(logvar, log(1e-6)))


@mistake(gaussian_log_density, "value")
def constant_by_the_batch(x: Array, mean: Array, logvar: Array) -> Any:
    """−B/2 · log 2π for −D/2 · log 2π: the wrong axis is counted, which shows only where B is not D."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value + (x.shape[1] - x.shape[0]) * half_log_two_pi(x), right


@mistake(gaussian_log_density, "gradient.logvar")
def variance_gradient_with_raw_distance(x: Array, mean: Array, logvar: Array) -> Any:
    """λ̄ = J̄ ((x − μ)² − 1)/2: the square is not divided by σ²; right at unit variance."""
    value, right = gaussian_log_density.body(x, mean, logvar)
    return value, lambda bar: right(bar) | {"logvar": bar[:, None] * ((x - mean) ** 2 - 1) / 2}


# The divergence from the standard normal


@mistake(gaussian_kl, "value", "gradient.logvar", seen="FluxML/model-zoo #147")
def logarithm_added(mean: Array, logvar: Array) -> Any:
    """½ Σ (μ² + e^λ − 1 + λ): the logarithm has the wrong sign."""
    xp = namespace(mean)
    loss, right = gaussian_kl.body(mean, logvar)
    return loss + xp.sum(logvar, axis=-1), lambda bar: (g := right(bar)) | {"logvar": g["logvar"] + bar[:, None]}


@mistake(gaussian_kl, "value", "gradient.logvar", seen="DaehanKim/vgae_pytorch #2")
def deviation_not_squared(mean: Array, logvar: Array) -> Any:
    """½ Σ (μ² + σ − 1 − log σ²): the deviation stands where its square belongs."""
    xp = namespace(mean)
    sigma = xp.exp(logvar / 2)
    loss = xp.sum(mean * mean + sigma - 1 - logvar, axis=-1) / 2
    return loss, lambda bar: {"mean": bar[:, None] * mean, "logvar": bar[:, None] * (sigma / 2 - 1) / 2}


@mistake(gaussian_kl, "value", "gradient.logvar")
def logvar_clamped(mean: Array, logvar: Array) -> Any:
    """λ is clamped to [−30, 20], as latent diffusion's posterior has it, and receives no gradient beyond."""
    xp = namespace(mean)
    loss, right = gaussian_kl.body(mean, xp.minimum(xp.maximum(logvar, -30), 20))
    within = xp.astype((logvar >= -30) & (logvar <= 20), logvar.dtype)
    return loss, lambda bar: (g := right(bar)) | {"logvar": within * g["logvar"]}


@mistake(gaussian_kl, "gradient.logvar")
def variance_gradient_linearised(mean: Array, logvar: Array) -> Any:
    """λ̄ = J̄ λ / 2, the first term of e^λ − 1; right near unit variance."""
    loss, right = gaussian_kl.body(mean, logvar)
    return loss, lambda bar: right(bar) | {"logvar": bar[:, None] * logvar / 2}


# The divergence of two Gaussians


@mistake(gaussian_kl_between)
def means_scaled_by_the_posterior(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """(μ_q − μ_p)² is divided by σ_q², not by σ_p²; right where the variances are equal, but for their gradients."""
    xp = namespace(mean_q)
    delta, apart, precision = logvar_q - logvar_p, mean_q - mean_p, xp.exp(-logvar_q)
    square = apart * apart * precision
    loss = xp.sum(square + xp.expm1(delta) - delta, axis=-1) / 2

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar[:, None]
        spread = each * xp.expm1(delta) / 2
        return {
            "mean_q": each * apart * precision,
            "logvar_q": spread - each * square / 2,
            "mean_p": -each * apart * precision,
            "logvar_p": -spread,
        }

    return loss, pullback


@mistake(gaussian_kl_between, "value", "gradient.logvar_q", "gradient.logvar_p")
def variance_not_divided_by_the_prior(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """e^λ_q for e^δ, the rest as it was: right where p has unit variance, but for λ̄_p."""
    xp = namespace(mean_q)
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    variance, ratio = xp.exp(logvar_q), xp.exp(logvar_q - logvar_p)

    def pullback(bar: Array) -> dict[str, Array]:
        g, each = right(bar), bar[:, None]
        return g | {
            "logvar_q": g["logvar_q"] + each * (variance - ratio) / 2,
            "logvar_p": g["logvar_p"] + each * ratio / 2,
        }

    return loss + xp.sum(variance - ratio, axis=-1) / 2, pullback


@mistake(gaussian_kl_between, "gradient.logvar_q")
def posterior_variance_hears_the_means(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """λ̄_q = −λ̄_p: the squared distance of the means is pulled back to q's variance too, of which it knows nothing."""
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    return loss, lambda bar: (g := right(bar)) | {"logvar_q": -g["logvar_p"]}
