"""Annealed Langevin dynamics, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.nets.field import Field
from refdgm.sde.annealed_langevin import annealed_langevin
from refdgm.sde.langevin import langevin_chain


@rewrite(annealed_langevin)
def level_by_level(x: Any, eps: Any, sigmas: Any, base_step: Any, theta: Any, *, score: Any) -> Any:
    """A chain for each level, with the level as a parameter of its score; α_i = ϵ e^{2 log(σ_i/σ_L)}."""
    steps, chains = base_step * np.exp(2 * np.log(sigmas / sigmas[-1:])), []

    def vjp(x: Any, named: Any) -> Any:
        inner = {name: entry for name, entry in named.items() if name != "the level"}
        s, right = score.vjp(x, named["the level"], inner)

        def pullback(bar: Any, wrt: Any = None) -> dict[str, Any]:
            g = right(bar)
            return {"x": g["z"], "theta": g["theta"] | {"the level": g["t"]}}

        return s, pullback

    at_level = Field("at a level", ("x",), lambda x, named: vjp(x, named)[0], vjp)
    for i in range(len(sigmas)):
        named = theta | {"the level": sigmas[i]}
        x, right = langevin_chain.body(x, eps[:, i], steps[i], named, score=at_level)
        chains.append(right)

    def pullback(bar: Any) -> dict[str, Any]:
        theta_bar, sigmas_bar, steps_bar = {name: 0 * e for name, e in theta.items()}, 0 * sigmas, 0 * sigmas
        for i in range(len(sigmas) - 1, -1, -1):
            g = chains[i](bar)
            bar, steps_bar[i], sigmas_bar[i] = g["x"], g["step"], g["theta"]["the level"]
            theta_bar = {name: g["theta"][name] + entry for name, entry in theta_bar.items()}
        by_ratio = 2 * steps_bar * steps
        sigmas_bar = sigmas_bar + by_ratio / sigmas
        sigmas_bar[-1] -= np.sum(by_ratio) / sigmas[-1]
        return {"x": bar, "sigmas": sigmas_bar, "base_step": np.sum(steps_bar * steps) / base_step, "theta": theta_bar}

    return x, pullback
