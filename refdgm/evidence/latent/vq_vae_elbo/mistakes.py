"""Mistakes in the bound of a VQ-VAE. The negative bound and bits per dimension are conventions and none of them."""

from typing import Any

from refdgm.evidence.declare import mistake
from refdgm.latent.likelihood import LIKELIHOODS
from refdgm.latent.vector_quantization import nearest
from refdgm.latent.vq_vae_elbo import vq_vae_elbo
from refdgm.namespace import Array, namespace

BODY = vq_vae_elbo.body
Theta = dict[str, Array]


def flat(z: Array) -> Array:
    return namespace(z).reshape(z, (z.shape[0] * z.shape[1], z.shape[2]))


def assignment(k: Array, codebook: Array) -> Array:
    """(K, B N): one where the position took the code."""
    xp = namespace(codebook)
    return xp.astype(xp.arange(codebook.shape[0], dtype=k.dtype, device=k.device)[:, None] == k, codebook.dtype)


def with_codes(k: Array, x: Array, z: Array, codebook: Array, theta: Theta, decoder: Any, likelihood: str) -> Any:
    """The right bound of given codes (B N)."""
    xp, (batch, many, size) = namespace(x), z.shape
    q = xp.reshape(xp.take(codebook, k, axis=0), (batch, many * size))
    out, right = decoder.vjp(q, theta)
    log_p, law_right = LIKELIHOODS[likelihood](x, out[:, None, :])

    def pullback(bar: Array) -> dict[str, Any]:
        out_bar, x_bar = law_right(bar[:, None])
        back = right(out_bar[:, 0, :])
        return {"x": x_bar, "codebook": assignment(k, codebook) @ xp.reshape(back["x"], (batch * many, size)),
                "theta": back["theta"]}

    return log_p[:, 0] - many * xp.log(xp.ones_like(log_p[:, 0]) * codebook.shape[0]), pullback


def costing(times: float, x: Array, z: Array, codebook: Array, theta: Theta, decoder: Any, likelihood: str) -> Any:
    """log p less `times` log K."""
    xp = namespace(x)
    value, right = BODY(x, z, codebook, theta, decoder=decoder, likelihood=likelihood)
    return value + (z.shape[1] - times) * xp.log(xp.ones_like(value) * codebook.shape[0]), right


def moving(
    codes: Any, x: Array, z: Array, codebook: Array, theta: Theta, decoder: Any, likelihood: str,
) -> Any:
    """The right value, and `codes` of the right gradient, the gradient of q (B N, Z) and k as the codebook's."""
    xp, k = namespace(x), nearest(flat(z), codebook)
    value, right = BODY(x, z, codebook, theta, decoder=decoder, likelihood=likelihood)
    places = xp.reshape(xp.take(codebook, k, axis=0), (z.shape[0], z.shape[1] * z.shape[2]))
    out, decoder_right = decoder.vjp(places, theta)
    law_right = LIKELIHOODS[likelihood](x, out[:, None, :])[1]

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        q_bar = xp.reshape(decoder_right(law_right(bar[:, None])[0][:, 0, :])["x"], flat(z).shape)
        return g | {"codebook": codes(g["codebook"], q_bar, k)}

    return value, pullback


# Wrong equations, rightly differentiated


@mistake(vq_vae_elbo)
def farthest_code(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """argmax for argmin."""
    xp = namespace(x)
    apart = flat(z)[:, None, :] - codebook[None, :, :]
    return with_codes(xp.argmax(xp.sum(apart**2, axis=-1), axis=-1), x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo)
def largest_inner_product(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """argmax ⟨z, e⟩: the ‖e‖² of the expanded distance is forgotten."""
    k = namespace(x).argmax(flat(z) @ codebook.T, axis=-1)
    return with_codes(k, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "value")
def one_position_charged(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """log K for all positions together; right for one."""
    return costing(1, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "value")
def codes_for_nothing(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """log p(x | q) alone: what a training loss reports, where the divergence is a constant and was left out."""
    return costing(0, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "value")
def prior_rewarded(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """+ N log K: the sign of −log p(k), not of log p(k)."""
    return costing(-z.shape[1], x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "value")
def each_component_charged(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """N Z log K: as if every component of a position chose by itself."""
    return costing(z.shape[1] * z.shape[2], x, z, codebook, theta, decoder, likelihood)


# The value is right, a gradient is not


@mistake(vq_vae_elbo, "gradient.codebook")
def straight_through(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """q_bar goes to the encoder, as where the model is trained, and nothing to the codes."""
    return moving(lambda right, q_bar, k: 0 * right, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "gradient.codebook")
def repeated_codes_overwrite(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any,
                             likelihood: str) -> Any:
    """e_bar[k] = … for e_bar[k] += …: of the positions that share a code only the last one counts."""
    xp = namespace(x)

    def codes(right: Array, q_bar: Array, k: Array) -> Array:
        order = xp.arange(k.shape[0], dtype=k.dtype, device=k.device)
        later = (k[:, None] == k[None, :]) & (order[None, :] > order[:, None])
        return assignment(k, codebook) @ (xp.astype(~xp.any(later, axis=1), x.dtype)[:, None] * q_bar)

    return moving(codes, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "gradient.codebook")
def codebook_gradient_per_use(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any,
                              likelihood: str) -> Any:
    """e_bar_j is divided by how many positions took code j, as in a moving average; right if no code is shared."""
    xp = namespace(x)

    def codes(right: Array, q_bar: Array, k: Array) -> Array:
        uses = xp.sum(assignment(k, codebook), axis=1)
        return right / xp.maximum(uses, xp.ones_like(uses))[:, None]

    return moving(codes, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "gradient.x")
def target_held(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """x_bar = 0: what is to be reconstructed is taken for a label."""
    value, right = BODY(x, z, codebook, theta, decoder=decoder, likelihood=likelihood)
    return value, lambda bar: (g := right(bar)) | {"x": 0 * g["x"]}


@mistake(vq_vae_elbo, "gradient.theta")
def decoder_averaged_over_the_batch(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any,
                                    likelihood: str) -> Any:
    """θ_bar is divided by the batch once more."""
    value, right = BODY(x, z, codebook, theta, decoder=decoder, likelihood=likelihood)

    def pullback(bar: Array) -> dict[str, Any]:
        g = right(bar)
        return g | {"theta": {name: entry / (1 + x.shape[0]) for name, entry in g["theta"].items()}}

    return value, pullback


# --- planted by people who had not seen the cases, or after public code ---------------------------


@mistake(vq_vae_elbo, blind=True)
def product_not_doubled(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """argmin ‖e‖² − ⟨z, e⟩: the 2 of the expanded square is forgotten."""
    xp = namespace(x)
    k = xp.argmin(xp.sum(codebook * codebook, axis=-1) - flat(z) @ codebook.T, axis=-1)
    return with_codes(k, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, blind=True)
def expanded_distance_in_single_precision(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any,
                                          likelihood: str) -> Any:
    """argmin ‖z‖² − 2⟨z, e⟩ + ‖e‖² in float32, which has no digits of the distance left far from the origin."""
    xp = namespace(x)
    u, e = xp.astype(flat(z), xp.float32), xp.astype(codebook, xp.float32)
    distances = xp.sum(u * u, axis=-1)[:, None] - 2 * (u @ e.T) + xp.sum(e * e, axis=-1)
    return with_codes(xp.argmin(distances, axis=-1), x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, blind=True)
def last_of_equally_near(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """Of equally near codes the last is taken; the same wherever there are no ties."""
    xp = namespace(x)
    apart = flat(z)[:, None, :] - codebook[None, :, :]
    distances = xp.sum(apart * apart, axis=-1)
    k = codebook.shape[0] - 1 - xp.argmin(xp.flip(distances, axis=-1), axis=-1)
    return with_codes(k, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "value", blind=True)
def bits_among_nats(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """N log₂ K beside a log-likelihood in nats."""
    return costing(z.shape[1] * 1.4426950408889634, x, z, codebook, theta, decoder, likelihood)


@mistake(vq_vae_elbo, "value", blind=True)
def codes_in_use_counted(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any, likelihood: str) -> Any:
    """log of how many codes the batch uses, not of how many there are; right if it uses all."""
    xp = namespace(x)
    value, right = BODY(x, z, codebook, theta, decoder=decoder, likelihood=likelihood)
    used = xp.sum(xp.astype(xp.any(assignment(nearest(flat(z), codebook), codebook) > 0, axis=1), x.dtype))
    return value + z.shape[1] * xp.log(codebook.shape[0] / used), right


@mistake(vq_vae_elbo, "value", "gradient.codebook", blind=True)
def codebook_loss_among_the_terms(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any,
                                  likelihood: str) -> Any:
    """J − Σ_n ‖z_n − e_{k_n}‖²: the objective that is trained, reported as a bound."""
    xp, k = namespace(x), nearest(flat(z), codebook)
    apart = flat(z) - xp.take(codebook, k, axis=0)
    value, right = BODY(x, z, codebook, theta, decoder=decoder, likelihood=likelihood)
    many = z.shape[1]

    def pullback(bar: Array) -> dict[str, Any]:
        each = xp.reshape(xp.stack([bar] * many, axis=1), (k.shape[0], 1)) * apart
        g = right(bar)
        return g | {"codebook": g["codebook"] + 2 * (assignment(k, codebook) @ each)}

    return value - xp.sum(xp.reshape(apart * apart, (x.shape[0], many * z.shape[2])), axis=1), pullback


@mistake(vq_vae_elbo, "gradient.codebook", blind=True)
def first_code_never_learns(x: Array, z: Array, codebook: Array, theta: Theta, *, decoder: Any,
                            likelihood: str) -> Any:
    """Code 0 receives no gradient, as a padding index does not; right while nobody takes it."""
    xp = namespace(x)
    learns = xp.astype(xp.arange(codebook.shape[0]) > 0, codebook.dtype)[:, None]
    return moving(lambda right, q_bar, k: learns * right, x, z, codebook, theta, decoder, likelihood)
