"""The continuous adjoint of the log-density as torchdiffeq has it."""

from types import SimpleNamespace
from typing import Any

from refdgm.evidence.declare import variant, variants
from refdgm.evidence.torchdiffeq import RULE, along_the_way, by_three_eighths
from refdgm.flow.cnf_log_density import log_density
from refdgm.flow.cnf_log_density_adjoint import cnf_log_density_adjoint
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field

Theta = dict[str, Array]

three_eighths = variants(RULE, cnf_log_density_adjoint)(by_three_eighths)


@variant("t₁ integrated along the way", cnf_log_density_adjoint)
def density_along_the_way(
    x: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₁ from the integral of the adjoint's change along the solve from t₀ to t₁, as in torchdiffeq."""
    axes = namespace(x).eye(x.shape[1], dtype=x.dtype, device=x.device)[None, :, :]
    solver: Any = SimpleNamespace(body=along_the_way)
    return log_density(solver, x, axes, axes, t0, t1, theta, velocity, method, steps)


@variant(f"{RULE}, t₁ integrated along the way", cnf_log_density_adjoint)
def both_of_the_density(*args: Any, **options: Any) -> Any:
    """These two at once, as torchdiffeq's odeint_adjoint has them."""
    return by_three_eighths(density_along_the_way.body)(*args, **options)
