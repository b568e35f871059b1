"""Denoising score matching on three clusters in the plane, and annealed Langevin dynamics with what was learned.

`python docs/gallery/score_matching.py` trains (20 s), draws score_matching.svg and writes score_matching.json.
"""

import numpy as np
from studio import Adam, layers, publish, seeded

from refdgm.nets.field import Field
from refdgm.nets.mlp import mlp
from refdgm.score.denoising_score_matching import noise_conditional_score_matching
from refdgm.score.fisher_divergence import fisher_divergence
from refdgm.score.gaussian_mixture import gaussian_mixture_score
from refdgm.sde.annealed_langevin import annealed_langevin

CENTRES, SPREAD = np.array([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]]), 0.3
LEVELS = np.geomspace(3.0, 0.1, 10)


def data(rng, count):
    return CENTRES[rng.integers(3, size=count)] + SPREAD * rng.standard_normal((count, 2))


def true_score(x, sigma):
    """Of the data with noise of deviation σ: again a mixture of Gaussians."""
    return gaussian_mixture_score(x, np.zeros(3), CENTRES, SPREAD * np.tile(np.eye(2), (3, 1, 1)), 1.0, sigma)


# --- the network: s(x, σ) = mlp(x/√(4 + σ²), log σ)/σ ----------------------------------------------------------------


def score_vjp(z, t, theta):
    """t is σ, of each example or of all."""
    sigma = np.broadcast_to(t, len(z))[:, None]
    shrink = 1 / np.sqrt(4 + sigma**2)
    out, net = mlp.vjp(np.hstack([z * shrink, np.log(sigma)]), theta, activation="silu")

    def pullback(s_bar, wrt=("z", "theta")):
        grads = net(s_bar / sigma)
        return {"z": grads["x"][:, :2] * shrink, "theta": grads["theta"]}

    return out / sigma, pullback


SCORE = Field("score", ("z", "t"), lambda z, t, theta: score_vjp(z, t, theta)[0], score_vjp)


def train(steps, rng, batch=512):
    theta = layers(rng, 3, 64, 64, 2)
    adam, losses = Adam(theta, 5e-3), []
    for step in range(steps):
        sigma, eps = rng.choice(LEVELS, batch), rng.standard_normal((batch, 2))
        x = data(rng, batch) + sigma[:, None] * eps
        s, of_score = SCORE.vjp(x, sigma, theta)
        loss, of_loss = noise_conditional_score_matching.vjp(s, eps, sigma)
        s_bar = of_loss(np.full(batch, 1 / batch))["score"]
        adam.step(of_score(s_bar)["theta"], 1 - step / steps)
        losses.append(loss.mean())
    return theta, losses


def sample(theta, rng, count=600, each=60):
    """From wide noise down the levels, in batches, for every step is kept by the reference."""
    ends = []
    for size in [120] * (count // 120):
        start, eps = LEVELS[0] * rng.standard_normal((size, 2)), rng.standard_normal((size, len(LEVELS), each, 2))
        ends.append(annealed_langevin(start, eps, LEVELS, 0.1 * LEVELS[-1] ** 2, theta, score=SCORE))
    return np.concatenate(ends)


def main():
    from style import BLUE, GREY, RED, axes

    rng = seeded(1)
    theta, _ = train(3000, rng)
    rows = []
    for sigma in (LEVELS[0], LEVELS[5], LEVELS[-1]):
        eps = rng.standard_normal((20_000, 2))
        x, every = data(rng, len(eps)) + sigma * eps, np.full(len(eps), sigma)
        s, right = SCORE.value(x, sigma, theta), true_score(x, sigma)
        error = np.sqrt(2 * fisher_divergence(s, right).mean() / np.mean(np.sum(right**2, axis=1)))
        found, least = (noise_conditional_score_matching(each, eps, every).mean() for each in (s, right))
        rows += [[f"relative error of the score at σ = {sigma:.2g}", float(error), 0.0],
                 [f"loss at σ = {sigma:.2g}", float(found), float(least)]]
    x = sample(theta, rng)
    away = x[:, None] - CENTRES
    nearest = np.argmin(np.sum(away**2, axis=-1), axis=1)
    rows += [[f"share of samples at centre {k + 1}", float(np.mean(nearest == k)), 1 / 3] for k in range(3)]
    deviation = np.sqrt(np.mean(away[np.arange(len(x)), nearest] ** 2))
    rows.append(["deviation about the centres", float(deviation), float(np.hypot(SPREAD, LEVELS[-1]))])

    figure, ((left, middle, right),) = axes(3, width=2.6, height=2.7)
    left.plot(*data(rng, 600).T, ".", ms=2, color=GREY, rasterized=True)
    middle.plot(*x.T, ".", ms=2, color=BLUE, rasterized=True)
    grid = np.stack(np.meshgrid(*[np.linspace(-3, 3, 13)] * 2), axis=-1).reshape(-1, 2)
    for s, colour, width in ((true_score(grid, 0.69), GREY, 0.016), (SCORE.value(grid, 0.69, theta), RED, 0.005)):
        right.quiver(*grid.T, *s.T, color=colour, angles="xy", scale=60, width=width)
    for axis, title in ((left, "data"), (middle, "annealed Langevin"), (right, "score at σ = 0.69, exact grey")):
        axis.set(xlim=(-3.4, 3.4), ylim=(-3.4, 3.4), aspect="equal", title=title)
    publish("score_matching", ["", "learned", "exact"], rows, figure)


if __name__ == "__main__":
    main()
