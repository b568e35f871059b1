"""✎ What it is."""

from refdgm.declaration.domain import real
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={"x": real("B", "D", meaning="✎")},
    wrt=("x",),
    result=real("B", meaning="✎"),
    source="vandenoord2017vqvae",
)
def vq_vae_elbo(x: Array) -> Result:
    """✎ What it is for.

        y = ✎                                                                 (1)

    Cotangent for ȳ:

        x̄ = ✎                                                                (2)

    ✎ What is a choice here, and what else the field does.
    Source: ✎ Author (year), equation.
    """
    xp = namespace(x)
    y = xp.sum(x, axis=-1)  # (1) ✎

    def pullback(y_bar: Array) -> dict[str, Array]:
        return {"x": y_bar[:, None] + xp.zeros_like(x)}                       # (2) ✎

    return y, pullback
