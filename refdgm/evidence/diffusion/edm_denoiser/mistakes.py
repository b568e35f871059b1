"""Mistakes in the EDM denoiser."""

from collections.abc import Callable
from typing import Any

from refdgm.diffusion.edm_denoiser import edm_denoiser
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.weighted_sum import times, without
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, inner

BODY = edm_denoiser.body
Weight = Callable[[Array, Array], tuple[Array, Array, Array]]  # and its derivatives with respect to σ and σ_d


def power(k: float, m: int, n: int, half: int, at: float | None = None) -> Weight:
    """k σᵐ σ_dⁿ (σ² + σ_d²)^(−half/2); with the number `at` in the place of σ_d where one is given."""

    def weight(sigma: Array, data: Array) -> tuple[Array, Array, Array]:
        d = data if at is None else 0 * data + at
        total = sigma**2 + d**2
        number = k * sigma**m * d**n / total ** (half / 2)
        by_data = number * (n / d - half * d / total)
        return number, number * (m / sigma - half * sigma / total), by_data if at is None else 0 * by_data

    return weight


SKIP, OUT = power(1, 0, 2, 2), power(1, 1, 1, 1)


def mixed(x: Array, output: Array, sigma: Array, data: Array, skip: Weight = SKIP, out: Weight = OUT) -> Any:
    """skip x + out F with any weights, rightly differentiated."""
    of_x, of_output = skip(sigma, data), out(sigma, data)

    def pullback(bar: Array) -> dict[str, Array]:
        a, b = inner(bar, x), inner(bar, output)
        return {"x": against(of_x[0], x) * bar, "output": against(of_output[0], x) * bar,
                "sigma": a * of_x[1] + b * of_output[1],
                "sigma_data": namespace(x).sum(a * of_x[2] + b * of_output[2])}

    return against(of_x[0], x) * x + against(of_output[0], x) * output, pullback


NOT_OF_OUTPUT = ("value", "gradient.x", "gradient.sigma", "gradient.sigma_data")
NOT_OF_X = ("value", "gradient.output", "gradient.sigma", "gradient.sigma_data")


@mistake(edm_denoiser)
def weights_exchanged(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """c_out x + c_skip F."""
    return mixed(x, output, sigma, sigma_data, OUT, SKIP)


@mistake(edm_denoiser, *NOT_OF_OUTPUT)
def input_of_the_network_kept(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """c_skip c_in x: what enters the network is taken for x."""
    return mixed(x, output, sigma, sigma_data, skip=power(1, 0, 2, 3))


@mistake(edm_denoiser, *NOT_OF_X)
def output_subtracted(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """c_skip x − c_out F: the sign that belongs to a network which predicts v."""
    return mixed(x, output, sigma, sigma_data, out=power(-1, 1, 1, 1))


@mistake(edm_denoiser, *NOT_OF_OUTPUT)
def whole_point_kept(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """x + c_out F: a residual connection."""
    return mixed(x, output, sigma, sigma_data, skip=power(1, 0, 0, 0))


@mistake(edm_denoiser, *NOT_OF_OUTPUT)
def share_of_the_noise(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """σ²/(σ² + σ_d²) x + c_out F: the share of the noise, for that of the data."""
    return mixed(x, output, sigma, sigma_data, skip=power(1, 2, 0, 2))


@mistake(edm_denoiser, *NOT_OF_X)
def root_lost_in_the_output(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """c_out = σ σ_d/(σ² + σ_d²)."""
    return mixed(x, output, sigma, sigma_data, out=power(1, 1, 1, 2))


@mistake(edm_denoiser)
def levels_along_components(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """σ without axes of length one: it only runs, wrongly, where the last axis is as long as the batch."""
    if x.ndim != 2 or x.shape[0] != x.shape[1]:
        return BODY(x, output, sigma, sigma_data)
    value, right = BODY(x.T, output.T, sigma, sigma_data)
    return value.T, lambda bar: (g := right(bar.T)) | {"x": g["x"].T, "output": g["output"].T}


@mistake(edm_denoiser, "gradient.sigma")
def level_detached(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """σ receives no gradient."""
    return without(BODY(x, output, sigma, sigma_data), "sigma")


@mistake(edm_denoiser, "gradient.sigma_data")
def data_detached(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """σ_d receives no gradient."""
    return without(BODY(x, output, sigma, sigma_data), "sigma_data")


@mistake(edm_denoiser, "gradient.x")
def skip_detached(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """x passes its gradient to the network alone, not past it."""
    return without(BODY(x, output, sigma, sigma_data), "x")


@mistake(edm_denoiser, "gradient.output")
def output_gradient_of_one(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """F_bar = D_bar: c_out is forgotten on the way back."""
    value, right = BODY(x, output, sigma, sigma_data)
    return value, lambda bar: right(bar) | {"output": bar}


@mistake(edm_denoiser, "gradient.sigma_data")
def data_twice(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """The gradient of σ_d is that of σ_d², times two σ_d once too often."""
    return times(BODY(x, output, sigma, sigma_data), "sigma_data", 2.0)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(edm_denoiser, seen="huggingface/diffusers #9563", blind=True)
def data_of_variance_one(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """x/(σ² + 1) + σ F/√(σ² + 1): one in the place of σ_d, as a training script had it."""
    return mixed(x, output, sigma, sigma_data, power(1, 0, 2, 2, 1.0), power(1, 1, 1, 1, 1.0))


@mistake(edm_denoiser, "gradient.sigma", blind=True)
def correction_held(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """σ_bar through c_skip alone: the weight of the network's output is held."""
    value, right = BODY(x, output, sigma, sigma_data)
    of_out = OUT(sigma, sigma_data)[1]
    return value, lambda bar: (g := right(bar)) | {"sigma": g["sigma"] - inner(bar, output) * of_out}


@mistake(edm_denoiser, "gradient.sigma_data", blind=True)
def averaged_over_the_batch(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """The gradient of σ_d is a mean over the batch, where a sum belongs; right for one example."""
    return times(BODY(x, output, sigma, sigma_data), "sigma_data", 1 / max(x.shape[0], 1))


@mistake(edm_denoiser, blind=True)
def one_level_for_all(x: Array, output: Array, sigma: Array, sigma_data: Array) -> Any:
    """The noise of the first example serves the whole batch; right for equal levels, as a sampler has them."""
    xp = namespace(sigma)
    first = xp.astype(xp.arange(sigma.shape[0], device=sigma.device) == 0, sigma.dtype)
    value, right = BODY(x, output, sigma[:1] + 0 * sigma, sigma_data)
    return value, lambda bar: (g := right(bar)) | {"sigma": first * xp.sum(g["sigma"])}
