"""Later mistakes in the solvers of an initial-value problem, planted without sight of the certified cases."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from refdgm.mistakes.dormand_prince import on_grid
from refdgm.mistakes.mistake import mistake
from refdgm.mistakes.running_cost import GRADIENTS, along
from refdgm.mistakes.stepping import runge_kutta
from refdgm.namespace import Array, namespace
from refdgm.nets.field import Field, Pullback
from refdgm.ode.dopri5_steps import dopri5_steps
from refdgm.ode.odeint import odeint
from refdgm.ode.odeint_adjoint import odeint_adjoint
from refdgm.ode.odeint_checkpointed import odeint_checkpointed
from refdgm.ode.odeint_running_cost import odeint_running_cost, with_cost
from refdgm.ode.residual_block import residual_block
from refdgm.ode.step import added, equal_steps, runge_kutta_step, times, weighted
from refdgm.ode.tableau import DOPRI5, TABLEAUS, Tableau

Theta = dict[str, Array]
RALSTON = Tableau(a=((), (Fraction(2, 3),)), b=(Fraction(1, 4), Fraction(3, 4)), c=(0, Fraction(2, 3)), order=2)
CASH_KARP = Tableau(
    a=(
        (),
        (Fraction(1, 5),),
        (Fraction(3, 40), Fraction(9, 40)),
        (Fraction(3, 10), Fraction(-9, 10), Fraction(6, 5)),
        (Fraction(-11, 54), Fraction(5, 2), Fraction(-70, 27), Fraction(35, 27)),
        (Fraction(1631, 55296), Fraction(175, 512), Fraction(575, 13824), Fraction(44275, 110592), Fraction(253, 4096)),
    ),
    b=(Fraction(37, 378), 0, Fraction(250, 621), Fraction(125, 594), 0, Fraction(512, 1771)),
    c=(0, Fraction(1, 5), Fraction(3, 10), Fraction(3, 5), 1, Fraction(7, 8)),
    order=5,
)


def single(x: Array, like: Array) -> Array:
    """x rounded to float32, in the dtype of `like`."""
    xp = namespace(like)
    return xp.asarray(xp.asarray(x, dtype=xp.float32), dtype=like.dtype)


def skipping_step(
    table: Tableau, velocity: Field, z: Array, t: Array, h: Array, theta: Theta
) -> tuple[Array, Pullback]:
    """As `runge_kutta_step`, with a pullback that passes over the stages of weight zero."""
    xp = namespace(z)
    slopes, rights = [], []
    for row, c in zip(table.a, table.c, strict=True):
        slope, right = velocity.vjp(weighted(z, h, row, slopes), t + times(h, c), theta)
        slopes.append(slope)
        rights.append(right)

    def pullback(bar: Array, wrt: tuple[str, ...] = ()) -> dict[str, Any]:
        heard = [i for i in range(len(slopes)) if table.b[i]]
        inner, one, total = [xp.zeros_like(z) for _ in slopes], xp.ones_like(h), bar
        t_bar, h_bar, theta_bar = xp.zeros_like(h), xp.zeros_like(h), {}
        for i in reversed(heard):
            later = [(table.a[j][i], inner[j]) for j in heard if j > i]
            k_bar = weighted(times(h, table.b[i]) * bar, h, [q for q, _ in later], [y for _, y in later])
            g = rights[i](k_bar)
            inner[i], total, t_bar = g["z"], total + g["z"], t_bar + g["t"]
            moved = weighted(xp.zeros_like(z), one, table.a[i], slopes)
            h_bar = h_bar + times(one, table.b[i]) * xp.sum(bar * slopes[i]) + xp.sum(g["z"] * moved)
            h_bar = h_bar + times(g["t"], table.c[i])
            theta_bar = added(theta_bar, g["theta"])
        return {"z": total, "t": t_bar, "h": h_bar, "theta": theta_bar}

    return weighted(z, h, table.b, slopes), pullback


# A residual block


@mistake(residual_block)
def clamped_to_half_precision(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z⁺ is clamped to ±65504, the largest number of half precision, in every precision."""
    xp = namespace(z)
    value, right = residual_block.body(z, theta, branch=branch)
    inside = xp.abs(value) <= 65504
    clamped = xp.where(inside, value, xp.sign(value) * 65504)
    return clamped, lambda bar: right(xp.where(inside, bar, xp.zeros_like(bar)))


@mistake(residual_block, "gradient.z")
def jacobian_not_transposed(z: Array, theta: Theta, *, branch: Field) -> Any:
    """z̄ = λ + J λ; right where the Jacobian is symmetric, and for ReLU, which has no tangent."""
    value, right = residual_block.body(z, theta, branch=branch)
    if branch.name == "mlp_relu":
        return value, right

    def pullback(bar: Array) -> dict[str, Any]:
        (_, product), _ = branch.jvp(z, bar[:, None, :], theta)
        return right(bar) | {"z": bar + product[:, 0, :]}

    return value, pullback


@mistake(residual_block, "gradient.theta")
def biases_averaged(z: Array, theta: Theta, *, branch: Field) -> Any:
    """The gradient of a bias is the mean over the batch where it is a sum, that of a weight is right."""
    value, right = residual_block.body(z, theta, branch=branch)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {n: x / z.shape[0] if x.ndim == 1 else x for n, x in g["theta"].items()}}

    return value, pullback


@mistake(residual_block, "gradient.theta")
def odd_example_dropped(z: Array, theta: Theta, *, branch: Field) -> Any:
    """θ̄ is summed over pairs of examples, and the last example of an odd batch is left out."""
    xp = namespace(z)
    value, right = residual_block.body(z, theta, branch=branch)

    def pullback(bar: Array) -> dict[str, Any]:
        pairs = bar.shape[0] // 2 * 2
        paired = xp.concat([bar[:pairs], xp.zeros_like(bar[pairs:])], axis=0)
        return right(bar) | {"theta": right(paired)["theta"]}

    return value, pullback


# The solver


@mistake(odeint)
def ralston_for_heun(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Ralston's method under the name of heun: stages at 0 and 2/3 with the weights 1/4 and 3/4."""
    table = RALSTON if method == "heun" else TABLEAUS[method]
    return runge_kutta(z0, t0, t1, theta, velocity, steps, table)


@mistake(odeint)
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


@mistake(odeint)
def clock_in_single_precision(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The times at which the field is asked are rounded to float32, whatever the state's precision."""

    def vjp(z: Array, t: Array, theta: Theta) -> Any:
        return velocity.vjp(z, single(t, z), theta)

    rounded = Field(velocity.name, ("z", "t"), lambda z, t, theta: velocity.value(z, single(t, z), theta), vjp)
    return odeint.body(z0, t0, t1, theta, velocity=rounded, method=method, steps=steps)


@mistake(odeint, "gradient.t0", "gradient.t1")
def grid_moved_by_one_too_many(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₁ = Σ (h̄_n + (n + 1) t̄_n)/N, and t̄₀ the rest: the steps are counted from one."""
    z1, right = odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        over = (g["t0"] + g["t1"]) / steps  # Σ t̄_n = t̄₀ + t̄₁
        return g | {"t0": g["t0"] - over, "t1": g["t1"] + over}

    return z1, pullback


@mistake(odeint, *GRADIENTS)
def unweighed_stage_skipped(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """A stage with b_i = 0 is passed over on the way back, though later stages use it: the first of midpoint."""
    h, z, kept = (t1 - t0) / steps, z0, []
    for n in range(steps):
        z, right = skipping_step(TABLEAUS[method], velocity, z, t0 + n * h, h, theta)
        kept.append(right)
    return z, equal_steps(kept.__getitem__, steps, t0)


@mistake(odeint, "gradient.theta")
def parameters_hear_the_earlier_cotangent(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """θ̄ of a step is pulled back from z̄_n where z̄_{n+1} belongs: the cotangent is overwritten too early."""
    h, z, kept = (t1 - t0) / steps, z0, []
    for n in range(steps):
        z, right = runge_kutta_step(TABLEAUS[method], velocity, z, t0 + n * h, h, theta)
        kept.append(right)

    def early(n: int) -> Pullback:
        return lambda bar, wrt: (g := kept[n](bar)) | {"theta": kept[n](g["z"])["theta"]}

    return z, equal_steps(early, steps, t0)


# The solver with checkpoints


def recomputed(
    z0: Array, t0: Array, t1: Array, theta: Theta, velocity: Field, method: str, steps: int
) -> tuple[list[Array], Callable[[int, Array], Pullback]]:
    """z₀, …, z_N, and the pullback of step n taken again from a state."""
    h, states = (t1 - t0) / steps, [z0]
    for n in range(steps):
        states.append(runge_kutta_step(TABLEAUS[method], velocity, states[-1], t0 + n * h, h, theta)[0])
    return states, lambda n, z: runge_kutta_step(TABLEAUS[method], velocity, z, t0 + n * h, h, theta)[1]


@mistake(odeint_checkpointed, "value")
def last_kept_state_returned(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The last state that was kept is returned, z_{N−1} and not z_N, with the gradient of z_N."""
    states, again = recomputed(z0, t0, t1, theta, velocity, method, steps)
    return states[-2], equal_steps(lambda n: again(n, states[n]), steps, t0)


@mistake(odeint_checkpointed, *GRADIENTS)
def states_kept_in_single_precision(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The states are kept in float32, so that a step in float64 is taken again from a rounded state."""
    states, again = recomputed(z0, t0, t1, theta, velocity, method, steps)
    return states[-1], equal_steps(lambda n: again(n, single(states[n], z0)), steps, t0)


@mistake(odeint_checkpointed, *GRADIENTS)
def states_interpolated(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """Every second state is kept, and the one between two is taken for their mean."""
    states, again = recomputed(z0, t0, t1, theta, velocity, method, steps)

    def step(n: int) -> Pullback:
        return again(n, (states[n - 1] + states[n + 1]) / 2 if n % 2 else states[n])

    return states[-1], equal_steps(step, steps, t0)


@mistake(odeint_checkpointed, "gradient.t0")
def start_time_of_the_first_step(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₀ contains t̄_n of the first step where the sum over all steps belongs."""
    states, again = recomputed(z0, t0, t1, theta, velocity, method, steps)

    def pullback(bar: Array) -> dict[str, Any]:
        seen: dict[int, Array] = {}

        def step(n: int) -> Pullback:
            def watched(z_bar: Array, wrt: tuple[str, ...]) -> dict[str, Any]:
                g = again(n, states[n])(z_bar, wrt=wrt)
                seen[n] = g["t"]
                return g

            return watched

        g = equal_steps(step, steps, t0)(bar)
        return g | {"t0": seen[0] - g["t1"]}

    return states[-1], pullback


# The continuous adjoint


def returning(
    z0: Array, t0: Array, t1: Array, theta: Theta, velocity: Field, method: str, steps: int,
    held: bool = False, forwards: bool = False,
) -> Any:
    """As `odeint_adjoint`, with the adjoint held within a step, or with the stages' times ahead of the step."""
    xp, table = namespace(z0), TABLEAUS[method]
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    h = (t1 - t0) / steps

    def pullback(bar: Array) -> dict[str, Any]:
        z, a = z1, bar
        theta_bar = {name: xp.zeros_like(x) for name, x in theta.items()}
        for n in range(steps):
            fs, slopes, thetas = [], [], []
            for row, c in zip(table.a, table.c, strict=True):
                t = t1 - n * h + times(h if forwards else -h, c)
                f, stage = velocity.vjp(weighted(z, -h, row, fs), t, theta)
                g = stage(a if held else weighted(a, -h, row, slopes))
                fs.append(f)
                slopes.append(-g["z"])
                thetas.append(g["theta"])
            z, a = weighted(z, -h, table.b, fs), weighted(a, -h, table.b, slopes)
            theta_bar = {name: weighted(x, h, table.b, [g[name] for g in thetas]) for name, x in theta_bar.items()}
        t0_bar = -xp.sum(a * velocity.value(z, t0, theta))
        return right(bar) | {"z0": a, "t0": t0_bar, "theta": theta_bar}

    return z1, pullback


@mistake(odeint_adjoint, *GRADIENTS)
def gradient_of_the_solver(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """The discrete adjoint, that of odeint: the derivative of the value, not what the adjoint equation gives."""
    return odeint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)


@mistake(odeint_adjoint, "gradient.z0", "gradient.t0", "gradient.theta")
def adjoint_held_within_a_step(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """All stages of a step pull back the adjoint at its beginning: the state alone has stages."""
    return returning(z0, t0, t1, theta, velocity, method, steps, held=True)


@mistake(odeint_adjoint, "gradient.z0", "gradient.t0", "gradient.theta")
def stage_times_ahead(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """On the way back the stages ask the field at t + c h where t − c h belongs."""
    return returning(z0, t0, t1, theta, velocity, method, steps, forwards=True)


@mistake(odeint_adjoint, "gradient.t0")
def start_time_at_the_given_state(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> Any:
    """t̄₀ takes the slope at z₀ as it was given, not where the backward solve arrives."""
    xp = namespace(z0)
    z1, right = odeint_adjoint.body(z0, t0, t1, theta, velocity=velocity, method=method, steps=steps)
    return z1, lambda bar: (g := right(bar)) | {"t0": -xp.sum(g["z0"] * velocity.value(z0, t0, theta))}


# A running cost


def rectangles(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, method: str, steps: int
) -> tuple[Array, Pullback]:
    """As `odeint`, with Euler's steps for the last component of the state; the velocity does not look at it."""
    xp = namespace(z0)
    h, state, kept = (t1 - t0) / steps, z0, []
    for n in range(steps):
        path, path_right = runge_kutta_step(TABLEAUS[method], velocity, state, t0 + n * h, h, theta)
        rate, rate_right = runge_kutta_step(TABLEAUS["euler"], velocity, state, t0 + n * h, h, theta)
        state = xp.concat([path[:, :-1], rate[:, -1:]], axis=1)
        kept.append((path_right, rate_right))

    def step(n: int) -> Pullback:
        def pullback(bar: Array, wrt: tuple[str, ...]) -> dict[str, Any]:
            path = kept[n][0](xp.concat([bar[:, :-1], xp.zeros_like(bar[:, -1:])], axis=1), wrt=wrt)
            rate = kept[n][1](xp.concat([xp.zeros_like(bar[:, :-1]), bar[:, -1:]], axis=1), wrt=wrt)
            both = {name: path[name] + rate[name] for name in ("z", "t", "h")}
            return both | {"theta": added(path["theta"], rate["theta"])}

        return pullback

    return state, equal_steps(step, steps, t0)


@mistake(odeint_running_cost, "cost", *GRADIENTS)
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


@mistake(odeint_running_cost, "cost", *GRADIENTS)
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


@mistake(odeint_running_cost, *GRADIENTS)
def rate_differentiated_without_half(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """The cost has its half and its gradient has not: that of ∫ ‖f‖² or ∫ ‖z‖²."""
    value, right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)
    return value, lambda z1_bar, cost_bar: right(z1_bar, 2 * cost_bar)


@mistake(odeint_running_cost, "gradient.t0", "gradient.t1")
def step_of_the_cost_forgotten(
    z0: Array, t0: Array, t1: Array, theta: Theta, *, velocity: Field, cost: str, method: str, steps: int
) -> Any:
    """h̄_n lacks b_i ⟨c, r_i⟩: the cost hears of the step through the stages alone."""
    xp = namespace(z0)
    value, right = odeint_running_cost.body(
        z0, t0, t1, theta, velocity=velocity, cost=cost, method=method, steps=steps)

    def pullback(z1_bar: Array, cost_bar: Array) -> dict[str, Any]:
        g = right(z1_bar, cost_bar)
        span = xp.where(t1 == t0, xp.ones_like(t0), t1 - t0)
        lost = xp.sum(cost_bar * value[1]) / span  # Σ_n Σ_i b_i r_i/N = ℓ/(t₁ − t₀)
        return g | {"t0": g["t0"] + lost, "t1": g["t1"] - lost}

    return value, pullback


# Dormand and Prince's method


@mistake(dopri5_steps)
def cash_karp_table(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The table of Cash and Karp, also of order five with six stages: other numbers by a term of order six."""
    return on_grid(z0, times, theta, velocity, CASH_KARP)


@mistake(dopri5_steps)
def grid_sorted(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The grid is sorted before the solve, so that a descending one is walked upwards."""
    xp = namespace(z0)
    order = xp.argsort(times)
    z1, right = dopri5_steps.body(z0, xp.take(times, order), theta, velocity=velocity)
    return z1, lambda bar: (g := right(bar)) | {"times": xp.take(g["times"], xp.argsort(order))}


@mistake(dopri5_steps, "gradient.z0", "gradient.times", "gradient.theta")
def second_stage_skipped(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The second stage, whose weight b₂ is zero, is passed over on the way back, though later stages use it."""
    xp = namespace(z0)
    z, rights, points = 1 * z0, [], times.shape[0]
    for n in range(points - 1):
        z, right = skipping_step(DOPRI5, velocity, z, times[n], times[n + 1] - times[n], theta)
        rights.append(right)

    def pullback(bar: Array) -> dict[str, Any]:
        z_bar, grid_bar = 1 * bar, [xp.zeros_like(times[n]) for n in range(points)]
        theta_bar = {name: xp.zeros_like(x) for name, x in theta.items()}
        for n in range(points - 2, -1, -1):
            g = rights[n](z_bar)
            z_bar, theta_bar = g["z"], added(theta_bar, g["theta"])
            grid_bar[n + 1] = grid_bar[n + 1] + g["h"]
            grid_bar[n] = grid_bar[n] + g["t"] - g["h"]
        return {"z0": z_bar, "times": xp.stack(grid_bar) if points else xp.zeros_like(times), "theta": theta_bar}

    return z, pullback


@mistake(dopri5_steps, "gradient.times")
def times_gradient_reversed(z0: Array, times: Array, theta: Theta, *, velocity: Field) -> Any:
    """The gradient of the grid is in the order of the way back, from the last point to the first."""
    xp = namespace(z0)
    z1, right = dopri5_steps.body(z0, times, theta, velocity=velocity)
    return z1, lambda bar: (g := right(bar)) | {"times": xp.flip(g["times"], axis=0)}
