"""Mean field in a deep Boltzmann machine of two hidden layers."""

from refdgm.declaration.domain import count, share
from refdgm.energy.layered import BIASES, LAYERS, UNITS
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.halves import halves
from refdgm.reference import reference


@reference(
    args={
        "v": UNITS,
        "start": share("B", "E", meaning="μ², the means of the second layer at the start; ½ where nothing is known"),
        **LAYERS,
        **BIASES,
        "iterations": count(1, meaning="N, how often both layers are set anew"),
    },
    wrt=("v", "start", "W1", "W2", "c1", "c2"),
    result={
        "mean1": share("B", "H", meaning="μ¹, the means of the first layer"),
        "mean2": share("B", "E", meaning="μ², the means of the second"),
    },
    source="salakhutdinov2009dbm",
)
def dbm_mean_field(
    v: Array, start: Array, W1: Array, W2: Array, c1: Array, c2: Array, *, iterations: int
) -> Results:
    """Means of independent units in the place of the posterior of a deep Boltzmann machine.

        μ¹ ← σ(W¹ v + W²ᵀ μ² + c¹)                                           (1)
        μ² ← σ(W² μ¹ + c²),   one after the other, N times                   (2)

    Backwards, with σ' = σ(a) σ(−a) of each step, from the cotangents of the last means:

        a² = μ_bar² σ',   c_bar² += Σ a²,   W_bar² += Σ a² μ¹ᵀ               (3)
        a¹ = (μ_bar¹ + W²ᵀ a²) σ',   W_bar² += Σ μ² a¹ᵀ  of the μ² before    (4)
        μ_bar² ← W² a¹,   μ_bar¹ ← 0,  and with the sum a_tilde of all a¹    (5)
        v_bar = W¹ᵀ a_tilde,   W_bar¹ = Σ a_tilde vᵀ,   c_bar¹ = Σ a_tilde   (6)

    Each of (1), (2) is the best choice for its layer while the other is held, so that the variational bound never
    falls; at a fixed point its gradient for the means is zero. Both layers at once from old means may oscillate. The
    first layer hears from both sides: without W²ᵀ μ² (1) is the layer of a restricted machine. (3–6) are exact for
    these N steps, fixed point or not. The biases of the visible units have no part in it.
    Source: Salakhutdinov & Hinton (2009), the mean-field fixed-point equations of a machine of two layers.
    """
    xp = namespace(v)
    upwards, mean2, kept = v @ W1.T + c1, start, []
    for _ in range(iterations):
        before = mean2
        mean1, off1 = halves(upwards + before @ W2)                           # (1)
        mean2, off2 = halves(mean1 @ W2.T + c2)                               # (2)
        kept.append((before, mean1, mean1 * off1, mean2 * off2))

    def pullback(mean1_bar: Array, mean2_bar: Array) -> dict[str, Array]:
        total, w2_bar, c2_bar = xp.zeros_like(mean1_bar), xp.zeros_like(W2), xp.zeros_like(c2)
        for before, mean1, slope1, slope2 in reversed(kept):
            a2 = mean2_bar * slope2
            c2_bar = c2_bar + xp.sum(a2, axis=0)                              # (3)
            a1 = (mean1_bar + a2 @ W2) * slope1
            w2_bar = w2_bar + a2.T @ mean1 + before.T @ a1                    # (4)
            total = total + a1
            mean1_bar, mean2_bar = xp.zeros_like(a1), a1 @ W2.T               # (5)
        return {"v": total @ W1, "start": mean2_bar, "W1": total.T @ v, "W2": w2_bar,
                "c1": xp.sum(total, axis=0), "c2": c2_bar}                    # (6)

    return (mean1, mean2), pullback
