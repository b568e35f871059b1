"""Mistakes in the path and its velocity. Both reversed together are a convention and not among them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.flow.paths import straight
from refdgm.flow.flow_matching_path import flow_matching_path
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner

PATH = flow_matching_path.body
OF_PATH = ("xt", "gradient.x0", "gradient.t", "gradient.sigma_min")
OF_TARGET = ("target", "gradient.x0", "gradient.sigma_min")


def of_noise(t: Array, s: Array) -> Any:
    """1 − (1 − σ) t, and −(1 − σ): the weights of the noise, with their slopes."""
    return (1 - (1 - s) * t, s - 1, t), (s - 1, 0, 1)


TO_DATA = (1, 0, 0)


@mistake(flow_matching_path, "xt", "gradient.x0", "gradient.x1", "gradient.t", "gradient.sigma_min")
def ends_exchanged(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """x_t = (1 − t) x₁ + k(1 − t) x₀: the time of the point runs to the noise, the target still to the data."""
    k, along = of_noise(1 - t, sigma_min)
    return straight(x0, x1, t, ((k[0], -k[1], k[2]), (1 - t, -1, 0)), (along, TO_DATA))


@mistake(flow_matching_path, "target", "gradient.x0", "gradient.x1", "gradient.sigma_min",
         seen="lucidrains/rectified-flow-pytorch #14")
def towards_the_noise(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """−u: the velocity towards the noise, of a point whose time runs to the data."""
    k, along = of_noise(t, sigma_min)
    return straight(x0, x1, t, (k, (t, 1, 0)), (tuple(-x for x in along), (-1, 0, 0)))


@mistake(flow_matching_path, *OF_TARGET)
def sigma_left_out_of_the_target(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """u = x₁ − x₀ on a path that keeps σ of the noise."""
    return straight(x0, x1, t, (of_noise(t, sigma_min)[0], (t, 1, 0)), ((-1, 0, 0), TO_DATA))


@mistake(flow_matching_path, *OF_PATH)
def sigma_left_out_of_the_path(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """x_t = (1 − t) x₀ + t x₁, and a target that knows of σ."""
    return straight(x0, x1, t, ((1 - t, -1, 0), (t, 1, 0)), (of_noise(t, sigma_min)[1], TO_DATA))


@mistake(flow_matching_path, *OF_PATH)
def sigma_at_all_times(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """k = 1 − t + σ: σ is added at every time and not in proportion to it."""
    return straight(x0, x1, t, ((1 - t + sigma_min, -1, 1), (t, 1, 0)), (of_noise(t, sigma_min)[1], TO_DATA))


@mistake(flow_matching_path, *OF_PATH)
def weights_of_equal_variance(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """k = √(1 − t²), which keeps the variance, with the velocity of the straight path."""
    root = namespace(x0).sqrt((1 - t) * (1 + t))
    return straight(x0, x1, t, ((root, -t / root, 0), (t, 1, 0)), (of_noise(t, sigma_min)[1], TO_DATA))


@mistake(flow_matching_path, "target", "gradient.x0", "gradient.x1", "gradient.t", "gradient.sigma_min")
def divided_by_what_is_left(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """u = (x₁ − (1 − σ) x₀) / k: the denominator that belongs to x_t, with x₀ in its place."""
    k, along = of_noise(t, sigma_min)
    over = [(a[0] / k[0], -a[0] * k[1] / k[0] ** 2, (a[2] - a[0] * k[2] / k[0]) / k[0]) for a in (along, TO_DATA)]
    return straight(x0, x1, t, (k, (t, 1, 0)), (over[0], over[1]))


@mistake(flow_matching_path, "xt", "gradient.x0", "gradient.x1", "gradient.t", "gradient.sigma_min")
def time_along_components(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """t (B,) meets the last axis and not the first; it runs only where both have one size."""
    if x0.ndim != 2 or x0.shape[0] != x0.shape[1]:
        return PATH(x0, x1, t, sigma_min)
    (xt, target), right = PATH(x0.T, x1.T, t, sigma_min)
    return (xt.T, target.T), lambda *bars: (g := right(*(bar.T for bar in bars))) | {
        "x0": g["x0"].T, "x1": g["x1"].T}


@mistake(flow_matching_path, "gradient.t")
def sigma_left_out_of_the_slope(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """t_bar = ⟨x_bar_t, x₁ − x₀⟩: the slope of k without σ."""
    value, right = PATH(x0, x1, t, sigma_min)
    return value, lambda xt_bar, target_bar: right(xt_bar, target_bar) | {"t": inner(xt_bar, x1 - x0)}


@mistake(flow_matching_path, "gradient.x0", "gradient.x1", "gradient.sigma_min")
def target_detached(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """The target is taken for a constant, and its cotangent goes nowhere."""
    value, right = PATH(x0, x1, t, sigma_min)
    return value, lambda xt_bar, target_bar: right(xt_bar, 0 * target_bar)


@mistake(flow_matching_path, "gradient.x1")
def data_gradient_not_weighed(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """x_bar₁ = x_bar_t + u_bar: without t."""
    value, right = PATH(x0, x1, t, sigma_min)
    return value, lambda xt_bar, target_bar: right(xt_bar, target_bar) | {"x1": xt_bar + target_bar}


@mistake(flow_matching_path, "gradient.sigma_min")
def sigma_gradient_of_the_target_alone(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """σ_bar = Σ ⟨x₀, u_bar⟩: σ is held where the point is made."""
    value, right = PATH(x0, x1, t, sigma_min)
    return value, lambda xt_bar, target_bar: right(xt_bar, target_bar) | {
        "sigma_min": namespace(x0).sum(x0 * target_bar)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(flow_matching_path, *OF_TARGET, seen="theislab/CellFlow #305", blind=True)
def from_another_source(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """The target begins at another source than the path: here at that of the example before."""
    xp = namespace(x0)
    value, right = PATH(x0, x1, t, sigma_min)
    target = PATH(xp.roll(x0, 1, axis=0), x1, t, sigma_min)[0][1]

    def pullback(xt_bar: Array, target_bar: Array) -> dict[str, Array]:
        return right(xt_bar, xp.roll(target_bar, -1, axis=0)) | {"x1": right(xt_bar, target_bar)["x1"]}

    return (value[0], target), pullback


@mistake(flow_matching_path, "target", "gradient.x0", "gradient.x1", "gradient.t", "gradient.sigma_min",
         seen="lucidrains/pi-zero-pytorch #13", blind=True)
def from_the_point(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """u = x₁ − (1 − σ) x_t: the data less the point, which is nearer to them by 1 − t, and not less the noise."""
    (xt, _), right = PATH(x0, x1, t, sigma_min)
    rest = 1 - sigma_min

    def pullback(xt_bar: Array, target_bar: Array) -> dict[str, Array]:
        g = right(xt_bar - rest * target_bar, 0 * target_bar)
        return g | {"x1": g["x1"] + target_bar,
                    "sigma_min": g["sigma_min"] + namespace(x0).sum(target_bar * xt)}

    return (xt, x1 - rest * xt), pullback


@mistake(flow_matching_path, "target", "gradient.x0", "gradient.x1", "gradient.t", "gradient.sigma_min",
         seen="atong01/conditional-flow-matching #175", blind=True)
def time_for_the_point(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """u = (x₁ − (1 − σ) t) / (1 − (1 − σ) t): a documented formula with t for x_t in its numerator."""
    xp = namespace(x0)
    (xt, _), right = PATH(x0, x1, t, sigma_min)
    at, rest = against(t, x0), 1 - sigma_min
    k = 1 - rest * at
    target = (x1 - rest * at) / k

    def pullback(xt_bar: Array, target_bar: Array) -> dict[str, Array]:
        g, over = right(xt_bar, 0 * target_bar), target_bar / k
        return g | {"x1": g["x1"] + over, "t": g["t"] + inner(over, rest * (target - 1)),
                    "sigma_min": g["sigma_min"] + xp.sum(over * at * (1 - target))}

    return (xt, target), pullback


@mistake(flow_matching_path, "xt", "gradient.x0", "gradient.x1", "gradient.t", "gradient.sigma_min", blind=True)
def one_time_for_all(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """The time of the first example serves the whole batch; right for equal times, as a sampler has them."""
    xp = namespace(x0)
    first = xp.astype(xp.arange(t.shape[0], device=t.device) == 0, t.dtype)
    value, right = PATH(x0, x1, t[:1] + 0 * t, sigma_min)
    return value, lambda *bars: (g := right(*bars)) | {"t": first * xp.sum(g["t"])}


@mistake(flow_matching_path, "gradient.sigma_min", blind=True)
def sigma_gradient_averaged(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """σ_bar is a mean over the batch, where every example adds what it has; right for one example."""
    value, right = PATH(x0, x1, t, sigma_min)
    return value, lambda *bars: (g := right(*bars)) | {"sigma_min": g["sigma_min"] / max(t.shape[0], 1)}


@mistake(flow_matching_path, "gradient.t", blind=True)
def time_gradient_averaged(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Any:
    """t_bar is a mean over the components of the example and not their sum."""
    value, right = PATH(x0, x1, t, sigma_min)
    return value, lambda *bars: (g := right(*bars)) | {"t": g["t"] / max(dimension(x0), 1)}
