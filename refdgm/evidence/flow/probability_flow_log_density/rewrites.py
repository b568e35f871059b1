"""Likelihoods along the probability flow, written otherwise."""

from typing import Any

import numpy as np

from refdgm.evidence.declare import rewrite
from refdgm.evidence.flow.flowing import axes, start
from refdgm.evidence.stepping import runge_kutta
from refdgm.flow.cnf_log_density import with_log_density
from refdgm.flow.probability_flow import HIGH, LOW, probability_velocity, unpacked
from refdgm.flow.probability_flow_log_density import (
    probability_flow_log_density,
    probability_flow_log_density_estimate,
)
from refdgm.ode.tableau import TABLEAUS


@rewrite(probability_flow_log_density)
def by_probes_of_length_root_d(x: Any, t0: Any, t1: Any, low: Any, high: Any, theta: Any, *, score: Any, process: str,
                               method: str, steps: int) -> Any:
    """The estimate with the probes √D e_i, for which it is the trace."""
    size = x.shape[1]
    probe = np.repeat(size**0.5 * np.eye(size)[None], len(x), axis=0)
    return probability_flow_log_density_estimate.body(
        x, probe, t0, t1, low, high, theta, score=score, process=process, method=method, steps=steps)


@rewrite(probability_flow_log_density)
def in_bits_about_a_wide_prior(x: Any, t0: Any, t1: Any, low: Any, high: Any, theta: Any, *, score: Any, process: str,
                               method: str, steps: int) -> Any:
    """A solver loop of its own, the prior by its variance, and logarithms to the base two until the end."""
    velocity = with_log_density(probability_velocity(score, process), axes(x), axes(x))
    state, right = runge_kutta(start(x), t0, t1, theta | {LOW: low, HIGH: high}, velocity, steps, TABLEAUS[method])
    z, size = state[:, :-1], x.shape[1]
    variance = high * high if process == "ve" else 1 + 0 * high
    squares = np.sum(z * z, axis=1)
    bits = -state[:, -1] / np.log(2) - squares / (2 * np.log(2) * variance) - size * np.log2(2 * np.pi * variance) / 2

    def pullback(bar: Any) -> dict[str, Any]:
        g = unpacked(right(np.concatenate([-bar[:, None] * z / variance, -bar[:, None]], axis=1)))
        of_variance = np.sum(bar * (squares / variance - size)) / variance / 2
        own = 2 * high * of_variance if process == "ve" else 0 * high
        return g | {"x": g["x"][:, :-1], "high": g["high"] + own}

    return bits * np.log(2), pullback


@rewrite(probability_flow_log_density_estimate)
def a_solve_for_every_probe(x: Any, probe: Any, t0: Any, t1: Any, low: Any, high: Any, theta: Any, *, score: Any,
                            process: str, method: str, steps: int) -> Any:
    """The mean of R log-densities of one probe each."""
    count, body = probe.shape[1], probability_flow_log_density_estimate.body
    options = {"score": score, "process": process, "method": method, "steps": steps}
    found = [body(x, probe[:, r : r + 1], t0, t1, low, high, theta, **options) for r in range(count)]

    def pullback(bar: Any) -> dict[str, Any]:
        each = [right(bar / count) for _, right in found]
        return {name: sum(g[name] for g in each) for name in ("x", "t0", "t1", "low", "high")} | {
            "theta": {name: sum(g["theta"][name] for g in each) for name in theta}}

    return sum(value for value, _ in found) / count, pullback
