"""The pseudo-log-likelihood of a restricted Boltzmann machine, which needs no partition function."""

from refdgm.declaration.domain import real, scale
from refdgm.energy.rbm_free_energy import MACHINE, VISIBLE
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against
from refdgm.numerics.halves import halves
from refdgm.numerics.logistic_step import logistic_step, softplus_step
from refdgm.primitives.softplus import softplus
from refdgm.reference import reference


@reference(
    args={"v": VISIBLE, **MACHINE},
    wrt=("W", "b", "c"),
    result=real("B", meaning="J, in nats"),
    source="besag1975nonlattice",
    conventions={"a loss, −J": {"value": scale(-1.0)}, "a mean over the visible units": {"value": scale(1.0, per="D")}},
)
def rbm_pseudo_log_likelihood(v: Array, W: Array, b: Array, c: Array) -> Result:
    """How well each visible unit is foretold by the others: log-odds of free energies, from which log Z has cancelled.

        J = Σ_i log P(v_i | the others) = −Σ_i log(1 + e^{d_i})                                   (1)
        d_i = F(v) − F(v with v_i turned over) = ε_i b_i + Σ_h (sp(m_ih) − sp(a_h))               (2)
        ε_i = 1 − 2 v_i,   a = c + W v,   m_ih = a_h + ε_i W_hi                                   (3)

    with sp(a) = log(1 + e^a). Cotangents for J_bar, with δ_i = −J_bar σ(d_i):

        b_bar_i = Σ ε_i δ_i,   c_bar_h = Σ Σ_i δ_i (σ(m_ih) − σ(a_h))                             (4)
        W_bar_hi = Σ (v_i Σ_{j≠i} δ_j (σ(m_jh) − σ(a_h)) + δ_i ((1 − v_i) σ(m_ih) − v_i σ(a_h)))  (5)

    summed over the examples. v is data, of units that are on or off; J is defined for others too, where to turn v_i
    over is to take 1 − v_i, but is then no probability of anything. It is the log-likelihood itself for one visible
    unit or without weights, and at its best where that is, for data without end. What is printed while a machine learns
    is often D times the term of one i, drawn anew each time: J on the average.
    Source: Besag (1975); for these machines Marlin, Swersky, Chen & de Freitas (2010).
    """
    xp = namespace(v)
    turn = 1 - 2 * v
    a = (v @ W.T + c)[:, None, :]
    w = turn[:, :, None] * W.T[None, :, :]                                    # (3)
    odds = turn * b + xp.sum(softplus_step(a, w), axis=-1)                    # (2)
    each, right = softplus.body(odds)
    value = -xp.sum(each, axis=-1)                                            # (1)

    def pullback(value_bar: Array) -> dict[str, Array]:
        slope = -right(against(value_bar, odds))["x"]
        rise = slope[:, :, None] * logistic_step(a, w)
        apart = 1 - xp.eye(v.shape[1], dtype=v.dtype, device=v.device)
        own = (1 - v)[:, :, None] * halves(a + w)[0] - v[:, :, None] * halves(a)[0]
        of_weights = v[:, :, None] * (apart @ rise) + slope[:, :, None] * own
        return {
            "W": xp.sum(of_weights, axis=0).T,                                # (5)
            "b": xp.sum(turn * slope, axis=0),                                # (4)
            "c": xp.sum(rise, axis=(0, 1)),
        }

    return value, pullback
