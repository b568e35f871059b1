"""A denoising diffusion model of digits, beside the two denoisers that are known in closed form.

`python docs/gallery/ddpm.py` trains (50 s), draws ddpm.svg and writes ddpm.json.
"""

import numpy as np
from studio import Adam, digits, layers, mosaic, publish, seeded

from refdgm.diffusion.ancestral_step import ancestral_step
from refdgm.diffusion.forward_marginal import forward_marginal
from refdgm.diffusion.linear_schedule import alpha_products, linear_schedule
from refdgm.diffusion.simple_loss import simple_loss
from refdgm.diffusion.v_from_x0_eps import eps_from_v
from refdgm.metrics.energy_distance import energy_distance
from refdgm.nets.mlp import mlp
from refdgm.nets.sinusoidal_embedding import sinusoidal_embedding
from refdgm.primitives.softmax import softmax

STEPS = 200
BETA = linear_schedule(5e-4, 0.1, steps=STEPS)
KEPT = alpha_products(BETA).alpha_prod


# --- two denoisers in closed form: the x₀ that is expected of x_t -----------------------------------------------------


def linear(x):
    """Under a normal law with the mean and the covariance of x: of all that are linear in x_t the best on x."""
    mean, (values, ways) = x.mean(axis=0), np.linalg.eigh(np.cov(x.T))

    def denoised(xt, kept):
        share = np.sqrt(kept)[:, None] * values / (kept[:, None] * values + 1 - kept[:, None])
        return mean + ((xt - np.sqrt(kept)[:, None] * mean) @ ways * share) @ ways.T

    return denoised


def memory(x):
    """Under the law that has the digits x alone, each as likely: on these the best of all."""
    def denoised(xt, kept):
        signal, noise = np.sqrt(kept)[:, None], 1 - kept[:, None]
        return softmax((signal * (xt @ x.T) - kept[:, None] * np.sum(x**2, axis=1) / 2) / noise) @ x

    return denoised


def velocity(x0, xt, kept):
    """v of an x₀ and x_t."""
    return (np.sqrt(kept)[:, None] * xt - x0) / np.sqrt(1 - kept)[:, None]


# --- the network adds to the linear denoiser what that cannot tell ----------------------------------------------------


def inputs(xt, t):
    """t counts from 0."""
    return np.hstack([xt, sinusoidal_embedding(5.0 * t, features=32, spacing="half")])


def predict(xt, t, theta, line):
    return velocity(line(xt, KEPT[t]), xt, KEPT[t]) + mlp(inputs(xt, t), theta, activation="silu")


def train(steps, rng, x, batch=192, width=192):
    theta, line = layers(rng, 64 + 32, width, width, 64), linear(x)
    adam, losses = Adam(theta, 2e-3), []
    for step in range(steps):
        x0, t = x[rng.integers(len(x), size=batch)], rng.integers(STEPS, size=batch)
        eps, kept = rng.standard_normal(x0.shape), KEPT[t]
        xt = forward_marginal(x0, eps, kept)
        out, net = mlp.vjp(inputs(xt, t), theta, activation="silu")
        loss, of_loss = simple_loss.vjp(velocity(line(xt, kept), xt, kept) + out, x0, eps, kept, target="v")
        out_bar = of_loss(np.full(batch, 1 / batch))["prediction"]
        adam.step(net(out_bar, wrt="theta")["theta"], 1 - step / steps)
        losses.append(loss.mean())
    return (theta, line), losses


def sample(model, rng, count):
    x = rng.standard_normal((count, 64))
    for t in range(STEPS - 1, -1, -1):
        each = np.full(count, t)
        eps = eps_from_v(x, predict(x, each, *model), KEPT[each])
        before = KEPT[each - 1] if t else np.ones(count)
        x = ancestral_step(x, eps, rng.standard_normal(x.shape), BETA[each], before, variance="posterior")
    return x


def main():
    from style import BLUE, GREEN, INK, RED, axes

    rng = seeded(11)
    x, held = (pixels / 8 - 1 for pixels in digits(rng))
    model, _ = train(4000, rng, x)
    rows, curves = [], {}
    for name, each in (("loss on digits of the training", x), ("loss on held-out digits", held)):
        x0 = np.repeat(each, 6000 // len(each), axis=0)
        t = rng.integers(STEPS, size=len(x0))
        eps = rng.standard_normal(x0.shape)
        xt = forward_marginal(x0, eps, KEPT[t])
        found = {"network": predict(xt, t, *model)} | {
            way: velocity(denoised(xt, KEPT[t]), xt, KEPT[t])
            for way, denoised in (("linear", model[1]), ("memory", memory(x)))}
        loss = {way: simple_loss(one, x0, eps, KEPT[t], target="v") for way, one in found.items()}
        rows.append([name, *(float(one.mean()) for one in loss.values())])
        curves = {way: [one[t // 20 == k].mean() for k in range(10)] for way, one in loss.items()}
    drawn = sample(model, rng, 400)
    normal = rng.multivariate_normal(x.mean(axis=0), np.cov(x.T), 400)
    few = x[rng.permutation(len(x))[:400]]
    rows.append(["energy distance of 400 samples to held-out digits",
                 *(float(energy_distance(held, each)) for each in (drawn, normal, few))])

    figure, ((left, middle, right),) = axes(3, width=2.6, height=2.8)
    left.imshow(mosaic(held[:64], 8), cmap="Greys", vmin=-1, vmax=1, interpolation="nearest")
    middle.imshow(mosaic(drawn[:64], 8), cmap="Greys", vmin=-1, vmax=1, interpolation="nearest")
    for axis, title in ((left, "held-out digits"), (middle, "samples")):
        axis.set_title(title)
        axis.axis("off")
    for (way, curve), colour in zip(curves.items(), (BLUE, GREEN, RED), strict=True):
        right.plot(20 * np.arange(10) + 10, curve, ".-", color=colour, label=way, lw=1)
    right.set(title="loss on held-out digits, by t", xlabel="t", yscale="log")
    right.legend(fontsize=8, labelcolor=INK)
    publish("ddpm", ["", "network", "normal law of the digits", "digits of the training"], rows, figure)


if __name__ == "__main__":
    main()
