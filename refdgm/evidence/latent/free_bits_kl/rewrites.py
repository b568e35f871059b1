"""A floored divergence, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.latent.free_bits_kl import free_bits_kl
from refdgm.primitives.gaussian_kl import gaussian_kl


@rewrite(free_bits_kl)
def latent_by_latent(mean: Any, logvar: Any, floor: Any) -> Any:
    """gaussian_kl of each latent by itself, and a choice by hand."""
    total, kept = 0.0 * floor, []
    for j in range(mean.shape[1]):
        kl, into = gaussian_kl.body(mean[:, j:j + 1], logvar[:, j:j + 1])
        k = np.sum(kl) / len(kl)
        total = total + (k if k > floor else floor)
        kept.append(into if k > floor else None)

    def pullback(bar: Any) -> dict[str, Any]:
        g = {"mean": 0 * mean, "logvar": 0 * logvar, "floor": 0 * floor}
        for j, into in enumerate(kept):
            if into is None:
                g["floor"] = g["floor"] + bar
            else:
                back = into(np.full(len(mean), bar / len(mean), mean.dtype))
                g["mean"][:, j], g["logvar"][:, j] = back["mean"][:, 0], back["logvar"][:, 0]
        return g

    return total, pullback
