"""What is kept is no part of the definition: the solve is that of odeint."""

from refdgm.evidence.ode.odeint.definition import odeint as odeint_checkpointed

__all__ = ["odeint_checkpointed"]
