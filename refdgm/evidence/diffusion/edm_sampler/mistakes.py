"""Mistakes in the EDM sampler."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from refdgm.diffusion.edm_heun_step import edm_heun_step
from refdgm.diffusion.edm_sampler import edm_sampler
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.between_levels import by_one_slope, over_the_old_level, to_the_mean
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Theta = dict[str, Array]
SAMPLER = edm_sampler.body


def width(churn: Array, noise_scale: Array) -> Array:
    """S √(γ (2 + γ))."""
    return noise_scale * namespace(churn).sqrt(churn * (2 + churn))


def raised(churn: Array) -> Array:
    """1 + γ."""
    return 1 + churn


def itself(churn: Array) -> Array:
    """1: the level as it was."""
    return 1 + 0 * churn


def summed(theta: Theta, fields: list[Any]) -> Theta:
    """What all pullbacks of the denoiser gave to its parameters."""
    total = {name: 0 * entry for name, entry in theta.items()}
    for g in fields:
        total = {name: entry + g["theta"][name] for name, entry in total.items()}
    return total


def sampled(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, denoiser: Field,
    step: Any = edm_heun_step.body, spread: Callable[[Array, Array], Array] = width, asked: Any = raised,
    left: Any = raised, ahead: bool = True, ending: float = 1.0,
) -> Any:
    """As `edm_sampler`, with another step, noise S √… of another width, the denoiser asked at `asked(γ)` σ_n, the step
    made from `left(γ)` σ_n, D′ asked at the level before where not `ahead`, and only this share of the last step."""
    xp, levels = namespace(x), sigmas.shape[0]
    kept: list[Any] = []
    for n in range(levels):
        k = spread(churn[n], noise_scale)
        hat, at, start = x + sigmas[n] * k * eps[:, n, :], asked(churn[n]), left(churn[n])
        first, back = denoiser.vjp(hat, at * sigmas[n], theta)
        x, more = hat + ending * (first - hat), None
        if n + 1 < levels:
            s, t = (level + 0 * hat[:, 0] for level in (start * sigmas[n], sigmas[n + 1]))
            euler, back_euler = by_one_slope(hat, first, first, s, t)
            second, back_second = denoiser.vjp(euler, sigmas[n + 1] if ahead else at * sigmas[n], theta)
            x, back_step = step(hat, first, second, s, t)
            more = (back_euler, back_second, back_step)
        kept.append((k, at, start, back, more))

    def pullback(bar: Array) -> dict[str, Any]:
        sigma_bars, fields = [xp.zeros_like(noise_scale)] * levels, []
        for n in range(levels - 1, -1, -1):
            k, at, start, back, more = kept[n]
            first_bar, hat_bar, s_bar, here = ending * bar, (1 - ending) * bar, xp.zeros_like(noise_scale), 0.0
            if more is not None:
                g = more[2](bar)
                second = more[1](g["denoised_next"])
                u = more[0](second["z"])
                first_bar, hat_bar = g["denoised"] + u["denoised"], g["x"] + u["x"]
                s_bar = xp.sum(g["sigma"] + u["sigma"])
                there, here = (second["t"], 0.0) if ahead else (0.0, second["t"])
                sigma_bars[n + 1] = sigma_bars[n + 1] + xp.sum(g["sigma_next"] + u["sigma_next"]) + there
                fields.append(second)
            first = back(first_bar)
            bar = hat_bar + first["z"]
            sigma_bars[n] = (
                sigma_bars[n] + start * s_bar + at * (first["t"] + here) + k * xp.sum(bar * eps[:, n, :]))
            fields.append(first)
        return {"x": bar, "sigmas": xp.stack(sigma_bars), "theta": summed(theta, fields)}

    return x, pullback


@mistake(edm_sampler)
def raised_by_the_difference(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """(σ_hat − σ) ε for √(σ_hat² − σ²) ε: deviations are subtracted, where variances are."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser, spread=lambda gamma, scale: scale * gamma)


@mistake(edm_sampler)
def scale_under_the_root(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """√(S (σ_hat² − σ²)): the factor of the deviation is given to the variance; right for S = 1."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser,
                   spread=lambda gamma, scale: width(gamma, scale) / namespace(x).sqrt(scale))


@mistake(edm_sampler)
def step_from_the_level_before_noise(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """The step starts from σ_n, not from σ_hat: the noise that has just been added is never taken away."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser, left=itself)


@mistake(edm_sampler)
def second_prediction_at_the_old_level(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """D′ is asked at σ_hat where it is asked at σ_{n+1}; right for a denoiser that does not look at the level."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser, ahead=False)


@mistake(edm_sampler, seen="huggingface/diffusers #1512")
def second_slope_over_the_old_level(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """(x_e − D′)/σ_hat for (x_e − D′)/σ_{n+1}."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser, step=over_the_old_level)


@mistake(edm_sampler)
def predictions_averaged(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """Euler's step to the mean of both predictions, in place of the mean of both slopes."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser, step=to_the_mean)


@mistake(edm_sampler, "gradient.sigmas")
def levels_of_the_denoiser_held(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """σ_bar through the steps and the noise alone: the denoiser's second argument is taken for a constant."""
    end, right = SAMPLER(x, eps, sigmas, churn, noise_scale, theta, denoiser=held(denoiser))
    return end, lambda bar: right(bar)


def held(denoiser: Field) -> Field:
    """The same, without the cotangent of the level."""
    def vjp(z: Array, t: Array, theta: Theta) -> Any:
        value, right = denoiser.vjp(z, t, theta)
        return value, lambda bar, wrt=("z", "t", "theta"): (g := right(bar, wrt=wrt)) | (
            {"t": 0 * g["t"]} if "t" in g else {})

    return replace(denoiser, vjp=vjp)


@mistake(edm_sampler, "gradient.sigmas")
def noise_of_the_level_held(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """σ_bar_n without S √(γ (2 + γ)) ⟨μ, ε_n⟩: the noise that raises is not differentiated; right for γ = 0."""
    end, right = SAMPLER(x, eps, sigmas, churn, noise_scale, theta, denoiser=denoiser)
    through = noise_bars(x, eps, sigmas, churn, noise_scale, theta, denoiser)
    return end, lambda bar: (g := right(bar)) | {"sigmas": g["sigmas"] - through(bar)}


def noise_bars(x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta,
               denoiser: Field) -> Any:
    """What σ_n receives through its noise: the slope of the end in a factor of ε_n, over σ_n."""
    xp, levels = namespace(x), sigmas.shape[0]

    def pullback(bar: Array) -> Array:
        found = []
        for n in range(levels):  # from the n-th level on, whose state's cotangent is that of x_hat
            k = width(churn[n], noise_scale)
            states = x
            for i in range(n):
                states = one_step(states, eps, sigmas, churn, noise_scale, theta, denoiser, i)
            rest = SAMPLER(states, eps[:, n:, :], sigmas[n:], churn[n:], noise_scale, theta, denoiser=denoiser)[1]
            found.append(k * xp.sum(rest(bar, wrt=("x",))["x"] * eps[:, n, :]))
        return xp.stack(found)

    return pullback


def one_step(x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, denoiser: Field,
             n: int) -> Array:
    """The state after the n-th step, not the last."""
    each = 0 * x[:, 0]
    s, t = raised(churn[n]) * sigmas[n], sigmas[n + 1]
    hat = x + sigmas[n] * width(churn[n], noise_scale) * eps[:, n, :]
    first = denoiser.vjp(hat, s, theta)[0]
    euler = by_one_slope(hat, first, first, s + each, t + each)[0]
    return edm_heun_step.body(hat, first, denoiser.vjp(euler, t, theta)[0], s + each, t + each)[0]


@mistake(edm_sampler, "gradient.theta")
def parameters_averaged_over_the_batch(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """θ_bar is a mean over the batch, where a sum belongs."""
    end, right = SAMPLER(x, eps, sigmas, churn, noise_scale, theta, denoiser=denoiser)
    return end, lambda bar: (g := right(bar)) | {"theta": {n: e / x.shape[0] for n, e in g["theta"].items()}}


@mistake(edm_sampler, "gradient.x")
def start_detached(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """The start receives no gradient."""
    end, right = SAMPLER(x, eps, sigmas, churn, noise_scale, theta, denoiser=denoiser)
    return end, lambda bar: right(bar) | {"x": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(edm_sampler, seen="huggingface/diffusers #8549", blind=True)
def asked_at_the_level_before_noise(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """The denoiser is asked at σ_n, not at σ_hat, with the state that has the noise of σ_hat; right for γ = 0."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser, asked=itself)


@mistake(edm_sampler, seen="AUTOMATIC1111/stable-diffusion-webui #8501", blind=True)
def noise_scale_ignored(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """S is one, whatever it is."""
    return sampled(x, eps, sigmas, churn, 1 + 0 * noise_scale, theta, denoiser)


@mistake(edm_sampler, seen="Koishi-Star/Euler-Smea-Dyn-Sampler #11", blind=True)
def churn_at_least(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """max for min: every level is raised by √2 − 1 at least, in a deterministic run too."""
    bound = 2.0**0.5 - 1
    return sampled(x, eps, sigmas, namespace(x).where(churn > bound, churn, bound + 0 * churn), noise_scale, theta,
                   denoiser)


@mistake(edm_sampler, seen="huggingface/diffusers #1481", blind=True)
def second_order_missing(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """Euler's steps under the name of Heun's; right for one level."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser, step=by_one_slope)


@mistake(edm_sampler, blind=True)
def half_of_the_last_step(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """The last step is averaged too, with a second slope that a guard against 1/0 has made zero: (x_hat + D)/2."""
    return sampled(x, eps, sigmas, churn, noise_scale, theta, denoiser, ending=0.5)


@mistake(edm_sampler, blind=True)
def stopped_at_the_last_level(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """The state at σ_T is returned with the noise that it has: the 0 after the levels was forgotten."""
    levels = sigmas.shape[0]
    kept = namespace(x).astype(namespace(x).arange(levels, device=x.device) < levels - 1, x.dtype)
    return sampled(x, eps, sigmas, churn * kept, noise_scale, theta, denoiser, ending=0.0)


@mistake(edm_sampler, blind=True)
def one_draw_for_all_levels(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: Theta, *, denoiser: Field
) -> Any:
    """The noise of the first level is added at every level."""
    return SAMPLER(x, eps[:, :1, :] + 0 * eps, sigmas, churn, noise_scale, theta, denoiser=denoiser)
