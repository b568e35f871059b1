"""The sinusoidal embedding, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.nets.sinusoidal_embedding import sinusoidal_embedding


@rewrite(sinusoidal_embedding)
def as_powers(t: Any, *, features: int, spacing: str) -> Any:
    """t divided by powers of 10000; sines and cosines as one complex exponential."""
    half = features // 2
    n = half if spacing == "half" else max(half - 1, 1)
    length = np.power(10000.0, np.arange(half) / n)
    wave = np.exp(1j * (t[:, None] / length))

    def pullback(bar: Any) -> dict[str, Any]:
        return {"t": np.sum(np.real((bar[:, :half] + 1j * bar[:, half:]) * wave) / length, axis=1)}

    return np.concatenate([wave.imag, wave.real], axis=1), pullback
