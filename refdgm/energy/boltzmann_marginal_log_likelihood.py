"""The log-likelihood of a Boltzmann machine some of whose units are hidden, by all of its states."""

from refdgm.declaration.domain import NAT, PARAMETER, real, scale, share
from refdgm.declaration.symbols import Bound
from refdgm.energy.boltzmann_energy import boltzmann_energy
from refdgm.energy.machine import INVERSE, TEMPERATURE, symmetric
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.apart import mean_apart, pair_apart
from refdgm.numerics.enumeration import normalised, states
from refdgm.numerics.tilted import tilt_excess
from refdgm.reference import reference

LISTED = "it lists all 2^(D + H) states; take fewer units"


@reference(
    args={
        "v": share("B", "D", meaning="v, visible units from 0 (off) to 1 (on)"),
        "U": real("D", "D", kind=PARAMETER, meaning="U, among the visible units"),
        "W": real("H", "D", kind=PARAMETER, meaning="W, between hidden and visible units; each pair meets once"),
        "V": real("H", "H", kind=PARAMETER, meaning="V, among the hidden units"),
        "b": real("D", kind=PARAMETER, meaning="b, of the visible units"),
        "c": real("H", kind=PARAMETER, meaning="c, of the hidden units"),
        "temperature": TEMPERATURE,
    },
    wrt=("v", "U", "W", "V", "b", "c", "temperature"),
    result=real("B", meaning="log P(v), in nats"),
    source="ackley1985boltzmann",
    conventions={
        "the negative log-likelihood, a loss": {"value": scale(-1.0)},
        "in bits": {"value": scale(NAT)},
        "thresholds −b, −c": {"b": scale(-1.0), "c": scale(-1.0)},
    },
    exchanges=INVERSE,
    bounds={"D": Bound(1, 10, LISTED), "H": Bound(1, 10, LISTED)},
)
def boltzmann_marginal_log_likelihood(
    v: Array, U: Array, W: Array, V: Array, b: Array, c: Array, temperature: Array
) -> Result:
    """The log-likelihood of what is seen of a Boltzmann machine, and its gradient: clamped less free.

        E(v, h) = −½ vᵀUv − hᵀWv − ½ hᵀVh − bᵀv − cᵀh                        (1)
        J = log P(v) = log Σ_h e^{−E(v, h)/T} − log Σ_{v, h} e^{−E/T}        (2)

    Cotangents for J_bar, with q = P(h | v) of each example, p the law of all units, ⟨·⟩ its mean, and ⟨h⟩_q that of q:

        v_bar = J_bar (½ (U + Uᵀ) v + Wᵀ⟨h⟩_q + b) / T                       (3)
        U_bar = ½ (Σ J_bar v vᵀ − (Σ J_bar) ⟨v vᵀ⟩) / T                      (4)
        W_bar = (Σ J_bar ⟨h⟩_q vᵀ − (Σ J_bar) ⟨h vᵀ⟩) / T                    (5)
        V_bar = ½ Σ_h d(h) h hᵀ / T,   d = Σ J_bar (q − p(h))                (6)
        b_bar = Σ J_bar (v − ⟨v⟩) / T,   c_bar = Σ_h d(h) h / T              (7)
        T_bar = Σ J_bar (⟨E⟩_q − ⟨E⟩) / T²                                   (8)

    It is the machine of the matrix ((U, Wᵀ), (W, V)), whose boltzmann_log_likelihood is summed over h: W stands in it
    twice, U and V with their halves. Both averages are over the hidden units; clamped they know the data. Where
    V = 0 the hidden units are independent given v; else ⟨h hᵀ⟩ is no product, and mean field is another gradient. At
    small W all q are nearly p(h), and d is formed from what is between them.
    Source: Ackley, Hinton & Sejnowski (1985), the learning rule of its appendix, for units that are not clamped.
    """
    xp = namespace(v)
    s, h = states(v.shape[1], v), states(c.shape[0], v)
    of_hidden, of_visible = boltzmann_energy.body(h, V, c)[0], boltzmann_energy.body(s, U, b)[0]
    clamping, pairs = v @ W.T @ h.T, s @ W.T @ h.T
    clamped = boltzmann_energy.body(v, U, b)[0][:, None] + of_hidden - clamping    # (1)
    free = of_visible[:, None] + of_hidden - pairs
    lowest, least = xp.min(free), xp.min(clamped, axis=1)
    above_least, q = normalised((least[:, None] - clamped) / temperature)
    total, p = normalised(xp.reshape((lowest - free) / temperature, (-1,)))
    joint = xp.reshape(p, free.shape)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar, posterior, expected = value_bar[:, None], value_bar @ q, q @ h
        visible, hidden = xp.sum(joint, axis=1), xp.sum(joint, axis=0)
        near = xp.max(xp.abs(pairs)) < temperature / 2
        alone = normalised((xp.min(of_visible) - of_visible) / temperature)[1]  # of the visible units, by themselves
        mean, less, field = alone @ s, alone @ (1 - s), xp.where(near, W.T @ h.T, 0.0) / temperature
        of_free = xp.log1p(alone @ xp.expm1((s * less - (1 - s) * mean) @ field))
        tilt = (v * less - (1 - v) * mean) @ field - of_free
        d = value_bar @ tilt_excess(hidden, tilt, near, q)

        def apart(f: Array) -> Array:
            return xp.where(near, d @ f, mean_apart(posterior, hidden, f, 1 - f))

        above = xp.sum(q * (clamped - lowest), axis=1) - xp.sum(joint * (free - lowest))
        seen, rows, both = (v, 1 - v), (s, 1 - s), xp.reshape(h[:, :, None] * h[:, None, :], (h.shape[0], -1))
        return {
            "v": bar * (v @ symmetric(U) + expected @ W + b) / temperature,   # (3)
            "U": pair_apart(bar, seen, seen, visible, rows, rows) / 2 / temperature,       # (4)
            "W": pair_apart(bar, (expected, q @ (1 - h)), seen, joint.T, (h, 1 - h), rows) / temperature,    # (5)
            "V": xp.reshape(apart(both), V.shape) / 2 / temperature,          # (6)
            "b": value_bar @ (v * (visible @ (1 - s)) - (1 - v) * (visible @ s)) / temperature,
            "c": apart(h) / temperature,                                      # (7)
            "temperature": xp.sum(value_bar * above) / temperature / temperature,    # (8)
        }

    return (lowest - least) / temperature + above_least - total, pullback     # (2)
