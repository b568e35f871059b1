"""Mistakes in a partition function. Its negative logarithm, a free energy, is a convention and none of them."""

from typing import Any

from refdgm.energy.log_partition import log_partition
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.primitives.softmax import log_sum_exp

BODY = log_partition.body


def of_logits(logits: Array, of_energy: Array | float, of_weight: Array | float) -> Any:
    """log Σ e^ℓ, with the slopes of ℓ in both arguments."""
    value, right = log_sum_exp.body(logits)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)["logits"]
        return {"energy": of_energy * g, "log_weight": namespace(g).sum(of_weight * g, axis=0)}

    return value, pullback


@mistake(log_partition)
def weight_for_its_logarithm(energy: Array, log_weight: Array) -> Any:
    """The weight is added to −E, where its logarithm belongs."""
    weight = namespace(energy).exp(log_weight)
    return of_logits(weight - energy, -1.0, weight)


@mistake(log_partition)
def lowest_energy_alone(energy: Array, log_weight: Array) -> Any:
    """max (log w − E): the shift without what it was shifted for."""
    xp = namespace(energy)
    logits = log_weight - energy
    hot = xp.astype(xp.arange(energy.shape[1]) == xp.argmax(logits, axis=1)[:, None], energy.dtype)
    return xp.max(logits, axis=1), lambda bar: {
        "energy": -bar[:, None] * hot, "log_weight": xp.sum(bar[:, None] * hot, axis=0)}


@mistake(log_partition)
def no_logarithm(energy: Array, log_weight: Array) -> Any:
    """Z itself, not its logarithm."""
    value, right = BODY(energy, log_weight)
    z = namespace(value).exp(value)
    return z, lambda bar: right(bar * z)


@mistake(log_partition)
def sum_over_everything(energy: Array, log_weight: Array) -> Any:
    """A sum without its axis: every example gets the normaliser of the batch; right for a batch of one."""
    xp = namespace(energy)
    one = xp.reshape(energy, (1, -1))
    value, right = BODY(one, xp.reshape(log_weight + 0 * energy, (-1,)))

    def pullback(bar: Array) -> dict[str, Array]:
        g = xp.reshape(right(xp.sum(bar, keepdims=True))["energy"], energy.shape)
        return {"energy": g, "log_weight": -xp.sum(g, axis=0)}

    return value + 0 * energy[:, 0], pullback


@mistake(log_partition, "value")
def mean_over_the_nodes(energy: Array, log_weight: Array) -> Any:
    """log (Σ w e^{−E}/K): a mean, whose gradient is the same."""
    xp = namespace(energy)
    value, right = BODY(energy, log_weight)
    return value - xp.log(xp.ones_like(value) * energy.shape[1]), right


@mistake(log_partition, "value", "gradient.log_weight")
def weights_normalised(energy: Array, log_weight: Array) -> Any:
    """Weights divided by their sum: a mean of e^{−E}, where an integral was meant."""
    xp = namespace(energy)
    value, right = BODY(energy, log_weight)
    total, of_total = log_sum_exp.body(log_weight[None, :])
    return value - total, lambda bar: (g := right(bar)) | {
        "log_weight": g["log_weight"] - of_total(xp.sum(bar, keepdims=True))["logits"][0, :]}


@mistake(log_partition, "gradient.energy")
def energy_gradient_sign(energy: Array, log_weight: Array) -> Any:
    """E_bar = z_bar p: likely states are made likelier."""
    value, right = BODY(energy, log_weight)
    return value, lambda bar: (g := right(bar)) | {"energy": -g["energy"]}


@mistake(log_partition, "gradient.energy")
def prior_for_posterior(energy: Array, log_weight: Array) -> Any:
    """E_bar = −z_bar softmax(log w): the average over the nodes, not over the model."""
    value, right = BODY(energy, log_weight)
    return value, lambda bar: right(bar) | {"energy": BODY(0 * energy, log_weight)[1](bar)["energy"]}


@mistake(log_partition, "gradient.log_weight")
def weight_for_its_logarithm_in_the_gradient(energy: Array, log_weight: Array) -> Any:
    """The gradient for w in the place of that for log w: it is divided by w."""
    xp = namespace(energy)
    value, right = BODY(energy, log_weight)
    return value, lambda bar: (g := right(bar)) | {"log_weight": g["log_weight"] * xp.exp(-log_weight)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(log_partition, seen="MinkaiXu/Energy-Diffusion-LLM #3", blind=True)
def sign_of_the_energy(energy: Array, log_weight: Array) -> Any:
    """w e^{+E}: high energies are likely."""
    return of_logits(log_weight + energy, 1.0, 1.0)


@mistake(log_partition, seen="google/qhbm-library #231", blind=True)
def weights_forgotten(energy: Array, log_weight: Array) -> Any:
    """Σ e^{−E} over whatever nodes there are; right where states are counted."""
    return of_logits(-energy, -1.0, 0.0)


@mistake(log_partition, blind=True)
def energy_halved(energy: Array, log_weight: Array) -> Any:
    """e^{−E/2}: the half of a quadratic energy taken twice."""
    return of_logits(log_weight - energy / 2, -0.5, 1.0)


@mistake(log_partition, "gradient.log_weight", blind=True)
def weight_gradient_averaged(energy: Array, log_weight: Array) -> Any:
    """A mean over the batch, where every example adds what it has; right for one example."""
    value, right = BODY(energy, log_weight)
    return value, lambda bar: (g := right(bar)) | {"log_weight": g["log_weight"] / max(bar.shape[0], 1)}
