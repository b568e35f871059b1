"""The forward marginal, written otherwise."""

from typing import Any

from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.evidence.declare import rewrite
from refdgm.evidence.diffusion.by_example import turned


@rewrite(forward_marginal)
def marginal_by_angle(x0: Any, eps: Any, alpha_prod: Any) -> Any:
    """cos φ x₀ + sin φ ε."""
    return turned(("x0", "eps"), (1, 1), x0, eps, alpha_prod)
