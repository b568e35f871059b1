"""Contrastive divergence of a restricted Boltzmann machine, at data and at the ends of chains."""

from refdgm.declaration.domain import real, scale, share
from refdgm.declaration.symbols import Bound
from refdgm.energy.rbm_free_energy import MACHINE, VISIBLE
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.halves import halves
from refdgm.numerics.logistic_step import logistic_step, softplus_step
from refdgm.reference import reference


@reference(
    args={
        "v": VISIBLE,
        "v_model": share("M", "D", meaning="v_tilde, visible units at the ends of chains, which are held"),
        **MACHINE,
    },
    wrt=("W", "b", "c"),
    result=real(meaning="J, to be lowered; no likelihood"),
    source="hinton2002contrastive",
    conventions={"to be raised, −J": {"value": scale(-1.0)}},
    bounds={name: Bound(1, why="a mean of none has no value; give one example at least") for name in ("B", "M")},
)
def contrastive_divergence(v: Array, v_model: Array, W: Array, b: Array, c: Array) -> Result:
    """Free energy down at the data, up at samples: the gradient of the likelihood, with samples for the model.

        J = mean_b F(v_b) − mean_m F(v_tilde_m)                                         (1)
        F(v) = −bᵀv − Σ_i log(1 + e^{a_i}),   a = c + W v                               (2)

    Cotangents for J_bar, with the means p = σ(c + W v) and p_tilde = σ(c + W v_tilde) of the hidden units:

        W_bar = J_bar (mean p_tilde v_tildeᵀ − mean p vᵀ)                               (3)
        b_bar = J_bar (mean v_tilde − mean v),   c_bar = J_bar (mean p_tilde − mean p)  (4)

    each mean over its own batch. Where v_tilde are samples of the machine itself, (3) and (4) are the gradient of −log
    p(v), on the average; J is not its value, knows no log Z, and may rise while a machine learns. With chains of k
    sweeps from the data it is CD-k, with chains that are kept and go on, persistent. Both leave out what the chain's
    own dependence on the parameters would add: v_tilde is held, and no path of a gradient runs through it. The hidden
    units of both phases are means, not states: the same gradient on the average, with less scatter. J and c_bar are
    measured from the hidden units of the first example, which cancel: what the difference of the phases leaves has its
    digits.
    Source: Hinton (2002), on contrastive divergence; persistent chains are those of Tieleman (2008).
    """
    xp = namespace(v)
    apart = xp.mean(v_model, axis=0) - xp.mean(v, axis=0)
    first = W @ v[0, :] + c
    here, there = (v - v[0, :]) @ W.T, (v_model - v[0, :]) @ W.T
    lift = xp.mean(softplus_step(first, there), axis=0) - xp.mean(softplus_step(first, here), axis=0)    # (2)
    value = apart @ b + xp.sum(lift)                                          # (1)

    def pullback(value_bar: Array) -> dict[str, Array]:
        up, down = logistic_step(first, here), logistic_step(first, there)
        data, model = halves(v @ W.T + c)[0], halves(v_model @ W.T + c)[0]
        return {
            "W": value_bar * (model.T @ v_model / v_model.shape[0] - data.T @ v / v.shape[0]),    # (3)
            "b": value_bar * apart,                                           # (4)
            "c": value_bar * (xp.mean(down, axis=0) - xp.mean(up, axis=0)),
        }

    return value, pullback
