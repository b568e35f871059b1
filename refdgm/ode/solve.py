"""Solving an initial-value problem by a fixed number of explicit Runge–Kutta steps, with its exact adjoint."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from refdgm.domain import count, field, parameters, real, word
from refdgm.namespace import Array, namespace
from refdgm.nets.field import VELOCITIES, Field, Pullback
from refdgm.ode.tableau import TABLEAUS
from refdgm.reference import reference

INITIAL_VALUE = {
    "z0": real("B", "D", meaning="z₀, the state at t₀"),
    "t0": real(meaning="t₀, where the solve starts", finite=True),
    "t1": real(meaning="t₁, where it ends; before t₀ it runs backwards", finite=True),
    "theta": parameters("velocity"),
    "velocity": field("z", "t", known=VELOCITIES, meaning="f, with ż = f(z, t, θ)"),
    "method": word(*TABLEAUS, meaning="the Runge–Kutta method; rk4 is the classical one, not the 3/8 rule"),
    "steps": count(1, meaning="N, equal steps"),
}


def weighted(start: Array, h: Array, weights: Iterable[Fraction | int], slopes: Iterable[Array]) -> Array:
    """start + h Σ q k, the zeros left out, every coefficient exact."""
    for q, k in zip(weights, slopes, strict=False):
        if q:
            start = start + times(h, q) * k
    return start


def times(h: Array, q: Fraction | int) -> Array:
    """q h without rounding q."""
    return h if q == 1 else h * q.numerator / q.denominator


@reference(
    args=INITIAL_VALUE,
    wrt=("z0", "t0", "t1", "theta"),
    result=real("B", "D", meaning="z(t₁)"),
    source="chen2018neuralode",
)
def odeint(
    z0: Array, t0: Array, t1: Array, theta: dict[str, Array], *, velocity: Field, method: str, steps: int
) -> Array:
    """N equal Runge–Kutta steps, and the exact gradient of what they compute.

        h = (t₁ − t₀)/N,   t_n = t₀ + n h                                    (1)
        Y_i = z_n + h Σ_{j<i} a_ij k_j,   k_i = f(Y_i, t_n + c_i h, θ)       (2)
        z_{n+1} = z_n + h Σ_i b_i k_i                                        (3)

    Given λ = z̄_{n+1}, for i = s … 1:

        k̄_i = h (b_i λ + Σ_{j>i} a_ji Ȳ_j)                                   (4)
        Ȳ_i, τ_i, θ̄ += the pullback of f at stage i for k̄_i                 (5)
        z̄_n = λ + Σ_i Ȳ_i,   t̄_n = Σ_i τ_i                                  (6)
        h̄_n = Σ_i (b_i ⟨λ, k_i⟩ + ⟨Ȳ_i, Σ_j a_ij k_j⟩ + c_i τ_i)             (7)
        t̄₁ = Σ_n (h̄_n + n t̄_n)/N,   t̄₀ = Σ_n t̄_n − t̄₁                      (8)

    This is the discrete adjoint: the derivative of the solver, not of the flow that it approximates
    (`odeint_adjoint` has that one). All stages are kept, N s of them.
    Source: Hairer, Nørsett & Wanner, Solving ODEs I, II.1 for (2, 3); (4–8) by the chain rule, as in
    Sanz-Serna (2016), Symplectic Runge–Kutta schemes for adjoint equations.
    """
    xp = namespace(z0)
    tableau = TABLEAUS[method]
    h = (t1 - t0) / steps                                                     # (1)
    z, kept = z0, []
    for n in range(steps):
        t = t0 + n * h
        slopes: list[Array] = []
        pullbacks: list[Pullback] = []
        for a, c in zip(tableau.a, tableau.c, strict=True):
            k, stage_pullback = velocity.vjp(weighted(z, h, a, slopes), t + times(h, c), theta)     # (2)
            slopes.append(k)
            pullbacks.append(stage_pullback)
        z = weighted(z, h, tableau.b, slopes)                                 # (3)
        kept.append((slopes, pullbacks))

    def pullback(z1_bar: Array, wrt: tuple[str, ...] = ("z0", "t0", "t1", "theta")) -> dict[str, Any]:
        inner = ("z", *(("t",) if "t0" in wrt or "t1" in wrt else ()), *(("theta",) if "theta" in wrt else ()))
        z_bar, t0_bar, t1_bar = z1_bar, xp.zeros_like(t0), xp.zeros_like(t1)
        theta_bar: dict[str, Array] = {}
        for n in range(steps - 1, -1, -1):
            slopes, pullbacks = kept[n]
            stage_bars: list[Array] = [None] * len(slopes)
            t_bar, h_bar, total = xp.zeros_like(t0), xp.zeros_like(t0), z_bar
            for i in range(len(slopes) - 1, -1, -1):
                later = [row[i] if i < len(row) else 0 for row in tableau.a]
                k_bar = weighted(times(h, tableau.b[i]) * z_bar, h, later[i + 1 :], stage_bars[i + 1 :])  # (4)
                grads = pullbacks[i](k_bar, wrt=inner)                        # (5)
                stage_bars[i] = grads["z"]
                total = total + grads["z"]
                if "t" in inner:
                    t_bar = t_bar + grads["t"]                                # (6)
                    one = xp.ones_like(t0)
                    moved = weighted(xp.zeros_like(z0), one, tableau.a[i], slopes)
                    reach = times(one, tableau.b[i]) * xp.sum(z_bar * slopes[i]) + xp.sum(grads["z"] * moved)
                    h_bar = h_bar + reach + times(grads["t"], tableau.c[i])   # (7)
                if "theta" in inner:
                    theta_bar = {e: theta_bar[e] + g if e in theta_bar else g for e, g in grads["theta"].items()}
            z_bar = total                                                     # (6)
            t1_bar = t1_bar + (h_bar + n * t_bar) / steps                     # (8)
            t0_bar = t0_bar + t_bar - (h_bar + n * t_bar) / steps
        return {"z0": z_bar, "t0": t0_bar, "t1": t1_bar, "theta": theta_bar}

    return z, pullback
