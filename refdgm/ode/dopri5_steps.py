"""The fifth-order method of Dormand and Prince on a given grid, with the gradient of the grid."""

from typing import Any

from refdgm.declaration.domain import ordered, real
from refdgm.declaration.symbols import Some
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import INITIAL_VALUE
from refdgm.ode.step import added, runge_kutta_step, step_of
from refdgm.ode.tableau import DOPRI5
from refdgm.reference import reference


@reference(
    args={
        "z0": real("B", "D", meaning="z₀, the state at the first point of the grid"),
        "times": ordered(real("T", meaning="t₀, …, t_N, the grid; a step may go either way", finite=True,
                              nonempty=("T", Some("time", "a grid of one point is the identity")))),
        "theta": INITIAL_VALUE["theta"],
        "velocity": INITIAL_VALUE["velocity"],
    },
    wrt=("z0", "times", "theta"),
    result=real("B", "D", meaning="z(t_N), of order five"),
    source="dormand1980embedded",
)
def dopri5_steps(z0: Array, times: Array, theta: dict[str, Array], *, velocity: Field) -> Result:
    """N steps of Dormand and Prince's method from grid point to grid point, and their exact gradient.

        h_n = t_{n+1} − t_n,   z_{n+1} = Ψ(z_n, t_n, h_n)                       (1)

    with Ψ the step of the tableau `DOPRI5`: six stages, the weights of order five. Given λ = z_bar_{n+1} and the
    pullback z_bar_n, τ_n, h_bar_n, θ_bar_n of step n, for n = N − 1 … 0:

        θ_bar += θ_bar_n,   t_bar_{n+1} += h_bar_n,   t_bar_n += τ_n − h_bar_n  (2)

    Every point of the grid has a gradient; of one that an adaptive solver chose it is small, for the flow does not
    depend on it, and dropping it is that solver's derivative with its grid held. No step is the identity: equal
    neighbours, or a grid of one point. Error control is no part of this: see `odeint_adaptive`.
    Source: Dormand & Prince (1980), table 2, RK5(4)7M; Hairer, Nørsett & Wanner, Solving ODEs I, table II.5.2.
    """
    xp = namespace(z0)
    points, unit = times.shape[0], step_of(DOPRI5, xp.ones((), dtype=times.dtype, device=times.device))
    z, pullbacks = 1 * z0, []
    for n in range(points - 1):
        step = step_of(DOPRI5, times[n + 1] - times[n])
        z, step_pullback = runge_kutta_step(step, unit, velocity, z, times[n], theta)         # (1)
        pullbacks.append(step_pullback)

    def pullback(z1_bar: Array, wrt: tuple[str, ...] = ("z0", "times", "theta")) -> dict[str, Any]:
        inner = ("z", *(("t", "h") if "times" in wrt else ()), *(("theta",) if "theta" in wrt else ()))
        z_bar, points_bar = 1 * z1_bar, [xp.zeros_like(times[n]) for n in range(points)]
        theta_bar = {name: xp.zeros_like(x) for name, x in theta.items()}
        for n in range(points - 2, -1, -1):
            grads = pullbacks[n](z_bar, wrt=inner)
            z_bar = grads["z"]
            points_bar[n + 1] = points_bar[n + 1] + grads["h"]                # (2)
            points_bar[n] = points_bar[n] + grads["t"] - grads["h"]
            theta_bar |= added(theta_bar, grads["theta"])
        times_bar = xp.stack(points_bar) if points else xp.zeros_like(times)
        return {"z0": z_bar, "times": times_bar, "theta": theta_bar}

    return z, pullback
