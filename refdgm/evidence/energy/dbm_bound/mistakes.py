"""Mistakes in the variational bound of a deep Boltzmann machine."""

from typing import Any

from refdgm.energy.dbm_bound import dbm_bound
from refdgm.energy.layered import middle
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.layered import means
from refdgm.namespace import Array, namespace
from refdgm.numerics.entropy import entropy, logit

BODY = dbm_bound.body
OF_MODEL = ("gradient.W1", "gradient.W2", "gradient.b", "gradient.c1", "gradient.c2")


def with_gradients(given: tuple[Array, ...], make: Any) -> Any:
    """The right value, and of the gradients what `make` says of them, of the cotangent and of the machine."""
    value, right = BODY(*given)
    return value, lambda bar: (g := right(bar)) | make(g, bar, middle(*given[3:]))


@mistake(dbm_bound, "value", "gradient.mean1", "gradient.mean2")
def no_entropy(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """The expected energy alone: its best means are 0 and 1."""
    value, right = BODY(v, mean1, mean2, W1, W2, b, c1, c2)
    xp = namespace(v)
    return value - xp.sum(entropy(mean1), axis=1) - xp.sum(entropy(mean2), axis=1), lambda bar: (g := right(bar)) | {
        "mean1": g["mean1"] + bar[:, None] * logit(mean1), "mean2": g["mean2"] + bar[:, None] * logit(mean2)}


@mistake(dbm_bound, "value", "gradient.mean2")
def entropy_of_the_first_layer(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                               c2: Array) -> Any:
    """H(μ²) is left out."""
    value, right = BODY(v, mean1, mean2, W1, W2, b, c1, c2)
    return value - namespace(v).sum(entropy(mean2), axis=1), lambda bar: (g := right(bar)) | {
        "mean2": g["mean2"] + bar[:, None] * logit(mean2)}


@mistake(dbm_bound, "value", "gradient.mean1", "gradient.mean2", "gradient.W2")
def between_the_layers_twice(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                             c2: Array) -> Any:
    """μ²ᵀW²μ¹ once from each side, in what is expected of q."""
    value, right = BODY(v, mean1, mean2, W1, W2, b, c1, c2)
    xp = namespace(v)
    return value + xp.sum((mean2 @ W2) * mean1, axis=1), lambda bar: (g := right(bar)) | {
        "mean1": g["mean1"] + bar[:, None] * (mean2 @ W2), "mean2": g["mean2"] + bar[:, None] * (mean1 @ W2.T),
        "W2": g["W2"] + (bar[:, None] * mean2).T @ mean1}


@mistake(dbm_bound, "gradient.mean1", "gradient.mean2")
def slope_of_the_energy_alone(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                              c2: Array) -> Any:
    """The cotangents of the means without −logit μ."""
    return with_gradients((v, mean1, mean2, W1, W2, b, c1, c2), lambda g, bar, model: {
        "mean1": g["mean1"] + bar[:, None] * logit(mean1), "mean2": g["mean2"] + bar[:, None] * logit(mean2)})


@mistake(dbm_bound, "gradient.mean1")
def first_layer_from_below(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                           c2: Array) -> Any:
    """The cotangent of μ¹ without W²ᵀμ²."""
    return with_gradients((v, mean1, mean2, W1, W2, b, c1, c2), lambda g, bar, model: {
        "mean1": g["mean1"] - bar[:, None] * (mean2 @ W2)})


@mistake(dbm_bound, "value")
def log_z_in_what_is_reported(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                              c2: Array) -> Any:
    """The bound is reported without log Z; the gradients know of it."""
    value, right = BODY(v, mean1, mean2, W1, W2, b, c1, c2)
    return value + middle(W1, W2, b, c1, c2).log_z, right


@mistake(dbm_bound, "gradient.W1")
def product_of_means(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                     c2: Array) -> Any:
    """⟨h¹⟩⟨v⟩ᵀ for ⟨h¹vᵀ⟩: mean field in the free phase, which is no bound."""
    def independent(g: Any, bar: Array, model: Any) -> dict[str, Array]:
        of_v, of_first, _ = means(model)
        apart = (model.states.T * model.law) @ model.visible[0] - of_first[:, None] * of_v
        return {"W1": g["W1"] + namespace(v).sum(bar) * apart}

    return with_gradients((v, mean1, mean2, W1, W2, b, c1, c2), independent)


@mistake(dbm_bound, *OF_MODEL)
def log_z_is_constant(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                      c2: Array) -> Any:
    """The gradients of the clamped terms alone, as where log Z is reported but not differentiated."""
    def clamped(g: Any, bar: Array, model: Any) -> dict[str, Array]:
        first, second = bar[:, None] * mean1, bar[:, None] * mean2
        xp = namespace(v)
        return {"W1": first.T @ v, "W2": second.T @ mean1, "b": bar @ v, "c1": xp.sum(first, axis=0),
                "c2": xp.sum(second, axis=0)}

    return with_gradients((v, mean1, mean2, W1, W2, b, c1, c2), clamped)


@mistake(dbm_bound, "gradient.v")
def data_without_their_bias(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                            c2: Array) -> Any:
    """v_bar = J_bar W¹ᵀμ¹."""
    return with_gradients((v, mean1, mean2, W1, W2, b, c1, c2), lambda g, bar, model: {
        "v": bar[:, None] * (mean1 @ W1)})


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(dbm_bound, *OF_MODEL, seen="extropic-ai/thrml #38", blind=True)
def free_less_clamped(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                      c2: Array) -> Any:
    """The two phases exchanged in the gradients of the parameters."""
    return with_gradients((v, mean1, mean2, W1, W2, b, c1, c2), lambda g, bar, model: {
        name: -g[name] for name in ("W1", "W2", "b", "c1", "c2")})


@mistake(dbm_bound, "value", "gradient.mean1", "gradient.mean2", "gradient.W1", "gradient.W2", "gradient.c1",
         "gradient.c2", "gradient.v", seen="sphinxteam/Boltzmann.jl #15", blind=True)
def states_for_means(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                     c2: Array) -> Any:
    """A state of the hidden units for their means in the energy, here the likelier of each, beside their entropy."""
    xp = namespace(v)
    on, above = xp.astype(mean1 > 0.5, v.dtype), xp.astype(mean2 > 0.5, v.dtype)
    value = BODY(v, on, above, W1, W2, b, c1, c2)[0] + xp.sum(entropy(mean1), axis=1) + xp.sum(entropy(mean2), axis=1)

    def pullback(bar: Array) -> dict[str, Array]:
        inner = middle(W1, W2, b, c1, c2)
        return right_of(bar, inner) | {"mean1": -bar[:, None] * logit(mean1), "mean2": -bar[:, None] * logit(mean2)}

    def right_of(bar: Array, model: Any) -> dict[str, Array]:
        first, second, count = bar[:, None] * on, bar[:, None] * above, xp.sum(bar)
        of_v, of_first, of_second = means(model)
        return {"v": bar[:, None] * b + first @ W1,
                "W1": first.T @ v - count * ((model.states.T * model.law) @ model.visible[0]),
                "W2": second.T @ on - count * ((model.second[0].T * model.law) @ model.states),
                "b": bar @ v - count * of_v, "c1": xp.sum(first, axis=0) - count * of_first,
                "c2": xp.sum(second, axis=0) - count * of_second}

    return value, pullback


@mistake(dbm_bound, "value", "gradient.W1", "gradient.W2", "gradient.b", "gradient.c1", "gradient.c2", blind=True)
def normaliser_of_the_lower_machine(v: Array, mean1: Array, mean2: Array, W1: Array, W2: Array, b: Array, c1: Array,
                                    c2: Array) -> Any:
    """log Z of the two lower layers and of the second by itself, as if they did not meet."""
    value, right = BODY(v, mean1, mean2, W1, W2, b, c1, c2)
    model, apart = middle(W1, W2, b, c1, c2), middle(W1, 0 * W2, b, c1, c2)
    xp = namespace(v)

    def pullback(bar: Array) -> dict[str, Array]:
        g, count = right(bar), xp.sum(bar)
        pairs = lambda m: (m.states.T * m.law) @ m.visible[0]
        found = {"W1": g["W1"] + count * (pairs(model) - pairs(apart)),
                 "W2": g["W2"] + count * ((model.second[0].T * model.law) @ model.states)}
        for name, ours, theirs in zip(("b", "c1", "c2"), means(model), means(apart), strict=True):
            found[name] = g[name] + count * (ours - theirs)
        return g | found

    return value + model.log_z - apart.log_z, pullback
