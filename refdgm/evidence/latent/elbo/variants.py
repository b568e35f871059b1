"""Bounds of encoders that mean log σ, and bounds up to a constant."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.latent.elbo import elbo
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Theta = dict[str, Array]


@variant("the encoder gives log σ, not log σ²", elbo)
def of_log_deviations(x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Field, decoder: Field,
                      likelihood: str) -> Any:
    """The second half of what the encoder gives is doubled, there and back."""
    xp = namespace(x)
    factor = xp.concat([xp.ones_like(eps[0, 0]), 2 * xp.ones_like(eps[0, 0])], axis=0) if x.shape[0] else 1.0

    def vjp(x: Array, phi: Theta) -> Any:
        code, right = encoder.vjp(x, phi)
        return code * factor, lambda bar, wrt=("x", "theta"): right(bar * factor, wrt=wrt)

    twice = Field(encoder.name, ("x",), lambda x, phi: vjp(x, phi)[0], vjp, gives=encoder.gives)
    return elbo.body(x, eps, beta, phi, theta, encoder=twice, decoder=decoder, likelihood=likelihood)


@variant("for gaussian without the constant ½ log 2π", elbo)
def without_constant(x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Field, decoder: Field,
                     likelihood: str) -> Any:
    """−½ ‖x − f‖² for log p, as where a loss is called a reconstruction error."""
    xp = namespace(x)
    value, right = elbo.body(x, eps, beta, phi, theta, encoder=encoder, decoder=decoder, likelihood=likelihood)
    more = x.shape[1] / 2 * xp.log(2 * xp.pi * xp.ones_like(value))
    return value + more if likelihood == "gaussian" else value, right
