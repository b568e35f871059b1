"""Mistakes in an integral along a solution. No half, and a mean over components, are conventions."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.stepping import rectangles
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_running_cost import odeint_running_cost, with_cost

Theta = dict[str, Array]
GRADIENTS = ("gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")


def along(
    z0: Array, t0: Array, t1: Array, theta: Theta, field: Field, method: str, steps: int
) -> Any:
    """As `odeint_running_cost`, with another field for the pair of state and cost."""
    xp = namespace(z0)
    pair, right = odeint.body(xp.concat([z0, xp.zeros_like(z0[:, :1])], axis=1), t0, t1, theta,
                              velocity=field, method=method, steps=steps)

    def pullback(z1_bar: Array, cost_bar: Array) -> dict[str, Any]:
        g = right(xp.concat([z1_bar, cost_bar[:, None]], axis=1))
        return g | {"z0": g["z0"][:, :-1]}

    return (pair[:, :-1], pair[:, -1]), pullback


# Wrong equations, rightly differentiated


@mistake(odeint_running_cost, "cost", *GRADIENTS)
def costs_exchanged(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The squared state for the squared velocity, and the other way round."""
    other = with_cost(velocity, "state" if cost == "kinetic" else "kinetic")
    return along(z0, t0, t1, theta, other, method, steps)


@mistake(odeint_running_cost, "cost", *GRADIENTS)
def integral_unsigned(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost is summed with |h|: positive in both directions of time; right forwards."""
    sign = namespace(z0).sign(t1 - t0)
    (z1, total), right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)
    return (z1, sign * total), lambda z1_bar, cost_bar: right(z1_bar, sign * cost_bar)


@mistake(odeint_running_cost, "cost", *GRADIENTS)
def mean_over_time(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost is divided by t₁ − t₀: a mean in place of an integral; right over a unit of time."""
    xp, time = namespace(z0), t1 - t0
    (z1, total), right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)

    def pullback(z1_bar: Array, cost_bar: Array) -> dict[str, Any]:
        g, moved = right(z1_bar, cost_bar / time), xp.sum(cost_bar * total) / time**2
        return g | {"t0": g["t0"] + moved, "t1": g["t1"] - moved}

    return (z1, total / time), pullback


@mistake(odeint_running_cost, "cost", *GRADIENTS)
def rate_at_the_end(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost is (t₁ − t₀) r(z₁, t₁): the rate where the solve ends, for all of the interval."""
    xp, field = namespace(z0), with_cost(velocity, cost)
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    slope, slope_right = field.vjp(xp.concat([z1, 0 * z1[:, :1]], axis=1), t1, theta)
    rate, time = slope[:, -1], t1 - t0

    def pullback(z1_bar: Array, cost_bar: Array) -> dict[str, Any]:
        late = slope_right(xp.concat([0 * z1, time * cost_bar[:, None]], axis=1))
        g, moved = right(z1_bar + late["z"][:, :-1]), xp.sum(cost_bar * rate)
        theta_bar = {name: x + late["theta"][name] for name, x in g["theta"].items()}
        return {"z0": g["z0"], "t0": g["t0"] - moved, "t1": g["t1"] + moved + late["t"], "theta": theta_bar}

    return (z1, time * rate), pullback


@mistake(odeint_running_cost, "cost", *GRADIENTS)
def norm_for_its_square(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """r = ‖f‖ or ‖z‖: the length of the path in place of its energy."""
    xp, squared = namespace(z0), with_cost(velocity, cost)

    def vjp(pair: Array, t: Array, theta: Theta) -> Any:
        slope, right = squared.vjp(pair, t, theta)
        norm = xp.sqrt(2 * slope[:, -1:])
        return xp.concat([slope[:, :-1], norm], axis=1), lambda bar, wrt=("z", "t", "theta"): right(
            xp.concat([bar[:, :-1], bar[:, -1:] / norm], axis=1), wrt=wrt)

    field = Field("norm", ("z", "t"), lambda *args: vjp(*args)[0], vjp)
    return along(z0, t0, t1, theta, field, method, steps)


# The values are right, a gradient is not


@mistake(odeint_running_cost, *GRADIENTS)
def cost_detached(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost is computed for the record: its cotangent is dropped."""
    value, right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)
    return value, lambda z1_bar, cost_bar: right(z1_bar, 0 * cost_bar)


@mistake(odeint_running_cost, *GRADIENTS)
def end_detached(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost alone is pulled back: λ starts at zero and not at z_bar₁."""
    value, right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)
    return value, lambda z1_bar, cost_bar: right(0 * z1_bar, cost_bar)


@mistake(odeint_running_cost, *GRADIENTS)
def rate_held(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The rate is detached, so that of the cost h alone is differentiated: (4) lacks r_bar k and (5) is left out."""
    right_field = with_cost(velocity, cost)
    xp = namespace(z0)

    def vjp(pair: Array, t: Array, theta: Theta) -> Any:
        slope, right = right_field.vjp(pair, t, theta)
        return slope, lambda bar, wrt=("z", "t", "theta"): right(
            xp.concat([bar[:, :-1], 0 * bar[:, -1:]], axis=1), wrt=wrt)

    field = Field("held", ("z", "t"), lambda *args: vjp(*args)[0], vjp)
    return along(z0, t0, t1, theta, field, method, steps)


@mistake(odeint_running_cost, "gradient.theta")
def parameters_see_the_state_alone(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """θ_bar lacks (∂r/∂θ)ᵀ r_bar: the parameters act on the cost through the path only; right for the cost of the
    state."""
    right_field = with_cost(velocity, cost)
    xp = namespace(z0)

    def vjp(pair: Array, t: Array, theta: Theta) -> Any:
        slope, right = right_field.vjp(pair, t, theta)

        def pullback(bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            path = right(xp.concat([bar[:, :-1], 0 * bar[:, -1:]], axis=1), wrt=wrt)
            return right(bar, wrt=wrt) | {"theta": path["theta"]}

        return slope, pullback

    field = Field("path", ("z", "t"), lambda *args: vjp(*args)[0], vjp)
    return along(z0, t0, t1, theta, field, method, steps)


@mistake(odeint_running_cost, "gradient.t0", "gradient.t1")
def times_see_the_state_alone(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """t_bar₀ and t_bar₁ are those of the solve without its cost."""
    value, right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)

    def pullback(z1_bar: Array, cost_bar: Array) -> dict[str, Any]:
        path = right(z1_bar, 0 * cost_bar)
        return right(z1_bar, cost_bar) | {"t0": path["t0"], "t1": path["t1"]}

    return value, pullback


@mistake(odeint_running_cost, "gradient.t0", "gradient.t1")
def cost_times_as_of_the_flow(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """t_bar₁ = ⟨z_bar₁, f⟩ + c r at the end and t_bar₀ = −(⟨z_bar₀, f⟩ + c r) at the start: of the flow, not of the
    solver."""
    xp, field = namespace(z0), with_cost(velocity, cost)
    (z1, total), right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)

    def end(z: Array, t: Array, bar: Array, cost_bar: Array) -> Array:
        slope = field.value(xp.concat([z, 0 * z[:, :1]], axis=1), t, theta)
        return xp.sum(bar * slope[:, :-1]) + xp.sum(cost_bar * slope[:, -1])

    def pullback(z1_bar: Array, cost_bar: Array) -> dict[str, Any]:
        g = right(z1_bar, cost_bar)
        return g | {"t0": -end(z0, t0, g["z0"], cost_bar), "t1": end(z1, t1, z1_bar, cost_bar)}

    return (z1, total), pullback


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(odeint_running_cost, "cost", *GRADIENTS, blind=True)
def cost_by_rectangles(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost grows by h r(z_n, t_n), the rate at the beginning of the step, whatever the method."""
    xp = namespace(z0)
    pair, right = rectangles(xp.concat([z0, xp.zeros_like(z0[:, :1])], axis=1), t0, t1, theta,
                             velocity=with_cost(velocity, cost), method=method, steps=steps)

    def pullback(z1_bar: Array, cost_bar: Array) -> dict[str, Any]:
        g = right(xp.concat([z1_bar, cost_bar[:, None]], axis=1))
        return g | {"z0": g["z0"][:, :-1]}

    return (pair[:, :-1], pair[:, -1]), pullback


@mistake(odeint_running_cost, "cost", *GRADIENTS, blind=True)
def cost_of_the_cost(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost of the state is ½ (‖z‖² + ℓ²): the component that carries the integral is not cut off."""
    xp = namespace(z0)

    def vjp(pair: Array, t: Array, theta: Theta) -> Any:
        f, right = velocity.vjp(pair[:, :-1], t, theta)

        def pullback(bar: Array, wrt: tuple[str, ...] = ("z", "t", "theta")) -> dict[str, Any]:
            g = right(bar[:, :-1], wrt=wrt)
            return g | {"z": xp.concat([g["z"], xp.zeros_like(bar[:, -1:])], axis=1) + bar[:, -1:] * pair}

        return xp.concat([f, xp.sum(pair * pair, axis=1, keepdims=True) / 2], axis=1), pullback

    whole = Field("whole", ("z", "t"), lambda *args: vjp(*args)[0], vjp)
    return along(z0, t0, t1, theta, whole if cost == "state" else with_cost(velocity, cost), method, steps)


@mistake(odeint_running_cost, *GRADIENTS, blind=True)
def rate_differentiated_without_half(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost has its half and its gradient has not: that of ∫ ‖f‖² or ∫ ‖z‖²."""
    value, right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)
    return value, lambda z1_bar, cost_bar: right(z1_bar, 2 * cost_bar)


@mistake(odeint_running_cost, "gradient.t0", "gradient.t1", blind=True)
def step_of_the_cost_forgotten(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """h_bar_n lacks b_i ⟨c, r_i⟩: the cost hears of the step through the stages alone."""
    xp = namespace(z0)
    value, right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)

    def pullback(z1_bar: Array, cost_bar: Array) -> dict[str, Any]:
        g = right(z1_bar, cost_bar)
        span = xp.where(t1 == t0, xp.ones_like(t0), t1 - t0)
        lost = xp.sum(cost_bar * value[1]) / span  # Σ_n Σ_i b_i r_i/N = ℓ/(t₁ − t₀)
        return g | {"t0": g["t0"] + lost, "t1": g["t1"] - lost}

    return value, pullback
