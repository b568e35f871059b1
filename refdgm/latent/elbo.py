"""The evidence lower bound of a variational autoencoder."""

from typing import Any

from refdgm.declaration.domain import field, noise, parameters, positive, real, scale, word
from refdgm.declaration.symbols import Some
from refdgm.latent.likelihood import LIKELIHOODS, REFUSED
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import NETWORKS, Field
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity
from refdgm.reference import reference

GIVES = ("B", "E")


@reference(
    args={
        "x": real("B", "D", meaning="x, the data; in [0, 1] for bernoulli"),
        "eps": noise("normal", "B", "R", "Z", meaning="ε, R draws for each example",
                     nonempty=("R", Some("draw", "a mean over none is no number"))),
        "beta": positive(meaning="β, the weight of the divergence; 1 is the bound"),
        "phi": parameters("encoder", "D", "2*Z", meaning="φ, parameters of the encoder"),
        "theta": parameters("decoder", "Z", "D", meaning="θ, parameters of the decoder"),
        "encoder": field("x", known=NETWORKS, gives=GIVES, meaning="x to μ and λ = log σ², one after the other"),
        "decoder": field("x", known=NETWORKS, gives=GIVES, meaning="z to means f, or logits l"),
        "likelihood": word("gaussian", "bernoulli", refused=REFUSED, meaning="N(f, I), or choices with p = σ(l)"),
    },
    wrt=("x", "beta", "phi", "theta"),
    result=real("B", meaning="nats, per example"),
    source="kingma2014vae",
    conventions={"the negative bound, a loss": {"value": scale(-1.0)}},
)
def elbo(
    x: Array, eps: Array, beta: Array, phi: dict[str, Array], theta: dict[str, Array],
    *, encoder: Field, decoder: Field, likelihood: str,
) -> Result:
    """The evidence lower bound, its expectation by draws, its divergence in closed form.

        (μ, λ) = encoder(x),   z_r = μ + e^{λ/2} ε_r                         (1)
        KL = ½ Σ (μ² + e^λ − 1 − λ)                                          (2)
        J = 1/R Σ_r log p(x | z_r) − β KL                                    (3)

    Cotangents for J_bar, those of z_r by the decoder's pullback of J_bar/R times the slope of log p in what the decoder
    gives:

        μ_bar = Σ_r z_bar_r − β J_bar μ                                      (4)
        λ_bar = ½ Σ_r z_bar_r e^{λ/2} ε_r − ½ β J_bar (e^λ − 1)              (5)
        β_bar = −Σ J_bar KL                                                  (6)

    x_bar and φ_bar come from (μ_bar, λ_bar) by the encoder's pullback, x_bar also from log p. gaussian is log N(x; f,
    I) with its constant. At β = 1 the mean of J over ε is log p(x) less the divergence from the posterior. Both terms
    are sums over their components: a mean in one of them is another β. e^{λ/2} is two factors of e^{λ/4}.
    Source: Kingma & Welling (2014), section 2.3 and appendix B; β as in Higgins et al. (2017).
    """
    xp = namespace(x)
    size = eps.shape[2]
    code, encoder_pullback = encoder.vjp(x, phi)
    mean, logvar = code[:, :size], code[:, size:]
    h = xp.exp(logvar / 4)[:, None, :]
    moved = h * (h * eps)
    z = xp.reshape(mean[:, None, :] + moved, (-1, size) if size else (x.shape[0] * eps.shape[1], 0))    # (1)
    out, decoder_pullback = decoder.vjp(z, theta)
    kl = xp.sum(mean * (mean / 2) + expm1_minus_identity(logvar) / 2, axis=-1)    # (2)
    log_p, likelihood_pullback = LIKELIHOODS[likelihood](x, xp.reshape(out, (*eps.shape[:2], x.shape[1])))
    bound = xp.mean(log_p, axis=1) - beta * kl                                # (3)

    def pullback(bound_bar: Array, wrt: tuple[str, ...] = ("x", "beta", "phi", "theta")) -> dict[str, Any]:
        out_bar, x_bar = likelihood_pullback(bound_bar[:, None] / eps.shape[1] + xp.zeros_like(log_p))
        back = decoder_pullback(xp.reshape(out_bar, out.shape), wrt=("x", "theta") if "theta" in wrt else ("x",))
        z_bar, weight = xp.reshape(back["x"], eps.shape), (beta * bound_bar)[:, None]
        mean_bar = xp.sum(z_bar, axis=1) - weight * mean                      # (4)
        logvar_bar = xp.sum(z_bar * (moved / 2), axis=1) - weight * (xp.expm1(logvar) / 2)    # (5)
        front = encoder_pullback(xp.concat([mean_bar, logvar_bar], axis=1), wrt=("x", "theta"))
        beta_bar = -xp.sum(bound_bar * kl)                                    # (6)
        return {"x": x_bar + front["x"], "beta": beta_bar, "phi": front["theta"], "theta": back.get("theta")}

    return bound, pullback
