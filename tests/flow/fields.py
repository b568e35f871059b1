"""A velocity of a user's own whose density is known at all times, and which looks at the time."""

import numpy as np

from refdgm.nets.field import Field


def widening_vjp(z, t, theta):
    def pullback(f_bar, wrt=("z", "t", "theta")):
        c, both = theta["c"], np.sum(f_bar * z)
        return {"z": c * t * f_bar, "t": c * both, "theta": {"c": t * both}}

    return theta["c"] * t * z, pullback


def widening_jvp(z, z_dot, t, theta):
    def pullback(f_bar, f_dot_bar, wrt=("z", "z_dot", "t", "theta")):
        c, both = theta["c"], np.sum(f_bar * z) + np.sum(f_dot_bar * z_dot)
        return {"z": c * t * f_bar, "z_dot": c * t * f_dot_bar, "t": c * both, "theta": {"c": t * both}}

    return (theta["c"] * t * z, theta["c"] * t * z_dot), pullback


widening = Field("c t z", ("z", "t"), lambda z, t, theta: widening_vjp(z, t, theta)[0], widening_vjp, widening_jvp)
