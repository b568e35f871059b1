"""A Wasserstein GAN with gradient penalty on a ring of eight clusters.

`python docs/gallery/wgan_gp.py` trains (50 s), draws wgan_gp.svg and writes wgan_gp.json.
"""

import numpy as np
from studio import Adam, layers, publish, seeded

from refdgm.adversarial.gradient_penalty import gradient_penalty
from refdgm.adversarial.wasserstein_critic_loss import wasserstein_critic_loss
from refdgm.metrics.energy_distance import energy_distance
from refdgm.nets.field import CRITICS
from refdgm.nets.mlp import mlp

ANGLES = 2 * np.pi * np.arange(8) / 8
CENTRES, SPREAD = 2 * np.column_stack([np.cos(ANGLES), np.sin(ANGLES)]), 0.15
CRITIC, WEIGHT = CRITICS["mlp_silu"], 0.1


def data(rng, count):
    return CENTRES[rng.integers(8, size=count)] + SPREAD * rng.standard_normal((count, 2))


def generate(z, theta):
    return mlp(z, theta, activation="relu")


def critic_gradient(real, fake, u, theta):
    """The critic's loss, with the penalty, and its gradient."""
    (a, of_real), (b, of_fake) = CRITIC.vjp(real, theta), CRITIC.vjp(fake, theta)
    loss, of_loss = wasserstein_critic_loss.vjp(a[:, 0], b[:, 0])
    bars = of_loss(np.ones_like(loss))
    grads = [of_real(bars["real"][:, None], wrt=("theta",))["theta"],
             of_fake(bars["fake"][:, None], wrt=("theta",))["theta"]]
    _, of_penalty = gradient_penalty.vjp(real, fake, u, theta, critic=CRITIC, sides="two")
    grads.append(of_penalty(np.full(len(real), WEIGHT / len(real)), wrt="theta")["theta"])
    return float(loss), {name: sum(each[name] for each in grads) for name in theta}


def train(steps, rng, batch=100, rounds=3):
    theta, phi = layers(rng, 2, 64, 64, 1), layers(rng, 2, 64, 64, 2)
    critic, generator = Adam(theta, 2e-3, 0.5, 0.9), Adam(phi, 1e-3, 0.5, 0.9)
    distances = []
    for step in range(steps):
        for _ in range(rounds):
            fake = generate(rng.standard_normal((batch, 2)), phi)
            loss, grads = critic_gradient(data(rng, batch), fake, rng.random(batch), theta)
            critic.step(grads, 1 - step / steps)
        distances.append(-loss)
        fake, of_fake = mlp.vjp(rng.standard_normal((batch, 2)), phi, activation="relu")
        _, of_critic = CRITIC.vjp(fake, theta)
        up = of_critic(np.full((batch, 1), 1 / batch), wrt=("x",))["x"]     # the generator raises the mean score
        generator.step(of_fake(-up, wrt="theta")["theta"], 1 - step / steps)
    return (phi, theta), distances


def main():
    from scipy.optimize import linear_sum_assignment
    from scipy.spatial.distance import cdist
    from style import BLUE, GREY, INK, RED, axes

    rng = seeded(6)
    (phi, theta), distances = train(2500, rng)
    real, fake = data(rng, 1000), generate(rng.standard_normal((1000, 2)), phi)
    other, start = data(rng, 1000), generate(rng.standard_normal((1000, 2)), layers(rng, 2, 64, 64, 2))

    def transport(x, y):
        """W₁ of two batches of one size, by the best pairing."""
        costs = cdist(x, y)
        return float(costs[linear_sum_assignment(costs)].mean())

    def near(x):
        """The share within three deviations of a centre, and the least and the largest share of a centre."""
        away = cdist(x, CENTRES)
        shares = np.bincount(away.argmin(axis=1), minlength=8) / len(x)
        return [float(np.mean(away.min(axis=1) < 3 * SPREAD)), float(shares.min()), float(shares.max())]

    scores = [float(CRITIC.value(x, theta).mean()) for x in (real, fake)]
    told = zip(("within three deviations of a centre", "least share of a centre", "largest share of a centre"),
               near(fake), near(real), [float(1 - np.exp(-4.5)), 1 / 8, 1 / 8], strict=True)
    rows = [*map(list, told),
            ["W₁ to other data, by the best pairing", transport(other, fake), transport(other, real), 0.0],
            ["the same before training", transport(other, start), None, None],
            ["the critic's difference of means", scores[0] - scores[1], None, None],
            ["energy distance to other data", float(energy_distance(other, fake)),
             float(energy_distance(other, real)), 0.0]]

    figure, ((left, right),) = axes(2, width=3.6, height=3.2)
    side = np.linspace(-3, 3, 61)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    left.contour(side, side, CRITIC.value(grid, theta).reshape(61, 61), levels=12, colors=GREY, linewidths=0.5,
                 linestyles="solid")
    for points, colour in ((real, INK), (fake, RED)):
        left.plot(*points[:500].T, ".", ms=3, color=colour, rasterized=True)
    left.set(aspect="equal", title="samples (red) on data; lines: the critic")
    right.plot(distances, color=BLUE, lw=0.5, rasterized=True)
    right.set(title="the critic's estimate of W₁", xlabel="step of the generator")
    publish("wgan_gp", ["", "samples", "as many data", "exact"], rows, figure)


if __name__ == "__main__":
    main()
