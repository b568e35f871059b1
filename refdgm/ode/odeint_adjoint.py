"""The continuous adjoint of an initial-value problem, solved backwards with constant memory."""

from typing import Any

from refdgm.declaration.domain import Limit, real
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import INITIAL_VALUE
from refdgm.ode.step import combined, step_of, taken
from refdgm.ode.tableau import TABLEAUS
from refdgm.reference import reference


@reference(
    args=INITIAL_VALUE,
    wrt=("z0", "t0", "t1", "theta"),
    result=real("B", "D", meaning="z(t₁), as odeint"),
    source="chen2018neuralode",
    derivative_of=Limit("steps", "method", {name: tableau.order for name, tableau in TABLEAUS.items()}),
)
def odeint_adjoint(
    z0: Array, t0: Array, t1: Array, theta: dict[str, Array], *, velocity: Field, method: str, steps: int
) -> Result:
    """The value of `odeint`, and the gradient of the flow by the adjoint equation.

        a(t₁) = z_bar₁,   a_dot = −(∂f/∂z)ᵀ a                                (1)
        z_bar₀ = a(t₀),   θ_bar = ∫_{t₀}^{t₁} (∂f/∂θ)ᵀ a dt                  (2)
        t_bar₁ = ⟨a(t₁), f(z(t₁), t₁)⟩,   t_bar₀ = −⟨a(t₀), f(z(t₀), t₀)⟩    (3)

    The triple (z, a, θ_bar) is integrated from t₁ back to t₀ by the same method in N steps; memory does not grow
    with N. Both of (3) are read off the trajectory, t_bar₀ at the a and the z where the backward solve arrives, not at
    the given z₀; that z₀, or an integral of ∂f/∂t along the way, makes another number, by the truncation error. Not
    the derivative of its value: it tends to it with the order of the method as N grows. Where f contracts,
    integrating z backwards amplifies errors without bound: prefer `odeint`.
    Source: Chen, Rubanova, Bettencourt & Duvenaud (2018), algorithm 1, appendices B and C; the signs
    of (3) hold in both directions of time.
    """
    xp = namespace(z0)
    h, z1 = (t1 - t0) / steps, z0
    step, back = step_of(TABLEAUS[method], h), step_of(TABLEAUS[method], -h)
    for n in range(steps):                                                    # odeint (2, 3), nothing kept
        z1 = taken(step, velocity, z1, t0 + n * h, theta)

    def pullback(z1_bar: Array, wrt: tuple[str, ...] = ("z0", "t0", "t1", "theta")) -> dict[str, Any]:
        z, a = z1, z1_bar
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        t1_bar = xp.sum(a * velocity.value(z, t1, theta))                    # (3)
        for n in range(steps):
            t = t1 - n * h
            z_slopes: list[Array] = []
            a_slopes: list[Array] = []
            theta_slopes: list[dict[str, Array]] = []
            for row, c in zip(back.a, back.c, strict=True):
                a_stage = combined(a, row, a_slopes)
                f, stage_pullback = velocity.vjp(combined(z, row, z_slopes), t + c, theta)
                grads = stage_pullback(a_stage, wrt=("z", "theta") if "theta" in wrt else ("z",))
                z_slopes.append(f)
                a_slopes.append(-grads["z"])                                  # (1)
                if "theta" in wrt:
                    theta_slopes.append(grads["theta"])
            z, a = combined(z, back.b, z_slopes), combined(a, back.b, a_slopes)
            if "theta" in wrt:
                theta_bar = {                                                 # (2)
                    name: combined(total, step.b, [slope[name] for slope in theta_slopes])
                    for name, total in theta_bar.items()
                }
        t0_bar = -xp.sum(a * velocity.value(z, t0, theta))                   # (3)
        return {"z0": a, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return z1, pullback
