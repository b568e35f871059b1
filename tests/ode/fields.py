"""Fields of a user's own, without a layout: they depend on time, and on one number θ = {"scale": c}."""

import numpy as np

from refdgm.nets.field import Field


def power_of_time(k):
    """f = c tᵏ at every z: the solve is then a quadrature rule."""

    def vjp(z, t, theta):
        ones = np.ones_like(z)

        def pullback(f_bar, wrt=("z", "t", "theta")):
            total = np.sum(f_bar)
            slope = k * t ** (k - 1) if k else 0.0 * t
            return {"z": 0 * z, "t": total * theta["scale"] * slope, "theta": {"scale": total * t**k}}

        return theta["scale"] * t**k * ones, pullback

    return Field(f"t^{k}", ("z", "t"), lambda z, t, theta: vjp(z, t, theta)[0], vjp)


def driven_vjp(z, t, theta):
    def pullback(f_bar, wrt=("z", "t", "theta")):
        total = np.sum(f_bar)
        return {"z": f_bar, "t": total * theta["scale"], "theta": {"scale": total * t}}

    return z + theta["scale"] * t, pullback


driven = Field("z + c t", ("z", "t"), lambda z, t, theta: driven_vjp(z, t, theta)[0], driven_vjp)
