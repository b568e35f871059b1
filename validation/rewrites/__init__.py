"""Correct code that is written otherwise: other forms, other orders of summation, another dtype.

A test that blames one of these costs its user a day. `eps` is the unit roundoff with which it computes.
"""

from . import (
    bound,
    diffusion,
    generic,
    latent,
    marginal,
    nets,
    ode,
    primitives,
    score,
)
from .rewrite import DOUBLE, REWRITES, SINGLE, Rewrite

__all__ = [
    "DOUBLE",
    "REWRITES",
    "SINGLE",
    "Rewrite",
    "bound",
    "diffusion",
    "generic",
    "latent",
    "marginal",
    "nets",
    "ode",
    "primitives",
    "score",
]
