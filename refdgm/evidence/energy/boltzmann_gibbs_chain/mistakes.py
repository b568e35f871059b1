"""Mistakes in sweeps over the units of a Boltzmann machine."""

from typing import Any

from refdgm.energy.boltzmann_conditional import boltzmann_conditional
from refdgm.energy.boltzmann_gibbs_chain import boltzmann_gibbs_chain
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = boltzmann_gibbs_chain.body
CHANCE = boltzmann_conditional.body


def drawn(y: Array, u: Array, step: Any) -> Any:
    """T sweeps, each by `step(state, its uniform numbers)`."""
    xp = namespace(y)
    state, kept = xp.asarray(y, copy=True), xp.zeros(u.shape, dtype=xp.int64)
    for t in range(u.shape[1]):
        state = step(state, u[:, t])
        kept[:, t] = xp.astype(state, xp.int64)
    return kept


@mistake(boltzmann_gibbs_chain)
def all_at_once(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """Every unit sees the old states of all others: a chain with another law; right for W = 0."""
    return drawn(y, u, lambda state, v: namespace(y).astype(v < CHANCE(state, W, b, temperature)[0], y.dtype))


@mistake(boltzmann_gibbs_chain)
def on_above_its_chance(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """u > p: a unit is on with the chance of being off."""
    xp = namespace(y)

    def step(state: Array, v: Array) -> Array:
        state = xp.asarray(state, copy=True)
        for i in range(v.shape[1]):
            state[:, i] = xp.astype(v[:, i] > CHANCE(state, W, b, temperature)[0][:, i], y.dtype)
        return state

    return drawn(y, u, step)


@mistake(boltzmann_gibbs_chain)
def last_unit_first(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """The units in the reverse order: the law is the same, the numbers are not."""
    flip = slice(None, None, -1)
    return BODY(y[:, flip], W[flip, flip], b[flip], temperature, u[..., flip])[..., flip]


@mistake(boltzmann_gibbs_chain)
def one_noise_for_all_sweeps(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """The first sweep's numbers for every one; right for one sweep."""
    return BODY(y, W, b, temperature, 0 * u + u[:, :1])


@mistake(boltzmann_gibbs_chain)
def one_number_for_all_units(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """One uniform number a sweep: the units are drawn together; right for one unit."""
    return BODY(y, W, b, temperature, 0 * u + u[..., :1])


@mistake(boltzmann_gibbs_chain)
def means_fed_on(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """Chances go into the fields of the others and draws only out: mean field, with noise on what is shown."""
    xp = namespace(y)
    state, kept = xp.asarray(y, copy=True), xp.zeros(u.shape, dtype=xp.int64)
    for t in range(u.shape[1]):
        for i in range(u.shape[2]):
            state[:, i] = CHANCE(state, W, b, temperature)[0][:, i]
        kept[:, t] = xp.astype(u[:, t] < state, xp.int64)
    return kept


@mistake(boltzmann_gibbs_chain)
def temperature_forgotten(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """The law at T = 1."""
    return BODY(y, W, b, temperature / temperature, u)


@mistake(boltzmann_gibbs_chain)
def sweeps_from_the_start(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """Every sweep begins at y again: T chains of one sweep; right for one."""
    return namespace(y).concat([BODY(y, W, b, temperature, u[:, t:t + 1]) for t in range(u.shape[1])], axis=1)


@mistake(boltzmann_gibbs_chain)
def one_side_alone(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """W_ij y_j for ½ (W_ij + W_ji) y_j; right for a symmetric W."""
    xp = namespace(y)

    def step(state: Array, v: Array) -> Array:
        state = xp.asarray(state, copy=True)
        for i in range(v.shape[1]):
            gap = state @ W[i] + W[i, i] * (0.5 - state[:, i]) + b[i]
            state[:, i] = xp.astype(v[:, i] < 1 / (1 + xp.exp(-gap / temperature)), y.dtype)
        return state

    return drawn(y, u, step)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(boltzmann_gibbs_chain, seen="probml/pml2-book #290", blind=True)
def gap_of_spins(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """σ(2a), the conditional of spins of ±1, for bits."""
    return BODY(y, W, b, temperature / 2, u)


@mistake(boltzmann_gibbs_chain, blind=True)
def own_state_counts(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """y_i is in its own field, by all of W_ii; right where the diagonal is zero."""
    xp = namespace(y)

    def step(state: Array, v: Array) -> Array:
        state = xp.asarray(state, copy=True)
        for i in range(v.shape[1]):
            gap = state @ (W[i] + W[:, i]) / 2 + b[i]
            state[:, i] = xp.astype(v[:, i] < 1 / (1 + xp.exp(-gap / temperature)), y.dtype)
        return state

    return drawn(y, u, step)


@mistake(boltzmann_gibbs_chain, blind=True)
def start_rounded(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """The start becomes bits first; right for bits."""
    return BODY(namespace(y).astype(y > 0.5, y.dtype), W, b, temperature, u)


@mistake(boltzmann_gibbs_chain, blind=True)
def states_before_each_sweep(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """The state is kept before the sweep: the start is the first of them, and the last sweep is lost."""
    xp = namespace(y)
    swept = BODY(y, W, b, temperature, u)
    return xp.concat([xp.astype(y > 0.5, swept.dtype)[:, None], swept[:, :-1]], axis=1)[:, :swept.shape[1]]


@mistake(boltzmann_gibbs_chain, blind=True)
def every_sweep_lags_by_a_unit(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Any:
    """The fields are those before the last change: each unit misses its neighbour's new state."""
    xp = namespace(y)

    def step(state: Array, v: Array) -> Array:
        before, now = state, xp.asarray(state, copy=True)
        for i in range(v.shape[1]):
            chance = CHANCE(before, W, b, temperature)[0][:, i]
            before = xp.asarray(now, copy=True)
            now[:, i] = xp.astype(v[:, i] < chance, y.dtype)
        return now

    return drawn(y, u, step)
