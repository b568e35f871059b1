"""A restricted Boltzmann machine of digits, trained in four ways, each judged by the exact likelihood.

`python docs/gallery/rbm.py` trains (50 s), draws rbm.svg and writes rbm.json.
"""

import numpy as np
from studio import Adam, digits, mosaic, publish, seeded
from vae import black_and_white

from refdgm.energy.contrastive_divergence import contrastive_divergence
from refdgm.energy.rbm_conditionals import rbm_conditionals
from refdgm.energy.rbm_gibbs_chain import rbm_gibbs_chain
from refdgm.energy.rbm_log_likelihood import rbm_log_likelihood
from refdgm.energy.rbm_pseudo_log_likelihood import rbm_pseudo_log_likelihood

HIDDEN, WAYS = 8, ("CD-1", "persistent CD", "pseudo-likelihood", "exact likelihood")


def machine(rng, x):
    """Small weights, and visible biases that give every pixel its share."""
    share = (x.sum(axis=0) + 0.5) / (len(x) + 1)
    return {"W": 0.2 * rng.standard_normal((HIDDEN, 64)), "b": np.log(share / (1 - share)), "c": np.zeros(HIDDEN)}


def chain(v, theta, rng, sweeps):
    """Gibbs sampling from v: the last hidden and the last visible units."""
    u, w = rng.random((len(v), sweeps, HIDDEN)), rng.random((len(v), sweeps, 64))
    return (states[:, -1].astype(float) for states in rbm_gibbs_chain(v, **theta, u_hidden=u, u_visible=w))


def gradient(way, v, chains, theta, rng):
    """Of what is lowered, and the chains as they are left."""
    if way == "exact likelihood":
        return rbm_log_likelihood.vjp(v, **theta)[1](np.full(len(v), -1 / len(v)), wrt=("W", "b", "c")), chains
    if way == "pseudo-likelihood":
        return rbm_pseudo_log_likelihood.vjp(v, **theta)[1](np.full(len(v), -1 / len(v))), chains
    _, chains = chain(v if way == "CD-1" else chains, theta, rng, 1)
    return contrastive_divergence.value_and_grad(v, chains, **theta)[1], chains


def train(steps, rng, x, way, batch=64, every=50):
    theta = machine(rng, x)
    adam, curve, chains = Adam(theta, 2e-2), [], x[rng.integers(len(x), size=batch)]
    for step in range(steps):
        if step % every == 0:
            curve.append(-float(rbm_log_likelihood(x, **theta).mean()))
        grads, chains = gradient(way, x[rng.integers(len(x), size=batch)], chains, theta, rng)
        adam.step(grads, 1 - step / steps)
    return theta, [*curve, -float(rbm_log_likelihood(x, **theta).mean())]


def main():
    from style import BLUE, GREEN, INK, RED, axes

    x, held = map(black_and_white, digits(seeded(9)))
    rows, trained, curves = [], {}, {}
    share = (x.sum(axis=0) + 0.5) / (len(x) + 1)
    alone = held @ np.log(share) + (1 - held) @ np.log(1 - share)
    rows.append(["each pixel alone", float(np.mean(x @ np.log(share) + (1 - x) @ np.log(1 - share))),
                 float(alone.mean()), float(alone.mean())])
    for way in WAYS:
        theta, curves[way] = train(2500, seeded(9), x, way)
        trained[way] = theta
        rows.append([way, -curves[way][-1], float(rbm_log_likelihood(held, **theta).mean()),
                     float(rbm_pseudo_log_likelihood(held, **theta).mean())])

    figure, ((left, middle, right),) = axes(3, width=2.6, height=2.8)
    for way, colour in zip(WAYS, (RED, BLUE, GREEN, INK), strict=True):
        left.plot(50 * np.arange(len(curves[way])), -np.array(curves[way]), color=colour, label=way, lw=1.2)
    left.set(title="exact log p(x), nats per digit", xlabel="step", ylim=(-32, None))
    left.legend(fontsize=7)
    rng = seeded(10)
    for axis, way in ((middle, "persistent CD"), (right, "CD-1")):
        theta = trained[way]
        h, v = chain(held[:64], theta, rng, 1000)
        axis.imshow(mosaic(rbm_conditionals(v, h, **theta).visible, 8), cmap="Greys", interpolation="nearest")
        axis.set_title(f"{way}, after 1000 sweeps")
        axis.axis("off")
    publish("rbm", ["nats per digit", "log p, training", "log p, held out", "pseudo-log-likelihood, held out"], rows,
            figure)


if __name__ == "__main__":
    main()
