"""What is kept is no part of the definition: the solve is that of odeint."""

from .odeint import value

__all__ = ["value"]
