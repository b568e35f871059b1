"""The continuous adjoint as torchdiffeq has it."""

from typing import Any

from refdgm.evidence.declare import variant, variants
from refdgm.evidence.torchdiffeq import RULE, along_the_way, by_three_eighths
from refdgm.ode.odeint_adjoint import odeint_adjoint

three_eighths = variants(RULE, odeint_adjoint)(by_three_eighths)
first_time = variant("t₀ integrated along the way", odeint_adjoint)(along_the_way)


@variant(f"{RULE}, t₀ integrated along the way", odeint_adjoint)
def both(*args: Any, **options: Any) -> Any:
    """These two at once, as torchdiffeq's odeint_adjoint has them."""
    return by_three_eighths(along_the_way)(*args, **options)
