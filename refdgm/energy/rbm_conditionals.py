"""The conditionals of a restricted Boltzmann machine: what each side is, given the other."""

from refdgm.declaration.domain import share
from refdgm.energy.rbm_free_energy import MACHINE, VISIBLE
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.halves import halves
from refdgm.reference import reference


@reference(
    args={"v": VISIBLE, "h": share("B", "H", meaning="h, the hidden units, states or means"), **MACHINE},
    wrt=("v", "h", "W", "b", "c"),
    result={
        "hidden": share("B", "H", meaning="p, the probability of each hidden unit given v"),
        "visible": share("B", "D", meaning="q, that of each visible unit given h"),
    },
    source="smolensky1986harmony",
)
def rbm_conditionals(v: Array, h: Array, W: Array, b: Array, c: Array) -> Results:
    """Given one side, the units of the other are independent; half a Gibbs sweep each way.

        p_i = P(h_i = 1 | v) = σ(a_i),   a = c + W v                           (1)
        q_j = P(v_j = 1 | h) = σ(e_j),   e = b + Wᵀh                           (2)

    Cotangents for p_bar and q_bar:

        a_bar = p_bar p (1 − p),   e_bar = q_bar q (1 − q)                     (3)
        v_bar = Wᵀ a_bar,   h_bar = W e_bar                                    (4)
        W_bar = Σ a_bar vᵀ + Σ h e_barᵀ,   b_bar = Σ e_bar,   c_bar = Σ a_bar  (5)

    summed over the examples. v and h are two arguments, and nothing is drawn: rbm_gibbs_chain draws. With h = p the
    visible means are a reconstruction, a mean-field pass and no Gibbs step. 1 − p is σ(−a), and not formed as a
    difference: a unit that is on keeps its slope. Weights are (hidden, visible), units 0 or 1; with units of ±1 it is
    σ(2a).
    Source: Smolensky (1986); as here in Hinton (2010), section 2.
    """
    hidden, rest = halves(v @ W.T + c)                                        # (1)
    visible, dark = halves(h @ W + b)                                         # (2)

    def pullback(hidden_bar: Array, visible_bar: Array) -> dict[str, Array]:
        xp = namespace(v)
        up, down = hidden_bar * (hidden * rest), visible_bar * (visible * dark)    # (3)
        return {
            "v": up @ W, "h": down @ W.T,                                     # (4)
            "W": up.T @ v + h.T @ down,                                       # (5)
            "b": xp.sum(down, axis=0), "c": xp.sum(up, axis=0),
        }

    return (hidden, visible), pullback
