"""The free energy of a restricted Boltzmann machine, whose hidden units are summed over."""

from refdgm.declaration.domain import PARAMETER, real, scale, share
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against
from refdgm.primitives.softplus import softplus
from refdgm.reference import reference

VISIBLE = share("B", "D", meaning="v, the visible units; numbers between 0 and 1 are grey values or means")
MACHINE = {
    "W": real("H", "D", kind=PARAMETER, meaning="W, weights, (hidden, visible)"),
    "b": real("D", kind=PARAMETER, meaning="b, biases of the visible units"),
    "c": real("H", kind=PARAMETER, meaning="c, biases of the hidden units"),
}


@reference(
    args={"v": VISIBLE, **MACHINE},
    wrt=("v", "W", "b", "c"),
    result=real("B", meaning="F(v), in nats"),
    source="smolensky1986harmony",
    conventions={"the log-probability without log Z, −F": {"value": scale(-1.0)}},
)
def rbm_free_energy(v: Array, W: Array, b: Array, c: Array) -> Result:
    """The energy of a visible state once all hidden states are summed over: p(v) = e^{−F(v)}/Z.

        E(v, h) = −hᵀW v − bᵀv − cᵀh,  all units 0 or 1
        F = −log Σ_h e^{−E(v, h)} = −bᵀv − Σ_i log(1 + e^{a_i}),  a = c + W v    (1)

    Cotangents for F_bar, with the means h_hat = σ(a) of the hidden units:

        v_bar = −F_bar (b + Wᵀh_hat),   W_bar = −Σ F_bar h_hat vᵀ                (2)
        b_bar = −Σ F_bar v,         c_bar = −Σ F_bar h_hat                       (3)

    summed over the examples. The sum over 2^H states is a product, since no two hidden units are joined. F takes any v
    between 0 and 1 at its word: nothing is rounded or drawn. Weights are (hidden, visible), as in PyTorch's layers;
    others have the transpose. Some papers call −F the free energy. Visible units that are Gaussian have ½‖v − b‖² in
    the place of −bᵀv: another energy.
    Source: Smolensky (1986); as here in Hinton (2010), on computing the free energy of a visible vector.
    """
    xp = namespace(v)
    each, right = softplus.body(v @ W.T + c)
    energy = -(v @ b) - xp.sum(each, axis=-1)                                 # (1)

    def pullback(energy_bar: Array) -> dict[str, Array]:
        means = -right(against(energy_bar, each))["x"]
        return {
            "v": means @ W - energy_bar[:, None] * b,                         # (2)
            "W": means.T @ v,
            "b": -(energy_bar @ v),                                           # (3)
            "c": xp.sum(means, axis=0),
        }

    return energy, pullback
