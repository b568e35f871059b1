"""Correct code that is written otherwise: other forms, other orders of summation, another dtype.

A test that blames one of these costs its user a day. `eps` is the unit roundoff with which it computes.
"""

from . import (
    bound,
    categorical,
    continuous_flow,
    diffusion,
    gaussian,
    generic,
    latent,
    layers,
    logistic,
    marginal,
    mixture,
    nets,
    ode,
    primitives,
    probability_flow,
    relaxation,
    sampling,
    score,
    score_objectives,
    sde,
    shallow,
    sliced,
)
from .rewrite import DOUBLE, REWRITES, SINGLE, Rewrite

__all__ = [
    "DOUBLE",
    "REWRITES",
    "SINGLE",
    "Rewrite",
    "bound",
    "categorical",
    "continuous_flow",
    "diffusion",
    "gaussian",
    "generic",
    "latent",
    "layers",
    "logistic",
    "marginal",
    "mixture",
    "nets",
    "ode",
    "primitives",
    "probability_flow",
    "relaxation",
    "sampling",
    "score",
    "score_objectives",
    "sde",
    "shallow",
    "sliced",
]
