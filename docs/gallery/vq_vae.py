"""A VQ-VAE of digits: four positions, sixteen codes, few enough for the likelihood itself to be computed.

`python docs/gallery/vq_vae.py` trains (25 s), draws vq_vae.svg and writes vq_vae.json.
"""

import numpy as np
from studio import Adam, digits, layers, mosaic, publish, seeded
from vae import black_and_white

from refdgm.latent.vector_quantization import vector_quantization
from refdgm.latent.vq_vae_elbo import vq_vae_elbo
from refdgm.nets.field import NETWORKS
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.softmax import log_sum_exp

NET = NETWORKS["mlp_tanh"]
POSITIONS, CODES, SIZE, BETA = 4, 16, 4, 0.25


def encode(x, phi):
    return NET.value(x, phi).reshape(-1, SIZE)


def train(steps, rng, x, batch=128, width=96):
    phi, theta = layers(rng, 64, width, POSITIONS * SIZE), layers(rng, POSITIONS * SIZE, width, 64)
    codebook = encode(x, phi)[rng.choice(len(x) * POSITIONS, CODES, replace=False)]     # codes begin among latents
    encoder, codes, decoder = (Adam(each, 3e-3) for each in (phi, {"e": codebook}, theta))
    losses, each, spread = [], np.full(batch, 1 / batch), np.full(batch * POSITIONS, 1 / batch)
    for step in range(steps):
        drawn = x[rng.integers(len(x), size=batch)]
        z, of_encoder = NET.vjp(drawn, phi)
        found, of_codes = vector_quantization.vjp(z.reshape(-1, SIZE), codebook, BETA)
        logits, of_decoder = NET.vjp(found.quantized.reshape(batch, -1), theta)
        log_p, of_likelihood = bernoulli_log_likelihood.vjp(logits, drawn)
        back = of_decoder(of_likelihood(-each)["logits"])
        bars = of_codes(back["x"].reshape(-1, SIZE), spread, spread)            # q_bar is handed to z
        encoder.step(of_encoder(bars["z"].reshape(batch, -1))["theta"], 1 - step / steps)
        codes.step({"e": bars["codebook"]}, 1 - step / steps)
        decoder.step(back["theta"], 1 - step / steps)
        losses.append(float(np.mean(-log_p)))
    return (phi, codebook, theta), losses


def bound(x, phi, codebook, theta):
    return vq_vae_elbo(x, encode(x, phi).reshape(len(x), POSITIONS, SIZE), codebook, theta, decoder=NET,
                       likelihood="bernoulli")


def log_likelihood(x, codebook, theta):
    """log of the mean of p(x | q) over all 16⁴ ways to choose the codes."""
    parts = []
    for first in range(CODES):
        rest = np.indices([CODES] * (POSITIONS - 1)).reshape(POSITIONS - 1, -1).T
        chosen = np.column_stack([np.full(len(rest), first), rest])
        logits = NET.value(codebook[chosen].reshape(len(chosen), -1), theta)
        parts.append(log_sum_exp(x @ logits.T + bernoulli_log_likelihood(logits, np.zeros_like(logits))))
    return log_sum_exp(np.column_stack(parts)) - POSITIONS * np.log(CODES)


def main():
    from style import BLUE, GREY, axes

    rng = seeded(8)
    x, held = map(black_and_white, digits(rng))
    (phi, codebook, theta), _ = train(4000, rng, x)
    z = encode(x, phi)
    code = vector_quantization(z, codebook, BETA).code
    uses = np.bincount(code, minlength=CODES) / len(code)
    perplexity = float(np.exp(-np.sum(uses * np.log(np.maximum(uses, 1e-300)))))
    means = np.array([z[code == k].mean(axis=0) if uses[k] else codebook[k] for k in range(CODES)])
    counts = np.array([np.bincount(column, minlength=CODES) for column in code.reshape(-1, POSITIONS).T])
    log_prior = np.log((counts + 0.5) / (counts + 0.5).sum(axis=1, keepdims=True))
    held_code = vector_quantization(encode(held, phi), codebook, BETA).code.reshape(-1, POSITIONS)
    fitted = bound(held, phi, codebook, theta) + POSITIONS * np.log(CODES) + log_prior[
        np.arange(POSITIONS), held_code].sum(axis=1)
    rows = [["bound, digits of the training, nats", float(bound(x, phi, codebook, theta).mean()),
             float(log_likelihood(x, codebook, theta).mean())],
            ["bound, held-out digits, nats", float(bound(held, phi, codebook, theta).mean()),
             float(log_likelihood(held, codebook, theta).mean())],
            ["the same, with a prior of each position that was counted", float(fitted.mean()), None],
            ["codes in use, as a perplexity", perplexity, float(CODES)],
            ["distance of the codes from the means of their latents",
             float(np.linalg.norm(codebook - means) / np.linalg.norm(means)), 0.0]]

    figure, ((left, middle, right),) = axes(3, width=2.6, height=2.8)
    logits = NET.value(codebook[held_code[:40]].reshape(40, -1), theta)
    pairs = np.stack([held[:40], 1 / (1 + np.exp(-logits))], axis=1).reshape(80, 64)
    left.imshow(mosaic(pairs, 8), cmap="Greys", interpolation="nearest")
    left.set_title("held-out digits and what returns")
    drawn = np.stack([rng.choice(CODES, 80, p=np.exp(row)) for row in log_prior], axis=1)
    dreamt = 1 / (1 + np.exp(-NET.value(codebook[drawn].reshape(80, -1), theta)))
    middle.imshow(mosaic(dreamt, 8), cmap="Greys", interpolation="nearest")
    middle.set_title("codes drawn from the prior")
    left.axis("off")
    middle.axis("off")
    right.bar(np.arange(CODES), np.sort(uses)[::-1], color=BLUE)
    right.axhline(1 / CODES, color=GREY, ls="--", lw=1)
    right.set(title="shares of the codes", xticks=[])
    publish("vq_vae", ["", "found", "exact"], rows, figure)


if __name__ == "__main__":
    main()
