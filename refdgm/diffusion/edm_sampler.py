"""The sampler of Karras et al.: a little noise, a step of Heun's method to the next level, and at last the denoised."""

from typing import Any

from refdgm.declaration.domain import field, noise, ordered, parameters, positive, real, share
from refdgm.diffusion.edm_heun_step import euler_step, heun_step
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import VELOCITIES, Field
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", meaning="x, the state at σ_1, usually σ_1 times standard normal noise"),
        "eps": noise("normal", "B", "T", "D", meaning="ε_n, standard normal: the noise of each level"),
        "sigmas": ordered(positive("T", meaning="σ_1, …, σ_T, noise levels as they are visited, usually falling",
                                   instead="the 0 at the end is not among the levels: the sampler always ends there")),
        "churn": share("T", meaning="γ_n, by how much of itself a level is raised; 0 is deterministic"),
        "noise_scale": positive(meaning="S, a factor of the noise that raises; 1 keeps the law",
                                instead="without noise leave the levels where they are: γ = 0"),
        "theta": parameters("denoiser"),
        "denoiser": field("z", "t", known=VELOCITIES,
                          meaning="D(x, σ), a network's prediction of the data; σ takes the place of t"),
    },
    wrt=("x", "sigmas", "theta"),
    result=real("B", "D", meaning="the state at σ = 0"),
    source="karras2022edm",
)
def edm_sampler(
    x: Array, eps: Array, sigmas: Array, churn: Array, noise_scale: Array, theta: dict[str, Array], *, denoiser: Field
) -> Result:
    """The stochastic sampler of Karras et al. with Heun's second order, and the exact gradient of where it ends.

        σ_hat = σ_n (1 + γ_n),   x_hat = x + S σ_n √(γ_n (2 + γ_n)) ε_n                (1)
        m = (x_hat − D(x_hat, σ_hat, θ))/σ_hat,   x_e = x_hat + (σ_{n+1} − σ_hat) m    (2)
        x ← x_hat + (σ_{n+1} − σ_hat) (m + (x_e − D(x_e, σ_{n+1}, θ))/σ_{n+1})/2       (3)
        and at the last level, n = T:   x ← D(x_hat, σ_hat, θ)                         (4)

    (2) and (3) are computed as by `edm_heun_step`, from σ_hat to σ_{n+1}, whose q, p, w and r they have. Given the
    cotangent λ of the new x, from the last level to the first:

        e, τ′, a summand of θ_bar: the pullback of D at x_e for w λ                    (5)
        y, τ, a summand of θ_bar: the pullback of D at x_hat for (p − w) λ + p e       (6)
        σ_bar_{n+1} += ⟨λ, m − r/q⟩ + ⟨e, m⟩ + τ′                                      (7)
        s = ⟨λ, r − q m⟩ − q ⟨e, m⟩ + τ,   μ = q (λ + e) + y                           (8)
        at the last level   s = τ,   μ = y,   of the pullback of D for λ               (9)
        σ_bar_n = (1 + γ_n) s + S √(γ_n (2 + γ_n)) ⟨μ, ε_n⟩,   λ ← μ                   (10)

    every ⟨·,·⟩ a sum over the batch. σ_n √(γ_n (2 + γ_n)) is √(σ_hat² − σ_n²) without its cancellation. The paper's γ_n
    is min(S_churn/N, √2 − 1) between S_tmin and S_tmax and 0 elsewhere, which is the caller's to say. The last step is
    Euler's, to σ = 0, where a second slope would divide by zero. Levels may rise; none is the identity.
    Source: Karras, Aittala, Aila & Laine (2022), algorithm 2; (5–10) by the chain rule.
    """
    xp = namespace(x)
    levels = sigmas.shape[0]
    last, state, kept = levels - 1, xp.asarray(x, copy=True), []
    for n in range(levels):
        spread = noise_scale * xp.sqrt(churn[n] * (2 + churn[n]))
        raised, sigma = state + sigmas[n] * spread * eps[:, n, :], sigmas[n] * (1 + churn[n])   # (1)
        state, first_pullback = denoiser.vjp(raised, sigma, theta)            # (4)
        steps: tuple[Any, ...] = ()
        if n < last:
            first = state
            euler, euler_pullback = euler_step(raised, first, sigma, sigmas[n + 1])             # (2)
            second, second_pullback = denoiser.vjp(euler, sigmas[n + 1], theta)
            state, step_pullback = heun_step(raised, first, second, sigma, sigmas[n + 1])       # (3)
            steps = (euler_pullback, second_pullback, step_pullback)
        kept.append((spread, first_pullback, steps))

    def pullback(end_bar: Array, wrt: tuple[str, ...] = ("x", "sigmas", "theta")) -> dict[str, Any]:
        timed = "sigmas" in wrt
        inner = ("z", *(("t",) if timed else ()), *(("theta",) if "theta" in wrt else ()))
        state_bar = xp.asarray(end_bar, copy=True)
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        sigma_bars: list[Array] = [xp.zeros_like(noise_scale)] * levels
        for n in range(last, -1, -1):
            spread, first_pullback, steps = kept[n]
            first_bar, raised_bar, sigma_bar = state_bar, xp.zeros_like(state_bar), xp.zeros_like(noise_scale)
            if steps:
                euler_pullback, second_pullback, step_pullback = steps
                stepped = step_pullback(state_bar)
                second = second_pullback(stepped["denoised_next"], wrt=inner)                   # (5)
                eulered = euler_pullback(second["z"])
                first_bar = stepped["denoised"] + eulered["denoised"]         # (6)
                raised_bar = stepped["x"] + eulered["x"]                      # (8)
                if timed:
                    below = xp.sum(state_bar * stepped["sigma_next"] + second["z"] * eulered["sigma_next"])
                    sigma_bars[n + 1] = sigma_bars[n + 1] + below + second["t"]                 # (7)
                    sigma_bar = xp.sum(state_bar * stepped["sigma"] + second["z"] * eulered["sigma"])
                if "theta" in wrt:
                    theta_bar = {name: entry + second["theta"][name] for name, entry in theta_bar.items()}
            first = first_pullback(first_bar, wrt=inner)                      # (6), (9)
            state_bar = raised_bar + first["z"]                               # (8), (9)
            if timed:
                own = (1 + churn[n]) * (sigma_bar + first["t"])
                sigma_bars[n] = own + spread * xp.sum(state_bar * eps[:, n, :])                 # (10)
            if "theta" in wrt:
                theta_bar = {name: entry + first["theta"][name] for name, entry in theta_bar.items()}
        sigmas_bar = xp.stack(sigma_bars) if levels else xp.zeros_like(sigmas)
        return {"x": state_bar, "sigmas": sigmas_bar, "theta": theta_bar}

    return state, pullback
