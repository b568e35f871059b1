"""The loss of an autoencoder: what of the data does not come back."""

from typing import Any

from refdgm.declaration.domain import field, parameters, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import NETWORKS, Field
from refdgm.reference import reference

GIVES = ("B", "E")


@reference(
    args={
        "x": real("B", "D", meaning="x, the data"),
        "phi": parameters("encoder", "D", "Z", meaning="φ, parameters of the encoder"),
        "theta": parameters("decoder", "Z", "D", meaning="θ, parameters of the decoder"),
        "encoder": field("x", known=NETWORKS, gives=GIVES, meaning="g, x to its code"),
        "decoder": field("x", known=NETWORKS, gives=GIVES, meaning="f, a code to its reconstruction"),
    },
    wrt=("x", "phi", "theta"),
    result=real("B", meaning="J, per example"),
    source="hinton2006reducing",
    conventions={
        "without the factor ½": {"value": scale(2.0)},
        "mean over components": {"value": scale(1.0, per="D")},
        "mean over components, without the factor ½": {"value": scale(2.0, per="D")},
    },
)
def autoencoder_loss(
    x: Array, phi: dict[str, Array], theta: dict[str, Array], *, encoder: Field, decoder: Field,
) -> Result:
    """Half the squared distance of the data from what a code of few numbers keeps of them.

        z = g(x),   r = f(z) − x                                             (1)
        J = ½ ‖r‖²                                                           (2)

    Cotangents for J_bar: f and g are pulled back from

        f_bar = J_bar r,   z_bar = (∂f/∂z)ᵀ f_bar                            (3)
        x_bar = (∂g/∂x)ᵀ z_bar − J_bar r                                     (4)

    The data are met twice, as what is encoded and as what is to come back. Linear networks find the plane of the
    largest variances, and no base in it. It is a limit of the variational autoencoder, whose bound with neither noise
    nor divergence is −J − D/2 log 2π.
    Source: Hinton & Salakhutdinov (2006).
    """
    xp = namespace(x)
    code, encoder_pullback = encoder.vjp(x, phi)
    out, decoder_pullback = decoder.vjp(code, theta)
    apart = out - x                                                           # (1)
    loss = xp.sum(apart * (apart / 2), axis=-1)                               # (2)

    def pullback(loss_bar: Array, wrt: tuple[str, ...] = ("x", "phi", "theta")) -> dict[str, Any]:
        away = loss_bar[:, None] * apart
        back = decoder_pullback(away, wrt=("x", "theta"))                     # (3)
        front = encoder_pullback(back["x"], wrt=tuple({"x": "x", "phi": "theta"}[n] for n in wrt if n != "theta"))
        x_bar = front["x"] - away if "x" in wrt else None                     # (4)
        return {"x": x_bar, "phi": front.get("theta"), "theta": back["theta"]}

    return loss, pullback
