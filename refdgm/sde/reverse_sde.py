"""A process run backwards, and the family of all processes that have its laws at every time."""

from refdgm.declaration.domain import Exchange, positive, real, scale
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference

ARGS = {
    "drift": real("B", "...", meaning="f(x, t), drift of the SDE dx = f dt + g dw"),
    "score": real("B", "...", meaning="s = ∇ log p_t(x)"),
    "diffusion": real("B", meaning="g(t) of each example's time; not g²"),
    "noise_scale": positive(
        "B", meaning="λ, the noise in units of that of the process",
        instead="without noise it is probability_flow_drift",
    ),
}
MADE = {
    "drift": real("B", "...", meaning="the new drift, of increasing t"),
    "diffusion": real("B", meaning="λ g; not its square"),
}
SQUARED = Exchange(
    "noise_scale", "alpha", "α = λ²",
    there=lambda x: x["noise_scale"] * x["noise_scale"],
    back=lambda x: namespace(x["alpha"]).sqrt(x["alpha"]),
    pulled=lambda x, bar: {"noise_scale": bar["noise_scale"] / (2 * x["noise_scale"])},
)


@reference(
    args=ARGS,
    wrt=("drift", "score", "diffusion", "noise_scale"),
    result=MADE,
    source="anderson1982reverse",
    conventions={"the drift of τ = T − t, which increases": {"drift": scale(-1.0)}},
    exchanges={"α = λ² in place of λ": SQUARED},
)
def reverse_sde(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Results:
    """The equations that carry p_t backwards, from the noise to the data, for every amount of noise on the way.

        n = λ g                                                               (1)
        b = f − ½ (1 + λ²) g² s = f − ½ g² s − ½ n² s                         (2)

    dx = b dt + n dw with dt < 0. Cotangents for b_bar and n_bar, with q = ⟨g s, b_bar⟩ for each example:

        f_bar = b_bar,   s_bar = −½ (g² + n²) b_bar                           (3)
        g_bar = −(1 + λ²) q + λ n_bar,   λ_bar = −n q + g n_bar               (4)

    λ = 1 is Anderson's reversal, f − g² s and g; as λ → 0 it becomes the probability flow. All have the same laws p_t,
    if they have the same score and the same p_T: the paths differ. With a score that is not quite right they differ in
    law too, for the noise forgets errors and makes others. Codes that count τ = T − t upwards negate b.
    Source: Anderson (1982); Song et al. (2021), section 3.2; the family in Zhang & Chen (2023).
    """
    g, new = against(diffusion, drift), noise_scale * diffusion               # (1)
    n = against(new, drift)
    back = drift - g / 2 * (g * score) - n / 2 * (n * score)                  # (2); g² alone may overflow

    def pullback(drift_bar: Array, diffusion_bar: Array) -> dict[str, Array]:
        q = inner(g * score, drift_bar)
        moved = noise_scale * q
        return {
            "drift": +drift_bar,
            "score": -(g / 2 * (g * drift_bar) + n / 2 * (n * drift_bar)),    # (3)
            "diffusion": noise_scale * (diffusion_bar - moved) - q,
            "noise_scale": diffusion * (diffusion_bar - moved),               # (4)
        }

    return (back, new), pullback


@reference(
    args=ARGS,
    wrt=("drift", "score", "diffusion", "noise_scale"),
    result=MADE,
    source="zhang2023exponential",
    exchanges={"α = λ² in place of λ": SQUARED},
)
def equivalent_sde(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Results:
    """The equations that carry p_t forwards as dx = f dt + g dw does, for every amount of noise on the way.

        n = λ g                                                               (1)
        b = f − ½ (1 − λ²) g² s = f − ½ (1 − λ) (1 + λ) g² s                  (2)

    dx = b dt + n dw with dt > 0. Cotangents for b_bar and n_bar, with q = ⟨g s, b_bar⟩ for each example:

        f_bar = b_bar,   s_bar = −½ (1 − λ²) g² b_bar                         (3)
        g_bar = −(1 − λ²) q + λ n_bar,   λ_bar = n q + g n_bar                (4)

    λ = 1 is the process itself; as λ → 0 it becomes the probability flow, without noise. More noise is paid for by a
    drift towards the data, less by one away from them; then the laws are the same at every time. `reverse_sde` of any
    of these, with its drift, its diffusion and the noise scale 1, is that of the process with λ.
    Source: Zhang & Chen (2023); Song et al. (2021), appendix D.1, for the flow.
    """
    g, new = against(diffusion, drift), noise_scale * diffusion               # (1)
    less, more = against(1 - noise_scale, drift), against(1 + noise_scale, drift)
    forth = drift - less * g / 2 * (more * (g * score))                       # (2)

    def pullback(drift_bar: Array, diffusion_bar: Array) -> dict[str, Array]:
        q = inner(g * score, drift_bar)
        return {
            "drift": +drift_bar,
            "score": -(less * g / 2 * (more * (g * drift_bar))),              # (3)
            "diffusion": noise_scale * diffusion_bar - (1 - noise_scale) * ((1 + noise_scale) * q),
            "noise_scale": diffusion * (diffusion_bar + noise_scale * q),     # (4)
        }

    return (forth, new), pullback
