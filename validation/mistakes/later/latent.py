"""Mistakes in the discrete latents, planted after the cases were frozen and without having seen them."""

from typing import Any

from refdgm.latent.concrete_log_density import concrete_log_density
from refdgm.latent.gumbel_softmax import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax
from refdgm.latent.relaxed_codebook import relaxed_codebook
from refdgm.latent.vector_quantization import vector_quantization
from refdgm.mistakes.codebook import with_codes
from refdgm.mistakes.gumbel import from_z_bar, softmax
from refdgm.mistakes.mistake import mistake
from refdgm.namespace import Array, namespace

# The draw


@mistake(gumbel_max)
def noise_of_the_first_example(logits: Array, gumbel: Array) -> Array:
    """The noise is drawn once and shared by the batch; right for a batch of one."""
    return gumbel_max.body(logits, gumbel[:1, :])


@mistake(gumbel_max)
def sum_in_single_precision(logits: Array, gumbel: Array) -> Array:
    """ℓ + g is rounded to float32, so that almost equal entries tie and the first of them wins."""
    xp = namespace(logits)
    return xp.argmax(xp.astype(logits + gumbel, xp.float32), axis=-1)


@mistake(gumbel_max)
def last_category_left_out(logits: Array, gumbel: Array) -> Array:
    """The search ends one category early, so that the last one is never drawn."""
    most = max(logits.shape[1] - 1, 1)
    return gumbel_max.body(logits[:, :most], gumbel[:, :most])


# The relaxation


@mistake(gumbel_softmax)
def temperature_at_least_one_half(logits: Array, gumbel: Array, tau: Array) -> Any:
    """max(τ, ½) for τ: the end of an annealing schedule is left in the function."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, xp.maximum(tau, 0.5))
    return y, lambda bar: (g := right(bar)) | {"tau": g["tau"] * xp.astype(tau >= 0.5, tau.dtype)}


@mistake(gumbel_softmax)
def tau_on_noise_only(logits: Array, gumbel: Array, tau: Array) -> Any:
    """softmax(ℓ + g/τ): the parentheses are missing, and the temperature does not reach the logits."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits * tau, gumbel, tau)
    within = xp.where(y > 0, logits, xp.zeros_like(y))

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return {"logits": tau * g["logits"], "tau": g["tau"] + xp.sum(g["logits"] * within)}

    return y, pullback


@mistake(gumbel_softmax, "gradient.logits", "gradient.tau")
def measured_from_the_winner_and_not_centred(logits: Array, gumbel: Array, tau: Array) -> Any:
    """z̄ = y ∘ (ȳ − ȳ_k): the shift to the winner's cotangent is taken for the projection, and the winner gets none."""
    xp = namespace(logits)
    y, _ = gumbel_softmax.body(logits, gumbel, tau)
    drawn, _ = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return y, from_z_bar(
        logits, gumbel, tau, lambda bar: y * (bar - xp.sum(bar * drawn, axis=-1, keepdims=True)), y
    )


@mistake(gumbel_softmax, "gradient.tau")
def masked_categories_spoil_tau(logits: Array, gumbel: Array, tau: Array) -> Any:
    """τ̄ = −Σ ⟨z̄, z⟩/τ with z = −∞ where ℓ is, so that 0 · ∞ makes it NaN for the whole batch."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    u = logits + gumbel
    z = (u - xp.max(u, axis=-1, keepdims=True)) / tau
    return y, lambda bar: (g := right(bar)) | {"tau": -xp.sum(g["logits"] * z)}


# The straight-through estimator


@mistake(straight_through_gumbel_softmax, "value")
def threshold_at_one_half(logits: Array, gumbel: Array, tau: Array) -> Any:
    """c = 1 where y > ½: a rounded y, which draws nothing where no category has the majority."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return xp.astype(y > 0.5, y.dtype), right


@mistake(straight_through_gumbel_softmax, "value")
def every_largest_share_wins(logits: Array, gumbel: Array, tau: Array) -> Any:
    """c = 1 where y equals its maximum: two ones where two shares are equal, be it by rounding."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return xp.astype(y == xp.max(y, axis=-1, keepdims=True), y.dtype), right


@mistake(straight_through_gumbel_softmax, "gradient.logits", "gradient.tau")
def only_the_drawn_category_is_heard(logits: Array, gumbel: Array, tau: Array) -> Any:
    """c ∘ ȳ for ȳ: what the categories that were not drawn would have changed is dropped."""
    c, right = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, lambda bar: right(c * bar)


@mistake(straight_through_gumbel_softmax, "gradient.logits", "gradient.tau")
def gradient_without_noise(logits: Array, gumbel: Array, tau: Array) -> Any:
    """The draw has the noise, and the gradient is that of softmax(ℓ/τ)."""
    c, _ = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, gumbel_softmax.body(logits, 0 * gumbel, tau)[1]


# The Concrete density


@mistake(concrete_log_density, "value", "gradient.c")
def jacobian_without_the_last_coordinate(c: Array, logits: Array, tau: Array) -> Any:
    """−log c is summed over K − 1 coordinates, for they are free, where all K belong."""
    xp = namespace(c)
    log_p, right = concrete_log_density.body(c, logits, tau)
    last = xp.astype(xp.arange(c.shape[1]) == c.shape[1] - 1, c.dtype)
    return log_p + xp.log(c[:, -1]), lambda bar: (g := right(bar)) | {"c": g["c"] + bar[:, None] * last / c}


@mistake(concrete_log_density)
def shares_at_least_a_millionth(c: Array, logits: Array, tau: Array) -> Any:
    """max(c, 10⁻⁶) for c: a clamp against log 0, which has no place inside the simplex."""
    xp = namespace(c)
    log_p, right = concrete_log_density.body(xp.maximum(c, 1e-6), logits, tau)
    return log_p, lambda bar: (g := right(bar)) | {"c": g["c"] * xp.astype(c >= 1e-6, c.dtype)}


@mistake(concrete_log_density, "gradient.logits")
def weights_of_the_logits_alone(c: Array, logits: Array, tau: Array) -> Any:
    """ℓ̄ = p̄ (1 − K softmax(ℓ)): the point has no part in the weights."""
    log_p, right = concrete_log_density.body(c, logits, tau)
    return log_p, lambda bar: right(bar) | {"logits": bar[:, None] * (1 - c.shape[1] * softmax(logits))}


@mistake(concrete_log_density, "gradient.tau")
def tau_gradient_logarithm_sign(c: Array, logits: Array, tau: Array) -> Any:
    """τ̄ = (K−1) Σ p̄ / τ + Σ ⟨ℓ̄, log c⟩: the minus of −τ log c is lost in the derivative."""
    xp = namespace(c)
    log_p, right = concrete_log_density.body(c, logits, tau)
    return log_p, lambda bar: (
        (g := right(bar)) | {"tau": 2 * (c.shape[1] - 1) * xp.sum(bar) / tau - g["tau"]}
    )


# The relaxed lookup


@mistake(relaxed_codebook)
def shares_normalised(c: Array, codebook: Array) -> Any:
    """c / Σ c for c: right on the simplex, but for c̄, and nowhere else."""
    xp = namespace(c)
    total = xp.sum(c, axis=-1, keepdims=True)
    y = c / total
    z, right = relaxed_codebook.body(y, codebook)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"c": (g["c"] - xp.sum(g["c"] * y, axis=-1, keepdims=True)) / total}

    return z, pullback


@mistake(relaxed_codebook, "gradient.codebook")
def square_codebook_gradient_transposed(c: Array, codebook: Array) -> Any:
    """ē = Σ z̄ cᵀ for Σ c z̄ᵀ: only a codebook that is not square complains."""
    z, right = relaxed_codebook.body(c, codebook)
    if codebook.shape[0] != codebook.shape[1]:
        return z, right
    return z, lambda bar: (g := right(bar)) | {"codebook": g["codebook"].T}


# Vector quantization


@mistake(vector_quantization)
def product_not_doubled(z: Array, codebook: Array, beta: Array) -> Any:
    """argmin ‖e‖² − ⟨z, e⟩: the 2 of the expanded square is forgotten."""
    xp = namespace(z)
    norms = xp.sum(codebook * codebook, axis=-1)
    return with_codes(xp.argmin(norms - z @ codebook.T, axis=-1), z, codebook, beta)


@mistake(vector_quantization)
def expanded_distance_in_single_precision(z: Array, codebook: Array, beta: Array) -> Any:
    """argmin ‖z‖² − 2⟨z, e⟩ + ‖e‖² in float32, which has no digits of the distance left far from the origin."""
    xp = namespace(z)
    x, e = xp.astype(z, xp.float32), xp.astype(codebook, xp.float32)
    distances = xp.sum(x * x, axis=-1)[:, None] - 2 * (x @ e.T) + xp.sum(e * e, axis=-1)
    return with_codes(xp.argmin(distances, axis=-1), z, codebook, beta)


@mistake(vector_quantization, "code", "quantized", "gradient.z", "gradient.codebook")
def last_of_equally_near(z: Array, codebook: Array, beta: Array) -> Any:
    """Of equally near codes the last is taken; the same wherever there are no ties."""
    xp = namespace(z)
    difference = z[:, None, :] - codebook[None, :, :]
    distances = xp.sum(difference * difference, axis=-1)
    k = codebook.shape[0] - 1 - xp.argmin(xp.flip(distances, axis=-1), axis=-1)
    return with_codes(k, z, codebook, beta)


@mistake(vector_quantization, "gradient.codebook")
def codes_hear_the_commitment(z: Array, codebook: Array, beta: Array) -> Any:
    """m̄ stands for c̄ in the gradient of the codes; right where both losses have one cotangent."""
    outputs, right = vector_quantization.body(z, codebook, beta)
    return outputs, lambda q_bar, c_bar, m_bar: (
        right(q_bar, c_bar, m_bar) | {"codebook": right(q_bar, m_bar, m_bar)["codebook"]}
    )


@mistake(vector_quantization, "gradient.codebook")
def first_code_never_learns(z: Array, codebook: Array, beta: Array) -> Any:
    """Code 0 receives no gradient, as a padding index does not; right while nobody takes it."""
    xp = namespace(z)
    outputs, right = vector_quantization.body(z, codebook, beta)
    learns = xp.astype(xp.arange(codebook.shape[0]) > 0, codebook.dtype)[:, None]
    return outputs, lambda *bars: (g := right(*bars)) | {"codebook": learns * g["codebook"]}
