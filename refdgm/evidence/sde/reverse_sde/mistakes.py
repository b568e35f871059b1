"""Mistakes in a process run backwards and in its equivalents. That the drift is one of T − t is a convention."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension
from refdgm.sde.reverse_sde import equivalent_sde, reverse_sde

BACK, FORTH = reverse_sde.body, equivalent_sde.body
OF_DRIFT = ("drift", "gradient.score", "gradient.diffusion", "gradient.noise_scale")
OF_NOISE = ("diffusion", "gradient.diffusion", "gradient.noise_scale")
OF_CAP = ("drift", "diffusion", "gradient.score", "gradient.diffusion", "gradient.noise_scale")
Made = Any


def made(drift: Array, score: Array, diffusion: Array, noise_scale: Array, weight: tuple[Array, Array, Array],
         noise: tuple[Array, Array, Array] | None = None) -> Made:
    """f − w s and the noise n, each given with its derivatives with respect to g and λ; n = λ g where none is given."""
    xp = namespace(drift)
    (w, w_by_g, w_by_scale), axes = weight, tuple(range(1, drift.ndim))
    n, n_by_g, n_by_scale = noise or (noise_scale * diffusion, noise_scale, diffusion)

    def pullback(drift_bar: Array, diffusion_bar: Array) -> dict[str, Array]:
        inner = xp.sum(drift_bar * score, axis=axes) if axes else drift_bar * score
        return {"drift": +drift_bar, "score": -against(w, drift) * drift_bar,
                "diffusion": n_by_g * diffusion_bar - w_by_g * inner,
                "noise_scale": n_by_scale * diffusion_bar - w_by_scale * inner}

    return (drift - against(w, drift) * score, n), pullback


def share(diffusion: Array, c: Array, slope: Array) -> tuple[Array, Array, Array]:
    """c g², where c has the derivative `slope` in λ."""
    return c * diffusion**2, 2 * c * diffusion, slope * diffusion**2


def right_weight(diffusion: Array, noise_scale: Array, sign: int) -> tuple[Array, Array, Array]:
    """½ (1 ± λ²) g²."""
    return share(diffusion, (1 + sign * noise_scale**2) / 2, sign * noise_scale)


def across(body: Any, drift: Array, score: Array, diffusion: Array, noise_scale: Array, sign: int) -> Made:
    """g and λ (B,) meet the last axis and not the first, in the drift; seen only where both have one size."""
    if drift.shape[-1:] != drift.shape[:1]:
        return body(drift, score, diffusion, noise_scale)
    xp, (w, w_by_g, w_by_scale) = namespace(drift), right_weight(diffusion, noise_scale, sign)
    axes = tuple(range(drift.ndim - 1))

    def pullback(drift_bar: Array, diffusion_bar: Array) -> dict[str, Array]:
        inner = xp.sum(drift_bar * score, axis=axes) if axes else drift_bar * score
        return {"drift": +drift_bar, "score": -w * drift_bar, "diffusion": noise_scale * diffusion_bar - w_by_g * inner,
                "noise_scale": diffusion * diffusion_bar - w_by_scale * inner}

    return (drift - w * score, noise_scale * diffusion), pullback


# --- backwards ------------------------------------------------------------------------------------


@mistake(reverse_sde, *OF_DRIFT)
def not_squared(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """½ (1 + λ²) g s: a diffusion taken for its square."""
    c = (1 + noise_scale**2) / 2
    return made(drift, score, diffusion, noise_scale, (c * diffusion, c, noise_scale * diffusion))


@mistake(reverse_sde, *OF_DRIFT)
def without_half(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """(1 + λ²) g² s: twice the score at λ = 1."""
    weight = share(diffusion, 1 + noise_scale**2, 2 * noise_scale)
    return made(drift, score, diffusion, noise_scale, weight)


@mistake(reverse_sde, *OF_DRIFT)
def scale_not_squared(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """½ (1 + λ) g² s with the noise λ g: right for λ = 1 and for none."""
    weight = share(diffusion, (1 + noise_scale) / 2, 0 * noise_scale + 1 / 2)
    return made(drift, score, diffusion, noise_scale, weight)


@mistake(reverse_sde, *OF_DRIFT)
def scale_in_the_noise_alone(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """f − g² s whatever λ is: the noise is damped, and its drift is not."""
    return made(drift, score, diffusion, noise_scale, share(diffusion, 0 * noise_scale + 1, 0 * noise_scale))


@mistake(reverse_sde, *OF_DRIFT)
def forward_sign(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """½ (1 − λ²) g² s: the equation that is run forwards."""
    return FORTH(drift, score, diffusion, noise_scale)


@mistake(reverse_sde, *OF_DRIFT)
def towards_the_noise(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """f + ½ (1 + λ²) g² s: the sign that belongs to a prediction of the noise."""
    return made(drift, score, diffusion, noise_scale, tuple(-x for x in right_weight(diffusion, noise_scale, 1)))


@mistake(reverse_sde, *OF_NOISE)
def noise_of_the_process(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """The noise is g whatever λ is."""
    weight = right_weight(diffusion, noise_scale, 1)
    return made(drift, score, diffusion, noise_scale, weight, (1 * diffusion, 0 * diffusion + 1, 0 * diffusion))


@mistake(reverse_sde, *OF_NOISE)
def variance_for_noise(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """λ² g², the square of the new diffusion, is returned for it."""
    n = noise_scale * diffusion
    weight = right_weight(diffusion, noise_scale, 1)
    return made(drift, score, diffusion, noise_scale, weight, (n * n, 2 * n * noise_scale, 2 * n * diffusion))


@mistake(reverse_sde, "gradient.noise_scale")
def scale_through_the_noise(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """λ_bar = g n_bar: what λ does to the drift is forgotten."""
    value, right = BACK(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: right(drift_bar, diffusion_bar) | {
        "noise_scale": diffusion * diffusion_bar}


@mistake(reverse_sde, "gradient.diffusion")
def diffusion_through_the_drift(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """g_bar without λ n_bar: what g does to the noise is forgotten."""
    value, right = BACK(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: (g := right(drift_bar, diffusion_bar)) | {
        "diffusion": g["diffusion"] - noise_scale * diffusion_bar}


@mistake(reverse_sde, "gradient.score")
def score_detached(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """The network is called without gradient: nothing reaches the score."""
    value, right = BACK(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: right(drift_bar, diffusion_bar) | {"score": 0 * drift_bar}


@mistake(reverse_sde, "gradient.drift")
def adjoint_of_the_drift(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """f_bar = −b_bar: the sign of time is changed in the gradient and not in the value."""
    value, right = BACK(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: right(drift_bar, diffusion_bar) | {"drift": -drift_bar}


# --- forwards -------------------------------------------------------------------------------------


@mistake(equivalent_sde, *OF_DRIFT, name="not_squared")
def forth_not_squared(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """½ (1 − λ²) g s: a diffusion taken for its square."""
    c = (1 - noise_scale**2) / 2
    return made(drift, score, diffusion, noise_scale, (c * diffusion, c, -noise_scale * diffusion))


@mistake(equivalent_sde, *OF_DRIFT, name="without_half")
def forth_without_half(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """(1 − λ²) g² s: right for λ = 1."""
    weight = share(diffusion, 1 - noise_scale**2, -2 * noise_scale)
    return made(drift, score, diffusion, noise_scale, weight)


@mistake(equivalent_sde, *OF_DRIFT, name="scale_not_squared")
def forth_scale_not_squared(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """½ (1 − λ) g² s with the noise λ g: right for λ = 1 and for none."""
    weight = share(diffusion, (1 - noise_scale) / 2, 0 * noise_scale - 1 / 2)
    return made(drift, score, diffusion, noise_scale, weight)


@mistake(equivalent_sde, *OF_DRIFT)
def backward_sign(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """½ (1 + λ²) g² s: the equation that is run backwards."""
    return BACK(drift, score, diffusion, noise_scale)


@mistake(equivalent_sde, *OF_DRIFT)
def away_and_towards(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """f + ½ (1 − λ²) g² s: more noise is answered by a drift away from the data."""
    return made(drift, score, diffusion, noise_scale, tuple(-x for x in right_weight(diffusion, noise_scale, -1)))


@mistake(equivalent_sde, *OF_NOISE, name="noise_of_the_process")
def forth_noise_of_the_process(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """The noise is g whatever λ is."""
    weight = right_weight(diffusion, noise_scale, -1)
    return made(drift, score, diffusion, noise_scale, weight, (1 * diffusion, 0 * diffusion + 1, 0 * diffusion))


@mistake(equivalent_sde, "gradient.noise_scale", name="scale_through_the_noise")
def forth_scale_through_the_noise(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """λ_bar = g n_bar: what λ does to the drift is forgotten."""
    value, right = FORTH(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: right(drift_bar, diffusion_bar) | {
        "noise_scale": diffusion * diffusion_bar}


@mistake(equivalent_sde, "gradient.diffusion", name="diffusion_through_the_drift")
def forth_diffusion_through_the_drift(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """g_bar without λ n_bar: what g does to the noise is forgotten."""
    value, right = FORTH(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: (g := right(drift_bar, diffusion_bar)) | {
        "diffusion": g["diffusion"] - noise_scale * diffusion_bar}


@mistake(equivalent_sde, "gradient.score", name="score_detached")
def forth_score_detached(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """The network is called without gradient: nothing reaches the score."""
    value, right = FORTH(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: right(drift_bar, diffusion_bar) | {"score": 0 * drift_bar}


@mistake(equivalent_sde, "gradient.drift", name="drift_doubled")
def forth_drift_doubled(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """f_bar = 2 b_bar: the drift is counted for the flow and once more for the process."""
    value, right = FORTH(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: right(drift_bar, diffusion_bar) | {"drift": 2 * drift_bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(reverse_sde, *OF_DRIFT, seen="tue-bmd/zea #551", blind=True)
def noise_on_the_flow(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """The drift of the flow, f − ½ g² s, and noise on it that nothing pays for."""
    return made(drift, score, diffusion, noise_scale, share(diffusion, 0 * noise_scale + 1 / 2, 0 * noise_scale))


@mistake(reverse_sde, *OF_CAP, blind=True)
def scale_capped(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """λ is at most 16, in the drift and the noise; right for all that is usual."""
    xp = namespace(noise_scale)
    held = xp.minimum(noise_scale, 0 * noise_scale + 16.0)
    (back, new), right = BACK(drift, score, diffusion, held)
    return (back, new), lambda drift_bar, diffusion_bar: (g := right(drift_bar, diffusion_bar)) | {
        "noise_scale": xp.astype(noise_scale < 16.0, held.dtype) * g["noise_scale"]}


@mistake(reverse_sde, *OF_DRIFT, blind=True)
def numbers_along_components(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """g and λ without axes of length one: a batch as large as the last axis pairs them with components."""
    return across(BACK, drift, score, diffusion, noise_scale, 1)


@mistake(reverse_sde, "gradient.diffusion", "gradient.noise_scale", blind=True)
def gradients_averaged(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """g_bar and λ_bar take the mean over an example's components, where what is broadcast receives the sum."""
    value, right = BACK(drift, score, diffusion, noise_scale)
    return value, lambda drift_bar, diffusion_bar: right(drift_bar, diffusion_bar) | {
        name: right(drift_bar / max(dimension(drift), 1), diffusion_bar)[name] for name in ("diffusion", "noise_scale")}


@mistake(equivalent_sde, *OF_DRIFT, seen="tue-bmd/zea #551", blind=True, name="noise_on_the_flow")
def forth_noise_on_the_flow(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """The drift of the flow, f − ½ g² s, and noise on it that nothing pays for."""
    return noise_on_the_flow.body(drift, score, diffusion, noise_scale)


@mistake(equivalent_sde, *OF_DRIFT, blind=True)
def noise_on_the_process(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """The drift f whatever λ is: right for λ = 1."""
    return made(drift, score, diffusion, noise_scale, (0 * diffusion, 0 * diffusion, 0 * diffusion))


@mistake(equivalent_sde, *OF_DRIFT, blind=True, name="numbers_along_components")
def forth_numbers_along_components(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """g and λ without axes of length one: a batch as large as the last axis pairs them with components."""
    return across(FORTH, drift, score, diffusion, noise_scale, -1)


@mistake(equivalent_sde, *OF_CAP, blind=True, name="scale_capped")
def forth_scale_capped(drift: Array, score: Array, diffusion: Array, noise_scale: Array) -> Made:
    """λ is at most 16, in the drift and the noise; right for all that is usual."""
    xp = namespace(noise_scale)
    held = xp.minimum(noise_scale, 0 * noise_scale + 16.0)
    (forth, new), right = FORTH(drift, score, diffusion, held)
    return (forth, new), lambda drift_bar, diffusion_bar: (g := right(drift_bar, diffusion_bar)) | {
        "noise_scale": xp.astype(noise_scale < 16.0, held.dtype) * g["noise_scale"]}
