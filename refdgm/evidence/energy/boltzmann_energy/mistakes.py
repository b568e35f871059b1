"""Mistakes in the energy of a Boltzmann machine. Its sign, thresholds and a W without the half are conventions."""

from typing import Any

from refdgm.energy.boltzmann_energy import boltzmann_energy
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = boltzmann_energy.body
GRADIENTS = ("gradient.y", "gradient.W", "gradient.b")


def quadratic(y: Array, W: Array, b: Array, of_pairs: float, of_units: float) -> Any:
    """−p yᵀWy − q bᵀy, rightly differentiated."""
    xp = namespace(y)
    there, back = y @ W, y @ W.T

    def pullback(bar: Array) -> dict[str, Array]:
        pulled = bar[:, None] * y
        return {"y": -bar[:, None] * (of_pairs * (there + back) + of_units * b), "W": -of_pairs * (pulled.T @ y),
                "b": -of_units * xp.sum(pulled, axis=0)}

    return -of_pairs * xp.sum(there * y, axis=-1) - of_units * (y @ b), pullback


def with_gradients(y: Array, W: Array, b: Array, make: Any) -> Any:
    """The right value, and of the gradients what `make` says of them and of the cotangent."""
    value, right = BODY(y, W, b)
    return value, lambda bar: (g := right(bar)) | make(g, bar)


@mistake(boltzmann_energy, "value", "gradient.y", "gradient.b")
def half_of_the_biases_too(y: Array, W: Array, b: Array) -> Any:
    """−½ (yᵀWy + bᵀy): the half is that of pairs alone."""
    return quadratic(y, W, b, 0.5, 0.5)


@mistake(boltzmann_energy)
def mean_over_units(y: Array, W: Array, b: Array) -> Any:
    """The energy by the unit; right for one."""
    many = max(y.shape[-1], 1)
    return quadratic(y, W, b, 0.5 / many, 1.0 / many)


@mistake(boltzmann_energy, "value")
def without_the_biases_in_what_is_reported(y: Array, W: Array, b: Array) -> Any:
    """−½ yᵀWy is reported; the gradients know of b."""
    value, right = BODY(y, W, b)
    return value + y @ b, right


@mistake(boltzmann_energy, "gradient.y")
def weights_of_one_side(y: Array, W: Array, b: Array) -> Any:
    """y_bar with W y for ½ (W + Wᵀ) y; right for a symmetric W."""
    return with_gradients(y, W, b, lambda g, bar: {"y": -bar[:, None] * (y @ W.T + b)})


@mistake(boltzmann_energy, "gradient.y")
def weights_of_the_other_side(y: Array, W: Array, b: Array) -> Any:
    """y_bar with Wᵀ y for ½ (W + Wᵀ) y; right for a symmetric W."""
    return with_gradients(y, W, b, lambda g, bar: {"y": -bar[:, None] * (y @ W + b)})


@mistake(boltzmann_energy, "gradient.y")
def pairs_counted_twice_in_the_field(y: Array, W: Array, b: Array) -> Any:
    """y_bar with (W + Wᵀ) y: the half of (1) is forgotten."""
    return with_gradients(y, W, b, lambda g, bar: {"y": -bar[:, None] * (y @ W.T + y @ W + b)})


@mistake(boltzmann_energy, "gradient.W")
def gradient_of_tied_weights(y: Array, W: Array, b: Array) -> Any:
    """W_bar without the half: that of a weight which stands in two places, written into both."""
    return with_gradients(y, W, b, lambda g, bar: {"W": 2 * g["W"]})


@mistake(boltzmann_energy, "gradient.W", "gradient.b")
def mean_of_the_batch(y: Array, W: Array, b: Array) -> Any:
    """The correlations are a mean over the examples, whose number the cotangent knows already; right for one."""
    many = max(y.shape[0], 1)
    return with_gradients(y, W, b, lambda g, bar: {"W": g["W"] / many, "b": g["b"] / many})


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(boltzmann_energy, "value", seen="scikit-learn/scikit-learn #11153", blind=True)
def likely_states_are_high(y: Array, W: Array, b: Array) -> Any:
    """½ yᵀWy + bᵀy, as that manual printed it beside gradients that were those of the energy."""
    value, right = BODY(y, W, b)
    return -value, right


@mistake(boltzmann_energy, "gradient.y", seen="probml/pml2-book #290", blind=True)
def field_of_a_spin(y: Array, W: Array, b: Array) -> Any:
    """y_bar is twice the field, as far as from −1 to 1, for bits, which lie one apart."""
    return with_gradients(y, W, b, lambda g, bar: {"y": 2 * g["y"]})


@mistake(boltzmann_energy, "value", "gradient.y", "gradient.W", blind=True)
def states_crossed(y: Array, W: Array, b: Array) -> Any:
    """Y W Yᵀ of the whole batch, summed along a row where its diagonal belongs; right for one example."""
    xp = namespace(y)
    total = xp.sum(y, axis=0)
    value = -(y @ W @ total) / 2 - y @ b

    def pullback(bar: Array) -> dict[str, Array]:
        pulled = bar @ y
        return {"y": -bar[:, None] * (total @ W.T / 2 + b) - pulled @ W / 2,
                "W": -pulled[:, None] * total / 2, "b": -pulled}

    return value, pullback


@mistake(boltzmann_energy, blind=True)
def units_are_rounded(y: Array, W: Array, b: Array) -> Any:
    """Means become bits, and only then have an energy; right for bits."""
    return BODY(namespace(y).astype(y > 0.5, y.dtype), W, b)


@mistake(boltzmann_energy, "gradient.W", blind=True)
def diagonal_of_the_gradient_removed(y: Array, W: Array, b: Array) -> Any:
    """W_bar without its diagonal, though the value has ½ Σ W_ii y_i²."""
    xp = namespace(y)
    off = 1 - xp.eye(y.shape[-1], dtype=y.dtype)
    return with_gradients(y, W, b, lambda g, bar: {"W": g["W"] * off})


@mistake(boltzmann_energy, "gradient.W", blind=True)
def square_of_the_mean(y: Array, W: Array, b: Array) -> Any:
    """W_bar = −½ ⟨y⟩⟨y⟩ᵀ with means over the batch, for ⟨y yᵀ⟩; right for one example."""
    xp = namespace(y)

    def crossed(g: Any, bar: Array) -> dict[str, Array]:
        return {"W": -(bar @ y)[:, None] * xp.mean(y, axis=0) / 2}

    return with_gradients(y, W, b, crossed)
