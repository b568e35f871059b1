"""The bound of an importance weighted autoencoder."""

from typing import Any

from refdgm.declaration.domain import field, noise, parameters, real, scale, word
from refdgm.declaration.symbols import Some
from refdgm.latent.likelihood import LIKELIHOODS, REFUSED
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import NETWORKS, Field
from refdgm.reference import reference

GIVES = ("B", "E")


@reference(
    args={
        "x": real("B", "D", meaning="x, the data; in [0, 1] for bernoulli"),
        "eps": noise("normal", "B", "R", "Z", meaning="ε, R draws for each example",
                     nonempty=("R", Some("draw", "a mean over none is no number"))),
        "phi": parameters("encoder", "D", "2*Z", meaning="φ, parameters of the encoder"),
        "theta": parameters("decoder", "Z", "D", meaning="θ, parameters of the decoder"),
        "encoder": field("x", known=NETWORKS, gives=GIVES, meaning="x to μ and λ = log σ², one after the other"),
        "decoder": field("x", known=NETWORKS, gives=GIVES, meaning="z to means f, or logits l"),
        "likelihood": word("gaussian", "bernoulli", refused=REFUSED, meaning="N(f, I), or choices with p = σ(l)"),
    },
    wrt=("x", "phi", "theta"),
    result=real("B", meaning="nats, per example"),
    source="burda2016iwae",
    conventions={"the negative bound, a loss": {"value": scale(-1.0)}},
)
def importance_weighted_bound(
    x: Array, eps: Array, phi: dict[str, Array], theta: dict[str, Array],
    *, encoder: Field, decoder: Field, likelihood: str,
) -> Result:
    """The logarithm of the mean of R importance weights, a bound that rises to log p(x) as R grows.

        (μ, λ) = encoder(x),   z_r = μ + e^{λ/2} ε_r                         (1)
        log w_r = log p(x | z_r) + ½ (‖ε_r‖² − ‖z_r‖² + Σ λ)                 (2)
        J = log (1/R Σ_r w_r)                                                (3)

    Cotangents for J_bar; the decoder's pullback of the slopes of log p, times g_bar, gives its part of z_bar:

        g_bar_r = J_bar w_r / Σ w,   z_bar_r = its part − g_bar_r z_r        (4)
        μ_bar = Σ_r z_bar_r,   λ_bar = ½ Σ_r z_bar_r e^{λ/2} ε_r + ½ J_bar   (5)

    x_bar and φ_bar come from (μ_bar, λ_bar) by the encoder's pullback, x_bar also from log p. (2) is log p(x, z) − log
    q(z | x) in ε, for z − μ has lost the draw where σ is far below μ; both 2π cancel. With one draw it is the bound of
    elbo at β = 1 with its divergence sampled. (3) and (4) are measured from the largest weight.
    Source: Burda, Grosse & Salakhutdinov (2016), section 3.
    """
    xp = namespace(x)
    size = eps.shape[2]
    code, encoder_pullback = encoder.vjp(x, phi)
    mean, logvar = code[:, :size], code[:, size:]
    h = xp.exp(logvar / 4)[:, None, :]
    moved = h * (h * eps)
    z = mean[:, None, :] + moved                                              # (1)
    out, decoder_pullback = decoder.vjp(xp.reshape(z, (x.shape[0] * eps.shape[1], size)), theta)
    log_p, likelihood_pullback = LIKELIHOODS[likelihood](x, xp.reshape(out, (*eps.shape[:2], x.shape[1])))
    log_w = log_p + xp.sum((eps - z) * ((eps + z) / 2) + logvar[:, None, :] / 2, axis=-1)    # (2)
    top = xp.max(log_w, axis=1, keepdims=True)
    weight = xp.exp(log_w - top)
    total = xp.sum(weight, axis=1, keepdims=True)
    bound = (top + xp.log(total / eps.shape[1]))[:, 0]                        # (3)

    def pullback(bound_bar: Array, wrt: tuple[str, ...] = ("x", "phi", "theta")) -> dict[str, Any]:
        each = bound_bar[:, None] * (weight / total)
        out_bar, x_bar = likelihood_pullback(each)
        back = decoder_pullback(xp.reshape(out_bar, out.shape), wrt=("x", "theta") if "theta" in wrt else ("x",))
        z_bar = xp.reshape(back["x"], eps.shape) - each[:, :, None] * z       # (4)
        mean_bar = xp.sum(z_bar, axis=1)
        logvar_bar = xp.sum(z_bar * (moved / 2), axis=1) + bound_bar[:, None] / 2    # (5)
        front = encoder_pullback(xp.concat([mean_bar, logvar_bar], axis=1), wrt=("x", "theta"))
        return {"x": x_bar + front["x"], "phi": front["theta"], "theta": back.get("theta")}

    return bound, pullback
