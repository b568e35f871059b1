"""A variational autoencoder of digits with two latents, few enough for the likelihood itself to be computed.

`python docs/gallery/vae.py` trains (25 s), draws vae.svg and writes vae.json.
"""

import numpy as np
from studio import Adam, digits, layers, mosaic, publish, seeded

from refdgm.latent.elbo import elbo
from refdgm.latent.importance_weighted_bound import importance_weighted_bound
from refdgm.nets.field import NETWORKS
from refdgm.primitives.bernoulli_log_likelihood import bernoulli_log_likelihood
from refdgm.primitives.softmax import log_sum_exp

NET = NETWORKS["mlp_tanh"]
MODEL = {"encoder": NET, "decoder": NET, "likelihood": "bernoulli"}


def black_and_white(pixels):
    return (pixels > 8).astype(float)      # so that a Bernoulli likelihood is a probability


def train(steps, rng, x, batch=128, width=96):
    phi, theta = layers(rng, 64, width, 4), layers(rng, 2, width, 64)
    encoder, decoder, losses = Adam(phi, 4e-3), Adam(theta, 4e-3), []
    for step in range(steps):
        drawn = x[rng.integers(len(x), size=batch)]
        bound, pullback = elbo.vjp(drawn, rng.standard_normal((batch, 1, 2)), 1.0, phi, theta, **MODEL)
        grads = pullback(np.full(batch, -1 / batch), wrt=("phi", "theta"))
        encoder.step(grads["phi"], 1 - step / steps)
        decoder.step(grads["theta"], 1 - step / steps)
        losses.append(-bound.mean())
    return (phi, theta), losses


def log_likelihood(x, theta, half=5.0, points=121):
    """log ∫ p(x | z) N(z; 0, I) dz, by the sum over a grid of the plane."""
    side = np.linspace(-half, half, points)
    z = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    log_prior = -np.sum(z**2, axis=1) / 2 - np.log(2 * np.pi) + 2 * np.log(side[1] - side[0])
    logits = NET.value(z, theta)
    at_zeros = bernoulli_log_likelihood(logits, np.zeros_like(logits))
    return log_sum_exp(x @ logits.T + at_zeros + log_prior)      # log p(x | z) is linear in x


def main():
    from style import BLUE, INK, RED, axes, plt

    rng = seeded(7)
    x, held = map(black_and_white, digits(rng))
    (phi, theta), losses = train(4000, rng, x)
    rows = []
    for name, each in (("digits of the training", x), ("held-out digits", held)):
        eps = rng.standard_normal((len(each), 100, 2))
        share = (x.sum(axis=0) + 0.5) / (len(x) + 1)
        alone = bernoulli_log_likelihood(np.tile(np.log(share / (1 - share)), (len(each), 1)), each)
        few = importance_weighted_bound(each, eps[:, :10], phi, theta, **MODEL)
        many = importance_weighted_bound(each, eps, phi, theta, **MODEL)
        values = (alone, elbo(each, eps, 1.0, phi, theta, **MODEL), few, many, log_likelihood(each, theta))
        rows.append([name, *(float(value.mean()) for value in values)])

    figure, ((left, middle, right),) = axes(3, width=2.6, height=2.8)
    code = NET.value(held, phi)
    for at, which in zip(code, digits(seeded(7), of="target")[1], strict=True):
        left.text(*at[:2], which, color=plt.cm.tab10(which), fontsize=6, ha="center", va="center")
    left.set(title="means of held-out digits", xlim=(-3, 3), ylim=(-3, 3), aspect="equal")
    side = np.linspace(-2, 2, 10)
    z = np.stack(np.meshgrid(side, side[::-1]), axis=-1).reshape(-1, 2)
    middle.imshow(mosaic(1 / (1 + np.exp(-NET.value(z, theta))), 10), cmap="Greys", interpolation="nearest")
    middle.set_title("decoder over [−2, 2]²")
    middle.axis("off")
    right.plot(-np.convolve(losses, np.full(50, 0.02), "valid"), color=BLUE, lw=1, label="ELBO, mean of 50 steps")
    right.axhline(rows[0][-1], color=INK, ls="--", lw=1, label="log p(x) at the end")
    right.axhline(rows[0][1], color=RED, ls=":", lw=1, label="each pixel alone")
    right.set(title="nats per digit", xlabel="step", ylim=(-33, -16))
    right.legend(fontsize=7, labelcolor=INK, loc="lower right")
    columns = ["nats per digit", "each pixel alone", "ELBO", "10 weights", "100 weights", "log p(x)"]
    publish("vae", columns, rows, figure)


if __name__ == "__main__":
    main()
