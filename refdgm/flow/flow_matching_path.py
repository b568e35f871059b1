"""The straight path from noise to data, and the velocity on it, which flow matching learns."""

from refdgm.declaration.domain import Map, real, scale, share
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference

X0 = real("B", "...", meaning="x₀, the noise, where the path begins")
X1 = real("B", "...", meaning="x₁, the data, where it ends")
SIGMA_MIN = share(meaning="σ, the part of the noise that is left at t = 1; 0 for rectified flow")


@reference(
    args={"x0": X0, "x1": X1, "t": share("B", meaning="t, the time of each example; 0 is noise, 1 is data"),
          "sigma_min": SIGMA_MIN},
    wrt=("x0", "x1", "t", "sigma_min"),
    result={
        "xt": real("B", "...", meaning="x_t, the point of the path at time t"),
        "target": real("B", "...", meaning="u, its velocity dx_t/dt: what the network is to say of x_t and t"),
    },
    source="lipman2023flow",
    conventions={"time from data to noise, velocity noise − data": {"t": Map(-1.0, 1.0), "target": scale(-1.0)}},
)
def flow_matching_path(x0: Array, x1: Array, t: Array, sigma_min: Array) -> Results:
    """A point of the straight path between a pair, and the velocity there.

        x_t = k x₀ + t x₁,   k = (1 − t) + σ t                               (1)
        u = dx_t/dt = x₁ − (1 − σ) x₀                                        (2)

    Cotangents for x_bar_t and u_bar, every ⟨·,·⟩ a sum over one example, Σ one over the batch:

        x_bar₀ = k x_bar_t − (1 − σ) u_bar,   x_bar₁ = t x_bar_t + u_bar     (3)
        t_bar = ⟨x_bar_t, u⟩,   σ_bar = Σ ⟨x₀, t x_bar_t + u_bar⟩            (4)

    The velocity of a pair is the same at all times. The paper's (x₁ − (1 − σ) x_t) / (1 − (1 − σ) t) is (2) with x₀
    taken from x_t: 0/0 at t = 1 where σ = 0, and without digits before. That of all pairs that meet at x_t is the mean
    of u over them, which no pair has by itself. Stable Diffusion 3 runs its time from the data to the noise, and its
    velocity is noise − data: 1 − t, and −u.
    Source: Lipman et al. (2023), eq. 22 and 23; σ = 0 is Liu, Gong & Liu (2023).
    """
    xp = namespace(x0)
    at, rest = against(t, x0), 1 - sigma_min
    k = (1 - at) + sigma_min * at
    xt, target = k * x0 + at * x1, x1 - rest * x0                             # (1, 2)

    def pullback(xt_bar: Array, target_bar: Array) -> dict[str, Array]:
        to_data = at * xt_bar + target_bar
        return {
            "x0": k * xt_bar - rest * target_bar,                             # (3)
            "x1": to_data,
            "t": inner(xt_bar, target),                                       # (4)
            "sigma_min": xp.sum(x0 * to_data),
        }

    return (xt, target), pullback
