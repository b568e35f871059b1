"""Mistakes in the log-likelihood of a Boltzmann machine."""

from typing import Any

from refdgm.energy.boltzmann_energy import boltzmann_energy
from refdgm.energy.boltzmann_log_likelihood import boltzmann_log_likelihood
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.enumeration import normalised, states

BODY = boltzmann_log_likelihood.body
ENERGY = boltzmann_energy.body
OF_Z = ("value", "gradient.W", "gradient.b", "gradient.temperature")
OF_MODEL = ("gradient.W", "gradient.b", "gradient.temperature")


def likelihood(y: Array, s: Array, phases: tuple[Any, Any], cooled: tuple[Any, Any]) -> Any:
    """−E(y)/T − log Z by the states s, rightly differentiated: `phases` are the parameters of each of the two terms and
    how many times T each is `cooled` by, with the derivative of that for T."""
    xp = namespace(y)
    (of_data, data_parameters), (of_states, state_parameters) = phases
    energy, right = ENERGY(y, *data_parameters)
    every, all_right = ENERGY(s, *state_parameters)
    (t_data, slope_data), (t_states, slope_states) = cooled
    total, p = normalised(-every / t_states)

    def pullback(bar: Array) -> dict[str, Array]:
        up, down = right(-bar / t_data), all_right(xp.sum(bar) * p / t_states)
        slope = xp.sum(bar * energy) / t_data**2 * slope_data
        return {"y": up["y"], "W": of_data * up["W"] + of_states * down["W"], "b": up["b"] + down["b"],
                "temperature": slope - xp.sum(bar) * xp.sum(p * every) / t_states**2 * slope_states}

    return -energy / t_data - total, pullback


def with_gradients(args: tuple[Array, ...], make: Any) -> Any:
    """The right value, and of the gradients what `make` says of them and of the cotangent."""
    value, right = BODY(*args)
    return value, lambda bar: (g := right(bar)) | make(g, bar)


@mistake(boltzmann_log_likelihood, *OF_Z)
def no_half_in_the_normaliser(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """Z = Σ e^{(yᵀWy + bᵀy)/T} under a numerator that has the half: the probabilities do not add up to one."""
    return likelihood(y, states(y.shape[1], y), ((1, (W, b)), (2, (2 * W, b))), ((temperature, 1), (temperature, 1)))


@mistake(boltzmann_log_likelihood)
def temperature_multiplies(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """T E for E/T: an inverse temperature under the letter of its inverse."""
    cooled = 1 / temperature, -1 / temperature**2
    return likelihood(y, states(y.shape[1], y), ((1, (W, b)), (1, (W, b))), (cooled, cooled))


@mistake(boltzmann_log_likelihood, *OF_Z)
def normaliser_not_cooled(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """log Z at T = 1."""
    return likelihood(y, states(y.shape[1], y), ((1, (W, b)), (1, (W, b))), ((temperature, 1), (1.0, 0)))


@mistake(boltzmann_log_likelihood, *OF_Z)
def states_of_spins(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """Z over states of −1 and 1, for data of 0 and 1."""
    same = (1, (W, b))
    return likelihood(y, 2 * states(y.shape[1], y) - 1, (same, same), ((temperature, 1), (temperature, 1)))


@mistake(boltzmann_log_likelihood, "value")
def energy_in_what_is_reported(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """−E/T is reported, without log Z; the gradients know of it."""
    value, right = BODY(y, W, b, temperature)
    return -ENERGY(y, W, b)[0] / temperature + 0 * value, right


@mistake(boltzmann_log_likelihood, "gradient.W")
def gradient_of_tied_weights(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """W_bar without the half: that of a weight which stands in two places, written into both."""
    return with_gradients((y, W, b, temperature), lambda g, bar: {"W": 2 * g["W"]})


@mistake(boltzmann_log_likelihood, "gradient.W")
def product_of_means(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """⟨s⟩⟨s⟩ᵀ for ⟨s sᵀ⟩: the model's units taken for independent."""
    xp = namespace(y)
    s = states(y.shape[1], y)
    _, p = normalised(-ENERGY(s, W, b)[0] / temperature)
    mean = p @ s
    apart = (s.T * p) @ s - mean[:, None] * mean
    return with_gradients((y, W, b, temperature),
                          lambda g, bar: {"W": g["W"] + xp.sum(bar) * apart / 2 / temperature})


@mistake(boltzmann_log_likelihood, "gradient.temperature")
def sign_of_the_temperature(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """T_bar = Σ J_bar (⟨E⟩ − E(y))/T²: that of 1/T, but for its square."""
    return with_gradients((y, W, b, temperature), lambda g, bar: {"temperature": -g["temperature"]})


@mistake(boltzmann_log_likelihood, "gradient.temperature")
def temperature_not_squared(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """T_bar = Σ J_bar (E(y) − ⟨E⟩)/T; right for T = 1."""
    return with_gradients((y, W, b, temperature), lambda g, bar: {"temperature": temperature * g["temperature"]})


@mistake(boltzmann_log_likelihood, "gradient.y")
def one_side_of_the_field(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """y_bar with W y for ½ (W + Wᵀ) y; right for a symmetric W."""
    return with_gradients((y, W, b, temperature), lambda g, bar: {"y": bar[:, None] * (y @ W.T + b) / temperature})


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(boltzmann_log_likelihood, seen="scikit-learn/scikit-learn #11153", blind=True)
def energy_without_its_minus(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """e^{−E/T} with E = ½ yᵀWy + bᵀy, as it was printed: what is likely becomes unlikely."""
    value, right = BODY(y, -W, -b, temperature)
    return value, lambda bar: (g := right(bar)) | {"W": -g["W"], "b": -g["b"]}


@mistake(boltzmann_log_likelihood, *OF_MODEL, seen="extropic-ai/thrml #38", blind=True)
def model_less_data(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """The two phases exchanged in the gradients of the parameters: descent where ascent is meant."""
    return with_gradients((y, W, b, temperature), lambda g, bar: {name: -g[name] for name in ("W", "b", "temperature")})


@mistake(boltzmann_log_likelihood, *OF_MODEL, blind=True)
def model_counted_once(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """The mean over the model once for the batch, where every example has its log Z."""
    xp = namespace(y)
    of_data = ENERGY(y, W, b)

    def changed(g: Any, bar: Array) -> dict[str, Array]:
        data = of_data[1](-bar / temperature)
        slope = xp.sum(bar * of_data[0]) / temperature**2
        share = 1 / xp.sum(bar)
        return {"W": data["W"] + (g["W"] - data["W"]) * share, "b": data["b"] + (g["b"] - data["b"]) * share,
                "temperature": slope + (g["temperature"] - slope) * share}

    return with_gradients((y, W, b, temperature), changed)


@mistake(boltzmann_log_likelihood, *OF_Z, blind=True)
def state_of_zeros_left_out(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """Z begins to count at one: the state without a unit is not in it."""
    same = (1, (W, b))
    return likelihood(y, states(y.shape[1], y)[1:], (same, same), ((temperature, 1), (temperature, 1)))


@mistake(boltzmann_log_likelihood, "gradient.W", "gradient.b", blind=True)
def data_in_both_phases(y: Array, W: Array, b: Array, temperature: Array) -> Any:
    """The mean over the batch where that over the model belongs: at rest from the beginning."""
    xp = namespace(y)

    def changed(g: Any, bar: Array) -> dict[str, Array]:
        apart = bar - xp.mean(bar)
        return {"W": (apart[:, None] * y).T @ y / 2 / temperature, "b": (apart @ y) / temperature}

    return with_gradients((y, W, b, temperature), changed)
