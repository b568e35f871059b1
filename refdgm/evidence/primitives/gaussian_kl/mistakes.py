"""Mistakes in the Kullback–Leibler divergences of diagonal Gaussians."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.primitives.gaussian_kl import gaussian_kl, gaussian_kl_between


def scaled(factor: float, value: Array, right: Any) -> Any:
    """A multiple of an objective, rightly differentiated."""
    return value * factor, lambda bar: {name: g * factor for name, g in right(bar).items()}


# To the standard normal: wrong equations, rightly differentiated


@mistake(gaussian_kl)
def missing_half(mean: Array, logvar: Array) -> Any:
    """Σ (μ² + e^λ − 1 − λ): twice the divergence."""
    return scaled(2.0, *gaussian_kl.body(mean, logvar))


@mistake(gaussian_kl, seen="maxhodak/keras-molecules #59; mkusner/grammarVAE #2")
def mean_over_latents(mean: Array, logvar: Array) -> Any:
    """A mean over the latent axis where the sum belongs: the regulariser is 1/D of what it should be."""
    return scaled(1 / mean.shape[1], *gaussian_kl.body(mean, logvar))


@mistake(gaussian_kl, seen="EDAPINENUT/GNTPP #4; GlassyWing/nvae #3; scverse/pertpy #1028")
def summed_over_batch(mean: Array, logvar: Array) -> Any:
    """A sum without its axis: every example carries the whole batch; right for a batch of one."""
    xp = namespace(mean)
    loss, right = gaussian_kl.body(mean, logvar)
    everyone = xp.ones_like(loss)
    return everyone * xp.sum(loss), lambda bar: right(everyone * xp.sum(bar))


@mistake(gaussian_kl)
def reversed_divergence(mean: Array, logvar: Array) -> Any:
    """KL(N(0, I) ‖ N(μ, e^λ))."""
    zero = 0 * mean
    loss, right = gaussian_kl_between.body(zero, zero, mean, logvar)
    return loss, lambda bar: {"mean": (g := right(bar))["mean_p"], "logvar": g["logvar_p"]}


@mistake(gaussian_kl, "value", "gradient.logvar",
         seen="rachtsingh/ibp_vae #3; rishikksh20/vae_tacotron2 #3; bjlkeng/sandbox #10")
def exponential_taken_for_deviation(mean: Array, logvar: Array) -> Any:
    """σ = e^λ, so σ² became e^{2λ}, while the logarithm stayed λ; right at λ = 0."""
    xp = namespace(mean)
    loss = xp.sum(mean * mean + xp.exp(2 * logvar) - 1 - logvar, axis=-1) / 2
    return loss, lambda bar: {
        "mean": bar[:, None] * mean,
        "logvar": bar[:, None] * (2 * xp.exp(2 * logvar) - 1) / 2,
    }


@mistake(gaussian_kl, "value", "gradient.logvar", seen="deepchem/deepchem #4888")
def logvar_taken_for_deviation(mean: Array, logvar: Array) -> Any:
    """½ Σ (μ² + λ² − log λ² − 1): the network's log-variance used as σ itself."""
    xp = namespace(mean)
    loss = xp.sum(mean * mean + logvar * logvar - xp.log(logvar * logvar) - 1, axis=-1) / 2
    return loss, lambda bar: {"mean": bar[:, None] * mean, "logvar": bar[:, None] * (logvar - 1 / logvar)}


@mistake(gaussian_kl, "value", "gradient.logvar")
def square_of_the_logarithm(mean: Array, logvar: Array) -> Any:
    """(log σ)² for log σ², which is 2 log σ: −λ became −λ²/4."""
    xp = namespace(mean)
    loss = xp.sum(mean * mean + xp.exp(logvar) - 1 - logvar * logvar / 4, axis=-1) / 2
    return loss, lambda bar: {"mean": bar[:, None] * mean, "logvar": bar[:, None] * (xp.exp(logvar) - logvar / 2) / 2}


@mistake(gaussian_kl, "value", seen="ericjang/draw #2")
def constant_dropped(mean: Array, logvar: Array) -> Any:
    """No −1: every gradient is right and the divergence of equal distributions is D/2."""
    loss, right = gaussian_kl.body(mean, logvar)
    return loss + mean.shape[1] / 2, right


@mistake(gaussian_kl, "value", seen="AntixK/PyTorch-VAE #68")
def reported_with_opposite_sign(mean: Array, logvar: Array) -> Any:
    """What is reported has the opposite sign of what is minimised."""
    loss, right = gaussian_kl.body(mean, logvar)
    return -loss, right


# To the standard normal: the value is right, its gradient is not


@mistake(gaussian_kl, "gradient.logvar")
def logvar_gradient_without_one(mean: Array, logvar: Array) -> Any:
    """λ_bar = e^λ / 2: the −1 of the logarithm's derivative is dropped."""
    loss, right = gaussian_kl.body(mean, logvar)
    return loss, lambda bar: (g := right(bar)) | {"logvar": g["logvar"] + bar[:, None] / 2}


@mistake(gaussian_kl, "gradient.logvar")
def logvar_gradient_sign(mean: Array, logvar: Array) -> Any:
    """λ_bar = (1 − e^λ)/2: drives the variance away from one."""
    loss, right = gaussian_kl.body(mean, logvar)
    return loss, lambda bar: (g := right(bar)) | {"logvar": -g["logvar"]}


@mistake(gaussian_kl, "gradient.logvar")
def logvar_gradient_of_deviation(mean: Array, logvar: Array) -> Any:
    """λ_bar = e^λ − 1: the derivative with respect to log σ."""
    loss, right = gaussian_kl.body(mean, logvar)
    return loss, lambda bar: (g := right(bar)) | {"logvar": 2 * g["logvar"]}


@mistake(gaussian_kl, "gradient.mean")
def mean_gradient_doubled(mean: Array, logvar: Array) -> Any:
    """μ_bar = 2 μ: the square is differentiated, its half forgotten."""
    loss, right = gaussian_kl.body(mean, logvar)
    return loss, lambda bar: (g := right(bar)) | {"mean": 2 * g["mean"]}


@mistake(gaussian_kl, "gradient.mean", "gradient.logvar")
def cotangent_ignored(mean: Array, logvar: Array) -> Any:
    """The gradient of the sum, whatever the cotangent: seen by no test whose cotangent is all ones."""
    loss, right = gaussian_kl.body(mean, logvar)
    return loss, lambda bar: right(0 * bar + 1)


# Between two Gaussians


@mistake(gaussian_kl_between)
def arguments_exchanged(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """KL(p ‖ q): the arguments in the other order."""
    loss, right = gaussian_kl_between.body(mean_p, logvar_p, mean_q, logvar_q)
    return loss, lambda bar: {
        "mean_q": (g := right(bar))["mean_p"],
        "logvar_q": g["logvar_p"],
        "mean_p": g["mean_q"],
        "logvar_p": g["logvar_q"],
    }


@mistake(gaussian_kl_between)
def half_missing(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """Twice the divergence."""
    return scaled(2.0, *gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p))


@mistake(gaussian_kl_between, seen="maxhodak/keras-molecules #59; mkusner/grammarVAE #2")
def averaged_over_latents(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """A mean over the latent axis where the sum belongs."""
    return scaled(1 / mean_q.shape[1], *gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p))


def with_precision(exponent: float, mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """½ Σ ((μ_q − μ_p)² e^{−κλ_p} + e^δ − 1 − δ), which is right for κ = 1, rightly differentiated."""
    xp = namespace(mean_q)
    delta, apart, precision = logvar_q - logvar_p, mean_q - mean_p, xp.exp(-exponent * logvar_p)
    loss = xp.sum(apart * apart * precision + xp.exp(delta) - 1 - delta, axis=-1) / 2

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar[:, None]
        spread = each * (xp.exp(delta) - 1) / 2
        return {
            "mean_q": each * apart * precision,
            "logvar_q": spread,
            "mean_p": -each * apart * precision,
            "logvar_p": -spread - each * exponent * apart * apart * precision / 2,
        }

    return loss, pullback


@mistake(gaussian_kl_between, "value", "gradient.mean_q", "gradient.mean_p", "gradient.logvar_p")
def means_not_scaled(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """(μ_q − μ_p)² is not divided by σ_p²; right where p has unit variance."""
    return with_precision(0.0, mean_q, logvar_q, mean_p, logvar_p)


@mistake(gaussian_kl_between, "value", "gradient.mean_q", "gradient.mean_p", "gradient.logvar_p")
def divided_by_deviation(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """(μ_q − μ_p)² is divided by σ_p, not by σ_p²."""
    return with_precision(0.5, mean_q, logvar_q, mean_p, logvar_p)


@mistake(gaussian_kl_between, "value", "gradient.logvar_q", "gradient.logvar_p")
def variance_ratio_inverted(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """e^{−δ} for e^δ, with −δ kept: σ_p²/σ_q² in place of σ_q²/σ_p²."""
    xp = namespace(mean_q)
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    delta = logvar_q - logvar_p
    excess = xp.exp(-delta) - xp.exp(delta)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        moved = -bar[:, None] * (xp.exp(-delta) + xp.exp(delta)) / 2
        return g | {"logvar_q": g["logvar_q"] + moved, "logvar_p": g["logvar_p"] - moved}

    return loss + xp.sum(excess, axis=-1) / 2, pullback


@mistake(gaussian_kl_between, "value", "gradient.logvar_q", "gradient.logvar_p")
def posterior_variance_for_deviation(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """The variance of q is handed over as its deviation, that of p as it should be."""
    loss, right = gaussian_kl_between.body(mean_q, 2 * logvar_q, mean_p, logvar_p)
    return loss, lambda bar: (g := right(bar)) | {"logvar_q": 2 * g["logvar_q"]}


@mistake(gaussian_kl_between, "value", "gradient.mean_q", "gradient.mean_p", "gradient.logvar_q", "gradient.logvar_p")
def prior_variance_for_deviation(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """The variance of p is handed over as its deviation, that of q as it should be."""
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, 2 * logvar_p)
    return loss, lambda bar: (g := right(bar)) | {"logvar_p": 2 * g["logvar_p"]}


@mistake(gaussian_kl_between, "value", seen="ericjang/draw #2")
def constant_forgotten(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """No −1: every gradient is right."""
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    return loss + mean_q.shape[1] / 2, right


@mistake(gaussian_kl_between, "gradient.mean_p")
def prior_mean_sign(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """μ_bar_p = μ_bar_q: it pushes a learned prior away from the posterior."""
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    return loss, lambda bar: (g := right(bar)) | {"mean_p": -g["mean_p"]}


@mistake(gaussian_kl_between, "gradient.logvar_p")
def prior_variance_without_means(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """λ_bar_p = −λ_bar_q: the variance under the squared distance of the means is forgotten."""
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    return loss, lambda bar: (g := right(bar)) | {"logvar_p": -g["logvar_q"]}


@mistake(gaussian_kl_between, "gradient.mean_p", "gradient.logvar_p")
def prior_detached(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """A learned prior that receives no gradient."""
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    return loss, lambda bar: (g := right(bar)) | {n: 0 * g[n] for n in ("mean_p", "logvar_p")}


@mistake(gaussian_kl_between, "gradient.logvar_q")
def posterior_variance_without_one(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """λ_bar_q = e^δ / 2: the −1 of the logarithm's derivative is dropped."""
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    return loss, lambda bar: (g := right(bar)) | {"logvar_q": g["logvar_q"] + bar[:, None] / 2}


# --- planted by people who had not seen the cases, or after public code ---------------------------

# The divergence from the standard normal


@mistake(gaussian_kl, "value", "gradient.logvar", seen="FluxML/model-zoo #147", blind=True)
def logarithm_added(mean: Array, logvar: Array) -> Any:
    """½ Σ (μ² + e^λ − 1 + λ): the logarithm has the wrong sign."""
    xp = namespace(mean)
    loss, right = gaussian_kl.body(mean, logvar)
    return loss + xp.sum(logvar, axis=-1), lambda bar: (g := right(bar)) | {"logvar": g["logvar"] + bar[:, None]}


@mistake(gaussian_kl, "value", "gradient.logvar", seen="DaehanKim/vgae_pytorch #2", blind=True)
def deviation_not_squared(mean: Array, logvar: Array) -> Any:
    """½ Σ (μ² + σ − 1 − log σ²): the deviation stands where its square belongs."""
    xp = namespace(mean)
    sigma = xp.exp(logvar / 2)
    loss = xp.sum(mean * mean + sigma - 1 - logvar, axis=-1) / 2
    return loss, lambda bar: {"mean": bar[:, None] * mean, "logvar": bar[:, None] * (sigma / 2 - 1) / 2}


@mistake(gaussian_kl, "value", "gradient.logvar", blind=True)
def logvar_clamped(mean: Array, logvar: Array) -> Any:
    """λ is clamped to [−30, 20], as latent diffusion's posterior has it, and receives no gradient beyond."""
    xp = namespace(mean)
    loss, right = gaussian_kl.body(mean, xp.minimum(xp.maximum(logvar, -30), 20))
    within = xp.astype((logvar >= -30) & (logvar <= 20), logvar.dtype)
    return loss, lambda bar: (g := right(bar)) | {"logvar": within * g["logvar"]}


@mistake(gaussian_kl, "gradient.logvar", blind=True)
def variance_gradient_linearised(mean: Array, logvar: Array) -> Any:
    """λ_bar = J_bar λ / 2, the first term of e^λ − 1; right near unit variance."""
    loss, right = gaussian_kl.body(mean, logvar)
    return loss, lambda bar: right(bar) | {"logvar": bar[:, None] * logvar / 2}


# The divergence of two Gaussians


@mistake(gaussian_kl_between, blind=True)
def means_scaled_by_the_posterior(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """(μ_q − μ_p)² is divided by σ_q², not by σ_p²; right where the variances are equal, but for their gradients."""
    xp = namespace(mean_q)
    delta, apart, precision = logvar_q - logvar_p, mean_q - mean_p, xp.exp(-logvar_q)
    square = apart * apart * precision
    loss = xp.sum(square + xp.expm1(delta) - delta, axis=-1) / 2

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar[:, None]
        spread = each * xp.expm1(delta) / 2
        return {
            "mean_q": each * apart * precision,
            "logvar_q": spread - each * square / 2,
            "mean_p": -each * apart * precision,
            "logvar_p": -spread,
        }

    return loss, pullback


@mistake(gaussian_kl_between, "value", "gradient.logvar_q", "gradient.logvar_p", blind=True)
def variance_not_divided_by_the_prior(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """e^λ_q for e^δ, the rest as it was: right where p has unit variance, but for λ_bar_p."""
    xp = namespace(mean_q)
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    variance, ratio = xp.exp(logvar_q), xp.exp(logvar_q - logvar_p)

    def pullback(bar: Array) -> dict[str, Array]:
        g, each = right(bar), bar[:, None]
        return g | {
            "logvar_q": g["logvar_q"] + each * (variance - ratio) / 2,
            "logvar_p": g["logvar_p"] + each * ratio / 2,
        }

    return loss + xp.sum(variance - ratio, axis=-1) / 2, pullback


@mistake(gaussian_kl_between, "gradient.logvar_q", blind=True)
def posterior_variance_hears_the_means(mean_q: Array, logvar_q: Array, mean_p: Array, logvar_p: Array) -> Any:
    """λ_bar_q = −λ_bar_p: the squared distance of the means is pulled back to q's variance too, of which it knows
    nothing."""
    loss, right = gaussian_kl_between.body(mean_q, logvar_q, mean_p, logvar_p)
    return loss, lambda bar: (g := right(bar)) | {"logvar_q": -g["logvar_p"]}
