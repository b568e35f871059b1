"""Mistakes in contrastive divergence. An objective that is raised is a convention and none of them."""

from typing import Any

from refdgm.energy.contrastive_divergence import contrastive_divergence
from refdgm.energy.rbm_free_energy import rbm_free_energy
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.restricted import turned
from refdgm.namespace import Array, namespace

BODY, FREE = contrastive_divergence.body, rbm_free_energy.body


def means(v: Array, W: Array, c: Array) -> Array:
    xp = namespace(v)
    a = v @ W.T + c
    return xp.exp(xp.minimum(a, 0)) / (1 + xp.exp(-xp.abs(a)))


def weighed(v: Array, v_model: Array, W: Array, b: Array, c: Array, data: float, model: float) -> Any:
    """data Σ F(v) + model Σ F(v_tilde), rightly differentiated."""
    xp = namespace(v)
    (here, right), (there, left) = FREE(v, W, b, c), FREE(v_model, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        g, h = right(bar * data + 0 * here), left(bar * model + 0 * there)
        return {name: g[name] + h[name] for name in ("W", "b", "c")}

    return data * xp.sum(here) + model * xp.sum(there), pullback


# Wrong equations, rightly differentiated


@mistake(contrastive_divergence)
def one_count_for_both_phases(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """Both sums divided by the number of data; right for as many samples."""
    return weighed(v, v_model, W, b, c, 1 / v.shape[0], -1 / v.shape[0])


@mistake(contrastive_divergence)
def sums_for_means(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """Sums over both batches; right for one example and one sample."""
    return weighed(v, v_model, W, b, c, 1.0, -1.0)


@mistake(contrastive_divergence)
def data_alone(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """mean F(v): nothing rises, and the free energy falls everywhere."""
    return weighed(v, v_model, W, b, c, 1 / v.shape[0], 0.0)


@mistake(contrastive_divergence, "value", "gradient.W", "gradient.c")
def square_weights_transposed(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """Wᵀ for W; only weights that are not square complain."""
    value, right = BODY(v, v_model, turned(W), b, c)
    return value, lambda bar: (g := right(bar)) | {"W": turned(g["W"])}


@mistake(contrastive_divergence, "value", "gradient.b")
def biases_of_one_phase(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """bᵀv_tilde is left out of the second free energy."""
    xp = namespace(v)
    value, right = BODY(v, v_model, W, b, c)
    there = xp.mean(v_model, axis=0)
    return value - there @ b, lambda bar: (g := right(bar)) | {"b": g["b"] - bar * there}


# The value is right, a gradient is not


@mistake(contrastive_divergence, "gradient.b")
def visible_biases_without_samples(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """b_bar = −J_bar mean v: the second phase is left to the weights."""
    value, right = BODY(v, v_model, W, b, c)
    return value, lambda bar: right(bar) | {"b": -bar * namespace(v).mean(v, axis=0)}


@mistake(contrastive_divergence, "gradient.c")
def hidden_biases_without_samples(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """c_bar = −J_bar mean p."""
    value, right = BODY(v, v_model, W, b, c)
    return value, lambda bar: right(bar) | {"c": -bar * namespace(v).mean(means(v, W, c), axis=0)}


@mistake(contrastive_divergence, "gradient.W")
def square_weight_gradient_transposed(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """vᵀ p for p vᵀ; only weights that are not square complain."""
    value, right = BODY(v, v_model, W, b, c)
    return value, lambda bar: (g := right(bar)) | {"W": turned(g["W"])}


@mistake(contrastive_divergence, "gradient.W")
def products_of_means(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """Mean p times mean v, in both phases, for the mean of their products."""
    xp = namespace(v)
    value, right = BODY(v, v_model, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        here, there = (xp.mean(means(x, W, c), axis=0)[:, None] * xp.mean(x, axis=0) for x in (v, v_model))
        return right(bar) | {"W": bar * (there - here)}

    return value, pullback


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(contrastive_divergence, seen="extropic-ai/thrml #38", blind=True)
def exchanged(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """Up at the data, down at the samples."""
    value, right = BODY(v, v_model, W, b, c)
    return -value, lambda bar: right(-bar)


@mistake(contrastive_divergence, "gradient.W", "gradient.c", seen="DsysDML/rbms #31", blind=True)
def hidden_means_of_the_state_before(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """The hidden means of the second phase are those that the sample was drawn from, here those of the mean of the data
    and not of v_tilde."""
    xp = namespace(v)
    value, right = BODY(v, v_model, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        before = means(xp.mean(v, axis=0)[None, :] + 0 * v_model, W, c)
        up, many = means(v, W, c), v_model.shape[0]
        return right(bar) | {"W": bar * (before.T @ v_model / many - up.T @ v / v.shape[0]),
                             "c": bar * (xp.mean(before, axis=0) - xp.mean(up, axis=0))}

    return value, pullback


@mistake(contrastive_divergence, "gradient.W", seen="yusugomori/DeepLearning #22", blind=True)
def weights_summed_biases_averaged(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar of sums over both batches, b_bar and c_bar of means; right for one example and one sample."""
    value, right = BODY(v, v_model, W, b, c)
    return value, lambda bar: right(bar) | {"W": bar * (means(v_model, W, c).T @ v_model - means(v, W, c).T @ v)}


@mistake(contrastive_divergence, "gradient.c", seen="yusugomori/DeepLearning #31", blind=True)
def hidden_states_in_the_first_phase(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """c_bar with hidden units of the data that are on or off, less means."""
    xp = namespace(v)
    value, right = BODY(v, v_model, W, b, c)
    on = xp.astype(v @ W.T + c > 0, v.dtype)
    return value, lambda bar: right(bar) | {
        "c": bar * (xp.mean(means(v_model, W, c), axis=0) - xp.mean(on, axis=0))}


@mistake(contrastive_divergence, "value", blind=True)
def reconstruction_error_reported(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Any:
    """Σ (mean v − mean v_tilde)²: the squared distance is reported, and contrastive divergence trained with."""
    xp = namespace(v)
    apart = xp.mean(v, axis=0) - xp.mean(v_model, axis=0)
    return xp.sum(apart * apart), BODY(v, v_model, W, b, c)[1]
