"""Another method under the name of rk4, and another prior."""

from typing import Any

from refdgm.evidence.declare import variant, variants
from refdgm.evidence.flow.processed import density
from refdgm.evidence.torchdiffeq import RULE, by_three_eighths
from refdgm.flow.probability_flow_log_density import (
    probability_flow_log_density,
    probability_flow_log_density_estimate,
)
from refdgm.namespace import Array
from refdgm.nets.field import Field
from refdgm.sde.perturbation_kernel import perturbation_kernel

BOTH = (probability_flow_log_density, probability_flow_log_density_estimate)
KERNEL = "the prior has the deviation of the kernel at t₁"
three_eighths = variants(RULE, *BOTH)(by_three_eighths)


def of_the_kernel(x: Array, probe: Any, t0: Array, t1: Array, low: Array, high: Array, theta: dict[str, Array],
                  score: Field, process: str, method: str, steps: int) -> Any:
    """S = ς(t₁): as `density`, and what S hears goes to t₁ and to the ends."""
    (_, std), kernel = perturbation_kernel.body(t1[None], low, high, process=process)
    wide = std[0]
    value, right = density(x, t0, t1, low, high, theta, score, process, method, steps, probe, spread=(wide, 0.0))
    _, heard = density(x, t0, t1, low, high, theta, score, process, method, steps, probe, spread=(wide, 1.0))

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        of_std = kernel(0 * std, (heard(bar)["high"] - g["high"])[None])
        return g | {"t1": g["t1"] + of_std["t"][0], "low": g["low"] + of_std["low"], "high": g["high"] + of_std["high"]}

    return value, pullback


@variant(KERNEL, probability_flow_log_density)
def kernel_prior(x: Array, t0: Array, t1: Array, low: Array, high: Array, theta: dict[str, Array], *, score: Field,
                 process: str, method: str, steps: int) -> Any:
    """The standard deviation that the process has given to a point at t₁: nearly 1, or nearly high."""
    return of_the_kernel(x, None, t0, t1, low, high, theta, score, process, method, steps)


@variant(KERNEL, probability_flow_log_density_estimate)
def kernel_prior_too(x: Array, probe: Array, t0: Array, t1: Array, low: Array, high: Array, theta: dict[str, Array], *,
                     score: Field, process: str, method: str, steps: int) -> Any:
    """The standard deviation that the process has given to a point at t₁: nearly 1, or nearly high."""
    return of_the_kernel(x, probe, t0, t1, low, high, theta, score, process, method, steps)
