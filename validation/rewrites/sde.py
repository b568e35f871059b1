"""Samplers."""

from typing import Any

import numpy as np

from refdgm import CATALOGUE
from refdgm.nets.field import Field

from .rewrite import rewrite


@rewrite("langevin_step")
def in_the_other_convention(x: Any, score: Any, eps: Any, step: Any) -> Any:
    """x + e s + √(2e) ε with e = η/2, differentiated in e."""
    e = step / 2
    width = np.sqrt(2 * e)

    def pullback(bar: Any) -> dict[str, Any]:
        by_e = np.sum(bar * score) + np.sum(bar * eps) / width
        return {"x": bar + 0, "score": e * bar, "step": by_e / 2}

    return (x + e * score) + width * eps, pullback


@rewrite("langevin_chain")
def step_by_step(x: Any, eps: Any, step: Any, theta: Any, *, score: Any) -> Any:
    """Single steps and pullbacks of the score, chained; the noise is scaled before all."""
    one, kept = CATALOGUE["langevin_step"].body, []
    for t in range(eps.shape[1]):
        s, right = score.vjp(x, theta)
        x, back = one(x, s, eps[:, t], step)
        kept.append((back, right))

    def pullback(bar: Any) -> dict[str, Any]:
        step_bar, theta_bar = 0 * step, {name: 0 * entry for name, entry in theta.items()}
        for back, right in reversed(kept):
            g = back(bar)
            inner = right(g["score"])
            bar, step_bar = inner["x"] + g["x"], g["step"] + step_bar
            theta_bar = {name: inner["theta"][name] + entry for name, entry in theta_bar.items()}
        return {"x": bar, "step": step_bar, "theta": theta_bar}

    return x, pullback


@rewrite("annealed_langevin")
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
        x, right = CATALOGUE["langevin_chain"].body(x, eps[:, i], steps[i], named, score=at_level)
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
