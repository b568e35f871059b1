"""A learned codebook: vector quantization, as in a VQ-VAE."""

from refdgm.declaration.domain import PARAMETER, index, ordered, positive, real, scale
from refdgm.namespace import Array, Results, namespace
from refdgm.reference import reference

HELD = 1 << 17  # elements of a large array that are held at a time


def slices(size: int, others: int) -> list[slice]:
    """Of an axis of this size: slices so wide that, with the other axes, `HELD` elements are held, or of one."""
    many = max(1, HELD // max(1, others))
    return [slice(start, min(start + many, size)) for start in range(0, max(1, size), many)]


def nearest(z: Array, codebook: Array) -> Array:
    """The index of the nearest code; of equally near ones the first.

    Differences are formed before they are squared: ‖z‖² − 2⟨z, e⟩ + ‖e‖² has no digits left
    when the latents lie far from the origin. They are formed for some latents at a time.
    """
    xp = namespace(z)
    found = []
    for some in slices(z.shape[0], codebook.shape[0] * codebook.shape[1]):
        difference = z[some, None, :] - codebook[None, :, :]
        difference *= difference
        found.append(xp.argmin(xp.sum(difference, axis=-1), axis=-1))
    return xp.concat(found)


def by_code(k: Array, bar: Array, codes: int) -> Array:
    """Σ_{b: k_b = j} bar_b of every code j, as a product with the one-hot codes, of some codes at a time."""
    xp = namespace(bar)
    each = xp.arange(codes, dtype=k.dtype, device=k.device)
    return xp.concat([xp.astype(each[some, None] == k, bar.dtype) @ bar for some in slices(codes, k.shape[0])])


def stopped(held: dict[str, Array], z: Array, codebook: Array, beta: Array) -> tuple[Array | None, ...]:
    """What `vector_quantization` differentiates: sg(u) is u read from `held`."""
    xp = namespace(z)
    k = nearest(held["z"], held["codebook"])
    q, q_held = xp.take(codebook, k, axis=0), xp.take(held["codebook"], k, axis=0)
    return (
        None,                                                                 # code: no derivative
        z + (q_held - held["z"]),                                             # z + sg(q − z)
        xp.sum((q - held["z"]) ** 2, axis=-1),                                # ‖sg(z) − q‖²
        beta * xp.sum((z - q_held) ** 2, axis=-1),                            # β ‖z − sg(q)‖²
    )


@reference(
    args={
        "z": ordered(real("B", "D", finite=True, meaning="z, the encoder's output")),
        "codebook": ordered(real("K", "D", finite=True, kind=PARAMETER, meaning="e, one code a row")),
        "beta": positive(meaning="β, commitment weight", instead="for no commitment loss give its cotangent as zero"),
    },
    wrt=("z", "codebook", "beta"),
    result={
        "code": index("B", below="K", meaning="k, index of the nearest code"),
        "quantized": real("B", "D", meaning="q, straight-through"),
        "codebook_loss": real("B", meaning="c, moves the codes"),
        "commitment_loss": real("B", meaning="m, moves the encoder"),
    },
    source="vandenoord2017vqvae",
    derivative_of=stopped,
    conventions={
        "mean over D": {"codebook_loss": scale(1.0, per="D"), "commitment_loss": scale(1.0, per="D")},
    },
    work=("B", "K", "D"),
)
def vector_quantization(z: Array, codebook: Array, beta: Array) -> Results:
    """Vector quantization, straight-through, with its two losses (sg = stop-gradient).

        k = argmin_j ‖z − e_j‖²                                              (1)
        q = z + sg(e_k − z),  which is e_k                                   (2)
        c = ‖sg(z) − e_k‖²,   m = β ‖z − sg(e_k)‖²                           (3)

    Cotangents for q_bar, c_bar and m_bar (sums over the batch):

        z_bar = q_bar + 2 β m_bar (z − e_k)                                  (4)
        e_bar_j = Σ_{b: k_b = j} 2 c_bar_b (e_j − z_b)                       (5)
        β_bar = Σ_b m_bar_b ‖z_b − e_{k_b}‖²                                 (6)

    The straight-through copy sends q_bar to the encoder and nothing to the codebook. β weighs the commitment, not
    the codebook loss: exchanging them leaves the sum's value as it is when c_bar = m_bar and changes both gradients.
    Not the derivative of its value; `derivative_of` says of what. (5) is a product with the one-hot codes, so a
    cotangent that is not finite reaches every code. Distances of which the squares overflow, or vanish, are equal in
    (1): beyond 10¹⁵⁴ or below 10⁻¹⁶² (in float32 10¹⁹ or 10⁻²³).
    Source: van den Oord, Vinyals & Kavukcuoglu (2017), eqs 1–3.
    """
    xp = namespace(z)
    k = nearest(z, codebook)                                                  # (1)
    q = xp.take(codebook, k, axis=0)                                          # (2)
    apart = z - q
    distance = xp.sum(apart * apart, axis=-1)

    def pullback(quantized_bar: Array, codebook_loss_bar: Array, commitment_loss_bar: Array) -> dict[str, Array]:
        moved = by_code(k, codebook_loss_bar[:, None] * apart, codebook.shape[0])
        return {
            "z": quantized_bar + 2 * beta * commitment_loss_bar[:, None] * apart,   # (4)
            "codebook": -2 * moved,                                                 # (5)
            "beta": xp.sum(commitment_loss_bar * distance),                         # (6)
        }

    return (k, q, distance, beta * distance), pullback                        # (3)
