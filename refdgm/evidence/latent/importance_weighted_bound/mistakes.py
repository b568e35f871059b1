"""Mistakes in the importance weighted bound. The negative bound is a convention and none of them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.importance_weighted_bound import importance_weighted_bound
from refdgm.latent.likelihood import LIKELIHOODS
from refdgm.namespace import Array, namespace

BODY = importance_weighted_bound.body
Theta = dict[str, Array]


def shares(log_w: Array) -> Array:
    """softmax over the draws."""
    xp = namespace(log_w)
    e = xp.exp(log_w - xp.max(log_w, axis=1, keepdims=True))
    return e / xp.sum(e, axis=1, keepdims=True)


def mean_of_logs(log_w: Array) -> tuple[Array, Array]:
    xp = namespace(log_w)
    return xp.mean(log_w, axis=1), xp.ones_like(log_w) / log_w.shape[1]


def log_of_mean(log_w: Array) -> tuple[Array, Array]:
    xp = namespace(log_w)
    top = xp.max(log_w, axis=1)
    return top + xp.log(xp.mean(xp.exp(log_w - top[:, None]), axis=1)), shares(log_w)


def bound(
    x: Array, eps: Array, phi: Theta, theta: Theta, encoder: Any, decoder: Any, likelihood: str, *,
    combine: Any = log_of_mean, power: float = 0.5, closed: bool = False, spread: float = 1.0, prior: float = 1.0,
    into: float = 1.0, decoded: Any = None,
) -> Any:
    """`combine(log w)`, a value and the slopes that it has or that are taken for them; σ = e^{power λ}; with `closed`
    the divergence in closed form for each draw; `spread`, `prior` and `into` weigh the slopes of ½ Σ λ, of the prior
    and of the encoder in x; `decoded` makes other slopes for θ."""
    xp, size = namespace(x), eps.shape[2]
    code, front = encoder.vjp(x, phi)
    mean, logvar = code[:, :size], code[:, size:]
    moved = xp.exp(power * logvar)[:, None, :] * eps
    z = mean[:, None, :] + moved
    out, back = decoder.vjp(xp.reshape(z, (x.shape[0] * eps.shape[1], size)), theta)
    log_p, of_law = LIKELIHOODS[likelihood](x, xp.reshape(out, (*eps.shape[:2], x.shape[1])))
    if closed:
        log_w = log_p - xp.sum(mean**2 + xp.exp(logvar) - 1 - logvar, axis=1)[:, None] / 2
    else:
        log_w = log_p + xp.sum(eps**2 - z**2 + 2 * power * logvar[:, None, :], axis=2) / 2
    value, slopes = combine(log_w)

    def pullback(bar: Array) -> dict[str, Any]:
        each, whole = bar[:, None] * slopes, xp.sum(bar[:, None] * slopes, axis=1)[:, None]
        out_bar, x_bar = of_law(each)
        g = back(xp.reshape(out_bar, out.shape))
        z_bar = xp.reshape(g["x"], eps.shape) - (0.0 if closed else prior) * each[:, :, None] * z
        mean_bar, logvar_bar = xp.sum(z_bar, axis=1), power * xp.sum(z_bar * moved, axis=1)
        if closed:
            mean_bar, logvar_bar = mean_bar - whole * mean, logvar_bar - whole * xp.expm1(logvar) / 2
        else:
            logvar_bar = logvar_bar + spread * power * whole
        of_encoder = front(xp.concat([mean_bar, logvar_bar], axis=1))
        other = back(xp.reshape(of_law(decoded(each))[0], out.shape)) if decoded else g
        return {"x": x_bar + into * of_encoder["x"], "phi": of_encoder["theta"], "theta": other["theta"]}

    return value, pullback


# Wrong equations, rightly differentiated


@mistake(importance_weighted_bound)
def divergence_in_closed_form(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """log w_r = log p(x | z_r) − KL: the weights of the draws differ by their reconstruction alone."""
    return bound(x, eps, phi, theta, encoder, decoder, likelihood, closed=True)


@mistake(importance_weighted_bound)
def variance_for_deviation(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """z = μ + e^λ ε, with the density of such a draw."""
    return bound(x, eps, phi, theta, encoder, decoder, likelihood, power=1.0)


# The value is right, a gradient is not


@mistake(importance_weighted_bound, "gradient.x", "gradient.phi", "gradient.theta")
def gradient_of_the_mean_of_logs(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """Every draw counts alike in the gradient: that of the evidence lower bound."""
    return bound(x, eps, phi, theta, encoder, decoder, likelihood,
                 combine=lambda log_w: (log_of_mean(log_w)[0], mean_of_logs(log_w)[1]))


@mistake(importance_weighted_bound, "gradient.x", "gradient.phi")
def prior_held(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """z_bar without −g_bar z: nothing pulls the draws to the prior."""
    return bound(x, eps, phi, theta, encoder, decoder, likelihood, prior=0.0)


@mistake(importance_weighted_bound, "gradient.x", "gradient.phi")
def entropy_held(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """λ_bar without ½ J_bar: nothing keeps the variances from falling."""
    return bound(x, eps, phi, theta, encoder, decoder, likelihood, spread=0.0)


@mistake(importance_weighted_bound, "gradient.x")
def data_not_encoded(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """x_bar of the likelihood alone."""
    return bound(x, eps, phi, theta, encoder, decoder, likelihood, into=0.0)


@mistake(importance_weighted_bound, "gradient.theta")
def decoder_taught_by_all_draws_alike(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """θ_bar of the mean of the logarithms, φ_bar of the logarithm of the mean."""
    xp = namespace(x)
    alike = lambda each: xp.zeros_like(each) + xp.mean(each, axis=1, keepdims=True)
    return bound(x, eps, phi, theta, encoder, decoder, likelihood, decoded=alike)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(importance_weighted_bound, seen="arahuja/generative-tf #1", blind=True)
def mean_of_the_logarithms(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """1/R Σ log w_r: the evidence lower bound, which no number of draws makes tighter."""
    return bound(x, eps, phi, theta, encoder, decoder, likelihood, combine=mean_of_logs)


@mistake(importance_weighted_bound, "value", seen="scverse/scvi-tools #13", blind=True)
def sum_of_the_weights(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """log Σ_r w_r: log R too much, and above the evidence before long."""
    value, right = BODY(x, eps, phi, theta, encoder=encoder, decoder=decoder, likelihood=likelihood)
    return value + namespace(x).log(eps.shape[1] * namespace(x).ones_like(value)), right


@mistake(importance_weighted_bound, "value", seen="AntixK/PyTorch-VAE #34", blind=True)
def weighed_mean_of_the_logarithms(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """Σ w_tilde_r log w_r of weights w_tilde that are held is reported, of which only the gradient is right."""
    xp = namespace(x)
    return bound(x, eps, phi, theta, encoder, decoder, likelihood,
                 combine=lambda log_w: (xp.sum(shares(log_w) * log_w, axis=1), shares(log_w)))


@mistake(importance_weighted_bound, "gradient.x", "gradient.phi", "gradient.theta", blind=True)
def weights_of_the_costs(
    x: Array, eps: Array, phi: Theta, theta: Theta, *, encoder: Any, decoder: Any, likelihood: str,
) -> Any:
    """The softmax is taken of the losses −log w: the worst draw teaches most."""
    return bound(x, eps, phi, theta, encoder, decoder, likelihood,
                 combine=lambda log_w: (log_of_mean(log_w)[0], shares(-log_w)))
