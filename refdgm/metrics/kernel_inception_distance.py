"""The distance of two batches of features by their moments up to the third, without a bias."""

from refdgm.declaration.domain import DATA, real
from refdgm.declaration.symbols import Bound
from refdgm.namespace import Array, Result, namespace
from refdgm.reference import reference

Table = tuple[Array, Array, Array]
TWO = Bound(2, why="of a single sample there is no pair")


@reference(
    args={
        "real": real("B", "D", kind=DATA, finite=True, meaning="x, features of data"),
        "fake": real("M", "D", kind=DATA, finite=True, meaning="y, features of samples"),
    },
    wrt=("real", "fake"),
    result=real(meaning="KID, of either sign"),
    source="binkowski2018demystifying",
    bounds={"B": TWO, "M": TWO, "D": Bound(1, why="features without a component are all the same")},
)
def kernel_inception_distance(real: Array, fake: Array) -> Result:
    """The Kernel Inception distance: the squared maximum mean discrepancy of a cubic kernel, without a bias.

        k(a, b) = (s + 1)³,   s = ⟨a, b⟩/D                                                      (1)
        KID = Σ_{i≠j} k(xᵢ, xⱼ)/(B(B − 1)) + Σ_{i≠j} k(yᵢ, yⱼ)/(M(M − 1)) − 2 Σ k(xᵢ, yⱼ)/(BM)  (2)

    Cotangents for the number a_bar of KID, with k' = 3(s + 1)²/D:

        x_barᵢ = 2a_bar (Σ_{j≠i} k'(xᵢ, xⱼ) xⱼ/(B(B − 1)) − Σ_j k'(xᵢ, yⱼ) yⱼ/(BM))             (3)
        y_barᵢ = 2a_bar (Σ_{j≠i} k'(yᵢ, yⱼ) yⱼ/(M(M − 1)) − Σ_j k'(yᵢ, xⱼ) xⱼ/(BM))             (4)

    The weights of each sample's pairs add up to zero, so that what depends on one of both alone is not seen. Where a
    batch lies far from the origin, for its spread, that is left out before it has to cancel: with its mean for c,
    k(a, b) − k(a, c) − k(c, b) + k(c, c), and in (3, 4) k' of c; elsewhere c is 0. No sample is its own pair; so the
    mean over all batches is the distance of the laws, and the estimate is below zero too where they agree. What is
    reported is the mean over subsets, a hundred of a thousand features, which are slices of the caller.
    Source: Bińkowski et al. (2018), section 4.
    """
    xp = namespace(real)
    own_real, own_fake = (x.shape[0] * (x.shape[0] - 1) for x in (real, fake))
    both = real.shape[0] * fake.shape[0]
    of_real, of_fake = _side(real, fake), _side(fake, real)
    centre, _, y, within, across = of_real
    value = (xp.sum(_apart(within[0])) / own_real + xp.sum(_apart(_pairs(y, y, centre)[0])) / own_fake
             - 2 * xp.sum(across[0]) / both)                                  # (2)

    def pullback(value_bar: Array) -> dict[str, Array]:
        scale = 6 * value_bar / real.shape[1]
        return {
            "real": scale * _drawn(*of_real, own_real, both),                 # (3)
            "fake": scale * _drawn(*of_fake, own_fake, both),                 # (4)
        }

    return value, pullback


def _side(mine: Array, others: Array) -> tuple[Array, Array, Array, Table, Table]:
    """c, both batches from there, and the pairs of the one with itself and with the other."""
    xp = namespace(mine)
    mean = xp.mean(mine, axis=0)
    spread = xp.sum((mine - mean) ** 2) / mine.shape[0]
    centre = xp.where(xp.sum(mean * mean) > 4 * spread, mean, xp.zeros_like(mean))
    x, y = mine - centre, others - centre
    return centre, x, y, _pairs(x, x, centre), _pairs(x, y, centre)           # (1)


def _drawn(centre: Array, x: Array, y: Array, within: Table, across: Table, own: int, both: int) -> Array:
    """Σ_j (k'(a, b) b − k'(a, c) c) D/3 over both batches, with b = c + what it is from there."""
    xp = namespace(x)
    along = xp.sum(_apart(within[2]), axis=1) / own - xp.sum(across[2], axis=1) / both
    return _apart(within[1]) @ x / own - across[1] @ y / both + along[:, None] * centre


def _pairs(a: Array, b: Array, centre: Array) -> Table:
    """Of c + a and c + b: k(·, ·) − k(·, c) − k(c, ·) + k(c, c), (s + 1)², and that less (s + 1)² of c + a and c."""
    xp = namespace(a)
    components = a.shape[1]
    one = 1 + xp.sum(centre * centre) / components
    first, second = (a @ centre / components)[:, None], (b @ centre / components)[None, :]
    inner = a @ b.T / components
    t = one + first + second
    return (inner * (3 * t**2 + inner * (3 * t + inner)) + 3 * first * second * (one + t), (t + inner) ** 2,
            (second + inner) * (one + first + t + inner))


def _apart(table: Array) -> Array:
    """A square table without its diagonal."""
    xp = namespace(table)
    return xp.where(xp.eye(table.shape[0], dtype=table.dtype, device=table.device) > 0, 0.0, table)
