"""Mistakes in the logarithm of an absolute determinant."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.flow.log_abs_det import log_abs_det
from refdgm.namespace import Array, namespace

BODY = log_abs_det.body


def scaled(factor: float, matrix: Array) -> Any:
    """A multiple, rightly differentiated."""
    value, right = BODY(matrix)
    return factor * value, lambda bar: right(factor * bar)


def transposed(matrix: Array) -> Array:
    return namespace(matrix).matrix_transpose(matrix)


@mistake(log_abs_det)
def square_of_the_determinant(matrix: Array) -> Any:
    """log det M Mᵀ, its half forgotten."""
    return scaled(2.0, matrix)


@mistake(log_abs_det)
def of_the_inverse(matrix: Array) -> Any:
    """−log |det M|: the change of volume of the other direction, from x to z."""
    return scaled(-1.0, matrix)


@mistake(log_abs_det)
def averaged_over_components(matrix: Array) -> Any:
    """A mean over the dimensions where the sum belongs."""
    return scaled(1 / matrix.shape[1], matrix)


@mistake(log_abs_det)
def determinant_itself(matrix: Array) -> Any:
    """|det M|, without its logarithm."""
    value, right = BODY(matrix)
    size = namespace(matrix).exp(value)
    return size, lambda bar: right(size * bar)


@mistake(log_abs_det)
def diagonal_alone(matrix: Array) -> Any:
    """Σ log |M_ii|, which is right for triangular matrices."""
    return BODY(matrix * namespace(matrix).eye(matrix.shape[1]))


@mistake(log_abs_det, "value")
def reported_with_opposite_sign(matrix: Array) -> Any:
    """What is reported has the opposite sign of what is trained with."""
    value, right = BODY(matrix)
    return -value, right


@mistake(log_abs_det, "gradient.matrix")
def inverse_not_transposed(matrix: Array) -> Any:
    """M_bar = J_bar M⁻¹; right for symmetric matrices."""
    value, right = BODY(matrix)
    return value, lambda bar: {"matrix": transposed(right(bar)["matrix"])}


@mistake(log_abs_det, "gradient.matrix")
def slope_of_the_determinant(matrix: Array) -> Any:
    """M_bar = J_bar adj(M)ᵀ: the determinant is differentiated, its logarithm is not."""
    value, right = BODY(matrix)
    return value, lambda bar: right(bar * namespace(matrix).exp(value))


@mistake(log_abs_det, "gradient.matrix")
def cotangent_ignored(matrix: Array) -> Any:
    """The gradient of the sum, whatever comes from above."""
    value, right = BODY(matrix)
    return value, lambda bar: right(0 * bar + 1)


# --- planted by people who had not seen the cases, or after public code ---------------------------


def turned(matrix: Array) -> Array:
    """Whether the determinant is negative."""
    return namespace(matrix).linalg.det(matrix) < 0


@mistake(log_abs_det, "value", blind=True)
def without_absolute_value(matrix: Array) -> Any:
    """log det M: not a number for half of all matrices, and right while the determinant is positive; the derivative is
    the right one."""
    xp = namespace(matrix)
    value, right = BODY(matrix)
    return xp.where(turned(matrix), xp.nan, value), right


@mistake(log_abs_det, seen="jaywalnut310/glow-tts #17; NVIDIA/waveglow #35", blind=True)
def logdet(matrix: Array) -> Any:
    """torch.logdet, which is no number where the determinant is negative, and has no gradient there."""
    xp = namespace(matrix)
    value, right = BODY(matrix)
    return xp.where(turned(matrix), xp.nan, value), lambda bar: right(xp.where(turned(matrix), 0 * bar, bar))


@mistake(log_abs_det, seen="chaiyujin/glow-pytorch #7", blind=True)
def sign_for_logarithm(matrix: Array) -> Any:
    """The first of what slogdet returns, which is the sign, whose gradient is zero."""
    xp = namespace(matrix)
    return xp.sign(xp.linalg.det(matrix)), lambda bar: {"matrix": 0 * matrix}


@mistake(log_abs_det, blind=True)
def lower_triangle_read(matrix: Array) -> Any:
    """The matrix is taken for symmetric, as Cholesky's method and eigvalsh take it: what is above the diagonal is not
    read."""
    xp = namespace(matrix)
    lower, below = xp.tril(matrix), xp.tril(matrix, k=-1)
    value, right = BODY(lower + transposed(below))

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)["matrix"]
        return {"matrix": xp.tril(g) + transposed(xp.triu(g, k=1))}

    return value, pullback


@mistake(log_abs_det, "gradient.matrix", blind=True)
def gradient_of_the_mean(matrix: Array) -> Any:
    """The gradient is that of the mean over the batch, whatever comes from above; right for one example."""
    value, right = BODY(matrix)
    return value, lambda bar: right(bar / max(bar.shape[0], 1))


@mistake(log_abs_det, "gradient.matrix", blind=True)
def inverse_with_a_ridge(matrix: Array) -> Any:
    """M_bar = J_bar (M + 10⁻³ I)^{−T}: what keeps an inverse from failing stays in it."""
    value, _ = BODY(matrix)
    return value, BODY(matrix + namespace(matrix).eye(matrix.shape[1]) / 1000)[1]
