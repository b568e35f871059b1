"""An integral along the solution, by the steps of the solve: the state carries it as one more component."""

from typing import Any

from refdgm.declaration.domain import real, scale, word
from refdgm.namespace import Array, Result, Results, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import INITIAL_VALUE, odeint
from refdgm.reference import reference

COSTS = ("kinetic", "state")


def with_cost(velocity: Field, cost: str) -> Field:
    """The field (f, r) of the state (z, ℓ); f does not look at ℓ."""

    def vjp(state: Array, t: Array, theta: dict[str, Array]) -> Result:
        xp = namespace(state)
        z = state[:, :-1]
        f, velocity_pullback = velocity.vjp(z, t, theta)
        rated = f if cost == "kinetic" else z
        r = xp.sum(rated * (rated / 2), axis=1)                               # (1)

        def pullback(slope_bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            f_bar, r_bar = slope_bar[:, :-1], slope_bar[:, -1:]
            grads = velocity_pullback(f_bar + r_bar * f if cost == "kinetic" else f_bar, wrt=wrt)    # (4)
            z_bar = grads["z"] if cost == "kinetic" else grads["z"] + r_bar * z                     # (5)
            return grads | {"z": xp.concat([z_bar, xp.zeros_like(r_bar)], axis=1)}

        return xp.concat([f, r[:, None]], axis=1), pullback

    return Field(f"{velocity.name}, {cost}", ("z", "t"), lambda *args: vjp(*args)[0], vjp)


@reference(
    args={
        "z0": INITIAL_VALUE["z0"],
        "t0": INITIAL_VALUE["t0"],
        "t1": INITIAL_VALUE["t1"],
        "theta": INITIAL_VALUE["theta"],
        "velocity": INITIAL_VALUE["velocity"],
        "cost": word(*COSTS, meaning="r: half the squared velocity, or half the squared state"),
        "method": INITIAL_VALUE["method"],
        "steps": INITIAL_VALUE["steps"],
    },
    wrt=("z0", "t0", "t1", "theta"),
    result={"z1": real("B", "D", meaning="z(t₁), as odeint"), "cost": real("B", meaning="∫ r dt, per example")},
    source="finlay2020rnode",
    conventions={
        "cost is without the half": {"cost": scale(2.0)},
        "cost is the mean over components": {"cost": scale(1.0, per="D")},
    },
)
def odeint_running_cost(
    z0: Array, t0: Array, t1: Array, theta: dict[str, Array], *,
    velocity: Field, cost: str, method: str, steps: int,
) -> Results:
    """The solve of `odeint` and the integral of a running cost along it, with the exact gradient of both.

        r(z, t) = ½ ‖f(z, t, θ)‖² (kinetic) or ½ ‖z‖² (state)                                                       (1)
        ℓ_{n+1} = ℓ_n + h Σ_i b_i r(Y_i, t_n + c_i h),   ℓ₀ = 0                                                     (2)

    with the stages Y_i of `odeint`. Given λ = z_bar_{n+1} and ℓ_bar, the same for all n, for i = s … 1:

        k_bar_i = h (b_i λ + Σ_{j>i} a_ji Y_bar_j),   r_bar_i = h b_i ℓ_bar                                         (3)
        Y_bar_i, τ_i, a summand of θ_bar: the pullback of f for k_bar_i + r_bar_i k_i (kinetic) or k_bar_i (state)  (4)
        Y_bar_i += r_bar_i Y_i (state)                                                                              (5)
        h_bar_n = Σ_i (b_i ⟨λ, k_i⟩ + ⟨Y_bar_i, Σ_j a_ij k_j⟩ + c_i τ_i + b_i ⟨ℓ_bar, r_i⟩)                         (6)

    and on as in `odeint`, of the state (z, ℓ): ℓ is one more component, whose rate is r. Backwards in time
    (t₁ < t₀) the integral is signed like any other: a cost in the direction of the solve is its negative. With the
    kinetic cost of a flow of likelihood this is the kinetic one of RNODE's two regularisers.
    Source: Finlay, Jacobsen, Nurbekyan & Oberman (2020) for the kinetic cost; (3–6) by the chain rule.
    """
    xp = namespace(z0)
    nothing = xp.zeros((z0.shape[0], 1), dtype=z0.dtype, device=z0.device)
    state, state_pullback = odeint.body(
        xp.concat([z0, nothing], axis=1), t0, t1, theta, velocity=with_cost(velocity, cost), method=method, steps=steps
    )                                                                         # (2)

    def pullback(
        z1_bar: Array, cost_bar: Array, wrt: tuple[str, ...] = ("z0", "t0", "t1", "theta")
    ) -> dict[str, Any]:
        grads = state_pullback(xp.concat([z1_bar, cost_bar[:, None]], axis=1), wrt=wrt)      # (3–6)
        return grads | {"z0": grads["z0"][:, :-1]}

    return (state[:, :-1], state[:, -1]), pullback
