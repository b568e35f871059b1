"""Mistakes in the EDM loss."""

from typing import Any

from refdgm.diffusion.edm_loss import edm_loss
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

BODY = edm_loss.body


def squared(output: Array, target: Array, weight: Array) -> Any:
    """weight · ‖F − y‖², rightly differentiated."""
    residual = output - target
    loss = weight * inner(residual, residual)
    return loss, lambda bar: {"output": 2 * against(weight * bar, output) * residual}


def parts(sigma: Array, data: Array) -> tuple[Array, Array, Array]:
    """s, c and c_out."""
    r = namespace(sigma).sqrt(sigma**2 + data**2)
    return sigma / r, data / r, sigma * data / r


def aimed(x0: Array, eps: Array, of_data: Array, of_noise: Array) -> Array:
    """a x₀ − b ε."""
    return against(of_data, x0) * x0 - against(of_noise, eps) * eps


def target(x0: Array, eps: Array, sigma: Array, data: Array) -> Array:
    s, c, _ = parts(sigma, data)
    return aimed(x0, eps, s / data, c)


@mistake(edm_loss)
def not_weighted(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """‖D − x₀‖²: the largest levels rule."""
    out = parts(sigma, sigma_data)[2]
    return squared(output, target(x0, eps, sigma, sigma_data), out * out)


@mistake(edm_loss)
def weighted_once_more(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """λ ‖F − y‖²: the weight of the denoised point for the output of the network."""
    out = parts(sigma, sigma_data)[2]
    return squared(output, target(x0, eps, sigma, sigma_data), 1 / (out * out))


@mistake(edm_loss)
def noise_for_target(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """‖F − ε‖²: a network that predicts the noise."""
    return squared(output, eps, 0 * sigma + 1)


@mistake(edm_loss)
def sign_of_the_noise(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """y = (s/σ_d) x₀ + c ε: the noise is to be taken off, not put on."""
    s, c, _ = parts(sigma, sigma_data)
    return squared(output, aimed(x0, eps, s / sigma_data, -c), 0 * sigma + 1)


@mistake(edm_loss)
def velocity_for_target(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """−y, the target of a network that predicts v."""
    return squared(output, -target(x0, eps, sigma, sigma_data), 0 * sigma + 1)


@mistake(edm_loss)
def data_whole(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """y = x₀/σ_d − c ε: s is forgotten."""
    _, c, _ = parts(sigma, sigma_data)
    return squared(output, aimed(x0, eps, 1 / (sigma_data + 0 * sigma), c), 0 * sigma + 1)


@mistake(edm_loss)
def parts_exchanged(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """y = (c/σ_d) x₀ − s ε: far below the data the network is asked for what it was given."""
    s, c, _ = parts(sigma, sigma_data)
    return squared(output, aimed(x0, eps, c / sigma_data, s), 0 * sigma + 1)


@mistake(edm_loss)
def levels_along_components(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """σ without axes of length one: it only runs, wrongly, where the last axis is as long as the batch."""
    if x0.ndim != 2 or x0.shape[0] != x0.shape[1]:
        return BODY(output, x0, eps, sigma, sigma_data)
    residual = output - target(x0.T, eps.T, sigma, sigma_data).T
    return inner(residual, residual), lambda bar: {"output": 2 * against(bar, residual) * residual}


@mistake(edm_loss, "value")
def root_reported(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """The distance is reported, its square is trained with."""
    loss, right = BODY(output, x0, eps, sigma, sigma_data)
    return namespace(loss).sqrt(loss), right


@mistake(edm_loss, "gradient.output")
def gradient_without_two(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """F_bar = J_bar e: as if there were a factor ½."""
    loss, right = BODY(output, x0, eps, sigma, sigma_data)
    return loss, lambda bar: right(bar / 2)


@mistake(edm_loss, "gradient.output")
def gradient_of_the_denoised(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """The gradient of D in the place of that of F: c_out is left out on the way back."""
    loss, right = BODY(output, x0, eps, sigma, sigma_data)
    return loss, lambda bar: right(bar / parts(sigma, sigma_data)[2])


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(edm_loss, seen="lucidrains/alphafold3-pytorch #68; SeonghwanSeo/kfold #17", blind=True)
def deviations_added_in_the_weight(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """λ = (σ² + σ_d²)/(σ + σ_d)²: a sum is printed where the product belongs."""
    out = parts(sigma, sigma_data)[2]
    weight = (sigma**2 + sigma_data**2) / (sigma + sigma_data) ** 2
    return squared(output, target(x0, eps, sigma, sigma_data), weight * out * out)


@mistake(edm_loss, seen="lucidrains/alphafold3-pytorch #124", blind=True)
def noise_in_units_of_the_data(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """x₀ + σ σ_d ε is denoised, of a σ that has σ_d in it already."""
    return BODY(output, x0, sigma_data * eps, sigma, sigma_data)


@mistake(edm_loss, seen="NVIDIA/physicsnemo #1534", blind=True)
def weight_of_another_set(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """The weight has σ_d = 0.5, its default, and the denoiser what was given."""
    own, other = parts(sigma, sigma_data)[2], parts(sigma, 0 * sigma_data + 0.5)[2]
    return squared(output, target(x0, eps, sigma, sigma_data), (own / other) ** 2)


@mistake(edm_loss, blind=True)
def data_of_variance_one(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """σ_d = 1 throughout, as where data were normalised."""
    return BODY(output, x0, eps, sigma, 0 * sigma_data + 1)


@mistake(edm_loss, "gradient.output", blind=True)
def gradient_of_the_mean(output: Array, x0: Array, eps: Array, sigma: Array, sigma_data: Array) -> Any:
    """The gradient is that of the mean over the batch, whatever comes from above; right for one example."""
    loss, right = BODY(output, x0, eps, sigma, sigma_data)
    return loss, lambda bar: right(bar / max(bar.shape[0], 1))
