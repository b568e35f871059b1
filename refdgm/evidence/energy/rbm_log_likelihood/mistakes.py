"""Mistakes in the log-likelihood of a restricted machine. Its negative is a convention and none of them."""

from typing import Any

from refdgm.energy.rbm_free_energy import rbm_free_energy
from refdgm.energy.rbm_log_likelihood import rbm_log_likelihood
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.restricted import turned
from refdgm.namespace import Array, namespace
from refdgm.numerics.enumeration import normalised, states
from refdgm.numerics.halves import halves

BODY, FREE = rbm_log_likelihood.body, rbm_free_energy.body


def partition(W: Array, b: Array, c: Array) -> Any:
    """log Z and its pullback, by free energies of the hidden states."""
    xp = namespace(W)
    h = states(c.shape[0], W)
    free, right = FREE(h, W.T, c, b)
    log_z, law = normalised(-free)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(-xp.sum(bar) * law)
        return {"W": g["W"].T, "b": g["c"], "c": g["b"]}

    return log_z, pullback


def less(data: Any, model: Any) -> Any:
    """−F − log Z of any two parts, rightly differentiated."""
    (free, right), (log_z, back) = data, model

    def pullback(bar: Array) -> dict[str, Array]:
        g, m = right(-bar), back(bar)
        return {"v": g["v"]} | {name: g[name] - m[name] for name in ("W", "b", "c")}

    return -free - log_z, pullback


def moments(v: Array, W: Array, b: Array, c: Array) -> Any:
    """⟨h⟩, ⟨v⟩ and ⟨h vᵀ⟩ under the model."""
    h = states(c.shape[0], v)
    on, _ = halves(h @ W + b)
    free, _ = FREE(h, W.T, c, b)
    law = normalised(-free)[1]
    return law @ h, law @ on, (law[:, None] * h).T @ on


# Wrong equations, rightly differentiated


@mistake(rbm_log_likelihood, "value", "gradient.W", "gradient.b", "gradient.c")
def visible_biases_left_out_of_z(v: Array, W: Array, b: Array, c: Array) -> Any:
    """Z = Σ_h e^{cᵀh} Π (1 + e^{Wᵀh}); right while the biases are zero."""
    log_z, back = partition(W, 0 * b, c)
    return less(FREE(v, W, b, c), (log_z, lambda bar: (m := back(bar)) | {"b": 0 * m["b"]}))


@mistake(rbm_log_likelihood, "value", "gradient.W", "gradient.b", "gradient.c")
def hidden_biases_left_out_of_z(v: Array, W: Array, b: Array, c: Array) -> Any:
    """Z without e^{cᵀh}."""
    log_z, back = partition(W, b, 0 * c)
    return less(FREE(v, W, b, c), (log_z, lambda bar: (m := back(bar)) | {"c": 0 * m["c"]}))


@mistake(rbm_log_likelihood, "value")
def mean_over_the_states(v: Array, W: Array, b: Array, c: Array) -> Any:
    """Z divided by 2^H: a mean for a sum, which no gradient shows."""
    value, right = BODY(v, W, b, c)
    return value + namespace(v).log(0 * value + 2) * c.shape[0], right


@mistake(rbm_log_likelihood, "value", "gradient.W", "gradient.b", "gradient.c")
def without_the_state_of_zeros(v: Array, W: Array, b: Array, c: Array) -> Any:
    """The sum begins at the second state."""
    xp = namespace(v)
    h = states(c.shape[0], v)[1:, :]
    free, right = FREE(h, W.T, c, b)
    log_z, law = normalised(-free)

    def back(bar: Array) -> dict[str, Array]:
        g = right(-xp.sum(bar) * law)
        return {"W": g["W"].T, "b": g["c"], "c": g["b"]}

    return less(FREE(v, W, b, c), (log_z, back))


@mistake(rbm_log_likelihood)
def square_weights_transposed(v: Array, W: Array, b: Array, c: Array) -> Any:
    """Wᵀ for W; only weights that are not square complain."""
    value, right = BODY(v, turned(W), b, c)
    return value, lambda bar: (g := right(bar)) | {"W": turned(g["W"])}


# The value is right, a gradient is not


@mistake(rbm_log_likelihood, "gradient.W")
def product_of_the_model_s_means(v: Array, W: Array, b: Array, c: Array) -> Any:
    """⟨h⟩⟨v⟩ᵀ for ⟨h vᵀ⟩: both sides as if they were independent."""
    value, right = BODY(v, W, b, c)
    hidden, visible, both = moments(v, W, b, c)
    return value, lambda bar: (g := right(bar)) | {
        "W": g["W"] + namespace(v).sum(bar) * (both - hidden[:, None] * visible)}


@mistake(rbm_log_likelihood, "gradient.W")
def square_weight_gradient_transposed(v: Array, W: Array, b: Array, c: Array) -> Any:
    """v pᵀ for p vᵀ; only weights that are not square complain."""
    value, right = BODY(v, W, b, c)
    return value, lambda bar: (g := right(bar)) | {"W": turned(g["W"])}


@mistake(rbm_log_likelihood, "gradient.b")
def visible_mean_of_the_mean_hidden(v: Array, W: Array, b: Array, c: Array) -> Any:
    """σ(b + Wᵀ⟨h⟩) for ⟨v⟩: the mean is put into the logistic function."""
    value, right = BODY(v, W, b, c)
    hidden, visible, _ = moments(v, W, b, c)
    naive = halves(hidden @ W + b)[0]
    return value, lambda bar: (g := right(bar)) | {"b": g["b"] + namespace(v).sum(bar) * (visible - naive)}


@mistake(rbm_log_likelihood, "gradient.c")
def hidden_biases_without_the_model(v: Array, W: Array, b: Array, c: Array) -> Any:
    """c_bar = Σ J_bar p."""
    value, right = BODY(v, W, b, c)
    data = FREE(v, W, b, c)[1]
    return value, lambda bar: right(bar) | {"c": data(-bar)["c"]}


@mistake(rbm_log_likelihood, "gradient.v")
def score_without_the_visible_biases(v: Array, W: Array, b: Array, c: Array) -> Any:
    """v_bar = J_bar Wᵀp."""
    value, right = BODY(v, W, b, c)
    return value, lambda bar: (g := right(bar)) | {"v": g["v"] - bar[:, None] * b}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(rbm_log_likelihood, "gradient.W", "gradient.b", "gradient.c", blind=True)
def partition_function_held(v: Array, W: Array, b: Array, c: Array) -> Any:
    """log Z is a constant: the gradient of −F alone, by which every energy falls."""
    value, _ = BODY(v, W, b, c)
    data = FREE(v, W, b, c)[1]
    return value, lambda bar: data(-bar)


@mistake(rbm_log_likelihood, "gradient.W", "gradient.b", "gradient.c", blind=True)
def model_counted_once(v: Array, W: Array, b: Array, c: Array) -> Any:
    """The model's moments with the mean of J_bar and not its sum; right for one example."""
    value, right = BODY(v, W, b, c)
    data = FREE(v, W, b, c)[1]

    def pullback(bar: Array) -> dict[str, Array]:
        g, d = right(bar), data(-bar)
        return {"v": g["v"]} | {
            name: d[name] + (g[name] - d[name]) / max(bar.shape[0], 1) for name in ("W", "b", "c")}

    return value, pullback


@mistake(rbm_log_likelihood, "value", "gradient.W", "gradient.b", "gradient.c", blind=True)
def partition_over_the_batch(v: Array, W: Array, b: Array, c: Array) -> Any:
    """Z = Σ_b e^{−F(v_b)}: the batch is taken for all states."""
    xp = namespace(v)
    free, right = FREE(v, W, b, c)
    log_z, law = normalised(-free)
    model = FREE(xp.zeros_like(v) + v, W, b, c)[1]

    def back(bar: Array) -> dict[str, Array]:
        return model(-xp.sum(bar) * law)

    return less((free, right), (log_z, back))
