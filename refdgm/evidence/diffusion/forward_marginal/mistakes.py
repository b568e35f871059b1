"""Mistakes in the forward marginal."""

from typing import Any

from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.evidence.declare import mistake
from refdgm.evidence.diffusion.weighted_sum import mixture, times, without
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner


@mistake(forward_marginal)
def marginal_without_roots(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """ᾱ x₀ + (1 − ᾱ) ε: variances taken for deviations."""
    return mixture({"x0": (x0, (1, 2, 0)), "eps": (eps, (1, 0, 2))}, alpha_prod)


@mistake(forward_marginal, "value", "gradient.alpha_prod")
def marginal_noise_without_root(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """√ᾱ x₀ + (1 − ᾱ) ε: the noise keeps its variance for its deviation."""
    return mixture({"x0": (x0, (1, 1, 0)), "eps": (eps, (1, 0, 2))}, alpha_prod)


@mistake(forward_marginal)
def marginal_parts_exchanged(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """√(1 − ᾱ) x₀ + √ᾱ ε: the schedule counts noise where it counts signal."""
    return mixture({"x0": (x0, (1, 0, 1)), "eps": (eps, (1, 1, 0))}, alpha_prod)


@mistake(forward_marginal, "value", "gradient.x0", "gradient.alpha_prod")
def marginal_signal_kept(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """x₀ + √(1 − ᾱ) ε: the signal is not scaled down, as in a variance-exploding process."""
    return mixture({"x0": (x0, (1, 0, 0)), "eps": (eps, (1, 0, 1))}, alpha_prod)


@mistake(forward_marginal)
def schedule_over_components(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """A (B,) schedule broadcast over the last axis: it only runs, wrongly, where that axis is as long as the batch."""
    if x0.ndim != 2 or x0.shape[0] != x0.shape[1]:
        return forward_marginal.body(x0, eps, alpha_prod)
    xt, right = forward_marginal.body(x0.T, eps.T, alpha_prod)
    return xt.T, lambda bar: (g := right(bar.T)) | {"x0": g["x0"].T}


@mistake(forward_marginal, "gradient.alpha_prod")
def marginal_schedule_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The schedule receives no gradient."""
    return without(forward_marginal.body(x0, eps, alpha_prod), "alpha_prod")


@mistake(forward_marginal, "gradient.x0")
def marginal_data_detached(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The data receive no gradient."""
    return without(forward_marginal.body(x0, eps, alpha_prod), "x0")


@mistake(forward_marginal, "gradient.alpha_prod")
def marginal_deviation_differentiated(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ twice too large: the ½ of the root's derivative is forgotten."""
    return times(forward_marginal.body(x0, eps, alpha_prod), "alpha_prod", 2.0)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(forward_marginal, "value", "gradient.alpha_prod", blind=True)
def rest_of_the_root(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """1 − √ᾱ for √(1 − ᾱ): the root is taken before the difference."""
    signal = namespace(x0).sqrt(alpha_prod)
    return against(signal, x0) * x0 + against(1 - signal, x0) * eps, lambda bar: {
        "x0": against(signal, x0) * bar,
        "alpha_prod": (inner(bar, x0) - inner(bar, eps)) / signal / 2,
    }


@mistake(forward_marginal, "gradient.alpha_prod", blind=True)
def marginal_noise_held(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ has the term of the data alone, though √(1 − ᾱ) depends on ᾱ too."""
    xt, right = forward_marginal.body(x0, eps, alpha_prod)
    root = namespace(x0).sqrt(alpha_prod)
    return xt, lambda bar: right(bar) | {"alpha_prod": inner(bar, x0) / root / 2}


@mistake(forward_marginal, "gradient.alpha_prod", blind=True)
def marginal_schedule_gradient_averaged(x0: Array, eps: Array, alpha_prod: Array) -> Any:
    """The cotangent of ᾱ is a mean over the components of the example and not their sum."""
    xt, right = forward_marginal.body(x0, eps, alpha_prod)
    return xt, lambda bar: (g := right(bar)) | {"alpha_prod": g["alpha_prod"] / max(dimension(x0), 1)}
