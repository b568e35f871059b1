"""Mistakes in the free energy of a restricted machine. Its negative, log p(v) without log Z, is a convention."""

from typing import Any

from refdgm.energy.rbm_free_energy import rbm_free_energy
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.restricted import turned
from refdgm.namespace import Array, namespace
from refdgm.primitives.softmax import log_sum_exp

BODY = rbm_free_energy.body
HIDDEN = ("value", "gradient.v", "gradient.W", "gradient.c")


def of_each(v: Array, W: Array, b: Array, c: Array, hidden: Any) -> Any:
    """−bᵀv − Σ f(a): `hidden` gives each f and its pullback."""
    xp = namespace(v)
    each, right = hidden(v @ W.T + c)

    def pullback(bar: Array) -> dict[str, Array]:
        means = -right(bar[:, None] + 0 * each)
        return {"v": means @ W - bar[:, None] * b, "W": means.T @ v, "b": -(bar @ v), "c": xp.sum(means, axis=0)}

    return -(v @ b) - xp.sum(each, axis=-1), pullback


def hidden_means(v: Array, W: Array, c: Array, bar: Array) -> Array:
    """−F_bar h_hat."""
    xp = namespace(v)
    a = v @ W.T + c
    return -bar[:, None] * (xp.exp(xp.minimum(a, 0)) / (1 + xp.exp(-xp.abs(a))))


# Wrong equations, rightly differentiated


@mistake(rbm_free_energy, *HIDDEN)
def square_weights_transposed(v: Array, W: Array, b: Array, c: Array) -> Any:
    """a = c + Wᵀv: (visible, hidden) weights; only those that are not square complain."""
    value, right = BODY(v, turned(W), b, c)
    return value, lambda bar: (g := right(bar)) | {"W": turned(g["W"])}


@mistake(rbm_free_energy, *HIDDEN)
def hidden_biases_forgotten(v: Array, W: Array, b: Array, c: Array) -> Any:
    """a = W v; right while the biases are still zero."""
    value, right = BODY(v, W, b, 0 * c)
    return value, lambda bar: (g := right(bar)) | {"c": 0 * g["c"]}


@mistake(rbm_free_energy, *HIDDEN)
def hidden_biases_outside(v: Array, W: Array, b: Array, c: Array) -> Any:
    """−bᵀv − Σ c − Σ log(1 + e^{W v}): c is added as if every hidden unit were on."""
    xp = namespace(v)
    value, right = BODY(v, W, b, 0 * c)
    return value - xp.sum(c), lambda bar: right(bar) | {"c": 0 * c - xp.sum(bar)}


@mistake(rbm_free_energy, *HIDDEN)
def mean_over_the_hidden_units(v: Array, W: Array, b: Array, c: Array) -> Any:
    """A mean of the log(1 + e^a) where each unit adds its own; right for one hidden unit."""
    xp = namespace(v)
    value, right = BODY(v, W, b, c)
    outer, many = -(v @ b), max(c.shape[0], 1)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar / many)
        return g | {"v": g["v"] - (1 - 1 / many) * bar[:, None] * b, "b": -(bar @ v)}

    return outer + (value - outer) / xp.asarray(many, dtype=v.dtype, device=v.device), pullback


@mistake(rbm_free_energy, *HIDDEN)
def one_sum_for_all(v: Array, W: Array, b: Array, c: Array) -> Any:
    """log(1 + Σ e^a): hidden units of which one at most is on; right for one hidden unit."""
    xp = namespace(v)
    a = v @ W.T + c
    total, right = log_sum_exp.body(xp.concat([a, 0 * a[:, :1]], axis=1))

    def pullback(bar: Array) -> dict[str, Array]:
        means = -right(bar)["logits"][:, :-1]
        return {"v": means @ W - bar[:, None] * b, "W": means.T @ v, "b": -(bar @ v), "c": xp.sum(means, axis=0)}

    return -(v @ b) - total, pullback


@mistake(rbm_free_energy, *HIDDEN)
def hidden_spins(v: Array, W: Array, b: Array, c: Array) -> Any:
    """log(e^a + e^{−a}): hidden units of ±1."""
    xp = namespace(v)

    def both(a: Array) -> Any:
        size = xp.abs(a)
        return size + xp.log1p(xp.exp(-2 * size)), lambda bar: bar * xp.tanh(a)

    return of_each(v, W, b, c, both)


@mistake(rbm_free_energy, *HIDDEN)
def hidden_sign(v: Array, W: Array, b: Array, c: Array) -> Any:
    """+Σ log(1 + e^a): likely hidden units raise the energy."""
    value, right = BODY(v, W, b, c)
    outer = -(v @ b)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(-bar)
        return g | {"v": g["v"] - 2 * bar[:, None] * b, "b": -(bar @ v)}

    return 2 * outer - value, pullback


# The value is right, a gradient is not


@mistake(rbm_free_energy, "gradient.v")
def visible_biases_forgotten_in_the_score(v: Array, W: Array, b: Array, c: Array) -> Any:
    """v_bar = −F_bar Wᵀh_hat."""
    value, right = BODY(v, W, b, c)
    return value, lambda bar: (g := right(bar)) | {"v": g["v"] + bar[:, None] * b}


@mistake(rbm_free_energy, "gradient.v")
def score_with_square_weights_transposed(v: Array, W: Array, b: Array, c: Array) -> Any:
    """W h_hat for Wᵀh_hat; only weights that are not square complain."""
    value, right = BODY(v, W, b, c)

    if W.shape[0] != W.shape[1]:
        return value, right
    return value, lambda bar: right(bar) | {"v": hidden_means(v, W, c, bar) @ W.T - bar[:, None] * b}


@mistake(rbm_free_energy, "gradient.W")
def product_of_the_means(v: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar of the mean hidden and the mean visible units, where the mean of their products belongs; right for one
    example."""
    value, right = BODY(v, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        ones = 0 * bar + 1 / max(bar.shape[0], 1)
        return g | {"W": g["c"][:, None] * (ones @ v)[None, :]}

    return value, pullback


@mistake(rbm_free_energy, "gradient.c")
def softplus_for_its_slope(v: Array, W: Array, b: Array, c: Array) -> Any:
    """c_bar = −Σ F_bar log(1 + e^a): the activation in the place of its derivative."""
    xp = namespace(v)
    value, right = BODY(v, W, b, c)
    a = v @ W.T + c
    each = xp.maximum(a, 0) + xp.log1p(xp.exp(-xp.abs(a)))
    return value, lambda bar: right(bar) | {"c": -(bar @ each)}


@mistake(rbm_free_energy, "gradient.b")
def visible_gradient_averaged(v: Array, W: Array, b: Array, c: Array) -> Any:
    """b_bar is the mean over the batch, W_bar and c_bar the sum; right for one example."""
    value, right = BODY(v, W, b, c)
    return value, lambda bar: (g := right(bar)) | {"b": g["b"] / max(bar.shape[0], 1)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(rbm_free_energy, "value", "gradient.v", "gradient.b", seen="wuaalb/keras_extensions #15", blind=True)
def visible_sign(v: Array, W: Array, b: Array, c: Array) -> Any:
    """+bᵀv: a sign carried over from Gaussian visible units, where it is right."""
    value, right = BODY(v, W, -b, c)
    return value, lambda bar: (g := right(bar)) | {"b": -g["b"]}


@mistake(rbm_free_energy, *HIDDEN, seen="odie2630463/Restricted-Boltzmann-Machines-in-pytorch #1", blind=True)
def exponent_clamped(v: Array, W: Array, b: Array, c: Array) -> Any:
    """log(1 + e^{min(a, 87)}), against an overflow: beyond 87 a hidden unit pulls no more."""
    xp = namespace(v)

    def clamped(a: Array) -> Any:
        kept = xp.minimum(a, 87)
        slope = xp.astype(a < 87, a.dtype) * (xp.exp(xp.minimum(a, 0)) / (1 + xp.exp(-xp.abs(a))))
        return xp.maximum(kept, 0) + xp.log1p(xp.exp(-xp.abs(kept))), lambda bar: bar * slope

    return of_each(v, W, b, c, clamped)


@mistake(rbm_free_energy, "gradient.W", "gradient.c", seen="rasmusbergpalm/DeepLearnToolbox #120", blind=True)
def states_for_means(v: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar and c_bar with hidden units that are on or off, in the place of their means."""
    xp = namespace(v)
    value, right = BODY(v, W, b, c)

    def pullback(bar: Array) -> dict[str, Array]:
        on = -bar[:, None] * xp.astype(v @ W.T + c > 0, v.dtype)
        return right(bar) | {"W": on.T @ v, "c": xp.sum(on, axis=0)}

    return value, pullback


@mistake(rbm_free_energy, "gradient.W", blind=True)
def weight_gradient_averaged(v: Array, W: Array, b: Array, c: Array) -> Any:
    """W_bar is divided by the batch, b_bar and c_bar are not; right for one example."""
    value, right = BODY(v, W, b, c)
    return value, lambda bar: (g := right(bar)) | {"W": g["W"] / max(bar.shape[0], 1)}
