"""Mistakes in samplers that predict and correct. Which of the two comes first is a variant and not among them."""

from dataclasses import replace
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.sde.marching import ONE, Visit, marched, term
from refdgm.namespace import Array
from refdgm.nets.field import Field
from refdgm.sde.predictor_corrector import predictor_corrector

Theta = dict[str, Array]
BODY = predictor_corrector.body
GRADIENTS = tuple(f"gradient.{name}" for name in predictor_corrector.wrt)
REACHED = (*term(times=1), *term(-1.0, h=1))


def walked(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
           step: Array, theta: Theta, score: Field, first: bool = False, rounds: Any = None, noise: Any = None,
           predictor: Any = None, corrector: Any = None, held: Any = (), bent: bool = True,
           of_theta: Any = lambda visit: True) -> Any:
    """As `predictor_corrector`, with parts of the predictor or corrector that are other; `noise(n, k)` is that of a
    correction, `rounds` how many there are, and they come `first`, at the old time."""
    steps, rounds = eps.shape[1], corrector_eps.shape[2] if rounds is None else rounds
    noise = noise or (lambda n, k: corrector_eps[:, n, k, :])
    predict = replace(Visit(0, eps, stay=(*ONE, *term(-1.0, h=1, slope=1)), push=term(h=1, diffusion=2),
                            shake=term(diffusion=1, h=0.5)), **(predictor or {}))
    correct = replace(Visit(0, eps, push=term(0.5, step=1), shake=term(step=0.5),
                            time=term(times=1) if first else REACHED), **(corrector or {}))
    visits = []
    for n in range(steps):
        one = [replace(predict, n=n, noise=eps[:, n, :])]
        more = [replace(correct, n=n, noise=noise(n, k)) for k in range(rounds)]
        visits += more + one if first else one + more
    given = {"times": times, "h": h, "slope": slope, "diffusion": diffusion, "step": step}
    return marched(x, theta, given, score, visits, bent, held, of_theta)


@mistake(predictor_corrector)
def corrector_at_the_old_time(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                              diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """Corrections at t_n after the step that has left it; right where the score does not look at the time."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  corrector={"time": term(times=1)})


@mistake(predictor_corrector)
def correction_not_halved(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                          diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """x + η s + √η z: the drift of one convention with the noise of the other."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  corrector={"push": term(step=1)})


@mistake(predictor_corrector)
def correction_too_loud(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                        diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """x + (η/2) s + √(2η) z: the conventions mixed the other way round."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  corrector={"shake": term(2**0.5, step=0.5)})


@mistake(predictor_corrector)
def one_draw_for_all_corrections(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                 diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The noise of a step's first correction is used in all of them; right for one."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  noise=lambda n, k: corrector_eps[:, n, 0, :])


@mistake(predictor_corrector)
def predictor_forward_in_time(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                              diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """x + h [a x − g² s]: the predictor runs with the time, and the corrections against it."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  predictor={"stay": (*ONE, *term(h=1, slope=1)), "push": term(-1.0, h=1, diffusion=2)})


@mistake(predictor_corrector)
def predictor_of_the_flow(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                          diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """½ g² s before the score, the drift of the probability flow, with the noise of the reversed process."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  predictor={"push": term(0.5, h=1, diffusion=2)})


@mistake(predictor_corrector, *GRADIENTS)
def states_detached(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                    step: Array, theta: Theta, *, score: Field) -> Any:
    """The states enter the score without gradient."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score, bent=False)


@mistake(predictor_corrector, "gradient.h")
def corrector_time_held_in_step(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """h_bar without −τ: that a longer step moves the time of its corrections is forgotten."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score, held=(("time", "h"),))


@mistake(predictor_corrector, "gradient.step")
def size_gradient_without_noise(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """η_bar of the drift alone."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score, held=(("shake", "step"),))


@mistake(predictor_corrector, "gradient.times")
def times_detached(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                   step: Array, theta: Theta, *, score: Field) -> Any:
    """The times enter the score without gradient."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score, held=(("time", "times"),))


@mistake(predictor_corrector, "gradient.diffusion")
def diffusion_gradient_of_the_drift(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                    diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """g_bar of g² alone, without the predictor's noise."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  held=(("shake", "diffusion"),))


@mistake(predictor_corrector, "gradient.slope")
def slope_gradient_averaged(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                            diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """a_bar is a mean over the batch, where all examples share a."""
    end, right = BODY(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score=score)
    return end, lambda bar: (g := right(bar)) | {"slope": g["slope"] / max(x.shape[0], 1)}


@mistake(predictor_corrector, "gradient.theta")
def parameters_of_the_predictor(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """θ_bar of the steps alone: the corrections are made without gradient for the network."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  of_theta=lambda visit: visit.stay != ONE)


@mistake(predictor_corrector, "gradient.x")
def start_detached(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array, diffusion: Array,
                   step: Array, theta: Theta, *, score: Field) -> Any:
    """The start receives no gradient."""
    end, right = BODY(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score=score)
    return end, lambda bar: right(bar) | {"x": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(predictor_corrector, blind=True)
def noise_of_the_predictor_again(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                 diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """The corrections use the noise of the step before them: one generator, seeded alike."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  noise=lambda n, k: eps[:, n, :])


@mistake(predictor_corrector, blind=True)
def one_correction_whatever_is_asked(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                     diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """Only the first correction is made; right for L = 1, which is most used."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  rounds=min(corrector_eps.shape[2], 1))


@mistake(predictor_corrector, blind=True)
def one_size_for_all_corrections(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                 diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """η of the first step serves all of them."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score, corrector={"at": {"step": 0}})


@mistake(predictor_corrector, "gradient.step", blind=True)
def size_gradient_after_the_correction(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                                       diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """η_bar with z/√η for z/(2√η): the root without its ½."""
    end, right = BODY(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score=score)
    _, drift = walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score, held=(("shake", "step"),))
    return end, lambda bar: (g := right(bar)) | {"step": 2 * g["step"] - drift(bar)["step"]}


@mistake(predictor_corrector, blind=True)
def corrector_at_half_the_way(x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array,
                              diffusion: Array, step: Array, theta: Theta, *, score: Field) -> Any:
    """Corrections at t_n − h_n/2, a time that no state has; right where the score does not look at the time."""
    return walked(x, eps, corrector_eps, times, h, slope, diffusion, step, theta, score,
                  corrector={"time": (*term(times=1), *term(-0.5, h=1))})
