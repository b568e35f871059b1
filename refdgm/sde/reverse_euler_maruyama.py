"""The sampler of a diffusion process that is reversed in time, with its exact adjoint."""

from typing import Any

from refdgm.declaration.domain import field, noise, parameters, positive, real
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import VELOCITIES, Field
from refdgm.reference import reference
from refdgm.sde.reversed_step import reversed_step

REVERSED = {
    "times": real("T", finite=True, meaning="t_n, where the score is asked, usually falling"),
    "h": positive("T", meaning="h_n, the lengths of the steps: the time falls by them"),
    "slope": real("T", meaning="a_n, of the drift f(x, t) = a(t) x of the process"),
    "diffusion": real("T", meaning="g_n = g(t_n); not g²"),
}


@reference(
    args={
        "x": real("B", "D", meaning="x_0, the state at the noisy end"),
        "eps": noise("normal", "B", "T", "D", meaning="ε_n, standard normal; its second axis is the time"),
        **REVERSED,
        "noise_scale": real(finite=True, meaning="λ: 1 is the reversed process, 0 the probability flow"),
        "theta": parameters("score"),
        "score": field("z", "t", known=VELOCITIES, meaning="s(x, t), a score network"),
    },
    wrt=("x", "times", "h", "slope", "diffusion", "noise_scale", "theta"),
    result=real("B", "D", meaning="x_T, nearer to the data"),
    source="song2021sde",
)
def reverse_euler_maruyama(
    x: Array, eps: Array, times: Array, h: Array, slope: Array, diffusion: Array, noise_scale: Array,
    theta: dict[str, Array], *, score: Field,
) -> Result:
    """T steps against the time of dx = a(t) x dt + g(t) dw, from noise to data, and the exact gradient of their end.

        x_{n+1} = x_n − h_n [a_n x_n − c g_n² s(x_n, t_n, θ)] + λ g_n √h_n ε_n       (1)
        c = (1 + λ²)/2                                                               (2)

    Given b = x_bar_{n+1}, for n = T − 1 … 0, ⟨·, ·⟩ a sum over components:

        x_barˢ, t_bar_n, θ_barˢ = the pullback of s at x_n and t_n for h_n c g_n² b  (3)
        x_bar_n = (1 − h_n a_n) b + x_barˢ,   θ_bar += θ_barˢ                        (4)
        h_bar_n = Σ_b λ g_n ⟨b, ε_n⟩/(2√h_n) − ⟨b, a_n x_n − c g_n² s⟩               (5)
        a_bar_n = −h_n Σ_b ⟨b, x_n⟩                                                  (6)
        g_bar_n = Σ_b 2 h_n c g_n ⟨b, s⟩ + λ √h_n ⟨b, ε_n⟩                           (7)
        λ_bar += Σ_b h_n λ g_n² ⟨b, s⟩ + g_n √h_n ⟨b, ε_n⟩                           (8)

    Steps have positive lengths, and the minus of the reversed time stands in (1); code with dt < 0 has h = −dt. Every λ
    has the same law at each time, but for what the steps add. The last step adds noise like the others: most samplers
    return its mean ("denoise"), which is ε = 0 there. A grid of T points from 1 to 10⁻⁵ has
    a spacing of (1 − 10⁻⁵)/(T − 1), and not the 1/T that many a sampler steps by. No steps are the identity.
    Source: Song et al. (2021), the reverse-time SDE of section 3.2; Euler–Maruyama as in (1), (3–8) by the chain rule.
    """
    xp = namespace(x)
    state, kept = xp.asarray(x, copy=True), []
    for n in range(eps.shape[1]):
        state, step_pullback = reversed_step(score, state, eps[:, n, :], times[n], h[n], slope[n], diffusion[n],
                                             noise_scale, theta)              # (1, 2)
        kept.append(step_pullback)

    def pullback(
        end_bar: Array,
        wrt: tuple[str, ...] = ("x", "times", "h", "slope", "diffusion", "noise_scale", "theta"),
    ) -> dict[str, Any]:
        state_bar, scale_bar = xp.asarray(end_bar, copy=True), xp.zeros_like(noise_scale)
        theta_bar = {name: xp.zeros_like(entry) for name, entry in theta.items()}
        bars: dict[str, list[Array]] = {name: [] for name in REVERSED}
        for n in range(eps.shape[1] - 1, -1, -1):
            grads = kept[n](state_bar, wrt)                                   # (3–8)
            state_bar, scale_bar = grads["x"], scale_bar + grads["noise_scale"]
            if "theta" in wrt:
                theta_bar = {name: entry + grads["theta"][name] for name, entry in theta_bar.items()}
            for name, each in bars.items():
                if name in wrt:
                    each.insert(0, grads[name])
        given = {"times": times, "h": h, "slope": slope, "diffusion": diffusion}
        stacked = {name: xp.stack(each) if each else xp.zeros_like(given[name]) for name, each in bars.items()}
        return {"x": state_bar, "noise_scale": scale_bar, "theta": theta_bar} | stacked

    return state, pullback
