"""Mistakes in the loss of contrastive divergence. A network of the negative energy is a convention and none of them."""

from typing import Any

from refdgm.energy.contrastive_divergence_loss import contrastive_divergence_loss
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = contrastive_divergence_loss.body
GRADIENTS = ("gradient.energy_data", "gradient.energy_model")


def quadratic(data: Array, model: Array, linear: tuple[float, float], square: tuple[Array, Array]) -> Any:
    """a E⁺ + b E⁻ + c E⁺² + d E⁻², rightly differentiated."""
    (a, b), (c, d) = linear, square
    return a * data + b * model + c * data * data + d * model * model, lambda bar: {
        "energy_data": bar * (a + 2 * c * data), "energy_model": bar * (b + 2 * d * model)}


@mistake(contrastive_divergence_loss, "value", "gradient.energy_model")
def sum_of_the_energies(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """E⁺ + E⁻ + α (E⁺² + E⁻²): both fall."""
    return quadratic(energy_data, energy_model, (1.0, 1.0), (regularization, regularization))


@mistake(contrastive_divergence_loss)
def square_of_the_difference(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """α (E⁺ − E⁻)²: the zero of energy is not held."""
    apart = energy_data - energy_model

    def pullback(bar: Array) -> dict[str, Array]:
        slope = bar * (1 + 2 * regularization * apart)
        return {"energy_data": slope, "energy_model": -slope}

    return apart + regularization * apart * apart, pullback


@mistake(contrastive_divergence_loss, "value", "gradient.energy_model")
def data_alone_penalised(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """α E⁺²: the samples' energies rise without an end."""
    return quadratic(energy_data, energy_model, (1.0, -1.0), (regularization, 0 * regularization))


@mistake(contrastive_divergence_loss)
def half_of_the_squares(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """α/2 of the squares, as where the penalty is a mean of both."""
    return BODY(energy_data, energy_model, regularization / 2)


@mistake(contrastive_divergence_loss)
def penalty_subtracted(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """−α: large energies are rewarded."""
    return BODY(energy_data, energy_model, -regularization)


@mistake(contrastive_divergence_loss, "value")
def penalty_not_reported(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """E⁺ − E⁻ is reported, the whole is trained with."""
    return energy_data - energy_model, BODY(energy_data, energy_model, regularization)[1]


@mistake(contrastive_divergence_loss, "gradient.energy_data")
def square_not_doubled_at_the_data(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """J_bar (1 + α E⁺)."""
    value, right = BODY(energy_data, energy_model, regularization)
    return value, lambda bar: right(bar) | {"energy_data": bar * (1 + regularization * energy_data)}


@mistake(contrastive_divergence_loss, "gradient.energy_model")
def sign_of_the_penalty_at_the_samples(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """−J_bar (1 + 2 α E⁻): the sign of the first term taken for both."""
    value, right = BODY(energy_data, energy_model, regularization)
    return value, lambda bar: right(bar) | {"energy_model": -bar * (1 + 2 * regularization * energy_model)}


@mistake(contrastive_divergence_loss, "gradient.energy_model")
def samples_without_gradient(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """The energies of the samples are held, not the samples: nothing rises, and the energy falls everywhere."""
    value, right = BODY(energy_data, energy_model, regularization)
    return value, lambda bar: right(bar) | {"energy_model": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(contrastive_divergence_loss, seen="extropic-ai/thrml #38", blind=True)
def exchanged(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """E⁻ − E⁺, of energies: the model learns to avoid the data."""
    return quadratic(energy_data, energy_model, (-1.0, 1.0), (regularization, regularization))


@mistake(contrastive_divergence_loss, "value", "gradient.energy_data", seen="swyoon/normalized-autoencoders #8",
         blind=True)
def samples_alone_penalised(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """α E⁻² alone, which leaves the data above the samples."""
    return quadratic(energy_data, energy_model, (1.0, -1.0), (0 * regularization, regularization))


@mistake(contrastive_divergence_loss, blind=True)
def magnitudes_penalised(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """α (|E⁺| + |E⁻|)."""
    xp = namespace(energy_data)
    value = energy_data - energy_model + regularization * (xp.abs(energy_data) + xp.abs(energy_model))
    return value, lambda bar: {"energy_data": bar * (1 + regularization * xp.sign(energy_data)),
                               "energy_model": -bar * (1 - regularization * xp.sign(energy_model))}


@mistake(contrastive_divergence_loss, *GRADIENTS, blind=True)
def gradient_of_the_mean(energy_data: Array, energy_model: Array, regularization: Array) -> Any:
    """The gradient is that of the mean over the batch, whatever comes from above; right for one example."""
    value, right = BODY(energy_data, energy_model, regularization)
    return value, lambda bar: right(bar / max(bar.shape[0], 1))
