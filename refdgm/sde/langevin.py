"""Langevin dynamics: one step, and a chain of steps with its exact adjoint."""

from typing import Any

from refdgm.declaration.domain import field, noise, parameters, positive, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import SCORES, Field
from refdgm.reference import reference

STEP = positive(meaning="η, step size; the noise has variance η", instead="a step of zero is the identity")
HALVED = {"x + ε s + √(2ε) z": {"step": scale(0.5)}}


@reference(
    args={
        "x": real("B", "...", meaning="x_t, the state"),
        "score": real("B", "...", meaning="s = ∇ log p(x_t)"),
        "eps": noise("normal", "B", "...", meaning="ε, standard normal, one number for every coordinate"),
        "step": STEP,
    },
    wrt=("x", "score", "step"),
    result=real("B", "...", meaning="x_{t+1}"),
    source="roberts1996langevin",
    conventions=HALVED,
)
def langevin_step(x: Array, score: Array, eps: Array, step: Array) -> Result:
    """One step of the unadjusted Langevin algorithm.

        x_{t+1} = x_t + (η/2) s + √η ε                                       (1)

    Cotangents for the cotangent of x_{t+1}, written λ:

        x_bar = λ,   s_bar = (η/2) λ,   η_bar = ⟨λ, s/2 + ε/(2√η)⟩           (2)

    The Euler–Maruyama step of dx = ½ ∇log p dt + dw, in which p is stationary. With ε for η/2 the same step reads
    x + ε s + √(2ε) z. Nothing accepts or rejects, so the law that the steps settle in is biased by O(η).
    Source: Roberts & Tweedie (1996), the unadjusted Langevin algorithm (ULA).
    """
    xp = namespace(x)
    root = xp.sqrt(step)
    moved = x + step / 2 * score + root * eps                                 # (1)

    def pullback(moved_bar: Array) -> dict[str, Array]:
        return {                                                              # (2)
            "x": xp.asarray(moved_bar, copy=True),
            "score": step / 2 * moved_bar,
            "step": xp.sum(moved_bar * (score / 2 + eps / root / 2)),
        }

    return moved, pullback


@reference(
    args={
        "x": real("B", "D", meaning="x_0, the state at the start"),
        "eps": noise("normal", "B", "T", "D", meaning="ε_t, standard normal; its second axis is the time"),
        "step": STEP,
        "theta": parameters("score"),
        "score": field("x", known=SCORES, meaning="s, a score network"),
    },
    wrt=("x", "step", "theta"),
    result=real("B", "D", meaning="x_T"),
    source="roberts1996langevin",
    conventions=HALVED,
)
def langevin_chain(x: Array, eps: Array, step: Array, theta: dict[str, Array], *, score: Field) -> Result:
    """T steps of the unadjusted Langevin algorithm, and the exact gradient of where they end.

        x_{t+1} = x_t + (η/2) s(x_t, θ) + √η ε_t,   t = 0 … T − 1            (1)

    Given λ = x_bar_{t+1}, for t = T − 1 … 0:

        x_bar, θ_barˢ = the pullback of s at x_t for (η/2) λ                 (2)
        x_bar_t = λ + x_bar,   θ_bar += θ_barˢ                               (3)
        η_bar += ⟨λ, s(x_t)/2 + ε_t/(2√η)⟩                                   (4)

    The noise is held: this is the derivative of each path, not of the law of its end. On a Gaussian the chain is
    affine and diverges for η ≥ 4 / λ_max of the precision. No steps are the identity.
    Source: Roberts & Tweedie (1996), the unadjusted algorithm; (2–4) by the chain rule.
    """
    xp = namespace(x)
    root = xp.sqrt(step)
    state, kept = xp.asarray(x, copy=True), []
    for t in range(eps.shape[1]):
        s, field_pullback = score.vjp(state, theta)
        state = state + step / 2 * s + root * eps[:, t, :]                    # (1)
        kept.append((s, field_pullback))

    def pullback(end_bar: Array, wrt: tuple[str, ...] = ("x", "step", "theta")) -> dict[str, Any]:
        inner = ("x", "theta") if "theta" in wrt else ("x",)
        state_bar, step_bar = xp.asarray(end_bar, copy=True), xp.zeros_like(step)
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        for t in range(eps.shape[1] - 1, -1, -1):
            s, field_pullback = kept[t]
            grads = field_pullback(step / 2 * state_bar, wrt=inner)           # (2)
            if "step" in wrt:
                step_bar = step_bar + xp.sum(state_bar * (s / 2 + eps[:, t, :] / root / 2))  # (4)
            if "theta" in wrt:
                theta_bar = {name: entry + grads["theta"][name] for name, entry in theta_bar.items()}
            state_bar = state_bar + grads["x"]                                # (3)
        return {"x": state_bar, "step": step_bar, "theta": theta_bar}

    return state, pullback
