"""The value is that of odeint; the derivative is the flow's, so it has no textbook text of finitely many steps."""

from .odeint import value

__all__ = ["value"]
