"""Covariances of another divisor."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.metrics.frechet_inception_distance import frechet_inception_distance
from refdgm.namespace import Array, namespace
from refdgm.numerics.polar_factor import polar_factor


@variant("covariances with 1/B and 1/M", frechet_inception_distance)
def of_second_moments(real: Array, fake: Array) -> Any:
    """Of sums over the number of samples, as of running second moments, or of a bias that is kept."""
    xp = namespace(real)
    apart = xp.mean(real, axis=0) - xp.mean(fake, axis=0)
    f, g = ((x - xp.mean(x, axis=0)) / x.shape[0] ** 0.5 for x in (real, fake))
    u = polar_factor(f @ g.T)
    u = u - xp.mean(u, axis=0)
    u = u - xp.mean(u, axis=1, keepdims=True)
    here, missed, there = f - u @ g, g - u.T @ (u @ g), g - u.T @ f

    def pullback(bar: Array) -> dict[str, Array]:
        x, y = here - xp.mean(here, axis=0), there - xp.mean(there, axis=0)
        return {"real": 2 * bar * (apart / real.shape[0] + x / real.shape[0] ** 0.5),
                "fake": 2 * bar * (y / fake.shape[0] ** 0.5 - apart / fake.shape[0])}

    return xp.sum(apart**2) + xp.sum(here**2) + xp.sum(missed**2), pullback
