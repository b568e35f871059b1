"""Mistakes planted after the cases were frozen that are those of published code, or one slip away from it."""

from dataclasses import replace
from typing import Any

from refdgm.diffusion.ddim_step import ddim_step
from refdgm.diffusion.guidance_rescale import guidance_rescale
from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density
from refdgm.flow.hutchinson_trace import hutchinson_trace
from refdgm.mistakes.langevin import summed, walked
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.rescale import brought
from refdgm.mistakes.sliced import plain
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.score.sliced_score_matching import sliced_score_matching
from refdgm.sde.annealed_langevin import annealed_langevin

Theta = dict[str, Array]


@mistake(sliced_score_matching, "gradient.x", "gradient.theta")
def square_detached(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """½ ⟨v, s⟩² is formed where nothing is differentiated: the gradient is that of the trace alone."""
    return plain(x, probe, theta, score, along_bar=0.0)


@mistake(hutchinson_trace)
def averaged_over_components(x: Array, probe: Array, theta: Theta, *, score: Field) -> Any:
    """⟨v, ṡ⟩ as a mean over the components: the trace divided by D."""
    value, right = hutchinson_trace.body(x, probe, theta, score=score)
    return value / x.shape[1], lambda bar: right(bar / x.shape[1])


@mistake(annealed_langevin)
def state_before_the_last_step(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: Theta, *, score: Field
) -> Any:
    """The states are stored before each step, and the last of them is returned: the last step is computed in vain."""
    xp, levels = namespace(x), eps.shape[1]
    visits = [(i, t) for i in range(levels) for t in range(eps.shape[2])][:-1]
    step = [base_step * (sigmas[i] / sigmas[levels - 1]) ** 2 for i in range(levels)]
    end, back = walked(
        x, [eps[:, i, t, :] for i, t in visits], [step[i] for i, _ in visits],
        [lambda z, i=i: score.vjp(z, sigmas[i], theta) for i, _ in visits],
    )

    def pullback(bar: Array) -> dict[str, Any]:
        x_bar, step_bars, field_bars = back(bar)
        base_bar, sigma_bars = xp.zeros_like(base_step), [xp.zeros_like(base_step)] * levels
        for (i, _), step_bar, g in zip(visits, step_bars, field_bars, strict=True):
            base_bar = base_bar + step_bar * step[i] / base_step
            sigma_bars[i] = sigma_bars[i] + 2 * step_bar * step[i] / sigmas[i] + g["t"]
            sigma_bars[-1] = sigma_bars[-1] - 2 * step_bar * step[i] / sigmas[levels - 1]
        return {"x": x_bar, "sigmas": xp.stack(sigma_bars), "base_step": base_bar, "theta": summed(theta, field_bars)}

    return end, pullback


@mistake(ddim_step, "value", "gradient.eta")
def noise_never_added(
    xt: Array, eps_pred: Array, noise: Array, beta: Array, alpha_prod_prev: Array, eta: Array
) -> Any:
    """The direction makes room for σ z, which is not added."""
    return ddim_step.body(xt, eps_pred, 0 * noise, beta, alpha_prod_prev, eta)


@mistake(guidance_rescale)
def deviation_over_the_first_axis(guided: Array, cond: Array, phi: Array) -> Any:
    """The deviations are taken over the first axis of an example alone, the channels; right where there is no other."""
    return brought(guided, cond, phi, (1,))


def timeless(velocity: Field) -> Field:
    """The velocity with a clock that receives no gradient."""

    def jvp(z: Array, z_dot: Array, t: Array, theta: Theta) -> Any:
        outputs, right = velocity.jvp(z, z_dot, t, theta)

        def pullback(*bars: Array, wrt: tuple[str, ...]) -> dict[str, Any]:
            g = right(*bars, wrt=wrt)
            return g | {"t": 0 * g["t"]} if "t" in wrt else g

        return outputs, pullback

    return replace(velocity, jvp=jvp)


@mistake(cnf_log_density, "gradient.t0", "gradient.t1")
def clock_detached(x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int) -> Any:
    """The time in the field is a new constant in every stage: t̄₀ and t̄₁ come through the step size alone."""
    return cnf_log_density.body(x, t0, t1, theta, velocity=timeless(velocity), method=method, steps=steps)


@mistake(ffjord_log_density, "gradient.t0", "gradient.t1")
def estimate_with_a_detached_clock(
    x: Array, probe: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The time in the field is a new constant in every stage: t̄₀ and t̄₁ come through the step size alone."""
    return ffjord_log_density.body(
        x, probe, t0, t1, theta, velocity=timeless(velocity), method=method, steps=steps
    )
