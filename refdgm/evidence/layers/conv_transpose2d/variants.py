"""Another place of what is cut off, and kernels that are turned."""

from typing import Any

from refdgm.evidence.declare import variant
from refdgm.evidence.layers.places import same, transposed, turned
from refdgm.layers.conv_transpose2d import conv_transpose2d
from refdgm.namespace import Array


def of_same(x: Array, weight: Array, bias: Array, stride: int) -> Any:
    image = (x.shape[2] * stride, x.shape[3] * stride)
    return transposed(x, weight, bias, same(x, image, weight.shape[2:], stride))


@variant("the transpose of TensorFlow's SAME", conv_transpose2d)
def fewest_zeros(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """Of what is laid down, ⌊(I − s)/2⌋ rows are cut off before the image, none where I ≤ s: for 3 × 3 and s = 2 all
    that is too much lies behind; tf.nn.conv2d_transpose and Keras under SAME. For s = 1 it is the same."""
    return of_same(x, weight, bias, stride)


@variant("kernels turned by half, as flax has them", conv_transpose2d)
def turned_by_half(x: Array, weight: Array, bias: Array, *, stride: int) -> Any:
    """A convolution of the image with zeros between its pixels, by kernels that are not turned for it, cut as under
    SAME: flax.linen.ConvTranspose and jax.lax.conv_transpose without transpose_kernel."""
    value, right = of_same(x, turned(weight), bias, stride)
    return value, lambda bar: (grads := right(bar)) | {"weight": turned(grads["weight"])}
