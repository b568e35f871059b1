"""A planar flow is bent into a banana whose density is known, by the reverse divergence.

`python docs/gallery/planar_flow.py` trains (30 s), draws planar_flow.svg and writes planar_flow.json.
"""

import numpy as np
from studio import Adam, publish, seeded

from refdgm.flow.bijection import BIJECTIONS
from refdgm.flow.normalizing_flow_log_density import normalizing_flow_log_density
from refdgm.flow.planar_flow import planar_flow
from refdgm.primitives.gaussian_log_density import gaussian_log_density

BEND, WIDTH = 0.6, 0.4     # x₁ ~ N(0, 1),  x₂ | x₁ ~ N(BEND (x₁² − 1), WIDTH²)


def banana(rng, count):
    first, second = rng.standard_normal((2, count))
    return np.column_stack([first, BEND * (first**2 - 1) + WIDTH * second])


def log_banana_vjp(x):
    """log p(x), and its score, by the chain rule through the mean of the second component."""
    mean = np.column_stack([np.zeros(len(x)), BEND * (x[:, 0] ** 2 - 1)])
    logvar = np.tile([0.0, 2 * np.log(WIDTH)], (len(x), 1))
    log_p, pullback = gaussian_log_density.vjp(x, mean, logvar)

    def score(p_bar):
        grads = pullback(p_bar)
        x_bar = grads["x"].copy()
        x_bar[:, 0] += grads["mean"][:, 1] * 2 * BEND * x[:, 0]
        return x_bar

    return log_p, score


def log_normal(z):
    return gaussian_log_density(z, np.zeros_like(z), np.zeros_like(z))


def train(steps, rng, count=16, batch=256):
    theta = {"u": 0.1 * rng.standard_normal((count, 2)), "w": rng.standard_normal((count, 2)),
             "b": rng.standard_normal(count)}
    adam, losses = Adam(theta, 1e-2), []
    for step in range(steps):
        z = rng.standard_normal((batch, 2))
        (x, log_det), of_flow = planar_flow.vjp(z, **theta, constraint="softplus")
        log_p, score = log_banana_vjp(x)
        each = np.full(batch, 1 / batch)
        grads = of_flow(-score(each), -each, wrt=("u", "w", "b"))     # of KL(q ‖ p) = E log N(z) − ℓ − log p(x)
        adam.step(grads, 1 - step / steps)
        losses.append(float(np.mean(log_normal(z) - log_det - log_p)))
    return theta, losses


def main():
    from style import BLUE, axes

    rng = seeded(5)
    theta, losses = train(4000, rng)
    z, points = rng.standard_normal((50_000, 2)), banana(rng, 20_000)
    x, log_det = planar_flow(z, **theta, constraint="softplus")
    reverse = log_normal(z) - log_det - log_banana_vjp(x)[0]

    def log_q(at):
        return normalizing_flow_log_density(at, theta, transform=BIJECTIONS["planar"], order="keep")

    forward = log_banana_vjp(points)[0] - log_q(points)
    gaussian = np.log(1 + 2 * BEND**2 / WIDTH**2) / 2     # of the normal law with the banana's moments: closed form
    side = np.linspace(-4, 4, 161)
    grid = np.stack(np.meshgrid(side, side + 1.5), axis=-1).reshape(-1, 2)
    maps = [np.exp(each).reshape(161, 161) for each in (log_banana_vjp(grid)[0], log_q(grid))]
    rows = [["KL(flow ‖ banana), which is trained", float(reverse.mean()), 0.0],
            ["KL(banana ‖ flow)", float(forward.mean()), 0.0],
            ["KL(banana ‖ normal law of the same moments)", None, float(gaussian)],
            ["integral of the flow's density", float(maps[1].sum() * (side[1] - side[0]) ** 2), 1.0],
            ["variance of x₁", float(x[:, 0].var()), 1.0],
            ["variance of x₂", float(x[:, 1].var()), 2 * BEND**2 + WIDTH**2]]

    figure, ((left, middle, right),) = axes(3, width=2.6, height=2.7)
    for axis, density, title in ((left, maps[0], "banana"), (middle, maps[1], "16 planar layers")):
        axis.imshow(density, origin="lower", extent=(-4, 4, -2.5, 5.5), cmap="Greys", vmax=maps[0].max(),
                    interpolation="bilinear")
        axis.set(title=title, xlim=(-3.2, 3.2), ylim=(-2, 4.4))
    right.plot(np.convolve(losses, np.full(200, 1 / 200), "valid"), color=BLUE)
    right.set(title="KL(flow ‖ banana)", xlabel="step", yscale="log")
    publish("planar_flow", ["", "found", "exact"], rows, figure)


if __name__ == "__main__":
    main()
