"""Predictor and corrector, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.nets.field import Field
from refdgm.sde.langevin import langevin_chain
from refdgm.sde.predictor_corrector import predictor_corrector
from refdgm.sde.reverse_euler_maruyama import reverse_euler_maruyama


@rewrite(predictor_corrector)
def chain_by_chain(x: Any, eps: Any, corrector_eps: Any, times: Any, h: Any, slope: Any, diffusion: Any, step: Any,
                   theta: Any, *, score: Any) -> Any:
    """A chain of one step against the time, and one of Langevin whose score has its time among its parameters."""
    def vjp(x: Any, named: Any) -> Any:
        inner = {name: entry for name, entry in named.items() if name != "the time"}
        s, right = score.vjp(x, named["the time"], inner)

        def pullback(bar: Any, wrt: Any = None) -> dict[str, Any]:
            g = right(bar)
            return {"x": g["z"], "theta": g["theta"] | {"the time": g["t"]}}

        return s, pullback

    at_time = Field("at a time", ("x",), lambda x, named: vjp(x, named)[0], vjp)
    kept = []
    for n in range(len(h)):
        one = slice(n, n + 1)
        x, predicted = reverse_euler_maruyama.body(
            x, eps[:, one], times[one], h[one], slope[one], diffusion[one], np.ones_like(h[0]), theta, score=score)
        x, corrected = langevin_chain.body(x, corrector_eps[:, n], step[n], theta | {"the time": times[n] - h[n]},
                                           score=at_time)
        kept.append((predicted, corrected))

    def pullback(bar: Any) -> dict[str, Any]:
        bars = {name: np.zeros_like(h) for name in ("times", "h", "slope", "diffusion", "step")}
        theta_bar = {name: 0 * entry for name, entry in theta.items()}
        for n in range(len(h) - 1, -1, -1):
            predicted, corrected = kept[n]
            late = corrected(bar)
            early = predicted(late["x"])
            bar, bars["step"][n] = early["x"], late["step"]
            for name in ("times", "h", "slope", "diffusion"):
                bars[name][n] = early[name][0]
            bars["times"][n] += late["theta"]["the time"]
            bars["h"][n] -= late["theta"]["the time"]
            theta_bar = {name: late["theta"][name] + early["theta"][name] + e for name, e in theta_bar.items()}
        return {"x": 1 * bar, "theta": theta_bar} | bars

    return 1 * x, pullback
