"""A flow of L layers of one kind: the log-density of data, and samples with theirs."""

from typing import Any

from refdgm.declaration.domain import bijection, parameters, real, scale, word
from refdgm.flow.bijection import BIJECTIONS, Bijection, Pullback
from refdgm.flow.cnf_log_density import NEGATIVE
from refdgm.namespace import Array, Result, Results, namespace
from refdgm.reference import reference

LAYERS = parameters("transform", stack="L",
                    meaning="θ = θ_1 … θ_L stacked; f_1 is nearest to z")
OPTIONS = {
    "transform": bijection(known=BIJECTIONS, meaning="f, the layers, from noise to data; their inverses too"),
    "order": word("keep", "reverse", meaning="P between two layers: nothing, or the components in reversed order"),
}


def layer(theta: dict[str, Array], number: int) -> dict[str, Array]:
    """θ_l of all."""
    return {name: entry[number, ...] for name, entry in theta.items()}


def stacked(theta: dict[str, Array], each: list[dict[str, Array]]) -> dict[str, Array]:
    """One entry of all the layers'; zeros of no layer where there is none."""
    xp = namespace(next(iter(theta.values())))
    return {name: xp.stack([one[name] for one in each]) if each else xp.zeros_like(entry)
            for name, entry in theta.items()}


def log_normal(z: Array) -> Array:
    """log N(z; 0, I)."""
    xp = namespace(z)
    log_two_pi = xp.log(xp.full((), 2 * xp.pi, dtype=z.dtype, device=z.device))
    return -(xp.sum(z * (z / 2), axis=1) + z.shape[1] / 2 * log_two_pi)


@reference(
    args={"x": real("B", "D", meaning="x, the data"), "theta": LAYERS, **OPTIONS},
    wrt=("x", "theta"),
    result=real("B", meaning="log p(x)"),
    source="rezende2015flows",
    conventions=NEGATIVE,
)
def normalizing_flow_log_density(x: Array, theta: dict[str, Array], *, transform: Bijection, order: str) -> Result:
    """The log-density of data under x = f_L(P f_{L−1}(P … f_1(z))), z ~ N(0, I).

        v_L = f_L⁻¹(x),   v_l = f_l⁻¹(P v_{l+1}) for l = L − 1 … 1,   z = v_1               (1)
        log p(x) = log N(z; 0, I) + Σ_l ℓ_l,   ℓ_l = log |det ∂f_l⁻¹|                       (2)

    P keeps the components or reverses their order, stands between layers alone, and is its own inverse. Given p_bar,
    the pullbacks of the inverses are asked from l = 1 to L, each for the cotangent of its image and for p_bar, that of
    ℓ_l:

        v_bar_1 = −p_bar z,   y_bar_l, θ_bar_l = the pullback of f_l⁻¹ at (v_bar_l, p_bar)  (3)
        v_bar_{l+1} = P y_bar_l,   x_bar = y_bar_L                                          (4)

    θ_bar is stacked as θ is. Without layers the law is the base's. ℓ_l is of the inverses and added; written with the
    layers' own log-determinants the sum is subtracted, and a library tells in its names which of both it returns.
    Source: Rezende & Mohamed (2015), section 3; (3, 4) by the chain rule.
    """
    xp = namespace(x)
    layers = next(iter(theta.values())).shape[0]
    state, total = x, xp.zeros(x.shape[0], dtype=x.dtype, device=x.device)
    kept: list[Pullback] = []
    for number in range(layers - 1, -1, -1):
        (state, log_det), layer_pullback = transform.inverse(state, layer(theta, number))      # (1)
        total = total + log_det
        kept.insert(0, layer_pullback)
        if order == "reverse" and number > 0:
            state = xp.flip(state, axis=1)
    z = state

    def pullback(p_bar: Array, wrt: tuple[str, ...] = ("x", "theta")) -> dict[str, Any]:
        bar = -p_bar[:, None] * z
        each: list[dict[str, Array]] = []
        for number, layer_pullback in enumerate(kept):
            if order == "reverse" and number > 0:
                bar = xp.flip(bar, axis=1)                                    # (4)
            inner = ("x", "theta") if "theta" in wrt else ("x",)
            grads = layer_pullback(bar, p_bar, wrt=inner)                     # (3)
            bar = grads["x"]
            each.append(grads["theta"] if "theta" in wrt else {})
        return {"x": bar, "theta": stacked(theta, each) if "theta" in wrt else {}}

    return log_normal(z) + total, pullback                                    # (2)


@reference(
    args={"z": real("B", "D", meaning="z, a draw of the base N(0, I)"), "theta": LAYERS, **OPTIONS},
    wrt=("z", "theta"),
    result={"x": real("B", "D", meaning="x = f_L(P f_{L−1}(P … f_1(z)))"),
            "log_density": real("B", meaning="log p(x), of the sample under the flow")},
    source="rezende2015flows",
    conventions={"negative log-density": {"log_density": scale(-1.0)}},
)
def normalizing_flow_sample(z: Array, theta: dict[str, Array], *, transform: Bijection, order: str) -> Results:
    """A sample of the flow from a draw of its base, with its log-density: nothing is inverted.

        w_1 = f_1(z),   w_l = f_l(P w_{l−1}) for l = 2 … L,   x = w_L                   (1)
        log p(x) = log N(z; 0, I) − Σ_l ℓ_l,   ℓ_l = log |det ∂f_l|                     (2)

    Given x_bar and p_bar, from l = L to 1:

        w_bar_L = x_bar,   u_bar_l, θ_bar_l = the pullback of f_l at (w_bar_l, −p_bar)  (3)
        w_bar_{l−1} = P u_bar_l,   z_bar = u_bar_1 − p_bar z                            (4)

    The base is asked at z, where the walk begins, and not at x. The gradient in θ is along the path of the draw, as a
    variational objective has it; log p at a point that is held is `normalizing_flow_log_density`. No layers return z.
    Source: Rezende & Mohamed (2015), section 3; (3, 4) by the chain rule.
    """
    xp = namespace(z)
    layers = next(iter(theta.values())).shape[0]
    state, total = xp.asarray(z, copy=True), xp.zeros(z.shape[0], dtype=z.dtype, device=z.device)
    kept: list[Pullback] = []
    for number in range(layers):
        if order == "reverse" and number > 0:
            state = xp.flip(state, axis=1)
        (state, log_det), layer_pullback = transform.forward(state, layer(theta, number))      # (1)
        total = total + log_det
        kept.append(layer_pullback)

    def pullback(x_bar: Array, log_density_bar: Array, wrt: tuple[str, ...] = ("z", "theta")) -> dict[str, Any]:
        bar = x_bar
        each: list[dict[str, Array]] = []
        inner = ("x", "theta") if "theta" in wrt else ("x",)
        for number in range(layers - 1, -1, -1):
            grads = kept[number](bar, -log_density_bar, wrt=inner)            # (3)
            bar = grads["x"]
            each.insert(0, grads["theta"] if "theta" in wrt else {})
            if order == "reverse" and number > 0:
                bar = xp.flip(bar, axis=1)
        z_bar = bar - log_density_bar[:, None] * z                            # (4)
        return {"z": z_bar, "theta": stacked(theta, each) if "theta" in wrt else {}}

    return (state, log_normal(z) - total), pullback                           # (2)
