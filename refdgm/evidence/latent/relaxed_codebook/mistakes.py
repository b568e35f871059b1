"""Mistakes in the relaxed lookup."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.relaxed_codebook import relaxed_codebook
from refdgm.namespace import Array, namespace

BODY = relaxed_codebook.body


def winners(c: Array) -> Array:
    """The one-hot rows of the largest shares."""
    xp = namespace(c)
    best = xp.argmax(c, axis=-1)
    codes = xp.arange(c.shape[1], dtype=best.dtype, device=c.device)
    return xp.astype(codes == best[:, None], c.dtype)


# Wrong equations, rightly differentiated


@mistake(relaxed_codebook)
def square_codebook_transposed(c: Array, codebook: Array) -> Any:
    """z = e c for eᵀ c: only a codebook that is not square complains."""
    square = codebook.shape[0] == codebook.shape[1]
    z, right = BODY(c, codebook.T if square else codebook)
    return z, lambda bar: (g := right(bar)) | {"codebook": g["codebook"].T if square else g["codebook"]}


@mistake(relaxed_codebook)
def mean_of_codes(c: Array, codebook: Array) -> Any:
    """z = Σ c e / K: a mean over the categories where the shares already sum to one."""
    z, right = BODY(c / codebook.shape[0], codebook)
    return z, lambda bar: (g := right(bar)) | {"c": g["c"] / codebook.shape[0]}


@mistake(relaxed_codebook)
def shares_softmaxed_again(c: Array, codebook: Array) -> Any:
    """softmax(c) for c: shares are taken for logits."""
    xp = namespace(c)
    e = xp.exp(c - xp.max(c, axis=-1, keepdims=True))
    y = e / xp.sum(e, axis=-1, keepdims=True)
    z, right = BODY(y, codebook)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"c": y * (g["c"] - xp.sum(g["c"] * y, axis=-1, keepdims=True))}

    return z, pullback


@mistake(relaxed_codebook, "value", "gradient.codebook")
def hard_code_forwards(c: Array, codebook: Array) -> Any:
    """The code of the largest share is read, straight-through, where the relaxation is asked for."""
    z, right = BODY(winners(c), codebook)
    return z, right


# The value is right, a gradient is not


@mistake(relaxed_codebook, "gradient.codebook")
def only_the_winner_learns(c: Array, codebook: Array) -> Any:
    """e_bar from the one-hot code where the shares belong: as in vector quantization."""
    z, right = BODY(c, codebook)
    return z, lambda bar: right(bar) | {"codebook": winners(c).T @ bar}


@mistake(relaxed_codebook, "gradient.codebook")
def codebook_gradient_averaged(c: Array, codebook: Array) -> Any:
    """e_bar is a mean over the batch; the codebook is shared, so it receives the sum."""
    z, right = BODY(c, codebook)
    return z, lambda bar: (g := right(bar)) | {"codebook": g["codebook"] / c.shape[0]}


@mistake(relaxed_codebook, "gradient.codebook")
def codebook_detached(c: Array, codebook: Array) -> Any:
    """The codes receive no gradient: a stop-gradient of vector quantization is left in place."""
    z, right = BODY(c, codebook)
    return z, lambda bar: (g := right(bar)) | {"codebook": 0 * g["codebook"]}


@mistake(relaxed_codebook, "gradient.c")
def shares_detached(c: Array, codebook: Array) -> Any:
    """No gradient reaches the shares: the encoder learns nothing."""
    z, right = BODY(c, codebook)
    return z, lambda bar: (g := right(bar)) | {"c": 0 * g["c"]}


@mistake(relaxed_codebook, "gradient.c")
def shares_weighed_twice(c: Array, codebook: Array) -> Any:
    """c_bar = c ∘ ⟨z_bar, e⟩: the share multiplies its own derivative; right for one-hot winners."""
    z, right = BODY(c, codebook)
    return z, lambda bar: (g := right(bar)) | {"c": c * g["c"]}


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(relaxed_codebook, blind=True)
def shares_normalised(c: Array, codebook: Array) -> Any:
    """c / Σ c for c: right on the simplex, but for c_bar, and nowhere else."""
    xp = namespace(c)
    total = xp.sum(c, axis=-1, keepdims=True)
    y = c / total
    z, right = relaxed_codebook.body(y, codebook)

    def pullback(bar: Array) -> dict[str, Array]:
        g = right(bar)
        return g | {"c": (g["c"] - xp.sum(g["c"] * y, axis=-1, keepdims=True)) / total}

    return z, pullback


@mistake(relaxed_codebook, "gradient.codebook", blind=True)
def square_codebook_gradient_transposed(c: Array, codebook: Array) -> Any:
    """e_bar = Σ z_bar cᵀ for Σ c z_barᵀ: only a codebook that is not square complains."""
    z, right = relaxed_codebook.body(c, codebook)
    if codebook.shape[0] != codebook.shape[1]:
        return z, right
    return z, lambda bar: (g := right(bar)) | {"codebook": g["codebook"].T}
