"""Mistakes in the coefficients of the EDM preconditioning."""

from typing import Any

from refdgm.diffusion.edm_preconditioning import edm_preconditioning
from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace

BODY = edm_preconditioning.body
BOTH = ("gradient.sigma", "gradient.sigma_data")
Parts = dict[str, tuple[Array, Array, Array]]  # an output, with its derivatives with respect to σ and σ_d


def with_parts(sigma: Array, sigma_data: Array, parts: Parts) -> Any:
    """Some of the outputs exchanged, rightly differentiated."""
    xp = namespace(sigma)
    value, right = BODY(sigma, sigma_data)
    names = ("skip", "out", "inward", "noise")
    values = tuple(parts[name][0] if name in parts else x for name, x in zip(names, value, strict=True))

    def pullback(*bars: Array) -> dict[str, Array]:
        by_name = dict(zip(names, bars, strict=True))
        grads = right(*(0 * bar if name in parts else bar for name, bar in by_name.items()))
        for name, (_, by_sigma, by_data) in parts.items():
            grads = {"sigma": grads["sigma"] + by_name[name] * by_sigma,
                     "sigma_data": grads["sigma_data"] + xp.sum(by_name[name] * by_data)}
        return grads

    return values, pullback


@mistake(edm_preconditioning, "noise", "gradient.sigma")
def half_the_logarithm(sigma: Array, sigma_data: Array) -> Any:
    """c_noise = log(σ)/2: that of the variance, divided by four."""
    return with_parts(sigma, sigma_data, {"noise": (namespace(sigma).log(sigma) / 2, 1 / (2 * sigma), 0 * sigma)})


@mistake(edm_preconditioning, "noise", "gradient.sigma")
def common_logarithm(sigma: Array, sigma_data: Array) -> Any:
    """The logarithm to base ten."""
    xp = namespace(sigma)
    ten = 2.302585092994046
    return with_parts(sigma, sigma_data, {"noise": (xp.log(sigma) / (4 * ten), 1 / (4 * ten * sigma), 0 * sigma)})


@mistake(edm_preconditioning, "out", *BOTH)
def out_over_the_variance(sigma: Array, sigma_data: Array) -> Any:
    """c_out = σ σ_d/(σ² + σ_d²): the root is lost."""
    total = sigma**2 + sigma_data**2
    by_sigma = sigma_data * (sigma_data**2 - sigma**2) / total**2
    return with_parts(sigma, sigma_data, {
        "out": (sigma * sigma_data / total, by_sigma, -by_sigma * sigma / sigma_data)})


@mistake(edm_preconditioning, "out", *BOTH)
def out_of_a_velocity(sigma: Array, sigma_data: Array) -> Any:
    """c_out = −σ σ_d/r: the sign that belongs to a network which predicts v."""
    values, right = BODY(sigma, sigma_data)
    return (values[0], -values[1], *values[2:]), lambda p, o, i, n: right(p, -o, i, n)


@mistake(edm_preconditioning, "skip", *BOTH)
def skip_of_the_noise(sigma: Array, sigma_data: Array) -> Any:
    """c_skip = σ²/(σ² + σ_d²): the share of the noise, for that of the data."""
    values, right = BODY(sigma, sigma_data)
    return (1 - values[0], *values[1:]), lambda p, o, i, n: right(-p, o, i, n)


@mistake(edm_preconditioning, "skip", *BOTH)
def skip_of_deviations(sigma: Array, sigma_data: Array) -> Any:
    """c_skip = σ_d/r: deviations where variances belong."""
    r = namespace(sigma).sqrt(sigma**2 + sigma_data**2)
    return with_parts(sigma, sigma_data, {"skip": (sigma_data / r, -sigma * sigma_data / r**3, sigma**2 / r**3)})


@mistake(edm_preconditioning, "inward", *BOTH)
def inward_by_the_variance(sigma: Array, sigma_data: Array) -> Any:
    """c_in = 1/(σ² + σ_d²): the root is lost."""
    total = sigma**2 + sigma_data**2
    return with_parts(sigma, sigma_data, {
        "inward": (1 / total, -2 * sigma / total**2, -2 * sigma_data / total**2)})


@mistake(edm_preconditioning, "inward", *BOTH)
def deviations_added(sigma: Array, sigma_data: Array) -> Any:
    """c_in = 1/(σ + σ_d): deviations do not add, their squares do."""
    total = sigma + sigma_data
    return with_parts(sigma, sigma_data, {"inward": (1 / total, -1 / total**2, -1 / total**2)})


@mistake(edm_preconditioning, "gradient.sigma_data")
def data_of_skip_alone(sigma: Array, sigma_data: Array) -> Any:
    """The gradient of σ_d through c_skip alone: c_out and c_in are held."""
    values, right = BODY(sigma, sigma_data)
    return values, lambda p, o, i, n: right(p, o, i, n) | {"sigma_data": right(p, 0 * o, 0 * i, n)["sigma_data"]}


@mistake(edm_preconditioning, "gradient.sigma")
def noise_detached(sigma: Array, sigma_data: Array) -> Any:
    """σ_bar without what c_noise gives it."""
    values, right = BODY(sigma, sigma_data)
    return values, lambda p, o, i, n: right(p, o, i, 0 * n)


@mistake(edm_preconditioning, "gradient.sigma")
def numerator_alone(sigma: Array, sigma_data: Array) -> Any:
    """σ_bar of c_out as c o_bar: r is held where σ σ_d/r is differentiated."""
    values, right = BODY(sigma, sigma_data)
    return values, lambda p, o, i, n: right(p, o, i, n) | {
        "sigma": right(p, 0 * o, i, n)["sigma"] + o * sigma_data * values[2]}


@mistake(edm_preconditioning, *BOTH)
def signs_of_inward(sigma: Array, sigma_data: Array) -> Any:
    """Both gradients of c_in with the sign of r's."""
    values, right = BODY(sigma, sigma_data)
    return values, lambda p, o, i, n: right(p, o, -i, n)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(edm_preconditioning, "skip", "out", "inward", *BOTH, seen="NVIDIA/physicsnemo #1534", blind=True)
def data_of_another_set(sigma: Array, sigma_data: Array) -> Any:
    """σ_d is 0.5, its default, whatever was given elsewhere."""
    values, right = BODY(sigma, 0 * sigma_data + 0.5)
    return values, lambda *bars: right(*bars) | {"sigma_data": 0 * sigma_data}


@mistake(edm_preconditioning, "skip", "out", *BOTH, seen="huggingface/diffusers #9563", blind=True)
def unit_data_in_the_output(sigma: Array, sigma_data: Array) -> Any:
    """c_skip and c_out of data of variance one, c_in of σ_d: two pieces of code that were written for two models."""
    values, right = BODY(sigma, sigma_data)
    ones, of_ones = BODY(sigma, 0 * sigma_data + 1)

    def pullback(p: Array, o: Array, i: Array, n: Array) -> dict[str, Array]:
        grads = right(0 * p, 0 * o, i, n)
        return grads | {"sigma": grads["sigma"] + of_ones(p, o, 0 * i, 0 * n)["sigma"]}

    return (*ones[:2], *values[2:]), pullback


@mistake(edm_preconditioning, blind=True)
def one_level_for_all(sigma: Array, sigma_data: Array) -> Any:
    """The noise of the first example serves the whole batch; right for equal levels, as a sampler has them."""
    xp = namespace(sigma)
    first = xp.astype(xp.arange(sigma.shape[0], device=sigma.device) == 0, sigma.dtype)
    values, right = BODY(sigma[:1] + 0 * sigma, sigma_data)
    return values, lambda *bars: (g := right(*bars)) | {"sigma": first * xp.sum(g["sigma"])}


@mistake(edm_preconditioning, "noise", "gradient.sigma", blind=True)
def logarithm_kept_from_zero(sigma: Array, sigma_data: Array) -> Any:
    """log(σ + 10⁻⁵): a guard against σ = 0 that the smallest levels feel."""
    moved = sigma + 1e-5
    return with_parts(sigma, sigma_data, {"noise": (namespace(sigma).log(moved) / 4, 1 / (4 * moved), 0 * sigma)})


@mistake(edm_preconditioning, "gradient.sigma_data", blind=True)
def averaged_over_the_batch(sigma: Array, sigma_data: Array) -> Any:
    """The gradient of σ_d is a mean over the batch, where a sum belongs; right for one example."""
    values, right = BODY(sigma, sigma_data)
    return values, lambda *bars: (g := right(*bars)) | {"sigma_data": g["sigma_data"] / max(sigma.shape[0], 1)}
