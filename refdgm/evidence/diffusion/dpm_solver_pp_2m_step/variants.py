"""The other solver type."""

from typing import Any

from refdgm.diffusion.dpm_solver_pp_2m_step import dpm_solver_pp_2m_step
from refdgm.evidence.declare import variant
from refdgm.namespace import Array, namespace
from refdgm.numerics.components import against
from refdgm.numerics.expm1_minus_identity import expm1_minus_identity


@variant('the solver type "heun" or "taylor"', dpm_solver_pp_2m_step)
def line_integrated(
    x: Array, x0: Array, x0_prev: Array, lam: Array, step: Array, step_prev: Array, *, process: str
) -> Any:
    """The line through both predictions is integrated, not taken at its middle: on (x₀ − x₀⁻)/r stands
    α′ ((e^{−h} − 1)/h + 1) in place of −½ α′ (e^{−h} − 1), as in dpm-solver's "taylor" and diffusers' "heun"."""
    xp = namespace(x)
    first, right = dpm_solver_pp_2m_step.body(x, x0, x0, lam, step, step_prev, process=process)
    alpha = right(xp.ones_like(x))["x0"] / (1 + against(step / (2 * step_prev), x)) / -against(xp.expm1(-step), x)
    weight = alpha * against(expm1_minus_identity(-step) / step_prev, x)

    def pullback(bar: Array) -> dict[str, Array]:
        grads = right(bar)
        return {"x": grads["x"], "x0": grads["x0"] + grads["x0_prev"] + weight * bar, "x0_prev": -weight * bar}

    return first + weight * (x0 - x0_prev), pullback
