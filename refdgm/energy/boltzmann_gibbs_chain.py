"""Sweeps over the units of a Boltzmann machine, each drawn given all others."""

from dataclasses import replace

from refdgm.declaration.domain import index, noise, scale
from refdgm.energy.machine import INVERSE, TEMPERATURE, UNITS, WEIGHTS, symmetric
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves
from refdgm.reference import quantity


@quantity(
    args={
        "y": UNITS,
        **{name: replace(domain, finite=True, ordered=True) for name, domain in WEIGHTS.items()},
        "temperature": TEMPERATURE,
        "u": noise("uniform", "B", "T", "D", meaning="u, uniform from 0 to 1: one for each unit of each of T sweeps"),
    },
    result=index("B", "T", "D", below="2", meaning="the units after each sweep"),
    source="geman1984stochastic",
    conventions={"thresholds θ = −b": {"b": scale(-1.0)}, "without the half, −yᵀWy": {"W": scale(0.5)}},
    exchanges=INVERSE,
)
def boltzmann_gibbs_chain(y: Array, W: Array, b: Array, temperature: Array, u: Array) -> Array:
    """Gibbs sampling, as a deterministic function of its noise: T sweeps over the units, from the first to the last.

        a_i = (Σ_{j≠i} ½ (W_ij + W_ji) y_j + ½ W_ii + b_i) / T               (1)
        y_i ← 1 where u_i < σ(a_i), else 0                                   (2)

    for i = 1 … D in turn, so that each unit sees the new states of those before it and the old ones of those behind:
    (1) is boltzmann_conditional. Each step leaves the law e^{−E/T}/Z as it is, and so does a sweep in any order; of all
    units at once that is not true. The start may have means between 0 and 1, which the first sweep sees as they are.
    The law of what is drawn is exact only as far as the chain has forgotten its start.
    Source: Geman & Geman (1984), on the Gibbs sampler; the conditional of Ackley, Hinton & Sejnowski (1985).
    """
    xp = namespace(y)
    coupled, state = symmetric(W), xp.asarray(y, copy=True)
    swept = xp.zeros(u.shape, dtype=xp.int64, device=u.device)
    for t in range(u.shape[1]):
        for i in range(u.shape[2]):
            others = xp.concat([state[:, :i], state[:, i + 1:]], axis=1)
            weights = xp.concat([coupled[:i, i], coupled[i + 1:, i]])
            on, _ = halves((others @ weights + W[i, i] / 2 + b[i]) / temperature)    # (1)
            state[:, i] = xp.astype(u[:, t, i] < on, y.dtype)                 # (2)
        swept[:, t, :] = xp.astype(state, xp.int64)
    return swept
