"""Mistakes in the Gumbel-max trick, its relaxation and the straight-through estimator."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.latent.softmax import softmax
from refdgm.latent.gumbel_softmax import gumbel_max, gumbel_softmax, straight_through_gumbel_softmax
from refdgm.namespace import Array, namespace

# The draw


@mistake(gumbel_max)
def noise_subtracted(logits: Array, gumbel: Array) -> Array:
    """The noise enters with the wrong sign: −g is not Gumbel distributed."""
    return gumbel_max.body(logits, -gumbel)


@mistake(gumbel_max)
def argmin_for_argmax(logits: Array, gumbel: Array) -> Array:
    """The least likely category wins."""
    return gumbel_max.body(-logits, -gumbel)


@mistake(gumbel_max)
def noise_ignored(logits: Array, gumbel: Array) -> Array:
    """The mode, not a draw."""
    return gumbel_max.body(logits, 0 * gumbel)


@mistake(gumbel_max)
def logits_ignored(logits: Array, gumbel: Array) -> Array:
    """A uniform draw."""
    return namespace(logits).argmax(gumbel, axis=-1)


@mistake(gumbel_max)
def one_logarithm(logits: Array, gumbel: Array) -> Array:
    """The noise is −log u, exponential, for −log(−log u)."""
    return gumbel_max.body(logits, namespace(logits).exp(-gumbel))


@mistake(gumbel_max)
def probabilities_for_logits(logits: Array, gumbel: Array) -> Array:
    """The noise is added to the probabilities, not to their logarithms."""
    return gumbel_max.body(softmax(logits), gumbel)


@mistake(gumbel_max)
def wrong_axis(logits: Array, gumbel: Array) -> Array:
    """The examples compete, not the categories; where B = K even the shape is right."""
    return namespace(logits).argmax(logits + gumbel, axis=0)


@mistake(gumbel_max)
def counted_from_one(logits: Array, gumbel: Array) -> Array:
    """Categories are counted from one."""
    return gumbel_max.body(logits, gumbel) + 1


@mistake(gumbel_max)
def last_of_equals(logits: Array, gumbel: Array) -> Array:
    """Of equal entries the last wins; the same wherever there are no ties."""
    xp = namespace(logits)
    return logits.shape[-1] - 1 - xp.argmax(xp.flip(logits + gumbel, axis=-1), axis=-1)


# The relaxation: wrong equations, rightly differentiated


@mistake(gumbel_softmax)
def minus_noise(logits: Array, gumbel: Array, tau: Array) -> Any:
    """The noise enters with the wrong sign."""
    return gumbel_softmax.body(logits, -gumbel, tau)


@mistake(gumbel_softmax)
def tau_on_logits_only(logits: Array, gumbel: Array, tau: Array) -> Any:
    """softmax(ℓ/τ + g): the temperature does not reach the noise."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel * tau, tau)
    within = xp.where(y > 0, logits, xp.zeros_like(y))
    return y, lambda bar: (g := right(bar)) | {"tau": -xp.sum(g["logits"] * within) / tau}


@mistake(gumbel_softmax)
def tau_ignored(logits: Array, gumbel: Array, tau: Array) -> Any:
    """softmax(ℓ + g): no temperature; invisible at τ = 1 but in its own gradient."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, xp.ones_like(tau))
    return y, lambda bar: right(bar) | {"tau": xp.zeros_like(tau)}


@mistake(gumbel_softmax)
def tau_multiplies(logits: Array, gumbel: Array, tau: Array) -> Any:
    """softmax((ℓ + g) τ): an inverse temperature."""
    y, right = gumbel_softmax.body(logits, gumbel, 1 / tau)
    return y, lambda bar: (g := right(bar)) | {"tau": -g["tau"] / (tau * tau)}


@mistake(gumbel_softmax)
def softmax_over_batch(logits: Array, gumbel: Array, tau: Array) -> Any:
    """The softmax runs over the examples, not over the categories: no shape tells."""
    y, right = gumbel_softmax.body(logits.T, gumbel.T, tau)
    return y.T, lambda bar: (g := right(bar.T)) | {"logits": g["logits"].T}


@mistake(gumbel_softmax)
def logits_taken_for_probabilities(logits: Array, gumbel: Array, tau: Array) -> Any:
    """softmax((softmax(ℓ) + g)/τ): the noise is added to probabilities, not to their logarithms."""
    xp = namespace(logits)
    p = softmax(logits)
    y, right = gumbel_softmax.body(p, gumbel, tau)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"logits": p * (g["logits"] - xp.sum(g["logits"] * p, axis=-1, keepdims=True))}

    return y, pullback


# The relaxation: the value is right, its gradient is not


@mistake(gumbel_softmax, "gradient.logits")
def no_one_over_tau(logits: Array, gumbel: Array, tau: Array) -> Any:
    """ℓ_bar = z_bar: the chain rule stops before the division by τ; right at τ = 1."""
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return y, lambda bar: (g := right(bar)) | {"logits": g["logits"] * tau}


@mistake(gumbel_softmax, "gradient.logits")
def tau_squared(logits: Array, gumbel: Array, tau: Array) -> Any:
    """ℓ_bar = z_bar/τ²: divided by τ twice."""
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return y, lambda bar: (g := right(bar)) | {"logits": g["logits"] / tau}


@mistake(gumbel_softmax, "gradient.tau")
def tau_gradient_sign(logits: Array, gumbel: Array, tau: Array) -> Any:
    """τ_bar without the minus of d(1/τ)."""
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return y, lambda bar: (g := right(bar)) | {"tau": -g["tau"]}


@mistake(gumbel_softmax, "gradient.tau")
def tau_detached(logits: Array, gumbel: Array, tau: Array) -> Any:
    """A learned temperature that receives no gradient."""
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return y, lambda bar: (g := right(bar)) | {"tau": 0 * g["tau"]}


@mistake(gumbel_softmax, "gradient.tau")
def tau_gradient_not_divided(logits: Array, gumbel: Array, tau: Array) -> Any:
    """τ_bar = −Σ ⟨z_bar, z⟩: dz/dτ is −z/τ."""
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return y, lambda bar: (g := right(bar)) | {"tau": g["tau"] * tau}


@mistake(gumbel_softmax, "gradient.tau")
def tau_gradient_without_noise(logits: Array, gumbel: Array, tau: Array) -> Any:
    """τ_bar = −Σ ⟨z_bar, ℓ⟩ / τ²: formed with the logits where ℓ + g belongs; right without noise."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    within = xp.where(y > 0, logits, xp.zeros_like(y))
    return y, lambda bar: (g := right(bar)) | {"tau": -xp.sum(g["logits"] * within) / tau}


@mistake(gumbel_softmax, "gradient.tau")
def tau_gradient_averaged(logits: Array, gumbel: Array, tau: Array) -> Any:
    """τ_bar averaged over the batch: a shared temperature receives the sum."""
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return y, lambda bar: (g := right(bar)) | {"tau": g["tau"] / logits.shape[0]}


def from_z_bar(logits: Array, gumbel: Array, tau: Array, z_bar_of: Any, y: Array) -> Any:
    """A pullback from a wrong z_bar: its own ℓ_bar and τ_bar follow rightly, with z from its row maximum."""
    xp = namespace(logits)
    z = (logits + gumbel) / tau
    z = z - xp.max(z, axis=-1, keepdims=True)
    z = xp.where(y > 0, z, xp.zeros_like(z))

    def pullback(bar: Array) -> dict[str, Array]:
        z_bar = z_bar_of(bar)
        return {"logits": z_bar / tau, "tau": -xp.sum(z_bar * z) / tau}

    return pullback


@mistake(gumbel_softmax, "gradient.logits", "gradient.tau")
def not_centred(logits: Array, gumbel: Array, tau: Array) -> Any:
    """z_bar = y ∘ y_bar: the projection −y⟨y_bar, y⟩ is dropped."""
    y, _ = gumbel_softmax.body(logits, gumbel, tau)
    return y, from_z_bar(logits, gumbel, tau, lambda bar: y * bar, y)


@mistake(gumbel_softmax, "gradient.logits", "gradient.tau")
def diagonal_jacobian(logits: Array, gumbel: Array, tau: Array) -> Any:
    """z_bar = y (1 − y) ∘ y_bar: a sigmoid's derivative, the rest of the Jacobian is dropped."""
    y, _ = gumbel_softmax.body(logits, gumbel, tau)
    return y, from_z_bar(logits, gumbel, tau, lambda bar: y * (1 - y) * bar, y)


@mistake(gumbel_softmax, "gradient.logits", "gradient.tau")
def gradient_of_log_softmax(logits: Array, gumbel: Array, tau: Array) -> Any:
    """z_bar = y_bar − y Σ y_bar, as if the value were log y."""
    xp = namespace(logits)
    y, _ = gumbel_softmax.body(logits, gumbel, tau)
    return y, from_z_bar(logits, gumbel, tau, lambda bar: bar - y * xp.sum(bar, axis=-1, keepdims=True), y)


# The straight-through estimator


@mistake(straight_through_gumbel_softmax, "value")
def soft_value(logits: Array, gumbel: Array, tau: Array) -> Any:
    """The relaxed sample is returned, not the one-hot draw."""
    return gumbel_softmax.body(logits, gumbel, tau)


@mistake(straight_through_gumbel_softmax, "value")
def noiseless_value(logits: Array, gumbel: Array, tau: Array) -> Any:
    """The one-hot mode of the logits, with the gradient of the relaxed draw."""
    _, right = gumbel_softmax.body(logits, gumbel, tau)
    return straight_through_gumbel_softmax.body(logits, 0 * gumbel, tau)[0], right


@mistake(straight_through_gumbel_softmax)
def noise_negated(logits: Array, gumbel: Array, tau: Array) -> Any:
    """The noise enters draw and gradient with the wrong sign."""
    return straight_through_gumbel_softmax.body(logits, -gumbel, tau)


@mistake(straight_through_gumbel_softmax, "gradient.logits", "gradient.tau")
def hard_jacobian(logits: Array, gumbel: Array, tau: Array) -> Any:
    """z_bar = c ∘ (y_bar − ⟨y_bar, y⟩): the one-hot draw stands in the Jacobian where the soft y belongs."""
    xp = namespace(logits)
    y, _ = gumbel_softmax.body(logits, gumbel, tau)
    c, _ = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, from_z_bar(
        logits, gumbel, tau, lambda bar: c * (bar - xp.sum(bar * y, axis=-1, keepdims=True)) + 0 * y, y
    )


@mistake(straight_through_gumbel_softmax, "gradient.logits", "gradient.tau")
def detached(logits: Array, gumbel: Array, tau: Array) -> Any:
    """Zero, the true derivative of the value: y was detached together with c, or c stands in all of z_bar."""
    c, right = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, lambda bar: {name: 0 * g for name, g in right(bar).items()}


@mistake(straight_through_gumbel_softmax, "gradient.logits", "gradient.tau")
def identity_gradient(logits: Array, gumbel: Array, tau: Array) -> Any:
    """ℓ_bar = y_bar: the estimator of binary units, which copies the cotangent past the softmax."""
    c, right = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, lambda bar: {"logits": bar, "tau": 0 * right(bar)["tau"]}


@mistake(straight_through_gumbel_softmax, "gradient.logits", "gradient.tau")
def gradient_at_unit_temperature(logits: Array, gumbel: Array, tau: Array) -> Any:
    """The draw needs no temperature, so its gradient got none: the relaxation at τ = 1."""
    xp = namespace(logits)
    _, relaxed = gumbel_softmax.body(logits, gumbel, xp.ones_like(tau))
    c, _ = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, lambda bar: relaxed(bar) | {"tau": xp.zeros_like(tau)}


@mistake(straight_through_gumbel_softmax, "gradient.logits")
def straight_through_without_tau(logits: Array, gumbel: Array, tau: Array) -> Any:
    """ℓ_bar = z_bar without the division by τ."""
    c, right = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, lambda bar: (g := right(bar)) | {"logits": g["logits"] * tau}


# --- planted by people who had not seen the cases, or after public code ---------------------------

# The draw


@mistake(gumbel_max, blind=True)
def noise_of_the_first_example(logits: Array, gumbel: Array) -> Array:
    """The noise is drawn once and shared by the batch; right for a batch of one."""
    return gumbel_max.body(logits, gumbel[:1, :])


@mistake(gumbel_max, blind=True)
def sum_in_single_precision(logits: Array, gumbel: Array) -> Array:
    """ℓ + g is rounded to float32, so that almost equal entries tie and the first of them wins."""
    xp = namespace(logits)
    return xp.argmax(xp.astype(logits + gumbel, xp.float32), axis=-1)


@mistake(gumbel_max, blind=True)
def last_category_left_out(logits: Array, gumbel: Array) -> Array:
    """The search ends one category early, so that the last one is never drawn."""
    most = max(logits.shape[1] - 1, 1)
    return gumbel_max.body(logits[:, :most], gumbel[:, :most])


# The relaxation


@mistake(gumbel_softmax, blind=True)
def temperature_at_least_one_half(logits: Array, gumbel: Array, tau: Array) -> Any:
    """max(τ, ½) for τ: the end of an annealing schedule is left in the function."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, xp.maximum(tau, 0.5))
    return y, lambda bar: (g := right(bar)) | {"tau": g["tau"] * xp.astype(tau >= 0.5, tau.dtype)}


@mistake(gumbel_softmax, blind=True)
def tau_on_noise_only(logits: Array, gumbel: Array, tau: Array) -> Any:
    """softmax(ℓ + g/τ): the parentheses are missing, and the temperature does not reach the logits."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits * tau, gumbel, tau)
    within = xp.where(y > 0, logits, xp.zeros_like(y))

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return {"logits": tau * g["logits"], "tau": g["tau"] + xp.sum(g["logits"] * within)}

    return y, pullback


@mistake(gumbel_softmax, "gradient.logits", "gradient.tau", blind=True)
def measured_from_the_winner_and_not_centred(logits: Array, gumbel: Array, tau: Array) -> Any:
    """z_bar = y ∘ (y_bar − y_bar_k): the shift to the winner's cotangent is taken for the projection, and the winner
    gets none."""
    xp = namespace(logits)
    y, _ = gumbel_softmax.body(logits, gumbel, tau)
    drawn, _ = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return y, from_z_bar(
        logits, gumbel, tau, lambda bar: y * (bar - xp.sum(bar * drawn, axis=-1, keepdims=True)), y
    )


@mistake(gumbel_softmax, "gradient.tau", blind=True)
def masked_categories_spoil_tau(logits: Array, gumbel: Array, tau: Array) -> Any:
    """τ_bar = −Σ ⟨z_bar, z⟩/τ with z = −∞ where ℓ is, so that 0 · ∞ makes it NaN for the whole batch."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    u = logits + gumbel
    z = (u - xp.max(u, axis=-1, keepdims=True)) / tau
    return y, lambda bar: (g := right(bar)) | {"tau": -xp.sum(g["logits"] * z)}


# The straight-through estimator


@mistake(straight_through_gumbel_softmax, "value", blind=True)
def threshold_at_one_half(logits: Array, gumbel: Array, tau: Array) -> Any:
    """c = 1 where y > ½: a rounded y, which draws nothing where no category has the majority."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return xp.astype(y > 0.5, y.dtype), right


@mistake(straight_through_gumbel_softmax, "value", blind=True)
def every_largest_share_wins(logits: Array, gumbel: Array, tau: Array) -> Any:
    """c = 1 where y equals its maximum: two ones where two shares are equal, be it by rounding."""
    xp = namespace(logits)
    y, right = gumbel_softmax.body(logits, gumbel, tau)
    return xp.astype(y == xp.max(y, axis=-1, keepdims=True), y.dtype), right


@mistake(straight_through_gumbel_softmax, "gradient.logits", "gradient.tau", blind=True)
def only_the_drawn_category_is_heard(logits: Array, gumbel: Array, tau: Array) -> Any:
    """c ∘ y_bar for y_bar: what the categories that were not drawn would have changed is dropped."""
    c, right = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, lambda bar: right(c * bar)


@mistake(straight_through_gumbel_softmax, "gradient.logits", "gradient.tau", blind=True)
def gradient_without_noise(logits: Array, gumbel: Array, tau: Array) -> Any:
    """The draw has the noise, and the gradient is that of softmax(ℓ/τ)."""
    c, _ = straight_through_gumbel_softmax.body(logits, gumbel, tau)
    return c, gumbel_softmax.body(logits, 0 * gumbel, tau)[1]
