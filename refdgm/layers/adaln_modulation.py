"""What tells the blocks of a diffusion transformer the time: vectors of one size, scaled and moved by a condition."""

from refdgm.declaration.domain import positive, real, shift
from refdgm.declaration.symbols import Some
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.root_mean_square import off_direction, root_mean_square
from refdgm.reference import reference

SOME = ("D", Some("component", "nothing is left to normalise"))


@reference(
    args={
        "x": real("B", "N", "D", finite=True, nonempty=SOME, meaning="x, a vector at each of N positions"),
        "shift": real("B", "D", finite=True, meaning="β, of every example, for all of its positions"),
        "scale": real("B", "D", finite=True, meaning="γ, the factor less one, likewise"),
        "eps": positive(meaning="ϵ, as 10⁻⁶: it is added below the root"),
    },
    wrt=("x", "shift", "scale"),
    result=real("B", "N", "D", meaning="y"),
    source="peebles2023scalable",
    conventions={"the scale is the whole factor": {"scale": shift(1.0)}},
)
def adaln_modulation(x: Array, shift: Array, scale: Array, eps: Array) -> Result:
    """Adaptive layer norm: vectors less their mean, over their deviation, then scaled and moved as a condition says.

        c = x − mean(x),   r = √(mean(c²) + ϵ),   n = c / r                  (1)
        y = (1 + γ) ∘ n + β                                                  (2)

    Cotangents for y_bar, with h = (1 + γ) ∘ y_bar:

        x_bar = (h − mean(h) − n mean(h ∘ n)) / r                            (3)
        γ_bar = Σ y_bar ∘ n,   β_bar = Σ y_bar                               (4)

    Means are over the D components of a position, sums over the positions of one example: γ and β are numbers that a
    network makes of time and class, no parameters, and no example hears of another. In the code of DiT the norm has no
    weight and no bias of its own, and γ = β = 0 leaves n as it is, as a network begins; FiLM multiplies by γ alone.
    Which half of the network's output is γ differs: DiT and Flux give β first, the last norm of diffusers γ.
    Source: Peebles & Xie (2023), section 3.2; (1) is layer_norm's.
    """
    xp = namespace(x)
    c = x - xp.mean(x, axis=-1, keepdims=True)
    c = c - xp.mean(c, axis=-1, keepdims=True)  # what was rounded off
    r, rest = root_mean_square(c, eps)
    n = c / r                                                                 # (1)
    factor = 1 + scale[:, None, :]

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {
            "x": off_direction(factor * y_bar, n, rest, centred=True) / r,    # (3)
            "shift": xp.sum(y_bar, axis=1),
            "scale": xp.sum(y_bar * n, axis=1),                               # (4)
        }

    return factor * n + shift[:, None, :], pullback                           # (2)
