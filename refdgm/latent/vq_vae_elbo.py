"""The evidence lower bound of an autoencoder whose latents are codes of a codebook."""

from typing import Any

from refdgm.declaration.domain import NAT, PARAMETER, field, ordered, parameters, real, scale, word
from refdgm.latent.likelihood import LIKELIHOODS, REFUSED
from refdgm.latent.vector_quantization import by_code, nearest
from refdgm.namespace import Array, Result, namespace
from refdgm.nets.field import NETWORKS, Field
from refdgm.reference import reference

WRT = ("x", "codebook", "theta")


@reference(
    args={
        "x": real("B", "D", meaning="x, the data; in [0, 1] for bernoulli"),
        "z": ordered(real("B", "N", "Z", finite=True, meaning="z, what the encoder gives at each of N positions")),
        "codebook": ordered(real("K", "Z", finite=True, kind=PARAMETER, meaning="e, one code a row")),
        "theta": parameters("decoder", "N*Z", "D", meaning="θ, parameters of the decoder"),
        "decoder": field("x", known=NETWORKS, gives=("B", "E"),
                         meaning="the codes of all positions, one after the other, to means f, or logits l"),
        "likelihood": word("gaussian", "bernoulli", refused=REFUSED, meaning="N(f, I), or choices with p = σ(l)"),
    },
    wrt=WRT,
    result=real("B", meaning="nats, per example"),
    source="vandenoord2017vqvae",
    conventions={
        "the negative bound, a loss": {"value": scale(-1.0)},
        "bits per dimension": {"value": scale(-NAT, per="D")},
    },
)
def vq_vae_elbo(
    x: Array, z: Array, codebook: Array, theta: dict[str, Array], *, decoder: Field, likelihood: str,
) -> Result:
    """The evidence lower bound of a VQ-VAE under a uniform prior of its codes, with its own gradient.

        k_n = argmin_j ‖z_n − e_j‖²                                          (1)
        q = (e_{k_1}, …, e_{k_N})                                            (2)
        J = log p(x | q) − N log K                                           (3)

    Cotangents for J_bar: q_bar and θ_bar by the decoder's pullback of J_bar times the slope of log p, x_bar from log p,
    and

        e_bar_j = Σ_{n: k_n = j} q_bar_n, over the batch too                 (4)

    The law of the codes given x is one choice, so its divergence from the uniform prior is log K at every position and
    no mean is needed. This is the derivative of the printed function, which is flat in z between ties: z has none. A
    VQ-VAE is trained otherwise: q_bar is handed to z, and another loss moves the codes (vector_quantization). A prior
    that was learned puts −log p(k) in the place of N log K. Of equally near codes the first.
    Source: van den Oord, Vinyals & Kavukcuoglu (2017), section 3.
    """
    xp = namespace(x)
    (batch, many, size), codes = z.shape, codebook.shape[0]
    k = nearest(xp.reshape(z, (batch * many, size)), codebook)                # (1)
    q = xp.reshape(xp.take(codebook, k, axis=0), (batch, many * size))        # (2)
    out, decoder_pullback = decoder.vjp(q, theta)
    log_p, likelihood_pullback = LIKELIHOODS[likelihood](x, out[:, None, :])
    bound = log_p[:, 0] - many * xp.log(xp.full((), codes, dtype=x.dtype, device=x.device))    # (3)

    def pullback(bound_bar: Array, wrt: tuple[str, ...] = WRT) -> dict[str, Any]:
        out_bar, x_bar = likelihood_pullback(bound_bar[:, None])
        back = decoder_pullback(out_bar[:, 0, :], wrt=("x", "theta") if "theta" in wrt else ("x",))
        codebook_bar = by_code(k, xp.reshape(back["x"], (batch * many, size)), codes)         # (4)
        return {"x": x_bar, "codebook": codebook_bar, "theta": back.get("theta")}

    return bound, pullback
