"""A kernel that every pixel of an image lays down: the transpose of a convolution."""

from refdgm.declaration.domain import PARAMETER, count, real
from refdgm.declaration.symbols import Derived
from refdgm.layers.conv2d import BIAS, IMAGE, OUT, SOME
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.windows import overlapped, windows
from refdgm.reference import reference


def times(symbol: str) -> Derived:
    return Derived(f"{symbol} times stride", lambda sizes: sizes[symbol] * sizes["stride"])


@reference(
    args={
        "x": IMAGE,
        "weight": real("D", "E", "I", "J", kind=PARAMETER, finite=True, meaning="w, kernels: (in, out, rows, columns)"),
        "bias": BIAS,
        "stride": count(meaning="s, how many rows and columns come out for one"),
    },
    wrt=("x", "weight", "bias"),
    result=OUT,
    source="dumoulin2016guide",
    work=("B", "E", "I", "J", "U", "V"),
    bounds={"I": SOME, "J": SOME},
    derived={"P": times("U"), "Q": times("V")},
)
def conv_transpose2d(x: Array, weight: Array, bias: Array, *, stride: int) -> Result:
    """The transpose of a convolution: every pixel lays its kernels down, and what overlaps is added up.

        Y_{eij,uv} = Σ_d w_{d,eij} x_{d,uv}                                  (1)
        y_{e,pq} = Σ Y_{eij,uv} + b_e,  over i, j, u, v with                 (2)
            s u + i − ⌊(I − 1)/2⌋ = p,   s v + j − ⌊(J − 1)/2⌋ = q

    Cotangents for y_bar, with what a kernel sees of it, Y_bar_{eij,uv} = y_bar_{e,pq} of the p and q of (2), zero
    outside:

        x_bar_d = Σ_{eij} w_{d,eij} Y_bar_{eij}                              (3)
        w_bar_{d,eij} = Σ x_d Y_bar_{eij},   b_bar_e = Σ y_bar_e             (4)

    Sums of (4) are over pixels and examples. P = s U and Q = s V. It is the pullback of `conv2d` from an image of P × Q
    to one of U × V, with the same weights: (in, out) here is (out, in) there, as PyTorch lays them out, whose
    ConvTranspose2d it is for a kernel of 4, s = 2, padding 1; of 3, s = 2, padding 1, output_padding 1; of 2, s = 2, no
    padding; and of any odd kernel, s = 1, padding I // 2. Keras takes the transpose of its own SAME, which may lie
    elsewhere for s > 1, and flax.linen lays kernels down turned by half unless transpose_kernel is asked for.
    Source: Dumoulin & Visin (2016), chapter 4.
    """
    xp = namespace(x)
    kernel, many = weight.shape[2:], weight.shape[1]
    w = xp.reshape(weight, (weight.shape[0], many * kernel[0] * kernel[1]))
    flat = xp.reshape(x, (*x.shape[:2], x.shape[2] * x.shape[3]))
    laid = xp.matrix_transpose(w) @ flat                                      # (1)
    image = (x.shape[2] * stride, x.shape[3] * stride)
    y = overlapped(laid, kernel, stride, image) + bias[:, None, None]         # (2)

    def pullback(y_bar: Array) -> dict[str, Array]:
        seen = windows(y_bar, kernel, stride)
        w_bar = xp.sum(flat @ xp.matrix_transpose(seen), axis=0)
        return {
            "x": xp.reshape(w @ seen, x.shape),                               # (3)
            "weight": xp.reshape(w_bar, weight.shape),
            "bias": xp.sum(y_bar, axis=(0, 2, 3)),                            # (4)
        }

    return y, pullback
