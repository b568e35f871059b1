"""Kullback–Leibler divergences of diagonal Gaussians, from means and log-variances."""

from refdgm.declaration.domain import real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity
from refdgm.reference import reference


@reference(
    args={
        "mean": real("B", "D", meaning="μ"),
        "logvar": real("B", "D", finite=True, meaning="λ = log σ², the log-variance"),
    },
    wrt=("mean", "logvar"),
    result=real("B", meaning="nats, per example"),
    source="kingma2014vae",
    conventions={"logvar is log σ, not log σ²": {"logvar": scale(0.5)}},
)
def gaussian_kl(mean: Array, logvar: Array) -> Result:
    """KL(N(μ, diag e^λ) ‖ N(0, I)), the regulariser of a variational autoencoder.

        J = ½ Σ_d (μ_d² + e^λ_d − 1 − λ_d)                                   (1)

    Cotangents for J_bar:

        μ_bar = J_bar μ,   λ_bar = J_bar (e^λ − 1) / 2                       (2)

    e^λ − 1 − λ is formed as one non-negative quantity: its three parts cancel where training ends, at λ ≈ 0.
    Source: Kingma & Welling (2014), appendix B.
    """
    xp = namespace(mean)
    loss = xp.sum(mean * (mean / 2) + expm1_minus_identity(logvar) / 2, axis=-1)    # (1)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        each = loss_bar[:, None]
        return {"mean": each * mean, "logvar": each * xp.expm1(logvar) / 2}         # (2)

    return loss, pullback


@reference(
    args={
        "mean_q": real("B", "D", meaning="μ_q"),
        "logvar_q": real("B", "D", finite=True, meaning="λ_q = log σ_q²"),
        "mean_p": real("B", "D", meaning="μ_p"),
        "logvar_p": real("B", "D", finite=True, meaning="λ_p = log σ_p²"),
    },
    wrt=("mean_q", "logvar_q", "mean_p", "logvar_p"),
    result=real("B", meaning="nats, per example"),
    source="kingma2014vae",
    conventions={"logvar is log σ, not log σ²": {"logvar_q": scale(0.5), "logvar_p": scale(0.5)}},
)
def gaussian_kl_between(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Result:
    """KL(q ‖ p) of two diagonal Gaussians; the order matters.

        δ = λ_q − λ_p,   r = (μ_q − μ_p) e^{−λ_p/2}                          (1)
        J = ½ Σ_d (r_d² + e^δ_d − 1 − δ_d)                                   (2)

    Cotangents for J_bar:

        μ_bar_q = J_bar r e^{−λ_p/2} = −μ_bar_p                              (3)
        λ_bar_q = J_bar (e^δ − 1) / 2                                        (4)
        λ_bar_p = −J_bar (r² + e^δ − 1) / 2                                  (5)

    e^{−λ_p/2} is applied as two factors of e^{−λ_p/4}: alone it overflows where r does not. All terms are non-negative;
    the value is accurate up to the rounding of δ = λ_q − λ_p, which e^δ magnifies δ-fold.
    Source: the Gaussian integral of log q − log p, as in Kingma & Welling (2014), appendix B, where p is N(0, I);
    of two such Gaussians it is the per-step term in Ho, Jain & Abbeel (2020), eq. 5.
    """
    xp = namespace(mean_q)
    delta = logvar_q - logvar_p
    apart = mean_q - mean_p
    h = xp.exp(xp.where(apart == 0, 0.0, logvar_p / -4))                      # 1 / √σ_p, where it matters
    r = apart * h * h                                                        # (1)
    loss = xp.sum(r * (r / 2) + expm1_minus_identity(delta) / 2, axis=-1)      # (2)

    def pullback(loss_bar: Array) -> dict[str, Array]:
        each = loss_bar[:, None]
        mean_bar = each * r * h * h  # (3); J_bar first: where it is 0, a slope beyond the range does no harm
        spread_bar = each * xp.expm1(delta) / 2                              # (4)
        return {
            "mean_q": mean_bar,
            "logvar_q": spread_bar,
            "mean_p": -mean_bar,
            "logvar_p": -(each * r * (r / 2) + spread_bar),                  # (5)
        }

    return loss, pullback
