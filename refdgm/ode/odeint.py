"""Solving an initial-value problem by a fixed number of explicit Runge–Kutta steps, with its exact adjoint."""

from refdgm.declaration.domain import count, field, parameters, real, word
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import VELOCITIES, Field
from refdgm.ode.step import equal_steps, runge_kutta_step, step_of
from refdgm.ode.tableau import TABLEAUS
from refdgm.reference import reference

INITIAL_VALUE = {
    "z0": real("B", "D", meaning="z₀, the state at t₀"),
    "t0": real(meaning="t₀, where the solve starts", finite=True),
    "t1": real(meaning="t₁, where it ends; before t₀ it runs backwards", finite=True),
    "theta": parameters("velocity"),
    "velocity": field("z", "t", known=VELOCITIES, meaning="f, with z_dot = f(z, t, θ)"),
    "method": word(*TABLEAUS, meaning="the Runge–Kutta method; midpoint is explicit, rk4 is not the 3/8 rule"),
    "steps": count(1, meaning="N, equal steps"),
}


@reference(
    args=INITIAL_VALUE,
    wrt=("z0", "t0", "t1", "theta"),
    result=real("B", "D", meaning="z(t₁)"),
    source="chen2018neuralode",
)
def odeint(
    z0: Array, t0: Array, t1: Array, theta: dict[str, Array], *, velocity: Field, method: str, steps: int
) -> Result:
    """N equal Runge–Kutta steps, and the exact gradient of what they compute.

        h = (t₁ − t₀)/N,   t_n = t₀ + n h                                           (1)
        Y_i = z_n + h Σ_{j<i} a_ij k_j,   k_i = f(Y_i, t_n + c_i h, θ)              (2)
        z_{n+1} = z_n + h Σ_i b_i k_i                                               (3)

    Given λ = z_bar_{n+1}, for i = s … 1:

        k_bar_i = h (b_i λ + Σ_{j>i} a_ji Y_bar_j)                                  (4)
        Y_bar_i, τ_i, a summand of θ_bar: the pullback of f at stage i for k_bar_i  (5)
        z_bar_n = λ + Σ_i Y_bar_i,   t_bar_n = Σ_i τ_i                              (6)
        h_bar_n = Σ_i (b_i ⟨λ, k_i⟩ + ⟨Y_bar_i, Σ_j a_ij k_j⟩ + c_i τ_i)            (7)
        t_bar₁ = Σ_n (h_bar_n + n t_bar_n)/N,   t_bar₀ = Σ_n t_bar_n − t_bar₁       (8)

    This is the discrete adjoint: the derivative of the solver, not of the flow that it approximates
    (`odeint_adjoint` has that one). All stages are kept, N s of them.
    Source: Hairer, Nørsett & Wanner, Solving ODEs I, II.1 for (2, 3); (4–8) by the chain rule, as in
    Sanz-Serna (2016), Symplectic Runge–Kutta schemes for adjoint equations.
    """
    h = (t1 - t0) / steps                                                     # (1)
    step, unit = (step_of(TABLEAUS[method], length) for length in (h, namespace(h).ones_like(h)))
    z, kept = z0, []
    for n in range(steps):
        z, step_pullback = runge_kutta_step(step, unit, velocity, z, t0 + n * h, theta)     # (2, 3)
        kept.append(step_pullback)                                            # (4–7)
    return z, equal_steps(kept.__getitem__, steps, t0)                        # (8)
