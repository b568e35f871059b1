"""Mistakes in Brownian bridges."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against, dimension, inner
from refdgm.sde.brownian_bridge import brownian_bridge

BODY = brownian_bridge.body
OF_NOISE = ("value", "gradient.h", "gradient.share")


def spread(left: Array, right: Array, eps: Array, h: Array, share: Array, width: Array, by_h: Any, by_s: Any) -> Any:
    """The right mean, and noise of another width, whose slopes in h and s are given."""
    mean, of_mean = BODY(left, right, 0 * eps, h, share)

    def pullback(bar: Array) -> dict[str, Array]:
        along = inner(bar, eps)
        g = of_mean(bar)
        return g | {"h": along * by_h, "share": g["share"] + along * by_s}

    return mean + against(width, left) * eps, pullback


@mistake(brownian_bridge, *OF_NOISE, seen="patrick-kidger/diffrax #339")
def variance_for_deviation(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """v ε: the noise has its variance for deviation."""
    v = share * (1 - share)
    return spread(left, right, eps, h, share, h * v, v, h * (1 - 2 * share))


@mistake(brownian_bridge, *OF_NOISE)
def free_end(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """v = h s: the path is not held at its end."""
    root = namespace(left).sqrt(h * share)
    return spread(left, right, eps, h, share, root, root / h / 2, root / share / 2)


@mistake(brownian_bridge, "value", "gradient.left", "gradient.right", "gradient.share")
def ends_exchanged(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """s a + (1 − s) b."""
    w, pulled = BODY(right, left, eps, h, share)
    return w, lambda bar: (g := pulled(bar)) | {"left": g["right"], "right": g["left"]}


@mistake(brownian_bridge, *OF_NOISE)
def rest_squared(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """v = h (1 − s)², which is right in the middle alone."""
    root = namespace(left).sqrt(h)
    return spread(left, right, eps, h, share, root * (1 - share), (1 - share) / root / 2, -root)


@mistake(brownian_bridge, *OF_NOISE)
def time_forgotten(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """v = s (1 − s): the bridge of an interval of length one."""
    root = namespace(left).sqrt(share * (1 - share))
    return spread(left, right, eps, h, share, root, 0 * h, (1 - 2 * share) / root / 2)


@mistake(brownian_bridge, "gradient.share")
def share_gradient_without_noise(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """s_bar = ⟨w_bar, b − a⟩: that of the mean alone."""
    w, pulled = BODY(left, right, eps, h, share)
    return w, lambda bar: pulled(bar) | {"share": inner(bar, right - left)}


@mistake(brownian_bridge, "gradient.h")
def time_gradient_without_half(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """h_bar = ⟨w_bar, ε⟩ √v / h: the root's ½ is forgotten."""
    w, pulled = BODY(left, right, eps, h, share)
    return w, lambda bar: (g := pulled(bar)) | {"h": 2 * g["h"]}


@mistake(brownian_bridge, "gradient.left")
def left_end_detached(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """The earlier point receives no gradient."""
    w, pulled = BODY(left, right, eps, h, share)
    return w, lambda bar: pulled(bar) | {"left": 0 * bar}


@mistake(brownian_bridge, "gradient.right")
def right_end_whole(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """b_bar = w_bar, as for a path that is shifted by its end."""
    w, pulled = BODY(left, right, eps, h, share)
    return w, lambda bar: pulled(bar) | {"right": +bar}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(brownian_bridge, *OF_NOISE, seen="rosewang2008/language_modeling_via_stochastic_processes #9", blind=True)
def noise_of_the_middle(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """√h/2 at every time: the noise is fixed, and right in the middle alone."""
    root = namespace(left).sqrt(h) / 2
    return spread(left, right, eps, h, share, root, root / h / 2, 0 * h)


@mistake(brownian_bridge, "value", "gradient.left", "gradient.right", "gradient.h", "gradient.share", blind=True)
def one_share_for_all(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """The share of the first example serves the whole batch."""
    xp = namespace(left)
    first = xp.astype(xp.arange(h.shape[0], device=h.device) == 0, h.dtype)
    w, pulled = BODY(left, right, eps, h, share[:1] + 0 * share)
    return w, lambda bar: (g := pulled(bar)) | {"share": first * xp.sum(g["share"])}


@mistake(brownian_bridge, *OF_NOISE, blind=True)
def one_draw_for_all_coordinates(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """ε ~ N(0, 1) in place of N(0, I)."""
    xp = namespace(left)
    if not dimension(eps):
        return BODY(left, right, eps, h, share)
    shared = against(xp.reshape(eps, (eps.shape[0], dimension(eps)))[:, 0], eps)
    return BODY(left, right, shared + 0 * eps, h, share)


@mistake(brownian_bridge, "gradient.share", blind=True)
def rest_held(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """s_bar with ∂v/∂s = h (1 − s): the rest of the time is held."""
    w, pulled = BODY(left, right, eps, h, share)
    slope = namespace(left).sqrt(h * share * (1 - share)) / share / 2
    return w, lambda bar: pulled(bar) | {"share": inner(bar, right - left) + inner(bar, eps) * slope}


@mistake(brownian_bridge, "gradient.h", "gradient.share", blind=True)
def averaged_over_components(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Any:
    """h_bar and s_bar are means over an example's components, where sums belong; right for one component."""
    w, pulled = BODY(left, right, eps, h, share)
    count = max(dimension(left), 1)
    return w, lambda bar: (g := pulled(bar)) | {"h": g["h"] / count, "share": g["share"] / count}
