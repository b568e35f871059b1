"""The free energy of a restricted machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.rbm_free_energy import rbm_free_energy
from refdgm.evidence.declare import rewrite


@rewrite(rbm_free_energy)
def by_logaddexp(v: Any, W: Any, b: Any, c: Any) -> Any:
    """logaddexp of 0 and a, its slope from both; the gradients by einsum."""
    a = np.einsum("hd,bd->bh", W, v) + c
    each = np.logaddexp(0, a)

    def pullback(bar: Any) -> dict[str, Any]:
        means = np.exp(a - each)
        return {"v": -bar[:, None] * (b + np.einsum("hd,bh->bd", W, means)),
                "W": -np.einsum("b,bh,bd->hd", bar, means, v), "b": -np.einsum("b,bd->d", bar, v),
                "c": -np.einsum("b,bh->h", bar, means)}

    return -np.sum(v * b, axis=1) - np.sum(each, axis=1), pullback


@rewrite(rbm_free_energy)
def hidden_unit_by_hidden_unit(v: Any, W: Any, b: Any, c: Any) -> Any:
    """Each hidden unit in turn, as a/2 + log 2 cosh(a/2); its mean by tanh, or by e^a where it is hardly ever on."""
    value, slopes = -(v @ b), []
    for row, bias in zip(W, c, strict=True):
        half = (v @ row + bias) / 2
        value = value - half - np.logaddexp(half, -half)
        off = np.exp(2 * np.minimum(half, 0)) / (1 + np.exp(2 * np.minimum(half, 0)))
        slopes.append(np.where(half > 0, (1 + np.tanh(half)) / 2, off))
    means = np.stack(slopes, axis=1)

    def pullback(bar: Any) -> dict[str, Any]:
        weighted = bar[:, None] * means
        return {"v": -(bar[:, None] * b + weighted @ W), "W": -(weighted.T @ v), "b": -(v.T @ bar),
                "c": -np.sum(weighted, axis=0)}

    return value, pullback
