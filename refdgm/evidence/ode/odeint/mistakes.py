"""Mistakes in the solver of initial-value problems."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.evidence.stepping import THREE_EIGHTHS, by_steps, one_step, runge_kutta, single, skipping_step
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field, Pullback
from refdgm.ode.odeint import odeint
from refdgm.ode.step import equal_steps
from refdgm.ode.tableau import TABLEAUS, Tableau

Theta = dict[str, Array]


# The solver: wrong equations, rightly differentiated


@mistake(odeint)
def equal_weights(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """All stages weigh the same: of rk4 a quarter each."""
    table = TABLEAUS[method]
    wrong = replace(table, b=tuple(Fraction(1, len(table.b)) for _ in table.b))
    return runge_kutta(z0, t0, t1, theta, velocity, steps, wrong)


@mistake(odeint)
def midpoint_for_heun(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The explicit midpoint rule, which some libraries call by the name of the other method of order two."""
    table = TABLEAUS["midpoint" if method == "heun" else method]
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
def heun_for_midpoint(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The mean of the slopes at both ends of the step where the slope at its midpoint belongs."""
    table = TABLEAUS["heun" if method == "midpoint" else method]
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
def three_eighths_for_classical(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The 3/8 rule under the name of rk4: the order is right, the numbers are not."""
    table = THREE_EIGHTHS if method == "rk4" else TABLEAUS[method]
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
def stage_times_ignored(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """All stages at the beginning of the step, c = 0; right for a field without time."""
    table = replace(TABLEAUS[method], c=tuple(0 for _ in TABLEAUS[method].c))
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
def last_stage_at_the_midpoint(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The stages of rk4 at the times 0, ½, ½ and ½ of the step, where the last belongs to its end; right for a field
    without time."""
    table = TABLEAUS[method]
    half = Fraction(1, 2)
    wrong = replace(table, c=(0, half, half, half)) if method == "rk4" else table
    return runge_kutta(z0, t0, t1, theta, velocity, steps, wrong)


@mistake(odeint)
def last_stage_from_the_second(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """k₄ of rk4 is taken at z + h k₂, where z + h k₃ belongs."""
    table = TABLEAUS[method]
    wrong = replace(table, a=(*table.a[:-1], (0, 1, 0))) if method == "rk4" else table
    return runge_kutta(z0, t0, t1, theta, velocity, steps, wrong)


@mistake(odeint)
def clock_starts_at_zero(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The field is asked at t − t₀; right for t₀ = 0 or a field without time."""
    zero = namespace(z0).zeros_like(t0)
    z1, right = odeint.body(z0, zero, t1 - t0, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": -g["t1"]}


@mistake(odeint)
def last_step_missing(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """N points make N − 1 steps: the solve ends one step before t₁."""
    xp = namespace(z0)
    if steps == 1:
        return z0, lambda bar: {"z0": bar, "t0": xp.zeros_like(t0), "t1": xp.zeros_like(t1),
                                "theta": {name: 0 * entry for name, entry in theta.items()}}
    end = t1 - (t1 - t0) / steps
    z, right = odeint.body(z0, t0, end, theta, velocity=velocity, method=method, steps=steps - 1)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"t0": g["t0"] + g["t1"] / steps, "t1": g["t1"] - g["t1"] / steps}

    return z, pullback


@mistake(odeint)
def one_step_too_many(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """N + 1 steps of (t₁ − t₀)/(N + 1)."""
    return odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps + 1)


# The solver: the value is right, its gradient is not


@mistake(odeint, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def stages_not_coupled(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """k_bar_i = h b_i λ: a_ij for a_ji, which is zero for j > i, so that the stages do not hear each other."""
    return runge_kutta(z0, t0, t1, theta, velocity, steps, TABLEAUS[method], coupled=False)


@mistake(odeint, "gradient.t0", "gradient.t1")
def step_size_without_stages(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """h_bar lacks ⟨Y_bar_i, Σ a_ij k_j⟩: the step inside the stages is forgotten."""
    return runge_kutta(z0, t0, t1, theta, velocity, steps, TABLEAUS[method], stage_steps=False)


@mistake(odeint, "gradient.t0", "gradient.t1")
def step_size_without_times(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """h_bar lacks c_i τ_i: the step inside the stages' times is forgotten; right for a field without time."""
    return runge_kutta(z0, t0, t1, theta, velocity, steps, TABLEAUS[method], stage_times=False)


@mistake(odeint, "gradient.t0", seen="asked about in rtqichen/torchdiffeq #176 and #199")
def start_time_sign(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₀ with the opposite sign."""
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": -g["t0"]}


@mistake(odeint, "gradient.t0", "gradient.t1")
def times_as_of_the_flow(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₁ = ⟨z_bar₁, f(z₁, t₁)⟩ and t_bar₀ = −⟨z_bar₀, f(z₀, t₀)⟩: of the flow, not of the solver."""
    xp = namespace(z0)
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"t0": -xp.sum(g["z0"] * velocity.value(z0, t0, theta)),
                    "t1": xp.sum(bar * velocity.value(z1, t1, theta))}

    return z1, pullback


@mistake(odeint, "gradient.t0", "gradient.t1")
def times_detached(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The end points receive no gradient."""
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": 0 * g["t0"], "t1": 0 * g["t1"]}


@mistake(odeint, "gradient.theta")
def parameters_of_last_stage(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar collects the last stage of each step alone; right for euler."""
    return runge_kutta(z0, t0, t1, theta, velocity, steps, TABLEAUS[method], all_stages=False)


@mistake(odeint, "gradient.t0", "gradient.t1")
def grid_fixed(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₁ = Σ h_bar_n/N: without n t_bar_n, as if t_n did not move with h; right for a field without time."""
    return by_steps(z0, t0, t1, theta, velocity, method, steps, moving_grid=False)


@mistake(odeint, "gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
def cotangent_not_passed_on(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Every step is pulled back with z_bar₁, not with the cotangent of its own end; right for one step."""
    return by_steps(z0, t0, t1, theta, velocity, method, steps, passed_on=False)


@mistake(odeint, "gradient.theta")
def parameters_of_last_step(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar is that of the last step, where the sum over all steps belongs; right for one step."""
    return by_steps(z0, t0, t1, theta, velocity, method, steps, all_steps=False)


GRADIENTS = ("gradient.z0", "gradient.t0", "gradient.t1", "gradient.theta")
RALSTON = Tableau(a=((), (Fraction(2, 3),)), b=(Fraction(1, 4), Fraction(3, 4)), c=(0, Fraction(2, 3)), order=2)


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(odeint, blind=True)
def ralston_for_heun(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Ralston's method under the name of heun: stages at 0 and 2/3 with the weights 1/4 and 3/4."""
    table = RALSTON if method == "heun" else TABLEAUS[method]
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint, blind=True)
def span_unsigned(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """h = |t₁ − t₀|/N: a solve backwards in time runs forwards from t₀."""
    xp = namespace(z0)
    end = xp.where(t1 < t0, t0 + (t0 - t1), t1)
    z1, right = odeint.body(z0, t0, end, theta, velocity=velocity, method=method, steps=steps)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        turned = xp.where(t1 < t0, g["t1"], xp.zeros_like(t1))
        return g | {"t0": g["t0"] + 2 * turned, "t1": g["t1"] - 2 * turned}

    return z1, pullback


@mistake(odeint, blind=True)
def clock_in_single_precision(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The times at which the field is asked are rounded to float32, whatever the state's precision."""

    def vjp(z: Array, t: Array, theta: Theta) -> Any:
        return velocity.vjp(z, single(t, z), theta)

    rounded = Field(velocity.name, ("z", "t"), lambda z, t, theta: velocity.value(z, single(t, z), theta), vjp)
    return odeint.body(z0, t0, t1, theta, velocity=rounded, method=method, steps=steps)


@mistake(odeint, "gradient.t0", "gradient.t1", blind=True)
def grid_moved_by_one_too_many(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t_bar₁ = Σ (h_bar_n + (n + 1) t_bar_n)/N, and t_bar₀ the rest: the steps are counted from one."""
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        over = (g["t0"] + g["t1"]) / steps  # Σ t_bar_n = t_bar₀ + t_bar₁
        return g | {"t0": g["t0"] - over, "t1": g["t1"] + over}

    return z1, pullback


@mistake(odeint, *GRADIENTS, blind=True)
def unweighed_stage_skipped(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """A stage with b_i = 0 is passed over on the way back, though later stages use it: the first of midpoint."""
    h, z, kept = (t1 - t0) / steps, z0, []
    for n in range(steps):
        z, right = skipping_step(TABLEAUS[method], velocity, z, t0 + n * h, h, theta)
        kept.append(right)
    return z, equal_steps(kept.__getitem__, steps, t0)


@mistake(odeint, "gradient.theta", blind=True)
def parameters_hear_the_earlier_cotangent(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ_bar of a step is pulled back from z_bar_n where z_bar_{n+1} belongs: the cotangent is overwritten too early."""
    h, z, kept = (t1 - t0) / steps, z0, []
    for n in range(steps):
        z, right = one_step(TABLEAUS[method], velocity, z, t0 + n * h, h, theta)
        kept.append(right)

    def early(n: int) -> Pullback:
        return lambda bar, wrt: (g := kept[n](bar)) | {"theta": kept[n](g["z"])["theta"]}

    return z, equal_steps(early, steps, t0)


@mistake(odeint, blind=True)
def times_of_the_stages_before(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Each stage of rk4 at the time of the one before it, 0, 0, ½ and ½ of a step; right for a field without time."""
    # RungeKutta4 of torchdyn 1.0.6: c has a zero for the first stage, and is read from the second on
    table = TABLEAUS[method]
    wrong = replace(table, c=(0, *table.c[:-1])) if method == "rk4" else table
    return runge_kutta(z0, t0, t1, theta, velocity, steps, wrong)
