"""Mistakes in the affine layer."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.namespace import Array, namespace
from refdgm.nets.affine import affine

BODY = affine.body


def turned(W: Array) -> Array:
    """Square weights the wrong way round; others would not fit and stay."""
    return W.T if W.shape[0] == W.shape[1] else W


# Wrong equations, rightly differentiated


@mistake(affine, "value", "gradient.x", "gradient.W")
def square_matrix_transposed(x: Array, W: Array, b: Array) -> Any:
    """y = Wᵀ x: (in, out) weights; only those that are not square complain."""
    y, right = BODY(x, turned(W), b)
    return y, lambda bar: (g := right(bar)) | {"W": turned(g["W"])}


@mistake(affine, "value", "gradient.b")
def without_bias(x: Array, W: Array, b: Array) -> Any:
    """y = W x; its value is right while the biases are still zero."""
    y, right = BODY(x, W, 0 * b)
    return y, lambda bar: (g := right(bar)) | {"b": 0 * g["b"]}


@mistake(affine, "value", "gradient.b")
def bias_subtracted(x: Array, W: Array, b: Array) -> Any:
    """y = W x − b: b is taken for a threshold."""
    y, right = BODY(x, W, -b)
    return y, lambda bar: (g := right(bar)) | {"b": -g["b"]}


@mistake(affine)
def rectified(x: Array, W: Array, b: Array) -> Any:
    """max(W x + b, 0): an activation where the layer has none."""
    xp = namespace(x)
    y, right = BODY(x, W, b)
    on = xp.astype(y > 0, y.dtype)
    return on * y, lambda bar: right(on * bar)


# The value is right, a gradient is not


@mistake(affine, "gradient.W")
def square_weight_gradient_transposed(x: Array, W: Array, b: Array) -> Any:
    """W_bar = Σ x y_barᵀ for Σ y_bar xᵀ: only weights that are not square complain."""
    y, right = BODY(x, W, b)
    return y, lambda bar: (g := right(bar)) | {"W": turned(g["W"])}


@mistake(affine, "gradient.W")
def weight_gradient_averaged(x: Array, W: Array, b: Array) -> Any:
    """W_bar is the mean over the batch, b_bar the sum."""
    y, right = BODY(x, W, b)
    return y, lambda bar: (g := right(bar)) | {"W": g["W"] / x.shape[0]}


@mistake(affine, "gradient.b")
def bias_gradient_of_the_mean(x: Array, W: Array, b: Array) -> Any:
    """b_bar is the mean over the batch, W_bar the sum."""
    y, right = BODY(x, W, b)
    return y, lambda bar: (g := right(bar)) | {"b": g["b"] / x.shape[0]}


@mistake(affine, "gradient.b")
def bias_gradient_of_the_last_example(x: Array, W: Array, b: Array) -> Any:
    """b_bar = y_bar of one example: of what was broadcast the sum is forgotten."""
    y, right = BODY(x, W, b)
    return y, lambda bar: (g := right(bar)) | {"b": bar[-1, :] + 0 * g["b"]}


@mistake(affine, "gradient.x")
def input_gradient_with_square_weights_transposed(x: Array, W: Array, b: Array) -> Any:
    """x_bar = W y_bar for Wᵀ y_bar: only weights that are not square complain."""
    y, right = BODY(x, W, b)
    return y, lambda bar: right(bar) | {"x": bar @ turned(W)}


@mistake(affine, "gradient.x")
def input_gradient_of_the_mean(x: Array, W: Array, b: Array) -> Any:
    """x_bar is divided by the batch once more."""
    y, right = BODY(x, W, b)
    return y, lambda bar: (g := right(bar)) | {"x": g["x"] / x.shape[0]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(affine, "value", "gradient.b", blind=True)
def bias_along_the_batch(x: Array, W: Array, b: Array) -> Any:
    """b is broadcast along the batch and not along the outputs, which fits only where B is E."""
    xp = namespace(x)
    y, right = affine.body(x, W, b)
    if y.shape[0] != y.shape[1]:
        return y, right
    return x @ W.T + b[:, None], lambda bar: right(bar) | {"b": xp.sum(bar, axis=1)}


@mistake(affine, "gradient.W", blind=True)
def incomplete_tile_dropped(x: Array, W: Array, b: Array) -> Any:
    """W_bar is summed over whole tiles of four examples, and the rest of the batch is forgotten."""
    y, right = affine.body(x, W, b)
    whole = x.shape[0] - x.shape[0] % 4
    return y, lambda bar: right(bar) | {"W": bar[:whole, :].T @ x[:whole, :]}
