"""The Metropolis–Hastings ratio of a Langevin step: what makes the unadjusted algorithm exact."""

from refdgm.declaration.domain import DATA, positive, real, scale
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.components import against, inner
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "...", meaning="x, the state"),
        "y": real("B", "...", meaning="y, what was proposed"),
        "score_x": real("B", "...", meaning="s_x = ∇ log p at x"),
        "score_y": real("B", "...", meaning="s_y = ∇ log p at y"),
        "log_density_x": real("B", kind=DATA, meaning="ℓ_x = log p(x), up to a constant"),
        "log_density_y": real("B", kind=DATA, meaning="ℓ_y = log p(y), up to the same constant"),
        "step": positive(meaning="η, step size; the noise of the proposal has variance η",
                         instead="a step of zero proposes the state"),
    },
    wrt=("x", "y", "score_x", "score_y", "log_density_x", "log_density_y", "step"),
    result=real("B", meaning="A, the logarithm of the ratio; not cut off at 0"),
    source="roberts1996langevin",
    conventions={"x + ε s + √(2ε) z": {"step": scale(0.5)}},
)
def mala_log_ratio(
    x: Array, y: Array, score_x: Array, score_y: Array, log_density_x: Array, log_density_y: Array, step: Array
) -> Result:
    """How much likelier the way back is than the way there, for y = x + (η/2) s_x + √η ε, as `langevin_step` proposes.

        q(y | x) = N(y; x + (η/2) s_x, η I)                                              (1)
        A = ℓ_y − ℓ_x + log q(x | y) − log q(y | x)                                      (2)
          = ℓ_y − ℓ_x − ½ ⟨u, d + (η/4) (s_y − s_x)⟩,   d = y − x,   u = s_x + s_y       (3)

    Cotangents for A_bar:

        y_bar = −½ A_bar u,   x_bar = −y_bar                                             (4)
        s_bar_x = −½ A_bar (d − (η/2) s_x),   s_bar_y = −½ A_bar (d + (η/2) s_y)         (5)
        the density of y: A_bar, that of x: −A_bar,   η_bar = −⅛ Σ A_bar ⟨u, s_y − s_x⟩  (6)

    y is accepted with the probability e^{min(A, 0)}; then p is kept exactly, whatever η is. In (3) nothing is divided
    by η, and the ‖d‖²/η of (2) are gone, which are far larger than what is left of them. Exchanging x and y changes
    the sign and no digit. The gradients hold y: that it was made from x and s_x is for whoever composes.
    Source: Roberts & Tweedie (1996), the Metropolis-adjusted algorithm (MALA); Roberts & Rosenthal (1998).
    """
    xp = namespace(x)
    d, u, rise = y - x, score_x + score_y, score_y - score_x
    ratio = log_density_y - log_density_x - inner(u, d + step / 4 * rise) / 2         # (3), which is (2) with (1)

    def pullback(ratio_bar: Array) -> dict[str, Array]:
        half = against(ratio_bar, x) / 2
        return {
            "x": half * u,
            "y": -half * u,                                                   # (4)
            "score_x": half * (step / 2 * score_x - d),
            "score_y": -half * (step / 2 * score_y + d),                      # (5)
            "log_density_x": -ratio_bar,
            "log_density_y": +ratio_bar,
            "step": -xp.sum(ratio_bar * inner(u, rise)) / 8,                  # (6)
        }

    return ratio, pullback
