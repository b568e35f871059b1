"""A divergence that costs nothing more below a floor."""

from refdgm.declaration.domain import positive, real, scale
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity
from refdgm.reference import reference


@reference(
    args={
        "mean": real("B", "Z", meaning="μ, of the encoder"),
        "logvar": real("B", "Z", finite=True, meaning="λ = log σ², of the encoder"),
        "floor": positive(meaning="λ₀, nats that each latent may carry for nothing"),
    },
    wrt=("mean", "logvar", "floor"),
    result=real(meaning="J, nats"),
    source="kingma2016iaf",
    bounds={"B": Bound(1, why="a mean of none is none; leave out the step")},
    conventions={"logvar is log σ, not log σ²": {"logvar": scale(0.5)}},
)
def free_bits_kl(mean: Array, logvar: Array, floor: Array) -> Result:
    """The divergence of an encoder from N(0, I), of which no latent counts as less than λ₀ nats.

        K_j = 1/B Σ_b ½ (μ² + e^λ − 1 − λ)                                      (1)
        J = Σ_j max(K_j, λ₀)                                                    (2)

    Cotangents for J_bar, with [·] one where true, else zero:

        μ_bar = J_bar [K_j > λ₀] μ/B,   λ_bar = ½ J_bar [K_j > λ₀] (e^λ − 1)/B  (3)
        λ_bar₀ = J_bar Σ_j [K_j ≤ λ₀]                                           (4)

    Every latent is a group of its own, and it is the mean of the batch that is held against the floor: some examples
    may say less. Below the floor nothing pulls a latent to the prior, nor away from it; at the floor itself the slope
    is that below. J is a number for a whole batch, which no mean over examples gives.
    Source: Kingma et al. (2016), on free bits.
    """
    xp = namespace(mean)
    each = mean * (mean / 2) + expm1_minus_identity(logvar) / 2
    kl = xp.mean(each, axis=0)                                                # (1)
    paid = xp.astype(kl > floor, mean.dtype)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        bar = loss_bar * paid / mean.shape[0]
        return {
            "mean": bar * mean, "logvar": bar * (xp.expm1(logvar) / 2),       # (3)
            "floor": loss_bar * xp.sum(1 - paid),                             # (4)
        }

    return xp.sum(xp.maximum(kl, floor)), pullback                            # (2)
