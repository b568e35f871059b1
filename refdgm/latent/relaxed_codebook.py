"""A codebook looked up by shares."""

from refdgm.declaration.domain import PARAMETER, real
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference


@reference(
    args={
        "c": real("B", "K", meaning="c, shares of the codes, a relaxed one-hot"),
        "codebook": real("K", "D", kind=PARAMETER, meaning="e, the codes"),
    },
    wrt=("c", "codebook"),
    result=real("B", "D", meaning="z, what the decoder reads"),
    source="ramesh2021dalle",
)
def relaxed_codebook(c: Array, codebook: Array) -> Result:
    """Relaxed lookup: the mixture of codes that a relaxed one-hot vector selects, often that of gumbel_softmax.

        z = Σ_k c_k e_k                                                      (1)

    Cotangents for z_bar:

        c_bar_k = ⟨z_bar, e_k⟩,   e_bar_k = Σ_b c_k z_bar                    (2)

    For a one-hot c it is the lookup itself. Linear in each argument: the shares may be any numbers.

    Followed backwards through gumbel_softmax, (2) is the gradient of the relaxed objective, not that of the expectation
    over codes: its bias tends to zero with τ, while its variance grows.
    Source: Ramesh et al. (2021), section 2.1; Jang, Gu & Poole (2017), section 2.
    """
    xp = namespace(c)

    def pullback(z_bar: Array) -> dict[str, Array]:
        return {"c": z_bar @ codebook.T, "codebook": c.T @ z_bar}             # (2)

    return xp.matmul(c, codebook), pullback                                   # (1)
