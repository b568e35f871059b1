"""Denoising score matching: the score of noised data, learnt from the noise; at one level, and at many."""

from refdgm.declaration.domain import noise, positive, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference

NOISED = {
    "score": real("B", "...", meaning="s, the network's output at x_tilde = x + σ ε"),
    "eps": noise("normal", "B", "...", meaning="ε, the noise in x_tilde"),
    "sigma": positive("B", meaning="σ, the standard deviation of the noise in each example"),
}

SCALES = {
    "without the factor ½": {"value": scale(2.0)},
    "mean over components": {"value": scale(1.0, per="...")},
    "mean over components, without the factor ½": {"value": scale(2.0, per="...")},
}


@reference(
    args=NOISED,
    wrt=("score", "sigma"),
    result=real("B", meaning="J, per example"),
    source="vincent2011connection",
    conventions=SCALES,
)
def denoising_score_matching(score: Array, eps: Array, sigma: Array) -> Result:
    """Denoising score matching with Gaussian noise, unweighted.

        x_tilde = x + σ ε,   ∇_x_tilde log N(x_tilde; x, σ² I) = −(x_tilde − x)/σ² = −ε/σ  (1)
        r = s(x_tilde) + ε/σ,   J = ½ ‖r‖²                                                 (2)

    Cotangents for J_bar:

        s_bar = J_bar r                                                                    (3)
        σ_bar = −J_bar ⟨r, ε/σ⟩ / σ                                                        (4)

    (4) is the explicit dependence on σ alone. That x_tilde depends on σ too, and s on x_tilde and perhaps on σ, is for
    whoever composes: with x_tilde the cotangent of x + σ ε from the network's pullback of s_bar, the whole is σ_bar +
    ⟨cotangent of x_tilde, ε⟩. The target is taken from ε itself: x_tilde − x has lost the digits of the noise that are
    below the rounding of x. And r is formed as in (2): the product in (σ s + ε)/σ overflows where r does not.

    The expectation of J is the Fisher divergence to the noised data π_σ, plus ½ (m/σ² − E‖∇log π_σ‖²) in m
    dimensions, which does not depend on s: the minimum is not zero.
    Source: Vincent (2011), section 4.2.
    """
    xp = namespace(score)
    each, rest = (slice(None), *[None] * (score.ndim - 1)), tuple(range(1, score.ndim))
    slope = eps / sigma[each]                                                 # (1), less its sign
    r = score + slope                                                         # (2)
    loss = xp.sum(r * (r / 2), axis=rest)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        score_bar = loss_bar[each] * r                                        # (3)
        return {"score": score_bar, "sigma": -xp.sum(score_bar * slope, axis=rest) / sigma}    # (4)

    return loss, pullback


@reference(
    args=NOISED,
    wrt=("score", "sigma"),
    result=real("B", meaning="J, per example, each at its own σ"),
    source="song2019ncsn",
    conventions=SCALES,
)
def noise_conditional_score_matching(score: Array, eps: Array, sigma: Array) -> Result:
    """Noise-conditional score matching (NCSN): denoising score matching with the weight λ(σ) = σ².

        J = λ(σ) ½ ‖s(x_tilde, σ) + ε/σ‖² = ½ ‖r‖²,   r = σ s(x_tilde, σ) + ε  (1)

    Cotangents for J_bar, where (3) is the explicit dependence on σ, as in `denoising_score_matching`:

        s_bar = J_bar σ r                                                      (2)
        σ_bar = J_bar ⟨r, s⟩                                                   (3)

    The weight makes all levels count alike: at the optimum for data N(0, v) in one dimension E J = ½ v/(v + σ²),
    between 0 and ½, where the unweighted objective has ½ v/(σ²(v + σ²)), which the smallest σ rules. With ε_hat = −σ s
    it is ½ ‖ε − ε_hat‖². Over batches whose levels are drawn uniformly the expected mean is the paper's mean over
    levels; for another weight λ multiply the values of `denoising_score_matching` by it. Formed as in (1) nothing is
    divided by a small σ; as σ² times the unweighted objective σ_bar would be a difference of two terms of the order of
    ‖ε‖²/σ.
    Source: Song & Ermon (2019), eqs. 5 and 6, with λ(σ) = σ² from section 4.2.
    """
    xp = namespace(score)
    each, rest = (slice(None), *[None] * (score.ndim - 1)), tuple(range(1, score.ndim))
    r = sigma[each] * score + eps                                             # (1)
    loss = xp.sum(r * (r / 2), axis=rest)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        r_bar = loss_bar[each] * r
        return {"score": sigma[each] * r_bar, "sigma": xp.sum(r_bar * score, axis=rest)}       # (2), (3)

    return loss, pullback
