"""The hidden units in another order, or with degrees of another range: other networks for the same θ."""

from collections.abc import Callable
from typing import Any

import numpy as np

from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.nets.made import made
from refdgm.nets.mlp import mlp


def of_degrees(x: Array, theta: dict[str, Array], activation: str, hidden: Callable[[int, int], Any]) -> Any:
    """As `made`, with the degrees of a hidden layer told by its width and D."""
    xp, many, depth = namespace(x), x.shape[1], len(theta) // 2
    inner = [hidden(theta[f"b{n}"].shape[0], many) for n in range(1, depth)]
    every = [np.arange(1, many + 1), *inner, np.arange(1, many + 1)]
    masks = {}
    for n in range(1, depth + 1):
        to, below = every[n][:, None], every[n - 1]
        mask = to > below if n == depth else to >= below
        masks[f"W{n}"] = xp.asarray(mask.astype(np.float64), dtype=x.dtype, device=x.device)
    cut = lambda entries: {n: e * masks[n] if n in masks else e for n, e in entries.items()}
    y, back = mlp.body(x, cut(theta), activation=activation)
    return y, lambda bar: (g := back(bar)) | {"theta": cut(g["theta"])}


@variant("hidden degrees 1 … D in turn", made)
def up_to_the_last(x: Array, theta: dict[str, Array], *, activation: str) -> Any:
    """1 + (k mod D): one unit in D hears every input and is heard by no output. As flowjax once had it."""
    return of_degrees(x, theta, activation, lambda width, many: 1 + np.arange(width) % many)


@variant("hidden degrees 0 … D − 1, spread evenly", made)
def spread(x: Array, theta: dict[str, Array], *, activation: str) -> Any:
    """Even numbers of units from 0, which hear nothing and are heard by all, to D − 1: as Pyro and NumPyro have it."""
    return of_degrees(x, theta, activation, lambda width, many: np.round(np.linspace(1, many, width)).astype(int) - 1)
