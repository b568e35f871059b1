"""Implicit score matching: a score learned from points alone, beside the score that made them.

`python docs/gallery/implicit_score_matching.py` trains (30 s), draws its picture and writes its numbers.
"""

import numpy as np
from studio import Adam, layers, publish, seeded

from refdgm.nets.field import SCORES
from refdgm.score.fisher_divergence import fisher_divergence
from refdgm.score.gaussian_mixture import gaussian_mixture_log_density, gaussian_mixture_score
from refdgm.score.implicit_score_matching import implicit_score_matching

SCORE = SCORES["mlp_softplus"]
WEIGHTS, MEANS = np.array([0.6, 0.4]), np.array([[-0.8, 0.3], [1.2, -0.4]])
FACTORS = np.array([[[0.7, 0.0], [0.5, 0.4]], [[0.4, 0.0], [-0.1, 0.8]]])
NOISE = 0.2
LAW = (np.log(WEIGHTS), MEANS, FACTORS, 1.0, NOISE)   # N(μ_k, F_k F_kᵀ + 0.04 I), mixed


def data(rng, count):
    k = rng.choice(2, count, p=WEIGHTS)
    inner = np.einsum("bij,bj->bi", FACTORS[k], rng.standard_normal((count, 2)))
    return MEANS[k] + inner + NOISE * rng.standard_normal((count, 2))


def train(steps, rng, batch=512):
    theta = layers(rng, 2, 48, 48, 2)
    adam, losses = Adam(theta, 5e-3), []
    for step in range(steps):
        loss, grads = implicit_score_matching.value_and_grad(data(rng, batch), theta, wrt="theta", score=SCORE)
        adam.step(grads["theta"], 1 - step / steps)
        losses.append(float(loss))
    return theta, losses


def divergence(theta, x):
    """½ E‖s − s*‖² twice: by its definition, and as E J + ½ E‖s*‖², where s* is in a constant alone; each with the
    standard error of its mean over x."""
    exact = gaussian_mixture_score(x, *LAW)
    constant = np.sum(exact**2, axis=1) / 2
    both = fisher_divergence(SCORE.value(x, theta), exact), implicit_score_matching(x, theta, score=SCORE) + constant
    return [float(number) for each in both for number in (each.mean(), each.std() / np.sqrt(len(x)))]


def main():
    from style import BLUE, GREY, INK, RED, axes

    rng = seeded(2)
    first = layers(seeded(2), 2, 48, 48, 2)
    theta, losses = train(4000, rng)
    x = data(rng, 200_000)
    fisher = np.mean(np.sum(gaussian_mixture_score(x, *LAW) ** 2, axis=1))   # E‖s*‖²
    before, after = divergence(first, x), divergence(theta, x)
    rows = [["Fisher divergence before training", *before], ["after it", *after],
            ["relative error of the score", float(np.sqrt(2 * after[0] / fisher)), None, None, None]]

    figure, ((left, right),) = axes(2, width=3.6, height=3.0)
    side = np.linspace(-3, 3, 81)
    grid = np.stack(np.meshgrid(side, side), axis=-1)
    density = np.exp(gaussian_mixture_log_density(grid.reshape(-1, 2), *LAW)).reshape(81, 81)
    left.contourf(side, side, density, levels=8, cmap="Blues", vmax=2.5 * density.max())
    sparse = grid[4::6, 4::6].reshape(-1, 2)
    sparse = sparse[gaussian_mixture_log_density(sparse, *LAW) > -7]
    exact, learned = gaussian_mixture_score(sparse, *LAW), SCORE.value(sparse, theta)
    for s, colour, width in ((exact, GREY, 0.016), (learned, RED, 0.005)):
        left.quiver(*sparse.T, *s.T, color=colour, angles="xy", scale=70, width=width)
    left.set(title="learned score (red) on the exact one", xlim=(-3, 3), ylim=(-3, 3), aspect="equal")
    right.plot(losses, color=GREY, lw=0.4, rasterized=True)
    right.plot(np.convolve(losses, np.full(100, 0.01), "valid"), color=BLUE, label="J, mean of 100 steps")
    right.axhline(-fisher / 2, color=INK, lw=1, ls="--", label="$-\\frac{1}{2}\\,$E‖s*‖², the least")
    right.set(xlabel="step", ylim=(-fisher / 2 - 0.7, 0.7), title="objective")
    right.legend(fontsize=8)
    columns = ["", "by definition", "its standard error", "by the theorem", "its standard error"]
    publish("implicit_score_matching", columns, rows, figure)


if __name__ == "__main__":
    main()
