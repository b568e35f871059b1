"""Mistakes in a planar flow."""

from collections.abc import Sequence
from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.planar_flow import planar_flow
from refdgm.flow.planar_transform import planar_transform
from refdgm.namespace import Array, namespace

BODY, LAYER = planar_flow.body, planar_transform.body
GRADIENTS = ("gradient.z", "gradient.u", "gradient.w", "gradient.b")
OF_LOG_DET = ("log_det", *GRADIENTS)
NAMES = ("u", "w", "b")


def walked(z: Array, u: Array, w: Array, b: Array, constraints: Sequence[str], numbers: Sequence[int] | None = None,
           weights: Sequence[float] | None = None, bars: Sequence[float] | None = None) -> Any:
    """The layers of these numbers one after the other; ℓ of each counts its weight, and on the way back what `bars`
    says, or the same."""
    xp, count = namespace(z), u.shape[0]
    order = range(count) if numbers is None else numbers
    weighted = [1.0] * len(order) if weights is None else weights
    back = weighted if bars is None else bars
    x, log_det, kept = z + 0, xp.sum(0 * z, axis=1), list[Any]()
    for i, n in enumerate(order):
        (x, one), right = LAYER(x, u[n, ...], w[n, ...], b[n, ...], constraint=constraints[i])
        log_det = log_det + weighted[i] * one
        kept.append(right)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        bar = x_bar + 0
        each = [{"u": 0 * u[n, ...], "w": 0 * w[n, ...], "b": 0 * b[n, ...]} for n in range(count)]
        for i in range(len(kept) - 1, -1, -1):
            g = kept[i](bar, back[i] * log_det_bar)
            bar = g["z"]
            each[order[i]] = {name: each[order[i]][name] + g[name] for name in NAMES}
        return {"z": bar} | {name: xp.stack([e[name] for e in each]) if each else 0 * entry
                             for name, entry in zip(NAMES, (u, w, b), strict=True)}

    return (x, log_det), pullback


def last(count: int) -> list[float]:
    return [0.0] * (count - 1) + [1.0] * (count > 0)


@mistake(planar_flow, "x", *GRADIENTS)
def last_layer_twice(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """x = f_L(v_L), as a course has printed it: the last layer moves what it has moved already, and counts once."""
    count = u.shape[0]
    return walked(z, u, w, b, [constraint] * (count + 1), [*range(count), count - 1][: 2 * count],
                  [1.0] * count + [0.0])


@mistake(planar_flow, *OF_LOG_DET, seen="tensorflow/models #7465")
def log_det_of_the_last_layer(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """The log-determinant of each layer takes the place of those before it."""
    return walked(z, u, w, b, [constraint] * u.shape[0], weights=last(u.shape[0]))


@mistake(planar_flow)
def layers_backwards(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """The last layer is the first at the base."""
    return walked(z, u, w, b, [constraint] * u.shape[0], range(u.shape[0] - 1, -1, -1))


@mistake(planar_flow)
def one_layer_for_all(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """The first layer is taken L times: a list that holds one layer many times."""
    return walked(z, u, w, b, [constraint] * u.shape[0], [0] * u.shape[0])


@mistake(planar_flow, *OF_LOG_DET)
def sign_of_log_det(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """−Σ ℓ_l: what a density adds, where the volume is asked for."""
    return walked(z, u, w, b, [constraint] * u.shape[0], weights=[-1.0] * u.shape[0])


@mistake(planar_flow, *GRADIENTS)
def volume_of_the_last_layer_alone(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """ℓ_bar is handed to the last layer, and to no other."""
    return walked(z, u, w, b, [constraint] * u.shape[0], bars=last(u.shape[0]))


@mistake(planar_flow, "gradient.u")
def u_in_the_order_of_the_way_back(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """u_bar is stacked as it is found, the last layer first."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    return value, lambda x_bar, bar: (g := right(x_bar, bar)) | {"u": namespace(z).flip(g["u"], axis=0)}


@mistake(planar_flow, "gradient.b")
def b_of_the_last_layer_for_all(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """b_bar of the last layer stands in every row."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    return value, lambda x_bar, bar: (g := right(x_bar, bar)) | {"b": 0 * b + g["b"][-1:]}


@mistake(planar_flow, "gradient.w")
def planes_at_the_base(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """w_bar_l = Σ a_bar_l z + …: every layer's planes are thought to have met z itself."""
    xp = namespace(z)
    value, right = BODY(z, u, w, b, constraint=constraint)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        g, x, states, rights, rows = right(x_bar, log_det_bar), z, [], [], []
        for n in range(u.shape[0]):
            states.append(x)
            (x, _), one = LAYER(x, u[n, ...], w[n, ...], b[n, ...], constraint=constraint)
            rights.append(one)
        bar = x_bar
        for n in range(u.shape[0] - 1, -1, -1):
            before = rights[n](bar, log_det_bar)["z"]
            a_bar = (before - bar) @ w[n, ...] / xp.sum(w[n, ...] ** 2)
            rows.insert(0, a_bar @ (z - states[n]))
            bar = before
        return g | {"w": g["w"] + xp.stack(rows)} if rows else g

    return value, pullback


@mistake(planar_flow, "gradient.z")
def point_of_the_last_layer(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """z_bar = v_bar_{L−1}: the way back ends after its first step."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    count = u.shape[0]
    if not count:
        return value, right
    (v, _), _ = BODY(z, u[:-1, ...], w[:-1, ...], b[:-1, ...], constraint=constraint)
    _, of_last = LAYER(v, u[count - 1, ...], w[count - 1, ...], b[count - 1, ...], constraint=constraint)
    return value, lambda x_bar, bar: right(x_bar, bar) | {"z": of_last(x_bar, bar)["z"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(planar_flow, *OF_LOG_DET, seen="wohlert/semi-supervised-pytorch #21", blind=True)
def log_dets_summed_over_the_batch(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """Every example has the log-determinants of the whole batch: a sum over a list that was no list."""
    xp = namespace(z)
    (x, log_det), right = BODY(z, u, w, b, constraint=constraint)
    return (x, 0 * log_det + xp.sum(log_det)), lambda x_bar, bar: right(x_bar, 0 * bar + xp.sum(bar))


@mistake(planar_flow, *OF_LOG_DET, blind=True)
def log_dets_averaged(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """The mean of the layers' log-determinants."""
    count = u.shape[0]
    return walked(z, u, w, b, [constraint] * count, weights=[1 / count] * count if count else [])


@mistake(planar_flow, *OF_LOG_DET, blind=True)
def log_dets_at_the_base(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """Every layer's determinant is taken at z, in one go for all layers."""
    xp, count = namespace(z), u.shape[0]
    (x, log_det), right = BODY(z, u, w, b, constraint=constraint)
    each = [LAYER(z, u[n, ...], w[n, ...], b[n, ...], constraint=constraint) for n in range(count)]
    log_det = sum([one[1] for one, _ in each], start=0 * log_det)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        g, more = right(x_bar, 0 * log_det_bar), [back(0 * x_bar, log_det_bar) for _, back in each]
        if not more:
            return g
        return {"z": sum([m["z"] for m in more], start=g["z"])} | {
            name: g[name] + xp.stack([m[name] for m in more]) for name in NAMES}

    return (x, log_det), pullback


@mistake(planar_flow, blind=True)
def first_layer_alone_constrained(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """u_hat_1 for the first layer, and the raw u_l for all others."""
    return walked(z, u, w, b, [constraint, *["none"] * u.shape[0]])
