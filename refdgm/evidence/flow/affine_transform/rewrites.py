"""A scaled and shifted point, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import every, per_example
from refdgm.flow.affine_transform import affine_transform


@rewrite(affine_transform)
def by_signs_and_logarithms(z: Any, scale: Any, shift: Any) -> Any:
    """a = sign(a) e^s with s = log |a|: ℓ = Σ s, and a_bar = (z x_bar a + ℓ_bar)/a."""
    s = np.log(np.abs(scale))
    x = np.sign(scale) * np.exp(s) * z + shift

    def pullback(x_bar: Any, log_det_bar: Any) -> dict[str, Any]:
        of_s = z * x_bar * scale + every(log_det_bar, z)
        return {"z": x_bar * scale, "scale": of_s / scale, "shift": np.array(x_bar)}

    return (x, per_example(s)), pullback


@rewrite(affine_transform)
def by_binary_exponents(z: Any, scale: Any, shift: Any) -> Any:
    """log |a| as log of the fraction plus log 2 times the exponent."""
    fraction, exponent = np.frexp(scale)
    log_det = per_example(np.log(np.abs(fraction))) + np.log(2.0) * per_example(exponent.astype(scale.dtype))

    def pullback(x_bar: Any, log_det_bar: Any) -> dict[str, Any]:
        return {"z": scale * x_bar, "scale": every(log_det_bar, z) / scale + x_bar * z, "shift": x_bar + 0}

    return (shift + z * scale, log_det), pullback
