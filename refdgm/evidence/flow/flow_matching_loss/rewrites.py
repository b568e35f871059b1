"""The objective of flow matching, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every
from refdgm.flow.flow_matching_loss import flow_matching_loss


@rewrite(flow_matching_loss)
def by_the_einstein_sum(velocity: Any, x0: Any, x1: Any, sigma_min: Any) -> Any:
    """What is missing, u − v, squared by einsum."""
    missing = x1 - (x0 - sigma_min * x0) - velocity
    rows = missing.reshape(len(missing), -1)
    return np.einsum("bd,bd->b", rows, rows), lambda bar: {"velocity": -every(bar, missing) * (missing + missing)}


@rewrite(flow_matching_loss)
def from_the_predicted_data(velocity: Any, x0: Any, x1: Any, sigma_min: Any) -> Any:
    """‖x_hat₁ − x₁‖² of the data at which the velocity would arrive from this noise, one component after the other."""
    arrived = velocity + (1 - sigma_min) * x0
    off = (arrived - x1).reshape(len(x1), -1)
    loss = np.zeros(len(off), off.dtype)
    for column in off.T:
        loss = loss + column**2
    return loss, lambda bar: {"velocity": (2 * bar[:, None] * off).reshape(velocity.shape)}
