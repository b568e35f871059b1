"""Annealed Langevin dynamics: Langevin steps at one noise level after the other."""

from typing import Any

from refdgm.declaration.domain import field, noise, parameters, positive, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import VELOCITIES, Field
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", meaning="x, the state at the start, usually noise"),
        "eps": noise("normal", "B", "L", "T", "D", meaning="ε_it, standard normal: T steps at each of L levels"),
        "sigmas": positive("L", meaning="σ_1, …, σ_L, noise levels as they are visited, usually falling"),
        "base_step": positive(meaning="ϵ, the step size at the last level", instead="a step of zero is the identity"),
        "theta": parameters("score"),
        "score": field("z", "t", known=VELOCITIES, meaning="s(x, σ), a score network; σ takes the place of t"),
    },
    wrt=("x", "sigmas", "base_step", "theta"),
    result=real("B", "D", meaning="the state after the last step of the last level"),
    source="song2019ncsn",
    conventions={"x + α s + √(2α) z": {"base_step": scale(0.5)}},
)
def annealed_langevin(
    x: Array, eps: Array, sigmas: Array, base_step: Array, theta: dict[str, Array], *, score: Field
) -> Result:
    """Annealed Langevin dynamics, and the exact gradient of where it ends.

        α_i = ϵ σ_i² / σ_L²                                                   (1)
        x ← x + (α_i/2) s(x, σ_i, θ) + √α_i ε_it,   T times at each level i   (2)

    Given the cotangent λ of the new x of (2), from the last step to the first:

        x_bar, σ_barˢ, θ_barˢ = the pullback of s for (α_i/2) λ               (3)
        λ ← λ + x_bar,   σ_bar_i += σ_barˢ,   θ_bar += θ_barˢ                 (4)
        α_bar_i += ⟨λ, s/2 + ε_it/(2√α_i)⟩                                    (5)
        ϵ_bar = Σ_i α_bar_i σ_i² / σ_L²                                       (6)
        σ_bar_i += 2 α_bar_i α_i / σ_i,   σ_bar_L −= Σ_j 2 α_bar_j α_j / σ_L  (7)

    (2) is the paper's. The code that its authors published makes steps x + α_i s + √(2α_i) ε: its ϵ is half of this.
    At i = L the two terms of (7) cancel, for α_L = ϵ whatever σ_L is; both are left out. A level is left before its
    chain has settled, and a settled chain is biased: the last state is near, not from, the data's law.
    Source: Song & Ermon (2019), algorithm 1; (3–7) by the chain rule.
    """
    xp = namespace(x)
    levels, times = eps.shape[1], eps.shape[2]
    last, base_root = levels - 1, xp.sqrt(base_step)
    state, kept, ratios = xp.asarray(x, copy=True), [], []
    for i in range(levels):
        ratios.append(sigmas[i] / sigmas[last])
        step = base_step * ratios[i] * ratios[i]                              # (1)
        root = xp.sqrt(step)
        for t in range(times):
            s, field_pullback = score.vjp(state, sigmas[i], theta)
            state = state + step / 2 * s + root * eps[:, i, t, :]             # (2)
            kept.append((s, field_pullback))

    def pullback(
        end_bar: Array, wrt: tuple[str, ...] = ("x", "sigmas", "base_step", "theta")
    ) -> dict[str, Any]:
        inner = ("z", *(("t",) if "sigmas" in wrt else ()), *(("theta",) if "theta" in wrt else ()))
        state_bar, base_bar = xp.asarray(end_bar, copy=True), xp.zeros_like(base_step)
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        sigma_bars: list[Array] = [xp.zeros_like(base_step)] * levels
        for i in range(last, -1, -1):
            step = base_step * ratios[i] * ratios[i]
            root = xp.sqrt(step)
            root_bar = xp.zeros_like(base_step)  # 2 √α_i α_bar_i: the quotient ε/√α_i may leave the range
            for t in range(times - 1, -1, -1):
                s, field_pullback = kept[i * times + t]
                grads = field_pullback(step / 2 * state_bar, wrt=inner)       # (3)
                if "sigmas" in wrt or "base_step" in wrt:
                    root_bar = root_bar + xp.sum(state_bar * (root * s + eps[:, i, t, :]))    # (5)
                if "sigmas" in wrt:
                    sigma_bars[i] = sigma_bars[i] + grads["t"]
                if "theta" in wrt:
                    theta_bar = {name: entry + grads["theta"][name] for name, entry in theta_bar.items()}
                state_bar = state_bar + grads["z"]                            # (4)
            base_bar = base_bar + root_bar * ratios[i] / base_root / 2        # (6)
            if i < last:
                moved = root_bar * base_root                                  # (7), 2 α_bar_i α_i σ_L/σ_i
                sigma_bars[i] = sigma_bars[i] + moved / sigmas[last]
                sigma_bars[last] = sigma_bars[last] - moved * ratios[i] / sigmas[last]
        sigmas_bar = xp.stack(sigma_bars) if levels else xp.zeros_like(sigmas)
        return {"x": state_bar, "sigmas": sigmas_bar, "base_step": base_bar, "theta": theta_bar}

    return state, pullback
