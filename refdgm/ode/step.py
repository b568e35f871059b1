"""One explicit Runge–Kutta step and its exact pullback: what every solver here is a chain of."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from refdgm.namespace import Array, Pullback, Result, namespace
from refdgm.nets.field import Field
from refdgm.ode.tableau import Tableau


def times(h: Array, q: Fraction | int) -> Array:
    """q h without rounding q."""
    return h if q == 1 else h * q.numerator / q.denominator


def weighted(start: Array, h: Array, weights: Iterable[Fraction | int], slopes: Iterable[Array]) -> Array:
    """start + h Σ q k, the zeros left out, every coefficient exact."""
    for q, k in zip(weights, slopes, strict=False):
        if q:
            start = start + times(h, q) * k
    return start


def runge_kutta_step(
    tableau: Tableau, velocity: Field, z: Array, t: Array, h: Array, theta: dict[str, Array]
) -> Result:
    """z⁺ and its pullback to z, t, h and θ, with t and h told apart; the numbers are those of `odeint`.

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
    for a, c in zip(tableau.a, tableau.c, strict=True):
        k, stage_pullback = velocity.vjp(weighted(z, h, a, slopes), t + times(h, c), theta)     # (2)
        slopes.append(k)
        pullbacks.append(stage_pullback)
    stepped = weighted(z, h, tableau.b, slopes)                               # (3)

    def pullback(z_bar: Array, wrt: tuple[str, ...] = ("z", "t", "h", "theta")) -> dict[str, Any]:
        timed = "t" in wrt or "h" in wrt
        inner = ("z", *(("t",) if timed else ()), *(("theta",) if "theta" in wrt else ()))
        stage_bars: list[Array] = [None] * len(slopes)
        t_bar, h_bar, total, one = xp.zeros_like(h), xp.zeros_like(h), z_bar, xp.ones_like(h)
        theta_bar: dict[str, Array] = {}
        for i in range(len(slopes) - 1, -1, -1):
            later = [row[i] if i < len(row) else 0 for row in tableau.a]
            k_bar = weighted(times(h, tableau.b[i]) * z_bar, h, later[i + 1 :], stage_bars[i + 1 :])  # (4)
            grads = pullbacks[i](k_bar, wrt=inner)                            # (5)
            stage_bars[i] = grads["z"]
            total = total + grads["z"]                                        # (6)
            if timed:
                t_bar = t_bar + grads["t"]
                moved = weighted(xp.zeros_like(z), one, tableau.a[i], slopes)
                reach = times(one, tableau.b[i]) * xp.sum(z_bar * slopes[i]) + xp.sum(grads["z"] * moved)
                h_bar = h_bar + reach + times(grads["t"], tableau.c[i])       # (7)
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
            reach = (grads["h"] + n * grads["t"]) / steps                     # (8)
            t0_bar, t1_bar = t0_bar + grads["t"] - reach, t1_bar + reach
        return {"z0": z_bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return pullback


def added(theta: dict[str, Array], more: dict[str, Array]) -> dict[str, Array]:
    """Σ by entry; nothing yet is no entries."""
    return {name: theta[name] + x if name in theta else x for name, x in more.items()}
