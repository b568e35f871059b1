"""Turned pairs, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.layers.rotary_embedding import rotary_embedding


@rewrite(rotary_embedding)
def as_complex_numbers(x: Any, position: Any, base: Any) -> Any:
    """Pairs as complex numbers, times e^{iωt}."""
    n = x.shape[2] // 2
    omega = base ** (-np.arange(n) / max(n, 1))
    wave = np.exp(1j * np.outer(position, omega))
    pairs = lambda v: v[:, :, :n] + 1j * v[:, :, n : 2 * n]
    y = pairs(x) * wave

    def parts(z: Any, rest: Any) -> Any:
        return np.concatenate([z.real, z.imag, rest[:, :, 2 * n :]], axis=2)

    def pullback(bar: Any) -> dict[str, Any]:
        z = pairs(bar)
        return {"x": parts(z * np.conj(wave), bar),
                "position": np.einsum("bni,i->n", np.imag(z * np.conj(y)), omega)}

    return parts(y, x), pullback
