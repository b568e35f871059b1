"""A Langevin step whose size is found from the lengths of its score and its noise."""

from refdgm.declaration.domain import direction, noise, positive, real, word
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.numerics.length import length
from refdgm.numerics.quotient import or_one
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "...", meaning="x, the state"),
        "score": direction("B", "...", meaning="s = ∇ log p_t(x)"),
        "eps": noise("normal", "B", "...", ordered=True, meaning="z, standard normal, one number for every coordinate"),
        "snr": positive(meaning="r, length of the drift over that of the noise; 0.16 in Song et al.",
                        instead="a ratio of zero is the identity"),
        "norm": word("example", "batch", meaning="lengths of each example, or their means over the batch"),
    },
    wrt=("x", "score", "snr"),
    result=real("B", "...", meaning="x′, the corrected state"),
    source="song2021sde",
)
def langevin_corrector_step(x: Array, score: Array, eps: Array, snr: Array, *, norm: str) -> Result:
    """One correction of a predictor–corrector sampler: a Langevin step with a signal-to-noise ratio that is asked for.

        ρ = r ‖z‖ / ‖s‖                                                                       (1)
        x′ = x + 2ρ² s + 2ρ z                                                                 (2)

    ‖·‖ is over all axes of an example; with norm = batch both lengths are means over the batch, Z and S, and all
    examples make a step of one size. Cotangents for that of x′, written λ:

        x_bar = λ,   ρ_bar = ⟨λ, 4ρ s + 2z⟩,   r_bar = Σ_b ρ_bar ρ/r                          (3)
        s_bar = 2ρ² λ − (c/‖s‖) s,   c = ρ_bar ρ/‖s‖, or for the batch c = Σ_b ρ_bar ρ/(B S)  (4)

    With ε = 2ρ² this is the paper's x + ε s + √(2ε) z; in the convention of langevin_step η = 4ρ². The drift 2ρ² s has
    r times the length of the noise 2ρ z. Code for the variance-preserving process multiplies ε by its α of the step, in
    some 1 − β and in others the product of these; give r √α there. The step looks at the noise that it adds, so that it
    is no Langevin step exactly. Most code holds the size of the step: it has s_bar = 2ρ² λ and r_bar = 0; here it is
    differentiated. A score of zeros has no direction, and is refused.
    Source: Song et al. (2021), the corrector algorithms of appendix G.
    """
    xp = namespace(x)

    def pooled(each: Array) -> Array:  # B cancels in (1) and in (4)
        return each if norm == "example" else xp.broadcast_to(xp.sum(each), each.shape)

    own = length(score)
    along, across = or_one(pooled(own)), pooled(length(eps))                  # there may be no components
    rho = snr * across / along                                                # (1)
    size = against(rho, x)
    drift = size * score
    moved = x + 2 * size * (drift + eps)                                      # (2)

    def pullback(moved_bar: Array) -> dict[str, Array]:
        rho_bar = 2 * inner(moved_bar, 2 * drift + eps)                       # (3)
        c = pooled(rho_bar * rho) / along
        return {
            "x": +moved_bar,
            "score": 2 * size * (size * moved_bar) - against(c, x) * (score / against(or_one(own), x)),    # (4)
            "snr": xp.sum(rho_bar * (across / along)),                       # (3)
        }

    return moved, pullback
