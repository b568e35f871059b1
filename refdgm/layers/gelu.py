"""Numbers that are multiplied by the chance that a normal one is below them."""

from refdgm.declaration.domain import real
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.normal_tail import normal_density, normal_tail
from refdgm.reference import reference


@reference(
    args={"x": real("B", "...", finite=True, meaning="x, any number")},
    wrt=("x",),
    result=real("B", "...", meaning="y"),
    source="hendrycks2016gelu",
)
def gelu(x: Array) -> Result:
    """GELU: a number times the chance that a standard normal one is below it.

        p = (1 + erf(x/√2)) / 2,   y = x p                                   (1)

    Cotangent for y_bar, with the density e^{−x²/2}/√(2π) of the normal law:

        x_bar = y_bar (p + x e^{−x²/2}/√(2π))                                (2)

    Below −8.4 nothing of 1 + erf is left in float64, below −5.6 nothing in float32; the chance of a tail has its digits
    (`normal_tail`). The slope is ½ at 0, above one from 0.752 on, and 0 at −0.752, where y has its least, −0.170. Two
    cruder forms are functions of their own: `gelu_tanh`, off by up to 5·10⁻⁴, and x σ(1.702 x), by 2·10⁻². F.gelu of
    PyTorch has this one unless it is asked for another, jax.nn.gelu where it is asked with approximate=False.
    Source: Hendrycks & Gimpel (2016), section 2.
    """
    xp = namespace(x)
    tail, density = normal_tail(x), normal_density(x)
    below = xp.where(x < 0, tail, 1 - tail)

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {"x": y_bar * (below + x * density)}                           # (2)

    return x * below, pullback                                                # (1)
