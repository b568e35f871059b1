"""Mistakes in the negative log-likelihood of an energy-based model."""

from typing import Any

from refdgm.energy.energy_negative_log_likelihood import energy_negative_log_likelihood
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = energy_negative_log_likelihood.body
MODEL = ("gradient.grid_energy", "gradient.log_weight")


def combined(of_data: float, of_model: float, energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """a E + b log Z, rightly differentiated."""
    log_z, right = BODY(0 * energy, grid_energy, log_weight)
    return of_data * energy + of_model * log_z, lambda bar: right(of_model * bar) | {"energy": of_data * bar}


@mistake(energy_negative_log_likelihood, "value", "gradient.energy")
def sign_of_the_data(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """log Z − E: the network gives −E at the data, and E on the grid."""
    return combined(-1.0, 1.0, energy, grid_energy, log_weight)


@mistake(energy_negative_log_likelihood, "value", *MODEL)
def sign_of_the_partition(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """E − log Z: both are lowered, for ever."""
    return combined(1.0, -1.0, energy, grid_energy, log_weight)


@mistake(energy_negative_log_likelihood, "value", *MODEL)
def partition_shared_by_the_batch(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """E + (log Z)/B: one log Z for the sum over a batch; right for one example."""
    return combined(1.0, 1 / max(energy.shape[0], 1), energy, grid_energy, log_weight)


@mistake(energy_negative_log_likelihood, "value", *MODEL)
def sign_on_the_grid(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """log Σ w e^{+E_k}."""
    value, right = BODY(energy, -grid_energy, log_weight)
    return value, lambda bar: (g := right(bar)) | {"grid_energy": -g["grid_energy"]}


@mistake(energy_negative_log_likelihood, "value", *MODEL)
def weights_forgotten(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """Σ e^{−E_k} without the weights of the nodes; right where states are counted."""
    value, right = BODY(energy, grid_energy, 0 * log_weight)
    return value, lambda bar: right(bar) | {"log_weight": 0 * log_weight}


@mistake(energy_negative_log_likelihood, "value")
def reported_with_opposite_sign(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """The log-likelihood is reported, its negative trained with."""
    value, right = BODY(energy, grid_energy, log_weight)
    return -value, right


@mistake(energy_negative_log_likelihood, "gradient.energy")
def data_gradient_averaged(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """E_bar is divided by the size of the batch, the model's average is not; right for one example."""
    value, right = BODY(energy, grid_energy, log_weight)
    return value, lambda bar: right(bar) | {"energy": bar / max(bar.shape[0], 1)}


@mistake(energy_negative_log_likelihood, *MODEL)
def model_gradient_averaged(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """The mean of J_bar in the place of its sum: the model's average counts once, the data B times."""
    value, right = BODY(energy, grid_energy, log_weight)
    many = max(energy.shape[0], 1)
    return value, lambda bar: right(bar / many) | {"energy": +bar}


@mistake(energy_negative_log_likelihood, "gradient.grid_energy")
def average_over_the_nodes(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """The average over the weights alone, not over the model."""
    value, right = BODY(energy, grid_energy, log_weight)
    flat = BODY(energy, 0 * grid_energy, log_weight)[1]
    return value, lambda bar: right(bar) | {"grid_energy": flat(bar)["grid_energy"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(energy_negative_log_likelihood, *MODEL, blind=True)
def partition_held(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """log Z is detached: the energy at the data falls without an end, and the loss that is shown is right."""
    value, _ = BODY(energy, grid_energy, log_weight)
    return value, lambda bar: {"energy": +bar, "grid_energy": 0 * grid_energy, "log_weight": 0 * log_weight}


@mistake(energy_negative_log_likelihood, "value", *MODEL, seen="MinkaiXu/Energy-Diffusion-LLM #3", blind=True)
def one_node_for_all(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """E − E_0: a single sample in the place of log Z."""
    xp = namespace(energy)
    first = xp.astype(xp.arange(grid_energy.shape[0], device=energy.device) == 0, energy.dtype)
    return energy - grid_energy[0] + log_weight[0], lambda bar: {
        "energy": +bar, "grid_energy": -first * xp.sum(bar), "log_weight": first * xp.sum(bar)}


@mistake(energy_negative_log_likelihood, "value", blind=True)
def nodes_averaged(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """log of the mean over the nodes; no gradient shows it, and models of different grids cannot be compared."""
    xp = namespace(energy)
    value, right = BODY(energy, grid_energy, log_weight)
    return value - xp.log(xp.ones_like(value) * grid_energy.shape[0]), right


@mistake(energy_negative_log_likelihood, blind=True)
def summed_over_batch(energy: Array, grid_energy: Array, log_weight: Array) -> Any:
    """A sum without its axis: every example carries the whole batch; right for a batch of one."""
    xp = namespace(energy)
    value, right = BODY(energy, grid_energy, log_weight)
    return 0 * value + xp.sum(value), lambda bar: right(0 * bar + xp.sum(bar))
