"""A kernel that looks at an image at every place."""

from refdgm.declaration.domain import PARAMETER, count, real
from refdgm.declaration.symbols import Bound, Derived
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.windows import overlapped, windows
from refdgm.reference import reference

SOME = Bound(1, why="a kernel without pixels gives the bias alone; leave such a layer out")
IMAGE = real("B", "D", "U", "V", finite=True, meaning="x, images of D channels, U rows and V columns")
BIAS = real("E", kind=PARAMETER, finite=True, meaning="b, biases")
OUT = real("B", "E", "P", "Q", meaning="y, images of E channels, P rows and Q columns")


def rounded_up(symbol: str) -> Derived:
    return Derived(f"{symbol}/stride, rounded up", lambda sizes: -(-sizes[symbol] // sizes["stride"]))


@reference(
    args={
        "x": IMAGE,
        "weight": real("E", "D", "I", "J", kind=PARAMETER, finite=True, meaning="w, kernels: (out, in, rows, columns)"),
        "bias": BIAS,
        "stride": count(meaning="s, the step from one place of the kernel to the next"),
    },
    wrt=("x", "weight", "bias"),
    result=OUT,
    source="dumoulin2016guide",
    work=("B", "D", "I", "J", "P", "Q"),
    bounds={"I": SOME, "J": SOME},
    derived={"P": rounded_up("U"), "Q": rounded_up("V")},
)
def conv2d(x: Array, weight: Array, bias: Array, *, stride: int) -> Result:
    """A convolution of images: what a kernel sees at every place, weighed and added up. No kernel is turned around.

        X_{dij,pq} = x_{d, s p + i − ⌊(I − 1)/2⌋, s q + j − ⌊(J − 1)/2⌋},  zero outside x     (1)
        y_e = Σ_{dij} w_{e,dij} X_{dij} + b_e                                (2)

    Cotangents for y_bar, where X* adds what was seen to where it was seen, the transpose of (1):

        x_bar = X*(X_bar),   X_bar_{dij} = Σ_e w_{e,dij} y_bar_e             (3)
        w_bar_{e,dij} = Σ y_bar_e X_{dij},   b_bar_e = Σ y_bar_e             (4)

    Sums of (4) are over places and examples. P = ⌈U/s⌉ and Q = ⌈V/s⌉: a place for every s-th row and column, from the
    first on. For an odd kernel that is PyTorch with a padding of I // 2, for 4 × 4, s = 2 and even sizes the padding of
    1 that DCGAN has, for s = 1 the "same" of every library. For s > 1 the SAME of TensorFlow and JAX, as the
    F.pad(x, (0, 1, 0, 1)) of ports of DDPM, may have fewer zeros before the image: its places lie elsewhere, and
    weights that were trained with one are wrong under the other.
    Source: Dumoulin & Visin (2016), chapter 2.
    """
    xp = namespace(x)
    kernel, many = weight.shape[2:], weight.shape[0]
    w = xp.reshape(weight, (many, weight.shape[1] * kernel[0] * kernel[1]))
    seen = windows(x, kernel, stride)                                         # (1)
    shape = (x.shape[0], many, -(-x.shape[2] // stride), -(-x.shape[3] // stride))
    y = xp.reshape(w @ seen, shape) + bias[:, None, None]                     # (2)

    def pullback(y_bar: Array) -> dict[str, Array]:
        bar = xp.reshape(y_bar, (*shape[:2], shape[2] * shape[3]))
        w_bar = xp.sum(bar @ xp.matrix_transpose(seen), axis=0)
        return {
            "x": overlapped(xp.matrix_transpose(w) @ bar, kernel, stride, x.shape[2:]),  # (3)
            "weight": xp.reshape(w_bar, weight.shape),
            "bias": xp.sum(bar, axis=(0, 2)),                                 # (4)
        }

    return y, pullback
