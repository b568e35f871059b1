"""A planar flow: planar layers one after the other, their log-determinants added up."""

from collections.abc import Callable

from refdgm.declaration.domain import PARAMETER, real, vector, word
from refdgm.flow.normalizing_flow_log_density import layer, stacked
from refdgm.flow.planar_transform import DIRECTED, KINKED, planar_transform
from refdgm.namespace import Array, Results, namespace
from refdgm.reference import reference


@reference(
    args={
        "z": real("B", "D", meaning="z, a point of the base"),
        "u": real("L", "D", kind=PARAMETER,
                  meaning="u_1 … u_L, where points are moved to, before they are constrained"),
        "w": vector("L", "D", kind=PARAMETER, nonempty=DIRECTED,
                    meaning="w_1 … w_L, the normals of the planes, of any length"),
        "b": real("L", finite=True, kind=PARAMETER, meaning="b_1 … b_L, what the planes are shifted by"),
        "constraint": word("none", "softplus", refused={"relu": KINKED},
                           meaning="u_hat_l = u_l, or u_hat_l with ⟨u_hat_l, w_l⟩ > −1, so that there is an inverse"),
    },
    wrt=("z", "u", "w", "b"),
    result={
        "x": real("B", "D", meaning="x = f_L(… f_1(z)), the image"),
        "log_det": real("B", meaning="ℓ = log |det ∂x/∂z|"),
    },
    source="rezende2015flows",
)
def planar_flow(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Results:
    """L planar layers, the first at the base. f_l is planar_transform of u_l, w_l and b_l.

        v_0 = z,   v_l = f_l(v_{l−1}) for l = 1 … L,   x = v_L                                               (1)
        ℓ = Σ_l ℓ_l,   ℓ_l = log |det ∂f_l/∂v_{l−1}|                                                         (2)

    Every ℓ_l is of its layer where its layer is asked, and that is v_{l−1}. Cotangents for x_bar and ℓ_bar, from l = L
    to 1:

        v_bar_L = x_bar,
        v_bar_{l−1}, u_bar_l, w_bar_l, b_bar_l = the pullback of f_l at (v_bar_l, ℓ_bar),   z_bar = v_bar_0  (3)

    ℓ_bar is that of all layers alike, and v_bar_{l−1} has what ℓ_l says of v_{l−1}, with what comes down from later
    layers. x is v_L: f_L is asked once. Without layers x = z and ℓ = 0. A density of x subtracts ℓ from that of z.
    Source: Rezende & Mohamed (2015), sections 3.1 and 4.1; (3) by the chain rule.
    """
    xp = namespace(z)
    theta = {"u": u, "w": w, "b": b}
    x, log_det = xp.asarray(z, copy=True), xp.zeros(z.shape[0], dtype=z.dtype, device=z.device)
    kept: list[Callable[[Array, Array], dict[str, Array]]] = []
    for number in range(u.shape[0]):
        (x, of_layer), layer_pullback = planar_transform.body(x, **layer(theta, number), constraint=constraint)  # (1)
        log_det = log_det + of_layer                                          # (2)
        kept.append(layer_pullback)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        bar = xp.asarray(x_bar, copy=True)
        each: list[dict[str, Array]] = []
        for layer_pullback in reversed(kept):
            grads = layer_pullback(bar, log_det_bar)                          # (3)
            bar = grads["z"]
            each.insert(0, grads)
        return {"z": bar, **stacked(theta, [{name: grads[name] for name in theta} for grads in each])}

    return (x, log_det), pullback
