"""The Fréchet Inception distance, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.metrics.frechet_inception_distance import frechet_inception_distance


@rewrite(frechet_inception_distance)
def of_singular_values(real: Any, fake: Any) -> Any:
    """The polar factor from singular vectors, those of no length left out; the traces less twice their sum."""
    f, g = ((x - x.mean(0)) / np.sqrt(len(x) - 1, dtype=x.dtype) for x in (real, fake))
    apart = real.mean(0) - fake.mean(0)
    rank = min(len(real) - 1, len(fake) - 1, real.shape[1])
    a, s, b = np.linalg.svd(f @ g.T)
    u = a[:, :rank] @ b[:rank]
    value = np.sum(apart**2) + np.sum(f**2) + np.sum(g**2) - 2 * np.sum(s)

    def pullback(bar: Any) -> dict[str, Any]:
        x, y = (f - u @ g) / np.sqrt(len(real) - 1), (g - u.T @ f) / np.sqrt(len(fake) - 1)
        return {"real": 2 * bar * (apart / len(real) + x), "fake": 2 * bar * (y - apart / len(fake))}

    return value, pullback
