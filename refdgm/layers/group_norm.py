"""What keeps the numbers between two convolutions of one size: groups of channels by their mean and their deviation."""

from refdgm.declaration.domain import PARAMETER, positive, real
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.root_mean_square import off_direction, root_mean_square
from refdgm.reference import reference

SOME = Bound(1, why="nothing is left to normalise; leave such a layer out")


@reference(
    args={
        "x": real("B", "G", "D", "N", finite=True, meaning="x, D channels that follow each other in a group; N pixels"),
        "weight": real("G", "D", kind=PARAMETER, finite=True, meaning="w, a factor for every channel"),
        "bias": real("G", "D", kind=PARAMETER, finite=True, meaning="b, biases"),
        "eps": positive(meaning="ϵ, as 10⁻⁵: it is added below the root"),
    },
    wrt=("x", "weight", "bias"),
    result=real("B", "G", "D", "N", meaning="y"),
    source="wu2018group",
    bounds={"D": SOME, "N": SOME},
)
def group_norm(x: Array, weight: Array, bias: Array, eps: Array) -> Result:
    """Groups of channels less their mean, over their deviation; then every channel is scaled and moved.

        c = x − mean(x),   r = √(mean(c²) + ϵ),   n = c / r                  (1)
        y = w ∘ n + b                                                        (2)

    Cotangents for y_bar, with h = w ∘ y_bar:

        x_bar = (h − mean(h) − n mean(h ∘ n)) / r                            (3)
        w_bar = Σ y_bar ∘ n,   b_bar = Σ y_bar                               (4)

    Means are over the D N numbers of one group of one example, sums over examples and pixels; mean(c²) divides by D N.
    w and b belong to a channel and not to its group, so h has w inside the means of (3). A group is D channels that
    follow each other, as x.view(B, G, D, N) of PyTorch's (B, C, N); channels last are transposed before. One group is
    a layer_norm over channels and pixels, a group for every channel (D = 1) instance normalisation. ϵ is inside the
    root. Means are taken off twice, as in layer_norm.
    Source: Wu & He (2018), eq. 1 to 6.
    """
    xp = namespace(x)
    grouped = (x.shape[0], x.shape[1], x.shape[2] * x.shape[3])
    flat = xp.reshape(x, grouped)
    c = flat - xp.mean(flat, axis=-1, keepdims=True)
    c = c - xp.mean(c, axis=-1, keepdims=True)  # what was rounded off
    r, rest = root_mean_square(c, eps)
    n = c / r                                                                 # (1)
    w, each = weight[:, :, None], xp.reshape(n, x.shape)

    def pullback(y_bar: Array) -> dict[str, Array]:
        h = xp.reshape(w * y_bar, grouped)
        x_bar = off_direction(h, n, rest, centred=True) / r
        return {
            "x": xp.reshape(x_bar, x.shape),                                  # (3)
            "weight": xp.sum(y_bar * each, axis=(0, 3)),
            "bias": xp.sum(y_bar, axis=(0, 3)),                               # (4)
        }

    return w * each + bias[:, :, None], pullback                              # (2)
