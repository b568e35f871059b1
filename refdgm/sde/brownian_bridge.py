"""Brownian motion between two known points."""

from refdgm.declaration.domain import noise, positive, real, unit
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "left": real("B", "...", meaning="a, the path at the earlier time"),
        "right": real("B", "...", meaning="b, the path at the later time"),
        "eps": noise("normal", "B", "...", meaning="ε, standard normal, one number for every coordinate"),
        "h": positive("B", meaning="h, the time from the earlier to the later"),
        "share": unit("B", meaning="s, how much of that time has passed", instead="at 0 and 1 the path is known"),
    },
    wrt=("left", "right", "h", "share"),
    result=real("B", "...", meaning="w, the path in between"),
    source="kloeden1992sde",
)
def brownian_bridge(left: Array, right: Array, eps: Array, h: Array, share: Array) -> Result:
    """A point of a Brownian path between two that are known: Lévy's construction, which refines a path.

        w = (1 − s) a + s b + √v ε,   v = h s (1 − s)                         (1)

    Cotangents for w_bar, those of h and s for each example:

        a_bar = (1 − s) w_bar,   b_bar = s w_bar                              (2)
        h_bar = ⟨w_bar, ε⟩ √v / (2h)                                          (3)
        s_bar = ⟨w_bar, b − a⟩ + ⟨w_bar, ε⟩ h (1 − 2s) / (2√v)                (4)

    A coarse and a fine path of one motion are coupled so, as tests of strong order need. s_bar has no limit at s = 0 or
    1, where the path is as steep as √s. The bridge as a process, followed in small steps, has the drift (b − w) over
    the time that is left; this is its law at one time, and needs none.
    Source: Kloeden & Platen (1992), section 1.8.
    """
    xp = namespace(left)
    root_h, root_s, root_rest = xp.sqrt(h), xp.sqrt(share), xp.sqrt(1 - share)
    passed, left_over = against(share, left), against(1 - share, left)
    spread = against(root_h * root_s * root_rest, left)                       # √v; h s may leave the range
    between = left_over * left + passed * right + spread * eps                # (1)

    def pullback(between_bar: Array) -> dict[str, Array]:
        by_noise = inner(between_bar, eps) / 2
        return {
            "left": left_over * between_bar,
            "right": passed * between_bar,                                    # (2)
            "h": by_noise * (root_s * root_rest / root_h),                    # (3)
            "share": inner(between_bar, right - left)
            + by_noise * (root_h * (1 - 2 * share) / root_s / root_rest),     # (4)
        }

    return between, pullback
