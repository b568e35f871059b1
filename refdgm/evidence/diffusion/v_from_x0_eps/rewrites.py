"""v, and x₀ and ε from it, written otherwise."""

from typing import Any

from refdgm.diffusion.v_from_x0_eps import eps_from_v, v_from_x0_eps, x0_from_v
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import turned


@rewrite(v_from_x0_eps)
def velocity_by_angle(x0: Any, eps: Any, alpha_prod: Any) -> Any:
    """cos φ ε − sin φ x₀."""
    return turned(("eps", "x0"), (1, -1), eps, x0, alpha_prod)


@rewrite(x0_from_v)
def data_by_angle(xt: Any, v: Any, alpha_prod: Any) -> Any:
    """cos φ x_t − sin φ v."""
    return turned(("xt", "v"), (1, -1), xt, v, alpha_prod)


@rewrite(eps_from_v)
def noise_by_angle(xt: Any, v: Any, alpha_prod: Any) -> Any:
    """sin φ x_t + cos φ v."""
    return turned(("v", "xt"), (1, 1), v, xt, alpha_prod)
