"""The value is that of cnf_log_density; the derivative is the flow's, which no text of finitely many steps has."""

from .cnf_log_density import value

__all__ = ["value"]
