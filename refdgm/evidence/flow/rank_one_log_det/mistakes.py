"""Mistakes in the matrix determinant lemma."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.log_abs_det import log_abs_det
from refdgm.flow.rank_one_log_det import rank_one_log_det
from refdgm.namespace import Array, namespace

BODY = rank_one_log_det.body


def times(matrix: Array, x: Array) -> Array:
    """M x of every example."""
    return (matrix @ x[:, :, None])[:, :, 0]


def parts(matrix: Array, u: Array, v: Array) -> tuple[Array, Array, Array, Array]:
    """A^{−T}, p, q and 1 + κ."""
    xp = namespace(matrix)
    x = log_abs_det.body(matrix)[1](0 * u[:, 0] + 1)["matrix"]
    q = times(xp.matrix_transpose(x), u)
    return x, times(x, v), q, 1 + xp.sum(v * q, axis=1)


def outer(a: Array, b: Array) -> Array:
    return a[:, :, None] * b[:, None, :]


@mistake(rank_one_log_det)
def sign_of_the_product(matrix: Array, u: Array, v: Array) -> Any:
    """log |1 − κ|: that is A − u vᵀ."""
    value, right = BODY(matrix, -u, v)
    return value, lambda bar: (g := right(bar)) | {"u": -g["u"]}


@mistake(rank_one_log_det, "value", "gradient.matrix")
def first_factor_left_out(matrix: Array, u: Array, v: Array) -> Any:
    """log |1 + κ| alone; right where A keeps volumes."""
    value, right = BODY(matrix, u, v)
    other, of_other = log_abs_det.body(matrix)
    return value - other, lambda bar: (g := right(bar)) | {"matrix": g["matrix"] - of_other(bar)["matrix"]}


@mistake(rank_one_log_det, "value", "gradient.matrix", "gradient.u", "gradient.v")
def inverse_not_taken(matrix: Array, u: Array, v: Array) -> Any:
    """κ = vᵀ A u."""
    xp = namespace(matrix)
    value, right = log_abs_det.body(matrix)
    total = 1 + xp.sum(v * times(matrix, u), axis=1)

    def pullback(bar: Array) -> dict[str, Array]:
        each = (bar / total)[:, None]
        return {"matrix": right(bar)["matrix"] + outer(each * v, u),
                "u": each * times(xp.matrix_transpose(matrix), v), "v": each * times(matrix, u)}

    return value + xp.log(xp.abs(total)), pullback


@mistake(rank_one_log_det)
def vectors_exchanged(matrix: Array, u: Array, v: Array) -> Any:
    """κ = uᵀ A⁻¹ v, of A + v uᵀ; right for symmetric A."""
    value, right = BODY(matrix, v, u)
    return value, lambda bar: (g := right(bar)) | {"u": g["v"], "v": g["u"]}


@mistake(rank_one_log_det, "value")
def reported_with_opposite_sign(matrix: Array, u: Array, v: Array) -> Any:
    """What is reported has the opposite sign of what is trained with."""
    value, right = BODY(matrix, u, v)
    return -value, right


@mistake(rank_one_log_det, "gradient.matrix")
def update_not_differentiated(matrix: Array, u: Array, v: Array) -> Any:
    """A_bar = J_bar A^{−T}: κ is taken for a constant of A."""
    value, right = BODY(matrix, u, v)
    return value, lambda bar: right(bar) | {"matrix": bar[:, None, None] * parts(matrix, u, v)[0]}


@mistake(rank_one_log_det, "gradient.matrix")
def product_transposed(matrix: Array, u: Array, v: Array) -> Any:
    """A_bar = J_bar (A^{−T} − q pᵀ/(1 + κ)): the outer product of the inverse in the inverse transposed."""
    value, right = BODY(matrix, u, v)
    x, p, q, total = parts(matrix, u, v)
    return value, lambda bar: right(bar) | {
        "matrix": bar[:, None, None] * (x - outer(q, p) / total[:, None, None])}


@mistake(rank_one_log_det, "gradient.u")
def column_gradient_not_divided(matrix: Array, u: Array, v: Array) -> Any:
    """u_bar = J_bar A^{−T} v: 1 + κ is differentiated, its logarithm is not."""
    value, right = BODY(matrix, u, v)
    return value, lambda bar: right(bar) | {"u": bar[:, None] * parts(matrix, u, v)[1]}


@mistake(rank_one_log_det, "gradient.v")
def row_gradient_of_the_transpose(matrix: Array, u: Array, v: Array) -> Any:
    """v_bar = J_bar A^{−T} u/(1 + κ)."""
    value, right = BODY(matrix, u, v)
    x, _, _, total = parts(matrix, u, v)
    return value, lambda bar: right(bar) | {"v": (bar / total)[:, None] * times(x, u)}


@mistake(rank_one_log_det, "gradient.u", "gradient.v")
def gradients_exchanged(matrix: Array, u: Array, v: Array) -> Any:
    """u_bar and v_bar in one another's place."""
    value, right = BODY(matrix, u, v)
    return value, lambda bar: (g := right(bar)) | {"u": g["v"], "v": g["u"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(rank_one_log_det, seen="shogun-toolbox/shogun #2387", blind=True)
def second_factor_left_out(matrix: Array, u: Array, v: Array) -> Any:
    """log |det A| alone: of the two determinants of the lemma the smaller one is missing."""
    value, right = log_abs_det.body(matrix)
    return value, lambda bar: right(bar) | {"u": 0 * u, "v": 0 * v}


@mistake(rank_one_log_det, "value", blind=True)
def without_absolute_value(matrix: Array, u: Array, v: Array) -> Any:
    """log (1 + κ): not a number below κ = −1, and right above; the derivative is the right one."""
    xp = namespace(matrix)
    value, right = BODY(matrix, u, v)
    return xp.where(parts(matrix, u, v)[3] > 0, value, xp.nan), right


@mistake(rank_one_log_det, seen="jaywalnut310/glow-tts #17", blind=True)
def logdet_of_the_sum(matrix: Array, u: Array, v: Array) -> Any:
    """torch.logdet of A + u vᵀ, which is no number where that determinant is negative, and has no gradient there."""
    xp = namespace(matrix)
    value, right = BODY(matrix, u, v)
    turned = xp.linalg.det(matrix + outer(u, v)) < 0
    return xp.where(turned, xp.nan, value), lambda bar: right(xp.where(turned, 0 * bar, bar))


@mistake(rank_one_log_det, blind=True)
def first_order_alone(matrix: Array, u: Array, v: Array) -> Any:
    """log |det A| + κ: the trace for the logarithm, as for infinitesimal changes."""
    xp = namespace(matrix)
    value, right = log_abs_det.body(matrix)
    _, p, q, _ = parts(matrix, u, v)

    def pullback(bar: Array) -> dict[str, Array]:
        each = bar[:, None]
        return {"matrix": right(bar)["matrix"] - bar[:, None, None] * outer(p, q), "u": each * p, "v": each * q}

    return value + xp.sum(v * q, axis=1), pullback


@mistake(rank_one_log_det, "gradient.matrix", "gradient.u", "gradient.v", blind=True)
def gradient_of_the_mean(matrix: Array, u: Array, v: Array) -> Any:
    """The gradient is that of the mean over the batch, whatever comes from above; right for one example."""
    value, right = BODY(matrix, u, v)
    return value, lambda bar: right(bar / max(bar.shape[0], 1))
