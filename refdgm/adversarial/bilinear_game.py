"""Two players, one of whom lowers and the other raises the same bilinear function."""

from refdgm.declaration.domain import DATA, count, positive, real, scale, word
from refdgm.namespace import Array, Results, namespace
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "D", kind=DATA, meaning="x, who lowers V"),
        "y": real("B", "E", kind=DATA, meaning="y, who raises it"),
        "matrix": real("D", "E", meaning="A, the same for every pair"),
        "step": positive(meaning="η, step size of both"),
        "method": word("simultaneous", "alternating", "extragradient", meaning="where gradients are taken",
                       refused={"optimistic": "it has a memory of the step before",
                                "negative_momentum": "it has a memory of the step before"}),
        "steps": count(1, meaning="T, steps of both"),
    },
    wrt=("x", "y", "matrix", "step"),
    result={
        "x_last": real("B", "D", meaning="x after T steps"),
        "y_last": real("B", "E", meaning="y after T steps"),
    },
    source="gidel2019variational",
    conventions={"x raises V, y lowers it": {"matrix": scale(-1.0)}},
)
def bilinear_game(x: Array, y: Array, matrix: Array, step: Array, *, method: str, steps: int) -> Results:
    """The smallest game of a generator and a discriminator: V(x, y) = xᵀ A y, whose one point of rest is where the
    gradients Ay and Aᵀx vanish. Every step, with x*, y* the points at which they are taken:

        x' = x − M y*,   y' = y + Mᵀ x*,   M = ηA                                                          (1)
        simultaneous    x* = x,   y* = y                                                                   (2)
        alternating     x* = x',  y* = y                                                                   (3)
        extragradient   x* = x − M y,   y* = y + Mᵀ x                                                      (4)

    Reversed, from the cotangents x_bar, y_bar of x', y', which go on as those of x, y:

        a_bar = M y_bar, of x*, and in (3) of x': x_bar += a_bar before b_bar;   b_bar = −Mᵀ x_bar, of y*  (5)
        M_bar += x* y_barᵀ − x_bar y*ᵀ,   in (4) also x b_barᵀ − a_bar yᵀ                                  (6)
        (2): x_bar += a_bar, y_bar += b_bar;   (3): y_bar += b_bar;   (4): x_bar += a_bar + M b_bar,
            y_bar += b_bar − Mᵀ a_bar                                                                      (7)
        A_bar = η M_bar,   η_bar = ⟨A, M_bar⟩,   summed over the pairs                                     (8)

    Along a pair of singular vectors of A with singular value s, with z = x + iy, a step is a product with a number:
    simultaneous 1 + iηs, which spirals out by √(1 + η²s²); extragradient 1 + iηs − η²s², which spirals in while
    ηs < 1. Alternating steps conserve ‖x‖² + ‖y‖² − η xᵀAy, and stay on a curve, an ellipse while ηs < 2. The gradient
    is that of the steps as they are, of no flow.
    Source: Gidel et al. (2019), whose example it is; (4) is the method of Korpelevich (1976).
    """
    xp = namespace(x)
    m = step * matrix                                                         # (1)
    kept = []
    for _ in range(steps):
        near_x, near_y = x, y                                                 # (2)
        if method == "extragradient":
            near_x, near_y = x - y @ m.T, y + x @ m                           # (4)
        moved = x - near_y @ m.T                                              # (1)
        if method == "alternating":
            near_x = moved                                                    # (3)
        kept.append((x, y, near_x, near_y))
        x, y = moved, y + near_x @ m                                          # (1)

    def pullback(x_last_bar: Array, y_last_bar: Array) -> dict[str, Array]:
        x_bar, y_bar, m_bar = x_last_bar, y_last_bar, xp.zeros_like(m)
        for x, y, near_x, near_y in reversed(kept):
            of_x = y_bar @ m.T                                                # (5)
            if method == "alternating":
                x_bar = x_bar + of_x                                          # (5)
            of_y = -(x_bar @ m)                                               # (5)
            m_bar = m_bar + near_x.T @ y_bar - x_bar.T @ near_y               # (6)
            if method == "simultaneous":
                x_bar, y_bar = x_bar + of_x, y_bar + of_y                     # (7)
            elif method == "alternating":
                y_bar = y_bar + of_y                                          # (7)
            else:
                m_bar = m_bar + x.T @ of_y - of_x.T @ y                       # (6)
                x_bar, y_bar = x_bar + of_x + of_y @ m.T, y_bar + of_y - of_x @ m    # (7)
        return {"x": x_bar, "y": y_bar, "matrix": step * m_bar, "step": xp.sum(matrix * m_bar)}    # (8)

    return (x, y), pullback
