"""Alternating Gibbs sampling in a restricted Boltzmann machine."""

from dataclasses import replace

from refdgm.declaration.domain import index, noise
from refdgm.energy.rbm_free_energy import MACHINE, VISIBLE
from refdgm.namespace import Array, namespace
from refdgm.numerics.halves import halves
from refdgm.reference import quantity


@quantity(
    args={
        "v": VISIBLE,
        **{name: replace(domain, finite=True, ordered=True) for name, domain in MACHINE.items()},
        "u_hidden": noise("uniform", "B", "T", "H", meaning="u, from 0 to 1, one for each hidden unit and sweep"),
        "u_visible": noise("uniform", "B", "T", "D", meaning="w, likewise for each visible unit"),
    },
    result={
        "hidden": index("B", "T", "H", below="2", meaning="h_t, the hidden units of each sweep"),
        "visible": index("B", "T", "D", below="2", meaning="v_t, the visible units after it"),
    },
    source="hinton2002contrastive",
)
def rbm_gibbs_chain(
    v: Array, W: Array, b: Array, c: Array, u_hidden: Array, u_visible: Array
) -> tuple[Array, ...]:
    """T sweeps there and back, as a deterministic function of their noise.

        h_t = 1 where u_t < σ(c + W v_{t−1}), else 0                         (1)
        v_t = 1 where w_t < σ(b + Wᵀh_t), else 0                             (2)

    for t = 1 … T, from v₀ = v: the conditionals are those of rbm_conditionals. All units of one side are drawn at once,
    for given the other side they are independent; each sweep leaves the law e^{−E}/Z as it is. v_T is what
    contrastive_divergence takes for v_tilde: with the data for v it is CD-T, with the last v_T of chains that are kept
    it is persistent. Only the start may have means: between the sides states are passed on, and with means in their
    place the pass would be deterministic, which is no sampling. A unit is on where its number is below its chance,
    strictly.
    Source: Hinton (2002), on alternating Gibbs sampling.
    """
    xp = namespace(v)
    hidden, visible = (xp.zeros(u.shape, dtype=xp.int64, device=u.device) for u in (u_hidden, u_visible))
    for t in range(u_hidden.shape[1]):
        up = xp.astype(u_hidden[:, t, :] < halves(v @ W.T + c)[0], v.dtype)   # (1)
        v = xp.astype(u_visible[:, t, :] < halves(up @ W + b)[0], v.dtype)    # (2)
        hidden[:, t, :], visible[:, t, :] = xp.astype(up, xp.int64), xp.astype(v, xp.int64)
    return hidden, visible
