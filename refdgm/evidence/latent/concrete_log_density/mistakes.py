"""Mistakes in the density of the Concrete distribution."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.latent.softmax import softmax
from refdgm.latent.concrete_log_density import concrete_log_density
from refdgm.namespace import Array, namespace

BODY = concrete_log_density.body


# Wrong equations, rightly differentiated


@mistake(concrete_log_density, "value")
def without_factorial(c: Array, logits: Array, tau: Array) -> Any:
    """log (K−1)! is dropped: the density does not integrate to one; right for two categories."""
    log_p, right = BODY(c, logits, tau)
    xp = namespace(c)
    return log_p - xp.sum(xp.log(xp.arange(1, c.shape[-1], dtype=c.dtype, device=c.device))), right


@mistake(concrete_log_density, "value")
def factorial_of_all(c: Array, logits: Array, tau: Array) -> Any:
    """log K! for log (K−1)!."""
    log_p, right = BODY(c, logits, tau)
    xp = namespace(c)
    return log_p + xp.log(xp.full_like(tau, c.shape[-1])), right


@mistake(concrete_log_density, "value", "gradient.tau")
def one_power_of_tau_more(c: Array, logits: Array, tau: Array) -> Any:
    """K log τ for (K−1) log τ: K coordinates were counted, the simplex has K − 1."""
    log_p, right = BODY(c, logits, tau)
    xp = namespace(c)
    return log_p + xp.log(tau), lambda bar: (g := right(bar)) | {"tau": g["tau"] + xp.sum(bar) / tau}


@mistake(concrete_log_density, "value", "gradient.c")
def density_of_the_logarithm(c: Array, logits: Array, tau: Array) -> Any:
    """The density of log c (ExpConcrete): the Jacobian − Σ log c of the exponential is left out."""
    log_p, right = BODY(c, logits, tau)
    xp = namespace(c)
    return log_p + xp.sum(xp.log(c), axis=-1), lambda bar: (g := right(bar)) | {"c": g["c"] + bar[:, None] / c}


@mistake(concrete_log_density)
def normalised_once(c: Array, logits: Array, tau: Array) -> Any:
    """Σ (ℓ − (τ+1) log c) − lse(ℓ − τ log c): the log-sum-exp enters once, not once for each category."""
    xp = namespace(c)
    log_p, right = BODY(c, logits, tau)
    log_c, rest = xp.log(c), c.shape[-1] - 1
    s = logits - tau * log_c
    top = xp.max(s, axis=-1, keepdims=True)
    e = xp.exp(s - top)
    total = xp.sum(e, axis=-1, keepdims=True)
    w = e / total

    def pullback(bar: Array) -> dict[str, Array]:
        g, more = right(bar), rest * bar[:, None] * w
        return {
            "c": g["c"] - tau * more / c,
            "logits": g["logits"] + more,
            "tau": g["tau"] - xp.sum(more * log_c),
        }

    return log_p + rest * (xp.log(total) + top)[:, 0], pullback


@mistake(concrete_log_density)
def inverse_temperature(c: Array, logits: Array, tau: Array) -> Any:
    """1/τ for τ; right at τ = 1, but for the sign of τ_bar."""
    log_p, right = BODY(c, logits, 1 / tau)
    return log_p, lambda bar: (g := right(bar)) | {"tau": -g["tau"] / (tau * tau)}


@mistake(concrete_log_density)
def logits_divided_by_tau(c: Array, logits: Array, tau: Array) -> Any:
    """The density with logits ℓ/τ: the temperature that the draw's noise already carries is applied twice."""
    log_p, right = BODY(c, logits / tau, tau)
    xp = namespace(c)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"logits": g["logits"] / tau, "tau": g["tau"] - xp.sum(g["logits"] * logits) / (tau * tau)}

    return log_p, pullback


@mistake(concrete_log_density)
def probabilities_for_the_logits(c: Array, logits: Array, tau: Array) -> Any:
    """softmax(ℓ) where ℓ belongs."""
    xp = namespace(c)
    e = xp.exp(logits - xp.max(logits, axis=-1, keepdims=True))
    p = e / xp.sum(e, axis=-1, keepdims=True)
    log_p, right = BODY(c, p, tau)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"logits": p * (g["logits"] - xp.sum(g["logits"] * p, axis=-1, keepdims=True))}

    return log_p, pullback


# The value is right, a gradient is not


@mistake(concrete_log_density, "gradient.logits")
def softmax_weighed_once(c: Array, logits: Array, tau: Array) -> Any:
    """ℓ_bar = p_bar (1 − w): the K of K lse is forgotten."""
    log_p, right = BODY(c, logits, tau)
    count = c.shape[-1]
    return log_p, lambda bar: (g := right(bar)) | {"logits": bar[:, None] * (1 - 1 / count) + g["logits"] / count}


@mistake(concrete_log_density, "gradient.logits")
def logits_gradient_sign(c: Array, logits: Array, tau: Array) -> Any:
    """ℓ_bar = p_bar (K w − 1): that of the negative log-density."""
    log_p, right = BODY(c, logits, tau)
    return log_p, lambda bar: (g := right(bar)) | {"logits": -g["logits"]}


@mistake(concrete_log_density, "gradient.c")
def point_gradient_without_jacobian(c: Array, logits: Array, tau: Array) -> Any:
    """c_bar = −τ ℓ_bar / c: the term − Σ log c is not differentiated."""
    log_p, right = BODY(c, logits, tau)
    return log_p, lambda bar: (g := right(bar)) | {"c": g["c"] + bar[:, None] / c}


@mistake(concrete_log_density, "gradient.c")
def point_detached(c: Array, logits: Array, tau: Array) -> Any:
    """No gradient reaches the point, though a reparameterised sample carries most of it there."""
    log_p, right = BODY(c, logits, tau)
    return log_p, lambda bar: (g := right(bar)) | {"c": 0 * g["c"]}


@mistake(concrete_log_density, "gradient.tau")
def tau_gradient_without_volume(c: Array, logits: Array, tau: Array) -> Any:
    """τ_bar without (K−1)/τ: log τ^{K−1} is taken for a constant."""
    log_p, right = BODY(c, logits, tau)
    xp, rest = namespace(c), c.shape[-1] - 1
    return log_p, lambda bar: (g := right(bar)) | {"tau": g["tau"] - rest * xp.sum(bar) / tau}


@mistake(concrete_log_density, "gradient.tau")
def tau_gradient_of_the_mean(c: Array, logits: Array, tau: Array) -> Any:
    """τ_bar averaged over the batch: a shared temperature receives the sum."""
    log_p, right = BODY(c, logits, tau)
    return log_p, lambda bar: (g := right(bar)) | {"tau": g["tau"] / c.shape[0]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(concrete_log_density, "value", "gradient.c", blind=True)
def jacobian_without_the_last_coordinate(c: Array, logits: Array, tau: Array) -> Any:
    """−log c is summed over K − 1 coordinates, for they are free, where all K belong."""
    xp = namespace(c)
    log_p, right = concrete_log_density.body(c, logits, tau)
    last = xp.astype(xp.arange(c.shape[1]) == c.shape[1] - 1, c.dtype)
    return log_p + xp.log(c[:, -1]), lambda bar: (g := right(bar)) | {"c": g["c"] + bar[:, None] * last / c}


@mistake(concrete_log_density, blind=True)
def shares_at_least_a_millionth(c: Array, logits: Array, tau: Array) -> Any:
    """max(c, 10⁻⁶) for c: a clamp against log 0, which has no place inside the simplex."""
    xp = namespace(c)
    log_p, right = concrete_log_density.body(xp.maximum(c, 1e-6), logits, tau)
    return log_p, lambda bar: (g := right(bar)) | {"c": g["c"] * xp.astype(c >= 1e-6, c.dtype)}


@mistake(concrete_log_density, "gradient.logits", blind=True)
def weights_of_the_logits_alone(c: Array, logits: Array, tau: Array) -> Any:
    """ℓ_bar = p_bar (1 − K softmax(ℓ)): the point has no part in the weights."""
    log_p, right = concrete_log_density.body(c, logits, tau)
    return log_p, lambda bar: right(bar) | {"logits": bar[:, None] * (1 - c.shape[1] * softmax(logits))}


@mistake(concrete_log_density, "gradient.tau", blind=True)
def tau_gradient_logarithm_sign(c: Array, logits: Array, tau: Array) -> Any:
    """τ_bar = (K−1) Σ p_bar / τ + Σ ⟨ℓ_bar, log c⟩: the minus of −τ log c is lost in the derivative."""
    xp = namespace(c)
    log_p, right = concrete_log_density.body(c, logits, tau)
    return log_p, lambda bar: (
        (g := right(bar)) | {"tau": 2 * (c.shape[1] - 1) * xp.sum(bar) / tau - g["tau"]}
    )
