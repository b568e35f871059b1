"""A continuous normalizing flow, trained by FFJORD's estimate of its density, beside a density that is known.

`python docs/gallery/ffjord.py` trains (50 s), draws ffjord.svg and writes ffjord.json.
"""

import numpy as np
from studio import Adam, layers, publish, seeded

from refdgm.flow.cnf_log_density import cnf_log_density, ffjord_log_density
from refdgm.ode.odeint import odeint
from refdgm.score.gaussian_mixture import gaussian_mixture_log_density

CENTRES, SPREAD = np.array([[1.5, 0.0], [-0.75, 1.3], [-0.75, -1.3]]), 0.4
LAW = (np.zeros(3), CENTRES, SPREAD * np.tile(np.eye(2), (3, 1, 1)), 1.0, 1e-3)
SOLVE = {"velocity": "mlp_tanh", "method": "rk4", "steps": 6}
TIMES = (0.0, 1.0)


def data(rng, count):
    return CENTRES[rng.integers(3, size=count)] + np.hypot(SPREAD, 1e-3) * rng.standard_normal((count, 2))


def train(steps, rng, batch=128):
    theta = layers(rng, 3, 32, 32, 2)
    theta["W3"] *= 0.1                                       # begins near the identity
    adam, losses = Adam(theta, 1e-2), []
    for step in range(steps):
        x, probe = data(rng, batch), rng.choice([-1.0, 1.0], (batch, 1, 2))
        log_p, pullback = ffjord_log_density.vjp(x, probe, *TIMES, theta, **SOLVE)
        grads = pullback(np.full(batch, -1 / batch), wrt="theta")     # of the mean of −log p
        adam.step(grads["theta"], 1 - step / steps)
        losses.append(-log_p.mean())
    return theta, losses


def log_density(x, theta, steps=20):
    """With the exact trace, in batches, and by finer steps than those of the training."""
    parts = np.array_split(x, max(1, len(x) // 1000))
    return np.concatenate([cnf_log_density(part, *TIMES, theta, **SOLVE | {"steps": steps}) for part in parts])


def main():
    from style import BLUE, INK, axes

    rng = seeded(4)
    theta, _ = train(1500, rng)
    x = data(rng, 4000)
    exact, learned = gaussian_mixture_log_density(x, *LAW), log_density(x, theta)
    side = np.linspace(-4, 4, 101)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    maps = [np.exp(each).reshape(101, 101) for each in (gaussian_mixture_log_density(grid, *LAW),
                                                        log_density(grid, theta))]
    probe = rng.choice([-1.0, 1.0], (len(x), 1, 2))
    guess = ffjord_log_density(x, probe, *TIMES, theta, **SOLVE)
    same_steps = log_density(x, theta, SOLVE["steps"])
    rows = [["mean log-density of new data", float(learned.mean()), float(exact.mean())],
            ["KL(data ‖ flow), the difference", float((exact - learned).mean()), 0.0],
            ["its standard error", float((exact - learned).std() / np.sqrt(len(x))), None],
            ["integral of the density", float(maps[1].sum() * (side[1] - side[0]) ** 2), 1.0],
            ["by FFJORD's estimate less by the exact trace, mean", float((guess - same_steps).mean()), 0.0],
            ["its standard error", float((guess - same_steps).std() / np.sqrt(len(x))), None],
            ["its deviation from point to point", float((guess - same_steps).std()), None]]

    figure, ((left, middle, right),) = axes(3, width=2.6, height=2.7)
    for axis, density, title in ((left, maps[0], "exact density"), (middle, maps[1], "flow")):
        axis.imshow(density, origin="lower", extent=(-4, 4, -4, 4), cmap="Greys", vmax=maps[0].max(),
                    interpolation="bilinear")
        axis.set(title=title, xlim=(-3, 3), ylim=(-3, 3))
    z = rng.standard_normal((16, 2))
    right.plot(*z.T, "o", ms=2.5, color=INK)
    paths = [z, *(odeint(z, 0.0, t, theta, **SOLVE) for t in np.linspace(0.05, 1, 20))]
    z = rng.standard_normal((500, 2))
    right.plot(*odeint(z, *TIMES, theta, **SOLVE).T, ".", ms=2, alpha=0.5, color=BLUE, rasterized=True)
    right.plot(*np.array(paths).transpose(2, 0, 1), color=INK, lw=0.8)
    right.set(title="samples, and paths from N(0, I)", xlim=(-3, 3), ylim=(-3, 3), aspect="equal")
    publish("ffjord", ["", "flow", "exact"], rows, figure)


if __name__ == "__main__":
    main()
