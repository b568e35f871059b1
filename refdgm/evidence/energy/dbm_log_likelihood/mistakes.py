"""Mistakes in the log-likelihood of a deep Boltzmann machine. Its negative is a convention and none of them."""

import itertools
from typing import Any

from refdgm.energy.dbm_log_likelihood import dbm_log_likelihood
from refdgm.energy.layered import middle
from refdgm.evidence.declare import mistake
from refdgm.evidence.energy.layered import means
from refdgm.evidence.energy.restricted import turned
from refdgm.namespace import Array, namespace
from refdgm.numerics.enumeration import normalised
from refdgm.numerics.halves import halves
from refdgm.numerics.winner import is_winner, winner

BODY = dbm_log_likelihood.body
PARAMETERS = ("W1", "W2", "b", "c1", "c2")
OF_MODEL = tuple(f"gradient.{name}" for name in PARAMETERS)
OF_POSTERIOR = ("gradient.v", "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2")


def posterior(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> tuple[Any, Array, Array]:
    """The machine, the log-weights of the first layer's states with every example, and their law."""
    model = middle(W1, W2, b, c1, c2)
    scores = (v @ W1.T + c1) @ model.states.T + model.second_sum
    return model, scores, normalised(scores)[1]


def by_parts(v: Array, W1: Array, b: Array, bar: Array, q: Array, second: Array, h: Array) -> dict[str, Array]:
    """The gradients of the clamped part alone: of laws q (B, S) of the first layer, its states and the means of the
    second that go with them."""
    xp = namespace(v)
    each = bar[:, None]
    on, told = each * (q @ h), xp.sum(each * q, axis=0)
    return {"v": each * b + on @ W1, "W1": on.T @ v, "W2": (second.T * told) @ h, "b": bar @ v,
            "c1": xp.sum(on, axis=0), "c2": told @ second}


def with_posterior(given: tuple[Array, ...], make: Any, value: Any = None) -> Any:
    """The first layer of the data by another law, make(q, scores), the model's part as it is."""
    v, W1, b = given[0], given[1], given[3]
    model, scores, q = posterior(*given)
    right_value, right = BODY(*given)

    def pullback(bar: Array) -> dict[str, Array]:
        moved = by_parts(v, W1, 0 * b, bar, make(q, scores) - q, model.second[0], model.states)
        return {name: x + (moved[name] if name != "b" else 0 * x) for name, x in right(bar).items()}

    return (right_value if value is None else value(right_value, q, scores)), pullback


def with_gradients(given: tuple[Array, ...], make: Any) -> Any:
    """The right value, and of the gradients what `make` says of them, of the cotangent, of the machine and of q."""
    value, right = BODY(*given)
    model, _, q = posterior(*given)
    return value, lambda bar: (g := right(bar)) | make(g, bar, model, q)


# Wrong equations, rightly differentiated


@mistake(dbm_log_likelihood, "value", *OF_POSTERIOR)
def second_layer_left_out_of_the_data(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """The free energy of the restricted machine below, over the log Z of the whole."""
    xp = namespace(v)
    a = v @ W1.T + c1
    model, scores, _ = posterior(v, W1, W2, b, c1, c2)
    value, right = BODY(v, W1, W2, b, c1, c2)
    clamped, alone = normalised(a @ model.states.T)
    q = normalised(scores)[1]

    def pullback(bar: Array) -> dict[str, Array]:
        h, g = model.states, right(bar)
        ours = by_parts(v, W1, b, bar, q, model.second[0], h)
        theirs = by_parts(v, W1, b, bar, alone, xp.zeros_like(model.second[0]), h)
        return {name: x + (theirs[name] - ours[name] if name != "b" else 0 * x) for name, x in g.items()}

    return value + clamped - normalised(scores)[0], pullback


@mistake(dbm_log_likelihood, "value", *OF_MODEL)
def visible_units_left_out_of_log_z(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """log Z over the hidden layers with v = 0, as if that were all: the evidence against no data."""
    zero = 0 * v[:1, :]
    model, scores, q = posterior(zero, W1, W2, b, c1, c2)
    value, right = BODY(v, W1, W2, b, c1, c2)
    xp = namespace(v)

    def pullback(bar: Array) -> dict[str, Array]:
        count = xp.reshape(xp.sum(bar), (1,))
        theirs = by_parts(zero, W1, b, count, q, model.second[0], model.states)
        pairs = lambda s: (s.T * model.law) @ model.states
        of_v, of_first, of_second = means(model)
        ours = {"W1": pairs(model.visible[0]).T, "W2": pairs(model.second[0]), "b": of_v, "c1": of_first,
                "c2": of_second}
        return (g := right(bar)) | {name: g[name] + count[0] * ours[name] - theirs[name] for name in ours}

    return value + model.log_z - normalised(scores)[0], pullback


@mistake(dbm_log_likelihood, "value", *OF_POSTERIOR)
def best_state_of_the_first_layer(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """The largest term for the sum over the first layer, where the data are."""
    xp = namespace(v)

    def best(q: Array, scores: Array) -> Array:
        return normalised(xp.where(is_winner(winner(scores), scores.shape[1]), 0 * q, 0 * q - 1e4))[1]

    return with_posterior((v, W1, W2, b, c1, c2), best,
                          lambda value, q, scores: value - normalised(scores)[0] + scores[winner(scores)])


@mistake(dbm_log_likelihood)
def square_weights_transposed(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """Wᵀ for the weights of both layers; only those that are not square complain."""
    value, right = BODY(v, turned(W1), turned(W2), b, c1, c2)
    return value, lambda bar: (g := right(bar)) | {name: turned(g[name]) for name in ("W1", "W2")}


@mistake(dbm_log_likelihood, "value")
def log_z_in_what_is_reported(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """The evidence without log Z is reported; the gradients know of it."""
    value, right = BODY(v, W1, W2, b, c1, c2)
    return value + middle(W1, W2, b, c1, c2).log_z, right


# The value is right, a gradient is not


@mistake(dbm_log_likelihood, "gradient.v", "gradient.W1", "gradient.c1")
def first_layer_from_below(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """⟨h⟩_q = σ(W¹v + c¹): the posterior of the restricted machine, in what the first layer's own weights hear."""
    mean = halves(v @ W1.T + c1)[0]

    def below(g: Any, bar: Array, model: Any, q: Array) -> dict[str, Array]:
        moved = bar[:, None] * (mean - q @ model.states)
        return {"v": g["v"] + moved @ W1, "W1": g["W1"] + moved.T @ v,
                "c1": g["c1"] + namespace(v).sum(moved, axis=0)}

    return with_gradients((v, W1, W2, b, c1, c2), below)


@mistake(dbm_log_likelihood, "gradient.W1")
def product_of_the_model_s_means(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """⟨h⟩⟨v⟩ᵀ for ⟨h vᵀ⟩: mean field in the free phase."""
    def independent(g: Any, bar: Array, model: Any, q: Array) -> dict[str, Array]:
        of_v, of_first, _ = means(model)
        apart = (model.states.T * model.law) @ model.visible[0] - of_first[:, None] * of_v
        return {"W1": g["W1"] + namespace(v).sum(bar) * apart}

    return with_gradients((v, W1, W2, b, c1, c2), independent)


@mistake(dbm_log_likelihood, "gradient.W2")
def product_of_the_data_s_means(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """⟨s⟩⟨h⟩ᵀ of the data for ⟨s hᵀ⟩: mean field in the clamped phase."""
    def independent(g: Any, bar: Array, model: Any, q: Array) -> dict[str, Array]:
        s = model.second[0]
        return {"W2": g["W2"] + (bar[:, None] * (q @ s)).T @ (q @ model.states) - (s.T * (bar @ q)) @ model.states}

    return with_gradients((v, W1, W2, b, c1, c2), independent)


@mistake(dbm_log_likelihood, "gradient.c2")
def second_mean_of_the_mean_first(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """σ(W²⟨h⟩ + c²) for the mean of σ(W²h + c²), where the data are."""
    return with_gradients((v, W1, W2, b, c1, c2), lambda g, bar, model, q: {
        "c2": g["c2"] + bar @ (halves(q @ model.states @ W2.T + c2)[0] - q @ model.second[0])})


@mistake(dbm_log_likelihood, "gradient.v")
def data_without_their_bias(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """v_bar = J_bar W¹ᵀ⟨h⟩_q."""
    return with_gradients((v, W1, W2, b, c1, c2), lambda g, bar, model, q: {"v": g["v"] - bar[:, None] * b})


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(dbm_log_likelihood, *OF_MODEL, blind=True)
def log_z_is_constant(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """The clamped part alone is differentiated, as where log Z is an estimate from elsewhere."""
    return with_gradients((v, W1, W2, b, c1, c2), lambda g, bar, model, q: {
        name: x for name, x in by_parts(v, W1, b, bar, q, model.second[0], model.states).items() if name != "v"})


@mistake(dbm_log_likelihood, *OF_MODEL, blind=True)
def model_counted_once(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """The model's moments with the mean of J_bar and not its sum; right for one example."""
    def once(g: Any, bar: Array, model: Any, q: Array) -> dict[str, Array]:
        data = by_parts(v, W1, b, bar, q, model.second[0], model.states)
        return {name: data[name] + (g[name] - data[name]) / max(bar.shape[0], 1) for name in PARAMETERS}

    return with_gradients((v, W1, W2, b, c1, c2), once)


@mistake(dbm_log_likelihood, "value", *OF_MODEL, blind=True)
def log_z_of_the_lower_machine(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """log Z of the two lower layers and of the second by itself, as if they did not meet: one restricted machine after
    the other, as they were trained."""
    value, right = BODY(v, W1, W2, b, c1, c2)
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


@mistake(dbm_log_likelihood, "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2", blind=True)
def free_phase_at_the_data(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """The hidden moments of the free phase with the visible units still at the data: only b_bar learns."""
    return with_gradients((v, W1, W2, b, c1, c2), lambda g, bar, model, q: {
        name: 0 * g[name] for name in ("W1", "W2", "c1", "c2")})


# --- by an author who had read neither the cases nor what stands above -----------------------------


def every_state(c1: Array) -> Array:
    """All states of the middle layer."""
    xp = namespace(c1)
    rows = list(itertools.product((0.0, 1.0), repeat=c1.shape[0]))
    return xp.asarray(rows, dtype=c1.dtype, device=c1.device)


def logistic(xp: Any, a: Array) -> Array:
    return 1 / (1 + xp.exp(-a))


def total(xp: Any, a: Array) -> tuple[Array, Array]:
    """The log-sum-exp of the last axis and its weights."""
    top = xp.max(a, axis=-1, keepdims=True)
    e = xp.exp(a - top)
    z = xp.sum(e, axis=-1, keepdims=True)
    return (top + xp.log(z))[..., 0], e / z


def machine(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array, doubled: float = 1.0, biased: float = 1.0,
            visible: float = 1.0, topped: float = 1.0, phase: float = 1.0) -> Any:
    """log P(v) with the data's input times `doubled`, c¹ counted `biased` times given the data, and in log Z the
    visible bias and the upper layer weighed by `visible` and `topped`; the model's gradient weighed by `phase`."""
    xp = namespace(v)
    h = every_state(c1)
    up = h @ W2.T + c2
    over, s = xp.sum(xp.logaddexp(0 * up, up), axis=1), logistic(xp, up)
    down = h @ W1 + visible * b
    under = xp.sum(xp.logaddexp(0 * down, down), axis=1)
    data, q = total(xp, doubled * v @ W1.T @ h.T + biased * h @ c1 + over)
    log_z, p = total(xp, h @ c1 + topped * over + under)
    f = logistic(xp, down)

    def pullback(bar: Array) -> dict[str, Array]:
        own, every = bar @ q, phase * xp.sum(bar) * p
        both = own - topped * every
        return {"v": bar[:, None] * (b + doubled * q @ h @ W1),
                "W1": doubled * (bar[:, None] * (q @ h)).T @ v - (every[:, None] * h).T @ f,
                "W2": (both[:, None] * s).T @ h, "b": bar @ v - visible * every @ f,
                "c1": (biased * own - every) @ h, "c2": both @ s}

    return v @ b + data - log_z, pullback


@mistake(dbm_log_likelihood, "value", "gradient.v", "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2",
         blind=True)
def input_from_below_doubled(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """2 W¹v given the data, as when layers are trained one by one, where the upper layer is summed over too."""
    return machine(v, W1, W2, b, c1, c2, doubled=2.0)


@mistake(dbm_log_likelihood, "value", "gradient.v", "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2",
         blind=True)
def middle_bias_twice(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """c¹ both in W¹v + c¹ and in the energy above it."""
    return machine(v, W1, W2, b, c1, c2, biased=2.0)


@mistake(dbm_log_likelihood, "value", "gradient.W1", "gradient.W2", "gradient.b", "gradient.c1", "gradient.c2",
         blind=True)
def visible_units_without_bias_in_the_sum(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """log Z with Π (1 + e^{W¹ᵀh}): b is in the energy and not in the sum."""
    return machine(v, W1, W2, b, c1, c2, visible=0.0)


@mistake(dbm_log_likelihood, "value", "gradient.W1", "gradient.W2", "gradient.b", "gradient.c1", "gradient.c2",
         blind=True)
def sum_of_the_lower_machine(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """log Z of the lower two layers, which knows nothing of the upper."""
    return machine(v, W1, W2, b, c1, c2, topped=0.0)


@mistake(dbm_log_likelihood, "value", "gradient.v", "gradient.W1", "gradient.W2", "gradient.c1", "gradient.c2",
         blind=True)
def upper_layer_at_the_mean(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """Given the data the upper layer is told σ(W¹v + c¹), as in a pass upwards, and summed there: no sum over h of
    both."""
    xp = namespace(v)
    a = v @ W1.T + c1
    m, (_, right) = logistic(xp, a), machine(v, W1, W2, b, c1, c2)
    up = m @ W2.T + c2
    value = v @ b + xp.sum(xp.logaddexp(0 * a, a), axis=1) + xp.sum(xp.logaddexp(0 * up, up), axis=1)
    h = every_state(c1)
    above, below = h @ W2.T + c2, h @ W1 + b
    log_z, _ = total(xp, h @ c1 + xp.sum(xp.logaddexp(0 * above, above), axis=1)
                     + xp.sum(xp.logaddexp(0 * below, below), axis=1))

    def pullback(bar: Array) -> dict[str, Array]:
        g, s = right(bar), logistic(xp, up)
        q = total(xp, v @ W1.T @ h.T + h @ c1 + xp.sum(xp.logaddexp(0 * above, above), axis=1))[1]
        t_bar = bar[:, None] * s
        a_bar = bar[:, None] * m + (t_bar @ W2) * m * (1 - m)
        own, was = bar @ q, logistic(xp, above)
        return {"v": bar[:, None] * b + a_bar @ W1, "W1": g["W1"] - (bar[:, None] * (q @ h)).T @ v + a_bar.T @ v,
                "W2": g["W2"] - (own[:, None] * was).T @ h + t_bar.T @ m, "b": g["b"],
                "c1": g["c1"] - own @ h + xp.sum(a_bar, axis=0), "c2": g["c2"] - own @ was + xp.sum(t_bar, axis=0)}

    return value - log_z, pullback


@mistake(dbm_log_likelihood, "gradient.W2", "gradient.c2", blind=True)
def upper_statistics_of_means(v: Array, W1: Array, W2: Array, b: Array, c1: Array, c2: Array) -> Any:
    """Given the data σ(W²⟨h⟩ + c²)⟨h⟩ᵀ, as mean field has it, for the mean of σ(W²h + c²) hᵀ."""
    xp = namespace(v)
    value, right = dbm_log_likelihood.body(v, W1, W2, b, c1, c2)
    h = every_state(c1)
    up = h @ W2.T + c2
    _, q = total(xp, v @ W1.T @ h.T + h @ c1 + xp.sum(xp.logaddexp(0 * up, up), axis=1))

    def pullback(bar: Array) -> dict[str, Array]:
        g, m, s, own = right(bar), q @ h, logistic(xp, up), bar @ q
        told = bar[:, None] * logistic(xp, m @ W2.T + c2)
        return g | {"W2": g["W2"] - (own[:, None] * s).T @ h + told.T @ m,
                    "c2": g["c2"] - own @ s + xp.sum(told, axis=0)}

    return value, pullback
