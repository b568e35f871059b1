"""Bounds of a prior that does not look at the condition, of log σ, of a sampled divergence, up to a constant."""

from dataclasses import replace
from typing import Any

from refdgm.evidence.declare import variant
from refdgm.latent.conditional_elbo import conditional_elbo
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.primitives.gaussian_kl import gaussian_kl_between

Theta = dict[str, Array]
BODY = conditional_elbo.body


def times(net: Field, mean: float, logvar: float) -> Field:
    """The network with factors on the halves of what it gives."""

    def vjp(u: Array, theta: Theta) -> Any:
        xp = namespace(u)
        out, right = net.vjp(u, theta)
        half = xp.ones_like(out[:, : out.shape[1] // 2])
        factor = xp.concat([mean * half, logvar * half], axis=1)
        return out * factor, lambda bar, wrt=("x", "theta"): right(bar * factor, wrt=wrt)

    return replace(net, value=lambda u, theta: vjp(u, theta)[0], vjp=vjp)


@variant("the prior is N(0, I) whatever y", conditional_elbo)
def without_a_prior(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """The divergence of the plain bound; y stands beside x and z alone, and ψ is idle."""
    return BODY(x, y, eps, phi, theta, psi, **options | {"prior": times(options["prior"], 0.0, 0.0)})


@variant("the encoder and the prior give log σ, not log σ²", conditional_elbo)
def of_log_deviations(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """The second halves of what they give are doubled, there and back."""
    twice = {name: times(options[name], 1.0, 2.0) for name in ("encoder", "prior")}
    return BODY(x, y, eps, phi, theta, psi, **options | twice)


@variant("for gaussian without the constant ½ log 2π", conditional_elbo)
def without_constant(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """−½ ‖x − f‖² for log p, as where a loss is called a reconstruction error."""
    xp = namespace(x)
    value, right = BODY(x, y, eps, phi, theta, psi, **options)
    more = x.shape[1] / 2 * xp.log(2 * xp.pi * xp.ones_like(value))
    return value + more if options["likelihood"] == "gaussian" else value, right


@variant("the divergence as a mean over the draws, not in closed form", conditional_elbo)
def sampled(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """log q(z | x, y) − log p(z | y) at each draw: equal in expectation, and another number."""
    xp, size, many = namespace(x), eps.shape[2], eps.shape[1]
    code, right = options["encoder"].vjp(xp.concat([x, y], axis=1), phi)
    law, prior_right = options["prior"].vjp(y, psi)
    mean, logvar, mean_p, logvar_p = code[:, :size], code[:, size:], law[:, :size], law[:, size:]
    moved = xp.exp(logvar / 2)[:, None, :] * eps
    rate = xp.exp(logvar_p / -2)[:, None, :]
    r = ((mean - mean_p)[:, None, :] + moved) * rate
    ratio = xp.sum(xp.mean(r**2 - eps**2, axis=1) + logvar_p - logvar, axis=1) / 2
    closed, of_closed = gaussian_kl_between.body(mean, logvar, mean_p, logvar_p)
    value, whole = BODY(x, y, eps, phi, theta, psi, **options)

    def pullback(bar: Array) -> dict[str, Any]:
        g, back, each = whole(bar), of_closed(bar), bar[:, None]
        z_bar = -each[:, None] * r * rate / many
        mean_bar = xp.sum(z_bar, axis=1)
        front = right(xp.concat([back["mean_q"] + mean_bar,
                                 back["logvar_q"] + xp.sum(z_bar * moved, axis=1) / 2 + each / 2], axis=1))
        before = prior_right(xp.concat([back["mean_p"] - mean_bar,
                                        back["logvar_p"] + each * (xp.mean(r**2, axis=1) - 1) / 2], axis=1))
        wide = x.shape[1]
        added = lambda name, more: {key: entry + more[key] for key, entry in g[name].items()}
        return g | {"x": g["x"] + front["x"][:, :wide], "y": g["y"] + front["x"][:, wide:] + before["x"],
                    "phi": added("phi", front["theta"]), "psi": added("psi", before["theta"])}

    return value + closed - ratio, pullback
