"""Mistakes in the log-likelihood of a Boltzmann machine with hidden units."""

from typing import Any

from refdgm.energy.boltzmann_energy import boltzmann_energy
from refdgm.energy.boltzmann_marginal_log_likelihood import boltzmann_marginal_log_likelihood
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.enumeration import normalised, states

BODY = boltzmann_marginal_log_likelihood.body
ENERGY = boltzmann_energy.body
OF_MODEL = tuple(f"gradient.{name}" for name in ("U", "W", "V", "b", "c", "temperature"))
OF_POSTERIOR = ("gradient.v", "gradient.W", "gradient.V", "gradient.c", "gradient.temperature")


def clamped(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array) -> tuple[Array, Array]:
    """The hidden states, and the energy of each with every example."""
    h = states(c.shape[0], v)
    return h, ENERGY(v, U, b)[0][:, None] + ENERGY(h, V, c)[0] - v @ W.T @ h.T


def with_posterior(given: tuple[Array, ...], make: Any, value: Any = None) -> Any:
    """The hidden units of the data by another law, make(q, energies): what the gradients then are. `value`, if it is
    given, makes what is reported of the right value, q and the energies."""
    v, U, W, V, b, c, t = given
    xp = namespace(v)
    h, energy = clamped(v, U, W, V, b, c)
    _, q = normalised(-energy / t)
    other = make(q, energy)
    right_value, right = BODY(*given)

    def pullback(bar: Array) -> dict[str, Array]:
        g, apart = right(bar), bar[:, None] * (other - q)
        seen, moved = xp.sum(apart, axis=0), apart @ h
        return g | {"v": g["v"] + moved @ W / t, "W": g["W"] + moved.T @ v / t, "V": g["V"] + (h.T * seen) @ h / 2 / t,
                    "c": g["c"] + seen @ h / t, "temperature": g["temperature"] + xp.sum(apart * energy) / t / t}

    return (right_value if value is None else value(right_value, q, energy)), pullback


def with_gradients(given: tuple[Array, ...], make: Any) -> Any:
    """The right value, and of the gradients what `make` says of them and of the cotangent."""
    value, right = BODY(*given)
    return value, lambda bar: (g := right(bar)) | make(g, bar)


@mistake(boltzmann_marginal_log_likelihood)
def between_the_layers_twice(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """2 hᵀWv: both triangles of the whole matrix, without its half."""
    value, right = BODY(v, U, 2 * W, V, b, c, temperature)
    return value, lambda bar: (g := right(bar)) | {"W": 2 * g["W"]}


@mistake(boltzmann_marginal_log_likelihood)
def inside_the_layers_twice(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """vᵀUv and hᵀVh without their halves, beside a W that has none by right."""
    value, right = BODY(v, 2 * U, W, 2 * V, b, c, temperature)
    return value, lambda bar: (g := right(bar)) | {"U": 2 * g["U"], "V": 2 * g["V"]}


@mistake(boltzmann_marginal_log_likelihood, "value", *OF_POSTERIOR)
def best_hidden_state(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """The largest factor for the sum over the hidden units."""
    xp = namespace(v)

    def best(q: Array, energy: Array) -> Array:
        lowest = xp.min(energy, axis=1)[:, None]
        return normalised(xp.where(energy == lowest, 0 * q, 0 * q - 1e4))[1]

    def reported(value: Array, q: Array, energy: Array) -> Array:
        total = normalised(-energy / temperature)[0]
        return value - total - xp.min(energy, axis=1) / temperature

    return with_posterior((v, U, W, V, b, c, temperature), best, reported)


@mistake(boltzmann_marginal_log_likelihood, *OF_POSTERIOR)
def prior_for_the_posterior(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """The hidden units of the data as if there were no data: q = e^{−E(0, h)/T} over its sum."""
    h = states(c.shape[0], v)
    prior = normalised(-ENERGY(h, V, c)[0] / temperature)[1]
    return with_posterior((v, U, W, V, b, c, temperature), lambda q, energy: 0 * q + prior)


@mistake(boltzmann_marginal_log_likelihood, "gradient.V")
def hidden_units_independent(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """V_bar with ⟨h⟩⟨h⟩ᵀ of the data for ⟨h hᵀ⟩: mean field, where the units are tied by V and by what is squared."""
    h, energy = clamped(v, U, W, V, b, c)
    _, q = normalised(-energy / temperature)
    mean = q @ h

    def independent(g: Any, bar: Array) -> dict[str, Array]:
        right = (h.T * (bar @ q)) @ h
        return {"V": g["V"] + ((bar[:, None] * mean).T @ mean - right) / 2 / temperature}

    return with_gradients((v, U, W, V, b, c, temperature), independent)


@mistake(boltzmann_marginal_log_likelihood, "gradient.U", "gradient.V")
def gradient_of_tied_weights(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """U_bar and V_bar without the half: those of weights which stand in two places."""
    return with_gradients((v, U, W, V, b, c, temperature), lambda g, bar: {"U": 2 * g["U"], "V": 2 * g["V"]})


@mistake(boltzmann_marginal_log_likelihood, "value")
def log_z_in_what_is_reported(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """The free energy's negative is reported, without log Z; the gradients know of it."""
    _, right = BODY(v, U, W, V, b, c, temperature)
    return normalised(-clamped(v, U, W, V, b, c)[1] / temperature)[0], right


@mistake(boltzmann_marginal_log_likelihood, "gradient.temperature")
def temperature_of_the_clamped_alone(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array,
                                     temperature: Array) -> Any:
    """T_bar = Σ J_bar ⟨E⟩_q/T²: log Z is taken for a constant."""
    xp = namespace(v)
    _, energy = clamped(v, U, W, V, b, c)
    mean = xp.sum(normalised(-energy / temperature)[1] * energy, axis=1)
    return with_gradients((v, U, W, V, b, c, temperature),
                          lambda g, bar: {"temperature": xp.sum(bar * mean) / temperature / temperature})


@mistake(boltzmann_marginal_log_likelihood)
def temperature_forgotten(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """The law at T = 1."""
    value, right = BODY(v, U, W, V, b, c, temperature / temperature)
    return value, lambda bar: (g := right(bar)) | {"temperature": 0 * g["temperature"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(boltzmann_marginal_log_likelihood, *OF_MODEL, seen="extropic-ai/thrml #38", blind=True)
def free_less_clamped(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """The two phases exchanged in the gradients of the parameters."""
    return with_gradients((v, U, W, V, b, c, temperature),
                          lambda g, bar: {name: -x for name, x in g.items() if name != "v"})


@mistake(boltzmann_marginal_log_likelihood, *OF_POSTERIOR, seen="sphinxteam/Boltzmann.jl #15", blind=True)
def one_state_of_the_posterior(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """A state of the hidden units where their mean belongs, in the clamped phase: here the likeliest."""
    xp = namespace(v)
    best = lambda q, energy: normalised(xp.where(q == xp.max(q, axis=1)[:, None], 0 * q, 0 * q - 1e4))[1]
    return with_posterior((v, U, W, V, b, c, temperature), best)


@mistake(boltzmann_marginal_log_likelihood, seen="scikit-learn/scikit-learn #11153", blind=True)
def energy_without_its_minus(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array) -> Any:
    """e^{−E/T} with all signs of E turned, as it was printed."""
    value, right = BODY(v, -U, -W, -V, -b, -c, temperature)
    return value, lambda bar: (g := right(bar)) | {name: -g[name] for name in ("U", "W", "V", "b", "c")}


@mistake(boltzmann_marginal_log_likelihood, "value", blind=True)
def mean_energy_for_the_free_energy(v: Array, U: Array, W: Array, V: Array, b: Array, c: Array,
                                    temperature: Array) -> Any:
    """−⟨E⟩_q/T for log Σ_h e^{−E/T}: the entropy of the posterior is left out of what is reported."""
    xp = namespace(v)
    return with_posterior((v, U, W, V, b, c, temperature), lambda q, energy: q, lambda value, q, energy:
                          value - normalised(-energy / temperature)[0] - xp.sum(q * energy, axis=1) / temperature)
