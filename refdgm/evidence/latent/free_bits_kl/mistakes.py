"""Mistakes in a floored divergence. Floors of other groups are variants and none of them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.free_bits_kl import free_bits_kl
from refdgm.namespace import Array, namespace
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity

BODY = free_bits_kl.body


def parts(mean: Array, logvar: Array) -> tuple[Array, Any]:
    """K_j, and its pullback."""
    xp = namespace(mean)
    kl = xp.mean(mean * (mean / 2) + expm1_minus_identity(logvar) / 2, axis=0)
    return kl, lambda bar: {"mean": bar * mean / mean.shape[0], "logvar": bar * xp.expm1(logvar) / 2 / mean.shape[0]}


# Wrong equations, rightly differentiated


@mistake(free_bits_kl)
def smaller_of_both(mean: Array, logvar: Array, floor: Array) -> Any:
    """Σ min(K_j, λ₀): the floor is a ceiling."""
    xp = namespace(mean)
    kl, right = parts(mean, logvar)
    below = xp.astype(kl < floor, mean.dtype)
    return xp.sum(xp.minimum(kl, floor)), lambda bar: right(bar * below) | {"floor": bar * xp.sum(1 - below)}


@mistake(free_bits_kl, "value", "gradient.floor")
def nothing_below(mean: Array, logvar: Array, floor: Array) -> Any:
    """Σ K_j [K_j > λ₀]: below the floor the divergence is zero, and J jumps by λ₀."""
    xp = namespace(mean)
    kl, _ = parts(mean, logvar)
    _, right = BODY(mean, logvar, floor)
    value = xp.sum(xp.where(kl > floor, kl, 0.0))
    return value, lambda bar: (g := right(bar)) | {"floor": 0 * g["floor"]}


@mistake(free_bits_kl, "value", "gradient.floor")
def floor_subtracted(mean: Array, logvar: Array, floor: Array) -> Any:
    """Σ max(K_j − λ₀, 0): less by Z λ₀, and so no bound of the evidence."""
    value, right = BODY(mean, logvar, floor)
    size = mean.shape[1]
    return value - size * floor, lambda bar: (g := right(bar)) | {"floor": g["floor"] - size * bar}


@mistake(free_bits_kl)
def sum_over_the_batch(mean: Array, logvar: Array, floor: Array) -> Any:
    """K_j = Σ_b: the floor is reached B times as soon; right for one example."""
    many = mean.shape[0]
    value, right = BODY(mean, logvar, floor / many)
    return many * value, lambda bar: (g := right(many * bar)) | {"floor": g["floor"] / many}


@mistake(free_bits_kl)
def mean_over_the_latents(mean: Array, logvar: Array, floor: Array) -> Any:
    """The mean of what the latents are worth."""
    value, right = BODY(mean, logvar, floor)
    return value / mean.shape[1], lambda bar: right(bar / mean.shape[1])


# Value or gradient alone


@mistake(free_bits_kl, "value")
def plain_divergence_reported(mean: Array, logvar: Array, floor: Array) -> Any:
    """Σ K_j is reported, the floored one is trained with."""
    return namespace(mean).sum(parts(mean, logvar)[0]), BODY(mean, logvar, floor)[1]


@mistake(free_bits_kl, "gradient.mean", "gradient.logvar")
def pulled_below_the_floor(mean: Array, logvar: Array, floor: Array) -> Any:
    """The gradient of Σ K_j: the floor is in the value alone, and nothing is free."""
    value, right = BODY(mean, logvar, floor)
    return value, lambda bar: right(bar) | parts(mean, logvar)[1](bar)


@mistake(free_bits_kl, "gradient.floor")
def floor_held(mean: Array, logvar: Array, floor: Array) -> Any:
    """λ_bar₀ = 0: the floor is taken for a constant."""
    value, right = BODY(mean, logvar, floor)
    return value, lambda bar: (g := right(bar)) | {"floor": 0 * g["floor"]}


@mistake(free_bits_kl, "gradient.logvar")
def entropy_held(mean: Array, logvar: Array, floor: Array) -> Any:
    """λ_bar of ½ e^λ alone: the −λ of the divergence is taken for a constant."""
    value, right = BODY(mean, logvar, floor)
    paid = parts(mean, logvar)[0] > floor
    more = namespace(mean).astype(paid, mean.dtype) / 2 / mean.shape[0]
    return value, lambda bar: (g := right(bar)) | {"logvar": g["logvar"] + bar * more}


@mistake(free_bits_kl, "gradient.mean")
def square_without_its_half(mean: Array, logvar: Array, floor: Array) -> Any:
    """μ_bar = 2 J_bar μ/B."""
    value, right = BODY(mean, logvar, floor)
    return value, lambda bar: (g := right(bar)) | {"mean": 2 * g["mean"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(free_bits_kl, seen="weipu-zhang/STORM #12", blind=True)
def one_floor_for_all(mean: Array, logvar: Array, floor: Array) -> Any:
    """max(Σ K_j, λ₀): one floor after the sum, and after the mean over the batch."""
    xp = namespace(mean)
    kl, right = parts(mean, logvar)
    total = xp.sum(kl)
    paid = xp.astype(total > floor, mean.dtype)
    return xp.maximum(total, floor), lambda bar: right(bar * paid) | {"floor": bar * (1 - paid)}


@mistake(free_bits_kl, "gradient.mean", "gradient.logvar", blind=True)
def gradient_of_the_sum(mean: Array, logvar: Array, floor: Array) -> Any:
    """μ_bar and λ_bar are not divided by the batch; right for one example."""
    value, right = BODY(mean, logvar, floor)
    return value, lambda bar: (g := right(bar)) | {name: mean.shape[0] * g[name] for name in ("mean", "logvar")}


@mistake(free_bits_kl, "gradient.floor", blind=True)
def floor_of_one_latent(mean: Array, logvar: Array, floor: Array) -> Any:
    """λ_bar₀ is 1 where any latent is below, however many are."""
    value, right = BODY(mean, logvar, floor)
    return value, lambda bar: (g := right(bar)) | {
        "floor": bar * namespace(mean).astype(g["floor"] != 0, mean.dtype)}


@mistake(free_bits_kl, blind=True)
def divergence_the_other_way(mean: Array, logvar: Array, floor: Array) -> Any:
    """KL(N(0, I) ‖ q) against the floor."""
    xp = namespace(mean)
    scaled = mean * xp.exp(-logvar)
    kl = xp.mean((mean * scaled + expm1_minus_identity(-logvar)) / 2, axis=0)
    paid = xp.astype(kl > floor, mean.dtype)

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar * paid / mean.shape[0]
        return {"mean": each * scaled, "logvar": each * (1 - xp.exp(-logvar) - mean * scaled) / 2,
                "floor": bar * xp.sum(1 - paid)}

    return xp.sum(xp.maximum(kl, floor)), pullback
