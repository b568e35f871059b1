"""Mistakes in the draw of a Gaussian. A log-variance that is log σ is a convention and none of them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.gaussian_reparameterization import gaussian_reparameterization
from refdgm.namespace import Array, namespace

BODY = gaussian_reparameterization.body


def with_deviation(mean: Array, eps: Array, sigma: Array, slope: Array) -> Any:
    """μ + σ ε with another σ(λ), rightly differentiated by its slope."""
    return mean + sigma * eps, lambda bar: {"mean": bar, "logvar": bar * eps * slope}


# Wrong equations, rightly differentiated


@mistake(gaussian_reparameterization, "value", "gradient.logvar")
def root_of_the_precision(mean: Array, logvar: Array, eps: Array) -> Any:
    """e^{−λ/2}: λ read as the logarithm of the precision."""
    z, right = BODY(mean, -logvar, eps)
    return z, lambda bar: (g := right(bar)) | {"logvar": -g["logvar"]}


@mistake(gaussian_reparameterization, "value", "gradient.logvar")
def noise_of_the_first_example(mean: Array, logvar: Array, eps: Array) -> Any:
    """One draw for the whole batch; right for a single example."""
    return BODY(mean, logvar, 0 * eps + eps[:1])


@mistake(gaussian_reparameterization)
def mean_scaled_too(mean: Array, logvar: Array, eps: Array) -> Any:
    """(μ + ε) e^{λ/2}: the noise is shifted first."""
    sigma = namespace(mean).exp(logvar / 2)
    return (mean + eps) * sigma, lambda bar: {"mean": bar * sigma, "logvar": bar * (mean + eps) * sigma / 2}


@mistake(gaussian_reparameterization, "value")
def mean_reported(mean: Array, logvar: Array, eps: Array) -> Any:
    """z = μ, as where the model is only evaluated, with the gradients of a draw."""
    return 1 * mean, BODY(mean, logvar, eps)[1]


# The value is right, a gradient is not


@mistake(gaussian_reparameterization, "gradient.mean")
def mean_detached(mean: Array, logvar: Array, eps: Array) -> Any:
    """μ_bar = 0: the draw is taken for data."""
    z, right = BODY(mean, logvar, eps)
    return z, lambda bar: (g := right(bar)) | {"mean": 0 * g["mean"]}


@mistake(gaussian_reparameterization, "gradient.mean")
def mean_gradient_through_the_deviation(mean: Array, logvar: Array, eps: Array) -> Any:
    """μ_bar = z_bar e^{λ/2}."""
    z, right = BODY(mean, logvar, eps)
    return z, lambda bar: right(bar) | {"mean": bar * namespace(mean).exp(logvar / 2)}


@mistake(gaussian_reparameterization, "gradient.logvar")
def half_forgotten(mean: Array, logvar: Array, eps: Array) -> Any:
    """λ_bar = z_bar e^{λ/2} ε: the derivative with respect to log σ."""
    z, right = BODY(mean, logvar, eps)
    return z, lambda bar: (g := right(bar)) | {"logvar": 2 * g["logvar"]}


@mistake(gaussian_reparameterization, "gradient.logvar")
def deviation_forgotten(mean: Array, logvar: Array, eps: Array) -> Any:
    """λ_bar = ½ z_bar ε: right at unit variance."""
    z, right = BODY(mean, logvar, eps)
    return z, lambda bar: right(bar) | {"logvar": bar * eps / 2}


@mistake(gaussian_reparameterization, "gradient.logvar")
def scaled_noise_held(mean: Array, logvar: Array, eps: Array) -> Any:
    """λ_bar = 0: noise of N(0, diag e^λ) is drawn and added, so that nothing leads back to λ."""
    z, right = BODY(mean, logvar, eps)
    return z, lambda bar: (g := right(bar)) | {"logvar": 0 * g["logvar"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(gaussian_reparameterization, "value", "gradient.logvar", seen="rachtsingh/ibp_vae #3", blind=True)
def variance_for_deviation(mean: Array, logvar: Array, eps: Array) -> Any:
    """μ + e^λ ε: right at unit variance, but for λ_bar."""
    sigma = namespace(mean).exp(logvar)
    return with_deviation(mean, eps, sigma, sigma)


@mistake(gaussian_reparameterization, "value", "gradient.logvar", seen="keras-team/keras #4211", blind=True)
def noise_of_a_hundredth(mean: Array, logvar: Array, eps: Array) -> Any:
    """μ + e^{λ/2} ε/100, of an ε that was meant to have the deviation one."""
    return BODY(mean, logvar, eps / 100)


@mistake(gaussian_reparameterization, "value", "gradient.logvar", seen="masato-ka/airc-rl-agent #43", blind=True)
def softplus_of_the_log_variance(mean: Array, logvar: Array, eps: Array) -> Any:
    """μ + log(1 + e^λ) ε: a network's raw scale in one place, a log-variance in the other."""
    xp = namespace(mean)
    t = xp.exp(-xp.abs(logvar))
    return with_deviation(mean, eps, xp.maximum(logvar, 0) + xp.log1p(t), xp.exp(xp.minimum(logvar, 0)) / (1 + t))


@mistake(gaussian_reparameterization, "gradient.logvar", blind=True)
def draw_for_its_deviation(mean: Array, logvar: Array, eps: Array) -> Any:
    """λ_bar = ½ z_bar z, where z − μ belongs: right at a mean of zero."""
    z, right = BODY(mean, logvar, eps)
    return z, lambda bar: right(bar) | {"logvar": bar * z / 2}


@mistake(gaussian_reparameterization, "gradient.logvar", blind=True)
def gradient_of_the_variance(mean: Array, logvar: Array, eps: Array) -> Any:
    """λ_bar = z_bar ε/(2σ): the derivative with respect to σ², the logarithm forgotten; right at unit variance."""
    z, right = BODY(mean, logvar, eps)
    return z, lambda bar: right(bar) | {"logvar": bar * eps * namespace(mean).exp(-logvar / 2) / 2}
