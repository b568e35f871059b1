"""Mistakes in a planar layer and its inverse."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.planar_transform import constrained, planar_inverse, planar_transform, root
from refdgm.namespace import Array, namespace

BODY = planar_transform.body
GRADIENTS = ("gradient.z", "gradient.u", "gradient.w", "gradient.b")
OF_LOG_DET = ("log_det", *GRADIENTS)


def softplus(x: Array) -> Array:
    xp = namespace(x)
    return xp.log1p(xp.exp(-xp.abs(x))) + xp.maximum(x, 0)


def sigmoid(x: Array) -> Array:
    return 1 / (1 + namespace(x).exp(-x))


def moved(z: Array, u: Array, w: Array, b: Array, c: Array, c_slope: Array, power: int = 2) -> Any:
    """The layer of u_hat = u + c w/‖w‖^power, c a function of ⟨u, w⟩ with this slope, rightly differentiated."""
    xp = namespace(z)
    n = xp.sum(w * w)
    r = xp.sqrt(n) ** power
    value, right = BODY(z, u + c / r * w, w, b, constraint="none")

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        grads = right(x_bar, log_det_bar)
        y, along = grads["u"], xp.sum(w * grads["u"]) / r
        return grads | {"u": y + c_slope * along * w,
                        "w": grads["w"] + c / r * y + (c_slope * u - power * c / n * w) * along}

    return value, pullback


def with_volume(z: Array, u: Array, w: Array, b: Array, constraint: str, volume: Any, raw: bool = False) -> Any:
    """The right image; ℓ, its slope in a and in k are what `volume(h, h′, k)` says. With `raw` k is ⟨u, w⟩ always."""
    xp = namespace(z)
    kappa = xp.sum(u * w)
    whole = constraint == "none" or raw
    k, k_slope = (kappa, 0 * kappa + 1) if whole else (softplus(kappa) - 1, sigmoid(kappa))
    a = z @ w + b
    h, slope = xp.tanh(a), 4 / (xp.exp(a) + xp.exp(-a)) ** 2
    log_det, by_a, by_k = volume(h, slope, k)
    (x, _), right = BODY(z, u, w, b, constraint=constraint)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        g = right(x_bar, 0 * log_det_bar)
        a_bar, kappa_bar = by_a * log_det_bar, xp.sum(by_k * log_det_bar) * k_slope
        return {"z": g["z"] + a_bar[:, None] * w, "u": g["u"] + kappa_bar * w,
                "w": g["w"] + a_bar @ z + kappa_bar * u, "b": g["b"] + xp.sum(a_bar)}

    return (x, log_det), pullback


def lemma(h: Array, slope: Array, k: Array, power: float = 1.0) -> Any:
    """log |1 + h′^power k| with its slopes."""
    xp = namespace(h)
    f = slope**power
    det = 1 + f * k
    return xp.log(xp.abs(det)), -2 * power * h * f * k / det, f / det


@mistake(planar_transform, *OF_LOG_DET)
def sign_of_log_det(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """−log |1 + h′k|: the determinant of the way back."""
    (x, log_det), right = BODY(z, u, w, b, constraint=constraint)
    return (x, -log_det), lambda x_bar, bar: right(x_bar, -bar)


@mistake(planar_transform, *OF_LOG_DET)
def constraint_forgotten_in_log_det(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """ℓ has ⟨u, w⟩ of the raw u, where the points are moved by u_hat."""
    return with_volume(z, u, w, b, constraint, lemma, raw=True)


@mistake(planar_transform, *OF_LOG_DET)
def activation_for_its_slope(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """log |1 + h k|: tanh itself in the place of its derivative."""
    def volume(h: Array, slope: Array, k: Array) -> Any:
        det = 1 + h * k
        return namespace(h).log(namespace(h).abs(det)), slope * k / det, h / det

    return with_volume(z, u, w, b, constraint, volume)


@mistake(planar_transform, *OF_LOG_DET)
def slope_without_a_square(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """h′ = 1 − h, where it is 1 − h²."""
    def volume(h: Array, slope: Array, k: Array) -> Any:
        det = 1 + (1 - h) * k
        return namespace(h).log(namespace(h).abs(det)), -slope * k / det, (1 - h) / det

    return with_volume(z, u, w, b, constraint, volume)


@mistake(planar_transform, *OF_LOG_DET)
def one_forgotten(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """log |h′k|: the identity of I + h′ u_hat wᵀ is lost."""
    def volume(h: Array, slope: Array, k: Array) -> Any:
        return namespace(h).log(namespace(h).abs(slope * k)), -2 * h, 0 * h + 1 / k

    return with_volume(z, u, w, b, constraint, volume)


@mistake(planar_transform)
def constraint_at_zero(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """⟨u_hat, w⟩ = sp(κ): it is kept above zero, where −1 is enough."""
    if constraint == "none":
        return BODY(z, u, w, b, constraint=constraint)
    kappa = namespace(z).sum(u * w)
    return moved(z, u, w, b, softplus(-kappa), -sigmoid(-kappa))


@mistake(planar_transform)
def constraint_never_applied(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """u_hat = u whatever is asked for."""
    return BODY(z, u, w, b, constraint="none")


@mistake(planar_transform, *GRADIENTS)
def volume_without_gradient(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """ℓ is taken for a constant."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    return value, lambda x_bar, bar: right(x_bar, 0 * bar)


@mistake(planar_transform, "gradient.u")
def constraint_held_for_u(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """u_bar is the cotangent of u_hat, handed through the constraint."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    if constraint == "none":
        return value, right
    kappa, n = namespace(z).sum(u * w), namespace(z).sum(w * w)
    _, of_hat = BODY(z, u + (softplus(-kappa) - 1) / n * w, w, b, constraint="none")
    return value, lambda x_bar, bar: right(x_bar, bar) | {"u": of_hat(x_bar, bar)["u"]}


@mistake(planar_transform, "gradient.w")
def constraint_held_for_w(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """w_bar sees the planes alone, not that u_hat depends on w."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    if constraint == "none":
        return value, right
    kappa, n = namespace(z).sum(u * w), namespace(z).sum(w * w)
    _, of_hat = BODY(z, u + (softplus(-kappa) - 1) / n * w, w, b, constraint="none")
    return value, lambda x_bar, bar: right(x_bar, bar) | {"w": of_hat(x_bar, bar)["w"]}


@mistake(planar_transform, "gradient.w")
def length_held(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """w_bar without the derivative of 1/‖w‖²."""
    xp = namespace(z)
    value, right = BODY(z, u, w, b, constraint=constraint)
    if constraint == "none":
        return value, right
    kappa, n = xp.sum(u * w), xp.sum(w * w)
    c = softplus(-kappa) - 1
    _, of_hat = BODY(z, u + c / n * w, w, b, constraint="none")

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        along = xp.sum(w * of_hat(x_bar, log_det_bar)["u"])
        return (g := right(x_bar, log_det_bar)) | {"w": g["w"] + 2 * c * along / (n * n) * w}

    return value, pullback


@mistake(planar_transform, "gradient.z")
def identity_forgotten(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """z_bar = a_bar w: the point itself is not handed on."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    return value, lambda x_bar, bar: (g := right(x_bar, bar)) | {"z": g["z"] - x_bar}


@mistake(planar_transform, "gradient.z")
def straight_through(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """z_bar = x_bar: the layer is skipped on the way back."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    return value, lambda x_bar, bar: right(x_bar, bar) | {"z": +x_bar}


@mistake(planar_transform, "gradient.b")
def bias_averaged(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """b_bar is the mean of a_bar over the batch."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    return value, lambda x_bar, bar: (g := right(x_bar, bar)) | {"b": g["b"] / max(z.shape[0], 1)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(planar_transform, blind=True, seen="tonyduan/normalizing-flows #2; pyro-ppl/pyro #2192; "
         "LukasRinder/normalizing-flows #2; abdulfatir/planar-flow-pytorch #1; abdulfatir/normalizing-flows #1")
def length_for_its_square(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """u_hat = u + c w/‖w‖: right for w of length one, and no longer invertible for others."""
    if constraint == "none":
        return BODY(z, u, w, b, constraint=constraint)
    kappa = namespace(z).sum(u * w)
    return moved(z, u, w, b, softplus(-kappa) - 1, -sigmoid(-kappa), power=1)


@mistake(planar_transform, *OF_LOG_DET, seen="danielward27/flowjax #170", blind=True)
def slope_twice(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """log |1 + h′²k|: u_hat and w are both multiplied with the slope."""
    return with_volume(z, u, w, b, constraint, lambda h, slope, k: lemma(h, slope, k, 2.0))


@mistake(planar_transform, "log_det", blind=True)
def modulus_forgotten(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """log(1 + h′k): NaN where an unconstrained layer folds over."""
    xp = namespace(z)
    (x, _), right = BODY(z, u, w, b, constraint=constraint)
    a, kappa = z @ w + b, xp.sum(u * w)
    k = kappa if constraint == "none" else softplus(kappa) - 1
    return (x, xp.log(1 + 4 / (xp.exp(a) + xp.exp(-a)) ** 2 * k)), right


@mistake(planar_transform, *OF_LOG_DET, blind=True)
def kept_from_zero(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """log(|1 + h′k| + 10⁻⁴): a small number against the logarithm of zero."""
    def volume(h: Array, slope: Array, k: Array) -> Any:
        xp = namespace(h)
        det = 1 + slope * k
        size = (xp.abs(det) + 1e-4) * xp.sign(det)
        return xp.log(xp.abs(size)), -2 * h * slope * k / size, slope / size

    return with_volume(z, u, w, b, constraint, volume)


@mistake(planar_transform, "gradient.w", blind=True)
def determinant_without_the_normal(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """w_bar = Σ a_bar z of ℓ: that k = ⟨u, w⟩ has w in it is forgotten, without the constraint."""
    xp = namespace(z)
    value, right = BODY(z, u, w, b, constraint=constraint)
    if constraint == "softplus":
        return value, right
    a = z @ w + b
    slope = 4 / (xp.exp(a) + xp.exp(-a)) ** 2
    det = 1 + slope * xp.sum(u * w)
    return value, lambda x_bar, bar: (g := right(x_bar, bar)) | {"w": g["w"] - xp.sum(slope * bar / det) * u}


@mistake(planar_transform, "gradient.u", blind=True)
def image_alone_for_u(z: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """u_bar without what ℓ says."""
    value, right = BODY(z, u, w, b, constraint=constraint)
    return value, lambda x_bar, bar: right(x_bar, bar) | {"u": right(x_bar, 0 * bar)["u"]}


# --- the inverse ------------------------------------------------------------------------------------

BACK = planar_inverse.body
OF_X = ("gradient.x", "gradient.u", "gradient.w", "gradient.b")


def solved(x: Array, u: Array, w: Array, b: Array, at: Any) -> Any:
    """z and ℓ at the a that `at(y, k, w)` gives with its slopes in y, k and w (B, D), rightly differentiated."""
    xp = namespace(x)
    hat, k, size, of_layer = constrained(u, w, "softplus")
    a, by_y, by_k, by_w = at(x @ w + b, k, size)
    h, slope = xp.tanh(a), 4 / (xp.exp(a) + xp.exp(-a)) ** 2
    det = 1 + slope * k

    def pullback(z_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        e = -log_det_bar / det
        a_bar = -slope * (z_bar @ hat) - 2 * h * slope * k * e
        u_bar, w_bar = of_layer(-(h @ z_bar), xp.sum(slope * e + a_bar * by_k))
        y_bar = a_bar * by_y
        return {"x": z_bar + y_bar[:, None] * w, "u": u_bar, "w": w_bar + y_bar @ x + xp.sum(a_bar * by_w) * w,
                "b": xp.sum(y_bar)}

    return (x - h[:, None] * hat, -xp.log(det)), pullback


@mistake(planar_inverse)
def no_equation_is_solved(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """z = x − u_hat tanh(⟨w, x⟩ + b): what was added is looked up at the image."""
    return solved(x, u, w, b, lambda y, k, size: (y, 0 * y + 1, 0 * y, 0 * y))


@mistake(planar_inverse)
def one_fixed_point_step(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """a = y − k tanh y: an iteration that is stopped after its first step."""
    xp = namespace(x)

    def at(y: Array, k: Array, size: Array) -> Any:
        return y - k * xp.tanh(y), 1 - k * 4 / (xp.exp(y) + xp.exp(-y)) ** 2, -xp.tanh(y), 0 * y

    return solved(x, u, w, b, at)


@mistake(planar_inverse, "z", *OF_X)
def constraint_forgotten(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """z = x − h u: the root is right, and the raw u is taken off."""
    xp = namespace(x)
    (_, log_det), right = BACK(x, u, w, b, constraint=constraint)
    k, size = constrained(u, w, "softplus")[1:3]
    h = xp.tanh(root(x @ w + b, size))
    slope = 1 - h * h
    det, rest = 1 + slope * k, 1 - xp.exp(-size)

    def pullback(z_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        g = right(0 * z_bar, log_det_bar)
        y_bar = -slope * (z_bar @ u) / det
        kappa_bar = -xp.sum(h * y_bar) * rest
        return {"x": g["x"] + z_bar + y_bar[:, None] * w, "u": g["u"] - h @ z_bar + kappa_bar * w,
                "w": g["w"] + y_bar @ x + kappa_bar * u, "b": g["b"] + xp.sum(y_bar)}

    return (x - h[:, None] * u, log_det), pullback


@mistake(planar_inverse, "gradient.x")
def point_handed_through(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """x_bar = z_bar: the root is taken for a constant, as an iteration without a tape has it."""
    value, right = BACK(x, u, w, b, constraint=constraint)
    return value, lambda z_bar, bar: right(z_bar, bar) | {"x": +z_bar}


@mistake(planar_inverse, *OF_X)
def back_volume_without_gradient(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """ℓ is taken for a constant."""
    value, right = BACK(x, u, w, b, constraint=constraint)
    return value, lambda z_bar, bar: right(z_bar, 0 * bar)


@mistake(planar_inverse, "gradient.u", "gradient.w")
def root_held_for_the_layer(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """k_bar = Σ h′E: that the root moves with k is forgotten."""
    xp = namespace(x)
    value, right = BACK(x, u, w, b, constraint=constraint)
    size = constrained(u, w, "softplus")[2]
    h, share = xp.tanh(root(x @ w + b, size)), 1 - xp.exp(-size)

    def pullback(z_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        g = right(z_bar, log_det_bar)
        y_bar = (g["x"] - z_bar) @ w / xp.sum(w * w)
        lost = xp.sum(h * y_bar) * share
        return g | {"u": g["u"] + lost * w, "w": g["w"] + lost * u}

    return value, pullback


@mistake(planar_inverse, "gradient.w")
def planes_held(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """w_bar without Σ y_bar x: that the planes turn with w is forgotten."""
    value, right = BACK(x, u, w, b, constraint=constraint)
    n = namespace(x).sum(w * w)
    return value, lambda z_bar, bar: (g := right(z_bar, bar)) | {"w": g["w"] - ((g["x"] - z_bar) @ w / n) @ x}


@mistake(planar_inverse, "gradient.b")
def back_bias_averaged(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """b_bar is the mean of y_bar over the batch."""
    value, right = BACK(x, u, w, b, constraint=constraint)
    return value, lambda z_bar, bar: (g := right(z_bar, bar)) | {"b": g["b"] / max(x.shape[0], 1)}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(planar_inverse, "log_det", *OF_X, seen="danielward27/flowjax #208", blind=True)
def log_det_of_the_way_there(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """ℓ = log(1 + h′k): the layer's own, whose map had been tested at ℓ = 0."""
    (z, log_det), right = BACK(x, u, w, b, constraint=constraint)
    return (z, -log_det), lambda z_bar, bar: right(z_bar, -bar)


@mistake(planar_inverse, seen="TuringLang/Bijectors.jl #157", blind=True)
def length_left_in_the_equation(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """a + k ‖w‖ tanh a = y: right for w of length one."""
    xp = namespace(x)
    norm = xp.sqrt(xp.sum(w * w))

    def at(y: Array, k: Array, size: Array) -> Any:
        whole = k * norm
        a = y / (1 + xp.abs(whole))
        for _ in range(200):
            a = a - (a + whole * xp.tanh(a) - y) / (1 + xp.abs(whole))
        h, slope = xp.tanh(a), 1 - xp.tanh(a) ** 2
        det = 1 + whole * slope
        return a, 1 / det, -norm * h / det, -k * h / (det * norm)

    return solved(x, u, w, b, at)


@mistake(planar_inverse, *OF_X, blind=True)
def slope_not_inverted(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """y_bar = a_bar: the derivative of the root for y is taken to be one."""
    xp = namespace(x)
    value, right = BACK(x, u, w, b, constraint=constraint)
    _, k, size, _ = constrained(u, w, "softplus")
    h = xp.tanh(root(x @ w + b, size))
    det = 1 + (1 - h * h) * k
    share = 1 - xp.exp(-size)

    def pullback(z_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        g = right(z_bar, log_det_bar)
        more = ((g["x"] - z_bar) @ w / xp.sum(w * w)) * (det - 1)
        lost = xp.sum(h * more) * share
        return {"x": g["x"] + more[:, None] * w, "u": g["u"] - lost * w, "w": g["w"] + more @ x - lost * u,
                "b": g["b"] + xp.sum(more)}

    return value, pullback


@mistake(planar_inverse, "gradient.u", blind=True)
def back_constraint_held_for_u(x: Array, u: Array, w: Array, b: Array, *, constraint: str) -> Any:
    """u_bar is the cotangent of u_hat, handed through the constraint; k is held."""
    xp = namespace(x)
    value, right = BACK(x, u, w, b, constraint=constraint)
    h = xp.tanh(root(x @ w + b, constrained(u, w, "softplus")[2]))
    return value, lambda z_bar, bar: right(z_bar, bar) | {"u": -(h @ z_bar)}
