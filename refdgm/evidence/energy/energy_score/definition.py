"""A network of one output, and minus its Jacobian."""

from refdgm.evidence import traced
from refdgm.evidence.nets.mlp.definition import SLOPES, SPELLINGS, jacobian, layers, phi


def energy_score(xp, x, theta, *, activation):
    energy = layers(xp, x, theta, lambda a: phi(xp, activation, a)[0])[:, 0]
    return energy, -jacobian(xp, x, theta, activation)[:, 0, :]


def energy_score__usual(xp, x, theta, *, activation, spelling=0):
    """The library's own gradient of the energies, differentiated once more."""
    network = lambda x: layers(xp, x, theta, SPELLINGS[activation][spelling])[:, 0]
    energy, back = traced.pullback(network, x)
    return energy, -back(xp.ones(x.shape[0]))[0]


def energy_score__written(xp, x, theta, *, activation):
    """The network there, and by hand back to its input."""
    h, slopes, depth = x, [], len(theta) // 2
    for layer in range(1, depth):
        a = h @ xp.transpose(theta[f"W{layer}"]) + theta[f"b{layer}"]
        h = SPELLINGS[activation][0](a)
        slopes.append(SLOPES[activation][0](a))
    delta = xp.ones((x.shape[0], 1)) @ theta[f"W{depth}"]
    for layer in range(depth - 1, 0, -1):
        delta = (slopes[layer - 1] * delta) @ theta[f"W{layer}"]
    return xp.reshape(h @ xp.transpose(theta[f"W{depth}"]) + theta[f"b{depth}"], (x.shape[0],)), -delta


def energy_score__linear(xp, x, theta, *, activation):
    return energy_score__usual(xp, x, theta, activation=activation, spelling=-1)
