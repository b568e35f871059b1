"""The evidence lower bound of a variational autoencoder of data that come with a condition."""

from typing import Any

from refdgm.declaration.domain import field, noise, parameters, real, scale, word
from refdgm.declaration.symbols import Some
from refdgm.latent.likelihood import LIKELIHOODS, REFUSED
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import NETWORKS, Field
from refdgm.primitives.gaussian_kl import gaussian_kl_between
from refdgm.reference import reference

GIVES = ("B", "E")
WRT = ("x", "y", "phi", "theta", "psi")


@reference(
    args={
        "x": real("B", "D", meaning="x, the data; in [0, 1] for bernoulli"),
        "y": real("B", "C", meaning="y, the condition of each example"),
        "eps": noise("normal", "B", "R", "Z", meaning="ε, R draws for each example",
                     nonempty=("R", Some("draw", "a mean over none is no number"))),
        "phi": parameters("encoder", "D+C", "2*Z", meaning="φ, parameters of the encoder"),
        "theta": parameters("decoder", "Z+C", "D", meaning="θ, parameters of the decoder"),
        "psi": parameters("prior", "C", "2*Z", meaning="ψ, parameters of the prior"),
        "encoder": field("x", known=NETWORKS, gives=GIVES, meaning="(x, y) to μ and λ = log σ², one after the other"),
        "decoder": field("x", known=NETWORKS, gives=GIVES, meaning="(z, y) to means f, or logits l"),
        "prior": field("x", known=NETWORKS, gives=GIVES, meaning="y to μ_p and λ_p, one after the other"),
        "likelihood": word("gaussian", "bernoulli", refused=REFUSED, meaning="N(f, I), or choices with p = σ(l)"),
    },
    wrt=WRT,
    result=real("B", meaning="nats, per example"),
    source="sohn2015cvae",
    conventions={"the negative bound, a loss": {"value": scale(-1.0)}},
)
def conditional_elbo(
    x: Array, y: Array, eps: Array, phi: dict[str, Array], theta: dict[str, Array], psi: dict[str, Array],
    *, encoder: Field, decoder: Field, prior: Field, likelihood: str,
) -> Result:
    """A lower bound of log p(x | y) where the latents have a prior of their own for every condition.

        (μ, λ) = encoder(x, y),   (μ_p, λ_p) = prior(y)                                 (1)
        z_r = μ + e^{λ/2} ε_r                                                           (2)
        J = 1/R Σ_r log p(x | z_r, y) − KL(N(μ, e^λ) ‖ N(μ_p, e^{λ_p}))                 (3)

    Cotangents for J_bar. The decoder's pullback of J_bar/R times the slope of log p gives z_bar_r; the divergence,
    pulled back from −J_bar, gives its part to all four:

        μ_bar = Σ_r z_bar_r + its part,   λ_bar = ½ Σ_r z_bar_r e^{λ/2} ε_r + its part  (4)
        μ_bar_p, λ_bar_p = its parts                                                    (5)

    φ_bar and ψ_bar come from them by the pullbacks of the encoder and the prior, x_bar by that of the encoder and from
    log p, and y_bar from all three networks. Draws are the encoder's, in training as here; the prior's are for
    generation. A prior that gives zero whatever y makes it elbo at β = 1 on (x, y). e^{λ/2} is two factors of e^{λ/4};
    the divergence is gaussian_kl_between.
    Source: Sohn, Lee & Yan (2015), section 4, where x is called y and y is called x.
    """
    xp = namespace(x)
    (batch, many, size), wide = eps.shape, x.shape[1]
    code, encoder_pullback = encoder.vjp(xp.concat([x, y], axis=1), phi)
    law, prior_pullback = prior.vjp(y, psi)
    mean, logvar = code[:, :size], code[:, size:]                             # (1)
    kl, kl_pullback = gaussian_kl_between.body(mean, logvar, law[:, :size], law[:, size:])
    h = xp.exp(logvar / 4)[:, None, :]
    moved = h * (h * eps)
    z = mean[:, None, :] + moved                                              # (2)
    told = xp.concat([z, xp.broadcast_to(y[:, None, :], (batch, many, y.shape[1]))], axis=2)
    out, decoder_pullback = decoder.vjp(xp.reshape(told, (batch * many, size + y.shape[1])), theta)
    log_p, likelihood_pullback = LIKELIHOODS[likelihood](x, xp.reshape(out, (batch, many, wide)))
    bound = xp.mean(log_p, axis=1) - kl                                       # (3)

    def pullback(bound_bar: Array, wrt: tuple[str, ...] = WRT) -> dict[str, Any]:
        out_bar, x_bar = likelihood_pullback(bound_bar[:, None] / many + xp.zeros_like(log_p))
        back = decoder_pullback(xp.reshape(out_bar, out.shape), wrt=("x", "theta") if "theta" in wrt else ("x",))
        told_bar, part = xp.reshape(back["x"], told.shape), kl_pullback(-bound_bar)
        z_bar = told_bar[:, :, :size]
        mean_bar = xp.sum(z_bar, axis=1) + part["mean_q"]
        logvar_bar = xp.sum(z_bar * (moved / 2), axis=1) + part["logvar_q"]   # (4)
        front = encoder_pullback(xp.concat([mean_bar, logvar_bar], axis=1), wrt=("x", "theta"))
        law_bar = xp.concat([part["mean_p"], part["logvar_p"]], axis=1)       # (5)
        before = prior_pullback(law_bar, wrt=("x", "theta"))
        return {
            "x": x_bar + front["x"][:, :wide],
            "y": front["x"][:, wide:] + xp.sum(told_bar[:, :, size:], axis=1) + before["x"],
            "phi": front["theta"],
            "theta": back.get("theta"),
            "psi": before["theta"],
        }

    return bound, pullback
