"""What a coupling layer does to the half that it moves, there and back."""

from refdgm.declaration.domain import real, word
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.components import against, dimension
from refdgm.primitives.softplus import log_sigmoid
from refdgm.reference import reference


@reference(
    args={
        "x": real("B", "...", meaning="x, the half that is moved"),
        "log_scale": real("B", "...", meaning="r, what the network makes of the other half, for the scale"),
        "shift": real("B", "...", meaning="t, what it makes of it for the shift"),
        "direction": word("forward", "inverse", meaning="x e^s + t, or its inverse"),
        "scale": word("exp", "sigmoid", meaning="s = r, or s = log σ(r + 2) as in Glow's code",
                      refused={"softplus": "each library adds another constant to it; take exp, with the logarithm of "
                                           "your scale for r"}),
    },
    wrt=("x", "log_scale", "shift"),
    result={
        "y": real("B", "...", meaning="y, the moved half"),
        "log_det": real("B", meaning="ℓ = log |det ∂y/∂x|, of the direction that was asked for"),
    },
    source="dinh2017realnvp",
)
def affine_coupling(x: Array, log_scale: Array, shift: Array, *, direction: str, scale: str) -> Results:
    """An affine coupling layer, at the output of its network.

        s = r,   or with scale = sigmoid   s = log σ(r + 2)                                 (1)
        forward   y = x e^s + t,       ℓ = Σ s                                              (2)
        inverse   y = (x − t) e^{−s},  ℓ = −Σ s                                             (3)

    summed over all components of an example. Cotangents for y_bar and ℓ_bar:

        forward   x_bar = y_bar e^s,     s_bar = x_bar x + ℓ_bar,           t_bar = y_bar   (4)
        inverse   x_bar = y_bar e^{−s},  s_bar = −x_bar (x − t) − ℓ_bar,    t_bar = −x_bar  (5)
        r_bar = s_bar,   or   r_bar = s_bar σ(−r − 2)                                       (6)

    The other half of the layer stays as it is, and r and t depend on it alone: the Jacobian of both halves is
    triangular, so that ℓ is that of the whole layer, whatever the network is. ℓ belongs to the direction that is
    computed; a density subtracts ℓ on the way to the data and adds it on the way from them. The paper's r is a bounded
    function of the network's output, in every library another one; r is what comes after it. Which components are a
    half, blocks or every other one, is not asked here.
    Source: Dinh, Sohl-Dickstein & Bengio (2017), section 3; for the sigmoid the code of Kingma & Dhariwal (2018), whose
    paper has the exponential.
    """
    xp = namespace(x)
    s, slope = (log_scale, None) if scale == "exp" else log_sigmoid.body(log_scale + 2)    # (1)
    total = xp.sum(xp.reshape(s, (s.shape[0], dimension(s))), axis=-1)
    if direction == "forward":
        factor = xp.exp(s)
        y, log_det = x * factor + shift, total                                # (2)
    else:
        factor = xp.exp(-s)
        y, log_det = (x - shift) * factor, -total                             # (3)

    def pullback(y_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        x_bar, volume = y_bar * factor, against(log_det_bar, x)
        if direction == "forward":
            s_bar, shift_bar = x_bar * x + volume, +y_bar                     # (4)
        else:
            s_bar, shift_bar = -x_bar * (x - shift) - volume, -x_bar          # (5)
        return {"x": x_bar, "log_scale": slope(s_bar)["x"] if slope else s_bar, "shift": shift_bar}    # (6)

    return (y, log_det), pullback
