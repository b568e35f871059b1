"""The log-density of a diagonal Gaussian, from its mean and log-variance."""

from refdgm.declaration.domain import real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", meaning="x, where the density is taken"),
        "mean": real("B", "D", meaning="μ"),
        "logvar": real("B", "D", finite=True, meaning="λ = log σ², the log-variance"),
    },
    wrt=("x", "mean", "logvar"),
    result=real("B", meaning="nats, per example"),
    source="bishop2006prml",
    conventions={
        "logvar is log σ, not log σ²": {"logvar": scale(0.5)},
        "the negative log-density, a loss": {"value": scale(-1.0)},
    },
)
def gaussian_log_density(x: Array, mean: Array, logvar: Array) -> Result:
    """log N(x; μ, diag e^λ), the reconstruction term of a Gaussian decoder.

        r = (x − μ) e^{−λ/2}                                                 (1)
        J = −½ Σ_d (r_d² + λ_d) − D/2 · log 2π                               (2)

    Cotangents for J_bar:

        x_bar = −J_bar r e^{−λ/2} = −μ_bar                                   (3)
        λ_bar = J_bar (r² − 1) / 2                                           (4)

    e^{−λ/2} is applied as two factors of e^{−λ/4}: alone it overflows where r does not. In (4) r² − 1 is
    (r − 1)(r + 1), which keeps its digits where the variance is the right one. x_bar is the score of x for J_bar = 1.
    Source: Bishop (2006), eq. 1.46, for each dimension; as a decoder in Kingma & Welling (2014), appendix C.2.
    """
    xp = namespace(x)
    apart = x - mean
    h = xp.exp(xp.where(apart == 0, 0.0, logvar / -4))                        # 1 / √σ, where it matters
    r = apart * h * h                                                         # (1)
    log_two_pi = xp.log(xp.full((), 2 * xp.pi, dtype=x.dtype, device=x.device))
    density = -(xp.sum(r * (r / 2) + logvar / 2, axis=-1) + x.shape[1] / 2 * log_two_pi)    # (2)

    def pullback(density_bar: Array) -> dict[str, Array]:
        each = density_bar[:, None]
        mean_bar = each * r * h * h  # (3); J_bar first: where it is 0, a score beyond the range does no harm
        return {"x": -mean_bar, "mean": mean_bar, "logvar": each * (r - 1) * ((r + 1) / 2)}    # (4)

    return density, pullback
