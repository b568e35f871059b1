"""What else the network is told of the noise."""

from typing import Any

from refdgm.diffusion.edm_preconditioning import edm_preconditioning
from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace


@variant("the noise told relative to the data", edm_preconditioning)
def relative_noise(sigma: Array, sigma_data: Array) -> Any:
    """c_noise = log(σ/σ_d)/4, as in AlphaFold 3 and its successors, whose data are not brought to a unit."""
    xp = namespace(sigma)
    (skip, out, inward, noise), right = edm_preconditioning.body(sigma, sigma_data)

    def pullback(skip_bar: Array, out_bar: Array, inward_bar: Array, noise_bar: Array) -> dict[str, Array]:
        grads = right(skip_bar, out_bar, inward_bar, noise_bar)
        return grads | {"sigma_data": grads["sigma_data"] - xp.sum(noise_bar) / (4 * sigma_data)}

    return (skip, out, inward, noise - xp.log(sigma_data) / 4), pullback
