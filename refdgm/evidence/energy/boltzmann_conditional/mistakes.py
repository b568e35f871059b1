"""Mistakes in the conditional of a unit. What is right for a symmetric W without a diagonal is a variant."""

from typing import Any

from refdgm.energy.boltzmann_conditional import boltzmann_conditional
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves

BODY = boltzmann_conditional.body
GRADIENTS = ("gradient.y", "gradient.W", "gradient.b", "gradient.temperature")


def one_by_one(units: int, like: Array) -> Array:
    return namespace(like).eye(units, dtype=like.dtype)


def with_gradients(args: tuple[Array, ...], make: Any) -> Any:
    """The right value, and of the gradients what `make` says of them and of f."""
    value, right = BODY(*args)
    return value, lambda bar: (g := right(bar)) | make(g, bar * value * (1 - value) / args[3])


@mistake(boltzmann_conditional)
def own_state_counts(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """y_i is in its own field, by all of W_ii; right where the diagonal is zero."""
    xp = namespace(y)
    both = (W + W.T) / 2
    a = (y @ both + b) / temperature
    on, off = halves(a)

    def pullback(bar: Array) -> dict[str, Array]:
        f = bar * on * off / temperature
        total = xp.sum(f, axis=0)
        outer = f.T @ y
        return {"y": f @ both, "W": (outer + outer.T) / 2, "b": total, "temperature": -xp.sum(f * a)}

    return on, pullback


@mistake(boltzmann_conditional)
def all_of_the_diagonal(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """W_ii in the field, where the energy has its half."""
    own = one_by_one(W.shape[0], W)
    value, right = BODY(y, W * (1 + own), b, temperature)
    return value, lambda bar: (g := right(bar)) | {"W": g["W"] * (1 + own)}


@mistake(boltzmann_conditional)
def one_side_alone(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """W_ij y_j for ½ (W_ij + W_ji) y_j; right for a symmetric W."""
    xp, own = namespace(y), one_by_one(W.shape[0], W)
    side = W * (1 - own)
    a = (y @ side.T + xp.sum(W * own, axis=0) / 2 + b) / temperature
    on, off = halves(a)

    def pullback(bar: Array) -> dict[str, Array]:
        f = bar * on * off / temperature
        total = xp.sum(f, axis=0)
        return {"y": f @ side, "W": (f.T @ y) * (1 - own) + own * total / 2, "b": total,
                "temperature": -xp.sum(f * a)}

    return on, pullback


@mistake(boltzmann_conditional)
def temperature_forgotten(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """σ of the gap itself."""
    value, right = BODY(y, W, b, temperature / temperature)
    return value, lambda bar: (g := right(bar)) | {"temperature": 0 * g["temperature"]}


@mistake(boltzmann_conditional)
def biases_not_cooled(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """T divides the weights and not b."""
    value, right = BODY(y, W, b * temperature, temperature)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"b": g["b"] * temperature, "temperature": g["temperature"] + namespace(y).sum(g["b"] * b)}

    return value, pullback


@mistake(boltzmann_conditional, "gradient.W")
def outer_product_of_one_side(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """W_bar = Σ f yᵀ off the diagonal: not symmetric, as if W_ji had no part in the field of i."""
    own = one_by_one(W.shape[0], W)
    return with_gradients((y, W, b, temperature),
                          lambda g, f: {"W": (f.T @ y) * (1 - own) + own * g["W"]})


@mistake(boltzmann_conditional, "gradient.W")
def diagonal_without_gradient(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """W_bar without the ½ Σ f of the diagonal."""
    own = one_by_one(W.shape[0], W)
    return with_gradients((y, W, b, temperature), lambda g, f: {"W": g["W"] * (1 - own)})


@mistake(boltzmann_conditional, "gradient.temperature")
def sign_of_the_temperature(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """T_bar = +Σ f a: that of 1/T, but for its square."""
    return with_gradients((y, W, b, temperature), lambda g, f: {"temperature": -g["temperature"]})


@mistake(boltzmann_conditional, *GRADIENTS)
def slope_not_divided(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """f = p_bar σ(a) σ(−a), without 1/T."""
    return with_gradients((y, W, b, temperature),
                          lambda g, f: {name: bar * temperature for name, bar in g.items()})


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(boltzmann_conditional, seen="probml/pml2-book #290", blind=True)
def gap_of_spins(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """σ(2a), the conditional of spins of ±1, for bits."""
    value, right = BODY(y, W, b, temperature / 2)
    return value, lambda bar: (g := right(bar)) | {"temperature": g["temperature"] / 2}


@mistake(boltzmann_conditional, seen="scikit-learn/scikit-learn #11153", blind=True)
def gap_turned_round(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """σ(−a), as follows from an energy that is printed without its minus: the chance to be off."""
    value, right = BODY(y, W, b, temperature)
    return 1 - value, lambda bar: {name: -g for name, g in right(bar).items()}


@mistake(boltzmann_conditional, blind=True)
def given_bits(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """The others are rounded to bits first; right for bits."""
    return BODY(namespace(y).astype(y > 0.5, y.dtype), W, b, temperature)


@mistake(boltzmann_conditional, *GRADIENTS, blind=True)
def straight_through(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """The slope of the logistic function is left out: f = p_bar/T."""
    value, right = BODY(y, W, b, temperature)
    return value, lambda bar: right(bar / (value * (1 - value)))


@mistake(boltzmann_conditional, "gradient.W", "gradient.b", "gradient.temperature", blind=True)
def parameters_by_the_example(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """A mean over the batch for the parameters, whatever comes from above; right for one example."""
    many = max(y.shape[0], 1)
    return with_gradients((y, W, b, temperature),
                          lambda g, f: {name: g[name] / many for name in ("W", "b", "temperature")})


@mistake(boltzmann_conditional, "gradient.y", blind=True)
def own_state_in_the_gradient(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """y_bar = f ½ (W + Wᵀ) with the diagonal, though y_i has no part in p_i."""
    return with_gradients((y, W, b, temperature), lambda g, f: {"y": f @ (W + W.T) / 2})
