"""The conditionals of a restricted machine, written otherwise."""

from typing import Any

import numpy as np

from refdgm.energy.rbm_conditionals import rbm_conditionals
from refdgm.evidence.declare import rewrite


def logistic(a: Any) -> Any:
    """e^{−log(1 + e^{−a})}."""
    return np.exp(-np.logaddexp(0, -a))


@rewrite(rbm_conditionals)
def by_one_matrix(v: Any, h: Any, W: Any, b: Any, c: Any) -> Any:
    """Both sides at once, by the symmetric matrix of all units."""
    D, H = len(b), len(c)
    joint = np.zeros((D + H, D + H), W.dtype)
    joint[D:, :D], joint[:D, D:] = W, W.T
    units = np.concatenate([v, h], axis=1)
    told = units @ joint + np.concatenate([b, c])
    means, slopes = logistic(told), logistic(told) * logistic(-told)

    def pullback(up: Any, down: Any) -> dict[str, Any]:
        bar = np.concatenate([down, up], axis=1) * slopes
        of_units, of_joint = bar @ joint, units.T @ bar
        return {"v": of_units[:, :D], "h": of_units[:, D:], "W": of_joint[D:, :D] + of_joint[:D, D:].T,
                "b": np.sum(bar[:, :D], axis=0), "c": np.sum(bar[:, D:], axis=0)}

    return (means[:, D:], means[:, :D]), pullback


@rewrite(rbm_conditionals)
def by_cosh(v: Any, h: Any, W: Any, b: Any, c: Any) -> Any:
    """Means by the logistic function, slopes as ¼ sech²(a/2); outer products example by example."""
    a, e = np.einsum("hd,bd->bh", W, v) + c, np.einsum("hd,bh->bd", W, h) + b
    sech = lambda t: (2 * np.exp(-abs(t) / 2) / (1 + np.exp(-abs(t)))) ** 2 / 4

    def pullback(up: Any, down: Any) -> dict[str, Any]:
        up, down = up * sech(a), down * sech(e)
        outer = [np.outer(i, j) + np.outer(k, n) for i, j, k, n in zip(up, v, h, down, strict=True)]
        return {"v": np.einsum("bh,hd->bd", up, W), "h": np.einsum("bd,hd->bh", down, W),
                "W": sum(outer) if outer else 0 * W, "b": down.sum(axis=0), "c": up.sum(axis=0)}

    return (logistic(a), logistic(e)), pullback
