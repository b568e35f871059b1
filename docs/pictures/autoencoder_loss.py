"""A code of one number: what a linear pair keeps of data in the plane, and what a pair with tanh does.

300 points along a bent line. Left: what comes back from the best linear pair, which is the first principal component,
and from one with 8 tanh units on each side, trained by the package's pullback. Right: the mean loss while both learn;
dotted: half the variance that the principal component leaves, which is the linear pair's end.
"""

import numpy as np
from scipy.optimize import minimize
from style import BLUE, GREY, INK, RED, axes, save

from refdgm import autoencoder_loss, mlp

rng = np.random.default_rng(3)
s = rng.uniform(-1.6, 1.6, 300)
x = np.stack([s, 0.8 * np.cos(1.6 * s)], axis=1) + 0.06 * rng.standard_normal((300, 2))
x -= np.mean(x, axis=0)
H = 8
SHAPES = {
    "linear": ({"A": (1, 2), "b": (1,)}, {"A": (2, 1), "b": (2,)}),
    "mlp_tanh": ({"W1": (H, 2), "b1": (H,), "W2": (1, H), "b2": (1,)},
                 {"W1": (H, 1), "b1": (H,), "W2": (2, H), "b2": (2,)}),
}


def unpacked(flat, shapes):
    out, at = [], 0
    for network in shapes:
        out.append({})
        for name, shape in network.items():
            size = int(np.prod(shape))
            out[-1][name] = flat[at : at + size].reshape(shape)
            at += size
    return out


def trained(kind):
    """The parameters at the end, and the mean loss at every step of L-BFGS."""
    shapes, losses = SHAPES[kind], []

    def of(flat):
        J, pullback = autoencoder_loss.vjp(x, *unpacked(flat, shapes), encoder=kind, decoder=kind)
        grads = pullback(np.full(len(x), 1 / len(x)), wrt=("phi", "theta"))
        return np.mean(J), np.concatenate([grads[part][name].ravel() for part, network in
                                           zip(("phi", "theta"), shapes, strict=True) for name in network])

    size = sum(int(np.prod(shape)) for network in shapes for shape in network.values())
    start = 0.5 * np.random.default_rng(1).standard_normal(size)
    end = minimize(of, start, jac=True, method="L-BFGS-B", options={"maxiter": 200},
                   callback=lambda flat: losses.append(of(flat)[0])).x
    return unpacked(end, shapes), losses


figure, [[left, right]] = axes(2, width=3.5, height=2.7)
left.plot(*x.T, ".", ms=3, color=GREY)
order, found = np.argsort(s), {}
for kind, colour, label in (("linear", RED, "linear"), ("mlp_tanh", BLUE, "with 8 units")):
    (phi, theta), losses = trained(kind)
    if kind == "linear":
        back = (x @ phi["A"].T + phi["b"]) @ theta["A"].T + theta["b"]
    else:
        back = mlp(mlp(x, phi, activation="tanh"), theta, activation="tanh")
    left.plot(*back.T, ".", ms=2.5, color=colour)
    right.semilogy(losses, color=colour, label=label)
    found[kind] = losses[-1]
left.spines[["left", "bottom"]].set_visible(False)
left.set(aspect="equal", xticks=[], yticks=[], title="300 points, and what comes back")
spectrum = np.linalg.eigvalsh(np.cov(x.T, bias=True))
right.axhline(spectrum[0] / 2, color=INK, lw=0.8, ls=":")
right.set(xlabel="steps", title="mean loss")
right.legend()
save(figure, "autoencoder_loss")
