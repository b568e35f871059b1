"""Mistakes in the velocity of the probability flow. Which way time runs is the integrator's and not among them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension
from refdgm.sde.probability_flow_drift import probability_flow_drift

FLOW = probability_flow_drift.body
OF_SCORE = ("value", "gradient.score", "gradient.diffusion")


def weighed(drift: Array, score: Array, weight: Array, slope: Array, of_drift: float = 1.0) -> Any:
    """of_drift · f − w s with another weight of g, whose slope in g is `slope`."""
    xp = namespace(drift)
    w, axes = against(weight, drift), tuple(range(1, drift.ndim))
    return of_drift * drift - w * score, lambda bar: {
        "drift": of_drift * bar,
        "score": -w * bar,
        "diffusion": -slope * (xp.sum(bar * score, axis=axes) if axes else bar * score),
    }


@mistake(probability_flow_drift, *OF_SCORE)
def no_half(drift: Array, score: Array, diffusion: Array) -> Any:
    """f − g² s: the drift of the SDE reversed in time, integrated without its noise."""
    return weighed(drift, score, diffusion**2, 2 * diffusion)


@mistake(probability_flow_drift, *OF_SCORE)
def not_squared(drift: Array, score: Array, diffusion: Array) -> Any:
    """f − ½ g s: a diffusion taken for its square, as where a schedule hands out β."""
    return weighed(drift, score, diffusion / 2, 0 * diffusion + 1 / 2)


@mistake(probability_flow_drift, *OF_SCORE)
def squared_twice(drift: Array, score: Array, diffusion: Array) -> Any:
    """f − ½ g⁴ s: what was squared already is squared again."""
    return weighed(drift, score, diffusion**4 / 2, 2 * diffusion**3)


@mistake(probability_flow_drift, *OF_SCORE)
def half_inside_the_square(drift: Array, score: Array, diffusion: Array) -> Any:
    """f − (g/2)² s."""
    return weighed(drift, score, diffusion**2 / 4, diffusion / 2)


@mistake(probability_flow_drift, *OF_SCORE)
def towards_the_noise(drift: Array, score: Array, diffusion: Array) -> Any:
    """f + ½ g² s: the sign that belongs to a prediction of the noise."""
    return weighed(drift, score, -(diffusion**2) / 2, -diffusion)


@mistake(probability_flow_drift, "value", "gradient.drift")
def half_of_everything(drift: Array, score: Array, diffusion: Array) -> Any:
    """½ (f − g² s): the bracket closed one term too late."""
    return weighed(drift, score, diffusion**2 / 2, diffusion, 0.5)


@mistake(probability_flow_drift, *OF_SCORE)
def diffusion_along_components(drift: Array, score: Array, diffusion: Array) -> Any:
    """g (B,) meets the last axis and not the first; seen only where both have one size."""
    xp = namespace(drift)
    if drift.shape[-1:] != drift.shape[:1]:
        return FLOW(drift, score, diffusion)
    axes = tuple(range(drift.ndim - 1))
    return drift - diffusion**2 / 2 * score, lambda bar: {
        "drift": +bar,
        "score": -(diffusion**2) / 2 * bar,
        "diffusion": -diffusion * (xp.sum(bar * score, axis=axes) if axes else bar * score),
    }


@mistake(probability_flow_drift, "gradient.score")
def score_detached(drift: Array, score: Array, diffusion: Array) -> Any:
    """The network is called without gradient: nothing reaches the score."""
    velocity, right = FLOW(drift, score, diffusion)
    return velocity, lambda bar: right(bar) | {"score": 0 * bar}


@mistake(probability_flow_drift, "gradient.diffusion")
def diffusion_gradient_halved(drift: Array, score: Array, diffusion: Array) -> Any:
    """g_bar = −½ g ⟨v_bar, s⟩: the square is differentiated without its 2."""
    velocity, right = FLOW(drift, score, diffusion)
    return velocity, lambda bar: (g := right(bar)) | {"diffusion": g["diffusion"] / 2}


@mistake(probability_flow_drift, "gradient.diffusion")
def diffusion_gradient_of_the_square(drift: Array, score: Array, diffusion: Array) -> Any:
    """The gradient for g² in place of that for g."""
    velocity, right = FLOW(drift, score, diffusion)
    return velocity, lambda bar: (g := right(bar)) | {"diffusion": g["diffusion"] / (2 * diffusion)}


@mistake(probability_flow_drift, "gradient.drift")
def adjoint_of_the_drift(drift: Array, score: Array, diffusion: Array) -> Any:
    """f_bar = −v_bar: the sign of the adjoint equation, which is not that of its right-hand side."""
    velocity, right = FLOW(drift, score, diffusion)
    return velocity, lambda bar: right(bar) | {"drift": -bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(probability_flow_drift, *OF_SCORE, blind=True)
def negative_diffusion_cut_off(drift: Array, score: Array, diffusion: Array) -> Any:
    """A diffusion below zero is taken for zero, though g and −g are one process; right for g ≥ 0."""
    held = namespace(drift).maximum(diffusion, 0.0)
    return weighed(drift, score, held**2 / 2, held)


@mistake(probability_flow_drift, *OF_SCORE, blind=True)
def one_time_for_all(drift: Array, score: Array, diffusion: Array) -> Any:
    """The diffusion of the first example serves the whole batch; right for equal times, as a solver has them."""
    xp = namespace(drift)
    first = xp.astype(xp.arange(diffusion.shape[0], device=drift.device) == 0, drift.dtype)
    velocity, right = FLOW(drift, score, diffusion[:1] + 0 * diffusion)
    return velocity, lambda bar: (g := right(bar)) | {"diffusion": first * xp.sum(g["diffusion"])}


@mistake(probability_flow_drift, "gradient.diffusion", blind=True)
def gradient_of_the_absolute_diffusion(drift: Array, score: Array, diffusion: Array) -> Any:
    """g_bar = −|g| ⟨v_bar, s⟩: g is recovered as √g², and its sign is lost; right for g ≥ 0."""
    xp = namespace(drift)
    velocity, right = FLOW(drift, score, diffusion)
    return velocity, lambda bar: (g := right(bar)) | {"diffusion": xp.sign(diffusion) * g["diffusion"]}


@mistake(probability_flow_drift, "gradient.diffusion", blind=True)
def diffusion_gradient_averaged(drift: Array, score: Array, diffusion: Array) -> Any:
    """g_bar is averaged over an example's components, where what is broadcast receives the sum; right for one
    component."""
    velocity, right = FLOW(drift, score, diffusion)
    return velocity, lambda bar: (g := right(bar)) | {"diffusion": g["diffusion"] / max(dimension(drift), 1)}
