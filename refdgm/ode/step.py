"""One explicit Runge–Kutta step and its exact pullback: what every solver here is a chain of."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, NamedTuple

from refdgm.namespace import Array, Pullback, Result, namespace
from refdgm.nets.field import Field
from refdgm.ode.tableau import Tableau


def times(h: Array, q: Fraction | int) -> Array:
    """q h without rounding q."""
    return h if q == 1 else h * q.numerator / q.denominator


def products(h: Array, weights: Iterable[Fraction | int]) -> tuple[Array | int, ...]:
    """h q of every weight without rounding q; a zero stays the number 0."""
    return tuple(times(h, q) if q else 0 for q in weights)


def combined(start: Array, coefficients: Iterable[Array | int], slopes: Iterable[Array]) -> Array:
    """start + Σ (h q) k, the zeros left out."""
    for hq, k in zip(coefficients, slopes, strict=False):
        if type(hq) is not int:
            start = start + hq * k
    return start


def weighted(start: Array, h: Array, weights: Iterable[Fraction | int], slopes: Iterable[Array]) -> Array:
    """start + h Σ q k."""
    return combined(start, products(h, weights), slopes)


class Step(NamedTuple):
    """h a_ij, h b_i and h c_i: formed once, for all steps of this length."""

    a: tuple[tuple[Array | int, ...], ...]
    b: tuple[Array | int, ...]
    c: tuple[Array | int, ...]


def step_of(tableau: Tableau, h: Array) -> Step:
    """The coefficients of a step of length h."""
    return Step(tuple(products(h, row) for row in tableau.a), products(h, tableau.b), products(h, tableau.c))


def taken(step: Step, velocity: Field, z: Array, t: Array, theta: dict[str, Array]) -> Array:
    """z⁺ of `runge_kutta_step`, where nothing is pulled back."""
    slopes: list[Array] = []
    for row, c in zip(step.a, step.c, strict=True):
        slopes.append(velocity.value(combined(z, row, slopes), t + c, theta))
    return combined(z, step.b, slopes)


def runge_kutta_step(step: Step, unit: Step, velocity: Field, z: Array, t: Array, theta: dict[str, Array]) -> Result:
    """z⁺ and its pullback to z, t, h and θ, with t and h told apart; the numbers are those of `odeint`. `step` is of
    length h, `unit` of length one.

        Y_i = z + h Σ_{j<i} a_ij k_j,   k_i = f(Y_i, t + c_i h, θ)                  (2)
        z⁺ = z + h Σ_i b_i k_i                                                      (3)

    Given λ = z_bar⁺, for i = s … 1:

        k_bar_i = h (b_i λ + Σ_{j>i} a_ji Y_bar_j)                                  (4)
        Y_bar_i, τ_i, a summand of θ_bar: the pullback of f at stage i for k_bar_i  (5)
        z_bar = λ + Σ_i Y_bar_i,   t_bar = Σ_i τ_i                                  (6)
        h_bar = Σ_i (b_i ⟨λ, k_i⟩ + ⟨Y_bar_i, Σ_j a_ij k_j⟩ + c_i τ_i)              (7)
    """
    xp = namespace(z)
    slopes: list[Array] = []
    pullbacks: list[Pullback] = []
    for row, c in zip(step.a, step.c, strict=True):
        k, stage_pullback = velocity.vjp(combined(z, row, slopes), t + c, theta)      # (2)
        slopes.append(k)
        pullbacks.append(stage_pullback)
    stepped = combined(z, step.b, slopes)                                     # (3)

    def pullback(z_bar: Array, wrt: tuple[str, ...] = ("z", "t", "h", "theta")) -> dict[str, Any]:
        timed = "t" in wrt or "h" in wrt
        inner = ("z", *(("t",) if timed else ()), *(("theta",) if "theta" in wrt else ()))
        stage_bars: list[Array] = [None] * len(slopes)
        t_bar, h_bar, total = xp.zeros_like(t), xp.zeros_like(t), z_bar
        theta_bar: dict[str, Array] = {}
        for i in range(len(slopes) - 1, -1, -1):
            later = [row[i] if i < len(row) else 0 for row in step.a]
            k_bar = combined(step.b[i] * z_bar, later[i + 1 :], stage_bars[i + 1 :])  # (4)
            grads = pullbacks[i](k_bar, wrt=inner)                            # (5)
            stage_bars[i] = grads["z"]
            total = total + grads["z"]                                        # (6)
            if timed:
                t_bar = t_bar + grads["t"]
                moved = combined(xp.zeros_like(z), unit.a[i], slopes)
                reach = unit.b[i] * xp.sum(z_bar * slopes[i]) + xp.sum(grads["z"] * moved)
                h_bar = h_bar + reach + unit.c[i] * grads["t"]                # (7)
            if "theta" in wrt:
                theta_bar = added(theta_bar, grads["theta"])
        return {"z": total, "t": t_bar, "h": h_bar, "theta": theta_bar}

    return stepped, pullback


def equal_steps(step_pullback: Callable[[int], Pullback], steps: int, t0: Array) -> Pullback:
    """The pullback of N steps h = (t₁ − t₀)/N at t_n = t₀ + n h to z₀, t₀, t₁ and θ, from the pullback of each.

    z_bar_n is handed on as the λ of the step before, and θ_bar is the sum of the steps'. With the number of `odeint`,

        t_bar₁ = Σ_n (h_bar_n + n t_bar_n)/N,   t_bar₀ = Σ_n t_bar_n − t_bar₁  (8)
    """
    xp = namespace(t0)

    def pullback(z1_bar: Array, wrt: tuple[str, ...] = ("z0", "t0", "t1", "theta")) -> dict[str, Any]:
        times_too = ("t", "h") if "t0" in wrt or "t1" in wrt else ()
        inner = ("z", *times_too, *(("theta",) if "theta" in wrt else ()))
        z_bar, t0_bar, t1_bar = z1_bar, xp.zeros_like(t0), xp.zeros_like(t0)
        theta_bar: dict[str, Array] = {}
        for n in range(steps - 1, -1, -1):
            grads = step_pullback(n)(z_bar, wrt=inner)
            z_bar, theta_bar = grads["z"], added(theta_bar, grads["theta"])
            if times_too:
                reach = (grads["h"] + n * grads["t"]) / steps                 # (8)
                t0_bar, t1_bar = t0_bar + grads["t"] - reach, t1_bar + reach
        return {"z0": z_bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return pullback


def added(theta: dict[str, Array], more: dict[str, Array]) -> dict[str, Array]:
    """Σ by entry; nothing yet is no entries."""
    return {name: theta[name] + x if name in theta else x for name, x in more.items()}
