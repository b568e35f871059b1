"""Steps against the time, and Langevin steps at the time that each of them reaches."""

from typing import Any

from refdgm.declaration.domain import field, noise, parameters, positive, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import VELOCITIES, Field
from refdgm.reference import reference
from refdgm.sde.reverse_euler_maruyama import REVERSED
from refdgm.sde.reversed_step import reversed_step


@reference(
    args={
        "x": real("B", "D", meaning="x_0, the state at the noisy end"),
        "eps": noise("normal", "B", "T", "D", meaning="ε_n, standard normal: the predictor's"),
        "corrector_eps": noise("normal", "B", "T", "L", "D",
                               meaning="z_nk, standard normal: L corrections after each step"),
        **REVERSED,
        "step": positive("T", meaning="η_n, step size of the corrections; their noise has variance η"),
        "theta": parameters("score"),
        "score": field("z", "t", known=VELOCITIES, meaning="s(x, t), a score network"),
    },
    wrt=("x", "times", "h", "slope", "diffusion", "step", "theta"),
    result=real("B", "D", meaning="x_T, nearer to the data, after its corrections"),
    source="song2021sde",
    conventions={"x + ε s + √(2ε) z": {"step": scale(0.5)}},
)
def predictor_corrector(
    x: Array, eps: Array, corrector_eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, step: Array,
    theta: dict[str, Array], *, score: Field,
) -> Result:
    """T steps of the reversed process, each followed by L Langevin steps at its new time; the exact gradient of it.

        x ← x − h_n [a_n x − g_n² s(x, t_n, θ)] + g_n √h_n ε_n                                                     (1)
        t′ = t_n − h_n                                                                                             (2)
        x ← x + (η_n/2) s(x, t′, θ) + √η_n z_nk,   L times                                                         (3)

    Given the cotangent λ of the new x of (3), from the last step to the first:

        x_bar, τ, θ_barˢ = the pullback of s at t′ for (η_n/2) λ                                                   (4)
        η_bar_n += Σ_b ⟨λ, s/2 + z_nk/(2√η_n)⟩                                                                     (5)
        λ ← λ + x_bar,   t_bar_n += τ,   h_bar_n −= τ,   θ_bar += θ_barˢ                                           (6)

    and then, all cotangents added to these,

        λ, t_bar_n, h_bar_n, a_bar_n, g_bar_n, θ_bar of (1), as of reverse_euler_maruyama without its noise scale  (7)

    Predictor first, then corrections at the time that it has reached, is the paper's order; code that corrects at the
    old time and predicts then is the same chain, begun half a turn later. The paper finds η from the lengths of s and z
    (langevin_corrector_step); here it is given. Corrections draw the law of each time towards that of Langevin steps of
    size η, which is biased itself. No corrections are reverse_euler_maruyama.
    Source: Song et al. (2021), algorithm 1 for the order, and section 3.2; (4–7) by the chain rule.
    """
    xp = namespace(x)
    root = xp.sqrt(step)
    state, kept = xp.asarray(x, copy=True), []
    for n in range(eps.shape[1]):
        state, step_pullback = reversed_step(score, state, eps[:, n, :], times[n], h[n], slope[n], diffusion[n], 1.0,
                                             theta)                           # (1)
        corrections = []
        for k in range(corrector_eps.shape[2]):
            s, field_pullback = score.vjp(state, times[n] - h[n], theta)      # (2)
            state = state + step[n] / 2 * s + root[n] * corrector_eps[:, n, k, :]             # (3)
            corrections.append((s, field_pullback))
        kept.append((step_pullback, corrections))

    def pullback(
        end_bar: Array, wrt: tuple[str, ...] = ("x", "times", "h", "slope", "diffusion", "step", "theta")
    ) -> dict[str, Any]:
        timed = "times" in wrt or "h" in wrt
        inner = ("z", *(("t",) if timed else ()), *(("theta",) if "theta" in wrt else ()))
        state_bar, none = xp.asarray(end_bar, copy=True), xp.zeros_like(xp.sum(h))
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        bars: dict[str, list[Array]] = {name: [] for name in (*REVERSED, "step")}
        for n in range(eps.shape[1] - 1, -1, -1):
            step_pullback, corrections = kept[n]
            time_bar, step_bar = none, none
            for k in range(corrector_eps.shape[2] - 1, -1, -1):
                s, field_pullback = corrections[k]
                grads = field_pullback(step[n] / 2 * state_bar, wrt=inner)    # (4)
                by_noise = xp.sum(state_bar * corrector_eps[:, n, k, :]) / root[n] / 2
                step_bar = step_bar + xp.sum(state_bar * s) / 2 + by_noise    # (5)
                time_bar = time_bar + grads["t"] if timed else none
                if "theta" in wrt:
                    theta_bar = {name: entry + grads["theta"][name] for name, entry in theta_bar.items()}
                state_bar = state_bar + grads["z"]                            # (6)
            grads = step_pullback(state_bar, wrt)                             # (7)
            state_bar = grads["x"]
            if "theta" in wrt:
                theta_bar = {name: entry + grads["theta"][name] for name, entry in theta_bar.items()}
            if "times" in wrt:
                bars["times"].insert(0, grads["times"] + time_bar)            # (6, 7)
            for name, bar in {"h": grads["h"] - time_bar, "step": step_bar}.items():
                bars[name].insert(0, bar)                                     # (5–7)
            for name in ("slope", "diffusion"):
                bars[name].insert(0, grads[name])
        given = {"times": times, "h": h, "slope": slope, "diffusion": diffusion, "step": step}
        stacked = {name: xp.stack(each) if each else xp.zeros_like(given[name]) for name, each in bars.items()}
        return {"x": state_bar, "theta": theta_bar} | stacked

    return state, pullback
