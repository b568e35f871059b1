"""The distance of two batches by the means of a Gaussian kernel over their pairs."""

from refdgm.declaration.domain import DATA, Exchange, positive, real, word
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.numerics.gaussian_kernel import gaussian_kernel
from refdgm.reference import reference

TWO = Bound(2, why="of a single sample there is no pair")
EXCHANGES = {
    "γ in place of h, the kernel is e^{−γ‖a − b‖²}": Exchange(
        "bandwidth", "gamma", "1/(2h²)",
        there=lambda x: 1 / (2 * x["bandwidth"] ** 2),
        back=lambda x: (2 * x["gamma"]) ** -0.5,
        pulled=lambda x, bar: {"bandwidth": -bar["bandwidth"] * x["bandwidth"] ** 3},
    ),
    "a square in place of h, the kernel is e^{−‖a − b‖²/c}": Exchange(
        "bandwidth", "square", "2h²",
        there=lambda x: 2 * x["bandwidth"] ** 2,
        back=lambda x: (x["square"] / 2) ** 0.5,
        pulled=lambda x, bar: {"bandwidth": bar["bandwidth"] / (4 * x["bandwidth"])},
    ),
}


@reference(
    args={
        "real": real("B", "D", kind=DATA, finite=True, meaning="x, points of data"),
        "fake": real("M", "D", kind=DATA, finite=True, meaning="y, points of samples"),
        "bandwidth": positive(meaning="h, the width of the kernel"),
        "estimator": word("unbiased", "biased", meaning="whether a point is left out of its own pairs"),
    },
    wrt=("real", "fake", "bandwidth"),
    result=real(meaning="MMD²; unbiased, it is of either sign"),
    source="gretton2012kernel",
    bounds={"B": TWO, "M": TWO, "D": Bound(1, why="points without a component are all the same")},
    exchanges=EXCHANGES,
)
def maximum_mean_discrepancy(real: Array, fake: Array, bandwidth: Array, *, estimator: str) -> Result:
    """The squared maximum mean discrepancy of a Gaussian kernel.

        k(a, b) = e^{−‖a − b‖²/2h²}                                                              (1)
        unbiased: MMD² = Σ_{i≠j} k(xᵢ, xⱼ)/(B(B − 1)) + Σ_{i≠j} k(yᵢ, yⱼ)/(M(M − 1)) − 2 Σ k(xᵢ, yⱼ)/(BM)
        biased: MMD² = Σ k(xᵢ, xⱼ)/B² + Σ k(yᵢ, yⱼ)/M² − 2 Σ k(xᵢ, yⱼ)/(BM)                      (2)

    Cotangents for the number a_bar of MMD², with the weight 1/n of a point's own pairs, n = B − 1 or B for x, and n'
    for y:

        x_barᵢ = 2a_bar/(Bh²) (Σ_j k(xᵢ, yⱼ) (xᵢ − yⱼ)/M − Σ_j k(xᵢ, xⱼ) (xᵢ − xⱼ)/n)            (3)
        y_barᵢ = 2a_bar/(Mh²) (Σ_j k(yᵢ, xⱼ) (yᵢ − xⱼ)/B − Σ_j k(yᵢ, yⱼ) (yᵢ − yⱼ)/n')           (4)
        h_bar = a_bar/h³ (Σ k s/(Bn) + Σ k s/(Mn') − 2 Σ k s/(BM)),   s = ‖a − b‖² of each pair  (5)

    The weights add up to zero, so that any number may be taken off all kernels: where they are near one it is one, and
    k − 1 has all digits; where they are small it is none. Unbiased, the mean over all batches is the distance of the
    laws, and the estimate falls below zero where they agree; biased, it is the distance of the batches, never negative,
    and where these nearly agree the first digits of the three means cancel.
    Neither is a root. The width is an argument, held by who differentiates by points alone; a median of distances is
    the caller's, and so is a sum over several widths. Every difference is formed: that costs B · M · D numbers.
    Source: Gretton et al. (2012), lemma 6, and the biased estimate with it.
    """
    xp = namespace(real)
    b, m = real.shape[0], fake.shape[0]
    less = int(estimator == "unbiased")
    n_real, n_fake = b - less, m - less
    among_real, among_fake, across = (gaussian_kernel(x, y, bandwidth)        # (1)
                                      for x, y in ((real, real), (fake, fake), (real, fake)))

    def apart(of_real: Array, of_fake: Array, of_both: Array) -> Array:
        """The three means of any tables, of each point where the most cancels."""
        data = xp.sum(of_real, axis=1) / n_real - xp.mean(of_both, axis=1)
        samples = xp.sum(of_fake, axis=1) / n_fake - xp.mean(of_both, axis=0)
        return xp.mean(data) + xp.mean(samples)

    kernels = [_apart(among_real[0], less), _apart(among_fake[0], less), across[0]]
    near = xp.sum(kernels[0]) / (b * n_real) + xp.sum(kernels[1]) / (m * n_fake) + xp.mean(kernels[2]) > 1.5
    value = xp.where(near, apart(among_real[1], among_fake[1], across[1]), apart(*kernels))            # (2)

    def pullback(value_bar: Array) -> dict[str, Array]:
        own, other, both = (k[:, :, None] * t for k, _, t in (among_real, among_fake, across))
        drawn = xp.mean(both, axis=1) - xp.sum(own, axis=1) / n_real
        driven = xp.mean(both, axis=0) + xp.sum(other, axis=1) / n_fake
        squares = (xp.sum(k[:, :, None] * t * t, axis=2) for k, _, t in (among_real, among_fake, across))
        return {
            "real": 2 * value_bar / b * drawn / bandwidth,                    # (3)
            "fake": -2 * value_bar / m * driven / bandwidth,                  # (4)
            "bandwidth": value_bar * apart(*squares) / bandwidth,             # (5)
        }

    return value, pullback


def _apart(table: Array, less: int) -> Array:
    """A square table, without its diagonal where `less` is one."""
    xp = namespace(table)
    return table - less * xp.eye(table.shape[0], dtype=table.dtype, device=table.device)
