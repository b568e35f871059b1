"""Mistakes in the evidence lower bound. The negative bound is a convention and none of them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.elbo import elbo
from refdgm.latent.likelihood import LIKELIHOODS
from refdgm.namespace import Array, namespace

BODY = elbo.body
Theta = dict[str, Array]


def bound(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
    power: float = 0.5, path: tuple[float, float] = (1.0, 1.0), kl_path: tuple[float, float] = (1.0, 1.0),
    into: tuple[float, float] = (1.0, 1.0), reverse: bool = False,
) -> Any:
    """The bound with σ = e^{power λ}, and weights of the paths of its gradient: those of μ and λ through the draws, of
    μ and λ through the divergence, of x into the likelihood and into the encoder; `reverse` is KL(N(0, I) ‖ q)."""
    xp, size = namespace(x), eps.shape[2]
    code, right = encoder.vjp(x, phi)
    mean, logvar = code[:, :size], code[:, size:]
    moved = xp.exp(power * logvar)[:, None, :] * eps
    z = xp.reshape(mean[:, None, :] + moved, (x.shape[0] * eps.shape[1], size))
    out, decoder_right = decoder.vjp(z, theta)
    log_p, law_right = LIKELIHOODS[likelihood](x, xp.reshape(out, (*eps.shape[:2], x.shape[1])))
    if reverse:
        weight = xp.exp(-logvar)
        kl, slopes = (logvar + (1 + mean**2) * weight - 1) / 2, (mean * weight, (1 - (1 + mean**2) * weight) / 2)
    else:
        kl, slopes = (mean**2 + xp.exp(logvar) - 1 - logvar) / 2, (mean, xp.expm1(logvar) / 2)
    kl = xp.sum(kl, axis=-1)

    def pullback(bar: Array) -> dict[str, Any]:
        out_bar, x_bar = law_right(bar[:, None] / eps.shape[1] + 0 * log_p)
        back = decoder_right(xp.reshape(out_bar, out.shape))
        z_bar, each = xp.reshape(back["x"], eps.shape), (beta * bar)[:, None]
        mean_bar = path[0] * xp.sum(z_bar, axis=1) - kl_path[0] * each * slopes[0]
        logvar_bar = path[1] * power * xp.sum(z_bar * moved, axis=1) - kl_path[1] * each * slopes[1]
        front = right(xp.concat([mean_bar, logvar_bar], axis=1))
        return {"x": into[0] * x_bar + into[1] * front["x"], "beta": -xp.sum(bar * kl), "phi": front["theta"],
                "theta": back["theta"]}

    return xp.mean(log_p, axis=1) - beta * kl, pullback


def named(encoder: Any, decoder: Any, likelihood: str) -> dict[str, Any]:
    return {"encoder": encoder, "decoder": decoder, "likelihood": likelihood}


def weighed(of: float, x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, options: Any) -> Any:
    """`of` times the mean log-likelihood, less β KL."""
    value, right = BODY(x, eps, beta / of, phi, theta, **options)
    return of * value, lambda bar: (g := right(of * bar)) | {"beta": g["beta"] / of}


# Wrong equations, rightly differentiated


@mistake(elbo, "value", "gradient.x", "gradient.phi", "gradient.theta")
def sum_of_the_draws(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """Σ_r for their mean, beside one divergence: the more draws, the less it counts; right for one."""
    return weighed(eps.shape[1], x, eps, beta, phi, theta, named(encoder, decoder, likelihood))


@mistake(elbo)
def beta_on_the_likelihood(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """β log p − KL: right at β = 1, but for β_bar."""
    value, right = BODY(x, eps, 1 / beta, phi, theta, **named(encoder, decoder, likelihood))

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(beta * bar)  # β (log p − KL/β), so that the slope in β is J(1/β) − β J'(1/β)/β²
        return g | {"beta": namespace(x).sum(bar * value) - g["beta"] / beta**2}

    return beta * value, pullback


@mistake(elbo, "value", "gradient.x", "gradient.phi", "gradient.theta")
def variance_for_deviation(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """z = μ + e^λ ε, beside the right divergence."""
    return bound(x, eps, beta, phi, theta, power=1.0, **named(encoder, decoder, likelihood))


@mistake(elbo, "value")
def mean_decoded(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """log p(x | μ) is reported, as where no noise is added when a model is only evaluated."""
    options = named(encoder, decoder, likelihood)
    return BODY(x, 0 * eps, beta, phi, theta, **options)[0], BODY(x, eps, beta, phi, theta, **options)[1]


# The value is right, a gradient is not


@mistake(elbo, "gradient.x", "gradient.phi")
def no_path_through_the_noise(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """λ_bar of the divergence alone: the draw is held, and the variance is pulled to one."""
    return bound(x, eps, beta, phi, theta, path=(1.0, 0.0), **named(encoder, decoder, likelihood))


@mistake(elbo, "gradient.x", "gradient.phi")
def divergence_without_the_mean(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """μ_bar of the draws alone."""
    return bound(x, eps, beta, phi, theta, kl_path=(0.0, 1.0), **named(encoder, decoder, likelihood))


@mistake(elbo, "gradient.x")
def data_not_encoded(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """x_bar of the likelihood alone: the way through the encoder is forgotten."""
    return bound(x, eps, beta, phi, theta, into=(1.0, 0.0), **named(encoder, decoder, likelihood))


@mistake(elbo, "gradient.x")
def target_held(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """x_bar through the encoder alone: what is to be reconstructed is taken for a label."""
    return bound(x, eps, beta, phi, theta, into=(0.0, 1.0), **named(encoder, decoder, likelihood))


@mistake(elbo, "gradient.theta")
def decoder_averaged_over_the_batch(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """θ_bar is divided by the batch once more."""
    value, right = BODY(x, eps, beta, phi, theta, **named(encoder, decoder, likelihood))

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {name: entry / (1 + x.shape[0]) for name, entry in g["theta"].items()}}

    return value, pullback


@mistake(elbo, "gradient.beta")
def divergence_rewarded(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """β_bar = +Σ J_bar KL."""
    value, right = BODY(x, eps, beta, phi, theta, **named(encoder, decoder, likelihood))
    return value, lambda bar: (g := right(bar)) | {"beta": -g["beta"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(elbo, "value", "gradient.x", "gradient.beta", "gradient.phi", seen="AntixK/PyTorch-VAE #68", blind=True)
def divergence_added(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """log p + β KL: the sign of one term of a loss, in a bound."""
    value, right = BODY(x, eps, -beta, phi, theta, **named(encoder, decoder, likelihood))
    return value, lambda bar: (g := right(bar)) | {"beta": -g["beta"]}


@mistake(elbo, "value", "gradient.x", "gradient.phi", "gradient.theta", seen="pytorch/examples #234", blind=True)
def mean_over_the_data(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """log p as a mean over the components of x, the divergence as a sum: β is D times as large as it says."""
    return weighed(1 / max(x.shape[1], 1), x, eps, beta, phi, theta, named(encoder, decoder, likelihood))


@mistake(elbo, "value", "gradient.x", "gradient.beta", "gradient.phi", seen="keras-team/keras #6015", blind=True)
def mean_over_the_latents(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """The divergence as a mean over the latents: β is smaller by their number than it says."""
    size = max(eps.shape[2], 1)
    value, right = BODY(x, eps, beta / size, phi, theta, **named(encoder, decoder, likelihood))
    return value, lambda bar: (g := right(bar)) | {"beta": g["beta"] / size}


@mistake(elbo, "value", "gradient.x", "gradient.beta", "gradient.phi", blind=True)
def divergence_the_other_way(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """KL(N(0, I) ‖ q)."""
    return bound(x, eps, beta, phi, theta, reverse=True, **named(encoder, decoder, likelihood))


@mistake(elbo, "value", "gradient.x", "gradient.phi", "gradient.theta", blind=True)
def first_draw_alone(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """One draw, whatever R is."""
    return BODY(x, 0 * eps + eps[:, :1], beta, phi, theta, **named(encoder, decoder, likelihood))


@mistake(elbo, "gradient.x", "gradient.phi", blind=True)
def divergence_of_a_held_encoder(
    x: Array, eps: Array, beta: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """No gradient of the divergence: an autoencoder with noise."""
    return bound(x, eps, beta, phi, theta, kl_path=(0.0, 0.0), **named(encoder, decoder, likelihood))
