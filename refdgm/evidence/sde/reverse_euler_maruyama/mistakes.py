"""Mistakes in steps against the time."""

from dataclasses import replace
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.sde.marching import ONE, Visit, marched, term
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.sde.reverse_euler_maruyama import reverse_euler_maruyama

Theta = dict[str, Array]
BODY = reverse_euler_maruyama.body
STAY = (*ONE, *term(-1.0, h=1, slope=1))
FLOW = term(0.5, h=1, diffusion=2)
PUSH = (*FLOW, *term(0.5, h=1, diffusion=2, noise_scale=2))
SHAKE = term(diffusion=1, h=0.5, noise_scale=1)
GRADIENTS = tuple(f"gradient.{name}" for name in reverse_euler_maruyama.wrt)


def walked(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
           theta: Theta, score: Field, order: Any = None, held: Any = (), bent: bool = True, **wrong: Any) -> Any:
    """As `reverse_euler_maruyama`, with other parts of a step; `order` are the steps whose noise is used."""
    order = range(eps.shape[1]) if order is None else order
    right = Visit(0, eps, stay=STAY, push=PUSH, shake=SHAKE)
    visits = [replace(right, n=n, noise=eps[:, of, :], **wrong) for n, of in enumerate(order)]
    given = {"times": times, "h": h, "slope": slope, "diffusion": diffusion, "noise_scale": noise_scale}
    return marched(x, theta, given, score, visits, bent, held)


@mistake(reverse_euler_maruyama)
def forward_in_time(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
                    theta: Theta, *, score: Field) -> Any:
    """x + h [a x − c g² s]: the reversed equation is run with the time, away from the data."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, stay=(*ONE, *term(h=1, slope=1)),
                  push=tuple((-c, powers) for c, powers in PUSH))


@mistake(reverse_euler_maruyama)
def slope_of_the_other_sign(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                            noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """The time of the score's part is reversed, and that of the process's own drift is not."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, stay=(*ONE, *term(h=1, slope=1)))


@mistake(reverse_euler_maruyama)
def diffusion_not_squared(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                          noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """g for g² before the score."""
    push = (*term(0.5, h=1, diffusion=1), *term(0.5, h=1, diffusion=1, noise_scale=2))
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, push=push)


@mistake(reverse_euler_maruyama)
def noise_without_its_scale(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                            noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """λ is in the drift alone: the noise is that of the reversed process; right for λ = 1."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, shake=term(diffusion=1, h=0.5))


@mistake(reverse_euler_maruyama)
def scale_in_the_noise_alone(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                             noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """g² s for c g² s: less noise with the drift of all of it; right for λ = ±1."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, push=term(h=1, diffusion=2))


@mistake(reverse_euler_maruyama)
def score_at_the_next_time(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                           noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """s(x_n, t_n − h_n); right where the score does not look at the time."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score,
                  time=(*term(times=1), *term(-1.0, h=1)))


@mistake(reverse_euler_maruyama)
def slope_halved(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
                 theta: Theta, *, score: Field) -> Any:
    """The ½ of −β/2, which is in the slope, is applied once more."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score,
                  stay=(*ONE, *term(-0.5, h=1, slope=1)))


@mistake(reverse_euler_maruyama)
def step_for_its_root(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
                      theta: Theta, *, score: Field) -> Any:
    """λ g h ε: the noise has the size of the step, and vanishes as steps get short."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score,
                  shake=term(diffusion=1, h=1, noise_scale=1))


@mistake(reverse_euler_maruyama)
def one_draw_for_all_times(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                           noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """The noise of the first step is used in all."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, order=[0] * eps.shape[1])


@mistake(reverse_euler_maruyama, *GRADIENTS)
def states_detached(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
                    theta: Theta, *, score: Field) -> Any:
    """The state enters the score without gradient."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, bent=False)


@mistake(reverse_euler_maruyama, "gradient.h")
def step_gradient_without_noise(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                                noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """h_bar of the drift alone."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, held=(("shake", "h"),))


@mistake(reverse_euler_maruyama, "gradient.times")
def times_detached(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
                   theta: Theta, *, score: Field) -> Any:
    """The times enter the score without gradient."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, held=(("time", "times"),))


@mistake(reverse_euler_maruyama, "gradient.noise_scale")
def scale_gradient_of_the_noise(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                                noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """λ_bar through the noise alone, as if c were a constant."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, held=(("push", "noise_scale"),))


@mistake(reverse_euler_maruyama, "gradient.slope")
def slope_gradient_averaged(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                            noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """a_bar is a mean over the batch, where all examples share a."""
    end, right = BODY(x, eps, times, h, slope, diffusion, noise_scale, theta, score=score)
    return end, lambda bar: (g := right(bar)) | {"slope": g["slope"] / max(x.shape[0], 1)}


@mistake(reverse_euler_maruyama, "gradient.diffusion")
def diffusion_gradient_of_the_noise(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                                    noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """g_bar = λ √h ⟨b, ε⟩: without that of g² in the drift."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, held=(("push", "diffusion"),))


@mistake(reverse_euler_maruyama, "gradient.theta")
def parameters_of_the_last_step(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                                noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """θ_bar is that of the last step; right for one step."""
    last = max(eps.shape[1] - 1, 0)
    end, right = BODY(x, eps, times, h, slope, diffusion, noise_scale, theta, score=score)
    before, _ = BODY(x, eps[:, :last, :], times[:last], h[:last], slope[:last], diffusion[:last], noise_scale, theta,
                     score=score)
    _, alone = BODY(before, eps[:, last:, :], times[last:], h[last:], slope[last:], diffusion[last:], noise_scale,
                    theta, score=score)
    return end, lambda bar: right(bar) | {"theta": alone(bar)["theta"]}


@mistake(reverse_euler_maruyama, "gradient.x")
def start_detached(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
                   theta: Theta, *, score: Field) -> Any:
    """The start receives no gradient."""
    end, right = BODY(x, eps, times, h, slope, diffusion, noise_scale, theta, score=score)
    return end, lambda bar: right(bar) | {"x": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(reverse_euler_maruyama, seen="tue-bmd/zea #551", blind=True)
def noise_added_to_the_flow(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                            noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """½ g² s for c g² s: noise is added to a step of the probability flow, which does not make up for it; right for
    λ = 0."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, push=FLOW)


@mistake(reverse_euler_maruyama, blind=True)
def scale_not_squared(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
                      theta: Theta, *, score: Field) -> Any:
    """c = (1 + λ)/2, which belongs to noise of √λ; right for λ of 0 and 1, which are most used."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score,
                  push=(*FLOW, *term(0.5, h=1, diffusion=2, noise_scale=1)))


@mistake(reverse_euler_maruyama, blind=True)
def steps_by_their_number(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                          noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """1/T for every h, whatever the grid; right where T steps of one length cover a time of one."""
    share = 1 / max(eps.shape[1], 1)
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score,
                  stay=(*ONE, *term(-share, slope=1)),
                  push=(*term(share / 2, diffusion=2), *term(share / 2, diffusion=2, noise_scale=2)),
                  shake=term(share**0.5, diffusion=1, noise_scale=1))


@mistake(reverse_euler_maruyama, blind=True)
def process_without_drift(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                          noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """The slope is left out: a sampler of the variance-exploding process for the others."""
    return walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, stay=ONE)


@mistake(reverse_euler_maruyama, "gradient.diffusion", blind=True)
def square_differentiated_without_two(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                                      noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """g_bar = h c g ⟨b, s⟩ + λ √h ⟨b, ε⟩."""
    end, right = BODY(x, eps, times, h, slope, diffusion, noise_scale, theta, score=score)
    _, noise = walked(x, eps, times, h, slope, diffusion, noise_scale, theta, score, held=(("push", "diffusion"),))
    return end, lambda bar: (g := right(bar)) | {"diffusion": (g["diffusion"] + noise(bar)["diffusion"]) / 2}


@mistake(reverse_euler_maruyama, "gradient.noise_scale", blind=True)
def scale_gradient_of_the_last_step(x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                                    noise_scale: Array, theta: Theta, *, score: Field) -> Any:
    """λ_bar is assigned at every step, and not added up: the first step's is left; right for one step."""
    xp = namespace(x)
    end, right = BODY(x, eps, times, h, slope, diffusion, noise_scale, theta, score=score)
    first = xp.astype(xp.arange(max(eps.shape[1], 1), device=x.device) == 0, x.dtype)
    scales = noise_scale * xp.ones_like(first)

    def pullback(bar: Array) -> dict[str, Any]:
        visits = [Visit(n, eps[:, n, :], stay=STAY, push=PUSH, shake=SHAKE) for n in range(eps.shape[1])]
        given = {"times": times, "h": h, "slope": slope, "diffusion": diffusion, "noise_scale": scales}
        each = marched(x, theta, given, score, visits)[1](bar)["noise_scale"]
        return right(bar) | {"noise_scale": xp.sum(first * each)}

    return end, pullback
