"""A perceptron some of whose connections are cut: who may be joined to whom, unit by unit."""

from refdgm.evidence.nets.mlp.definition import SPELLINGS, layers, phi


def connected(features, widths):
    """Of every layer, a row for each of its units: 1.0 where it is joined to a unit below, and else 0.0."""
    below, masks = list(range(1, features + 1)), []
    for width in widths[:-1]:
        here = [(list(range(1, features)) or [0])[k % max(features - 1, 1)] for k in range(width)]
        masks.append([[1.0 if i >= j else 0.0 for j in below] for i in here])
        below = here
    return [*masks, [[1.0 if i > j else 0.0 for j in below] for i in range(1, widths[-1] + 1)]]


def masked(xp, x, theta):
    """The weights, each times the mask of its layer, and the biases."""
    layer = range(1, len(theta) // 2 + 1)
    masks = connected(x.shape[1], [theta[f"b{n}"].shape[0] for n in layer])
    weights = {f"W{n}": theta[f"W{n}"] * xp.stack(mask) for n, mask in zip(layer, masks, strict=True)}
    return {**weights, **{f"b{n}": theta[f"b{n}"] for n in layer}}


def made(xp, x, theta, *, activation):
    return layers(xp, x, masked(xp, x, theta), lambda a: phi(xp, activation, a)[0])


def made__usual(xp, x, theta, *, activation):
    return layers(xp, x, masked(xp, x, theta), SPELLINGS[activation][0])


def made__linear(xp, x, theta, *, activation):
    return layers(xp, x, masked(xp, x, theta), SPELLINGS[activation][-1])
