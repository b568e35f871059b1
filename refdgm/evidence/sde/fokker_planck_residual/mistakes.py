"""Mistakes in the residual of the Fokker–Planck equation. The other side less this one, and means, are conventions."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner
from refdgm.sde.fokker_planck_residual import fokker_planck_residual

BODY = fokker_planck_residual.body
SPREAD = ("value", "gradient.score", "gradient.score_divergence", "gradient.diffusion")


def weighed(args: Any, transport: float = 1.0, divergence: float = 1.0, bent: float = 1.0, norm: float = 1.0,
            weight: tuple[Array, Array] | None = None) -> Any:
    """∂_t log p + divergence ∇·f + transport ⟨f, s⟩ − w (bent ∇·s + norm ‖s‖²), w = ½ g² or what is given with its
    derivative; rightly differentiated."""
    rate, f, div, s, curve, g = args
    w, slope = weight or (g * g / 2, g)
    both = bent * curve + norm * inner(s, s)
    value = rate + divergence * div + transport * inner(f, s) - w * both

    def pullback(bar: Array) -> dict[str, Array]:
        across = against(bar, f)
        return {"rate": +bar, "divergence": divergence * bar, "drift": transport * across * s,
                "score": across * (transport * f - 2 * norm * against(w, f) * s), "score_divergence": -bent * w * bar,
                "diffusion": -slope * both * bar}

    return value, pullback


@mistake(fokker_planck_residual, "value", "gradient.drift", "gradient.score")
def transport_sign(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                   diffusion: Array) -> Any:
    """−⟨f, s⟩: the divergence of f p is taken with its two parts of different signs."""
    return weighed((rate, drift, divergence, score, score_divergence, diffusion), transport=-1.0)


@mistake(fokker_planck_residual, *SPREAD)
def without_half(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                 diffusion: Array) -> Any:
    """g² for ½ g²: the diffusivity of an equation whose noise has variance 2 g²."""
    args = rate, drift, divergence, score, score_divergence, diffusion
    return weighed(args, weight=(diffusion**2, 2 * diffusion))


@mistake(fokker_planck_residual, *SPREAD)
def not_squared(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                diffusion: Array) -> Any:
    """½ g for ½ g²: a diffusion taken for its square."""
    args = rate, drift, divergence, score, score_divergence, diffusion
    return weighed(args, weight=(diffusion / 2, 0 * diffusion + 1 / 2))


@mistake(fokker_planck_residual, *SPREAD)
def backwards(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
              diffusion: Array) -> Any:
    """+½ g² (∇·s + ‖s‖²): the noise of an equation that is run backwards."""
    args = rate, drift, divergence, score, score_divergence, diffusion
    return weighed(args, weight=(-(diffusion**2) / 2, -diffusion))


@mistake(fokker_planck_residual, "value", "gradient.score", "gradient.diffusion")
def laplacian_of_the_logarithm(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                               diffusion: Array) -> Any:
    """½ g² ∇·s: Δ log p is taken for Δp/p, which has ‖s‖² too."""
    return weighed((rate, drift, divergence, score, score_divergence, diffusion), norm=0.0)


@mistake(fokker_planck_residual, "value", "gradient.score_divergence", "gradient.diffusion")
def no_curvature(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                 diffusion: Array) -> Any:
    """½ g² ‖s‖²: the second derivatives are left out, for their cost."""
    return weighed((rate, drift, divergence, score, score_divergence, diffusion), bent=0.0)


@mistake(fokker_planck_residual, "value", "gradient.divergence")
def no_divergence(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                  diffusion: Array) -> Any:
    """∇·f is left out: the equation of a function that is carried along, not of a density."""
    return weighed((rate, drift, divergence, score, score_divergence, diffusion), divergence=0.0)


@mistake(fokker_planck_residual, "value", "gradient.rate")
def no_rate(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
            diffusion: Array) -> Any:
    """∂_t log p is left out: right for what is stationary."""
    residual, right = BODY(rate, drift, divergence, score, score_divergence, diffusion)
    return residual - rate, lambda bar: right(bar) | {"rate": 0 * bar}


@mistake(fokker_planck_residual, "gradient.score")
def score_without_transport(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                            diffusion: Array) -> Any:
    """s_bar = −g² s r_bar: that the drift carries p along its slope is forgotten."""
    residual, right = BODY(rate, drift, divergence, score, score_divergence, diffusion)
    return residual, lambda bar: (g := right(bar)) | {"score": g["score"] - against(bar, drift) * drift}


@mistake(fokker_planck_residual, "gradient.score")
def square_of_the_score_halved(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                               diffusion: Array) -> Any:
    """s_bar = (f − ½ g² s) r_bar: the square is differentiated without its 2."""
    residual, right = BODY(rate, drift, divergence, score, score_divergence, diffusion)
    return residual, lambda bar: (g := right(bar)) | {
        "score": g["score"] + against(diffusion**2 * bar / 2, drift) * score}


@mistake(fokker_planck_residual, "gradient.diffusion")
def diffusion_of_one_part(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                          diffusion: Array) -> Any:
    """g_bar = −g ∇·s r_bar: without that of ‖s‖²."""
    residual, right = BODY(rate, drift, divergence, score, score_divergence, diffusion)
    return residual, lambda bar: right(bar) | {"diffusion": -diffusion * score_divergence * bar}


@mistake(fokker_planck_residual, "gradient.drift", "gradient.divergence")
def drift_detached(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                   diffusion: Array) -> Any:
    """The drift is computed without gradient."""
    residual, right = BODY(rate, drift, divergence, score, score_divergence, diffusion)
    return residual, lambda bar: right(bar) | {"drift": 0 * drift, "divergence": 0 * bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(fokker_planck_residual, "value", "gradient.drift", "gradient.score", "gradient.diffusion",
         seen="sony/fp-diffusion #1", blind=True)
def state_for_drift(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                    diffusion: Array) -> Any:
    """⟨x, s⟩ for ⟨f, s⟩, where f = −½ g² x: the drift of vp without its factor."""
    xp = namespace(drift)
    g = xp.where(diffusion == 0, xp.ones_like(diffusion), diffusion)
    factor, along = -2 / (g * g), inner(drift, score)
    residual, right = BODY(rate, drift, divergence, score, score_divergence, diffusion)

    def pullback(bar: Array) -> dict[str, Array]:
        grads, more = right(bar), against((factor - 1) * bar, drift)
        return grads | {"drift": grads["drift"] + more * score, "score": grads["score"] + more * drift,
                        "diffusion": grads["diffusion"] - 2 * factor / g * along * bar}

    return residual + (factor - 1) * along, pullback


@mistake(fokker_planck_residual, blind=True)
def size_returned(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                  diffusion: Array) -> Any:
    """|r| is returned for r, as a penalty takes it; right where it is positive."""
    residual, right = BODY(rate, drift, divergence, score, score_divergence, diffusion)
    sign = namespace(drift).sign(residual)
    return sign * residual, lambda bar: right(sign * bar)


@mistake(fokker_planck_residual, "value", "gradient.drift", "gradient.score", "gradient.diffusion", blind=True)
def inner_products_averaged(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                            diffusion: Array) -> Any:
    """⟨f, s⟩ and ‖s‖² are means over components, the divergences sums; right for one component."""
    share = 1 / max(dimension(drift), 1)
    return weighed((rate, drift, divergence, score, score_divergence, diffusion), transport=share, norm=share)


@mistake(fokker_planck_residual, *SPREAD, blind=True)
def one_diffusion_for_all(rate: Array, drift: Array, divergence: Array, score: Array, score_divergence: Array,
                          diffusion: Array) -> Any:
    """The diffusion of the first example serves the whole batch; right for equal times."""
    xp = namespace(drift)
    first = xp.astype(xp.arange(diffusion.shape[0], device=drift.device) == 0, drift.dtype)
    residual, right = BODY(rate, drift, divergence, score, score_divergence, diffusion[:1] + 0 * diffusion)
    return residual, lambda bar: (g := right(bar)) | {"diffusion": first * xp.sum(g["diffusion"])}
