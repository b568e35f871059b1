"""Mistakes in steps of Euler and Maruyama."""

from dataclasses import replace
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.sde.marching import Visit, marched, term
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.sde.euler_maruyama import euler_maruyama

Theta = dict[str, Array]
BODY = euler_maruyama.body


def walked(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, drift: Field,
           order: Any = None, held: Any = (), bent: bool = True, **wrong: Any) -> Any:
    """As `euler_maruyama`, with other parts of a step; `order` are the steps whose noise is used."""
    order = range(eps.shape[1]) if order is None else order
    right = Visit(0, eps, push=term(h=1), shake=term(diffusion=1, h=0.5))
    visits = [replace(right, n=n, noise=eps[:, of, :], **wrong) for n, of in enumerate(order)]
    given = {"times": times, "h": h, "diffusion": diffusion}
    return marched(x, theta, given, drift, visits, bent, held)


@mistake(euler_maruyama)
def step_for_its_root(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                      drift: Field) -> Any:
    """g h ε: the noise has the size of the step, and vanishes as steps get short."""
    return walked(x, eps, times, h, diffusion, theta, drift, shake=term(diffusion=1, h=1))


@mistake(euler_maruyama)
def diffusion_squared(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                      drift: Field) -> Any:
    """g² √h ε: the rate of the variance for the diffusion."""
    return walked(x, eps, times, h, diffusion, theta, drift, shake=term(diffusion=2, h=0.5))


@mistake(euler_maruyama)
def drift_without_step(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                       drift: Field) -> Any:
    """x + f + g √h ε: the step is left out of the drift."""
    return walked(x, eps, times, h, diffusion, theta, drift, push=term())


@mistake(euler_maruyama)
def drift_at_the_next_time(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                           drift: Field) -> Any:
    """f(x_n, t_n + h_n): the time is moved before the drift is asked; right where it does not look at the time."""
    return walked(x, eps, times, h, diffusion, theta, drift, time=(*term(times=1), *term(h=1)))


@mistake(euler_maruyama)
def times_frozen(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *, drift: Field) -> Any:
    """The drift is asked at t_0 in all steps."""
    return walked(x, eps, times, h, diffusion, theta, drift, at={"times": 0})


@mistake(euler_maruyama)
def one_draw_for_all_times(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                           drift: Field) -> Any:
    """The noise of the first step is used in all: the variance grows as the square of the time."""
    return walked(x, eps, times, h, diffusion, theta, drift, order=[0] * eps.shape[1])


@mistake(euler_maruyama)
def one_step_too_few(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                     drift: Field) -> Any:
    """T times make T − 1 steps, as those of a grid of T points would."""
    return walked(x, eps, times, h, diffusion, theta, drift, order=range(eps.shape[1] - 1))


@mistake(euler_maruyama, "gradient.x", "gradient.times", "gradient.h", "gradient.diffusion", "gradient.theta")
def states_detached(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                    drift: Field) -> Any:
    """The state enters the drift without gradient: λ is handed back unchanged."""
    return walked(x, eps, times, h, diffusion, theta, drift, bent=False)


@mistake(euler_maruyama, "gradient.h")
def step_gradient_without_noise(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                                drift: Field) -> Any:
    """h_bar of the drift alone: that the noise grows with the step is forgotten."""
    return walked(x, eps, times, h, diffusion, theta, drift, held=(("shake", "h"),))


@mistake(euler_maruyama, "gradient.times")
def times_detached(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                   drift: Field) -> Any:
    """The times enter the drift without gradient."""
    return walked(x, eps, times, h, diffusion, theta, drift, held=(("time", "times"),))


@mistake(euler_maruyama, "gradient.diffusion")
def diffusion_gradient_averaged(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                                drift: Field) -> Any:
    """g_bar is a mean over the batch, where all examples share g."""
    end, right = BODY(x, eps, times, h, diffusion, theta, drift=drift)
    return end, lambda bar: (g := right(bar)) | {"diffusion": g["diffusion"] / max(x.shape[0], 1)}


@mistake(euler_maruyama, "gradient.theta")
def parameters_of_the_last_step(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                                drift: Field) -> Any:
    """θ_bar is that of the last step; right for one step."""
    last = max(eps.shape[1] - 1, 0)
    end, right = BODY(x, eps, times, h, diffusion, theta, drift=drift)
    before, _ = BODY(x, eps[:, :last, :], times[:last], h[:last], diffusion[:last], theta, drift=drift)
    _, alone = BODY(before, eps[:, last:, :], times[last:], h[last:], diffusion[last:], theta, drift=drift)
    return end, lambda bar: right(bar) | {"theta": alone(bar)["theta"]}


@mistake(euler_maruyama, "gradient.x")
def start_detached(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                   drift: Field) -> Any:
    """The start receives no gradient."""
    end, right = BODY(x, eps, times, h, diffusion, theta, drift=drift)
    return end, lambda bar: right(bar) | {"x": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(euler_maruyama, seen="jamesmawm/Mastering-Python-for-Finance-source-codes #7", blind=True)
def noise_without_its_step(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                           drift: Field) -> Any:
    """g ε: the noise is not scaled by the step at all; right for steps of one."""
    return walked(x, eps, times, h, diffusion, theta, drift, shake=term(diffusion=1))


@mistake(euler_maruyama, blind=True)
def first_step_for_all(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                       drift: Field) -> Any:
    """The length of the first step is taken for all of them; right on a grid of equal steps."""
    return walked(x, eps, times, h, diffusion, theta, drift, at={"h": 0})


@mistake(euler_maruyama, "value", "gradient.h", "gradient.diffusion", blind=True)
def last_step_without_noise(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                            drift: Field) -> Any:
    """The last step adds no noise, as samplers of images do: no drift sees the difference, the end and the step do."""
    xp = namespace(x)
    times_made = eps.shape[1]
    before = xp.astype(xp.arange(times_made, device=x.device) < times_made - 1, x.dtype)
    return BODY(x, before[None, :, None] * eps, times, h, diffusion, theta, drift=drift)


@mistake(euler_maruyama, blind=True)
def drift_at_the_noised_state(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                              drift: Field) -> Any:
    """The noise is added first, and the drift asked at x_n + g √h ε."""
    visits = [visit for n in range(eps.shape[1]) for visit in (
        Visit(n, eps[:, n, :], shake=term(diffusion=1, h=0.5)), Visit(n, 0 * eps[:, n, :], push=term(h=1)))]
    return marched(x, theta, {"times": times, "h": h, "diffusion": diffusion}, drift, visits)


@mistake(euler_maruyama, blind=True)
def sign_of_the_diffusion_lost(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                               drift: Field) -> Any:
    """g is recovered as √g²: the law is the same, the path another; right for g ≥ 0."""
    xp = namespace(x)
    end, right = BODY(x, eps, times, h, xp.abs(diffusion), theta, drift=drift)
    return end, lambda bar: (g := right(bar)) | {"diffusion": xp.sign(diffusion) * g["diffusion"]}


@mistake(euler_maruyama, "gradient.times", blind=True)
def time_gradient_without_step(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                               drift: Field) -> Any:
    """t_bar is pulled back for λ, and not for h λ; right for steps of one."""
    end, right = BODY(x, eps, times, h, diffusion, theta, drift=drift)
    return end, lambda bar: (g := right(bar)) | {"times": g["times"] / h}


@mistake(euler_maruyama, "gradient.h", blind=True)
def step_moves_its_time(x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: Theta, *,
                        drift: Field) -> Any:
    """h_bar_n has t_bar_n too, as if the step ended at the time where the drift is asked; times are arguments by
    themselves."""
    end, right = BODY(x, eps, times, h, diffusion, theta, drift=drift)
    return end, lambda bar: (g := right(bar)) | {"h": g["h"] + g["times"]}
