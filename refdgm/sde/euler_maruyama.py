"""Euler's method for a stochastic differential equation, with its exact adjoint."""

from typing import Any

from refdgm.declaration.domain import field, noise, parameters, positive, real
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import VELOCITIES, Field
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", meaning="x_0, the state at the start"),
        "eps": noise("normal", "B", "T", "D", meaning="ε_n, standard normal; its second axis is the time"),
        "times": real("T", finite=True, meaning="t_n, where the drift is asked"),
        "h": positive("T", meaning="h_n, the lengths of the steps"),
        "diffusion": real("T", meaning="g_n = g(t_n); not g²"),
        "theta": parameters("drift"),
        "drift": field("z", "t", known=VELOCITIES, meaning="f(x, t, θ)"),
    },
    wrt=("x", "times", "h", "diffusion", "theta"),
    result=real("B", "D", meaning="x_T"),
    source="kloeden1992sde",
)
def euler_maruyama(
    x: Array, eps: Array, times: Array, h: Array, diffusion: Array, theta: dict[str, Array], *, drift: Field
) -> Result:
    """T steps of Euler and Maruyama for dx = f(x, t) dt + g(t) dw, and the exact gradient of where they end.

        x_{n+1} = x_n + h_n f(x_n, t_n, θ) + g_n √h_n ε_n,   n = 0 … T − 1    (1)

    Given λ = x_bar_{n+1}, for n = T − 1 … 0, ⟨·, ·⟩ a sum over components:

        x_bar, τ, θ_barᶠ = the pullback of f at x_n and t_n for h_n λ         (2)
        x_bar_n = λ + x_bar,   t_bar_n = τ,   θ_bar += θ_barᶠ                 (3)
        h_bar_n = Σ_b ⟨λ, f⟩ + g_n ⟨λ, ε_n⟩ / (2√h_n)                         (4)
        g_bar_n = Σ_b √h_n ⟨λ, ε_n⟩                                           (5)

    t_n and h_n are told apart: on a grid t_{n+1} = t_n + h_n, and what a point of it is worth is put together of both.
    The diffusion does not depend on the state, so that Itô's equation and Stratonovich's are one, and the strong order
    is one, not ½. The noise is held: this is the derivative of each path. No steps are the identity.
    Source: Kloeden & Platen (1992), section 10.2; (2–5) by the chain rule.
    """
    xp = namespace(x)
    root = xp.sqrt(h)
    state, kept = xp.asarray(x, copy=True), []
    for n in range(eps.shape[1]):
        f, field_pullback = drift.vjp(state, times[n], theta)
        state = state + h[n] * f + diffusion[n] * root[n] * eps[:, n, :]      # (1)
        kept.append((f, field_pullback))

    def pullback(
        end_bar: Array, wrt: tuple[str, ...] = ("x", "times", "h", "diffusion", "theta")
    ) -> dict[str, Any]:
        inner = ("z", *(("t",) if "times" in wrt else ()), *(("theta",) if "theta" in wrt else ()))
        state_bar = xp.asarray(end_bar, copy=True)
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        bars: dict[str, list[Array]] = {"times": [], "h": [], "diffusion": []}
        for n in range(eps.shape[1] - 1, -1, -1):
            f, field_pullback = kept[n]
            grads = field_pullback(h[n] * state_bar, wrt=inner)               # (2)
            along = xp.sum(state_bar * eps[:, n, :])
            bars["h"].insert(0, xp.sum(state_bar * f) + diffusion[n] * (along / root[n] / 2))  # (4)
            bars["diffusion"].insert(0, root[n] * along)                      # (5)
            if "times" in wrt:
                bars["times"].insert(0, grads["t"])
            if "theta" in wrt:
                theta_bar = {name: entry + grads["theta"][name] for name, entry in theta_bar.items()}
            state_bar = state_bar + grads["z"]                                # (3)
        given = {"times": times, "h": h, "diffusion": diffusion}
        stacked = {name: xp.stack(each) if each else xp.zeros_like(given[name]) for name, each in bars.items()}
        return {"x": state_bar, "theta": theta_bar} | stacked

    return state, pullback
