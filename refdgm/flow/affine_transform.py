"""A point scaled and shifted, and by how much this stretches volumes."""

from refdgm.declaration.domain import nonzero, real
from refdgm.namespace import Array, Results, namespace
from refdgm.numerics.components import against, dimension
from refdgm.reference import reference


@reference(
    args={
        "z": real("B", "...", meaning="z, a point of the base"),
        "scale": nonzero("B", "...", meaning="a, for each component; of either sign",
                         instead="a scale of zero has no inverse"),
        "shift": real("B", "...", meaning="b, for each component"),
    },
    wrt=("z", "scale", "shift"),
    result={
        "x": real("B", "...", meaning="x, the image"),
        "log_det": real("B", meaning="ℓ = log |det ∂x/∂z|"),
    },
    source="papamakarios2021flows",
)
def affine_transform(z: Array, scale: Array, shift: Array) -> Results:
    """A change of variables, component by component, with the logarithm of its Jacobian determinant's modulus.

        x = a z + b,   ℓ = Σ log |a|                                          (1)

    summed over all components of an example. Cotangents for x_bar and ℓ_bar:

        z_bar = a x_bar,   a_bar = z x_bar + ℓ_bar/a,   b_bar = x_bar         (2)

    If z has the density p then x has p(z) e^{−ℓ}: log p(x) = log p(z) − ℓ. A scale below zero reflects, which no
    density sees: (1) has |a|, and (2) has a. Back from x to z the scale is 1/a, the shift −b/a, and ℓ changes its sign.
    With the normal base N(0, 1) this is reparameterization, and b and |a| are mean and deviation of x.
    Source: Papamakarios, Nalisnick, Rezende, Mohamed & Lakshminarayanan (2021), section 2.1.
    """
    xp = namespace(z)
    logs = xp.log(xp.abs(scale))
    log_det = xp.sum(xp.reshape(logs, (scale.shape[0], dimension(scale))), axis=-1)

    def pullback(x_bar: Array, log_det_bar: Array) -> dict[str, Array]:
        return {
            "z": scale * x_bar,                                               # (2)
            "scale": z * x_bar + against(log_det_bar, z) / scale,
            "shift": +x_bar,
        }

    return (scale * z + shift, log_det), pullback                             # (1)
