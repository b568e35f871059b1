"""Mistakes in the bound given a condition. The negative bound is a convention, a prior that does not look at the
condition another definition, and neither is among them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.conditional_elbo import conditional_elbo
from refdgm.latent.likelihood import LIKELIHOODS
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.primitives.gaussian_kl import gaussian_kl_between

BODY = conditional_elbo.body
Theta = dict[str, Array]
Each = tuple[float, float]
ALL_BUT_PSI = ("value", "gradient.x", "gradient.y", "gradient.phi", "gradient.theta")
ALL_BUT_THETA = ("value", "gradient.x", "gradient.y", "gradient.phi", "gradient.psi")
AGAIN: Callable[[Array, int], Array] = lambda y, many: namespace(y).stack([y] * many, axis=1)


def bound(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, *, encoder: Any, decoder: Any, prior: Any,
    likelihood: str, power: float = 0.5, path: Each = (1.0, 1.0), kl_path: Each = (1.0, 1.0), weight: Each = (1.0, 1.0),
    reverse: bool = False, of_prior: bool = False, laid: Callable[[Array, int], Array] = AGAIN,
) -> Any:
    """The bound with σ = e^{power λ}, and weights of the paths of μ and λ through the draws and through the divergence,
    of log p and of the divergence; `reverse` is KL(p ‖ q), `of_prior` draws from the prior, `laid` puts y beside the
    draws."""
    xp, (batch, many, size), wide = namespace(x), eps.shape, x.shape[1]
    code, right = encoder.vjp(xp.concat([x, y], axis=1), phi)
    law, prior_right = prior.vjp(y, psi)
    four = (code[:, :size], code[:, size:], law[:, :size], law[:, size:])
    if reverse:
        kl, back_to = gaussian_kl_between.body(*four[2:], *four[:2])
        names = ("mean_p", "logvar_p", "mean_q", "logvar_q")
    else:
        kl, back_to = gaussian_kl_between.body(*four)
        names = ("mean_q", "logvar_q", "mean_p", "logvar_p")
    mean, logvar = four[2:] if of_prior else four[:2]
    moved = xp.exp(power * logvar)[:, None, :] * eps
    told = xp.concat([mean[:, None, :] + moved, laid(y, many)], axis=2)
    out, decoder_right = decoder.vjp(xp.reshape(told, (batch * many, size + y.shape[1])), theta)
    log_p, law_right = LIKELIHOODS[likelihood](x, xp.reshape(out, (batch, many, wide)))

    def pullback(bar: Array) -> dict[str, Any]:
        out_bar, x_bar = law_right(weight[0] * bar[:, None] / many + 0 * log_p)
        back = decoder_right(xp.reshape(out_bar, out.shape))
        told_bar, of_kl = xp.reshape(back["x"], told.shape), back_to(-weight[1] * bar)
        z_bar = told_bar[:, :, :size]
        drawn = [path[0] * xp.sum(z_bar, axis=1), path[1] * power * xp.sum(z_bar * moved, axis=1)]
        parts = [w * of_kl[name] for name, w in zip(names, (*kl_path, 1.0, 1.0), strict=True)]
        at = 2 if of_prior else 0
        parts[at:at + 2] = [a + b for a, b in zip(parts[at:at + 2], drawn, strict=True)]
        front = right(xp.concat(parts[:2], axis=1))
        before = prior_right(xp.concat(parts[2:], axis=1))
        y_bar = told_bar[:, :, size:]
        if laid is not AGAIN:  # back to the examples that the conditions came from
            y_bar = xp.permute_dims(xp.reshape(y_bar, (many, batch, y.shape[1])), (1, 0, 2))
        return {"x": x_bar + front["x"][:, :wide], "y": front["x"][:, wide:] + xp.sum(y_bar, axis=1) + before["x"],
                "phi": front["theta"], "theta": back["theta"], "psi": before["theta"]}

    return weight[0] * xp.mean(log_p, axis=1) - weight[1] * kl, pullback


def whole(body: Callable[..., Any]) -> Callable[..., Any]:
    """The same with the four options by their names, as the reference has them."""

    def named(
        x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, *, encoder: Any, decoder: Any, prior: Any,
        likelihood: str,
    ) -> Any:
        return body(x, y, eps, phi, theta, psi, encoder=encoder, decoder=decoder, prior=prior, likelihood=likelihood)

    named.__name__, named.__doc__ = body.__name__, body.__doc__
    return named


def in_turn(y: Array, many: int) -> Array:
    """All examples, and all again: not each as often as it has draws."""
    xp = namespace(y)
    return xp.reshape(xp.concat([y] * many, axis=0), (y.shape[0], many, y.shape[1]))


def masked(net: Field, kept: Callable[[int], list[float]], forward: bool = True, params: float = 1.0) -> Field:
    """A network that sees `kept` of its inputs, or (not `forward`) sees all and hands back the cotangents of these."""

    def vjp(u: Array, theta: Theta) -> Any:
        xp = namespace(u)
        m = xp.asarray(kept(u.shape[1]), dtype=u.dtype, device=u.device)
        out, right = net.vjp(u * m if forward else u, theta)

        def pullback(bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
            g = right(bar, wrt=("x", "theta"))
            return {"x": g["x"] * m, "theta": {name: params * entry for name, entry in g["theta"].items()}}

        return out, pullback

    return replace(net, value=lambda u, theta: vjp(u, theta)[0], vjp=vjp)


def heard(options: dict[str, Any], params: float = 1.0, **kept: Callable[[int], list[float]]) -> dict[str, Any]:
    """The networks, of which these are heard through `kept` of their inputs alone, and their parameters by `params`."""
    return options | {name: masked(options[name], of, False, params) for name, of in kept.items()}


def scaled_law(prior: Field, logvar: float) -> Field:
    """A prior whose log-variances are multiplied."""

    def vjp(y: Array, psi: Theta) -> Any:
        xp = namespace(y)
        law, right = prior.vjp(y, psi)
        ones = xp.ones_like(law[:, : law.shape[1] // 2])
        m = xp.concat([ones, logvar * ones], axis=1)
        return law * m, lambda bar, wrt=("x", "theta"): right(bar * m, wrt=wrt)

    return replace(prior, value=lambda y, psi: vjp(y, psi)[0], vjp=vjp)


def last(of: int) -> Callable[[int], list[float]]:
    """Not the last `of` inputs."""
    return lambda width: [1.0] * (width - of) + [0.0] * of


def first(of: int) -> Callable[[int], list[float]]:
    """Not the first `of` inputs."""
    return lambda width: [0.0] * of + [1.0] * (width - of)


# Wrong equations, rightly differentiated


@mistake(conditional_elbo, *ALL_BUT_THETA)
@whole
def divergence_the_other_way(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any,
) -> Any:
    """KL(p ‖ q), of the prior from the encoder's law."""
    return bound(x, y, eps, phi, theta, psi, reverse=True, **options)


@mistake(conditional_elbo)
@whole
def drawn_from_the_prior(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """z = μ_p + e^{λ_p/2} ε: what generates is decoded in training too, beside the divergence."""
    return bound(x, y, eps, phi, theta, psi, of_prior=True, **options)


@mistake(conditional_elbo, *ALL_BUT_PSI)
@whole
def variance_for_deviation(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """z = μ + e^λ ε, beside the right divergence."""
    return bound(x, y, eps, phi, theta, psi, power=1.0, **options)


@mistake(conditional_elbo, *ALL_BUT_THETA)
@whole
def prior_of_log_deviations(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any,
) -> Any:
    """The prior's second half is read as log σ_p, the encoder's as log σ²."""
    return bound(x, y, eps, phi, theta, psi, **options | {"prior": scaled_law(options["prior"], 2.0)})


@mistake(conditional_elbo, *ALL_BUT_PSI)
@whole
def condition_not_decoded(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """The decoder sees z alone."""
    return bound(x, y, eps, phi, theta, psi, **options | {"decoder": masked(options["decoder"], last(y.shape[1]))})


@mistake(conditional_elbo)
@whole
def condition_not_encoded(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """q(z | x) for q(z | x, y)."""
    return bound(x, y, eps, phi, theta, psi, **options | {"encoder": masked(options["encoder"], last(y.shape[1]))})


@mistake(conditional_elbo, *ALL_BUT_PSI)
@whole
def sum_of_the_draws(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """Σ_r for their mean, beside one divergence; right for one."""
    return bound(x, y, eps, phi, theta, psi, weight=(float(eps.shape[1]), 1.0), **options)


# The value is right, a gradient is not


@mistake(conditional_elbo, "gradient.y", "gradient.psi")
@whole
def prior_held(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """No gradient reaches the prior: it stays what it was, and the encoder goes to it."""
    return bound(x, y, eps, phi, theta, psi, **heard(options, params=0.0, prior=first(y.shape[1])))


@mistake(conditional_elbo, "gradient.y")
@whole
def condition_heard_from_the_decoder_alone(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any,
) -> Any:
    """y_bar of the decoder: its ways through the encoder and the prior are forgotten."""
    held = heard(options, encoder=last(y.shape[1]), prior=first(y.shape[1]))
    return bound(x, y, eps, phi, theta, psi, **held)


@mistake(conditional_elbo, "gradient.y")
@whole
def condition_not_heard_from_the_decoder(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any,
) -> Any:
    """y_bar of the encoder and the prior alone."""
    return bound(x, y, eps, phi, theta, psi, **heard(options, decoder=last(y.shape[1])))


@mistake(conditional_elbo, "gradient.x")
@whole
def data_not_encoded(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """x_bar of the likelihood alone: the way through the encoder is forgotten."""
    return bound(x, y, eps, phi, theta, psi, **heard(options, encoder=first(x.shape[1])))


@mistake(conditional_elbo, "gradient.x", "gradient.y", "gradient.phi")
@whole
def no_path_through_the_noise(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any,
) -> Any:
    """λ_bar of the divergence alone: the draw is held."""
    return bound(x, y, eps, phi, theta, psi, path=(1.0, 0.0), **options)


@mistake(conditional_elbo, "gradient.theta")
@whole
def decoder_trained_by_half(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any,
) -> Any:
    """θ_bar is half of what it is."""
    return bound(x, y, eps, phi, theta, psi, **heard(options, params=0.5, decoder=first(0)))


@mistake(conditional_elbo, "gradient.x", "gradient.y", "gradient.phi")
@whole
def divergence_of_a_held_encoder(
    x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any,
) -> Any:
    """The divergence moves the prior alone, as where the encoder's law is a target."""
    return bound(x, y, eps, phi, theta, psi, kl_path=(0.0, 0.0), **options)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(conditional_elbo, *ALL_BUT_THETA, blind=True)
@whole
def divergence_added(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """log p + KL: the sign of one term of a loss, in a bound."""
    return bound(x, y, eps, phi, theta, psi, weight=(1.0, -1.0), **options)


@mistake(conditional_elbo, *ALL_BUT_PSI, blind=True)
@whole
def mean_over_the_data(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """log p as a mean over the components of x, the divergence as a sum."""
    return bound(x, y, eps, phi, theta, psi, weight=(1 / max(x.shape[1], 1), 1.0), **options)


@mistake(conditional_elbo, *ALL_BUT_THETA, blind=True)
@whole
def mean_over_the_latents(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """The divergence as a mean over the latents, log p as a sum."""
    return bound(x, y, eps, phi, theta, psi, weight=(1.0, 1 / max(eps.shape[2], 1)), **options)


@mistake(conditional_elbo, *ALL_BUT_PSI, blind=True)
@whole
def conditions_in_turn(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """y is repeated as a whole beside draws of which each example's stand together; right for one draw."""
    return bound(x, y, eps, phi, theta, psi, laid=in_turn, **options)


@mistake(conditional_elbo, *ALL_BUT_THETA, blind=True)
@whole
def prior_of_unit_variance(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """λ_p = 0: the prior has a mean of its own, and no variance."""
    return bound(x, y, eps, phi, theta, psi, **options | {"prior": scaled_law(options["prior"], 0.0)})


@mistake(conditional_elbo, *ALL_BUT_PSI, blind=True)
@whole
def first_draw_alone(x: Array, y: Array, eps: Array, phi: Theta, theta: Theta, psi: Theta, **options: Any) -> Any:
    """One draw, whatever R is."""
    return bound(x, y, 0 * eps + eps[:, :1], phi, theta, psi, **options)
