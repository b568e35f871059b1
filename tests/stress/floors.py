"""Divergences with a floor: floors and encoders of every size."""

import numpy as np

from .rows import row


@row("floors of every size", "λ₀ of 1e-300 and 1e300, log σ² of −700 and 700: one of both, and no gradient below",
     ("free_bits_kl",), "it has no floor")
def floors_of_every_size(ref):
    mean = np.array([[1e-3], [-1e-3]])
    for logvar, kl in ((-700.0, 349.5 + 5e-7), (700.0, np.exp(700.0) / 2), (0.0, 5e-7)):
        for floor in (1e-300, 1e300, 5e-324):
            with np.errstate(over="raise", invalid="raise"):
                value, pullback = ref.vjp(mean, logvar + 0 * mean, floor)
                g = pullback(np.array(1.0))
            np.testing.assert_allclose(value, max(kl, floor), rtol=1e-12)
            assert np.all((g["mean"] != 0) == (kl > floor)) and g["floor"] == (kl <= floor)
