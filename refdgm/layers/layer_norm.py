"""What keeps the numbers between two layers of one size: by their length, or by their mean and their deviation."""

from refdgm.declaration.domain import PARAMETER, positive, real, shift
from refdgm.declaration.symbols import Some
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.root_mean_square import off_direction, root_mean_square
from refdgm.reference import reference

SOME = ("D", Some("component", "nothing is left to normalise"))
X = real("B", "N", "D", finite=True, nonempty=SOME, meaning="x, a vector at each of N positions")
WEIGHT = real("D", kind=PARAMETER, finite=True, meaning="w, a factor for every component")
EPS = positive(meaning="ϵ, as 10⁻⁵: it is added below the root")


@reference(
    args={"x": X, "weight": WEIGHT, "eps": EPS},
    wrt=("x", "weight"),
    result=real("B", "N", "D", meaning="y"),
    source="zhang2019rmsnorm",
    conventions={"the weight is stored less one": {"weight": shift(-1.0)}},
)
def rms_norm(x: Array, weight: Array, eps: Array) -> Result:
    """Vectors divided by the root of their mean square: of components of the order of one, whatever came.

        r = √(mean(x²) + ϵ),   n = x / r                                     (1)
        y = w ∘ n                                                            (2)

    Cotangents for y_bar, with h = w ∘ y_bar:

        x_bar = (h − n mean(h ∘ n)) / r                                      (3)
        w_bar = Σ y_bar ∘ n,  summed over examples and positions             (4)

    Means are over the D components of a position. mean(n²) is 1 − ϵ/r², not one: of an h along x the part ϵ/r² is left,
    and (3) has its digits (`off_direction`), also of a single component. ϵ is inside the root, as in PyTorch, T5 and
    Llama. Unlike layer_norm it takes off no mean, and has no bias.
    Source: Zhang & Sennrich (2019), eq. 4, which has no ϵ.
    """
    xp = namespace(x)
    r, rest = root_mean_square(x, eps)
    n = x / r                                                                 # (1)

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {
            "x": off_direction(y_bar * weight, n, rest, centred=False) / r,   # (3)
            "weight": xp.sum(y_bar * n, axis=(0, 1)),                         # (4)
        }

    return n * weight, pullback                                               # (2)


@reference(
    args={"x": X, "weight": WEIGHT, "bias": real("D", kind=PARAMETER, finite=True, meaning="b, biases"), "eps": EPS},
    wrt=("x", "weight", "bias"),
    result=real("B", "N", "D", meaning="y"),
    source="ba2016layer",
    conventions={"the weight is stored less one": {"weight": shift(-1.0)}},
)
def layer_norm(x: Array, weight: Array, bias: Array, eps: Array) -> Result:
    """Vectors less their mean, over their deviation, then scaled and moved.

        c = x − mean(x),   r = √(mean(c²) + ϵ),   n = c / r                  (1)
        y = w ∘ n + b                                                        (2)

    Cotangents for y_bar, with h = w ∘ y_bar:

        x_bar = (h − mean(h) − n mean(h ∘ n)) / r                            (3)
        w_bar = Σ y_bar ∘ n,   b_bar = Σ y_bar                               (4)

    Means are over the D components of a position, sums over examples and positions; mean(c²) divides by D, not by
    D − 1. The mean is taken off twice, so that vectors far from the origin have the digits of their differences, and
    equal components are n = 0 exactly; mean(x²) − mean(x)² would have none. In (3) the mean's path is −mean(h), the
    deviation's −n mean(h ∘ n). ϵ is inside the root, as in PyTorch, JAX and TensorFlow.
    Source: Ba, Kiros & Hinton (2016), eq. 3 and 4, which has no ϵ.
    """
    xp = namespace(x)
    c = x - xp.mean(x, axis=-1, keepdims=True)
    c = c - xp.mean(c, axis=-1, keepdims=True)  # what was rounded off
    r, rest = root_mean_square(c, eps)
    n = c / r                                                                 # (1)

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {
            "x": off_direction(y_bar * weight, n, rest, centred=True) / r,    # (3)
            "weight": xp.sum(y_bar * n, axis=(0, 1)),
            "bias": xp.sum(y_bar, axis=(0, 1)),                               # (4)
        }

    return n * weight + bias, pullback                                        # (2)
