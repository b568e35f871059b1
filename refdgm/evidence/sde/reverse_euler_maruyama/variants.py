"""Another last step."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.sde.reverse_euler_maruyama import reverse_euler_maruyama


@variant("no noise in the last step", reverse_euler_maruyama)
def mean_of_the_last_step(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                          noise_scale: Array, theta: dict[str, Array], *, score: Field) -> Any:
    """The mean of the last step is returned, "denoised", as most samplers do; or their loop over T times adds no noise
    at the last."""
    xp = namespace(x)
    steps = eps.shape[1]
    before = xp.astype(xp.arange(steps, device=x.device) < steps - 1, x.dtype)
    return reverse_euler_maruyama.body(x, before[None, :, None] * eps, times, h, slope, diffusion, noise_scale, theta,
                                       score=score)
