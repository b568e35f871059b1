"""A denoising diffusion model of digits, beside the two denoisers that are known in closed form.

`python docs/gallery/ddpm.py` trains (60 s), draws ddpm.svg and writes ddpm.json.
"""

import numpy as np
from studio import Adam, digits, layers, mosaic, publish, seeded

from refdgm.diffusion.ancestral_step import ancestral_step
from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.diffusion.linear_schedule import alpha_products, linear_schedule
from refdgm.diffusion.simple_loss import simple_loss
from refdgm.metrics.energy_distance import energy_distance
from refdgm.nets.mlp import mlp
from refdgm.nets.sinusoidal_embedding import sinusoidal_embedding
from refdgm.primitives.softmax import softmax

STEPS = 200
BETA = linear_schedule(5e-4, 0.1, steps=STEPS)
KEPT = alpha_products(BETA).alpha_prod


def inputs(xt, t):
    """t counts from 0."""
    return np.hstack([xt, sinusoidal_embedding(5.0 * t, features=32, spacing="half")])


def train(steps, rng, x, batch=192, width=192):
    theta = layers(rng, 64 + 32, width, width, 64)
    adam, losses = Adam(theta, 2e-3), []
    for step in range(steps):
        x0, t = x[rng.integers(len(x), size=batch)], rng.integers(STEPS, size=batch)
        eps = rng.standard_normal(x0.shape)
        xt = forward_marginal(x0, eps, KEPT[t])
        found, net = mlp.vjp(inputs(xt, t), theta, activation="silu")
        loss, of_loss = simple_loss.vjp(found, x0, eps, KEPT[t], target="eps")
        adam.step(net(of_loss(np.full(batch, 1 / batch))["prediction"], wrt="theta")["theta"], 1 - step / steps)
        losses.append(loss.mean())
    return theta, losses


def sample(theta, rng, count):
    x = rng.standard_normal((count, 64))
    for t in range(STEPS - 1, -1, -1):
        found = mlp(inputs(x, np.full(count, t)), theta, activation="silu")
        now, before = np.full(count, BETA[t]), np.full(count, KEPT[t - 1] if t else 1.0)
        x = ancestral_step(x, found, rng.standard_normal(x.shape), now, before, variance="posterior")
    return x


def by_memory(xt, kept, x):
    """The noise that is expected when x₀ is one of the digits x, each as likely: the least loss there is on them."""
    signal, noise = np.sqrt(kept)[:, None], np.sqrt(1 - kept)[:, None]
    away = np.sum(xt**2, axis=1)[:, None] - 2 * signal * (xt @ x.T) + kept[:, None] * np.sum(x**2, axis=1)
    return (xt - signal * (softmax(-away / (2 * noise**2)) @ x)) / noise


def by_line(xt, kept, x):
    """The same for a normal law with the mean and the covariance of x: the least loss of linear denoisers."""
    values, ways = np.linalg.eigh(np.cov(x.T))
    apart = (xt - np.sqrt(kept)[:, None] * x.mean(axis=0)) @ ways
    return np.sqrt(1 - kept)[:, None] * apart / (kept[:, None] * np.maximum(values, 0) + 1 - kept[:, None]) @ ways.T


def main():
    from style import BLUE, GREEN, INK, RED, axes

    rng = seeded(11)
    x, held = (2 * pixels - 1 for pixels in digits(rng))
    theta, _ = train(4000, rng, x)
    rows, curves = [], {}
    for name, each in (("loss on digits of the training", x), ("loss on held-out digits", held)):
        x0 = np.repeat(each, 6000 // len(each), axis=0)
        t = rng.integers(STEPS, size=len(x0))
        eps = rng.standard_normal(x0.shape)
        xt = forward_marginal(x0, eps, KEPT[t])
        found = {"network": mlp(inputs(xt, t), theta, activation="silu"), "linear": by_line(xt, KEPT[t], x),
                 "memory": by_memory(xt, KEPT[t], x)}
        loss = {way: simple_loss(one, x0, eps, KEPT[t], target="eps") for way, one in found.items()}
        rows.append([name, *(float(one.mean()) for one in loss.values())])
        curves = {way: [one[t // 20 == k].mean() for k in range(10)] for way, one in loss.items()}
    drawn = sample(theta, rng, 400)
    normal = rng.multivariate_normal(x.mean(axis=0), np.cov(x.T), 400)
    few = x[rng.permutation(len(x))[:400]]
    rows.append(["energy distance of 400 samples to held-out digits",
                 *(float(energy_distance(held, each)) for each in (drawn, normal, few))])

    figure, ((left, middle, right),) = axes(3, width=2.6, height=2.8)
    left.imshow(mosaic(held[:64], 8), cmap="Greys", vmin=-1, vmax=1, interpolation="nearest")
    middle.imshow(mosaic(drawn[:64], 8), cmap="Greys", vmin=-1, vmax=1, interpolation="nearest")
    for axis, title in ((left, "held-out digits"), (middle, "samples")):
        axis.set(title=title, xticks=[], yticks=[])
    for (way, curve), colour in zip(curves.items(), (BLUE, GREEN, RED), strict=True):
        right.plot(20 * np.arange(10) + 10, curve, ".-", color=colour, label=way, lw=1)
    right.set(title="loss on held-out digits, by t", xlabel="t", yscale="log")
    right.legend(fontsize=8, labelcolor=INK)
    publish("ddpm", ["", "network", "normal law of the digits", "digits of the training"], rows, figure)


if __name__ == "__main__":
    main()
