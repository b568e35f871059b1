"""The log-likelihood of a restricted Boltzmann machine that is small enough for its partition function."""

from refdgm.declaration.domain import NAT, real, scale
from refdgm.declaration.symbols import Bound
from refdgm.energy.rbm_free_energy import MACHINE, VISIBLE, rbm_free_energy
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.enumeration import normalised, states
from refdgm.numerics.halves import halves
from refdgm.numerics.logistic_step import logistic_step, softplus_step
from refdgm.numerics.smaller_terms import smaller_terms
from refdgm.numerics.tilted import tilt_excess
from refdgm.primitives.softplus import softplus
from refdgm.reference import reference


@reference(
    args={"v": VISIBLE, **MACHINE},
    wrt=("v", "W", "b", "c"),
    result=real("B", meaning="log p(v), in nats"),
    source="smolensky1986harmony",
    conventions={"the negative log-likelihood, a loss": {"value": scale(-1.0)}, "in bits": {"value": scale(NAT)}},
    bounds={"H": Bound(1, 16, "it lists all 2^H hidden states; exchange the sides, or estimate log Z")},
)
def rbm_log_likelihood(v: Array, W: Array, b: Array, c: Array) -> Result:
    """log p(v), by a sum over all hidden states in which the visible ones are summed already.

        log p(v) = −F(v) − log Z                                             (1)
        Z = Σ_h e^{cᵀh} Π_j (1 + e^{e_j}),   e = b + Wᵀh                     (2)

    Cotangents for J_bar, with p = σ(c + W v), and means ⟨·⟩ over P(h) ∝ e^{cᵀh} Π_j (1 + e^{e_j}), where v has σ(e):

        v_bar = J_bar (b + Wᵀp),   W_bar = Σ J_bar p vᵀ − (Σ J_bar) ⟨h vᵀ⟩   (3)
        b_bar = Σ J_bar (v − ⟨v⟩),   c_bar = Σ J_bar (p − ⟨h⟩)               (4)

    data less model: at rest both have the same moments. ⟨h vᵀ⟩ is the mean of a product and not ⟨h⟩⟨v⟩ᵀ, for the units
    of both sides depend on each other. A difference of two chances x − y is x (1 − y) − (1 − x) y, where each part has
    its own digits near one; p and ⟨h⟩ are both measured from σ(c + W⟨v⟩), for at small weights all three are alike; and
    W_bar is that, or v (p − ⟨h⟩) + v ⟨h (1 − v)⟩ − (1 − v) ⟨h v⟩ with the data's v outside of the means, whichever
    cancels less. All states of one side are listed; the other may have any number of units. A grey v is no state, and
    p(v) of it no probability: it is the same formula. log p near zero has the rounding of F.
    Source: Smolensky (1986); the gradient as for any Boltzmann machine, Ackley, Hinton & Sejnowski (1985).
    """
    xp = namespace(v)
    free, right = rbm_free_energy.body(v, W, b, c)
    h = states(c.shape[0], v)
    told = h @ W
    each, _ = softplus.body(told + b)
    log_z, law = normalised(h @ c + xp.sum(each, axis=-1))                    # (2)

    def pullback(value_bar: Array) -> dict[str, Array]:
        bar, (here, rest), (on, off) = value_bar[:, None], halves(v @ W.T + c), halves(told + b)
        mean, less = law @ on, law @ off
        away, centre = v * less - (1 - v) * mean, W @ mean + c
        up, down = halves(centre)
        tilt = softplus_step(b, told) @ less + softplus_step(-b, -told) @ mean
        near = xp.max(xp.abs(tilt)) < 0.5
        lifted = tilt_excess(normalised(h @ centre)[1], tilt, near, law) @ (h * down - (1 - h) * up)
        gap = bar * (logistic_step(centre, away @ W.T) - lifted)
        given, chance = (bar * here).T, (law[:, None] * h).T
        both, alone = chance @ on, chance @ off                               # ⟨h v⟩ and ⟨h (1 − v)⟩
        lacking = xp.sum(bar * rest, axis=0)[:, None] + given @ (1 - v)
        return {
            "v": right(-value_bar)["v"],
            "W": smaller_terms(
                ((given @ v) * ((law @ (1 - h))[:, None] + alone), -lacking * both),
                (gap.T @ v, (value_bar @ v) * alone, -(value_bar @ (1 - v)) * both)),         # (3)
            "b": value_bar @ away,
            "c": xp.sum(gap, axis=0),                                         # (4)
        }

    return -free - log_z, pullback                                            # (1)
