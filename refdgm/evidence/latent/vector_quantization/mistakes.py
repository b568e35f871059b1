"""Mistakes in vector quantization. A mean over D in the losses is a convention and not among them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.vector_quantization import vector_quantization
from refdgm.namespace import Array, namespace

BODY = vector_quantization.body
EXCHANGED = (
    "CompVis/taming-transformers #57; karpathy/deep-vector-quantization #2; bytedance/1d-tokenizer #120; "
    "TencentARC/SEED-Voken #60; sczhou/CodeFormer #427; huggingface/diffusers #8226"
)


def assignment(k: Array, codebook: Array, dtype: Any) -> Array:
    """(K, B): one where the example took the code."""
    xp = namespace(codebook)
    codes = xp.arange(codebook.shape[0], dtype=k.dtype, device=k.device)
    return xp.astype(codes[:, None] == k, dtype)


def with_codes(k: Array, z: Array, codebook: Array, beta: Array) -> Any:
    """The right quantization for given codes."""
    xp = namespace(z)
    q = xp.take(codebook, k, axis=0)
    apart = z - q
    distance = xp.sum(apart * apart, axis=-1)

    def pullback(q_bar: Array, c_bar: Array, m_bar: Array) -> dict[str, Array]:
        return {
            "z": q_bar + 2 * beta * m_bar[:, None] * apart,
            "codebook": -2 * (assignment(k, codebook, z.dtype) @ (c_bar[:, None] * apart)),
            "beta": xp.sum(m_bar * distance),
        }

    return (k, q, distance, beta * distance), pullback


# Wrong equations, rightly differentiated


@mistake(vector_quantization)
def farthest_code(z: Array, codebook: Array, beta: Array) -> Any:
    """argmax for argmin."""
    xp = namespace(z)
    difference = z[:, None, :] - codebook[None, :, :]
    return with_codes(xp.argmax(xp.sum(difference**2, axis=-1), axis=-1), z, codebook, beta)


@mistake(vector_quantization)
def largest_inner_product(z: Array, codebook: Array, beta: Array) -> Any:
    """argmax ⟨z, e⟩: the ‖e‖² of the expanded distance is forgotten; right if all codes have one norm."""
    return with_codes(namespace(z).argmax(z @ codebook.T, axis=-1), z, codebook, beta)


@mistake(vector_quantization, "codebook_loss", "commitment_loss",
         "gradient.z", "gradient.codebook", "gradient.beta", seen=EXCHANGED)
def beta_on_codebook_loss(z: Array, codebook: Array, beta: Array) -> Any:
    """c = β ‖sg(z) − e‖², m = ‖z − sg(e)‖²: β weighs the wrong loss, and the sum of the two is as it was."""
    xp = namespace(z)
    (k, q, distance, weighted), right = BODY(z, codebook, beta)

    def pullback(q_bar: Array, c_bar: Array, m_bar: Array) -> dict[str, Array]:
        return right(q_bar, beta * c_bar, m_bar / beta) | {"beta": xp.sum(c_bar * distance)}

    return (k, q, weighted, distance), pullback


@mistake(vector_quantization, "commitment_loss", "gradient.z", "gradient.beta")
def beta_ignored(z: Array, codebook: Array, beta: Array) -> Any:
    """m = ‖z − sg(e)‖²."""
    (k, q, distance, _), right = BODY(z, codebook, beta)
    return (k, q, distance, distance), lambda q_bar, c_bar, m_bar: (
        right(q_bar, c_bar, m_bar / beta) | {"beta": 0 * beta}
    )


@mistake(vector_quantization, "codebook_loss", "commitment_loss",
         "gradient.z", "gradient.codebook", "gradient.beta")
def summed_losses(z: Array, codebook: Array, beta: Array) -> Any:
    """The losses are summed over the batch: every example carries the losses of all."""
    xp = namespace(z)
    (k, q, c, m), right = BODY(z, codebook, beta)
    everyone = xp.ones_like(c)
    return (k, q, everyone * xp.sum(c), everyone * xp.sum(m)), lambda q_bar, c_bar, m_bar: (
        right(q_bar, everyone * xp.sum(c_bar), everyone * xp.sum(m_bar))
    )


@mistake(vector_quantization, "quantized", "gradient.z", "gradient.codebook")
def straight_through_the_wrong_way(z: Array, codebook: Array, beta: Array) -> Any:
    """q = e + sg(z − e): its value is z, and the decoder's gradient goes to the codebook."""
    (k, _, c, m), right = BODY(z, codebook, beta)

    def pullback(q_bar: Array, c_bar: Array, m_bar: Array) -> dict[str, Array]:
        g = right(0 * q_bar, c_bar, m_bar)
        return g | {"codebook": g["codebook"] + assignment(k, codebook, z.dtype) @ q_bar}

    return (k, z + 0 * q_like(k, codebook), c, m), pullback


def q_like(k: Array, codebook: Array) -> Array:
    return namespace(codebook).take(codebook, k, axis=0)


@mistake(vector_quantization, "code")
def codes_from_one(z: Array, codebook: Array, beta: Array) -> Any:
    """The codes are counted from one; all else is right."""
    (k, q, c, m), right = BODY(z, codebook, beta)
    return (k + 1, q, c, m), right


# Every output is right, a gradient is not


@mistake(vector_quantization, "gradient.z", "gradient.codebook", seen="andylolu2/jax-vqvae-gpt #2")
def losses_after_straight_through(z: Array, codebook: Array, beta: Array) -> Any:
    """The losses are formed from the straight-through copy: the codebook receives nothing, and what was meant
    for it reaches the encoder, against the commitment."""
    xp = namespace(z)
    outputs, right = BODY(z, codebook, beta)
    apart = z - outputs[1]

    def pullback(q_bar: Array, c_bar: Array, m_bar: Array) -> dict[str, Array]:
        g = right(q_bar, c_bar, m_bar)
        return g | {"z": g["z"] - 2 * c_bar[:, None] * apart, "codebook": xp.zeros_like(codebook)}

    return outputs, pullback


@mistake(vector_quantization, "gradient.z", "gradient.codebook")
def stop_gradients_exchanged(z: Array, codebook: Array, beta: Array) -> Any:
    """c = ‖z − sg(e)‖², m = β ‖sg(z) − e‖²: each loss moves what the other should."""
    outputs, right = BODY(z, codebook, beta)
    return outputs, lambda q_bar, c_bar, m_bar: (
        right(q_bar, beta * m_bar, c_bar / beta) | {"beta": right(q_bar, c_bar, m_bar)["beta"]}
    )


@mistake(vector_quantization, "gradient.z", "gradient.codebook")
def no_stop_gradient(z: Array, codebook: Array, beta: Array) -> Any:
    """Both losses move both the encoder and the codes."""
    outputs, right = BODY(z, codebook, beta)
    return outputs, lambda q_bar, c_bar, m_bar: (
        right(q_bar, c_bar + beta * m_bar, m_bar + c_bar / beta)
        | {"beta": right(q_bar, c_bar, m_bar)["beta"]}
    )


@mistake(vector_quantization, "gradient.z", "gradient.codebook")
def no_straight_through(z: Array, codebook: Array, beta: Array) -> Any:
    """The decoder's gradient goes to the chosen code and not to the encoder."""
    outputs, right = BODY(z, codebook, beta)

    def pullback(q_bar: Array, c_bar: Array, m_bar: Array) -> dict[str, Array]:
        g = right(0 * q_bar, c_bar, m_bar)
        return g | {"codebook": g["codebook"] + assignment(outputs[0], codebook, z.dtype) @ q_bar}

    return outputs, pullback


@mistake(vector_quantization, "gradient.codebook")
def codebook_hears_the_decoder(z: Array, codebook: Array, beta: Array) -> Any:
    """The straight-through copy lets the decoder's gradient into the codebook too."""
    outputs, right = BODY(z, codebook, beta)

    def pullback(q_bar: Array, c_bar: Array, m_bar: Array) -> dict[str, Array]:
        g = right(q_bar, c_bar, m_bar)
        return g | {"codebook": g["codebook"] + assignment(outputs[0], codebook, z.dtype) @ q_bar}

    return outputs, pullback


@mistake(vector_quantization, "gradient.z")
def encoder_without_the_decoder(z: Array, codebook: Array, beta: Array) -> Any:
    """The quantized latents are detached: the encoder hears the commitment alone."""
    outputs, right = BODY(z, codebook, beta)
    return outputs, lambda q_bar, c_bar, m_bar: right(0 * q_bar, c_bar, m_bar)


@mistake(vector_quantization, "gradient.codebook")
def repeated_codes_overwrite(z: Array, codebook: Array, beta: Array) -> Any:
    """e_bar[k] = … for e_bar[k] += …: of the examples that share a code only the last one counts."""
    xp = namespace(z)
    outputs, right = BODY(z, codebook, beta)
    k = outputs[0]

    def pullback(q_bar: Array, c_bar: Array, m_bar: Array) -> dict[str, Array]:
        order = xp.arange(k.shape[0], dtype=k.dtype, device=k.device)
        later = (k[:, None] == k[None, :]) & (order[None, :] > order[:, None])
        last = xp.astype(~xp.any(later, axis=1), z.dtype)
        return right(q_bar, c_bar, m_bar) | {"codebook": right(q_bar, last * c_bar, m_bar)["codebook"]}

    return outputs, pullback


@mistake(vector_quantization, "gradient.beta")
def beta_gradient_times_beta(z: Array, codebook: Array, beta: Array) -> Any:
    """β_bar = Σ m_bar m: the loss itself, not its derivative."""
    outputs, right = BODY(z, codebook, beta)
    return outputs, lambda *bars: (g := right(*bars)) | {"beta": beta * g["beta"]}


@mistake(vector_quantization, "gradient.beta")
def beta_gradient_of_the_codebook_loss(z: Array, codebook: Array, beta: Array) -> Any:
    """β_bar = Σ c_bar ‖z − e‖²: the cotangent of the loss that β does not weigh; right where c_bar = m_bar."""
    xp = namespace(z)
    outputs, right = BODY(z, codebook, beta)
    return outputs, lambda q_bar, c_bar, m_bar: (
        right(q_bar, c_bar, m_bar) | {"beta": xp.sum(c_bar * outputs[2])}
    )


@mistake(vector_quantization, "gradient.codebook")
def codebook_gradient_per_use(z: Array, codebook: Array, beta: Array) -> Any:
    """e_bar_j is divided by how many examples took code j, as in a moving average; right if no code is shared."""
    xp = namespace(z)
    outputs, right = BODY(z, codebook, beta)
    uses = xp.sum(assignment(outputs[0], codebook, z.dtype), axis=1)
    return outputs, lambda *bars: (
        (g := right(*bars)) | {"codebook": g["codebook"] / xp.maximum(uses, xp.ones_like(uses))[:, None]}
    )


@mistake(vector_quantization, "gradient.z", "gradient.codebook")
def square_differentiated_without_two(z: Array, codebook: Array, beta: Array) -> Any:
    """The gradients of ½‖·‖² where the losses are ‖·‖²."""
    outputs, right = BODY(z, codebook, beta)
    return outputs, lambda q_bar, c_bar, m_bar: (
        right(q_bar, c_bar / 2, m_bar / 2) | {"beta": right(q_bar, c_bar, m_bar)["beta"]}
    )


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(vector_quantization, blind=True)
def product_not_doubled(z: Array, codebook: Array, beta: Array) -> Any:
    """argmin ‖e‖² − ⟨z, e⟩: the 2 of the expanded square is forgotten."""
    xp = namespace(z)
    norms = xp.sum(codebook * codebook, axis=-1)
    return with_codes(xp.argmin(norms - z @ codebook.T, axis=-1), z, codebook, beta)


@mistake(vector_quantization, blind=True)
def expanded_distance_in_single_precision(z: Array, codebook: Array, beta: Array) -> Any:
    """argmin ‖z‖² − 2⟨z, e⟩ + ‖e‖² in float32, which has no digits of the distance left far from the origin."""
    xp = namespace(z)
    x, e = xp.astype(z, xp.float32), xp.astype(codebook, xp.float32)
    distances = xp.sum(x * x, axis=-1)[:, None] - 2 * (x @ e.T) + xp.sum(e * e, axis=-1)
    return with_codes(xp.argmin(distances, axis=-1), z, codebook, beta)


@mistake(vector_quantization, "code", "quantized", "gradient.z", "gradient.codebook", blind=True)
def last_of_equally_near(z: Array, codebook: Array, beta: Array) -> Any:
    """Of equally near codes the last is taken; the same wherever there are no ties."""
    xp = namespace(z)
    difference = z[:, None, :] - codebook[None, :, :]
    distances = xp.sum(difference * difference, axis=-1)
    k = codebook.shape[0] - 1 - xp.argmin(xp.flip(distances, axis=-1), axis=-1)
    return with_codes(k, z, codebook, beta)


@mistake(vector_quantization, "gradient.codebook", blind=True)
def codes_hear_the_commitment(z: Array, codebook: Array, beta: Array) -> Any:
    """m_bar stands for c_bar in the gradient of the codes; right where both losses have one cotangent."""
    outputs, right = vector_quantization.body(z, codebook, beta)
    return outputs, lambda q_bar, c_bar, m_bar: (
        right(q_bar, c_bar, m_bar) | {"codebook": right(q_bar, m_bar, m_bar)["codebook"]}
    )


@mistake(vector_quantization, "gradient.codebook", blind=True)
def first_code_never_learns(z: Array, codebook: Array, beta: Array) -> Any:
    """Code 0 receives no gradient, as a padding index does not; right while nobody takes it."""
    xp = namespace(z)
    outputs, right = vector_quantization.body(z, codebook, beta)
    learns = xp.astype(xp.arange(codebook.shape[0]) > 0, codebook.dtype)[:, None]
    return outputs, lambda *bars: (g := right(*bars)) | {"codebook": learns * g["codebook"]}
